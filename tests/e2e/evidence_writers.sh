#!/bin/sh
# Many writers on one custody log and on one set of keys, half lines that a power cut left, a clock that is set while
# something is collected, a medium without modes, and that nothing is written elsewhere.
set -u
: "${IR:?}" "${TMPDIR:?}" "${B:?}"
. tests/evidence.sh
log=$case/custody/log.jsonl
lines() { wc -l <"$log"; }

# Keys first: of many who make the same one has made it, whole.
makers=
for i in 1 2 3 4 5 6 7 8; do
    "$IR" evidence keys create examiner --no-passphrase >"$TMPDIR/key.$i" 2>/dev/null &
    makers="$makers $!"
done
made=0
for pid in $makers; do wait "$pid" && made=$((made + 1)); done
ok 'one of eight made the key' [ "$made" = 1 ]
keys=$IR_HOME/keys
halves() { openssl pkey -in "$keys/$1.key" -pubout | cmp - "$keys/$1.pub.pem"; }
ok 'its halves belong together' halves examiner
ok 'nothing else lies there' [ "$(cd "$keys" && echo *)" = 'examiner.key examiner.pub.pem' ]
rm "$keys/examiner.key" # a crash between the two
ok 'half a pair is in nobody'"'"'s way' "$IR" evidence keys create examiner --no-passphrase
ok 'a pair again' halves examiner
(umask 077 && printf 'a secret\n' >"$TMPDIR/phrase" && printf 'another\n' >"$TMPDIR/wrong")
chmod 644 "$TMPDIR/phrase"
make_locked() { "$IR" evidence keys create locked --passphrase-file "$TMPDIR/phrase" 2>"$TMPDIR/err"; }
ok 'a key with a passphrase' make_locked
says "--passphrase-file: others may read $TMPDIR/phrase: chmod 600 it"
stock_key() { openssl pkey -in "$keys/locked.key" -passin "file:$TMPDIR/phrase" -pubout | cmp - "$keys/locked.pub.pem"; }
ok 'that openssl opens' stock_key
ok 'not without it' gives 1 openssl pkey -in "$keys/locked.key" -passin pass: -noout

# Twenty at once.
mkdir "$TMPDIR/src"
writers=
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    echo "of writer $i" >"$TMPDIR/src/$i"
    "$IR" evidence collect "$TMPDIR/src/$i" --no-types -c CASE-1 -i $i -o "$out" -a "Writer $i" -p Tokyo -r test \
        --no-witness none -k examiner >"$TMPDIR/seal.$i" 2>&1 &
    writers="$writers $!"
done
done=0
for pid in $writers; do wait "$pid" && done=$((done + 1)); done
ok 'all twenty are done' [ "$done" = 20 ]
ok 'each event is there' [ "$(jq -rs 'group_by(.item_id) | map([.[].event] | join(" ")) | unique[]' "$log")" = 'collect-begin collect seal' ]
ok 'of each writer' [ "$(jq -rs 'map(select(.event == "seal") | .item_id + .actor.name) | unique | length' "$log")" = 20 ]
ok 'chain, checkpoints and exhibits are good' ours
prints '60 lines, 20 checkpoints, 20 signatures, 20 exhibits: 0 problems'
ok 'to stock programs too' stock
sign() { act add-note signed -k locked --passphrase-file "$1"; }
ok 'it signs' sign "$TMPDIR/phrase"
ok 'not with another passphrase' gives 4 sign "$TMPDIR/wrong"
says 'the passphrase is wrong'
rm "$keys/locked.key" "$keys/locked.pub.pem"
if command -v flock >/dev/null; then
    flock "$log" sleep 2 &
    sleep 0.5
    ok 'who must wait' act add-note later
    says 'another process writes to this case: waiting'
    wait
fi

