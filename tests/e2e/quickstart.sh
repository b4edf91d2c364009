#!/bin/sh
# What the quickstart scans must give what tests/e2e/incident/README promises, whatever the threads; and the
# scan must write nothing. (Fresh machines are tried by .ci/run's users, not here: that needs root.)
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
logs=tests/e2e/incident/logs
scan() { # FILE OPTIONS...
    out=$1
    shift
    "$IR" scan "$logs" --no-default-rules --rules rules --reference-time 2026-11-20 "$@" >"$TMPDIR/$out" 2>"$TMPDIR/$out.err"
    rc=$?
}

# The tree as it was: a scan of a case's evidence may not touch the evidence.
find tests/e2e/incident -type f -exec sha256sum {} + | sort -k2 >"$TMPDIR/before"
scan one --output jsonl --threads 1
ok 'exit status 1: findings' [ "$rc" = 1 ]
scan three --output jsonl --threads 3
sed 's/"elapsed_s":[0-9.e-]*//' "$TMPDIR/one" >"$TMPDIR/one.cut"
sed 's/"elapsed_s":[0-9.e-]*//' "$TMPDIR/three" >"$TMPDIR/three.cut"
ok 'the same for any number of threads' cmp "$TMPDIR/one.cut" "$TMPDIR/three.cut"
find tests/e2e/incident -type f -exec sha256sum {} + | sort -k2 >"$TMPDIR/after"
ok 'nothing written beside the evidence' cmp "$TMPDIR/before" "$TMPDIR/after"

ok 'every line is JSON' jq -e . "$TMPDIR/one"
tail -n 1 "$TMPDIR/one" >"$TMPDIR/summary"
ok 'the last line is the summary' jq -e '."ir.kind" == "summary"' "$TMPDIR/summary"
ok 'three inputs, all readable' jq -e '.inputs == 3 and .unreadable == 0' "$TMPDIR/summary"
ok 'nothing damaged or unrecognised' jq -e '.damaged == 0 and .unrecognised == 0' "$TMPDIR/summary"
ok 'no rule failed' jq -e '.rules.failed | length == 0' "$TMPDIR/summary"
ok 'the whole night is covered' jq -e \
    '(.first | startswith("2026-11-17T")) and (.last | startswith("2026-11-18T"))' "$TMPDIR/summary"

# found NAME FILE LINES JQ [==0]: a finding with an origin in FILE on one of LINES (a JSON list; empty: any
# line); with ==0 at the end: no such finding
found() {
    # shellcheck disable=SC2016  # $f and $lines are jq's
    ok "$1" jq -se --arg f "$2" --argjson lines "$3" '[.[] | select(."ir.kind" == "finding")
        | select(any(.origin[]; .line as $at | (.path | endswith($f)) and
            ($lines == [] or any($lines[]; . == $at))))
        | select('"$4"')] | length '"${5:->0}" "$TMPDIR/one"
}
# lines FILE TEXT: the numbers of the lines with that text, as a JSON list
lines() {
    find "$logs" -name "$1" -exec grep -nF -- "$2" {} + | cut -d : -f 1 | jq -sc .
}
while IFS='|' read -r name file text filter; do
    case $name in '' | '#'*) continue ;; esac
    list='[]'
    if [ "$text" != '*' ]; then
        list=$(lines "$file" "$text")
        ok "(the log has: $text)" [ "$list" != '[]' ]
    fi
    case $name in
    '!'*) found "${name#?}" "$file" "$list" "$filter" '==0' ;;
    *) found "$name" "$file" "$list" "$filter" ;;
    esac
done <tests/e2e/incident/findings
scan table
ok 'the table names the attacker' grep -q 203.0.113.77 "$TMPDIR/table"
plan
