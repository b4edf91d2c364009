#!/bin/sh
# Our own rules: they load without a word, their samples pass, every reporting rule fires in a sample of its file, ids are
# UUIDs and unique, and each rule says what to do next.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
empty() { # FILE: shows what should not be there
    cat "$1"
    [ ! -s "$1" ]
}
now=2026-11-20

"$IR" rules check --quiet rules >"$TMPDIR/check" 2>&1
ok 'all rules load, without a warning' empty "$TMPDIR/check"
ok 'all samples pass, and no rule file is without' \
    "$IR" rules test --quiet --require-samples --reference-time "$now" rules

mkdir "$TMPDIR/examples"
for f in rules/filters/*.yml.example; do
    if grep -q '^# Public rule' "$f"; then continue; fi # its rule is not here: tests/diff/false_positives.sh
    cp "$f" "$TMPDIR/examples/$(basename "$f" .example)"
done
"$IR" rules check --quiet rules "$TMPDIR/examples" >"$TMPDIR/check" 2>&1
ok 'the example filters load, and their rules are there' empty "$TMPDIR/check"
find rules -name '*.yml' ! -name '*settings.yml' ! -path 'rules/formats/*' | while read -r f; do
    ls "${f%.yml}".nomatch.* >/dev/null 2>&1 || echo "$f"
done >"$TMPDIR/bare"
ok 'each file has a near miss' empty "$TMPDIR/bare"

# One line a document: file, id, level, whether it reports by itself, whether it has next, title
find rules -name '*.yml' ! -name '*settings.yml' ! -path 'rules/formats/*' -exec awk '
    function out() {
        if (title != "") printf "%s\t%s\t%s\t%s\t%s\t%s\n", file, id, level, reports, has_next, title
        title = id = level = ""; reports = "reports"; has_next = "no"
    }
    FNR == 1 || /^---/ { out(); file = FILENAME }
    /^title: / { title = substr($0, 8) }
    /^id: / { id = $2 }
    /^level: / { level = $2 }
    /^next: / { has_next = "next" }
    /not reported by itself/ { reports = "silent" }
    END { out() }' {} + | sort >"$TMPDIR/rules"
ok 'there are rules' [ -s "$TMPDIR/rules" ]
cut -f 2 "$TMPDIR/rules" | sort | uniq -d >"$TMPDIR/twice"
ok 'no id twice' empty "$TMPDIR/twice"
cut -f 2 "$TMPDIR/rules" |
    grep -Ev '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' >"$TMPDIR/odd"
ok 'every id is a random UUID' empty "$TMPDIR/odd"
awk -F '\t' '$3 == "" || ($4 == "reports" && $5 == "no")' "$TMPDIR/rules" >"$TMPDIR/mute"
ok 'every rule has a level, and says what to do next' empty "$TMPDIR/mute"

# A file's samples must between them make each of its reporting rules speak; with all rules loaded, because
# correlations may refer to other files.
# NAME.settings.yml has the settings of NAME.yml's samples.
spoken() {
    for sample in $(find rules -name '*.match.*' | sort); do
        settings=${sample%.match.*}.settings.yml
        [ -f "$settings" ] || settings=rules/settings.yml
        zone=$(sed -n "s/^ *zone: '\([^']*\)'.*/\1/p" "$settings")
        "$IR" scan "$sample" --zone "${zone:-UTC}" --values "$settings" --no-default-rules --no-anomaly --rules rules --reference-time "$now" --output jsonl --no-progress |
            jq -r --arg file "${sample%.match.*}.yml" \
                'select(."ir.kind" == "finding") | $file + "\t" + .rule.id'
    done | sort -u
}
if sanitized; then
    skip 'every reporting rule fires in a sample of its file' 'for the plain build: it loads all rules for each sample'
else
    spoken >"$TMPDIR/spoke"
    awk -F '\t' 'NR == FNR { spoke[$1 "\t" $2]; next } $4 == "reports" && !(($1 "\t" $2) in spoke)' \
        "$TMPDIR/spoke" "$TMPDIR/rules" >"$TMPDIR/never"
    ok 'every reporting rule fires in a sample of its file' empty "$TMPDIR/never"
fi

# Search before parsing may not change what the samples give. All in one scan: loading the rules takes longer.
find rules -name '*.match.*' -o -name '*.nomatch.*' | sort >"$TMPDIR/samples"
for filter in --threads=2 --no-prefilter; do
    # shellcheck disable=SC2046 # the names are ours, without blanks
    "$IR" scan $(cat "$TMPDIR/samples") --no-default-rules --no-anomaly --rules rules --reference-time "$now" --output jsonl \
        --no-progress "$filter" | jq -c 'del(.elapsed_s)' >"$TMPDIR/with$filter"
done
ok 'there are samples, and they are read' [ "$(tail -n 1 "$TMPDIR/with--threads=2" | jq .inputs)" -gt 200 ]
ok 'the prefilter changes nothing' cmp "$TMPDIR/with--threads=2" "$TMPDIR/with--no-prefilter"
plan
