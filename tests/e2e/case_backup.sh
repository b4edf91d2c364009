#!/bin/sh
# Backups of the casework and going back to one: consistent while others write, checked before anybody relies on them,
# and nothing given up by mistake. And a disk that is full.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
count() { sqlite3 "$IR_HOME/ir.db" 'SELECT count(*) FROM event'; }
workspace --role lead=田中
status 0 'a report' event add first
status 0 'a backup' backup "$TMPDIR/b.db"
prints "$("$IR" case verify | sed -n 's/^head *//p')"
is 'nobody else may read it' "$(stat -c %a "$TMPDIR/b.db")" 600
ok 'one file alone' [ ! -e "$TMPDIR/b.db-wal" ]
ok 'nothing half written is left' [ ! -e "$TMPDIR/b.db.part" ]
status 2 'a backup is never written over' backup "$TMPDIR/b.db"
status 4 'a directory that is not there' backup "$TMPDIR/no/b.db"
status 0 'back to where it stands' restore "$TMPDIR/b.db"
prints 'nothing to do'
status 0 'another report' event add 'second, "; DROP TABLE event'
status 2 'a change would be lost' restore "$TMPDIR/b.db"
says '1 changes'
is 'it is still there' "$(count)" 2
status 2 'force without a reason' restore --force "$TMPDIR/b.db"
status 0 'with a reason' restore --force --reason "wrong 'disk' <b>" --actor 佐藤 "$TMPDIR/b.db"
is 'the backup is in force' "$(count)" 1
kept=$(echo "$IR_HOME"/ir.db.before-*)
is 'the old one is kept' "$(sqlite3 "$kept" 'SELECT count(*) FROM event')" 2
is 'and nobody else may read it' "$(stat -c %a "$kept")" 600
is 'the trail tells who did it' "$(sqlite3 "$IR_HOME/ir.db" "SELECT actor FROM audit WHERE fields LIKE '%wrong%'")" 佐藤
status 0 'whole afterwards' verify
status 0 'back to what was kept, which lacks only that it was restored' restore --force --reason back "$kept"
is 'both are there' "$(count)" 2

# Backups that are none
cp "$TMPDIR/b.db" "$TMPDIR/edited.db"
sqlite3 "$TMPDIR/edited.db" "UPDATE event SET text = 'other'"
head -c 9000 "$TMPDIR/b.db" >"$TMPDIR/cut.db"
echo 'no database at all, but long enough for a header of one: ................................................' >"$TMPDIR/text.db"
sqlite3 "$TMPDIR/foreign.db" 'CREATE TABLE t (x)'
for b in edited cut text; do
    status 3 "a backup that is $b" restore --force --reason x "$TMPDIR/$b.db"
done
ok 'a database of another program' [ "$("$IR" case restore "$TMPDIR/foreign.db" >"$TMPDIR/out" 2>&1; echo $?)" -ge 3 ]
status 4 'a backup that is not there' restore "$TMPDIR/nowhere.db"
# What others put into the schema would work on from then on, and stands in no trail.
"$IR" case open 'a case' --lead 田中 >"$TMPDIR/out"
"$IR" case backup "$TMPDIR/good.db" >"$TMPDIR/out"
hostile() { # NAME SQL
    cp "$TMPDIR/good.db" "$TMPDIR/hostile.db"
    sqlite3 -cmd '.dbconfig defensive off' "$TMPDIR/hostile.db" "$2" >"$TMPDIR/out" 2>"$TMPDIR/err" || bad "hostile: $1: $(cat "$TMPDIR/err")"
    status 3 "C28-4: a backup with $1" restore --force --reason x "$TMPDIR/hostile.db"
    says 'not a database as ir makes it'
    cp "$TMPDIR/hostile.db" "$TMPDIR/home/ir.db"
    ok "C28-4: … is found in its place" gives 3 env IR_HOME="$TMPDIR/home" "$IR" case verify
}
gives() {
    want=$1
    shift
    "$@" >"$TMPDIR/out" 2>"$TMPDIR/err"
    [ $? = "$want" ]
}
mkdir "$TMPDIR/home"
schema='PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ='
hostile 'a trigger' "CREATE TRIGGER t AFTER INSERT ON act BEGIN UPDATE incident SET lead = 'Mallory'; END"
hostile 'a trigger fewer' 'DROP TRIGGER audit_delete'
hostile 'a view' "CREATE VIEW v AS SELECT 1"
hostile 'a view for a table' "ALTER TABLE note RENAME TO note_; CREATE VIEW note AS SELECT * FROM note_"
hostile 'an endless view' 'DROP VIEW assessment; CREATE VIEW assessment AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT * FROM r'
hostile 'another table' 'CREATE TABLE x (y)'
hostile 'a generated column' "ALTER TABLE note ADD COLUMN z TEXT AS (upper(text))"
hostile 'an index of an expression' 'CREATE INDEX x ON note (upper(text))'
hostile 'a check fewer' "$schema replace(sql, 'CHECK (exercise IN (0, 1))', '') WHERE name = 'incident'"
hostile 'a table that is not strict' "$schema replace(sql, 'STRICT', '') WHERE name = 'note'"
sqlite3 "$TMPDIR/good.db" ANALYZE
rm "$IR_HOME/ir.db" && rm -f "$IR_HOME"/ir.db-*
status 0 "a backup with SQLite's statistics" restore "$TMPDIR/good.db"
status 0 '… is whole' verify
is 'nothing was changed' "$(count)" 2
ok 'nothing half done is left' [ ! -e "$IR_HOME/ir.db.restore" ]

# A database that was edited makes no backup; one that is damaged is replaced and kept.
head -c 5000 "$kept" >"$IR_HOME/ir.db"
rm -f "$IR_HOME"/ir.db-*
status 4 'damaged' event list
sleep 1
status 0 'a damaged database is replaced' restore "$TMPDIR/b.db"
is 'by the backup' "$(count)" 1
ok 'and kept' [ "$(find "$IR_HOME" -name 'ir.db.before-*' -size -11 | wc -l)" -ge 1 ]
sqlite3 "$IR_HOME/ir.db" "UPDATE event SET text = 'other'"
status 2 'no backup of what was changed past the trail' backup "$TMPDIR/never.db"
says 'audit trail'
ok 'nothing is left of it' [ ! -e "$TMPDIR/never.db" ]
plan
