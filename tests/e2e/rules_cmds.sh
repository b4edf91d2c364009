#!/bin/sh
# ir rules list, check, test, explain and coverage: what they print and with which status they end.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
command=rules

logs=$PWD/tests/e2e/incident/logs
cd "$TMPDIR" || exit 1
mkdir rules
cat >rules/ssh.yml <<'END'
title: A failed password
id: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c01
name: failed_password
logsource:
    product: linux
    service: sshd
detection:
    keywords:
        - 'Failed password'
    friend:
        source.ip|cidr: 198.51.100.0/24
    condition: keywords and not friend
level: low
END
cat >rules/many.yml <<'END'
title: Many failed passwords
id: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c02
correlation:
    type: event_count
    rules:
        - failed_password
    group-by:
        - source.ip
    timespan: 10m
    condition:
        gte: 3
level: high
END
cat >rules/admin.yml <<'END'
title: An administrator logs in from elsewhere
id: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c03
logsource:
    product: linux
    service: sshd
detection:
    login:
        event.outcome: success
        user.name|expand: '%administrators%'
    condition: login
level: critical
END

# ---- list and check ------------------------------------------------------------------------------
status 0 'list' list rules
ok '… a line a rule' [ "$(wc -l <out)" = 3 ]
prints "$(printf 'low\tlinux/sshd\t9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c01\tA failed password\trules/ssh.yml:1')"
prints 'waits for values: administrators'
status 0 'list --min-level' list --min-level high rules
ok '… two lines' [ "$(wc -l <out)" = 2 ]
printf 'administrators:\n  - hana\n  - yuki\n' >values.yml
status 0 'list --values' list --values values.yml rules
prints_not 'waits for values'
status 0 'check' check rules
prints '3 files: 3 rules load, 0 do not, 0 warnings, 1 rule waits for values (--values)'
mkdir broken
printf 'title: No detection\nid: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c04\nlogsource:\n    product: linux\n' >broken/none.yml
printf 'title: [\n' >broken/yaml.yml
printf 'not a rule' >broken/readme.txt
cp rules/many.yml broken/alone.yml
status 3 'check of broken rules' check broken
ok '… names file and line of each' [ "$(grep -cE '^broken/(none|yaml|alone)\.yml:[0-9]+: error: ' out)" = 3 ]
prints '3 files: 0 rules load, 3 do not'
status 3 'list of broken rules' list broken
says 'see ir rules check'
status 3 'check -q' check -q broken
prints_not 'files:'
sed -e 's|198.51.100.0/24|198.51.100.7/24|' -e 's|- .Failed.*|- "Failed password"|' rules/ssh.yml >odd.yml
status 0 'check of a rule with a slip' check odd.yml
prints "odd.yml:11: warning: '198.51.100.7/24' has host bits: taken as 198.51.100.0/24"
prints '1 file: 1 rule loads, 0 do not, 1 warning'
cat >slow.yml <<'END'
title: A pattern that explodes
id: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c08
logsource:
    product: linux
detection:
    selection:
        CommandLine|re: '^(\w+\s?)*;'
    condition: selection
END
status 0 'check of a pattern that explodes' check slow.yml
prints "slow.yml:7: warning: a text can make the regular expression take very long, and then it finds nothing: '(\\w+\\s?)*' repeats"
if [ -d "${IR_SHARED:-}/data/sigma/rules" ]; then
    status 0 'check of public rules' check "$IR_SHARED/data/sigma/rules"
    ok '… all load' grep -q ' rules load, 0 do not, ' out
    ok '… and few of their patterns explode' [ "$(grep -c 'very long' out)" -le 5 ]
else
    skip 'check of public rules' 'no IR_SHARED'
fi
status 4 'a directory that is not there' check nowhere
says 'nowhere: no such file'
status 4 'values that are not there' check --values nowhere rules
says 'cannot read values'

