#!/bin/sh
# Assessment (5.25): what scans found is filed once, whatever happens to the log; every alert and report gets a
# decision with a reason; what waits too long sets the exit status.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中 --organisation Test

# The same finding never twice: scanned again, rotated, renamed, packed, grown.
logs=$TMPDIR/logs
cp -r tests/e2e/incident/logs "$logs"
scan() { "$IR" scan --reference-time 2026-11-20 -o jsonl "$logs" 2>/dev/null; }
file() { # NAME: what was counted in out
    scan | "$IR" case alerts file - -o jsonl >"$TMPDIR/out" 2>"$TMPDIR/err"
    is "$1" $? 0
}
scan >"$TMPDIR/scan"
found=$(jq -r 'select(.["ir.kind"] == "finding") | [.rule.id, (.entity | tostring), .origin[0].sha256] | join("|")' "$TMPDIR/scan" | sort -u | wc -l)
ok 'the incident has findings' [ "$found" -gt 5 ]
file 'C16-1: findings are filed'
is 'as many as there are' "$(jq .filed "$TMPDIR/out")" "$found"
file 'C16-1: the same scan again'
is 'nothing new' "$(jq -c '[.filed, .grown]' "$TMPDIR/out")" '[0,0]'
rows=$(sql 'SELECT count(*) FROM audit')
for f in "$logs"/*.log; do mv "$f" "$f.1" && gzip "$f.1"; done
file 'C16-1: the logs renamed and packed'
is 'nothing new' "$(jq -c '[.filed, .grown]' "$TMPDIR/out")" '[0,0]'
is 'and no word in the trail' "$(sql 'SELECT count(*) FROM audit')" "$rows"

command='case alerts'
printf '%s\n' '{"ir.kind":"finding","rule":{"id":"r<1>","title":"=cmd|\u001b[31m\u202e","level":"high"},"entity":{"user.name":"O'"'"'Brien\u0000"},"origin":[{"sha256":"aa"}],"count":2,"first_seen":"2026-11-20T00:00:00Z","last_seen":"2026-11-20T00:00:00.5Z"}' >"$TMPDIR/one"
status 0 'a hostile finding' file "$TMPDIR/one"
sed 's/"count":2/"count":5/; s/00:00.5Z/00:01Z/' "$TMPDIR/one" >"$TMPDIR/more"
status 0 'which has grown' file "$TMPDIR/more" -o jsonl
is 'is the same' "$(jq -c '[.filed, .grown, .same]' "$TMPDIR/out")" '[0,1,0]'
sed 's/2026-11-20T00:00:00Z/2026-11-19T00:00:00Z/' "$TMPDIR/more" >"$TMPDIR/early"
status 0 'C16-1: which began earlier' file "$TMPDIR/early" -o jsonl
is 'C16-1: its first sight moves back, its last stays' "$(sql "SELECT first_seen, last_seen, count FROM alert WHERE rule_id = 'r<1>'")" \
    '2026-11-19T00:00:00.000Z|2026-11-20T00:00:01.000Z|5'
status 0 'and the older one again' file "$TMPDIR/one" -o jsonl
is 'changes nothing' "$(jq -c '[.filed, .grown, .same]' "$TMPDIR/out")" '[0,0,1]'
status 1 'the list: undecided ones' --rule 'r<1>'
prints '=cmd|\x1b[31m\u202e'
prints '5'
ok 'no control character' lacks "$(printf '\033')" "$TMPDIR/out"
status 1 'for programs' --rule 'r<1>' -o jsonl
is 'the entity is an object, as in a finding' "$(jq -c .entity "$TMPDIR/out")" '{"user.name":"O'"'"'Brien\u0000"}'
status 0 'none that is critical' --rule 'r<1>' --alert-level critical
printf 'no json\n\n{"ir.kind":"finding"}\n[1]\n"x"\n{"ir.kind":"summary"}\n' >"$TMPDIR/bad"
cat "$TMPDIR/one" >>"$TMPDIR/bad"
status 3 'lines that are no findings' file "$TMPDIR/bad" -o jsonl
says '4 lines are no findings, the first is line 1'
is 'the rest is filed' "$(jq -c '[.same, .bad]' "$TMPDIR/out")" '[1,4]'
status 4 'a file that is not there' file "$TMPDIR/none"
status 0 'nothing from stdin' file

# C25-1: decisions
command='case'
status 0 'a report' event add '画面が暗号化された'
status 2 'C25-1: no decision without a reason' decide 1 --outcome event
says '--reason'
status 2 'C25-1: a level that no table has' decide 1 --outcome event --level huge --reason x
status 2 'C25-1: a level that is not for this outcome' decide 1 --outcome event --level 大 --reason x
status 2 'C25-1: an unknown criterion' decide 1 --outcome incident --criteria nonsense --reason x
is 'nothing was decided' "$(sql 'SELECT count(*) FROM decision')" 0
status 0 'C25-1: near miss' decide EVT-"$(TZ=JST-9 date +%Y)"-0001 --outcome near_miss --level 小 --reason '添付を開く前に気付いた' --actor 田中
status 0 'C25-1: once more, an incident by its criteria' decide 1 --outcome incident --criteria customers --criteria staff --reason "'\"<b>=cmd|" --lead 田中
prints 'CASE-'
prints 'large'
status 0 'C25-1: the history' decide 1 -o jsonl
is 'both stand there, in order' "$(jq -sc 'map([.outcome, .level, .scale, .criteria])' "$TMPDIR/out")" \
    '[["near_miss","small","tokyo-3/1",null],["incident","large","tokyo-3/1",["customers","staff"]]]'
sql "UPDATE decision SET reason = 'x'" 2>"$TMPDIR/err"
status 3 'C25-1: a decision changed past the trail is found' verify
sql "UPDATE decision SET reason = '添付を開く前に気付いた' WHERE outcome = 'near_miss'; UPDATE decision SET reason = '''\"<b>=cmd|' WHERE outcome = 'incident'"
status 0 'mended' verify
cases=$("$IR" case list -o jsonl | wc -l)
status 0 'C25-1: decided a third time it keeps its case' decide 1 --outcome incident --level 3 --reason 'personal data'
prints '-001'
is 'no second case' "$("$IR" case list -o jsonl | wc -l)" "$cases"
status 0 'the finer table was found by the level' decide 1 -o jsonl
is 'tokyo-0-3' "$(jq -sr '.[-1].scale' "$TMPDIR/out")" 'tokyo-0-3/1'

is 'C25-1: whose level follows' "$(sql 'SELECT level FROM incident')" 3
status 0 'C25-1: a fourth time' decide 1 -O incident -c staff -m 'only the staff' --kind intrusion --title '不正アクセス <b>'
is 'C25-1: level, kind and title follow' "$(sql 'SELECT level, kind, title FROM incident')" 'medium|intrusion|不正アクセス <b>'
ok 'C25-1: as the trail tells' [ "$(sql "SELECT count(*) FROM audit WHERE tbl = 'incident' AND action = 'update'")" -ge 2 ]
status 0 'C25-1: another report joins' event add 'customers call'
status 0 'C25-1: it makes the case worse' decide 2 -O incident -c customers -m x --case 1
is 'C25-1: large' "$(sql 'SELECT level FROM incident')" large
status 0 'C25-1: a smaller one' event add 'one PC is slow'
status 0 'C25-1: joins' decide 3 -O incident -c staff -m x --case 1
is 'C25-1: and makes it no better' "$(sql 'SELECT level FROM incident')" large
status 2 'C25-1: no incident without a level' decide 3 -O incident -m x --case 99
status 0 'a report' event add 'no level'
status 2 'C25-1: no incident without a level' decide 4 -O incident -m x --lead 田中
says 'an incident has a level'
status 2 'C25-1: nor an option that does nothing' decide 4 -O event -m x --title y
status 2 'C25-1: nor an exercise of a case that is there' decide 4 -O incident -m x -c staff --case 1 --exercise
for kind in ウイルス foo '<b>' zzz; do
    status 2 "C27-2: a kind that no playbook is for: $kind" decide 4 -O incident -c staff -m x -k "$kind" --lead 田中
    status 2 'C27-2: nor to open a case' open x --lead 田中 -k "$kind"
done
says 'lost_device'
status 0 'C25-1: one that is none after all' decide 3 -O false_positive -m 'updates ran'
says 'ir case close'
status 0 'C25-1: put right by hand' set 1 --kind malware --title '=cmd|x' --tlp red
is 'C25-1: as it was said' "$(sql 'SELECT kind, title, tlp, level FROM incident')" 'malware|=cmd|x|red|large'
status 2 'C25-1: a level needs a reason' set 1 --level medium
status 0 'C25-1: with one' set 1 --level medium --reason 'only the staff, as found out'
is 'C25-1: which is kept' "$(sql "SELECT value FROM fact WHERE name = 'level_reason'")" 'only the staff, as found out'
status 2 'nothing said' set 1
status 2 'a level that is none' set 1 --level huge --reason x
status 2 'a TLP that is none' set 1 --tlp purple
status 2 'nor to open a case' open x --lead 田中 --tlp purple
status 2 'a case that is not there' set 9 --title x
mkdir -p "$IR_HOME/casefiles/playbooks"
sed 's/^id: .*/id: own/; s/^kind: .*/kind: fraud/' casefiles/playbooks/phishing.yml >"$IR_HOME/casefiles/playbooks/own.yml"
status 0 'C24-3: a kind of a playbook of its own' set 1 --kind fraud
status 0 'all of it is in the trail' verify
status 0 'the last is no event' decide 4 -O event -m x

