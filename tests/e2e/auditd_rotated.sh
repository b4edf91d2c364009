#!/bin/sh
# Log rotation cuts audit events in two. The members of a rotated set are one log: what `ir scan` and `ir parse`
# make of them must be what they make of the whole file, and every record must be found again in its own member.
# Damage, members that cannot be read and members of other formats must not spoil the rest. All records are invented.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
cd "$TMPDIR" || exit 1
mkdir rules whole rot
cat >rules/all.yml <<'END'
title: A program fetched something
id: 0d5c6d5e-7a0c-4b0c-9d6f-2f6d7c1a0e01
logsource:
    product: linux
    category: process_creation
detection:
    tool:
        Image|endswith: '/curl'
        CommandLine|contains: 'http'
        ParentImage|endswith: '/bash'
    condition: tool
level: high
---
title: The arguments alone
id: 0d5c6d5e-7a0c-4b0c-9d6f-2f6d7c1a0e02
name: arguments
logsource:
    product: linux
    service: auditd
detection:
    tool:
        type: EXECVE
        a0: curl
    condition: tool
level: low
---
title: Where it was
id: 0d5c6d5e-7a0c-4b0c-9d6f-2f6d7c1a0e03
logsource:
    product: linux
    service: auditd
detection:
    tool:
        type: CWD
        exe|endswith: '/curl'
    condition: tool
level: low
---
title: A call out
id: 0d5c6d5e-7a0c-4b0c-9d6f-2f6d7c1a0e04
logsource:
    product: linux
    category: network_connection
detection:
    out:
        DestinationIp: '198.51.100.10'
    condition: out
level: medium
---
title: Many arguments
id: 0d5c6d5e-7a0c-4b0c-9d6f-2f6d7c1a0e05
correlation:
    type: event_count
    rules:
        - arguments
    group-by:
        - process.executable
    timespan: 1h
    generate: true
    condition:
        gte: 10
level: medium
END

# Eleven seconds of a machine: each second a shell, its curl and its connection; the records of the last two interleave.
awk 'BEGIN {
    for (i = 0; i < 12; i++) {
        t = 1794961200 + i
        call = "arch=c000003e syscall=%d success=yes exit=0 a0=3 a1=2 a2=10 a3=0 items=1 ppid=%d pid=%d auid=1000 uid=33 tty=pts0 ses=4 comm=\"%s\" exe=\"/usr/bin/%s\" key=(null)\n"
        printf "type=SYSCALL msg=audit(%d.100:%d): " call, t, 3 * i + 1, 59, 1, 100 + 2 * i, "bash", "bash"
        printf "type=EXECVE msg=audit(%d.100:%d): argc=1 a0=\"bash\"\n", t, 3 * i + 1
        printf "type=PROCTITLE msg=audit(%d.100:%d): proctitle=\"bash\"\n", t, 3 * i + 1
        printf "type=SYSCALL msg=audit(%d.200:%d): " call, t, 3 * i + 2, 59, 100 + 2 * i, 101 + 2 * i, "curl", "curl"
        printf "type=SYSCALL msg=audit(%d.201:%d): " call, t, 3 * i + 3, 42, 101 + 2 * i, 101 + 2 * i, "nc", "nc"
        printf "type=EXECVE msg=audit(%d.200:%d): argc=2 a0=\"curl\" a1=\"http://c2.example/%d\"\n", t, 3 * i + 2, i
        printf "type=SOCKADDR msg=audit(%d.201:%d): saddr=0200115CC633640A0000000000000000\n", t, 3 * i + 3
        printf "type=CWD msg=audit(%d.200:%d): cwd=\"/srv/%d\"\n", t, 3 * i + 2, i
        printf "type=EOE msg=audit(%d.201:%d): \n", t, 3 * i + 3
        printf "type=EOE msg=audit(%d.200:%d): \n", t, 3 * i + 2
    }
}' >whole/audit.log

scan() { # THREADS PATH
    "$IR" scan --no-default-rules --no-anomaly --rules rules --reference-time 2026-11-20 --output jsonl --threads "$1" "$2" \
        2>err </dev/null | sed 's/"elapsed_s":[0-9.]*/"elapsed_s":0/'
}
# Without what rightly differs: where the records lie, and the id that hashes the place.
bare='select(."ir.kind" == "finding") | del(.id) | .origin |= map(del(.path, .offset, .line))'
what() { scan 2 "$1" | jq -c "$bare"; }
parsed() { "$IR" parse "$1" | jq -c 'del(."log.file.path", ."log.offset", ."log.line")'; }
split() { # LINES LINES: into rot/audit.log.2.gz (so many lines), .1 (so many), audit.log (the rest)
    rm -rf rot
    mkdir rot
    head -n "$1" whole/audit.log | gzip >rot/audit.log.2.gz
    tail -n +"$(($1 + 1))" whole/audit.log | head -n "$2" >rot/audit.log.1
    tail -n +"$(($1 + $2 + 1))" whole/audit.log >rot/audit.log
}
what whole >whole.found
parsed whole >whole.parsed
ok 'the whole file: five rules fired' jq -es 'map(.rule.id[-1:]) | unique | length == 5' whole.found
ok 'the whole file: 36 events' [ "$(wc -l <whole.parsed)" = 36 ]

# Cuts between any two records of two events; also two cuts in one event (an EXECVE alone in its member).
for cut in '3 10' '4 10' '5 20' '6 20' '7 21' '8 22' '9 30' '14 1' '15 1' '15 2' '17 4'; do
    # shellcheck disable=SC2086 # two words
    split $cut
    what rot >rot.found
    ok "cut after $cut lines: the findings of the whole" cmp whole.found rot.found
    parsed rot >rot.parsed
    ok "cut after $cut lines: the events of the whole" cmp whole.parsed rot.parsed
