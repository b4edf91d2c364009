#!/bin/sh
# Layers for the ATT&CK Navigator, of a scan and of the rules' coverage, against the keys of layer format 4.5.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
top=$PWD
cd "$TMPDIR" || exit 1
mkdir rules
cat >rules/r.yml <<'END'
title: A "first" word
id: 3c2f8d51-44a5-4b43-9f2e-6a5a9d0c7e01
title_ja: 最初の単語
logsource: {category: webserver}
detection: {keywords: [FIRSTWORD], condition: keywords}
level: high
tags: [attack.initial-access, attack.t1190, attack.T1059.004, attack.t1190]
---
title: Second word
id: 3c2f8d51-44a5-4b43-9f2e-6a5a9d0c7e02
logsource: {category: webserver}
detection: {keywords: [SECONDWORD], condition: keywords}
level: critical
tags: [attack.t1190]
---
title: A word without a technique
id: 3c2f8d51-44a5-4b43-9f2e-6a5a9d0c7e03
logsource: {category: webserver}
detection: {keywords: [FIRSTWORD], condition: keywords}
level: low
tags: [attack.g0032, attack.s0002, attack.t119, attack.t1190.1, 'attack.t11900000', "attack.t1190\"</script>"]
---
title: Windows only
id: 3c2f8d51-44a5-4b43-9f2e-6a5a9d0c7e04
logsource: {product: windows, category: process_creation}
detection: {s: {CommandLine|contains: x}, condition: s}
level: medium
tags: [attack.t1003, attack.t1190]
---
title: Waits
id: 3c2f8d51-44a5-4b43-9f2e-6a5a9d0c7e05
logsource: {category: webserver}
detection: {s: {cs-host|expand: '%nowhere%'}, condition: s}
level: medium
tags: [attack.t1133]
---
title: A cookie is missing
id: 3c2f8d51-44a5-4b43-9f2e-6a5a9d0c7e06
logsource: {category: webserver}
detection: {s: {cs-cookie|contains: x}, condition: s}
level: medium
tags: [attack.t1539]
---
title: Only counted
id: 3c2f8d51-44a5-4b43-9f2e-6a5a9d0c7e07
name: counted
logsource: {category: webserver}
detection: {keywords: [THIRDWORD], condition: keywords}
tags: [attack.t1498]
---
title: Counting
id: 3c2f8d51-44a5-4b43-9f2e-6a5a9d0c7e08
correlation: {type: event_count, rules: [counted], group-by: [source.ip], timespan: 1h, condition: {gte: 2}}
level: low
tags: [attack.t1498]
END
for i in 1 2 3; do
    printf '192.0.2.%s - - [18/Nov/2026:00:00:0%s +0000] "GET /FIRSTWORD HTTP/1.1" 200 5 "-" "x"\n' $((i % 2)) "$i"
done >web.log
printf '192.0.2.9 - - [18/Nov/2026:00:00:09 +0000] "GET /SECONDWORD?<b>\\x00 HTTP/1.1" 200 5 "-" "x"\n' >>web.log

# The keys of the format, their types, and nothing that is not documented.
cat >format.jq <<'END'
def keys_in($known): (keys - $known) == [];
def colour: test("^#[0-9a-f]{6}$");
type == "object" and keys_in(["name", "versions", "domain", "description", "filters", "sorting", "layout", "hideDisabled",
    "techniques", "gradient", "legendItems", "showTacticRowBackground", "tacticRowBackground",
    "selectTechniquesAcrossTactics", "selectSubtechniquesWithParent", "selectVisibleTechniques", "metadata", "links"])
and (.name | type == "string" and length > 0) and .versions == {"layer": "4.5"} and .domain == "enterprise-attack"
and (.description | type) == "string" and ([.sorting] | inside([0, 1, 2, 3]))
and (.layout | keys_in(["layout", "aggregateFunction", "showID", "showName", "showAggregateScores", "countUnscored",
    "expandedSubtechniques"])) and ([.layout.layout] | inside(["side", "flat", "mini"]))
and ([.layout.expandedSubtechniques] | inside(["all", "annotated", "none"]))
and (.hideDisabled | type) == "boolean"
and (.techniques | type) == "array" and all(.techniques[];
    keys_in(["techniqueID", "tactic", "score", "color", "comment", "enabled", "metadata", "links", "showSubtechniques"])
    and (.techniqueID | test("^T[0-9]{4}(\\.[0-9]{3})?$")) and (.score | type) == "number"
    and (.color == null or (.color | colour)) and (.comment | type) == "string" and .enabled == true)