# Alerts become an event of the case.
alert=$(sql "SELECT no FROM alert WHERE rule_id = 'r<1>'")
status 0 'alerts join the case' decide "$alert" --rule 'r<1>' "$alert" --outcome incident --reason same --case 1
is 'one that is named twice and of the rule, once' \
    "$(sql "SELECT count(*) FROM decision WHERE alert_id = (SELECT id FROM alert WHERE rule_id = 'r<1>')")" 1
is 'alert to event to case' "$(sql "SELECT count(*) FROM alert a JOIN event e ON e.id = a.event_id JOIN incident i ON i.id = e.incident_id WHERE rule_id = 'r<1>'")" 1
is 'the event is assessed as well' "$(sql "SELECT count(*) FROM assessment WHERE tbl = 'event' AND outcome IS NULL")" 0

# C25-2: what waits
status 1 'C25-2: undecided ones are listed' undecided
status 0 'C25-2: none is older than a day' undecided --older-than 24h
status 2 'a span that is none' undecided --older-than soon
status 0 'C25-2: a report from long ago' event add 'old one'
status 1 'C25-2: listed' undecided --older-than 0s -o jsonl
ok 'the report too' grep -q 'old one' "$TMPDIR/out"

# C25-3: every alert ends in a disposition
status 0 'C25-3: the statistics before' alerts stats -o jsonl
ok 'C25-3: those that wait have no reason' jq -se '[.[] | select(.kind == "alert" and (.outcome == null or .outcome == "undecided"))] |
    length == 1 and .[0].count > 0 and .[0].with_reason == 0' "$TMPDIR/out"