# ---- filters: joined as they are written; one that may do harm is told, also by a scan -----------
cat >trust.yml <<'END'
title: Our own scanner
logsource:
    product: linux
filter:
    rules:
        - failed_password
    scanner:
        source.ip: 203.0.113.9
    condition: scanner
END
printf 'Nov 18 00:00:01 web01 sshd[100]: Failed password for root from 203.0.113.9 port 4022 ssh2\n' >filter.log
printf 'Nov 18 00:00:02 web01 sshd[100]: Failed password for root from 203.0.113.8 port 4022 ssh2\n' >>filter.log
scan_filter() { # WANTED ADDRESS: the only finding
    "$IR" scan --no-default-rules --rules rules/ssh.yml --rules trust.yml -o jsonl filter.log >out 2>err
    ok "a filter leaves $1" [ "$(jq -r 'select(.rule) | .entity["source.ip"]' out)" = "$1" ]
}
scan_filter 203.0.113.9
says "warning: trust.yml:1: the filter's condition has no 'not'"
status 0 'coverage' coverage --no-default-rules --rules rules/ssh.yml --rules trust.yml filter.log
says "warning: trust.yml:1: the filter's condition has no 'not'"
sed 's/condition: scanner/condition: not scanner/' trust.yml >t && mv t trust.yml
scan_filter 203.0.113.8
ok '… and says nothing' [ ! -s err ]
rm trust.yml

# ---- coverage looks into every record: a field may be in one of a thousand -----------------------
cat >rare.yml <<'END'
title: A user that nobody has
id: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c05
logsource:
    category: webserver
detection:
    s:
        cs-username: nobodyhere
    condition: s
END
i=0
while [ $i -lt 500 ]; do
    echo '192.0.2.1 - - [18/Nov/2026:00:00:01 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl"'
    i=$((i + 1))
done >rare.log
status 0 'coverage without the field' coverage --no-default-rules --rules rare.yml rare.log
prints 'A user that nobody has (webserver): needs cs-username'
echo '192.0.2.1 - bob [18/Nov/2026:00:00:02 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl"' >>rare.log
status 0 'coverage with the field in the last record' coverage --no-default-rules --rules rare.yml rare.log
prints '1 rule can fire'

