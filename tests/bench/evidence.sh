# shellcheck shell=sh
# Digests and copies of evidence, beside openssl, coreutils and hashdeep: part of run.sh, which has run, row, over
# and median. One file of BENCH_BIG_MB=1024 MiB and BENCH_SMALL=50000 files of 4 KiB; the page cache is warm, but what
# is copied is written to the disk, in both cases.
: "${T:?}" "${IR:?}" "${BENCH_BIG_MB:=1024}" "${BENCH_SMALL:=50000}" "${BENCH_RUNS:=5}"

evidence_files() {
    mkdir "$T/small" || exit 1
    head -c $((BENCH_BIG_MB * 1048576)) /dev/urandom >"$T/big"
    left=$BENCH_SMALL
    while [ "$left" -gt 0 ]; do
        n=1000
        [ "$left" -ge "$n" ] || n=$left
        left=$((left - n))
        mkdir "$T/small/$left"
        head -c $((n * 4096)) /dev/urandom | split -b 4096 -a 3 -d - "$T/small/$left/f"
    done
    cat "$T/big" >/dev/null
}
# What openssl makes of one digest in memory, as the seconds that the large file would take.
openssl_seconds() { # DIGEST
    openssl speed -seconds 1 -bytes 262144 "$1" 2>/dev/null |
        awk -v mb="$BENCH_BIG_MB" 'END { k = $NF; sub("k", "", k); if (k > 0) print mb * 1048.576 / k, 0, 0, 0 }' \
            >>"$T/t.e-openssl-$1"
}
hashes() { # NAME DIGESTS PATH
    run "$1" "$IR" evidence hash --algorithms "$2" "$3"
}
evidence_round() {
    hashes e-sha256 sha256 "$T/big"
    run e-sha256sum sha256sum "$T/big"
    hashes e-two sha256,sha512 "$T/big"
    openssl_seconds sha512
    hashes e-old md5,sha256 "$T/big"
    ! have hashdeep || run e-hashdeep hashdeep -c md5,sha256 "$T/big"
    hashes e-small sha256 "$T/small"
    # shellcheck disable=SC2016  # $1 is for that shell
    run e-xargs sh -c 'find "$1" -type f -print0 | xargs -0 -P2 sha256sum' sh "$T/small"
    ! have hashdeep || run e-smalldeep hashdeep -r -c sha256 "$T/small"
    hashes e-smalltwo sha256,sha512 "$T/small"
    rm -rf "$T/copy" "$T/cases"
    # shellcheck disable=SC2016
    run e-cp sh -c 'cp -a "$1" "$2" && sync -f "$2"' sh "$T/small" "$T/copy"
    run e-collect "$IR" evidence collect "$T/small" -c C -i 1 -o "$T/cases" -a bench -p here -r bench \
        --no-witness bench --unsigned
}
evidence_table() {
    echo
    echo "Evidence: one file of $BENCH_BIG_MB MiB, $BENCH_SMALL files of 4 KiB, median of $BENCH_RUNS runs:"
    echo
    echo '| what | target | figure | verdict |'
    echo '|---|---|---|---|'
    row 'SHA-256 and SHA-512 in one reading, as a part of openssl speed sha512' '>=' 0.8 '' \
        "$(over e-openssl-sha512 e-two 1)" "($(median e-two 1) s)"
    row 'hashdeep -c md5,sha256 takes so many times longer' '>=' 3 '' "$(over e-hashdeep e-two 1)" \
        "($(median e-hashdeep 1) s)"
    row '… than ours with the same two digests' '>=' 3 '' "$(over e-hashdeep e-old 1)" "($(median e-old 1) s)"
    row 'SHA-256 alone: sha256sum takes so many times longer' '>=' 3 '' "$(over e-sha256sum e-sha256 1)" \
        "($(median e-sha256 1) s)"
    row 'small files: the time of find and xargs -P2 sha256sum' '<=' 1 '' "$(over e-small e-xargs 1)" \
        "($(median e-small 1) s)"
    row 'small files: the time of hashdeep -c sha256' '<=' 0.5 '' "$(over e-small e-smalldeep 1)" ''
    row 'small files: collect, as a part of cp -a and hashing' '<=' 2 '' \
        "$(median e-collect 1) $(echo "$(median e-cp 1) $(median e-smalltwo 1)" | awk '{ print $1 + $2 }')" \
        "($(median e-collect 1) s)"
    for name in e-two e-small e-collect; do
        row "Peak memory: ${name#e-}" '<=' 64 MiB "$(median $name 3) 1024" ''
    done
}
evidence() {
    evidence_files
    i=0
    while [ "$i" -lt "$BENCH_RUNS" ]; do
        i=$((i + 1))
        evidence_round
    done
    evidence_table
    rm -rf "$T/small" "$T/copy" "$T/cases" "$T/big"
}
