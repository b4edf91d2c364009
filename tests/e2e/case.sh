#!/bin/sh
# Casework from the first report on: the workspace, reports, cases, and the proof that nothing was changed past the
# audit trail.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
command='case event'
status 2 'a report without a workspace' add 'something odd'
says 'ir init makes it'
ok 'nothing was made' [ ! -e "$IR_HOME" ]
command=''
status 0 'a workspace' init --yes --role lead=田中 --organisation 'テスト商事 <b>' --zone +09:00
status 2 'a zone that is none' init --yes --zone Mars
is 'nobody else may read it' "$(stat -c %a "$IR_HOME/ir.db")" 600

command='case event'
status 0 'C68-1: a report in one line' add 画面が暗号化された --reporter 佐藤 --contact 内線12
prints 'EVT-'
printf 'Subject: \033[31m=cmd|x\r\n<script>\000\377' >"$TMPDIR/mail"
"$IR" case event add - --reporter "O'Brien" <"$TMPDIR/mail" >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'C68-1: a mail on stdin' $? 0
status 2 'an empty report' add ' '
status 0 'the list' list
prints '画面が暗号化された'
prints 'undecided'
ok 'control characters are made visible' grep -qF '\x1b[31m' "$TMPDIR/out"
"$IR" case event list -o jsonl >"$TMPDIR/out"
is 'two reports, and what was no UTF-8 is marked' "$(jq -rs 'length, (.[1].text | explode | map(select(. == 65533)) | length)' "$TMPDIR/out" | tr '\n' ' ')" '2 2 '

command='case'
status 0 'a case' open ランサムウェアの疑い --event 1 --kind malware --lead 田中
year=$(TZ=JST-9 date +%Y)
is 'its number' "$(sed -n 's/.* //p' "$TMPDIR/out")" "CASE-$year-001"
status 0 'a second one' open 'Second' -o jsonl
is 'its number' "$(jq -r .no "$TMPDIR/out")" "CASE-$year-002"
status 2 'of a report that is not there' open Third --event 77
says "no report has the number '77': ir case event list"
status 0 'a case by its short number' show 1
prints 'ランサムウェアの疑い'
for said in "$year-001" "CASE-$year-001"; do
    status 0 "a case as $said" show "$said"
    prints "CASE-$year-001"
done
status 2 'a pattern is no number' show '%'
is 'the failed one left nothing' "$("$IR" case list -o jsonl | wc -l)" 2

echo x >"$TMPDIR/mail.eml"
status 0 'C68-1: the name of a file' event add "$TMPDIR/mail.eml" --reporter 佐藤
says "ir case event add - <$TMPDIR/mail.eml"

status 0 'C28-4: whole' verify
head=$(sed -n 's/^head *//p' "$TMPDIR/out")
status 0 'C28-4: with the head that was kept' verify --head "$head"
sqlite3 "$IR_HOME/ir.db" "UPDATE incident SET lead = 'x' WHERE no LIKE '%001'" 2>"$TMPDIR/err" || cat "$TMPDIR/err"
status 3 'C28-4: a change past the trail' verify
prints 'lead'
status 2 'a head that is none' verify --head 7:abc

# Read-only medium, full disk, damage.
cp "$IR_HOME/ir.db" "$TMPDIR/copy.db"
chmod 555 "$IR_HOME" && chmod 444 "$IR_HOME/ir.db"
rm -f "$IR_HOME"/ir.db-*
status 0 'a medium that cannot be written: reading' list
if [ "$(id -u)" != 0 ]; then status 4 'a medium that cannot be written: writing' event add x; fi
chmod 755 "$IR_HOME" && chmod 600 "$IR_HOME/ir.db"
head -c 5000 "$TMPDIR/copy.db" >"$IR_HOME/ir.db"
status 4 'a database that was cut' list
plan
