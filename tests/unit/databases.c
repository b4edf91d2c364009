/*
 * Logs of database servers: format/mysql*.c, postgres*.c and their messages. With IR_SHARED: the
 * parser assertions of another project's PostgreSQL samples.
 */
#include "rows.h"

extern const struct ir_format ir_format_mysql_slow, ir_format_mysql_general, ir_format_postgres,
    ir_format_postgres_csv;

#define AT "time=2026-11-22T01:02:03Z|"

static void test_mysql(void)
{
    static const char *const lines[] = {
        "2026-11-22T01:02:03Z 8 [Note] [MY-010926] [Server] Access denied for user "
        "'bob'@'192.0.2.7' (using password: YES)",
        "2026-11-22T01:02:03Z 8 [Note] Access denied for user 'bob'@'192.0.2.7' (using password: "
        "NO)",
        "2026-11-22  1:02:03 8 [Warning] Access denied for user 'bob'@'192.0.2.7' (using password: "
        "YES)",
        "2026-11-22  1:02:03 139876 [Warning] Access denied for user 'bob'@'192.0.2.7' to database "
        "'shop'",
        "261122  1:02:03 [Warning] Access denied for user 'bob'@'192.0.2.7' (using password: YES)",
    };
    struct lines t;
    lines_open(&t, "mysql", 1795400000);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        gives(&t, ir_str_z(lines[i]),
              AT "user.name=bob|source.ip=192.0.2.7|event.outcome=failure|"
                 "event.action=database_login");
        ok(has_source(&t, IR_LS_MYSQL), "log source");
        prefixes(&t, ir_str_z(lines[i]));
    }
    /* the name is whatever the client sends */
    gives(&t,
          IR_S("2026-11-22T01:02:03Z 8 [Note] Access denied for user 'a'@'203.0.113.1' (using "
               "password: YES)'@'192.0.2.7' (using password: YES)"),
          "user.name=a'@'203.0.113.1' (using password: YES)|source.ip=192.0.2.7");
    gives(&t,
          IR_S("2026-11-22T01:02:03Z 8 [Note] Aborted connection 8 to db: 'shop' user: 'bob' host: "
               "'192.0.2.7' (Got timeout)"),
          "user.name=bob|source.ip=192.0.2.7|event.action=connection-aborted");
    gives(&t,
          IR_S("2026-11-22T01:02:03Z 0 [System] [MY-010931] [Server] x: ready for connections."),
          "event.action=service-started|event.code=MY-010931|log.level=System");
    refuses(&t, IR_S("2026-11-22T01:02:03Z 8 words"));
    refuses(&t, IR_S("2026-11-22T01:02:03Z 8 [Other] words"));
    refuses(&t, IR_S("2026-13-22  1:02:03 8 [Note] words"));
    lines_close(&t);
}

static void test_mysql_audit(void)
{
    struct lines t;
    lines_open(&t, "mysql_audit", 1795400000);
    gives(&t,
          IR_S("20261122 01:02:03,db1,bob,192.0.2.7,8,9,QUERY,shop,'SELECT \\'a,b\\' FROM t',0"),
          AT "host.name=db1|user.name=bob|source.ip=192.0.2.7|event.action=QUERY|db.name=shop|"
             "message=SELECT 'a,b' FROM t|event.outcome=success|error.code=0");
    gives(&t, IR_S("20261122 01:02:03,db1,bob,192.0.2.7,8,0,FAILED_CONNECT,,,1045"),
          "event.outcome=failure|event.category=authentication|message=-");
    gives(&t, IR_S("20261122 01:02:03,db1,bob,localhost,8,0,CONNECT,shop,,0"),
          "event.outcome=success|source.ip=-|source.domain=localhost");
    prefixes(&t, IR_S("20261122 01:02:03,db1,bob,192.0.2.7,8,9,QUERY,shop,'SELECT 1',0"));
    gives(&t, IR_S("20261122 01:02:03,db1,a,b,192.0.2.7,8,0,FAILED_CONNECT,,,1045"),
          "user.name=a,b|source.ip=192.0.2.7|event.outcome=failure");
    gives(&t,
          IR_S("20261122 01:02:03,db1,x,192.0.2.9,1,0,CONNECT,,,0,192.0.2.7,8,0,"
               "FAILED_CONNECT,,,1045"),
          "user.name=-|source.ip=-|event.outcome=failure|tags=log_injection");
    gives(&t,
          IR_S("20261122 01:02:03,db1,x,192.0.2.7,8,0,FAILED_CONNECT,y,192.0.2.9,1,0,CONNECT,"
               "z,,1044"),
          "user.name=-|source.ip=-|event.outcome=failure|tags=log_injection");
    gives(&t,
          IR_S("20261122 01:02:03,db1,bob,192.0.2.7,8,9,QUERY,shop,'a,192.0.2.9,1,0,CONNECT,,,"
               "0',0"),
          "user.name=bob|source.ip=192.0.2.7|event.action=QUERY");
    refuses(&t, IR_S("20261122 01:02:03,db1,bob,192.0.2.7,8,9,query,shop,'x',0"));
    lines_close(&t);
}

