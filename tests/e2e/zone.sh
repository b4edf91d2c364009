#!/bin/sh
# Times that name no zone: taken as of this machine, or of --zone; told in the summary; summer time; the year's end.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
cd "$TMPDIR" || exit 1
printf 'Nov 18 01:02:03 web01 sshd[7]: Failed password for root from 192.0.2.7 port 40000 ssh2\n' >auth.log
stamps() { # OPTIONS...: of the records
    "$IR" parse --reference-time 2026-11-20 "$@" | jq -r '."@timestamp"' | tr '\n' ' '
}
is 'UTC machine' "$(stamps auth.log)" '2026-11-18T01:02:03Z '
is 'a machine in Tokyo' "$(TZ=JST-9 stamps auth.log)" '2026-11-17T16:02:03Z '
is '--zone wins' "$(TZ=JST-9 stamps --zone UTC auth.log)" '2026-11-18T01:02:03Z '
is '--zone JST' "$(stamps --zone JST auth.log)" '2026-11-17T16:02:03Z '
is '--zone -05:00' "$(stamps --zone -05:00 auth.log)" '2026-11-18T06:02:03Z '
is 'still no zone known' "$("$IR" parse --zone JST --reference-time 2026-11-20 auth.log | jq '."ir.time.zone_known"')" false

# Whatever names its zone stays what it is.
cat >own.log <<'END'
192.0.2.7 - - [18/Nov/2026:01:02:03 +0000] "GET / HTTP/1.1" 200 5 "-" "-"
END
is 'a stamp with a zone' "$(stamps --zone JST own.log)" '2026-11-18T01:02:03Z '
printf '#Fields: date time c-ip cs-method cs-uri-stem sc-status\n2026-11-18 01:02:03 192.0.2.7 GET / 200\n' >iis.log
is 'IIS writes UTC' "$(stamps --zone JST iis.log)" 'null 2026-11-18T01:02:03Z ' # its header has no time

# Summer time, by a rule that needs no zone files; the hour in October that comes twice is the first of the two.
cet='CET-1CEST,M3.5.0,M10.5.0/3'
for stamp in 'Jul 10 12:00:00' 'Jan 10 12:00:00' 'Oct 25 00:30:00' 'Oct 25 02:30:00' 'Oct 25 03:30:00'; do
    printf '%s web01 app: x\n' "$stamp"
done >summer.log
is 'summer and winter' "$(TZ=$cet stamps summer.log | tr ' ' '\n' | cut -c6-16 | tr '\n' ' ')" \
    '07-10T10:00 01-10T11:00 10-24T22:30 10-25T00:30 10-25T02:30 '
printf '%s/07/10 12:00:00 [error] 1#1: x\n' 1990 2059 2061 2150 2261 >far.log
is 'summer time as far as time goes' "$(TZ=$cet stamps --format nginx_error far.log | tr ' ' '\n' | cut -c1-13 | tr '\n' ' ')" \
    '1990-07-10T10 2059-07-10T10 2061-07-10T10 2150-07-10T10 2261-07-10T10 '
if [ -r /usr/share/zoneinfo/Europe/Berlin ]; then
    is 'a named zone' "$(stamps --zone Europe/Berlin summer.log | tr ' ' '\n' | cut -c6-16 | tr '\n' ' ')" \
        '07-10T10:00 01-10T11:00 10-24T22:30 10-25T00:30 10-25T02:30 '
else
    skip 'a named zone' 'no zone files'
fi

# A machine in Tokyo at 05:00 on New Year's Day: UTC still has the old year, the log has the new one.
printf 'Dec 31 23:59:59 web01 app: x\nJan  1 04:59:00 web01 app: x\n' >year.log
is 'the year turns in the zone of the log' \
    "$("$IR" parse --zone JST --reference-time 2026-12-31T20:00:00Z year.log | jq -r '."@timestamp"' | tr '\n' ' ')" \
    '2026-12-31T14:59:59Z 2026-12-31T19:59:00Z '

# Last night's review on a machine in Tokyo finds last night's records.
count() { "$IR" search --reference-time 2026-11-20 --output jsonl "$@" Failed auth.log | grep -c '"sshd"'; }
is 'a window in local time finds them' "$(TZ=JST-9 count --since '2026-11-18 00:00' --until '2026-11-18 02:00')" 1
is 'and not the hours that UTC has then' "$(TZ=JST-9 count --since '2026-11-18 09:00' --until '2026-11-18 12:00')" 0

TZ=JST-9 "$IR" scan --reference-time 2026-11-20 --no-default-rules auth.log own.log >out
ok 'the summary says it' grep -q '1 record names no time zone: taken as JST +09:00 (see --zone)' out
TZ=JST-9 "$IR" scan --reference-time 2026-11-20 --no-default-rules --lang ja auth.log >out
ok 'in Japanese as well' grep -q 'JST +09:00 の時刻として読みました' out
is 'for programs' "$("$IR" scan --zone JST --no-default-rules --output jsonl auth.log own.log | tail -n 1 | jq -c '[.zone, .zoneless]')" \
    '["JST",1]'
"$IR" scan --no-default-rules own.log >out
ok 'nothing to say where each names its own' sh -c '! grep -q "time zone" out'
for f in html md; do
    "$IR" scan --zone JST --no-default-rules --output $f auth.log >out
    ok "$f says it" grep -q 'no time zone: 1, taken as JST' out
done

for bad in Moon ../../etc/passwd +25:00 '' 'UTC;x'; do
    "$IR" parse --zone "$bad" auth.log >out 2>err
    is "refused: '$bad'" $? 2
done
ok 'it says what to write' grep -q 'write +09:00' err
plan
