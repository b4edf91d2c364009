/*
 * Names of columns that are not in English, and the exports of Synology's Log Center, whose
 * sentences say more than their columns. Not for the reading of headers (csv_columns.c).
 * Document: Synology Knowledge Center, "Log Center"; the columns are those of DSM 6 and 7:
 *
 *     Level,Log,Time,User,Event
 *     Warning,Connection,2026/11/22 01:02:03,SYSTEM,User [bob] from [192.0.2.7] failed to log in …
 *     Log,Time,IP address,User,Event,File/Folder,File size,File name
 *
 * Hostile: names of users and files in the sentences; see syslog_nas.c.
 */
#include "format/csv.h"
#include "format/file_share.h"
#include "format/syslog.h"

struct ir_str ir_csv_english(struct ir_str name)
{
    static const struct {
        struct ir_str name, english;
    } names[] = {
        {IR_S("ユーザー"), IR_S("user")},
        {IR_S("ユーザ"), IR_S("user")},
        {IR_S("ユーザー名"), IR_S("user")},
        {IR_S("ユーザ名"), IR_S("user")},
        {IR_S("アカウント"), IR_S("user")},
        {IR_S("アカウント名"), IR_S("user")},
        {IR_S("レベル"), IR_S("level")},
        {IR_S("ログ"), IR_S("log")},
        {IR_S("イベント"), IR_S("event")},
        {IR_S("ファイル/フォルダ"), IR_S("file/folder")},
        {IR_S("ファイル/フォルダー"), IR_S("file/folder")},
        {IR_S("ファイル名"), IR_S("filename")},
        {IR_S("IP アドレス"), IR_S("ip")},
        {IR_S("IPアドレス"), IR_S("ip")},
        {IR_S("クライアントIP"), IR_S("ip")},
        {IR_S("送信元IP"), IR_S("src_ip")},
        {IR_S("送信元IPアドレス"), IR_S("src_ip")},
        {IR_S("送信元アドレス"), IR_S("src_ip")},
        {IR_S("送信元ポート"), IR_S("src_port")},
        {IR_S("宛先IP"), IR_S("dst_ip")},
        {IR_S("宛先IPアドレス"), IR_S("dst_ip")},
        {IR_S("宛先アドレス"), IR_S("dst_ip")},
        {IR_S("宛先ポート"), IR_S("dst_port")},
        {IR_S("プロトコル"), IR_S("protocol")},
        {IR_S("ホスト名"), IR_S("hostname")},
        {IR_S("コンピュータ名"), IR_S("computer")},
        {IR_S("コンピューター名"), IR_S("computer")},
        {IR_S("アクション"), IR_S("action")},
        {IR_S("動作"), IR_S("action")},
        {IR_S("結果"), IR_S("result")},
        {IR_S("理由"), IR_S("reason")},
        {IR_S("プロセス"), IR_S("process")},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_eq(name, names[i].name)) return names[i].english;
    return name;
}

static int column(const struct ir_csv_header *h, struct ir_str name)
{
    for (unsigned i = 0; i < h->n; i++)
        if (ir_str_ieq(ir_csv_english(h->column[i].name), name)) return (int)i;
    return -1;
}

void ir_csv_synology(struct ir_csv_header *h)
{
    h->files = column(h, IR_S("file/folder")) >= 0;
    bool known = column(h, IR_S("log")) >= 0 && column(h, IR_S("user")) >= 0 &&
                 (h->files || column(h, IR_S("level")) >= 0) && h->n <= 9;
    h->event = known && h->time >= 0 ? column(h, IR_S("event")) : -1;
}

void ir_csv_synology_event(const struct ir_csv_header *h, struct ir_str event, struct ir_event *ev)
{
    ir_event_source(ev, IR_LS_SYNOLOGY_DSM);
    if (h->files)
        ir_file_word(ev, event);
    else
        ir_synology_message(event, ev);
}

void ir_csv_synology_file(struct ir_event *ev)
{
    struct ir_str name = ir_event_get(ev, IR_F_FILE_PATH, 0);
    if (name.p == NULL) name = ir_event_get(ev, IR_F_FILE_NAME, 0);
    if (ir_str_eq(ir_event_get(ev, IR_F_EVENT_ACTION, 0), IR_S("file_rename")))
        ir_file_new_name(ev, name);
}