static void test_mysql_slow(void)
{
    static const char text[] =
        "/usr/sbin/mysqld, Version: x\nTcp port: 3306\n"
        "# Time: 2026-11-22T01:02:03.000000Z\n"
        "# User@Host: bob[bob] @ pc [192.0.2.7]  Id:     8\n"
        "# Query_time: 2.500000  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 7\n"
        "use shop;\nSET timestamp=1795309323;\nSELECT a\n# User@Host: forged\n FROM t;\n"
        "# User@Host: eve[eve] @ localhost []  Id:     9\n"
        "# Query_time: 3.000000  Lock_time: 0.000000\nSET timestamp=1795309324;\nSELECT 2;\n";
    struct ir_str all = ir_str_z(text), rest = all, rec;
    struct lines t;
    lines_open(&t, "mysql_slow", 1795400000);
    is_int(documents(&ir_format_mysql_slow, all), 3, "a remark of the server and two entries");
    is_int(ir_format_mysql_slow.bid(all), 95, "bid");
    ir_format_mysql_slow.next(&rest, &rec);
    refuses(&t, rec);
    ir_format_mysql_slow.next(&rest, &rec);
    gives(&t, rec,
          AT "user.name=bob|source.ip=192.0.2.7|db.name=shop|Query_time=2.500000|Rows_examined=7|"
             "message=SELECT a\n# User@Host: forged\n FROM t;|event.action=slow-query");
    prefixes(&t, rec);
    ir_format_mysql_slow.next(&rest, &rec);
    gives(&t, rec, "user.name=eve|source.ip=-|time=2026-11-22T01:02:04Z");
    lines_close(&t);
}

static void test_mysql_general(void)
{
    static const char text[] =
        "/usr/sbin/mysqld, Version: 8.0.40 (MySQL). started with:\nTcp port: 3306  Unix socket: x\n"
        "Time                 Id Command    Argument\n"
        "2026-11-22T01:02:03.000000Z\t    8 Connect\tbob@192.0.2.7 on shop using SSL/TLS\n"
        "\t\t    8 Query\tSELECT a\n\n  FROM t\n"
        "261122  1:02:04\t     9 Connect\tAccess denied for user 'eve'@'192.0.2.8' (using "
        "password: YES)\n"
        "\t\t     9 Quit\t\n";
    struct ir_str rest = ir_str_z(text), rec;
    struct lines t;
    lines_open(&t, "mysql_general", 1795400000);
    is_int(documents(&ir_format_mysql_general, rest), 5, "a head and four records");
    is_int(ir_format_mysql_general.bid(rest), 95, "bid");
    is_int(ir_format_mysql_general.bid(IR_S("Time\tId Command\n\t\t 8 Words\tx\n")), 0, "none");
    ir_format_mysql_general.next(&rest, &rec);
    gives(&t, rec, "event.action=service-started|user.name=-");
    ir_format_mysql_general.next(&rest, &rec);
    gives(&t, rec,
          AT "user.name=bob|source.ip=192.0.2.7|db.name=shop|event.action=Connect|"
             "process.thread.id=8|event.outcome=-");
    prefixes(&t, rec);
    ir_format_mysql_general.next(&rest, &rec);
    gives(&t, rec, AT "event.action=Query|message=SELECT a\n\n  FROM t");
    ir_format_mysql_general.next(&rest, &rec);
    gives(&t, rec,
          "time=2026-11-22T01:02:04Z|user.name=eve|source.ip=192.0.2.8|event.outcome=failure");
    ir_format_mysql_general.next(&rest, &rec);
    gives(&t, rec, "time=2026-11-22T01:02:04Z|event.action=Quit|process.thread.id=9");
    gives(&t, IR_S("\t\t    8 Connect\tx@203.0.113.6 on y@192.0.2.7 on z using Socket"),
          "user.name=-|source.ip=-|event.action=Connect");
    refuses(&t, IR_S("\t\t    8 Connected\tbob@192.0.2.7 on shop"));
    refuses(&t, IR_S("2026-11-22T01:02:03.000000Z 8 [Note] x"));
    lines_close(&t);
}

