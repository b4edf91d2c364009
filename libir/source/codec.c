/*
 * The list of codecs.
 */
#include "source/codec.h"

const struct ir_codec_ops *ir_codec_ops(enum ir_codec codec)
{
    static const struct ir_codec_ops *const table[IR_CODEC_MAX] = {
        [IR_CODEC_GZIP] = &ir_codec_gzip,
        [IR_CODEC_XZ] = &ir_codec_xz,
        [IR_CODEC_ZSTD] = &ir_codec_zstd,
        [IR_CODEC_BZIP2] = &ir_codec_bzip2,
    };
    return (unsigned)codec < IR_CODEC_MAX ? table[codec] : NULL;
}

enum ir_codec ir_codec_detect(struct ir_str head)
{
    for (unsigned c = IR_CODEC_NONE + 1; c < IR_CODEC_MAX; c++)
        if (ir_codec_ops((enum ir_codec)c)->magic(head)) return (enum ir_codec)c;
    return IR_CODEC_NONE;
}

enum ir_codec ir_codec_by_name(struct ir_str path)
{
    for (unsigned c = IR_CODEC_NONE + 1; c < IR_CODEC_MAX; c++)
        if (ir_str_ends(path, ir_str_z(ir_codec_ops((enum ir_codec)c)->suffix)))
            return (enum ir_codec)c;
    return IR_CODEC_NONE;
}
