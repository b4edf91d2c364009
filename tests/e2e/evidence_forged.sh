#!/bin/sh
# Cases that somebody forged, who has all files and knows all that VERIFY.txt does, but not the keys: what each of the
# two provers says to each. Some changes that do not touch each other are made together; each must be named.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/evidence.sh
custody=$case/custody
mkdir "$TMPDIR/one" "$TMPDIR/two"
printf a >"$TMPDIR/one/a"
printf b >"$TMPDIR/one/b"
printf x >"$TMPDIR/two/x"
for key in examiner witness; do "$IR" evidence keys create $key --no-passphrase >/dev/null; done
collect() { act collect "$TMPDIR/$1" -i "$2" -w Taro -k examiner --witness-key witness; }
ok 'a case of two exhibits' collect one 1
ok '… with a witness' collect two 2
chmod -R u+w "$case"
cp -a "$case" "$TMPDIR/good"
cp "$case"/VERIFY.* "$TMPDIR" # from somewhere else than from the case
data=EV-1-01/data/fs$TMPDIR/one

# All provers; the changes were made in $case, which is as it was afterwards.
prove() { # NAME STATUS
    sh "$TMPDIR/VERIFY.txt" "$case" >"$TMPDIR/brief" 2>&1
    brief_rc=$?
    sh "$TMPDIR/VERIFY.sh" "$case" >"$TMPDIR/stock" 2>&1
    stock_rc=$?
    ours >/dev/null
    ours_rc=$?
    ok "$1: VERIFY.txt gives $2" [ "$brief_rc" = "$2" ]
    [ "$brief_rc" = "$2" ] || tell '' "$TMPDIR/brief" 20
    ok "$1: VERIFY.sh gives $2" [ "$stock_rc" = "$2" ]
    [ "$stock_rc" = "$2" ] || tell '' "$TMPDIR/stock" 20
    ok "$1: ir evidence verify gives $2" [ "$ours_rc" = "$2" ]
    rm -rf "$case"
    cp -a "$TMPDIR/good" "$case"
}
named() { # WHAT [WHAT]: VERIFY.sh says the first, ir the second or the same
    ok "… VERIFY.sh names: $1" grep -qF -- "$1" "$TMPDIR/stock"
    ok "… ir names: ${2:-$1}" grep -qF -- "${2:-$1}" "$TMPDIR/out"
}
relist() { # CHECKPOINT: its list anew, of what is left
    (cd "$custody" && sha256sum "$1" "$1".*sig >"$1.sha256" 2>/dev/null)
}

prove 'untouched' 0
named 'lines 6' 'lines  6'
last=$(tail -n 1 "$custody/log.jsonl" | tr -d '\n' | sha256sum | cut -c 1-64)
named "last line $last" "last line  $last"
root=$(sed -n 3p "$custody/checkpoint-000006")
named "root $root" "root  $root"
for what in "lines 6" "last line $last" "root $root" "key "; do ok "… VERIFY.txt tells: $what" grep -qF "$what" "$TMPDIR/brief"; done

# Files of which nothing tells, and files that must be there.
cp -a "$case/EV-1-01" "$case/EV-1-03"
mkdir "$case/.hidden" "$custody/receipts"
openssl genpkey -algorithm ed25519 2>/dev/null >"$TMPDIR/mallory.key"
openssl pkey -in "$TMPDIR/mallory.key" -pubout >"$custody/keys/mallory.pub.pem"
openssl pkeyutl -sign -inkey "$TMPDIR/mallory.key" -rawin -in "$custody/checkpoint-000006" \
    -out "$custody/checkpoint-000006.mallory.sig"
planted='README.txt custody/note.txt custody/receipts/R-0001.txt custody/checkpoint-000006.tsr
    EV-1-01/meta/findings.jsonl EV-1-01/fetch.txt EV-1-01/data/planted'
for f in $planted; do echo evil >"$case/$f"; done
rm "$case/EV-1-02/tagmanifest-sha512.txt"
echo 'echo "all good"' >"$case/VERIFY.txt"
prove 'files added' 1
for f in $planted .hidden EV-1-03 custody/keys/mallory.pub.pem custody/checkpoint-000006.mallory.sig; do
    named "$f: nothing tells of it" "$f: "
done
named 'EV-1-02/tagmanifest-sha512.txt: is missing'
named 'VERIFY.txt: is not the text that the log tells of'

mv "$case/$data/a" "$TMPDIR/a"
ln -s "$TMPDIR/a" "$case/$data/a"
mkfifo "$case/$data/pipe"
mv "$custody/keys" "$TMPDIR/keys"
ln -s "$TMPDIR/keys" "$custody/keys"
prove 'a link and a pipe' 1
named "$data/a: is "
named "$data/pipe: is "
named 'custody/keys: is '

