#!/bin/sh
# Formats described in files: from where they are read, that all commands know them, that rules fire on their records,
# and what ir formats check says.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
mkdir -p "$TMPDIR/files" "$TMPDIR/rules/formats" "$TMPDIR/home/formats" "$TMPDIR/logs"
describe() { # NAME: its lines begin with its name
    cat <<END
name: $1
title: The log of $1
title_ja: $1 のログ
time: {layout: '%Y/%m/%d %H:%M:%S', zone: JST}
logsource: {category: application, product: $1}
pattern: '$1 (?<time>[0-9/]+ [0-9:]+) (?<result>OK|NG) user=(?<user>[^ ]*) ip=(?<ip>[^ ]+)'
fields: {user: user.name, ip: {name: source.ip, type: ip}}
values:
  result: {OK: {event.outcome: success}, NG: {event.outcome: failure}}
samples:
  - line: '$1 2026/11/22 10:02:03 NG user=yamada ip=192.0.2.66'
    time: 2026-11-22T10:02:03+09:00
    fields: {user.name: yamada, event.outcome: failure}
  - miss: '$1 22/11/2026 10:02:03 NG user=yamada'
END
}
describe till >"$TMPDIR/files/till.yml"
describe door >"$TMPDIR/rules/formats/door.yml"
describe gate >"$TMPDIR/home/formats/gate.yml"
for log in till door gate; do
    for s in 10 11 12 13; do
        echo "$log 2026/11/22 10:02:$s NG user=u$s ip=192.0.2.66"
    done >"$TMPDIR/logs/$log.log"
done
cat >"$TMPDIR/rules/failed.yml" <<'END'
title: A failed log-on at the door
id: 9d1c3a52-0a07-4c8e-9f55-0b2f4e6a7c31
logsource: {category: application, product: door}
detection:
  failed: {event.outcome: failure, user.name: u12}
  condition: failed
level: high
END
IR_HOME=$TMPDIR/home
export IR_HOME
in_format() { # LOG FORMAT ARGUMENTS...
    log=$TMPDIR/logs/$1.log
    shift
    [ "$("$IR" parse "$@" "$log" | jq -r '."ir.format"' | sort -u)" = "$want" ]
}
want=till
ok 'a file of --format-files' in_format till --format-files "$TMPDIR/files/till.yml"
ok 'a directory of --format-files' in_format till --format-files "$TMPDIR/files"
ok 'by name' in_format till --format-files "$TMPDIR/files" --format till
want=gate
ok 'the workspace' in_format gate
want=text
ok 'not without it' in_format till

status 0 'the list' formats --format-files "$TMPDIR/files"
prints 'till           The log of till'
prints 'gate           The log of gate'
prints 'tomcat '
prints_not 'shopapp'
status 0 'the list in Japanese' --lang ja formats
prints 'gate のログ'
status 0 'the choice' formats --format-files "$TMPDIR/files" "$TMPDIR/logs/till.log"
prints 'till.log: till (till 96'

status 1 'a rule for a log source of its own' scan --rules "$TMPDIR/rules" "$TMPDIR/logs/door.log"
prints 'A failed log-on at the door'
prints '4 door'
same_findings() { # OPTION...
    "$IR" scan --rules "$TMPDIR/rules" -o jsonl "$TMPDIR/logs" | grep -v '"summary"' >"$TMPDIR/want"
    "$IR" scan --rules "$TMPDIR/rules" -o jsonl "$@" "$TMPDIR/logs" | grep -v '"summary"' |
        diff "$TMPDIR/want" - && [ -s "$TMPDIR/want" ]
}
ok 'the same without the prefilter' same_findings --no-prefilter
ok 'the same with one thread' same_findings --threads 1
status 0 'why' rules explain --rules "$TMPDIR/rules" 9d1c3a52-0a07-4c8e-9f55-0b2f4e6a7c31 "$TMPDIR/logs/door.log:3"
prints 'category=application product=door'
status 0 'coverage' rules coverage -o jsonl --rules "$TMPDIR/rules" "$TMPDIR/logs/door.log"
ok 'the rule can fire' grep -q '9d1c3a52.*"can_fire"' "$TMPDIR/out"
cp "$TMPDIR/logs/door.log" "$TMPDIR/rules/failed.match.log"
status 0 'samples of rules see described formats' rules test "$TMPDIR/rules"
status 0 'a format is no rule' rules check "$TMPDIR/rules"
prints '1 file: 1 rule loads'
status 0 'search' search --format-files "$TMPDIR/files" u11 "$TMPDIR/logs/till.log"
prints 'u11'
status 0 'timeline' timeline --format-files "$TMPDIR/files" --filter 'ip:192.0.2.66 AND event.outcome:failure' "$TMPDIR/logs/till.log"
ok 'four events' [ "$(grep -c 'user=u1' "$TMPDIR/out")" = 4 ]
status 0 'stats' stats --format-files "$TMPDIR/files" "$TMPDIR/logs/till.log"
prints 'till'

