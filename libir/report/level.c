/*
 * The words for levels, as Sigma 2.1.0 writes them, and the registry of writers.
 */
#include "report/writer.h"

static const char *const names[IR_LEVEL_MAX] = {"informational", "low", "medium", "high",
                                                "critical"};

const char *ir_level_name(enum ir_level level)
{
    return (unsigned)level < IR_LEVEL_MAX ? names[level] : "unknown";
}

enum ir_level ir_level_by_name(struct ir_str s)
{
    if (ir_str_ieq(s, IR_S("info"))) return IR_LEVEL_INFORMATIONAL;
    for (unsigned i = 0; i < IR_LEVEL_MAX; i++)
        if (ir_str_ieq(s, ir_str_z(names[i]))) return (enum ir_level)i;
    return IR_LEVEL_MAX;
}

#define WRITER(symbol) extern const struct ir_writer ir_writer_##symbol;
#include "report/writers.def"
#undef WRITER

const struct ir_writer *const ir_writers[] = {
#define WRITER(symbol) &ir_writer_##symbol,
#include "report/writers.def"
#undef WRITER
    NULL,
};

const struct ir_writer *ir_writer_by_name(struct ir_str name)
{
    for (size_t i = 0; ir_writers[i] != NULL; i++)
        if (ir_str_eq(name, ir_str_z(ir_writers[i]->name))) return ir_writers[i];
    return NULL;
}
