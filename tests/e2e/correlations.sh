#!/bin/sh
# Correlations through whole scans: small logs over several inputs, made here, and what must fire. The windows
# themselves: tests/unit/sigma_corr.c.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
cd "$TMPDIR" || exit 1
check() { # NAME WANT: findings of the last scan as "id count first last|…", times as MM:SS
    jq -rs '[.[] | select(."ir.kind" == "finding")
        | "\(.rule.id) \(.count) \(.first_seen[14:19]) \(.last_seen[14:19])"] | sort | join("|")' out >got
    if [ "$(cat got)" = "$2" ]; then
        good "$1"
    else
        bad "$1"
        echo "# want $2"
        tell 'got  ' got 1
        tell 'stderr: ' err 3
    fi
}
scan() { # ARGUMENTS...
    timeout -k 5 60 "$IR" scan --no-default-rules --no-anomaly --output jsonl "$@" >out 2>err </dev/null
}
# event FILE MM:SS USER IP TYPE [BYTES]
event() {
    printf '{"@timestamp":"2026-11-20T10:%sZ","winlog":{"channel":"Security"},"event":{"code":"4625"},"user":"%s","ip":"%s","type":"%s","bytes":%s}\n' \
        "$2" "$3" "$4" "$5" "${6-1}" >>"$1"
}
rule() { # ID TYPE-VALUE
    printf 'title: rule %s\nid: %s\nname: name_%s\nlogsource: {product: windows}\nlevel: low\n' "$1" "$1" "$1"
    printf 'detection: {s: {type: %s}, condition: s}\n---\n' "$2"
}
corr() { # ID BODY
    printf 'title: correlation %s\nid: %s\nlevel: high\ncorrelation: {%s}\n---\n' "$1" "$1" "$2"
}
fresh() {
    rm -rf logs rules
    mkdir logs rules
}

fresh
{
    corr count 'type: event_count, rules: [fail], group-by: [user], timespan: 1m, condition: {gte: 3}'
    rule fail fail
} >rules/r.yml
event logs/a.json 00:00 joe 192.0.2.1 fail
event logs/b.json 00:30 joe 192.0.2.2 fail
event logs/a.json 01:00 joe 192.0.2.1 fail
event logs/a.json 00:10 ann 192.0.2.1 fail
event logs/b.json 00:20 ann 192.0.2.1 fail
scan --rules rules logs
check 'event_count over two inputs, exactly the time span, one group' 'count 3 00:00 01:00'
scan --rules rules --threads 7 logs
check 'the same with seven threads' 'count 3 00:00 01:00'
scan --rules rules logs/b.json logs/a.json
check 'the same in another order of inputs' 'count 3 00:00 01:00'
scan --rules rules --no-prefilter logs
check 'the same without the prefilter' 'count 3 00:00 01:00'

fresh
{
    rule fail fail
    corr none 'type: event_count, rules: [fail], timespan: 1m, condition: {gte: 3}'
    corr two 'type: event_count, rules: [fail], group-by: [user, ip], timespan: 1m, condition: {gte: 2}'
    corr gone 'type: event_count, rules: [fail], group-by: [absent], timespan: 1m, condition: {gte: 1}'
} >rules/r.yml
event logs/a.json 00:00 joe 192.0.2.1 fail
event logs/a.json 00:10 joe 192.0.2.2 fail
event logs/a.json 00:20 ann 192.0.2.1 fail
event logs/a.json 00:30 joe 192.0.2.2 fail
printf '{"@timestamp":"2026-11-20T10:50:00Z","winlog":{"channel":"Security"},"event":{"code":"4625"},"absent":null,"type":"fail"}\n' >>logs/a.json
scan --rules rules logs
check 'no group-by is one group; two fields are one key; a field that is absent or null groups nothing' \
    'none 4 00:00 00:30|two 2 00:10 00:30'

