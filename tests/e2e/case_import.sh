#!/bin/sh
# A case goes from one workspace to another and back without a byte lost, and nothing that was tampered with comes in.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
at() { # WORKSPACE ARGUMENTS...
    where=$TMPDIR/$1
    shift
    IR_HOME=$where "$IR" "$@"
}
home() {
    IR_HOME=$TMPDIR/$1
    export IR_HOME
}
command=''
home here
status 0 'a workspace' init --yes --role lead=田中 --no-desks
command='case'
status 0 'a case' open '<script>alert("x")</script> 見' --kind malware --level large
status 0 'another, which stays' open 'other'
status 0 'a note' note add 1 "$(printf '=cmd|x \342\200\256turned\033[31m\ttab\nline, it'\''s "so" \\u0041 😀')"
status 0 'an act' act 1 --action 隔離 --target fs1
status 0 'facts' fact set 1 persons=500-1500 cause=VPN --actor 佐藤
status 0 'a fact again' fact set 1 persons=20 --confidence confirmed
status 0 'who leads' assign 1 佐藤
status 0 'who leads, again' assign 1 鈴木
status 0 'a lesson' lesson add 1 update --cost 999999999 --root-cause 'old'
status 0 'a report' report 1 management --out "$TMPDIR/report.html"
printf '%s\n' '{"ir.kind":"finding","id":"f","@timestamp":"2026-11-20T00:00:00Z","rule":{"id":"r","title":"t","level":"high"},"entity":{"source.ip":"203.0.113.5"},"origin":[{"path":"a","offset":1,"line":1,"length":1,"sha256":"00"}],"count":1,"first_seen":"2026-11-20T00:00:00Z","last_seen":"2026-11-20T00:00:00Z"}' \
    '{"ir.kind":"summary","inputs":1}' >"$TMPDIR/findings"
status 0 'an alert' alerts file "$TMPDIR/findings"
status 0 'is of the case' decide ALR-2026-00001 --outcome incident --level large --reason x --case 1
one=$TMPDIR/one.json
status 0 'the case leaves' export 1 --out "$one"

home there
command=''
status 0 'another workspace' init --yes --no-desks
command='case'
status 0 'the case comes in' import "$one" --actor 受領者
prints "$(jq -r .head "$one")"
status 0 'it leaves again' export 1 --out "$TMPDIR/two.json"
ok 'without a byte changed' cmp "$one" "$TMPDIR/two.json"
status 0 'and is whole' verify
status 0 'its words are found' search 'turned'
prints CASE-2026-001
status 0 'once more: it is here' import "$one"
prints 'already'
is 'who took it in is in the trail' "$(sqlite3 "$IR_HOME/ir.db" "SELECT actor FROM audit WHERE tbl = 'carried'")" 受領者
is 'who did what there is kept' \
    "$(sqlite3 "$IR_HOME/ir.db" "SELECT count(*) FROM carried_audit")" "$(jq '.audit | length' "$one")"
status 0 'work goes on here' note add 1 'seen by the expert'
status 0 'back to where it came from' export 1 --out "$TMPDIR/three.json"
is 'with the first trail beside this one' "$(jq -c '[.carried[].head]' "$TMPDIR/three.json")" "$(jq -c '[.head]' "$one")"
home third
command=''
status 0 'a third workspace' init --yes --no-desks
command='case'
status 0 'takes it with both trails' import "$TMPDIR/three.json"
status 0 'and gives it on' export 1 --out "$TMPDIR/four.json"
ok 'without a byte changed, again' cmp "$TMPDIR/three.json" "$TMPDIR/four.json"
status 0 'all of it is whole' verify
home here
status 2 'it is not taken over what is there' import "$TMPDIR/three.json"
says 'here already'

# Who changes a trail that came with a case is found, whatever the triggers say.
changed() { # NAME SQL
    rm -rf "$TMPDIR/forged"
    mkdir "$TMPDIR/forged"
    sqlite3 "$TMPDIR/third/ir.db" ".backup '$TMPDIR/forged/ir.db'"
    home forged
    trigger=$(sqlite3 "$IR_HOME/ir.db" "SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'carried_audit'")
    sqlite3 "$IR_HOME/ir.db" "DROP TRIGGER carried_audit_update; DROP TRIGGER carried_audit_delete; $2; $trigger"
    status 3 "found: $1" verify
    prints carried_audit
}
changed 'another actor' "UPDATE carried_audit SET actor = 'nobody' WHERE n = 2"
changed 'another value' "UPDATE carried_audit SET fields = replace(fields, 'VPN', 'USB')"
changed 'a row is gone' "DELETE FROM carried_audit WHERE n = 3"
changed 'the last row is gone' "DELETE FROM carried_audit WHERE rowid = (SELECT max(rowid) FROM carried_audit)"
changed 'a row more' "INSERT INTO carried_audit SELECT 'x', n, previous, seq, at, actor, action, tbl, row, fields, sha256 FROM carried_audit WHERE n = 1 LIMIT 1"

