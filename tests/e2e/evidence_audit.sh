#!/bin/sh
# Files against lists of every kind: what is as it was, changed, moved, new, missing; lists of other programs; and
# the same answer however little memory there is.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
cd "$TMPDIR" || exit 1
fill() {
    rm -rf t
    mkdir -p t/sub
    i=0
    while [ "$i" -lt 40 ]; do
        i=$((i + 1))
        echo "content $i" >"t/sub/f$i"
    done
    printf a >"t/$(printf 'new\nline')"
    printf b >"t/$(printf 'carriage\rx')"
    printf c >'t/back\slash'
    printf d >'t/\leading'
    printf e >"t/$(printf '\377')"
    printf f >'t/comma, "quoted"'
    printf g >'t/ blanks  '
}
differ() {
    mv t/sub/f1 t/moved
    echo changed >t/sub/f2
    rm t/sub/f3
    echo new >t/new
    rm t/sub/f4
    ln -s f5 t/sub/f4
}
audit() { "$IR" evidence audit "$@" >out 2>err; }
gives() { # STATUS COMMAND...
    want=$1
    shift
    "$@"
    [ $? = "$want" ]
}
sums() { tail -n 1 out; }
n=0
fill
files=$(find t -type f -printf x | wc -c)
good="$files matched, 0 known, 0 moved, 0 changed, 0 new, 0 missing, 0 unreadable"
bad="$((files - 4)) matched, 0 known, 1 moved, 2 changed, 1 new, 1 missing, 0 unreadable"

"$IR" evidence hash t >own.sum
"$IR" evidence hash --algorithms md5,sha1,sha256,sha512 t >tagged.sum
"$IR" evidence hash --algorithms md5,sha1,sha256 --output hashdeep t >own.hashdeep
"$IR" evidence hash --algorithms sha1 --output jsonl t >own.jsonl
find t -type f -exec md5sum {} + >md5.sum
find t -type f -exec sha512sum --binary {} + >binary.sum
find t -type f -exec sha1sum --tag {} + >bsd.sum
{ printf '\357\273\277'; sed 's/$/\r/' own.sum; } >windows.sum
find "$TMPDIR/t" -type f -exec sha256sum {} + >whole.sum
find ./t/../t -type f -exec sha256sum {} + >dots.sum
lists='own.sum tagged.sum own.hashdeep own.jsonl md5.sum binary.sum bsd.sum windows.sum whole.sum dots.sum'
for list in $lists; do
    ok "$list: all is as it was" audit -k "$list" t
    ok '… every one' [ "$(sums)" = "$good" ]
done
differ
for list in $lists; do
    ok "$list: finds what differs" gives 1 audit -k "$list" t
    ok '… all of it' [ "$(sums)" = "$bad" ]
done
ok 'what was moved, from where' grep -q '^moved: t/moved, was .*t/sub/f1 (dots.sum:[0-9]*)$' out
ok 'what changed' grep -qx 'changed: t/sub/f2' out
ok 'what is a link now' grep -qx 'changed: t/sub/f4: is no file any more' out
ok 'what is new' grep -qx 'new: t/new' out
ok 'what is missing, and where it is listed' grep -q '^missing: .*t/sub/f3 (dots.sum:[0-9]*)$' out
ok 'nothing else is listed' [ "$(wc -l <out)" = 6 ]
ok 'unless asked' gives 1 audit -v -k own.sum t
ok '… then what matched, too' [ "$(grep -c '^matched: ' out)" = $((files - 4)) ]
ok 'JSON lines' gives 1 audit --output jsonl -k own.hashdeep t
ok '… of the same' jq -es 'map(select(.verdict == "moved" and .path == "t/moved" and .moved_from == "t/sub/f1" and .list == "own.hashdeep" and .line > 5)) | length == 1' out
fill
ok 'two lists' audit -k own.sum -k md5.sum t
mkdir elsewhere
mv t elsewhere/t
ok 'below another directory: new and missing' gives 1 audit -k own.sum elsewhere/t
ok '… moved, that is' [ "$(sums)" = "0 matched, 0 known, $files moved, 0 changed, 0 new, 0 missing, 0 unreadable" ]
ok '--base says where the names belong' audit -b elsewhere -k own.sum elsewhere/t
mkdir -p "image$TMPDIR"
cp -r elsewhere/t "image$TMPDIR/t"
ok '… absolute ones as well' audit -b image -k whole.sum image
rm -rf image
mv elsewhere/t t

