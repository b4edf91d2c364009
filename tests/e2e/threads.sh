#!/bin/sh
# The result of a scan must be byte-identical for any number of threads: on the invented break-in, on 30 MB of
# mixed formats made here (many blocks a file, hits across all of them, correlations over block ends, a change
# of year in stamps without one), and on all data at hand.
set -u
: "${IR:?}" "${TMPDIR:?}" "${IR_SHARED:?}"
. tests/lib.sh
tree=$PWD
cd "$TMPDIR" || exit 1

mkdir rules
cat >rules/all.yml <<'END'
title: A failed password
id: 5b1c5f52-11a4-4d0f-9f5d-6d1f9a1e0b01
name: failed_password
logsource:
    product: linux
    service: sshd
detection:
    keywords:
        - 'Failed password'
    condition: keywords
level: low
---
title: Many failed passwords
id: 5b1c5f52-11a4-4d0f-9f5d-6d1f9a1e0b02
correlation:
    type: event_count
    rules:
        - failed_password
    group-by:
        - source.ip
    timespan: 1d
    generate: true
    condition:
        gte: 20
level: high
---
title: Many users from one address
id: 5b1c5f52-11a4-4d0f-9f5d-6d1f9a1e0b03
correlation:
    type: value_count
    rules:
        - failed_password
    group-by:
        - source.ip
    timespan: 12h
    generate: true
    condition:
        field: user.name
        gte: 5
level: high
---
title: A way up
id: 5b1c5f52-11a4-4d0f-9f5d-6d1f9a1e0b04
logsource:
    category: webserver
detection:
    up:
        cs-uri-query|contains: '../'
    condition: up
level: medium
---
title: A shell of the web server
id: 5b1c5f52-11a4-4d0f-9f5d-6d1f9a1e0b05
logsource:
    product: linux
    category: process_creation
detection:
    shell:
        Image|endswith: '/dash'
        CommandLine|contains: 'curl'
    condition: shell
level: high
---
title: Any nginx error about a file
id: 5b1c5f52-11a4-4d0f-9f5d-6d1f9a1e0b06
logsource:
    service: nginx
detection:
    keywords:
        - 'secret.txt'
    condition: keywords
level: low
---
title: A process by an event of Sysmon
id: 5b1c5f52-11a4-4d0f-9f5d-6d1f9a1e0b07
logsource:
    product: windows
    category: process_creation
detection:
    tool:
        CommandLine|contains: ' -enc '
    condition: tool
level: high
END

