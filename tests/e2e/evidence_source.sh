#!/bin/sh
# What a source can do to who collects it: names, links, depth and sizes that make other collectors lose files or hang;
# files that change, vanish or cannot be read while they are taken; and the exhibit within what is collected. Traps are
# defects of known collectors that were reproduced.
set -u
: "${IR:?}" "${TMPDIR:?}" "${B:?}"
. tests/evidence.sh
src=$TMPDIR/src
item() { printf '%s/EV-1-%02d' "$case" "$1"; }
list() { echo "$(item "$1")/meta/files.jsonl"; }
wrong() { echo "$(item "$1")/meta/errors.jsonl"; }
line() { # ITEM PATH: its line of the list
    jq -c --arg path "$2" 'select(.path == $path)' "$(list "$1")"
}
is() { # ITEM PATH JQ-EXPRESSION: true of its line
    line "$1" "$2" | jq -e "$3" >/dev/null
}
mkdir -p "$src"
"$IR" evidence keys create examiner --no-passphrase >/dev/null

# Trap: names with a pipe, a line end or a backslash are lost without a word. Trap: owner, modes and times are the
# collector's. Trap: a bodyfile of which rows vanish. Trap: a name that is not UTF-8 ends the program half-way.
mkdir "$src/names" "$src/names/dir" "$src/names/empty"
cd "$src/names" || exit 1
printf 1 >'pipe|name.txt' && printf 2 >"$(printf 'nl\nname.txt')" && printf 3 >'back\s.txt' && printf 4 >"$(printf 'cr\rtab\t')"
printf 5 >'100%=.txt' && printf 6 >"$(printf '\377\376')" && printf 7 >-rf && printf 8 >"$(printf '%0255d' 0)" && printf 9 >'..a'
printf a >Twin && printf b >twin && printf c >"$(printf 'e\314\201')" && printf d >"$(printf '\303\251')" && printf e >'日本 語'
printf f >dir/linked && ln dir/linked 'another name' && ln -s "$(printf '/etc/pass\nwd\377')" link && ln -s . loop && mkfifo fifo
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or exit 1' 2>/dev/null
truncate -s 3M sparse && printf end >>sparse
touch -d '2001-02-03 04:05:06.123456789 UTC' 'pipe|name.txt' dir
touch -d '1965-04-03 02:01:00.5 UTC' Twin
chmod 4751 twin && chmod 1777 empty
[ "$(id -u)" != 0 ] || { chown -h 1234:4321 'back\s.txt' link && mknod zero c 1 5 && mknod disk b 7 200; } 2>"$TMPDIR/err"
setfattr -n user.note -v "$(printf 'a\nb"c')" twin 2>"$TMPDIR/err" && setfattr -n user.empty twin
setfacl -m u:1234:r twin 2>"$TMPDIR/err"
setcap cap_net_raw+ep -- Twin 2>"$TMPDIR/err"
cd "$OLDPWD" || exit 1
# The second look at directories and links changes no access time any more.
facts() { find "$src/names" -printf '%i %y %#m %U %G %s %b %n %T@ %A@ %C@ %D %l\0' | tr '\0\n' '\n_' | sed -E 's/(\.[0-9]{9})0/\1/g; s/^([0-9]+ .) 0([0-7]{4}) /\1 \2 /'; }
facts >"$TMPDIR/first"
facts | cut -d ' ' -f 1-12 | sort >"$TMPDIR/facts"
ok 'a tree of hostile names' act collect -i 1 --no-types "$src/names"

# An own comparison, by find, getfattr and jq, of all that stat and the attributes tell.
find "$src/names" -printf '%p\0' | sort -z | tr '\0\n' '\n\0' >"$TMPDIR/want"
jq -j '(if .path_raw then (.path_raw | "RAW" + .) else .path end) + "\u0000"' "$(list 1)" | perl -0 -MMIME::Base64 -pe \
    'chomp; s/^RAW(.*)/decode_base64($1)/se; $_ .= "\0"' | sort -z | tr '\0\n' '\n\0' >"$TMPDIR/got"
