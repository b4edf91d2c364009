#!/bin/sh
# Facts and reporting duties: what the rules say of facts (the test vectors of the Japanese law), what named persons
# decide and send, and what cron is told.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
IR_HOME=$TMPDIR/none
export IR_HOME
# FILTER ARGUMENTS...: of the preview's objects, by their id
preview() {
    filter=$1
    shift
    "$IR" case duty preview "$@" --output jsonl 2>"$TMPDIR/err" >"$TMPDIR/out"
    jq -rs "map({(.id): .}) | add | $filter" "$TMPDIR/out"
}
no='--fact sensitive=no --fact financial_harm=no --fact improper_purpose=no'

# C26-3: the vectors. Aware, persons whose purpose is not improper (30 days) or is (60), strict, shifted.
while read -r aware improper strict shifted; do
    is "C26-3: aware $aware, improper purpose $improper" \
        "$(preview '."appi.kakuho" | [.state, .due_strict, .due_shifted] | join(" ")' --aware "$aware" \
            --fact persons=1001 --fact improper_purpose="$improper")" "triggered $strict $shifted"
done <<'END'
2026-04-01 no 2026-04-30 2026-04-30
2026-04-01 unknown 2026-04-30 2026-04-30
2026-04-01 yes 2026-05-30 2026-06-01
2026-03-31T16:00Z no 2026-04-30 2026-04-30
2026-03-31T14:59:59Z no 2026-04-29 2026-04-30
2026-04-01T23:30 no 2026-04-30 2026-04-30
2026-04-01T00:30+09:00 no 2026-04-30 2026-04-30
2026-04-05 no 2026-05-04 2026-05-07
2026-08-21 no 2026-09-19 2026-09-24
2026-11-30 no 2026-12-29 2027-01-04
2028-01-31 no 2028-02-29 2028-02-29
END
preview . --aware 2026-04-01 >"$TMPDIR/all"
ok 'each says who must report, and to whom' jq -e 'length > 20 and all(.[]; .who != null and .recipient_kind != null)' "$TMPDIR/all"
sed -n 's/^ *-* *kind: *//p' casefiles/contacts/jp.yml | sort -u >"$TMPDIR/desks"
is 'by the kind that its contact has' "$(jq -r '.[] | select(.id | test("^(appi[.]sokuho|ipa[.]|jpcert[.]|police[.])")) | .recipient_kind' "$TMPDIR/all" |
    sort -u | grep -vxFf "$TMPDIR/desks")" ''
is 'the preliminary report' "$(preview '."appi.sokuho" | .due_strict' --aware 2026-04-01 --fact sensitive=yes)" 2026-04-05
# shellcheck disable=SC2086  # words
while read -r fact id want; do
    is "$fact: $id" "$(preview ".\"$id\".state" --aware 2026-04-01 $no --fact "${fact%%,*}" --fact "${fact#*,}")" "$want"
done <<'END'
persons=1000 appi.kakuho not_triggered
persons=1001 appi.kakuho triggered
persons=500-1000 appi.kakuho not_triggered
persons=500-1001 appi.kakuho triggered
persons=unknown appi.kakuho needs_review
persons=yes appi.kakuho needs_review
persons=no appi.kakuho not_triggered
persons=0,sensitive=unknown appi.kakuho needs_review
persons=0,sensitive=yes appi.kakuho triggered
persons=5000,encrypted=yes appi.sokuho needs_review
persons=5000,key_leaked=no appi.sokuho triggered
persons=5000,encrypted=unknown appi.sokuho needs_review
persons=5000,personal_data=no appi.sokuho not_triggered
my_number=100 mynumber.kakuho needs_review
my_number=101 mynumber.kakuho triggered
my_number=yes mynumber.kakuho needs_review
my_number=no mynumber.kakuho not_triggered
my_number=yes,persons=101 mynumber.kakuho triggered
my_number=yes,persons=50-101 mynumber.kakuho triggered
my_number=yes,persons=unknown mynumber.kakuho needs_review
my_number=unknown,persons=101 mynumber.kakuho needs_review
my_number=100,persons=101 mynumber.kakuho needs_review
persons=0,pmark=yes pmark.kakuho triggered
persons=0,pmark=yes pmark.sokuho needs_review
persons=2000,pmark=yes pmark.sokuho triggered
persons=1001,entrusted=yes appi.itaku triggered
ddos=yes common.ddos triggered
ransomware=yes common.ransomware triggered
ransomware=yes police.report triggered
malware=yes ipa.virus triggered
unauthorised_access=yes ipa.access triggered
phishing=yes jpcert.report triggered
customers_affected=yes customer.notice triggered
eu_persons=yes gdpr.33 triggered
eu_persons=no gdpr.33 not_triggered
eu_persons=yes gdpr.33.processor needs_review
eu_persons=yes,high_risk=yes gdpr.34 triggered
eu_persons=yes,risk_unlikely=yes gdpr.33 not_triggered
END
is 'whether the key leaked is asked' "$(preview '."appi.sokuho".why | test("unknown: .*the key leaked too")' \
    --aware 2026-04-01 --fact persons=5000 --fact encrypted=yes)" true
