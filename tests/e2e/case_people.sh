#!/bin/sh
# Planning (5.24, 5.5, 5.6): who answers, whom to call, and what ir init asks and says.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
command=init
status 2 'a language that is none' --yes --language fr
status 2 'hours that are none' --yes --hours 25:00-99:00
status 2 'a role that names nobody' --yes --role lead
ok 'nothing is left of it' [ "$(sql 'SELECT count(*) FROM setting')" = 0 ]
status 0 'a workspace' --yes --organisation '"<b>=cmd|' --hours 08:30-17:30 --actor 設定者
prints 'missing: who holds the role chief'
prints 'public desks were added, none is verified'
prints 'next: '
is 'C24-2: nobody holds a role who was not named' "$(sql 'SELECT count(*) FROM role')" 0
prints 'missing: who holds the role lead'
command=
status 2 'C24-2: so the first case asks who leads' case open x --lead '　'
says 'nobody leads the response'
command=init
is 'no desk counts as verified' "$(sql 'SELECT count(*), count(last_verified) FROM contact')" '8|0'
rows=$(sql 'SELECT count(*) FROM audit')
status 0 'run again' --yes
is 'it changes nothing' "$(sql 'SELECT count(*) FROM audit')" "$rows"
status 0 'run again for the roles' --yes --role 最高責任者=社長,03-0000-0000 --role 'lead=田中, tanaka@example.co.jp' --role first=鈴木 --deputy lead=佐藤
prints_not missing
is 'the zone stays' "$(sql "SELECT value FROM setting WHERE id = 'zone'")" +09:00
status 0 'another first responder' --yes --role first=高木
is 'as the trail tells' "$(sql "SELECT count(*) FROM audit WHERE tbl = 'role' AND fields LIKE '%ended_at%' AND action = 'update'")" 1
status 0 'and the one before' --yes --role first=鈴木

# C24-2: roles
command='case role'
status 0 'C24-2: the table of roles' list -o jsonl
is 'holders and deputies' "$(jq -sc 'map([.role, .as, .person, .means])' "$TMPDIR/out")" \
    '[["chief","holder","社長","03-0000-0000"],["lead","holder","田中","tanaka@example.co.jp"],["lead","deputy","佐藤",null],["first","holder","鈴木",null]]'
status 0 'a means for the same person' set first 鈴木 --means 090
is 'no second row' "$(sql "SELECT count(*) FROM role WHERE role = 'first' AND ended_at IS NULL")" 1
status 2 'nobody of that name' end lead 誰か
status 0 'C24-2: the lead leaves' end 対応責任者 田中
status 1 'C24-2: which the check tells' list
says '対応責任者'
command='case'
status 0 'C24-2: the deputy leads a case meanwhile' open Test
is 'as it says' "$(sql "SELECT lead FROM incident")" 佐藤
status 0 'another deputy' role set lead 一郎 --deputy
status 0 'C24-2: the deputy who was named first answers everywhere' playbook apply 1 phishing
is 'for the tasks' "$(sql "SELECT DISTINCT owner FROM task WHERE owner IN ('佐藤', '一郎')")" 佐藤
"$IR" case report 1 jpcert --lang ja -o json >"$TMPDIR/out" 2>/dev/null
ok 'in a report' grep -q 佐藤 "$TMPDIR/out"
ok 'in which the other is not' lacks 一郎 "$TMPDIR/out"
status 0 'who leaves' role end lead 一郎
status 0 'and leaves' role end lead 佐藤
status 0 'a report' event add x
status 2 'C24-2: no incident without somebody who leads' decide 1 --outcome incident --level 中 --reason y
says 'nobody leads the response'
status 2 'C24-2: no case either' open Second
is 'nothing was decided' "$(sql 'SELECT count(*) FROM decision')" 0
status 0 'C24-2: with one it is' decide 1 --outcome incident --level 中 --reason y --lead 高橋

# A blank of a Japanese keyboard, or what nobody can see, is no name.
blank=$(printf '\343\200\200\342\200\216 \302\240')
status 2 'C24-2: a lead of blanks' assign 1 "$blank"
status 2 'C24-2: a holder of blanks' role set chief "$blank"
status 2 'an actor of blanks' note add 1 x --actor "$blank"
status 2 'a title of blanks' open "$blank" --lead 高橋
status 2 'a report of blanks' event add "$blank"
status 0 'blanks around a name' assign 1 "　高橋 一郎　"
is 'are not part of it' "$(sql "SELECT lead FROM incident WHERE no LIKE '%-001'")" '高橋 一郎'

# C24-1: contacts
command='case contact'
status 1 'C24-1: nobody has verified the desks' list
prints 'never verified'
for no in 1 2 3 4 5 6 7 8; do "$IR" case contact verified $no >/dev/null || bad "verified $no"; done
status 0 'C24-1: all were called' list
status 0 'one of last year' verified 1 --on 2020-02-29
status 1 'C24-1: is listed' list
prints 'verified too long ago'
status 0 'unless that is good enough' list --max-age 100000
status 2 'a day that is none' verified 1 --on 2025-02-29
status 2 'no number of a contact' verified 0
says 'ir case contact list'
status 0 'a number as a Japanese keyboard writes it' verified １ --on 2020-02-29
status 2 'a day that lies ahead' verified 1 --on 2999-01-01
status 2 'a contact that is not there' verified 99
status 2 'a number that is none' end '1;--'
nth=9
for mail in 'a@b' 'a@b..jp' '@example.jp' 'a b@exa mple.jp' 'a@-x.jp' 'x@y@z.jp' 'a@example.j' 'crack@pa.go.jp' \
    'a@mail.x.CO.JP'; do
    status 0 "an address: $mail" add Test --means "$mail" --last-verified 2026-11-01
    "$IR" case contact list -o jsonl >"$TMPDIR/list"
    is 'C24-1: malformed' "$(jq -r "select(.no == $nth) | .check" "$TMPDIR/list")" 'a mail address is malformed'
    nth=$((nth + 1))
