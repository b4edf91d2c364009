#!/bin/sh
# run.sh PROGRAM...: each fuzz target for $FUZZ_SECONDS seconds, $JOBS of them at once, from the seeds of the tree and
# what earlier runs found. New inputs go to $B/corpus/, a crashing one to $B/crashes/; minimise it, fix, and put it
# into tests/fuzz/corpus/ by hand.
set -u
: "${B:=build}" "${FUZZ_SECONDS:=10}" "${FUZZ_SEED:=0}" "${JOBS:=1}" # seed 0: another one each time
export B FUZZ_SECONDS FUZZ_SEED

one() { # PROGRAM
    name=${1##*/fuzz_}
    seeds=tests/fuzz/corpus/$name
    [ -d "$seeds" ] || seeds=$B/corpus/$name
    log=$B/crashes/$name.log
    mkdir -p "$B/corpus/$name"
    # A parser that takes seconds or much memory for 64 KiB of input is an open door as well.
    if "$1" -seed="$FUZZ_SEED" -max_total_time="$FUZZ_SECONDS" -timeout=5 -rss_limit_mb=1024 -malloc_limit_mb=65536 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="$B/crashes/$name-" "$B/corpus/$name" "$seeds" \
        >"$log" 2>&1; then
        echo "fuzz: $name passed, $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs"
        rm -f "$log"
    else
        grep -E '^(==|SUMMARY|.*runtime error|Test unit written|ALARM)' "$log" | head -n 8
        echo "fuzz: $name FAILED (log: $log)"
    fi
}

if [ "${1-}" = --one ]; then
    one "$2"
    exit 0
fi
mkdir -p "$B/crashes"
total=$B/crashes/total
printf '%s\n' "$@" | xargs -n 1 -P "$JOBS" sh "$0" --one | tee "$total"
good=$(grep -c '^fuzz: [^ ]* passed' "$total")
bad=$(grep -c '^fuzz: [^ ]* FAILED' "$total")
# One that told nothing, since it could not even be started, has failed too.
[ $((good + bad)) = $# ] || bad=$(($# - good))
echo "fuzz: $good passed, $bad failed"
[ "$bad" = 0 ]
