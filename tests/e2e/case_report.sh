#!/bin/sh
# Reports of a case: from one set of facts, in two languages and three forms, the same bytes each time; what is unknown
# is marked, what changed is told, and nothing of a value becomes markup.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中 --organisation 'テスト商事' --zone +09:00
"$IR" case role set chief 阿部 --deputy >"$TMPDIR/out"
status 0 'a case' open ランサムウェアの疑い --kind malware --lead 田中 --level large
status 2 'a kind that is none' report 1 manager
says 'management'
status 2 'a case that is none' report 77 management

# Every kind, language and form, of a case of which nothing is known.
for kind in management ppc-sokuho ppc-kakuho honnin technical police customer isms; do
    for lang in ja en; do
        for form in html md json; do
            status 0 "C26-1: $kind, $lang, $form" report 1 "$kind" -o "$form" --lang "$lang"
            [ "$form" != json ] || ok '… is JSON' jq -e '."ir.kind" == "case_report" and (.blocks | length > 0)' "$TMPDIR/out"
        done
    done
done
# What a duty names can be made, and asks for each of its items by a fact or a list.
sed -n 's/^template: //p' casefiles/duties/*.yml | sort -u >"$TMPDIR/kinds"
while read -r kind; do
    status 0 "C26-3: the draft of a duty: $kind" report 1 "$kind" -o md --lang ja
done <"$TMPDIR/kinds"
status 0 'C26-3: the common form' report 1 common-ransomware -o md --lang ja
for word in ランサムノート 暗号化されたファイルの拡張子 ランサムウェアの類型 侵入方法 '特徴(インディケータ)'; do prints "$word"; done
status 0 'C26-3: … of DDoS' report 1 common-ddos -o md --lang ja
for word in T1498 Gbps pps 継続時間 実施した対策; do prints "$word"; done
status 0 'C26-3: IPA, unauthorised access' report 1 ipa-access -o md --lang ja
for word in 発見年月日 被害を受けた機器等 設置環境 接続形態図 発見契機; do prints "$word"; done
status 0 'C26-3: IPA, malware' report 1 ipa-virus -o md --lang ja
for word in 'ウイルス名称(症状)' '発見場所(機器)' 環境情報 発見方法 推定される感染経路 被害状況; do prints "$word"; done
status 0 'C26-3: JPCERT/CC' report 1 jpcert -o md --lang ja
for word in タイムゾーン NTPによる同期 時刻誤差; do prints "$word"; done
status 0 'C26-3: the first-report sheet' report 1 meti-first -o md --lang ja
for word in インシデントの分類 事業分類 事業者名 連絡先 発生日 発覚日 事案の公表; do prints "$word"; done
eleven=$(grep -oE '^\| [0-9]+ [^|]*\| [^|]* \|' "$TMPDIR/out" | grep -oE '^\| [0-9]+' | tr -dc '0-9\n' | tr '\n' ' ')
is '… its items in their order' "$eleven" '1 2 3 4 5 6 7 8 9 10 11 '
for item in 9 10 11; do prints "| 付録C 項目$item | meti.item$item |"; done
status 0 'the kind of the case is its class' set 1 --kind intrusion
status 0 'an item that was looked up' fact set 1 'meti.item9=<b>x</b>' --confidence confirmed
status 0 'C26-3: the first-report sheet, in English' report 1 meti-first -o md --lang en
prints '| 1 Type of incident | Unauthorised access | — | — |'
prints '| 9 (as named in Appendix C) | \<b\>x\</b\> | confirmed | — |'
ok '… no longer missing' lacks 'meti.item9 |' "$TMPDIR/out"
# For the Commission the common form needs the rest of its nine items, unless no personal data is concerned.
for kind in common-ransomware common-ddos; do
    status 0 "C26-3: $kind, personal data unknown" report 1 "$kind" -o md --lang ja
    for item in data_items persons cause secondary_harm response_to_persons other; do prints "| $item |"; done
    status 0 '… none' fact set 1 personal_data=no
    status 0 "C26-3: $kind, no personal data" report 1 "$kind" -o md --lang ja
    prints '該当なし'
    ok '… nothing of it is missing' lacks '| secondary_harm |' "$TMPDIR/out"
    status 0 '… unknown again' fact set 1 personal_data=unknown
done
status 0 '速報 of nothing known' report 1 ppc-sokuho -o md
prints '| 人数 | 未把握 | — | — |'
prints '## 確報までに把握が必要な項目'
nine=$(grep -oE '^## [1-9] ' "$TMPDIR/out" | tr -dc 1-9)
ok "the nine items in their order: $nine" [ "$nine" = 123456789 ]
status 0 'in English' report 1 ppc-sokuho -o md --lang en
prints '| Persons | not known yet | — | — |'
status 0 '確報 that cannot be sent yet' report 1 ppc-kakuho -o md
prints '提出できません'

# Facts, then the difference between the two.
status 0 'what waits comes first, with the level in words' report 1 management -o md --lang ja
prints '最高責任者(代行)'
prints '被害レベル: 大'
status 0 'facts' fact set 1 persons=1001 cause=不正アクセス --confidence probable --evidence EV-1
status 0 '速報' report 1 ppc-sokuho -o md --lang ja
prints '| 人数 | 1,001 | 推定 | EV-1 |'
sleep 0.01
status 0 'a fact that changes' fact set 1 persons=2500 --confidence confirmed
status 0 '確報' report 1 ppc-kakuho -o md
grep -F '| 本人の数 |' "$TMPDIR/out" >"$TMPDIR/persons"
ok 'the difference tells before and now' grep -qF '| 本人の数 | 1,001(推定) | 2,500 |' "$TMPDIR/persons"
lines=$(sed -n '/速報からの変更点/,$p' "$TMPDIR/out" | grep -c '^| .* |$')
ok "and nothing that did not change: $lines lines" [ "$lines" = 3 ]

# What templates ask for is no mistyped fact of the duties.
grep -rhoE --exclude=words.yml 'fact(: |[.])[a-z0-9_.]+' casefiles/templates | sed -E 's/fact(: |[.])//' | sort -u | grep -vx aware_at |
    sed 's/$/=unknown/' | tr '\n' '\0' >"$TMPDIR/facts"
ok 'the facts of the templates can be set' xargs -0 "$IR" case fact set 1 <"$TMPDIR/facts"
status 2 'a mistyped one' fact set 1 overvew=x

# People read words, not the names that programs go by: each fact that is asked for has one in both languages.
{
    tr '\0' '\n' <"$TMPDIR/facts" | sed 's/=unknown//'
    grep -rhoE '\{fact: [a-z_]+' casefiles/duties | sed 's/.* //'
} | sort -u >"$TMPDIR/names"
bare=$(while read -r name; do
    grep -qE "^  fact\.$name: \{en: .+, ja: .+\}$" casefiles/templates/words.yml || echo "$name"
done <"$TMPDIR/names")
ok "each fact has a name in words: $bare" [ -z "$bare" ]
status 0 'all facts in words' report 1 technical -o md
prints '| 本人の数<br>persons |'
ok '… and no fact by its id alone' [ "$(grep -cE '^\| [a-z_.\]+ \|' "$TMPDIR/out")" = 0 ]
status 0 'what is missing, in words that stand alone' report 1 ppc-kakuho -o md
prints '| 原因の詳細 | cause.detail |'

# The same bytes: again, in another zone and locale, and out of the file.
"$IR" case report 1 technical >"$TMPDIR/one"
TZ=America/New_York LC_ALL=de_DE.UTF-8 "$IR" case report 1 technical >"$TMPDIR/two"
ok 'the same bytes in another zone and locale' cmp "$TMPDIR/one" "$TMPDIR/two"
no=$("$IR" case report list 1 -o jsonl | jq -s 'map(select(.kind == "technical" and .format == "html" and .language == "ja")) | last | .no')
"$IR" case report show 1 "$no" >"$TMPDIR/two"
ok 'it is kept as it was made' cmp "$TMPDIR/one" "$TMPDIR/two"
sum=$("$IR" case report list 1 -o jsonl | jq -r "select(.no == $no).sha256")
ok 'with its digest' [ "$sum" = "$(sha256sum <"$TMPDIR/one" | cut -d' ' -f1)" ]
status 2 'a report that is none' report show 1 999
cp "$IR_HOME/ir.db" "$TMPDIR/copy.db"
status 0 'to a file' report 1 technical --out "$TMPDIR/file.html"
ok 'the same bytes in a file' cmp "$TMPDIR/one" "$TMPDIR/file.html"
status 2 'as of a time before the case' report 1 ppc-sokuho -o md --at 2000-01-01T00:00:00Z
says 'not opened yet'
differ() { ! cmp -s "$1" "$2"; }
# Later changes of rows (and not only later rows) do not reach into a report of the past.
status 0 'a task' task add 1 'call the bank' --owner 鈴木
status 0 'a lesson' lesson add 1 'train the staff' --cost 100
status 0 'a duty' duty aware 1 2026-11-18 --actor 田中
status 0 'facts of it' fact set 1 personal_data=yes persons=1500
for kind in management technical isms; do
    status 0 "then: $kind" report 1 "$kind" -o md
    cp "$TMPDIR/out" "$TMPDIR/then.$kind"
done
then=$("$IR" case report list 1 -o jsonl | jq -rs 'last.as_of')
sleep 0.01
status 0 'the task is done' task 'done' 1 1 --result 'spoke to them'
status 0 'another' task add 1 'another'
status 0 'dearer' lesson change 1 1 --cost 999000 --state doing
status 0 'sent' duty sent 1 appi.sokuho --receipt R-1 --actor 田中
status 0 'another lead' assign 1 佐藤
status 0 'another role' role set chief 社長
status 0 'another fact' fact set 1 persons=9999
for kind in management technical isms; do
    status 0 "now: $kind" report 1 "$kind" -o md
    ok '… tells what changed' differ "$TMPDIR/out" "$TMPDIR/then.$kind"
    status 0 "as of then: $kind" report 1 "$kind" -o md --at "$then"
    ok '… is what was told then' diff "$TMPDIR/then.$kind" "$TMPDIR/out"
done
# A report is a further one when one was sent, not when one was drafted; who must hand something in sees until when.
status 0 'before it was sent' report 1 ppc-kakuho -o md --at "$then"
prints '| 新規・続報の別 | 新規 |'
status 0 'since it was sent' report 1 ppc-kakuho -o md
prints '| 新規・続報の別 | 続報 |'
prints '| 実施予定の再発防止策と時期 | 未把握 | train the staff |'
status 0 'a draft after that' report 1 ppc-sokuho -o md
status 0 'tells nobody anything' report 1 ppc-kakuho -o md
prints '| 実施予定の再発防止策と時期 | 未把握 | train the staff |'
status 0 'is needed' duty decide 1 appi.kakuho needed --reason '千人を超える' --actor 田中
status 0 'until when' report 1 management -o md
ok '… and how many days that leaves' grep -qE '個人情報保護委員会への確報 \| [0-9-]+ \| [0-9-]+ \| [0-9]+(日超過)? \| 要提出 \| 田中' "$TMPDIR/out"
status 0 'figures of people' fact set 1 loss_yen=2400000-15000000
status 0 'in groups' report 1 management -o md
prints '2,400,000～15,000,000'
status 0 'in English' report 1 management -o md --lang en
prints '2,400,000 to 15,000,000'
status 0 'a letter' report 1 honnin --lang en
ok '… dated as letters are' grep -qE '<p class=right dir=auto>[0-9]+ [A-Z][a-z]+ 20[0-9]{2}</p>' "$TMPDIR/out"
status 0 'made aware late' open --exercise 遅れた届出
status 0 '… of it' duty aware 2 2026-04-01 --actor 田中
status 0 '… of many' fact set 2 personal_data=yes persons=5000 --confidence confirmed
status 0 'what is overdue stands at the top' report 2 management -o md
line=$(sed -n '/^期限を過ぎ/=' "$TMPDIR/out")
ok '… above all headings' [ "${line:-99}" -lt "$(grep -n '^## ' "$TMPDIR/out" | head -n 1 | cut -d: -f1)" ]

# What a sheet does with them: dates and numbers stay whole, columns of sentences have room, a table of nine and more
# columns is across.
status 0 'a number within a sentence' fact set 1 'situation=電話 0120-000-000 で受け付け(2026-12-20 まで)'
status 0 'two columns of sentences' lesson add 1 'send all logs to another server and keep them' --root-cause 'logs could be deleted' --due 2027-01-31
status 0 'on a page' report 1 management
prints '<span class=n>0120-000-000</span>'
prints '<span class=n>2026-12-20</span>'
prints_not 'A4 landscape'
ok 'no heading of one word is torn' grep -q '<th scope=col class=n>休日の繰下げ後<' "$TMPDIR/out"
status 0 'a draft with much that nobody knows' report 1 ppc-sokuho
prints "<td class='n e' dir=auto>—</td>"
prints '.facts td.e:nth-child(n+3){display:none}'
status 0 'side by side' report 1 isms
cells=$(grep -oE "<th scope=col class='g w[0-9]+'>(根本原因|処置方法)<" "$TMPDIR/out" | grep -oE 'w[0-9]+' | tr '\n' ' ')
ok "… each has a fifth at least: $cells" [ "$(echo "$cells" | tr ' ' '\n' | grep -cE '^w(1[89]|[2-6][0-9])$')" = 2 ]
prints '<th scope=row dir=auto>'

# Hostile values.
evil=$(printf '<script>alert(1)</script>"\047&{case.no}|=cmd|\342\200\256\033[31m\n# head\n- x\n')
status 0 'hostile facts' fact set 1 "overview=$evil" "summary=$evil" "effect==cmd|' /C calc'!A0" --confidence possible
status 0 'hostile rows' task add 1 "$evil"
for kind in management ppc-sokuho technical honnin; do
    status 0 "hostile: $kind" report 1 "$kind"
    ok '… no markup of a value' lacks '<script' "$TMPDIR/out"
    ok '… no control character' lacks "$(printf '\033')" "$TMPDIR/out"
    ok '… no mark that turns the text' lacks "$(printf '\342\200\256')" "$TMPDIR/out"
    ok '… a value is not filled in again' grep -qF '{case.no}' "$TMPDIR/out"
    status 0 "hostile: $kind in Markdown" report 1 "$kind" -o md
    sed 's/\\[\\<#]//g' "$TMPDIR/out" >"$TMPDIR/bare"
    ok '… no markup of a value' lacks '<script' "$TMPDIR/bare"
    ok '… no heading of a value' lacks '# head' "$TMPDIR/bare"
    ok '… no control character' lacks "$(printf '\033')" "$TMPDIR/out"
    status 0 "hostile: $kind in JSON" report 1 "$kind" -o json
    ok '… the value itself' jq -e '[.facts[] | select(.name == "overview" or .name == "summary") | .value | contains("<script>alert(1)</script>")] | any' "$TMPDIR/out"
done
head -c 10000000 /dev/zero | tr '\0' x >"$TMPDIR/long"
status 0 'a long fact' fact set 1 "scope=$(head -c 100000 "$TMPDIR/long")"
status 0 'a report stays short' report 1 technical
ok '… and says that it was cut' grep -q 'x…' "$TMPDIR/out"
ok '… 60 kB at most' [ "$(wc -c <"$TMPDIR/out")" -lt 60000 ]

# An exercise.
status 0 'an exercise' open 訓練 --exercise
for form in html md json; do
    status 0 "C24-4: its report, $form" report 2 management -o "$form"
    prints 'EX-CASE-'
    [ "$form" = json ] || prints '演習'
done
status 0 'in English' report 2 management --lang en
prints '<div class=water aria-hidden=true>EXERCISE</div>'
status 0 'the real one' report 1 management
prints_not 'EX-'

# Templates of the workspace.
mkdir -p "$IR_HOME/casefiles/templates"
mine=$IR_HOME/casefiles/templates/mine.yml
try() { # NAME LINE WHAT TEXT
    printf '%s\n' "$4" >"$mine"
    status 2 "a template: $1" report 1 mine
    says "mine.yml:$2:"
    says "$3"
}
top='id: mine
version: 1
title: My report
blocks:'
try 'that includes itself' 5 'holds itself' "$top
  - include: mine"
try 'a part that is not there' 5 'no such part' "$top
  - include: nowhere"
try 'a misspelt key' 6 'no key of this place' "$top
  - heading: x
    lvel: 3"
try 'an open brace' 5 'brace' "$top
  - text: 'a {case.no b'"
try 'a filter that is none' 5 'no filter' "$top
  - text: '{case.no|raw}'"
try 'a value that is none' 5 'no value' "$top
  - text: '{case.number}'"
try 'a column that is none' 7 'no value' "$top
  - table: timeline
    columns:
      - {en: x, value: '{nothing}'}"
try 'a list that is none' 5 'no list' "$top
  - list: sqlite_master
    item: '{name}'"
printf 'id: mine\ntitle: My report\nblocks:\n  - include: other\n' >"$mine"
printf 'id: other\nblocks:\n  - include: mine\n' >"$IR_HOME/casefiles/templates/other.yml"
status 2 'two that hold each other' report 1 mine
says 'holds itself'
rm "$IR_HOME/casefiles/templates/other.yml"
# Ten parts, each of which holds the next ten times.
for part in 1 2 3 4 5 6 7 8 9; do
    printf 'id: p%s\nblocks:\n' "$part" >"$IR_HOME/casefiles/templates/p$part.yml"
    for again in 1 2 3 4 5 6 7 8 9 10; do
        echo "  - include: p$((part + 1)) # $again" >>"$IR_HOME/casefiles/templates/p$part.yml"
    done
done
printf 'id: p10\nblocks:\n  - text: x\n' >"$IR_HOME/casefiles/templates/p10.yml"
printf '%s\n' "$top" '  - include: p1' >"$mine"
status 2 'parts that multiply' report 1 mine
says 'too many blocks'
status 0 'a template that is wrong keeps nobody from recording' fact set 1 cause=x
rm "$IR_HOME"/casefiles/templates/p*.yml
printf '%s\n' "$top" "  - text: '{{x} {case.no}'" "  - if: tasks" "    then: [{text: yes there are}]" >"$mine"
status 0 'one that is right' report 1 mine -o md
prints 'yes there are'
prints '{x} CASE'
printf 'id: management\nversion: 9\ntitle: Ours\nblocks:\n  - text: ours\n' >"$mine"
status 0 'one instead of that of ir' report 1 management -o md
prints '# Ours'
rm "$mine"

# The custody log of the case's evidence holds the head of the audit trail, once for each report that is made.
number=$("$IR" case list -o jsonl | jq -r 'select(.title == "ランサムウェアの疑い").no')
mkdir "$TMPDIR/src" && echo evidence >"$TMPDIR/src/file"
"$IR" evidence collect "$TMPDIR/src" --case "$number" --item 1 --actor 鈴木 --place Tokyo --reason test \
    --no-witness test >"$TMPDIR/out" 2>"$TMPDIR/err" || bad 'evidence'
log=$IR_HOME/evidence/$number/custody/log.jsonl
"$IR" case backup "$TMPDIR/before.db" >"$TMPDIR/out"
status 0 'a report of a case with evidence' report 1 police --actor 田中
status 0 'again, the same' report 1 police --actor 田中
ok 'C28-4: one line of the custody log' [ "$(jq -s 'map(select(.event == "report")) | length' "$log")" = 1 ]
ok 'C28-4: with the head' grep -qE '"case_audit_head":"[0-9]+:[0-9a-f]{64}"' "$log"

# The case says so in its own chain, and the evidence holds the head: the file of before the report, whole in itself,
# lacks the end of the trail.
status 0 'C28-4: whole' verify
cp "$IR_HOME/ir.db" "$TMPDIR/after.db"
rm -f "$IR_HOME"/ir.db-*
cp "$TMPDIR/before.db" "$IR_HOME/ir.db"
seq=$(sed -n 's/.*"case_audit_head":"\([0-9]*\):.*/\1/p' "$log" | tail -n 1)
status 3 'C28-4: a report that was anchored, then the trail cut off before it' verify -o jsonl
ok "C28-4: … names the change that is gone: $seq" jq -es "any(.[]; .seq == $seq)" "$TMPDIR/out"
cp "$TMPDIR/after.db" "$IR_HOME/ir.db"
rm -f "$IR_HOME"/ir.db-*
status 0 'C28-4: whole again' verify

# What a browser makes of it.
if ! sanitized && command -v chromium >/dev/null && command -v pdfinfo >/dev/null; then
    status 0 'for print' report 1 management --out "$TMPDIR/m.html"
    ok 'no script' lacks '<script' "$TMPDIR/m.html"
    chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --user-data-dir="$TMPDIR/chromium" \
        --print-to-pdf="$TMPDIR/m.pdf" "$TMPDIR/m.html" >/dev/null 2>"$TMPDIR/err"
    pages=$(pdfinfo "$TMPDIR/m.pdf" | sed -n 's/^Pages: *//p')
    ok "the management's report is two sheets at most: $pages" [ "${pages:-9}" -le 2 ]
    status 0 'the form to be filled by hand' report 1 first-response --lang en --out "$TMPDIR/f.html"
    chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --user-data-dir="$TMPDIR/chromium" \
        --print-to-pdf="$TMPDIR/f.pdf" "$TMPDIR/f.html" >/dev/null 2>"$TMPDIR/err"
    ok 'C28-3: … is one sheet' sh -c "pdfinfo '$TMPDIR/f.pdf' | grep -q '^Pages: *1$'"
else
    skip 'the sheets of the report' 'no chromium or pdfinfo, or for the plain build'
fi
plan
