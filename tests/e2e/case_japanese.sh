#!/bin/sh
# The lists of casework as a Japanese reader sees them: words of the database in the right sense, and none left in
# English; mistakes answered by what there is, and where to look.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中 --zone +09:00 --organisation 見本商店
# A row of the list in "out" whose columns begin so.
row() { # NAME REGEX
    ok "$1" grep -qE "$2" "$TMPDIR/out"
}

if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    for list in list 'event list' alerts; do
        script -qec "$IR --lang ja case $list" /dev/null </dev/null 2>&1 | tr -d '\r' >"$TMPDIR/out"
        prints "ir case $list: 該当するものはありません"
    done
fi
status 0 'in a file nothing says so' list --lang ja
ok '… nor beside it' [ ! -s "$TMPDIR/err" ]
status 0 'a report' event add '見慣れないファイルがある' --reporter 花田
status 0 'what was it assessed as' decide 1 --lang ja
says 'まだ評価していません'
status 0 'an incident' decide 1 --outcome incident --level 大 --reason '侵入' --kind intrusion --actor 田中
status 0 'an action' act 1 --action '切り離した' --actor 佐藤
"$IR" scan tests/e2e/incident/logs --reference-time 2026-11-20 --min-level critical --output jsonl >"$TMPDIR/findings"
status 0 'findings' timeline import 1 --from "$TMPDIR/findings"
status 0 'on to recovery' phase 1 recover --step restore --override '業務を優先'
status 0 'the timeline' timeline list 1 --lang ja
row 'a report is a report, and no phase' '[0-9]  報告  +EVT-'
row 'an action' '[0-9]  対応  +1 '
row 'an entry by the name of its rule' '[0-9]  記録  +1 .* リバースシェル$'
row 'a change of phase' '段階の移行  .* 検知・初動対応 -> 復旧・再発防止 復旧$'
status 0 'in English as programs have it' timeline list 1 --lang en
row 'a change of phase' 'phase  .* detect -> recover restore$'
status 0 'for programs' timeline list 1 --lang ja -o jsonl
is 'words of the database' "$(jq -r 'select(.kind == "phase") | .title' "$TMPDIR/out")" 'detect -> recover restore'

status 0 'an exercise' review add --kind exercise --result 良好 --lang ja
is 'what was done is said' "$(cat "$TMPDIR/out")" 確認を記録しました
status 0 'reviews' review list --lang ja
row 'by their kind' '[0-9]  演習  '
status 0 'a report on the case' report 1 management --lang ja
status 0 'reports' report list 1 --lang ja
row 'a report for the management is no review' '^1 +management '
status 0 'statistics' stats --lang ja
for word in 検知 記録 判断 封じ込め 証拠保全 報告 復旧; do
    row "the time to $word" "^$word +[0-9]+ "
done
status 0 'a search' search 切り離した --lang ja
row 'what was found' '^CASE-[0-9]+-001  対応 '
status 1 'what is missing' close 1 --lang ja
row 'a cause' '^原因 '
row 'duties' '^報告義務 '

status 0 'a second case' open 別件
status 0 '… that was a part' merge 2 1 --reason 同じ侵入
status 0 'cases' list --lang ja
row 'one is closed' '^CASE-[0-9]+-002 .*  完了  '
# One thing has one name, in lists, reports and receipts.
ok 'an exhibit has one name' sh -c "! grep -rl 証拠物 tools/po/ja.po tools/man/ja casefiles"

fits() { # COLUMNS: of the widest line, where what takes more than two bytes is wide
    LC_ALL=C awk -v max="$1" '
        { n = 0; for (i = 1; i <= length($0); i++) { c = substr($0, i, 1)
            if (c < "\200") n++; else if (c >= "\340") n += 2; else if (c >= "\300") n++ }
          if (n > max) bad = 1 } END { exit bad }' "$TMPDIR/out"
}
# On a terminal of 80 columns a row is broken between its columns, in every row at the same.
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    status 0 'a long report' event add "$(printf '通販サイトの管理画面に見慣れない利用者が追加されていた%.0s' 1 2 3)" --reporter 花田
    for list in 'event list' 'alerts' 'contact list' 'list' 'timeline list 1' 'report list 1' 'review list'; do
        script -qec "stty cols 80; $IR --lang ja case $list" /dev/null </dev/null 2>&1 | tr -d '\r' >"$TMPDIR/out"
        ok "$list: no blank at an end, and none empty" sh -c "! grep -qE '^ *$| $' '$TMPDIR/out'"
    done
    for list in 'event list' 'list' 'duty 1'; do
        script -qec "stty cols 80; $IR --lang ja case $list" /dev/null </dev/null | tr -d '\r' >"$TMPDIR/out"
        ok "$list fits the terminal" fits 80
    done
    script -qec "stty cols 80; $IR --lang ja case event list" /dev/null </dev/null | tr -d '\r' >"$TMPDIR/out"
    row 'a heading below the first' '^    記録まで +ケース +内容$'
    row 'its value below it' '^    [0-9]+秒 +CASE-[0-9-]+  見慣れない'
    ok '… as in a file it is one line' [ "$("$IR" case event list --lang ja | wc -l)" = 3 ]
else
    skip 'on a terminal' 'no terminal can be made here (script, /dev/pts)'
fi

# A number that is none, and where they are.
status 2 'no such case' show 9 --lang ja
says '「9」という番号のケースはありません。一覧は ir case list で確認できます'
status 2 'no such report' event show 99
says "no report has the number '99': ir case event list"
status 2 'no such alert' decide ALR-2026-09999
says "no alert has the number 'ALR-2026-09999': ir case alerts"

# Kinds are told by what they mean; either is taken.
status 2 'no such kind' open x --kind ransomware --lang ja
says 'malware（ウイルス感染）, intrusion（不正アクセス）'
status 2 'in English' open x --kind ransomware
says 'malware, intrusion, destruction'
status 0 'in words' open x --kind ウイルス感染 --lang ja

# What cannot be is no fault of the file that the cases are in.
status 2 'a day to come' event add x --noticed 2099-01-01
ok 'no path of a database' lacks 'ir.db' "$TMPDIR/err"

# A criteria table that is none is found when it is set, not on the night it counts.
command=init
status 2 'no such table' --yes --criteria tokyo3
says "no criteria table 'tokyo3'"
is 'the setting stays' "$(sql "SELECT value FROM setting WHERE id = 'criteria'")" tokyo-3
status 0 'one that is there' --yes --criteria tokyo-0-3
mkdir -p "$IR_HOME/casefiles/criteria"
sed 's/^id: .*/id: ours/' casefiles/criteria/tokyo-3.yml >"$IR_HOME/casefiles/criteria/ours.yml"
status 0 'one of our own' --yes --criteria ours
rm "$IR_HOME/casefiles/criteria/ours.yml"
command=case
status 0 'a report' event add x
status 2 'a table that is gone' decide 2 --outcome incident --level 大 --reason y --lang ja
says 'ir init --yes --criteria TABLE'
plan