is 'the key did not leak' "$(preview '."appi.sokuho".state' --fact persons=5000 --fact encrypted=yes --fact key_leaked=no)" not_triggered
is 'each trigger of Individual Numbers was ruled out' "$(preview '."mynumber.kakuho".state' --fact my_number=100 \
    --fact improper_purpose=no --fact mynumber_system=no --fact mynumber_public=no)" not_triggered
for my_number in yes unknown 100; do
    is "among 100 persons there are no more numbers: $my_number" "$(preview '."mynumber.kakuho".state' --fact persons=100 \
        --fact my_number=$my_number --fact improper_purpose=no --fact mynumber_system=no --fact mynumber_public=no)" not_triggered
done
is 'among how many is told' "$(preview '."mynumber.kakuho".why | contains("more than 100 persons (no. 4) (persons=101)")' \
    --fact persons=101 --fact my_number=yes)" true
is 'the key leaked' "$(preview '."appi.sokuho".state' --fact persons=5000 --fact encrypted=yes --fact key_leaked=yes)" triggered
is 'nobody knows that: the question stays' "$(preview '."appi.sokuho".state' --fact persons=5000 --fact encrypted=yes \
    --fact key_leaked=unknown)" needs_review
is 'nothing known: each named' "$(preview '."appi.sokuho" | [.state, .due_strict, (.why | [scan("\\((?:sensitive|financial_harm|improper_purpose|persons)\\)")] | length)] | tostring' \
    | tr -d ' ')" '["needs_review",null,4]'
is 'hours count from the moment' "$(preview '[."gdpr.33", ."nis2.early", ."nis2.notification", ."nis2.final"] | map(.due_strict) | join(" ")' \
    --aware 2028-01-28T10:00+09:00)" \
    '2028-01-31T01:00:00.000Z 2028-01-29T01:00:00.000Z 2028-01-31T01:00:00.000Z 2028-02-29T01:00:00.000Z'
is 'each says that it is no advice, and its source' \
    "$(preview '[.[] | select((.notice | test("No legal advice")) and (.source | test("^https://")))] | length')" "$(wc -l <"$TMPDIR/out")"
is 'a rule not yet in force is not shown' "$(preview '."common.ddos"' --aware 2025-09-30)" null
is 'behind the calendar nothing is shifted' "$(preview '."appi.kakuho" | [.due_strict, .due_shifted, (.why | test("needs review"))] | tostring' \
    --aware 2028-12-05 --fact persons=2000)" '["2029-01-03",null,true]'
says 'ends on 2028-12-31'
command='case duty'
for date in 2026-02-30 2026-13-01 tomorrow '2026-04-01 25:00' 1969-12-31 9999-01-01 ''; do
    status 2 "no date: $date" preview --aware "$date"
