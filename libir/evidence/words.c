/*
 * The table of events in words (see words.h). Both languages stand here and not in a catalogue:
 * a receipt has both, and must be the same wherever it is written or checked.
 */
#include "evidence/words.h"

#include <stddef.h>
#include <string.h>

static const struct ir_event_words words[] = {
    {"case-open", "case opened", "事案の開始", false},
    {"collect-begin", "collection begun", "収集開始", false},
    {"collect", "collection ended", "収集完了", false},
    {"image-begin", "imaging begun", "イメージ取得開始", false},
    {"image", "imaging ended", "イメージ取得完了", false},
    {"resume", "resumed", "再開", false},
    {"seal", "exhibit sealed", "封印", false},
    {"seal-failed", "could not be sealed", "封印失敗", false},
    {"verify", "exhibit verified", "検証", false},
    {"copy", "exhibit copied", "複製", false},
    {"check-out", "taken out for examination", "持ち出し", true},
    {"check-in", "brought back", "返却", true},
    {"transfer-out", "handed over", "引き渡し", true},
    {"transfer-in", "exhibit received", "受領", true},
    {"receive-refused", "receipt refused", "受領拒否", false},
    {"receipt", "receipt written", "受領書作成", false},
    {"export", "exhibit exported", "書き出し", false},
    {"dispose", "exhibit disposed of", "廃棄", false},
    {"note", "note added", "注記", false},
    {"amend", "entry corrected", "訂正", false},
    {"timestamp-request", "time-stamp requested", "タイムスタンプ要求", false},
    {"timestamp-attach", "time-stamp attached", "タイムスタンプ付与", false},
};

const struct ir_event_words *ir_event_words(const char *event)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].event, event) == 0) return &words[i];
    return NULL;
}