ok 'each name is there, byte for byte' cmp "$TMPDIR/want" "$TMPDIR/got"
jq -r 'def t: (.[0:19] + "Z" | fromdate | tostring) + "." + ((.[20:-1] + "000000000")[0:9]);
    def d: split(":") | map(tonumber) | .[0] * 256 + .[1];
    [.inode, {file: "f", dir: "d", symlink: "l", fifo: "p", socket: "s", chardev: "c", blockdev: "b"}[.type], .mode, .uid, .gid,
    .size, .blocks, .links, (.mtime | t), (.atime | t), (.ctime | t), (.device | d)] | map(tostring) | join(" ")' "$(list 1)" |
    sort >"$TMPDIR/got"
ok 'all that stat tells is in the list' diff "$TMPDIR/facts" "$TMPDIR/got"
if find "$src/names" -printf '%B@\n' | grep -q '[1-9]'; then
    ok 'times of birth too' [ "$(jq -r 'select(.btime) | 1' "$(list 1)" | wc -l)" = "$(wc -l <"$(list 1)")" ]
fi
ok 'a link leads where it led' is 1 "$src/names/link" '.target_raw == "L2V0Yy9wYXNzCndk/w=="'
ok 'a loop is a link' is 1 "$src/names/loop" '.type == "symlink" and .target == "."'
[ ! -e "$src/names/zero" ] || ok 'a device has its numbers' is 1 "$src/names/zero" '.rdev == "1:5" and .type == "chardev"'
getfattr -h -d -m - -e base64 "$src/names/twin" "$src/names/Twin" 2>/dev/null | sed -n 's/^\([a-z].*\)=0s/\1 /p; s/^\(user.empty\)$/\1 /p' |
    sed 's/=0s/ /' | sort >"$TMPDIR/want"
jq -r 'select(.xattrs) | .xattrs | to_entries[] | "\(.key) \(.value.base64)"' "$(list 1)" | sort >"$TMPDIR/got"
ok 'attributes, ACLs and capabilities are' diff "$TMPDIR/want" "$TMPDIR/got"
echo "# attributes compared: $(wc -l <"$TMPDIR/got")"
content() { # every content lies where the list says, the hard link once
    jq -r 'select(.stored) | [.sha256, .stored] | join("  ")' "$(list 1)" >"$TMPDIR/sums"
    (cd "$case/EV-1-01" && sha256sum --quiet -c "$TMPDIR/sums" && find data -type f | wc -l) | grep -qx "$(wc -l <"$TMPDIR/sums")" &&
        find "$src/names" -type f -printf '%i\n' | sort -u | wc -l | grep -qx "$(wc -l <"$TMPDIR/sums")"
}
ok 'each content is there once' content
cut -d '|' -f 3 "$(item 1)/meta/bodyfile.txt" | sort >"$TMPDIR/got"
find "$src/names" -printf '%i\n' | sort >"$TMPDIR/want"
ok 'each is a row of the bodyfile' diff "$TMPDIR/want" "$TMPDIR/got"
twins() { find "$(item "$1")/data" | tr '[:upper:]' '[:lower:]' | sort | uniq -d; }
ok 'no two names of which some file system makes one' [ -z "$(twins 1)" ]

# Operands: twice, nested, relative, with slashes and dots at the end, not there; and twins among them.
ok 'operands twice' gives 3 act collect -i 2 --no-types "$src/names/twin" "$src/names/dir/" "$src/names/." "$src/names/Twin" \
    "$src/names" "$src/names/dir/linked" "$src/names/none"
ok 'each object once' [ -z "$(jq -r '.path_raw // .path' "$(list 2)" | sort | uniq -d)" ]
ok 'all of them' [ "$(wc -l <"$(list 2)")" = $(($(wc -l <"$(list 1)") + 1)) ]
ok 'and the one that is not there' is 2 "$src/names/none" '.not_taken == "No such file or directory"'
ok 'twins that were named apart' [ -z "$(twins 2)" ]
(cd "$src/names/dir" && act collect -i 3 --no-types .. ../link ./linked .)
ok 'relative ones' is 3 "$src/names/link" '.type == "symlink"'
ok 'are the same as absolute ones' [ "$(wc -l <"$(list 3)")" = "$(wc -l <"$(list 1)")" ]
ok 'all of it is proved' stock

