#!/bin/sh
# An exhibit of a tree of hostile names, sealed; proved with sh, sha256sum and openssl alone; and what
# happens when something of it is changed.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/evidence.sh
src=$TMPDIR/src
item=$case/EV-1-01

mkdir -p "$src/sub/empty"
printf a >"$src/a.txt"
ln "$src/a.txt" "$src/second name"
printf b >"$src/$(printf 'new\nline')"
printf c >"$src/$(printf 'carriage\rtab\t')"
printf d >"$src/"'back\slash'
printf e >"$src/pipe|name.txt"
printf f >"$src/$(printf '\377\376')"
printf g >"$src/百分率 100%=.txt"
printf h >"$src/Twin"
printf i >"$src/twin"
printf j >"$src/-rf"
printf k >"$src/sub/con"
printf l >"$src/$(printf '%0255d' 0)"
mkfifo "$src/pipe"
ln -s /etc/passwd "$src/link"
ln -s loop "$src/loop"
truncate -s 3M "$src/sparse"
printf end >>"$src/sparse"
head -c 700000 /dev/zero | tr '\0' x >"$src/large"

collect() { # ITEM ARG...
    number=$1
    shift
    "$IR" evidence collect "$@" -c CASE-1 -i "$number" -o "$out" --actor Hanako --place Tokyo --reason test \
        --no-witness 'in a test' 2>"$TMPDIR/err"
}

ok 'a key is made' "$IR" evidence keys create examiner --no-passphrase
ok 'its private half is for its owner only' [ "$(stat -c %a "$IR_HOME/keys/examiner.key")" = 600 ]
ok 'collect' collect 1 "$src"
ok 'VERIFY.txt proves it' stock
ok 'and says so' grep -qx 'all good' "$TMPDIR/stock"
ok 'VERIFY.ja.txt does too' stock VERIFY.ja.txt
ok 'ir evidence verify as well' ours
ok '… and says so in Japanese' grep -qx '問題はありません' "$TMPDIR/stock"
commands() { grep -v '^ *#' "$1" | sed "s/'[^']*'//g; s/\"[^\"]*\"//g"; }
ok 'the two differ in their comments and words only' [ "$(commands "$case/VERIFY.txt")" = "$(commands "$case/VERIFY.ja.txt")" ]
grep -oE "no '[^']*'" "$case/VERIFY.ja.txt" | LC_ALL=C grep -v '[^ -~]' >"$TMPDIR/out"
ok 'all that is wrong is told in Japanese' [ ! -s "$TMPDIR/out" ]

