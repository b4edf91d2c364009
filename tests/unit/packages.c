/*
 * Logs of package managers, and the text logs of Windows: format/dpkg.c, dnf.c, apt_history.c,
 * mplog.c, pfirewall.c.
 */
#include "rows.h"

extern const struct ir_format ir_format_apt_history, ir_format_pfirewall, ir_format_dnf;

#define AT "time=2026-11-22T01:02:03Z|"

static void test_dpkg(void)
{
    struct lines t;
    lines_open(&t, "dpkg", 1795400000);
    gives(&t, IR_S("2026-11-22 01:02:03 install nmap:amd64 <none> 7.93"),
          AT
          "event.action=install|package.name=nmap|package.version=7.93|package.architecture=amd64");
    gives(&t, IR_S("2026-11-22 01:02:03 status installed nmap:amd64 7.93"),
          AT "event.action=status|package.status=installed|package.name=nmap|package.version=7.93");
    gives(&t, IR_S("2026-11-22 01:02:03 remove nmap:amd64 7.93 <none>"),
          "event.action=remove|package.version=7.93");
    gives(&t, IR_S("2026-11-22 01:02:03 upgrade nmap:amd64 7.93 7.94"), "package.version=7.94");
    gives(&t, IR_S("2026-11-22 01:02:03 startup archives unpack"), "package.name=-");
    ok(has_source(&t, IR_LS_LINUX_PACKAGES), "log source");
    gives(&t, IR_S("2026-11-22 01:02:03 conffile /etc/a keep"), "file.path=/etc/a");
    refuses(&t, IR_S("2026-11-22 01:02:03 word nmap:amd64 7.93"));
    refuses(&t, IR_S("2026-11-22 01:02:03 install"));
    prefixes(&t, IR_S("2026-11-22 01:02:03 install nmap:amd64 <none> 7.93"));
    lines_close(&t);
}

static void test_dnf(void)
{
    struct lines t;
    lines_open(&t, "dnf", 1795400000);
    gives(&t, IR_S("2026-11-22T10:02:03+0900 SUBDEBUG Installed: nmap-3:7.92-1.x86_64"),
          AT "event.action=install|package.name=nmap-3:7.92-1.x86_64|log.level=SUBDEBUG");
    gives(&t, IR_S("2026-11-22T01:02:03Z DDEBUG Command: dnf install nmap "),
          AT "process.command_line=dnf install nmap |event.action=-");
    gives(&t, IR_S("Nov 22 01:02:03 Erased: nmap-7.92"),
          AT "event.action=remove|package.name=nmap-7.92");
    refuses(&t, IR_S("Nov 22 01:02:03 web sshd[1]: Installed: x"));
    refuses(&t, IR_S("2026-11-22T01:02:03Z words"));
    prefixes(&t, IR_S("Nov 22 01:02:03 Erased: nmap-7.92"));
    is_int(ir_format_dnf.bid(IR_S("Nov 22 01:02:03 Erased: nmap-7.92\n")), 92, "bid over syslog's");
    lines_close(&t);
}

static void test_apt(void)
{
    static const char text[] =
        "\nStart-Date: 2026-11-22  01:02:03\nCommandline: apt install nmap\n"
        "Requested-By: mori (1000)\nInstall: nmap:amd64 (7.93), x:amd64 (1)\n"
        "End-Date: 2026-11-22  01:02:09\n\nStart-Date: 2026-11-22  02:00:00\n"
        "Commandline: apt purge nmap\nPurge: nmap:amd64 (7.93)\nError: Sub-process failed\n"
        "End-Date: 2026-11-22  02:00:01\n";
    struct ir_str all = ir_str_z(text), rest = all, rec;
    struct lines t;
    lines_open(&t, "apt_history", 1795400000);
    is_int(documents(&ir_format_apt_history, all), 2, "two runs");
    is_int(ir_format_apt_history.bid(all), 95, "bid");
    ir_format_apt_history.next(&rest, &rec);
    gives(&t, rec,
          AT "event.action=install|user.name=mori|user.id=1000|"
             "process.command_line=apt install nmap|Install=nmap:amd64 (7.93), x:amd64 (1)");
    prefixes(&t, rec);
    ir_format_apt_history.next(&rest, &rec);
    gives(&t, rec, "event.action=purge|event.outcome=failure|error.message=Sub-process failed");
    gives(&t, IR_S("Log started: 2026-11-22  01:02:03\nUnpacking nmap (7.93) ..."),
          AT "event.action=-");
    refuses(&t, IR_S("Start-Date: yesterday"));
    refuses(&t, IR_S("words"));
    lines_close(&t);
}

