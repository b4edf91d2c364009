#!/bin/sh
# `make bench`: how fast the program is, beside the limits that other programs set on the same bytes.
# Prints a table in Markdown and exits 0: a bench is no test.
#
#   BENCH_MB=60     size of each log (default 500)      BENCH_RUNS=5   medians of so many runs
#   BENCH_TMP=DIR   where the logs are made (default: TMPDIR or /tmp; three times BENCH_MB)
#   BENCH_ONLY=scans      only the first table: ir scan beside rg, goaccess and jq
#   BENCH_ONLY=families   only the rows of tests/bench/families, or BENCH_FAMILIES='asa mail' of these,
#                   each with a log of BENCH_FAMILY_MB=100
#   BENCH_ONLY=evidence   only the rows of tests/bench/evidence.sh
#
# Logs are made from the public lines in $IR_SHARED when they are there, else from lines of our own; rules are
# the public ones from there and those of this tree. Programs take turns, so that a busy moment of the machine
# meets all of them; the page cache is warm.
set -u
: "${IR:?}" "${B:=build}" "${IR_SHARED:=../shared}" "${BENCH_MB:=500}" "${BENCH_RUNS:=5}"
export LC_ALL=C.UTF-8 TZ=UTC
H=$B/bench
T=$(mktemp -d "${BENCH_TMP:-${TMPDIR:-/tmp}}/ir-bench.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT
trap 'exit 130' INT TERM HUP
export IR_HOME="$T/home"

sigma=$IR_SHARED/data/sigma windows_pool=''
note() { printf '%s\n' "$*" >>"$T/notes"; }
have() { command -v "$1" >/dev/null 2>&1; }
: >"$T/notes"
# rg reads its own settings otherwise
unset RIPGREP_CONFIG_PATH

# ---- rules ----------------------------------------------------------------------------------------
# Directories of rules in $T: linux, web, windows, all; each with our own rules.
copy_rules() { # NAME: paths from standard input
    mkdir -p "$T/rules/$1"
    n=0
    while IFS= read -r f; do
        n=$((n + 1))
        case $f in
        */settings.yml) cp "$f" "$T/rules/$1/" ;;
        *) cp "$f" "$T/rules/$1/$n-${f##*/}" ;;
        esac
    done
}
own_rules() { find rules -name '*.yml' -type f ! -path 'rules/formats/*' 2>/dev/null | sort; }
public_rules() { find "$sigma"/rules* -name '*.yml' -type f 2>/dev/null | sort; }
own_rules | copy_rules own
{ own_rules; find "$sigma/rules/linux" -name '*.yml' -type f 2>/dev/null | sort; } | copy_rules linux
{ own_rules; find "$sigma/rules/web" -name '*.yml' -type f 2>/dev/null | sort; } | copy_rules web
find "$sigma/rules/linux" -name '*.yml' -type f 2>/dev/null | copy_rules linux-public
find "$sigma/rules/web" -name '*.yml' -type f 2>/dev/null | copy_rules web-public
public_rules | while IFS= read -r f; do ! grep -q '^ *product: windows' "$f" || echo "$f"; done | copy_rules windows
public_rules | copy_rules all
count_rules() { find "$T/rules/$1" -type f | wc -l | tr -d ' '; }
if [ "$(count_rules all)" = 0 ]; then
    note "No public rules: \$IR_SHARED/data/sigma is not there; only our own $(count_rules own) rules were used."
    for d in all windows; do own_rules | copy_rules $d; done
fi
[ "$(count_rules own)" != 0 ] || note 'The tree holds no rules of its own yet.'

