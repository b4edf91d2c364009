/*
 * Between json_walk.c and json_web.c: web servers' access records in JSON.
 */
#ifndef IR_FORMAT_JSON_WEB_H
#define IR_FORMAT_JSON_WEB_H

#include "event/event.h"

/* One of these keys stands in each record that ir_json_web takes. */
bool ir_json_web_key(struct ir_str key);
/* Adds the fields of web logs (source.ip, url.*, …) and the log source when rec is an access record
 * of Caddy or Traefik, or one with nginx's variables for keys; else false and nothing. */
bool ir_json_web(struct ir_str rec, struct ir_event *ev);

#endif