static void test_postgres(void)
{
    struct lines t;
    lines_open(&t, "postgresql", 1795400000);
    gives(&t,
          IR_S("2026-11-22 10:02:03.000 JST [4711] bob@shop FATAL:  password authentication failed "
               "for user \"bob\""),
          AT "user.name=bob|db.name=shop|process.pid=4711|event.outcome=failure|log.level=FATAL");
    gives(&t,
          IR_S("2026-11-22 01:02:03 UTC:192.0.2.7(4712):bob@shop:[99]:ERROR:  relation \"x\" does "
               "not exist"),
          AT "user.name=bob|source.ip=192.0.2.7|source.port=4712|process.pid=99|event.outcome=-");
    gives(&t,
          IR_S("192.0.2.7 2026-11-22 01:02:03.000 UTC [4711] 203.0.113.6 x@shop FATAL:  password "
               "authentication failed for user \"203.0.113.6 x\""),
          AT "source.ip=192.0.2.7|db.name=shop|process.pid=4711|event.outcome=failure");
    gives(&t, IR_S("[99] [local] 2026-11-22 01:02:03 UTC LOG:  x"), AT "process.pid=99");
    gives(&t, IR_S("2026-11-22 01:02:03 UTC:2001:db8::7(4712):bob@shop:[99]:LOG:  x"),
          "source.ip=2001:db8::7|user.name=bob");
    gives(
        &t,
        IR_S("2026-11-22 01:02:03 UTC [99]: [3-1] user=bob,db=shop,app=psql,client=192.0.2.7 LOG:  "
             "connection authorized: user=bob database=shop"),
        AT "user.name=bob|db.name=shop|source.ip=192.0.2.7|event.outcome=success");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [1] LOG:  connection received: host=192.0.2.7 "
               "port=4712"),
          "source.ip=192.0.2.7|source.port=4712");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [1] a@b FATAL:  no pg_hba.conf entry for host "
               "\"192.0.2.7\", user \"x\", user \"y\", database \"b\", no encryption"),
          "source.ip=192.0.2.7|event.outcome=failure");
    gives(&t, IR_S("2026-11-22 01:02:03.000 UTC [1] LOG:  statement: SELECT 1\n\tFATAL:  x"),
          "log.level=LOG|message=statement: SELECT 1\n\tFATAL:  x|event.outcome=-");
    /* what a client lets the server log */
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [1] LOG:  statement: -- password authentication failed "
               "for user \"x\""),
          "log.level=LOG|event.outcome=-");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [1] STATEMENT:  password authentication failed for "
               "user \"x\""),
          "log.level=STATEMENT|event.outcome=-");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [1] NOTICE:  connection authorized: user=x database=y"),
          "log.level=NOTICE|event.outcome=-");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [1] 文:  ユーザー\"x\"のパスワード認証に失敗しました"),
          "log.level=STATEMENT|event.outcome=-");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [1] 203.0.113.6 client=203.0.113.6,x@shop FATAL:  "
               "password authentication failed for user \"203.0.113.6 client=203.0.113.6,x\""),
          "source.ip=-|db.name=shop|event.outcome=failure|"
          "user.name=203.0.113.6 client=203.0.113.6,x");
    gives(&t,
          IR_S("2026-11-22 01:02:03 UTC:192.0.2.7(4712):a:203.0.113.6@shop:[99]:FATAL:  password "
               "authentication failed for user \"a:203.0.113.6\""),
          "source.ip=192.0.2.7|db.name=shop|user.name=a:203.0.113.6|process.pid=99");
    /* a name that holds a log-in; and an application's, behind a log-in that was one */
    gives(
        &t,
        IR_S("2026-11-22 01:02:03.000 UTC [1] x LOG:  connection authorized: user=admin database=a"
             "@shop FATAL:  password authentication failed for user \"x LOG:  connection "
             "authorized: user=admin database=a\""),
        "log.level=FATAL|event.outcome=failure|"
        "user.name=x LOG:  connection authorized: user=admin database=a");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [1] bob@shop LOG:  connection authorized: user=bob "
               "database=shop application_name=FATAL:  role \"p LOG:  connection\" does not exist"),
          "log.level=LOG|event.outcome=success|user.name=bob");
    gives(
        &t,
        IR_S("2026-11-22 01:02:03.000 UTC [1] LOG:  connection authorized: user=bob database=shop "
             "application_name=x user=admin database=y"),
        "event.outcome=success|user.name=bob|db.name=shop");
    refuses(&t, IR_S("2026-11-22 01:02:03.000 UTC [1] words"));
    is_int(ir_format_postgres.bid(IR_S("int x;\n\ty();\n\tz();\n")), 0, "a program text");
    is_int(ir_format_postgres.bid(IR_S("\tb\n2026-11-22 01:02:03 UTC LOG:  x\n")), 92, "bid");
    refuses(&t, IR_S("a b c 2026-11-22 01:02:03.000 UTC [1] LOG:  words"));
    refuses(&t, IR_S("2026-11-22 01:02:03.000 UTC [1] CATALOG:  words"));
    prefixes(&t, IR_S("2026-11-22 01:02:03 UTC:192.0.2.7(4712):bob@shop:[99]:FATAL:  role \"x\" "
                      "does not exist"));
    is_int(
        documents(&ir_format_postgres, IR_S("2026-11-22 01:02:03 UTC LOG:  a\n\tb\n\tc\n2026-11-22 "
                                            "01:02:03 UTC LOG:  d\n")),
        2, "a statement of three lines is one record");
    lines_close(&t);
}

