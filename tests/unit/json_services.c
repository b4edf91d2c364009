/*
 * Records of services in JSON: log source, time, who, from where, what, and whether it worked.
 * format/json_sources.def, json_ecs.c, json_wrapper.c, cri.c and Docker's files.
 */
#include "rows.h"

extern const struct ir_format ir_format_json_docs;

#define T "time=2026-11-22T01:02:03Z|"

static const struct {
    enum ir_logsource_id ls;
    const char *record, *want;
} cases[] = {
    {IR_LS_LINUX_MODSECURITY,
     "{\"transaction\":{\"time\":\"22/Nov/2026:10:02:03 +0900\",\"transaction_id\":\"Z\","
     "\"remote_address\":\"192.0.2.7\",\"remote_port\":41234,\"local_address\":\"198.51.100.1\","
     "\"local_port\":443},\"request\":{\"request_line\":\"GET /a?id=1 HTTP/1.1\",\"headers\":{"
     "\"Host\":\"www.example.com\",\"User-Agent\":\"x\"}},\"response\":{\"status\":403},"
     "\"audit_data\":{\"action\":{\"intercepted\":true,\"phase\":2,\"message\":\"m\"}}}",
     T "event.action=waf_denied|event.outcome=failure|source.ip=192.0.2.7|source.port=41234|"
       "destination.ip=198.51.100.1|destination.port=443|url.path=/a|url.query=id=1|"
       "url.domain=www.example.com|user_agent.original=x|http.response.status_code=403|"
       "event.reason=m"},
    {IR_LS_LINUX_MODSECURITY,
     "{\"transaction\":{\"client_ip\":\"192.0.2.7\",\"time_stamp\":\"Sun Nov 22 01:02:03 2026\","
     "\"client_port\":41234,\"host_ip\":\"198.51.100.1\",\"host_port\":80,\"unique_id\":\"1\","
     "\"request\":{\"method\":\"GET\",\"http_version\":1.1,\"uri\":\"/a?id=1\",\"headers\":{"
     "\"Host\":\"www.example.com\"}},\"response\":{\"http_code\":403},\"producer\":{"
     "\"secrules_engine\":\"Enabled\"},\"messages\":[{\"message\":\"m\",\"details\":{\"ruleId\":"
     "\"942100\"}}]}}",
     T "event.action=waf_denied|source.ip=192.0.2.7|url.path=/a|url.domain=www.example.com|"
       "rule.id=942100|event.reason=m|http.response.status_code=403"},
    {IR_LS_LINUX_MODSECURITY,
     "{\"transaction\":{\"client_ip\":\"192.0.2.7\",\"time_stamp\":\"Sun Nov 22 01:02:03 2026\","
     "\"unique_id\":\"1\",\"response\":{\"http_code\":403},\"producer\":{"
     "\"secrules_engine\":\"DetectionOnly\"},\"messages\":[{\"details\":{\"ruleId\":\"1\"}}]}}",
     "event.action=http_request"},
    {IR_LS_AWS_CLOUDTRAIL,
     "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"mori\"},"
     "\"eventTime\":\"2026-11-22T01:02:03Z\",\"eventSource\":\"signin.amazonaws.com\","
     "\"eventName\":"
     "\"ConsoleLogin\",\"sourceIPAddress\":\"192.0.2.7\",\"userAgent\":\"a\\\"b\","
     "\"responseElements\":{\"ConsoleLogin\":\"Failure\"}}",
     T "event.action=ConsoleLogin|user.name=mori|source.ip=192.0.2.7|event.outcome=failure|"
       "user_agent.original=a\"b"},
    {IR_LS_AWS_CLOUDTRAIL,
     "{\"EventId\":\"x\",\"CloudTrailEvent\":\"{\\\"eventTime\\\":\\\"2026-11-22T01:02:03Z\\\","
     "\\\"eventSource\\\":\\\"iam.amazonaws.com\\\",\\\"eventName\\\":\\\"CreateUser\\\","
     "\\\"sourceIPAddress\\\":\\\"cloudformation.amazonaws.com\\\",\\\"errorCode\\\":"
     "\\\"AccessDenied\\\"}\"}",
     "event.action=CreateUser|event.outcome=failure|source.ip=-|"
     "source.domain=cloudformation.amazonaws.com"},
    {IR_LS_AZURE_SIGNINLOGS,
     "{\"time\":\"2026-11-22T01:02:03Z\",\"category\":\"SignInLogs\",\"operationName\":\"Sign-in "
     "activity\",\"resultType\":\"50126\",\"callerIpAddress\":\"192.0.2.9\",\"properties\":{"
     "\"userPrincipalName\":\"mori@example.com\",\"ipAddress\":\"192.0.2.7\",\"status\":{"
     "\"errorCode\":50126}}}",
     T "user.name=mori@example.com|source.ip=192.0.2.7|event.outcome=failure|"
       "event.action=Sign-in activity"},
    {IR_LS_AZURE_SIGNINLOGS,
     "{\"createdDateTime\":\"2026-11-22T01:02:03Z\",\"userPrincipalName\":\"mori@example.com\","
     "\"ipAddress\":\"2001:db8::7\",\"clientAppUsed\":\"Browser\",\"status\":{\"errorCode\":0}}",
     T "user.name=mori@example.com|source.ip=2001:db8::7|event.outcome=success"},
    {IR_LS_AZURE_AUDITLOGS,
     "{\"activityDateTime\":\"2026-11-22T01:02:03Z\",\"loggedByService\":\"Core Directory\","
     "\"activityDisplayName\":\"Add user\",\"result\":\"success\",\"initiatedBy\":{\"user\":{"
     "\"userPrincipalName\":\"adm@example.com\",\"ipAddress\":\"192.0.2.7\"}},\"targetResources\":["
     "{"
     "\"userPrincipalName\":\"new@example.com\"}]}",
     T "event.action=Add user|user.name=adm@example.com|source.ip=192.0.2.7|"
       "event.outcome=success|user.target.name=new@example.com"},
    {IR_LS_AZURE_ACTIVITYLOGS,
     "{\"time\":\"2026-11-22T01:02:03Z\",\"operationName\":\"MICROSOFT.COMPUTE/VIRTUALMACHINES/"
     "DELETE\",\"resultType\":\"Success\",\"callerIpAddress\":\"192.0.2.7\",\"identity\":{"
     "\"claims\":"
     "{\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn\":\"adm@example.com\"}}}",
     T "user.name=adm@example.com|source.ip=192.0.2.7|event.outcome=success"},
    {IR_LS_M365_AUDIT,
     "{\"CreationDate\":\"2026-11-22T01:02:03\",\"UserIds\":\"x\",\"AuditData\":\"{\\\"CreationTime"
     "\\\":\\\"2026-11-22T01:02:03\\\",\\\"Operation\\\":\\\"UserLoginFailed\\\",\\\"Workload\\\":"
     "\\\"AzureActiveDirectory\\\",\\\"UserId\\\":\\\"mori@example.com\\\",\\\"ClientIP\\\":"
     "\\\"[2001:db8::7]:4711\\\",\\\"ResultStatus\\\":\\\"Success\\\"}\"}",
     T "event.action=UserLoginFailed|user.name=mori@example.com|source.ip=2001:db8::7|"
       "source.port=4711|event.outcome=failure"},
    {IR_LS_M365_EXCHANGE,
     "{\"CreationTime\":\"2026-11-22T01:02:03\",\"Operation\":\"New-InboxRule\",\"Workload\":"
     "\"Exchange\",\"UserId\":\"mori@example.com\",\"ClientIP\":\"192.0.2.7:4711\","
     "\"ResultStatus\":\"True\"}",
     "event.action=New-InboxRule|source.ip=192.0.2.7|event.outcome=success"},
    {IR_LS_GCP_AUDIT,
     "{\"timestamp\":\"2026-11-22T01:02:03Z\",\"protoPayload\":{\"serviceName\":\"iam.googleapis."
     "com"
     "\",\"methodName\":\"google.iam.admin.v1.CreateServiceAccount\",\"authenticationInfo\":{"
     "\"principalEmail\":\"adm@example.com\"},\"requestMetadata\":{\"callerIp\":\"192.0.2.7\"},"
     "\"status\":{\"code\":7,\"message\":\"PERMISSION_DENIED\"}}}",
     T "event.action=google.iam.admin.v1.CreateServiceAccount|user.name=adm@example.com|"
       "source.ip=192.0.2.7|event.outcome=failure"},
    {IR_LS_POSTGRESQL,
     "{\"timestamp\":\"2026-11-22 10:02:03.000 JST\",\"user\":\"mori\",\"dbname\":\"shop\",\"pid\":"
     "4711,\"remote_host\":\"192.0.2.7\",\"remote_port\":51234,\"error_severity\":\"FATAL\","
     "\"state_code\":\"28P01\",\"message\":\"password authentication failed for user "
     "\\\"mori\\\"\","
     "\"backend_type\":\"client backend\"}",
     T "user.name=mori|source.ip=192.0.2.7|source.port=51234|event.outcome=failure|"
       "event.action=database_login|db.name=shop|error.code=28P01"},
    {IR_LS_AWS_S3,
     "{\"integration\":\"aws\",\"aws\":{\"bucket_owner\":\"79a5\",\"bucket\":\"backups\",\"time\":"
     "\"22/Nov/2026:01:02:03 "
     "+0000\",\"remote_ip\":\"192.0.2.7\",\"requester\":\"arn:aws:iam::1:user/"
     "mori\",\"operation\":\"REST.DELETE.OBJECT\",\"http_status\":\"204\",\"source\":\"s3_server_"
     "access"
     "\"}}",
     T "event.action=REST.DELETE.OBJECT|user.name=arn:aws:iam::1:user/mori|source.ip=192.0.2.7|"
       "http.response.status_code=204|bucket=backups"},
    {IR_LS_AWS_SECURITYHUB,
     "{\"detail-type\":\"Security Hub Findings - Imported\",\"time\":\"2026-11-22T01:02:03Z\","
     "\"detail\":{\"findings\":[{\"ProductArn\":\"arn:aws:securityhub:x\",\"Title\":\"Root key in "
     "use"
     "\",\"Severity\":{\"Label\":\"HIGH\"}}]}}",
     T "rule.name=Root key in use|event.severity=HIGH"},
    {IR_LS_WEBSERVER,
     "{\"insertId\":\"a\",\"logName\":\"projects/p/logs/requests\",\"timestamp\":"
     "\"2026-11-22T01:02:03Z\",\"httpRequest\":{\"remoteIp\":\"192.0.2.7\",\"requestMethod\":"
     "\"GET\","
     "\"requestUrl\":\"http://www.example.com/a?b=c\",\"status\":502}}",
     T "source.ip=192.0.2.7|url.domain=www.example.com|url.path=/a|http.response.status_code=502"},
    {IR_LS_GCP,
     "{\"integration\":\"gcp\",\"gcp\":{\"time_micros\":\"1\",\"c_ip\":\"192.0.2.7\",\"cs_method\":"
     "\"GET\",\"cs_uri\":\"/b/o\",\"sc_status\":\"206\",\"cs_host\":\"storage.googleapis.com\","
     "\"cs_operation\":\"storage.objects.get\",\"cs_bucket\":\"b\"}}",
     "source.ip=192.0.2.7|event.action=storage.objects.get|url.domain=storage.googleapis.com"},
    {IR_LS_GCP_AUDIT,
     "{\"integration\":\"gcp\",\"gcp\":{\"timestamp\":\"2026-11-22T01:02:03Z\",\"protoPayload\":{"
     "\"methodName\":\"v1.compute.firewalls.insert\",\"authenticationInfo\":{\"principalEmail\":"
     "\"adm@example.com\"}}}}",
     T "event.action=v1.compute.firewalls.insert|user.name=adm@example.com"},
    {IR_LS_FIREWALL,
     "{\"timestamp\":\"2026-11-22T01:02:03Z\",\"jsonPayload\":{\"connection\":{\"src_ip\":"
     "\"192.0.2.7\",\"src_port\":4711,\"dest_ip\":\"198.51.100.2\",\"dest_port\":22},"
     "\"disposition\":\"DENIED\"}}",
     T "event.action=DENIED|event.outcome=failure|source.ip=192.0.2.7|destination.port=22"},
    {IR_LS_GCP_WORKSPACE_LOGIN,
     "{\"kind\":\"admin#reports#activity\",\"id\":{\"time\":\"2026-11-22T01:02:03Z\","
     "\"applicationName\":\"login\"},\"actor\":{\"email\":\"mori@example.com\"},\"ipAddress\":"
     "\"192.0.2.7\",\"events\":[{\"type\":\"login\",\"name\":\"login_failure\"}]}",
     T "event.action=login_failure|user.name=mori@example.com|source.ip=192.0.2.7|"
       "event.outcome=failure"},
    {IR_LS_OKTA,
     "{\"published\":\"2026-11-22T01:02:03Z\",\"eventType\":\"user.session.start\","
     "\"displayMessage\":"
     "\"User login\",\"actor\":{\"alternateId\":\"mori@example.com\"},\"client\":{\"ipAddress\":"
     "\"192.0.2.7\"},\"outcome\":{\"result\":\"FAILURE\",\"reason\":\"INVALID\"}}",
     T "event.action=user.session.start|user.name=mori@example.com|source.ip=192.0.2.7|"
       "event.outcome=failure|event.reason=INVALID"},
    {IR_LS_GITHUB_AUDIT,
     "{\"@timestamp\":1795309323000,\"_document_id\":\"x\",\"action\":\"org.add_member\",\"actor\":"
     "\"mori\",\"actor_ip\":\"192.0.2.7\"}",
     T "event.action=org.add_member|user.name=mori|source.ip=192.0.2.7"},
    {IR_LS_KUBERNETES_AUDIT,
     "{\"kind\":\"Event\",\"auditID\":\"x\",\"stage\":\"ResponseComplete\",\"requestURI\":\"/api\","
     "\"verb\":\"create\",\"user\":{\"username\":\"system:anonymous\"},\"sourceIPs\":[\"192.0.2."
     "7\","
     "\"198.51.100.9\"],\"responseStatus\":{\"code\":403},\"requestReceivedTimestamp\":"
     "\"2026-11-22T01:02:03Z\"}",
     T "event.action=create|user.name=system:anonymous|source.ip=192.0.2.7|event.outcome=failure"},
    {IR_LS_OPENCANARY,
     "{\"dst_host\":\"198.51.100.1\",\"dst_port\":22,\"local_time\":\"2026-11-22 10:02:03\","
     "\"logdata\":{\"USERNAME\":\"root\",\"PASSWORD\":\"x\"},\"logtype\":4002,\"node_id\":\"nas\","
     "\"src_host\":\"192.0.2.7\",\"src_port\":4711,\"utc_time\":\"2026-11-22 01:02:03\"}",
     T "event.action=ssh-login|user.name=root|source.ip=192.0.2.7|source.port=4711|"
       "destination.port=22|event.outcome=failure|host.name=nas"},
    {IR_LS_COWRIE,
     "{\"eventid\":\"cowrie.login.failed\",\"username\":\"root\",\"password\":\"x\",\"message\":"
     "\"m\","
     "\"sensor\":\"pot\",\"timestamp\":\"2026-11-22T01:02:03Z\",\"src_ip\":\"192.0.2.7\","
     "\"session\":\"a\"}",
     T "event.action=cowrie.login.failed|user.name=root|source.ip=192.0.2.7|host.name=pot|"
       "event.outcome=failure"},
    {IR_LS_SURICATA,
     "{\"timestamp\":\"2026-11-22T01:02:03.000000+0000\",\"flow_id\":1,\"event_type\":\"alert\","
     "\"src_ip\":\"192.0.2.7\",\"src_port\":4711,\"dest_ip\":\"198.51.100.1\",\"dest_port\":80,"
     "\"proto\":\"TCP\",\"alert\":{\"action\":\"allowed\",\"signature_id\":1,\"signature\":"
     "\"SCAN\"}}",
     T "event.action=allowed|rule.name=SCAN|source.ip=192.0.2.7|source.port=4711|"
       "destination.ip=198.51.100.1|destination.port=80"},
    {IR_LS_PROXY,
     "{\"timestamp\":\"2026-11-22T01:02:03.000000+0000\",\"flow_id\":1,\"event_type\":\"http\","
     "\"src_ip\":\"192.0.2.7\",\"http\":{\"hostname\":\"h.example.com\",\"url\":\"/a%2fb?c\","
     "\"http_method\":\"GET\",\"status\":404,\"http_user_agent\":\"curl\"}}",
     "url.domain=h.example.com|url.path=/a%2fb|http.request.method=GET|"
     "http.response.status_code=404|user_agent.original=curl"},
    {IR_LS_DNS,
     "{\"timestamp\":\"2026-11-22T01:02:03.000000+0000\",\"flow_id\":1,\"event_type\":\"dns\","
     "\"src_ip\":\"192.0.2.7\",\"dns\":{\"rrname\":\"a.example.com\",\"rrtype\":\"TXT\"}}",
     "dns.question.name=a.example.com|dns.question.type=TXT"},
    {IR_LS_ZEEK_CONN,
     "{\"ts\":1795309323.0,\"uid\":\"C\",\"id.orig_h\":\"192.0.2.7\",\"id.orig_p\":4711,\"id.resp_"
     "h\":"
     "\"198.51.100.1\",\"id.resp_p\":22,\"proto\":\"tcp\",\"conn_state\":\"SF\"}",
     T "source.ip=192.0.2.7|destination.ip=198.51.100.1|destination.port=22|event.action=SF"},
    {IR_LS_ZEEK_DNS,
     "{\"_path\":\"dns\",\"ts\":1795309323.0,\"id.orig_h\":\"192.0.2.7\",\"query\":\"a.example."
     "com\","
     "\"qtype_name\":\"A\"}",
     T "dns.question.name=a.example.com|query=a.example.com"},
};