done

# Each origin, read from its member with other tools, has the digest that was told; and it is where it is in the whole.
split 15 1
for threads in 1 2 7; do scan "$threads" rot >"rot.$threads"; done
ok '1 and 2 threads' cmp rot.1 rot.2
ok '1 and 7 threads' cmp rot.1 rot.7
digests() {
    jq -r 'select(.rule) | .origin[] | "\(.path) \(.offset) \(.length) \(.line) \(.sha256)"' rot.1 | sort -u >origins
    [ -s origins ] || return 1
    while read -r path offset length line sha; do
        case $path in
        *.gz) gzip -dc "$path" >member ;;
        *) cp "$path" member ;;
        esac
        [ "$(tail -c +$((offset + 1)) member | head -c "$length" | sha256sum | cut -d ' ' -f 1)" = "$sha" ] || return 1
        [ "$(sed -n "${line}p" member | wc -c)" = "$((length + 1))" ] || return 1
    done <origins
}
ok 'every origin has its digest and its line in its own member' digests
in_member() { # RULE PATH: how many origins of that rule
    jq -s --arg id "$1" --arg path "$2" '[.[] | select(.rule) | select(.rule.id[-1:] == $id) | .origin[] | select(.path == $path)] | length' rot.1
}
ok 'the arguments of the cut event lie in the middle member' [ "$(in_member 2 rot/audit.log.1)" = 1 ]
ok 'its working directory in the newest' [ "$(in_member 3 rot/audit.log)" = 11 ]
bytes=$(wc -c <whole/audit.log)
# shellcheck disable=SC2016 # jq's variable
ok 'every byte was read once' jq -es --argjson bytes "$bytes" '.[-1] | .bytes == $bytes and .records.auditd == 36' rot.1
place() { "$IR" parse rot | jq -r 'select(."ir.record" == "5") | "\(."log.file.path") \(."log.line")"'; }
ok 'ir parse places the cut event in its first member' [ "$(place)" = 'rot/audit.log.2.gz 14' ]

# A record that is broken in an older member is told for that member, although its event is complete later.
split 14 4
sed '1s/key=(null)/key="cut/' rot/audit.log.1 >x && mv x rot/audit.log.1
gzip -dc rot/audit.log.2.gz | sed '$s/key=(null)/key="cut/' | gzip >x && mv x rot/audit.log.2.gz
scan 2 rot >damaged
named() { # FILE PATH REASON: the summary's problem
    jq -es --arg path "$2" --arg reason "$3" '.[-1].problems | any(.path == $path and (.reason | contains($reason)))' "$1"
}
ok 'a broken record is named for its own member' named damaged rot/audit.log.2.gz 'a damaged record'
ok 'and only for that' jq -es '.[-1] | .damaged == 2 and (.problems | length == 2)' damaged
"$IR" scan --no-default-rules --no-anomaly --rules rules --reference-time 2026-11-20 --output jsonl rot/audit.log rot/audit.log.1 rot/audit.log.2.gz \
    2>/dev/null | sed 's/"elapsed_s":[0-9.]*/"elapsed_s":0/' >named
ok 'members named one by one, in any order' cmp damaged named

# A member that ends too early is named; the events of the others are there, also the one cut at the other end.
split 40 40
head -c 200 rot/audit.log.2.gz >x && mv x rot/audit.log.2.gz
scan 2 rot >short
ok 'a short member is named' named short rot/audit.log.2.gz 'cut short'
ok 'and only that' jq -es '.[-1].problems | length == 1' short
ok 'and the others are read' jq -es '.[-1].records.auditd >= 24' short

# A member that cannot be opened ends the chain: nothing is joined over the gap, nothing is lost beside it.
split 44 1
chmod 000 rot/audit.log.1
[ "$(id -u)" != 0 ] || ln -sf /proc/1/mem rot/audit.log.1
if (: <rot/audit.log.1) 2>/dev/null; then
    skip 'a member that cannot be opened' 'this user opens everything'
    echo "# skipped: a member that cannot be opened: this user opens everything" >&2
else
    for threads in 1 2 7; do scan "$threads" rot >"gap.$threads"; done
    ok 'a member that cannot be opened is named' named gap.1 rot/audit.log.1 'cannot be opened'
    ok 'and counted' jq -es '.[-1].unreadable == 1' gap.1
    ok 'the event it cut is in two parts' jq -es '.[-1].records.auditd == 37' gap.1
    ok 'the same for 7 threads' cmp gap.1 gap.7
    ok 'and for ir parse' [ "$("$IR" parse rot 2>/dev/null | wc -l)" = 37 ]
fi

# A member of another format is read as what it is.
split 44 1
printf 'Nov 18 00:00:0%d web01 sshd[12]: Failed password for root from 198.51.100.9 port 5 ssh2\n' 1 2 3 >rot/audit.log.1
for threads in 1 2 7; do scan "$threads" rot >"mixed.$threads"; done
ok 'another format in the set' jq -es '.[-1].records == {"auditd":37,"syslog":3}' mixed.1
ok 'is the same for 7 threads' cmp mixed.1 mixed.7
ok 'and for ir parse' [ "$("$IR" parse --reference-time 2026-11-20 rot | jq -r '."ir.format"' | sort | uniq -c | tr -s ' \n' ' ')" = ' 37 auditd 3 syslog ' ]
ok 'two logs that are no set stay two' [ "$(mkdir two && cp rot/audit.log two/a.log && head -n 44 whole/audit.log >two/b.log && "$IR" parse two | wc -l)" = 37 ]
plan
