#!/bin/sh
# Results as a person at a terminal reads them: lines fit its width, what matters first is named again below a long
# list, words stand where logs have none, and a reason is the same however much is shown around the record.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
# From where the tests run: a path is never cut, and a long one to the checkout would be wider than any terminal.
logs=tests/e2e/incident/logs
ref='--reference-time 2026-11-20'
# What a terminal of 80 columns gets; ja: in Japanese, where a character takes two.
terminal() { # COMMAND…
    script -qc "stty cols 80; TZ=UTC $IR $*" /dev/null </dev/null | tr -d '\r' >"$TMPDIR/out"
    [ -s "$TMPDIR/out" ]
}
fits() { # COLUMNS of the widest line, of UTF-8 where what takes more than two bytes is wide, but for … “ ” ←
    sed 's/\x1b\[[0-9;]*[mK]//g; s/[…“”←]/./g' "$TMPDIR/out" | grep -v '^Script' | LC_ALL=C awk -v max="$1" '
        { n = 0; for (i = 1; i <= length($0); i++) { c = substr($0, i, 1)
            if (c < "\200") n++; else if (c >= "\340") n += 2; else if (c >= "\300") n++ }
          if (n > max) { print n ": " $0; bad = 1 } } END { exit bad }'
}
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    ok 'a timeline on a terminal' terminal timeline "$ref" "$logs"
    ok '… fits it' fits 80
    prints 'logs/auth.log:102  web01 sshd[2251]: Acc'
    ok 'a search' terminal search "$ref" 203.0.113.78 "$logs"
    ok '… fits it' fits 80
    ok '… and shows what was found in each line' [ "$(grep -c '203\.0\.113\.78' "$TMPDIR/out")" = 4 ]
    printf '203[.]0[.]113[.]78\n' >"$TMPDIR/iocs"
    ok 'a search for indicators' terminal search "$ref" --iocs "$TMPDIR/iocs" "$logs"
    ok '… which are seen where they stand' [ "$(grep -c '203\.0\.113\.78' "$TMPDIR/out")" = 4 ]
    prints_not '[ip 203'
    for lang in en ja; do
        ok "numbers ($lang)" terminal stats --lang $lang "$ref" "$logs"
        ok '… fit it' fits 80
    done
    ok 'findings in Japanese' terminal scan --lang ja --no-progress "$ref" "$logs"
    ok '… fit it' fits 80
    opened() { ! grep -nE '(「|（)$|^ *(：|、|。|」|）)' "$TMPDIR/out"; }
    ok '… and no line ends with an opening bracket or begins with a mark' opened
else
    skip 'on a terminal' 'no terminal can be made here (script, /dev/pts)'
fi

# shellcheck disable=SC2086  # words
status 1 'a long list' scan $ref "$logs"
prints '  worst   critical: Reverse shell, 2026-11-18 00:27:44+00:00'
prints 'The kind of event is “SSH log-in”. The outcome is “success”.'
# shellcheck disable=SC2086
status 1 'a short one' scan $ref --min-level critical "$logs"
prints_not '  worst '

# What many inputs have alike is told once.
mkdir "$TMPDIR/alike"
for i in 1 2 3 4 5; do
    printf 'ElfFile\000%099d\n' $i >"$TMPDIR/alike/$i.evtx"
done
status 3 'inputs that cannot be understood' scan "$TMPDIR/alike"
prints '/alike/1.evtx and 4 more: '
prints_not '/alike/2.evtx'

mkdir "$TMPDIR/empty"
for format in table html md; do
    "$IR" scan -o $format "$TMPDIR/empty" >"$TMPDIR/out" 2>"$TMPDIR/err"
    prints 'Check that the paths are right and hold logs'
done