mkdir mixed
awk 'BEGIN {
    srand(11)
    split("Oct Nov Dec Jan", month, " ")
    for (i = 0; i < 110000; i++) {
        m = int(i / 27501); d = 1 + int((i % 27501) / 1000); s = int((i % 1000) * 86.4)
        stamp = sprintf("%s %2d %02d:%02d:%02d", month[m + 1], d, s / 3600, s / 60 % 60, s % 60)
        r = rand()
        if (r < 0.1) {
            split("root admin test oracle git kenji", user, " ")
            printf "%s web01 sshd[%d]: Failed password for %s from 198.51.100.%d port %d ssh2\n", stamp, 1000 + i % 30000,
                user[1 + int(rand() * 6)], int(rand() * 9), 1024 + i % 60000 >"mixed/auth.log"
        } else if (r < 0.5)
            printf "%s web01 CRON[%d]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)\n", stamp, i >"mixed/auth.log"
        else
            printf "%s web01 kernel: [%d.%06d] eth0: link is up, %d Mbps\n", stamp, i, i, i % 1000 >"mixed/auth.log"
    }
    for (i = 0; i < 90000; i++) {
        path = rand() < 0.001 ? "/get?f=../../etc/passwd" i : "/item.php?id=" i
        if (i == 70000) path = "/a%2e%2e%2fb"
        printf "192.0.2.%d - - [18/Nov/2026:%02d:%02d:%02d +0000] \"GET %s HTTP/1.1\" 200 %d \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"\n",
            i % 250, i / 3750, i / 60 % 60, i % 60, path, i >"mixed/access.log"
    }
    for (i = 0; i < 12000; i++) {
        a = sprintf("audit(17949612%02d.%03d:%d)", i / 1000 % 100, i % 1000, i)
        printf "type=SYSCALL msg=%s: arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=8 items=2 ppid=%d pid=%d auid=1000 uid=33 gid=33 euid=33 suid=33 fsuid=33 egid=33 sgid=33 fsgid=33 tty=(none) ses=1 comm=\"dash\" exe=\"/usr/bin/dash\" key=(null)\n", a, i, i + 1 >"mixed/audit.log"
        printf "type=EXECVE msg=%s: argc=3 a0=\"sh\" a1=\"-c\" a2=\"%s\"\n", a, i % 400 ? "id" : "curl" >"mixed/audit.log"
        printf "type=EOE msg=%s: \n", a >"mixed/audit.log"
    }
    for (i = 0; i < 20000; i++)
        printf "2026/11/18 %02d:%02d:%02d [error] 12#12: *%d open() \"/srv/www/%s\" failed (2: No such file or directory), client: 192.0.2.%d, server: shop.example.com, request: \"GET /x HTTP/1.1\", host: \"shop.example.com\"\n",
            i / 3600 % 24, i / 60 % 60, i % 60, i, i % 500 ? "favicon.ico" : "secret.txt", i % 250 >"mixed/error.log"
    for (i = 0; i < 12000; i++)
        printf "{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"Provider_Name\":\"Microsoft-Windows-Sysmon\",\"Computer\":\"pc%d\",\"UtcTime\":\"2026-11-18 10:%02d:%02d.000\",\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\",\"CommandLine\":\"cmd.exe%s\",\"User\":\"EXAMPLE\\\\u%d\"}\n",
            i % 40, i / 60 % 60, i % 60, i % 300 ? " /c dir" : " -enc AAAA", i % 7 >"mixed/sysmon.json"
    for (i = 0; i < 20000; i++) printf "no format knows this line, which is number %d\n", i >"mixed/other.txt"
}'
gzip -c mixed/access.log >mixed/access.log.1.gz
xz -0 -c mixed/auth.log >mixed/copy.xz 2>/dev/null || rm -f mixed/copy.xz

scan() { # NAME THREADS ARGUMENTS...
    name=$1
    threads=$2
    shift 2
    # TZ (but for stamps that name no zone) and the clock must not matter either
    TZ=Asia/Tokyo "$IR" scan --zone UTC --no-default-rules --no-anomaly --reference-time 2027-02-01 --output jsonl --threads "$threads" \
        "$@" 2>err </dev/null | sed 's/"elapsed_s":[0-9.]*/"elapsed_s":0/' >"$name.$threads"
}
compare() { # NAME ARGUMENTS...
    name=$1
    shift
    for threads in 1 2 7; do scan "$name" "$threads" "$@"; done
    ok "$name: there are findings" grep -q '"ir.kind":"finding"' "$name.1"
    ok "$name: 1 and 2 threads" cmp "$name.1" "$name.2"
    ok "$name: 1 and 7 threads" cmp "$name.1" "$name.7"
}
compare incident --rules rules "$tree/tests/e2e/incident/logs"
compare mixed --rules rules mixed
size=$(cat mixed/* | wc -c)
ok "the mixture is large: $size bytes" [ "$size" -gt 30000000 ]
fired() { # every rule above has found something, and every format was read
    jq -s '[.[] | select(."ir.kind" == "finding") | .rule.id[-2:]] | unique | length' mixed.1 | grep -x 7 &&
        jq -es '.[-1].records | keys | contains(["apache_access", "auditd", "nginx_error", "syslog"])' mixed.1
}
ok 'mixed: every rule fired' fired
ok 'mixed: the turn of the year' jq -es '.[-1] | .first == "2026-10-01T00:00:00Z" and (.last | startswith("2027-01-"))' mixed.1
scan order 2 --rules rules mixed/other.txt mixed/auth.log mixed/access.log
scan order 7 --rules rules mixed/other.txt mixed/auth.log mixed/access.log
ok 'named one by one: 2 and 7 threads' cmp order.2 order.7

data=$IR_SHARED/data
if [ -d "$data" ]; then
    data_at_hand data
    # the mixture above goes through the same code as megabytes more of it
    sanitized && rm -r data/[!lw]*
    compare data --rules "$data/sigma/rules" --rules rules data/*/
else
    skip 'all data at hand' "no $data"
fi
plan
