#!/bin/sh
# ir rules import and remove: archives and directories into the workspace, updates, what is refused, and that scans
# use what was imported and say so.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/lib.sh
command=rules
cd "$TMPDIR" || exit 1
export IR_HOME="$TMPDIR/space/ir"
set_dir=$IR_HOME/rules/pub

rule() { # FILE NUMBER TITLE KEYWORD STATUS
    mkdir -p "$(dirname "$1")"
    cat >"$1" <<END
title: $3
id: 3e0d1c5a-6b7f-4e21-9a10-0000000000$2
status: $5
logsource:
    product: linux
    service: sshd
detection:
    keywords:
        - '$4'
    condition: keywords
level: low
END
}
tree() { # DIRECTORY
    rule "$1/rules/linux/failed.yml" 01 'A failed password' 'Failed password' stable
    rule "$1/rules/linux/accepted.yml" 02 'An accepted password' 'Accepted password' test
    rule "$1/rules/linux/retired.yml" 03 'Retired by status' 'password' deprecated
    rule "$1/unsupported/x.yml" 04 'Retired by place' 'password' test
    rule "$1/.hidden/x.yml" 05 'Hidden' 'password' test
    printf 'jobs:\n  - build\n' >"$1/rules/ci.yml"
    printf 'Use freely.\n' >"$1/LICENSE"
    printf 'words\n' >"$1/README.md"
    cat >"$1/rules/broken.yml" <<END
title: Broken
id: 3e0d1c5a-6b7f-4e21-9a10-000000000006
logsource:
    product: linux
detection:
    a:
        x|nosuch: 1
    condition: a
END
}
sets() { find "$IR_HOME/rules" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' '; }
digest() { sha256sum <"$1" | cut -d ' ' -f 1; }
tree pub-r2026-11-01
tar -czf pub-r2026-11-01.tar.gz pub-r2026-11-01
printf 'Nov 18 00:00:01 web01 sshd[100]: Failed password for root from 203.0.113.9 port 4022 ssh2\n' >log
printf 'Nov 18 00:00:02 web01 sshd[100]: Accepted password for root from 203.0.113.9 port 4022 ssh2\n' >>log
scan() { # ARGUMENTS...: rule ids that found something, then the summary stays in `sum`
    "$IR" scan --reference-time 2026-11-20 -o jsonl "$@" log >out 2>err
    jq -r 'select(.rule) | .rule.id[-2:]' out | sort | tr '\n' ' '
    tail -n 1 out >sum
}

# ---- a first import ------------------------------------------------------------------------------
status 3 'import of a tar.gz in which a rule is broken' import pub-r2026-11-01.tar.gz
prints "rules/broken.yml:7: error: unknown modifier 'nosuch'"
prints 'pub r2026-11-01: 3 files: 2 rules load, 1 does not, 0 warnings'
prints '3 other files passed over, 2 files left out: deprecated or unsupported'
prints "installed in $IR_HOME/rules/pub"
ok '… the workspace is nobody else'"'"'s' [ "$(stat -c %a "$IR_HOME")" = 700 ]
ok '… sha256sum can check it' sh -c "cd '$set_dir' && sha256sum --quiet --strict -c SHA256SUMS"
ok '… all files are listed' [ "$(cd "$set_dir" && find rules -type f | sort | tr '\n' ' ')" = \
    "$(cut -c 67- "$set_dir/SHA256SUMS" | tr '\n' ' ')" ]
