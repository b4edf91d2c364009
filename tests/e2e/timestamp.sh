#!/bin/sh
# RFC 3161 in two steps with an authority made by openssl; two examiners, a witness and a receiver sign; VERIFY.txt
# proves all of it; swapped, foreign, expired and lost time-stamps are noticed.
set -u
: "${IR:?}" "${TMPDIR:?}"
. tests/evidence.sh
custody=$case/custody
tsa=$TMPDIR/tsa

# A root, and below it NAME, valid from FROM to TO.
mkdir "$tsa" "$tsa/new"
cat >"$tsa/conf" <<EOF
[ca]
default_ca = root
[root]
database = $tsa/index
new_certs_dir = $tsa/new
certificate = $tsa/ca.pem
private_key = $tsa/ca.key
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = stamping
unique_subject = no
[any]
commonName = supplied
[stamping]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = one
[one]
serial = $tsa/serial
crypto_device = builtin
digests = sha256
default_policy = 1.2.3.4.1
ess_cert_id_chain = no
signer_digest = sha256
EOF
: >"$tsa/index"
echo 01 >"$tsa/serial"
authority() { # NAME FROM TO
    openssl req -newkey rsa:2048 -nodes -keyout "$tsa/$1.key" -subj "/CN=$1" -out "$tsa/$1.csr" 2>/dev/null &&
        openssl ca -batch -config "$tsa/conf" -in "$tsa/$1.csr" -out "$tsa/$1.pem" -startdate "$2" -enddate "$3" 2>/dev/null
}
stamp() { # AUTHORITY QUERY ANSWER
    openssl ts -reply -config "$tsa/conf" -section one -queryfile "$2" -signer "$tsa/$1.pem" -inkey "$tsa/$1.key" \
        -out "$3" 2>/dev/null
}
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tsa/ca.key" -subj '/CN=root' -days 3650 -out "$tsa/ca.pem" 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tsa/other.key" -subj '/CN=other' -days 3650 -out "$tsa/other.pem" \
    2>/dev/null
ok 'an authority' authority good 20200101000000Z 20491231000000Z
ok 'an expired one' authority old 20200101000000Z 20200201000000Z

mkdir "$TMPDIR/src"
printf a >"$TMPDIR/src/a"
for key in first second witness; do
    "$IR" evidence keys create $key --no-passphrase >/dev/null
done
ok 'collect' act collect "$TMPDIR/src" -i 1 -k first --witness-key witness -w Jiro
ok 'the second examiner' act add-note 'seen again' -k second
ok 'has a name of his own' [ -f "$custody/keys/examiner-2.pub.pem" ]

ok 'request' act timestamp request -k first --tsa 'https://hanako:s3cret@tsa.example/?account=s3cret'
ok 'no password of the authority is recorded' lacks s3cret "$custody/log.jsonl"
ok 'the authority is' last '.tsa == "https://***@tsa.example/?***" and (.tool.command | contains("--tsa https://***@tsa.example/?*** -c"))'
query=$(cat "$TMPDIR/out")
ok 'gives the path of the query' openssl ts -query -in "$query" -text
point=$(basename "$query" .tsq)
stamped() { openssl asn1parse -inform DER -in "$query" | sed -n 's/.*OCTET STRING *\[HEX DUMP\]://p' | tr A-F a-f; }
ok 'which is over the list of digests' [ "$(stamped)" = "$(sha256sum <"$custody/$point.sha256" | cut -c 1-64)" ]
says 'curl'
ok 'verify is good while the answer is not there' ours
ok 'and VERIFY.txt' stock

ok 'the authority answers' stamp good "$query" "$TMPDIR/good.tsr"
ok 'and an expired one' stamp old "$query" "$TMPDIR/old.tsr"
openssl ts -query -data "$custody/$point" -sha256 -cert -out "$TMPDIR/else.tsq" 2>/dev/null
stamp good "$TMPDIR/else.tsq" "$TMPDIR/else.tsr"
openssl ts -query -data "$custody/$point.sha256" -sha256 -cert -out "$TMPDIR/nonce.tsq" 2>/dev/null
stamp good "$TMPDIR/nonce.tsq" "$TMPDIR/nonce.tsr"
attach() { act timestamp attach "$TMPDIR/$1" -k first ${2:+--ca "$2"}; }
ok 'a CA is needed' gives 2 attach good.tsr
ok 'one that did not sign is none' gives 1 attach good.tsr "$tsa/other.pem"
ok 'a time-stamp of something else' gives 1 attach else.tsr "$tsa/ca.pem"
says 'none of the checkpoints'
ok 'one for another query (nonce)' gives 1 attach nonce.tsr "$tsa/ca.pem"
ok 'an expired authority' gives 1 attach old.tsr "$tsa/ca.pem"
says 'expired'
head -c 700 "$TMPDIR/good.tsr" >"$TMPDIR/cut.tsr"
ok 'half an answer' gives 1 attach cut.tsr "$tsa/ca.pem"
: >"$TMPDIR/empty.tsr"
ok 'an empty one' gives 1 attach empty.tsr "$tsa/ca.pem"
ok 'none of these was kept' [ ! -e "$custody/$point.tsr" ]
cp "$TMPDIR/good.tsr" "$custody/$point.tsr"
ok 'an answer that no line tells of is seen' gives 1 ours
ok '… by both' gives 1 stock
ok 'attach, also when a crash left the answer' attach good.tsr "$tsa/ca.pem"
ok 'is told' last ".event == \"timestamp-attach\" and .policy == \"1.2.3.4.1\" and
    .tsr_sha256 == \"$(sha256sum <"$TMPDIR/good.tsr" | cut -c 1-64)\""
