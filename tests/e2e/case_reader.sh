#!/bin/sh
# Reports as their readers need them: the conclusion first from what the database holds, in the reader's language, and
# letters that may leave the house.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --organisation 株式会社テスト商事 --zone +09:00 --role lead=田中,03-1111-2222 --role chief=森
rule=$(sed -n 's/^id: //p' rules/database/dump.yml | head -n 1)
title=$(sed -n 's/^title_ja: //p' rules/database/dump.yml | head -n 1)
printf '{"ir.kind":"finding","rule":{"id":"%s","title":"English","level":"high"},"entity":{},"origin":[{"sha256":"aa"}],"count":1}\n' \
    "$rule" >"$TMPDIR/finding"
status 0 'an alert' alerts file "$TMPDIR/finding"
status 0 'a report' event add 'ファイルが開けない' --actor 佐藤
status 0 'is an incident' decide 1 -O incident -c customers -m '注文データが暗号化された' -k malware --title 暗号化 --actor 田中
status 0 'so is the alert' decide ALR-"$(TZ=JST-9 date +%Y)"-00001 -O incident --case 1 -m 同じ攻撃 --actor 田中
status 0 'what is known' fact set 1 'overview=共有ファイルが暗号化された' 'effect=受注業務が停止' persons=1200 improper_purpose=yes personal_data=yes
status 0 'known since' duty aware 1 "$(TZ=JST-9 date +%Y-%m-%d)" --actor 田中
status 0 'an act' act 1 --action LANから切り離した --target fs1 --actor 佐藤
status 0 'a machine' asset add 1 fs1 --type server --role victim
status 0 'an indicator' ioc add 1 203.0.113.77
status 0 'a measure' lesson add 1 VPN装置を更新する --due 2027-01-31
report() { # KIND ARGUMENTS...
    status 0 "C26-1: $*" report 1 "$@" -o md --actor 田中
    sed -i 's/\\//g' "$TMPDIR/out"
}

report management --lang ja
ok 'the conclusion stands first' [ "$(sed -n '/^# /,/^## /p' "$TMPDIR/out" | grep -c '共有ファイルが暗号化された\|受注業務が停止')" = 2 ]
prints '第1報'
prints '作成者 田中'
prints '判断理由: 注文データが暗号化された'
prints '| 報告受付 | ファイルが開けない |'
prints '| 判断 | 注文データが暗号化された |'
prints '| 対応 | LANから切り離した (fs1) |'
prints '対応責任者: 田中 (03-1111-2222)'
where() { grep -n "$1" "$TMPDIR/out" | cut -d: -f1; }
ok 'duties abroad come last' [ "$(where '^海外の法令')" -gt "$(where '取引先への連絡' | tail -n 1)" ]
prints_not '(—)'
status 0 'somebody there is concerned' fact set 1 eu_persons=yes
report management --lang ja
prints '第2報'
ok 'then they stand among the others' [ "$(grep -n 'GDPR 33条 監督' "$TMPDIR/out" | cut -d: -f1)" -lt "$(grep -n '連絡体制' "$TMPDIR/out" | cut -d: -f1)" ]
report management --lang en
prints 'Report no. 2'
prints '| done | LANから切り離した (fs1) |'
report ppc-sokuho
prints '| 氏名又は名称 | 株式会社テスト商事 |'
prints '| 事務連絡者 | 田中 03-1111-2222 |'
prints '| 新規・続報の別 | 新規 |'
prints 'VPN装置を更新する (2027-01-31)'
report police --lang ja
prints '| 名称 | 株式会社テスト商事 |'
for word in '| server |' '| active |' 'system clock' '| ip |'; do prints_not "$word"; done
prints '| サーバー |'
report technical --lang ja
prints "| $title |"
prints_not English
report technical --lang en
prints English

# Letters: neither classification nor number of the house, and what they lack is told.
for kind in customer honnin; do
    for lang in ja en; do
        report $kind --lang $lang
        prints_not TLP
        prints_not CASE-
        says inquiry_contact
        prints_not 未把握
    done
    status 0 "C26-1: $kind as a page" report 1 $kind --lang ja
    prints_not TLP
    prints_not CASE-
    prints '【送付前に記入してください】'
done
status 0 'all that they need' fact set 1 inquiry_contact='03-3333 <b>' effect_on_customers=x advice_to_customers=y advice_to_persons=z \
    data_items=氏名 --confidence confirmed
for kind in customer honnin; do
    report $kind --lang ja
    ok 'nothing is lacking' [ ! -s "$TMPDIR/err" ]
    prints '年'
    prints_not '送付前'