/* The default prefix has no address; another line of the process has. */
static void test_postgres_peers(void)
{
    struct lines t;
    struct ir_peers peers = {0};
    lines_open(&t, "postgresql", 1795400000);
    t.parser.peers = &peers;
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [99] LOG:  connection received: host=192.0.2.7 "
               "port=4712"),
          "source.ip=192.0.2.7");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [98] FATAL:  password authentication failed for "
               "user \"bob\""),
          "source.ip=-|user.name=bob|event.outcome=failure");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [99] FATAL:  password authentication failed for "
               "user \"bob\""),
          "source.ip=192.0.2.7|source.port=4712|user.name=bob|event.outcome=failure");
    gives(&t,
          IR_S("2026-11-22 01:02:03.000 UTC [99] LOG:  connection authorized: user=bob "
               "database=shop"),
          "source.ip=192.0.2.7|user.name=bob|event.outcome=success");
    gives(&t, IR_S("2026-11-22 01:02:03.000 UTC [99] LOG:  statement: SELECT 1"), "source.ip=-");
    gives(&t,
          IR_S("2026-11-22 02:02:03.000 UTC [99] FATAL:  password authentication failed for "
               "user \"bob\""),
          "source.ip=-");
    lines_close(&t);
}

static void test_postgres_languages(void)
{
#define UTC "2026-11-22 01:02:03.000 UTC [99] "
    static const char *const lines[] = {
        UTC "FATAL:  ユーザー\"bob\"のパスワード認証に失敗しました",
        UTC "致命的エラー:  ユーザ\"bob\"のパスワード認証に失敗しました",
        UTC "FATAL:  Passwort-Authentifizierung für Benutzer »bob« fehlgeschlagen",
        UTC "FATAL:  authentification par mot de passe échouée pour l'utilisateur "
            "«\u00a0bob\u00a0»",
        UTC "FATAL:  la autentificación password falló para el usuario «bob»",
        UTC "致命错误:  用户 \"bob\" Password 认证失败",
        UTC "치명적오류:  사용자 \"bob\"의 password 인증을 실패했습니다",
    };
    static const char *const hosts[] = {
        UTC "ログ:  接続を受け付けました: ホスト=192.0.2.7 ポート番号=4712",
        UTC "LOG:  Verbindung empfangen: Host=192.0.2.7 Port=4712",
        UTC "LOG:  connexion reçue : hôte=192.0.2.7 port=4712",
        UTC "LOG:  conexión recibida: host=192.0.2.7 port=4712",
        UTC "日志:  接收到连接: 主机=192.0.2.7 端口=4712",
        UTC "로그:  접속 수락: host=192.0.2.7 port=4712",
    };
    struct lines t;
    lines_open(&t, "postgresql", 1795400000);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        gives(&t, ir_str_z(lines[i]),
              AT "user.name=bob|event.outcome=failure|log.level=FATAL|process.pid=99");
        ok(has_source(&t, IR_LS_AUTHENTICATION), "  authentication");
        prefixes(&t, ir_str_z(lines[i]));
    }
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        gives(
            &t, ir_str_z(hosts[i]),
            "source.ip=192.0.2.7|source.port=4712|log.level=LOG|event.action=connection-received");
    gives(&t,
          IR_S(UTC "LOG:  接続の認証完了: ユーザー=bob データベース=shop application_name=psql"),
          "user.name=bob|db.name=shop|event.action=database_login|event.outcome=success");
    gives(&t,
          IR_S(UTC
               "FATAL:  pg_hba.conf にホスト\"192.0.2.7\"、ユーザー\"bob\"、データベース\"shop, "
               "暗号化なし用のエントリがありません"),
          "source.ip=192.0.2.7|user.name=bob|db.name=shop|event.outcome=failure");
    gives(&t,
          IR_S(UTC "FATAL:  ホスト\"192.0.2.7\"、ユーザー\"a\"、ユーザー\"b\"、データベース"
                   "\"shop\", 暗号化なし用のエントリがpg_hba.confにありません"),
          "source.ip=192.0.2.7|user.name=a\"、ユーザー\"b|db.name=shop|event.outcome=failure");
    gives(&t,
          IR_S(UTC "FATAL:  kein pg_hba.conf-Eintrag für Host »192.0.2.7«, Benutzer »bob«, "
                   "Datenbank »shop«, keine Verschlüsselung"),
          "source.ip=192.0.2.7|user.name=bob|db.name=shop|event.outcome=failure");
    gives(&t, IR_S(UTC "DÉTAIL\u00a0:  La connexion correspond"), "log.level=DETAIL");
    gives(&t, IR_S(UTC "ログ:  文: SELECT 'ユーザー\"x\"の認証に失敗しました'"),
          "log.level=LOG|user.name=-|event.outcome=-");
    refuses(&t, IR_S(UTC "大エラー:  x"));
    is_int(ir_format_postgres.bid(IR_S(UTC "ログ:  a\n" UTC "エラー:  b\n")), 92, "bid");
    lines_close(&t);
}

