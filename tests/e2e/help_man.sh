#!/bin/sh
# The manual, --help and completion must speak of the same commands and options, every format must have its
# section, and the manual's examples must run.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
plain_only 'it starts the program a thousand times, to read tables'
man=tools/man
lower() { tr '[:upper:]' '[:lower:]'; }

# "rules list" has its options in ir-rules.1
page() { echo "$man/ir-${1%% *}.1"; }

# The SYNOPSIS lines of the table stand together in the page, in the same order, behind ".Nm ir scan".
synopsis_agrees() { # COMMAND
    printf '.Nm ir %s\n' "$1" >"$TMPDIR/want"
    "$IR" completion mdoc "$1" >>"$TMPDIR/want" || return 1
    lines=$(wc -l <"$TMPDIR/want")
    grep -nxF ".Nm ir $1" "$(page "$1")" | head -n 1 | cut -d : -f 1 >"$TMPDIR/from"
    tail -n "+$(cat "$TMPDIR/from")" "$(page "$1")" | head -n "$lines" | diff "$TMPDIR/want" -
}
# Each option has an item in the page and stands in --help; and the page has no others.
options_agree() { # COMMAND
    # shellcheck disable=SC2086  # "rules list" is two words
    "$IR" $1 --help >"$TMPDIR/help" || return 1
    "$IR" completion options "$1" >"$TMPDIR/options" || return 1
    while read -r option arg; do
        grep -qE -- "(^| )$option( |\$)" "$TMPDIR/help" || { echo "--help lacks $option"; return 1; }
        want="-${option#-}"
        item=".It (Fl [a-zA-Z] , |Fl )${want#-}${arg:+ Ar $(echo "$arg" | lower)}"
        grep -qE -- "^$item\$" "$(page "$1")" || { echo "no item $item"; return 1; }
    done <"$TMPDIR/options"
}
no_other_options() { # PAGE
    grep -oE '^\.It Fl .*' "$1" | grep -oE -- '-[a-z][a-z-]+' | sort -u >"$TMPDIR/in-page"
    name=$(basename "$1" .1)
    "$IR" completion commands | grep -E "^${name#ir-}( |\$)" | while read -r command; do
        "$IR" completion options "$command"
    done | sed 's/^-//; s/ .*//' | sort -u >"$TMPDIR/in-tables"
    diff "$TMPDIR/in-tables" "$TMPDIR/in-page"
}

"$IR" completion commands >"$TMPDIR/commands"
"$IR" --help >"$TMPDIR/top"
ok 'there are commands' [ -s "$TMPDIR/commands" ]
while read -r command; do
    ok "ir $command: the synopsis is the table's" synopsis_agrees "$command"
    ok "ir $command: options of --help and manual" options_agree "$command"
    ok "ir --help names $command" grep -qE "^  ${command%% *} " "$TMPDIR/top"
    ok "ir.1 names $command" grep -q "Xr ir-${command%% *} 1" $man/ir.1
done <"$TMPDIR/commands"
for page in "$man"/ir-*.1; do
    ok "$page: no option that is not there" no_other_options "$page"
done

"$IR" formats | cut -d ' ' -f 1 >"$TMPDIR/formats"
ok 'there are formats' [ -s "$TMPDIR/formats" ]
while read -r format; do
    ok "ir-log-formats.7 has a section on $format" grep -qx ".Ss $format" $man/ir-log-formats.7
done <"$TMPDIR/formats"