ok '… the licence is there' [ -f "$set_dir/rules/LICENSE" ]
ok '… no more than that' [ "$(find "$set_dir" -type f | wc -l)" = 6 ]
key() { jq -r ".$1" "$set_dir/manifest.json"; }
ok '… manifest: source' [ "$(key source)" = pub-r2026-11-01.tar.gz ]
ok '… manifest: version' [ "$(key version)" = r2026-11-01 ]
ok '… manifest: digest of the archive' [ "$(key archive_sha256)" = "$(digest pub-r2026-11-01.tar.gz)" ]
ok '… manifest: digest of the tree' [ "$(key tree_sha256)" = "$(digest "$set_dir/SHA256SUMS")" ]
ok '… manifest: who, and numbers' [ "$(key by) $(key rules) $(key failed)" = "$(id -un) 2 1" ]
ok '… manifest: when' [ "$(key imported | cut -c 11,20)" = T. ]
find "$IR_HOME" -type f -newer log -exec stat -c '%n %i %Y' {} + | sort >before
status 3 'the same again' import pub-r2026-11-01.tar.gz
prints 'already there: nothing was changed'
find "$IR_HOME" -type f -newer log -exec stat -c '%n %i %Y' {} + | sort >after
ok '… and nothing was' cmp before after

# ---- scans use it --------------------------------------------------------------------------------
ok 'a scan uses the set' [ "$(scan | grep -o '0[12] ' | tr -d '\n')" = '01 02 ' ]
# shellcheck disable=SC2016  # words of jq
ok '… and names it with its digest' jq -e --arg sha "$(key tree_sha256)" \
    '.rules.sets == [{name: "pub", version: "r2026-11-01", sha256: $sha, rules: 2, changed: 0}]' sum
ok '… and what does not load of it' jq -e '.rules.failed | length == 1 and (.[0].path | endswith("broken.yml"))' sum
ok '--no-default-rules leaves it out' [ "$(scan --no-default-rules)" = '' ]
ok '… and names no set' jq -e '.rules | has("sets") | not' sum
ok '--rules NAME' [ "$(scan --no-default-rules --rules pub)" = '01 02 ' ]
"$IR" scan --reference-time 2026-11-20 log >out 2>err
prints '  sets    pub r2026-11-01, 2 rules, SHA-256'
"$IR" scan --reference-time 2026-11-20 -o html log >out 2>err
prints "Imported rule set pub r2026-11-01: 2 rules, SHA-256 $(key tree_sha256)."
status 0 'list --sets' list --sets
prints "$(printf 'set\tpub\tr2026-11-01\t%s\t2 rules, imported ' "$(key tree_sha256)")"
ok '… and no more' [ "$(wc -l <out)" = 1 ]
status 3 'list' list
prints "$(printf 'set\tpub\t')"
prints "$(printf 'low\tlinux/sshd\t3e0d1c5a-6b7f-4e21-9a10-000000000001\tA failed password')"
status 3 'check by name' check pub
prints '3 files: 2 rules load, 1 does not'
status 0 'coverage uses it' coverage log
prints 'A failed password (linux/sshd)'
status 0 'explain uses it' explain 'A failed password' log:1

