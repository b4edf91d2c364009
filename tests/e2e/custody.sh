#!/bin/sh
# The life of an exhibit after sealing: notes, corrections, taking out and bringing back, handing over, disposal;
# what the log then says, and that the case stays provable with stock commands at each step.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/evidence.sh
log=$case/custody/log.jsonl
who='Hanako 山田'

look() { # COMMAND ARG...
    name=$1
    shift
    "$IR" evidence "$name" "$@" -c CASE-1 -o "$out" >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null
}
state() { # ITEM WANT
    look show -i "$1" --json && [ "$(jq -r .state "$TMPDIR/out")" = "$2" ]
}
proved() { (cd "$case" && sh VERIFY.txt) && look verify; }

mkdir "$TMPDIR/src"
printf a >"$TMPDIR/src/a"
"$IR" evidence keys create examiner --no-passphrase >/dev/null
for i in 1 2; do
    act collect "$TMPDIR/src" -i $i
done
act collect "$TMPDIR/src" -i 3 --no-seal

# Notes and corrections: nothing is rewritten.
ok 'a note on the case' act add-note 'the disk was warm'
ok 'has no exhibit' last '.event == "note" and .text == "the disk was warm" and (has("item_id") | not)'
ok 'a note on an exhibit' act add-note 'label is torn' -i 1
ok 'names it' last '.item_id == "EV-1-01"'
cp "$log" "$TMPDIR/before"
ok 'amend' act amend --seq 2 --field place --value Osaka
ok 'tells of the line, the old and the new value' \
    last '.event == "amend" and .amends_seq == 2 and .field == "place" and .value_before == "Tokyo" and .value == "Osaka"'
ok 'and of the digest of the line' \
    last ".amends_sha256 == \"$(sed -n 2p "$log" | tr -d '\n' | sha256sum | cut -c 1-64)\""
ok 'what was there is as it was' cmp -n "$(stat -c %s "$TMPDIR/before")" "$TMPDIR/before" "$log"
ok 'a line that is not there cannot be amended' gives 2 act amend --seq 999 --field place --value x
ok 'nor can line 0' gives 2 act amend --seq 0 --field place --value x
ok 'a field is needed' gives 2 act amend --seq 2 --value x

# Each state allows what it allows.
lines=$(wc -l <"$log")
ok 'what was not taken out cannot come back' gives 2 act checkin -i 1 --condition good
ok 'what is not sealed cannot go' gives 2 act checkout -i 3 --purpose x
ok 'an exhibit that is not there' gives 2 act checkout -i 9 --purpose x
ok 'a purpose is needed' gives 2 act checkout -i 1
ok 'none of these left a line' [ "$(wc -l <"$log")" = "$lines" ]
ok 'checkout' act checkout -i 1 --purpose analysis --copy working --condition sealed
ok 'C28-2: is told' last '.event == "check-out" and .purpose == "analysis" and .copy_used == "working" and (.seal | length) == 64'
ok 'and the state' state 1 out
ok 'not twice' gives 2 act checkout -i 1 --purpose x
ok 'checkin' act checkin -i 1 --condition unchanged
ok 'is stored again' state 1 stored
ok 'transfer' act transfer -i 1 --to 'Taro Sato, Lab' --means parcel --carrier Yamato --shipping-number 1234-5678 \
    --container-seal TS-99 --encrypted-to age1xyz --condition sealed
ok 'C28-2: with all that is asked for' last '.event == "transfer-out" and .to == "Taro Sato, Lab" and .carrier == "Yamato" and
    .shipping_number == "1234-5678" and .container_seal == "TS-99" and .encrypted_to == "age1xyz" and
    .condition_on_leaving == "sealed"'
ok 'is on its way' state 1 on-way
ok 'and in nobody'"'"'s hands' jq -e '.holder == "" and .from == "Hanako 山田" and .to == "Taro Sato, Lab" and
    (.since | endswith("Z"))' "$TMPDIR/out"
ok 'and cannot be disposed of' gives 2 act dispose -i 1 --method x --approver y

# Disposal: the exhibit stays unless told; an erased one is no fault of the case.
ok 'an approver is needed' gives 2 act dispose -i 2 --method shredded
ok 'C28-2: dispose' act dispose -i 3 --method returned --approver Chief
ok 'leaves the files' [ -d "$case/EV-1-03/data" ]
ok 'and says so' last '.event == "dispose" and .erased == false'
ok 'C28-2: dispose and erase' act dispose -i 2 --method 'wiped' --approver Chief --certificate C-7 --erase
ok 'the files are gone' [ ! -e "$case/EV-1-02" ]
ok 'and that is told' last '.erased == true and .certificate == "C-7" and .approver == "Chief"'
ok 'an open one is told, which is not of this' gives 1 look verify
rm -r "$case/EV-1-03"
ok 'the case is proved without the two' proved

# For people and for programs.
ok 'list' look list
ok '… between whom' grep -qE '^EV-1-01 +on its way .* in transit from Hanako 山田 to Taro Sato, Lab since 20[0-9-]+ ' "$TMPDIR/out"
prints 'EV-1-02             erased'
ok 'list --json' look list --json
ok 'one object an exhibit' [ "$(jq -s length "$TMPDIR/out")" = 3 ]
ok 'show' look show -i 1
prints "$(sha256sum <"$case/EV-1-01/tagmanifest-sha256.txt" | cut -c 1-64)"
prints 'in transit from Hanako 山田 to Taro Sato, Lab since 20'
ok 'in Japanese' look show -i 1 --lang ja
prints 'Hanako 山田 から Taro Sato, Lab へ搬送中（20'
ok 'log' look log
ok 'has a row a line, and one for what is on its way' [ "$(wc -l <"$TMPDIR/out")" = $(($(wc -l <"$log") + 1)) ]
ok '… which tells it' grep -q '^EV-1-01: in transit from Hanako 山田 to ' "$TMPDIR/out"
prints 'the disk was warm'
ok 'a label' look label -i 1
prints '搬送中 / In transit     Hanako 山田 → Taro Sato, Lab (20'
ok 'a receipt of the hand-over' act receipt -i 1
ok '… does not tell that it arrived' grep -q '^受領 / Received .*not yet: in transit' "$(cat "$TMPDIR/out")"
ok 'log --json is the log' look log --json
ok 'byte for byte' cmp "$TMPDIR/out" "$log"
ok 'log of one exhibit' look log -i 2 --json
ok 'has its lines only' [ "$(jq -r .item_id "$TMPDIR/out" | sort -u)" = EV-1-02 ]
ok 'show needs an exhibit' gives 2 look show
ok 'that is there' gives 2 look show -i 9
LC_ALL=ja_JP.UTF-8 "$IR" evidence list -c CASE-1 -o "$out" >"$TMPDIR/ja"
ok 'is Japanese' grep -q '搬送中' "$TMPDIR/ja"
act add-note "$(printf 'bad\033[31m\nnews')"
look log
ok 'controls do not reach a terminal' lacks "$(printf '\033')" "$TMPDIR/out"
plan