and (.techniques | map(.techniqueID) | . == (unique))
and (.gradient | (keys | sort) == ["colors", "maxValue", "minValue"] and (.colors | length >= 2 and all(.[]; colour))
    and .minValue < .maxValue) and ([.techniques[].score] | max // 0) <= .gradient.maxValue
and (.legendItems | type) == "array" and all(.legendItems[]; (keys == ["color", "label"]) and (.color | colour))
END
scan() {
    "$IR" scan --no-default-rules --rules rules --output navigator --no-progress "$@" >out 2>err
}
coverage() {
    "$IR" rules coverage --output navigator --no-progress "$@" >out 2>err
}
of() { # TECHNIQUE FILTER
    jq -e --arg id "$1" '.techniques[] | select(.techniqueID == $id) | '"$2" out
}
# ---- a scan ----------------------------------------------------------------------------------------------
scan web.log
ok 'a scan ends with status 1' [ $? = 1 ]
ok '… and prints a layer' jq -ef format.jq out
ok '… of the techniques found, no others' jq -e '[.techniques[].techniqueID] == ["T1059.004", "T1190"]' out
ok '… the score is the number of findings' of T1190 '.score == 3'
ok '… the comment has titles, counts and times, the worst first' of T1190 '.comment ==
    "critical: Second word: 1 finding, 1 record, 2026-11-18T00:00:09Z\n" +
    "high: A \"first\" word: 2 findings, 3 records, 2026-11-18T00:00:01Z to 2026-11-18T00:00:03Z"'
# shellcheck disable=SC2016  # jq's own
ok '… the colour is the worst level' jq -e '(.legendItems | map({(.label): .color}) | add) as $c |
    [.techniques[].color] == [$c.high, $c.critical]' out
ok '… what has no technique is told' jq -e '.description | contains("2 findings name no technique")' out
cp out first
scan --threads 3 web.log
ok 'the same findings make the same bytes' cmp first out
scan --lang ja web.log
ok 'in Japanese' of T1190 '.comment | contains("高：最初の単語：検知2件")'
ok '… the same format' jq -ef format.jq out
sed -i '/WORD/d' web.log
scan web.log
ok 'nothing found is a layer' jq -ef format.jq out
ok '… without techniques' jq -e '.techniques == []' out

# ---- coverage --------------------------------------------------------------------------------------------
printf '192.0.2.9 - - [18/Nov/2026:00:00:09 +0000] "GET / HTTP/1.1" 200 5 "-" "x"\n' >web.log
coverage --no-default-rules --rules rules web.log
ok 'coverage ends with status 0' [ $? = 0 ]
ok '… and prints a layer' jq -ef format.jq out
ok '… the score is the number of rules that can fire' jq -e '[.techniques[] | {(.techniqueID): .score}] | add ==
    {"T1003": 0, "T1059.004": 1, "T1133": 0, "T1190": 2, "T1498": 1, "T1539": 0}' out
ok '… the comment lists them, and those that cannot after them' of T1190 '.comment ==
    "can fire: A \"first\" word (high)\ncan fire: Second word (critical)\nno such log here: Windows only (medium)"'
ok '… where a rule can fire the score gives the colour' jq -e 'all(.techniques[]; (.score > 0) == (.color == null))' out
# shellcheck disable=SC2016  # jq's own
ok '… else the reason' jq -e '(.legendItems | map({(.color): .label}) | add) as $l |
    [.techniques[] | select(.score == 0) | $l[.color]] ==
    ["no such log here", "waits for values", "needs a field that no record has"]' out
ok '… what is only counted is not a rule of its own' of T1498 '.comment == "can fire: Counting (low)"'
ok '… and says how many there are' jq -e '.description | startswith("7 rules loaded, 4 of them can fire") and
    endswith("1 rule names no technique and is not shown.")' out
LC_ALL=ja_JP.UTF-8 coverage --no-default-rules --rules rules web.log
ok 'coverage in Japanese' of T1190 '.comment | contains("検知可能：最初の単語（高）")'
coverage "$top/tests/e2e/incident/logs"
ok 'our own rules on the sample incident' jq -ef format.jq out
ok '… some of them can fire' jq -e '[.techniques[].score] | max > 2' out
plan