# What is read in Japanese can be asked for as it was read; the worst rules come first.
# shellcheck disable=SC2086
status 1 'a rule by its Japanese title' scan $ref --rule リバースシェル "$logs"
prints 'Reverse shell'
status 0 'explained' rules explain --lang ja リバースシェル "$logs/audit/audit.log:47"
status 0 'what could fire' rules coverage --rule シェル "$logs"
first() { [ "$(sed -n '/:$/{n;p;}' "$TMPDIR/out" | head -n 1 | awk '{ print $1 }')" = critical ]; }
ok '… the worst first' first
for lang in en ja; do
    for words in '' rules evidence case; do
        # shellcheck disable=SC2086
        "$IR" $words --lang $lang --help >"$TMPDIR/out" 2>"$TMPDIR/err"
        ok "the commands of ir $words ($lang) fit a terminal" fits 80
    done
done

"$IR" rules tune --lang ja --help >"$TMPDIR/out" 2>"$TMPDIR/err"
blanks() { ! LC_ALL=C grep -nE "$(printf '[\201-\277]') $(printf '[\343]')" "$TMPDIR/out"; }
ok 'where the source breaks a line of Japanese, no blank is left' blanks

# Tags are words, where there is a word; steps are counted; nothing is drawn of findings that are not there.
named() {
    grep -rhoiE 'attack\.t[0-9]{4}(\.[0-9]{3})?' rules | sed 's/.*\.t/T/' | sort -u >"$TMPDIR/tags"
    [ -s "$TMPDIR/tags" ] && ! sed 's/.*/TECHNIQUE("&",/' "$TMPDIR/tags" | while read -r want; do
        grep -qF "$want" libir/report/techniques.def || echo "$want"
    done | grep .
}
ok 'the techniques of all rules have names' named
# shellcheck disable=SC2086
status 1 'Markdown' scan $ref -o md "$logs"
prints '2. Reverse shell — '
prints '1 finding · Command and Control · Execution · T1059.004 Unix Shell · '
prints ' · ISO/IEC 27002 8.16'
# shellcheck disable=SC2086
status 1 'a page' scan $ref --lang ja -o html "$logs"
prints '<span class=tag>T1059.004 Unix シェル</span>'
prints_not '。 '
echo 'Nov 18 03:00:01 web01 CRON[7]: pam_unix(cron:session): session closed for user root' >"$TMPDIR/quiet.log"
# shellcheck disable=SC2086
status 0 'a page without findings' scan $ref -o html "$TMPDIR/quiet.log"
prints '>Records 0–1<'
prints_not '>Findings 0–0<'

# The event's kind, by which a rule groups, is nobody.
mkdir "$TMPDIR/rules"
cat >"$TMPDIR/rules/many.yml" <<'END'
title: One failed log-in
name: one
logsource: {product: linux}
detection:
    a: {event.action: ssh_login, event.outcome: failure}
    condition: a
level: low
---
title: Many of a kind
correlation:
    type: event_count
    rules: [one]
    group-by: [event.action]
    timespan: 1d
    condition: {gte: 3}
level: high
END
for i in 1 2 3 4 5; do
    echo "Nov 18 00:0$i:07 web01 sshd[2$i]: Failed password for u$i from 192.0.2.$i port 4 ssh2"
done >"$TMPDIR/auth.log"
many="scan $ref --no-default-rules --rules $TMPDIR/rules --rule Many"
for format in table html md; do
    # shellcheck disable=SC2086
    status 1 "findings by kind ($format)" $many -o $format "$TMPDIR/auth.log"
    prints 'Many of a kind'
    prints_not 'kind of event ssh_login'
    prints_not 'kind of event `ssh_login'
    prints_not 'kind of event <bdi>ssh_login'
done
why() { # OPTION…
    # shellcheck disable=SC2086
    "$IR" $many -o jsonl "$@" "$TMPDIR/auth.log" | jq -c 'select(.rule) | .why'
}
why >"$TMPDIR/bare"
why --context 3 >"$TMPDIR/around"
ok 'lines around a record change no reason' cmp "$TMPDIR/bare" "$TMPDIR/around"
ok '… of which there is one' [ "$(wc -l <"$TMPDIR/bare")" = 1 ]
plan
