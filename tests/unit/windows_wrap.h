/*
 * One Windows record written out in the wrappings of many tools, for tests: the same record must
 * give the same event in each. The wrappings are written from the tools' documentation.
 */
#ifndef IR_TESTS_WINDOWS_WRAP_H
#define IR_TESTS_WINDOWS_WRAP_H

#include <stdio.h>

#include "base/json.h"

#define RECORD_DATA_MAX 48

struct pair {
    const char *name, *value;
};

/* A record: System attributes by Sigma's names, and event data. */
struct record {
    const char *id, *channel, *provider, *computer, *number, *pid, *tid, *time;
    struct pair data[RECORD_DATA_MAX];
};

static void text(struct ir_buf *b, const char *name, const char *val, const char *after)
{
    ir_json_write_str(b, ir_str_z(name));
    ir_buf_chr(b, ':');
    ir_json_write_str(b, ir_str_z(val));
    ir_buf_str(b, ir_str_z(after));
}

static void data_object(struct ir_buf *b, const struct record *r, const char *prefix)
{
    for (size_t i = 0; i < RECORD_DATA_MAX && r->data[i].name; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", prefix, r->data[i].name);
        if (i > 0) ir_buf_chr(b, ',');
        text(b, name, r->data[i].value, "");
    }
}

static void evtx_dump(struct ir_buf *b, const struct record *r)
{
    ir_buf_fmt(b,
               "{\"Event\":{\"#attributes\":{\"xmlns\":\"u\"},\"System\":{\"Provider\":{"
               "\"#attributes\":{\"Name\":\"%s\",\"Guid\":\"g\"}},\"EventID\":{\"#attributes\":{"
               "\"Qualifiers\":0},\"#text\":%s},\"TimeCreated\":{\"#attributes\":{\"SystemTime\":"
               "\"%s\"}},\"EventRecordID\":%s,\"Correlation\":null,\"Execution\":{\"#attributes\":{"
               "\"ProcessID\":%s,\"ThreadID\":%s}},\"Channel\":\"%s\",\"Computer\":\"%s\"},"
               "\"EventData\":{",
               r->provider, r->id, r->time, r->number, r->pid, r->tid, r->channel, r->computer);
    data_object(b, r, "");
    ir_buf_str(b, IR_S("}}}"));
}

/* attribute "@" and XML→JSON's list, or evtx_dump's own list form */
static void xml_list(struct ir_buf *b, const struct record *r, bool at)
{
    const char *open = at ? "" : "\"#attributes\":{", *close = at ? "" : "}", *mark = at ? "@" : "";
    ir_buf_fmt(
        b,
        "{\"Event\":{\"@xmlns\":\"u\",\"System\":{\"Provider\":{%s\"%sName\":\"%s\"%s},"
        "\"EventID\":\"%s\",\"TimeCreated\":{%s\"%sSystemTime\":\"%s\"%s},\"EventRecordID\":"
        "\"%s\",\"Execution\":{%s\"%sProcessID\":\"%s\",\"%sThreadID\":\"%s\"%s},\"Channel\":"
        "\"%s\",\"Computer\":\"%s\"},\"EventData\":{\"Data\":[",
        open, mark, r->provider, close, r->id, open, mark, r->time, close, r->number, open, mark,
        r->pid, mark, r->tid, close, r->channel, r->computer);
    for (size_t i = 0; i < RECORD_DATA_MAX && r->data[i].name; i++) {
        ir_buf_fmt(b, "%s{%s\"%sName\":\"%s\"%s,", i ? "," : "", open, mark, r->data[i].name,
                   close);
        text(b, "#text", r->data[i].value, "}");
    }
    ir_buf_str(b, IR_S("]}}}"));
}

static void winlogbeat(struct ir_buf *b, const struct record *r)
{
    ir_buf_fmt(b,
               "{\"@timestamp\":\"%s\",\"event\":{\"code\":\"%s\",\"provider\":\"%s\"},\"host\":{"
               "\"name\":\"%s\"},\"winlog\":{\"channel\":\"%s\",\"event_id\":%s,\"record_id\":%s,"
               "\"computer_name\":\"%s\",\"provider_name\":\"%s\",\"process\":{\"pid\":%s,"
               "\"thread\":{\"id\":%s}},\"event_data\":{",
               r->time, r->id, r->provider, r->computer, r->channel, r->id, r->number, r->computer,
               r->provider, r->pid, r->tid);
    data_object(b, r, "");
    ir_buf_str(b, IR_S("}}}"));
}

