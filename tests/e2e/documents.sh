#!/bin/sh
# Findings as documents: a page made of hostile logs runs nothing and hides nothing, in a browser too; lines around
# a record are those of the input, however it is packed; Markdown and SARIF say the same; memory and size are bounded.
# Rules of its own, so that changed rules do not change what is tested here.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
logs=$PWD/tests/e2e/incident/logs
cd "$TMPDIR" || exit 1
mkdir rules
cat >rules/web.yml <<'END'
title: A word in a request
id: 2a5a3f0e-2f1c-4b52-8d64-3d1f6f3c1b01
logsource:
    category: webserver
detection:
    keywords:
        - 'HITME'
    condition: keywords
level: high
tags:
    - attack.initial-access
    - attack.t1190
title_ja: リクエスト中の単語
next_ja: 該当する行を確認してください。
END
lacks_all() { # FILE TEXT…
    file=$1
    shift
    for text; do
        ! grep -F -- "$text" "$file" || return 1
    done
}
scan() { # FORMAT FILE…: to the file `page`
    format=$1
    shift
    "$IR" scan --no-default-rules --rules rules --output "$format" --out page "$@" 2>err
}
line() { # NUMBER TEXT
    printf '192.0.2.%s - - [18/Nov/2026:00:00:%02d +0000] "GET /%s HTTP/1.1" 200 5 "-" "x"\n' "$1" "$1" "$2"
}

# ---- hostile text -----------------------------------------------------------------------------------------
mark='document.documentElement.id="ran"'
{
    line 1 "HITME<script>$mark</script>"
    line 2 "HITME\"><img src=x onerror='$mark'>"
    line 3 "HITME</pre></td></table></style></script></title><svg onload='$mark'>"
    line 4 "HITME<a href='javascript:$mark'>x</a><iframe srcdoc='<script>parent.$mark</script>'>"
    printf '192.0.2.5 - - [18/Nov/2026:00:00:05 +0000] "GET /HITME?\000a\033[2J\377\376\302 HTTP/1.1" 200 5 "-" "x"\n'
    printf '192.0.2.6 - - [18/Nov/2026:00:00:06 +0000] "GET /HITME?safe\342\200\256gpj.exe\342\200\213 HTTP/1.1" 200 5 "-" "x"\n'
    # shellcheck disable=SC2016  # backticks as such
    line 7 'HITME&lt;b&gt;&#60;script&#62; `` ``` [x](javascript:1) | @team'
    line 8 'HITME{{1+1}}<!--'
} >"hostile<b onclick='$mark'>.log"
for lang in en ja; do
    ok "a page of hostile lines ($lang)" [ "$(scan html --lang "$lang" --context 3 hostile*.log; echo $?)" = 1 ]
    mv page "page.$lang.html"
    page=page.$lang.html
    ok '… has one script, its own' [ "$(grep -c '<script' "$page")" = 1 ]
    ok '… no elements of the log' lacks_all "$page" '<img' '<svg onload' '<iframe' '<b onclick' "javascript:$mark'>x</a>"
    ok '… no byte that is not shown' [ "$(LC_ALL=C tr -d '\12\40-\176\200-\377' <"$page" | wc -c)" = 0 ]
    ok '… and is UTF-8' iconv -f UTF-8 -t UTF-8 -o /dev/null "$page"
    ok '… shows a NUL, an escape and a bad byte' grep -qF '<i class=x>\x00</i>a<i class=x>\x1b</i>[2J<i class=x>\xff</i>' "$page"
    ok '… and what turns text round' grep -qF 'safe<i class=x>\u202e</i>gpj.exe<i class=x>\u200b</i>' "$page"
    ok '… loads nothing' lacks_all "$page" '<link' '@import' 'url('
done
ok 'the rule speaks Japanese on the Japanese page' grep -q '該当する行を確認してください。' page.ja.html
ok '… and only there' [ "$(grep -c 'リクエスト中の単語' page.en.html)" = 0 ]
for format in md sarif; do
    scan "$format" hostile*.log
    mv page "page.$format"
    ok "$format: no control bytes" [ "$(LC_ALL=C tr -d '\12\40-\176\200-\377' <"page.$format" | wc -c)" = 0 ]
