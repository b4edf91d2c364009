#!/bin/sh
# ir audit: which controls are in operation by the records, what is missing, and the forms of 9.1 to 9.3 filled in.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/case.sh
grep() { command grep -a "$@"; }
points() { "$IR" audit -o jsonl "$@" >"$TMPDIR/out"; }
point() { # CONTROL FIGURE
    jq -r "select(.control == \"$1\" and .figure == \"$2\") | [.result, .value, .of] | map(tostring) | join(\" \")" "$TMPDIR/out"
}
command='audit'
status 2 'no workspace'
command=''
status 0 'a workspace' init --yes --zone +09:00 --organisation '<b>株式会社</b>' --role lead=田中
command='audit'
status 1 'C19-1: much is missing' --lang ja
prints 'ir case role set chief'
points
is 'C19-1: every control has its points' "$(jq -r .control "$TMPDIR/out" | sort -u | tr '\n' ' ')" \
    '5.24 5.25 5.26 5.27 5.28 6.8 8.15 8.16 8.17 '
is 'C24-2: one role of three' "$(point 5.24 roles_held)" 'bad 1 3'
is 'C24-1: no contact was verified' "$(point 5.24 contacts_fresh | cut -d ' ' -f 1,2)" 'bad 0'
is 'C24-4: no exercise' "$(point 5.24 exercises)" 'bad 0 null'
is 'no case: nothing to measure' "$(point 5.26 logged)" 'none null null'
# That nothing is late shows nothing where nothing was ever due.
for figure in 5.25:waiting 5.26:duties_late 5.26:tasks_late 5.27:lessons_late 5.27:causes_again 8.15:reviews_late \
    8.15:gaps 8.15:silent 8.17:clocks_off; do
    is "C19-1: no record is no good record: $figure" "$(point "${figure%:*}" "${figure#*:}" | sort -u)" 'none null null'
done
is 'C15-3: no log review' "$(point 8.15 review.log)" 'bad 0 null'

command='case'
status 0 'roles' role set chief 社長
status 0 'and the third' role set first 佐藤
status 0 'a deputy' role set lead 鈴木 --deputy
for no in $("$IR" case contact list -o jsonl | jq -r .no); do
    "$IR" case contact verified "$no" >/dev/null || echo "# contact $no"
done
status 0 'an exercise' review add -k exercise --result '机上演習: 全員参加' --every 1y
status 0 'a report' event add '=cmd|/c calc' --noticed "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
status 0 'is decided' decide "$("$IR" case event list -o jsonl | jq -r .no)" --outcome incident --level large --reason x --actor 田中 --title '<script>alert(1)</script>'
status 0 'its response' act 1 --action isolate --target fs1
status 0 'a lesson that is not whole' lesson add 1 "$(printf '=HYPERLINK("x") \342\200\256\033[31m')" --due 2020-01-01
from=$(date -u -d '-1 day' +%Y-%m-%dT%H:%M:%SZ)
status 0 'a log review' review add -s web01 --from "$from" --to now --findings 3 --records 100 --every 1d
status 0 'a silent source' review add -s fw1 --from "$from" --to now --findings 0 --records 0
status 0 'a clock that is off' review add -k clock -s web01 --offset 75
points
is 'C24-2: all roles' "$(point 5.24 roles_held)" 'good 3 3'
is 'C24-1: contacts verified' "$(point 5.24 contacts_fresh | cut -d ' ' -f 1,2)" 'good 100'
is 'C24-4: exercised' "$(point 5.24 exercises)" 'good 1 null'
is 'C24-3: the case keeps no playbook' "$(point 5.24 playbooks)" 'bad 0 1'
is 'C25-1: assessed' "$(point 5.25 assessed)" 'good 100 1'
is 'C26-1: the response is logged' "$(point 5.26 logged)" 'good 100 1'
is 'C27-1: a measure without cost and owner' "$(point 5.27 lessons_whole)" 'bad 0 1'
is 'C27-1: and late' "$(point 5.27 lessons_late)" 'bad 1 1'
is 'C68-1: reported' "$(point 6.8 reports)" 'good 1 null'
is 'C15-1: a silent source' "$(point 8.15 silent)" 'bad 1 2'
is 'C15-3: no date for the next review of one' "$(point 8.15 reviews_planned)" 'bad 50 2'
is 'C16-1: no baseline' "$(point 8.16 review.baseline)" 'bad 0 null'
is 'C17-1: one clock of two measured' "$(point 8.17 clocks_measured)" 'bad 50 2'
is 'C17-1: and off' "$(point 8.17 clocks_off)" 'bad 1 1'
# C27-1: each of the four parts is asked for.
id=$(sqlite3 "$IR_HOME/ir.db" 'SELECT no FROM lesson LIMIT 1')
status 0 'all but the cost' lesson change 1 "$id" --owner 田中 --due 2020-01-01
points
is 'C27-1: a measure without cost alone' "$(point 5.27 lessons_whole)" 'bad 0 1'
status 0 'the cost' lesson change 1 "$id" --cost 0
points
is 'C27-1: whole' "$(point 5.27 lessons_whole)" 'good 100 1'
# C15-1: hours that no review covers.
status 0 'the next hours' review add -s web01 --from "$(date -u -d '-30 minutes' +%Y-%m-%dT%H:%M:%SZ)" --to now --records 5
points
is 'C15-1: no gap' "$(point 8.15 gaps)" 'good 0 1'
status 0 'long before' review add -s web02 --from 2026-01-01 --to 2026-01-02 --records 5
status 0 'and long after' review add -s web02 --from 2026-01-05 --to 2026-01-06 --records 5
points
is 'C15-1: three days that nobody looked at' "$(point 8.15 gaps)" 'bad 1 2'
# C26-3: a duty that the rules call for is late also when nobody ever touched it.
is 'C26-3: nothing is due yet' "$(point 5.26 duties_late)" 'none null null'
status 0 'known for long' duty aware 1 "$(date -u -d '-80 days' +%Y-%m-%d)" --actor 田中
status 0 'of many' fact set 1 persons=5000 improper_purpose=no sensitive=no financial_harm=no --actor 田中
late=$("$IR" case duty 1 -o jsonl | jq -r 'select(.due_strict != null and .state == "triggered" and .days_left < 0) | .id' | wc -l)
points
ok "C26-3: at least the $late that were never sent" [ "$(point 5.26 duties_late | cut -d ' ' -f 2)" -ge "$late" ]
is 'C26-3: so it is bad' "$(point 5.26 duties_late | cut -d ' ' -f 1)" bad
points --from 2020-01-01 --to 2020-12-31
is 'another period: nothing to measure' "$(point 5.26 logged)" 'none null null'

# The forms, with the columns of the Tokyo text.
command='audit'
status 1 'C19-1: the effectiveness table' --kind effectiveness -o csv --lang ja --bom
is 'C19-1: its columns' "$(head -n 1 "$TMPDIR/out" | sed 's/^\xef\xbb\xbf//' | tr -d '\r')" \
    '情報セキュリティ目的,評価指標,実施事項,必要な資源,責任者,達成期限,評価方法,評価日,評価結果,備考'
is 'C19-1: who holds the role answers' "$(grep -c ',田中,' "$TMPDIR/out")" 3
status 1 'C19-1: the audit checklist' --kind checklist -o csv --lang ja
is 'C19-1: its columns' "$(head -n 1 "$TMPDIR/out" | tr -d '\r')" '監査項目,チェック事項,確認結果,文書類'
ok 'no cell begins a formula' lacks ',=' "$TMPDIR/out"
status 1 'C19-1: the management review' --kind management-review -o md --lang ja
for heading in 不適合及び是正処置 監視及び測定の結果 監査・レビュー・演習の結果 情報セキュリティ目的の達成状況; do
    prints "$heading"
done
prints '机上演習'
status 1 'in English' --kind management-review -o md --lang en
prints 'Nonconformities and corrective actions'
status 1 'the effectiveness table on a page' --kind effectiveness -o html --lang ja --to 2100-01-01T20:00:00Z --out "$TMPDIR/page.html"
ok '… across' grep -qF '@page{size:A4 landscape}' "$TMPDIR/page.html"
ok '… which its policy allows' [ "$(grep -oE "'sha256-[^']+'" "$TMPDIR/page.html" | wc -l)" = 2 ]
ok "… of the organisation's day" grep -qF '<title>2100-01-02 ISMS有効性評価表' "$TMPDIR/page.html"
ok '… all of whose columns a screen of 1200 has room for' grep -qF '.g{min-width:8em}' "$TMPDIR/page.html"
if ! sanitized && command -v chromium >/dev/null && command -v pdfinfo >/dev/null; then
    chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --user-data-dir="$TMPDIR/chromium" \
        --print-to-pdf="$TMPDIR/page.pdf" "$TMPDIR/page.html" >/dev/null 2>"$TMPDIR/err"
    ok '… on one sheet, with the lines to be signed' sh -c "pdfinfo '$TMPDIR/page.pdf' | grep -q '^Pages: *1$'"
else
    skip 'the sheets of the form' 'no chromium or pdfinfo, or for the plain build'
fi
# What the overview counts in words is what its tables hold.
command=''
status 1 'the points as data' audit -o jsonl
told="$(jq -r 'select(.list == "checks" and .result == "bad") | .ask' "$TMPDIR/out" | wc -l) of the $(jq -r 'select(.list == "checks" and .result != "none") | .ask' "$TMPDIR/out" | wc -l) points"
command='audit'
status 1 'the overview in words' -o md --lang en
prints "$told that can be measured are not met"
prints 'measured objectives are missed'
status 1 'a page' -o html --out "$TMPDIR/page.html"
ok 'upright' lacks landscape "$TMPDIR/page.html"
ok 'without a script' lacks '<script' "$TMPDIR/page.html"
ok 'the organisation is text' lacks '<b>' "$TMPDIR/page.html"
status 1 'a page of the review' --kind management-review -o html --out "$TMPDIR/page.html"
ok 'nothing hides in it' lacks "$(printf '\342\200\256')" "$TMPDIR/page.html"
status 1 'for a spreadsheet' --kind management-review -o csv
ok 'a formula is text' grep -q "'=HYPERLINK" "$TMPDIR/out"
for kind in overview effectiveness checklist management-review; do
    status 1 "$kind as data" --kind $kind -o jsonl
    ok "$kind: each line is JSON" jq -e . "$TMPDIR/out"
    status 1 "$kind for people" --kind $kind
done
status 2 'a period that ends before it begins' --from 2026-02-01 --to 2026-01-01

# Every command that the controls name is one.
"$IR" completion commands >"$TMPDIR/commands"
cat casefiles/controls/*.yml | grep -oE 'ir (case|evidence|audit|scan|init|stats)( [a-z][a-z-]*)*' | sort -u >"$TMPDIR/named"
while read -r _ words; do
    while [ -n "$words" ] && ! grep -qxF "$words" "$TMPDIR/commands"; do
        case $words in *' '*) words=${words% *} ;; *) words= ;; esac
    done
    ok "a command: $words" [ -n "$words" ]
done <"$TMPDIR/named"

# Controls of one's own, and what is wrong in one.
mkdir -p "$IR_HOME/casefiles/controls"
own=$IR_HOME/casefiles/controls/own.yml
control() { # CHECK
    printf 'id: "8.13"\nversion: 1\ntitle: Backup\nchecks:\n  - {%s}\n' "$1" >"$own"
}
control 'figure: changes, want: ">= 1", ask: Restored?, records: Log, missing: Restore'
points
is 'a control of one'\''s own' "$(point 8.13 changes | cut -d ' ' -f 1)" good
for bad in 'figure: nothing, want: ">= 1", ask: a, records: b, missing: c' \
    'figure: changes, want: ">> 1", ask: a, records: b, missing: c' \
    'figure: changes, want: ">= 1", ask: a, records: b' \
    'figure: changes, want: ">= 1", ask: a, records: b, missing: c, sql: "DROP TABLE audit"' \
    "figure: time.', want: '= 1', ask: a, records: b, missing: c"; do
    control "$bad"
    status 2 "refused: $bad"
    says 'own.yml:5:'
done
rm "$own"
plan
