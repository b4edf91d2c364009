#!/bin/sh
# ir rules tune: a false positive becomes a filter, which the next scan uses; near misses stay; what it would silence
# besides is shown; and filters that would silence too much are refused.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
command=rules
cd "$TMPDIR" || exit 1
export IR_HOME="$TMPDIR/space"
time='--reference-time 2026-11-20'

mkdir rules
cat >rules/failed.yml <<'END'
title: A failed password
id: 7d3f0a52-1c4e-4b8a-9e60-000000000001
name: failed
logsource:
    product: linux
    service: sshd
detection:
    keywords:
        - 'Failed password'
    condition: keywords
level: low
END
cat >rules/many.yml <<'END'
title: Many failed passwords
id: 7d3f0a52-1c4e-4b8a-9e60-000000000002
correlation:
    type: event_count
    generate: true
    rules:
        - failed
    group-by:
        - source.ip
    timespan: 10m
    condition:
        gte: 3
level: high
END
cat >rules/web.yml <<'END'
title: A backup asked for
id: 7d3f0a52-1c4e-4b8a-9e60-000000000003
logsource:
    category: webserver
detection:
    asked:
        cs-uri-stem|endswith: '.bak'
        sc-status: 200
    condition: asked
level: medium
END
failed() { # SECOND USER ADDRESS
    printf 'Nov 18 00:00:%02d web01 sshd[100]: Failed password for %s from %s port 4022 ssh2\n' "$1" "$2" "$3"
}
get() { # ADDRESS PATH AGENT
    printf '%s - - [18/Nov/2026:00:01:0%s +0000] "GET %s HTTP/1.1" 200 12 "-" "%s"\n' "$1" 1 "$2" "$3"
}
{
    for i in 1 2 3 4; do failed $i backup 192.0.2.20; done
    for i in 5 6 7; do failed $i root 203.0.113.9; done
    failed 8 hana 198.51.100.7
} >auth.log
{
    get 192.0.2.20 '/db/*.bak' 'nightly'
    get 192.0.2.20 '/db/x.bak' 'nightly'
    get 203.0.113.9 '/db/*.bak' 'nightly'
    get 192.0.2.20 "/it's\\\\\"#: here.bak" 'nightly'
} >access.log
# shellcheck disable=SC2086  # words
scan() { # ARGUMENTS...: into findings.jsonl; prints "rule-end:entity:count …"
    "$IR" scan $time --rules rules -o jsonl "$@" auth.log access.log >findings.jsonl 2>err
    jq -r 'select(.rule) | "\(.rule.id[-1:]):\(.entity["source.ip"]):\(.count)"' findings.jsonl | sort | tr '\n' ' '
}
own() { scan --no-default-rules "$@"; }
id() { # RULE-END ADDRESS
    jq -r --arg r "$1" --arg a "$2" 'select(.rule) | select((.rule.id | endswith($r)) and .entity["source.ip"] == $a) | .id' findings.jsonl
}
# shellcheck disable=SC2086  # words
tune() { # WANT NAME ARGUMENTS...
    want=$1
    what=$2
    shift 2
    status "$want" "$what" tune $time --no-default-rules --rules rules --from findings.jsonl --reason 'our own backup' "$@"
}
all='1:192.0.2.20:4 1:198.51.100.7:1 1:203.0.113.9:3 2:192.0.2.20:4 2:203.0.113.9:3 3:192.0.2.20:3 3:203.0.113.9:1 '
ok 'the findings' [ "$(own)" = "$all" ]
cp findings.jsonl all.jsonl

# ---- a record's values, whatever they look like --------------------------------------------------
tune 0 'of a web finding, dry' "$(id 3 192.0.2.20 | cut -c 1-10)"
prints '# A backup asked for (medium): findings 2, with the filter 1; records 4, with it 1'
prints 'source.ip=192.0.2.20'
prints '# nothing was written: --write'
prints "        - '7d3f0a52-1c4e-4b8a-9e60-000000000003'"
prints "        - source.ip: '192.0.2.20'"
prints "          cs-uri-stem: '/db/\\*.bak'"
prints "description: 'our own backup'"
ok '… the rule asks for the status anyway' lacks "sc-status" out
ok '… nothing was written' [ ! -e "$IR_HOME" ]
cp out printed.yml
status 0 'what was printed is a filter' check rules printed.yml
prints '4 files: 3 rules load, 0 do not, 0 warnings'
ok '… which a scan uses' [ "$(own --rules printed.yml)" = \
    '1:192.0.2.20:4 1:198.51.100.7:1 1:203.0.113.9:3 2:192.0.2.20:4 2:203.0.113.9:3 3:203.0.113.9:1 ' ]
