#!/bin/sh
# Exports of a sealed exhibit: what stock programs make of each is what was sealed, hostile names hide nothing, the same
# exhibit gives the same bytes, encryption is age's, and an exhibit that was changed is not exported.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/evidence.sh
src=$TMPDIR/src
to=$TMPDIR/to

act() { # COMMAND ARG...
    name=$1
    shift
    "$IR" evidence "$name" "$@" -c CASE-1 -i 1 -o "$out" -a Hanako -p Tokyo -r 'a <test> & "more"' --no-witness 'in a test' \
        >"$TMPDIR/out" 2>"$TMPDIR/err" </dev/null
}
last() { grep '"event":"export"' "$case/custody/log.jsonl" | tail -n 1 | jq -e "$1" >/dev/null; }
sum() { sha256sum "$1" | cut -d ' ' -f 1; }

mkdir -p "$src/ディレクトリ" "$to"
echo one >"$src/a"
ln "$src/a" "$src/hard"
ln -s 'to|where' "$src/link"
mkfifo "$src/fifo"
echo two >"$src/ディレクトリ/日本語.txt"
echo three >"$src/$(printf 'pipe|per%%cent\nline')"
echo four >"$src/$(printf 'bad\377 <&>\001')"
truncate -s 40M "$src/sparse"
echo end >>"$src/sparse"
: >"$src/$(printf '%0200d' 0)"
"$IR" evidence keys create hanako --no-passphrase >/dev/null
ok collect act collect "$src" --also md5

ok tar act export "$to/1.tar"
ok 'is told with its digest' last ".format == \"tar\" and .file == \"1.tar\" and .sha256 == \"$(sum "$to/1.tar")\" and .bytes == $(stat -c %s "$to/1.tar")"
mkdir "$to/x"
ok 'tar takes it' tar -C "$to/x" -xf "$to/1.tar"
ok 'and has nothing to say about it' [ ! -s "$TMPDIR/said" ]
ok 'it is the exhibit' diff -r "$case/EV-1-01" "$to/x/EV-1-01"
ok 'holes take no room' [ "$(stat -c %s "$to/1.tar")" -lt 2000000 ]
ok 'and are holes again' [ "$(du -k "$to/x" | tail -n 1 | cut -f 1)" -lt 2000 ]
ok 'its names are those of the pax format' gives 0 bsdtar -tf "$to/1.tar"
ok again act export "$to/2.tar"
ok 'gives the same bytes' cmp "$to/1.tar" "$to/2.tar"
ok 'an existing file is not overwritten' gives 4 act export "$to/2.tar"
ok 'and is left alone' cmp "$to/1.tar" "$to/2.tar"

ok bodyfile act export -f bodyfile "$to/body"
ok 'a line an object' [ "$(wc -l <"$to/body")" = "$(wc -l <"$case/EV-1-01/meta/files.jsonl")" ]
ok 'it is in the exhibit too' cmp "$to/body" "$case/EV-1-01/meta/bodyfile.txt"
ok 'of eleven fields each' gives 0 awk -F'|' 'NF != 11 {exit 1}' "$to/body"
ok 'names hide nothing' grep -q '|.*/pipe%7Cper%25cent^line|' "$to/body"
ok 'with MD5' grep -q "^$(md5sum "$src/a" | cut -d ' ' -f 1)|$src/a|" "$to/body"
ok 'links with their targets' grep -qF "$src/link -> to%7Cwhere|" "$to/body"

