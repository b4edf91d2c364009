#!/bin/sh
# Public rules for Linux and for web servers on raw log lines. tests/render writes lines for each rule out of the
# rule's own text, in several ways (every value of every list is in one of them): audit records, syslog lines, access
# logs. Each rule must fire on one of its lines; where a rule is told not to be able to, `ir rules coverage` must say
# why. Each line once more with one byte of one value changed: then it may not fire.
set -u
: "${IR:?}" "${TMPDIR:?}" "${IR_SHARED:?}" "${B:=build}"
data=$IR_SHARED/data/sigma
if [ ! -d "$data/rules" ]; then
    echo '1..0 # SKIP no rules of the Sigma project'
    echo "# skipped: public rules on raw lines: no $data" >&2
    exit 0
fi
. tests/lib.sh
render=$(cd "$B" && pwd)/render
cd "$TMPDIR" || exit 1

# Rules that several engines would take for rules of plain Linux servers and of web servers.
mkdir rules
find "$data"/rules* -name '*.yml' | LC_ALL=C sort |
    xargs grep -lE '^ +(product: +linux|category: +webserver|(product|service): +(apache|nginx))\b' >list
while IFS= read -r f; do
    cp "$f" "rules/$(grep -c . copied 2>/dev/null)-${f##*/}"
    echo "$f" >>copied
done <list
ok "lines for $(wc -l <list) rules were written" "$render" lines rules
ok '… as many as there are rule files' [ "$(wc -l <lines/rules)" = "$(wc -l <list)" ]

"$IR" scan --no-default-rules --no-anomaly --output jsonl --no-progress --reference-time 2026-11-24 --rules rules \
    lines/hit lines/miss >out 2>err
rc=$?
ok "the scan ends with findings (status $rc)" [ "$rc" = 1 ]
ok '… nothing was damaged or unknown' jq -es '.[-1] | .damaged == 0 and .unrecognised == 0 and .rules.failed == []' out
"$IR" rules coverage --no-default-rules --rules rules --output jsonl --no-progress lines/hit >cover 2>>err
jq -r 'select(.rule) | .rule.id + "\t" + .coverage + " " + (.field // "")' cover | sort >why # ID reason field

# kind, rule, way (and value) of the lines on which the very rule fired
jq -r 'select(.rule) | .rule.id as $rule | .origin[] | "\($rule)/\(.path)"' out |
    awk -F / '$1 == $4 { sub(/\.log$/, "", $5); print $3 "\t" $4 "\t" $5 }' | sort -u >fired
find lines/hit lines/miss -name '*.log' | awk -F / '{ sub(/\.log$/, "", $4); print $2 "\t" $3 "\t" $4 }' | sort -u >written

# The rules that never fired, with what coverage says of them.
cut -f 1 lines/rules | sort -u >ids
awk -F '\t' '$1 == "hit" { print $2 }' fired | sort -u >fire
comm -23 ids fire | join -t "$(printf '\t')" - why >silent
grep -vE '	(no_log_source |field_never_seen [A-Za-z])' silent >unexplained
ok 'a rule that does not fire lacks a log source or a field' lacks '' unexplained
ok "at least 99 of 100 rules fire: $(wc -l <fire) of $(wc -l <ids)" \
    [ $(($(wc -l <fire) * 100)) -ge $(($(wc -l <ids) * 99)) ]
ways=$(grep -c ^hit written)
hits=$(grep -c ^hit fired)
ok "at least 99 of 100 lines fire: $hits of $ways" [ $((hits * 100)) -ge $((ways * 99)) ]
awk -F '\t' 'NR == FNR { if ($1 == "hit") hit[$2 " " $3]; fired[$0]; next }
    $1 == "miss" { split($3, way, "-"); k = $2 " " way[1]; if (k in hit) { seen[k]; if (!($0 in fired)) quiet[k] } }
    END { for (k in seen) if (!(k in quiet)) print k }' fired written | sort >deaf
ok 'every line that fires has a near miss that does not' lacks '' deaf
echo "# $(wc -l <fire) of $(wc -l <ids) rules fire, on $hits of $ways lines; $(grep -c ^miss written) near misses"
cut -f 2 silent | sort | uniq -c | sed 's/^ */# cannot: /'
plan