done
status 2 'a misspelt fact' preview --fact persns=3
says 'did you mean persons?'
status 2 'a fact that is none' preview --fact persons
status 2 'a number that is none' preview --fact persons=many
status 2 'a negative one' preview --fact persons=-5
status 2 'a range that goes back' preview --fact persons=9-5
status 0 'words for people' preview --fact persons=2000
prints 'No legal advice'
status 0 'the rules' check
prints 'appi.kakuho'

# Rules of others: what is wrong is named with its line, and what goes round in circles ends.
rule() { # TRIGGER DEADLINE
    printf 'id: own.rule\nversion: 1\nname: {en: Own}\nvalid_from: 2020-01-01\nsource: x\nchecked_on: 2026-01-01\ntrigger: %s\ndeadline: %s\n' \
        "$1" "$2" >"$TMPDIR/rule.yml"
}
rule '{any: [{fact: own, is: blue}]}' '{kind: asap}'
status 0 'an own rule' check "$TMPDIR/rule.yml"
prints 'own.rule'
while IFS='|' read -r trigger deadline why; do
    rule "$trigger" "$deadline"
    status 2 "refused: $trigger $deadline" check "$TMPDIR/rule.yml"
    says "$why"
done <<'END'
{duty: own.rule}|{kind: asap}|circle
{duty: no.such}|{kind: asap}|there is no such duty
{sql: x}|{kind: asap}|rule.yml:7: duty rule: sql
{fact: a, more: 3}|{kind: asap}|more: no key
{fact: a, ">": many}|{kind: asap}|not a number
{all: []}|{kind: asap}|need a list
{fact: a}|{kind: soon}|hard, guide or asap
{fact: a}|{kind: hard, amount: -3, unit: d, calendar: jp}|amount
{fact: a}|{kind: hard, amount: 3, unit: d}|needs a calendar
{fact: a}|{kind: hard, amount: 3, unit: d, calendar: mars}|no such calendar
{fact: a}|[{when: {fact: b}, kind: asap}]|must have no condition
{fact: a, unless_stated: no}|{kind: asap}|a: unless_stated may only
{fact: a, is: no, unless_stated: yes}|{kind: asap}|a: unless_stated may only
{fact: a, ">": 5, unless_stated: 5}|{kind: asap}|a: unless_stated may only
{not: {fact: a, unless_stated: yes}}|{kind: asap}|a: unless_stated may only
{all: [{fact: b}, {not: {any: [{not: {fact: a, unless_stated: no}}]}}]}|{kind: asap}|a: unless_stated may only
{not: {duty: meti.first}}|{kind: asap}|incident: unless_stated may only
{fact: a}|[{when: {fact: b, unless_stated: yes}, kind: asap}, {kind: asap}]|b: unless_stated may only
END
status 4 'a file that is not there' check "$TMPDIR/none.yml"

# A case.
command=''
status 0 'a workspace' init --yes --role lead=田中 --organisation 'T' --zone +09:00
status 0 'a case' case open 'Mail to the wrong list'
command='case'
status 0 'facts' fact set 1 persons=500-1500 sensitive=no financial_harm=no --actor Sato --confidence probable --evidence EV-1
status 0 'another' fact set 1 persons=1200
status 2 'misspelt' fact set 1 persns=3
status 0 'meant so' fact set 1 persns=3 --new
status 2 'awareness is no fact like the others' fact set 1 aware_at=2026-01-01
status 2 'a name with blanks' fact set 1 'a b=3'
status 2 'one wrong fact: none is taken' fact set 1 improper_purpose=no persons=x
hostile=$(printf '=cmd|"<script>\342\200\256\033[31m')
status 0 'a hostile value' fact set 1 "overview=$hostile"
status 0 'the facts' fact list 1
prints '1200'
prints_not "$(printf '\033')"
status 0 'with those before' fact list 1 --history -o jsonl
is 'appended' "$(jq -rs 'map(select(.name == "persons") | .value) | join(" ")' "$TMPDIR/out")" '500-1500 1200'
is 'a value comes back as it was said' "$(jq -r 'select(.name == "overview").value' "$TMPDIR/out")" "$hostile"

