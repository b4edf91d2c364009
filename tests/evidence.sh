# shellcheck shell=sh
# What the tests of evidence share: a case below $out, who acts in it, what proves it, and faults on demand. To be
# sourced instead of tests/lib.sh.
. tests/lib.sh
IR_HOME=$TMPDIR/home
export IR_HOME
out=$TMPDIR/cases
case=$out/CASE-1
act() { # COMMAND ARG...: in the case, as $who
    name=$1
    shift
    "$IR" evidence "$name" "$@" -c CASE-1 -o "$out" -a "${who-Hanako}" -p Tokyo -r test --no-witness 'in a test' \
        >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null
}
gives() { # STATUS COMMAND...
    want=$1
    shift
    "$@"
    [ $? = "$want" ]
}
last() { tail -n 1 "$case/custody/log.jsonl" | jq -e "$1" >/dev/null; } # JQ-EXPRESSION: true of the last event
# VERIFY.txt as it stands and VERIFY.sh, which must agree, and ir evidence verify; what VERIFY.txt and ir say stays in
# $TMPDIR/stock and out, and is told. Both are shell and the same in each build, so VERIFY.sh runs in the plain one only,
# as does what must see a fault (stock_sees).
stock() {
    (cd "$case" && sh "${1:-VERIFY.txt}") >"$TMPDIR/stock" 2>&1
    rc=$?
    cat "$TMPDIR/stock"
    sanitized && return "$rc"
    (cd "$case" && sh VERIFY.sh) >"$TMPDIR/steps" 2>&1
    steps=$?
    [ $steps = $rc ] && return "$rc"
    echo "VERIFY.txt gave $rc, VERIFY.sh $steps:"
    cat "$TMPDIR/steps"
    return 99
}
stock_sees() { # WHAT
    sanitized || ok "$1: VERIFY.txt sees it" gives 1 stock
}
ours() {
    "$IR" evidence verify -c CASE-1 -o "$out" >"$TMPDIR/out" 2>"$TMPDIR/err"
    rc=$?
    cat "$TMPDIR/out"
    return "$rc"
}
# A library that makes faults, see there. False: there is no compiler.
make_faults() {
    "${CC:-cc}" -shared -fPIC -o "$TMPDIR/faults.so" tests/e2e/evidence/faults.c -ldl 2>"$TMPDIR/err"
}
# Variables of that library come before it: FAULT_AT=3 FAULT_HOW=kill faulty act collect …
faulty() {
    LD_PRELOAD=$TMPDIR/faults.so ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 FAULT_DIR=$out "$@"
}
