#!/bin/sh
# Archives made here, read as a directory would be: the same records, findings and order, whatever the format, the
# depth and the number of threads; and odd ones, of which what is good is read and what is not is named.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
tree=$PWD
cd "$TMPDIR" || exit 1
if ! command -v bsdtar >/dev/null; then
    skip 'archives' 'no bsdtar (package libarchive-tools)'
    plan
    exit 0
fi

mkdir -p box/var/log/apache2
awk 'BEGIN {
    split("auth.log.3 auth.log.2 auth.log.1 auth.log", file, " ")
    for (f = 1; f <= 4; f++) for (i = 0; i < 400; i++)
        printf "Nov %2d %02d:%02d:%02d web01 sshd[%d]: Failed password for %s from 198.51.100.%d port %d ssh2\n",
            10 + f, i / 60, i % 60, i % 60, 100 + i, i % 3 ? "root" : "oracle", f, 1024 + i >("box/var/log/" file[f])
    for (i = 0; i < 3000; i++)
        printf "192.0.2.%d - - [18/Nov/2026:%02d:%02d:%02d +0000] \"GET %s HTTP/1.1\" 200 %d \"-\" \"curl/8\"\n",
            i % 250, i / 3600, i / 60 % 60, i % 60, i % 500 ? "/" : "/get?f=../../etc/passwd", i >"box/var/log/apache2/access.log"
}'
gzip box/var/log/auth.log.3
touch -d 2026-11-19 box/var/log/* box/var/log/apache2/*
scan() { # THREADS PATH...: findings and summary without what must differ: paths, ids, time taken
    threads=$1
    shift
    "$IR" scan --no-default-rules --rules "$tree/rules" --no-anomaly --reference-time 2026-11-20 --output jsonl \
        --threads "$threads" "$@" 2>err </dev/null
}
same() { sed -E 's/"elapsed_s":[0-9.]*//; s/"id":"[0-9a-f]{32}"//; s/"path":"[^"]*[!x]\/?(\.\/)?var/"path":"var/g'; }

scan 1 box | same >want
ok 'the directory has findings' grep -q '"ir.kind":"finding"' want
ok 'as an archive the rotated log is in order' grep -q auth.log.3.gz want
make() { # FORMAT: prints the name of the archive
    case $1 in
    zip) (cd box && zip -qr ../box.zip var) ;;
    7z) (cd box && bsdtar -cf ../box.7z --format 7zip var) ;;
    iso) (cd box && bsdtar -cf ../box.iso --format iso9660 var) ;;
    cpio) (cd box && bsdtar -cf ../box.cpio --format newc var) ;;
    tar.*) (cd box && bsdtar -caf "../box.$1" var) ;;
    tar) (cd box && bsdtar -cf ../box.tar --format ustar var) ;;
    esac
}
for format in tar tar.gz tar.xz tar.zst tar.lz4 zip 7z cpio iso; do
    if [ "$format" = zip ] && ! command -v zip >/dev/null; then
        skip 'zip' 'no zip'
        continue
    fi
    make $format
    scan 1 box.$format >one
    same <one >got
    ok "$format: what a directory gives" cmp want got
    ok "$format: members' paths" grep -qF "box.$format!var/log/auth.log.1" one
    for threads in 2 7; do
        scan $threads box.$format | same >got
        ok "$format: $threads threads" cmp want got
    done
done
scan 2 - <box.tar.gz >/dev/null # stdin is /dev/null there: nothing
"$IR" scan --no-default-rules --rules "$tree/rules" --no-anomaly --reference-time 2026-11-20 --output jsonl - <box.tar.gz 2>err | same >got
ok 'standard input, a file' cmp want got
# shellcheck disable=SC2002  # a pipe is what is wanted
cat box.tar.gz | "$IR" scan --no-default-rules --rules "$tree/rules" --no-anomaly --reference-time 2026-11-20 --output jsonl - 2>err | same >got
ok 'standard input, a pipe' cmp want got
# shellcheck disable=SC2002
cat box.7z | "$IR" scan --no-default-rules --rules "$tree/rules" --no-anomaly --reference-time 2026-11-20 --output jsonl - 2>err | same >got
ok 'standard input, a pipe, of a format that jumps about' cmp want got
mkdir nest && cp box.7z nest/inner.7z && bsdtar -caf nest.tar.gz nest
scan 2 nest.tar.gz >one
same <one >got
ok 'an archive in an archive' cmp want got
ok '… and its paths' grep -qF 'nest.tar.gz!nest/inner.7z!var/log/auth.log.1' one

# The evidence is what stands in the member.
evidence() {
    jq -r 'select(."ir.kind" == "finding") | .origin[] | [.path, .offset, .length, .sha256] | @tsv' one | sort -u | head -n 40 |
        while IFS="$(printf '\t')" read -r path offset length sum; do
            file=box/${path#*7z!}
            case $file in *.gz) gzip -dc "$file" ;; *) cat "$file" ;; esac | tail -c +$((offset + 1)) | head -c "$length" | sha256sum | grep -q "^$sum " || {
                echo "$path at $offset"
                return 1
            }
        done
}
ok 'the digests are those of the records' evidence
scan 1 --path '*!var/log/auth.log.1' box.tar >one
ok '--path is about members' jq -es '.[-1].inputs == 1' one

