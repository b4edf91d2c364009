#!/bin/sh
# ir evidence verify: a whole case, one exhibit, one file, fast, any bag by its path, JSON, and the result in
# the custody log. And bytes of each control file changed, a sample of them, seen by VERIFY.txt as well; all
# of them for our own check are tests/unit/tamper.c.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
IR_HOME=$TMPDIR/home
export IR_HOME
out=$TMPDIR/cases
case=$out/CASE-1
item=$case/EV-1-01
who='-a Hanako -p Tokyo -r test --no-witness alone'
export command='evidence'

mkdir "$TMPDIR/src"
printf 'one\n' >"$TMPDIR/src/a"
printf 'two\n' >"$TMPDIR/src/b"
status 0 'a key' keys create examiner --no-passphrase
# shellcheck disable=SC2086  # words
for i in 1 2; do status 0 'collect' collect "$TMPDIR/src" -c CASE-1 -i $i -o "$out" $who; done
command='evidence verify'
status 0 'the case' -c CASE-1 -o "$out"
prints 'EV-1-01: 0 problems in 2 files with 8 bytes; sealed '
prints ' 2 exhibits: 0 problems'
status 0 'by its path' "$case"
status 0 'an exhibit by its path' "$item"
prints 'BagIt 1.0, 2 files with 8 bytes: 0 problems, 0 warnings'
status 2 'both' "$case" -c CASE-1
status 2 'no such exhibit' -c CASE-1 -o "$out" -i 7
says 'no such exhibit'
status 3 'no such directory' "$TMPDIR/nothing"
status 2 'fast, and one file' -c CASE-1 -o "$out" --fast --file x
status 2 'a record needs who and why' -c CASE-1 -o "$out" --record
# shellcheck disable=SC2086  # words
status 0 'recorded' -c CASE-1 -o "$out" --record $who
ok 'in the log' grep -q '"event":"verify".*"mode":"whole".*"problems":0' "$case/custody/log.jsonl"
ok 'and VERIFY.txt still proves it' sh "$case/VERIFY.txt"
status 0 'the next time' -c CASE-1 -o "$out" --json
ok 'tells since when' jq -se 'map(select(.type == "exhibit")) | length == 2 and all(.last_proved > .sealed)' "$TMPDIR/out"

chmod -R u+w "$case"
changed=data/fs$TMPDIR/src/a
printf 'ONE\n' >"$item/$changed"
status 1 'a changed copy' -c CASE-1 -o "$out"
prints "EV-1-01/$changed: its sha256 is not that of manifest-sha256.txt"
prints "; last proved "
status 0 'not seen by names alone' -c CASE-1 -o "$out" --fast
status 0 'nor in the other exhibit' -c CASE-1 -o "$out" -i 2
status 1 'one file' -c CASE-1 -o "$out" -i 1 --file "$changed"
status 0 'the other file' -c CASE-1 -o "$out" --file "EV-1-01/data/fs$TMPDIR/src/b"
status 1 'as a bag' "$item" --json
ok 'as JSON' jq -se '[.[] | select(.type == "problem").place] | length == 2' "$TMPDIR/out"
# What read nothing of the file proves nothing of it, so the time since when it may have changed stays.
# shellcheck disable=SC2086  # words
status 0 'fast, recorded' -c CASE-1 -o "$out" --fast --record $who
# shellcheck disable=SC2086  # words
status 0 'another file, recorded' -c CASE-1 -o "$out" --file "EV-1-01/data/fs$TMPDIR/src/b" --record $who
status 1 'the changed one once more' -c CASE-1 -o "$out" --json
proved=$(jq -r 'select(.item == "EV-1-01").last_proved' "$TMPDIR/out")
ok 'was last proved when it was read' grep -q "\"time_utc\":\"$proved\".*\"mode\":\"whole\"" "$case/custody/log.jsonl"
printf 'one\n' >"$item/$changed"
printf x >"$item/note.txt"
status 1 'a tag file added' -c CASE-1 -o "$out"
prints 'EV-1-01/note.txt: is in no tag manifest'
rm "$item/note.txt"
cp "$case/VERIFY.txt" "$TMPDIR/VERIFY.txt"
printf '# more\n' >>"$case/VERIFY.txt"
status 1 'another VERIFY.txt' -c CASE-1 -o "$out"
prints 'VERIFY.txt: is not the text that the log tells of'
cp "$TMPDIR/VERIFY.txt" "$case/VERIFY.txt"

# One changed byte: the 20th from the end, and letters from small to capital, which sha256sum takes for the same.
cp -a "$case" "$TMPDIR/good"
stock() { (cd "$case" && sh VERIFY.ja.txt) >"$TMPDIR/stock" 2>&1; }
ok 'the stock commands find it good' stock
last=$(find "$case/custody" -name 'checkpoint-??????' | sort | tail -n 1)
for f in "$case/custody/log.jsonl" "$last" "$last.sha256" "$last.sig" "$case/custody/keys/examiner.pub.pem" \
    "$item/manifest-sha256.txt" "$item/manifest-sha512.txt" "$item/tagmanifest-sha256.txt" \
    "$item/tagmanifest-sha512.txt" "$item/bag-info.txt" "$item/bagit.txt" "$item/meta/files.jsonl" "$item/$changed"; do
    short=${f#"$case/"}
    for how in byte case end; do
        case $how in
        byte) at=$(($(wc -c <"$f") / 2)) && b=$(dd if="$f" bs=1 skip=$at count=1 2>/dev/null | od -An -tu1) &&
            printf '%b' "\\0$(printf %o $((b ^ 1)))" | dd of="$f" bs=1 seek=$at conv=notrunc 2>/dev/null ;;
        case) [ "$f" != "$last.sig" ] && LC_ALL=C sed -i '1s/[a-f]/\U&/' "$f" ;;
        end) printf ' ' >>"$f" ;;
        esac
        if ! cmp -s "$f" "$TMPDIR/good/$short"; then
            sanitized || if stock; then bad "VERIFY: $short, $how"; else good "VERIFY: $short, $how"; fi
            "$IR" evidence verify "$case" >"$TMPDIR/out" 2>&1
            ok "ir: $short, $how" [ $? = 1 ]
        fi
        cat "$TMPDIR/good/$short" >"$f"
    done
done
ok 'as it was it is good' stock
plan
