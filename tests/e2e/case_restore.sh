#!/bin/sh
# Going back to a backup, whoever else is at the database, and whatever was done to it past its trail; what lies beside
# the content (owner, mode, other names) stays.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
events() { sql 'SELECT count(*) FROM event'; }
set_back() { # WHAT: a change more than the backup has is given up
    "$IR" case event add "of $1" >"$TMPDIR/out"
    status 0 "$1" restore --force --reason "$1" "$TMPDIR/b.db"
    is "$1: the backup is in force" "$(events)" 1
    status 0 "$1: whole" verify
}
workspace --role lead=田中
"$IR" case event add first >"$TMPDIR/out"
"$IR" case backup "$TMPDIR/b.db" >"$TMPDIR/out"

# Its trail is that of the backup, but it is not what the trail says.
sql "UPDATE event SET text = 'other'"
status 3 'edited past the trail' verify
status 0 'the backup mends it' restore "$TMPDIR/b.db"
is 'by what it holds' "$(sql 'SELECT text FROM event')" first
status 0 'and it is whole' verify
is 'what was edited is kept' "$(sqlite3 "$(find "$IR_HOME" -name 'ir.db.before-*')" 'SELECT text FROM event')" other

sql 'DROP TABLE note'
status 3 'a table that is gone' verify
prints 'is not built as ir builds it'
set_back 'it comes back'

# Nobody else has it open
chmod 640 "$IR_HOME/ir.db"
inode=$(stat -c %i "$IR_HOME/ir.db")
set_back 'alone'
is 'who may read it stays' "$(stat -c %a "$IR_HOME/ir.db")" 640
is 'it is another file' "$([ "$inode" != "$(stat -c %i "$IR_HOME/ir.db")" ] && echo yes)" yes
inode=$(stat -c %i "$IR_HOME/ir.db")
ln "$IR_HOME/ir.db" "$TMPDIR/other-name.db"
set_back 'another name'
is 'leads to the same file still' "$(stat -c %i "$TMPDIR/other-name.db" "$IR_HOME/ir.db" | sort -u)" "$inode"
rm "$TMPDIR/other-name.db"
mv "$IR_HOME/ir.db" "$TMPDIR/elsewhere.db"
ln -s "$TMPDIR/elsewhere.db" "$IR_HOME/ir.db"
set_back 'a symbolic link'
ok 'stays one' [ -L "$IR_HOME/ir.db" ]
rm "$IR_HOME/ir.db"
mv "$TMPDIR/elsewhere.db" "$IR_HOME/ir.db"

# Somebody has, and has read from it; who comes back to it finds the new one.
"$IR" case event add second >"$TMPDIR/out"
mkfifo "$TMPDIR/ask"
sqlite3 "$IR_HOME/ir.db" <"$TMPDIR/ask" >"$TMPDIR/answers" &
exec 7>"$TMPDIR/ask"
echo 'SELECT count(*) FROM event;' >&7
for _ in $(seq 100); do
    [ -s "$TMPDIR/answers" ] && break
    sleep 0.1
done
inode=$(stat -c %i "$IR_HOME/ir.db")
set_back 'open elsewhere'
is 'in its own place' "$(stat -c %i "$IR_HOME/ir.db")" "$inode"
echo 'SELECT count(*) FROM event;' >&7
exec 7>&-
wait
is 'who has it open sees the new one' "$(tr '\n' ' ' <"$TMPDIR/answers")" '2 1 '
ok 'nothing half done is left' [ -z "$(find "$IR_HOME" -name '*.part' -o -name '*.restore')" ]

# A name that SQLite could take for an address
cd "$TMPDIR" || exit 1
status 0 'a backup' backup 'file:a?mode=memory'
ok 'has the name that was given' [ -s 'file:a?mode=memory' ]
status 0 'and can be restored' restore 'file:a?mode=memory'
plan
