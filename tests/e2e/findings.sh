#!/bin/sh
# The contract of `ir scan --output jsonl` (README): keys and their order, evidence that can be found again with
# tools that everybody has, filters, exit statuses; and that nothing hostile reaches a terminal or a spreadsheet.
# Rules of its own, so that changed rules do not change what is tested here.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
logs=$PWD/tests/e2e/incident/logs
cd "$TMPDIR" || exit 1
mkdir rules
cat >rules/web.yml <<'END'
title: A scanner of web servers
id: 2a5a3f0e-2f1c-4b52-8d64-3d1f6f3c1a01
logsource:
    category: webserver
detection:
    tool:
        cs-user-agent|contains: Nikto/
    condition: tool
level: medium
tags:
    - attack.reconnaissance
    - attack.t1595
END
cat >rules/ssh.yml <<'END'
title: A failed password
id: 2a5a3f0e-2f1c-4b52-8d64-3d1f6f3c1a02
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
id: 2a5a3f0e-2f1c-4b52-8d64-3d1f6f3c1a03
correlation:
    type: event_count
    rules:
        - failed_password
    group-by:
        - source.ip
    timespan: 10m
    generate: true
    condition:
        gte: 10
level: high
END
cat >rules/exec.yml <<'END'
title: Kernel calls of the web server
id: 2a5a3f0e-2f1c-4b52-8d64-3d1f6f3c1a04
logsource:
    product: linux
    service: auditd
detection:
    call:
        type: SYSCALL
        uid: 33
    condition: call
level: informational
END
scan() { # FILE ARGUMENTS...: stdout in FILE; status in $rc
    out=$1
    shift
    "$IR" scan --no-default-rules --no-anomaly --reference-time 2026-11-20 --output jsonl "$@" >"$out" 2>err </dev/null
    rc=$?
}
status() { # WANT NAME
    ok "$2: status $1 (got $rc)" [ "$rc" = "$1" ]
}
count() { # FILE JQ: how many findings for which it holds
    jq -s "[.[] | select(.\"ir.kind\" == \"finding\") | select($2)] | length" "$1"
}
every() { # NAME FILE JQ: it holds for every finding, and there is one
    # shellcheck disable=SC2016
    ok "$1" jq -se '[.[] | select(."ir.kind" == "finding")] | length > 0 and all(.[]; '"$3"')' "$2"
}

scan all --rules rules "$logs"
status 1 'findings'
ok 'every line is a JSON object' jq -es 'all(.[]; type == "object")' all
ok 'findings, and one summary, which is the last line' \
    jq -es '(.[-1]."ir.kind" == "summary") and all(.[:-1][]; ."ir.kind" == "finding") and length > 4' all

# ---- keys and their order -----------------------------------------------------------------------
keys='["ir.kind","id","@timestamp","rule","entity","origin","count","first_seen","last_seen","why","next"]'
every 'the keys of a finding' all "keys_unsorted == $keys"
every 'the keys of its rule' all '.rule | keys_unsorted == ["id","title","level","tags","type"]'
every 'the keys of its origins' all \
    'all(.origin[]; keys_unsorted == ["path","offset","line","record","length","sha256"])'
summary='["ir.kind","inputs","unreadable","bytes","records","damaged","unrecognised","rules","findings","first",
    "last","elapsed_s","sandbox"]'
ok 'the keys of the summary' jq -es ".[-1] | keys_unsorted[:13] == $summary" all
ok 'the keys of its rules' jq -es \
    '.[-1].rules | keys_unsorted[:4] == ["loaded","failed","no_log_source","field_never_seen"]' all
ok 'the keys of its findings' jq -es \
    '.[-1].findings | keys_unsorted == ["critical","high","medium","low","informational"]' all
every 'types' all '(.id | test("^[0-9a-f]{32}$")) and (.rule.title | type == "string") and
    (.rule.tags | type == "array") and (.rule.type | IN("sigma", "correlation", "anomaly")) and
    (.rule.level | IN("informational", "low", "medium", "high", "critical")) and
    (.entity | type == "object") and (all(.entity[]; type == "string")) and
    (.count | type == "number") and (.why | length > 0) and (.next | length > 0)'
every 'times' all '[."@timestamp", .first_seen, .last_seen] | all(.[];
    test("^2026-11-1[78]T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$"))'
every 'the time is that of the first event' all '."@timestamp" == .first_seen and .first_seen <= .last_seen'
ok 'no id twice' jq -es '[.[:-1][].id] | length == (unique | length)' all
ok 'ordered by time, input and offset' jq -es '[.[:-1][] | [."@timestamp", .origin[0].offset]] |
    map(.[0] |= sub("Z$"; "") ) | map(.[0]) == (map(.[0]) | sort)' all