# Exhibits in each other's place.
rm -r "$case/EV-1-02"
cp -a "$case/EV-1-01" "$case/EV-1-02"
mkdir "$custody/tsa"
prove 'one exhibit in the place of another' 1
named 'custody/tsa: nothing tells of it' 'custody/tsa: '
named 'EV-1-02/tagmanifest-sha256.txt: ' 'EV-1-02/tagmanifest-sha256.txt: its digest is not the seal'

# Signatures and checkpoints taken away, with lists made anew.
rm "$custody/checkpoint-000006.witness.sig" "$custody/keys/witness.pub.pem" "$custody/checkpoint-000003"*
relist checkpoint-000006
prove 'the witness taken away, and a whole checkpoint' 1
named 'custody/checkpoint-000006: is not signed with the key'
named 'custody/checkpoint-000003: is missing'
rm "$custody"/*.sig "$custody"/keys/*
relist checkpoint-000003
relist checkpoint-000006
prove 'all signatures taken away' 1
named 'custody/checkpoint-000006: is not signed with the key'
named 'custody/checkpoint-000003.sha256: is not what line 4 of the log tells of'

# The log written anew and chained, its checkpoint signed by somebody else, the genuine keys left.
leaf() { { printf '\000' && printf %s "$1"; } | openssl dgst -sha256 -binary >"$TMPDIR/$2"; }
node() { { printf '\001' && cat "$TMPDIR/$1" "$TMPDIR/$2"; } | openssl dgst -sha256 -binary >"$TMPDIR/$1$2"; }
prev=$(printf %064d 0)
i=0
sed 's/Tokyo/Osaka/; s/,"prev_checkpoint":"[0-9a-f]*"//' "$TMPDIR/good/custody/log.jsonl" | while IFS= read -r l; do
    l=$(printf %s "$l" | sed "s/\"prev\":\"[0-9a-f]*\"/\"prev\":\"$prev\"/")
    prev=$(printf %s "$l" | sha256sum | cut -c 1-64) i=$((i + 1))
    leaf "$l" $i
    printf '%s\n' "$l"
done >"$custody/log.jsonl"
node 1 2 && node 3 4 && node 12 34 && node 5 6 && node 1234 56
rm "$custody"/checkpoint-*
printf 'ir/custody/CASE-1\n6\n%s\n' "$(openssl base64 -A -in "$TMPDIR/123456")" >"$custody/checkpoint-000006"
openssl pkeyutl -sign -inkey "$TMPDIR/mallory.key" -rawin -in "$custody/checkpoint-000006" \
    -out "$custody/checkpoint-000006.mallory.sig"
openssl pkey -in "$TMPDIR/mallory.key" -pubout >"$custody/keys/mallory.pub.pem"
relist checkpoint-000006
prove 'a log written anew, signed by another' 1
named 'custody/checkpoint-000006: is not signed with the key'
ok '… and is otherwise a good forgery' lacks 'is not the root' "$TMPDIR/stock"

# A NUL, which a shell does not read.
sed -i 's/Tokyo/Tok\x00yo/' "$custody/log.jsonl"
prove 'a NUL in the log' 1
named 'NUL bytes'

# What nobody can see without an older word of it is told, to be compared.
sed -i '4,$d' "$custody/log.jsonl"
rm -r "$custody/checkpoint-000006"* "$case/EV-1-02"
prove 'cut back to an old state' 0
named 'lines 3' 'lines  3'

# Handed over, and no longer here: the log tells. A line that nobody signed, at the end of a signed case.
act transfer -i 2 --to Jiro --means parcel --condition sealed -k examiner
rm -rf "$case/EV-1-02"
prove 'handed over' 0
named 'away EV-1-02: handed over, line 7' 'EV-1-02: warning: is not here: it was handed over'
act dispose -i 2 --method burnt --approver Jiro --erase --unsigned
prove 'unsigned lines behind signed ones' 1
named 'the last lines are signed by nobody' 'the lines after number 6 are signed by nobody'

# A case of which nobody signed anything is good, and told to be so.
out=$TMPDIR/other case=$TMPDIR/other/CASE-1
act collect "$TMPDIR/two" -i 1 --unsigned
rm -rf "$TMPDIR/good"
cp -a "$case" "$TMPDIR/good"
prove 'an unsigned case' 0
named UNSIGNED
ok '… VERIFY.txt tells it, too' grep -q UNSIGNED "$TMPDIR/brief"
ok '… and not that all is good' lacks 'good$' "$TMPDIR/stock"
plan
