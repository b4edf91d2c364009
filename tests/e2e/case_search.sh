#!/bin/sh
# Reports out of mails, and words found again in all of the case database.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中
mail() { # NAME: adds the mail in $TMPDIR/mail, shows it in $TMPDIR/out
    "$IR" case event add - <"$TMPDIR/mail" >"$TMPDIR/out" 2>"$TMPDIR/err"
    is "$1" $? 0
    no=$(sed -n 's/.* //p' "$TMPDIR/out")
    "$IR" case event show "$no" -o jsonl >"$TMPDIR/out" 2>>"$TMPDIR/err"
}
{
    printf 'Received: from x\r\n\tby y\r\nFrom: =?ISO-2022-JP?B?'
    printf '佐藤' | iconv -t ISO-2022-JP | base64 -w 0
    printf '?= <sato@example.co.jp>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0900 (JST)\r\nSubject: =?utf-8?B?'
    printf '画面が' | base64 -w 0
    printf '?=\r\n =?UTF-8?Q?=E6=9A=97=E5=8F=B7_x?=\r\nContent-Type: text/plain; charset="iso-2022-jp"\r\n\r\n'
    printf '身代金を要求されました。\n' | iconv -t ISO-2022-JP
} >"$TMPDIR/mail"
mail 'C68-1: a mail in ISO-2022-JP'
is 'its sender' "$(jq -r .reporter "$TMPDIR/out")" '佐藤 <sato@example.co.jp>'
is 'its date' "$(jq -r .noticed_at "$TMPDIR/out")" 2026-11-20T00:00:00.000Z
is 'its text' "$(jq -r .text "$TMPDIR/out" | tr '\n' '|')" '画面が暗号 x||身代金を要求されました。|'
ok 'C68-1: the time to record is known' [ "$(jq .record_s "$TMPDIR/out")" -ge 0 ]
printf 'From: a@example.jp\nSubject: parts\nDate: Wed, 31 Dec 2198 09:00:00 +0900\nContent-Type: multipart/mixed; boundary="=_b"\n\npreamble\n--=_b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n%s\n--=_b\nContent-Type: application/zip\n\nPK\n--=_b--\n' "$(printf 'こんにちは' | base64)" >"$TMPDIR/mail"
mail 'C68-1: a mail of several parts'
says '1 parts of the mail'
is 'its text' "$(jq -r .text "$TMPDIR/out" | sed -n 3p)" こんにちは
ok 'a date that lies ahead is not believed' lacks 2198 "$TMPDIR/out"
printf 'From: x\nSubject: =?utf-8?B?!!!?= =?none\nDate: 99 Foo 2026 25:61\nContent-Type: multipart/mixed; boundary=""\n\n\000\377--\n' >"$TMPDIR/mail"
mail 'C68-1: a damaged mail'
printf 'From: x\nSubject: deep\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\n--a--\n' >"$TMPDIR/mail"
mail 'C68-1: parts that hold themselves'
head -c 9000000 /dev/zero | tr '\0' x >"$TMPDIR/mail"
mail 'C68-1: nine megabytes in one line'
status 0 'the list of undecided reports' event list --undecided -o jsonl
is 'all of them' "$(wc -l <"$TMPDIR/out")" 5
status 0 'a decision' decide 1 --outcome near_miss --reason 訓練メール
status 0 'the list of undecided reports' event list --undecided -o jsonl
is 'one less' "$(wc -l <"$TMPDIR/out")" 4

# What was written is found: Japanese and English, long words and short ones.
status 0 'a case' open 'Ransomware on the file server' --level large
status 0 'a note in it' note add 1 "経理のPCから 10% \"AND\" <b>NEAR(x) =cmd|\$(id)"
command='case search'
status 0 'three letters' 身代金
prints '身代金を要求'
status 0 'two letters' 経理
prints 'CASE-'
prints 'note'
status 0 'any case of English letters' rANSOM
prints 'CASE-2026-001 / Ransomware on the file server / '
prints 'Ransomware on the file server'
status 0 'one letter and a word' PC 経理の
prints '経理のPC'
status 0 'words that do not stand together' 身代金 Ransomware
prints_not 身代金
status 0 'a decision is found' 訓練メール
prints decision
for word in '"AND"' 'NEAR(x)' '10%' '=cmd|' '<b>NEAR'; do
    status 0 "a word that looks like an operator: $word" "$word"
    prints 経理のPC
done
for word in '"' '*' 'a*' 'text:' '(' ') OR (' "'; DROP TABLE note; --" '%' '_' '^x' '-x' "$(printf '\033[31m')"; do
    status 0 "hostile words are data: $word" -- "$word"
done
status 2 'no words' ' '
status 0 'nothing was dropped' 経理の

# A word of any length: the index is asked for its beginning only, as a phrase of one letter many times over takes it hours.
command='case note'
half=$(printf 'あ%.0s' $(seq 1 4000))
long=$(printf 'あ%.0s' $(seq 1 9000))
for i in 1 2 3; do
    printf '%s%s' "$long" "$i" | "$IR" case note add 1 - >"$TMPDIR/out"
done
url='https://example.com/a/very/long/path/of/a/page/that/asks/for/a/password?id=1234567890'
status 0 'a long address' add 1 "it led to $url today"
command='case search'
ok 'a long word comes to an end' timeout 60 "$IR" case search "${half}2" -o jsonl
is '… and is found' "$(jq -r .no "$TMPDIR/said")" "$(sql "SELECT no FROM note WHERE text LIKE '%あ2'")"
ok 'also one that is nowhere' timeout 60 "$IR" case search "${half}い"
is '… and is not found' "$(cat "$TMPDIR/said")" ''
status 0 'a long word in other letters' "$(echo "$url" | tr '[:lower:]' '[:upper:]')" -o jsonl
is '… is found' "$(wc -l <"$TMPDIR/out")" 1
status 0 'a long word that ends otherwise' "${url}1"
is '… is not' "$(wc -c <"$TMPDIR/out")" 0

# C28-4: an index that was damaged, or from which something was taken, is told of and made anew.
broken() { # NAME SQL
    sqlite3 -cmd '.dbconfig defensive off' "$IR_HOME/ir.db" "$2"
    command=case
    status 3 "C28-4: $1" verify
    prints 'search index'
    status 0 'made anew' search --rebuild 経理の
    prints 経理のPC
    status 0 'C28-4: whole again' verify
    status 0 'and written to' note add 1 more
}
broken 'its lists are gone' 'DELETE FROM search_data; DELETE FROM search_content; DELETE FROM search_docsize'
broken 'a text of it was changed' "UPDATE search SET text = 'nothing' WHERE text LIKE '%経理の%'"
broken 'a row of it was taken out' "DELETE FROM search_row WHERE tbl = 'note'"
broken 'its head was changed' "UPDATE search_data SET block = x'00' WHERE id = 10"
status 2 'C28-4: no words' search
sqlite3 -cmd '.dbconfig defensive off' "$IR_HOME/ir.db" 'DELETE FROM search_data'
status 4 'C28-4: a search in what is damaged' search 経理の
says 'ir case search --rebuild'

plan
