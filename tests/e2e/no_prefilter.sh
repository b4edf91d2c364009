#!/bin/sh
# The prefilter may make a scan fast, never change what it finds: with --no-prefilter every rule is tried on every
# record, and the output must be byte-identical. On the invented break-in, and on all data at hand with all public
# rules and ours; a difference names its file.
set -u
: "${IR:?}" "${TMPDIR:?}" "${IR_SHARED:?}"
. tests/lib.sh
tree=$PWD
cd "$TMPDIR" || exit 1
scan() { # FILE ARGUMENTS...
    out=$1
    shift
    "$IR" scan --no-default-rules --no-anomaly --reference-time 2026-11-20 --output jsonl "$@" 2>err </dev/null |
        sed 's/"elapsed_s":[0-9.]*/"elapsed_s":0/' >"$out"
}
compare() { # NAME MINIMUM-OF-FINDINGS ARGUMENTS...
    what=$1
    least=$2
    shift 2
    scan with "$@"
    scan without "$@" --no-prefilter
    ok "$what: the same without the prefilter" diff with without
    got=$(grep -c '"ir.kind":"finding"' with)
    ok "$what: at least $least findings (got $got)" [ "$got" -ge "$least" ]
}

# Texts that a search of the raw bytes must not miss: other cases, letters that fold to ASCII, escapes,
# percent-encoding, values that a parser puts together.
mkdir rules
cat >rules/all.yml <<'END'
title: A word in any case
id: 7d0c8a10-5b1c-4f60-9a3e-2c4f5d6e7f01
logsource:
    category: webserver
detection:
    word:
        cs-uri-query|contains: 'desk'
    condition: word
level: low
---
title: A path behind percent signs
id: 7d0c8a10-5b1c-4f60-9a3e-2c4f5d6e7f02
logsource:
    category: webserver
detection:
    path:
        cs-uri-query|contains: '/etc/passwd'
    condition: path
level: low
---
title: A regular expression without a literal
id: 7d0c8a10-5b1c-4f60-9a3e-2c4f5d6e7f03
logsource:
    category: webserver
detection:
    path:
        cs-uri-query|re: '[?&][a-z]=[0-9]{5}$'
    condition: path
level: low
---
title: Not what is usual
id: 7d0c8a10-5b1c-4f60-9a3e-2c4f5d6e7f04
logsource:
    category: webserver
detection:
    usual:
        sc-status: 200
    condition: not usual
level: low
---
title: A joined command line
id: 7d0c8a10-5b1c-4f60-9a3e-2c4f5d6e7f05
logsource:
    product: linux
    category: process_creation
detection:
    line:
        CommandLine|contains: 'sh -c'
    condition: line
level: low
---
title: A keyword
id: 7d0c8a10-5b1c-4f60-9a3e-2c4f5d6e7f06
logsource:
    product: linux
detection:
    words:
        - 'disk full'
        - 'ſecret'
        - '容量が'
    condition: words
level: low
END
mkdir odd
request() { # TARGET STATUS
    printf '192.0.2.1 - - [18/Nov/2026:01:02:03 +0000] "GET %s HTTP/1.1" %s 1 "-" "-"\n' "$1" "$2"
}
{
    request /DESK 200
    request '/de%73k' 200
    # U+017F and U+212A fold to s and k
    request "/de$(printf '\305\277\342\204\252')" 200
    request '/x?f=%2fetc%2Fpasswd' 200
    request '/x?f=%252fetc%252fpasswd' 200
    request '/x?f=12345' 200
    request '/nothing' 404
} >odd/access.log
{
    printf 'Nov 18 01:02:03 web01 app: DISK FULL\n'
    printf 'Nov 18 01:02:03 web01 app: dis\342\204\252 full\n'
    printf 'Nov 18 01:02:03 web01 app: SECRET\n'
    printf 'Nov 18 01:02:03 web01 app: nothing\n'
} >odd/messages
{
    printf 'type=SYSCALL msg=audit(1794961262.120:3110): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 uid=33 exe="/bin/sh"\n'
    printf 'type=EXECVE msg=audit(1794961262.120:3110): argc=2 a0="sh" a1="-c"\n'
} >odd/audit.log
# a record of several lines, and letters without case
{
    printf '[2026/11/18 01:02:03.000000,  0] ../../source3/smbd/server.c:1(main)\n  smbd version 4 started.\n'
    printf '[2026/11/18 01:02:04.000000,  0] ../../source3/smbd/service.c:1(main)\n  Disk\n  disk full\n'
    printf '[2026/11/18 01:02:05.000000,  0] ../../source3/smbd/server.c:1(main)\n  容量がありません\n'
} >odd/log.smbd
compare 'odd texts' 6 --rules rules odd
ok 'odd texts: five keywords' [ "$(jq -s '[.[] | select(."ir.kind" == "finding" and .rule.id[-2:] == "06") | .count] | add' with)" = 5 ]
ok 'odd texts: all six rules' [ "$(jq -rs '[.[] | select(."ir.kind" == "finding") | .rule.id[-2:]] | unique | length' with)" = 6 ]
ok 'odd texts: the word is found three times' [ "$(jq -s '[.[] | select(."ir.kind" == "finding" and .rule.id[-2:] == "01") | .count] | add' with)" = 3 ]

# Lines of a web server inside syslog's: when they are many, one search of the block does for all of them.
mkdir many
awk 'BEGIN {
    for (i = 0; i < 400; i++) {
        printf "Nov 18 01:%02d:%02d web01 nginx: 192.0.2.%d - - [18/Nov/2026:01:%02d:%02d +0000] ", i / 60, i % 60, i % 200 + 1, i / 60, i % 60
        printf "\"GET /x?%s HTTP/1.1\" 200 1 \"-\" \"%s\"\n", i % 40 == 7 ? "a=DESK" : "a=1", i % 40 == 9 ? "desk" : "-"
    }
}' >many/messages
compare 'a web server in syslog' 1 --rules rules many
ok 'a web server in syslog: the word is found ten times' [ "$(jq -s '[.[] | select(."ir.kind" == "finding" and .rule.id[-2:] == "01") | .count] | add' with)" = 10 ]

compare 'the break-in' 3 --rules rules "$tree/tests/e2e/incident/logs"
[ -z "$(ls "$tree/rules" 2>/dev/null)" ] || compare 'the break-in, with the rules that come with ir' 5 --rules "$tree/rules" "$tree/tests/e2e/incident/logs"

data=$IR_SHARED/data
if [ ! -d "$data/sigma/rules" ]; then
    skip 'all data at hand with all public rules' "no $data"
    plan
    exit 0
fi
if sanitized; then
    skip 'all data at hand with all public rules' 'for the plain build: sanitizers make it minutes'
    plan
    exit 0
fi
set -- --rules rules
[ -d "$tree/rules" ] && set -- "$@" --rules "$tree/rules"
for dir in "$data"/sigma/rules*; do set -- "$@" --rules "$dir"; done
compare 'the break-in, with all public rules' 10 "$@" "$tree/tests/e2e/incident/logs"
compare 'regression logs of the public rules' 40 "$@" "$data/sigma/regression"
# In one scan: loading the rules takes longer than the most.
data_at_hand data
rm data/sigma
set -- "$@" data/*/
compare 'all other data at hand' 400 "$@"
plan
