#!/bin/sh
# Procedures as data, the tasks that are made of them, and what is learned.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
workspace --role lead=田中 --zone +09:00
"$IR" case open first --kind malware --level large >"$TMPDIR/out"
"$IR" case open second --kind other >"$TMPDIR/out"

command='case playbook'
status 0 'the playbooks' list
"$IR" case playbook list -o jsonl >"$TMPDIR/list"
for kind in malware intrusion destruction tampering leak outage; do
    is "$kind: small, and medium and large" "$(jq -r "select(.kind == \"$kind\") | .levels" "$TMPDIR/list" | tr '\n' '/')" \
        'medium, large, 1, 2, 3/small, 0/'
done
is 'each says it in Japanese, too' "$(jq -r 'select(.title_ja == null) | .name' "$TMPDIR/list")" ''
sed -n 's/^id: *//p' casefiles/duties/*.yml >"$TMPDIR/duties"
sed -n 's/^duties: \[\(.*\)\]/\1/p' casefiles/playbooks/*.yml | tr -d ' ' | tr ',' '\n' | sort -u >"$TMPDIR/named"
is 'the duties that are named are there' "$(grep -vxFf "$TMPDIR/duties" "$TMPDIR/named")" ''
is 'each names duties to check' "$(jq -r 'select(.duties == null) | .name' "$TMPDIR/list")" ''
jq -r '"\(.sha256)  casefiles/playbooks/\(.name).yml"' "$TMPDIR/list" >"$TMPDIR/sums"
ok 'and its file, by its digest' sha256sum --quiet -c "$TMPDIR/sums"
jq -r .name "$TMPDIR/list" >"$TMPDIR/names"
while read -r name; do
    "$IR" case playbook show "$name" -o jsonl >"$TMPDIR/steps"
    is "$name: somebody goes through the duties, and keeps evidence" \
        "$(jq -rs '[any(.[]; .phase == "report" and .owner == "lead"), any(.[]; .keep != null)] | all' "$TMPDIR/steps")" true
    is "$name: no step without Japanese" "$(jq -r 'select(.text_ja == null) | .id' "$TMPDIR/steps")" ''
done <"$TMPDIR/names"
for name in intrusion-major malware-major leak-major; do
    "$IR" case playbook show $name -o jsonl >"$TMPDIR/steps"
    is "$name preserves before it restores" \
        "$(jq -r 'select(.step == "preserve" or .step == "restore") | .step' "$TMPDIR/steps" | head -n 1)" preserve
done
status 0 'the levels in the reader'"'"'s words' list --lang ja
prints '中, 大, 1, 2, 3'
status 0 'one of them' show malware-major --lang ja
prints 'ウイルス感染'
status 2 'one that is not there' show ../x
status 0 'the one for kind and level' apply 1
status 2 'C24-3: the same version once' apply 1 malware-major
status 2 'none is for this kind' apply 2
status 0 'by name' apply 2 phishing
"$IR" case playbook steps 1 -o jsonl >"$TMPDIR/out"
file=$(sha256sum <casefiles/playbooks/malware-major.yml | cut -d ' ' -f 1)
is 'C24-3: the digest of the file that applied' "$(jq -r .sha256 "$TMPDIR/out" | sort -u)" "$file"
is 'C24-3: and the file itself' "$(sqlite3 "$IR_HOME/ir.db" "SELECT content FROM playbook WHERE name = 'malware-major'" | sha256sum)" \
    "$(sqlite3 :memory: "SELECT CAST(readfile('casefiles/playbooks/malware-major.yml') AS TEXT)" | sha256sum)"
is 'each step is a task' "$(wc -l <"$TMPDIR/out")" "$(grep -c '^  - id:' casefiles/playbooks/malware-major.yml)"
"$IR" case task 'done' 1 1 >"$TMPDIR/out"
"$IR" case playbook steps 1 -o jsonl >"$TMPDIR/out"
is 'how far it is' "$(jq -r 'select(.state == "done") | .playbook_step' "$TMPDIR/out")" malware-major/record

# A company's own, and one that is broken.
mkdir -p "$IR_HOME/casefiles/playbooks"
own=$IR_HOME/casefiles/playbooks/own.yml
step='{id: a, phase: detect, step: team, owner: lead, text: "=cmd|<b>"}'
printf 'id: own\nversion: "2"\nkind: other\ntitle: Ours\nsteps:\n  - %s\n' "$step" >"$own"
status 0 'of a company' apply 2
for broken in 'id: ../x' 'id: own' 'steps: x' 'version: ~' '- x' 'title: &a [*a]'; do
    printf 'id: own2\nversion: "2"\ntitle: Ours\nsteps:\n  - %s\n  - %s\n%s\n' "$step" "$step" "$broken" >"$own"
    status 2 "a broken one: $broken" list
done
printf 'id: own2\nversion: "2"\ntitle: Ours\nsteps:\n  - %s\n  - %s\n' "$step" "$step" >"$own"
"$IR" case playbook list --lang ja >"$TMPDIR/out" 2>"$TMPDIR/err"
ok 'what is wrong, where, in the language of who reads it' grep -qF 'own.yml:6: 二つのステップの id が同じです' "$TMPDIR/err"
rm "$own"

command='case lesson'
status 0 'C27-1: a corrective action' add 1 'バックアップを切り離す =cmd|' --cost 120000 --due 2026-12-31 --owner 田中 --control 8.13 --root-cause 'backups were online'
status 0 'one whose plan is not whole' add 1 later
status 2 'none' add 1 ' '
status 2 'an impossible date' add 1 x --due 2026-02-30
"$IR" case lesson list 1 -o jsonl >"$TMPDIR/out"
is 'C27-1: 処置方法・費用・実施予定日・責任者' "$(jq -r 'select(.no == 1) | .measure, .cost, .due, .owner, .control, .missing' "$TMPDIR/out" | tr '\n' '/')" \
    'バックアップを切り離す =cmd|/120000/2026-12-31/田中/8.13/null/'
is 'C27-1: what a plan lacks is named' "$(jq -r 'select(.no == 2) | .missing' "$TMPDIR/out")" 'cost due owner'
status 0 'a change' change 1 2 --state doing --owner 鈴木 --cost 0
status 2 'a change of nothing' change 1 2
status 2 'verified without a result' verify 1 1
status 0 'C27-1: verified' verify 1 1 --result 'restored in a test' --actor 監査
"$IR" case lesson list -o jsonl >"$TMPDIR/out"
is 'C27-1: by whom' "$(jq -r 'select(.no == 1) | .state, .verified_by, .verification' "$TMPDIR/out" | tr '\n' '/')" 'done/監査/restored in a test/'
is 'a cost of nothing is a cost' "$(jq -r 'select(.no == 2) | .missing' "$TMPDIR/out")" due
command='case'
status 0 'the trail holds it' verify
plan
