/*
 * Between json_walk.c (containers) and json_leaf.c (names and values): the state of one walk.
 * Nobody else includes this.
 */
#ifndef IR_FORMAT_JSON_INT_H
#define IR_FORMAT_JSON_INT_H

#include "base/json.h"
#include "format/journal.h"
#include "format/json_sources.h"
#include "format/json_walk.h"
#include "format/windows.h"

#define IR_JSON_PATH_MAX    2048u
#define IR_JSON_UNNAMED_MAX 256u
#define WRAPPER_PEEK        2048u /* bytes in which a wrapper must show what it wraps */

enum ir_json_role {
    FLAT, /* names are paths; transparent wrappers keep the path empty */
    SYSTEM,
    TAG, /* an element of System: path holds its name */
    DATA,
    LIST, /* the elements of EventData.Data */
    ITEM, /* one of them: {"#attributes":{"Name":…},"#text":…} */
    ITEM_ATTRIBUTES,
    USER, /* UserData: leaf names only; path holds the nearest key */
    DROP, /* not worth a name: step over */
};

struct ir_json_frame {
    uint8_t role;
    bool array; /* leaves are called by path alone */
    uint16_t path;
};

struct ir_json_walk {
    struct ir_event *ev;
    struct ir_json json;
    struct ir_windows win;
    struct ir_json_marks marks;
    struct ir_journal journal;
    struct ir_json_frame stack[IR_JSON_DEPTH_MAX + 2]; /* root, payload, the reader's limit */
    unsigned depth;                                    /* of the innermost frame */
    uint32_t leaves;
    bool splunk; /* keys that stand beside Splunk's result or event were seen */
    bool wazuh;  /* inside {"win":{"system":{"eventID":…},"eventdata":{"targetUserName":…}}} */
    bool web;    /* a key that stands in each access record of Caddy or Traefik was seen */
    struct ir_str integration; /* Wazuh: {"integration":"aws","aws":{…}}; empty: not seen */
    struct ir_str key;
    struct ir_str item_name;
    struct ir_json_tok item_text;
    struct ir_str unnamed[IR_JSON_UNNAMED_MAX];
    uint32_t nunnamed;
    char path[IR_JSON_PATH_MAX];
};

/* A string's text, decoded into the event's arena when needed. */
struct ir_str ir_json_decode(struct ir_event *ev, struct ir_str text, bool escaped);
/* A value under a finished name: field, Windows slot, or nothing. lasting: the name's bytes live as
 * long as the event. */
void ir_json_put(struct ir_json_walk *w, struct ir_str name, bool lasting, bool in_data,
                 const struct ir_json_tok *t);
/* The same for a member of event data, whose container is called part. */
void ir_json_put_data(struct ir_json_walk *w, struct ir_str part, struct ir_str name, bool lasting,
                      const struct ir_json_tok *t);
/* A value under w->key in the innermost container. */
void ir_json_leaf(struct ir_json_walk *w, const struct ir_json_tok *t);
void ir_json_put_unnamed(struct ir_json_walk *w, const struct ir_json_tok *t);
/* The unnamed values become the one field Data. */
void ir_json_join_unnamed(struct ir_json_walk *w);

bool ir_json_is_attributes(struct ir_str key);
bool ir_json_is_text(struct ir_str key);
struct ir_str ir_json_without_mark(struct ir_str key);
struct ir_str ir_json_without_blanks(struct ir_json_walk *w, struct ir_str key);
/* Path, a separator and the key, in w->path behind the path; the length, or 0 when there is no
 * room. */
size_t ir_json_extend(struct ir_json_walk *w, size_t path, char sep, struct ir_str key);

#endif