static void test_postgres_csv(void)
{
    static const char row[] =
        "2026-11-22 01:02:03.000 UTC,\"bob\",\"shop\",4711,\"192.0.2.7:4712\",637b.1,3,"
        "\"authentication\",2026-11-22 01:02:00 UTC,3/4,0,FATAL,28P01,\"password authentication "
        "failed for user \"\"bob\"\"\",\"line one\nline, two\",,,,,,,,\"psql\"\n";
    struct lines t;
    lines_open(&t, "postgresql_csv", 1795400000);
    gives(&t, ir_str_n(row, sizeof row - 2),
          AT "user.name=bob|db.name=shop|source.ip=192.0.2.7|source.port=4712|process.pid=4711|"
             "event.outcome=failure|log.level=FATAL|error.code=28P01|detail=line one\nline, two|"
             "message=password authentication failed for user \"bob\"|application_name=psql");
    prefixes(&t, ir_str_n(row, sizeof row - 2));
    is_int(ir_format_postgres_csv.bid(ir_str_z(row)), 95, "bid");
    char twice[2 * sizeof row];
    snprintf(twice, sizeof twice, "%s%s", row, row);
    is_int(documents(&ir_format_postgres_csv, ir_str_z(twice)), 2, "rows of two lines");
    is_int(documents(&ir_format_postgres_csv, IR_S("a,\"b\nc\nd\n")), 3,
           "a quote without its end swallows nothing");
    refuses(&t, IR_S("2026-11-22 01:02:03.000 UTC,a,b,c"));
    lines_close(&t);
}

