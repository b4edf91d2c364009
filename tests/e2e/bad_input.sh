#!/bin/sh
# Inputs that are missing, odd, damaged or hostile: what is good is read, what is not is said, nothing hangs.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
# parse STATUS RECORDS NAME ARGUMENTS...: exit status and number of records; output stays in $TMPDIR/out, err
parse() {
    status=$1
    records=$2
    what=$3
    shift 3
    timeout -k 5 60 "$IR" parse --format text "$@" >"$TMPDIR/out" 2>"$TMPDIR/err"
    rc=$?
    got=$(wc -l <"$TMPDIR/out")
    ok "$what: status $status (got $rc)" [ "$rc" = "$status" ]
    ok "$what: $records records (got $got)" [ "$got" -eq "$records" ]
}
lines() { # COUNT
    awk -v n="$1" 'BEGIN { srand(7); for (i = 1; i <= n; i++) printf "line %d %.9f\n", i, rand() }'
}

scan() { # ARGUMENTS...
    timeout -k 5 60 "$IR" scan --no-default-rules --rules "$tree/rules" --no-anomaly --output jsonl "$@" \
        >out 2>err </dev/null
    rc=$?
}

tree=$PWD
cd "$TMPDIR" || exit 1
lines 1000 >log
gzip -c log >log.gz

parse 3 0 'a file that is not there' absent </dev/null
says absent
parse 3 1000 'the others are read' absent log </dev/null
parse 3 0 'a pattern that fits nothing' 'q*.log' </dev/null
parse 0 1000 'an argument that exists is no pattern' log </dev/null
: >empty
parse 0 0 'an empty file' empty </dev/null
printf 'no line end' >open-end
parse 0 1 'no line end' open-end </dev/null
parse 0 1000 'standard input' - <log
parse 0 1000 'compressed standard input' - <log.gz
parse 0 1000 'a file that is named twice' log ./log </dev/null

mkdir odd
mkfifo odd/fifo
ln -s nowhere odd/dangling
ln -s loop odd/loop
ln -s .. odd/up
cp log odd/log
parse 0 1000 'a directory with odd things' odd </dev/null
says 'skipped: odd/fifo: '
says 'skipped: odd/dangling: '
printf '{"a":1,"b":2}\n{"a":1,"b":2}\n{"a":1,"b":\n{"a":1,"b":2}\n{"a":2,"c":\n' >broken.json
timeout -k 5 60 "$IR" parse --format json broken.json >out 2>err </dev/null
rc=$?
ok "damaged records: status 3 (got $rc)" [ "$rc" = 3 ]
ok 'damaged records are counted on stderr, and the first is named' \
    grep -q 'damaged records: 2, the first at byte 28, line 3 of broken.json' err
parse 3 1000 'a FIFO by name' odd/fifo log </dev/null
says odd/fifo
parse 3 0 'a dangling link by name' odd/dangling </dev/null
parse 3 0 'a device by name' /dev/null </dev/null

# What the kernel makes up says that it is of size 0.
[ ! -r /proc/version ] || parse 0 1 'a file of size 0 that holds a line' /proc/version </dev/null

if [ "$(id -u)" = 0 ]; then
    skip 'permission denied' 'root may read everything'
    echo '# skipped: permission denied: run as another user than root' >&2
else
    cp log secret && chmod 0 secret
    parse 3 1000 'a file without permission' secret log </dev/null
    says 'ermission denied'
    mkdir closed && chmod 0 closed
    parse 3 1000 'a directory without permission' closed log </dev/null
    says 'ermission denied'
    chmod 700 closed
fi

# Damage: what was decoded before it is delivered, and what stands behind it is found again.
for tool in gzip xz zstd bzip2; do
    command -v "$tool" >/dev/null || continue
    "$tool" -c <log >whole
    size=$(wc -c <whole)
    head -c $((size / 2)) whole >half
    parse 0 1000 "$tool" whole </dev/null
    cat whole whole >two
    parse 0 2000 "$tool, two members" two </dev/null
    timeout -k 5 60 "$IR" parse --format text half >out 2>err </dev/null
    rc=$?
    ok "$tool, cut short: status 3 (got $rc)" [ "$rc" = 3 ]
    says half
    { cat whole && printf 'rubbish'; } >rubbish
    parse 3 1000 "$tool, rubbish behind it" rubbish </dev/null
    cat whole half whole >middle
    timeout -k 5 60 "$IR" parse --format text middle >out 2>err </dev/null
    rc=$?
    ok "$tool, a member cut short before a whole one: status 3 (got $rc)" [ "$rc" = 3 ]
    got=$(grep -c 'line 1000 ' out)
    ok "$tool: the members before and behind the damage are read (got $got)" [ "$got" -ge 2 ]
done
cp log plain.gz
parse 3 1000 'a .gz that is none' plain.gz </dev/null

# 300 MB of zeros in 300 kB; and many files at once.
head -c 300000000 /dev/zero | gzip -9 >bomb.gz
scan bomb.gz
ok "a bomb ends with status 3 (got $rc)" [ "$rc" = 3 ]
ok 'its end is told once, and what was cut before by itself' grep -q '"reason":"[^"]*bomb[^}]*"count":1[,}]' out
scan log absent half odd
ok "scan: status 3 (got $rc)" [ "$rc" = 3 ]
ok 'scan: the summary counts what could not be read' grep -q '"ir.kind":"summary".*"unreadable":1' out
plan
