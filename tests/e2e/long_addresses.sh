#!/bin/sh
# Whoever sends requests chooses their length. A pattern of a rule that looks again behind each of its beginnings takes
# the square of that length in steps: some minutes for these files instead of a blink.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
# Ends that let the other parts of the rules' selections fit.
tail='?cmd=&wget&sleep&union+select+from&.ph&/upload+or+'
for unit in 'union+select+' '.php/' '.php?\&c=' '%0a' '(' ';' "'+or+" '1' "'/**/or" '/uploads' '/uploads/.ph' 'benchmark(' '+'; do
    awk -v unit="$unit" -v tail="$tail" 'BEGIN {
        while (length(long) < 60000) long = long unit
        for (i = 0; i < 5; i++) {
            printf "203.0.113.5 - - [15/Nov/2026:10:15:3%d +0900] \"GET /%s%s HTTP/1.1\" 200 5 \"-\" \"x\"\n", i, long, tail
            printf "203.0.113.5 - - [15/Nov/2026:10:15:3%d +0900] \"GET /?%s%s HTTP/1.1\" 200 5 \"-\" \"x\"\n", i, long, tail
        }
    }'
done >"$TMPDIR/access.log"
timeout 40 "$IR" scan --threads 1 --no-default-rules --no-anomaly --rules rules/web --output jsonl --no-progress "$TMPDIR/access.log" >"$TMPDIR/out"
code=$?
ok 'long addresses are searched in time' [ "$code" -lt 2 ]
ok 'and no pattern was given up' [ "$(tail -n 1 "$TMPDIR/out" | jq '[.problems[]? | select(tostring | test("regular expression"))] | length')" = 0 ]
plan
