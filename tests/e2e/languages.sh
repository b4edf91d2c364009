#!/bin/sh
# The languages of the program: which one is chosen, and that nothing is left in English.
set -u
: "${IR:?}" "${TMPDIR:?}" "${B:=build}"
. tests/lib.sh
unset LC_MESSAGES LANG LANGUAGE
ja='使い方'
en='Usage:'
in_lang() { # WORD ENVIRONMENT... -- ARGUMENTS...
    word=$1
    shift
    env "$@" | head -n 1 | grep -q "^$word"
}

# Which language: --lang anywhere, else the first of LC_ALL, LC_MESSAGES, LANG. The locale itself need not be there.
ok 'English by itself' in_lang "$en" LC_ALL=C "$IR" --help
ok '--lang before the command' in_lang "$ja" LC_ALL=C "$IR" --lang ja scan --help
ok '--lang after the command' in_lang "$ja" LC_ALL=C "$IR" scan --lang=ja --help
ok '--lang after --help' in_lang "$ja" LC_ALL=C "$IR" scan --help --lang ja
ok '--lang en goes before the environment' in_lang "$en" LC_ALL=ja_JP.UTF-8 "$IR" --lang en --help
ok '--lang behind -- is no option' in_lang "$en" LC_ALL=C "$IR" parse --help -- --lang ja
ok 'LC_ALL' in_lang "$ja" LC_ALL=ja_JP.UTF-8 LANG=C "$IR" --help
ok 'LANG' in_lang "$ja" LC_ALL= LANG=ja_JP.UTF-8 "$IR" --help
ok 'LC_MESSAGES goes before LANG' in_lang "$en" LC_ALL= LC_MESSAGES=C LANG=ja_JP.UTF-8 "$IR" --help
ok 'LC_ALL=C is English whatever LANGUAGE says' in_lang "$en" LC_ALL=C LANGUAGE=ja "$IR" --help
ok 'jam is not Japanese' in_lang "$en" LC_ALL=jam "$IR" --help
status 2 'an unknown language' --lang fr scan x
says 'ir: --lang: fr: unknown: use one of en, ja'
status 2 'an unknown language of a command' scan --lang fr x
says 'ir scan: --lang: fr: unknown: use one of en, ja'
status 2 'no language' --lang
says '--lang: LANG is missing'

# The C library would heed a catalogue under the locales only that are installed, newer ones not even under C.UTF-8.
ok 'no locale needs to be installed' in_lang "$ja" LC_ALL=ja_JP.UTF-8 LOCPATH="$TMPDIR" "$IR" --help
mkdir -p "$TMPDIR/bin" "$TMPDIR/share/locale/ja/LC_MESSAGES"
cp "$IR" "$TMPDIR/bin/ir"
mo=$TMPDIR/share/locale/ja/LC_MESSAGES/ir.mo
cp "$B/locale/ja/LC_MESSAGES/ir.mo" "$mo"
elsewhere() { "$TMPDIR/bin/ir" --lang ja --help >"$TMPDIR/out" 2>"$TMPDIR/err"; }
ok 'a catalogue beside the program' elsewhere
ok 'is used' grep -q "^$ja" "$TMPDIR/out"
printf x | dd of="$mo" bs=1 seek=1 conv=notrunc 2>/dev/null
ok 'a damaged one' elsewhere
ok 'is not' grep -q "^$en" "$TMPDIR/out"
says 'ir: share/locale/ja/LC_MESSAGES/ir.mo is missing or damaged; texts are in English'
plan