# Every page in Japanese: what man_outline.awk takes out of the two must be the same; Japanese may name more facts.
outline() { # FILE PAGE ja=0|1
    LC_ALL=C awk -v "$3" -f tests/e2e/man_outline.awk "$2" >"$TMPDIR/$1"
}
same_outline() { # PAGE
    outline en "$man/$1" ja=0 && outline ja "$man/ja/$1" ja=1 || return 1
    [ "$(wc -l <"$TMPDIR/en")" -gt 10 ] || return 1
    diff -U 3 "$TMPDIR/en" "$TMPDIR/ja" >"$TMPDIR/outlines"
    ! grep -vE '^(\+  fact: |---|\+\+\+)' "$TMPDIR/outlines" | grep -q '^[-+]' || { cat "$TMPDIR/outlines"; return 1; }
}
# A new line in the source is a blank in what is shown: it may stand behind 、 and 。 but between no two letters.
# mandoc breaks lines at blanks only, so that what stands between them must be short.
no_stray_blanks() { # PAGE
    LC_ALL=C awk '
        BEGIN { letter = "(\343[\201-\203][\200-\277]|[\344-\351][\200-\277][\200-\277]|\357\274[\210\211])" }
        !/^\./ && before ~ letter "$" && $0 ~ "^" letter || $0 ~ letter " +" letter || /^(、|。|（|）|」)/ {
            print NR ": " $0
            bad = 1
        }
        { before = /^\./ ? "" : $0 }
        END { exit bad }' "$1"
}
# At most 78 columns, and no blank before a sign that closes or behind one that opens.
looks_right() { # PAGE
    mandoc -T utf8 "$1" | sed 's/.\x08//g' >"$TMPDIR/shown"
    [ "$(wc -L <"$TMPDIR/shown")" -le 78 ] && ! grep -nE ' (、|。|）|」)|(（|「) ' "$TMPDIR/shown"
}
for page in "$man"/*.[0-9]; do
    page=$(basename "$page")
    ok "ja/$page says what $page says" same_outline "$page"
    ok "ja/$page: no blanks in words" no_stray_blanks "$man/ja/$page"
done
# A change of prose shows in no outline. Each page in Japanese names the checksum of the English page that it says; whoever
# changes the one must look at the other.
is_of() { # PAGE
    sum=$(cksum <"$man/$1" | cut -d ' ' -f 1)
    [ "$(grep -cxF ".\\\" of: $sum" "$man/ja/$1")" = 1 ] && return
    echo "$man/$1 was changed. Bring $man/ja/$1 up to date, then run:"
    printf "    sed -i 's/ of: [0-9]*$/ of: %s/' %s\n" "$sum" "$man/ja/$1"
    return 1
}
for page in "$man"/*.[0-9]; do
    page=$(basename "$page")
    ok "ja/$page is of $page as it is" is_of "$page"
done
# groff goes on for ever where a Japanese word fits into no column, as in ".Bl -column" on a narrow terminal.
groff_ends() { # PAGE
    preconv -e UTF-8 "$1" | timeout 10 groff -mandoc -mja -T utf8 -rLL=40n 2>/dev/null | head -c 1000000 >"$TMPDIR/shown"
    [ -s "$TMPDIR/shown" ] && [ "$(wc -c <"$TMPDIR/shown")" -lt 1000000 ]
}
if command -v preconv >/dev/null; then
    for page in "$man"/ja/*.[0-9]; do
        ok "$page in a narrow terminal" groff_ends "$page"
    done
else
    skip 'narrow terminals' 'no groff'
fi
for page in "$man"/ja/*; do
    ok "$page has an English page" test -f "$man/$(basename "$page")"
done

if command -v mandoc >/dev/null; then
    ok 'mandoc finds nothing wrong' mandoc -T lint -W warning "$man"/*.[0-9] "$man"/ja/*.[0-9]
    for page in "$man"/ja/*.[0-9]; do
        ok "$page looks right" looks_right "$page"
    done
else
    skip 'mandoc finds nothing wrong' 'no mandoc'
fi
if command -v bash >/dev/null; then
    "$IR" completion bash >"$TMPDIR/completion"
    ok 'the completion script is one' bash -n "$TMPDIR/completion"
    offers() { # WORD... — what bash would offer for the last word
        bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ir; printf "%s\n" "${COMPREPLY[@]}"' \
            bash "$TMPDIR/completion" "$@"
    }
    ok 'completes commands' [ "$(offers ir sc)" = scan ]
    ok 'completes options' [ "$(offers ir scan --alert)" = --alert-level ]
    ok 'completes languages' [ "$(offers ir parse --lang j)" = ja ]
    ok 'completes choices' [ "$(offers ir scan --output json)" = jsonl ]
    ok 'completes subcommands' [ "$(offers ir rules che)" = check ]
    ok 'completes options of subcommands' [ "$(offers ir rules list --min)" = --min-level ]
    ok 'completes choices of subcommands' [ "$(offers ir rules coverage --output js)" = jsonl ]
    ok 'completes all subcommands' [ "$(offers ir rules e)$(offers ir rules te)$(offers ir rules co)" = explaintestcoverage ]
else
    skip 'completion' 'no bash'
fi

# Examples are lines ".Dl $ …"; logs are those of the invented break-in. 2 is wrong usage, 4 a failure.
mkdir "$TMPDIR/bin" && ln -s "$IR" "$TMPDIR/bin/ir"
PATH=$TMPDIR/bin:$PATH
export PATH
runs() { # COMMAND LINE
    sh -c "$1" >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null
    rc=$?
    cat "$TMPDIR/err"
    echo "exit status $rc"
    [ "$rc" = 0 ] || [ "$rc" = 1 ] || [ "$rc" = 3 ]
}
for page in "$man"/*.[0-9]; do
    sed -n 's/^\.Dl \$ //p' "$page" >"$TMPDIR/examples"
    while IFS= read -r example; do
        ok "$(basename "$page"): $example" \
            runs "$(echo "$example" | sed 's,/var/log,tests/e2e/incident/logs,g')"
    done <"$TMPDIR/examples"
done
plan
