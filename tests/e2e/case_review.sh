#!/bin/sh
# Reviews of logs (8.15, 8.16), of clocks (8.17) and of the operators' work: filed by a nightly job, due, and told of.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
field() { jq -rs "$1" "$TMPDIR/out"; }
reviews() { "$IR" case review list -o jsonl "$@" >"$TMPDIR/out"; }
workspace --role lead=田中 --zone +09:00
logs=$TMPDIR/logs
mkdir "$logs"
i=0
while [ $i -lt 5 ]; do
    printf 'Nov 20 0%d:00:01 web01 sshd[9]: Failed password for root from 203.0.113.9 port 4%03d ssh2\n' $i $i
    i=$((i + 1))
done >"$logs/auth.log"
night=$TMPDIR/night.jsonl
"$IR" scan --reference-time 2026-11-20T12:00:00Z -o jsonl "$logs" >"$night" 2>/dev/null

command='case review'
status 0 'C15-3: a nightly job files its review' add -s web01 --scan "$night" --every 1d --actor cron
reviews
is 'C15-3: who, which source, which period' \
    "$(field '.[0] | [.kind, .source, .reviewer, .from, .to, .records] | join(" ")')" \
    'log web01 cron 2026-11-20T00:00:01.000Z 2026-11-20T04:00:01.000Z 5'
is 'C15-3: when the next is due' "$(field '.[0] | (.next_due | .[:19] + "Z" | fromdate) - (.at | .[:19] + "Z" | fromdate)')" 86400
is 'C15-1: what the scan could not read is kept' "$(field '.[0].summary | [.unreadable, .damaged, .unrecognised] | join(" ")')" '0 0 0'
is 'C17-1: that times named no zone is kept' "$(field '.[0].summary | .zoneless')" 5
status 0 'C15-1: the next begins later' add -s web01 --from 2026-11-20T06:00:01Z --to 2026-11-21T00:00:00Z --records 0 --findings 0
reviews -s web01
is 'C15-1: the time that none looked at, a silent source' "$(field '.[0] | [.gap_s, .records] | join(" ")')" '7200 0'
status 0 'C15-1: another source has its own' add -s fw1 --from 2026-11-20T09:00:00Z --to 2026-11-20T10:00:00Z --findings 2
reviews -s fw1
is 'C15-1: and no gap yet' "$(field '.[0].gap_s')" null
status 0 'C15-1: an older period, recorded later' add -s fw1 --from 2026-11-18T00:00:00Z --to 2026-11-19T00:00:00Z --findings 0
status 0 'C15-1: and the next' add -s fw1 --from 2026-11-20T11:00:00Z --to 2026-11-20T12:00:00Z --findings 0
reviews -s fw1
is 'C15-1: a gap is behind what reached furthest' "$(field 'map(.gap_s) | tojson')" '[3600,null,null]'
status 0 'C16-1: a baseline' add -k baseline -s web01 --result 'alice: Tokyo, 9 to 18, 40 log-ins a day' --every 1M
status 0 'C17-1: a clock' add -k clock -s web01 --offset -2.5 --uncertainty 0.1 --zone JST --result 'ntpq -p'
reviews -k clock
is 'C17-1: offset, uncertainty and zone' "$(field '.[0] | [.offset_s, .zone, .result] | join("|")')" '-2.500 ± 0.100|JST|ntpq -p'
"$IR" case open 'whose clocks?' --lead T >"$TMPDIR/made"
for kind in technical jpcert; do
    "$IR" case report 1 $kind --lang en -o md >"$TMPDIR/out"
    ok "C17-1: the clocks of the sources: $kind" grep -qE '^\| web01 \| -2\.500 s ± 0\.100 s \| JST \| [^|]* \| ntpq -p<br>' "$TMPDIR/out"
