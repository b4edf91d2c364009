#!/bin/sh
# Countries of addresses: rules that ask wait without a file and work with one; the file is read before the sandbox;
# damaged ones are refused or told. The file is made by tests/unit/geo.c.
set -u
: "${IR:?}" "${TMPDIR:?}" "${B:=build}"
. tests/lib.sh
writer=$PWD/$B/unit/geo
if [ ! -x "$writer" ]; then
    echo '1..0 # SKIP the unit tests are not built'
    exit 0
fi
"$IR" version -v >"$TMPDIR/out"
if grep -q '^libmaxminddb *none' "$TMPDIR/out"; then
    echo '1..0 # SKIP built without libmaxminddb'
    exit 0
fi
cd "$TMPDIR" || exit 1
"$writer" geo.mmdb || exit 1
mkdir rules
cat >rules/r.yml <<'END'
title: From elsewhere
id: 4d7f2c11-8a1e-4c0b-9a5e-2b6f6f1d7e01
name: elsewhere
logsource: {product: linux, service: sshd}
detection:
    s: {event.action: ssh_login, source.geo.country_iso_code|exists: true}
    home: {source.geo.country_iso_code|expand: '%home_countries%'}
    words: ['Accepted']
    condition: s and words and not home
level: medium
---
title: Of a network
id: 4d7f2c11-8a1e-4c0b-9a5e-2b6f6f1d7e02
logsource: {product: linux, service: sshd}
detection:
    s: {source.as.number: 64500, source.as.organization.name|startswith: 'Example'}
    words: ['Accepted']
    condition: s and words
level: low
---
title: Login
id: 4d7f2c11-8a1e-4c0b-9a5e-2b6f6f1d7e03
name: login
logsource: {product: linux, service: sshd}
detection: {s: ['Accepted'], condition: s}
---
title: Two countries
id: 4d7f2c11-8a1e-4c0b-9a5e-2b6f6f1d7e04
correlation: {type: value_count, rules: [login], group-by: [user.name], timespan: 1d,
    condition: {field: source.geo.country_iso_code, gte: 2}}
level: high
END
line() { # SECOND USER ADDRESS
    printf 'Nov 20 10:00:%02d srv01 sshd[7]: Accepted publickey for %s from %s port 4711 ssh2\n' "$1" "$2" "$3"
}
{
    line 1 hana 192.0.2.5
    line 2 hana 198.51.100.5
    line 3 yuki 203.0.113.5
    line 4 ken 10.0.0.1
    line 5 ken 2001:db8:1::7
} >auth.log
printf 'home_countries: [jp, JP]\n' >values.yml
scan() {
    "$IR" scan --no-default-rules --rules rules --no-progress --reference-time 2026-11-30 --output jsonl "$@" >out 2>err
    jq -r 'select(.rule) | [.rule.title, .entity."user.name"] | join("|")' out | sort >found
}
is() { # EXPECTED LINES ON STDIN
    sort >want
    diff want found
}
coverage() {
    "$IR" rules coverage --no-default-rules --rules rules --no-progress --output jsonl "$@" auth.log >out 2>err
}
# ---- without a file --------------------------------------------------------------------------------------
scan --values values.yml auth.log
ok 'without a file nothing that asks fires' [ ! -s found ]
ok '… and is counted as waiting' jq -es 'last.rules | .waiting == 3 and .field_never_seen == 0' out
coverage --values values.yml
ok '… for --geoip' jq -es '[.[] | select(.coverage == "waiting") | .values] == ["--geoip", "--geoip", "--geoip"]' out
coverage --geoip geo.mmdb
ok 'with a file and without home countries one rule waits for these' jq -es '[.[] | select(.coverage == "waiting") |
    .values] == ["home_countries"]' out
# Records that tell it themselves need no file.
printf '{"@timestamp":"2026-11-20T10:00:00Z","event":{"module":"x"},"source":{"ip":"192.0.2.5","geo":{"country_iso_code":"FR"}}}\n' >own.json
ok 'what a record says itself stays' [ "$("$IR" parse --geoip geo.mmdb own.json | jq -r '."source.geo.country_iso_code"')" = FR ]

# ---- with one --------------------------------------------------------------------------------------------
cat >all <<'END'
From elsewhere|hana
From elsewhere|yuki
Of a network|hana
Two countries|hana
END
scan --values values.yml --geoip geo.mmdb auth.log
ok 'with a file they work' is <all
ok '… none waits' jq -es 'last.rules | .waiting == 0' out
ok '… and findings say where the address is' jq -es 'any(.[]; .rule.title == "From elsewhere" and .entity ==
    {"source.ip": "198.51.100.5", "user.name": "hana", "host.name": "srv01", "source.geo.country_iso_code": "US",
     "source.as.number": "64501", "source.as.organization.name": "Beispiel GmbH \"<b>\" 網\u001b[2J"})' out