static void crowdsec(const char *root)
{
    char path[1200], buf[8192];
    unsigned lines = 0, good = 0;
    struct lines t;
    snprintf(path, sizeof path, "%s/pgsql-logs.log", root);
    FILE *f = fopen(path, "r");
    lines_open(&t, "postgresql", 1795400000);
    while (f != NULL && fgets(buf, sizeof buf, f) != NULL) {
        buf[strcspn(buf, "\r\n")] = '\0';
        lines++;
        good += parse_one(&t, ir_str_z(buf)) == IR_OK && field(&t, IR_F_USER_NAME).n > 0 &&
                field(&t, IR_F_SOURCE_IP).n > 0 && (t.ev->flags & IR_EV_TIME) != 0 &&
                ir_str_eq(field(&t, IR_F_EVENT_OUTCOME), IR_S("failure"));
    }
    if (f != NULL) fclose(f);
    lines_close(&t);
    ok(lines > 0 && good == lines, "%u of %u refused logins have user, address and time", good,
       lines);
}

/* Inside syslog the servers write less or more of their own head. */
static void test_syslog(void)
{
    struct lines t;
    lines_open(&t, "syslog", 1795400000);
    says(&t, "postgres[4711]",
         "[3-1] bob@shop FATAL:  password authentication failed for user \"bob\"",
         "bob|-|failure|database_login");
    ok(has_source(&t, IR_LS_POSTGRESQL) && has_source(&t, IR_LS_AUTHENTICATION), "log sources");
    says(&t, "postgres[4711]",
         "2026-11-22 01:02:03.123 JST [9] LOG:  connection received: host=192.0.2.7 port=4712",
         "-|192.0.2.7|-|connection-received");
    says(&t, "postgres[4711]", "[3-2] #011FATAL: x", "-|-|-|-");
    says(&t, "mariadbd[99]",
         "2026-11-22  1:02:03 8 [Warning] Access denied for user 'x'@'203.0.113.6'@'192.0.2.7' "
         "(using password: YES)",
         "x'@'203.0.113.6|192.0.2.7|failure|database_login");
    ok(has_source(&t, IR_LS_MYSQL), "log source");
    says(&t, "mysqld[99]",
         "[Warning] Access denied for user 'bob'@'192.0.2.7' (using password: NO)",
         "bob|192.0.2.7|failure|database_login");
    says(&t, "mysqld[99]", "Access denied for user 'bob'@'pc' (using password: NO)",
         "bob|-|failure|database_login");
    lines_close(&t);
}

int main(void)
{
    char root[1024];
    test_mysql();
    test_mysql_audit();
    test_mysql_slow();
    test_mysql_general();
    test_postgres();
    test_postgres_peers();
    test_postgres_languages();
    test_postgres_csv();
    test_syslog();
    if (ir_tap_shared("data/crowdsec/pgsql-logs", root, sizeof root))
        crowdsec(root);
    else
        skip("no samples of PostgreSQL below IR_SHARED");
    return done();
}
