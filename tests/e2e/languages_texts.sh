#!/bin/sh
# Every text for people has its Japanese: in the catalogue, and in what the program really prints.
set -u
: "${IR:?}" "${TMPDIR:?}" "${B:=build}"
. tests/lib.sh
plain_only 'it starts the program a hundred times, to read its texts'
po=tools/po/ja.po
pot=$B/po/ir.pot
W=$TMPDIR

# ---- the catalogue ----
if ! command -v msgcmp >/dev/null; then
    skip 'the catalogue' 'no gettext'
elif [ ! -f "$pot" ]; then
    skip 'the catalogue' "no $pot: make check-programs"
else
    ok 'it is sound: syntax, directives, header' msgfmt -c -o "$W/ja.mo" "$po"
    ok 'every text of the sources has its Japanese (make po brings new ones)' msgcmp "$po" "$pot"
    msgattrib --untranslated --no-obsolete "$po" >"$W/untranslated"
    ok 'none waits' [ "$(grep -c '^msgid' "$W/untranslated")" = 0 ]
    msgattrib --only-fuzzy --no-obsolete "$po" >"$W/fuzzy"
    ok 'none is a guess' [ "$(grep -c '^msgid' "$W/fuzzy")" = 0 ]
    ok 'none is left over' [ "$(grep -c '^#~' "$po")" = 0 ]
fi
# Whole entries on one line each; a Japanese text holds kana or kanji, but for those without any word.
awk '/^msgid /{ sub(/^msgid /, ""); id = $0; on = 1; next }
    /^msgid_plural/ { on = 0; next }
    /^msgstr/ { sub(/^msgstr(\[0\])? /, ""); text = $0; on = 2; next }
    /^"/ { if (on == 1) id = id $0; else if (on == 2) text = text $0; next }
    /^$/ { print id "\t" text; id = text = ""; on = 0 }
    END { print id "\t" text }' "$po" >"$W/pairs"
no_japanese() { # directives and escapes are no words; names that are the same in every language
    tail -n +2 "$W/pairs" | grep -vP '\t.*[\p{Hiragana}\p{Katakana}\p{Han}]' |
        grep -vxE '"en"	"ja"|"URL"	"URL"|"[^"]* (from|to) [^"]*"	"[^"]*[～←→][^"]*"' |
        sed -E 's/%[-0-9$.*]*(ll|z|l)?[a-z]//g; s/\\[nt]//g; s/\{[0-9]\}//g' | grep -E '[A-Za-z].*	'
}
ok 'a Japanese text is Japanese' [ -z "$(no_japanese)" ]
no_japanese | sed 's/^/# /'

# ---- what is printed ----
# Names of options, of levels and formats, paths and the like stay. What is left is English when a line has
# three words of small letters in a row and nothing Japanese.
english() { # FILE...
    grep -vhP '[\p{Hiragana}\p{Katakana}\p{Han}]' "$@" |
        sed -E 's/\x1b\[[0-9;]*m//g' | grep -vE '^ *\(?([a-z0-9_-]+, )+[a-z0-9_-]*[,)]?$|^ *[a-z0-9_-]+\)$' |
        grep -E "(^|[ (])[a-zA-Z']+,? [a-z']+,? [a-z']+"
}
japanese() { # NAME FILE...
    what=$1
    shift
    english "$@" >"$W/left"
    ok "$what: no English is left" [ ! -s "$W/left" ]
    sed 's/^/# /' "$W/left" | head -n 5
}
ja() { "$IR" --lang ja "$@" >"$W/out" 2>"$W/err" </dev/null; }

ja --help
japanese '--help' "$W/out"
"$IR" completion commands >"$W/commands"
echo rules >>"$W/commands"
while read -r command; do
    # shellcheck disable=SC2086  # "rules list" is two words
    ja $command --help
    japanese "$command --help" "$W/out" "$W/err"
done <"$W/commands"
ja formats
japanese 'formats' "$W/out"
ok 'each format has a Japanese title' [ "$(grep -cvP '[\p{Hiragana}\p{Katakana}\p{Han}]' "$W/out")" = 0 ]

wrong() { # ARGUMENTS... — a message that is Japanese
    ja "$@"
    ok "ir $*: says something" [ -s "$W/err" ]
    ok "ir $*: in Japanese" grep -qP '[\p{Hiragana}\p{Katakana}\p{Han}]' "$W/err"
    japanese "ir $*" "$W/err"
}
log=tests/e2e/incident/logs/auth.log
wrong
wrong nosuch
wrong scna
wrong scan
wrong scan --nosuch x
wrong scan --rule
wrong scan --no-default-rules=1 x
wrong scan --threads x "$log"
wrong scan --threads 99999 "$log"
wrong scan --min-level x "$log"
wrong scan --since x "$log"
wrong scan --since 2026-01-02 --until 2026-01-01 "$log"
wrong scan --output x "$log"
wrong scan --context 51 "$log"
wrong scan --entity = "$log"
wrong scan --rule nosuchrule "$log"
wrong scan --out /nonexistent/x "$log"
wrong scan --out "$log" "$log"
wrong scan --rules /nonexistent "$log"
wrong scan --values /nonexistent "$log"
wrong scan --password-file /nonexistent "$log"
wrong scan --lang fr "$log"
wrong scan -o jsonl /nonexistent
wrong version x
wrong parse /nonexistent
wrong search
wrong search x
wrong search --regex '(' "$log"
wrong search --iocs /nonexistent "$log"
wrong search x "$log"
wrong timeline --filter 'user:' "$log"
wrong timeline --filter '(a' "$log"
wrong stats /nonexistent
wrong rules
wrong rules nosuch
wrong rules explain nosuch "$log"
wrong formats /nonexistent

