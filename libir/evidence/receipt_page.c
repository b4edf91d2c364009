/*
 * The part of a receipt that people read. It is made of nothing but what the proof holds: the line,
 * the checkpoint and who signed it. So it can be made again from them, and a page whose text says
 * anything else was changed. It is in Japanese and English at once: the language of who checks it
 * does not matter, and a page handed over abroad can be read there. Whoever changes a word of it
 * makes pages that were handed out fail their check.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "evidence/receipt_int.h"
#include "evidence/words.h"

#define LABEL_COLUMNS 38u

static const struct {
    const char *label, *path;
} facts[] = {
    {"事案 / Case", "case_id"},
    {"証拠品 / Exhibit", "item_id"},
    {"封印値 / Seal (SHA-256)", "seal"},
    {"出来事 / Event", "event"},
    {"日時 / Time (UTC)", "time_utc"},
    {"現地時刻 / Local time", "time_local"},
    {"行った人 / By", "actor.name"},
    {"役職 / Title", "actor.title"},
    {"所属 / Organisation", "actor.organisation"},
    {"連絡先 / Contact", "actor.contact"},
    {"立会人 / Witness", "witness.name"},
    {"立会人がいない理由 / No witness because", "witness_absent_reason"},
    {"場所 / Place", "place"},
    {"理由 / Reason", "reason"},
    {"目的 / Purpose", "purpose"},
    {"権限の根拠 / Authority", "authority"},
    {"渡す相手 / To", "to"},
    {"渡した人 / From", "from"},
    {"受領 / Received", "received"},
    {"手段 / Means", "means"},
    {"運送者 / Carrier", "carrier"},
    {"送り状番号 / Shipping number", "shipping_number"},
    {"外装封印の番号 / Seal of the container", "container_seal"},
    {"暗号化先の鍵 / Encrypted to", "encrypted_to"},
    {"渡した時の状態 / Condition on leaving", "condition_on_leaving"},
    {"到着時の状態 / Condition on arrival", "condition_on_arrival"},
    {"状態 / Condition", "condition"},
    {"ダイジェストの再計算 / Digests computed again", "recomputed"},
    {"複製の番号 / Number of the copy", "copy_number"},
    {"記録媒体 / Medium", "medium"},
    {"処分の方法 / Method", "method"},
    {"承認者 / Approved by", "approver"},
    {"本文 / Text", "text"},
    {"備考 / Note", "note"},
};

/* The same checks by stock programs; R is the receipt's text file. What it prints last is what is
 * proved: who was given a forged page sees there what the log really says. */
static const char recipe[] =
    "R=%s.txt; H() { openssl dgst -sha256 -binary; }; cd \"$(mktemp -d)\" && cp \"$OLDPWD/$R\" .\n"
    "sed -n '/^=== line$/{n;p;}' $R | tr -d '\\n' >l; sed '1,/^=== proof$/d;/^=== /,$d' $R >p\n"
    "sed '1,/^$/d' p | sed '/^$/,$d' >c; i=$(sed -n 's/^index //p' p) n=$(($(sed -n 2p c) - 1))\n"
    "{ printf '\\000'; cat l; } | H >h; sed '1,2d;/^$/,$d' p | { while read -r b; do\n"
    "  printf %%s \"$b\" | openssl base64 -d -A >b\n"
    "  if [ $((i %% 2)) = 1 ] || [ $i = $n ]; then { printf '\\001'; cat b h; } | H >x\n"
    "    while [ $((i %% 2)) = 0 ] && [ $i != 0 ]; do i=$((i / 2)) n=$((n / 2)); done\n"
    "  else { printf '\\001'; cat h b; } | H >x; fi; mv x h; i=$((i / 2)) n=$((n / 2)); done; }\n"
    "sed '1,/^=== key/d' $R | sed '/^===/,$d' >k; sed -n 's/^— [^ ]* //p' p | head -n 1 |\n"
    "  openssl base64 -d -A | tail -c 64 >s; openssl pkey -pubin -in k -outform DER | sha256sum\n"
    "[ \"$(openssl base64 -A -in h)\" = \"$(sed -n 3p c)\" ] && echo 'line is in the checkpoint' "
    "&&\n"
    "  openssl pkeyutl -verify -pubin -inkey k -rawin -in c -sigfile s && sha256sum l &&\n"
    "  echo 'ONLY THIS LINE IS PROVED, by the key above:' && cat l && echo || echo 'NOT PROVED'\n";

static struct ir_str origin_of(const struct ir_receipt *r)
{
    return ir_str_head(r->checkpoint, ir_str_chr(r->checkpoint, '\n'));
}

const char *ir_receipt_role(const struct ir_receipt *r, unsigned i)
{
    struct ir_str role = ir_str_skip(ir_str_z(r->signer[i].name), origin_of(r).n);
    return role.n > 0 ? role.p + 1 : "examiner";
}

