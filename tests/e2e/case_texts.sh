#!/bin/sh
# Texts as people and programs give them: in other character sets, with bytes that are no character, of days to come. What
# is kept is what was given; what cannot be kept is refused, or it is said what became of it.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中
status 0 'a case' open 'T'
last() { # TABLE COLUMN: of the newest row
    sql "SELECT $2 FROM $1 ORDER BY rowid DESC LIMIT 1"
}

# A terminal of another character set, a file name that was torn: an option or an operand is refused before anything is done.
before=$(sql 'SELECT max(seq) FROM audit')
for octets in '264 301' '141 377' '355 240 200' '300 257' '343 201'; do
    # shellcheck disable=SC2059,SC2086  # words that make a format
    text=$(printf "$(printf '\\%s' $octets)")
    status 2 "no UTF-8 in a note: $octets" note add 1 "$text"
    says 'no UTF-8'
    status 2 "no UTF-8 as a name: $octets" note add 1 text --actor "$text"
    says '--actor: '
    status 2 "no UTF-8 in one of several: $octets" fact set 1 cause=x "effect=$text"
    command=''
    status 2 "no UTF-8 in a list: $octets" init --yes --role "lead=$text"
    command=case
done
is 'nothing of it is kept' "$(sql 'SELECT max(seq) FROM audit')" "$before"
ok 'a path may have any bytes' "$IR" case export 1 --out "$TMPDIR/$(printf 'a\377b')"
status 0 'nor does an input have to have a readable name' backup "$TMPDIR/$(printf 'b\377c')"

# From a file it is read in the character set that it is in.
for charset in CP932 EUC-JP ISO-2022-JP UTF-16 UTF-8; do
    printf '暗号化された\n連絡あり\n' | iconv -f UTF-8 -t "$charset" >"$TMPDIR/text"
    for words in 'note add 1' 'event add'; do
        # shellcheck disable=SC2086  # words
        "$IR" case $words - <"$TMPDIR/text" >"$TMPDIR/out" 2>"$TMPDIR/err"
        is "$words in $charset" $? 0
        is '… without a word' "$(cat "$TMPDIR/err")" ''
        is '… is kept as it reads' "$(last "${words%% *}" text)" "$(printf '暗号化された\n連絡あり')"
    done
done
printf '\357\273\277memo' | "$IR" case note add 1 - >"$TMPDIR/out"
is 'the mark at the start of a file is none of the text' "$(last note text)" memo

# What is no character in any of them is marked, and that is said.
printf 'a\377b\000c' >"$TMPDIR/text"
"$IR" case note add 1 - <"$TMPDIR/text" >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'bytes that are no text' $? 0
says U+FFFD
is '… are marked' "$(last note text)" 'a�b�c'
printf 'Subject: a\377b\r\n\r\nhello\r\n' >"$TMPDIR/text"
"$IR" case event add - <"$TMPDIR/text" >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'a mail with such bytes' $? 0
says U+FFFD
printf 'organisation,person\nShop,A\377\n' | "$IR" case contact import - >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'a list of contacts with such bytes' $? 0
says U+FFFD
printf '組織,担当者\n商店,佐藤\n' | iconv -t CP932 | "$IR" case contact import - >"$TMPDIR/out" 2>"$TMPDIR/err"
is '… without' "$(cat "$TMPDIR/err")" ''
printf '{"datetime":"2026-11-01T00:00:00Z","message":"a\377b","timestamp_desc":"x"}\n' |
    "$IR" case timeline import 1 >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'a timeline with such bytes' $? 0
says U+FFFD
printf '{"ir.kind":"finding","id":"1","@timestamp":"2026-11-02T00:00:00Z","rule":{"id":"r","title":"a\377b","level":"high"}}\n' |
    "$IR" case alerts file >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'a finding with such bytes' $? 0
says U+FFFD
printf 'a�b' | "$IR" case note add 1 - >"$TMPDIR/out" 2>"$TMPDIR/err"
is 'a mark that was there already' "$(cat "$TMPDIR/err")" ''
status 0 'the trail holds' verify

