#!/bin/sh
# The police report tells of each exhibit who had it, when, why and by which clock, as the custody log has it: the log of this
# exhibit and no other, not more of it than people read, and how much is left out.
# shellcheck disable=SC2016  # $i is of jq
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
ev() { # COMMAND ARGUMENTS...
    what=$1
    shift
    "$IR" evidence "$what" -c "$no" --unsigned -a Sato -p office --no-witness alone "$@" >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null
}
police() { # LANGUAGE FORMAT ARGUMENTS...
    lang=$1 format=$2
    shift 2
    "$IR" case report "$no" police --lang "$lang" -o "$format" "$@" >"$TMPDIR/out" 2>"$TMPDIR/err"
}
table() { # ITEM: the events of its table, a line each
    jq -r --arg i "$1" '[.blocks | to_entries[] | select(.value.type == "heading" and .value.text == $i) | .key] as $k |
        if $k == [] then empty else .blocks[$k[0] + 1].rows[] | [.[]] | @json end' "$TMPDIR/out"
}
workspace --role lead=田中 --no-desks --zone +09:00
status 0 'a case' open first
no=$(sql 'SELECT no FROM incident')
police en md
ok 'nothing is said of exhibits that are not there' lacks 'receipt of each exhibit' "$TMPDIR/out"
ok 'without exhibits' grep -q 'There is no custody record to show' "$TMPDIR/out"
ev collect tests/case.sh -i 1 -r 'break-in <b>' || tell '' "$TMPDIR/err" 5
ev collect tests/lib.sh -i 2 -r 'break-in' || tell '' "$TMPDIR/err" 5
status 0 'linked' evidence link "$no"
one=$(sql 'SELECT min(item) FROM exhibit')
two=$(sql 'SELECT max(item) FROM exhibit')
police en json
is 'from collecting to sealing' "$(table "$one" | jq -r '.[2]' | tr '\n' '/')" 'collection begun/collection ended/exhibit sealed/'
is 'by whom, where, why, by which clock' "$(table "$one" | sed -n 3p | jq -r '.[1, 3, 4, 5]' | sed 's/^20[0-9: +-]*$/TIME/' | tr '\n' '/')" \
    'TIME/system clock: not compared/Sato/No witness: alone/office/Reason: break-in <b>/'
cp "$TMPDIR/out" "$TMPDIR/before"
police en json
ok 'the same bytes again' cmp "$TMPDIR/before" "$TMPDIR/out"
before=$(date -u +%Y-%m-%dT%H:%M:%S.999Z)
sleep 1.1
ev checkout -i 1 -r 'to look into it' --purpose 'analysis =cmd|x' --copy master
ev checkin -i 1 -r 'done' --condition 'as before'
ev transfer -i 1 -r 'to the lab' --to 'Lab "><script>alert(1)</script>' --means parcel --condition sealed --carrier Kuroneko
police en json
is 'taken out, back, handed over' "$(table "$one" | jq -r '.[2]' | tail -3 | tr '\n' '/')" \
    'taken out for examination/brought back/handed over/'
is 'with what there is to know' "$(table "$one" | tail -1 | jq -r '.[5]' | tr '\n' '/')" \
    'Reason: to the lab/To: Lab "><script>alert(1)</script>/Means: parcel/Carrier: Kuroneko/Condition on leaving: sealed/'
ev add-note "$(printf '%05000d' 7)" -i 1 -r 'long'
police en json
is 'what is longer than anybody reads is cut, and says so' "$(table "$one" | tail -1 | jq -r '.[5]' | tail -1 | wc -m)" \
    "$(printf 'Note: %01000d…\n' 0 | wc -m)"
police ja md
ok 'in Japanese' grep -q '引渡先.*Lab' "$TMPDIR/out"
ok '… the events too' grep -q '| 持ち出し |' "$TMPDIR/out"
ok '… and how to check it' grep -q '各証拠品を、いつ、誰が' "$TMPDIR/out"
police en html
ok 'nothing runs in a page' lacks '<script>alert' "$TMPDIR/out"
status 0 'a report of another kind reads no log' report "$no" management -o md
police en json --at "$before"
is 'as of a time' "$(table "$one" | jq -r '.[2]' | tail -1)" 'exhibit sealed'
i=0
while [ $i -lt 61 ]; do
    ev verify -i 2 -r 'daily check' --record || tell '' "$TMPDIR/err" 5
    i=$((i + 1))
done
ev checkout -i 2 -r 'looked at' --purpose analysis
ev checkin -i 2 -r 'looked at' --condition good
police en json
is 'a long log: checks that found nothing are left out, and counted' "$(table "$two" | jq -r '.[2]' | tr '\n' '/')" \
    'collection begun/collection ended/exhibit sealed/(61 more are in the custody log)/taken out for examination/brought back/'
i=0
while [ $i -lt 60 ]; do
    ev add-note "note $i" -i 2 -r 'as asked'
    i=$((i + 1))
done
police ja json
is 'of the rest the first and the last' "$(table "$two" | jq -r '.[2]' | tr '\n' ' ' | sed 's/\(注記 \)\1*/注記 /g')" \
    '収集開始 収集完了 封印 (ほか61件は管理記録にあります) 持ち出し 返却 注記 (ほか5件は管理記録にあります) 注記 '
is '… not more than people read' "$(table "$two" | wc -l)" 62

mkdir -p "$IR_HOME/casefiles/templates"
own=$IR_HOME/casefiles/templates/own.yml
printf 'id: own\ntitle: Own\nblocks:\n  - table: tasks\n    by: state\n    columns: [{en: Task, value: "{title}"}]\n' >"$own"
status 0 'tasks' task add "$no" one
status 0 'a table by another column' report "$no" own -o md
prints '### open'
sed -i 's/by: state/by: nothing/' "$own"
status 2 'by a column that is none' report "$no" own -o md
says 'own.yml'
says 'there is no column of this name'
rm "$own"

mv "$IR_HOME" "$TMPDIR/moved"
IR_HOME=$TMPDIR/moved
police en json
is 'the workspace was moved' "$(table "$one" | wc -l)" 7
log=$IR_HOME/evidence/$no/custody/log.jsonl
sql "UPDATE exhibit SET seal = replace(seal, substr(seal, 1, 1), 'x') WHERE item = '$two'"
police en json
is 'a log that names another seal is not of this exhibit' "$(table "$two" | wc -l)" 0
ok '… which is said' jq -e --arg i "$two" 'any(.blocks[]; .items == [$i])' "$TMPDIR/out"
is '… the other is' "$(table "$one" | wc -l)" 7
cp "$log" "$TMPDIR/log"
sed -i '2s/office/Office/' "$log"
police en json
says 'this custody log cannot be used'
ok 'a log whose chain is broken' jq -e --arg i "$one" --arg k "$two" 'any(.blocks[]; .items == [$i, $k])' "$TMPDIR/out"
cp "$TMPDIR/log" "$log"
sql "UPDATE exhibit SET path = '../../etc/passwd' WHERE item = '$one'"
police en json
ok 'a path that leads nowhere' jq -e --arg i "$one" --arg k "$two" 'any(.blocks[]; .items == [$i, $k])' "$TMPDIR/out"
plan
