#!/bin/sh
# ir scan of an exhibit: what was collected is read and nothing else, findings tell where it was, and what is not what
# was sealed is told. And ir evidence seal, for what was left open.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
tree=$PWD
IR_HOME=$TMPDIR/home
export IR_HOME
bag=$IR_HOME/evidence/CASE-2026-001/EV-2026-001-01
who='-a Hanako -p Tokyo -r test --no-witness alone'
mkdir -p "$TMPDIR/src/var/log"
cp "$tree"/tests/e2e/incident/logs/auth.log "$tree"/tests/e2e/incident/logs/apache2/access.log "$TMPDIR/src/var/log"
tar -C "$TMPDIR/src" -czf "$TMPDIR/src/old.tar.gz" var/log/auth.log
printf 'x' >"$TMPDIR/src/$(printf 'odd\377\n.log')"

command='evidence'
# shellcheck disable=SC2086 # words
status 0 'left open' collect "$TMPDIR/src" -c CASE-2026-001 -i 1 --no-seal $who
scan() { "$IR" scan "$@" --no-progress --reference-time 2026-11-20 >"$TMPDIR/out" 2>"$TMPDIR/err"; }
scan "$bag"
ok 'what is not sealed is not proved' grep -q 'not sealed, or its list' "$TMPDIR/out"
# shellcheck disable=SC2086
status 0 'sealed later' seal -c CASE-2026-001 -i 1 $who
# shellcheck disable=SC2086
status 0 'once more' seal -c CASE-2026-001 -i 1 $who
says 'there is nothing left to do'
ok 'it was sealed once' [ "$(grep -c '"event":"seal"' "$IR_HOME/evidence/CASE-2026-001/custody/log.jsonl")" = 1 ]
# shellcheck disable=SC2086
status 2 'not what is not there' seal -c CASE-2026-001 -i 7 $who
status 0 'the case is whole' verify -c CASE-2026-001

scan "$bag" -o jsonl
is 'findings: status' $? 1
first() { jq -rs "[.[] | select(.\"ir.kind\" == \"finding\") | .origin[0] | select(.path | endswith(\"$1\"))][0] | $2" "$TMPDIR/out"; }
is 'the exhibit' "$(first access.log .exhibit)" EV-2026-001-01
is 'where it was' "$(first access.log .original_path)" "$TMPDIR/src/var/log/access.log"
is 'its digest' "$(first access.log .file_sha256)" "$(sha256sum "$TMPDIR/src/var/log/access.log" | cut -d ' ' -f 1)"
is 'proved' "$(first access.log .verified)" true
seal=$(sha256sum "$bag/tagmanifest-sha256.txt" | cut -d ' ' -f 1)
is 'the summary' "$(tail -n 1 "$TMPDIR/out" | jq -c '.exhibits')" \
    "[{\"exhibit\":\"EV-2026-001-01\",\"seal\":\"$seal\",\"files\":4,\"verified\":4}]"
is 'its lists are no logs' "$(tail -n 1 "$TMPDIR/out" | jq .inputs)" 4
scan "$bag/data/fs" --path '*old.tar.gz!*' -o jsonl
is 'a member of an archive is as good as the archive' "$(first '!var/log/auth.log' '[.exhibit, .original_path, .verified] | @csv')" \
    "\"EV-2026-001-01\",\"$TMPDIR/src/old.tar.gz\",true"
cd "$bag/data/fs$TMPDIR/src/var" || exit 1
scan log -o jsonl
is 'from inside, by a relative path' "$(first access.log .original_path)" "$TMPDIR/src/var/log/access.log"
cd "$tree" || exit 1
scan "$bag"
ok 'for people' grep -q 'exhibit EV-2026-001-01: .*as it was sealed' "$TMPDIR/out"
for f in html md; do
    scan "$bag" -o $f --lang ja
    ok "$f tells the exhibit" grep -q 'EV-2026-001-01' "$TMPDIR/out"
done

# A byte that changed, a file that was added, a list that was rewritten.
log=$bag/data/fs$TMPDIR/src/var/log/access.log
chmod u+w "$log" && printf 'y' >>"$log"
scan "$bag" -o jsonl
is 'changed: not proved' "$(first access.log .verified)" false
is 'changed: counted as damage' "$(tail -n 1 "$TMPDIR/out" | jq .damaged)" 1
scan "$bag" --min-level critical
ok 'changed: said' grep -q 'not what was sealed' "$TMPDIR/out"
chmod u+w "$(dirname "$log")" && printf 'Nov 18 01:02:03 web01 app: x\n' >"$(dirname "$log")/new.log"
scan "$bag"
ok 'added: said' grep -q "not in the exhibit's list" "$TMPDIR/out"
chmod u+w "$bag/meta" "$bag/meta/files.jsonl" && sed -i 's/access/excess/' "$bag/meta/files.jsonl"
scan "$bag" -o jsonl
is 'another list: nothing is proved' "$(tail -n 1 "$TMPDIR/out" | jq '.exhibits[0].verified')" 0
plan
