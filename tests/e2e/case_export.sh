#!/bin/sh
# A case for other programs: all of it as JSON, its timeline for spreadsheets, Timesketch and IRIS. The values are what an
# attacker would write.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
field() { jq -r "$1" "$TMPDIR/out"; }
workspace --role lead=田中
status 0 'a report' event add '<script>alert(1)</script> "quoted"'
status 0 'a case' open '=cmd|/c calc' --event 1 --lead 田中
status 0 'a case that is another one' open 'Other' --lead 田中
status 0 'an act' act 1 --action '=HYPERLINK("http://x")' --target '@fs1' --result "it's, done"
status 0 'a note' note add 1 "$(printf 'turned \342\200\256 text')"
status 0 'a note of the other' note add 2 'not of this case'
status 0 'all of the case' export 1
cp "$TMPDIR/out" "$TMPDIR/one.json"
is 'its rows' "$(field '[.tables.incident, .tables.event, .tables.act, .tables.note | length] | join(" ")')" '1 1 1 1'
is 'every table is there' "$(field '.tables | length')" "$(grep -c '^TABLE' libir/casedb/tables.def)"
prints_not 'not of this case'
is 'values come back as they are' "$(field '.tables.incident[0].title')" '=cmd|/c calc'
is 'the trail of each row' "$(field '[.tables[][].id] - [.audit[].row] | length')" 0
is 'the head' "$(field .head)" "$("$IR" case verify | sed -n 's/^head *//p')"
sed '$d' "$TMPDIR/one.json" | head -c -2 >"$TMPDIR/body"
is 'the digest of itself' "$(field .sha256)" "$(sha256sum "$TMPDIR/body" | cut -d ' ' -f 1)"
# Each row of the trail can be proved by itself.
jq -j '.audit[-1] | .previous + ([.seq, .at, .actor, .action, .tbl, .row] | tojson | .[:-1]) + "," + .fields + "]"' \
    "$TMPDIR/one.json" >"$TMPDIR/line"
is 'a row of the trail' "$(field '.audit[-1].sha256')" "$(sha256sum "$TMPDIR/line" | cut -d ' ' -f 1)"
TZ=Asia/Tokyo status 0 'the same again, elsewhere' export 1 --out "$TMPDIR/two.json"
ok 'the same bytes' cmp "$TMPDIR/one.json" "$TMPDIR/two.json"
ok 'nothing hides in it' lacks "$(printf '\342\200\256')" "$TMPDIR/one.json"
status 0 'for a spreadsheet' export 1 --format timeline-csv --bom
is 'a byte order mark' "$(head -c 3 "$TMPDIR/out" | od -An -tx1 | tr -d ' ')" efbbbf
prints "'=HYPERLINK"
prints "'@fs1"
status 0 'for Timesketch' export 1 --format timesketch-csv
is 'its columns' "$(head -1 "$TMPDIR/out" | tr -d '\r' | cut -d , -f 1-3)" 'message,datetime,timestamp_desc'
status 0 'for Timesketch, lines' export 1 --format timesketch-jsonl
is 'microseconds' "$(field '.timestamp / 1000000 | floor')" "$(date -d "$(field .datetime)" +%s)"
status 0 'for IRIS' export 1 --format iris-csv
is 'its columns, exactly' "$(head -1 "$TMPDIR/out" | tr -d '\r')" 'event_date,event_tz,event_title,event_category,event_content,event_raw,event_source,event_assets,event_iocs,event_tags'
awk -F , 'NR > 1 { print $1 $2 }' "$TMPDIR/out" >"$TMPDIR/times"
ok 'its times and their zone, put together' grep -qE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z$' "$TMPDIR/times"
is '… each of them' "$(grep -cvE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z$' "$TMPDIR/times")" 0
# What people wrote in several lines stays so, with its quotes, and none of them begins a formula.
text=$(printf '経理 "PC", 1 号\n=HYPERLINK("http://x")\n\n\342\200\256😀')
status 0 'an entry of several lines' timeline add 1 "$text" --at 2030-01-01T00:00:00Z
for format in timeline-csv timesketch-csv iris-csv; do
    "$IR" case export 1 --format $format --out "$TMPDIR/lines.csv"
    sqlite3 :memory: -cmd ".import --csv $TMPDIR/lines.csv t" \
        "SELECT coalesce(max(title), '') FROM (SELECT $(head -n 1 "$TMPDIR/lines.csv" | grep -oE 'event_title|title|message' | head -n 1) AS title FROM t) WHERE title LIKE '経理%'" >"$TMPDIR/got"
    is "lines: $format" "$(cat "$TMPDIR/got")" "$(printf '経理 "PC", 1 号\n\047=HYPERLINK("http://x")\n\n\\u202e😀')"
done
status 2 'a case that is not there' export 77
status 2 'a format that is none' export 1 --format odt
plan