ok 'VERIFY.txt is of at most 15 lines of commands' [ "$(grep -cv '^ *#' "$case/VERIFY.txt")" -le 15 ]
proves() { # FILE SED SAYS: VERIFY.txt sees a change
    cp -p "$case/$1" "$TMPDIR/was"
    sed -i "$2" "$case/$1"
    stock VERIFY.txt >"$TMPDIR/out"
    (cd "$case" && sh VERIFY.ja.txt) >"$TMPDIR/ja" 2>&1
    cp -p "$TMPDIR/was" "$case/$1"
    ok "a change in $1 is seen, and its place told" grep -qi "$3" "$TMPDIR/out"
    ok '… in Japanese, with as many words' [ "$(grep -c '^BAD: ' "$TMPDIR/out")" = "$(grep -c '^問題：' "$TMPDIR/ja")" ]
}
chmod u+w "$case/custody" "$case"/custody/* "$item"/*.txt
proves custody/log.jsonl '2s/Tokyo/Osaka/' 'BAD: log.jsonl, line 3'
proves custody/log.jsonl '3s/Tokyo/Osaka/' 'BAD: checkpoint-000003: not the root'
proves custody/checkpoint-000003 '1s/CASE-1/CASE-2/' 'BAD: checkpoint-000003: not signed with key'
proves EV-1-01/tagmanifest-sha256.txt '1s/^./g/' 'BAD: EV-1-01: is not as it was sealed'
proves EV-1-01/bag-info.txt 's/Hanako/Taro/' 'bag-info.txt: FAILED'

# Each object is in the list, each content in the payload; names come back byte for byte.
ok 'every object is listed' [ "$(wc -l <"$item/meta/files.jsonl")" = "$(find "$src" -printf x | wc -c)" ]
ok 'every inode with content once' \
    [ "$(find "$item/data" -type f -printf x | wc -c)" = "$(find "$src" -type f -printf '%i\n' | sort -u | wc -l)" ]
jq -r '.path_raw // (.path | @base64)' "$item/meta/files.jsonl" | while read -r b64; do
    printf %s "$b64" | base64 -d
    printf '\0'
done | sort -z >"$TMPDIR/names"
find "$src" -print0 | sort -z >"$TMPDIR/want"
ok 'names come back byte for byte' cmp "$TMPDIR/want" "$TMPDIR/names"
ok 'the sparse file has its holes' [ "$(stat -c %b "$item/data/fs$src/sparse")" -lt 100 ]
ok 'and its content' cmp "$src/sparse" "$item/data/fs$src/sparse"
ok 'times are those of the source' [ "$(stat -c %y "$item/data/fs$src/a.txt")" = "$(stat -c %y "$src/a.txt")" ]
ok 'the link is not followed' grep -q '"type":"symlink".*"target":"/etc/passwd"' "$item/meta/files.jsonl"

if command -v busybox >/dev/null; then
    mkdir "$TMPDIR/rescue"
    for program in $(busybox --list); do ln -s "$(command -v busybox)" "$TMPDIR/rescue/$program"; done
    ln -sf "$(command -v openssl)" "$TMPDIR/rescue/openssl"
    (cd "$case" && env -i PATH="$TMPDIR/rescue" TMPDIR="$TMPDIR" sh VERIFY.txt) >"$TMPDIR/out" 2>&1
    ok 'on a rescue system too' grep -qx 'all good' "$TMPDIR/out"
else
    skip 'on a rescue system too' 'no busybox'
fi

# A second exhibit, and one that cannot be taken whole.
mkdir "$TMPDIR/two"
printf x >"$TMPDIR/two/x"
ok 'a second exhibit' collect 2 "$TMPDIR/two"
ok 'the first number is taken' gives 4 collect 1 "$TMPDIR/two"
ok 'a mistyped path begins nothing' gives 4 collect 3 "$TMPDIR/nothing-here"
says 'nothing-here: No such file'
ok '… at all' [ ! -e "$case/EV-1-03" ]
ok 'among others what is not there is told' gives 3 collect 3 "$TMPDIR/nothing-here" "$src/a.txt"
ok 'in the list of errors' grep -q 'nothing-here.*"not_taken":"No such file' "$case/EV-1-03/meta/errors.jsonl"
ok 'all three are proved' stock
ok 'who is needed where nobody can be asked' gives 2 "$IR" evidence collect "$src" -c CASE-1 -i 4 -o "$out" </dev/null

# Going on after an interruption: half a line of the list, half a copy that nobody tells of.
ok 'left open' collect 5 "$src" --no-seal
printf '{"path":"/hal' >>"$case/EV-1-05/meta/files.jsonl"
printf half >"$case/EV-1-05/data/fs/half"
ok 'resume' "$IR" evidence resume -c CASE-1 -i 5 -o "$out" -a Hanako -p Tokyo -r test
ok 'nothing half is left' [ ! -e "$case/EV-1-05/data/fs/half" ]
ok 'it is whole' cmp "$item/manifest-sha256.txt" "$case/EV-1-05/manifest-sha256.txt"
ok 'and proved' stock

# Tampering: each of these must be seen by the stock commands, and what is not inside an exhibit by ours.
chmod -R u+w "$case"
cp -a "$case" "$TMPDIR/good"
seen() { # WHAT
    stock_sees "$1"
    [ "${2-}" = stock ] || ok "$1: ir evidence verify sees it" gives 1 ours
    rm -rf "$case"
    cp -a "$TMPDIR/good" "$case"
}
log=$case/custody/log.jsonl
lines=$(wc -l <"$log")
last=$(printf %06d "$lines")
sed -i '3s/Tokyo/Osaka/' "$log" && seen 'a changed line'
sed -i 3d "$log" && seen 'a dropped line'
sed -i 3p "$log" && seen 'a repeated line'
sed -i '3{h;d};4{G}' "$log" && seen 'two lines in another order'
sed -i '$d' "$log" && seen 'the last line cut off'
tail -n 1 "$TMPDIR/good/custody/log.jsonl" >>"$log" && seen 'a line added'
sed -i '2s/.*/7/' "$case/custody/checkpoint-$last" && seen 'another number in a checkpoint'
# Another byte than the one that is there, whatever that is.
tail -c +10 "$TMPDIR/good/custody/checkpoint-$last.sig" | head -c 1 | LC_ALL=C tr '\000-\377' '\001-\377\000' |
    dd of="$case/custody/checkpoint-$last.sig" bs=1 seek=9 conv=notrunc 2>/dev/null && seen 'a changed signature'
rm "$case/custody/checkpoint-$last.sig" && seen 'a lost signature'
cp "$case/custody/checkpoint-000003" "$case/custody/checkpoint-$last" && seen 'an old checkpoint under the new name'
cp "$case/custody/checkpoint-000003.sig" "$case/custody/checkpoint-$last.sig" && seen 'another signature'
rm "$case/custody/checkpoint-$last"*
stock_sees 'the last checkpoint lost'
ok '… ir evidence verify that a crash leaves the same' gives 3 ours
cp -a "$TMPDIR/good/custody/." "$case/custody"
openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkey -pubout >"$case/custody/keys/examiner.pub.pem" &&
    seen 'another key'
printf y >"$item/data/fs$src/a.txt" && seen 'a changed copy'
rm "$item/data/fs$src/a.txt" && seen 'a lost copy'
printf y >"$item/data/added" && seen 'a file added'
sed -i s/Hanako/Taro/ "$item/bag-info.txt" && seen 'another name in bag-info.txt'
sed -i 1d "$item/tagmanifest-sha256.txt" && seen 'a line less in a tag manifest'
rm "$item/bagit.txt" && seen 'a lost bagit.txt'
rm "$item/bagit.txt" "$item/tagmanifest-sha256.txt" && seen 'no sign that it is a bag'
rm -r "$case/EV-1-02" && seen 'a lost exhibit'
mkdir "$case/EV-1-09" "$case/EV-1-09/meta" "$case/EV-1-09/data" && seen 'an exhibit of which the log does not tell'
ok 'untouched it is good' stock
plan
