#!/bin/sh
# What a script relies on: exit statuses, where output goes, and messages that say what to do.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh

status 2 'no command'
says 'ir: no command: see ir --help'
status 2 'unknown command' scna
says 'did you mean ir scan?'
status 2 'nothing like a command' qqqqqq
says 'see ir --help'
status 0 'help' --help
prints 'Commands:'
ok '… and does not show what is hidden' sh -c "! grep -q completion '$TMPDIR/out'"
status 0 'help of a command' help scan
prints '--reference-time TIME'
status 0 'help inside of other options' scan --min-level low --help
status 0 'version' --version
prints 'ir '
status 0 'libraries' version -v
prints 'libpcre2'
status 2 'a group alone' rules
says 'see ir rules --help'
status 0 'help of a group' rules --help
status 2 'unknown subcommand' rules lisst
says 'did you mean ir rules list?'

status 2 'no operand' scan
says 'PATH… is missing'
status 2 'unknown option' scan --mim-level low x
says 'did you mean --min-level?'
status 2 'an abbreviated option' scan --min low x
status 2 'unknown letter' scan -z x
status 2 'option without its value' scan x --since
says 'TIME is missing'
status 2 'flag with a value' scan --no-prefilter=yes x
status 2 'level' scan --min-level severe x
says 'use informational, low, medium, high or critical'
status 2 'number' scan --threads -1 x
status 2 'too many threads' scan --threads 100000 x
status 2 'time' scan --since yesterdayish x
says 'no date or time'
status 2 'times exchanged' scan --since 2026-11-22 --until 2026-11-21 x
status 2 'format' scan --format syslogd x
says 'did you mean syslog?'
status 2 'output' scan --output yaml x
status 2 'too many operands' version x
status 2 'control characters' scan "--format=$(printf 'a\033[2J')" x
says 'a\x1b[2J'

log=tests/e2e/incident/logs/auth.log
mkdir "$TMPDIR/rules" "$TMPDIR/case"
cat >"$TMPDIR/rules/fail.yml" <<'END'
title: A failed password
id: 6f2f0a4e-8c53-4b53-9d52-0c1a7a1f8a01
logsource:
    product: linux
    service: sshd
detection:
    keywords:
        - 'Failed password'
    condition: keywords
level: low
END
own() { # WANT NAME ARGUMENTS... — a scan with the rule above and no other
    want=$1
    what=$2
    shift 2
    status "$want" "$what" scan --no-default-rules --rules "$TMPDIR/rules" --no-anomaly \
        --reference-time 2026-11-20 "$@"
}
own 0 'findings below the alert level' $log
prints 'A failed password'
own 1 'findings at the alert level' --alert-level low $log
own 0 'findings left out do not alert' --alert-level low --min-level high $log
own 3 'an input that is not there' "$TMPDIR/no.log"
own 1 'an alert wins over damage' --alert-level low $log "$TMPDIR/no.log"
own 0 'options between operands' $log --output=jsonl
ok '… and the last line is the summary' sh -c "tail -n 1 '$TMPDIR/out' | grep -q '\"ir.kind\":\"summary\"'"
own 0 'operand behind --' -- $log
own 2 'only a rule that is not there' --alert-level low --rule nosuchrule $log
says '--rule: nosuchrule: no rule has this id'
own 1 'only a rule that is there' --alert-level low --rule 'failed PASS' $log
own 4 'values that are not there' --values "$TMPDIR/nowhere.yml" $log
says 'cannot read values'
own 0 'Japanese' --lang ja $log
own 0 'an option twice' --output csv --threads 1 --output jsonl $log
says '--output: given more than once: the last one counts'
ok '… which it does' [ "$(head -c 1 "$TMPDIR/out")" = '{' ]
status 2 'help of a command that is not there' help scna
says 'did you mean ir scan?'
mkdir "$TMPDIR/none"
own 0 'a directory without rules' --rules "$TMPDIR/none" $log
says "no rules in $TMPDIR/none: their names end in .yml or .yaml"
status 0 'a directory without rules, checked' rules check "$TMPDIR/none"
says "no rules in $TMPDIR/none"
own 0 'a directory without files' --output jsonl "$TMPDIR/none"
says 'nothing was read: no file is there'
own 0 'a pattern that no path fits' --path 'nowhere*' $log
says '--path: no input fits'
printf 'the report of yesterday\n' >"$TMPDIR/kept"
own 4 'what cannot be scanned' --values "$TMPDIR/nowhere.yml" --out "$TMPDIR/kept" $log
ok '… leaves the earlier report' grep -q yesterday "$TMPDIR/kept"
mkfifo "$TMPDIR/slow"
exec 9<>"$TMPDIR/slow"
"$IR" scan --no-default-rules --no-progress --out "$TMPDIR/kept" - <"$TMPDIR/slow" >/dev/null 2>&1 &
sleep 0.5
kill "$!"
wait "$!" 2>/dev/null || true
exec 9>&-
ok 'a scan that somebody ended leaves the earlier report' grep -q yesterday "$TMPDIR/kept"
own 0 'one that ends by itself' --output csv --out "$TMPDIR/kept" $log
ok '… replaces it' [ "$(grep -c yesterday "$TMPDIR/kept")" = 0 ]
status 0 'a directory without files, parsed' parse "$TMPDIR/none"
says 'no record was read'
own 4 'output that cannot be made' --out "$TMPDIR/no/such/dir" $log
says 'cannot write'
status 4 'rules that are not there' scan --no-default-rules --rules "$TMPDIR/nowhere" $log
says 'cannot read rules'

