#!/bin/sh
# Logs of network devices and of a virus scanner, from the raw lines to findings: the public rules for Cisco, Juniper,
# firewalls and antivirus each fire on a line of ours; near misses fire nothing; and the prefilter changes nothing.
set -u
: "${IR:?}" "${TMPDIR:?}" "${IR_SHARED:?}"
. tests/lib.sh
tree=$PWD
cd "$TMPDIR" || exit 1
scan() { # FILE ARGUMENTS...
    out=$1
    shift
    "$IR" scan --no-default-rules --no-anomaly --reference-time 2026-11-23 --output jsonl "$@" 2>err </dev/null |
        sed 's/"elapsed_s":[0-9.]*/"elapsed_s":0/' >"$out"
}
mkdir rules
cat >rules/own.yml <<'END'
title: A logon that failed
id: 6a7d7a51-60e4-4c7c-8a0e-0d7d4b2f3e01
logsource:
    category: authentication
detection:
    failed:
        event.outcome: failure
    condition: failed
level: low
---
title: Refused by a firewall
id: 6a7d7a51-60e4-4c7c-8a0e-0d7d4b2f3e02
logsource:
    category: firewall
detection:
    refused:
        blocked: 'true'
        dst_port: 23
    condition: refused
level: low
---
title: Something of a router
id: 6a7d7a51-60e4-4c7c-8a0e-0d7d4b2f3e03
logsource:
    product: yamaha
detection:
    who:
        user.name|startswith: 'ADM'
    condition: who
level: low
END
scan with --rules rules "$tree/tests/e2e/devices"
scan without --rules rules --no-prefilter "$tree/tests/e2e/devices"
ok 'own rules: the same without the prefilter' diff with without
for n in 1 2 3; do
    ok "own rule $n fires once" [ "$(jq -s "[.[] | select(.\"ir.kind\" == \"finding\" and .rule.id[-1:] == \"$n\") | .count] | add" with)" = 1 ]
done
sigma=$IR_SHARED/data/sigma
if [ ! -d "$sigma/rules" ]; then
    skip 'the public rules for devices' "no $sigma"
    plan
    exit 0
fi
for dir in network/cisco network/juniper category/antivirus network/firewall; do
    scan with --rules "$sigma/rules/$dir" "$tree/tests/e2e/devices"
    scan without --rules "$sigma/rules/$dir" --no-prefilter "$tree/tests/e2e/devices"
    ok "$dir: the same without the prefilter" diff with without
    loaded=$(jq -r 'select(."ir.kind" == "summary") | .rules.loaded' with)
    fired=$(jq -rs '[.[] | select(."ir.kind" == "finding") | .rule.id] | unique | length' with)
    ok "$dir: each rule fires ($fired of $loaded)" [ "$fired" = "$loaded" ]
    near=$(jq -r 'select(."ir.kind" == "finding") | .origin[] | select(.path | endswith("switch.log")) | .line' with | grep -c -x -E '21|22')
    ok "$dir: near misses fire nothing" [ "$near" = 0 ]
done
plan
