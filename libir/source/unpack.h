/*
 * Archives among the inputs are exchanged for their members, which are inputs like any other then:
 *
 *     ir_inputs_add(in, "backup.tar.gz", &err);
 *     int fd = ir_io_temporary();                  // before the sandbox is entered
 *     … enter the sandbox, with fd writable …
 *     ir_inputs_unpack(in, &(struct ir_unpack_options){.fd = fd});
 *     ir_inputs_finish(in);                        // order and rotated sets, among members too
 *
 * A member's path is `backup.tar.gz!var/log/auth.log.1`; an archive in an archive adds another `!`.
 * Its bytes are decompressed once, into the unnamed temporary file `fd`, from where they are read
 * in any order, by any thread, any number of times; no name inside an archive is ever opened.
 * Members stand at their archive's place in the list, by name.
 *
 * What is not a file is noted, also names that would lead elsewhere when they were unpacked, and
 * names that come twice (`name#2`). An archive that is damaged gives what is good of it and a note;
 * one that goes beyond a limit ends there, with a note. Notes about damage count as damaged input.
 */
#ifndef IR_SOURCE_UNPACK_H
#define IR_SOURCE_UNPACK_H

#include "source/input.h"

struct ir_unpack_limits {
    uint64_t member, total; /* bytes: of a member; of all members of all archives */
    uint64_t holes;         /* bytes in the holes of sparse files, of a named file */
    uint64_t ratio_after;   /* ratio is judged when a named file has given so many bytes */
    unsigned ratio;         /* bytes out of a named file, in all its depth, for each byte of it */
    unsigned depth;         /* archives in archives */
    unsigned members;       /* entries of a named file, in all its depth */
    uint64_t keep_free;     /* bytes that the temporary file leaves on its disk */
};
extern const struct ir_unpack_limits ir_unpack_defaults;

struct ir_unpack_options {
    int fd; /* borrowed, as long as the inputs live; -1: archives are noted as unreadable */
    const char *const *keys;               /* passwords to try, NULL-terminated; may be NULL */
    const struct ir_unpack_limits *limits; /* NULL: the defaults */
};

/* Between the last add and finish. IR_OK, or IR_FATAL when memory is out. */
int ir_inputs_unpack(struct ir_inputs *in, const struct ir_unpack_options *o);

#endif
