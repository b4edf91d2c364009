#!/bin/sh
# Dates as people in Japan write them, wherever a date or a time is asked for: of an era, with kanji, of full width; what
# is no day, or could be several, is refused with its reason and changes nothing.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --organisation O --role lead=T --zone +09:00
status 0 'a case' open 'x'
due() { # DATE
    "$IR" case duty preview --aware "$1" -o jsonl | jq -r 'select(.id == "appi.kakuho") | .due_strict'
}
for d in 2026-04-01 令和8年4月1日 R8.4.1 2026年4月1日 2026/4/1 '２０２６年４月１日（水）' '令和8年4月1日 午後11時半'; do
    is "C26-3: 30 days from $d" "$(due "$d")" 2026-04-30
done
for d in 11月20日 平成31年5月1日 令和8年2月29日 8/11/20 '令和8年4月1日(木)' '2026年4月1日 午後12時' 2026年4月; do
    status 2 "no date: $d" duty preview --aware "$d"
    status 2 "nor in Japanese" duty preview --aware "$d" --lang ja
    ok 'which says why, in Japanese' grep -q "^ir case duty preview: --aware: .*: .*\(です\|くだ\|せん\)" "$TMPDIR/err"
done
status 2 'of which year?' duty aware 1 4月1日 --actor T
says 'of which year'
status 2 'an era that had ended' duty aware 1 平成31年5月1日 --actor T
says '令和 from 2019-05-01'
status 0 'C26-3: known since' duty aware 1 '令和8年4月1日 午前9時30分' --actor T
is 'which is kept as a date' "$(sql "SELECT value FROM fact WHERE name = 'aware_at'")" 2026-04-01
status 0 'when it was noticed' event add 'mail' --noticed 令和8年11月20日9時30分 --actor T
is 'on the clock of the organisation' "$(sql 'SELECT noticed_at FROM event')" 2026-11-20T00:30:00.000Z
status 0 'what was done' act 1 --action x --at '2026年11月20日（金）正午' --actor T
is 'at noon there' "$(sql 'SELECT at FROM act')" 2026-11-20T03:00:00.000Z
status 2 'noon or midnight?' act 1 --action x --at '2026年11月20日 午後12時' --actor T
says '--at: 2026年11月20日 午後12時: noon or midnight'
status 0 'a lesson' lesson add 1 m --due 令和9年3月31日 --actor T
is 'due that day' "$(sql 'SELECT due FROM lesson')" 2027-03-31
status 0 'a review' review add --source s --from 2026/11/1 --to R8.11.8 --result ok --actor T
status 0 'facts' fact set 1 'occurred_at=令和8年11月20日 9時半' 'found_at=11月中旬' --actor T
is 'are kept as reports read them' "$(sql "SELECT value FROM fact WHERE name LIKE '%d_at' ORDER BY name" | tr '\n' ' ')" \
    '11月中旬 2026-11-20T09:30:00 '
status 2 'but no day that never was' fact set 1 occurred_at=2026-02-30 --actor T
says 'the fact occurred_at: there is no such day'
printf '組織名,確認日\nA,令和8年11月1日\nB,2026年11月2日\nC,R8.11.3\n' >"$TMPDIR/c.csv"
status 0 'C24-1: a list of contacts' contact import "$TMPDIR/c.csv" --actor T
is 'C24-1: verified on' "$(sql "SELECT group_concat(last_verified) FROM contact WHERE organisation IN ('A', 'B', 'C')")" \
    2026-11-01,2026-11-02,2026-11-03
printf '組織名,確認日\nD,11月1日\n' >"$TMPDIR/c.csv"
status 2 'C24-1: of no year' contact import "$TMPDIR/c.csv" --actor T --lang ja
says '年'
status 2 'C24-1: a day has no hour here' contact verified 1 --on '2026/11/1 9:00' --actor T
says 'without a time'
status 0 'C24-1: as it is written' contact verified 1 --on 令和8年11月1日 --actor T
command=
status 1 'the period of an audit' audit --from 令和8年1月1日 --to 令和8年11月20日
status 0 'C28-4: every change is in the trail' case verify
plan