cp found first
scan --values values.yml --geoip geo.mmdb --no-prefilter --threads 3 auth.log
ok 'the prefilter and threads change nothing' cmp first found
scan --values values.yml --geoip geo.mmdb --output table auth.log
ok 'nothing of the file reaches the terminal as it is' [ "$(LC_ALL=C tr -dc '\33' <out | wc -c)" = 0 ]
ok '… in a sandbox' jq -es 'last.sandbox != "none"' <<END
$("$IR" scan --no-default-rules --rules rules --geoip geo.mmdb --output jsonl auth.log 2>/dev/null)
END
printf 'home_countries: [JP]\naddress_countries: {198.51.100.0/24: JP, 10.0.0.0/8: DE}\n' >known.yml
scan --values known.yml --geoip geo.mmdb auth.log
ok 'what settings know goes before the file' is <<'END'
From elsewhere|ken
From elsewhere|yuki
Of a network|hana
Two countries|ken
END
scan --values known.yml auth.log
ok '… and needs none' is <<'END'
From elsewhere|ken
END
"$IR" parse --geoip geo.mmdb auth.log | jq -r '[."source.ip", ."source.geo.country_iso_code", ."source.as.number"] | join(" ")' >out
ok 'ir parse tells them' [ "$(tr '\n' ',' <out)" = '192.0.2.5 JP 64500,198.51.100.5 US 64501,203.0.113.5 NL ,10.0.0.1  ,2001:db8:1::7 JP 64503,' ]
"$IR" parse auth.log >out
ok '… when it is asked to' lacks geo out

"$IR" timeline --geoip geo.mmdb --filter 'source.geo.country_iso_code:US OR source.as.number:64503' -o csv auth.log >out 2>err
ok 'ir timeline finds by them' [ "$(grep -c ',US,\|,JP,' out)" = 2 ]
"$IR" timeline --filter 'source.geo.country_iso_code:US' auth.log >out 2>err
ok '… without a file no record has them' grep -qF 'source.geo.country_iso_code: no record had this field' err
"$IR" timeline --geoip geo.mmdb auth.log >out 2>err
ok '… and they stand in the table' grep -qF '  US  ' out
"$IR" search --geoip geo.mmdb -o jsonl 198.51.100.5 auth.log >out 2>err
ok 'ir search tells them' jq -es '.[0]."source.geo.country_iso_code" == "US"' out
"$IR" stats --geoip geo.mmdb auth.log >out 2>err
ok 'ir stats counts them' grep -A1 -qF 'Records by country of the source (3 in all)' out
"$IR" stats auth.log >out 2>err
ok '… when there are any' lacks country out
ok 'ir rules explain too' "$IR" rules explain --no-default-rules --rules rules --values values.yml --geoip geo.mmdb 'From elsewhere' auth.log:2
"$IR" scan --no-default-rules --rules rules --values values.yml --geoip geo.mmdb -o jsonl auth.log >findings.jsonl 2>err
of=$(jq -r 'select(.rule.title == "Of a network") | .id' findings.jsonl)
ok 'ir rules tune too' "$IR" rules tune --no-default-rules --rules rules --geoip geo.mmdb --from findings.jsonl --reason x "$of"

# ---- damaged ones ----------------------------------------------------------------------------------------
: >empty
head -c 500 geo.mmdb >short.mmdb
printf 'not a database' >text
mkdir dir
for file in empty short.mmdb text dir /dev/null missing; do
    status 4 "--geoip $file" scan --no-default-rules --rules rules --geoip "$file" auth.log
    says "cannot use --geoip: $file: "
done
status 4 'parse too' parse --geoip short.mmdb auth.log
says 'cannot use --geoip: short.mmdb: no GeoIP file (MaxMind DB), or a damaged one'
# All pointers of the tree lead nowhere: it opens, and that it cannot be followed is told.
size=$(wc -c <geo.mmdb)
{
    head -c 600 /dev/zero | tr '\0' '\376'
    tail -c "+601" geo.mmdb
} >wild
ok 'a damaged file of the same size' [ "$(wc -c <wild)" = "$size" ]
scan --values values.yml --geoip wild auth.log
ok '… nothing fires' [ ! -s found ]
ok '… and the damage is told' jq -es 'last.problems | any(.[]; .path == "GeoIP" and .count > 0)' out
"$IR" parse --geoip wild auth.log >out 2>err
ok '… by ir parse too' grep -qF 'the GeoIP file is damaged' err

# ---- our own rules ---------------------------------------------------------------------------------------
"$IR" rules coverage --output jsonl --no-progress auth.log >out 2>err
ok 'our rule about two countries waits for a file' jq -es 'any(.[]; .rule.title == "One user logs in from two countries" and
    .coverage != "can_fire")' out
"$IR" scan --output jsonl --no-progress --reference-time 2026-11-30 --geoip geo.mmdb --values values.yml auth.log >out 2>err
ok 'and fires with one' jq -es '[.[] | select(.rule.title == "One user logs in from two countries") |
    .entity."user.name"] == ["hana"]' out
ok 'the rule about log-ins from elsewhere too' jq -es '[.[] | select(.rule.title == "SSH log-in from another country")] |
    length == 2' out
plan