# ---- logs -----------------------------------------------------------------------------------------
unpack() { # ZIP: its JSON files on standard output
    if have bsdtar; then bsdtar -xOf "$1" --exclude '__MACOSX*' '*.json'
    elif have unzip; then unzip -p -x "$1" '*.json' -x '__MACOSX/*'; fi 2>/dev/null
}
make_logs() {
    set --
    for f in "$IR_SHARED/data/loghub/OpenSSH/OpenSSH_2k.log" "$IR_SHARED/data/loghub/Linux/Linux_2k.log"; do
        [ ! -f "$f" ] || set -- "$@" "$f"
    done
    [ $# -gt 0 ] || note 'auth/syslog: invented lines (no public ones there).'
    "$H/gen" syslog "$BENCH_MB" "$@" >"$T/auth.log" || exit 1
    set --
    for f in "$IR_SHARED"/data/web/*.log; do [ ! -f "$f" ] || set -- "$@" "$f"; done
    [ $# -gt 0 ] || note 'Apache access: invented lines (no public ones there).'
    "$H/gen" access "$BENCH_MB" "$@" >"$T/access.log" || exit 1
    for f in "$IR_SHARED"/data/windows-json/*.zip "$IR_SHARED"/data/windows-json/*/*.zip; do
        [ ! -f "$f" ] || unpack "$f" >>"$T/pool"
        [ ! -f "$T/pool" ] || [ "$(wc -c <"$T/pool")" -lt "${BENCH_MB}000000" ] || break
    done
    [ ! -s "$T/pool" ] || windows_pool=$T/pool
    [ -n "$windows_pool" ] || note 'Windows JSON: invented lines (no public ones there).'
    # shellcheck disable=SC2086  # no name, no argument
    "$H/gen" repeat "$BENCH_MB" ${windows_pool:+"$windows_pool"} >"$T/windows.json" || exit 1
    rm -f "$T/pool"
    : >"$T/empty.log"
    head -n 200 "$T/auth.log" >"$T/small.log"
    head -n 200 "$T/windows.json" >"$T/small.json"
}

# ---- measuring ------------------------------------------------------------------------------------
run() { # NAME COMMAND…: one run; its figures go to $T/t.NAME
    name=$1
    shift
    "$H/timed" "$@" >>"$T/t.$name"
}
median() { # NAME COLUMN (1 wall s, 2 CPU s, 3 peak KiB, 4 status); nothing when it did not run
    [ -s "$T/t.$1" ] || return 0
    awk -v c="$2" '{ print $c }' "$T/t.$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
scan() { # NAME THREADS RULES FILE [OPTION...]
    name=$1 threads=$2 with=$3 file=$4
    shift 4
    run "$name" "$IR" scan --no-default-rules --no-anomaly --no-progress --threads "$threads" \
        --rules "$T/rules/$with" --output jsonl "$@" "$T/$file"
}
rounds() {
    i=0
    while [ "$i" -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        scan auth 1 linux auth.log
        [ ! -s "$T/auth.all" ] || run auth.rg rg -c -i -F -f "$T/auth.all" "$T/auth.log"
        [ ! -s "$T/auth.required" ] || run auth.rgreq rg -c -i -F -f "$T/auth.required" "$T/auth.log"
        scan auth2 2 linux auth.log
        run auth.wc wc -l "$T/auth.log"
        [ "$(count_rules linux-public)" = 0 ] || scan authpub 1 linux-public auth.log
        scan access 1 web access.log
        [ ! -s "$T/access.all" ] || run access.rg rg -c -i -F -f "$T/access.all" "$T/access.log"
        [ ! -s "$T/access.required" ] || run access.rgreq rg -c -i -F -f "$T/access.required" "$T/access.log"
        scan access2 2 web access.log
        [ "$(count_rules web-public)" = 0 ] || scan accesspub 1 web-public access.log
        run access.wc wc -l "$T/access.log"
        scan windows 1 windows windows.json
        ! have jq || run windows.jq jq -c .EventID "$T/windows.json"
        run windows.wc wc -l "$T/windows.json"
        scan load 1 all empty.log
        scan small 1 own small.log
        scan smallall 1 all small.json
        # the slowest by far: three rounds tell enough
        ! have goaccess || [ "$i" -gt 3 ] ||
            run access.goaccess goaccess "$T/access.log" --log-format=COMBINED -o "$T/x.json" --no-global-config
    done
}
make_literals() {
    for log in auth:linux access:web; do
        for kind in all required; do
            "$H/literals" $kind "$T/${log%:*}.log" "$T/rules/${log#*:}" 2>"$T/${log%:*}.rules" |
                sort -u >"$T/${log%:*}.$kind"
        done
        [ -s "$T/${log%:*}.all" ] || note "${log%:*}: the rules have no literals, so there is nothing to give rg."
    done
}

# ---- the table ------------------------------------------------------------------------------------
# Each figure: a name, a target with its sense, the number. awk does the arithmetic; empty is "not measured".
row() { # TEXT SENSE(<= or >=) TARGET UNIT EXPRESSION DETAIL
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" "$6" | awk -F '\t' '{
        target = $3 == "" ? "–" : ($2 == "<=" ? "≤ " : "≥ ") $3 " " $4
        n = split($5, part, " ")
        if (n < 2 || part[1] == "" || part[2] + 0 == 0) { printf "| %s | %s | not measured | – |\n", $1, target; next }
        v = part[1] / part[2]
        verdict = $3 == "" ? "–" : (($2 == "<=") ? v <= $3 : v >= $3) ? "ok" : "NOT REACHED"
        printf "| %s | %s | %.*f %s%s | %s |\n", $1, target, v < 10 ? 2 : v < 100 ? 1 : 0, v, $4, $6, verdict
    }'
}
rate() { # NAME
    awk -v mb="$BENCH_MB" -v s="$(median "$1" 1)" 'BEGIN { if (s > 0) printf "%.0f MB/s", mb / s; else printf "–" }'
}
over() { printf '%s %s' "$(median "$1" "$3")" "$(median "$2" "$3")"; } # A B COLUMN: "a b"

# A rate over a rate is the other's time over ours.
table_text_log() { # NAME TITLE
    row "$2: rate, as a part of that of rg with all $(wc -l <"$T/$1.all" | tr -d ' ') literals" '>=' 0.6 '' "$(over "$1.rg" "$1" 1)" \
        "(ir $(rate "$1"), rg $(rate "$1.rg"); CPU $(median "$1" 2) s and $(median "$1.rg" 2) s)"
    row "$2: the public rules alone, as a part of the same rg" '>=' 0.6 '' "$(over "$1.rg" "$1pub" 1)" \
        "(ir $(rate "$1pub"), CPU $(median "$1pub" 2) s)"
    row "$2: rate, as a part of rg with the $(wc -l <"$T/$1.required" | tr -d ' ') required ones" '>=' '' '' \
        "$(over "$1.rgreq" "$1" 1)" "(rg $(rate "$1.rgreq"))"
}
table() {
    echo '| what | target | figure | verdict |'
    echo '|---|---|---|---|'
    table_text_log auth "auth/syslog, $(count_rules linux) rules"
    table_text_log access "Apache access, $(count_rules web) rules"
    row 'Apache access: goaccess takes so many times longer' '>=' 10 '' "$(over access.goaccess access 1)" \
        "(goaccess $(rate access.goaccess))"
    row "Windows JSON, $(count_rules windows) rules" '>=' 150 MB/s "$BENCH_MB $(median windows 1)" \
        " (CPU $(median windows 2) s)"
    row 'Windows JSON: jq takes so many times longer' '>=' 1 '' "$(over windows.jq windows 1)" "(jq $(rate windows.jq))"
    row 'auth/syslog: two threads against one' '>=' 1.8 '' "$(over auth auth2 1)" "(two: $(rate auth2))"
    row 'Apache access: two threads against one' '>=' 1.8 '' "$(over access access2 1)" "(two: $(rate access2))"
    row "Load and compile $(count_rules all) rules, empty log" '<=' 0.5 s "$(median load 1) 1" " (CPU $(median load 2) s)"
    row "200 Windows events, $(count_rules all) rules" '<=' 1 s "$(median smallall 1) 1" " (CPU $(median smallall 2) s)"
    row "200 log lines, our own $(count_rules own) rules" '<=' 60 ms "$(median small 1) 0.001" ''
    for name in auth auth2 access access2 windows load small; do
        row "Peak memory: $name" '<=' 256 MiB "$(median $name 3) 1024" ''
    done
    for name in auth access windows; do
        row "Reading limit: wc -l $name" '<=' '' MB/s "$BENCH_MB $(median $name.wc 1)" ''
    done
}

# ---- families -------------------------------------------------------------------------------------
# One row for each kind of log in families/, one thread: the figure is of parsing (every record whole, with a rule
# that nothing can match and no search before it), beside it a scan with our own rules. The machine may have other
# work, so the rates are of the processor's time (user and system), the other programs' too.
: "${BENCH_ONLY:=all}" "${BENCH_FAMILY_MB:=100}" "${BENCH_FAMILIES:=$(ls tests/bench/families)}"
cpu_rate() { # NAME
    awk -v mb="$BENCH_FAMILY_MB" -v s="$(median "$1" 2)" 'BEGIN { if (s > 0) printf "%.0f MB/s", mb / s; else printf "–" }'
}
nothing_matches() {
    mkdir -p "$T/rules/none"
    printf '%s\n' 'title: matches nothing' 'id: 5b0c6f0e-52c4-4a4c-8a3a-1d1a0f3c9e11' 'level: low' \
        'logsource: {category: none}' 'detection: {sel: {none: none}, condition: sel}' >"$T/rules/none/none.yml"
}
measure_family() { # NAME
    i=0
    log=$T/family.log
    "$H/lines" "$BENCH_FAMILY_MB" "tests/bench/families/$1" >"$log" || exit 1
    "$H/literals" required "$log" "$T/rules/own" 2>/dev/null | sort -u >"$T/family.lit"
    while [ "$i" -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        scan "f-$1" 1 own family.log
        scan "p-$1" 1 none family.log --no-prefilter
        [ ! -s "$T/family.lit" ] || run "f-$1.rg" rg -c -i -F -f "$T/family.lit" "$log"
        case $(head -c 1 "$log") in '{') ! have jq || [ "$i" -gt 1 ] || run "f-$1.jq" jq -c .time "$log" ;; esac
        run "f-$1.wc" wc -l "$log"
    done
    others="wc -l $(cpu_rate "f-$1.wc")"
    [ ! -s "$T/t.f-$1.jq" ] || others="jq $(cpu_rate "f-$1.jq"), $others"
    [ ! -s "$T/t.f-$1.rg" ] || others="rg with $(wc -l <"$T/family.lit" | tr -d ' ') literals $(cpu_rate "f-$1.rg"), $others"
    row "$1" '>=' 150 MB/s "$BENCH_FAMILY_MB $(median "p-$1" 2)" " (scan $(cpu_rate "f-$1"), $others)"
}
families() {
    echo
    echo "Kinds of logs, $BENCH_FAMILY_MB MB each, one thread, by processor time: every record parsed whole;" \
        "then a scan with our own $(count_rules own) rules:"
    echo
    echo '| kind of log | target | figure | verdict |'
    echo '|---|---|---|---|'
    nothing_matches
    for f in $BENCH_FAMILIES; do measure_family "$f"; done
    rm -f "$T/family.log"
}
. tests/bench/evidence.sh
machine() {
    echo "Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors;" \
        "$(uname -sr); load average $load_before before, $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null) after."
}
load_before=$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null)
scans() {
    make_logs
    make_literals
    cat "$T/auth.log" "$T/access.log" "$T/windows.json" >/dev/null
    rounds
    echo "Logs: $BENCH_MB MB each ($(wc -l <"$T/auth.log") auth lines, $(wc -l <"$T/access.log") access lines," \
        "$(wc -l <"$T/windows.json") Windows events). Median of $BENCH_RUNS runs, one thread, page cache warm."
    echo "$("$IR" version 2>/dev/null | head -n 1); $(rg --version 2>/dev/null | head -n 1);" \
        "$(jq --version 2>/dev/null); $(goaccess --version 2>/dev/null | head -n 1)"
    cat "$T/notes"
    echo
    table
}
case $BENCH_ONLY in
scans | families | evidence) "$BENCH_ONLY" ;;
*)
    scans
    families
    evidence
    ;;
esac
echo
machine
# Of ir, 1 means findings and 3 damaged records, which the public lines have too; of rg 1 is no match.
for f in "$T"/t.*; do
    name=${f##*/t.}
    case $name in *.jq | *.wc | *.goaccess) most=0 ;; *.*) most=1 ;; *) most=3 ;; esac
    awk -v n="$name" -v most=$most '$4 > most || $4 == 2 { print "A run of " n " ended with status " $4 "."; exit }' "$f"
done
exit 0
