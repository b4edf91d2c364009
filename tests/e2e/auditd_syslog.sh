#!/bin/sh
# Audit records inside a syslog file: rules of auditd must find them among many alike, also those whose values stand
# in hex and those without a stamp of their own, whether the prefilter looks first or not. All records are invented.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
cd "$TMPDIR" || exit 1
mkdir rules logs
cat >rules/all.yml <<'END'
title: An argument in hex
id: 4f3d1c52-9a0e-4a7b-8f5b-0c8a6c3d0e01
logsource:
    product: linux
    service: auditd
detection:
    tool:
        type: EXECVE
        a2|contains: 'curl http'
    condition: tool
level: low
---
title: A command in hex
id: 4f3d1c52-9a0e-4a7b-8f5b-0c8a6c3d0e02
logsource:
    product: linux
    category: process_creation
detection:
    tool:
        CommandLine|contains: 'curl http'
    condition: tool
level: low
---
title: Refused by the kernel
id: 4f3d1c52-9a0e-4a7b-8f5b-0c8a6c3d0e03
logsource:
    product: linux
    service: auditd
detection:
    tool:
        type: AVC
        name: /etc/shadow
    condition: tool
level: low
END
awk 'BEGIN {
    for (i = 0; i < 60; i++) printf "Nov 18 00:00:%02d web01 audit[%d]: EXECVE argc=3 a0=\"sh\" a1=\"-c\" a2=%s\n", i, 100 + i,
        i == 30 ? "6375726C20687474703A2F2F78" : "6964202D75"
    for (i = 0; i < 60; i++) printf "Nov 18 00:01:%02d web01 kernel: [   12.3] audit: type=1400 audit(1794961262.%03d:%d): apparmor=\"DENIED\" operation=\"open\" name=\"%s\" pid=612 comm=\"mysqld\"\n", i, i, i,
        i == 30 ? "/etc/shadow" : "/x"
    for (i = 0; i < 60; i++) printf "Nov 18 00:02:%02d web01 audispd: type=EXECVE msg=audit(1794961300.%03d:%d): argc=3 a0=\"sh\" a1=\"-c\" a2=%s\n", i, i, i,
        i == 30 ? "6375726C20687474703A2F2F78" : "6964202D75"
}' >logs/syslog
found() { # ARGUMENTS...
    "$IR" scan --no-default-rules --no-anomaly --rules rules --reference-time 2026-11-20 --output jsonl "$@" logs |
        jq -r 'select(.rule) | "\(.rule.id[-1:]) \([.origin[].line] | join(","))"'
}
found >with
found --no-prefilter >without
printf '1 31,151\n2 31,151\n3 91\n' >want
ok 'records in syslog are found, each in its line' diff want with
ok 'and without the prefilter' diff want without
plan
