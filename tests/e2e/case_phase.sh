#!/bin/sh
# The way of a case: nothing is recovered before evidence is preserved, nothing is closed before it is done; exhibits
# that belong to it, and the head of the audit trail in their custody log.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中 --zone +09:00
"$IR" case open first --lead 田中 >"$TMPDIR/out"
"$IR" case open second >"$TMPDIR/out"
no=CASE-$(TZ=JST-9 date +%Y)-001

command='case phase'
status 0 'a step' 1 detect --step first_response
status 0 'a phase: its first step' 1 report
is 'where it is' "$("$IR" case show 1 -o jsonl | jq -r '.phase + " " + .step')" 'report first_report'
status 2 'a phase that is none' 1 '<b>'
status 2 'closing is no phase' 1 closed
status 2 'a step of another phase' 1 report --step restore
status 2 'a step that is none' 1 report --step x
status 1 'C26-2: no recovery before evidence is preserved' 1 recover
says 'ir case evidence link'
status 1 'C26-2: nor any step of it' 1 recover --step restore
status 1 'C26-2: nor for no reason' 1 recover --step restore --override ' '
is 'C26-2: it stays where it was' "$("$IR" case show 1 -o jsonl | jq -r .phase)" report
status 0 'C26-2: preserving is open' 1 recover --step preserve
status 1 'C26-2: what comes after it is not' 1 recover --step restore
status 0 'C26-2: passed with a reason' 2 recover --override 'the disk is gone =cmd|"<b>'
status 0 'C26-2: said once' 2 recover --step restore
status 0 'C26-2: who goes to preserving' 2 recover --step preserve
status 0 'C26-2: and on' 2 recover --step restore
"$IR" case show 2 >"$TMPDIR/out"
prints '[ ] preserving evidence'
prints 'recovery was begun without preserved evidence:'
prints 'the disk is gone =cmd|"<b>'
is 'C26-2: the gate, for programs' "$("$IR" case show 1 -o jsonl | jq -r .gate) $("$IR" case show 2 -o jsonl | jq -r .gate)" 'shut passed'

# C26-2: the gate stands where the work is recorded, not only where the phase is changed.
command=case
third=$("$IR" case open 'third' --kind malware --level large --lead 田中 | sed 's/.*-//')
status 0 'a playbook' playbook apply "$third"
"$IR" case task list "$third" -o jsonl >"$TMPDIR/tasks"
step() { jq -r "select(.step == \"$1\") | .no" "$TMPDIR/tasks" | head -n 1; }
is 'C26-2: its tasks know their steps' "$(jq -r 'select(.phase == null) | .no' "$TMPDIR/tasks")" ''
status 0 'C26-2: a task of the first phase' task 'done' "$third" "$(step team)"
status 1 'C26-2: no task of recovery is done' task 'done' "$third" "$(step restore)"
says 'evidence is not preserved yet'
status 1 'C26-2: nor begun' task change "$third" "$(step restore)" --state doing
status 1 'C26-2: nor for a reason of blanks' task 'done' "$third" "$(step restore)" --override '　'
is 'C26-2: it stays open' "$("$IR" case task list "$third" -o jsonl | jq -r "select(.no == $(step restore)).state")" open
status 0 'C26-2: preserving is' task 'done' "$third" "$(step preserve)"
status 0 'C26-2: it may be dropped' task drop "$third" "$(step prevent)" --reason x
status 1 'C26-2: no act of recovery' act "$third" --action 'restored fs1' --phase recover --step restore
status 1 'C26-2: nor one of its task' act "$third" --action x --task "$(step restore)"
is 'C26-2: none is logged' "$("$IR" case act list "$third" -o jsonl | wc -l)" 0
status 0 'C26-2: an act that only reads like it' act "$third" --action 'wiped the disks'
says 'reads like recovery'
status 2 'a step of another phase' act "$third" --action x --phase report --step restore
status 0 'C26-2: with a reason' task 'done' "$third" "$(step restore)" --override 'no disk is left =cmd|"<b>'
is 'C26-2: which is kept, and the case goes there' "$("$IR" case show "$third" -o jsonl | jq -r '.phase + " " + .step')" 'recover restore'
status 0 'C26-2: said once' act "$third" --action 'restored fs1' --step restore
is 'C26-2: the act knows its step' "$("$IR" case act list "$third" -o jsonl | tail -n 1 | jq -r '.phase + " " + .step')" 'recover restore'
status 0 'C26-4: closing' fact set "$third" cause=x effect=y
"$IR" case duty decide "$third" all not_needed --reason x --actor T >"$TMPDIR/out" 2>&1
"$IR" case duty decide "$third" rest not_needed --reason x --actor T >"$TMPDIR/out" 2>&1
status 1 'C26-4: that it is not known why is no reason' close "$third" --no-lesson unknown --actor T
status 0 'C26-4: closed' close "$third" --no-lesson x --actor T
says 'nothing was recorded of these steps: first report, further reports'
sqlite3 "$IR_HOME/ir.db" "SELECT count(*) FROM transition WHERE override LIKE 'no disk%'" >"$TMPDIR/out"
prints 1