# shellcheck disable=SC2016  # $levels is jq's
ok 'the summary counts the findings' jq -es '(.[:-1] | map(.rule.level)) as $levels | .[-1].findings |
    to_entries | all(.[]; .key as $k | .value == ($levels | map(select(. == $k)) | length))' all
# shellcheck disable=SC2016  # $bytes is jq's
ok 'the summary counts inputs, bytes and records' jq -es --argjson bytes "$(cat "$logs"/auth.log "$logs"/*/*.log | wc -c)" \
    '.[-1] | .inputs == 3 and .bytes == $bytes and .records == {"apache_access":74,"auditd":19,"syslog":138}' all
ok 'rules: four loaded' jq -es '.[-1].rules | .loaded == 4 and .failed == []' all
ok 'kinds of rules' [ "$(jq -rs '[.[:-1][].rule.type] | unique | join(",")' all)" = correlation,sigma ]
ok 'tags come along' [ "$(count all '.rule.tags == ["attack.reconnaissance","attack.t1595"]')" -gt 0 ]
ok 'entities are told' [ "$(count all '.entity."source.ip" == "203.0.113.77"')" -gt 1 ]

# ---- evidence that can be found again -----------------------------------------------------------
jq -r 'select(."ir.kind" == "finding") | .origin[] | [.path, .offset, .length, .line, .sha256] | @tsv' all | sort -u >origins
evidence() {
    [ "$(wc -l <origins)" -gt 20 ] || { echo "only $(wc -l <origins) origins"; return 1; }
    while read -r path offset length line sha; do
        got=$(dd if="$path" iflag=skip_bytes,count_bytes skip="$offset" count="$length" status=none | sha256sum)
        [ "${got%% *}" = "$sha" ] || { echo "$path at $offset: sha256 $got, told $sha"; return 1; }
        [ "$(sed -n "${line}p" "$path" | tr -d '\n' | sha256sum)" = "$got" ] || { echo "$path: line $line is not the record at $offset"; return 1; }
    done <origins
}
ok 'each origin: dd gives the bytes of that sha256, sed the same line' evidence
every 'count tells of the origins' all '.rule.type == "correlation" or .count == (.origin | length)'
web=$(grep -c Nikto/ "$logs"/apache2/access.log)
ok "the scanner's $web requests are one finding" \
    [ "$(count all ".rule.id[-2:] == \"01\" and .count == $web")" = 1 ]
first_nikto=$(grep -n Nikto/ "$logs"/apache2/access.log | sed -n '1s/:.*//p')
ok 'its first origin is the first request' \
    [ "$(count all ".rule.id[-2:] == \"01\" and .origin[0].line == $first_nikto")" = 1 ]
stamp() { # first|last line with TEXT in auth.log, from 203.0.113.77
    grep 'Failed password.*203.0.113.77' "$logs/auth.log" | sed -n "$1s/^Nov \\(..\\) \\(........\\).*/2026-11-\\1T\\2Z/p"
}
ok 'first_seen and last_seen are those of the log' [ "$(count all \
    ".rule.id[-2:] == \"02\" and .entity.\"source.ip\" == \"203.0.113.77\" and .first_seen >= \"$(stamp 1)\"")" -gt 0 ]
ok '… of all findings on that address together' [ "$(jq -rs '[.[:-1][] | select(.rule.id[-2:] == "02" and
    .entity."source.ip" == "203.0.113.77")] | [(map(.first_seen) | min), (map(.last_seen) | max),
    (map(.count) | add | tostring)] | join(" ")' all)" = \
    "$(stamp 1) $(stamp '$') $(grep -c 'Failed password.*203.0.113.77' "$logs/auth.log")" ]
every 'records of auditd have their number' all '(.rule.id[-2:] == "04" | not) or all(.origin[]; .record | test("^3[01][0-9]{2}$"))'
scan again --rules rules "$logs"
cut_time() { sed 's/"elapsed_s":[0-9.]*//' "$1"; }
same() { # A B: the same but for the time it took
    cut_time "$1" >a.cut && cut_time "$2" >b.cut && diff a.cut b.cut
}
ok 'a second scan says the same' same all again

