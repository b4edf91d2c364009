#!/bin/sh
# VERIFY.txt and VERIFY.ja.txt of a case come from this file, by way of build/gen/evidence (see verify.awk): a comment
# that begins with "en:" goes into the English one, with "ja:" into the Japanese one, this paragraph into neither; the
# words that it prints are in brief.ja as well. They are read by lawyers. At most fifteen lines of commands that need no
# more than a rescue system has: what they cannot tell, or not as well, verify.sh does. Everything in a case is hostile,
# also names and the lines of the log.
# shellcheck disable=SC2086,SC2015,SC2164  # $t and numbers have no blanks; || is meant for both; a failed cd fails below
# shellcheck disable=SC2010,SC2059,SC2103  # names from ls are only shown; no() has constant formats; a subshell costs a line

# en: How to prove this case without the program that made it.
# en:
# en: This text is also a small program. It changes nothing. It finds out whether anything in this case was
# en: changed, added, exchanged or taken away since it was sealed. You need a computer with Linux (one started
# en: from a rescue medium will do, a network is not needed) and this file; if that is strange to you, let
# en: somebody do it who knows Linux and does not belong to the side that gave you the case.
# en:
# en: 1. Take this file from somewhere else than from the case: who forges a case can forge the program in it.
# en:    Each program `ir` comes with it (share/ir/VERIFY.txt), and each receipt has its SHA-256 (verify_txt).
# en: 2. Open a terminal and type one of these, with the place of the directory of the case for CASE:
# en:
# en:     sh /my/VERIFY.txt CASE    this file lies somewhere else, in /my
# en:     sh VERIFY.txt             in the directory of the case
# en:
# en: 3. Read the last line that it prints. "all good": all fits together. "all good, but UNSIGNED": it does,
# en:    but nobody signed, so anybody may have written all of it. Anything else: the lines that begin with
# en:    "BAD:" name what is wrong, with the names of files above them. That proves neither who did it nor
# en:    that anybody did: a broken disk looks the same. Leave all as it is, and ask an expert.
# en: 4. Compare with paper (label, receipts): the seal of each exhibit, the keys, the receipts that you hold
# en:    with their line, and that there are no fewer lines than on any receipt. This program cannot do that
# en:    for you: nothing else shows that the whole log was written anew with other keys, or that its end was
# en:    cut off, so that it is an older state of itself. Without paper that remains possible.
# en:
# en: Words: A SHA-256 is a number of 64 digits (0-9, a-f) made of a file; two files with the same one are the
# en: same. The seal of an exhibit is one that stands for all of its files. The log, custody/log.jsonl, tells
# en: in lines who did what with an exhibit; each line holds the SHA-256 of the one before. A checkpoint
# en: stands for all lines up to its number (the root is the number in it) and is signed. A key tells whose
# en: signature it is; whose key it is, only paper or its owner tells. A time-stamp: a third party (an
# en: authority) attests that this was there at that time. It is checked as of the time that it tells.
# en:
# en: Needed: openssl, and what coreutils, findutils, grep and sed or else busybox have, so any rescue system:
# en: sh, sha256sum, cat, cmp, comm, cut, date, dirname, find, grep, ls, mktemp, mv, printf, sed, sort, tail,
# en: tee, tr; sha512sum, sha1sum and md5sum for lists of these.
# en:
# en: VERIFY.sh beside it does the same in small steps, to be read and to tell more: files that were added to
# en: custody, and each earlier checkpoint by itself.
# ja: この事案の証拠を、作成に使ったプログラムなしで検証する方法
# ja:
# ja: この文書は、そのまま小さなプログラムとして実行できます。何も書き換えません。封印した後に、事案の中のものが
# ja: 変更・追加・差し替え・持ち去りされていないかを調べます。必要なものは Linux が動くコンピューター（レスキュー
# ja: 用メディアから起動したものでもよく、ネットワークは不要です）とこのファイルです。操作が分からない場合は、
# ja: この事案を渡した側に属さない、Linux に詳しい人に実行してもらってください。
# ja:
# ja: 1. このファイルは、事案の中のものではなく、別の経路で入手したものを使ってください。事案を偽造できる人は、
# ja:    中のプログラムも偽造できます。`ir` には同じものが付属し（share/ir/VERIFY.ja.txt）、その SHA-256 は各受領書
# ja:    に記載されています（verify_ja_txt）。
# ja: 2. 端末（ターミナル）を開き、次のどちらかを入力します。CASE は事案のディレクトリ（フォルダー）の場所です。
# ja:
# ja:     sh /my/VERIFY.ja.txt CASE    このファイルが別の場所（ここでは /my）にある場合
# ja:     sh VERIFY.ja.txt             事案のディレクトリの中で実行する場合
# ja:
# ja: 3. 最後に表示される行を読みます。「問題はありません」：すべて一致しています。「問題はありません。ただし、誰も
# ja:    署名していません」：一致していますが、署名がないため、誰でも全体を作れました。それ以外の場合は、「問題：」で
# ja:    始まる行が問題の箇所を示し、該当するファイル名がその上に表示されます。誰が行ったのか、そもそも人の手による
# ja:    ものかは、これだけでは分かりません（ディスクの故障でも同じ表示になります）。何も変えずに専門家に相談して
# ja:    ください。
# ja: 4. 紙の控え（ラベル、受領書）と見比べます。各証拠品の封印値、鍵、手元の受領書とその行の SHA-256、そして全行数が
# ja:    どの受領書よりも少なくないことです。これはこのプログラムにはできません。記録全体が別の鍵で書き直された
# ja:    こと、または末尾が切り取られて古い状態に戻されたことは、ほかの方法では分からないためです。紙の控えがない
# ja:    場合、その可能性は残ります。
# ja:
# ja: 用語：SHA-256 は、ファイルから計算される 64 桁の値（0～9、a～f）で、値が同じなら中身も同じです。封印値（seal）は、
# ja: 証拠品の全ファイルを代表する SHA-256 です。保管記録（custody/log.jsonl）は、誰がいつ証拠品をどう扱ったかを 1 行
# ja: ずつ記したもので、各行が直前の行の SHA-256 を含みます。チェックポイントは、その番号までの全行を代表する値
# ja: （ルート）で、署名が付きます。鍵は誰の署名かを示しますが、それが誰の鍵かは紙か本人でしか確かめられません。
# ja: タイムスタンプは、その時刻に存在したことを第三者（時刻認証局）が証明するもので、示された時刻の時点で検証します。
# ja:
# ja: 必要なもの：openssl と、coreutils・findutils・grep・sed または busybox に含まれるもの（一般的なレスキュー
# ja: システムにあります）：sh、sha256sum、cat、cmp、comm、cut、date、dirname、find、grep、ls、mktemp、mv、printf、
# ja: sed、sort、tail、tee、tr。該当する一覧があれば sha512sum、sha1sum、md5sum も使います。
# ja:
# ja: 同じ場所の VERIFY.sh は、同じ検証を読みやすい小さな手順で行い、さらに custody に追加されたファイルと、
# ja: 以前の各チェックポイントも個別に調べます。
# en: Functions: see: no byte that a terminal would obey; hash, join: the tree of RFC 6962; val: members of a
# en: line of the log. Links and pipes end it.
# ja: 関数：see は端末を操作するバイトを除きます。hash、join は RFC 6962 の木、val は記録の行の値。リンクやパイプが
# ja: あれば終了します。
CDPATH='' cd "${1:-$(dirname "$0")}/custody" || exit 2; unset CDPATH; export LC_ALL=C; t=$(mktemp -d) p=$(printf %064d 0) n=0 d=0 u=; see() { tr '\001-\011\013-\037\177\302' '?' | grep .; }; no() { m=$1; shift; printf "BAD: $m\n" "$@" | see | tee -a $t/no; }; find .. ! -type d ! -type f | see && no 'these are links, or no files' && exit 1
hash() { openssl dgst -sha256 -binary; }; sum() { cat "$@" | sha256sum | cut -c 1-64; }; join() { { printf '\001'; cat $t/$1 $t/$2; } | hash >$t/x; mv $t/x $t/$1; d=$1; }; val() { printf %s "$2" | grep -oE "\"$1\":(\"[^\"]+|[0-9]+)" | sed 's/^[^:]*:"*//'; }
# en: The keys and their digests.
# ja: 鍵とそのダイジェスト。
for k in keys/*.pem; do [ ! -f "$k" ] || { i=$(openssl pkey -pubin -in "$k" -outform DER | sum); openssl pkey -pubin -in "$k" | tee $t/$i | cmp - "$k" || no '%s: is not written as keys are' "$k"; echo "key $i $k" | see; }; done 2>$t/said
# en: Whoever the line $l names with a key has signed the file $1 with this very key; $2.*sig are the signatures.
# ja: 行 $l が鍵とともに挙げる人が、その鍵でファイル $1 に署名していること。署名は $2.*sig です。
signed() { for i in $(val key_id "$l"); do for s in "$2".*sig; do openssl pkeyutl -verify -pubin -inkey $t/$i -rawin -in "$1" -sigfile "$s" >$t/said 2>&1 && continue 2; done; no '%s: not signed with key %s' "$1" "$i"; done; }
# en: The log: each line holds the SHA-256 of the one before; receipts are signed; $t/want: what lines tell of.
# ja: 保管記録：各行が直前の行の SHA-256 を含むこと。受領書の署名。$t/want は行が示すもの。
while IFS= read -r x; do l=$x n=$((n + 1)) d=$((d + 1)) i=$n; printf '%s\n' "$l" >>$t/log; [ "$(val prev "$l")" = $p ] || no 'log.jsonl, line %s: does not follow the line before it' $n; p=$(printf %s "$l" | sum); echo $p >$t/line$n; printf '\000%s' "$l" | hash >$t/$d; while [ $((i % 2)) = 0 ]; do i=$((i / 2)); join $((d - 1)) $d; done
    val '(prev_checkpoint|tsr_sha256)' "$l" >>$t/want; case $l in *'"event":"receipt"'*) r=receipts/$(val receipt "$l"); signed "$r.sha256" "$r"; i=$(val of_seq "$l") i=${i%%[!0-9]*}; (cd receipts; sha256sum -c "../$r.sha256") >$t/said 2>&1 || no '%s: a file of the receipt was changed, or is missing' "$r"; echo "receipt ${r#*/} line $i $(cat "$t/line$i")" | see ;; *'"ca_sha256"'*) val ca_sha256 "$l" >$t/ca ;; esac