status 0 'C25-3: as the figures have them' stats -o jsonl
ok 'C25-3: without a reason, too' jq -se '[.[] | select(.part == "alert" and .outcome == null)] |
    length == 1 and .[0].alerts > 0 and .[0].reasoned == 0' "$TMPDIR/out"
for rule in $("$IR" case alerts -o jsonl -s undecided | jq -r .rule_id | sort -u); do
    "$IR" case decide --rule "$rule" --outcome false_positive --reason 'known scanner' >/dev/null || bad "decide $rule"
done
status 0 'C25-3: no alert waits' alerts
status 0 'C25-3: the statistics' alerts stats -o jsonl
is 'every alert has an outcome with a reason' "$(jq -sc '[.[] | select(.kind == "alert")] | [map(.outcome), (map(.count) | add) == (map(.with_reason) | add)]' "$TMPDIR/out")" \
    '[["false_positive","incident"],true]'
status 2 'no rule left to decide' decide --rule 'r<1>' --outcome event --reason x

# A table of the company's own.
mkdir -p "$IR_HOME/casefiles/criteria"
printf 'id: own\nversion: "7"\nlevels:\n  - id: red\n    criteria:\n      - id: fire\n        text: it burns\n' >"$IR_HOME/casefiles/criteria/own.yml"
status 0 'own criteria' decide 2 --outcome incident --scale own --criteria fire --reason hot --case 1
status 0 'the tables' criteria
prints 'it burns'
prints 'tokyo-0-3'
printf 'id: own\nlevels: [' >"$IR_HOME/casefiles/criteria/own.yml"
status 2 'a damaged table' criteria
says 'own.yml'
rm -r "$IR_HOME/casefiles"
status 0 'C28-4: all of it is in the trail' verify

plan
