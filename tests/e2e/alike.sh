#!/bin/sh
# Lines that differ in stamp, pid and port only are parsed once a block and counted again. That must change no
# finding: with --no-prefilter every line is parsed, and the output must be byte-identical. Rules that look at what
# varies, values that stand where the varying numbers stand, and numbers that are read in another way beyond a
# limit, are all here.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
cd "$TMPDIR" || exit 1

rule() { # NUMBER TITLE DETECTION...: as YAML lines of the detection
    printf 'title: %s\nname: r%s\nid: 3c1c5f52-11a4-4d0f-9f5d-6d1f9a1e%04d\nlogsource:\n    product: linux\n' "$2" "$1" "$1"
    printf 'level: low\ndetection:\n    condition: s\n    s:\n'
    shift 2
    printf '        %s\n' "$@"
    echo ---
}
correlation() { # NUMBER TITLE TYPE RULE GROUP-BY FIELD
    printf 'title: %s\nid: 3c1c5f52-11a4-4d0f-9f5d-6d1f9a1e%04d\nlevel: medium\ncorrelation:\n' "$2" "$1"
    printf '    type: %s\n    rules: [%s]\n    group-by: [%s]\n    timespan: 1h\n    generate: true\n' "$3" "$4" "$5"
    printf '    condition:\n        gte: 3\n%s---\n' "${6:+        field: $6
}"
}
# The first two see nothing of what varies; each other one is tried beside them, so that it alone decides what is
# parsed. A rule without a literal would have every line parsed: all of these have one.
mkdir base more
{
    rule 1 'A keyword without a digit' "- 'Failed password'"
    rule 2 'No address' "- 'Read from socket failed'"
    correlation 21 'Many of one address' event_count r1 source.ip
    correlation 24 'Many users of one address' value_count r1 source.ip user.name
} >base/base.yml
rule 3 'A keyword that is a month' "- 'Nov '" >more/month.yml
rule 4 'A keyword that can be a port' "- 'port 4711 '" >more/keyword.yml
rule 5 'A port' 'source.port: 4711' >more/port.yml
rule 6 'A pid' "process.pid|startswith: '910'" >more/pid.yml
rule 7 'A message up to the port' "message|contains: 'from 192.0.2.7 port'" >more/before.yml
rule 8 'A message with the port' "message|contains: 'port 47'" >more/message.yml
rule 9 'A regular expression on the message' "message|re: 'port 47[0-9]+ '" >more/regex.yml
rule 10 'A user' "user.name|contains: 'port'" >more/user.yml
rule 11 'No port at all' 'source.port: null' "message|contains: 'Failed password'" >more/null.yml
rule 12 'A high port' 'source.port|gt: 40000' "message|contains: 'Failed password'" >more/high.yml
rule 13 'A keyword over the end of the stamp' "- '9 web01 sshd'" >more/end.yml
rule 14 'A fixed end' "message|endswith: ' ssh2'" >more/ssh2.yml
correlation 22 'Many ports of one address' value_count r1 source.ip source.port >more/ports.yml
correlation 23 'Many of one port' event_count r1 source.port >more/one-port.yml
line() { # MINUTE SECOND PID MESSAGE
    printf 'Nov 18 01:%02d:%02d web01 sshd[%s]: %s\n' "$@"
}
guess() { # USER PORT
    echo "Failed password for $1 from 192.0.2.7 port $2 ssh2"
}
nameless='fatal: Read from socket failed: Connection reset by peer [preauth]'
{
    line 0 1 99 "$nameless" # nobody said from where
    i=0
    for port in 1 47 471 4711 4712 9999 4711 40001 65535 65536 99999 04711 0 00 100000 4711 ''; do
        i=$((i + 1))
        line $i 1 $((9100 + i)) "$(guess root "$port")"
        line $i 9 $((9100 + i)) "$(guess root "$port")"
        line $i 19 91$i "$(guess 'invalid user a port 47' "$port")"
        line $i 20 91$i "$(guess "invalid user a port $i" "$port")"
        line $i 21 7 "$(guess "x from 192.0.2.9 port $i ssh2" "$port")"
        line $i 22 99999999999 "$(guess root "$port")"
        line $i 23 007 "$(guess root "$port")"
        line $i 24 12x "$(guess root "$port")"
        line $i 25 "$i" "message repeated $i times: [ $(guess root "$port")]"
        line $i 31 $i "message repeated 3 times: [ $(guess root 22)]"
        line $i 26 $((9100 + i)) "Connection from 192.0.2.$i port $port on 192.0.2.1 port 22"
        line $i 27 $((9100 + i)) "$nameless"
        line $i 32 $((9200 + i)) 'Connection from 192.0.2.7 port 4711 on 192.0.2.1 port 22'
        line $i 33 $((9200 + i)) "$nameless"
        line $i 28 $((9100 + i)) 'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root'
        printf '<38>Nov 18 01:%02d:29 web01 sshd[%s]: %s\n' $i $i "$(guess root "$port")"
        printf '2026-11-18T01:%02d:30.%s+09:00 web01 sshd[%s]: %s\n' $i "$i" "$i" "$(guess root "$port")"
    done
} >sshd.log
sort -k 1,3 sshd.log >sorted.log

