/*
 * GeoIP files, by libmaxminddb where the build found it. See geo.h.
 *
 * Files differ in where they put things: GeoLite2 and DB-IP have country.iso_code and
 * autonomous_system_number, others country_code or country, and asn as "AS64500".
 */
#include "base/geo.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef HAVE_MAXMINDDB
#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

struct ir_geo {
    _Atomic uint64_t damaged;
    size_t n;
#ifdef HAVE_MAXMINDDB
    MMDB_s file[IR_GEO_FILES_MAX];
#endif
};

struct ir_geo *ir_geo_new(void)
{
    return calloc(1, sizeof(struct ir_geo));
}

uint64_t ir_geo_damaged(const struct ir_geo *g)
{
    return atomic_load_explicit(&g->damaged, memory_order_relaxed);
}

bool ir_country_code(struct ir_str s, char ret_code[3])
{
    if (s.n != 2 || !ir_isalpha(s.p[0]) || !ir_isalpha(s.p[1])) return false;
    for (size_t i = 0; i < 2; i++)
        ret_code[i] = s.p[i] >= 'a' ? (char)(s.p[i] - 'a' + 'A') : s.p[i];
    ret_code[2] = '\0';
    return true;
}

#ifdef HAVE_MAXMINDDB

void ir_geo_free(struct ir_geo *g)
{
    for (size_t i = 0; g != NULL && i < g->n; i++)
        MMDB_close(&g->file[i]);
    free(g);
}

int ir_geo_open(struct ir_geo *g, const char *path, struct ir_err *err)
{
    ir_err_at(err, path, -1, 0);
    if (g->n == IR_GEO_FILES_MAX) return ir_fail(err, IR_BAD, "too many GeoIP files");
    int rc = MMDB_open(path, MMDB_MODE_MMAP, &g->file[g->n]);
    if (rc == MMDB_FILE_OPEN_ERROR) return ir_fail(err, IR_BAD, "cannot be opened");
    if (rc == MMDB_OUT_OF_MEMORY_ERROR) return ir_fail(err, IR_FATAL, "out of memory");
    if (rc != MMDB_SUCCESS)
        return ir_fail(err, IR_BAD, "no GeoIP file (MaxMind DB), or a damaged one");
    g->n++;
    return IR_OK;
}

/* The text at a path below the entry; empty when it is not there. */
static struct ir_str text_at(struct ir_geo *g, MMDB_entry_s *e, const char *const *path)
{
    MMDB_entry_data_s d;
    int rc = MMDB_aget_value(e, &d, path);
    if (rc != MMDB_SUCCESS && rc != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
        atomic_fetch_add_explicit(&g->damaged, 1, memory_order_relaxed);
    if (rc != MMDB_SUCCESS || !d.has_data || d.type != MMDB_DATA_TYPE_UTF8_STRING)
        return ir_str_n("", 0);
    return ir_str_n(d.utf8_string, d.data_size);
}

static void country_of(struct ir_geo *g, MMDB_entry_s *e, struct ir_geo_place *p)
{
    static const char *const paths[][3] = {{"country", "iso_code", NULL},
                                           {"country_code", NULL, NULL},
                                           {"country", NULL, NULL},
                                           {"registered_country", "iso_code", NULL}};
    for (size_t i = 0; i < 4 && p->country[0] == '\0'; i++)
        ir_country_code(text_at(g, e, paths[i]), p->country);
}

static void as_of(struct ir_geo *g, MMDB_entry_s *e, struct ir_geo_place *p)
{
    static const char *const number[] = {"autonomous_system_number", NULL};
    static const char *const orgs[][2] = {{"autonomous_system_organization", NULL},
                                          {"as_name", NULL}};
    static const char *const asn[] = {"asn", NULL};
    MMDB_entry_data_s d;
    if (MMDB_aget_value(e, &d, number) == MMDB_SUCCESS && d.has_data &&
        d.type == MMDB_DATA_TYPE_UINT32) {
        snprintf(p->as_number, sizeof p->as_number, "%u", (unsigned)d.uint32);
    } else {
        struct ir_str s = text_at(g, e, asn);
        uint64_t n;
        if (ir_str_istarts(s, IR_S("AS")) && ir_str_u64(ir_str_skip(s, 2), &n) && n <= UINT32_MAX)
            snprintf(p->as_number, sizeof p->as_number, "%u", (unsigned)n);
    }
    for (size_t i = 0; i < 2 && p->as_org[0] == '\0'; i++) {
        const struct ir_str s = ir_str_head(text_at(g, e, orgs[i]), IR_GEO_ORG_MAX);
        for (size_t k = 0; k < s.n && s.p[k] != '\0'; k++)
            p->as_org[k] = s.p[k];
    }
}

static void look_up(struct ir_geo *g, const struct ir_ip *ip, struct ir_geo_place *p)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const bool is_v4 = memcmp(ip->b, mapped, sizeof mapped) == 0;
    memcpy(&v4.sin_addr, ip->b + 12, 4);
    memcpy(&v6.sin6_addr, ip->b, 16);
    const struct sockaddr *sa = is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6;
    *p = (struct ir_geo_place){.country = ""};
    for (size_t i = 0; i < g->n; i++) {
        int rc;
        MMDB_lookup_result_s r = MMDB_lookup_sockaddr(&g->file[i], sa, &rc);
        if (rc != MMDB_SUCCESS && rc != MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR)
            atomic_fetch_add_explicit(&g->damaged, 1, memory_order_relaxed);
        if (rc != MMDB_SUCCESS || !r.found_entry) continue;
        if (p->country[0] == '\0') country_of(g, &r.entry, p);
        if (p->as_number[0] == '\0') as_of(g, &r.entry, p);
    }
}

#else

void ir_geo_free(struct ir_geo *g)
{
    free(g);
}

int ir_geo_open(struct ir_geo *g, const char *path, struct ir_err *err)
{
    (void)g;
    ir_err_at(err, path, -1, 0);
    return ir_fail(err, IR_BAD, "this ir was built without libmaxminddb");
}

static void look_up(struct ir_geo *g, const struct ir_ip *ip, struct ir_geo_place *p)
{
    (void)g;
    (void)ip;
    *p = (struct ir_geo_place){.country = ""};
}

#endif

bool ir_geo_find(struct ir_geo *g, struct ir_geo_cache *cache, struct ir_str address,
                 const struct ir_geo_place **ret_p)
{
    struct ir_ip ip;
    if (!ir_ip_parse(address, &ip)) return false;
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < sizeof ip.b; i++)
        h = (h ^ ip.b[i]) * 16777619u;
    struct ir_geo_slot *s = &cache->slot[(h ^ h >> 16) % IR_GEO_SLOTS];
    if (!s->used || memcmp(s->ip.b, ip.b, sizeof ip.b) != 0) {
        look_up(g, &ip, &s->place);
        s->ip = ip;
        s->used = true;
    }
    *ret_p = &s->place;
    return true;
}