# The exhibit within what is collected; nothing else is written to. Trap: a collector that copies itself.
cp -a "$src" "$TMPDIR/before"
out=$src/evidence case=$src/evidence/CASE-1
ok 'into itself' gives 3 act collect -i 1 --no-types "$src"
ok 'is told' is 1 "$case/EV-1-01" '.not_taken == "is where the exhibit itself is written"'
ok 'and whole' stock
out=$TMPDIR/cases case=$TMPDIR/cases/CASE-1
chmod -R u+w "$src/evidence"
rm -rf "$src/evidence"
listing() { (cd "$1" && find . -printf '%p %y %m %s %T@ %l\n' | grep -av '^\. ' | sort); }
listing "$src" >"$TMPDIR/got"
listing "$TMPDIR/before" >"$TMPDIR/want"
ok 'nothing of the source is changed' diff "$TMPDIR/want" "$TMPDIR/got"

# Trap: for ever at a FIFO; at a hole of a terabyte; in a tree that is deeper than a path can be long.
mkfifo "$src/fifo"
truncate -s 1T "$src/hole"
ok 'a FIFO and a terabyte of nothing' gives 3 timeout 30 "$IR" evidence collect "$src/fifo" "$src/hole" --max-size 1000 \
    -c CASE-1 -o "$out" -i 4 -a H -p T -r t --no-witness x
ok 'are listed' is 4 "$src/hole" '.size == 1099511627776 and .not_taken == "is larger than the limit that was given"'
: >"$TMPDIR/err"
"$IR" evidence collect "$src/hole" -c CASE-1 -o "$out" -i 5 -a H -p T -r t --no-witness x 2>"$TMPDIR/err" &
pid=$!
i=0
while [ $i -lt 100 ] && ! grep -q 'digesting the holes takes about' "$TMPDIR/err"; do
    i=$((i + 1))
    sleep 0.1
done
says 'digesting the holes takes about'
kill -9 "$pid"
wait "$pid" 2>/dev/null
rm -r "$src/hole" "$(item 5)" # an open exhibit is no good one
depth=10000
sanitized && depth=1500
perl -e 'chdir shift; for (1 .. shift) { mkdir "d" or die; chdir "d" or die } open F, ">", "bottom"; print F "x"' "$src" $depth
ok 'a deep tree' act collect -i 6 --no-types "$src/d"
ok 'to its bottom' [ "$(wc -l <"$(list 6)")" = $((depth + 1)) ]
tail -n 1 "$(list 6)" >"$TMPDIR/bottom"
ok 'with its file' grep -q '/bottom".*"bytes":1,' "$TMPDIR/bottom"
rm -rf "$src/d"

# What is not for who collects, and what the kernel makes up.
if [ "$(id -u)" = 0 ] && chmod 755 "$TMPDIR" && setpriv --reuid 65534 --clear-groups "$IR" version >"$TMPDIR/out" 2>&1; then
    printf secret >"$src/secret" && chmod 600 "$src/secret" && mkdir -m 700 "$src/locked" "$TMPDIR/theirs"
    chown 65534 "$TMPDIR/theirs" && chmod 755 "$src"
    theirs() {
        setpriv --reuid 65534 --clear-groups "$IR" evidence collect -c CASE-1 -o "$TMPDIR/theirs" -i 1 -a H -p T -r t \
            --no-witness x --unsigned "$src/secret" "$src/locked" 2>"$TMPDIR/err"
    }
    ok 'not for us' gives 3 theirs
    jq -r .not_taken "$TMPDIR/theirs/CASE-1/EV-1-01/meta/errors.jsonl" >"$TMPDIR/out"
    ok 'told, each with the reason' [ "$(grep -c 'Permission denied' "$TMPDIR/out")" = 2 ]
else
    skip 'not for us' 'needs to become another user'
fi
ok 'a file of the kernel' gives 3 act collect -i 7 /proc/version
ok 'has no size, and is told' grep -q '"not_taken":"is made up by the kernel' "$(wrong 7)"