command='case evidence'
status 2 'no evidence yet' link 1
says 'ir evidence collect'
mkdir "$TMPDIR/src" && echo evidence >"$TMPDIR/src/log"
collect() {
    "$IR" evidence collect "$TMPDIR/src" --case "$no" --item 1 --actor 鈴木 --place Tokyo --reason test --no-witness test
}
ok 'an exhibit' collect
status 0 'C28-1: linked' link 1 1 --description 'the log of <fs1>'
status 2 'an exhibit that is not there' link 1 9
status 2 'a name that leads elsewhere' link 1 --of ../x
status 0 'linked again, all that are sealed' link 1
status 0 'the list' list 1
prints '<fs1>'
"$IR" case evidence list 1 -o jsonl >"$TMPDIR/out"
is 'C28-1: one exhibit' "$(jq .custody_seq "$TMPDIR/out" | wc -l)" 1
is 'C28-1: its seal is that of the custody log' "$(jq -r .seal "$TMPDIR/out")" \
    "$("$IR" evidence list --case "$no" --json | jq -r .seal)"
status 0 'in another directory' link 2 --dir "$IR_HOME/evidence" --of "$no"
command='case phase'
status 0 'C26-2: the gate is open now' 1 recover --step restore
is 'C26-2: no reason was needed' "$(sqlite3 "$IR_HOME/ir.db" 'SELECT group_concat(override) FROM transition')" \
    'the disk is gone =cmd|"<b>,no disk is left =cmd|"<b>'

command='case'
status 1 'C26-4: not closed' close 1
prints 'appi.kakuho'
status 0 'C26-4: a person decides about all duties' duty decide 1 all not_needed --reason 'no data was touched' --actor Tanaka
status 1 'C26-4: not closed' close 1
for word in cause effect lesson; do prints "$word"; done
"$IR" case close 1 -o jsonl >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'C26-4: all that is missing at once' "$(jq -r .missing "$TMPDIR/out" | tr '\n' ' ')" 'cause effect lesson '
status 2 'what is not closed is not reopened' reopen 1 --reason x

status 0 'C28-4: whole' verify
"$IR" case verify -o jsonl >"$TMPDIR/out"
ok 'C28-4: the custody log holds a head' [ "$(jq .anchors "$TMPDIR/out")" -ge 1 ]
cp "$IR_HOME/ir.db" "$TMPDIR/later.db"
# Whoever cuts the trail off before the seal, and takes the tables back, leaves a file that is whole in itself.
sealed=$(sed -n 's/.*"case_audit_head":"\([0-9]*\):.*/\1/p' "$IR_HOME/evidence/$no/custody/log.jsonl" | tail -n 1)
sqlite3 "$IR_HOME/ir.db" "DROP TRIGGER audit_delete; DELETE FROM audit WHERE seq >= $sealed"
status 3 'C28-4: the end of the trail is cut off' verify
prints "$sealed"
cp "$TMPDIR/later.db" "$IR_HOME/ir.db" && rm -f "$IR_HOME"/ir.db-*
status 0 'C28-4: whole again' verify
sed -i 's/Tokyo/Osaka/' "$IR_HOME/evidence/$no/custody/log.jsonl"
status 3 'C28-4: a custody log that is broken is told of' verify
says 'cannot be used'
plan
