# shellcheck shell=sh
# What the shell tests share: results in the Test Anything Protocol. Tests run at the top of the tree and begin with
#     . tests/lib.sh
# and end with `plan`. Not a test itself: it lies beside run.sh, which runs only what is below.
: "${TMPDIR:?}"
n=0
# What a command said when it failed, each line of it a comment.
tell() { # LABEL FILE LINES
    [ ! -s "$2" ] || head -n "$3" "$2" | cut -c 1-400 | sed "s/^/# $1/"
}
good() { # NAME
    n=$((n + 1))
    echo "ok $n - $1"
}
bad() { # NAME
    n=$((n + 1))
    echo "not ok $n - $1"
}
ok() { # NAME COMMAND...: also shows what the program under test left in out and err
    what=$1
    shift
    if "$@" >"$TMPDIR/said" 2>&1; then
        good "$what"
    else
        bad "$what"
        tell '' "$TMPDIR/said" 20
        tell 'stderr: ' "$TMPDIR/err" 5
        tell 'stdout: ' "$TMPDIR/out" 5
    fi
}
is() { # NAME GOT WANT
    ok "$1: got '$2', want '$3'" [ "$2" = "$3" ]
}
skip() { # NAME REASON
    good "$1 # SKIP $2"
    echo "# skipped: $1: $2" >&2
}
# Runs the program; its output stays in $TMPDIR/out and err. $command: the words of a sub-command.
status() { # WANT NAME ARGUMENTS...
    want=$1
    what=$2
    shift 2
    # shellcheck disable=SC2086  # words
    "$IR" ${command-} "$@" >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null
    rc=$?
    ok "$what: status $want (got $rc)" [ "$rc" = "$want" ]
}
says() { ok "… and says: $1" grep -qF -- "$1" "$TMPDIR/err"; }
prints() { ok "… and prints: $1" grep -qF -- "$1" "$TMPDIR/out"; }
prints_not() { ok "… and does not print: $1" lacks "$1" "$TMPDIR/out"; }
lacks() { # TEXT FILE
    ! grep -F -- "$1" "$2"
}
# True under sanitizers, where the program is tried for what memory does: there stands back what tries other programs
# (a browser, those that prove a case), and what takes minutes for paths that others take as well.
sanitized() { case ${B:-} in *san-*) true ;; *) false ;; esac; }
plain_only() { # REASON: ends a test under sanitizers
    ! sanitized || { echo "1..0 # SKIP for the plain build: $1" && exit 0; }
}
# All shared data by links below DIR, but for one zip of half a million empty members, which takes longer than the rest.
data_at_hand() { # DIR
    mkdir "$1" "$1/archives" && ln -s "$IR_SHARED"/data/[!a]* "$IR_SHARED"/data/auditd "$1" &&
        cp -r "$IR_SHARED"/data/archives/* "$1/archives" && find "$1/archives" -name manyfiles-zip.zip -exec rm {} +
}
plan() { echo "1..$n"; }