fresh
{
    rule fail fail
    corr loud 'type: event_count, rules: [name_fail], generate: true, timespan: 1m, condition: {gte: 2}'
} >rules/r.yml
event logs/a.json 00:00 joe 192.0.2.1 fail
event logs/a.json 00:10 joe 192.0.2.1 fail
event logs/a.json 05:00 joe 192.0.2.1 fail
event logs/a.json 05:30 joe 192.0.2.1 fail
scan --rules rules logs
check 'generate lets the rule be heard; a new burst fires again; by name' \
    'fail 4 00:00 05:30|loud 2 00:00 00:10|loud 2 05:00 05:30'

fresh
{
    corr chain 'type: temporal_ordered, rules: [many, good], group-by: [user], timespan: 5m'
    corr many 'type: event_count, rules: [fail], group-by: [user, ip], timespan: 1m, condition: {gte: 3}'
    rule fail fail
    rule good good
} >rules/r.yml
for t in 00:00 00:10 00:20 00:30; do event logs/a.json "$t" joe 192.0.2.1 fail; done
event logs/b.json 02:00 joe 192.0.2.9 good
for t in 00:00 00:10 00:20; do event logs/a.json "$t" ann 192.0.2.1 fail; done
event logs/b.json 00:01 ann 192.0.2.9 good
event logs/b.json 00:01 bob 192.0.2.9 good
scan --rules rules logs
check 'a chain of two: many failures, then success of the same user, not before' 'chain 2 00:20 02:00'

fresh
{
    rule in in
    rule out out
    corr both 'type: temporal, rules: [in, out], group-by: [who], timespan: 1m, aliases: {who: {name_in: user, name_out: ip}}'
} >rules/r.yml
event logs/a.json 00:00 joe 192.0.2.1 in
event logs/a.json 00:30 192.0.2.1 joe out
event logs/a.json 00:40 192.0.2.1 ann out
scan --rules rules logs
check 'an alias joins different fields' 'both 2 00:00 00:30'

fresh
{
    rule fail fail
    corr users 'type: value_count, rules: [fail], group-by: [ip], timespan: 1m, condition: {field: user, gte: 3}'
    corr pairs 'type: value_count, rules: [fail], timespan: 1m, condition: {field: [user, ip], gte: 4}'
    corr sum 'type: value_sum, rules: [fail], group-by: [ip], timespan: 1m, condition: {field: bytes, gte: 100}'
    corr median 'type: value_median, rules: [fail], timespan: 1m, condition: {field: bytes, gt: 25}'
} >rules/r.yml
event logs/a.json 00:00 joe 192.0.2.1 fail 10
event logs/a.json 00:10 joe 192.0.2.1 fail 20
event logs/b.json 00:20 ann 192.0.2.1 fail 30
event logs/b.json 00:30 bob 192.0.2.1 fail 40
event logs/b.json 00:30 bob 192.0.2.2 fail '"nan"'
event logs/b.json 00:40 bob 192.0.2.2 fail '"inf"'
scan --rules rules logs
check 'values: different ones, pairs, sums, the median; what is no number does not count' \
    'pairs 6 00:00 00:40|sum 4 00:00 00:30|users 4 00:00 00:30'
event logs/b.json 00:50 bob 192.0.2.3 fail 50
scan --rules rules logs
check 'values: the median moves' \
    'median 5 00:00 00:50|pairs 7 00:00 00:50|sum 4 00:00 00:30|users 4 00:00 00:30'

fresh
{
    rule a a
    rule b b
    corr without 'type: temporal, group-by: [user], timespan: 1m, condition: a and not b'
} >rules/r.yml
event logs/a.json 00:00 joe x a
event logs/b.json 00:50 joe x b
event logs/a.json 00:00 ann x a
event logs/b.json 01:01 ann x b
scan --rules rules logs
check 'a condition with not, over two inputs' 'without 1 00:00 00:00'

fresh
{
    rule a a
    corr lost 'type: temporal, rules: [a, nobody], timespan: 1m'
    corr round 'type: event_count, rules: [round], timespan: 1m, condition: {gte: 1}'
} >rules/r.yml
event logs/a.json 00:00 joe x a
scan --rules rules logs
check 'broken references: the rule is heard' 'a 1 00:00 00:00'
ok 'broken references: both are told' [ "$(jq -s '.[-1].rules.failed | length' out)" = 2 ]

