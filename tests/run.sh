#!/bin/sh
# Runs the named test programs under prove and counts their results. Called by `make check`.
#   run.sh PROGRAM...      all of them; the TAP of each is kept in $B/tap/
#   run.sh --one PROGRAM   one of them, the way prove calls it
# Each program gets the same clean surroundings and its own temporary directory.
set -u
: "${B:=build}"
export B LC_ALL=C.UTF-8 TZ=UTC
unset LANGUAGE NO_COLOR XDG_DATA_HOME
case ${IR_SHARED:=../shared} in /*) ;; *) IR_SHARED=$PWD/$IR_SHARED ;; esac
export IR_SHARED
: "${ASAN_OPTIONS:=abort_on_error=1:detect_leaks=1:strict_string_checks=1:allocator_may_return_null=1}"
: "${UBSAN_OPTIONS:=print_stacktrace=1}"
export ASAN_OPTIONS UBSAN_OPTIONS

if [ "${1-}" = --one ]; then
    name=$(printf %s "${2#"$B"/}" | tr / -)
    TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/ir-test.XXXXXX") || exit 1
    # Not this machine's workspace: its rule sets would change what scans find.
    export TMPDIR IR_HOME="$TMPDIR/ir-home"
    # A hostile input may make a program hang: that is a failure, not a long wait.
    case $2 in
    *.sh) timeout -k 5 "${TEST_SECONDS:-300}" sh "$2" ;;
    /*) timeout -k 5 "${TEST_SECONDS:-300}" "$2" ;;
    *) timeout -k 5 "${TEST_SECONDS:-300}" "./$2" ;;
    esac >"$B/tap/$name.tap"
    rc=$?
    # A program that died has failed, even when each line it came to print is good.
    if [ "$rc" = 124 ]; then
        echo "not ok - stopped after ${TEST_SECONDS:-300} s" >>"$B/tap/$name.tap"
    elif [ "$rc" != 0 ] && ! grep -q '^not ok' "$B/tap/$name.tap"; then
        echo "not ok - ended with exit status $rc" >>"$B/tap/$name.tap"
    elif ! grep -q '^1\.\.' "$B/tap/$name.tap"; then
        echo 'not ok - ended without a plan' >>"$B/tap/$name.tap"
    fi
    cat "$B/tap/$name.tap"
    chmod -R u+rwx "$TMPDIR" && rm -rf "$TMPDIR"
    exit "$rc"
fi

rm -rf "$B/tap" && mkdir -p "$B/tap" || exit 1
# One more than there are processors: some wait for a disk, some for a browser. What takes long is named first.
"${PROVE:-prove}" -j $((${JOBS:-1} + 1)) --failures --directives -e 'sh tests/run.sh --one' "$@"
rc=$?
awk -v rc="$rc" '/^ok .*# *SKIP/ { skipped++; next } /^1\.\.0 .*SKIP/ { skipped++ } /^not ok .*# *TODO/ { next }
    /^ok / { good++ } /^not ok / { bad++ }
    END { if (rc && !bad) bad = 1; printf "check: %d passed, %d failed, %d skipped\n", good, bad, skipped }' \
    "$B"/tap/*.tap | tee "$B/tap/total"
exit "$rc"