# Rules that do not load, archives that are damaged: reasons of the library, in the table and in data.
mkdir "$W/rules" "$W/logs"
printf 'title: x\nlogsource: {product: linux}\ndetection:\n  a: {b|nosuch: c}\n  condition: a\n' >"$W/rules/a.yml"
printf 'title: x\nlogsource: {product: linux}\ndetection:\n  a: {b: c}\n  condition: a and\n' >"$W/rules/b.yml"
printf 'title: x\nid: y\nlogsource: {product: linux}\ndetection:\n  a: {b: c}\n  d: {b: c}\n  condition: a\n' >"$W/rules/c.yml"
echo '{' >"$W/rules/d.yml"
ja rules check "$W/rules"
japanese 'rules check' "$W/out" "$W/err"
ja rules list "$W/rules"
japanese 'rules list' "$W/err"
gzip -c "$log" | head -c 300 >"$W/logs/cut.gz"
: >"$W/logs/empty.gz"
ln -s nowhere "$W/logs/dangling"
mkfifo "$W/logs/fifo"
{ cat "$log"; printf 'Nov 18 00:00:00 h p: \377\376\n'; } >"$W/logs/auth.log"
ja scan --reference-time 2026-11-20 --context 1 --rules "$W/rules" "$W/logs" tests/e2e/incident/logs /nonexistent
ok 'a scan in Japanese' grep -q '^概要' "$W/out"
# A record is what was logged, and the place is a path.
grep -vE '^  (記録|前|後|場所|対象) |^          |^$' "$W/out" >"$W/told"
japanese 'a scan' "$W/told" "$W/err"
cp "$W/out" "$W/table"
ja rules coverage tests/e2e/incident/logs
grep -vP '^  (informational|low|medium|high|critical|-) ' "$W/out" >"$W/told"
japanese 'rules coverage' "$W/told" "$W/err"
ja stats "$log"
grep -vE '^  +[0-9]' "$W/out" >"$W/told"
japanese 'stats' "$W/told" "$W/err"
ja rules explain 'SSH log-in by password' "$log:1"
grep -vE '^  記録 ' "$W/out" >"$W/told"
japanese 'rules explain' "$W/told" "$W/err"
ja rules test rules/linux
japanese 'rules test' "$W/out" "$W/err"
for form in html md; do
    ja scan --reference-time 2026-11-20 -o $form --rules "$W/rules" "$W/logs" tests/e2e/incident/logs /nonexistent
    ok "$form: in Japanese" grep -q '検知結果' "$W/out"
    ok "$form: its reasons, too" grep -q '不明な修飾子です' "$W/out"
done

# Data is the same in every language.
same() { # NAME ARGUMENTS...
    what=$1
    shift
    "$IR" --lang ja "$@" >"$W/ja.data" 2>/dev/null
    "$IR" --lang en "$@" >"$W/en.data" 2>/dev/null
    sed -i 's/"elapsed_s":[0-9.]*//; s/"endTimeUtc":"[^"]*"//' "$W/ja.data" "$W/en.data"
    ok "$what: the same in every language" cmp "$W/ja.data" "$W/en.data"
    ok '… and there is something' [ -s "$W/en.data" ]
}
for form in jsonl csv sarif timesketch-jsonl; do
    same "$form" scan --reference-time 2026-11-20 -o $form --rules "$W/rules" "$W/logs" tests/e2e/incident/logs /nonexistent
done
same 'parse' parse "$W/logs"
same 'timeline' timeline -o csv "$log"
same 'stats' stats -o jsonl "$log"
same 'rules list' rules list
same 'coverage' rules coverage -o jsonl "$log"

# Columns: what stands in one column begins in the same one.
awk '/^  [^ ]/ { print }' "$W/table" | grep -E '^  (対象|回数|理由|場所|対応|検知|入力|期間|ルール|時間) ' |
    perl -CS -Mutf8 -ne 'my ($l) = /^(  \S+ +)/; my $w = 0;
        $w += ord($_) > 0x2e80 ? 2 : 1 for split //, $l; print "$w $_" if $w != 10' >"$W/crooked"
ok 'labels fill their column' [ ! -s "$W/crooked" ]
plan
