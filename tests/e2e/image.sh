#!/bin/sh
# Images of disks: sectors that give an error cost themselves only and move nothing, a killed run goes on, a second copy
# is identical, and what is in use or full is refused.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/evidence.sh
disk=$TMPDIR/disk.img

act() { # COMMAND ITEM ARG...
    name=$1
    item=$2
    shift 2
    "$IR" evidence "$name" "$@" -c CASE-1 -i "$item" -o "$out" -a Hanako -p Tokyo -r test --no-witness 'in a test' \
        >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null
}
# With errors of the source, made by a library that is loaded before the C library's (and a sanitizer's).
ill() { LD_PRELOAD=$TMPDIR/badread.so ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 act "$@"; }
raw() { echo "$case/EV-1-0$1/data/image/disk.img.raw"; }
last() { grep "\"event\":\"$1\"" "$case/custody/log.jsonl" | tail -n 1 | jq -e "$2" >/dev/null; }
only_bad() { # ITEM SECTOR...: nothing else differs, and these are zeros
    file=$(raw "$1")
    shift
    cp "$disk" "$TMPDIR/want"
    for sector; do
        dd if=/dev/zero of="$TMPDIR/want" bs=512 count=1 seek="$sector" conv=notrunc 2>/dev/null
    done
    cmp "$TMPDIR/want" "$file"
}

openssl rand -out "$disk" 75000000 # the second piece of 64 MiB is begun, and the end is a hole
truncate -s 80M "$disk"
"$IR" evidence keys create hanako --no-passphrase >/dev/null
mkdir "$TMPDIR/copy"

ok 'image and a second copy' act image 1 "$disk" --copy "$TMPDIR/copy"
ok 'is what the source is' cmp "$disk" "$(raw 1)"
ok 'with its holes' [ "$(stat -c %b "$(raw 1)")" -lt 155000 ]
ok 'the second copy is identical' diff -r "$case/EV-1-01" "$TMPDIR/copy/EV-1-01"
ok 'and told' last copy '.digests_equal and .copy_number == "2"'
sum=$(sha256sum "$disk" | cut -d ' ' -f 1)
ok 'the digest is of the one reading' last image ".sha256 == \"$sum\" and (.digests_of | contains(\"one reading\"))"
ok 'the map says all is read' grep -qx '0x00000000  0x05000000  +' "${case}/EV-1-01/data/image/disk.img.map"
pieces() {
    grep -v '^#' "$case/EV-1-01/meta/disk.img.pieces" | while read -r at n want; do
        got=$(tail -c "+$((at + 1))" "$disk" | head -c "$n" | sha256sum)
        [ "${got%% *}" = "$want" ] || echo "at $at"
    done | grep .
}
ok 'the pieces have their digests' gives 1 pieces
ok 'not onto an older copy' gives 4 act image 2 "$disk" --copy "$TMPDIR/nothing"
ok 'neither a device nor a file' gives 4 act image 2 /dev/null

if "${CC:-cc}" -shared -fPIC -o "$TMPDIR/badread.so" tests/e2e/image/badread.c -ldl 2>"$TMPDIR/err"; then
    BADREAD_INODE=$(stat -c %i "$disk")
    export BADREAD_INODE
    BADREAD=0,1000,1001,1007,140000,163839
    export BADREAD
    ok 'bad sectors' gives 3 ill image 3 "$disk" --retries 2
    ok 'cost themselves only, and nothing moves' only_bad 3 0 1000 1001 1007 140000 163839
    ok 'stand in the log' last image '.bad_bytes == 3072 and .bad_list[1] == [512000,1024] and .retries == 2'
    ok 'and in the list of errors' grep -q '"unreadable":\[\[0,512\],\[512000,1024\]' "$case/EV-1-03/meta/errors.jsonl"
    if command -v ddrescuelog >/dev/null; then
        ok 'ddrescue takes the map' ddrescuelog -t "$case/EV-1-03/data/image/disk.img.map"
        ddrescuelog -l- "$case/EV-1-03/data/image/disk.img.map" >"$TMPDIR/bad"
        ok 'and lists the same' [ "$(tr '\n' ' ' <"$TMPDIR/bad")" = '0 1000 1001 1007 140000 163839 ' ]
    else
        skip 'ddrescue takes the map' 'no ddrescuelog'
    fi
    BADREAD_KILL=70000000
    export BADREAD_KILL
    BADREAD=1000
    ok 'killed' gives 137 ill image 4 "$disk"
    unset BADREAD_KILL
    printf half >"$case/EV-1-04/data/image/disk.img.map.1.part"
    ok 'is not sealed as it is' gives 2 act seal 4
    ok 'goes on' gives 3 ill resume 4
    ok 'to the same' only_bad 4 1000
    BADREAD_KILL=72000000
    export BADREAD_KILL
    BADREAD=
    ok 'killed again' gives 137 ill image 5 "$disk"
    unset BADREAD_KILL BADREAD
    printf x | dd of="$(raw 5)" bs=1 seek=7 conv=notrunc 2>/dev/null
    ok 'what a power cut did to it' act resume 5
    ok 'is mended' only_bad 5
    BADREAD_KILL=72000000
    export BADREAD_KILL
    ok 'killed a third time' gives 137 ill image 8 "$disk"
    unset BADREAD_KILL
    truncate -s 76M "$disk"
    ok 'another disk than the first time' gives 4 act resume 8
    says 'size or serial number'
    truncate -s 80M "$disk"
    ok 'goes on with the right one' act resume 8

    whole=$disk
    disk=$TMPDIR/many.img
    openssl rand -out "$disk" 11000832
    BADREAD_INODE=$(stat -c %i "$disk")
    BADREAD_EVERY=2
    export BADREAD_INODE BADREAD_EVERY
    ok 'more bad areas than the list tells one by one' gives 3 ill image 11 "$disk" --retries 0
    ok 'are all counted' last image '.bad_areas == 10743 and .bad_bytes == 10743 * 512'
    ok 'and all in the map' [ "$(grep -c ' -$' "$case/EV-1-11/data/image/many.img.map")" = 10743 ]
    ok 'the list has the first' sh -c "jq -s -e '.[0].unreadable | length == 10000' '$case/EV-1-11/meta/errors.jsonl'"
    unset BADREAD_EVERY
    head -c 3000000 "$disk" >"$TMPDIR/short"
    BADREAD_SHRINK=3000000
    export BADREAD_SHRINK
    ok 'a source that shrinks while it is read' gives 3 ill image 12 "$disk"
    says 'shrank while it was read'
    ok 'is what was there' cmp "$TMPDIR/short" "$case/EV-1-12/data/image/many.img.raw"
    ok 'of that size in the log' last image '.image_size == 3000000 and (.source_changed | startswith("shrank"))'
    ok 'and in the map' grep -qx '0x00000000  0x002DC6C0  +' "$case/EV-1-12/data/image/many.img.map"
    unset BADREAD_SHRINK BADREAD_INODE
    disk=$whole