# What a power cut leaves of a line: kept, in the next event, and not lost when that cannot be written.
printf '{"v":1,"seq":' >>"$log"
ok 'half a line is told' gives 1 ours
torn() { tail -c 13 "$log" | grep -qxF '{"v":1,"seq":'; }
if make_faults; then
    cp "$log" "$TMPDIR/log"
    for at in 1 2 3 4 5; do # the sixth is of the checkpoint: then the line is there
        FAULT_AT=$at FAULT_HOW=once faulty act add-note 'no room'
        rc=$?
        cmp -s "$log" "$TMPDIR/log" || [ "$rc" = 0 ] || bad "the log is as it was when call $at fails"
        cat "$TMPDIR/log" >"$log"
    done
    find "$case/custody" -name 'checkpoint-000062*' -exec rm {} +
    ok 'it is still there' torn
fi
ok 'an event after it' act add-note 'after the power cut'
ok 'holds it' last '.incomplete_line_before | @base64d == "{\"v\":1,\"seq\":"'
head -c 300 /dev/zero >>"$log"
ok 'zeros, as some file systems leave them' act add-note 'after another'
ok 'are held too' last '.incomplete_line_before | length == 400'
ok 'all good again' ours

if make_faults; then
    # The clock is set back by an hour while something is collected: told in the very event.
    told() { tail -n "+$from" "$log" | jq -se "$1" >/dev/null; }
    export FAULT_CLOCK=3600 FAULT_AFTER
    for FAULT_AFTER in 4 6; do
        from=$(($(lines) + 1))
        ok "the clock is set after $FAULT_AFTER looks" faulty act collect "$TMPDIR/src" --no-types -i "3$FAULT_AFTER"
        ok 'by how much' told 'any(.[]; (.clock_was_set_by_seconds // 0) | . > -3600.1 and . < -3599.9)'
        ok 'and that it is behind the log' told 'any(.[]; (.clock_went_back_seconds // 0) > 3500)'
        unset FAULT_CLOCK
        from=$(($(lines) + 1))
        act add-note 'the clock is right again'
        ok 'which is nothing to tell of' told 'all(.[]; has("clock_was_set_by_seconds") or has("clock_went_back_seconds") | not)'
        export FAULT_CLOCK=3600
    done
    unset FAULT_CLOCK FAULT_AFTER

    # A stick with FAT: no modes, no unnamed files, no exchange of names in one step.
    was=$out
    out=$TMPDIR/stick case=$TMPDIR/stick/CASE-1
    export FAULT_HOW=fat
    ok 'a medium without modes' faulty act collect "$TMPDIR/src" -i 1
    ok 'live state on it' gives 3 faulty act live -i 2 --profile quick --no-commands || :
    ok 'is proved' stock
    ok 'and can be added to' faulty act add-note 'on a stick'
    unset FAULT_HOW
    out=$was case=$was/CASE-1
else
    skip 'clocks and media' 'no C compiler'
fi

# Nothing is written elsewhere.
traced=$(strace -o "$TMPDIR/trace" true 2>/dev/null && echo yes)
sanitized && traced=no # the leak checker cannot be traced
if [ "$traced" = yes ]; then
    strace -f -o "$TMPDIR/trace" -e trace=openat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,symlinkat,linkat,truncate \
        "$IR" evidence collect "$TMPDIR/src" --members -c CASE-1 -i 50 -o "$out" -a H -p T -r t --no-witness x >"$TMPDIR/out" 2>&1
    # By whole path, and none of those that a name below a descriptor of the case stands in.
    grep -E 'mkdir|rename|unlink|symlink|link|truncate|O_(WRONLY|RDWR|CREAT)' "$TMPDIR/trace" | grep -E '\((AT_FDCWD, )?"' |
        grep -vF "\"$out" | grep -vE 'O_TMPFILE|"/dev/(tty|null)"|= -1 ' >"$TMPDIR/elsewhere"
    ok 'nothing is written elsewhere' [ ! -s "$TMPDIR/elsewhere" ]
    tell '' "$TMPDIR/elsewhere" 5
else
    skip 'nothing is written elsewhere' 'no strace'
fi
ok 'all of it is proved' stock
plan
