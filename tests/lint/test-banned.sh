#!/bin/sh
# A call of a banned function must not compile, and the headers that declare it still must.
set -u
n=0
compile() {
    ${CC:-gcc} -std=c17 -D_GNU_SOURCE -include libir/base/banned.h -fsyntax-only -x c - 2>&1
}
result() {
    n=$((n + 1))
    echo "$1 $n - $2"
}
call='int f(char *s, time_t *t); int f(char *s, time_t *t) { (void)s; (void)t; return !!(long)'
# shellcheck disable=SC2013  # a word a line
for name in $(sed -n 's/^#undef //p' libir/base/banned.h); do
    said=$(printf '%s %s(s); }\n' "$call" "$name" | compile)
    case $said in
    *"ir_banned_$name"*) result ok "$name is refused" ;;
    *) result 'not ok' "$name is refused" ;;
    esac
done
if printf '#include <%s>\n' string.h stdlib.h stdio.h time.h archive.h sqlite3.h openssl/evp.h | compile; then
    result ok 'system headers are left alone'
else
    result 'not ok' 'system headers are left alone'
fi
echo "1..$n"
