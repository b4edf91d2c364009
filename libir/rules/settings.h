/*
 * Settings: values for %placeholders%, and what a company knows of itself: its networks, its
 * working hours, the machines that must not stop, the levels it gives to rules. A YAML map, see
 * rules/settings.yml (internal to rules/; ir_rules_values reads one).
 */
#ifndef IR_RULES_SETTINGS_H
#define IR_RULES_SETTINGS_H

#include "base/geo.h"
#include "base/hours.h"
#include "rules/pattern.h"
#include "rules/rules.h"

struct ir_level_setting { /* a rule's level as the user wants it */
    struct ir_str rule;   /* id or name */
    int level;
    const char *path;
    uint32_t line;
    struct ir_level_setting *next;
};

struct ir_settings {
    struct ir_hours hours;
    bool has_hours;
    struct ir_pattern *critical; /* of host names and addresses */
    size_t ncritical;
    struct ir_geo_net *net; /* address_countries */
    size_t nnets;
    struct ir_level_setting *levels; /* the latest first */
};

/* What holds until something is read: private networks are one's own. False: memory. */
bool ir_settings_usual(struct ir_rules *rs);
/* Levels to rules, and rules that ask for what was not set wait. Part of ir_rules_finish. */
void ir_settings_apply(struct ir_rules *rs);

#endif
