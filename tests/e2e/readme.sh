#!/bin/sh
# The README's examples are run, so that they stay true. An example is a fenced block whose first line begins
# with "$ ir "; further lines that begin with "$ " are further commands, all others are what the commands
# before them print (standard output and standard error). Differences that are allowed:
#   …          a line of its own stands for any number of lines, inside a line for any text
# Commands run at the top of the tree, with `ir` being the program under test.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
mkdir "$TMPDIR/bin" "$TMPDIR/blocks" && ln -s "$IR" "$TMPDIR/bin/ir" || exit 1
PATH=$TMPDIR/bin:$PATH
export PATH HOME="$TMPDIR" IR_HOME="$TMPDIR/home" IR_RULES="$PWD/rules" # ~: what examples write is put there

awk -v dir="$TMPDIR/blocks" '
    /^```/ && inside { inside = 0; if (file) close(file); file = ""; next }
    /^```/ { inside = 1; first = FNR + 1; next }
    inside && FNR == first && /^\$ ir / { file = sprintf("%s/%04d", dir, FNR) }
    inside && file { print >file }' README.md
# Numbers of cases hold the year in which they were given.
year=$(date +%Y)
[ "$year" = 2026 ] || sed -i -E "s/(CASE|EVT|ALR|EV)-2026-/\\1-$year-/g" "$TMPDIR"/blocks/*

# Prints "same" when the text in $2 fits the example in $1.
fits() {
    awk -v dots='…' '
        FNR == NR { want[++nw] = $0; next }
        { got[++ng] = $0 }
        function line(w, g,    i, k, part, from, at) {
            if (index(w, dots) == 0) return w == g
            k = split(w, part, dots)
            if (substr(g, 1, length(part[1])) != part[1]) return 0
            from = length(part[1]) + 1
            for (i = 2; i <= k; i++) {
                if (part[i] == "") continue
                at = index(substr(g, from), part[i])
                if (i == k) return length(g) - length(part[i]) + 1 >= from &&
                    substr(g, length(g) - length(part[i]) + 1) == part[i]
                if (!at) return 0
                from += at + length(part[i]) - 1
            }
            return 1
        }
        function rest(w, g) {
            for (; w <= nw; w++) {
                if (want[w] == dots) {
                    for (; g <= ng + 1; g++) if (rest(w + 1, g)) return 1
                    return 0
                }
                if (g > ng || !line(want[w], got[g])) return 0
                g++
            }
            return g == ng + 1
        }
        END { exit !rest(1, 1) }' "$1" "$2"
}

for block in "$TMPDIR"/blocks/*; do
    [ -f "$block" ] || break
    name="README.md line $(basename "$block" | sed "s,^0*,,")"
    : >"$TMPDIR/got"
    sed -n 's/^\$ //p' "$block" >"$TMPDIR/commands"
    # The transcript is made anew, prompts and all, and compared as a whole.
    while IFS= read -r command; do
        printf '$ %s\n' "$command" >>"$TMPDIR/got"
        timeout 60 sh -c "$command" >>"$TMPDIR/got" 2>&1 </dev/null
    done <"$TMPDIR/commands"
    if fits "$block" "$TMPDIR/got"; then
        good "$name"
    else
        bad "$name"
        diff "$block" "$TMPDIR/got" >"$TMPDIR/diff"
        tell '' "$TMPDIR/diff" 40
    fi
done
# Fewer examples than there were: the blocks are not found any more, or were taken out.
examples=$n
ok "at least 6 examples (got $examples)" [ "$examples" -ge 6 ]
# Files that the text names must be there: a tour through rooms that were pulled down helps nobody.
# shellcheck disable=SC2016  # these are not commands
gone=$(grep -oE '`(libir|tools|tests|rules|casefiles|\.ci)/[A-Za-z0-9_./-]*`' README.md | tr -d '`' | sort -u |
    while IFS= read -r path; do [ -e "$path" ] || echo "$path"; done)
ok "every file that is named is there $gone" [ -z "$gone" ]
plan
