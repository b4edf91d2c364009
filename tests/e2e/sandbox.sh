#!/bin/sh
# What a hijacked parser would try must be refused. The program built for tests tries it when a log holds a
# record that begins with "ir-sandbox-probe" (libir/run/probe.c); IR_TEST_NO_SANDBOX, known to that program
# only, leaves the sandbox out: the same tries must then succeed, or this test proves nothing.
set -u
: "${IR:?}" "${IR_PLAIN:?}" "${TMPDIR:?}"
. tests/lib.sh
cd "$TMPDIR" || exit 1
printf 'a line of text\nir-sandbox-probe\nanother line of text\n' >log
mkdir rules
cat >rules/any.yml <<'END'
title: Anything
id: 0f3d2b54-6a0f-4b4c-8f0e-0b8d1f5a7c11
logsource:
    category: anything
detection:
    keywords:
        - probe
    condition: keywords
END
printf 'a line of text\n' >rules/any.nomatch.log
cp log rules/any.nomatch.probe.log

# In a directory of its own each time: what is allowed leaves traces.
run() { # NAME ARGUMENTS...: in $NAME/ with a file to spoil; stderr in $NAME.err
    name=$1
    shift
    mkdir "$name" && echo 'precious' >"$name/ir-probe-file"
    (cd "$name" && exec "$IR" "$@") >"$name.out" 2>"$name.err" </dev/null
    grep '^probe ' "$name.err" | sort -u >"$name.probes"
}
refused() { # NAME
    [ -s "$1.probes" ] && ! grep 'ALLOWED' "$1.probes" && grep -qx 'probe exec denied' "$1.probes"
}
untouched() { # NAME
    [ "$(ls "$1")" = ir-probe-file ] && [ "$(cat "$1/ir-probe-file")" = precious ]
}

case $(readelf -s "$IR" 2>/dev/null | grep -c __asan_init) in
0 | '') sanitised= ;;
*) sanitised=yes ;;
esac
set -- scan parse test explain threads
for name in "$@"; do
    case $name in
    scan) run scan scan --no-default-rules --rules ../rules --output jsonl --threads 1 ../log ;;
    threads) run threads scan --no-default-rules --rules ../rules --threads 4 ../log ../log ;;
    parse) run parse parse ../log ;;
    test) run test rules test ../rules/any.yml ;;
    explain) run explain rules explain ../rules/any.yml ../log ;;
    esac
    if [ -n "$sanitised" ]; then
        skip "$name: everything is refused" 'the address sanitizer does without seccomp'
        continue
    fi
    ok "$name: everything is refused" refused "$name"
    ok "$name: nothing was written" untouched "$name"
done
if [ -z "$sanitised" ]; then
    # shellcheck disable=SC2016  # $c is not the shell's
    ok 'the summary says what holds' sh -c 'tail -n 1 scan.out | grep -qE "\"sandbox\":\"seccomp(,landlock)?\""'
    ok 'the scan went on: all three lines were read' grep -q '"unrecognised":3' scan.out
fi

export IR_TEST_NO_SANDBOX=1
run open parse ../log
ok 'without the sandbox: probes were made' [ -s open.probes ]
# exec is told only when it was refused: where it is allowed the program is gone.
allowed() {
    sed -n 's/^probe \(.*\) denied$/\1/p' parse.probes | grep -vx exec >"$TMPDIR/want"
    [ -n "$sanitised" ] && sed -n 's/^probe \([^ ]*\) .*/\1/p' open.probes | sort -u >"$TMPDIR/want"
    sed -n 's/^probe \(.*\) ALLOWED$/\1/p' open.probes >"$TMPDIR/got"
    diff "$TMPDIR/want" "$TMPDIR/got" && ! grep -q 'probe exec' open.probes
}
ok 'without the sandbox: each of them is allowed' allowed
run none scan --no-default-rules --rules ../rules --output jsonl ../rules/any.nomatch.log
ok 'without the sandbox: the summary says none' grep -q '"sandbox":"none"' none.out
unset IR_TEST_NO_SANDBOX

# The program that people get has no such doors.
door() { # PROGRAM TEXT
    grep -qF -- "$2" "$1"
}
for text in ir-sandbox-probe IR_TEST_NO_SANDBOX; do
    ok "the program for tests knows $text" door "$IR" "$text"
    if door "$IR_PLAIN" "$text"; then bad "the program knows $text"; else good "the program does not know $text"; fi
done
mkdir plain && echo 'precious' >plain/ir-probe-file
(cd plain && IR_TEST_NO_SANDBOX=1 exec "$IR_PLAIN" scan --no-default-rules --rules ../rules --output jsonl ../log) >plain.out 2>plain.err
ok 'the program makes no probes' sh -c '! grep -q "^probe" plain.err'
ok 'the program heeds no such variable' sh -c '! grep -q "\"sandbox\":\"none\"" plain.out'
plan