done

# The same page in a browser; first one that does run its script, so that the test can fail.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
dom() { # FILE
    timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --virtual-time-budget=3000 \
        --user-data-dir="$TMPDIR/profile" --dump-dom "file://$PWD/$1" 2>/dev/null
}
ran='<html[^>]* id="ran"'
if ! sanitized && [ -n "$browser" ] && printf '<html><script>%s</script>' "$mark" >runs.html && dom runs.html | grep -q "$ran"; then
    for lang in en ja; do
        dom "page.$lang.html" >"dom.$lang"
        ok "in a browser nothing of the log runs ($lang)" [ "$(grep -c "$ran" "dom.$lang")" = 0 ]
        ok '… the page is whole' grep -q '</html>' "dom.$lang"
        ok '… all findings are there' [ "$(grep -c '<article class="f ' "dom.$lang")" = 8 ]
        ok '… and its own script runs: the filter is shown' grep -qE '<div id="bar" role="search" data-shown' "dom.$lang"
    done
    ok '… elements of the log are text' lacks_all dom.en '<img' '<iframe' '<b onclick' 'onload="'
    # On paper only the lines next to a record: fifty around each would bury the findings.
    i=0
    while [ $((i += 1)) -le 60 ]; do line "$i" "HITME$i"; done >many.log
    pages() { # LINES OF CONTEXT
        scan html --context "$1" many.log
        mv page paper.html
        timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$TMPDIR/profile" \
            --print-to-pdf=paper.pdf "file://$PWD/paper.html" >/dev/null 2>&1
        LC_ALL=C grep -acE '/Type */Page$' paper.pdf
    }
    few=$(pages 1)
    all=$(pages 50)
    ok "printed, much context makes no more sheets: $few, $all" [ "$few$few" = "$few$all" ]
    ok "… of which there are some" [ "$few" -gt 0 ]
else
    skip 'in a browser nothing of the log runs' 'no chromium that works here, or for the plain build'
fi

# ---- the lines around a record ----------------------------------------------------------------------------
i=0
while [ $((i += 1)) -le 40 ]; do
    case $i in 1 | 20 | 40) line "$i" "HITME$i" ;; *) line "$i" "page$i" ;; esac
done >plain.log
gzip -c plain.log >packed.log.gz
sed 's/$/\r/' plain.log >dos.log
context() { # FILE OPTION…
    input=$1
    shift
    scan jsonl "$@" "$input"
    jq -c 'select(.context) | [.context.line, (.context | .before + ["*"] + .after | map((capture("GET /(?<p>[a-zA-Z0-9]+)") | .p) // .))]' page
}
cat >want <<'END'
[1,["*","page2","page3"]]
[20,["page18","page19","*","page21","page22"]]
[40,["page38","page39","*"]]
END
for input in plain.log packed.log.gz dos.log; do
    context $input --context 2 >got
    ok "$input: two lines before and after" cmp -s want got
done
"$IR" scan --no-default-rules --rules rules --output jsonl --context 2 - <plain.log 2>err >page
ok 'standard input: the same' [ "$(grep -c '"context":' page)" = 3 ]
context plain.log >got
ok 'none where none was asked for' [ ! -s got ]
scan jsonl --context 50 plain.log
ok 'the digest is the record'"'"'s, whatever stands around it' \
    [ "$(jq -r 'select(.rule) | .origin[0].sha256' page | sed -n 2p)" = "$(sed -n 20p plain.log | tr -d '\n' | sha256sum | cut -c 1-64)" ]
ok '… and 50 lines are those that there are' [ "$(jq -r 'select(.rule) | .context.before | length' page | sed -n 2p)" = 19 ]
ok '… an input that ends is no damage' [ "$(jq -r 'select(.damaged != null) | .damaged' page)" = 0 ]
status 2 'more lines than there may be' scan --context 51 plain.log
says 'at most 50'

