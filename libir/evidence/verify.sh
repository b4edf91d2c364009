#!/bin/sh
# VERIFY.sh of a case comes from this file, by way of build/gen/evidence (see verify.awk): comments in both languages, and
# without this paragraph. brief.sh does the same in fifteen lines. Everything in a case is hostile, also names and the
# lines of the log. What must be there is read from the log, never from the files that happen to lie there. For the
# program check_told.c does the same.

# en: How to prove this case without the program that made it, in small steps that are short enough to be read.
# en: VERIFY.txt proves it in fifteen lines, and says what to compare with paper at the end. This script names more
# en: precisely what is wrong, proves each earlier checkpoint by itself, and finds files that were added to custody.
# en:
# en: Take it from somewhere else than from the case (share/ir/VERIFY.sh): who forges a case can forge the script in
# en: it. Every receipt holds its SHA-256 (verify_sh). Needed: openssl, and what coreutils, findutils, diffutils, grep
# en: and sed or else busybox have, so any rescue system: sh, sha256sum, cat, cmp, comm, cp, cut, date, dirname,
# en: find, grep, ls, mkdir, mktemp, mv, printf, rm, sed, sort, tr; sha512sum, sha1sum and md5sum for lists of these.
# en:
# en:     sh VERIFY.sh             in the directory of the case
# en:     sh /my/VERIFY.sh CASE    from somewhere else
# ja: この事案の証拠を、作成に使ったプログラムなしで検証する方法（読みやすい小さな手順）
# ja: VERIFY.txt は同じ検証を 15 行で行い、最後に紙の控えと見比べるものを説明しています。このスクリプトは、何が
# ja: 問題なのかをより正確に示し、以前の各チェックポイントも個別に検証し、custody に追加されたファイルも見つけます。
# ja:
# ja: 事案の中のものではなく、別の経路で入手したものを使ってください（share/ir/VERIFY.sh）。事案を偽造できる人は、
# ja: 中のスクリプトも偽造できます。SHA-256 は各受領書に記載されています（verify_sh）。必要なものは上の英文のとおりで、
# ja: openssl のほかは一般的なレスキューシステムにあります。
# ja:
# ja:     sh VERIFY.sh             事案のディレクトリで実行する場合
# ja:     sh /my/VERIFY.sh CASE    別の場所から実行する場合
CDPATH='' cd "${1:-$(dirname "$0")}" || exit 2
export LC_ALL=C
unset CDPATH
t=$(mktemp -d) && mkdir "$t/seal" "$t/away" || exit 2
trap 'rm -rf "$t"' EXIT
bad=0 n=0 d=0 by=0 ca='' line='' p=$(printf %064d 0)