get 192.0.2.20 '/db/y.bak' 'nightly' >>access.log
get 192.0.2.20 '/db/x.bak.bak' 'nightly' >>access.log
ok '… near misses stay: a * is no wildcard' [ "$(own --rules printed.yml | grep -o '3:192[^ ]*')" = 3:192.0.2.20:2 ]
cp all.jsonl findings.jsonl
tune 0 'with a field of the user' --field source.ip --out mine.yml "$(id 3 192.0.2.20)"
prints '# written to mine.yml'
ok '… only that' [ "$(grep -c "^ *- source.ip: '192.0.2.20'" mine.yml)$(grep -c cs-uri mine.yml)" = 10 ]
ok '… is in the file' [ "$(own --rules mine.yml | grep -o '3:[^ ]*')" = 3:203.0.113.9:1 ]
cp all.jsonl findings.jsonl
tune 4 'the file is there already' --field source.ip --out mine.yml "$(id 3 192.0.2.20)"
says 'cannot write: mine.yml: File exists'

# ---- into the workspace: found by the next scan, without a word ----------------------------------
"$IR" rules import -q rules --name pub >/dev/null
scan >/dev/null
finding=$(id 3 192.0.2.20)
# shellcheck disable=SC2086  # words
status 0 '--write' tune $time --from findings.jsonl --reason 'our own backup' --author 'IT' --write "$finding"
prints "# written to $IR_HOME/filters/$finding.yml"
ok '… the next scan does not find it' [ "$(scan | grep -c '3:192')" = 0 ]
ok '… others stay' [ "$(scan | grep -o '3:203[^ ]*')" = 3:203.0.113.9:1 ]
ok '… without a warning' lacks warning err
ok '… --no-default-rules leaves it out' [ "$(own | grep -o '3:192[^ ]*')" = 3:192.0.2.20:5 ]
status 0 'check knows it' check
prints_not error
rm -r "$IR_HOME"
cp all.jsonl findings.jsonl

# ---- correlations: the rules that they count -----------------------------------------------------
tune 0 'of a correlation' "$(id 2 192.0.2.20)"
prints '# Many failed passwords (high): findings 2, with the filter 1; records 7, with it 3'
prints '# A failed password (low): findings 3, with the filter 2; records 8, with it 4'
prints "        - '7d3f0a52-1c4e-4b8a-9e60-000000000001'"
prints "        - source.ip: '192.0.2.20'"
ok '… the other rule keeps some: no warning' lacks warning err
ok '… by what it groups by' [ "$(grep -v '^#' out | grep -c 'user.name')" = 0 ]

# ---- what is refused -----------------------------------------------------------------------------
one=$(id 3 192.0.2.20)
tune 4 'what the rule asks for anyway' --field sc-status "$one"
says 'would silence all of it'
tune 4 'a field that it does not have' --field host.name "$one"
says "a record of the finding has no 'host.name'"
tune 4 'a field that all have' --field user_agent.original "$one"
says "nothing would be left of 'A backup asked for' here, also about others (findings: 2)"
tune 2 'an id that is not there' ffffffffffff
says 'no finding has this id'
tune 2 'too short an id' "$(echo "$one" | cut -c 1-3)"
says 'no finding has this id'
status 2 'no reason' tune --from findings.jsonl "$one"
says '--reason is missing'
status 2 'no findings' tune --reason x "$one"
says '--from is missing'
echo '{"a":1}' >bad.jsonl
status 4 'no findings in it' tune --reason x --from findings.jsonl --from bad.jsonl "$one"
says 'bad.jsonl:1: not a line of ir scan --output jsonl'
# shellcheck disable=SC2086  # words
status 4 'its rule is not loaded' tune $time --no-default-rules --rules rules/failed.yml --from findings.jsonl --reason x "$one"
says "its rule '7d3f0a52-1c4e-4b8a-9e60-000000000003' is not loaded"
mv access.log moved.log
tune 4 'its log is not there' "$one"
says 'none of its records is where it was'
mv moved.log access.log
tune 4 'other logs' "$one" auth.log
says 'the finding would still be there'
i=0
while [ $i -lt 60 ]; do get 192.0.2.20 "/db/$i.bak" nightly; i=$((i + 1)); done >>access.log
own >/dev/null
tune 4 'records that differ in many ways' "$(id 3 192.0.2.20)"
says 'differ in more than 50 ways'
tune 0 '… with a field that they share' --field source.ip "$(id 3 192.0.2.20)"