# ---- the incident -----------------------------------------------------------------------------------------
incident() { # OPTION…
    TZ=Asia/Tokyo "$IR" scan --reference-time 2026-11-20 "$@" "$logs" 2>err
}
incident --output html --lang ja --threads 1 >one
incident --output html --lang ja --threads 4 >four
constant() { # the time of making and of the scan change
    sed -E 's/作成日時：[^（]*//; s/所要時間は[0-9.]*秒//' "$1"
}
ok 'a page does not depend on threads' [ "$(constant one | cksum)" = "$(constant four | cksum)" ]
ok '… is in Japanese' grep -q '最初に行うこと' one
ok '… with times as Japan writes them' grep -q '2026年11月18日 9:27:44' one
ok '… and not so large' [ "$(wc -c <one)" -lt 400000 ]
incident --output jsonl >findings.jsonl
wanted=$(jq -r 'select(.rule) | .id' findings.jsonl | sort | cksum)
ok '… it has every finding' [ "$(grep -oE '<dt>検知ID</dt><dd><code>[0-9a-f]{32}' one | grep -oE '[0-9a-f]{32}$' | sort | cksum)" = "$wanted" ]
digests() { jq -r 'select(.rule) | .origin[0].sha256' findings.jsonl | sort -u; }
ok '… and the digests' [ "$(digests | while read -r d; do grep -qF "$d" one || echo "$d"; done | wc -l)" = 0 ]
ids() { grep -oE ' id=[a-z]+-?[a-z0-9]*' one | sort | uniq -d; }
ok '… no id twice' [ -z "$(ids)" ]
links() { # TARGETS that no element has
    grep -oE 'href=#[a-z0-9-]+' one | sort -u | sed 's/href=#//' | while read -r id; do
        grep -qE " id=$id( |>)" one || echo "$id"
    done
}
ok '… no link without its place' [ -z "$(links)" ]
incident --output md >ticket.md
ok 'the ticket names every rule' [ "$(grep -c '^### ' ticket.md)" = "$(jq -r 'select(.rule) | .rule.id' findings.jsonl | sort -u | wc -l)" ]
incident --output sarif >results.sarif
ok 'SARIF: version, one run' jq -e '.version == "2.1.0" and (.runs | length) == 1' results.sarif
ok 'SARIF: a result a finding' [ "$(jq -r '.runs[0].results[].partialFingerprints[]' results.sarif | sort | cksum)" = "$wanted" ]
# shellcheck disable=SC2016  # jq's own
ok 'SARIF: each result leads to its rule' jq -e '.runs[0] | .tool.driver.rules as $r |
    all(.results[]; .ruleId == $r[.ruleIndex].id and (.message.text | length) > 0)' results.sarif
ok 'SARIF: rules have help, and differ' jq -e '.runs[0].tool.driver.rules |
    all(.[]; (.help.text | length) > 0 and (.shortDescription.text | length) > 0) and (unique | length) == length' results.sarif
ok 'SARIF: locations are in the input' jq -e 'all(.runs[0].results[].locations[].physicalLocation;
    .region.startLine > 0 and .region.byteLength > 0 and (.artifactLocation.uri | test("^[A-Za-z0-9/._~!%:-]+$")))' results.sarif
ok 'SARIF: related locations differ' jq -e 'all(.runs[0].results[]; (.relatedLocations // []) | (unique | length) == length)' results.sarif

# ---- many findings, and none ------------------------------------------------------------------------------
awk 'BEGIN { for (i = 0; i < 25000; i++)
    printf "10.%d.%d.%d - - [18/Nov/2026:%02d:%02d:%02d +0000] \"GET /HITME HTTP/1.1\" 200 5 \"-\" \"x\"\n",
        i / 65536, i / 256 % 256, i % 256, i / 3600 % 24, i / 60 % 60, i % 60 }' >many.log
ok 'a page of 25,000 findings' [ "$(scan html many.log; echo $?)" = 1 ]
ok '… stays one that a browser opens' [ "$(wc -c <page)" -lt 12000000 ]
ok '… the first in full, others in brief' [ "$(grep -c '<article ' page)/$(grep -c '^<tr class=f ' page)" = 25/20000 ]
ok '… and says what it leaves out' grep -qF '4,975 more findings of this rule are not on this page' page
line 1 page >clean.log
ok 'a page without findings' [ "$(scan html clean.log; echo $?)" = 0 ]
ok '… says what that means' grep -q 'none of 1 usable rules matched' page
plan
