#!/bin/sh
# Settings act: own networks, critical hosts, working hours, levels; what is read last wins; what is wrong is said.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
cd "$TMPDIR" || exit 1
mkdir rules
id() { printf '5b1d0c1e-6d55-4b0a-8a57-0e6f4a1d7e%02d' "$1"; }
cat >rules/r.yml <<END
title: Log-in from outside
id: $(id 1)
name: outside
logsource: {product: linux, service: sshd}
detection:
    s: {event.action: ssh_login, event.outcome: success}
    own: {source.ip|cidr|expand: '%own_networks%'}
    words: ['Accepted']
    condition: s and words and not own
level: medium
---
title: Log-in when nobody works
id: $(id 2)
logsource: {product: linux, service: sshd}
detection:
    s: {event.action: ssh_login, event.outcome: success, ir.time.off_hours: true}
    words: ['Accepted']
    condition: s and words
level: low
---
title: Log-in on a Sunday before four
id: $(id 3)
logsource: {product: linux, service: sshd}
detection:
    s: {ir.time.weekday: sun, ir.time.hour|lt: 4}
    words: ['Accepted']
    condition: s and words
level: low
---
title: Failure
id: $(id 4)
name: failure
logsource: {product: linux, service: sshd}
detection: {s: ['Failed password'], condition: s}
---
title: Guessing
id: $(id 5)
correlation: {type: event_count, rules: [failure], group-by: [source.ip], timespan: 1h, condition: {gte: 2}}
level: medium
---
title: Critical already
id: $(id 6)
logsource: {product: linux, service: sshd}
detection: {s: ['Accepted none'], condition: s}
level: critical
---
title: Log-ins counted by the hour
id: $(id 7)
correlation: {type: value_count, rules: [any_login], group-by: [user.name], timespan: 1d,
    condition: {field: ir.time.hour, gte: 2}}
level: low
---
title: Any log-in
id: $(id 8)
name: any_login
logsource: {product: linux, service: sshd}
detection: {s: ['Accepted'], condition: s}
END
line() { # TIME HOST USER ADDRESS [WORDS]
    printf '%s %s sshd[7]: %s for %s from %s port 4711 ssh2\n' "$1" "$2" "${5:-Accepted publickey}" "$3" "$4"
}
{
    line 'Nov 20 10:00:00' fs01 hana 192.168.1.5
    line 'Nov 20 11:00:00' web01 hana 198.51.100.9
    line 'Nov 20 22:00:00' fs01.example.com yuki 192.168.1.6
    line 'Nov 22 02:00:00' web02 yuki 192.168.1.6
    line 'Nov 23 10:00:00' web02 ken 192.168.1.7
} >auth.log
scan() { # PATH ARGUMENTS…: title, host and level of each finding
    "$IR" scan --no-default-rules --no-progress --reference-time 2026-11-30 --output jsonl "$@" >out 2>err
    jq -r 'select(.rule) | [.rule.title, .entity."host.name" // "-", .rule.level] | join("|")' out | sort >found
}
is() { # EXPECTED LINES ON STDIN
    sort >want
    diff want found
}
summary() { jq -es 'last | '"$1" out; }

# ---- nothing set: what needs it waits ---------------------------------------------------------------------
scan --rules rules auth.log
ok 'without settings what needs them waits, the rest fires; private networks are own ones' is <<END
Log-in from outside|web01|medium
Log-in on a Sunday before four|web02|low
Log-ins counted by the hour|-|low
END
ok '… and is counted' summary '.rules.loaded == 8 and .rules.failed == []'
command='rules'
status 0 'coverage' coverage --no-default-rules --rules rules auth.log
prints 'Log-in when nobody works (linux/sshd): waits for working_hours'
status 0 'list' list rules
prints '(waits for values: working_hours)'
command=''

# ---- all of it --------------------------------------------------------------------------------------------
cat >rules/settings.yml <<END
own_networks: [192.168.0.0/16]
critical_hosts: [FS01, 'dc*']
working_hours:
    hours: 08:00-19:00
    holidays: [2026-11-23]
placeholders:
END
scan --rules rules auth.log
ok 'settings beside the rules act' is <<END
Log-in from outside|web01|medium
Log-in on a Sunday before four|web02|low
Log-in when nobody works|fs01.example.com|medium
Log-in when nobody works|web02|low
Log-in when nobody works|web02|low
Log-ins counted by the hour|-|low
END
ok '… a critical host makes it a level worse, and that is said' jq -se 'any(.[]; .rule.level == "medium" and
    (.why | endswith("raised from low to medium: '"'fs01.example.com'"' is a critical host")))' out
ok '… in the summary too' summary '.findings.medium == 2'
ok '… and nothing else is said' [ ! -s err ]
scan --rules rules --min-level medium auth.log
ok 'a raised finding counts for --min-level' is <<END
Log-in from outside|web01|medium
Log-in when nobody works|fs01.example.com|medium
END
scan --rules rules --threads 3 auth.log
cp found first
scan --rules rules --no-prefilter auth.log
ok 'the prefilter changes nothing' cmp first found
{
    line 'Nov 20 10:00:01' fs01 root 203.0.113.9 'Failed password'
    line 'Nov 20 10:00:02' fs01 root 203.0.113.9 'Failed password'
    line 'Nov 20 10:00:03' fs01 root 203.0.113.9 'Accepted none'
    line 'Nov 20 10:00:04' dc7.example.com root 192.168.0.1 'Accepted none'
} >guess.log
scan --rules rules guess.log
ok 'a correlation is raised by the host of its records, critical stays critical' is <<END
Critical already|dc7.example.com|critical
Critical already|fs01|critical
Guessing|fs01|high
Log-in from outside|fs01|high
END

