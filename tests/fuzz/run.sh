#!/bin/sh
# run.sh PROGRAM...: each fuzz target for $FUZZ_SECONDS seconds, from the seeds of the tree and what earlier
# runs found. New inputs go to $B/corpus/, a crashing one to $B/crashes/; minimise it, fix, and put it into
# tests/fuzz/corpus/ by hand.
set -u
: "${B:=build}" "${FUZZ_SECONDS:=10}" "${FUZZ_SEED:=0}" # seed 0: another one each time
good=0 bad=0
mkdir -p "$B/crashes"
for program; do
    name=${program##*/fuzz_}
    seeds=tests/fuzz/corpus/$name
    [ -d "$seeds" ] || seeds=$B/corpus/$name
    log=$B/crashes/$name.log
    mkdir -p "$B/corpus/$name"
    # A parser that takes seconds or much memory for 64 KiB of input is an open door as well.
    if "$program" -seed="$FUZZ_SEED" -max_total_time="$FUZZ_SECONDS" -timeout=5 -rss_limit_mb=1024 -malloc_limit_mb=65536 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="$B/crashes/$name-" "$B/corpus/$name" "$seeds" \
        >"$log" 2>&1; then
        good=$((good + 1))
        echo "fuzz: $name passed, $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs"
        rm -f "$log"
    else
        bad=$((bad + 1))
        grep -E '^(==|SUMMARY|.*runtime error|Test unit written|ALARM)' "$log" | head -n 8
        echo "fuzz: $name FAILED (log: $log)"
    fi
done
echo "fuzz: $good passed, $bad failed"
[ "$bad" = 0 ]
