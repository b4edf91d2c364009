#!/bin/sh
# Databases of released versions: what they hold is there, proved, and worked on by this version. A schema that was
# released is never edited: the next one gets a file of its own in libir/casedb/schema/, and its database here.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
command=case
for dump in tests/e2e/databases/*.sql; do
    v=$(basename "$dump" .sql)
    IR_HOME=$TMPDIR/$v
    mkdir -m 700 "$IR_HOME"
    sqlite3 "$IR_HOME/ir.db" <"$dump" || bad "$v: cannot be loaded"
    status 0 "$v: the index is made anew" search --rebuild
    status 0 "$v: it is whole, and built as this version builds it" verify
    is "$v: of the newest version now" "$(sql 'PRAGMA user_version')" "$(find libir/casedb/schema -name '*.sql' | wc -l)"
    status 0 "$v: the cases" list -o jsonl
    is "$v: are there" "$(jq -r '[.no, .title] | join(" ")' "$TMPDIR/out" | sort | tail -n 1)" 'CASE-2026-002 web01への不正ログイン'
    status 0 "$v: what happened" timeline list 2 -o jsonl
    is "$v: is there" "$(jq -r 'select(.kind == "entry").title' "$TMPDIR/out")" rootのログイン
    status 0 "$v: its words are found" search 使い回された
    prints CASE-2026-002
    status 0 "$v: duties" duty 2 -o jsonl
    is "$v: as they were sent" "$(jq -r 'select(.id == "appi.sokuho").receipt_no' "$TMPDIR/out")" R-1
    status 0 "$v: a report" report 2 management -o md
    prints web01への不正ログイン
    status 0 "$v: work goes on" note add 2 'Geht weiter' --actor Sato
    status 0 "$v: an export" export 2 --out "$TMPDIR/$v.json"
    status 0 "$v: a backup" backup "$TMPDIR/$v.db"
    status 0 "$v: nothing was lost" verify -o jsonl
    is "$v: the trail goes on" "$(jq .changes "$TMPDIR/out")" "$(sql 'SELECT max(seq) FROM audit')"
done
ok 'each version has one' [ "$(find tests/e2e/databases -name '*.sql' | wc -l)" = "$(find libir/casedb/schema -name '*.sql' | wc -l)" ]
plan
