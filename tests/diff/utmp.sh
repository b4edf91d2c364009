#!/bin/sh
# Login records as utmpdump(1) shows them: type, process, terminal, user, host, address and time of each, in both
# byte orders (utmpdump itself reads only one).
set -u
: "${IR:?}" "${TMPDIR:?}" "${IR_SHARED:?}"
data=$IR_SHARED/data/utmp
if [ ! -f "$data/wtmp-a.LE" ] || ! command -v utmpdump >/dev/null; then
    echo '1..0 # SKIP no login records, or no utmpdump'
    echo "# skipped: utmpdump: no $data or no utmpdump" >&2
    exit 0
fi
. tests/lib.sh
# Blanks that pad; a time of zero is none.
utmpdump "$data/wtmp-a.LE" 2>/dev/null | sed -e 's/  *\]/]/g' -e 's/,000000+00:00/Z/' -e 's/1970-01-01T00:00:00Z//' >"$TMPDIR/want"
for order in LE BE; do
    "$IR" parse "$data/wtmp-a.$order" | jq -r '"[\(.ut_type)] [\(("00000" + ((."process.pid" // 0) | tostring))[-5:])] [\(.ut_id)] [\(.ut_user)] [\(.ut_line)] [\(.ut_host)] [\(."source.ip" // "0.0.0.0")] [\(."@timestamp" // "")]"' |
        sed 's/  *\]/]/g' >"$TMPDIR/got"
    ok "$order: the same as utmpdump" diff "$TMPDIR/want" "$TMPDIR/got"
    ok "$order: $(wc -l <"$TMPDIR/got") records" [ "$(wc -l <"$TMPDIR/got")" = 19 ]
done
plan
