#!/bin/sh
# A restore in the worst night: what is given as a backup is none, journals of killed programs lie about, the database
# was made unreadable on purpose, and several restore at once.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中
"$IR" case event add first >"$TMPDIR/out"
status 0 'a backup' backup "$TMPDIR/b.db"
events() { sql 'SELECT count(*) FROM event'; }
nothing_left() { ok "$1: nothing half done is left" [ -z "$(find "$TMPDIR" -name '*.part*' -o -name '*.restore*')" ]; }
# Over whatever stands there, also nothing.
none() { # NAME FILE
    status 3 "$1 is no backup" restore --force --reason x "$2"
    says "$2"
    is '… and nothing was changed' "$(events)" 1
}
: >"$TMPDIR/empty.db"
sqlite3 "$TMPDIR/no-table.db" VACUUM
mkfifo "$TMPDIR/fifo"
none 'an empty file' "$TMPDIR/empty.db"
none 'a database without a table' "$TMPDIR/no-table.db"
none 'a FIFO' "$TMPDIR/fifo"
none 'a device' /dev/zero
none 'a directory' "$TMPDIR"
cp "$TMPDIR/b.db" "$TMPDIR/newer.db"
sqlite3 "$TMPDIR/newer.db" 'PRAGMA user_version = 99'
status 4 'a backup of a newer version' restore "$TMPDIR/newer.db"
says "$TMPDIR/newer.db"
cp "$TMPDIR/b.db" "$IR_HOME/ir.db.restore"
status 3 'what another restoring has left' restore "$IR_HOME/ir.db.restore"
ok 'is not removed by that' [ -s "$IR_HOME/ir.db.restore" ]
rm "$IR_HOME/ir.db.restore"
status 0 'a path with two slashes' backup "/$TMPDIR/slashes.db"
status 0 'can be restored' restore "/$TMPDIR/slashes.db"

# Journals that are of another file: SQLite plays what lies beside a database into it.
sqlite3 "$IR_HOME/ir.db" "UPDATE event SET text = 'of the journal'" ".shell cp '$IR_HOME/ir.db-wal' '$TMPDIR/wal'" >"$TMPDIR/out"
ok 'there is one' [ -s "$TMPDIR/wal" ]
rm -f "$IR_HOME"/ir.db*
cp "$TMPDIR/wal" "$IR_HOME/ir.db-wal"
cp "$TMPDIR/wal" "$IR_HOME/ir.db.restore-wal"
status 0 'the database is gone, its journal is not' restore "$TMPDIR/b.db"
is 'what is restored is the backup' "$(sql 'SELECT text FROM event')" first
status 0 'whole' verify
is 'the journal is kept' "$(find "$IR_HOME" -name 'ir.db.before-*-wal' | wc -l)" 1
cp "$TMPDIR/wal" "$TMPDIR/late.db.part-wal"
status 0 'a backup was killed' backup "$TMPDIR/late.db"
nothing_left 'journals'

# What may not be read now is not what cannot be read: it is given up by nobody.
"$IR" case event add second >"$TMPDIR/out"
sql 'PRAGMA user_version = 99'
status 4 'the database is of a newer ir' restore "$TMPDIR/b.db"
is 'and stays' "$(events)" 2
sql 'PRAGMA user_version = 1'
# The trail is what an attacker would begin with.
sql 'DROP TABLE audit'
status 3 'a trail that is gone' verify
status 0 'the backup brings it back' restore "$TMPDIR/b.db"
prints 'cannot be read'
ok 'the trail tells so' [ "$(sql "SELECT count(*) FROM audit WHERE fields LIKE '%given up: unknown%'")" = 1 ]
sql 'DROP TABLE audit; CREATE VIEW audit AS WITH RECURSIVE r (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM r)
    SELECT seq, seq AS at, seq AS actor, seq AS action, seq AS tbl, seq AS row, seq AS fields, seq AS sha256 FROM r'
status 3 'a view without an end in its place' verify
status 0 'is not read' restore "$TMPDIR/b.db"
status 0 'whole' verify
chmod 660 "$IR_HOME/ir.db"
head -c 5000 "$TMPDIR/b.db" >"$IR_HOME/ir.db"
status 0 'a database that was cut' restore "$TMPDIR/b.db"
is 'who may read it stays' "$(stat -c %a "$IR_HOME/ir.db")" 660

# A machine that never had a workspace
home=$IR_HOME
IR_HOME=$TMPDIR/new/home
status 0 'on another machine' restore "$TMPDIR/b.db"
IR_HOME=$home
is 'nobody else may look into it' "$(stat -c %a "$TMPDIR/new/home")" 700

# Several at once: one after the other, and each is told in the log of anchors.
for k in 1 2 3 4 5 6; do
    for p in a b c; do
        "$IR" case restore --force --reason "$k $p" "$TMPDIR/b.db" >"$TMPDIR/out.$p" 2>&1 &
    done
    wait
    status 0 "three at once, time $k" verify
done
for p in a b c; do
    "$IR" case backup "$TMPDIR/at-once.db" >"$TMPDIR/out.$p" 2>&1 &
done
wait
is 'of three backups of one name one is made' "$(cat "$TMPDIR"/out.[abc] | grep -c 'whole, and written')" 1
status 0 'which is whole' restore --force --reason x "$TMPDIR/at-once.db"
nothing_left 'several at once'
# Until a restoring has told which anchors it gave up, nobody holds them against the database.
waits() { # ARGUMENTS...
    rm -f "$TMPDIR/begun" "$TMPDIR/ended"
    flock "$IR_HOME" sh -c "touch '$TMPDIR/begun'; sleep 0.5; touch '$TMPDIR/ended'" &
    while [ ! -e "$TMPDIR/begun" ]; do sleep 0.05; done
    status 0 "$1 beside a restoring" "$@"
    ok '… waits for its end' [ -e "$TMPDIR/ended" ]
    wait
}
waits verify
waits restore --force --reason x "$TMPDIR/b.db"
plan
