/*
 * The text of VERIFY.txt (see howto.h). The commands are the same in both languages.
 */
#include "evidence/howto.h"

#include "base/intl.h"
#include "base/str.h"
#include "evidence/files.h"

static const char english[] =
    "# How to prove this case without the program that made it.\n"
    "#\n"
    "# Needed: openssl, and what coreutils, findutils, diffutils, grep and sed or else busybox "
    "have, so\n"
    "# any rescue system: sh, sha256sum, cat, cmp, cp, dirname, find, grep, mktemp, mv, printf, "
    "rm, sed,\n"
    "# tr; sha512sum, sha1sum and md5sum for lists of these. In the directory of this file:\n"
    "#     sh VERIFY.txt\n"
    "# It ends with \"all good\" or names each thing that is wrong. What it checks:\n"
    "#   1. every file of every exhibit against the exhibit's manifests, the exhibit's seal "
    "(SHA-256\n"
    "#      of tagmanifest-sha256.txt) against the custody log, and that each sealed one is here;\n"
    "#   2. that each line of custody/log.jsonl holds the SHA-256 of the line before it;\n"
    "#   3. that each checkpoint is the RFC 6962 root of the lines up to it, signed (Ed25519) by "
    "the\n"
    "#      keys in custody/keys, and time-stamped (RFC 3161) where a .tsr lies beside it.\n"
    "# Then compare the seals and the keys' digests, which it prints, with those on paper: a "
    "digest\n"
    "# that only the owner of the files keeps proves nothing against the owner.\n"
    "# Every exhibit is a BagIt bag (RFC 8493): any BagIt program checks it as well.\n";

static const char japanese[] =
    "# この事案の証拠を、作成に使ったプログラムなしで検証する方法\n"
    "#\n"
    "# 必要なもの：openssl と、coreutils・findutils・diffutils・grep・sed または busybox "
    "に含まれる\n"
    "# もの（一般的なレスキューシステムにあります）：sh、sha256sum、cat、cmp、cp、dirname、find、\n"
    "# grep、mktemp、mv、printf、rm、sed、tr。該当する一覧があれば sha512sum、sha1sum、md5sum "
    "も\n"
    "# 使います。このファイルのあるディレクトリで実行します。\n"
    "#     sh VERIFY.ja.txt\n"
    "# 最後に「all good」と表示されるか、問題のある箇所が一つずつ表示されます。検証する内容：\n"
    "#   1. 各証拠品のすべてのファイルをマニフェストと照合し、封印値（tagmanifest-sha256.txt の\n"
    "#      SHA-256）を保管記録（custody/log.jsonl）と照合し、封印済みの証拠品がすべてあることを\n"
    "#      確認します。\n"
    "#   2. custody/log.jsonl の各行が、直前の行の SHA-256 を含むことを確認します。\n"
    "#   3. 各チェックポイントがその行までの RFC 6962 のルートであること、custody/keys の鍵による\n"
    "#      署名（Ed25519）、および .tsr があればタイムスタンプ（RFC 3161）を確認します。\n"
    "# 続いて、表示される封印値と鍵のダイジェストを、紙の控えと見比べてください。ファイルの所有者\n"
    "# だけが持つダイジェストは、所有者に対しては何も証明しません。\n"
    "# 各証拠品は BagIt（RFC 8493）形式なので、任意の BagIt 対応ソフトでも検証できます。\n";

/* Leaves are files 1, 2, … in $t: the roots of the complete subtrees from the left, as in merkle.c.
 * $r is the root while the subtrees are joined from the right. */
