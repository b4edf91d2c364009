#!/bin/sh
# ir search: places of what is found, defanged lists of indicators, formats whose lines belong together, packed
# inputs, and patterns that cannot be used.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
command=search
logs=tests/e2e/incident/logs
ref='--reference-time 2026-11-20'
# What a search finds is what grep finds, and its place is that of ir parse.
same_as_grep() { # PATTERN
    grep -rhF -- "$1" "$logs" | sort >"$TMPDIR/want"
    # shellcheck disable=SC2086
    "$IR" search $ref -o jsonl -- "$1" "$logs" 2>/dev/null | jq -r .message | sort | diff "$TMPDIR/want" -
}
ok 'the records that grep finds: an address' same_as_grep 203.0.113.77
ok 'the records that grep finds: auditd, by themselves' same_as_grep 'a1="-c"'
ok 'the records that grep finds: all' same_as_grep 0
places() {
    # shellcheck disable=SC2086
    "$IR" search $ref -o jsonl 'Accepted' "$logs" 2>/dev/null |
        jq -c '[."@timestamp", ."log.file.path", ."log.offset", ."log.line"]' >"$TMPDIR/want"
    # shellcheck disable=SC2086
    "$IR" parse $ref "$logs" 2>/dev/null | jq -c 'select(.message | test("Accepted"))
        | [."@timestamp", ."log.file.path", ."log.offset", ."log.line"]' | diff "$TMPDIR/want" -
}
ok 'time and place are those of ir parse' places

status 0 'a text' 203.0.113.77 $logs
says 'found: '
status 0 'a text that is nowhere' 'not in any record' $logs
says 'found: 0 of 281 records'
status 0 'without regard to case' -i 'ACCEPTED PASSWORD' $logs
prints 'for kenji'
status 0 'a regular expression' -r 'Accepted (password|publickey) for k' $logs
prints 'for kenji'
prints_not 'for yuki'
status 2 'a broken expression' -r '(' $logs
says 'regular expression'
status 2 'no path' pattern
says 'nothing to search'

printf '%s\n' '# list' '203[.]0[.]113[.]0/24, seen tonight' 'nobody[at]example(dot)net' >"$TMPDIR/iocs"
status 1 'a list of indicators' -I "$TMPDIR/iocs" $logs
prints '[network 203.0.113.0/24]'
printf 'hxxp://nowhere[.]example/\nno indicator\n' >"$TMPDIR/iocs"
status 0 'indicators that are not there' --iocs "$TMPDIR/iocs" $logs
says 'iocs:2: left out: '
echo '#' >"$TMPDIR/iocs"
status 2 'an empty list' --iocs "$TMPDIR/iocs" $logs
status 2 'no list' --iocs "$TMPDIR/absent" $logs

awk 'BEGIN { for (i = 0; i < 200; i++) { s = ""; for (k = 0; k < 3000; k++) s = s "a"; print s } }' >"$TMPDIR/aaa"
status 4 'an expression that explodes' -r '(a|aa)+[0-9]' "$TMPDIR/aaa"
says 'costs too much'

# A year that changes between two hits.
for year in 1 2; do
    for m in Jan Apr Jul Oct; do echo "$m  3 10:00:00 host prog[1]: round $year $m"; done
done >"$TMPDIR/log"
status 0 'years' --reference-time 2026-11-20 'Jul' "$TMPDIR/log"
prints '2025-07-03'
prints '2026-07-03'
printf '%s\n' '=1+1 forged' >"$TMPDIR/log"
status 0 'csv' -f text -o csv forged "$TMPDIR/log"
prints "\"'=1+1 forged\""
printf 'x \033[31mred\n' >"$TMPDIR/log"
status 0 'hostile bytes' -f text red "$TMPDIR/log"
prints 'x \x1b[31mred'
plan
