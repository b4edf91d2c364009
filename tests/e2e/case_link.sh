#!/bin/sh
# Links between cases, and merging: nothing is deleted, no clock of a duty is lost, what a person must take up is told.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中 --zone +09:00
"$IR" case event add 'mail went out' --reporter A >"$TMPDIR/out"
"$IR" case event add 'and another <b>' --reporter B >"$TMPDIR/out"
for title in one two three; do "$IR" case open "$title" --lead 田中 >"$TMPDIR/out"; done
"$IR" case open drill --lead 田中 --exercise >"$TMPDIR/out"
no() { sqlite3 -readonly "$IR_HOME/ir.db" "SELECT no FROM incident ORDER BY no LIMIT 1 OFFSET $(($1 - 1))"; }
one() { jq -es "$1" "$TMPDIR/out"; }

command='case link'
status 0 'a link' 1 2 --relation same_cause --note "the same mail <b>'\"=cmd"
status 2 'again' 1 2 --relation same_cause
status 0 'another relation' 1 2 --relation follows
status 2 'with itself' 1 1
status 2 'a relation that is none' 1 2 --relation 'x'
status 2 'a case that is none' 1 9
status 0 'the list' list 1 -o jsonl
ok '… of both' one "length == 2 and all(.[]; .case == \"$(no 2)\" and .direction == \"to\")"
status 0 'from the other side' list 2 -o jsonl
ok '… its direction' one "length == 2 and all(.[]; .case == \"$(no 1)\" and .direction == \"from\")"
command='case'
status 0 'the page of the case' show 1
prints same_cause

# A duty's clock is kept: 速報 runs in case 2 and not in case 1.
command='case decide'
status 0 'a report of case 2' 2 -O incident --case 2 -m x --level large
command='case'
status 0 'known' duty aware 2 2026-11-18 --actor 田中
status 0 'facts' fact set 2 personal_data=yes persons=5000
status 2 'merging without a reason' merge 2 1
status 2 'into itself' merge 2 2 -m x
status 2 'a real case into an exercise' merge 2 4 -m x
status 1 'C26-3: a clock would be lost' merge 2 1 -m 'one mail' -o jsonl
ok 'C26-3: … which' one 'any(.[]; .duty == "appi.sokuho" and (.due | startswith("2026-11-22")) and .due_into == "")'
ok '… and nothing happened' sh -c "\"$IR\" case show 2 | grep -q 'next '"
status 0 'known later in the other' duty aware 1 2026-11-19 --actor 田中
status 0 'facts there' fact set 1 personal_data=yes persons=5000
status 1 'C26-3: later is not good enough' merge 2 1 -m 'one mail' -o jsonl
ok 'C26-3: … the two dates' one 'any(.[]; .duty == "appi.sokuho" and (.due_into | startswith("2026-11-23")))'
status 0 'corrected' duty aware 1 2026-11-18 --actor 田中
status 0 'a task that is open' task add 2 'look at the relay'
status 0 'a note' note add 2 'a note'
status 0 'merged' merge 2 1 -m 'one mail' -o jsonl
ok 'the report went over' one "any(.[]; .what == \"events\" and .n == 1 and .case == \"$(no 1)\")"
ok 'the open task is told, and what to do' one "any(.[]; .what == \"tasks_open\" and .n == 1 and .case == \"$(no 2)\" and
    (.how | startswith(\"ir case task add $(no 1)\")))"
status 0 'the merged case can be read' show 2 -o jsonl
ok '… and points to the other' one ".[0].merged_into == \"$(no 1)\" and .[0].phase == \"closed\""
status 0 'its number is shown in the other' show 1
prints "$(no 2)"
status 0 'the report is one of the other' event show 2 -o jsonl
ok '… by its old number' one ".[0].case == \"$(no 1)\""
status 2 'no work in it' task add 2 x
says "$(no 1)"
status 2 'nor reopened' reopen 2 --reason x
status 2 'nor merged again' merge 2 3 -m x
status 2 'nor merged into' merge 3 2 -m x
status 1 'C26-4: the other case still waits for the duty' close 1 -o jsonl
ok 'C26-4: … named' one 'any(.[]; .name == "appi.sokuho")'
status 0 'a case that has nothing' merge 3 1 -m 'the same'
status 0 'all is in the trail' verify
plan