done
"$IR" case report 1 technical --lang en -o md >"$TMPDIR/out"
ok 'C15-1: the logs that were reviewed' grep -qE '^\| web01 \| [^|]* \| [^|]* \| [0-9]+ \| 2 \|$' "$TMPDIR/out"
status 0 'nothing is due' due
status 1 'C15-3: due within two days' due --within 2d
is 'C15-3: only the latest of each counts' "$(grep -c web01 "$TMPDIR/out")" 1
is 'C15-3: the interval goes on' "$("$IR" case review list -s web01 -k log -o jsonl | jq -r '.next_due != null' | sort -u)" true
status 0 'a short one' add -s web01 --from 2026-11-21 --to 2026-11-22 --findings 0 --every 1s
sleep 1.1
status 1 'C15-3: overdue' due -o jsonl
is 'which' "$(field '.[0] | .source + " " + .kind')" 'web01 log'

# Rotated logs may not change once they are rotated.
command='evidence'
cp "$logs/auth.log" "$logs/auth.log.1"
status 0 'C15-2: the digests of rotated logs' hash -o hashdeep "$logs/auth.log.1"
cp "$TMPDIR/out" "$TMPDIR/manifest"
status 0 'C15-2: nothing was rewritten' audit --known "$TMPDIR/manifest" "$logs/auth.log.1"
sed -i 's/203.0.113.9/198.51.100.1/' "$logs/auth.log.1"
status 1 'C15-2: a log that was rewritten is found' audit --known "$TMPDIR/manifest" "$logs/auth.log.1"
command='case review'
status 0 'C15-2: and recorded' add -k integrity -s web01 --result 'auth.log.1 was rewritten' --findings 1
status 0 'C15-3: the work of operators' work -o jsonl
is 'C15-3: who did how much' "$(field '.[] | select(.actor == "cron") | [.changes, .tables] | join(" ")')" '1 review'

# What cannot be is refused, and nothing is kept of it.
reviews
before=$(field length)
refused() { # SAYS ARGUMENTS...
    text=$1
    shift
    status 2 "refused: $*" add "$@"
    says "$text"
}
refused '--source' --from 2026-11-20 --to 2026-11-21 --findings 0
refused '--from' -s web01 --findings 0
refused 'ends before it begins' -s web01 --from 2026-11-21 --to 2026-11-20 --findings 0
refused 'not begun' -s web01 --from 2199-01-01 --to 2199-01-02 --findings 0
refused 'what came out' -s web01 --from 2026-11-20 --to 2026-11-21
refused '--offset' -k clock -s web01 --result x
refused '--offset' -k clock -s web01 --offset 1e99
refused '--offset' -k clock -s web01 --offset nan
refused '--findings' -s web01 --from 2026-11-20 --to 2026-11-21 --findings -1
refused '--every' -s web01 --from 2026-11-20 --to 2026-11-21 --findings 1 --every soon
refused 'due already' -s web01 --from 2026-11-20 --to 2026-11-21 --findings 1 --next 2020-01-01
head -n -1 "$night" >"$TMPDIR/cut.jsonl"
refused 'cut short' -s web01 --scan "$TMPDIR/cut.jsonl"
printf '[{"ir.kind":"summary"}]\n' >"$TMPDIR/list.jsonl"
refused 'cut short' -s web01 --scan "$TMPDIR/list.jsonl"
printf '{"ir.kind":"summary","first":"x","records":{"a":"b"},"findings":[1e999]}\n' >"$TMPDIR/odd.jsonl"
refused '--from' -s web01 --scan "$TMPDIR/odd.jsonl"
head -c 100000 /dev/zero >"$TMPDIR/zero.jsonl"
refused 'cut short' -s web01 --scan "$TMPDIR/zero.jsonl"
status 0 'hostile words' add -k exercise -s "$(printf '<b>\033[31m\342\200\256=cmd|')" --result "it's \"so\""
status 0 'are shown' list
ok 'and nothing hides' lacks "$(printf '\033')" "$TMPDIR/out"
reviews
is 'nothing else was kept' "$(field length)" $((before + 1))
command='case'
status 0 'the trail is whole' verify
plan
