#!/bin/sh
# The layer check must be able to fail: small trees, each with one mistake.
set -u
n=0
T=${TMPDIR:?}/libir

# expect 0|1, the text that must be said, what it is about; the tree stands in $T
expect() {
    n=$((n + 1))
    said=$(sh tests/lint/layers.sh "$T" 2>&1)
    rc=$?
    if [ "$rc" = "$1" ] && case $said in *"$2"*) true ;; *) false ;; esac then
        echo "ok $n - $3"
    else
        echo "not ok $n - $3"
        printf '%s\n' "status $rc:" "$said" | sed 's/^/# /'
    fi
    rm -rf "$T"
}
file() {
    mkdir -p "$T/${1%/*}"
    cat >"$T/$1"
}

echo '#include "base/str.h"' | file format/a.c
echo '#include "event/event.h"' | file report/b.c
expect 0 passed 'allowed includes pass'
echo '#include "format/format.h"' | file base/a.c
expect 1 'base/a.c:1: base may not include format' 'base includes nothing'
printf '\n#  include "source/input.h"\n' | file format/a.c
expect 1 'format/a.c:2: format may not include source' 'formats do not open files'
echo '#include "../run/scan.h"' | file rules/a.c
expect 1 'write "layer/file.h"' 'no way around by ..'
echo '#include "str.h"' | file base/a.c
expect 1 'write "layer/file.h"' 'no include without a layer'
echo 'int x;' | file misc/a.c
expect 1 'is in no layer: misc' 'a new layer needs a row'
echo '    printf("x");' | file run/a.c
expect 1 'what only tools/ may' 'the library does not print'
echo '    if (x) exit(1);' | file run/a.c
expect 1 'what only tools/ may' 'the library does not exit'
printf '    snprintf(a);\n    r->exit(1);\n    /* printf() */\n    fprintf(f, "x");\n' | file run/a.c
expect 0 passed 'names that only look alike pass'
printf '#ifdef IR_TESTING\nstruct a {\n    int x;\n};\n#endif\n' | file run/a.h
expect 1 'a.h:2: IR_TESTING in a header' 'no struct depends on the doors for tests'
printf '#ifdef IR_TESTING\nint f(void);\n#endif\nstruct a { int x; };\n' | file run/a.h
expect 0 passed 'declarations of doors pass'
printf '#ifdef IR_TESTING\n    _exit(0);\n#endif\n' | file run/a.c
expect 0 passed 'what stands behind the door is free'
printf '#ifdef IR_TESTING\n#endif\n    _exit(0);\n' | file run/a.c
expect 1 'a.c:3:' 'but not what follows it'
cp -r libir "$T"
expect 0 passed 'this tree keeps its walls'
echo "1..$n"
