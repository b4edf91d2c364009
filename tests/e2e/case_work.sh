#!/bin/sh
# The work in a case: who leads, tasks, the response log, notes, and the one page that shows where it stands.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
hostile=$(printf '=cmd|x "<b>\047);--\033[31m\342\200\256')
workspace --role lead=田中 --zone +09:00
"$IR" case open 'ランサムウェアの疑い' --kind malware >"$TMPDIR/out"
year=$(TZ=JST-9 date +%Y)

status 0 'a case on one page' show 1
prints 'ランサムウェアの疑い'
status 0 'who leads' assign 1 "田中 $hostile" --actor 佐藤
prints "CASE-$year-001"
ok "a name cannot steer the terminal" lacks "$(printf "\033")" "$TMPDIR/out"
status 2 'nobody leads' assign 1 ''
status 2 'a case that is not there' assign 9 田中
"$IR" case show 1 -o jsonl >"$TMPDIR/out"
is 'the lead is kept as it was said' "$(jq -r .lead "$TMPDIR/out")" "田中 $hostile"

command='case task'
status 0 'a task' add 1 Disconnect the file server --owner 鈴木 --due 2026-11-23T01:00:00+09:00
status 0 'another' add 1 "$hostile" -o jsonl
is 'its number' "$(jq .no "$TMPDIR/out")" 2
status 2 'a task of no title' add 1 ' '
status 2 'an impossible date' add 1 x --due 2026-02-30
status 1 'C26-3: the list, one of it overdue' list 1
prints 'Disconnect the file server'
ok "a title cannot steer the terminal" lacks "$(printf "\033")" "$TMPDIR/out"
status 0 'a change' change 1 2 --owner 高橋 --state doing
status 2 'a change of nothing' change 1 2
status 2 'a task that is not there' change 1 7 --owner x
status 2 'a number that is none' 'done' 1 '%'
status 0 'done' 'done' 1 1 --result ok
status 2 'dropped for no reason' drop 1 2
status 0 'dropped' drop 1 2 --reason 'not needed'
"$IR" case task list 1 -o jsonl >"$TMPDIR/out"
is 'what they are now' "$(jq -r '.state + ":" + .result' "$TMPDIR/out" | tr '\n' ' ')" 'done:ok dropped:not needed '
is 'who and until when' "$(jq -r '.owner, .due_at' "$TMPDIR/out" | tr '\n' ' ')" '鈴木 2026-11-22T16:00:00.000Z 高橋 null '
"$IR" case task add 1 third >"$TMPDIR/out"
is 'only those that are open' "$("$IR" case task list 1 --open -o jsonl | jq .no)" 3

command='case act'
status 0 'C26-1: what was done' 1 --action isolate --target fs1 --result ok --task 3 --actor 鈴木
prints 'act 1'
status 0 'C26-1: at another time, by another clock' 1 --action "$hostile" --at 2026-11-20T10:00:00+09:00 --clock 'fs1, 40 s fast'
status 0 'C26-1: by no clock that was told' 1 --action call --at 2026-11-20T11:00:00+09:00
status 2 'C26-1: nothing' 1 --action ''
status 2 'C26-1: no action' 1 --target fs1
status 2 'C26-1: an impossible time' 1 --action x --at 2026-13-01T00:00:00Z
status 2 'C26-1: in the future' 1 --action x --at 2099-01-01T00:00:00Z
says 'future'
status 2 'C26-1: a task that is not there' 1 --action x --task 77
status 0 'C26-1: the response log' list 1
prints 'isolate'
"$IR" case act list 1 -o jsonl >"$TMPDIR/out"
is 'C26-1: in the order of time' "$(jq .no "$TMPDIR/out" | tr '\n' ' ')" '2 3 1 '
is 'C26-1: clocks' "$(jq -r .clock "$TMPDIR/out" | head -n 2 | tr '\n' '|')" 'fs1, 40 s fast|not stated|'
is 'C26-1: who, what, on what, result, task' "$(jq -r 'select(.no == 1) | .actor, .action, .target, .result, .task' "$TMPDIR/out" | tr '\n' ' ')" '鈴木 isolate fs1 ok 3 '
ok 'C26-1: this machine names its clock' grep -q '"clock":"system clock: ' "$TMPDIR/out"
status 2 'C26-1: nothing changes it' change 1 1

command='case note'
status 0 'a note' add 1 'called the vendor' --actor 佐藤
{ head -c 10485760 /dev/zero | tr '\0' a && printf 'の終わり\000\377'; } >"$TMPDIR/big"
"$IR" case note add 1 - <"$TMPDIR/big" >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'a note of 10 MB on stdin' $? 0
status 2 'an empty note' add 1 ''
"$IR" case note list 1 -o jsonl >"$TMPDIR/out"
is 'what they say' "$(jq -r '.author + ":" + .text[:20]' "$TMPDIR/out" | head -n 1)" '佐藤:called the vendor'
is 'and how long they are' "$(jq '.text | length' "$TMPDIR/out" | tail -n 1)" 10485766

command='case'
status 0 'no task is overdue' task list 1
"$IR" case task add 1 "late $hostile" --due 2026-11-01 >"$TMPDIR/out"
status 1 'C26-3: a task is overdue' task list 1 -o jsonl
is 'C26-3: one, and which' "$(jq -r 'select(.overdue == 1) | .due_at' "$TMPDIR/out" | cut -c 1-4)" 2026
status 1 'C26-3: … among the open ones' task list 1 --open
prints overdue
status 0 'a lesson' lesson add 1 'train the staff' --due 2099-01-01
status 0 'C27-1: a corrective action that has time' lesson list
status 0 'another' lesson add 1 'buy a lock' --due 2026-01-01
status 1 'C27-1: one that is overdue' lesson list
prints overdue
status 1 'C27-1: … of the case' lesson list 1 -o jsonl
is 'C27-1: one, and which' "$(jq -r 'select(.overdue == 1).measure' "$TMPDIR/out")" 'buy a lock'
status 0 'done' lesson change 1 2 --state 'done'
status 0 'C27-1: what is done is not overdue' lesson list
status 0 'the page' show 1
prints 'overdue'
prints 'isolate'
ok 'the page fits on a screen' [ "$(wc -l <"$TMPDIR/out")" -le 40 ]
ok "nothing steers the terminal" lacks "$(printf "\033")" "$TMPDIR/out"
status 0 'in Japanese' show 1 --lang ja
prints '検知・初動対応'
status 0 'for programs' show 1 -o jsonl
is 'counts' "$(jq -c '[.tasks_open, .tasks_overdue, .tasks_done, .acts, .phase]' "$TMPDIR/out")" '[2,1,1,3,"detect"]'
status 0 'the trail holds all of it' verify
plan
