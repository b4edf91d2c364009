#!/bin/sh
# One incident from the scan to the last report, in English and in Japanese: what one command leaves, the next finds.
# The README tells the same; here it is looked at what each step left behind.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
unset IR_RULES
command=''
scan() { "$IR" scan tests/e2e/incident/logs --rules rules --no-default-rules --reference-time 2026-11-20 --output jsonl; }
first() { # TABLE: the number of its first row
    sqlite3 -readonly "$IR_HOME/ir.db" "SELECT no FROM $1 ORDER BY no LIMIT 1"
}
alert() { # RULE'S TITLE: the number of the alert
    sqlite3 -readonly "$IR_HOME/ir.db" "SELECT no FROM alert WHERE title LIKE '$1%'"
}

story() { # LANGUAGE LEAD REPORT TITLE REASON SENT WHY RULE OTHERS
    lang=$1 lead=$2
    IR_HOME=$TMPDIR/$lang
    export IR_HOME
    status 0 "$lang: a workspace" init --yes --organisation 'Example <Shop>' --language "$lang" --zone +09:00 \
        --role "lead=$lead" --role chief=Mori --role first=Sato
    scan >"$TMPDIR/findings"
    status 0 "$lang: the findings are filed" case alerts file "$TMPDIR/findings" -o jsonl
    is "$lang: all of them" "$(jq .filed "$TMPDIR/out")" "$(grep -c '"ir.kind":"finding"' "$TMPDIR/findings")"
    status 0 "$lang: again" case alerts file "$TMPDIR/findings" -o jsonl
    is "$lang: none is new" "$(jq .filed "$TMPDIR/out")" 0
    status 1 "$lang: they wait" case alerts --lang "$lang"
    status 0 "$lang: a report" case event add "$3" --reporter Hana
    event=$(first event)
    status 0 "$lang: is an incident" case decide "$event" -O incident -c customers -m "$5" --title "$4" -k intrusion --actor "$lead"
    no=$(first incident)
    status 0 "$lang: findings of the same" case decide "$(alert 'Reverse shell')" "$(alert 'A web shell was')" -O incident \
        --case "$no" -m "$5" --actor "$lead"
    status 0 "$lang: a playbook" case playbook apply "$no" --lang "$lang"
    status 0 "$lang: the first-response record" case first-response "$no" trigger="$3" secured=yes --actor Sato
    status 1 "$lang: nothing is recovered without evidence" case phase "$no" recover --step restore --lang "$lang"
    status 0 "$lang: evidence" evidence collect tests/e2e/incident/logs -c "$no" -i 1 --unsigned -a Sato -p office -r "$4" \
        --no-witness alone
    status 0 "$lang: linked" case evidence link "$no" --lang "$lang"
    item=$(first_item)
    status 0 "$lang: the timeline" case timeline import "$no" --from "$TMPDIR/findings" --evidence "$item"
    status 0 "$lang: an indicator" case ioc add "$no" 203.0.113.77
    status 0 "$lang: a machine" case asset add "$no" web01 --role victim
    status 0 "$lang: what was done" case act "$no" --action "$4" --target web01 --actor Sato
    status 0 "$lang: known since" case duty aware "$no" 2026-11-18 --actor "$lead"
    status 0 "$lang: facts" case fact set "$no" personal_data=yes persons=1000-1200 improper_purpose=yes "overview=$3" \
        --confidence probable --evidence "$item"
    status 0 "$lang: the duties" case duty "$no" -o jsonl
    is "$lang: 速報 by the strict date" "$(jq -r 'select(.id == "appi.sokuho").due_strict' "$TMPDIR/out")" 2026-11-22
    is "$lang: 確報 after 60 days" "$(jq -r 'select(.id == "appi.kakuho").due_strict' "$TMPDIR/out")" 2027-01-16
    status 0 "$lang: the preliminary report" case report "$no" ppc-sokuho --out "$TMPDIR/sokuho.html"
    ok "$lang: … a word or two in a cell are not torn apart" grep -qE '<td class=n dir=auto>(probable|推定)</td>' "$TMPDIR/sokuho.html"
    ok "$lang: … in its language" grep -q "<html lang=$lang>" "$TMPDIR/sokuho.html"
    status 0 "$lang: sent" case duty sent "$no" appi.sokuho --receipt R-1 --file "$TMPDIR/sokuho.html" --actor "$lead"
    is "$lang: the digest of what was sent is that of what is kept" \
        "$("$IR" case duty "$no" -o jsonl | jq -r 'select(.id == "appi.sokuho").sent_sha256')" \
        "$("$IR" case report list "$no" -o jsonl | jq -r 'select(.kind == "ppc-sokuho").sha256')"
    status 0 "$lang: recovery is open now" case phase "$no" recover --step restore
    status 1 "$lang: not closed yet" case close "$no" --lang "$lang"
    status 0 "$lang: cause and effect" case fact set "$no" "cause=$4" "effect=$5" "summary=$3" --confidence confirmed
    status 0 "$lang: a lesson" case lesson add "$no" "$5" --cost 50000 --due 2027-01-31 --owner Sato --control 8.5
    status 0 "$lang: the other duties" case duty decide "$no" all not_needed --reason "$5" --actor "$lead"
    status 0 "$lang: closed" case close "$no" --actor "$lead"
    status 0 "$lang: the page of the case" case show "$no" --lang "$lang"
    status 0 "$lang: the report to the management" case report "$no" management -o md
    prints "$3"
    prints "$6"
    status 0 "$lang: the technical report" case report "$no" technical -o md
    prints "$7"
    prints "$8"
    ok "$lang: … without columns that say nothing" [ "$(grep -cE 'Clock ± s|時計誤差' "$TMPDIR/out")" = 0 ]
    ok "$lang: … nor without those that do" grep -q 'ATT&CK' "$TMPDIR/out"
    ok "$lang: … and nothing in another language" [ "$(grep -cE "$9" "$TMPDIR/out")" = 0 ]
    status 0 "$lang: the evidence for an audit" case report "$no" isms -o md
    ok "$lang: … names the alerts that were taken up" grep -qE "ALR-2026-[0-9]+ $8" "$TMPDIR/out"
    status 0 "$lang: the police are told what shows each event, and who had it" case report "$no" police -o md
    ok "$lang: … the exhibit beside each entry" [ "$(grep -cE 'logs/.*\| [^|]*-001-01 \|$' "$TMPDIR/out")" = \
        "$(grep -c '"ir.kind":"finding"' "$TMPDIR/findings")" ]
    ok "$lang: … from collecting to sealing" [ "$(grep -cE '^\| [1-3] \| .* \| Sato<br>' "$TMPDIR/out")" = 3 ]
    status 0 "$lang: everything as JSON" case export "$no" --out "$TMPDIR/case.json"
    ok "$lang: … with all that was recorded" jq -e '[.. | strings | select(. == "203.0.113.77")] | length > 0' "$TMPDIR/case.json"
    status 0 "$lang: C28-1: the evidence is whole" evidence verify --case "$no"
    log=$IR_HOME/evidence/$no/custody/log.jsonl
    ok "$lang: C28-1: source, who, with what, by which clock, from when to when" jq -es 'any(.[]; .event == "collect" and
        .actor.name == "Sato" and .place == "office" and .tool.version and .tool.command and .clock.source and .start and
        .time_utc and .bytes > 0)' "$log"
    ok "$lang: C28-1: two digests of each file" [ "$(wc -l <"$IR_HOME/evidence/$no/$item/manifest-sha512.txt")" = \
        "$(wc -l <"$IR_HOME/evidence/$no/$item/manifest-sha256.txt")" ]
    ok "$lang: C28-2: from collecting to sealing, by whom and why" jq -es 'map(select(.reason and .actor.name)) | map(.event) |
        index("collect-begin") < index("collect") and index("collect") < index("seal")' "$log"
    status 0 "$lang: the database is whole" case verify -o jsonl
    ok "$lang: … and held against the custody log" [ "$(jq .anchors "$TMPDIR/out")" -ge 3 ]
}
first_item() { "$IR" case evidence list "$no" -o jsonl | jq -r .item; }

story en Tanaka 'orders.tgz lay in the upload directory' 'Break-in at web01' 'orders of customers left the house' '| sent |' '<br>event.action' 'Reverse shell' '検知の根拠'
story ja 田中 'アップロード先に注文データの圧縮ファイルがある' 'web01への不正アクセス' '顧客の注文データが持ち出された' '| 提出済み |' \
    '検知の根拠(原文): ' 'リバースシェル' '(SSH log-in|Reverse shell|A user was made)( [a-z ]*)?(<br>| \|)'
plan
