#!/bin/sh
# The end of the log, or its last checkpoint, taken away: what ir evidence verify can tell from what is there, and what
# from receipts, copies and the case database, which were somewhere else.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/evidence.sh
custody=$case/custody
mkdir "$TMPDIR/src" "$TMPDIR/kept"
printf a >"$TMPDIR/src/a"
"$IR" evidence keys create first --no-passphrase >/dev/null
act collect "$TMPDIR/src" -i 1
cp "$custody/log.jsonl" "$TMPDIR/kept/three"
act add-note more
act receipt -i 1
receipt=$(cat "$TMPDIR/out")
cp "$receipt" "$TMPDIR/kept/receipt"
cp "$custody/log.jsonl" "$TMPDIR/kept/five"
cp "$custody/checkpoint-000005" "$TMPDIR/kept/checkpoint"
act add-note last
chmod -R u+w "$case"
cp -a "$case" "$TMPDIR/good"
again() {
    rm -rf "$case"
    cp -a "$TMPDIR/good" "$case"
}
verify() { "$IR" evidence verify -c CASE-1 -o "$out" "$@" >"$TMPDIR/out" 2>"$TMPDIR/err"; }

ok 'good, with all that is kept' verify --known "$TMPDIR/kept/receipt" --known "$TMPDIR/kept/five" --known "$TMPDIR/kept/checkpoint"

# The last checkpoint only: a crash leaves the same, also with what is written before it.
rm "$custody/checkpoint-000006"
ok 'a last checkpoint that is missing is no proof of anything' gives 3 verify
prints 'custody/checkpoint-000006: unclear: is missing: a program died before it was written, or somebody took it away'
prints 'Up to line 5 all is proved'
prints 'What is there does not decide: 1 question'
rm "$custody"/checkpoint-000006.*
ok 'with all that belongs to it too' gives 3 verify --json
ok '… in JSON' jq -se 'any(.[]; .type == "unclear") and (last(.[] | select(.type == "case")) | .problems == 0 and .unclear == 1)' "$TMPDIR/out"
ok '… in Japanese' gives 3 verify --lang ja
prints 'checkpoint-000006: 未確定: ありません。'
ok 'what is kept of before does not decide it' gives 3 verify --known "$TMPDIR/kept/receipt" --known "$TMPDIR/kept/five"
cp "$TMPDIR/good/custody/log.jsonl" "$TMPDIR/kept/six"
ok 'a program that goes on writes a checkpoint again' act add-note on
ok '… after which all is good' verify
again

# A checkpoint behind which a receipt was made.
sed -i '$d' "$custody/log.jsonl"
rm "$custody"/checkpoint-00000[56]*
ok 'a checkpoint that a receipt proves was taken away' gives 1 verify
prints "custody/checkpoint-000005: is missing, and was there, as custody/receipts/R-0005.txt proves: it was taken away"
rm "$custody"/receipts/*
ok 'without the receipt it is open' gives 3 verify
ok 'one that somebody keeps decides it' gives 1 verify --known "$TMPDIR/kept/receipt"
prints "as $TMPDIR/kept/receipt proves: it was taken away"
again

# Lines with their checkpoint: nothing is left to see.
cut_off() {
    sed -i '4,$d' "$custody/log.jsonl"
    rm -r "$custody"/checkpoint-00000[456]* "$custody/receipts"
}
cut_off
ok 'an older state of the log is good by itself' verify
ok 'a copy of that time is, too' verify --known "$TMPDIR/kept/three"
for kept in receipt checkpoint five; do
    ok "a later $kept shows it" gives 1 verify --known "$TMPDIR/kept/$kept"
    prints "custody/log.jsonl: has 3 lines, and once had 5 or more, as $TMPDIR/kept/$kept proves: its end was cut off"
done
ok 'not what is none of these' gives 3 verify --known "$TMPDIR/src/a"
ok 'nor what is not there' gives 3 verify --known "$TMPDIR/nothing"
sed 's/more/less/' "$TMPDIR/kept/five" >"$TMPDIR/kept/other"
again
ok 'a copy that is another' gives 1 verify --known "$TMPDIR/kept/other"
prints 'line 4 of this copy is another than in custody/log.jsonl'

# What lies here and is of later lines: what the log's key signed proves it, what anybody can write does not.
sed -i '6d' "$custody/log.jsonl"
ok 'a signed checkpoint of more lines' gives 1 verify
prints 'once had 6 or more, as custody/checkpoint-000006 proves'
prints 'custody/checkpoint-000006: belongs to line 6, which the log does not have'
rm "$custody/checkpoint-000006.sig"
ok 'an unsigned one' gives 1 verify
ok '… proves nothing' lacks 'once had' "$TMPDIR/out"
again
sed 's/"receipt"/"receipt "/' "$receipt" >"$custody/receipts/R-0009.txt"
ok 'a forged receipt' gives 1 verify
ok '… proves nothing' lacks 'once had' "$TMPDIR/out"
again

# The case database of the workspace knows the line that told of an exhibit last.
"$IR" init --yes --role lead=Hanako >"$TMPDIR/no" 2>&1
"$IR" case open 'a case' --lead Hanako >"$TMPDIR/no"
ok 'exhibits of a case' "$IR" case evidence link 1 1 --dir "$out" --of CASE-1
cut_off
ok 'its database shows what was cut off' gives 1 verify
prints 'once had 5 or more, as the case database (ir case evidence) proves'
plan
