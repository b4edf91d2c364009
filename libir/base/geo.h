/*
 * Countries and networks of addresses: files in the MaxMind DB format 2.0
 * (https://maxmind.github.io/MaxMind-DB/), as MaxMind, DB-IP and others make them, and addresses
 * whose country a company knows better.
 *
 *     struct ir_geo *g = ir_geo_new();
 *     if (ir_geo_open(g, "GeoLite2-Country.mmdb", &err) < 0) …     // before the sandbox
 *     ir_geo_find(g, &cache, text, &place);                        // from any thread
 *     ir_geo_free(g);
 *
 * Every byte of a file may be hostile. What cannot be followed in it gives no country and is
 * counted: a damaged file must not look like addresses without one.
 */
#ifndef IR_BASE_GEO_H
#define IR_BASE_GEO_H

#include "base/err.h"
#include "base/ip.h"

#define IR_GEO_FILES_MAX 4u
#define IR_GEO_SLOTS     256u
#define IR_GEO_ORG_MAX   128u

struct ir_geo_place {
    char country[3]; /* ISO 3166-1 alpha-2 in capitals; "" unknown */
    char as_number[11];
    char as_org[IR_GEO_ORG_MAX + 1]; /* raw bytes of the file without NUL, cut */
};

struct ir_geo_net { /* a network whose country is known without a file */
    struct ir_cidr net;
    char country[3];
};

struct ir_geo_cache { /* of one thread; zeroed at first */
    struct ir_geo_slot {
        struct ir_ip ip;
        bool used;
        struct ir_geo_place place;
    } slot[IR_GEO_SLOTS];
};

struct ir_geo;

struct ir_geo *ir_geo_new(void); /* NULL: memory */
void ir_geo_free(struct ir_geo *g);
/* One more file; what it does not know, the next ones are asked. Stays open. IR_BAD: err says why.
 */
int ir_geo_open(struct ir_geo *g, const char *path, struct ir_err *err);
/* False: the text is no address. *ret_p: with what is not known empty; good until the next call. */
bool ir_geo_find(struct ir_geo *g, struct ir_geo_cache *cache, struct ir_str address,
                 const struct ir_geo_place **ret_p);
/* Look-ups that ended at a place where the file is damaged. */
uint64_t ir_geo_damaged(const struct ir_geo *g);
/* "JP" out of two letters of any case; false: something else. */
bool ir_country_code(struct ir_str s, char ret_code[3]);

#endif
