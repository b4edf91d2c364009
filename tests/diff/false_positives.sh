#!/bin/sh
# What fires at level high or critical on public logs: exactly the rows of the table in the README, each of which
# somebody has looked at. Our own rules, and the public ones for Linux and for web servers. A new row here is to be
# judged: mend the rule when it is wrong, and write down in the README what it is when it is right. Data that is not
# what was judged is skipped.
set -u
: "${IR:?}" "${TMPDIR:?}" "${IR_SHARED:?}"
data=$IR_SHARED/data
if [ ! -d "$data/loghub" ] || [ ! -d "$data/sigma/rules" ]; then
    echo '1..0 # SKIP no public logs, or no public rules'
    echo "# skipped: false positives on public logs: no $data/loghub or $data/sigma" >&2
    exit 0
fi
. tests/lib.sh

find "$data"/sigma/rules* -name '*.yml' | LC_ALL=C sort |
    xargs grep -lE '^ +(product: +linux|category: +webserver|(product|service): +(apache|nginx))\b' >"$TMPDIR/list"
mkdir "$TMPDIR/public"
cat -n "$TMPDIR/list" | while read -r number f; do
    cp "$f" "$TMPDIR/public/$number-${f##*/}"
done
fired() { # RULES DATA: level | title | whose | data | records
    "$IR" scan --no-default-rules --no-anomaly --output jsonl --no-progress --reference-time 2026-11-20 \
        --min-level high --rules "$1" "$data/$2" 2>"$TMPDIR/err" |
        jq -r 'select(.rule) | "\(.rule.level) | \(.rule.title)\t\(.count)"' |
        awk -F '\t' -v end=" | $3 | $2" '{ n[$1] += $2 } END { for (k in n) print "| " k end " | " n[k] " |" }'
}
while read -r sum set; do
    got=$(find "$data/$set" -type f | LC_ALL=C sort | xargs -d '\n' cat | cksum)
    if [ "$sum" != "${got%% *}" ]; then
        skip "$set" "other data than was judged (${got%% *})"
        continue
    fi
    { fired rules "$set" ours && fired "$TMPDIR/public" "$set" public; } | sort >"$TMPDIR/got"
    grep -E "^[|] (high|critical) [|] .* [|] $set [|]" README.md | sed -E 's/^(([|][^|]*){5}[|]).*/\1/' | sort >"$TMPDIR/want"
    ok "$set: what the README tells ($(wc -l <"$TMPDIR/got") rules)" diff "$TMPDIR/want" "$TMPDIR/got"
done <<'END'
708378981 loghub
527207306 web
1822715392 auditd
897281478 journal
276953753 fail2ban
3931597218 crowdsec
END

# The example of a filter silences what it was written for, and that only.
mkdir "$TMPDIR/filter"
cp rules/filters/audit_editing.yml.example "$TMPDIR/filter/editing.yml"
"$IR" scan --no-default-rules --no-anomaly --output jsonl --no-progress --reference-time 2026-11-20 --min-level high \
    --rules "$TMPDIR/public" --rules "$TMPDIR/filter" "$data/auditd" >"$TMPDIR/out" 2>"$TMPDIR/err"
ok 'the filter against edited audit rules is read without a word' [ ! -s "$TMPDIR/err" ]
ok '… and silences them' jq -es 'all(.[]; .rule == null)' "$TMPDIR/out"
plan