done
status 0 'addresses that are not' add Good --means '03-1234-5678, <taro.yamada+ir@mail.example.co.jp>' --url https://例え.jp/x
status 0 'a page that is none' add Bad --url 'javascript:alert(1)'
"$IR" case contact list -o jsonl >"$TMPDIR/list"
is 'C24-1: only the bad one' "$(jq -r "select(.no >= $nth) | .check" "$TMPDIR/list" | tr '\n' ,)" 'never verified,the URL is malformed,'
status 2 'a contact without a name' add ' '
status 0 'a change' change $nth --person "O'Brien" --hours ''
status 0 'no longer in use' end $((nth + 1))
status 2 'and gone from the list' change $((nth + 1)) --person x

# Import and export.
printf '\357\273\277組織名,種別,電話,メール,備考,色\r\n"株式会社ベンダー",vendor,03-1111-2222,a@vendor.example.jp,"改行\nと ""引用符""",赤\r\n=cmd|x,lawyer,+81-3-1,,,\r\n\r\n' >"$TMPDIR/utf8.csv"
status 0 'C24-1: a CSV file of a spreadsheet' import "$TMPDIR/utf8.csv" -o jsonl
is 'two' "$(jq -c . "$TMPDIR/out")" '{"added":2,"known":0}'
says "1 columns were left out, the first is '色'"
is 'both ways to reach them' "$(sql "SELECT means FROM contact WHERE kind = 'vendor'")" '03-1111-2222, a@vendor.example.jp'
sed 's/^\xef\xbb\xbf//' "$TMPDIR/utf8.csv" | iconv -f UTF-8 -t CP932 >"$TMPDIR/cp932.csv"
status 0 'the same in CP932' import "$TMPDIR/cp932.csv" -o jsonl
is 'is known' "$(jq -c . "$TMPDIR/out")" '{"added":0,"known":2}'
status 0 'C24-1: the register as CSV' export
cp "$TMPDIR/out" "$TMPDIR/first.csv"
prints "'=cmd|x"
ok 'no cell begins a formula' [ "$(grep -cE '(^|,)"?[=+@-]' "$TMPDIR/first.csv")" = 0 ]
rows=$(sql 'SELECT count(*) FROM audit')
status 0 'the export taken in again' import "$TMPDIR/first.csv"
is 'adds nobody' "$(sql "SELECT count(*) FROM audit WHERE seq > $rows AND action = 'insert'")" 0
status 0 'and out again' export
ok 'is the same' diff "$TMPDIR/out" "$TMPDIR/first.csv"
status 0 'for Excel' export --bom
is 'with its mark' "$(head -c 3 "$TMPDIR/out" | od -An -tx1 | tr -d ' ')" efbbbf
printf '種類,機関名,連絡手段\npolice,渋谷警察署,110\n' >"$TMPDIR/own.csv"
status 0 'the headings that the list prints' import "$TMPDIR/own.csv" --lang ja
is 'are known' "$(sql "SELECT kind || means FROM contact WHERE organisation = '渋谷警察署'")" police110
printf 'organisation,means\nTwin,1\nTwin,2\n' >"$TMPDIR/twins.csv"
status 0 'two rows that are alike' import "$TMPDIR/twins.csv"
status 0 'and again' import "$TMPDIR/twins.csv"
is 'stay two' "$(sql "SELECT group_concat(means) FROM contact WHERE organisation = 'Twin'")" 1,2
printf 'organisation,means\nA,"never ends\n' >"$TMPDIR/bad.csv"
status 2 'a quote that never ends' import "$TMPDIR/bad.csv"
says 'bad.csv:2: a quote that never ends'
printf 'a,b\n1,2\n' >"$TMPDIR/bad.csv"
status 2 'no column for the organisation' import "$TMPDIR/bad.csv"
printf 'organisation,last_verified\nGood,2026-01-01\nBad,2026-02-30\n' >"$TMPDIR/bad.csv"
status 2 'an impossible date' import "$TMPDIR/bad.csv"
says 'bad.csv:3'
is 'the good row is not taken either' "$(sql "SELECT count(*) FROM contact WHERE last_verified = '2026-01-01'")" 0
: >"$TMPDIR/bad.csv"
status 2 'an empty file' import "$TMPDIR/bad.csv"
command=''
status 0 'init takes the file as well' init --yes --contacts "$TMPDIR/utf8.csv"
status 0 'all of it is in the trail' case verify

# A list of everybody is none of whom to call; nobody waits until each was compared with all others.
before=$(sql 'SELECT count(*) FROM contact')
awk 'BEGIN { print "organisation"; for (i = 0; i < 100000; i++) print "Shop " i }' >"$TMPDIR/everybody.csv"
command=case
status 2 'a hundred thousand contacts' contact import "$TMPDIR/everybody.csv"
says 'more than 5000'
is 'none is taken' "$(sql 'SELECT count(*) FROM contact')" "$before"
plan
