#!/bin/sh
# A program that was copied alone, as on a USB stick: what it can do without its data it does, and says what it lacks.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
mkdir -p "$TMPDIR/stick/bin"
cp "$IR" "$TMPDIR/stick/bin/ir"
IR=$TMPDIR/stick/bin/ir
command=''
status 0 'a workspace without the data' init --yes --role lead=田中
says 'stick/bin/../share/ir/casefiles'
says "$IR_HOME/casefiles"
prints 'the workspace is'
command='case'
status 0 'a report' event add 'x'
status 0 'a case' open 'x' --event 1 --kind malware
status 0 'a case is listed' list
status 0 'and shown, though the rules of duties are missing' show 1
prints 'unknown: the rules are missing'
prints 'level not decided yet'
says 'casefiles'
status 4 'what needs the data says so' report 1 management
says 'casefiles'
mkdir -p "$IR_HOME"
cp -R casefiles "$IR_HOME/casefiles"
status 0 'with the data in the workspace' report 1 management
command=''
status 0 'the desks come, too' init --yes
ok 'they are there' [ "$("$IR" case contact list -o jsonl | wc -l)" -gt 3 ]
command='audit'
status 1 'and the audit'
plan
