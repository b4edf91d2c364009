#!/bin/sh
# What a decision about a duty stands on: facts that nobody stated free from nothing, a decision ends when the case gets
# worse, the clock is not turned back in silence, nothing is "sent" without anything to show for it, and a case is closed
# only when a person spoke about every duty.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
duty() { # CASE DUTY FILTER
    "$IR" case duty "$1" -o jsonl | jq -r "select(.id == \"$2\") | $3"
}
lacks() { # CASE
    "$IR" case close "$1" --no-lesson n --actor T -o jsonl 2>/dev/null | jq -r '"\(.missing) \(.name)"' | sort | tr '\n' ' '
}
workspace --organisation O --role lead=T --zone +09:00
for n in 1 2 3; do status 0 "case $n" open "case $n"; done
before=$(date -u -d '13 days ago' +%Y-%m-%d)
later=$(date -u -d '2 days ago' +%Y-%m-%d)

# C26-4: nobody stated whether the key leaked, nor each trigger of Individual Numbers.
status 0 'facts that free, but one' fact set 1 persons=5000 sensitive=yes encrypted=yes cause=c effect=e my_number=no pmark=no \
    eu_persons=no nis2_entity=no entrusted=no customers_affected=no supplies_infrastructure=no --actor S
is 'C26-4: it is asked, not ruled out' "$(duty 1 appi.sokuho .state)" needs_review
status 1 'C26-4: not closed without a decision' close 1 --no-lesson n --actor T
is 'C26-4: what is missing' "$(lacks 1)" 'duty appi.honnin duty appi.kakuho duty appi.sokuho rest rest '
status 0 'C26-4: the key is safe' fact set 1 key_leaked=no --actor S
is 'C26-4: no rule calls for a duty, and a person still says so' "$(lacks 1)" 'rest rest '
status 1 'C26-4: which names the command' close 1 --no-lesson n --actor T
prints 'duty decide CASE rest not_needed'
status 2 'C26-4: by a named person' duty decide 1 rest not_needed --reason 'strongly encrypted'
status 2 'C26-4: and for a reason' duty decide 1 rest not_needed --actor T
status 2 'C26-4: the rest is never needed' duty decide 1 rest needed --reason x --actor T
status 0 'C26-4: decided' duty decide 1 rest not_needed --reason 'strongly encrypted' --actor T
is 'C26-4: a row for each duty' "$(sqlite3 "$IR_HOME/ir.db" "SELECT count(DISTINCT duty), group_concat(DISTINCT decided_by),
    group_concat(DISTINCT rule_state), sum(length(facts_sha256) = 64) = count(*) FROM duty" | tr '|' ' ')" \
    "$("$IR" case duty 1 -o jsonl | jq -s 'map(select(.voluntary == "no")) | length') T not_triggered 1"
status 0 'C26-4: closed' close 1 --no-lesson n --actor T
status 0 'C26-4: a rest of nothing' duty decide 2 all not_needed --reason 'none is ours' --actor T
is 'C26-4: all is the rest as well' "$(lacks 2)" 'cause cause effect effect '

# C26-3: what was decided when less was known.
command='case duty'
status 0 'awareness' aware 3 "$before" --actor T
"$IR" case fact set 3 persons=100 sensitive=no financial_harm=no improper_purpose=no --actor T
status 0 'not needed' decide 3 appi.sokuho not_needed --reason 'only <100>' --actor T
is 'C26-3: it stands' "$(duty 3 appi.sokuho '"\(.decision) \(.decided_on)"')" 'not_needed not_triggered'
due3() { "$IR" case duty --due -o jsonl | jq -r 'select(.case == "'"$no3"'" and .decision == "stale") | .id' | tr '\n' ' '; }
no3=$(sqlite3 "$IR_HOME/ir.db" "SELECT no FROM incident WHERE title = 'case 3'")
in_report() { "$IR" case report 3 isms --lang "$1" -o md | grep -c "$2"; }
is 'C26-3: nothing is due' "$(due3)" ''
is 'C26-3: nor to be decided anew in a report' "$(in_report en 'to be decided again')" 0
command='case'
status 0 'C26-3: a fact of no duty' fact set 3 overview=x --actor T
is 'C26-3: it stands' "$(duty 3 appi.sokuho .decision)" not_needed
status 0 'C26-3: other facts, which are no worse' fact set 3 persons=200 --actor T
says 'appi.sokuho was decided on other facts'
command='case duty'
is 'C26-3: are no facts that it stands on' "$(duty 3 appi.sokuho '"\(.decision) \(.facts_changed)"')" 'stale yes'
is 'C26-3: cron asks anew' "$(due3)" 'appi.sokuho '
is 'C26-4: so does closing' "$(lacks 3 | grep -c 'stale appi.sokuho')" 1
is 'C26-3: and a report' "$(in_report en 'to be decided again') $(in_report ja 要再判断)" '1 1'
status 0 'C26-3: for people' 3 --lang ja
prints '判断の根拠とした事実が変更され'
"$IR" case fact set 3 persons=100 --actor T
is 'C26-3: as it was, it stands again' "$(duty 3 appi.sokuho .decision)" not_needed
status 0 'C26-3: found needed' decide 3 appi.honnin needed --reason r --actor T
"$IR" case fact set 3 persons=150 --actor T
is 'C26-3: what was found needed is asked anew as well' "$(duty 3 appi.honnin .decision)" stale
command='case'
status 0 'far worse' fact set 3 persons=50000 improper_purpose=yes --actor T
says 'appi.sokuho was found not needed when less was known'
command='case duty'
is 'C26-3: stale now' "$(duty 3 appi.sokuho '"\(.state) \(.decision) \(.decided_by) \(.days_left < 0)"')" 'triggered stale T true'
status 1 'C26-3: cron asks anew' --due
prints 'appi.sokuho'
prints 'decided anew'
status 1 'C26-3: in the language of its reader' --due --lang ja
prints '要再判断'
ok 'C26-4: and so does closing' [ "$(lacks 3 | grep -c 'stale appi.sokuho')" = 1 ]
status 0 'decided on what is known now' decide 3 appi.sokuho not_needed --reason 'the lawyer: no personal data' --actor T
is 'C26-3: it stands again' "$(duty 3 appi.sokuho '"\(.decision) \(.decided_on)"')" 'not_needed triggered'
"$IR" case fact set 3 sensitive=yes --actor T
is 'C26-3: no worse than triggered, and on other facts' "$(duty 3 appi.sokuho .decision)" stale
"$IR" case fact set 3 improper_purpose=unknown persons=unknown sensitive=unknown --actor T
is 'C26-3: nor is less known what it stands on' "$(duty 3 appi.sokuho '"\(.state) \(.decision)"')" 'needs_review stale'