status 0 'nobody is aware: no clock' duty 1
prints 'no awareness is recorded'
status 0 'cron has nothing' duty --due
status 2 'awareness by nobody' duty aware 1 now
says '--actor'
status 2 'awareness in the future' duty aware 1 2199-01-01 --actor Tanaka
aware=$(date -u -d '20 days ago' +%Y-%m-%d)
status 0 'C26-3: awareness by a person' duty aware 1 "$aware" --actor Tanaka
duty() { "$IR" case duty 1 -o jsonl | jq -r "select(.id == \"$1\") | $2"; }
is 'C26-3: the date of a case' "$(duty appi.kakuho '[.state, .due_strict] | join(" ")')" "triggered $(date -u -d "$aware + 29 days" +%Y-%m-%d)"
ok 'the case is shown with what waits, also what nobody took up' [ "$("$IR" case show 1 -o jsonl | jq .duties_open)" -gt 5 ]
status 1 'C26-3: cron: the preliminary report is overdue' duty --due
prints 'appi.sokuho'
prints_not 'appi.kakuho'
status 1 'with a look ahead' duty --due --within 12
prints 'appi.kakuho'
status 2 'a decision without reason' duty decide 1 appi.sokuho not_needed --actor Tanaka
status 2 'a decision by nobody' duty decide 1 appi.sokuho not_needed --reason x
status 2 'a decision that is none' duty decide 1 appi.sokuho perhaps --reason x --actor Tanaka
status 2 'of no duty' duty decide 1 appi.sokho not_needed --reason x --actor Tanaka
says 'did you mean appi.sokuho?'
status 0 'C26-3: a decision' duty decide 1 appi.sokuho needed --reason "1,200 persons $hostile" --actor Tanaka
is 'who decided' "$(duty appi.sokuho '[.decision, .decided_by] | join(" ")')" 'needed Tanaka'
status 1 'needed is not done' duty --due
prints 'appi.sokuho'
echo 'the report' >"$TMPDIR/report"
status 0 'sent' duty sent 1 appi.sokuho --receipt R-7 --file "$TMPDIR/report"
is 'with its receipt and digest' "$(duty appi.sokuho '[.decision, .receipt_no, .sent_sha256] | join(" ")')" \
    "sent R-7 $(sha256sum "$TMPDIR/report" | cut -d ' ' -f 1)"
status 4 'a file that is not there' duty sent 1 appi.sokuho --file "$TMPDIR/gone"
status 2 'what was sent needs no decision' duty decide 1 appi.sokuho not_needed --reason x --actor Tanaka
status 0 'not needed' duty decide 1 appi.honnin not_needed --reason 'published instead' --actor Tanaka
for id in appi.itaku mynumber pmark gdpr nis2; do
    status 0 "$id" duty decide 1 $id not_needed --reason 'not ours' --actor Tanaka
done
status 0 'everything due is decided or sent' duty --due
status 0 're-decided' duty decide 1 gdpr.33 needed --reason 'a customer in Paris' --actor Tanaka
status 1 'so it is due again' duty --due
is 'of a regime what nobody decided' "$(duty gdpr.34 .decision) $(duty gdpr.33.processor .decision)" 'not_needed not_needed'
status 2 'both a case and all' duty 1 --due
status 2 'no such case' duty 99
status 0 'every change is in the trail' verify

# Data of the workspace stands beside ours, and replaces what has the same id.
mkdir -p "$IR_HOME/casefiles/duties" && cp "$TMPDIR/rule.yml" "$IR_HOME/casefiles/duties/"
status 2 'a wrong file of the workspace is named' duty 1
says 'casefiles/duties'
sed 's/^last: .*/last: 2025-12-31/; /^  202[678]-/d' casefiles/holidays/jp.yml >"$TMPDIR/jp.yml"
rm "$IR_HOME/casefiles/duties/rule.yml" && mkdir "$IR_HOME/casefiles/holidays" && cp "$TMPDIR/jp.yml" "$IR_HOME/casefiles/holidays/"
status 0 'an old calendar shifts nothing silently' duty 1
says 'ends on 2025-12-31'
plan