parse() { # STATUS RECORDS NAME ARGUMENTS...
    want_rc=$1
    want_n=$2
    what=$3
    shift 3
    timeout -k 5 60 "$IR" parse --format text "$@" >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null
    rc=$?
    records=$(wc -l <"$TMPDIR/out")
    ok "$what: status $want_rc (got $rc)" [ "$rc" = "$want_rc" ]
    ok "$what: $want_n records (got $records)" [ "$records" -eq "$want_n" ]
}

# What is no file, and names that lead elsewhere.
mkdir -p odd/in && cd odd/in || exit 1
printf 'a line\n' >plain.log
ln -s /etc/passwd link
ln plain.log again.log
mkfifo fifo
tar -cf ../odd.tar --transform 's,^plain,../../plain,' -P plain.log 2>/dev/null
tar -rf ../odd.tar link fifo again.log plain.log
tar -rf ../odd.tar -P --transform 's,^plain,/root/plain,' plain.log
tar -rf ../odd.tar plain.log
cd "$TMPDIR" || exit 1
parse 0 4 'odd names' odd/odd.tar
says 'odd.tar!../../plain.log: a name that leads out'
says 'odd.tar!/root/plain.log: a name that leads out'
says 'skipped: odd/odd.tar!link: a symbolic link to /etc/passwd'
says 'skipped: odd/odd.tar!fifo: a FIFO'
says 'odd.tar!plain.log#2: the archive has this name more than once'
ok 'nothing was unpacked beside it' [ "$(find . -name plain.log | wc -l)" = 1 ]

# Cut short and spoiled: the members before it are there.
mkdir cut && for i in 1 2 3 4 5; do awk -v n="$i" 'BEGIN { srand(n); for (i = 0; i < 1000; i++) printf "%d %.12f\n", i, rand() }' >cut/$i.log; done
bsdtar -cf cut.tar cut && bsdtar -czf cut.tar.gz cut && bsdtar -cf cut.zip --format zip cut
head -c $(($(wc -c <cut.tar) / 2)) cut.tar >half.tar
head -c $(($(wc -c <cut.tar.gz) / 2)) cut.tar.gz >half.tar.gz
head -c $(($(wc -c <cut.zip) / 2)) cut.zip >half.zip
for half in half.tar half.tar.gz half.zip; do
    timeout -k 5 60 "$IR" parse --format text $half >out 2>err </dev/null
    rc=$?
    ok "$half: status 3 (got $rc)" [ "$rc" = 3 ]
    ok "$half: what is good is read ($(wc -l <out) records)" [ "$(wc -l <out)" -gt 1500 ]
    says "damaged: $half"
done
(cat cut.zip && printf 'x') >tail.zip
# A zip's members can be read without the list at its end, so that it must be missed when it is cut.
if command -v zip >/dev/null; then
    (cd cut && zip -q ../list.zip 1.log 2.log && zip -q -fz - 1.log >../large.zip && zip -q -0 ../stored.zip ../list.zip 3.log)
    printf 'a comment, which is cut as well\n' | zip -qz list.zip
    size=$(wc -c <list.zip)
    missed=
    for less in 1 2 20 32 33 40 53 54 60 80 100 130 150 170 180; do
        head -c $((size - less)) list.zip >less.zip
        timeout -k 5 60 "$IR" parse --format text less.zip >out 2>err </dev/null
        rc=$?
        { [ $rc = 3 ] && [ "$(wc -l <out)" = 2000 ] && grep -q 'damaged: less.zip: .* not whole' err; } || missed="$missed $less"
    done
    ok "a zip cut within its list is not whole:$missed" [ -z "$missed" ]
    head -c $(($(wc -c <stored.zip) - 30)) stored.zip >less.zip
    parse 3 3000 'a cut zip with a whole one in it' less.zip
    says 'damaged: less.zip: '
    # shellcheck disable=SC2002  # a pipe is what is wanted
    head -c $((size - 60)) list.zip | "$IR" parse --format text - >out 2>err
    ok '… from a pipe' grep -q 'damaged: -: .* not whole' err
    parse 0 1000 'a zip of the large kind' large.zip
    head -c $(($(wc -c <large.zip) - 30)) large.zip >less.zip
    parse 3 1000 '… cut' less.zip
    parse 0 2000 'a zip with a comment' list.zip
    { printf 'MZ\220\0 a program'; cat list.zip; } >self.exe
    parse 0 2000 'a program with a zip behind it' self.exe
else
    skip 'zips cut within their list' 'no zip'
fi
parse 0 5000 'bytes behind a zip' tail.zip
# One byte of the middle member changed: its checksum tells.
cp cut.zip spoilt.zip
printf 'X' | dd of=spoilt.zip bs=1 seek=$(($(wc -c <cut.zip) / 2)) conv=notrunc 2>/dev/null
timeout -k 5 60 "$IR" parse --format text spoilt.zip >out 2>err </dev/null
rc=$?
ok "a spoilt member: status 3 (got $rc)" [ "$rc" = 3 ]
ok 'a spoilt member: the others are read' [ "$(grep -c '"log.line":1000,' out)" -ge 4 ]

