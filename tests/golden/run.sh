#!/bin/sh
# A directory a case: tests/golden/NAME/ holds
#   cmd      arguments for ir, as a shell would read them; runs in the case's directory.
#            $IR is the program, $RULES the rules of this tree, $T a private directory for outputs.
#            A line that begins with "$ " is instead a whole shell command (pipes, jq).
#   input*   whatever cmd names
#   expect   standard output, then "--- stderr" when there was any, then "--- exit N" when N is not 0
#   README   what the case shows, and origin and licence of its data
# `make golden-update` writes what is printed now into expect; read the diff before committing it.
set -u
: "${IR:?}" "${B:=build}"
top=$PWD
export IR RULES="$top/rules" LC_ALL=C.UTF-8 TZ=UTC
T=$(mktemp -d "${TMPDIR:-/tmp}/ir-golden.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT
export T
n=0

# The case's three parts as one text, with this machine's paths out of it.
run_case() {
    script=$(cat cmd)
    case $script in
    '$ '*) script=$(printf '%s\n' "$script" | sed 's/^\$ //') ;;
    *) script="\"\$IR\" $script" ;;
    esac
    IR_HOME=$T/home timeout 60 sh -c "$script" >"$T/out" 2>"$T/err" </dev/null
    rc=$?
    cat "$T/out"
    [ -s "$T/err" ] && echo '--- stderr' && cat "$T/err"
    [ "$rc" = 0 ] || echo "--- exit $rc"
}

for cmd in tests/golden/*/cmd; do
    [ -f "$cmd" ] || break
    n=$((n + 1))
    dir=${cmd%/cmd}
    name=${dir##*/}
    (cd "$dir" && run_case) >"$T/raw"
    # elapsed_s is the one value that no two runs share.
    sed -e "s|$top|TREE|g" -e "s|$T|TMP|g" -e 's/"elapsed_s":[0-9.e-]*/"elapsed_s":0/' "$T/raw" >"$T/got"
    if [ -n "${IR_GOLDEN_UPDATE:-}" ]; then
        cmp -s "$T/got" "$dir/expect" || echo "updated $dir/expect"
        cp "$T/got" "$dir/expect"
    elif [ ! -f "$dir/README" ]; then
        echo "not ok $n - $name: no README that tells the origin of its data"
    elif diff -u "$dir/expect" "$T/got" >"$T/diff" 2>&1; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        head -n 40 "$T/diff" | sed 's/^/# /'
    fi
    rm -rf "${T:?}/home"
done
[ -n "${IR_GOLDEN_UPDATE:-}" ] || echo "1..$n$([ "$n" = 0 ] && echo ' # SKIP no cases yet')"
