#!/bin/sh
# The test runner must see every way to fail: a green run that hides a crash is worse than none.
set -u
n=0
# expect 0|1 "N passed, N failed" NAME; the program's text stands on standard input
expect() {
    n=$((n + 1))
    cat >"$TMPDIR/program.sh"
    said=$(B=$TMPDIR/b JOBS=1 TEST_SECONDS=1 sh tests/run.sh "$TMPDIR/program.sh" 2>&1)
    rc=$?
    [ "$rc" = 0 ] || rc=1
    if [ "$rc" = "$1" ] && [ "${said#*"check: $2"}" != "$said" ]; then
        echo "ok $n - $3"
    else
        echo "not ok $n - $3"
        printf '%s\n' "$said" | sed 's/^/# /'
    fi
}
expect 0 '2 passed, 0 failed' 'good' <<'END'
echo 'ok 1 - a'; echo 'ok 2 - b'; echo 1..2
END
expect 0 '0 passed, 0 failed, 1 skipped' 'skipped' <<'END'
echo '1..0 # SKIP nothing'
END
expect 1 '1 passed, 1 failed' 'a failed check' <<'END'
echo 'ok 1 - a'; echo 'not ok 2 - b'; echo 1..2
END
expect 1 '1 passed, 1 failed' 'killed after a good line' <<'END'
echo 'ok 1 - a'; kill -SEGV $$
END
expect 1 '2 passed, 1 failed' 'a bad exit status after good lines' <<'END'
echo 'ok 1 - a'; echo 'ok 2 - b'; echo 1..2; exit 1
END
expect 1 '1 passed, 1 failed' 'no plan' <<'END'
echo 'ok 1 - a'
END
expect 1 '1 passed, 1 failed' 'fewer checks than planned' <<'END'
echo 'ok 1 - a'; echo 1..3
END
expect 1 '0 passed, 1 failed' 'hangs' <<'END'
sleep 20
END
echo "1..$n"
