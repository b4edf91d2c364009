/*
 * The client in a line of nginx's error log, when somebody wrote a second one into it. Not for
 * other formats, nor for the values behind the client (nginx_error.c). Document: nginx
 * ngx_http_request.c.
 */
#ifndef IR_FORMAT_NGINX_TAIL_H
#define IR_FORMAT_NGINX_TAIL_H

#include "base/str.h"

#define IR_NGINX_CLIENT   IR_S(", client: ")
#define IR_NGINX_STARTTLS IR_S(" using starttls") /* the mail module's, behind the address */

/* The only ", client: " from `first` (which is one) on, from which the text reads to its end as
 * nginx writes it. IR_NPOS when there is none, or more than one. Counts those in the text, up to a
 * limit above one. */
size_t ir_nginx_client(struct ir_str text, size_t first, size_t *ret_count);

#endif