ok 'not twice' gives 4 attach good.tsr
ca=$(sha256sum <"$tsa/ca.pem" | cut -c 1-64)
ok 'with the digest of the CA' last ".ca_sha256 == \"$ca\""
ok 'the CA is kept' cmp "$tsa/ca.pem" "$custody/tsa/ca.pem"
ok 'timestamp verify' act timestamp verify
ok 'VERIFY.txt proves the time' stock
ok 'VERIFY.ja.txt' stock VERIFY.ja.txt
ok '… and prints what its CA is' grep -qx "custody/tsa/ca.pem $ca" "$TMPDIR/stock"
ok 'ours too' ours
prints "custody/tsa/ca.pem  $ca"
ok 'openssl alone' openssl ts -verify -data "$custody/$point.sha256" -in "$custody/$point.tsr" -CAfile "$custody/tsa/ca.pem"

# What goes wrong later.
cp -a "$case" "$TMPDIR/good"
seen() { # WHAT
    [ "${2-}" = ours ] || stock_sees "$1"
    ok "$1: ir evidence verify sees it" gives 1 ours
    rm -rf "$case"
    cp -a "$TMPDIR/good" "$case"
}
put() { cp -f "$TMPDIR/$1" "$custody/$point.tsr"; }
put old.tsr && seen 'the answer of an expired authority'
put else.tsr && seen 'the time-stamp of something else'
put nonce.tsr && seen 'another answer than the one told'
put cut.tsr && seen 'half an answer'
rm -f "$custody/$point.tsr"
ok 'timestamp verify misses a lost answer' gives 1 act timestamp verify
seen 'a lost answer'
cp -f "$tsa/other.pem" "$custody/tsa/ca.pem" && seen 'another CA'
rm -r "$custody/tsa" && seen 'no CA'
cat "$tsa/other.pem" >>"$custody/tsa/ca.pem" && seen 'one CA more'
rm "$custody/$point" "$custody/$point.sig" "$custody/$point.sha256" && seen 'a stamp without its checkpoint'
cp -f "$TMPDIR/else.tsq" "$custody/$point.tsq" && seen 'another query' ours
act add-note later -k first && ok 'later lines change nothing' stock

# An authority of which all is over: what it attested while its certificate was valid stays proved. openssl stamps with
# today's time only, so the token is put together: what it says, signed as CMS, with the status before it.
cat >>"$tsa/conf" <<EOF
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
EOF
openssl req -newkey rsa:2048 -nodes -keyout "$tsa/ca.key" -subj /CN=past -out "$tsa/ca.csr" 2>/dev/null
past() { openssl ca -batch -config "$tsa/conf" "$@" -startdate 20200101000000Z -enddate 20200201000000Z 2>/dev/null; }
past -selfsign -keyfile "$tsa/ca.key" -extensions authority -in "$tsa/ca.csr" -out "$tsa/ca.pem"
ok 'an authority that is no more' authority gone 20200101000000Z 20200201000000Z
act timestamp request -k first
query=$(cat "$TMPDIR/out") point=$(basename "$query" .tsq)
der() { openssl asn1parse -genconf "$1" -noout -out "$2"; }
header() { # BYTES: of a sequence with as many
    printf '%b' "\\060\\202\\0$(printf %o $(($1 / 256)))\\0$(printf %o $(($1 % 256)))"
}
attest() { # TIME ANSWER
    cat >"$TMPDIR/info.conf" <<EOF
asn1 = SEQUENCE:info
[info]
version = INTEGER:1
policy = OID:1.2.3.4.1
imprint = SEQUENCE:imprint
serial = INTEGER:7
time = GENERALIZEDTIME:$1
nonce = INTEGER:0x$(openssl asn1parse -inform DER -in "$query" | sed -n 's/.*INTEGER *:\(..*\)/\1/p' | tail -n 1)
[imprint]
hash = SEQUENCE:hash
of = FORMAT:HEX,OCTETSTRING:$(sha256sum <"$custody/$point.sha256" | cut -c 1-64)
[hash]
name = OID:sha256
none = NULL
EOF
    der "$TMPDIR/info.conf" "$TMPDIR/info"
    openssl cms -sign -binary -nodetach -cades -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.4 -in "$TMPDIR/info" \
        -signer "$tsa/gone.pem" -inkey "$tsa/gone.key" -outform DER -out "$TMPDIR/token" 2>/dev/null
    { printf '\060\003\002\001\000' && cat "$TMPDIR/token"; } >"$TMPDIR/body"
    { header "$(wc -c <"$TMPDIR/body")" && cat "$TMPDIR/body"; } >"$2"
}
attest 20200301000000Z "$TMPDIR/late.tsr"
ok 'a stamp of a time when the certificate had run out' gives 1 attach late.tsr "$tsa/ca.pem"
says 'expired'
attest 20200115000000Z "$TMPDIR/then.tsr"
ok 'one of a time when it was valid' attach then.tsr "$tsa/ca.pem"
ok 'is good in both' stock
ok '… with its time' grep -qx "time-stamp $point 2020-01-15 00:00:00 UTC" "$TMPDIR/stock"
ok '… and ours' ours
prints "custody/$point.tsr: warning: a certificate of its authority has run out since"
ok 'timestamp verify' act timestamp verify
prints "$point  2020-01-15T00:00:00"
prints 'as of the time that each of these tells'
says 'has run out since'
plan
