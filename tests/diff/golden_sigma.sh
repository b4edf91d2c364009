#!/bin/sh
# SigmaHQ's own regression cases: each of its 44 logs in JSON under all of its rules must give exactly the matches
# that are known for it (path, record number, rule): not one fewer, not one more. The list is data at hand, made
# with another engine; nothing of it lies in this tree.
set -u
: "${IR:?}" "${TMPDIR:?}" "${IR_SHARED:?}"
data=$IR_SHARED/data/sigma
if [ ! -f "$data/golden_shared.json" ]; then
    echo '1..0 # SKIP no data of the Sigma project'
    echo "# skipped: golden matches of Sigma: no $data" >&2
    exit 0
fi
. tests/lib.sh
set --
for dir in rules rules-compliance rules-emerging-threats rules-placeholder rules-threat-hunting; do
    set -- "$@" --rules "$data/$dir"
done
jq -r '.[] | "\(.[0]) \(.[1]) \(.[2])"' "$data/golden_shared.json" | LC_ALL=C sort -u >"$TMPDIR/want"
cases=$(find "$data/regression" -name '*.json' | wc -l)
ok "94 matches are known (got $(wc -l <"$TMPDIR/want"))" [ "$(wc -l <"$TMPDIR/want")" = 94 ]
ok "44 cases are there (got $cases)" [ "$cases" = 44 ]

matches() { # FILE: path, record and rule of every origin
    jq -r 'select(."ir.kind" == "finding") | .rule.id as $rule | .origin[] |
        "regression_data/\(.path | split("/regression/")[1]) \(.record) \($rule)"' "$1" | LC_ALL=C sort -u
}
run() { # NAME ARGUMENTS...
    name=$1
    shift
    find "$data/regression" -name '*.json' | LC_ALL=C sort |
        xargs "$IR" scan --no-default-rules --no-anomaly --output jsonl "$@" >"$TMPDIR/out" 2>"$TMPDIR/err"
    ok "$name: one run, which read everything" jq -es '[.[] | select(."ir.kind" == "summary")] |
        length == 1 and .[0].inputs == 44 and .[0].unreadable == 0 and .[0].damaged == 0' "$TMPDIR/out"
    ok "$name: no rule failed to load" [ "$(jq -s '.[-1].rules.failed | length' "$TMPDIR/out")" = 0 ]
    ok "$name: no origin was cut off" jq -es 'all(.[]; ."ir.kind" == "summary" or .count == (.origin | length))' "$TMPDIR/out"
    matches "$TMPDIR/out" >"$TMPDIR/got"
    ok "$name: exactly the known matches" diff "$TMPDIR/want" "$TMPDIR/got"
}
run 'with the prefilter' "$@"
run 'without the prefilter' "$@" --no-prefilter
plan
