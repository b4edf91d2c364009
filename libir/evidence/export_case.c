/*
 * The provenance of an exhibit as a graph of CASE 1.4.0 and UCO (JSON-LD): the investigation, the
 * action that collected, the record with the exhibit's number (a string: numbers of exhibits have
 * letters), and a node for each file. Identifiers come from the seal and the path, so the same
 * exhibit gives the same graph. Only what was taken has a node; the rest stands in files.jsonl.
 */
#include <inttypes.h>

#include "base/json.h"
#include "base/time.h"
#include "evidence/export_int.h"

#define SEALED "tagmanifest-sha256.txt"

/* kb:KIND-UUID: the first bits of a digest, as a UUID of version 8 (RFC 9562). */
static void iri(struct ir_buf *b, const struct ir_export_facts *f, const char *kind,
                struct ir_str name)
{
    unsigned char md[IR_HASH_BYTES];
    char hex[IR_HASH_TEXT], seed[128];
    snprintf(seed, sizeof seed, "%.64s %s ", f->seal, kind);
    ir_sha256(ir_str_z(seed), name, md);
    md[6] = (unsigned char)((md[6] & 0x0f) | 0x80);
    md[8] = (unsigned char)((md[8] & 0x3f) | 0x80);
    ir_hex(md, 16, hex);
    ir_buf_fmt(b, "\"kb:%s-%.8s-%.4s-%.4s-%.4s-%.12s\"", kind, hex, hex + 8, hex + 12, hex + 16,
               hex + 20);
}

static void node(struct ir_buf *b, const struct ir_export_facts *f, const char *kind,
                 struct ir_str name, const char *type)
{
    ir_buf_str(b, IR_S("{\"@id\":"));
    iri(b, f, kind, name);
    ir_buf_fmt(b, ",\"@type\":\"%s\"", type);
}

static void text(struct ir_buf *b, const char *key, struct ir_str v)
{
    if (v.n == 0) return;
    ir_buf_fmt(b, ",\"%s\":", key);
    ir_json_write_str(b, v);
}

static void link_to(struct ir_buf *b, const char *key, const struct ir_export_facts *f,
                    const char *kind)
{
    ir_buf_fmt(b, ",\"%s\":{\"@id\":", key);
    iri(b, f, kind, ir_str_z(f->item));
    ir_buf_chr(b, '}');
}

static void typed(struct ir_buf *b, const char *key, const char *type, struct ir_str v)
{
    if (v.n == 0) return;
    ir_buf_fmt(b, ",\"%s\":{\"@type\":\"%s\",\"@value\":", key, type);
    ir_json_write_str(b, v);
    ir_buf_chr(b, '}');
}

static void when(struct ir_buf *b, const char *key, const struct statx_timestamp *t)
{
    char buf[IR_TIME_TEXT];
    if (t->tv_sec > INT64_MAX / IR_NS - 1 || t->tv_sec < INT64_MIN / IR_NS + 1) return;
    ir_time_rfc3339(t->tv_sec * IR_NS + t->tv_nsec, buf);
    typed(b, key, "xsd:dateTime", ir_str_z(buf));
}

/* A file of the exhibit. The facets' names are as the ontology's own examples have them. */
static void file(struct ir_buf *b, const struct ir_export_facts *f, struct ir_str name,
                 const struct ir_object *o)
{
    static const char *const methods[] = {"MD5", "SHA1", "SHA256", "SHA512"};
    char hex[IR_DIGEST_TEXT];
    bool first = true;
    size_t slash = ir_str_rchr(o->path, '/');
    node(b, f, "file", name, "uco-observable:File");
    ir_buf_str(b, IR_S(",\"uco-core:hasFacet\":[{\"@id\":"));
    iri(b, f, "file-facet", name);
    ir_buf_str(b, IR_S(",\"@type\":\"uco-observable:FileFacet\""));
    text(b, "uco-observable:fileName",
         slash < o->path.n ? ir_str_skip(o->path, slash + 1) : o->path);
    text(b, "uco-observable:filePath", o->path);
    if (o->stored.n > 0) { /* the seal's own file is known by its digest only */
        ir_buf_fmt(b, ",\"uco-observable:sizeInBytes\":%" PRIu64, o->bytes);
        when(b, "uco-observable:modifiedTime", &o->st.stx_mtime);
        when(b, "uco-observable:accessedTime", &o->st.stx_atime);
        when(b, "uco-observable:metadataChangeTime", &o->st.stx_ctime);
    }
    ir_buf_str(b, IR_S("},{\"@id\":"));
    iri(b, f, "content-facet", name);
    ir_buf_str(b, IR_S(",\"@type\":\"uco-observable:ContentDataFacet\""));
    text(b, "uco-observable:mimeType", o->mime);
    ir_buf_str(b, IR_S(",\"uco-observable:hash\":["));
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        ir_digest_hex(&o->sum, (enum ir_digest_alg)a, hex);
        if (hex[0] == '\0') continue;
        ir_buf_str(b, first ? IR_S("{\"@id\":") : IR_S(",{\"@id\":"));
        iri(b, f, methods[a], name);
        ir_buf_fmt(b,
                   ",\"@type\":\"uco-types:Hash\",\"uco-types:hashMethod\":{\"@type\":"
                   "\"uco-vocabulary:HashNameVocab\",\"@value\":\"%s\"},\"uco-types:hashValue\":"
                   "{\"@type\":\"xsd:hexBinary\",\"@value\":\"%s\"}}",
                   methods[a], hex);
        first = false;
    }
    ir_buf_str(b, IR_S("]}]"));
}