# ---- updates -------------------------------------------------------------------------------------
tree new
rm new/rules/broken.yml new/rules/linux/accepted.yml
rule new/rules/linux/failed.yml 01 'A password that failed' 'Failed password' stable
rule new/rules/linux/more.yml 07 'Something new' 'nosuchword' stable
mv new/rules/linux/failed.yml new/rules/linux/moved.yml
printf 'release: r2026-12-01\n' >new/version.txt
cp -r "$IR_HOME" copy
status 0 'a dry run' import -n --name pub new
prints "$(printf 'changed\t3e0d1c5a-6b7f-4e21-9a10-000000000001\tA password that failed')"
prints "$(printf 'added\t3e0d1c5a-6b7f-4e21-9a10-000000000007\tSomething new')"
prints "$(printf 'removed\t3e0d1c5a-6b7f-4e21-9a10-000000000002\tAn accepted password')"
prints 'against pub r2026-11-01: 1 rule added, 1 removed, 1 changed'
ok '… writes nothing' diff -r copy "$IR_HOME"
status 0 'an update from a directory, the old one kept' import -q --keep --name pub new
prints_not 'Something new'
ok '… version of the version file' [ "$(key version) $(key archive_sha256)" = 'r2026-12-01 ' ]
ok '… scans use the new one only' [ "$(scan --no-default-rules --rules pub)" = '01 ' ]
old=$(echo "$IR_HOME"/rules/.old/pub-*)
ok '… the old one is there, unused' [ -f "$old/manifest.json" ]
status 3 'back to the old one' import "$old"
prints 'pub r2026-11-01: 3 files'
ok '… as it was' diff -r "$old/rules" "$set_dir/rules"
ok '… without --keep the replaced one is gone' [ "$(ls "$IR_HOME/rules/.old")" = "$(basename "$old")" ]
ok '… nothing is left over' [ "$(sets)" = '.old pub ' ]
mkdir "$IR_HOME/rules/.new" && echo half >"$IR_HOME/rules/.new/SHA256SUMS"
ok 'what a killed import left is no set' [ "$("$IR" rules list --sets | wc -l)" = 1 ]
status 0 '… and the next one clears it away' import -q --name pub --version 9 new
ok '… all of it' [ "$(sets)" = '.old pub ' ]
ok '… --version' [ "$(key version)" = 9 ]

# ---- somebody changed it -------------------------------------------------------------------------
echo '# more' >>"$set_dir/rules/rules/linux/moved.yml"
rule "$set_dir/rules/rules/linux/sneaked.yml" 08 'Not imported' 'password' stable
ok 'a changed file is used, an added one not' [ "$(scan --no-default-rules --rules pub)" = '01 ' ]
ok '… and the scan tells of it' jq -e '.rules.sets[0].changed == 1 and (.rules.failed[0].reason | test("not as it was"))' sum
"$IR" scan --reference-time 2026-11-20 log >out 2>err
prints 'NOT as it was imported'
status 0 'importing it again mends it' import -q --name pub --version 9 new
prints installed
scan >/dev/null
ok '… nothing to tell' jq -e '.rules.sets[0].changed == 0' sum
echo '{' >"$set_dir/manifest.json"
status 3 'a damaged manifest' list --sets
prints 'its manifest.json is damaged'
scan >/dev/null
ok '… a scan says so' jq -e '.rules.failed[0].reason | test("manifest.json is damaged")' sum
status 0 '… and an import mends it' import -q --name pub --version 9 new
mkdir "$IR_HOME/rules/mine" && cp new/rules/linux/more.yml "$IR_HOME/rules/mine"
status 4 'a directory that no import made is left alone' import --name mine new
says 'no rule set'
status 4 '… also by remove' remove mine
status 3 '… and is told of' list --sets
rm -r "$IR_HOME/rules/mine"

# ---- two sets with the same rules: told when it is imported --------------------------------------
status 3 'rules that another set has' import --name second new
prints "error: the id or name '3e0d1c5a-6b7f-4e21-9a10-000000000001' is taken by $set_dir/rules/rules/linux/moved.yml:1"
status 0 'remove' remove second
ok '… is gone' [ "$(ls "$IR_HOME/rules")" = pub ]
status 2 'remove of what is not there' remove second
says 'no rule set is called second'
status 2 'remove of a path' remove ../rules/pub

