#!/bin/sh
# Entries of a timeline name the exhibits that show them: those that a person says and the case has, and those that a scan
# read and proved by their seal; never one of another case that is called the same.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
logs=tests/e2e/incident/logs
scan() { "$IR" scan "$@" --rules rules --no-default-rules --reference-time 2026-11-20 --output jsonl 2>/dev/null; }
counts() { # WHAT WANT ARGUMENTS...
    what=$1 want=$2
    shift 2
    "$IR" case timeline import "$@" -o jsonl >"$TMPDIR/out" 2>"$TMPDIR/err"
    is "$what" "$(jq -c '[.added, .same, .with_exhibit, .bad]' "$TMPDIR/out")" "$want"
}
named() { sql "SELECT group_concat(DISTINCT coalesce(evidence, '-')) FROM timeline t JOIN incident i ON i.id = incident_id WHERE i.no = '$1'"; }
collect() { # CASE NUMBER PATH
    "$IR" evidence collect "$3" -c "$1" -i "$2" --unsigned -a Sato -p office -r 'break-in' --no-witness alone >/dev/null 2>&1
}
workspace --role lead=田中 --no-desks
status 0 'a case' open first
status 0 'another' open second
no=$(sql "SELECT no FROM incident WHERE title = 'first'")
other=$(sql "SELECT no FROM incident WHERE title = 'second'")
scan "$logs" >"$TMPDIR/live"
findings=$(grep -c '"ir.kind":"finding"' "$TMPDIR/live")
collect "$no" 1 "$logs"
collect "${no#CASE-*-00}" 2 tests/case.sh
is 'a case is found by what the casework calls it' "$(ls "$IR_HOME/evidence")" "$no"
collect 7 1 tests/case.sh
is 'what is no case of the workspace keeps its name' "$(find "$IR_HOME/evidence/7" -name 'EV-*')" "$IR_HOME/evidence/7/EV-7-01"
rm -r "$IR_HOME/evidence/7"
scan "$IR_HOME/evidence/$no"/EV-*-01 >"$TMPDIR/scan"

command='case timeline'
status 2 'before it is linked' import "$no" --from "$TMPDIR/live" --evidence 1
says '1: the case has no such exhibit'
counts 'not linked: the scan alone proves nothing' "[$findings,0,0,0]" "$no" --from "$TMPDIR/scan"
is 'nothing is named' "$(named "$no")" -
"$IR" case evidence link "$no" >/dev/null
item=$(sql "SELECT min(item) FROM exhibit")
counts 'what was there learns of its exhibit' "[0,$findings,$findings,0]" "$no" --from "$TMPDIR/scan"
counts '… once' "[0,$findings,0,0]" "$no" --from "$TMPDIR/scan"
is 'the one that the scan read' "$(named "$no")" "$item"
is 'and where its files were, not where the copies lie' "$(sql "SELECT count(*) FROM timeline WHERE source LIKE '$PWD/$logs/%:%'")" "$findings"
counts 'a list of the logs themselves says nothing' "[$findings,0,0,0]" "$no" --from "$TMPDIR/live"
status 2 'an exhibit that is none' import "$no" --from "$TMPDIR/live" --evidence "$item" --evidence 'EV-9-99"><script>'
says 'EV-9-99'
counts 'a person says both' "[0,$findings,$findings,0]" "$no" --from "$TMPDIR/live" --evidence 2 --evidence 1 --evidence "$item"
is 'both, each once' "$(named "$no")" "$item,${item%01}02, $item"
status 0 'an entry' add "$no" 'log-in' --at 2026-11-20 --evidence 1
status 2 'an entry of what is none' add "$no" 'log-in' --at 2026-11-20T01:00:00Z --evidence 7
is 'its exhibit' "$(sql "SELECT evidence FROM timeline WHERE title = 'log-in'")" "$item"

