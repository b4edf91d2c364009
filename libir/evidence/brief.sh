#!/bin/sh
# VERIFY.txt and VERIFY.ja.txt of a case come from this file, by way of build/gen/evidence (see verify.awk): a comment
# that begins with "en:" goes into the English one, with "ja:" into the Japanese one, this paragraph into neither. At
# most fifteen lines of commands that need no more than a rescue system has: what they cannot tell, or not as well,
# verify.sh does. Everything in a case is hostile, also names and the lines of the log.
# shellcheck disable=SC2086,SC2015,SC2164  # $t and numbers have no blanks; || is meant for both; a failed cd fails below
# shellcheck disable=SC2010,SC2103  # names from ls are only shown; a subshell would cost a line

# en: How to prove this case without the program that made it.
# en:
# en: Take this script from somewhere else than from the case: who forges a case can forge the script in it.
# en: Each program `ir` comes with it (share/ir/VERIFY.txt), and every receipt holds its SHA-256 (verify_txt).
# en: Needed: openssl, and what coreutils, findutils, grep and sed or else busybox have, so any rescue system:
# en: sh, sha256sum, cat, cmp, comm, cut, dirname, find, grep, ls, mktemp, mv, printf, sed, sort, tail, tee,
# en: tr; sha512sum, sha1sum and md5sum for lists of these.
# en:
# en:     sh VERIFY.txt             in the directory of the case
# en:     sh /my/VERIFY.txt CASE    from somewhere else
# en:
# en: It ends with "all good" and status 0, or names each thing that is wrong, and status 1. Then compare what
# en: it prints with paper (label, receipts): seals, keys, number of lines, the last line, the root. Nothing
# en: else shows that a whole log was written anew with other keys, or cut back to an older state of itself.
# en: A case that nobody signed is "all good, but UNSIGNED".
# en:
# en: VERIFY.sh beside it does the same in small steps, to be read and to tell more: files that were added to
# en: custody, and each earlier checkpoint by itself.
# ja: この事案の証拠を、作成に使ったプログラムなしで検証する方法
# ja:
# ja: このスクリプトは事案の中のものではなく、別の経路で入手したものを使ってください。事案を偽造できる人は、
# ja: 中のスクリプトも偽造できます。`ir` には同じものが付属し（share/ir/VERIFY.ja.txt）、SHA-256 は各受領書に
# ja: 記載されています（verify_ja_txt）。
# ja: 必要なもの：openssl と、coreutils・findutils・grep・sed または busybox に含まれるもの（一般的なレスキュー
# ja: システムにあります）：sh、sha256sum、cat、cmp、comm、cut、dirname、find、grep、ls、mktemp、mv、printf、
# ja: sed、sort、tail、tee、tr。該当する一覧があれば sha512sum、sha1sum、md5sum も使います。
# ja:
# ja:     sh VERIFY.ja.txt             事案のディレクトリで実行する場合
# ja:     sh /my/VERIFY.ja.txt CASE    別の場所から実行する場合
# ja:
# ja: 問題がなければ最後に「all good」と表示され、終了ステータスは 0 です。問題があれば一つずつ表示され、1 です。
# ja: 続いて、表示される封印値（seal）・行数（lines）・最後の行（last line）・ルート（root）・鍵（key）を、紙の控え
# ja: （ラベル、受領書）と見比べてください。問題のある箇所は「BAD:」で始まる行です。
# ja: 記録全体が別の鍵で書き直されたこと、または古い状態に切り戻されたことは、ほかの方法では分かりません。
# ja: 誰も署名していない事案は「all good, but UNSIGNED」と表示されます。
# ja:
# ja: 同じ場所の VERIFY.sh は、同じ検証を読みやすい小さな手順で行い、さらに custody に追加されたファイルと、
# ja: 以前の各チェックポイントも個別に調べます。
# en: Functions: hash, join: the tree of RFC 6962; val: members of a line of the log. Links and pipes end it.
# ja: 関数：hash、join は RFC 6962 の木、val は記録の行の値。リンクやパイプがあれば終了します。
CDPATH='' cd "${1:-$(dirname "$0")}/custody" || exit 2; unset CDPATH; export LC_ALL=C; t=$(mktemp -d) p=$(printf %064d 0) n=0 d=0 u=; no() { echo "BAD: $*" | tr -c '[:print:]\n' '?' | tee -a $t/no; }; find .. ! -type d ! -type f | grep . && exit 1
hash() { openssl dgst -sha256 -binary; }; sum() { cat "$@" | sha256sum | cut -c 1-64; }; join() { { printf '\001'; cat $t/$1 $t/$2; } | hash >$t/x; mv $t/x $t/$1; d=$1; }; val() { printf %s "$2" | grep -oE "\"$1\":\"[^\"]+" | cut -d '"' -f 4; }
# en: The keys and their digests.
# ja: 鍵とそのダイジェスト。
for k in keys/*.pem; do [ ! -f "$k" ] || { i=$(openssl pkey -pubin -in "$k" -outform DER | sum); openssl pkey -pubin -in "$k" | tee $t/$i | cmp - "$k" || no "$k"; echo "key $i $k"; }; done 2>$t/said
# en: Whoever the line $l names with a key has signed the file $1 with this very key; $2.*sig are the signatures.
# ja: 行 $l が鍵とともに挙げる人が、その鍵でファイル $1 に署名していること。署名は $2.*sig です。
signed() { for i in $(val key_id "$l"); do for s in "$2".*sig; do openssl pkeyutl -verify -pubin -inkey $t/$i -rawin -in "$1" -sigfile "$s" >$t/said 2>&1 && continue 2; done; no "$1: not signed with key $i"; done; }
# en: The log: each line holds the SHA-256 of the one before; receipts are signed; $t/want: what lines tell of.
# ja: 保管記録：各行が直前の行の SHA-256 を含むこと。受領書の署名。$t/want は行が示すもの。
while IFS= read -r x; do l=$x n=$((n + 1)) d=$((d + 1)) i=$n; printf '%s\n' "$l" >>$t/log; [ "$(val prev "$l")" = $p ] || no "log.jsonl, line $n"; p=$(printf %s "$l" | sum); printf '\000%s' "$l" | hash >$t/$d; while [ $((i % 2)) = 0 ]; do i=$((i / 2)); join $((d - 1)) $d; done
    val '(prev_checkpoint|tsr_sha256)' "$l" >>$t/want; case $l in *'"event":"receipt"'*) r=receipts/$(val receipt "$l"); signed "$r.sha256" "$r"; (cd receipts; sha256sum -c "../$r.sha256") >$t/said 2>&1 || no "$r" ;; *'"ca_sha256"'*) val ca_sha256 "$l" >$t/ca ;; esac
# en: The checkpoint is the root of all lines and signed by those whom the last line names.
# ja: チェックポイントが全行のルートであり、最後の行が挙げる人に署名されていること。
done <log.jsonl; cmp $t/log log.jsonl || no 'log.jsonl: NUL, or an incomplete line'; while [ $d -gt 1 ]; do join $((d - 1)) $d; done; c=checkpoint-$(printf %06d $n); [ "$(sed 1d $c | tr '\n' ' ')" = "$n $(openssl base64 -in $t/1) " ] || no "$c: not the root of the log"; signed $c $c
[ -n "$(val key_id "$l")" ] || { u=', but UNSIGNED'; ! grep -qF '"key_id":"' log.jsonl || no 'log.jsonl: the last line is signed by nobody'; }; for f in checkpoint-*.sha256; do sort "$f" >$t/a; f=${f%.sha256}; sha256sum "$f" "$f".*sig 2>$t/said | sort | cmp - $t/a || no "$f.sha256, or what it lists"; done
# en: Time-stamps; and no checkpoint or time-stamp of which the log tells was taken away.
# ja: タイムスタンプ。保管記録が示すチェックポイントとタイムスタンプがすべてあること。
for r in *.tsr; do [ ! -f "$r" ] || { openssl ts -verify -data "${r%.tsr}.sha256" -in "$r" -CAfile tsa/ca.pem >$t/said 2>&1 && [ "$(sum tsa/ca.pem)" = "$(cat $t/ca)" ]; } || no "$r, or tsa/ca.pem"; done; [ ! -d tsa ] || echo "custody/tsa/ca.pem $(sum tsa/ca.pem)"
sha256sum checkpoint-*[26t][5s][6r] 2>$t/said | cut -c 1-64 | sort >$t/here; sort $t/want | comm -13 $t/here - | grep . && no 'a checkpoint or time-stamp with this digest is missing'; cd ..; val item_id "$(cat custody/log.jsonl)" | sort -u >$t/items
# en: Each exhibit has its seal of the log, its files are those of its lists, and there are no others.
# ja: 各証拠品の封印値が保管記録のとおりで、ファイルが一覧と一致し、余分なものがないこと。
while read -r e; do grep -F "\"item_id\":\"$e\"" custody/log.jsonl >$t/of; s=$(val seal "$(grep '"event":"seal"' $t/of | tail -n 1)"); [ -d "./$e" ] || [ "$s" ] || continue; echo "seal $e $s"; [ -d "./$e" ] || { grep -oE '"event":"(seal|check-(out|in)|transfer-(out|in)|dispose)"' $t/of | tail -n 1 | grep -E 'out|dispose' || no "$e is not here"; continue; }
    cd "./$e"; [ "$(sum tagmanifest-sha256.txt)" = "$s" ] || no "$e is not as it was sealed"; cat tagmanifest-sha256.txt manifest-sha256.txt | sha256sum -c 2>&1 | grep -v ': OK$' && no "$e: see above"; for f in tagmanifest-[ms]*; do a=${f#*-}; while read -r _ x; do "${a%.txt}sum" "$x"; done <tagmanifest-sha256.txt | cmp - "$f" || no "$e/$f"; done
    sed 's/^[^ ]*  //; p; s/^manifest/tagmanifest/' ./*manifest-sha256.txt | sort -u >$t/a; find . -type f | sed 's/..//' | sort | comm -3 - $t/a | grep . && no "$e: these were added, or are missing (further to the right)"; cd ..
# en: The end: what to compare with paper.
# ja: 最後：紙の控えと見比べるもの。
done <$t/items; ls -A | grep -vxF -e custody -e VERIFY.txt -e VERIFY.ja.txt -e VERIFY.sh -f $t/items && no 'these were added'; echo "lines $n"; echo "last line $p"; echo "root $(openssl base64 -in $t/1)"; [ -s $t/no ] && exit 1; echo "all good$u"