else
    skip 'bad sectors' 'no C compiler'
fi

if [ "$(id -u)" = 0 ] && mkdir "$TMPDIR/small" && mount -t tmpfs -o size=20m none "$TMPDIR/small" 2>/dev/null; then
    ok 'a full medium' gives 4 act image 6 "$disk" --copy "$TMPDIR/small"
    says 'No space left'
    mount -o remount,size=300m "$TMPDIR/small"
    ok 'goes on when there is room' act resume 6
    ok 'whole' diff -r "$case/EV-1-06" "$TMPDIR/small/EV-1-06"
    umount "$TMPDIR/small"
else
    skip 'a full medium' 'needs to mount'
fi
if [ "$(id -u)" = 0 ] && loop=$(losetup -f --show "$disk" 2>/dev/null); then
    ok 'a block device' act image 7 "$loop" --direct
    ok 'is what it holds' cmp "$loop" "$case/EV-1-07/data/image/${loop##*/}.raw"
    ok 'its facts are told' last image '.source.type == "block device" and .source.write_protected == false'
    losetup -d "$loop"
else
    skip 'a block device' 'no loop device'
fi
mkdir "$TMPDIR/mnt"
truncate -s 4M "$TMPDIR/fs.img"
if [ "$(id -u)" = 0 ] && PATH=$PATH:/usr/sbin:/sbin mke2fs -q -F "$TMPDIR/fs.img" 2>/dev/null &&
    loop=$(losetup -f --show "$TMPDIR/fs.img" 2>/dev/null) && mount "$loop" "$TMPDIR/mnt" 2>/dev/null; then
    ok 'a device that is mounted for writing is refused' gives 4 act image 13 "$loop"
    says "mounted for writing at $TMPDIR/mnt"
    says '--force-mounted REASON'
    ok 'and nothing is begun' [ ! -e "$case/EV-1-13" ]
    ok 'but for a reason' gives 3 act image 13 "$loop" --force-mounted 'the server must not stop'
    ok 'which is told' last image '.taken_though_in_use == "the server must not stop" and (.source.in_use | startswith("mounted"))'
    mount -o remount,ro "$TMPDIR/mnt"
    ok 'mounted read-only it does no harm' act image 14 "$loop"
    umount "$TMPDIR/mnt"
    losetup -d "$loop"
else
    skip 'a mounted device' 'no loop device, no mke2fs or no right to mount'
fi
# Killed at calls that write to the second copy: what is half there is never taken for whole.
if make_faults; then
    head -c 100000 "$disk" >"$TMPDIR/small.img"
    export FAULT_DIR FAULT_AT FAULT_COUNT="$TMPDIR/count"
    killed() { LD_PRELOAD=$TMPDIR/faults.so ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 FAULT_HOW=kill "$@"; }
    told() { grep -q "\"item_id\":\"$bag\".*\"event\":\"copy\"" "$case/custody/log.jsonl"; }
    calls=1 at=0 wrong=0
    while [ "$at" -le "$calls" ]; do
        FAULT_DIR=$TMPDIR/second.$at FAULT_AT=$at bag=EV-1-$((20 + at))
        mkdir "$FAULT_DIR"
        killed act image $((20 + at)) "$TMPDIR/small.img" --copy "$FAULT_DIR"
        [ "$at" != 0 ] || calls=$(cat "$TMPDIR/count")
        FAULT_AT=0
        killed act resume $((20 + at))
        rc=$?
        if [ $rc != 0 ] || ! told || ! diff -r "$case/$bag" "$FAULT_DIR/$bag" >"$TMPDIR/diff"; then
            wrong=1
            tell "call $at, status $rc: " "$TMPDIR/err" 2
        fi
        at=$((at + 7))
    done
    ok "a copy that was killed at any of $calls calls is whole in the end" [ $wrong = 0 ]
    unset FAULT_DIR FAULT_COUNT FAULT_AT
else
    skip 'a copy that was killed' 'no C compiler'
fi
ok 'all is proved by stock programs' stock
plan