own 0 'output to a file' --output csv --out "$TMPDIR/findings.csv" $log
ok '… and nothing on stdout' [ ! -s "$TMPDIR/out" ]
ok '… and the summary in words on stderr' grep -q '^  read ' "$TMPDIR/err"
ok '… and CRLF rows' grep -q "$(printf '\r')" "$TMPDIR/findings.csv"
ok '… readable by its owner only' sh -c "ls -l '$TMPDIR/findings.csv' | grep -q '^-rw-------'"
echo 'old text' >"$TMPDIR/again"
own 0 'output over an old file' --output jsonl --out "$TMPDIR/again" $log
ok '… which is replaced' sh -c "! grep -q 'old text' '$TMPDIR/again'"

# An output may never eat evidence.
cp $log "$TMPDIR/case/auth.log"
ln "$TMPDIR/case/auth.log" "$TMPDIR/hard.log"
ln -s "$TMPDIR/case/auth.log" "$TMPDIR/soft.log"
for out in case/auth.log hard.log soft.log case/new; do
    own 2 "output onto evidence: $out" --out "$TMPDIR/$out" "$TMPDIR/case" "$TMPDIR/case/auth.log"
    says 'will not write into what is to be read'
done
own 2 'output onto a globbed file' --out "$TMPDIR/case/auth.log" "$TMPDIR/case/*.log"
ok 'the evidence is whole' cmp $log "$TMPDIR/case/auth.log"
ok 'and nothing new lies beside it' [ "$(ls "$TMPDIR/case")" = auth.log ]

if [ -w /dev/full ]; then
    "$IR" parse $log >/dev/full 2>"$TMPDIR/err"
    rc=$?
    ok "a full disk: status 4 (got $rc)" [ "$rc" = 4 ]
    says 'No space left on device'
fi
"$IR" parse $log 2>"$TMPDIR/err" | head -n 1 >"$TMPDIR/out"
ok 'a reader that goes away: one line' [ "$(wc -l <"$TMPDIR/out")" = 1 ]
ok 'a reader that goes away: no complaint' [ ! -s "$TMPDIR/err" ]
NO_COLOR=1 "$IR" scan --no-default-rules --rules "$TMPDIR/rules" $log >"$TMPDIR/out" 2>&1
ok 'no colour into a file' sh -c "! grep -q '$(printf '\033')' '$TMPDIR/out'"
own 0 'colour when asked for' --color always $log
ok '… even into a file' grep -q "$(printf '\033')" "$TMPDIR/out"
# ---- output that cannot be written, a scan that is ended from outside -----------------------------
"$IR" scan $log >/dev/full 2>"$TMPDIR/err"
ok 'a full disk behind stdout: status 4' [ $? = 4 ]
ok '… and says what to do' grep -q 'stdout: No space left on device: make room$' "$TMPDIR/err"
own 4 'a full disk behind --out' --out /dev/full $log
says 'make room or name another file with --out'
"$IR" scan $log >&- 2>"$TMPDIR/err"
ok 'stdout closed: status 4' [ $? = 4 ]
ok '… and no advice that does not help' grep -q 'stdout: Bad file descriptor$' "$TMPDIR/err"
"$IR" scan - <&- >"$TMPDIR/out" 2>"$TMPDIR/err"
ok 'stdin closed: status 3' [ $? = 3 ]
(
    ulimit -f 1
    "$IR" parse --out "$TMPDIR/limited" $log 2>"$TMPDIR/err"
)
ok 'a limit on file sizes: status 4' [ $? = 4 ]
says 'File too large'
# Correlations keep what does not fit into memory in a temporary file.
awk 'BEGIN { for (i = 0; i < 250000; i++) printf "Nov 18 %02d:%02d:%02d web01 sshd[%d]: Failed password for root from 10.%d.%d.%d port %d ssh2\n",
    i / 72000, i / 1200 % 60, i / 20 % 60, i % 30000 + 1, i % 7, i / 7 % 250, i / 1750 % 250, i % 60000 + 1 }' >"$TMPDIR/many.log"
(
    ulimit -f 100
    "$IR" scan --no-default-rules --rules rules --reference-time 2026-11-20 "$TMPDIR/many.log" 2>"$TMPDIR/err" |
        cat >"$TMPDIR/out"
)
prints 'no room for them in /var/tmp: some were left out'
(
    ulimit -f 100
    "$IR" scan --no-default-rules --rules rules --alert-level critical --reference-time 2026-11-20 "$TMPDIR/many.log" >/dev/null 2>&1
)
ok 'no room for the temporary file: status 3' [ $? = 3 ]
rm "$TMPDIR/many.log"
own 0 'a time in which nothing lies' --since 2030-01-01 $log
prints 'none, because no record lies in the time that was asked for'
prints 'only    from 2030-01-01 00:00:00'
mkfifo "$TMPDIR/pipe"
sleep 20 >"$TMPDIR/pipe" &
writer=$!
: >"$TMPDIR/err"
"$IR" scan - <"$TMPDIR/pipe" >"$TMPDIR/out" 2>"$TMPDIR/err" &
scan=$!
sleep 1
kill -TERM $scan
wait $scan 2>/dev/null
ok 'a scan that is ended dies by the signal' [ $? = 143 ]
kill $writer
says 'interrupted: nothing was reported'
ok '… and so it is' [ ! -s "$TMPDIR/out" ]
plan