ok dfxml act export -f dfxml "$to/dfxml.xml"
if command -v xmllint >/dev/null; then
    ok 'is XML' xmllint --noout "$to/dfxml.xml"
    count() { [ "$(xmllint --xpath "count(//*[local-name()='$1'])" "$to/dfxml.xml")" = "$2" ]; }
    ok 'an element an object' count fileobject "$(wc -l <"$case/EV-1-01/meta/files.jsonl")"
    ok 'a name that XML cannot hold is there as bytes' count filename_base64 1
    if [ -r "$IR_SHARED/data/schemas/dfxml.xsd" ]; then
        ok 'is valid after the schema' xmllint --nonet --noout --schema "$IR_SHARED/data/schemas/dfxml.xsd" "$to/dfxml.xml"
    else
        skip "valid after the schema of DFXML" "no shared data"
    fi
else
    skip DFXML "no xmllint"
fi

ok case act export -f case "$to/case.jsonld"
graph() { jq -e "$1" "$to/case.jsonld" >/dev/null; }
ok 'the number of the exhibit is text' graph '.["@graph"][] | select(.["@type"] == "case-investigation:ProvenanceRecord")
    | .["case-investigation:exhibitNumber"] == "EV-1-01" and .["case-investigation:rootExhibitNumber"] == "EV-1-01"'
seal=$(sum "$case/EV-1-01/tagmanifest-sha256.txt")
# shellcheck disable=SC2016
ok 'the action has the seal and the record as results' graph '[.["@graph"][] | {(.["@id"]): .}] | add as $all
    | $all[] | select(.["@type"] == "case-investigation:InvestigativeAction")
    | [.["uco-action:result"][] | $all[.["@id"]]]
    | (.[0] | tostring | contains("'"$seal"'")) and .[1]["@type"] == "case-investigation:ProvenanceRecord"'
ok 'a node a file, each of its own name' graph '[.["@graph"][] | select(.["@type"] == "uco-observable:File")["@id"]]
    | length == '"$(wc -l <"$case/EV-1-01/manifest-sha256.txt")"' + 1 and length == (unique | length)'
# What CASE 1.4.0 and UCO ask of a graph, as far as jq can see it: an object with more than an @id is a node.
# shellcheck disable=SC2016
structure() {
    nodes='[.["@graph"][] | .. | objects | select(has("@id"))] as $all | ($all | map(select(length > 1))) as $nodes | '
    ok 'no two nodes have one name' graph "$nodes"'$nodes | map(.["@id"]) | length == (unique | length)'
    ok 'every reference leads to a node' graph "$nodes"'(($all | map(select(length == 1)["@id"])) - ($nodes | map(.["@id"]))) == []'
    ok 'every node has a type' graph "$nodes"'all($nodes[]; .["@type"] | type == "string")'
    ok 'every prefix is declared' graph '(.["@context"] | keys) as $known
        | [.["@graph"][] | .. | objects | (keys[], .["@id"]?, .["@type"]?) | strings | select(startswith("@") | not) | split(":")[0]]
        | unique - $known == []'
    ok 'every type has what it needs' graph "$nodes"'{
        "case-investigation:Investigation": ["uco-core:name", "case-investigation:investigationForm", "uco-core:object"],
        "case-investigation:InvestigativeAction": ["uco-action:performer", "uco-action:instrument", "uco-action:location",
            "uco-action:startTime", "uco-action:endTime", "uco-action:result"],
        "case-investigation:ProvenanceRecord": ["case-investigation:exhibitNumber", "case-investigation:rootExhibitNumber", "uco-core:object"],
        "uco-identity:Person": ["uco-core:name"], "uco-location:Location": ["uco-core:name"],
        "uco-tool:Tool": ["uco-core:name", "uco-tool:version"],
        "uco-observable:File": ["uco-core:hasFacet"], "uco-observable:FileFacet": ["uco-observable:fileName"],
        "uco-observable:ContentDataFacet": ["uco-observable:hash"],
        "uco-types:Hash": ["uco-types:hashMethod", "uco-types:hashValue"]} as $needs
        | all($nodes[]; ($needs[.["@type"]] // ["no such type"]) - keys == [])
        and ($nodes | map(.["@type"]) | unique) == ($needs | keys)'
    ok 'sizes are numbers on the facet of the file, digests and times are typed' graph "$nodes"'
        all($nodes[]; (has("uco-observable:sizeInBytes") | not)
            or (.["@type"] == "uco-observable:FileFacet" and (.["uco-observable:sizeInBytes"] | type == "number")))
        and all($nodes[] | select(.["@type"] == "uco-types:Hash"); .["uco-types:hashValue"]
            | .["@type"] == "xsd:hexBinary" and (.["@value"] | test("^([0-9a-f]{2})+$")))
        and all($nodes[] | to_entries[] | select(.key | endswith("Time")); .value
            | .["@type"] == "xsd:dateTime" and (.["@value"] | test("^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9:.]+Z$")))'
}
structure
ok 'who and why' graph '.["@graph"] | tostring | (contains("Hanako") and contains("a <test> & "))'
act export -f case "$to/case2.jsonld"
ok 'the same graph each time' cmp "$to/case.jsonld" "$to/case2.jsonld"

types() { jq -se "any(.[]; .path == \"$src/$1\" and ($2))" "$case/EV-1-01/meta/files.jsonl" >/dev/null; }
ok 'what a file looks like' types ディレクトリ/日本語.txt '.mime == "text/plain" and .encoding == "us-ascii" and (.magic | contains("ASCII"))'
ok 'a FIFO looks like nothing' types fifo 'has("magic") | not'
plain() {
    "$IR" evidence collect "$src" --no-types -c CASE-2 -i 1 -o "$out" -a Hanako -p Tokyo -r test --no-witness test \
        >/dev/null 2>&1 && ! grep -q '"magic"' "$out/CASE-2/EV-2-01/meta/files.jsonl"
}
ok 'unless it is not wanted' plain

mkdir -p "$TMPDIR/packed/in"
echo deep >"$TMPDIR/packed/in/deep file"
tar -C "$TMPDIR/packed" -cf "$TMPDIR/packed/in.tar" in
echo flat >"$TMPDIR/packed/flat"
tar -C "$TMPDIR/packed" -czf "$TMPDIR/packed/out.tgz" in.tar flat
head -c 200 "$TMPDIR/packed/out.tgz" >"$TMPDIR/packed/cut.tgz"
ok 'a list of what archives hold' "$IR" evidence collect "$TMPDIR/packed" --members -c CASE-3 -i 1 -o "$out" -a Hanako \
    -p Tokyo -r test --no-witness test
packed() { jq -se "any(.[]; .path == \"$TMPDIR/packed/$1\" and ($2))" "$out/CASE-3/EV-3-01/meta/files.jsonl" >/dev/null; }
ok 'with digests, in archives in them too' packed out.tgz \
    "[.members[] | [.path, .sha256]] == [[\"flat\", \"$(sum "$TMPDIR/packed/flat")\"], [\"in.tar!in/deep file\", \"$(sum "$TMPDIR/packed/in/deep file")\"]]"
ok 'a damaged one says so' packed cut.tgz '.members | any(has("note"))'
ok 'a plain file has none' packed flat 'has("members") | not'

key=age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq
ok 'no key of age is refused' gives 2 act export --recipient -o "$to/none.age"
# shellcheck disable=SC2123  # it is meant
empty() { (PATH=$TMPDIR/nothing && act export --recipient "$key" "$to/none.age"); }
ok 'without age nothing is exported' gives 4 empty
ok 'and it is said' grep -q 'age is not installed' "$TMPDIR/err"
ok 'a key that age refuses' gives 4 act export --recipient "$key" "$to/none.age"
ok 'leaves nothing' [ ! -e "$to/none.age" ]
if command -v age-keygen >/dev/null; then
    age-keygen -o "$TMPDIR/key" 2>/dev/null
    key=$(age-keygen -y "$TMPDIR/key")
    ok 'encrypted' act export --recipient "$key" "$to/1.tar.age"
    ok 'its receiver opens it' age -d -i "$TMPDIR/key" -o "$to/open.tar" "$to/1.tar.age"
    ok 'and has the same' cmp "$to/1.tar" "$to/open.tar"
    ok 'both digests are told' last ".encrypted_to == \"$key\" and .plain_sha256 == \"$(sum "$to/1.tar")\" and .sha256 == \"$(sum "$to/1.tar.age")\""
else
    skip encryption "no age"
fi
stock() { (cd "$case" && sh VERIFY.txt); }
ok 'the case is proved by stock programs' stock

chmod u+w "$case/EV-1-01/meta/files.jsonl"
cp "$case/EV-1-01/meta/files.jsonl" "$TMPDIR/files.jsonl"
sed -i '1s/"uid":[0-9]*/"uid":7/' "$case/EV-1-01/meta/files.jsonl"
ok 'a list that was changed is not exported' gives 3 act export -f dfxml "$to/bad"
cp "$TMPDIR/files.jsonl" "$case/EV-1-01/meta/files.jsonl"
victim=$(find "$case/EV-1-01/data" -name a)
chmod u+w "$victim"
echo One >"$victim"
ok 'nor a changed file' gives 3 act export "$to/bad"
ok 'it is named' grep -q 'data/fs.*/a: ' "$TMPDIR/err"
ok 'nothing stays' [ ! -e "$to/bad" ]
plan
