#!/bin/sh
# Writers that are killed, disks that are full, and many of everything: what was committed is there, the trail is whole,
# and nothing else happened.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中

# Two writers, each killed after a while that differs; a receipt that was printed is a promise.
writer() { # NAME
    i=0
    while [ "$i" -lt 60 ]; do
        i=$((i + 1))
        "$IR" case event add "report $1 $i" -o jsonl >"$TMPDIR/receipt.$1.$i" 2>/dev/null &
        pid=$!
        case $((i % 4)) in
        0) ;;
        *)
            sleep "0.0$(($(od -An -N2 -tu2 /dev/urandom) % 40 + 10))"
            kill -9 "$pid" 2>/dev/null
            ;;
        esac
        wait "$pid" 2>/dev/null
    done
}
writer a 2>/dev/null &
one=$!
writer b 2>/dev/null
wait "$one"
status 0 'C28-4: whole after 90 writers were killed' verify
"$IR" case event list -o jsonl >"$TMPDIR/events"
cat "$TMPDIR"/receipt.* | jq -r .id | sort >"$TMPDIR/promised"
jq -r .id "$TMPDIR/events" | sort >"$TMPDIR/kept"
ok 'some were told their number' [ "$(wc -l <"$TMPDIR/promised")" -ge 30 ]
is 'all of those are kept' "$(comm -23 "$TMPDIR/promised" "$TMPDIR/kept" | wc -l)" 0
is 'no number twice' "$(jq -r .no "$TMPDIR/events" | sort | uniq -d | wc -l)" 0
echo "# $(wc -l <"$TMPDIR/promised") receipts, $(wc -l <"$TMPDIR/kept") reports"

# A disk that is full, as far as a limit can show it.
before=$(wc -l <"$TMPDIR/kept")
head -c 3000000 /dev/zero | tr '\0' x >"$TMPDIR/long"
(
    trap '' XFSZ
    ulimit -f 1000
    "$IR" case event add - <"$TMPDIR/long" >"$TMPDIR/out" 2>"$TMPDIR/err"
    echo $? >"$TMPDIR/rc"
)
is 'a report for which there is no room' "$(cat "$TMPDIR/rc")" 4
ok 'says why' [ -s "$TMPDIR/err" ]
is 'gives no receipt' "$(wc -c <"$TMPDIR/out")" 0
status 0 'nothing was lost' verify
is 'and nothing half recorded' "$("$IR" case event list -o jsonl | wc -l)" "$before"
(
    trap '' XFSZ
    ulimit -f 20
    "$IR" case backup "$TMPDIR/full.db" >"$TMPDIR/out" 2>"$TMPDIR/err"
    echo $? >"$TMPDIR/rc"
)
is 'a backup for which there is no room' "$(cat "$TMPDIR/rc")" 4
ok 'leaves no file that looks like one' [ ! -e "$TMPDIR/full.db" ]
status 0 'there is room again' backup "$TMPDIR/full.db"

# A slip of the finger: the database is named as the file to write.
status 0 'a case' open T
for out in "$IR_HOME/ir.db" "$TMPDIR/link.db" "$TMPDIR/hard.db"; do
    ln -sf "$IR_HOME/ir.db" "$TMPDIR/link.db"
    ln -f "$IR_HOME/ir.db" "$TMPDIR/hard.db"
    for words in 'case export 1' 'case report 1 management' 'audit -o csv' 'parse tests/case.sh'; do
        # shellcheck disable=SC2086  # words
        "$IR" $words --out "$out" >"$TMPDIR/out" 2>"$TMPDIR/err"
        is "$words into ${out##*/}" $? 2
        says 'a database'
    done
done
status 0 'it is as it was' verify
printf '\067\177\006\202' >"$TMPDIR/journal"
status 2 'nor into the journal of one' export 1 --out "$TMPDIR/journal"
printf 'a report of last week' >"$TMPDIR/old"
status 0 'any other file is replaced' export 1 --out "$TMPDIR/old"
# A database of which a failing disk left the name alone: nobody begins anew in its place without a word.
status 0 'a backup' backup "$TMPDIR/whole.db"
rm -f "$IR_HOME"/ir.db*
: >"$IR_HOME/ir.db"
for words in 'event add x' 'event list' 'note add 1 x' 'undecided' 'alerts file /dev/null' 'verify'; do
    # shellcheck disable=SC2086  # words
    status 4 "an empty database: $words" $words
    says 'ir case restore'
done
is 'it is as it was' "$(wc -c <"$IR_HOME/ir.db")" 0
status 0 'a backup takes its place' restore "$TMPDIR/whole.db" --force --reason 'the disk' --actor 田中
status 0 'whole' verify
is 'with all that was in it' "$("$IR" case event list -o jsonl | wc -l)" "$before"
: >"$IR_HOME/ir.db"
command=''
status 0 'or ir init begins anew' init --yes
plan