# ---- exit statuses -------------------------------------------------------------------------------
scan none --rules rules --min-level critical "$logs"
status 0 'no finding is left'
scan low --rules rules --alert-level high "$logs/apache2"
status 0 'findings below the alert level'
scan wrong --rules rules --min-level
status 2 'wrong usage'
scan absent --rules rules --alert-level critical "$logs" no-such-file
status 3 'an input that is not there'
ok '… and the rest was scanned' jq -es '.[-1] | .unreadable == 1 and .inputs == 3' absent
scan damaged --rules rules no-such-file "$logs"
status 1 'findings come before damage'
scan failed --rules nowhere "$logs"
status 4 'rules that cannot be read'
ok '… and nothing is said on stdout' [ ! -s failed ]
printf 'title: broken\nlogsource: {product: linux}\n' >broken.yml
scan broken --rules broken.yml "$logs"
status 0 'a rule that does not load does not stop the scan'
ok '… and is named' jq -es '.[-1].rules.failed | length == 1 and .[0].path == "broken.yml" and (.[0].line > 0)
    and (.[0].reason | length > 0)' broken

# ---- filters -------------------------------------------------------------------------------------
scan level --rules rules --min-level medium "$logs"
every '--min-level' level '.rule.level | IN("medium", "high", "critical")'
ok '… leaves no other out' [ "$(count level true)" = "$(count all '.rule.level | IN("medium", "high")')" ]
scan rule --rules rules --rule 'FAILED pass' "$logs"
every '--rule by a part of the title' rule '.rule.title | test("failed pass"; "i")'
scan rule --rules rules --rule 2a5a3f0e-2f1c-4b52-8d64-3d1f6f3c1a01 "$logs"
every '--rule by id' rule '.rule.id[-2:] == "01"'
scan entity --rules rules --entity source.ip=203.0.113.77 "$logs"
every '--entity' entity '.entity."source.ip" == "203.0.113.77"'
ok '… leaves no other out' [ "$(count entity true)" = "$(count all '.entity."source.ip" == "203.0.113.77"')" ]
scan path --rules rules --path '*auth*' "$logs"
every '--path' path 'all(.origin[]; .path | endswith("auth.log"))'
ok '… reads no other' jq -es '.[-1] | .inputs == 1 and (.records | keys == ["syslog"])' path
scan since --rules rules --since 2026-11-18T00:42:00Z --until 2026-11-18T00:43:00Z "$logs"
every '--since and --until' since '.first_seen >= "2026-11-18T00:42:00" and .last_seen <= "2026-11-18T00:43:00Z"'
in_time=$(grep -cE '^Nov 18 00:(42:..|43:00).*Failed password' "$logs/auth.log")
ok "… find the $in_time failures between" [ "$(jq -s '[.[:-1][] | select(.rule.id[-2:] == "02") | .count] | add' since)" = "$in_time" ]

# ---- where bytes come from -----------------------------------------------------------------------
no_path() { # findings without what the way of reading changes
    jq -c 'select(."ir.kind" == "finding") | del(.id, .origin[].path)' "$1"
}
agree() { no_path "$1" >a.cut && no_path "$2" >b.cut && [ -s a.cut ] && diff a.cut b.cut; }
for log in auth.log apache2/access.log audit/audit.log; do
    scan plain --rules rules "$logs/$log"
    gzip -c "$logs/$log" >log.gz
    scan gz --rules rules log.gz
    ok "$log.gz gives the same" agree plain gz
    for how in pipe file; do
        if [ $how = pipe ]; then
            # shellcheck disable=SC2002  # a pipe is what is tested
            cat "$logs/$log" | "$IR" scan --no-default-rules --no-anomaly --reference-time 2026-11-20 --output jsonl \
                --rules rules - >stdin 2>err
        else
            "$IR" scan --no-default-rules --no-anomaly --reference-time 2026-11-20 --output jsonl \
                --rules rules - <"$logs/$log" >stdin 2>err
        fi
        ok "$log by stdin, a $how, gives the same" agree plain stdin
    done
    ok "… and the path is told as -" [ "$(jq -rs '[.[:-1][].origin[].path] | unique | join(" ")' stdin)" = - ]
done