# C26-3: the clock is not turned back in silence.
due=$(duty 3 appi.kakuho .due_strict)
status 2 'C26-3: known only later, for no reason' aware 3 "$later" --actor T
says 'the earliest counts'
is 'C26-3: nothing moved' "$(duty 3 appi.kakuho .due_strict)" "$due"
status 2 'C26-3: a blank is no reason' aware 3 "$later" --reason ' ' --actor T
hostile=$(printf '=cmd|"<b>\342\200\256\033[31m')
status 0 'C26-3: with one' aware 3 "$later" --reason "$hostile" --actor T
is 'C26-3: both are told' "$(duty 3 appi.kakuho '"\(.aware_at) \(.aware_earliest)"')" "$later $before"
is 'C26-3: and why' "$(duty 3 appi.kakuho .aware_reason)" "$hostile"
status 0 'for people' 3
prints "stated before: $before"
prints_not "$(printf '\033')"
status 0 'C26-3: earlier needs none' aware 3 "$before" --actor T

# C26-3: what counts as sent.
status 2 'C26-3: nothing to show for it' sent 3 appi.kakuho --actor T
says 'or a reason why'
status 2 'C26-3: before anybody knew' sent 3 appi.kakuho --receipt R --at 1999-01-01 --actor T
says "before anybody knew: $before"
status 2 'C26-3: a day before' sent 3 appi.kakuho --receipt R --at "$(date -u -d "$before - 1 day" +%Y-%m-%d)" --actor T
status 2 'in the future' sent 3 appi.kakuho --receipt R --at 2199-01-01 --actor T
status 2 'no date' sent 3 appi.kakuho --receipt R --at 2026-02-30 --actor T
status 2 'C26-3: nobody is known to know' sent 2 appi.kakuho --receipt R --actor T
says 'duty aware'
status 0 'nobody must: a desk may be told at any time' sent 2 police.report --reason 'by telephone' --actor T
is 'C26-3: nothing was recorded' "$(duty 3 appi.kakuho .decision)" null
status 0 'C26-3: with a receipt, by the clock of the organisation' sent 3 appi.kakuho --receipt R-1 --at "$later 08:00" --actor T
is 'C26-3: in UTC' "$(duty 3 appi.kakuho .sent_at)" "$(date -u -d "$later - 1 day" +%Y-%m-%d)T23:00:00.000Z"
echo x >"$TMPDIR/file"
status 0 'the file later' sent 3 appi.kakuho --file "$TMPDIR/file" --actor T
is 'C26-3: the time and the receipt stay' "$(duty 3 appi.kakuho '"\(.receipt_no) \(.sent_at) \(.sent_sha256 | length)"')" \
    "R-1 $(date -u -d "$later - 1 day" +%Y-%m-%d)T23:00:00.000Z 64"
status 2 'C26-3: another time needs a reason' sent 3 appi.kakuho --at "$before 12:00" --actor T
status 0 'C26-3: with one' sent 3 appi.kakuho --at "$before 12:00" --reason 'the mail says so' --actor T
is 'C26-3: which is kept' "$(duty 3 appi.kakuho .sent_reason)" 'the mail says so'
status 0 'C26-3: a reason for neither' sent 3 appi.honnin --reason 'by letter' --actor T
# C26-3: the zone is that of the organisation, not of the machine, with a case and without.
hours() { # ARGUMENTS...
    "$IR" case duty preview --aware 2026-01-31 -f eu_persons=yes -f nis2_entity=yes -f significant_incident=yes -o jsonl "$@" |
        jq -rs 'map({(.id): .due_strict}) | add | "\(."gdpr.33") \(."nis2.early")"'
}
is 'C26-3: hours from midnight there' "$(hours)" '2026-02-02T15:00:00.000Z 2026-01-31T15:00:00.000Z'
is 'C26-3: as of a case' "$("$IR" case duty aware 2 2026-01-31 --actor T >/dev/null; duty 2 gdpr.33 .due_strict)" 2026-02-02T15:00:00.000Z
is 'C26-3: without a workspace' "$(IR_HOME=$TMPDIR/none hours)" '2026-02-02T15:00:00.000Z 2026-01-31T15:00:00.000Z'
is 'C26-3: or as is said' "$(hours --zone UTC)" '2026-02-03T00:00:00.000Z 2026-02-01T00:00:00.000Z'
status 2 'no zone' preview --zone Mars
command='case'
status 0 'C26-1: what was done at ten there' act 2 --action 'pulled the plug' --at '2026-11-20 10:00' --actor T
is 'C26-1: was done at one in UTC' "$(sqlite3 "$IR_HOME/ir.db" 'SELECT at FROM act')" 2026-11-20T01:00:00.000Z
status 0 'C28-4: every change is in the trail' verify
plan
