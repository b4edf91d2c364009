#!/bin/sh
# What `make install` puts somewhere must work from there, away from the tree: the program finds its rules.
# shellcheck disable=SC2016  # the inner scripts have arguments of their own
set -u
: "${TMPDIR:?}" "${B:=build}"
. tests/lib.sh
D=$TMPDIR/root
# The program as it stands: nothing may be built anew below another make's feet.
ok 'make install' env -u MAKEFLAGS -u MAKELEVEL make -o "$B/ir" B="$B" DESTDIR="$D" PREFIX=/usr install
tree=$PWD
cd / || exit 1
ok 'the program runs' "$D/usr/bin/ir" version
ok 'it finds its rules and reads a log' sh -c '
    "$1" scan --reference-time 2026-11-20 "$2"
    [ $? = 1 ]' sh "$D/usr/bin/ir" "$tree/tests/e2e/incident/logs"
ok 'data of the casework' test -f "$D/usr/share/ir/casefiles/criteria/tokyo-3.yml"
ok 'manual pages' test -f "$D/usr/share/man/man1/ir-scan.1"
ok 'Japanese manual pages' test -f "$D/usr/share/man/ja/man7/ir-inputs.7"
if command -v lexgrog >/dev/null; then # comes with man-db, whose man knows -L
    ok 'man finds the Japanese page' \
        [ "$(MANPATH=$D/usr/share/man man -L ja -w ir-scan)" = "$D/usr/share/man/ja/man1/ir-scan.1" ]
else
    skip 'man finds the Japanese page' 'no man-db'
fi
ok 'completion' bash -n "$D/usr/share/bash-completion/completions/ir"
ok 'nothing else at the top' sh -c '[ "$(ls "$1")" = usr ] && [ "$(ls "$1/usr")" = "$(printf "bin\nshare")" ]' sh "$D"
ok 'it speaks Japanese' sh -c '"$1" --lang ja --help | grep -q コマンド' sh "$D/usr/bin/ir"
plan