static void winlogbeat_flat(struct ir_buf *b, const struct record *r)
{
    ir_buf_fmt(
        b,
        "{\"@timestamp\":\"%s\",\"event.code\":\"%s\",\"event.provider\":\"%s\","
        "\"winlog.channel\":\"%s\",\"winlog.record_id\":\"%s\",\"winlog.computer_name\":\"%s\","
        "\"winlog.process.pid\":%s,\"winlog.process.thread.id\":%s,",
        r->time, r->id, r->provider, r->channel, r->number, r->computer, r->pid, r->tid);
    data_object(b, r, "winlog.event_data.");
    ir_buf_chr(b, '}');
}

static void nxlog(struct ir_buf *b, const struct record *r)
{
    ir_buf_fmt(b,
               "{\"host\":\"collector\",\"EventTime\":\"2001-02-03 04:05:06\",\"Hostname\":\"%s\","
               "\"EventID\":%s,\"SourceName\":\"%s\",\"ExecutionProcessID\":%s,\"ThreadID\":%s,"
               "\"RecordNumber\":%s,\"Channel\":\"%s\",\"@timestamp\":\"%s\",\"tags\":[\"x\"],",
               r->computer, r->id, r->provider, r->pid, r->tid, r->number, r->channel, r->time);
    data_object(b, r, "");
    ir_buf_chr(b, '}');
}

static void velociraptor(struct ir_buf *b, const struct record *r)
{
    ir_buf_fmt(
        b,
        "{\"System\":{\"Provider\":{\"Name\":\"%s\"},\"EventID\":{\"Value\":%s},"
        "\"TimeCreated\":{\"SystemTime\":1795309323.456789},\"EventRecordID\":%s,\"Execution\":"
        "{\"ProcessID\":%s,\"ThreadID\":%s},\"Channel\":\"%s\",\"Computer\":\"%s\"},"
        "\"EventData\":{",
        r->provider, r->id, r->number, r->pid, r->tid, r->channel, r->computer);
    data_object(b, r, "");
    ir_buf_str(b, IR_S("},\"Message\":\"m\"}"));
}

/* Names of event data begin with a small letter. */
static void wazuh(struct ir_buf *b, const struct record *r)
{
    ir_buf_fmt(
        b,
        "{\"win\":{\"system\":{\"providerName\":\"%s\",\"providerGuid\":\"{g}\",\"eventID\":"
        "\"%s\",\"version\":\"0\",\"systemTime\":\"%s\",\"eventRecordID\":\"%s\",\"processID\":"
        "\"%s\",\"threadID\":\"%s\",\"channel\":\"%s\",\"computer\":\"%s\",\"severityValue\":"
        "\"INFORMATION\"},\"eventdata\":{",
        r->provider, r->id, r->time, r->number, r->pid, r->tid, r->channel, r->computer);
    for (size_t i = 0; i < RECORD_DATA_MAX && r->data[i].name; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s", r->data[i].name);
        if (name[0] >= 'A' && name[0] <= 'Z') name[0] = (char)(name[0] - 'A' + 'a');
        if (i > 0) ir_buf_chr(b, ',');
        text(b, name, r->data[i].value, "");
    }
    ir_buf_str(b, IR_S("}}}"));
}

static void wrap(struct ir_buf *b, int kind, const struct record *r)
{
    switch (kind) {
    case 0: evtx_dump(b, r); break;
    case 1: xml_list(b, r, true); break;
    case 2: xml_list(b, r, false); break;
    case 3: winlogbeat(b, r); break;
    case 4: winlogbeat_flat(b, r); break;
    case 5: nxlog(b, r); break;
    case 6: velociraptor(b, r); break;
    case 7:
        ir_buf_str(b, IR_S("{\"preview\":false,\"offset\":3,\"result\":"));
        nxlog(b, r);
        ir_buf_chr(b, '}');
        break;
    case 8: wazuh(b, r); break;
    case 9:
        ir_buf_str(b, IR_S("{\"agent\":{\"id\":\"001\"},\"data\":"));
        wazuh(b, r);
        ir_buf_chr(b, '}');
        break;
    default:
        ir_buf_str(b, IR_S("{\"_index\":\"i\",\"_source\":"));
        winlogbeat(b, r);
        ir_buf_chr(b, '}');
    }
}

static const char *const kinds[] = {
    "evtx_dump",    "XML to JSON", "evtx_dump list", "winlogbeat",    "winlogbeat flat", "nxlog",
    "Velociraptor", "Splunk",      "Wazuh",          "Wazuh archive", "Elasticsearch"};
#define NKINDS ((int)(sizeof kinds / sizeof *kinds))

#endif