done

# A kind as its title says it.
status 0 'C26-1: by a word of its title' report 1 経営者 --lang ja -o md
prints 経営者向け
status 2 'C26-1: a word of several titles' report 1 速報 --lang ja
says 'mynumber-sokuho'
says '個人情報保護委員会への報告'
status 2 'C26-1: no word of any' report 1 '<x>' --lang ja
says 'インシデント報告書'

# C25-1: what the program prints in Japanese it takes in Japanese, in digits of any width.
ja() { # WANT NAME ARGUMENTS...
    want=$1 what=$2
    shift 2
    status "$want" "$what" "$@" --lang ja --actor 田中
}
status 0 'another report' event add '別の報告'
year=$(TZ=JST-9 date +%Y)
ja 0 'C25-1: outcome and criterion' decide "EVT-$year-3" -O インシデント -c 顧客 -m x -k 不正アクセス
ok 'are those of the data' [ "$(sql "SELECT d.outcome || d.criteria || i.kind FROM decision d, incident i ORDER BY d.decided_at DESC, i.no DESC LIMIT 1")" = \
    'incident["customers"]intrusion' ]
ja 2 'a criterion that several have' decide ３ -O インシデント -c 影響 -m x
command=case
status 0 'C26-2: numbers without zeros' show "CASE-$year-1"
ja 0 'C26-2: a phase' phase 1 報告
ja 1 'C26-2: the gate' phase １ 復旧
ja 2 'a duty that several are called' duty sent 1 速報 --receipt R-1
says 'mynumber.sokuho'
ja 0 'C26-3: a duty by its name' duty sent 1 個人情報保護委員会への速報 --receipt R-1
ok 'is its id' [ "$(sql "SELECT duty FROM duty WHERE receipt_no = 'R-1'")" = appi.sokuho ]
ja 0 'C26-3: facts' fact set 1 personal_data=はい sensitive=なし pmark=いいえ my_number=不明 persons=約１，００１名
ok 'yes, no, unknown' [ "$(sql "SELECT group_concat(ifnull(value, '-'), ' ') FROM (SELECT value FROM fact WHERE name IN ('personal_data', 'sensitive', 'pmark', 'my_number') ORDER BY stated_at DESC, name DESC LIMIT 4)")" = \
    'no no yes -' ] || sql 'SELECT name, value FROM fact' >"$TMPDIR/err"
states() { # PERSONS
    "$IR" case duty preview --aware 2026-04-01 -f "persons=$1" -f personal_data=yes -f sensitive=no -f financial_harm=no \
        -f improper_purpose=no -f encrypted=no -o jsonl 2>&1 | jq -r '.id + .state'
}
ok 'C26-3: a number as it is said is that number' [ "$(states 約１，００１名)" = "$(states 1001)" ]
ok 'C26-3: and no other' [ "$(states 1000人)" != "$(states 1001)" ]
ok 'C26-3: so is a range' [ "$(states ５００～１５００名)" = "$(states 500-1500)" ]
for bad in persons=10kg persons=約 persons=名 persons=1000-5 'persons=１００１－'; do
    ja 2 "a number that is none: $bad" fact set 1 "$bad"
done
ja 0 'C26-1: a task' task add 1 電話する --phase '検知・初動対応'
# What lists call things is what reports call them.
look() { # WANT NAME ARGUMENTS...
    want=$1 what=$2
    shift 2
    status "$want" "$what" "$@" --lang ja
}
look 0 'C16-1: alerts' alerts
prints "$title"
status 0 'C16-1: as data' alerts -o jsonl
ok 'C16-1: stay what they are' [ "$(jq -r .title "$TMPDIR/out")" = English ]
sed "s/\"English\"/\"$(sed -n 's/^title: //p' rules/database/dump.yml | head -n 1)\"/; s/aa/bb/" "$TMPDIR/finding" >"$TMPDIR/second"
status 0 'another' alerts file "$TMPDIR/second"
look 1 'C25-2: what waits' undecided --older-than 0h
prints "$title"
look 0 'C26-1: who did it' act list 1
prints '実施者'
look 0 'C26-1: who made it' report list 1
prints '作成者'
look 0 'C27-2: what is not closed' stats
prints '未完了'
prints_not '未封印'
status 0 'C28-3: how sure it is' fact set 1 cause=x --confidence probable --actor 田中
look 0 'C28-3: in the words of reports' fact list 1
prints '推定'
ja 0 'C28-3: which are taken' fact set 1 cause=x --confidence 推定 --actor 田中
look 0 'an indicator in use' ioc list 1
prints '有効'
plan
