/*
 * A made-up finding, for the tests of the writers: password guessing, at two places of one log.
 */
#ifndef IR_TESTS_FINDING_SAMPLE_H
#define IR_TESTS_FINDING_SAMPLE_H

#include "report/finding.h"

#define T0 INT64_C(1795312923000000000) /* 2026-11-22T02:02:03Z */

static inline struct ir_origin origin_sample(void)
{
    return (struct ir_origin){.path = "/var/log/auth.log",
                              .offset = 123,
                              .line = 4,
                              .length = 99,
                              .sha256 = "ab12",
                              .excerpt = IR_S("Nov 22 11:02:03 web sshd[7]: Failed")};
}

static inline struct ir_finding finding_sample(void)
{
    static const struct ir_str tags[] = {{"attack.t1110", 12}, {"attack.credential_access", 24}};
    static struct ir_origin origins[2];
    origins[0] = origins[1] = origin_sample();
    struct ir_finding f = {.id = "00112233445566778899aabbccddeeff",
                           .time = T0,
                           .has_time = true,
                           .rule_id = IR_S("rule-1"),
                           .title = IR_S("Password guessing"),
                           .level = IR_LEVEL_HIGH,
                           .tags = tags,
                           .ntags = 2,
                           .type = "sigma",
                           .nentity = 2,
                           .origins = origins,
                           .norigins = 2,
                           .count = 12,
                           .first_seen = T0,
                           .last_seen = T0 + INT64_C(60500000000),
                           .why = IR_S("12 failures"),
                           .next = IR_S("Look for a success.")};
    f.entity[0] = (struct ir_entity){"source.ip", IR_S("192.0.2.7")};
    f.entity[1] = (struct ir_entity){"user.name", IR_S("root")};
    return f;
}

#endif
