#!/bin/sh
# The year's figures, for people and for programs; what they are of is proved in tests/unit/case_stats.c.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
field() { jq -rs "$1" "$TMPDIR/out"; }
workspace --zone +09:00 --role lead=田中
status 0 'nothing yet' stats
prints 'Cases by kind'
prints 'none'
status 0 'a case' open '<b>x</b>' --kind malware --level large --lead 田中
status 0 'a cause like a formula, with a turned letter' lesson add 1 '=cmd|x' --cost 250000 \
    --root-cause "$(printf '=HYPERLINK("x") \342\200\256\033[31m')"
status 0 'another case' open 'again' --kind malware --lead 田中
status 0 'of the same cause' lesson add 2 'y' --root-cause "$(printf '=hyperlink("x")\342\200\256\033[31m')"
status 0 'an exercise' open 'exercise' --kind leak --exercise --lead 田中
status 0 'the figures' stats
prints '250000'
prints 'CASE-2'
prints_not 'leak'
ok 'nothing hides on the terminal' lacks "$(printf '\033')" "$TMPDIR/out"
year=$("$IR" case list -o jsonl | jq -rs '.[0].opened_at[:4]')
status 0 'C27-2: as data' stats -o jsonl
is 'C27-2: type, volume, cost' "$(field '.[] | select(.part == "kind") | [.kind, .cases, .open, .cost_yen] | join(" ")')" \
    'malware 2 2 250000'
is 'C27-2: the same cause again' "$(field '.[] | select(.part == "cause") | [.cases, .recurs] | join(" ")')" '2 yes'
is 'C27-2: each metric has its n' "$(field '[.[] | select(.part == "time") | .metric + "=" + (.n | tostring)] | join(" ")')" \
    'detect=0 record=0 decide=0 contain=0 preserve=0 report=0 recover=0'
status 0 'another year' stats --year 1999 -o jsonl
is 'has no case' "$(field '[.[] | select(.part != "time")] | length')" 0
status 2 'no year' stats --year 99
says '--year'
command='--lang ja case'
status 0 'in Japanese' stats
prints '種類別のケース'
command='case'
status 0 'the year of the case' stats --year "$year"
# A thousand cases: no table of many rows is read once for each of them.
of_case() { # TABLE
    sqlite3 "$IR_HOME/ir.db" "EXPLAIN QUERY PLAN SELECT count(*) FROM $1 WHERE incident_id = 'x'"
}
for t in event act note task fact timeline asset ioc lesson duty exhibit transition playbook report; do
    ok "C27-2: the rows of $t of a case are found by an index" sh -c "echo '$(of_case "$t")' | grep -q 'USING.* INDEX'"
done
plan
