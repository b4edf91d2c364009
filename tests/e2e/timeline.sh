#!/bin/sh
# ir timeline: one order over all inputs, also when it outgrows memory; filters; events without a time.
set -u
: "${IR:?}" "${IR_PLAIN:?}" "${TMPDIR:?}" "${B:?}"
. tests/lib.sh
command=timeline
logs=tests/e2e/incident/logs
ref='--reference-time 2026-11-20'

# The table of all events is what ir parse prints, sorted.
same_as_parse() {
    # shellcheck disable=SC2086
    "$IR" parse $ref "$logs" 2>/dev/null | jq -c '[."@timestamp", ."log.file.path", ."log.offset"]' |
        sort >"$TMPDIR/want"
    # shellcheck disable=SC2086
    "$IR" timeline $ref -o jsonl "$logs" 2>/dev/null |
        jq -c '[."@timestamp", ."log.file.path", ."log.offset"]' >"$TMPDIR/got"
    sort "$TMPDIR/got" | diff "$TMPDIR/want" - && [ -s "$TMPDIR/got" ]
}
ok 'every event is there once' same_as_parse
in_order() { # FILE of jsonl
    jq -r '[(."@timestamp" // "9" | sub("Z$"; "") | sub("(?<a>:[0-9]{2})$"; "\(.a).000")), ."log.file.path",
        (."log.offset" + 1000000000 | tostring)] | @tsv' "$1" >"$TMPDIR/keys" && sort -s -c "$TMPDIR/keys"
}
# shellcheck disable=SC2086
"$IR" timeline $ref -o jsonl $logs >"$TMPDIR/out" 2>"$TMPDIR/err"
ok 'by time, then input, then offset' in_order "$TMPDIR/out"

# Far more than the buffer of a TINY build, in two files whose times are mixed, with ties and lines without time.
awk 'BEGIN { srand(3); for (i = 0; i < 6000; i++) { s = int(rand() * 5000)
    printf "2026-11-%02dT%02d:%02d:%02dZ host prog[%d]: line %d\n", 1 + s % 9, s % 24, s % 60, s % 50, i, i } }' \
    >"$TMPDIR/a.log"
awk 'BEGIN { srand(4); for (i = 0; i < 6000; i++) { s = int(rand() * 5000)
    printf "2026-11-%02dT%02d:%02d:%02dZ host prog[%d]: line %d\n", 1 + s % 9, s % 24, s % 60, s % 50, i, i
    if (i % 1000 == 0) print "no stamp here " i } }' >"$TMPDIR/b.log"
"$IR" timeline -o jsonl "$TMPDIR/a.log" "$TMPDIR/b.log" >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null
all_there() { [ "$(wc -l <"$TMPDIR/out")" = 12006 ]; }
ok 'all events' all_there
ok 'in order' in_order "$TMPDIR/out"
status 0 'a table' "$TMPDIR/b.log"
says '6 without a time, at the end'
ok 'they stand at the end' [ "$(tail -n 6 "$TMPDIR/out" | grep -c '^time unknown')" = 6 ]

# shellcheck disable=SC2086
fits() { # COUNT EXPRESSION
    got=$("$IR" timeline $ref -o jsonl --filter "$2" $logs 2>"$TMPDIR/err" | wc -l)
    ok "$1 events fit $2 (got $got)" [ "$got" -eq "$1" ]
}
count() { # JQ CONDITION: how many events ir parse says
    # shellcheck disable=SC2086
    "$IR" parse $ref $logs 2>/dev/null | jq -c "select($1)" | wc -l
}
fits "$(count '."user.name" == "kenji"')" 'user:kenji'
fits "$(count '."user.name" == "kenji"')" 'user:KENJI'
fits "$(count '."source.ip" // "" | startswith("203.0.113.")')" 'source.ip:203.0.113.0/24'
fits "$(count '."source.ip" // "" | startswith("203.0.113.") | not')" 'NOT source.ip:203.0.113.0/24'
fits "$(count '(."source.ip" // "" | startswith("203.0.113.")) and ."event.outcome" == "success"')" \
    'src:203.0.113.* outcome:success'
fits "$(count '."process.name" == "sshd" and (."user.name" == "yuki" or ."user.name" == "hana")')" \
    'program:sshd AND (user:yuki OR user:hana)'
fits "$(count '(."http.response.status_code" // 0) >= 404')" 'status:>=404'
fits "$(count '.message | ascii_downcase | contains("accepted password")')" '"accepted password"'
fits 0 'user:"ken*"'
fits "$(count '."user.name" // "" | startswith("ken")')" 'user:ken*'

printf '{"time":"2026-11-18T00:00:00Z","Unit":"a","Pool":"b"}\n' >"$TMPDIR/own.json"
: >"$TMPDIR/empty"
for bad in '(' 'user:' 'a AND' '"open' 'a)' 'user|nonsense:x' 'x|re:('; do
    status 2 "a broken filter, $bad" --filter "$bad" $logs
    says '--filter: '
done
# A mistyped name fits nothing, which must not look like an answer.
none='no record had this field'
status 0 'a field that no record has' --reference-time 2026-11-20 --filter 'usr.name:kenji' $logs
says "--filter: usr.name: $none: did you mean user.name?"
status 0 'a name of Sigma, for logs that have another' --reference-time 2026-11-20 --filter 'cs-Method:GET OR user:kenji' $logs
says "--filter: cs-Method: $none: did you mean http.request.method?"
status 0 'a known one that these logs lack' --reference-time 2026-11-20 --filter 'dns.question.name:*' $logs
says "--filter: dns.question.name: $none"
ok '… nothing else was meant' lacks 'did you mean' "$TMPDIR/err"
status 0 'one that is only behind an OR' --reference-time 2026-11-20 --filter 'user:* OR ip:* OR source.ip|cidr:192.0.2.0/24 OR kenji' $logs
ok '… is there' lacks 'no record had' "$TMPDIR/err"
status 0 'a name of the logs themselves' --filter 'Unit:x AND NOT Pool:y' "$TMPDIR/own.json"
ok '… is no mistake' lacks 'no record had' "$TMPDIR/err"
status 0 'nothing to read' --filter 'usr.name:kenji' "$TMPDIR/empty"
ok '… no word about fields' lacks 'no record had' "$TMPDIR/err"
status 2 'a name of ours that is none' --filter 'user:x OR ir.time.hours:3' $logs
says '--filter: ir.time.hours: there is no such field: did you mean ir.time.hour?'
status 2 'as ir parse calls what the record calls otherwise' --filter 'ir.record.message:x' $logs
says 'did you mean message?'
fits "$(count '."@timestamp" // "" | test("T03:")')" 'ir.time.hour:3'
status 0 'a time window' --since 2026-11-18T00:47:00Z --until 2026-11-18T00:48:00Z --reference-time 2026-11-20 $logs
prints 'for kenji'
prints_not 'for yuki'
status 0 'for Timesketch' --reference-time 2026-11-20 -o timesketch-csv $logs
prints 'message,datetime,timestamp_desc,timestamp'

# What does not fit into memory is sorted on disk: the peak does not grow with the log.
if sanitized; then
    skip 'memory' 'for the plain build'
else
    "$B/bench/lines" 60 tests/bench/families/sshd >"$TMPDIR/long.log"
    # shellcheck disable=SC2046
    set -- $("$B/bench/timed" "$IR_PLAIN" timeline -o jsonl "$TMPDIR/long.log")
    ok "60 MB are sorted within 128 MiB ($3 KiB, status $4)" [ "$3" -le 131072 ]
    ok '… to the end' [ "$4" = 0 ]
fi
plan
