#!/bin/sh
# ir init on a terminal: it asks what it needs, asks again what it cannot take, and keeps the answers before that.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
IR_HOME=$TMPDIR/home
export IR_HOME
if ! script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    skip 'an interview' 'no terminal can be made here (script, /dev/pts)'
    plan
    exit
fi
mkfifo "$TMPDIR/typed"
: >"$TMPDIR/screen"
timeout 120 script -qfec "$IR init --lang en --no-desks" /dev/null <"$TMPDIR/typed" >"$TMPDIR/screen" 2>&1 &
exec 3>"$TMPDIR/typed"
asked() { # TIMES QUESTION: whether it stands there so often, as the last line; what is typed earlier is thrown away
    for _ in $(seq 200); do
        [ "$(grep -cF -- "$2" "$TMPDIR/screen")" -ge "$1" ] && return
        sleep 0.1
    done
    cat "$TMPDIR/screen"
    return 1
}
setting() { sql "SELECT value FROM setting WHERE id = '$1'"; }
answer() { # TIMES QUESTION ANSWER
    ok "asked: $2 ($1)" asked "$1" "$2" && printf '%s\n' "$3" >&3
}
answer 1 'Name of the company' 'Example Trading'
answer 1 'Time zone' 'Mars'
answer 2 'Time zone' '+09:00'
answer 1 'Language of reports (ja or en) [en]' ''
answer 1 'Working hours' ''
answer 1 'Criteria table' 'tokyo-9'
answer 2 'Criteria table' 'tokyo-0-3'
answer 1 'Who decides' '佐藤,03-5555-0100'
answer 1 'Who leads' ''
answer 1 'Who acts first' ''
exec 3>&-
wait
ok 'what was mistaken is named' grep -qF 'tokyo-9' "$TMPDIR/screen"
is 'the answers are kept' "$(setting criteria)|$(setting language)|$(setting organisation)" 'tokyo-0-3|en|Example Trading'
is '… and who answers' "$(sql 'SELECT role, person FROM role')" 'chief|佐藤'
is 'made in a language, reports are in it' "$(setting language)" en
status 0 'run again in another' init --yes --lang ja
is '… they stay as they are' "$(setting language)" en
ok 'what is missing is told' grep -qF 'missing: who holds the role lead' "$TMPDIR/screen"
plan
