#!/bin/sh
# The first-response record (18-4 初動記録票): a form whose fields are facts, that shows what is missing, and prints.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中 --organisation テスト商事 --zone +09:00
status 0 'a case' open 不審な通信 --lead 田中
command='case first-response'
status 2 'a case that is none' 9
status 0 'C28-3: the empty form' 1 --lang ja
fields=$(grep -c 未記入 "$TMPDIR/out")
ok "C28-3: 18 fields that are always asked (got $fields)" [ "$fields" = 18 ]
for word in 検知のきっかけ 時計の正確性 事案を知っている人 使用者 管理者 優先順位 メーカー 配線 破損 暗号化; do prints "$word"; done
prints_not 確保した人
status 0 'C28-3: filled' 1 kind=不正アクセス trigger=社員の通報 occurred_at=2026-11-18T00:20+09:00 'clock=NTPで同期、誤差1秒未満' \
    'informed=田中、佐藤(2名)' first.secured=yes 'secured_by=佐藤(情報システム課長)' --actor 佐藤 --confidence confirmed --lang ja
prints '残り 16 件'
status 0 'C28-3: what is secured is asked where, when, what' 1 -m --lang ja
for word in 確保した日時 確保した場所 確保時に行ったこと 確保後に行ったこと; do prints "$word"; done
prints_not 検知のきっかけ
prints_not 確保の予定
status 0 'C28-3: what is not secured, until when' 1 secured=no
status 0 'C28-3: … and where' 1 --lang ja
for word in 確保の予定日時 確保の予定場所 対象物の現在の状態; do prints "$word"; done
prints_not 確保した人
"$IR" case fact list 1 -o jsonl >"$TMPDIR/out"
ok 'C28-3: facts of the case' jq -es 'any(.[]; .name == "first.trigger" and .value == "社員の通報" and .stated_by == "佐藤" and
    .confidence == "confirmed")' "$TMPDIR/out"
status 0 'C28-3: for programs' 1 -o jsonl
ok 'C28-3: … what is empty is null' jq -es 'any(.[]; .name == "kind" and .value == "不正アクセス") and any(.[]; .name == "labels" and .value == null)' "$TMPDIR/out"
status 2 'a field that is none' 1 triger=x
says 'no such field'
status 2 'a value that hides the fields that follow' 1 'secured=yes, by Sato'
status 2 'no value' 1 trigger
status 2 'one wrong field, and nothing is recorded' 1 labels=x nothing=y
"$IR" case first-response 1 -o jsonl >"$TMPDIR/out"
ok '… nothing' jq -es 'any(.[]; .name == "labels" and .value == null)' "$TMPDIR/out"

# Printed.
command='case report'
status 0 'C28-3: the record' 1 first-response -o md --lang ja
prints '# 初動記録票'
prints '| 検知のきっかけ | 社員の通報 |'
prints '| インシデントの種類 | 不正アクセス |'
prints '| 優先順位 | 未把握 |'
prints '| 発生日時 | 2026-11-18 00:20:00+09:00 |'
status 0 'C28-3: in English' 1 first-response -o md --lang en
prints '# First-response record'
prints '| In which order | not known yet |'
"$IR" case first-response 1 "labels=<b>'\"=cmd|$(printf '\342\200\256\033[31m')" >"$TMPDIR/out" 2>&1
status 0 'hostile values' 1 first-response
prints_not '<b>'
ok '… no control character' lacks "$(printf '\033')" "$TMPDIR/out"
plan