static void test_services(void)
{
    struct lines t;
    lines_open(&t, "json", 1795400000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gives(&t, ir_str_z(cases[i].record), cases[i].want);
        ok(has_source(&t, cases[i].ls), "log source of %.50s", cases[i].record);
        prefixes(&t, ir_str_z(cases[i].record));
    }
    /* a value that looks like the rest of the record changes nothing */
    gives(&t,
          IR_S("{\"eventTime\":\"2026-11-22T01:02:03Z\",\"eventSource\":\"s3.amazonaws.com\","
               "\"eventName\":\"GetObject\",\"userAgent\":\"x\\\",\\\"sourceIPAddress\\\":"
               "\\\"203.0.113.1\",\"sourceIPAddress\":\"192.0.2.7\",\"requestParameters\":{"
               "\"sourceIPAddress\":\"203.0.113.9\",\"eventName\":\"x\"}}"),
          "source.ip=192.0.2.7|event.action=GetObject");
    lines_close(&t);
}

static void test_wrappers(void)
{
    static const char *const texts[] = {
        "{\"Records\":[{\"eventVersion\":\"1\",\"a\":{}},{\"eventVersion\":\"1\"}]}\n",
        "{\"Records\": [ {\"eventSource\":\"x\"},\n {\"eventSource\":\"]}\"} ] }",
        "{\"@odata.context\":\"x\",\"value\":[{\"a\":1},{\"a\":2}],\"@odata.nextLink\":\"y\"}",
        "{\"kind\":\"EventList\",\"metadata\":{},\"items\":[{\"a\":1},{\"b\":[{}]}]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct ir_str text = ir_str_z(texts[i]);
        is_str(ir_str_z(ir_formats_choose(NULL, text, NULL)->name), "json_docs", "a wrapper");
        is_int(documents(&ir_format_json_docs, text), 2, "two records of %.40s", texts[i]);
    }
    is_int(documents(&ir_format_json_docs, IR_S("{\"value\":[{\"a\":1},{\"a\":2}]}")), 1,
           "another program's list stays whole");
    is_int(
        documents(&ir_format_json_docs,
                  IR_S("{\"Records\":[{\"eventSource\":1}]}{\"records\":[{\"category\":1},{}]}")),
        3, "one wrapper behind the other");
}

