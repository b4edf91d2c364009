#!/bin/sh
# What an incident consists of: timeline, indicators, assets; from what others found, and never twice.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
hostile=$(printf '=cmd|x "<b>\047);--\033[31m\342\200\256')
workspace --role lead=田中 --zone +09:00
"$IR" case event add 'odd screen' --noticed 2026-11-20T12:00:00Z >"$TMPDIR/out"
"$IR" case open first --event 1 >"$TMPDIR/out"

command='case timeline'
status 0 'an entry' add 1 "log-in $hostile" --at 2026-11-20T10:00:00Z --until 2026-11-20T11:00:00Z --uncertainty 40 \
    --source "vpn1:$hostile" --asset vpn1 --attack T1133 --confidence probable
status 2 'without a time' add 1 x
status 2 'an impossible one' add 1 x --at 2026-02-29T10:00:00Z
status 2 'ends before it begins' add 1 x --at 2026-11-20T10:00:00Z --until 2026-11-19T10:00:00Z
status 2 'a confidence that is none' add 1 x --at 2026-11-20 --confidence sure
"$IR" case act 1 --action isolate --at 2026-11-20T13:00:00Z >"$TMPDIR/out"
status 0 'the list' list 1
ok 'nothing steers the terminal' lacks "$(printf '\033')" "$TMPDIR/out"
"$IR" case timeline list 1 -o jsonl >"$TMPDIR/out"
is 'merged, in the order of time' "$(jq -r .kind "$TMPDIR/out" | tr '\n' ' ')" 'entry report act '
is 'what was said' "$(jq -r 'select(.kind == "entry") | .title, .until, .uncertainty_s, .asset, .attack, .confidence' "$TMPDIR/out" | tr '\n' '/')" \
    "log-in $hostile/2026-11-20T11:00:00.000Z/40/vpn1/T1133/probable/"
is 'only its own' "$("$IR" case timeline list 1 --own -o jsonl | wc -l)" 1

cat >"$TMPDIR/in.jsonl" <<'END'
{"ir.kind":"finding","@timestamp":"2026-11-20T09:00:00Z","rule":{"title":"Brute force","tags":["attack.t1110.001"]},"entity":{"host.name":"web1"},"origin":[{"path":"auth.log","line":4}],"last_seen":"2026-11-20T09:30:00Z","why":"many"}
{"ir.kind":"event","@timestamp":"2026-11-20T09:01:00Z","message":"Accepted <b>","log.file.path":"auth.log","log.line":9,"host.name":"web1"}
{"message":"timesketch","datetime":"2026-11-20T09:02:00+00:00","timestamp_desc":"Written"}
{"ir.kind":"summary","inputs":1}

{"@timestamp":"2026-02-30T09:00:00Z","message":"impossible"}
{"message":"no time"}
[1,2]
{"rule":{"title":"cut
END
status 3 'import: what is unusable is told of' import 1 --from "$TMPDIR/in.jsonl" -o jsonl
is 'counts' "$(jq -c . "$TMPDIR/out")" '{"added":3,"same":0,"with_exhibit":0,"bad":4}'
says 'line 6'
"$IR" case timeline import 1 -o jsonl <"$TMPDIR/in.jsonl" >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'never twice, also from stdin' "$(jq -c . "$TMPDIR/out")" '{"added":0,"same":3,"with_exhibit":0,"bad":4}'
"$IR" case timeline list 1 --own -o jsonl >"$TMPDIR/out"
is 'a finding' "$(jq -r 'select(.title == "Brute force") | .at, .until, .source, .asset, .attack' "$TMPDIR/out" | tr '\n' ' ')" \
    '2026-11-20T09:00:00.000Z 2026-11-20T09:30:00.000Z auth.log:4 web1 T1110.001 '
is 'an event' "$(jq -r 'select(.title == "Accepted <b>") | .source' "$TMPDIR/out")" auth.log:9
status 4 'a file that is not there' import 1 --from "$TMPDIR/none"

command='case ioc'
status 0 'indicators, defanged' add 1 'hxxp://evil[.]example/a' '203.0.113[.]5' D41D8CD98F00B204E9800998ECF8427E 'a[at]evil[.]example' --note "$hostile" --tlp amber
status 2 'what is none' add 1 'no indicator'
"$IR" case ioc list 1 -o jsonl >"$TMPDIR/out"
is 'as they are meant' "$(jq -r '.type + " " + .value' "$TMPDIR/out" | tr '\n' '/')" \
    'email a@evil.example/hash d41d8cd98f00b204e9800998ecf8427e/ip 203.0.113.5/url http://evil.example/a/'
printf '# a list\n203.0.113.5\n198.51.100.0/24\n\n"><script>\n' >"$TMPDIR/list"
status 3 'a list' import 1 --from "$TMPDIR/list" -o jsonl
is 'each once' "$(jq -c . "$TMPDIR/out")" '{"added":1,"same":1,"bad":1}'
says 'line 5'

command='case asset'
status 0 'an asset' add 1 'ファイルサーバー <b>' --type server --address 192.0.2.3 --role victim --state isolated
status 2 'twice' add 1 'ファイルサーバー <b>'
status 2 'of no name' add 1 ' '
status 0 'a change' change 1 'ファイルサーバー <b>' --state restored --note "$hostile"
status 2 'of nothing' change 1 'ファイルサーバー <b>'
status 2 'of what is not there' change 1 x --state restored
"$IR" case asset list 1 -o jsonl >"$TMPDIR/out"
is 'what is known' "$(jq -r '.role + " " + .state + " " + .note' "$TMPDIR/out")" "victim restored $hostile"
command='case'
status 0 'the trail holds it' verify
plan