# Sets tell of contents only.
sha1sum t/sub/f* | awk 'BEGIN { print "\"SHA-1\",\"MD5\",\"CRC32\",\"FileName\",\"FileSize\",\"ProductCode\",\"OpSystemCode\",\"SpecialCode\"" }
    { printf "\"%s\",\"\",\"00000000\",\"a \"\"name\"\", anything\",%d,1,\"358\",\"\"\r\n", toupper($1), NR }' >nsrl.csv
ok 'NSRL: what it does not know is new' gives 1 audit -k nsrl.csv t
ok '… and the rest is known' [ "$(sums)" = "0 matched, 40 known, 0 moved, 0 changed, $((files - 40)) new, 0 missing, 0 unreadable" ]
ok '… is listed when asked' gives 1 audit -v -k nsrl.csv t
ok '… as known' grep -qx 'known: t/sub/f7' out
ok 'its names are not missing' lacks missing: out
sed 's/^\\//' own.sum | cut -b 1-64 >digests.txt
ok 'digests alone' audit -k digests.txt t
{ echo '"Algorithm","Hash","Path"'; sha256sum t/sub/* | awk '{ printf "\"SHA256\",\"%s\",\"%s\"\n", toupper($1), $2 }'; } >powershell.csv
ok "PowerShell's Get-FileHash" audit -k powershell.csv t/sub
ok '… by its names' [ "$(sums)" = '40 matched, 0 known, 0 moved, 0 changed, 0 new, 0 missing, 0 unreadable' ]
openssl dgst -sha256 t/sub/* >openssl.sum
ok "openssl's lines" audit -k openssl.sum t/sub
ok '… by its names' [ "$(sums | cut -d ' ' -f 1)" = 40 ]
if command -v hashdeep >/dev/null; then
    hashdeep -r -l t/sub >hashdeep.txt
    ok "hashdeep's list" audit -k hashdeep.txt t/sub
    ok '… by its names' [ "$(sums | cut -d ' ' -f 1)" = 40 ]
    hashdeep -r -c md5,sha1 t/sub >hashdeep.txt
    ok '… also absolute ones' audit -k hashdeep.txt t/sub
    ok '… and escaped lists it has not' gives 1 audit -k hashdeep.txt t
else
    skip "hashdeep's list" 'no hashdeep'
fi

# What cannot be used is said.
status 2 'no list' evidence audit t
status 4 'a list that is not there' evidence audit -k nothing t
says 'nothing: cannot be opened'
head -c 3000 /dev/zero | tr '\0' z >junk
status 4 'no list at all' evidence audit -k junk t
says 'is no list of digests'
printf '\377\376a\000' >utf16
status 4 'UTF-16' evidence audit -k utf16 t
says 'is UTF-16'
{ cat own.sum; echo 'd41d8cd98f00b204e9800998ecf8427  t/sub/f1'; head -c 3000000 /dev/zero | tr '\0' a; echo; } >odd.sum
status 3 'lines that tell nothing' evidence audit -k odd.sum t
says "odd.sum:$((files + 1)): "
says "odd.sum:$((files + 2)): "
ok '… the rest counts' [ "$(sums)" = "$good" ]
: >empty.sum
status 1 'an empty list: all is new' evidence audit -k empty.sum t
mkfifo pipe
status 4 'a pipe as a list' evidence audit -k pipe t
rm -f t/sub/f1
mkfifo t/sub/f1
ok 'a pipe instead of a file' gives 1 timeout 20 "$IR" evidence audit -k own.sum t
plan
