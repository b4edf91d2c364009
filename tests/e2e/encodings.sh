#!/bin/sh
# Logs in Japanese character sets and UTF-16: the same records as in UTF-8, with places and digests of their own
# bytes; what is not valid is counted and can be found; UTF-8 stays UTF-8.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
tree=$PWD
cd "$TMPDIR" || exit 1
if ! command -v iconv >/dev/null || ! echo x | iconv -t CP932 >/dev/null 2>&1; then
    skip 'encodings' 'no iconv with Japanese tables'
    plan
    exit 0
fi
awk 'BEGIN { for (i = 0; i < 20000; i++) {
    stamp = sprintf("Nov %02d %02d:%02d:%02d", 1 + i / 3600, i / 150 % 24, i / 60 % 60, i % 60)
    if (i % 7 == 0) printf "%s fs01 smbd[%d]: 共有フォルダー「経理部」へのアクセスが拒否されました: ユーザー山田 (192.0.2.%d)\n", stamp, i, i % 250
    else if (i % 7 == 1) printf "%s web01 sshd[%d]: Failed password for 管理者 from 198.51.100.7 port %d ssh2\n", stamp, i, i
    else if (i % 7 == 2) printf "%s fs01 log[1]: ソート表示十分、能力\n", stamp
    else printf "%s web01 CRON[%d]: (root) CMD (/usr/bin/true %d)\n", stamp, i, i
} }' >utf8.log
mkdir rules
cat >rules/any.yml <<'END'
title: Access refused
id: 7f1c5f52-11a4-4d0f-9f5d-6d1f9a1e0c01
logsource:
    product: linux
detection:
    keywords:
        - 'アクセスが拒否'
        - 'Failed password for 管理者'
    condition: keywords
level: high
END
parse() { # NAME ARGUMENTS...: to NAME.json
    name=$1
    shift
    "$IR" parse --reference-time 2026-12-01 "$@" 2>"$name.err" </dev/null >"$name.json"
    rc=$?
}
scan() { # NAME THREADS ARGUMENTS...
    name=$1
    threads=$2
    shift 2
    "$IR" scan --no-default-rules --no-anomaly --rules rules --reference-time 2026-12-01 --output jsonl --threads "$threads" \
        "$@" 2>err </dev/null | sed -E 's/"elapsed_s":[0-9.]*/"elapsed_s":0/' >"$name"
}
strip() { sed -E 's/"log.file.path":"[^"]*"//; s/"log.offset":[0-9]+//'; }
same_records() { # NAME
    strip <utf8.json >want && strip <"$1.json" >got && cmp want got
}
# The bytes at an origin have its digest, and are the line when iconv converts them.
evidence() { # NAME ENCODING FILE
    jq -r 'select(."ir.kind" == "finding") | .origin[] | [.offset, .length, .sha256, .line] | @tsv' "$1" | sort -u | awk 'NR % 40 == 1' >places
    [ -s places ] || return 1
    while read -r offset length sum line; do
        tail -c +$((offset + 1)) "$3" | head -c "$length" >bytes
        sha256sum <bytes | grep -q "^$sum " || { echo "digest at $offset"; return 1; }
        iconv -f "$2" -t UTF-8 <bytes >text || return 1
        sed -n "${line}p" utf8.log | tr -d '\n' | cmp - text || return 1
    done <places
}
parse utf8 utf8.log
ok 'UTF-8 is read as it is' [ ! -s utf8.err ]
scan utf8.scan 2 utf8.log
for encoding in CP932 EUC-JP ISO-2022-JP UTF-16LE UTF-16BE; do
    iconv -f UTF-8 -t $encoding utf8.log >$encoding.log
    parse $encoding $encoding.log
    ok "$encoding: status 0 (got $rc)" [ "$rc" = 0 ]
    ok "$encoding: the records of UTF-8" same_records $encoding
    ok "$encoding: told that it was recognised" grep -q 'note: .*looks like' $encoding.err
    jq -r '."log.offset"' $encoding.json | head -n 3000 | tail -n 1 >offset
    tail -c +$(($(cat offset) + 1)) $encoding.log | iconv -f $encoding -t UTF-8 2>/dev/null | head -n 1 >line
    ok "$encoding: offsets are those of the file" sh -c 'sed -n 3000p utf8.log | cmp - line'
    for threads in 1 2 7; do scan $encoding.$threads $threads $encoding.log; done
    ok "$encoding: 2 threads" cmp $encoding.1 $encoding.2
    ok "$encoding: 7 threads" cmp $encoding.1 $encoding.7
    ok "$encoding: as many hits as in UTF-8" [ "$(jq -s '[.[].count // 0] | add' $encoding.1)" = "$(jq -s '[.[].count // 0] | add' utf8.scan)" ]
    ok "$encoding: digests are of the bytes in the file" evidence $encoding.1 $encoding $encoding.log
    gzip -c $encoding.log >packed.gz
    scan packed 2 packed.gz
    ok "$encoding: packed" evidence packed $encoding $encoding.log
    parse told --encoding "$(case $encoding in CP932) echo shift_jis ;; *) echo $encoding | tr '[:upper:]' '[:lower:]' ;; esac)" $encoding.log
    cp told.json told-$encoding.json
    ok "$encoding: told" same_records told-$encoding
    ok "$encoding: told, so no word about it" [ ! -s told.err ]
