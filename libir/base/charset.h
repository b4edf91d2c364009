/*
 * Japanese and UTF-16 texts to UTF-8, piece by piece, with a map back to the original bytes:
 * Shift_JIS as Windows has it (CP932), EUC-JP with JIS X 0212, ISO-2022-JP (RFC 1468, with
 * half-width kana and JIS X 0212), UTF-16 of both byte orders.
 *
 *     struct ir_charset *cs = ir_charset_new();          // before the sandbox: iconv loads modules
 *     enum ir_encoding enc = ir_charset_guess(cs, head, false);
 *     struct ir_decoder d = {.cs = cs, .encoding = enc};
 *     while (…) ir_decode(&d, &io);
 *
 * The tables are asked from iconv once; the conversion itself is ours, because bytes that are not
 * valid must neither end it nor be lost: each becomes one U+FFFD (in UTF-16: each lone unit), is
 * counted, and the map says where it stands. ISO-2022-JP goes back to ASCII at each line end, as
 * its RFC demands, so that an escape sequence that somebody smuggled into a log spoils one line
 * only.
 */
#ifndef IR_BASE_CHARSET_H
#define IR_BASE_CHARSET_H

#include "base/buf.h"
#include "base/str.h"

enum ir_encoding {
    IR_ENC_AUTO, /* as an option: by the first bytes */
    IR_ENC_UTF8, /* or ASCII, or anything else that is not converted */
    IR_ENC_UTF16LE,
    IR_ENC_UTF16BE,
    IR_ENC_CP932,
    IR_ENC_EUCJP,
    IR_ENC_ISO2022JP,
    IR_ENC_MAX
};
/* "shift_jis"; by_name knows usual other names too, and gives IR_ENC_MAX for an unknown one. */
const char *ir_encoding_name(enum ir_encoding e);
enum ir_encoding ir_encoding_by_name(struct ir_str name);

struct ir_charset;
/* Never fails but for memory (NULL); without iconv's tables only UTF-16 is known. */
struct ir_charset *ir_charset_new(void);
void ir_charset_free(struct ir_charset *cs);
bool ir_charset_has(const struct ir_charset *cs, enum ir_encoding e);

/* A run of characters of the same widths: text byte `text` is raw byte `raw`, and so on in steps.
 */
struct ir_mark {
    uint64_t text, raw;
    uint8_t text_width, raw_width;
};

struct ir_decode_io {
    const char *raw; /* taken from; moved on */
    size_t nraw;
    char *text; /* room for 3 bytes for each raw byte, or the rest stays */
    size_t ntext;
    bool last; /* no more will come: what is not whole is not valid */
    /* Called for each run, each time it goes on in another call, and for each character that is not
     * valid. May be NULL. */
    void (*run)(void *user, const struct ir_mark *m, bool valid);
    void *user;
    uint64_t text_at, raw_at; /* places of text[0] and raw[0], moved on */
};

struct ir_decoder {
    const struct ir_charset *cs;
    enum ir_encoding encoding;
    unsigned state; /* of ISO-2022-JP; 0 at first */
};

/* Converts until raw has no whole character left, or text no room. */
void ir_decode(struct ir_decoder *d, struct ir_decode_io *io);

/* Appends a whole text to out, as UTF-8 and without a byte order mark at its start. AUTO: by its
 * first bytes. Of what is taken for UTF-8 already, and of an encoding that is not known here, the
 * bytes stay as they are. False: out is full. */
bool ir_charset_text(const struct ir_charset *cs, enum ir_encoding e, struct ir_str bytes,
                     struct ir_buf *out);
/* Some of the bytes are no text: in what was made of them stands U+FFFD, or bytes that are none. */
bool ir_charset_lost(struct ir_str bytes, struct ir_str text);

/* Of the first bytes of an input. IR_ENC_UTF8 unless the evidence for another is strong; *ret_sure
 * (may be NULL): a byte order mark says it. Bytes of a character cut at the end do not count. */
enum ir_encoding ir_charset_guess(const struct ir_charset *cs, struct ir_str head, bool *ret_sure);
/* A byte order mark of this encoding at the start: its length, else 0. */
size_t ir_charset_bom(enum ir_encoding e, struct ir_str head);

#endif
