/*
 * macOS: messages of Apple's own daemons, as its syslog and `log show --style syslog` write them.
 * Document: log(1), syslog(1); Apple Remote Desktop's screensharingd.
 *
 *     … mac1 screensharingd[35]: Authentication: FAILED :: User Name: bob :: Viewer Address:
 *         192.0.2.1 :: Type: DH
 *     … mac1 loginwindow[15]: [com.apple.loginwindow.logging:Standard] -[Session… | …
 *         com.apple.sessionagent.screenIsUnlocked, with userID:501
 *
 * Hostile: the name that a viewer gives.
 */
#include "format/phrase.h"
#include "format/syslog.h"

#define MESSAGE_MAX 4096u

static const struct ir_phrase rows[] = {
    {"Authentication: FAILED :: User Name: %u :: Viewer Address: %a :: Type: %z", "screen_sharing",
     IR_SAYS_LOGIN_FAILED},
    {"Authentication: SUCCEEDED :: User Name: %u :: Viewer Address: %a :: Type: %z",
     "screen_sharing", IR_SAYS_LOGIN},
};

/* loginwindow's notices and tccd's decisions have these words somewhere. */
static const struct {
    const char *text, *action;
} words[] = {{"com.apple.sessionDidLogin", "user_login"},
             {"com.apple.sessionagent.screenIsLocked", "screen_locked"},
             {"com.apple.sessionagent.screenIsUnlocked", "screen_unlocked"},
             {"logout is complete", "user_logout"},
             {"Update Access Record: ", "privacy_permission"}};

void ir_syslog_macos(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_head(ir_str_trim(h->msg), MESSAGE_MAX);
    if (ir_phrase_any(ev, s, rows, sizeof rows / sizeof *rows) != NULL) return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (ir_str_find(s, ir_str_z(words[i].text)) == IR_NPOS) continue;
        ir_syslog_action(ev, words[i].action);
        return;
    }
}
