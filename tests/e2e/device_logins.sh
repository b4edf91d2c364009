#!/bin/sh
# Every device and service that tells of log-ins and accounts, from the raw line to the finding, with our rules: forty
# refusals from one address are guessing, a log-in after them is one that worked, and an account that is made is told.
# device_logins.tab has the lines. Whoever adds a source file that tells of log-ins must add its lines there, and an
# action of a log-in for which no rule asks is a device that nobody watches.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
tab=tests/e2e/device_logins.tab
mkdir "$TMPDIR/logs"

# Each name gets a file and an address of its own.
awk -F '|' -v dir="$TMPDIR/logs" '
    function put(line, s) {
        gsub(/@S/, sprintf("%02d", s), line)
        gsub(/@A/, address[name], line)
        gsub(/@U/, "user" s, line)
        print line >(dir "/" name ".log")
    }
    /^#/ || NF < 4 { next }
    {
        name = $2
        if (!(name in address)) {
            address[name] = "203.0.113." ++n
            print name "\t" address[name] >(dir "/../names")
            if (name == "iis_ftp") print "#Fields: date time c-ip cs-username s-ip s-port cs-method cs-uri-stem " \
                "sc-status sc-win32-status time-taken" >(dir "/" name ".log")
        }
        print name "\t" $3 >(dir "/../wanted")
        line = $4
        for (i = 5; i <= NF; i++) line = line "|" $i
        for (i = 0; i < ($3 ~ /^bad/ ? 40 : 1); i++) put(line, i)
    }' "$tab"
"$IR" scan --no-default-rules --no-anomaly --rules rules --reference-time 2026-11-20T00:00:00Z --output jsonl --no-progress \
    "$TMPDIR/logs" 2>"$TMPDIR/err" >"$TMPDIR/findings"
# FILE, then what kind of finding has a record of it: guessing, entered, account.
jq -r 'select(."ir.kind" == "finding") | (.rule.tags | join(" ")) as $tags | .rule.level as $level |
    (if ($tags | contains("attack.t1136")) then "add"
     elif ($tags | contains("attack.t1110")) then
        (if $level == "high" or $level == "critical" then "good" else "bad" end)
     else "other" end) as $kind |
    .origin[].path | sub(".*/"; "") | sub("\\.log$"; "") | . + "\t" + $kind' "$TMPDIR/findings" | sort -u >"$TMPDIR/found"
while IFS="$(printf '\t')" read -r name kind; do
    case $kind in bad-) kind=bad ;; esac
    case $kind in
    bad) what='is found guessing' ;;
    good) what='is found entering after it' ;;
    *) what='is found making an account' ;;
    esac
    ok "$name $what" grep -qx "$(printf '%s\t%s' "$name" "$kind")" "$TMPDIR/found"
done <"$TMPDIR/wanted"

# Source files that tell of log-ins: by a phrase, by a row of a table, by the functions for it.
(cd libir/format && grep -lE \
    '^[^*]*(IR_SAYS_LOGIN|, LOGIN(_FAILED)?\)|ir_syslog_logon\(ev, "|IR_SAYS_ACCOUNT|_login"\)|"[a-z]+_login", *(-1|1|true|false)|ir_web_word\(ev, IR_F_EVENT_ACTION, IR_S\("[a-z]+_login"|SSHD\(.*ssh_login)' \
    ./*.c ./*.def) | sed 's|^\./||' | grep -vE '^(phrase_fields|syslog_util|postgres_words|syslog_login|device)\.c$|^device_words\.def$' | sort -u >"$TMPDIR/tell"
grep -v '^#' "$tab" | cut -d '|' -f 1 | sort -u >"$TMPDIR/have"
ok 'there are sources that tell of log-ins' [ "$(wc -l <"$TMPDIR/tell")" -gt 20 ]
comm -23 "$TMPDIR/tell" "$TMPDIR/have" >"$TMPDIR/forgotten"
ok 'each has lines in the table' cmp "$TMPDIR/forgotten" /dev/null
plan