scan() { # FILE ARGUMENTS...
    out=$1
    shift
    "$IR" scan --no-default-rules --no-anomaly --reference-time 2026-11-20 --rules base --output jsonl "$@" 2>err |
        sed 's/"elapsed_s":[0-9.]*/"elapsed_s":0/' >"$out"
}
compare() { # NAME TITLE ARGUMENTS...
    what=$1
    title=$2
    shift 2
    scan with "$@"
    scan without "$@" --no-prefilter
    ok "$what: the same as when every line is parsed" diff with without
    ok "$what: found" grep -qF "\"title\":\"$title\"" with
}
compare 'nothing that varies' 'Many of one address' sshd.log
# Of each of the 17 rounds one line is repeated as often as the round's number says, and one three times.
events=$(jq -s '[.[] | select(.rule.title == "A keyword without a digit") | .count] | add' with)
lines=$(grep -c 'Failed password' sshd.log)
ok "messages that were repeated count more (got $events of $lines lines)" [ "$events" = $((lines + 17 * 18 / 2 - 17 + 17 * 2)) ]
for file in more/*.yml; do
    title=$(sed -n 's/^title: //p' "$file")
    compare "$title" "$title" --rules "$file" sshd.log
done
compare 'in the order of time' 'Many of one address' sorted.log
compare 'from a time on' 'Many of one address' --since 2026-11-18T01:05:00 sshd.log
compare 'up to a time' 'Many of one address' --until 2026-11-18T01:05:15 sshd.log
compare 'with three threads' 'Many of one address' --threads 3 sshd.log sorted.log

# A web server that writes to syslog: the time of its record is its own, not that of the line; and the rules of such
# lines are searched while the rest of the block still waits.
web() { # STAMP ADDRESS SECOND TARGET
    printf 'Nov 18 01:%s web01 nginx[1]: %s - - [18/Nov/2026:01:02:%02d +0000] "GET %s HTTP/1.1" 200 12 "-" "x"\n' "$@"
}
cat >more/web.yml <<'END'
title: A path
id: 3c1c5f52-11a4-4d0f-9f5d-6d1f9a1e0031
logsource: {category: webserver}
detection: {s: {cs-uri-query|contains: /etc/passwd}, condition: s}
level: low
END
{
    web 02:01 192.0.2.1 1 /../../etc/passwd
    web 02:02 192.0.2.1 1 /../../etc/passwd
    web 02:03 192.0.2.1 2 /../../etc/passwd
    i=0
    while [ $i -lt 30 ]; do
        web 02:04 192.0.2.$i 3 "/?$(printf '/etc/passwd%.0s' 1 2 3 4 5 6 7 8 9)"
        i=$((i + 1))
    done
    i=0
    while [ $i -lt 5 ]; do
        line 3 $i 1 "$(guess root 4711)"
        i=$((i + 1))
    done
} >web.log
compare 'web records in syslog' 'A path' --rules more/web.yml web.log
ok 'and what stands behind them' grep -q 'Many of one address' with
plan
