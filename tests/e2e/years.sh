#!/bin/sh
# Years of stamps that have none: from the file's last change, from the order of a rotated set, over a change of
# year inside a file and between files, compressed or not; never later than now; --reference-time rules all.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
cd "$TMPDIR" || exit 1

line() { # STAMP TEXT
    printf '%s web01 cron[7]: (root) CMD (%s)\n' "$1" "$2"
}
# The times of a file's records, in order, one a line.
stamps() { # ARGUMENTS…
    "$IR" parse "$@" | jq -r '.["@timestamp"]'
}
same() { # WANTED-TEXT ARGUMENTS…
    want=$1
    shift
    got=$(stamps "$@" | tr '\n' ' ')
    echo "got:    $got"
    echo "wanted: $want"
    [ "$got" = "$want" ]
}

{ line 'Dec 30 23:00:00' a && line 'Dec 31 23:59:59' b && line 'Jan  1 00:00:01' c; } >turn.log
touch -d '2024-01-02 00:00:00 UTC' turn.log
ok 'a change of year inside a file, by its last change' \
    same '2023-12-30T23:00:00Z 2023-12-31T23:59:59Z 2024-01-01T00:00:01Z ' turn.log
ok 'the same with a reference time' same '2019-12-30T23:00:00Z 2019-12-31T23:59:59Z 2020-01-01T00:00:01Z ' \
    --reference-time 2020-06-01 turn.log
gzip -kn turn.log
touch -d '2024-01-02 00:00:00 UTC' turn.log.gz
ok 'the same compressed' same '2023-12-30T23:00:00Z 2023-12-31T23:59:59Z 2024-01-01T00:00:01Z ' turn.log.gz
piped() {
    got=$(stamps --reference-time 2024-01-02 - <turn.log | head -n 1)
    echo "$got"
    [ "$got" = 2023-12-30T23:00:00Z ]
}
ok 'the same from a pipe' piped

# Times that nobody set: zero, and the first day of a DOS calendar. They say nothing of a year.
for unset in 1970-01-01 1980-01-01 1999-12-30; do
    touch -d "$unset 00:00:00 UTC" turn.log
    ok "a file time of $unset is none" same "$(stamps - <turn.log | tr '\n' ' ')" turn.log
done

mkdir set
line 'Nov 20 00:00:00' a >set/auth.log.3
line 'Dec 20 00:00:00' b >set/auth.log.2
{ line 'Dec 28 00:00:00' c && line 'Jan  2 00:00:00' d; } >set/auth.log.1
line 'Jan  9 00:00:00' e >set/auth.log
gzip -n set/auth.log.3
# a copy that lost the old times: only the order of the set tells
touch -d '2025-01-10 00:00:00 UTC' set/auth.log*
ok 'a rotated set is read oldest first, and each member ends where the next begins' \
    same '2024-11-20T00:00:00Z 2024-12-20T00:00:00Z 2024-12-28T00:00:00Z 2025-01-02T00:00:00Z 2025-01-09T00:00:00Z ' set

# two years in one small file: samples see both changes of year
{
    for y in 1 2 3; do
        for m in Jan Mar May Jul Sep Nov; do line "$m 15 00:00:00" "$y"; done
    done
} >slow.log
touch -d '2023-11-20 00:00:00 UTC' slow.log
slow() {
    got=$(stamps slow.log | cut -c 1-4 | uniq -c | tr -s ' \n' ' ')
    echo "$got"
    [ "$got" = ' 6 2021 6 2022 6 2023 ' ]
}
ok 'a slow log of three years' slow

# an excerpt in no order: each stamp takes the latest year that is not in the future
{ line 'Nov 11 00:00:00' a && line 'Feb  3 00:00:00' b && line 'Oct 15 00:00:00' c && line 'Mar  4 00:00:00' d &&
    line 'Dec  5 00:00:00' e && line 'Apr 16 00:00:00' f; } >jumbled.log
ok 'an excerpt in no order' same \
    '2004-11-11T00:00:00Z 2005-02-03T00:00:00Z 2004-10-15T00:00:00Z 2005-03-04T00:00:00Z 2004-12-05T00:00:00Z 2005-04-16T00:00:00Z ' \
    --reference-time 2005-08-14T12:00:00 jumbled.log
line 'Feb 29 12:00:00' leap >leap.log
ok '29 February lies in a leap year' same '2024-02-29T12:00:00Z ' --reference-time 2026-11-20 leap.log
{
    echo '192.0.2.1 - - [22/Nov/2023:01:02:03 +0000] "GET / HTTP/1.1" 200 5'
    echo '192.0.2.1 - - [22/Nov/2023:01:02:03 +0000] "GET / HTTP/1.1" 200 5'
    line 'Nov 22 12:00:00' x
} >stray.log
touch -d '2023-11-23 UTC' stray.log
ok 'a line without a year in a file of a format that has one' \
    same '2023-11-22T01:02:03Z 2023-11-22T01:02:03Z 2023-11-22T12:00:00Z ' stray.log
line 'Nov 22 12:00:00' x >ahead.log
touch -d '2030-01-01 UTC' ahead.log
not_ahead() {
    got=$(stamps ahead.log)
    tomorrow=$(date -u -d tomorrow +%FT%TZ)
    echo "$got $tomorrow"
    [ "$(printf '%s\n%s\n' "$got" "$tomorrow" | sort | head -n 1)" = "$got" ]
}
ok 'a file from the future does not make events of the future' not_ahead
plan