# many events in one burst are thinned while they are read: count and times must not notice
fresh
{
    rule fail fail
    corr flood 'type: event_count, rules: [fail], group-by: [ip], timespan: 5s, condition: {gte: 100}'
} >rules/r.yml
awk 'BEGIN { for (i = 0; i < 3000; i++) printf "{\"@timestamp\":\"2026-11-20T10:%02d:%02d.%03dZ\",\"winlog\":{\"channel\":\"Security\"},\"event\":{\"code\":\"4625\"},\"ip\":\"192.0.2.1\",\"type\":\"fail\"}\n", int(i / 1200), int(i / 20) % 60, i % 20 * 50 }' >logs/a.json
sed 's/192.0.2.1/192.0.2.2/' logs/a.json >logs/b.json
awk 'NR % 2' logs/b.json >logs/c.json
scan --rules rules logs
check 'a flood: all are counted' 'flood 3000 00:00 02:29|flood 4500 00:00 02:29'
# beside group-by: what the records have in common joins the entity, what differs the reason
fresh
{
    printf 'title: fail\nid: fail\nname: name_fail\nlogsource: {product: linux, service: sshd}\nlevel: low\n'
    printf "detection: {s: ['Failed password'], condition: s}\n---\n"
    corr guess 'type: event_count, rules: [fail], group-by: [source.ip], timespan: 5m, condition: {gte: 3}'
} >rules/r.yml
failed() { # SECOND HOST USER ADDRESS
    printf 'Nov 18 00:00:%02d %s sshd[100]: Failed password for %s from %s port 4022 ssh2\n' "$1" "$2" "$3" "$4"
}
{
    failed 1 web01 root 203.0.113.9
    failed 2 web01 "o'hara" 203.0.113.9
    failed 3 web01 root 203.0.113.9
    failed 4 web01 root 203.0.113.10
    failed 5 web02 root 203.0.113.10
    failed 6 web02 root 203.0.113.10
} >logs/auth.log
scan --rules rules --reference-time 2026-11-20 logs
about() { # ADDRESS: entity and the end of the reason
    jq -r --arg a "$1" 'select(.rule and .entity["source.ip"] == $a) |
        "\(.entity | to_entries | map("\(.key)=\(.value)") | join(" ")) \(.why | sub("^[^;]*"; ""))"' out
}
ok "one host, two users: $(about 203.0.113.9)" \
    [ "$(about 203.0.113.9)" = "source.ip=203.0.113.9 host.name=web01 ; user.name 'root', 'o'hara'" ]
ok "two hosts, one user: $(about 203.0.113.10)" \
    [ "$(about 203.0.113.10)" = "source.ip=203.0.113.10 user.name=root ; host.name 'web01', 'web02'" ]
# correlations of correlations
fresh
{
    rule fail fail
    rule good good
    corr many 'type: event_count, name: m, rules: [fail], group-by: [ip, user], timespan: 1m, condition: {gte: 5}'
    corr after 'type: temporal_ordered, rules: [many, good], group-by: [ip], timespan: 5m'
    corr both 'type: temporal, rules: [many, good], group-by: [ip], timespan: 5m'
    corr users 'type: value_count, rules: [many], group-by: [ip], timespan: 5m, condition: {gte: 2, field: user}'
    corr sum 'type: value_sum, rules: [many], group-by: [ip], timespan: 40m, condition: {gt: 1, field: user}'
    corr bursts 'type: event_count, rules: [many], group-by: [ip], timespan: 1h, condition: {gte: 2}'
} >rules/r.yml
i=0
while [ $i -lt 200 ]; do # forty minutes of guessing without a pause; the log-in comes seconds after it
    event logs/a.json "$(printf '%02d:%02d' $((i / 5)) $((i % 5 * 12)))" 7 192.0.2.1 fail
    i=$((i + 1))