# ---- what is refused: nothing changes ------------------------------------------------------------
rm -rf copy && cp -r "$IR_HOME" copy
refused() { # NAME REASON SOURCE
    status 4 "refused: $1" import --name pub "$3"
    says "$2"
}
refused 'nothing there' 'No such file' nowhere.zip
refused 'a log' 'not an archive' log
refused 'a device' 'neither an archive nor a directory' /dev/null
mkdir empty && echo x >empty/readme.txt
refused 'no rules' 'no Sigma rules are in it' empty
cp -r new linked && ln -s /etc/passwd linked/rules/passwd.yml
refused 'a directory with a link for a rule' 'a symbolic link' linked
tar -czf linked.tgz linked
refused 'an archive with a link' 'a symbolic link to /etc/passwd' linked.tgz
head -c 600 pub-r2026-11-01.tar.gz >cut.tar.gz
refused 'a damaged archive' 'cut.tar.gz' cut.tar.gz
tar -czf nested.tgz new pub-r2026-11-01.tar.gz
refused 'rules in an archive in the archive' 'unpack it first' nested.tgz
if tar --version 2>/dev/null | grep -q GNU; then
    tar -czf up.tgz --transform 's,new/rules,../../rules,' new
    refused 'names that lead out' 'a name that leads out' up.tgz
    tar -czPf abs.tgz --transform 's,new/rules,/etc/rules,' new
    refused 'absolute names' 'a name that leads out' abs.tgz
else
    skip 'names that lead out' 'no GNU tar'
fi
mkdir odd && mkfifo odd/pipe.yml && cp new/rules/linux/more.yml odd
refused 'a FIFO for a rule' 'FIFO' odd
tar -czf odd.tgz odd
refused 'an archive with a FIFO' 'FIFO' odd.tgz
mkdir bomb && cp new/rules/linux/more.yml bomb && head -c 40000000 /dev/zero >bomb/zeros
tar -czf bomb.tgz bomb
refused 'a bomb' 'like a decompression bomb' bomb.tgz
mkdir ctrl && cp new/rules/linux/more.yml "ctrl/$(printf 'a\033[2J.yml')"
refused 'names with control characters' 'characters that cannot be seen' ctrl
status 4 'refused: a name with a slash' import --name ../x new
says 'cannot be the name of a rule set'
mkdir useless && sed 's/condition: .*/condition: nowhere/' new/rules/linux/more.yml >useless/more.yml
refused 'nothing that loads' 'nothing in pub loads' useless
ok 'after all that nothing has changed' diff -r copy "$IR_HOME"
if command -v zip >/dev/null; then
    (cd new && zip -qr ../sigma_core.zip .)
    "$IR" rules remove pub
    status 0 'a zip without a directory around' import sigma_core.zip
    prints "installed in $IR_HOME/rules/sigma_core"
else
    skip 'zip' 'no zip'
fi
if [ "$(id -u)" != 0 ]; then
    mkdir -p ro && chmod 500 ro
    IR_HOME=$PWD/ro/ir status 4 'a workspace that cannot be made' import new
    says 'the workspace cannot be made'
else
    skip 'permissions' 'they do not bind root'
fi

# ---- a workspace that cannot be read -------------------------------------------------------------
# As another user's home is, or one that a service may not see: the rules that come with ir are used all the same.
mkdir loop && ln -s rules loop/rules
good=$IR_HOME
export IR_HOME="$TMPDIR/loop"
printf '2026-11-20T08:00:00+00:00 web sshd[7]: Accepted password for root from 192.0.2.7 port 40 ssh2\n' >one.log
command=scan
status 0 'a scan beside a workspace that cannot be read' --alert-level critical --output jsonl one.log
ok '… names it and uses the other rules' jq -es '.[-1].rules | .loaded > 100 and .failed[0].path != null and
    (.failed[0].reason | startswith("the rule sets of the workspace cannot be read"))' out
command=rules
status 3 'a list of rules beside it' list
export IR_HOME="$good"

# ---- a whole public set --------------------------------------------------------------------------
sigma=${IR_SHARED:-}/data/sigma
if [ -d "$sigma/rules" ]; then
    (cd "$sigma" && tar -cf "$TMPDIR/sigma-r1.tar" rules rules-*)
    export IR_HOME="$TMPDIR/big"
    from=$(date +%s)
    status 0 'a public set' import -q sigma-r1.tar
    ok '… takes seconds' [ $(($(date +%s) - from)) -lt 20 ]
    prints '3,780 rules load, 0 do not'
else
    skip 'a public set' 'no IR_SHARED'
fi
plan
