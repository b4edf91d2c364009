/*
 * Numbers that audit logs, and their names: record types, machines, system calls, errors.
 * Tables come from the .def files; this file only looks things up.
 */
#include "format/auditd_int.h"

struct name {
    const char *p;
    size_t n;
};

#define NAME(name)                                                                                 \
    {                                                                                              \
#name, sizeof(#name) - 1                                                                   \
    }

static const struct type {
    struct name name;
    unsigned number;
} types[] = {
#define TYPE(name, number) {NAME(name), number},
#include "format/auditd_types.def"
#undef TYPE
};
#define NTYPES (sizeof types / sizeof types[0])

#define SYS(number, name) [number] = NAME(name),
static const struct name sys_x86_64[] = {
#include "format/auditd_sys_common.def"
#include "format/auditd_sys_x86_64.def"
};
static const struct name sys_i386[] = {
#include "format/auditd_sys_common.def"
#include "format/auditd_sys_i386.def"
};
static const struct name sys_generic[] = {
#include "format/auditd_sys_common.def"
#include "format/auditd_sys_generic.def"
};
static const struct name sys_arm[] = {
#include "format/auditd_sys_arm.def"
#include "format/auditd_sys_common.def"
};
#undef SYS

static const struct name errnos[] = {
#define ERR(number, name) [number] = NAME(name),
#include "format/auditd_errno.def"
#undef ERR
};

/* AUDIT_ARCH_* of linux/audit.h: ELF machine, bit 31 for 64 bits, bit 30 for little endian. */
static const struct arch {
    uint32_t number;
    struct name name;
    const struct name *sys;
    size_t nsys;
} archs[] = {
#define TABLE(t) t, sizeof t / sizeof t[0]
    {0xc000003e, NAME(x86_64), TABLE(sys_x86_64)},
    {0x40000003, NAME(i386), TABLE(sys_i386)},
    {0xc00000b7, NAME(aarch64), TABLE(sys_generic)},
    {0x40000028, NAME(arm), TABLE(sys_arm)},
    {0xc00000f3, NAME(riscv64), TABLE(sys_generic)},
    {0xc0000102, NAME(loongarch64), TABLE(sys_generic)},
    {0x800000b7, NAME(aarch64_be), TABLE(sys_generic)},
    {0x00000028, NAME(armeb), TABLE(sys_arm)},
    {0xc0000015, NAME(ppc64le), NULL, 0},
    {0x80000015, NAME(ppc64), NULL, 0},
    {0x00000014, NAME(ppc), NULL, 0},
    {0x80000016, NAME(s390x), NULL, 0},
    {0x00000016, NAME(s390), NULL, 0},
    {0x400000f3, NAME(riscv32), NULL, 0},
#undef TABLE
};

#define X32_BIT 0x40000000u

static struct ir_str view(struct name n)
{
    return ir_str_n(n.p, n.n);
}

unsigned ir_aud_type_number(struct ir_str name)
{
    size_t lo = 0, hi = NTYPES;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int d = ir_str_cmp(name, view(types[mid].name));
        if (d == 0) return types[mid].number;
        if (d < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return 0;
}

struct ir_str ir_aud_type_name(unsigned number)
{
    for (size_t i = 0; i < NTYPES; i++)
        if (types[i].number == number) return view(types[i].name);
    return ir_str_n(NULL, 0);
}

static const struct arch *find_arch(struct ir_str s)
{
    uint32_t v = 0;
    bool hex = s.n > 0 && s.n <= 8;
    for (size_t i = 0; hex && i < s.n; i++) {
        int d = ir_hexval(s.p[i]);
        if (d < 0) hex = false;
        v = v << 4 | (uint32_t)(d & 15);
    }
    for (size_t i = 0; i < sizeof archs / sizeof archs[0]; i++)
        if (hex ? archs[i].number == v : ir_str_eq(view(archs[i].name), s)) return &archs[i];
    return NULL;
}

struct ir_str ir_aud_arch(struct ir_str hex)
{
    const struct arch *a = find_arch(hex);
    return a ? view(a->name) : ir_str_n(NULL, 0);
}

struct ir_str ir_aud_syscall(struct ir_str arch, uint64_t number)
{
    const struct arch *a = find_arch(arch);
    if (a == NULL) return ir_str_n(NULL, 0);
    /* x32 marks its calls; unmarked they are those of x86_64, and 512 and up its own (execve too).
     */
    if (a->sys == sys_x86_64 && (number & X32_BIT)) number ^= X32_BIT;
    return number < a->nsys ? view(a->sys[number]) : ir_str_n(NULL, 0);
}

struct ir_str ir_aud_errno(uint64_t number)
{
    return number < sizeof errnos / sizeof errnos[0] ? view(errnos[number]) : ir_str_n(NULL, 0);
}