# ---- logs in archives, in other encodings; and its hands are bound ------------------------------
printf '192.0.2.20 - - [18/Nov/2026:00:01:01 +0000] "GET /\203\146\201\133\203\136.bak HTTP/1.1" 200 12 "-" "x"\n' >sjis.log
i=0
while [ $i -lt 5 ]; do cat sjis.log; i=$((i + 1)); done >sjis5.log
tar -czf logs.tgz sjis5.log auth.log
# shellcheck disable=SC2086  # words
"$IR" scan $time --no-default-rules --rules rules -o jsonl logs.tgz >findings.jsonl 2>err
tune 0 'a member of an archive' "$(id 3 192.0.2.20)"
prints '# A backup asked for (medium): findings 1, with the filter 0; records 5, with it 0'
prints "cs-uri-stem: '/データ.bak'"
tune 0 'a correlation in an archive' "$(id 2 192.0.2.20)"
prints '# Many failed passwords (high): findings 2, with the filter 1'
# ---- read as the scan read it: the format, the encoding and the passwords are options here too ------
mkdir own
cat >own/till.yml <<'END'
name: till
title: A till
pattern: '(?<client>[0-9.]+)\|(?<asked>[^|]*)\|(?<answer>\d+)'
fields:
    client: {name: source.ip, type: ip}
    asked: cs-uri-stem
    answer: sc-status
logsource:
    category: webserver
samples:
    - line: '192.0.2.50|/a.bak|200'
END
printf '192.0.2.50|/till.bak|200\n192.0.2.51|/other.bak|200\n' >till.dat
# shellcheck disable=SC2086  # words
"$IR" scan $time --no-default-rules --rules rules --format-files own --format till -o jsonl till.dat >findings.jsonl 2>err
ok 'a described format has findings' [ -n "$(id 3 192.0.2.50)" ]
tune 4 'without the description' "$(id 3 192.0.2.50)"
tune 0 'with the description, and the format named' --format-files own --format till "$(id 3 192.0.2.50)"
prints "cs-uri-stem: '/till.bak'"
tune 2 'a format that is not there' --format tlil "$(id 3 192.0.2.50)"
# shellcheck disable=SC2086  # words
"$IR" scan $time --no-default-rules --rules rules --encoding euc-jp -o jsonl sjis5.log >findings.jsonl 2>err
tune 0 'an encoding that is told' --encoding euc-jp "$(id 3 192.0.2.20)"
prints_not 'データ'
if command -v zip >/dev/null; then
    zip -q -P secret locked.zip sjis5.log
    echo secret >words
    # shellcheck disable=SC2086  # words
    "$IR" scan $time --no-default-rules --rules rules --password-file words -o jsonl locked.zip >findings.jsonl 2>err
    tune 4 'an encrypted archive without its password' "$(id 3 192.0.2.20)"
    tune 0 'an encrypted archive' --password-file words "$(id 3 192.0.2.20)"
else
    skip 'an encrypted archive' 'no zip'
fi

# ---- a name that is not UTF-8 is the same name --------------------------------------------------
cat >rules/name.yml <<'END'
title: A name asked for
title_ja: 名前が求められた
id: 7d3f0a52-1c4e-4b8a-9e60-000000000004
logsource:
    product: linux
    service: sshd
detection:
    user:
        user.name|startswith: 'caf'
    condition: user
level: low
END
printf 'Nov 18 00:00:01 web01 sshd[100]: Failed password for caf\351 from 192.0.2.30 port 22 ssh2\n' >latin.log
# shellcheck disable=SC2086  # words
"$IR" scan $time --no-default-rules --rules rules -o jsonl latin.log >findings.jsonl 2>err
tune 0 'a byte that is not UTF-8' --field source.ip "$(id 4 192.0.2.30)"
prints '# A name asked for (low): findings 1, with the filter 0'
tune 0 'in Japanese' --lang ja --field source.ip "$(id 4 192.0.2.30)"
prints '# 名前が求められた（深刻度 低）: 検知 1 件'
prints_not '# A name asked for'

# ---- other rules that lose their last finding ---------------------------------------------------
cat >rules/guess.yml <<'END'
title: Many users tried
id: 7d3f0a52-1c4e-4b8a-9e60-000000000005
correlation:
    type: value_count
    generate: true
    rules:
        - failed
    group-by:
        - host.name
    timespan: 10m
    condition:
        field: source.ip
        gte: 3
level: critical
END
scan --no-default-rules >/dev/null
tune 0 'of a correlation, beside another' "$(id 2 192.0.2.20)"
says "warning: the filter also takes the last finding of another rule: 'Many users tried' (critical)"
plan