# Another case has an exhibit of the same number, which the scan did not read.
jq -c 'select(.["ir.kind"] == "summary")' "$TMPDIR/scan" >"$TMPDIR/last"
sql "INSERT INTO exhibit (id, incident_id, item, seal) SELECT 'x', i.id, e.item, '00' FROM incident i, exhibit e WHERE i.no = '$other' AND e.item = '$item'"
counts 'another seal' "[$findings,0,0,0]" "$other" --from "$TMPDIR/scan"
sql "UPDATE exhibit SET seal = (SELECT seal FROM exhibit WHERE item = '$item' AND id <> 'x') WHERE id = 'x'"
grep -v '"ir.kind":"summary"' "$TMPDIR/scan" >"$TMPDIR/cut"
counts 'without the last line' "[0,$findings,0,0]" "$other" --from "$TMPDIR/cut"
{
    cat "$TMPDIR/scan"
    jq -c '.exhibits[0].seal = "11"' "$TMPDIR/last"
} >"$TMPDIR/two"
counts 'two scans that name two seals' "[0,$findings,0,0]" "$other" --from "$TMPDIR/two"
sed 's/"verified":true/"verified":false/g' "$TMPDIR/scan" >"$TMPDIR/changed"
counts 'not verified any more' "[0,$findings,0,0]" "$other" --from "$TMPDIR/changed"
one='{"@timestamp":"2026-11-20T00:00:00Z","message":"odd","origin"'
{
    echo "$one:[\"x\",7,null,{\"exhibit\":{\"a\":1},\"verified\":true}]}"
    echo "$one:{\"a\\\"]\":{\"exhibit\":3}}}"
    echo '{"ir.kind":"summary","exhibits":["x",{"exhibit":["a"],"seal":{}},7]}'
    echo '{"ir.kind":"summary","exhibits":[{"exhibit":'
} >"$TMPDIR/odd"
counts 'members that are none' '[1,1,0,1]' "$other" --from "$TMPDIR/odd"
counts 'the same number and seal, and verified' "[0,$findings,$findings,0]" "$other" --from "$TMPDIR/scan"
sql "DELETE FROM exhibit WHERE id = 'x'"

# Facts bear the names of exhibits, too; but what a person knows does not wait for the bag.
evidence_of() { sql "SELECT evidence FROM fact WHERE name = '$1' ORDER BY rowid DESC LIMIT 1"; }
command='case fact'
status 0 'a fact and what shows it' set "$no" cause=upload persons=7 --evidence 2 --evidence 1
is 'each fact bears both' "$(evidence_of cause)|$(evidence_of persons)" "${item%01}02, $item|${item%01}02, $item"
is 'nothing is to be said' "$(grep -c 'no such' "$TMPDIR/err")" 0
status 0 'what is not sealed yet' set "$no" cause=guess --evidence 1 --evidence 'the laptop'
says 'the laptop: the case has no such exhibit'
is 'is named as it was said' "$(evidence_of cause)" "$item, the laptop"
command='case first-response'
status 0 'the form' "$no" secured=yes --evidence 2
is 'its fields do the same' "$(evidence_of first.secured)" "${item%01}02"

command=case
status 0 'for a spreadsheet' export "$no" --format timeline-csv
ok '… the exhibit is its last column' grep -q ",$item.\$" "$TMPDIR/out"
status 0 'for Timesketch' export "$no" --format timesketch-jsonl
is '… as a member' "$(jq -s --arg i "$item" 'map(select(.evidence == $i)) | length' "$TMPDIR/out")" "$((findings + 1))"
status 0 'the technical report' report "$no" technical -o md
ok '… names it' grep -q "$(echo "$item" | sed 's/-/./g')" "$TMPDIR/out"
status 0 'all of the case' export "$no" --out "$TMPDIR/one.json"
IR_HOME=$TMPDIR/there
export IR_HOME
command=''
status 0 'another workspace' init --yes --no-desks
command=case
status 0 'the case comes in' import "$TMPDIR/one.json"
status 0 '… and goes out again' export "$no" --out "$TMPDIR/two.json"
ok 'byte by byte the same' cmp "$TMPDIR/one.json" "$TMPDIR/two.json"
plan