static void test_containers(void)
{
    struct lines t;
    lines_open(&t, "cri", 1795400000);
    gives(&t,
          IR_S("2026-11-22T01:02:04.000000001Z stdout F 192.0.2.7 - - [22/Nov/2026:01:02:03 +0000] "
               "\"GET /a HTTP/1.1\" 404 5"),
          T "source.ip=192.0.2.7|url.path=/a|http.response.status_code=404|stream=stdout");
    ok(has_source(&t, IR_LS_WEBSERVER), "a web server's line");
    gives(&t, IR_S("2026-11-22T01:02:03Z stderr P some words"), T "message=some words");
    gives(&t, IR_S("2026-11-22T01:02:03Z stdout F "), T "message=");
    gives(&t, IR_S("2026-11-22T01:02:03Z stdout F Nov  1 00:00:00 web sshd[1]: hello"),
          T "process.name=sshd|message=hello");
    gives(&t, IR_S("2026-11-22T01:02:03Z stdout F {\"a\":1,\"time\":\"2026-11-22T01:02:00Z\"}"),
          "time=2026-11-22T01:02:00Z|a=1");
    refuses(&t, IR_S("2026-11-22T01:02:03Z stdout X words"));
    refuses(&t, IR_S("2026-11-22T01:02:03Z other F words"));
    prefixes(&t, IR_S("2026-11-22T01:02:03Z stdout F {\"a\":1}"));
    lines_close(&t);
    lines_open(&t, "json", 1795400000);
    gives(
        &t,
        IR_S(
            "{\"log\":\"192.0.2.7 - - [22/Nov/2026:01:02:03 +0000] \\\"GET /a HTTP/1.1\\\" 404 5\\n"
            "\",\"stream\":\"stdout\",\"time\":\"2026-11-22T01:02:04Z\"}"),
        T "source.ip=192.0.2.7|url.path=/a|stream=stdout");
    ok(has_source(&t, IR_LS_WEBSERVER), "a web server's line");
    gives(&t,
          IR_S("{\"log\":\"words\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T01:02:03Z\"}"),
          T "message=words|log=words\n");
    gives(&t,
          IR_S("{\"log\":\"{\\\"log\\\":\\\"x\\\",\\\"stream\\\":\\\"std\\\"}\\n\",\"stream\":"
               "\"stdout\",\"time\":\"2026-11-22T01:02:03Z\"}"),
          "stream=stdout");
    prefixes(
        &t, IR_S("{\"log\":\"words\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T01:02:03Z\"}"));
    lines_close(&t);
}

int main(void)
{
    test_services();
    test_wrappers();
    test_containers();
    return done();
}