# ---- test ----------------------------------------------------------------------------------------
line() { # SECOND USER ADDRESS
    printf 'Nov 18 00:00:%02d web01 sshd[100]: Failed password for %s from %s port 4022 ssh2\n' "$1" "$2" "$3"
}
line 1 root 203.0.113.9 >rules/ssh.match.log
line 1 root 198.51.100.9 >rules/ssh.nomatch.log
{ line 1 a 203.0.113.9 && line 2 b 203.0.113.9 && line 3 c 203.0.113.9; } >rules/many.match.three.log
gzip -c rules/many.match.three.log >rules/many.match.gz
{ line 1 a 203.0.113.9 && line 2 b 203.0.113.9 && line 3 c 203.0.113.10; } >rules/many.nomatch.two-addresses.log
status 0 'test' test rules
prints '3 rules, 5 samples, 0 failed, 1 rule file without samples'
prints 'rules/admin.yml: no samples'
status 0 'test -q' test -q rules
ok '… prints the numbers only' [ "$(wc -l <out)" = 1 ]
status 1 'test --require-samples' test --require-samples rules
prints 'rules/admin.yml: failed: no samples'
prints '3 rules, 5 samples, 1 failed'
status 0 'test of one file' test rules/ssh.yml
prints '1 rule, 2 samples, 0 failed'
status 1 'test of a correlation alone' test rules/many.yml
prints 'which is not loaded'
status 0 'test of a correlation, its rules elsewhere' test --rules rules/ssh.yml rules/many.yml
prints '1 rule, 3 samples, 0 failed'
cp rules/ssh.nomatch.log rules/ssh.match.2.log
status 1 'a sample that should match' test rules
prints 'rules/ssh.yml: failed: rules/ssh.match.2.log: no rule of the file reports it'
prints "does not match, because this holds and must not: source.ip|cidr: '198.51.100.0/24'"
prints '1 failed'
rm rules/ssh.match.2.log
line 1 root 203.0.113.9 >rules/ssh.nomatch.2.log
status 1 'a sample that should not match' test rules
prints "rules/ssh.yml: failed: rules/ssh.nomatch.2.log: reported by 'A failed password' at line 1"
rm rules/ssh.nomatch.2.log
head -n 1 rules/many.match.three.log >rules/many.match.one.log
status 1 'a correlation that should fire' test rules
prints 'Many failed passwords: a correlation; explained are the rules whose matches it counts'
rm rules/many.match.one.log
printf 'gzip\n' >rules/ssh.nomatch.log.gz
: >rules/ssh.nomatch.empty
status 1 'a damaged sample' test rules
prints 'rules/ssh.nomatch.log.gz: the sample is damaged'
rm rules/ssh.nomatch.log.gz
printf 'Nov 18 00:00:01 web01 sshd[1]: Accepted password for hana from 203.0.113.9 port 4022 ssh2\n' >rules/admin.match.log
status 1 'a rule that waits for values' test rules
prints 'waits for placeholder values'
status 0 'test --values' test --values values.yml rules
cp values.yml rules/settings.yml
status 0 'test with settings beside the rules' test rules
prints '3 rules, 7 samples, 0 failed'
rm rules/settings.yml rules/admin.match.log
status 1 'test of a rule that does not load' test broken/none.yml
prints 'broken/none.yml: failed: line'
status 4 'test of nothing' test nowhere
says 'nowhere: no such file'
mkdir 'a b;(x)' && cp rules/ssh.* 'a b;(x)'
status 0 'odd names of directories' test 'a b;(x)'
prints '1 rule, 3 samples, 0 failed'

# ---- explain -------------------------------------------------------------------------------------
explain() { # WANT NAME ARGUMENTS...
    want=$1
    what=$2
    shift 2
    status "$want" "$what" explain --no-default-rules --rules rules "$@"
}
failed=$(grep -n 'Failed password for kenji' "$logs/auth.log" | sed -n '1s/:.*//p')
own=$(grep -n 'Failed password for yuki from 198' "$logs/auth.log" | sed -n '1s/:.*//p')
explain 0 'a record that matches, by id' 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c01 "$logs/auth.log:$failed"
prints '  matches'
prints 'matched: 1 of 1 record'
prints 'product=linux service=sshd'
prints_not '<=='
explain 1 'one that does not, by name' failed_password "$logs/auth.log:$own"
prints '<== fails first here'
prints "does not match, because this holds and must not: source.ip|cidr: '198.51.100.0/24'"
explain 2 'a part of two titles' 'failed pass' "$logs/auth.log:$failed"
says '2 rules have this in their title'
explain 1 'another log source' failed_password "$logs/apache2/access.log:3"
prints '[-] log source: product=linux service=sshd   <== fails first here'
prints 'this record is of category=webserver'
explain 0 'a correlation' 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c02 "$logs/auth.log"
prints 'a correlation; explained are the rules'
ok '… twenty records are shown' [ "$(grep -c '^  record ' out)" = 20 ]
prints '118 more records were not shown'
prints "matched: $(grep -c 'Failed password.*from 203' "$logs/auth.log") of 138 records"
status 0 'a rule file' explain rules/ssh.yml "$logs/auth.log:$failed"
prints '  matches'
"$IR" rules explain rules/ssh.yml - <rules/ssh.match.log >out 2>err
rc=$?
ok "an event from stdin: status 0 (got $rc)" [ "$rc" = 0 ]
explain 1 'a rule that waits' 'administrator logs' "$logs/auth.log:$failed"
prints 'waits for placeholder values'
explain 2 'a rule that is not there' nosuchrule "$logs/auth.log"
says 'no such rule: nosuchrule'
explain 3 'an event that is not there' failed_password nowhere.log
says 'cannot read: nowhere.log'
explain 3 'a line that is not there' failed_password "$logs/auth.log:9999"
says 'no record begins at line 9999'
explain 2 'no event' failed_password
status 3 'a rule file that does not load' explain broken/none.yml "$logs/auth.log"
says 'broken/none.yml'
# a record of several lines is found by any of them
explain 1 'a part of an event' failed_password "$logs/audit/audit.log:2"
prints 'a record of format auditd'
cat >filter.yml <<'END'
title: Not the office
id: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c05
logsource:
    product: linux
    service: sshd