done
(printf '\377\376' && cat UTF-16LE.log) >bom.log
parse bom bom.log
ok 'UTF-16 with a byte order mark' same_records bom
ok '… is no guess' [ ! -s bom.err ]
ok '… and the first record begins behind it' sh -c 'head -n 1 bom.json | grep -q "\"log.offset\":2,"'
# shellcheck disable=SC2002
cat CP932.log | "$IR" parse --reference-time 2026-12-01 - >pipe.json 2>err
ok 'from a pipe' same_records pipe
"$IR" formats CP932.log UTF-16BE.log utf8.log >out 2>err </dev/null
prints 'CP932.log: syslog (syslog'
prints ' in shift_jis'
prints ' in utf-16be'
ok 'ir formats: UTF-8 is not mentioned' sh -c '! grep -q "utf8.log.* in " out'

# The lines around a finding's record, converted like it.
for encoding in CP932 ISO-2022-JP UTF-16LE; do
    for log in utf8 $encoding; do
        scan around-"$log" 2 --context 2 "$log".log
        jq -c 'select(."ir.kind" == "finding") | .context' around-"$log" >context-"$log"
    done
    ok "$encoding: the lines around a record" sh -c "[ -s context-utf8 ] && cmp context-utf8 context-$encoding"
done

# Damage: counted, named with its place, and the record can be found.
head -n 21 CP932.log >broken.log
printf 'Nov 22 10:00:00 fs01 smbd[1]: \202 broken \377\n' >>broken.log
sed -n '22,40p' CP932.log >>broken.log
parse broken broken.log
ok "damage: status 3 (got $rc)" [ "$rc" = 3 ]
at=$(head -n 21 CP932.log | wc -c)
ok 'damage: counted and placed' grep -q "damaged: broken.log at byte $((at + 30)): bytes that are not valid Shift_JIS (2 in all)" broken.err
ok 'damage: all records are there' [ "$(wc -l <broken.json)" = 41 ]
scan broken.scan 2 --path '*' broken.log
ok 'damage: in the summary' jq -es '.[-1] | .damaged == 2 and (.problems | any(.reason == "bytes that are not valid Shift_JIS"))' broken.scan
ok 'damage: the digests are there' jq -es '[.[] | select(."ir.kind" == "finding") | .origin[].sha256 | length == 64] | all' broken.scan

# Japanese that comes late: the first bytes were ASCII, so nothing is converted; that is told.
{
    i=0
    while [ $((i += 1)) -le 3000 ]; do
        echo "Jan 15 10:15:30 mx sshd[$i]: Failed password for root from 192.0.2.77 port 22 ssh2 with some more text behind it"
    done
    for i in 1 2 3; do printf 'Jan 15 10:15:3%s mx sshd[1]: Failed password for \223\143\222\206 from 192.0.2.77 port 22 ssh2\n' "$i"; done
} >late.log
late() { # HOW-MANY ARGUMENTS…
    want=$1
    shift
    [ "$("$IR" scan --no-default-rules --no-anomaly --no-progress --output jsonl "$@" |
        jq -s '[.[-1].problems[] | select(.reason | test("not valid UTF-8"))][0].count // 0')" = "$want" ]
}
ok 'late: how many lines are not valid UTF-8 is told' late 3 late.log
ok 'late: not when the encoding was named' late 0 --encoding utf-8 late.log
ok 'late: nor when it is no text' late 0 /dev/null "$IR"
"$IR" parse late.log 2>late.err >late.json
ok 'late: ir parse tells it too' grep -q 'not valid UTF-8.*--encoding' late.err
mkdir -p alike
for i in 1 2 3 4 5 6 7; do cp late.log "alike/$i.log"; done
"$IR" parse alike >/dev/null 2>alike.err
ok 'what many files have alike is told of five' [ "$(grep -c 'alike/.*not valid UTF-8' alike.err)" = 5 ]
ok '… and counted of the others' grep -qF 'the same of other inputs (2): ' alike.err

# What must stay as it is.
(head -n 50 utf8.log && printf 'Nov 22 10:00:00 web01 sshd[1]: \202\240\202\242 by an attacker\n' && tail -n 50 utf8.log) >mixed.log
parse mixed mixed.log
ok 'Shift_JIS bytes in a UTF-8 log change nothing' [ ! -s mixed.err ]
parse forced --encoding utf-8 CP932.log
ok '--encoding utf-8 leaves all as it is' [ ! -s forced.err ]
status 2 'an unknown encoding' parse --encoding klingon utf8.log

# In an archive, and its names.
if command -v bsdtar >/dev/null; then
    mkdir logs && cp CP932.log EUC-JP.log logs/ && bsdtar -czf logs.tar.gz logs
    scan tar 2 logs.tar.gz
    ok 'in an archive' jq -es '.[-1].problems | length == 2 and all(.kind == "remark")' tar
    name=$(printf '\203\145\203\130\203\147.log') # テスト in Shift_JIS, as Windows' zip writes it
    cp utf8.log "$name" && bsdtar -cf names.tar "$name"
    "$IR" formats names.tar >out 2>err </dev/null
    prints 'names.tar!テスト.log: syslog'
else
    skip 'in an archive' 'no bsdtar'
fi
# Defender writes MPLog in UTF-16 with a byte order mark.
mplog=$tree/tests/golden/packages_windows/MPLog.log
{ printf '\377\376' && sed 's/$/\r/' "$mplog" | iconv -t UTF-16LE; } >MPLog-1.log
sed 's/$/\r/' "$mplog" >MPLog-2.log
parse wide MPLog-1.log
ok 'MPLog in UTF-16' [ $rc = 0 ]
parse narrow MPLog-2.log
strip <wide.json >got
strip <narrow.json >want
ok 'MPLog in UTF-16 gives the same records' cmp want got
ok 'and its threats' [ "$(jq -r 'select(."ir.format" == "mplog") | ."rule.name" // empty' wide.json | wc -l)" = 2 ]

plan
