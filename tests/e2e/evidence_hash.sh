#!/bin/sh
# Digests of a tree of hostile names: each form is read by the program it is made for, nothing is followed,
# nothing blocks, and no file is left out without a word.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
cd_to() { (cd "$1" && shift && "$@"); }
src=$TMPDIR/src
mkdir -p "$src/sub/empty" "$src/many"
printf a >"$src/a.txt"
ln "$src/a.txt" "$src/z second name"
printf b >"$src/$(printf 'new\nline')"
printf c >"$src/$(printf 'carriage\rtab\t')"
printf d >"$src/back\\slash"
printf e >"$src/\\leading"
printf f >"$src/$(printf '\377\376')"
printf g >"$src/comma, 100%=.txt"
printf h >"$src/-rf"
printf i >"$src/ two  blanks "
: >"$src/empty"
mkfifo "$src/pipe"
ln -s /etc/passwd "$src/link"
ln -s . "$src/sub/loop"
ln -s sub "$src/linked-directory"
head -c 9000000 /dev/zero | tr '\0' x >"$src/large"
truncate -s 20M "$src/sparse"
i=0
while [ "$i" -lt 300 ]; do
    i=$((i + 1))
    mkdir "$src/many/$i"
    echo "$i" >"$src/many/$i/file"
done
cp -r "$src/many" "$src/sub/again"
files=$(find "$src" -type f -printf x | wc -c)

run() { cd_to "$src" timeout 60 "$IR" evidence hash "$@" >"$TMPDIR/out" 2>"$TMPDIR/err"; }
ok 'a tree with a pipe and loops' run .
ok 'each name of each file, once' [ "$(wc -l <"$TMPDIR/out")" = "$files" ]
ok 'sha256sum agrees' cd_to "$src" sha256sum --quiet --strict -c "$TMPDIR/out"
ok 'what is left alone is counted' grep -q ' 4 links, pipes' "$TMPDIR/err"
for a in md5 sha1 sha512; do
    ok "$a" run --algorithms $a .
    ok "${a}sum agrees" cd_to "$src" ${a}sum --quiet --strict -c "$TMPDIR/out"
done
cp "$TMPDIR/out" "$TMPDIR/many"
ok 'one thread' run --algorithms sha512 --threads 1 .
ok '… says the same in the same order' cmp "$TMPDIR/many" "$TMPDIR/out"
ok 'all digests' run --algorithms md5,sha1 --algorithms SHA-256,sha512 .
for a in md5 sha1 sha256 sha512; do
    ok "… and ${a}sum finds its own" cd_to "$src" ${a}sum --quiet -c "$TMPDIR/out"
done
ok '… 4 lines a file' [ "$(wc -l <"$TMPDIR/out")" = $((4 * files)) ]
find "$src" -type f -exec sha256sum {} + | sed 's/^\\//' | sort >"$TMPDIR/want"
ok 'absolute names, and the same file named twice' run "$src" "$src/a.txt" "$src/sub"
ok '… give what sha256sum gives' [ "$(sed 's/^\\//' "$TMPDIR/out" | sort | cmp - "$TMPDIR/want" && echo same)" = same ]

ok 'JSON lines' run --output jsonl .
ok '… name what was left alone' grep -q '"path":"./pipe","type":"fifo","left":"is a pipe"' "$TMPDIR/out"
ok '… the link too' grep -q '"path":"./link","type":"symlink"' "$TMPDIR/out"
ok '… and the second name' grep -q '"path":"./z second name".*"same_as":".*/a.txt"' "$TMPDIR/out"
ok '… raw bytes' grep -q '"path_raw":"Li///g=="' "$TMPDIR/out"

if command -v hashdeep >/dev/null; then
    ok 'for hashdeep' run --output hashdeep --algorithms md5,sha256 "$src/many"
    ok '… which finds all of it' cd_to "$src" hashdeep -r -a -k "$TMPDIR/out" "$src/many"
    hashdeep -r -c md5,sha256 "$src/many" | grep -v '^[%#]' | sort >"$TMPDIR/want"
    ok '… and writes the same' [ "$(grep -v '^[%#]' "$TMPDIR/out" | sort | cmp - "$TMPDIR/want" && echo same)" = same ]
else
    skip 'for hashdeep' 'no hashdeep'
fi

# Few descriptors are enough for many directories and deep ones.
deep=$TMPDIR/deep
mkdir "$deep"
(
    cd "$deep" || exit 1
    i=0
    while [ "$i" -lt 300 ]; do
        i=$((i + 1))
        echo "$i" >f
        mkdir d
        cd d || exit 1
    done
)
few() { prlimit --nofile=200:200 "$IR" evidence hash --threads 8 "$deep" "$src/many" >"$TMPDIR/out" 2>"$TMPDIR/err"; }
ok '200 descriptors' few
ok '… for 600 directories' [ "$(wc -l <"$TMPDIR/out")" = 600 ]
fewest() { prlimit --nofile=24:24 "$IR" evidence hash --threads 1 "$deep" >"$TMPDIR/out" 2>"$TMPDIR/err"; }
gives() { # STATUS COMMAND...
    want=$1
    shift
    "$@"
    [ $? = "$want" ]
}
ok 'with far too few it says so' gives 3 fewest
ok '… and why' grep -q 'Too many open files' "$TMPDIR/err"

# What cannot be read is said, and the rest is done.
status 3 'a name that is not there' evidence hash "$src/a.txt" "$TMPDIR/nothing"
prints 'src/a.txt'
says 'nothing: No such file'
status 3 'a link that is named' evidence hash "$src/link"
says 'is a symbolic link, which is not followed'
status 3 'a pipe that is named' evidence hash "$src/pipe"
status 2 'an unknown digest' evidence hash --algorithms crc32 "$src"
status 2 'sha512 for hashdeep' evidence hash --algorithms sha512 --output hashdeep "$src"
printf '\033[31m' >"$TMPDIR/red"
mv "$TMPDIR/red" "$src/$(printf 'esc\033[31m')"
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    script -qec "'$IR' evidence hash '$src'" /dev/null >"$TMPDIR/out" 2>&1 </dev/null
    ok 'no name commands the terminal' lacks "$(printf '\033[31m')" "$TMPDIR/out"
    # Work of a second or so: holes are read as fast as memory.
    truncate -s 1G "$TMPDIR/hole"
    on_terminal() { TERM=xterm script -qec "'$IR' evidence $1 >'$TMPDIR/list.new'; mv '$TMPDIR/list.new' '$TMPDIR/list'" /dev/null >"$TMPDIR/out" 2>&1 </dev/null; }
    shows_rate() { tr '\r' '\n' <"$TMPDIR/out" | grep -qE "$1[0-9.]+ [MG]B .*[0-9.]+ [MG]B/s.*[0-9]+:[0-9]{2}:[0-9]{2} left"; }
    ok 'progress of hash' on_terminal "hash '$TMPDIR/hole'"
    ok '… with rate and remaining time' shows_rate '%  '
    ok "progress of audit" on_terminal "audit -k '$TMPDIR/list' '$TMPDIR/hole'"
    ok '… too' shows_rate '%  '
    who="-c C -i 1 -o '$TMPDIR/cases' -a A -p P -r R --no-witness W --unsigned"
    ok 'progress of collect' on_terminal "collect '$TMPDIR/hole' $who"
    ok '… too' shows_rate '%  '
    ok 'progress of verify' on_terminal "verify -c C -o '$TMPDIR/cases'"
    ok '… too' shows_rate '%  '
else
    skip 'names and progress on a terminal' 'no terminal can be made here (script, /dev/pts)'
fi
plan
