#!/bin/sh
# A collection that is killed, or finds the disk full, or gets an error, at each call that writes: it says so, the log is
# good, no record is lost, and `resume` comes to the very exhibit that an undisturbed run makes.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/evidence.sh
if ! make_faults; then
    skip 'faults at each call' 'no C compiler'
    plan
    exit 0
fi
step=1
sanitized && step=9 # the same code paths; each run takes a second there

src=$TMPDIR/src
mkdir -p "$src/sub/none"
printf a >"$src/a"
ln "$src/a" "$src/z"
ln -s nowhere "$src/link"
mkfifo "$src/pipe"
printf c >"$src/sub/c"
truncate -s 3000000 "$src/large" # beyond --max-size: a line with a reason
truncate -s 100000 "$src/sub/sparse"
"$IR" evidence keys create examiner --no-passphrase >/dev/null

collect() { act collect -i 1 --no-types --max-size 1 "$src" "$src/not-here"; }
seal() { sha256sum <"$case/EV-1-01/tagmanifest-sha256.txt"; }
export FAULT_AT=0 FAULT_HOW=kill FAULT_COUNT="$TMPDIR/count"
for _ in 1 2; do # the first look at links may change their access times
    out=$TMPDIR/undisturbed case=$TMPDIR/undisturbed/CASE-1
    chmod -R u+w "$out" 2>/dev/null
    rm -rf "$out"
    ok 'undisturbed' gives 3 faulty collect
done
want=$(seal)

# What is wrong after the call $at failed in the way $how.
look() {
    faulty collect
    rc=$?
    log=$case/custody/log.jsonl
    if [ "$FAULT_HOW" = kill ]; then
        [ "$rc" = 137 ] || echo "status $rc"
    elif [ "$rc" = 4 ]; then
        grep -q 'No space left\|Input/output error' "$TMPDIR/err" || echo "says nothing: $(cat "$TMPDIR/err")"
    elif [ "$rc" != 3 ] || ! ours >"$TMPDIR/said" 2>&1; then
        echo "status $rc"
    fi
    lines=$(grep -c '' "$log" 2>/dev/null || :)
    [ "${lines:-0}" = 0 ] || head -n "$lines" "$log" >"$TMPDIR/acknowledged"
    FAULT_AT=0
    faulty act resume -i 1
    rc=$?
    # Before there was anything in it, or even a case, it is begun again.
    if [ "$rc" = 4 ] && grep -q 'no such case\|begin it anew\|EV-1-01: cannot be opened' "$TMPDIR/err"; then
        faulty collect
        rc=$?
    fi
    [ "$rc" = 0 ] || [ "$rc" = 3 ] || echo "resume: status $rc: $(cat "$TMPDIR/err")"
    [ "$(seal)" = "$want" ] || echo "another exhibit: $(diff -r "$TMPDIR/undisturbed/CASE-1/EV-1-01" "$case/EV-1-01")"
    [ "${lines:-0}" = 0 ] || head -n "$lines" "$log" | cmp - "$TMPDIR/acknowledged"
    ours >"$TMPDIR/said" 2>&1 || cat "$TMPDIR/said"
    find "$out" -name '*.part'
}
sweep() { # HOW FIRST EACH: at these calls; faults that are not as they should be
    FAULT_HOW=$1
    FAULT_AT=0
    out=$TMPDIR/$1 case=$TMPDIR/$1/CASE-1
    faulty collect
    calls=$(cat "$TMPDIR/count")
    at=$2
    while [ "$at" -le "$calls" ]; do
        out=$TMPDIR/$FAULT_HOW.$at case=$TMPDIR/$FAULT_HOW.$at/CASE-1
        FAULT_AT=$at
        mkdir "$out"
        look >"$TMPDIR/bad.$FAULT_HOW" 2>&1
        [ ! -s "$TMPDIR/bad.$FAULT_HOW" ] || { echo "call $at" && cat "$TMPDIR/bad.$FAULT_HOW"; }
        at=$((at + step * $3))
    done
    echo "# $1: at $calls calls" >&2
}
# Each call dies once, and fails once: as the first one on a full disk, or alone.
for how in 'kill 1 1' 'full 1 3' 'once 2 3'; do
    # shellcheck disable=SC2086  # words
    sweep $how >"$TMPDIR/faults" 2>"$TMPDIR/told"
    ok "$how: the same exhibit, and a good log" [ ! -s "$TMPDIR/faults" ]
    head -n 20 "$TMPDIR/faults" | sed 's/^/# /'
    cat "$TMPDIR/told"
done
plan
