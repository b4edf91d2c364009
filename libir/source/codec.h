/*
 * A compression, as the reader sees it: tell it by its first bytes, decode one member at a time.
 * One file a codec (codec_gzip.c …); what lies between members, damage, limits and messages are
 * common and live in decode.c.
 */
#ifndef IR_SOURCE_CODEC_H
#define IR_SOURCE_CODEC_H

#include "source/input.h"

/* As many bytes as a codec looks at to tell a member's start. */
#define IR_MAGIC_SIZE 10u

enum ir_codec_step {
    IR_STEP_MORE,    /* input used up or output full: call again */
    IR_STEP_MEMBER,  /* the member is complete; why, when set, is something to say about it */
    IR_STEP_DAMAGED, /* what was written to out is good; why says what is wrong */
    IR_STEP_REFUSED, /* wants more memory than it may have; why says how much */
};

/* The codec moves p and n of both sides as far as it got, also when it fails. */
struct ir_codec_io {
    const unsigned char *in;
    size_t nin;
    unsigned char *out;
    size_t nout;
    const char *why; /* static text */
};

struct ir_codec_ops {
    const char *name;    /* "gzip" */
    const char *suffix;  /* ".gz" */
    unsigned char first; /* first byte of the magic, for searching */
    size_t padding;      /* zero bytes after a member are lawful in multiples of this; 0: never */
    /* head: IR_MAGIC_SIZE bytes, fewer only at the end of the input. */
    bool (*magic)(struct ir_str head);
    void *(*open)(void);       /* NULL: memory */
    bool (*restart)(void *st); /* ready for the next member; false: memory */
    enum ir_codec_step (*step)(void *st, struct ir_codec_io *io);
    void (*close)(void *st);
};

extern const struct ir_codec_ops ir_codec_gzip, ir_codec_xz, ir_codec_zstd, ir_codec_bzip2;

/* NULL for IR_CODEC_NONE. */
const struct ir_codec_ops *ir_codec_ops(enum ir_codec codec);
enum ir_codec ir_codec_detect(struct ir_str head);
/* By the name's ending: what the file claims to be. */
enum ir_codec ir_codec_by_name(struct ir_str path);

#endif