# What was changed on its way is refused, also by who makes the digest anew; nothing of it comes in.
home empty
command=''
status 0 'an empty workspace' init --yes --no-desks
command='case'
sealed() { # FILE: with a digest that fits
    sed '$d' "$1" >"$TMPDIR/body"
    head -c -1 "$TMPDIR/body" >"$TMPDIR/cut"
    head -c -1 "$TMPDIR/cut" >"$TMPDIR/body"
    { cat "$TMPDIR/body"; printf ',\n"sha256":"%s"}\n' "$(sha256sum "$TMPDIR/body" | cut -d ' ' -f 1)"; } >"$TMPDIR/forged.json"
}
refused() { # SAYS NAME SED
    sed "$3" "$one" >"$TMPDIR/edited"
    ok "an edit: $2" [ "$(cmp -s "$one" "$TMPDIR/edited"; echo $?)" = 1 ]
    sealed "$TMPDIR/edited"
    status 2 "refused: $2" import "$TMPDIR/forged.json"
    says "$1"
}
sed 's/VPN/USB/' "$one" >"$TMPDIR/edited"
status 2 'an edit' import "$TMPDIR/edited"
says 'changed since'
head -c -100 "$one" >"$TMPDIR/edited"
status 2 'cut short' import "$TMPDIR/edited"
says 'cut short'
status 2 'nothing' import /dev/null
status 4 'a file that is not there' import "$TMPDIR/none"
is_hash='what its hash says'
refused 'not what their trail says' 'a value of a row' '/"tables"/,/"audit"/s/"VPN"/"USB"/'
refused "$is_hash" 'a value in the trail' "/\"audit\"/,\$s/VPN/USB/"
refused 'forged.json:' 'a field that there is not' 's/"persons"/"persons","x":1/'
refused 'another name' 'an unknown field' '/"tables"/,/"audit"/s/"tlp":/"tpl":/'
refused 'another name' 'an unknown table' 's/"note":\[/"notes":[/'
refused 'another name' 'SQL for a field' '/"tables"/,/"audit"/s/"tlp":/"tlp\\" = 1; DROP TABLE audit; --":/'
refused 'another kind' 'a list for a text' '/"tables"/,/"audit"/s/"tlp":"amber"/"tlp":["amber"]/'
refused 'not what their trail says' 'a setting' 's/"setting":\[\]/"setting":[{"id":"aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa","value":"x"}]/'
refused 'whole number' 'a number with a point' '/"tables"/,/"audit"/s/"exercise":0/"exercise":0.5/'
refused 'no database of ir holds' 'an empty text' '/"tables"/,/"audit"/s/"tlp":"amber"/"tlp":""/'
refused 'no database of ir holds' 'a NUL' '/"tables"/,/"audit"/s/"tlp":"amber"/"tlp":"a\\u0000"/'
refused 'newer ir' 'a newer version' 's/"schema":1,/"schema":99,/'
refused 'newer ir' 'a newer format' 's/"format":1,/"format":2,/'
refused 'not a case' 'something else' 's/"ir.kind":"case"/"ir.kind":"other"/'
refused 'without an id' 'an id that is none' '/"incident":\[/,/\]/s/"id":"[^"]*"/"id":"..\/x"/'
refused 'the head' 'another head' 's/^"head":"[0-9]*:/"head":"1:/'
refused 'not as ir case export' 'a blank more' 's/"format":1,/"format":1, /'
refused 'refused by the database' 'a value out of its range' '/"tables"/,/"audit"/s/"exercise":0/"exercise":7/'
sed "s/\"tables\":{/\"tables\":$(printf '%2000s' '' | tr ' ' '[')/" "$one" >"$TMPDIR/edited"
sealed "$TMPDIR/edited"
status 2 'refused: deeply nested' import "$TMPDIR/forged.json"
is 'nothing came in' "$("$IR" case list -o jsonl | wc -l)$(sqlite3 "$IR_HOME/ir.db" 'SELECT count(*) FROM carried_audit')" 00
status 0 'and the trail is whole' verify
status 0 'its number is used here' open 'mine' --lead x
status 2 'another case has the number' import "$one"
says 'workspace of its own'
plan
