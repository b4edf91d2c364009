/*
 * auditd's tables: each name and number is found, and the .def files are in the order that the
 * lookup relies on.
 */
#include "format/auditd_int.h"
#include "tests/tap.h"

int main(void)
{
    is_int(ir_aud_type_number(IR_S("SYSCALL")), 1300, "a type");
    is_int(ir_aud_type_number(IR_S("NOTHING")), 0, "no type");
    struct ir_str before = IR_S("");
    unsigned n = 0;
    bool sorted = true, found = true;
#define TYPE(name, number)                                                                         \
    sorted = sorted && ir_str_cmp(before, IR_S(#name)) < 0;                                        \
    before = IR_S(#name);                                                                          \
    found = found && ir_aud_type_number(IR_S(#name)) == (number);                                  \
    n++;
#include "format/auditd_types.def"
#undef TYPE
    ok(sorted && found, "%u types in order, each is found", n);
    is_str(ir_aud_syscall(IR_S("40000028"), 283), "connect", "arm");
    is_str(ir_aud_syscall(IR_S("c00000f3"), 203), "connect", "riscv64");
    is_str(ir_aud_syscall(IR_S("c000003e"), 452), "fchmodat2", "newer than the headers");
    is_str(ir_aud_syscall(IR_S("c000003e"), 9999), NULL, "no such call");
    is_str(ir_aud_syscall(IR_S("zz"), 1), NULL, "no such machine");
    is_str(ir_aud_arch(IR_S("c0000015")), "ppc64le", "a machine without a table");
    is_str(ir_aud_errno(110), "ETIMEDOUT", "errno");
    return done();
}