/* tagmanifest-sha256.txt, whose digest is the seal: it stands for the whole bag. */
static void seal_node(struct ir_buf *b, const struct ir_export_facts *f)
{
    struct ir_object o = {.path = IR_S(SEALED)};
    if (ir_unhex(ir_str_z(f->seal), o.sum.v[IR_SHA256], IR_HASH_BYTES))
        o.sum.set = IR_DIGEST_BIT(IR_SHA256);
    file(b, f, o.path, &o);
    ir_buf_str(b, IR_S("},\n"));
}

static void context(struct ir_buf *b)
{
    ir_buf_str(b, IR_S("{\"@context\":{"
                       "\"case-investigation\":\"https://ontology.caseontology.org/case/"
                       "investigation/\",\"kb\":\"urn:ir:kb:\","
                       "\"uco-action\":\"https://ontology.unifiedcyberontology.org/uco/action/\","
                       "\"uco-core\":\"https://ontology.unifiedcyberontology.org/uco/core/\","
                       "\"uco-identity\":\"https://ontology.unifiedcyberontology.org/uco/identity/"
                       "\",\"uco-location\":\"https://ontology.unifiedcyberontology.org/uco/"
                       "location/\",\"uco-observable\":\"https://ontology.unifiedcyberontology.org/"
                       "uco/observable/\",\"uco-tool\":\"https://ontology.unifiedcyberontology.org/"
                       "uco/tool/\",\"uco-types\":\"https://ontology.unifiedcyberontology.org/uco/"
                       "types/\",\"uco-vocabulary\":\"https://ontology.unifiedcyberontology.org/"
                       "uco/vocabulary/\",\"xsd\":\"http://www.w3.org/2001/XMLSchema#\"},"
                       "\"@graph\":[\n"));
}

static void named(struct ir_buf *b, const struct ir_export_facts *f, const char *kind,
                  const char *type, const char *name)
{
    if (*name == '\0') return;
    node(b, f, kind, ir_str_z(f->item), type);
    text(b, "uco-core:name", ir_str_z(name));
    ir_buf_str(b, IR_S("},\n"));
}

static void action(struct ir_buf *b, const struct ir_export_facts *f)
{
    struct ir_str item = ir_str_z(f->item);
    node(b, f, "action", item, "case-investigation:InvestigativeAction");
    text(b, "uco-core:name", ir_str_z(*f->method != '\0' ? f->method : "collection"));
    text(b, "uco-core:description", ir_str_z(f->reason));
    typed(b, "uco-action:startTime", "xsd:dateTime", ir_str_z(f->start));
    typed(b, "uco-action:endTime", "xsd:dateTime", ir_str_z(f->end));
    if (*f->actor != '\0') link_to(b, "uco-action:performer", f, "performer");
    if (*f->place != '\0') link_to(b, "uco-action:location", f, "location");
    link_to(b, "uco-action:instrument", f, "tool");
    ir_buf_str(b, IR_S(",\"uco-action:result\":[{\"@id\":"));
    iri(b, f, "file", IR_S(SEALED));
    ir_buf_str(b, IR_S("},{\"@id\":"));
    iri(b, f, "provenance", item);
    ir_buf_str(b, IR_S("}]},\n"));
}

static void head(struct ir_buf *b, const struct ir_export_facts *f)
{
    struct ir_str item = ir_str_z(f->item);
    context(b);
    node(b, f, "investigation", item, "case-investigation:Investigation");
    text(b, "uco-core:name", ir_str_z(f->case_id));
    ir_buf_str(b, IR_S(",\"case-investigation:investigationForm\":{\"@type\":"
                       "\"case-investigation:InvestigationFormVocab\",\"@value\":\"incident\"}"));
    link_to(b, "uco-core:object", f, "provenance");
    ir_buf_str(b, IR_S("},\n"));
    named(b, f, "performer", "uco-identity:Person", f->actor);
    named(b, f, "location", "uco-location:Location", f->place);
    node(b, f, "tool", item, "uco-tool:Tool");
    text(b, "uco-core:name", IR_S("ir"));
    text(b, "uco-tool:version", ir_str_z(f->version));
    ir_buf_str(b, IR_S("},\n"));
    seal_node(b, f);
    action(b, f);
    node(b, f, "provenance", item, "case-investigation:ProvenanceRecord");
    text(b, "case-investigation:exhibitNumber", item);
    text(b, "case-investigation:rootExhibitNumber", item);
    ir_buf_str(b, IR_S(",\"uco-core:object\":{\"@id\":"));
    iri(b, f, "file", IR_S(SEALED));
    ir_buf_str(b, IR_S("}}"));
}

/* The list of all files may be of any length, so each names the two that it belongs to. */
static void object(struct ir_buf *b, const struct ir_export_facts *f, const struct ir_object *o)
{
    if (o->stored.n == 0) return;
    ir_buf_str(b, IR_S(",\n"));
    file(b, f, o->stored, o);
    ir_buf_str(b, IR_S(",\"@reverse\":{\"uco-action:result\":{\"@id\":"));
    iri(b, f, "action", ir_str_z(f->item));
    ir_buf_str(b, IR_S("},\"uco-core:object\":{\"@id\":"));
    iri(b, f, "provenance", ir_str_z(f->item));
    ir_buf_str(b, IR_S("}}}"));
}

static void foot(struct ir_buf *b, const struct ir_export_facts *f)
{
    (void)f;
    ir_buf_str(b, IR_S("\n]}\n"));
}

const struct ir_export_ops ir_export_case = {.head = head, .object = object, .foot = foot};
