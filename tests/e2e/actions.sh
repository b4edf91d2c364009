#!/bin/sh
# The words that parsers write as event.action stand in one table, libir/event/actions.def: each word in the sources is
# there, each word there is in the sources, and records of ours carry no other.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
sed -n 's/^ACTION("\([^"]*\)".*/\1/p' libir/event/actions.def | sort >"$TMPDIR/table"
ok 'there are words' [ "$(wc -l <"$TMPDIR/table")" -gt 100 ]
sort -u "$TMPDIR/table" >"$TMPDIR/once"
ok 'each stands once' cmp "$TMPDIR/table" "$TMPDIR/once"

# The places of an action: rows of phrases, arguments of the functions that set it, the tables of devices.
cat libir/format/*.c libir/format/*.def | tr '\n' ' ' >"$TMPDIR/text"
{
    grep -oE '"[a-z][a-z0-9_-]*", *IR_SAYS_' "$TMPDIR/text"
    grep -oE '(ir_(syslog|device)_action|ir_mail_result|ir_syslog_logon|ir_phrase_says)\(ev, *"[^"]*"' "$TMPDIR/text" | grep -oE '"[^"]*"$'
    grep -oE 'IR_F_EVENT_ACTION, *IR_S\("[^"]*"\)' "$TMPDIR/text" | grep -oE '"[^"]*"'
    cat libir/format/syslog_asa.def libir/format/syslog_cisco.def | grep -oE '^(ASA|IOS|GROUP|BOTNET)\(.*, "[a-z_]+", [A-Z_]+\)' |
        grep -oE '"[a-z_]+", [A-Z_]+\)$'
    grep -oE '^SSHD\(.*, "[a-z_]+", [A-Z_]+\)' libir/format/syslog_sshd.def | grep -oE '"[a-z_]+", [A-Z_]+\)$'
} | sed 's/^"\([^"]*\)".*/\1/' | sort -u >"$TMPDIR/used"
ok 'they are found in the sources' [ "$(wc -l <"$TMPDIR/used")" -gt 150 ]
comm -13 "$TMPDIR/table" "$TMPDIR/used" >"$TMPDIR/unknown"
ok 'each word of the sources stands in the table' diff "$TMPDIR/unknown" /dev/null
while read -r word; do
    grep -qF "\"$word\"" "$TMPDIR/text" || echo "$word"
done <"$TMPDIR/table" >"$TMPDIR/idle"
ok 'each word of the table is used' diff "$TMPDIR/idle" /dev/null

# What comes out: lines of all devices, and the cases that are kept for other tests.
sed -n 's/^[^#|]*|[^|]*|[^|]*|//p' tests/e2e/device_logins.tab | sed 's/@S/01/g; s/@A/192.0.2.7/g; s/@U/bob/g' >"$TMPDIR/lines.log"
for f in "$TMPDIR/lines.log" tests/golden/syslog_devices/input.log tests/golden/syslog_services/input.log tests/golden/syslog_mixed/input*; do
    "$IR" parse --reference-time 2026-11-23 "$f" 2>/dev/null
done | jq -r 'select(."ir.format" | IN("syslog", "yamaha", "openvpn", "samba", "sonicwall", "sophos", "paloalto", "exim", "mysql")) |
    ."event.action" // empty | if type == "array" then .[] else . end' | sort -u >"$TMPDIR/said"
ok 'records have actions' [ "$(wc -l <"$TMPDIR/said")" -gt 30 ]
comm -13 "$TMPDIR/table" "$TMPDIR/said" >"$TMPDIR/strange"
ok 'all of them stand in the table' diff "$TMPDIR/strange" /dev/null
plan