# What was noticed, and what a report tells of, has been.
status 2 'noticed next year' event add x --noticed "$(($(date +%Y) + 1))-12-31"
says 'in the future'
status 0 'noticed before there were computers' event add x --noticed 1900-01-01
status 2 'a report of next year' report 1 management --at "$(($(date +%Y) + 1))-12-31"
says 'lies in the future'
is 'none was made' "$(sql 'SELECT count(*) FROM report')" 0

# A rule of which nothing waits is told, also beside what else is named.
before=$(sql 'SELECT max(seq) FROM audit')
status 2 'a rule that is none, beside a report' decide 1 --rule nix -O event -m x
says 'no undecided alerts'
is 'nothing is decided' "$(sql 'SELECT max(seq) FROM audit')" "$before"

# Three letters out of the middle of a word decide nothing that cannot be taken back.
status 2 'a part of a word is no criterion' decide 1 -O incident -c inf -m x -a y
status 0 'known since' duty aware 1 "$(date +%Y-%m-%d)" -a y
status 2 '… no duty' duty sent 1 inf --receipt 1 -a y
status 2 '… and no kind of report' report 1 cident -o md
ok '… of which each stands on a line' grep -q '^  ppc-sokuho  *Preliminary report' "$TMPDIR/err"
is 'nothing is decided' "$(sql 'SELECT count(*) FROM decision')" 0

# A kind or a level is kept as its file has it, or refused.
mkdir -p "$IR_HOME/casefiles/playbooks" "$IR_HOME/casefiles/criteria"
long=$(printf '漏%.0s' $(seq 1 100))
for words in "$long" "$(printf %.60s "$long")"; do
    printf 'id: own\nversion: "1"\nkind: %s\ntitle: own\nsteps:\n  - id: a\n    phase: detect\n    step: team\n    owner: lead\n    text: c\n' "$words" \
        >"$IR_HOME/casefiles/playbooks/own.yml"
    printf 'id: own\nversion: "7"\nlevels:\n  - id: %s\n' "$words" >"$IR_HOME/casefiles/criteria/own.yml"
    status 0 'the playbooks' playbook list
    for option in kind level; do
        "$IR" case open --"$option" "$words" T >"$TMPDIR/out" 2>"$TMPDIR/err"
        rc=$?
        if [ "$words" = "$long" ]; then
            is "a $option of 300 bytes" "$rc" 2
            says 'longer than'
        else
            is "a $option of 60 bytes" "$rc" 0
            is '… is kept' "$(last incident "$option")" "$words"
        fi
    done
done
rm -r "$IR_HOME/casefiles"

# A file of lines that are no indicators is told in a few words.
seq 1 1000 | sed 's/^/no indicator /' >"$TMPDIR/lines"
status 3 'a thousand lines that are none' ioc import 1 --from "$TMPDIR/lines"
says 'line 1: '
says '990 more lines'
ok '… in few lines' [ "$(wc -l <"$TMPDIR/err")" -le 12 ]

# What cannot be told is recorded all the same; whoever did not get the number would send it again.
"$IR" case event add 'told to nobody' >/dev/full 2>"$TMPDIR/err"
is 'a receipt that cannot be printed' $? 4
says 'recorded all the same'
is '… is of a report that is kept' "$(last event text)" 'told to nobody'
"$IR" case event add 'told to nobody' >&- 2>"$TMPDIR/err"
is 'nor on a closed output' $? 4
says 'recorded all the same'
"$IR" case event list >/dev/full 2>"$TMPDIR/err"
is 'a list that cannot be printed' $? 4
ok '… records nothing' lacks recorded "$TMPDIR/err"

# Who waits for a text holds up nobody.
mkfifo "$TMPDIR/slow"
for words in 'note add 1 -' 'task add 1 -' 'lesson add 1 -' 'timeline add 1 - --at 2026-11-01' 'timeline import 1' 'ioc import 1'; do
    # shellcheck disable=SC2086  # words
    "$IR" case $words <"$TMPDIR/slow" >"$TMPDIR/waiting" 2>&1 &
    exec 3>"$TMPDIR/slow"
    until find "/proc/$!/fd" -lname '*/ir.db' 2>/dev/null | grep -q .; do kill -0 $! || break; done
    ok "while $words waits, others write" timeout 20 "$IR" case event add x
    exec 3>&-
    wait $!
done
plan