# Bombs: a member of zeros, and archives in archives.
head -c 200000000 /dev/zero >zeros
if [ -n "$(command -v zip)" ]; then
    zip -q bomb.zip zeros
    timeout -k 5 100 "$IR" scan --no-default-rules --rules "$tree/rules" --output jsonl bomb.zip >out 2>err </dev/null
    rc=$?
    ok "a bomb: status 3 (got $rc)" [ "$rc" = 3 ]
    prints 'bomb'
fi
cp cut/1.log deep.log && name=deep.log
for i in 1 2 3 4 5 6 7 8 9; do
    bsdtar -cf deep$i.tar "$name"
    name=deep$i.tar
done
parse 3 0 'too deep' deep9.tar
says 'deeper than the limit'
parse 0 1000 'as deep as may be' deep8.tar

# Passwords.
if command -v zip >/dev/null; then
    zip -q -P 'correct horse' -r locked.zip cut
    parse 3 0 'encrypted' locked.zip
    says 'locked.zip!cut/1.log: encrypted'
    printf 'wrong\ncorrect horse\n' >keys && chmod 600 keys
    parse 0 5000 'encrypted, with the password' --password-file keys locked.zip
    ok 'no word about the file of passwords' [ ! -s err ]
    chmod 644 keys
    parse 0 5000 'a file of passwords for all to see' --password-file keys locked.zip
    says 'others may read keys'
    parse 2 0 'no such file of passwords' --password-file nokeys locked.zip
    "$IR" parse --ask-password locked.zip >out 2>err </dev/null &
    wait $!
    rc=$?
    if [ -e /dev/tty ] && (: </dev/tty) 2>/dev/null; then
        skip 'asking without a terminal' 'there is a terminal'
    else
        ok "asking without a terminal: status 2 (got $rc)" [ "$rc" = 2 ]
    fi
else
    skip 'passwords' 'no zip'
fi

# The shared archives: the good ones are listed as bsdtar lists them, nothing hangs, nothing dies.
data=$IR_SHARED/data/archives
if [ -d "$data" ] && command -v uudecode >/dev/null; then
    mkdir all
    for f in "$data"/libarchive/*.uu; do
        name=${f##*/}
        uudecode -o "all/${name%.uu}" "$f" 2>/dev/null
    done
    cp "$data"/zip/*.zip all/ && rm -f all/manyfiles-zip.zip # half a million members: tried by hand
    slow=0 died=0 fewer=0 silent=0
    for f in all/*; do
        timeout -k 5 20 "$IR" formats "$f" >out 2>err </dev/null
        rc=$?
        [ $rc = 124 ] && slow=$((slow + 1)) && echo "# hangs: $f"
        [ $rc -gt 4 ] && died=$((died + 1)) && echo "# dies ($rc): $f"
        [ $rc = 0 ] || continue
        ! sanitized || continue
        # What bsdtar cannot unpack is not whole to us either, but for names that it cannot write, parts of split
        # archives and what it takes for a tar within.
        case $f in
        *empty*.zip | *empty_filename.tar | *filename_encoding.tar | *rar5_win32.rar | *rar5_unicode.rar) ;;
        *part0* | *split* | *_raw | *raw.data.Z | *underflow.bin | *.exe | *.tlz) ;;
        *) timeout 10 bsdtar -xOf "$f" >/dev/null 2>&1 </dev/null || {
            timeout 20 "$IR" parse "$f" >/dev/null 2>&1 </dev/null && silent=$((silent + 1)) && echo "# silent: $f"
        } ;;
        esac
        timeout 10 bsdtar -tvf "$f" >listed 2>/dev/null </dev/null || continue
        theirs=$(grep '^-' listed | grep -vc ' link to ')
        ours=$(grep -c '!' out)
        [ "$ours" -ge "$theirs" ] || { fewer=$((fewer + 1)) && echo "# $f: $ours of $theirs members"; }
    done
    ok "the shared archives: none hangs ($slow)" [ $slow = 0 ]
    ok "the shared archives: none kills ($died)" [ $died = 0 ]
    ok "the shared archives: what is called good is listed fully ($fewer are not)" [ $fewer = 0 ]
    ok "the shared archives: what is odd is said to be ($silent are not)" [ $silent = 0 ]
    wrong=0
    for f in "$data"/xz/files/*; do # the name is the verdict
        timeout 20 "$IR" parse "$f" >/dev/null 2>&1 </dev/null
        rc=$?
        case ${f##*/} in good-*) want=0 ;; *) want=3 ;; esac
        [ $rc = $want ] || { wrong=$((wrong + 1)) && echo "# $rc, not $want: $f"; }
    done
    ok "xz, lzma and lzip: good ones are read, others named ($wrong are not)" [ $wrong = 0 ]
else
    skip 'the shared archives' "no $data, or no uudecode"
fi
plan