done
event logs/a.json 40:05 7 192.0.2.1 good
scan --rules rules logs
jq -r 'select(.rule) | .rule.id' out | sort -u | tr '\n' ' ' >got
ok "a log-in after a long burst: after both sum (got $(cat got))" [ "$(cat got)" = 'after both sum ' ]
ok "a sum is of the inner group's value: $(jq -r 'select(.rule.id == "sum") | .why' out)" \
    grep -q '"why":"user comes to 7 ' out
sed -i '$d' logs/a.json
event logs/a.json 45:20 7 192.0.2.1 good
scan --rules rules logs
ok 'a log-in later than the time span after the burst' lacks '"id":"after"' out
i=0
while [ $i -lt 5 ]; do
    event logs/a.json "50:$((10 + i))" ann 192.0.2.1 fail
    event logs/a.json "52:$((10 + i))" joe 192.0.2.1 fail
    i=$((i + 1))
done
scan --rules rules logs
ok 'two different users within five minutes' grep -q '"id":"users"' out
ok 'three bursts within an hour' grep -q '"id":"bursts"' out
corr odd 'type: value_count, rules: [many], group-by: [ip], timespan: 5m, condition: {gte: 2, field: type}' >>rules/r.yml
"$IR" rules check rules >out 2>&1
prints "'many' does not group by 'type'"
# a field without effect leaves nothing out
fresh
{
    rule fail fail
    corr count 'type: event_count, rules: [fail], group-by: [ip], timespan: 1m, condition: {gte: 2, field: nosuch}'
} >rules/r.yml
event logs/a.json 00:00 joe 192.0.2.1 fail
event logs/a.json 00:01 joe 192.0.2.1 fail
scan --rules rules logs
check 'event_count with a field' 'count 2 00:00 00:01'
# --entity looks at all that is printed
fresh
{
    rule fail fail
    printf 'title: h\nid: h\nname: name_h\nlogsource: {product: linux, service: sshd}\nlevel: low\n'
    printf "detection: {s: ['Failed password'], condition: s}\n---\n"
    corr guess 'type: event_count, rules: [h], group-by: [source.ip], timespan: 5m, condition: {gte: 3}'
} >rules/r.yml
{
    failed 1 web01 root 203.0.113.9
    failed 2 web01 root 203.0.113.9
    failed 3 web01 root 203.0.113.9
    failed 4 web02 root 203.0.113.9
    failed 5 web02 root 203.0.113.10
    failed 5 web02 root 203.0.113.10
    failed 5 web02 root 203.0.113.10
} >logs/auth.log
scan --rules rules --reference-time 2026-11-20 --entity host.name=web02 logs
ok 'the finding of one host' [ "$(jq -r 'select(.rule.id == "guess") | .entity["source.ip"]' out)" = 203.0.113.10 ]
for bad in '' '=x' 'source.ip=' 'source.pi=192.0.2.1'; do
    timeout 60 "$IR" scan --no-default-rules --rules rules --entity "$bad" logs >out 2>err
    ok "--entity '$bad' is wrong usage" [ $? = 2 ]
done
# the same second in two inputs: either order can be; within one input the order counts
for names in 'a b' 'b a'; do
    fresh
    {
        rule one one
        rule two two
        corr chain 'type: temporal_ordered, rules: [one, two], group-by: [ip], timespan: 1m'
    } >rules/r.yml
    event "logs/${names% *}.json" 00:00 joe 192.0.2.1 one
    event "logs/${names#* }.json" 00:00 joe 192.0.2.1 two
    scan --rules rules logs
    check "a chain within one second over two inputs, $names" 'chain 2 00:00 00:00'
done
fresh
{
    rule one one
    rule two two
    corr chain 'type: temporal_ordered, rules: [one, two], group-by: [ip], timespan: 1m'
} >rules/r.yml
event logs/a.json 00:00 joe 192.0.2.1 two
event logs/a.json 00:00 joe 192.0.2.1 one
scan --rules rules logs
check 'within one input the order of records counts' ''
plan