# ---- hostile text --------------------------------------------------------------------------------
{
    printf 'Nov 18 00:00:01 web01 sshd[1]: Failed password for =HYPERLINK("http://x.invalid","a") from 203.0.113.5 port 1 ssh2\n'
    printf 'Nov 18 00:00:02 web01 sshd[2]: Failed password for @SUM(1) from 203.0.113.6 port 1 ssh2\n'
    printf 'Nov 18 00:00:03 web01 sshd[3]: Failed password for \033]0;owned\007\033[2Jx from 203.0.113.7 port 1 ssh2\n'
    printf 'Nov 18 00:00:04 web01 sshd[4]: Failed password for a\342\200\256b\233[2J\010\177 from 203.0.113.8 port 1 ssh2\n'
} >hostile
raw() { # FILE: control characters other than line ends, or a bidi control
    tr -d '\n' <"$1" | LC_ALL=C grep -qE "$(printf '[\001-\037\177]|\342\200\256')"
}
for output in table jsonl csv timesketch-jsonl timesketch-csv; do
    "$IR" scan --help | grep -qE "[(, ]${output}[,)]" || continue
    "$IR" scan --no-default-rules --rules rules --reference-time 2026-11-20 --output $output hostile >out 2>err </dev/null
    tr -d '\r' <out >out.lf # the line ends of CSV
    if raw out.lf || raw err; then bad "$output: control characters reach the reader"; else good "$output: no control characters"; fi
    ok "… and the records are there" grep -q 203.0.113.7 out
done
scan hostile.json --rules rules hostile
ok 'JSON keeps the bytes of a name, escaped' [ "$(count hostile.json '.why | length > 0')" = 4 ]
"$IR" scan --no-default-rules --rules rules --reference-time 2026-11-20 --output csv hostile >out 2>err </dev/null
# Cells are quoted or begin a line; a formula would begin with one of these.
if tr -d '\r' <out | grep -qE '(^|,)"?[[:space:]]*[=+@-]'; then bad 'CSV: no cell is a formula'; else good 'CSV: no cell is a formula'; fi
"$IR" rules explain rules/ssh.yml hostile --reference-time 2026-11-20 >out 2>err </dev/null
if raw out; then bad 'explain: no control characters'; else good 'explain: no control characters'; fi
"$IR" scan --no-default-rules --rules rules "$(printf 'no\033[2Jsuch')" >out 2>err </dev/null
if raw out || raw err; then bad 'a path: no control characters'; else good 'a path: no control characters'; fi
# Texts for people in the language asked for; programs get the same in every language.
mkdir ja
cat >ja/ja.yml <<'END'
title: A failed password
title_ja: パスワードが拒否されました
description: x
description_ja: 説明
next: Ask.
next_ja: 担当者に確認してください。
falsepositives_ja: [なし]
id: 2a5a3f0e-2f1c-4b52-8d64-3d1f6f3c1a09
logsource: {product: linux, service: sshd}
detection:
    keywords: ['Failed password']
    condition: keywords
level: low
---
title: Only in English
id: 2a5a3f0e-2f1c-4b52-8d64-3d1f6f3c1a0a
tags: [attack.impact]
logsource: {product: linux, service: sshd}
detection:
    keywords: ['Failed password']
    condition: keywords
level: low
END
echo 'Nov 12 04:00:10 h sshd[1]: Failed password for root from 192.0.2.9 port 22 ssh2' >ja.log
jascan() { "$IR" scan ja.log --no-default-rules --no-anomaly --rules ja --reference-time 2026-11-20 "$@" 2>/dev/null; }
jascan --lang ja >ja.table
ok 'a title in Japanese' grep -q 'パスワードが拒否されました' ja.table
ok 'advice in Japanese' grep -q '担当者に確認してください。' ja.table
ok 'a title in English where there is no other' grep -q 'Only in English' ja.table
ok 'general advice is in Japanese, too' grep -q '直ちに対応してください' ja.table
LC_ALL='' LANG=ja_JP.UTF-8 LC_MESSAGES='' jascan >ja.env
ok 'LANG is asked' grep -q 'パスワードが拒否されました' ja.env
LC_ALL='' LANG=ja_JP.UTF-8 LC_MESSAGES=C jascan >ja.en
ok 'LC_MESSAGES goes before LANG' grep -q 'A failed password' ja.en
jascan --lang ja -o jsonl | jq -r '.rule.title, .next' >ja.json
ok 'JSON stays English' sh -c 'grep -q "A failed password" ja.json && grep -q "^Ask\.$" ja.json && ! grep -q してください ja.json'

# Several expressions that must all fit: why says what the first of them found, never nothing.
cat >both.yml <<'END'
title: Two words
id: 2a5a3f0e-2f1c-4b52-8d64-3d1f6f3c1a09
logsource:
    product: linux
detection:
    words:
        message|re|i|all:
            - '\bcopy\b'
            - '\bto\s+program\b'
    condition: words
level: low
END
echo 'Nov 20 01:02:03 db app[9]: COPY t TO  program x' >both.log
"$IR" scan --no-default-rules --no-anomaly --lang en --reference-time 2026-11-20 --rules both.yml both.log >out 2>err
ok 'why names what an expression found' grep -q 'The message contains “COPY”' out
plan