static void test_mplog(void)
{
    struct lines t;
    lines_open(&t, "mplog", 1795400000);
    gives(&t,
          IR_S("2026-11-22T01:02:03.000Z DETECTIONEVENT MPSOURCE_REALTIME Virus:DOS/Test_File "
               "file:C:\\Users\\mori\\a b.exe;"),
          AT "event.action=DETECTIONEVENT|rule.name=Virus:DOS/Test_File|"
             "file.path=C:\\Users\\mori\\a b.exe");
    ok(has_source(&t, IR_LS_ANTIVIRUS), "log source");
    gives(&t,
          IR_S("2026-11-22T01:02:03.000Z DETECTION_CLEANEVENT MPSOURCE_USER "
               "MP_THREAT_ACTION_QUARANTINE 0x0 Virus:DOS/Test_File file:C:\\a"),
          "event.action=MP_THREAT_ACTION_QUARANTINE|rule.name=Virus:DOS/Test_File|file.path=C:\\a");
    gives(&t,
          IR_S("2026-11-22T01:02:03.000Z ProcessImageName: a.exe, Pid: 7, TotalTime: 1, Count: 2, "
               "MaxTime: 1, MaxTimeFile: \\Device\\a, EstimatedImpact: 3%"),
          "process.name=a.exe|process.pid=7|file.path=\\Device\\a");
    gives(&t, IR_S("2026-11-22T01:02:03.000Z other words"), "message=other words");
    refuses(&t, IR_S("words"));
    prefixes(&t, IR_S("2026-11-22T01:02:03.000Z DETECTION_ADD Virus:DOS/X file:C:\\a"));
    lines_close(&t);
    lines_open(&t, "text", 1795400000);
    line(&t, "2026-11-22T01:02:03.000Z other words");
    is_str(ir_str_z(t.took->name), "text", "elsewhere only certain lines are taken");
    lines_close(&t);
}

static void test_pfirewall(void)
{
    const char *row =
        "2026-11-22 01:02:03 DROP TCP 192.0.2.7 198.51.100.2 4711 3389 52 S 1 0 8192 - "
        "- - RECEIVE 7";
    struct lines t;
    lines_open(&t, "pfirewall", 1795400000);
    gives(&t, ir_str_z(row),
          AT "event.action=DROP|event.outcome=failure|network.transport=tcp|source.ip=192.0.2.7|"
             "destination.ip=198.51.100.2|source.port=4711|destination.port=3389|process.pid=7|"
             "network.direction=inbound|tcpflags=S|network.bytes=52");
    ok(has_source(&t, IR_LS_FIREWALL), "log source");
    prefixes(&t, ir_str_z(row));
    gives(&t, IR_S("#Fields: date time action protocol src-ip"), "source.ip=-");
    gives(&t, IR_S("2026-11-22 01:02:03 ALLOW UDP 2001:db8::7"),
          "source.ip=2001:db8::7|event.outcome=success|destination.ip=-");
    gives(&t, ir_str_z(row), "source.ip=192.0.2.7|destination.ip=-");
    ok(t.ev->flags & IR_EV_DAMAGED, "words that no column names are told");
    refuses(&t, IR_S("words"));
    is_int(ir_format_pfirewall.bid(
               IR_S("#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n")),
           98, "bid");
    lines_close(&t);
}

int main(void)
{
    test_dpkg();
    test_dnf();
    test_apt();
    test_mplog();
    test_pfirewall();
    return done();
}