# ---- zones: a stamp with a zone is converted, one without is the clock of --zone or of this machine -----------------------
{
    line '2026-11-20T10:00:00.000000+00:00' web01 hana 192.168.1.5
    line '2026-11-20T08:00:00.000000+09:00' web01 yuki 192.168.1.5
} >zones.log
printf 'working_hours: {hours: 08:00-18:30, zone: "+09:00"}\n' >tokyo.yml
scan --rules rules --values tokyo.yml zones.log
ok 'in the zone of the hours' grep -qx 'Log-in when nobody works|web01|low' found
ok '… 19:00 in Tokyo is outside, 8:00 is not' jq -se '[.[] | select(.rule.title == "Log-in when nobody works") |
    .entity."user.name"] == ["hana"]' out
scan --zone JST --rules rules --values tokyo.yml auth.log
ok 'a stamp of --zone: 10:00 is a working hour' [ "$(grep -c 'nobody works|fs01|' found)" = 0 ]
TZ=Asia/Tokyo "$IR" scan --no-default-rules --no-progress --rules rules --output jsonl zones.log >out 2>err
ok 'hours without a zone are those of this machine' jq -se '[.[] | select(.rule.title == "Log-in when nobody works") |
    .entity."user.name"] == ["hana"]' out

# ---- what is read last wins -------------------------------------------------------------------------------
mkdir more
printf 'own_networks: [198.51.100.0/24]\n' >more/settings.yml
cp rules/r.yml more/other.yml
sed -i 's/5b1d0c1e/6b1d0c1e/; s/^name: .*/&2/; s/\[failure\]/[failure2]/; s/\[any_login\]/[any_login2]/' more/other.yml
scan --rules rules --rules more --rule outside auth.log
ok 'settings of a later directory count for the rules of an earlier one' [ "$(grep -c '^Log-in from outside|web01' found)" = 0 ]
ok '… for all of them' [ "$(grep -c '^Log-in from outside|fs01|' found)" = 2 ]
printf 'own_networks: 192.168.0.0/16\n' >values.yml
scan --rules rules --rules more --values values.yml --rule outside auth.log
ok '--values counts most' [ "$(grep -c '^Log-in from outside|web01' found)/$(grep -c . found)" = 2/2 ]

# ---- levels -----------------------------------------------------------------------------------------------
printf 'levels: {outside: critical, %s: informational}\n' "$(id 2)" >values.yml
scan --rules rules --values values.yml auth.log
ok 'levels by name and by id' [ "$(grep -cx -e 'Log-in from outside|web01|critical' \
    -e 'Log-in when nobody works|web02|informational' found)" = 3 ]
ok '… a raised one from there' grep -qx 'Log-in when nobody works|fs01.example.com|low' found

# ---- what is wrong ----------------------------------------------------------------------------------------
wrong() { # NAME SETTINGS WORDS
    printf '%b' "$2" >values.yml
    status 4 "$1" scan --no-default-rules --rules rules --values values.yml auth.log
    says "$3"
}
wrong 'a day' 'working_hours:\n    days: [mon, caturday]\n' "values.yml:2: not a day of the week (mon … sun): 'caturday'"
wrong 'hours' 'working_hours:\n    hours: nine to five\n' "values.yml:2: not hours like 08:30-17:30"
wrong 'a holiday' 'working_hours:\n    holidays: [tomorrow]\n' "not a day like 2026-12-29 or 12-29"
wrong 'a zone' 'working_hours:\n    zone: Mars\n' "not a zone like +09:00, JST or UTC: 'Mars'"
wrong 'a key' 'working_hours:\n    hour: 08:00-19:00\n' "working_hours has days, hours, holidays and zone only"
wrong 'hours that are no map' 'working_hours: 08:00-19:00\n' "working_hours must be a map"
wrong 'a network' 'own_networks:\n    - 10.0.0.0/99\n' "values.yml:2: not a network: '10.0.0.0/99'"
wrong 'hosts' 'critical_hosts:\n    - {a: b}\n' 'critical_hosts must be a list of names'
wrong 'a level' 'levels: {outside: awful}\n' "not a level (informational, low, medium, high, critical): 'awful'"
wrong 'levels' 'levels: [high]\n' 'levels must be a map of rule id to level'
wrong 'placeholders' 'placeholders: [a]\n' 'placeholders must be a map of name to values'
wrong 'no map' '[a, b]\n' 'settings must be a map'
printf 'placeholders: {A: b}\nown_network: [10.0.0.0/8]\nlevels: {nobody: low}\n' >values.yml
scan --rules rules --values values.yml auth.log
ok 'a slip is a warning of every scan' grep -qF "values.yml:2: no such setting: 'own_network'" err
ok '… and so is a level for nothing' grep -qF "values.yml:3: a level for 'nobody', which is not loaded" err
printf 'working_hours: {days: [x]}\n' >rules/settings.yml
scan --rules rules auth.log
ok 'wrong settings beside rules are a failure of theirs' summary \
    '.rules.failed | length == 1 and (.[0].path | endswith("settings.yml")) and .[0].line == 1'

# ---- samples have settings of their own -------------------------------------------------------------------
mkdir own
cat >own/r.yml <<END
title: Log-in when nobody works
id: $(id 9)
logsource: {product: linux, service: sshd}
detection: {s: {event.action: ssh_login, ir.time.off_hours: true}, condition: s}
level: low
END
cp auth.log own/r.match.log
line 'Nov 20 10:00:00' fs01 hana 192.168.1.5 >own/r.nomatch.log
command='rules'
status 1 'samples without settings' test own
printf 'working_hours: {}\n' >own/r.settings.yml
status 0 'samples with settings of their own' test --reference-time 2026-11-30 own
status 0 'they are no rules' check own
plan