static const struct ir_event_words *event_of(const struct ir_receipt *r)
{
    char event[64];
    ir_custody_text(r->line, "event", event, sizeof event);
    return ir_event_words(event);
}

void ir_receipt_name(uint64_t line, char out[IR_RECEIPT_NAME])
{
    snprintf(out, IR_RECEIPT_NAME, "R-%04" PRIu64, line);
}

void ir_receipt_words(const struct ir_receipt *r, struct ir_receipt_words *ret_w)
{
    static const struct ir_receipt_words hand_over = {
        .title = "受領書 / Receipt",
        .first = "渡した人・日付 / Handed over by, date",
        .second = "受け取った人・日付 / Received by, date"};
    static const struct ir_receipt_words record = {.title =
                                                       "保管記録の証明書 / Certificate of a record",
                                                   .first = "記録した人・日付 / Recorded by, date",
                                                   .second = "受け取った人・日付 / Given to, date"};
    const struct ir_event_words *w = event_of(r);
    *ret_w = w != NULL && w->hand_over ? hand_over : record;
    ir_receipt_name(r->size, ret_w->name);
}

/* A member of the line, however long; false: it has none, or an empty one. */
static bool member(struct ir_str line, const char *path, struct ir_buf *room)
{
    ir_buf_clear(room);
    if (!ir_buf_reserve(room, line.n + 1)) return room->full = true, false;
    return ir_custody_text(line, path, room->p, line.n) && room->p[0] != '\0';
}

static const char not_received[] = "この行の時点では搬送中です。受領は別の受領書に記されます / "
                                   "not yet: in transit; another receipt tells of it";

bool ir_receipt_facts(const struct ir_receipt *r, ir_receipt_fact_fn *fact, struct ir_buf *out)
{
    char text[128], hex[IR_HASH_TEXT];
    unsigned char md[IR_HASH_BYTES];
    const struct ir_event_words *w = event_of(r);
    struct ir_buf value = IR_BUF(IR_CUSTODY_LINE_MAX + 2);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (!member(r->line, facts[i].path, &value)) continue;
        const bool in_words = w != NULL && strcmp(facts[i].path, "event") == 0;
        const bool on_way =
            strcmp(facts[i].path, "received") == 0; /* only one that leaves has it */
        snprintf(text, sizeof text, "%s / %s (%s)", in_words ? w->ja : "", in_words ? w->en : "",
                 in_words ? w->event : "");
        fact(out, facts[i].label, in_words ? text : on_way ? not_received : value.p);
    }
    const bool good = !value.full;
    ir_buf_free(&value);
    snprintf(text, sizeof text, "%" PRIu64 " / %" PRIu64, r->seq, r->size);
    fact(out, "記録の行／全行数 / Line of the log, of", text);
    ir_sha256(r->line, ir_str_n("", 0), md);
    ir_hex(md, sizeof md, hex);
    fact(out, "その行の SHA-256 / SHA-256 of the line", hex);
    for (unsigned i = 0; i < r->signers; i++) {
        snprintf(text, sizeof text, "署名の鍵 / Key (%.64s)", ir_receipt_role(r, i));
        fact(out, text, r->signer[i].fingerprint);
    }
    return good;
}

static void text_fact(struct ir_buf *out, const char *label, const char *value)
{
    size_t used = ir_columns(ir_str_z(label));
    ir_buf_str(out, ir_str_z(label));
    ir_buf_fmt(out, "%*s", used + 2 < LABEL_COLUMNS ? (int)(LABEL_COLUMNS - used) : 2, "");
    ir_visible(out, ir_str_z(value), 0);
    ir_buf_chr(out, '\n');
}

const char *ir_receipt_advice(void)
{
    return "証明されるのは、この下の === line に続く 1 行だけです。上の各項目はその行から作られて"
           "いて、次の検査はその一致も確かめます。鍵の値は、別の経路で知った値と比べてください。\n"
           "Only the line below === line is proved. What stands above is made from it, and the\n"
           "check compares the two. Compare the keys with those that you learnt by another way.\n";
}

void ir_receipt_recipe(const struct ir_receipt *r, struct ir_buf *out)
{
    struct ir_receipt_words w;
    ir_receipt_words(r, &w);
    ir_buf_fmt(out, recipe, w.name);
}

bool ir_receipt_text(const struct ir_receipt *r, struct ir_buf *out)
{
    struct ir_receipt_words w;
    ir_receipt_words(r, &w);
    ir_buf_fmt(out, "%s %s\n\n", w.title, w.name);
    bool good = ir_receipt_facts(r, text_fact, out);
    ir_buf_fmt(out, "\n%s: ______________________\n\n%s: ______________________\n\n", w.first,
               w.second);
    ir_buf_str(out, ir_str_z(ir_receipt_advice()));
    ir_buf_str(out, IR_S("\nir evidence receipt --check FILE\n\n"
                         "ir がない場合 / without ir:\n\n"));
    ir_receipt_recipe(r, out);
    ir_buf_chr(out, '\n');
    return good && !out->full;
}