filter:
    rules:
        - failed_password
    office:
        user.name: kenji
    condition: not office
END
explain 1 'a filter' --rules filter.yml failed_password "$logs/auth.log:$failed"
prints 'condition: (keywords and not friend) and (not office)'
prints "because this holds and must not: user.name: 'kenji'"
printf '%s' "$(line 1 'x' 203.0.113.9)" | sed 's/for x/for [+] all of/' >trick.log
explain 0 'a value that looks like ours' failed_password trick.log

# ---- coverage ------------------------------------------------------------------------------------
mkdir cover && cp rules/ssh.yml rules/many.yml rules/admin.yml cover
cat >cover/web.yml <<'END'
title: A cookie
id: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c06
logsource:
    product: linux
    service: sshd
detection:
    cookie:
        cs-cookie|contains: x
    condition: cookie
level: medium
END
cat >cover/windows.yml <<'END'
title: Something of Windows
id: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c07
logsource:
    product: windows
    service: security
detection:
    a:
        EventID: 1
    condition: a
END
cover() { # WANT NAME ARGUMENTS...
    want=$1
    what=$2
    shift 2
    status "$want" "$what" coverage --no-default-rules --rules cover "$@"
}
cover 0 'coverage' "$logs/auth.log"
prints '2 rules can fire'
prints '1 rule needs a field that no record here has'
prints 'A cookie (linux/sshd): needs cs-cookie'
prints 'waits for administrators'
prints 'Something of Windows (windows/security)'
cover 0 'coverage with values' --values values.yml "$logs/auth.log"
prints '3 rules can fire'
cover 0 'coverage --min-level' --min-level high "$logs/auth.log"
prints_not 'A cookie'
cover 0 'coverage --rule' --rule cookie "$logs/auth.log"
prints '0 rules can fire'
cover 0 'coverage as JSON lines' --output jsonl "$logs/auth.log"
verdict() { # ID-END JQ
    jq -es "any(.[]; .\"ir.kind\" == \"coverage\" and (.rule.id | endswith(\"$1\")) and $2)" out
}
ok '… can fire' verdict 01 '.coverage == "can_fire" and .rule.level == "low" and .rule.path == "cover/ssh.yml"'
ok '… a correlation' verdict 02 '.coverage == "can_fire" and .rule.title == "Many failed passwords"'
ok '… a field' verdict 06 '.coverage == "field_never_seen" and .field == "cs-cookie"'
ok '… values' verdict 03 '.coverage == "waiting" and .values == "administrators"'
ok '… a log source' verdict 07 '.coverage == "no_log_source" and .rule.level == null'
ok '… and the summary agrees' jq -es '(.[-1] | ."ir.kind" == "summary" and .rules.loaded == 5 and
    .rules.no_log_source == 1 and .rules.field_never_seen == 1 and .rules.waiting == 1) and length == 6' out
cover 3 'coverage of what is not there' nowhere.log
says 'cannot read: nowhere.log'
cover 2 'coverage of nothing'
status 4 'coverage by rules that are not there' coverage --no-default-rules --rules nowhere "$logs"
says 'cannot read rules'
plan