if make_faults; then
    openssl rand -out "$src/moving" 3000000
    cp "$src/moving" "$TMPDIR/moving"
    moved() { # ITEM COMMAND WANT: while it is read this happens to it
        cat "$TMPDIR/moving" >"$src/moving"
        FAULT_INODE=$(stat -c %i "$src/moving") FAULT_CHANGE=$2 gives 3 faulty act collect -i "$1" --no-types "$src/moving" &&
            is "$1" "$src/moving" "$3" && grep -q '"changed"' "$(wrong "$1")"
    }
    export FAULT_INODE FAULT_CHANGE
    ok 'grows' moved 8 "printf more >>'$src/moving'" '.bytes == 3000000 and (.changed | contains("grew from 3000000 to 3000004"))'
    ok 'shrinks' moved 9 "truncate -s 2000000 '$src/moving'" '.bytes == 2000000 and (.changed | contains("shrank"))'
    ok 'is written to' moved 10 "printf x | dd of='$src/moving' conv=notrunc 2>/dev/null" '.changed | contains("was written to")'
    ok 'is deleted' moved 11 "rm '$src/moving'" '.bytes == 3000000 and (.changed | contains("was deleted"))'
    ok 'is replaced' moved 12 "cp '$src/moving' '$src/new' && mv '$src/new' '$src/moving'" '.changed | contains("another put in its place")'
    unset FAULT_INODE FAULT_CHANGE

    # Errors cost their sector, or their block when the next sector has one too, and move nothing. Trap: all that comes
    # after an error is shifted.
    cat "$TMPDIR/moving" >"$src/moving"
    for piece in 0,512 999936,3584 1500160,512 2999808,192; do
        perl -e 'open F, "+<", shift; ($at, $n) = split /,/, shift; seek F, $at, 0; print F "\0" x $n' "$TMPDIR/moving" $piece
    done
    FAULT_READ=$(stat -c %i "$src/moving"):0,1000000,1000448,1500160,2999900
    export FAULT_READ
    ok 'errors of the medium' gives 3 faulty act collect -i 13 --no-types "$src/moving"
    unset FAULT_READ
    line 13 "$src/moving" | jq -c .unreadable >"$TMPDIR/out"
    ok 'are listed' grep -qxF '[[0,512],[999936,3584],[1500160,512],[2999808,192]]' "$TMPDIR/out"
    ok 'are zeros, and nothing else is' cmp "$TMPDIR/moving" "$(item 13)/data/fs$src/moving"
else
    skip 'files that change while they are read' 'no C compiler'
fi
ok 'all of it is proved' stock
# Trap: a link that is named, as /var/run or /bin are, gives an empty exhibit and the word that all went well.
mkdir "$src/named" && echo inside >"$src/named/file" && ln -s named "$src/way"
ok 'a named link is not all that was meant' gives 3 act collect "$src/way" -i 71
says "$src/way: is a symbolic link, which alone is taken: name $src/way/. as well"
says '1 object could not be taken'
ok 'it is there with the reason' is 71 "$src/way" '.type == "symlink" and .target == "named" and (.not_taken | contains("what it leads to was not"))'
ok 'and among the errors' grep -qF "$src/way" "$(wrong 71)"
ok 'what it leads to is taken when that is named' act collect "$src/way/." -i 72
ok 'from where it really is' is 72 "$src/named/file" '.bytes == 7'
says '2 objects, 1 file with 7 bytes taken'

# A copy that the medium changed is not sealed, and the log tells that it was tried.
act collect "$src/named" -i 73 --no-seal
printf X | dd of="$(item 73)/data/fs$src/named/file" bs=1 conv=notrunc 2>/dev/null
ok 'a copy that was changed is not sealed' gives 3 act seal -i 73
ok 'and the log tells so' last '.event == "seal-failed" and (.problem_file | endswith("/named/file")) and (.problem | contains("not what was read"))'

# Who does not know the number of his case is told which there are.
cases() { "$IR" evidence list -o "$out" 2>"$TMPDIR/err"; }
ok 'no case' gives 2 cases
says "in $out there are: CASE-1"
plan