status 2 'an unknown format' parse --format tull --format-files "$TMPDIR/files" "$TMPDIR/logs/till.log"
says 'did you mean till?'
status 4 'no such file' parse --format-files "$TMPDIR/nothing" "$TMPDIR/logs/till.log"
says 'cannot read formats'
# The user's own goes before ours.
sed 's/name: till/name: tomcat/' "$TMPDIR/files/till.yml" >"$TMPDIR/files/own.yml"
want=tomcat
ok 'a name that we have, too' in_format till --format-files "$TMPDIR/files/own.yml"

command='formats check'
status 0 'our own' rules/formats
ok '… and none fails' grep -q ', 0 errors, .*, 0 samples failed$' "$TMPDIR/out"
status 0 'our example' rules/formats/shopapp.yml.example
prints '1 format loads, 0 errors'
status 0 'a good file' "$TMPDIR/files/till.yml"
prints 'event.outcome=failure'
prints '1 file: 1 format loads, 0 errors, 1 warning, 0 samples failed'
status 0 'as JSON lines' -o jsonl "$TMPDIR/files/till.yml"
ok 'each line is an object' jq -e . "$TMPDIR/out"
ok 'kinds' [ "$(jq -r '."ir.kind"' "$TMPDIR/out" | tr '\n' ' ')" = 'warning format sample sample summary ' ]
ok 'fields of a sample' [ "$(jq -r 'select(.event) | .event."user.name"' "$TMPDIR/out")" = yamada ]
sed 's/user.name: yamada, /user.name: tanaka, /' "$TMPDIR/files/till.yml" >"$TMPDIR/wrong.yml"
status 1 'a sample that fails' "$TMPDIR/wrong.yml"
prints "wrong.yml:11: sample: user.name is 'yamada', and should be 'tanaka'"
sed 's/<user>\[^ \]\*/<user>(?:[a-z]+)*/' "$TMPDIR/files/till.yml" >"$TMPDIR/wrong.yml"
status 3 'a pattern that explodes' "$TMPDIR/wrong.yml"
prints 'wrong.yml:6: error: the pattern explodes'
status 3 'not YAML' tests/lib.sh
status 3 'no such path' "$TMPDIR/nothing"
status 2 'no path'
command=
# A line that is written against a pattern costs its own record, not the scan.
cat >"$TMPDIR/files/slow.yml" <<'END'
name: slow
title: A pattern that is nearly linear
time: {layout: epoch}
logsource: {category: application, product: slow}
pattern: '(?<time>[0-9]+) (?<a>.*) user (?<b>.*) from (?<d>[0-9]+)'
samples: []
END
{
    echo '1795309323 x user y from 1'
    awk 'BEGIN { printf "1795309324 "; for (i = 0; i < 3000; i++) printf " user  from x"; print "" }'
    echo '1795309325 x user y from 1'
} >"$TMPDIR/logs/slow.log"
status 3 'a line against the pattern' parse --format slow --format-files "$TMPDIR/files/slow.yml" "$TMPDIR/logs/slow.log"
says 'damaged records: 1, the first at byte 27, line 2'
ok 'the others are read' [ "$(jq -r 'select(.d) | .d' "$TMPDIR/out" | wc -l)" = 2 ]
status 3 'and a scan counts it' scan --format slow --format-files "$TMPDIR/files/slow.yml" "$TMPDIR/logs/slow.log"
prints 'too many steps'
plan
