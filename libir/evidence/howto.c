/*
 * The texts of VERIFY.txt (see howto.h); they are made of verify.sh.
 */
#include "evidence/howto.h"

#include "base/str.h"
#include "evidence/files.h"

static const struct {
    const char *name, *member, *text;
} texts[] = {
#define TEXT(name, member, text) {name, member, text},
#include "evidence/howto.def"
#undef TEXT
};

const char *ir_howto_name(size_t i)
{
    return i < sizeof texts / sizeof *texts ? texts[i].name : NULL;
}

const char *ir_howto_member(size_t i)
{
    return texts[i].member;
}

void ir_howto_digest(size_t i, char out[IR_HASH_TEXT])
{
    unsigned char md[IR_HASH_BYTES];
    ir_sha256(ir_str_z(texts[i].text), ir_str_n("", 0), md);
    ir_hex(md, sizeof md, out);
}

int ir_howto_write(int case_fd, struct ir_err *err)
{
    int rc = IR_OK;
    for (size_t i = 0; rc == IR_OK && ir_howto_name(i) != NULL; i++)
        rc = ir_file_replace(case_fd, texts[i].name, 0644, ir_str_z(texts[i].text), err);
    return rc;
}