# en: What is wrong; a name may hold what a terminal would obey.
# ja: 問題の表示。名前には端末を操作する文字が含まれることがあります。
shown() { LC_ALL=C tr '\001-\011\013-\037\177' '?'; }
no() {
    printf 'BAD: %s\n' "$*" | shown
    bad=1
}
hash() { openssl dgst -sha256 -binary; }
# en: The SHA-256 of a file, as 64 digits.
# ja: ファイルの SHA-256（64 桁）。
digest() { { sha256sum <"$1" | cut -c 1-64; } 2>/dev/null; }
# en: A file that the log accounts for.
# ja: 保管記録に根拠のあるファイル。
must() { printf './%s\n' "$1" >>"$t/must"; }
# en: Of a line of the log: $v is what stands behind "NAME":" (quotes in texts are written \", so none is
# en: mistaken for a member), or behind "NAME": when it is a number. Nothing: it is not there.
# ja: 保管記録の行から値を取り出します。$v は "NAME":" の後の文字列（本文中の引用符は \" と書かれるので、
# ja: 取り違えはありません）、数値の場合は "NAME": の後の数字です。なければ空です。
text() {
    v=${2#*"\"$1\":\""}
    if [ "$v" = "$2" ]; then v=''; else v=${v%%'"'*}; fi
}
number() {
    v=${2#*"\"$1\":"}
    if [ "$v" = "$2" ]; then v=''; else v=${v%%[!0-9]*}; fi
}
# en: Each line of a list of sha256sum is right, is of the form of such a list, and leads to no other place.
# ja: sha256sum の一覧の各行が正しく、一覧の形式であり、別の場所を指していないこと。
sums() {
    [ ! -f "$1" ] || [ -s "$1" ] || return 0
    if grep -q -e '^[^ ]* [ *]/' -e '^[^ ]* [ *]\.\./' -e '/\.\./' "$1"; then return 1; fi
    sha256sum -c "$1" >"$t/said" 2>/dev/null
    grep -v ': OK$' "$t/said" | shown
    [ "$(grep -c ': OK$' "$t/said")" = "$(grep -c '' "$1")" ]
}
# en: What is here ($t/there) is what must be here ($t/want), no more and no less.
# ja: あるもの（$t/there）と、あるべきもの（$t/want）が過不足なく一致すること。
accounted() {
    comm -13 "$t/want" "$t/there" >"$t/more"
    while IFS= read -r f; do no "$1${f#./}: nothing tells of it: it was added"; done <"$t/more"
    comm -23 "$t/want" "$t/there" >"$t/less"
    while IFS= read -r f; do no "$1${f#./}: is missing"; done <"$t/less"
}

# en: The keys and their digests: a line "DIGEST ROLE" each.
# ja: 鍵とそのダイジェスト。1 行に「ダイジェスト 役割」。
read_keys() {
    : >"$t/keys"
    for k in keys/*.pub.pem; do
        [ -f "$k" ] || continue
        role=${k#keys/} role=${role%.pub.pem}
        case $role in *[!a-z0-9-]*) continue ;; esac
        openssl pkey -pubin -in "$k" 2>&1 | cmp -s - "$k" || no "custody/$k: is not written as keys are"
        id=$(openssl pkey -pubin -in "$k" -outform DER 2>/dev/null | sha256sum | cut -c 1-64)
        echo "$id $role" >>"$t/keys"
        if grep -qF "\"key_id\":\"$id\"" log.jsonl; then must "$k"; fi
    done
}

# en: Whoever $line names with a key, actor and witness, has signed the file $1 with this very key: $2.sig for
# en: the examiner, $2.ROLE.sig for others. $by counts them; their digests go below those in $t/list.
# ja: $line が鍵とともに挙げる人（実施者と立会人）が、まさにその鍵でファイル $1 に署名していること。署名は検査者が
# ja: $2.sig、ほかの人が $2.役割.sig です。$by はその数で、ダイジェストを $t/list に加えます。
signatures() {
    by=0
    for who in actor witness; do
        person=${line#*"\"$who\":{"}
        [ "$person" != "$line" ] || continue
        text key_id "${person%%'},"'*}"
        [ -n "$v" ] || continue
        by=$((by + 1)) found=''
        while read -r id role; do
            case $who-$role in actor-witness* | witness-examiner* | witness-receiver*) continue ;; esac
            s=$2.$role.sig
            [ "$role" != examiner ] || s=$2.sig
            if [ "$id" = "$v" ] && [ -f "$s" ]; then found=$s key=keys/$role.pub.pem; fi
        done <"$t/keys"
        if [ -z "$found" ]; then
            no "custody/$2: is not signed with the key $v of the $who"
            continue
        fi
        must "$found"
        sha256sum "$found" >>"$t/list"
        openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$1" -sigfile "$found" >/dev/null 2>&1 ||
            no "custody/$found: is no signature of this file with this key"
    done
}

# en: The tree of RFC 6962: $t/1, $t/2 … are the roots of the complete subtrees from the left.
# ja: RFC 6962 の木。$t/1、$t/2 … は左からの完全な部分木のルートです。
join() { { printf '\001'; cat "$1" "$2"; } | hash >"$t/x" && mv "$t/x" "$3"; }
add_leaf() {
    d=$((d + 1)) i=$n
    printf '\000%s' "$line" | hash >"$t/$d"
    while [ $((i % 2)) = 0 ]; do
        d=$((d - 1)) i=$((i / 2))
        join "$t/$d" "$t/$((d + 1))" "$t/$d"
    done
}
root() {
    i=$d
    cp "$t/$i" "$t/root"
    while [ "$i" -gt 1 ]; do
        i=$((i - 1))
        join "$t/$i" "$t/root" "$t/root"
    done
    openssl base64 -A -in "$t/root"
}

# en: The receipt that $line tells of: its list is signed, and its files are those of the list. It is made
# en: after the checkpoint of this line; where there is none, it was never made.
# ja: $line が示す受領書。一覧が署名されており、各ファイルが一覧のとおりであること。受領書はこの行のチェックポイント
# ja: の後に作られます。チェックポイントがなければ、受領書は作られていません。
receipt() {
    text receipt "$line"
    case $v in
    .* | -* | */* | '')
        no "custody/log.jsonl:$n: $v: is no name of a receipt"
        return
        ;;
    esac
    r=receipts/$v
    must "$r.sha256"
    sed 's|^[^ ]*  |./receipts/|' "$r.sha256" >>"$t/must"
    signatures "$r.sha256" "$r"
    (cd receipts && sums "${r#*/}.sha256") || no "custody/$r.sha256: a file of the receipt was changed"
}

# en: The checkpoint of the $n lines so far is their root, is signed by those whom the last of them names, and
# en: its list has the digests of it and of its signatures; $1 is the list's digest in the next line of the log.
# ja: ここまでの $n 行のチェックポイントが、そのルートであり、最後の行が挙げる人に署名されており、一覧にその本体と
# ja: 署名のダイジェストがあること。$1 は保管記録の次の行にある一覧のダイジェストです。
checkpoint() {
    c=checkpoint-$(printf %06d "$n")
    must "$c"
    must "$c.sha256"
    if [ ! -f "$c" ] || [ ! -f "$c.sha256" ]; then
        no "custody/$c: is missing"
        return
    fi
    [ "$(sed 1d "$c" | tr '\n' ' ')" = "$n $(root) " ] || no "custody/$c: is not the root of the first $n lines"
    text event "$line"
    [ "$v" != receipt ] || receipt
    sha256sum "$c" >"$t/list"
    signatures "$c" "$c"
    cmp -s "$t/list" "$c.sha256" || no "custody/$c.sha256: is not the list of the checkpoint and its signatures"
    [ -z "$1" ] || [ "$(digest "$c.sha256")" = "$1" ] ||
        no "custody/$c.sha256: is not what line $((n + 1)) of the log tells of"
}

# en: The time that a time-stamp tells, as 2026-11-23 09:08:07, UTC.
# ja: タイムスタンプが示す時刻。2026-11-23 09:08:07 の形式、UTC。
time_told() {
    openssl ts -reply -in "$1" -token_out 2>/dev/null | openssl cms -verify -noverify -inform DER 2>/dev/null |
        openssl asn1parse -inform DER 2>/dev/null |
        sed -n '/TIME *:/{s/.*:\(....\)\(..\)\(..\)\(..\)\(..\)\(..\).*/\1-\2-\3 \4:\5:\6/p;q;}'
}

# en: The time-stamp that $line tells of, over the list of a checkpoint, by an authority of tsa/ca.pem whose
# en: certificate was valid at the time that the stamp tells. Whether it still is does not matter.
# ja: $line が示すタイムスタンプ。チェックポイントの一覧に対し、tsa/ca.pem の認証局によるもので、その証明書が
# ja: タイムスタンプの示す時刻に有効だったこと。今も有効かどうかは問いません。
time_stamp() {
    number checkpoint "$line"
    c=checkpoint-$(printf %06d "$v")
    must "$c.tsr"
    must "$c.tsq"
    must tsa/ca.pem
    text tsr_sha256 "$line"
    [ "$(digest "$c.tsr")" = "$v" ] || no "custody/$c.tsr: is not the time-stamp that line $n tells of"
    told=$(time_told "$c.tsr")
    if [ -n "$told" ] && openssl ts -verify -attime "$(date -u -d "$told" +%s)" -data "$c.sha256" -in "$c.tsr" \
        -CAfile tsa/ca.pem >/dev/null 2>&1; then
        echo "time-stamp $c $told UTC"
    else
        no "custody/$c.tsr: proves nothing"
    fi
    text ca_sha256 "$line"
    ca=$v
}

# en: What the log tells of the exhibit: its last seal, and whether it may be away.
# ja: 証拠品について保管記録が示すこと。最後の封印値と、ここになくてもよいかどうか。
exhibit_told() {
    text item_id "$line"
    item=$v
    case $item in
    '') return ;;
    .* | -* | */*)
        no "custody/log.jsonl:$n: $item: is no name of an exhibit"
        return
        ;;
    esac
    : >>"$t/seal/$item"
    text event "$line"
    case $v in
    seal)
        text seal "$line"
        echo "$v" >"$t/seal/$item"
        rm -f "$t/away/$item"
        ;;
    check-out | check-in | transfer-in) rm -f "$t/away/$item" ;;
    transfer-out) echo "handed over, line $n" >"$t/away/$item" ;;
    dispose) echo "disposed of, line $n" >"$t/away/$item" ;;
    esac
}

# en: The exhibit $1: its seal is $2, its lists are right, and it holds no other files.
# ja: 証拠品 $1 の封印値が $2 であり、一覧が正しく、ほかのファイルがないこと。
exhibit() {
    seal=$(digest tagmanifest-sha256.txt)
    echo "seal $1 $seal"
    if [ "$seal" != "$2" ]; then
        no "$1/tagmanifest-sha256.txt: is not the seal of the log: the exhibit was changed, or is another"
        return
    fi
    sums tagmanifest-sha256.txt || no "$1/tagmanifest-sha256.txt: see above"
    if grep -q '^manifest-sha256.txt: OK$' "$t/said"; then
        sums manifest-sha256.txt || no "$1/manifest-sha256.txt: see above"
    fi
    sed 's|^[^ ]*  |./|' tagmanifest-sha256.txt manifest-sha256.txt >"$t/must"
    sed -n 's|^[^ ]*  \(manifest-[a-z0-9]*\.txt\)$|./tag\1|p' tagmanifest-sha256.txt >>"$t/must"
    sort -u "$t/must" >"$t/want"
    find . ! -type d | sort >"$t/there"
    accounted "$1/"
    for a in md5 sha1 sha512; do
        [ -f tagmanifest-$a.txt ] || continue
        while read -r _ f; do ${a}sum "$f"; done <tagmanifest-sha256.txt | cmp -s - tagmanifest-$a.txt ||
            no "$1/tagmanifest-$a.txt: is not right"
    done
}

# en: 1. Nothing but files and directories: a link leads elsewhere, and a pipe would never end.
# ja: 1. ファイルとディレクトリだけであること。リンクは別の場所を指し、パイプは読み終わりません。
find . ! -type d ! -type f >"$t/odd"
while IFS= read -r f; do no "${f#./}: is a link, or no file"; done <"$t/odd"
[ $bad = 0 ] || exit 1

# en: 2. The log: each line holds the SHA-256 of the line before it; what a line tells of is there.
# ja: 2. 保管記録：各行が直前の行の SHA-256 を含み、各行が示すものが実際にあること。
cd custody || exit 2
must log.jsonl
[ -z "$(tr -dc '\000' <log.jsonl | tr '\000' 0)" ] || no 'custody/log.jsonl: has NUL bytes in it'
read_keys
while IFS= read -r next; do
    text prev_checkpoint "$next"
    [ -z "$v" ] || checkpoint "$v"
    line=$next n=$((n + 1))
    text prev "$line"
    [ "$v" = "$p" ] || no "custody/log.jsonl:$n: does not follow the line before it"
    p=$(printf %s "$line" | sha256sum | cut -c 1-64)
    add_leaf
    exhibit_told
    text event "$line"
    case $v in
    timestamp-attach) time_stamp ;;
    timestamp-request)
        number checkpoint "$line"
        f=checkpoint-$(printf %06d "$v").tsq
        [ ! -f "$f" ] || must "$f"
        ;;
    esac
done <log.jsonl
[ -z "$next" ] || no 'custody/log.jsonl: ends in an incomplete line'
[ $n != 0 ] || { no 'custody/log.jsonl: is empty' && exit 1; }

# en: 3. The last lines are signed, when anything is; and no file lies here that no line tells of.
# ja: 3. 署名のある事案では最後の行まで署名されており、どの行も示していないファイルがここにないこと。
checkpoint ''
signed=''
if grep -q '"key_id":"' log.jsonl; then
    signed=yes
    [ "$by" != 0 ] || no 'custody/log.jsonl: the last lines are signed by nobody'
fi
[ -z "$ca" ] || [ "$(digest tsa/ca.pem)" = "$ca" ] || no 'custody/tsa/ca.pem: is not what the log tells of'
sed -n -e ':up' -e p -e 's|/[^/]*$||' -e 't up' "$t/must" | sort -u >"$t/want"
find . | sort >"$t/there"
accounted custody/
cd ..

# en: 4. Each exhibit of the log, and nothing else in the case; and the texts are those of the log.
# ja: 4. 保管記録にある各証拠品。ほかに何もなく、説明文が保管記録のものと同じであること。
printf '%s\n' VERIFY.txt VERIFY.ja.txt VERIFY.sh custody >"$t/names"
for f in "$t/seal/"*; do
    [ -f "$f" ] || continue
    item=${f##*/}
    if [ -d "./$item" ]; then
        echo "$item" >>"$t/names"
        cd "./$item" || exit 2
        exhibit "$item" "$(cat "$f")"
        cd ..
    elif [ -f "$t/away/$item" ]; then
        echo "away $item: $(cat "$t/away/$item")"
    elif [ -s "$f" ]; then
        no "$item: is not here"
    fi
done
sort "$t/names" >"$t/want"
# shellcheck disable=SC2012  # a line end in a name makes two names of which nothing tells
ls -A | sort >"$t/there"
accounted ''
for f in verify_txt:VERIFY.txt verify_ja_txt:VERIFY.ja.txt verify_sh:VERIFY.sh; do
    text "${f%:*}" "$line"
    [ "$(digest "${f#*:}")" = "$v" ] || no "${f#*:}: is not the text that the log tells of"
done

# en: 5. To be compared with paper.
# ja: 5. 紙の控えと見比べるもの。
echo "lines $n"
echo "last line $p"
echo "root $(openssl base64 -A -in "$t/root")"
sed 's/^/key /' "$t/keys" | shown
[ -z "$ca" ] || echo "custody/tsa/ca.pem $(digest custody/tsa/ca.pem)"
[ $bad = 0 ] || exit 1
if [ -n "$signed" ]; then echo 'all good'; else echo 'all good, but UNSIGNED: anybody may have written this'; fi
