#!/bin/sh
# Everything about the tree that can be judged without running it. Called by `make lint`, which gives the
# lists of files and, in $RSP, the compiler's flags. Each part runs even when an earlier one failed.
# shellcheck disable=SC2086,SC2016  # lists of names without blanks, split on purpose; inner scripts
set -u
export LC_ALL=C.UTF-8
good=0 bad=0
: "${JOBS:=1}" "${CC:=gcc}" "${CLANG:=clang}" "${RSP:?}" "${BANNED:=}"

# part NAME COMMAND...: silence is success
part() {
    name=$1
    shift
    if "$@"; then
        good=$((good + 1))
        echo "lint: $name passed"
    else
        bad=$((bad + 1))
        echo "lint: $name FAILED"
    fi
}
# each FILES COMMAND...: the command on every file, several at a time; no files, no complaint
each() {
    files=$1
    shift
    [ -z "$files" ] || printf '%s\n' $files | xargs -P "$JOBS" -n 8 "$@"
}

# One run for all files: starting it takes longer than reading one.
format() {
    printf '%s\n' "$@" | xargs -P "$JOBS" -n 200 clang-format --dry-run -Werror 2>&1 |
        sed -n 's/^\([^: ]*\):[0-9]*:.*/\1: run make format/p' | sort -u | tee "$RSP.format"
    [ ! -s "$RSP.format" ]
}
# The flags of the build, but a warning is an error; no code is made. Those of gcc are the build's own (an error in
# .ci/run), as many come from its optimiser. Missing initialisers: clang 19 means libseccomp's macros.
warnings() {
    each "$SOURCES" $CLANG "@$RSP" -Werror -Wno-missing-field-initializers $BANNED -Itests -fsyntax-only
}
# A header must not lean on what others include before it. banned.h comes first everywhere, so not here.
stand_alone() {
    each "$HEADERS" sh -c 'compiler=$1 rc=0; shift
        for f; do
            printf "#include \"%s\"\n#include \"%s\"\n" "$f" "$f" |
                $compiler -Werror -Wno-unused-function -Itests -fsyntax-only -x c - ||
                { echo "$f does not stand alone"; rc=1; }
        done
        exit $rc' sh "$CC @$RSP"
}
# Leaks are left to LeakSanitizer and uninitialised variables to the compilers: cppcheck 2.10 to 2.17 guess
# wrong about pointers kept in a struct and about f(buf, fill(buf)).
static_check() {
    cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,performance,portability \
        --suppress=missingIncludeSystem --suppress=preprocessorErrorDirective --suppress=memleak \
        --suppress=uninitvar --suppress=normalCheckLevelMaxBranches -j "$JOBS" -Ilibir -I. -D_GNU_SOURCE "$@" 2>&1
}
complexity() {
    pmccabe "$@" | awk '
        $1 > 25 { print $6 " " $7 ": complexity " $1 ", the limit is 25"; bad = 1 }
        $5 > 100 { print $6 " " $7 ": " $5 " lines, the limit for a function is 100"; bad = 1 }
        END { exit bad }' || return 1
}
lengths() {
    wc -l "$@" | awk '$2 != "total" && $1 > 800 { print $2 ": " $1 " lines, the limit is 800"; bad = 1 }
        END { exit bad }'
}
manuals() {
    [ -z "$MANPAGES" ] && return
    mandoc -T lint -W warning $MANPAGES
}

part 'format (clang-format)' format $SOURCES $HEADERS
part 'warnings (clang)' warnings
part 'stand-alone headers' stand_alone
part 'static check (cppcheck)' static_check $PRODUCT
part 'complexity (pmccabe)' complexity $SOURCES
part 'length of files' lengths $SOURCES $HEADERS
part 'shell (shellcheck)' shellcheck $SCRIPTS
part 'manuals (mandoc)' manuals
echo "lint: $good passed, $bad failed"
[ "$bad" = 0 ]
