#!/bin/sh
# C28-4: what changes the meaning of a database without changing a value (the order of its rows), and what is whole in itself
# (an end that was cut off), is found.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
keep() {
    rm -rf "$TMPDIR/kept" && cp -r "$IR_HOME" "$TMPDIR/kept"
}
back() {
    rm -rf "$IR_HOME" && cp -r "$TMPDIR/kept" "$IR_HOME"
}
workspace --organisation O --role lead=T --zone +09:00
status 0 'a report' event add 'a mail to the wrong list' --actor S
status 0 'a false alarm' decide 1 -O false_positive -m 'seemed so' --actor T
status 0 'an incident after all' decide 1 -O incident -c customers -m 'it is one' -k leak --title t --actor T
status 0 'facts' fact set 1 persons=5000 --actor S
status 0 'others' fact set 1 persons=3 --actor S
status 0 'whole' verify
keep

# The latest of a kind counts: whoever moves an earlier row behind it says something else.
false=$(sql "SELECT id FROM decision WHERE outcome = 'false_positive'")
fact=$(sql "SELECT id FROM fact WHERE value = '5000'")
sql "UPDATE decision SET rowid = rowid + 1000 WHERE id = '$false'; UPDATE fact SET rowid = rowid + 1000 WHERE id = '$fact'"
is 'C28-4: an incident looks like a false alarm' "$("$IR" case event list -o jsonl | jq -r .outcome)" false_positive
status 3 'C28-4: verify finds the order' verify -o jsonl
is 'C28-4: and names the rows that were moved' "$(jq -r 'select(.what == "does not stand where it was inserted") | .row' \
    "$TMPDIR/out" | sort)" "$(printf '%s\n' "$false" "$fact" | sort)"
back
last=$(sql "SELECT id FROM decision WHERE outcome = 'incident'")
sql "UPDATE decision SET rowid = 0 WHERE id = '$last'"
status 3 'C28-4: moved to the front' verify
prints "$last"
back
sql "UPDATE decision SET rowid = 9 WHERE rowid = 1; UPDATE decision SET rowid = 1 WHERE rowid = 2; UPDATE decision SET rowid = 2
    WHERE rowid = 9"
status 3 'C28-4: two that changed places' verify -o jsonl
is 'C28-4: both are named' "$(jq -r .row "$TMPDIR/out" | grep -c -e "$false" -e "$last")" 2
back
sql VACUUM
status 0 'a database that was packed is as whole' verify

# An end that was cut off leaves a file that is whole in itself. Each report keeps a head beside the database, with
# evidence and without: the reports that were handed out cannot vanish.
cut() { # FROM: takes back all changes from this one on
    undo=$(sql "SELECT group_concat('DELETE FROM ' || tbl || ' WHERE id = ''' || row || '''', '; ') FROM audit WHERE seq >= $1")
    trigger=$(sql "SELECT sql FROM sqlite_schema WHERE name = 'audit_delete'")
    sql "CREATE TEMP TABLE gone AS SELECT n FROM search_row r JOIN audit a ON a.tbl = r.tbl AND a.row = r.row WHERE seq >= $1 AND
        action = 'insert'; DROP TRIGGER audit_delete; DELETE FROM audit WHERE seq >= $1; $undo; $trigger; DELETE FROM search
        WHERE rowid IN (SELECT n FROM gone); DELETE FROM search_row WHERE n IN (SELECT n FROM gone)"
}
back
head=$(sql 'SELECT max(seq) FROM audit')
status 0 'no report yet' verify
prints 'whole in itself'
prints 'No anchor exists'
prints "$head:"
status 0 'a note' note add 1 'to be cut off' --actor S
cut $((head + 1))
status 0 'C28-4: without an anchor an end that is cut off is not found, which is said' verify
prints 'cannot be found'
back
status 0 'a report' report 1 ppc-sokuho --out "$TMPDIR/a.html"
ok 'C28-4: it is anchored without evidence' [ ! -e "$IR_HOME/evidence" ]
status 0 'held against it' verify -o jsonl
is 'C28-4: the anchor is of the last change' "$(jq -r '"\(.anchors) \(.anchored)"' "$TMPDIR/out")" "1 $((head + 1))"
status 0 'a change behind it' fact set 1 persons=4 --actor S
status 0 'for people' verify
prints "The last anchor is of change $((head + 1))"
status 0 'another report' report 1 management --out "$TMPDIR/b.html"
keep
cut $((head + 2))
status 3 'C28-4: a report that was handed out is gone' verify
prints 'the end of the trail is missing'
prints "$((head + 3))"
back
# Who touches the log of anchors shows it, too.
sed -i '1s/"actor"/"acter"/' "$IR_HOME/anchors/custody/log.jsonl"
status 3 'C28-4: a line of the anchors was changed' verify
says 'cannot be used'
back
status 0 'whole again' verify
rm -r "$IR_HOME/anchors"
status 0 'C28-4: the anchors are gone' verify
prints 'Reports are recorded, 2 of them'

# Going back to a backup gives up what was anchored behind it, and says so; what follows is anchored anew.
back
status 0 'a backup' backup "$TMPDIR/b.db"
status 0 'a report behind it' report 1 technical --out "$TMPDIR/c.html"
status 0 'back' restore --force --reason 'the disk broke' "$TMPDIR/b.db" --actor T
status 0 'C28-4: whole, without what was given up' verify
prints 'anchors that a restore gave up: 1'
"$IR" case verify -o jsonl >"$TMPDIR/out"
is 'C28-4: the restore is the last anchor' "$(jq -r '"\(.anchors) \(.given_up) \(.anchored == (.head | split(":")[0] | tonumber))"' \
    "$TMPDIR/out")" '3 1 true'
ok 'C28-4: who and why' grep -q '"event":"restore".*"T".*the disk broke' "$IR_HOME/anchors/custody/log.jsonl"
cut "$(sql 'SELECT max(seq) FROM audit')"
status 3 'C28-4: the restore is cut off' verify

# What the trail does not tell of: an index that lacks a row hides it, and SQLite's own names do not make a trigger ours.
restored() { # WHAT: as the backup has it
    status 0 "after $1" restore --force --reason "$1" "$TMPDIR/b.db"
    status 0 "whole after $1" verify
}
schema() { sqlite3 -cmd '.dbconfig defensive off' "$IR_HOME/ir.db" "$1" >"$TMPDIR/said" 2>&1; }
restored 'the cut'
schema "DROP INDEX fact_of; CREATE INDEX fact_of ON fact (incident_id, name) WHERE 0; PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = 'CREATE INDEX fact_of ON fact (incident_id, name)' WHERE name = 'fact_of'"
status 3 'C28-4: facts that no list shows' verify
prints 'fact_of'
restored 'an index'
schema "CREATE TRIGGER t AFTER INSERT ON note BEGIN UPDATE incident SET lead = 'Mallory'; END; PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, 'TRIGGER t', 'TRIGGER sqlite_stat1'), name = 'sqlite_stat1' WHERE name = 't'"
status 3 "C28-4: a trigger of a name of SQLite's" verify
prints 'sqlite_stat1'
restored 'a trigger'
sql "INSERT INTO search_row (n, tbl, row) VALUES (9999, 'note', 'x'); INSERT INTO search (rowid, text) VALUES (9999, 'nobody wrote this')"
status 3 'C28-4: words that are in no table' verify
prints 'in no table'
status 0 'the index is made anew' search --rebuild
status 0 'whole with it' verify
plan