# en: The checkpoint is the root of all lines and signed by those whom the last line names.
# ja: チェックポイントが全行のルートであり、最後の行が挙げる人に署名されていること。
done <log.jsonl; cmp $t/log log.jsonl || no 'log.jsonl: has NUL bytes, or ends in an incomplete line'; while [ $d -gt 1 ]; do join $((d - 1)) $d; done; c=checkpoint-$(printf %06d $n); [ -f $c ] || no '%s: is missing: the program was stopped before it was written, or it was taken away' $c; [ "$(sed 1d $c | tr '\n' ' ')" = "$n $(openssl base64 -in $t/1) " ] || no '%s: not the root of the log' $c; signed $c $c
[ -n "$(val key_id "$l")" ] || { u=', but UNSIGNED'; ! grep -qF '"key_id":"' log.jsonl || no 'log.jsonl: the last line is signed by nobody'; }; for f in checkpoint-*.sha256; do sort "$f" >$t/a; f=${f%.sha256}; sha256sum "$f" "$f".*sig 2>$t/said | sort | cmp - $t/a || no '%s: it, a signature of it, or its list was changed, added or taken away' "$f"; done
# en: Time-stamps, as of their time; and no checkpoint or time-stamp of which the log tells was taken away.
# ja: タイムスタンプ（示された時刻の時点で検証）。保管記録が示すチェックポイントとタイムスタンプがすべてあること。
for r in *.tsr; do [ ! -f "$r" ] || { w=$(openssl ts -reply -in "$r" -token_out 2>$t/said | openssl cms -verify -noverify -inform DER 2>$t/said | openssl asn1parse -inform DER 2>$t/said | sed -n '/TIME *:/{s/.*:\(....\)\(..\)\(..\)\(..\)\(..\)\(..\).*/\1-\2-\3 \4:\5:\6/p;q;}'); [ "$w" ] && openssl ts -verify -attime "$(date -u -d "$w" +%s)" -data "${r%.tsr}.sha256" -in "$r" -CAfile tsa/ca.pem >$t/said 2>&1 && [ "$(sum tsa/ca.pem)" = "$(cat $t/ca)" ] && echo "time-stamp ${r%.tsr} $w UTC" | see; } || no '%s, or tsa/ca.pem: the time-stamp proves nothing' "$r"; done; [ ! -d tsa ] || echo "custody/tsa/ca.pem $(sum tsa/ca.pem)"
sha256sum checkpoint-*[26t][5s][6r] 2>$t/said | cut -c 1-64 | sort >$t/here; sort $t/want | comm -13 $t/here - | see && no 'a checkpoint or time-stamp with this digest is missing'; cd ..; val item_id "$(cat custody/log.jsonl)" | sort -u >$t/items
# en: Each exhibit has its seal of the log, its files are those of its lists, and there are no others.
# ja: 各証拠品の封印値が保管記録のとおりで、ファイルが一覧と一致し、余分なものがないこと。
while read -r e; do grep -F "\"item_id\":\"$e\"" custody/log.jsonl >$t/of; s=$(val seal "$(grep '"event":"seal"' $t/of | tail -n 1)"); [ -d "./$e" ] || [ "$s" ] || continue; echo "seal $e $s" | see; [ -d "./$e" ] || { grep -oE '"event":"(seal|check-(out|in)|transfer-(out|in)|dispose)"' $t/of | tail -n 1 | grep -qE 'out|dispose' && echo "away $e" | see || no '%s: is not here, and the log does not tell why' "$e"; continue; }
    cd "./$e"; [ "$(sum tagmanifest-sha256.txt)" = "$s" ] || no '%s: is not as it was sealed' "$e"; cat tagmanifest-sha256.txt manifest-sha256.txt | sha256sum -c 2>&1 | grep -v ': OK$' | see && no '%s: what is named above was changed (FAILED), or is missing (No such file)' "$e"; for f in tagmanifest-[ms]*; do a=${f#*-}; while read -r _ x; do "${a%.txt}sum" "$x"; done <tagmanifest-sha256.txt | cmp - "$f" || no '%s: is not right' "$e/$f"; done
    sed 's/^[^ ]*  //; p; s/^manifest/tagmanifest/' ./*manifest-sha256.txt | sort -u >$t/a; find . -type f | sed 's/..//' | sort | comm -3 - $t/a | tr '\t' ' ' | see && no '%s: the files named above were added; those further to the right are missing' "$e"; cd ..
# en: The end: what to compare with paper.
# ja: 最後：紙の控えと見比べるもの。
done <$t/items; ls -A | grep -vxF -e custody -e VERIFY.txt -e VERIFY.ja.txt -e VERIFY.sh -f $t/items | see && no 'the files named above were added'; echo "lines $n"; echo "last line $p"; echo "root $(openssl base64 -in $t/1)"; [ -s $t/no ] && exit 1; echo "all good$u"
