#!/bin/sh
# The logs that `make bench` makes, one of each kind: all records are read by the format that they are of, and our own
# rules find the same with and without the prefilter. (Stack traces in text logs and comments are no records.)
set -u
: "${IR:?}" "${TMPDIR:?}" "${B:?}"
. tests/lib.sh
plain_only 'megabytes of lines that the golden cases and the fuzzers have as well'
scan() { # FILE ARGUMENTS...
    out=$1
    shift
    "$IR" scan --no-anomaly --reference-time 2026-11-23 --output jsonl "$@" 2>"$TMPDIR/err" </dev/null |
        sed 's/"elapsed_s":[0-9.]*/"elapsed_s":0/' >"$TMPDIR/$out"
}
for f in tests/bench/families/*; do
    kind=${f##*/}
    log=$TMPDIR/$kind.log
    "$B/bench/lines" 1 "$f" >"$log"
    scan with "$log"
    scan without "$log" --no-prefilter
    ok "$kind: the same without the prefilter" cmp -s "$TMPDIR/with" "$TMPDIR/without"
    case $kind in text) want='"unrecognised":[1-9]' ;; *) want='"damaged":0,"unrecognised":0,' ;; esac
    ok "$kind: every record is known" grep -q "$want" "$TMPDIR/with"
    rm -f "$log"
done
plan
