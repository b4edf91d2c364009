#!/bin/sh
# ir stats: counts are those of ir parse.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
command=stats
logs=tests/e2e/incident/logs
ref='--reference-time 2026-11-20'
# shellcheck disable=SC2086
"$IR" parse $ref $logs >"$TMPDIR/parse" 2>/dev/null
# shellcheck disable=SC2086
"$IR" stats $ref -o jsonl $logs >"$TMPDIR/stats" 2>/dev/null
same() { # FIELD
    jq -r "select(.\"$1\" != null) | .\"$1\" | if type == \"array\" then .[0] else . end" "$TMPDIR/parse" |
        sort | uniq -c | awk '{ print $1, $2 }' | sort >"$TMPDIR/want"
    jq -r "select(.table == \"$1\") | [.records, .\"$1\"] | join(\" \")" "$TMPDIR/stats" | sort |
        diff "$TMPDIR/want" - && [ -s "$TMPDIR/want" ]
}
for field in ir.format host.name process.name user.name source.ip; do
    ok "records by $field" same $field
done
hours() {
    jq -r '."@timestamp" // empty' "$TMPDIR/parse" | cut -c 12-13 | sort | uniq -c | awk '{ print $2 + 0, $1 }' \
        >"$TMPDIR/want"
    jq -r 'select(."ir.kind" == "summary") | .hours_utc | to_entries[] | select(.value > 0) | "\(.key) \(.value)"' \
        "$TMPDIR/stats" | diff "$TMPDIR/want" -
}
ok 'records by hour' hours

# C15-1: what each log tells, of how long, and the longest silence; a rotated set is one log.
covers() { # FIELDS…: how many records of the log have one of them
    jq -rs --argjson any "$(printf '%s\n' "$@" | jq -R . | jq -s .)" \
        '[.[] | select(."log.file.path" | endswith("auth.log")) | select(. as $r | $any | any($r[.] != null))] | length' \
        "$TMPDIR/parse"
}
of_log() { jq -r "select(.table == \"coverage\" and (.\"log.file.path\" | endswith(\"auth.log\"))) | $1" "$TMPDIR/stats"; }
is 'C15-1: records with a time' "$(of_log .with_time)" "$(covers @timestamp)"
is 'C15-1: … with a device' "$(of_log .with_device)" "$(covers host.name)"
is 'C15-1: … with a user' "$(of_log .with_user)" \
    "$(covers user.name user.id user.target.name user.effective.name user.audit.name user.audit.id)"
is 'C15-1: … with an activity' "$(of_log .with_activity)" \
    "$(covers event.action event.code http.request.method process.command_line type rule.name)"
is 'C15-1: … with an address' "$(of_log .with_address)" \
    "$(covers source.ip source.address source.domain destination.ip network.protocol network.transport)"
mkdir "$TMPDIR/set"
echo '2026-11-18T01:00:00Z host sshd[7]: Failed password for root from 192.0.2.7 port 4711 ssh2' | gzip >"$TMPDIR/set/a.log.2.gz"
echo '2026-11-18T03:00:00Z host kernel: no user, no address' >"$TMPDIR/set/a.log.1"
echo '2026-11-18T03:00:09Z host kernel: no user, no address' >"$TMPDIR/set/a.log"
"$IR" stats -o jsonl "$TMPDIR/set" >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'C15-1: a rotated set' "$(jq -c 'select(.table == "coverage") | [(."log.file.path" | sub(".*/"; "")), .records, .with_user,
    .with_address, .first, .last, .silent_from, .longest_silence_s]' "$TMPDIR/out")" \
    '["a.log",3,1,1,"2026-11-18T01:00:00Z","2026-11-18T03:00:09Z","2026-11-18T01:00:00Z",7200]'
"$IR" stats "$TMPDIR/set" >"$TMPDIR/out" 2>"$TMPDIR/err"
ok 'C15-1: the same for people' sh -c "tr -s ' \n' ' ' <'$TMPDIR/out' | grep -qF ' 33% 33% 100% 100% 33% '"
prints 'silent for longest from'
cat >"$TMPDIR/log" <<'EOF'
2026-11-18T01:00:00Z host sshd[7]: Failed password for root from 192.0.2.7 port 4711 ssh2
2026-11-18T01:00:05Z host sshd[7]: Failed password for root from 192.0.2.7 port 4711 ssh2
2026-11-18T02:00:00Z host sshd[8]: Accepted password for root from 192.0.2.7 port 4712 ssh2
2026-11-18T03:00:00Z host sshd[9]: Failed password for invalid user bob from 198.51.100.7 port 4713 ssh2
EOF
"$IR" stats -o jsonl "$TMPDIR/log" >"$TMPDIR/out" 2>"$TMPDIR/err"
logon() { # USER SUCCESS FAILURE FIRST LAST
    jq -se --arg u "$1" --argjson s "$2" --argjson f "$3" --arg a "$4" --arg b "$5" \
        'any(.[]; .table == "logons" and ."user.name" == $u and .success == $s and .failure == $f and
         .first == $a and .last == $b)' "$TMPDIR/out"
}
ok 'log-ons: root' logon root 1 2 2026-11-18T01:00:00Z 2026-11-18T02:00:00Z
ok 'log-ons: bob' logon bob 0 1 2026-11-18T03:00:00Z 2026-11-18T03:00:00Z
status 0 'a table' "$TMPDIR/log"
prints 'root from 192.0.2.7, 2026-11-18 01:00:00+00:00 to 2026-11-18 02:00:00+00:00'
status 0 'one row' -n 1 "$TMPDIR/log"
prints_not '198.51.100.7'
printf '2026-11-18T01:00:00Z host sshd[7]: Failed password for \033[31mx from 192.0.2.7 port 1 ssh2\n' >"$TMPDIR/log"
status 0 'hostile names' "$TMPDIR/log"
prints_not "$(printf '\033')"
plan