static const char commands[] =
    "cd \"$(dirname \"$0\")\" && t=$(mktemp -d) && bad=0 n=0 d=0 p=$(printf %064d 0) || exit 2; "
    "export LC_ALL=C\n"
    "no() { echo \"BAD: $*\"; bad=1; }; hash() { openssl dgst -sha256 -binary; }\n"
    "join() { { printf '\\001'; cat \"$1\" \"$2\"; } | hash >\"$t/x\" && mv \"$t/x\" \"$3\"; }; "
    "sums() { [ -f \"$1\" ] && [ ! -s \"$1\" ] || { sha256sum -c \"$1\" >\"$t/o\" 2>&1; grep -v ': "
    "OK$' \"$t/o\"; "
    "[ \"$(grep -c ': OK$' \"$t/o\")\" = \"$(grep -c '' \"$1\")\" ]; }; }\n"
    "for b in */; do b=${b%/}; [ \"$b\" = custody ] || [ \"$b\" = '*' ] || { "
    "s=$(sha256sum <\"$b/tagmanifest-sha256.txt\"); s=${s%% *}; echo \"seal $b $s\"; cd \"$b\" || "
    "exit "
    "2\n"
    "  for m in tagmanifest manifest; do sums $m-sha256.txt || no \"$b/$m-sha256.txt\"; done; "
    "f=$(find data -type f | grep -c '')\n"
    "  for a in md5 sha1 sha512; do [ ! -f tagmanifest-$a.txt ] || while read -r x y; do ${a}sum "
    "\"$y\"; done <tagmanifest-sha256.txt | cmp -s - tagmanifest-$a.txt || no "
    "\"$b/tagmanifest-$a.txt\"; done\n"
    "  cd ..; [ \"$f\" = \"$(grep -c '' \"$b/manifest-sha256.txt\")\" ] && grep -qF "
    "\"\\\"seal\\\":\\\"$s\\\"\" custody/log.jsonl || no \"$b: files or seal\"; }; done; cd "
    "custody "
    "|| exit 2\n"
    "while IFS= read -r l; do case $l in *\"\\\"prev\\\":\\\"$p\\\"\"*) ;; *) no \"line $((n + "
    "1))\" ;; "
    "esac; n=$((n + 1)) d=$((d + 1)) i=${l#*'\"item_id\":\"'}; i=${i%%'\"'*}; case $l in "
    "*'\"event\":\"seal\"'*) : >\"$t/=$i\" ;; *'\"event\":\"dispose\"'*'\"erased\":true'*) rm -f "
    "\"$t/=$i\" ;; esac\n"
    "  i=$n p=$(printf %s \"$l\" | sha256sum); p=${p%% *}; printf '\\000%s' \"$l\" | hash "
    ">\"$t/$d\"\n"
    "  while [ $((i % 2)) = 0 ]; do d=$((d - 1)) i=$((i / 2)); join \"$t/$d\" \"$t/$((d + 1))\" "
    "\"$t/$d\"; done\n"
    "  c=checkpoint-$(printf %06d $n) i=$d; [ -f \"$c\" ] || continue; : >\"$t/$c\"; cp \"$t/$d\" "
    "\"$t/r\"; while [ $i -gt 1 ]; do i=$((i - 1)); join \"$t/$i\" \"$t/r\" \"$t/r\"; done\n"
    "  [ \"$(sed 1d \"$c\" | tr '\\n' ' ')\" = \"$n $(openssl base64 -A -in \"$t/r\") \" ] && "
    "sha256sum \"$c\" \"$c\".*sig 2>/dev/null | cmp -s - \"$c.sha256\" || no \"$c\"; for s in "
    "\"$c\".*sig; do k=${s#\"$c\".}; k=${k%sig}; k=${k%.}; openssl "
    "pkeyutl -verify -pubin -inkey \"keys/${k:-examiner}.pub.pem\" -rawin -in \"$c\" -sigfile "
    "\"$s\" >/dev/null 2>&1 || no \"$s\"; done\n"
    "  [ ! -f \"$c.tsr\" ] || openssl ts -verify -data \"$c.sha256\" -in \"$c.tsr\" -CAfile "
    "tsa/ca.pem "
    ">/dev/null 2>&1 || no \"$c.tsr\"; done <log.jsonl\n"
    "[ -z \"$l\" ] || no 'the log ends in an incomplete line'; for s in \"$t\"/=*; do s=${s##*/=}; "
    "[ "
    "\"$s\" = '*' ] || [ -d \"../$s\" ] || no \"$s: is not here\"; done; for c in "
    "checkpoint-??????; do [ -f "
    "\"$t/$c\" ] || no \"$c: lines are missing\"; done; [ -f "
    "\"checkpoint-$(printf %06d $n)\" ] || no 'the last lines are not signed'; "
    "for r in receipts/*.sha256; do [ -f \"$r\" ] || continue; (cd receipts && sums \"${r#*/}\") "
    "|| no \"$r\"; for s in \"${r%.sha256}\".*sig; do "
    "k=${s#\"${r%sha256}\"}; k=${k%sig}; k=${k%.}; openssl pkeyutl -verify -pubin -inkey "
    "\"keys/${k:-examiner}.pub.pem\" -rawin -in \"$r\" -sigfile \"$s\" >/dev/null 2>&1 || no "
    "\"$s\"; done; done\n"
    "for k in keys/*.pub.pem; do openssl pkey -pubin -in \"$k\" 2>&1 | cmp -s - \"$k\" || no "
    "\"$k\"; openssl pkey -pubin -in \"$k\" -outform DER | sha256sum | sed \"s|-|$k|\"; done; rm "
    "-r "
    "\"$t\"; [ $bad = 0 ] && echo 'all good'\n";

static const struct {
    const char *name, *head;
} texts[] = {{"VERIFY.txt", english}, {"VERIFY.ja.txt", japanese}};

static void compose(const char *head, struct ir_buf *out)
{
    ir_buf_str(out, ir_str_z(head));
    ir_buf_str(out, ir_str_z(commands));
}

int ir_howto_write(int case_fd, struct ir_err *err)
{
    int rc = IR_OK;
    for (size_t i = 0; rc == IR_OK && i < sizeof texts / sizeof *texts; i++) {
        struct ir_buf b = IR_BUF(1 << 16);
        compose(texts[i].head, &b);
        rc = ir_file_replace(case_fd, texts[i].name, 0644, ir_buf_view(&b), err);
        ir_buf_free(&b);
    }
    return rc;
}

bool ir_howto_same(int case_fd, const char *name)
{
    struct ir_buf right = IR_BUF(1 << 16), there = IR_BUF(1 << 16);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].name, name) == 0) compose(texts[i].head, &right);
    bool same = ir_file_read(case_fd, name, 1 << 15, &there, NULL) == IR_OK &&
                ir_str_eq(ir_buf_view(&right), ir_buf_view(&there));
    ir_buf_free(&right);
    ir_buf_free(&there);
    return same;
}
