-- A case database that version 1 of the schema holds (.dump of sqlite3), in use: each later version has to take it.
-- The index of words is left out; ir case search --rebuild makes it anew.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE setting (
    id TEXT PRIMARY KEY,            -- the name: organisation, zone, language, …
    value TEXT
) STRICT;
INSERT INTO setting VALUES('organisation','株式会社サンプル');
INSERT INTO setting VALUES('zone','+09:00');
INSERT INTO setting VALUES('language','ja');
INSERT INTO setting VALUES('hours','09:00-18:00');
INSERT INTO setting VALUES('criteria','tokyo-3');
CREATE TABLE role (
    id TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    deputy INTEGER NOT NULL CHECK (deputy IN (0, 1)),
    person TEXT NOT NULL,
    title TEXT,
    means TEXT,                     -- telephone, mail
    hours TEXT,
    ended_at TEXT                   -- holds the role no longer
) STRICT;
INSERT INTO role VALUES('c7affde2-71d2-4d92-9496-69618f139783','lead',0,'田中',NULL,NULL,NULL,NULL);
INSERT INTO role VALUES('109dcf3c-cfcd-427b-9d1d-45811216f127','first',0,'佐藤',NULL,NULL,NULL,NULL);
CREATE TABLE contact (
    id TEXT PRIMARY KEY,
    no INTEGER NOT NULL UNIQUE,
    kind TEXT NOT NULL,             -- ppc, police, ipa, jpcert, customer, vendor, lawyer, insurer, …
    organisation TEXT NOT NULL,
    person TEXT,
    means TEXT,
    url TEXT,
    hours TEXT,
    purpose TEXT,
    last_verified TEXT,             -- date
    note TEXT,
    ended_at TEXT
) STRICT;
INSERT INTO contact VALUES('b5d81f25-549e-4c8c-b2a3-d70c59766a15',1,'ppc','個人情報保護委員会',NULL,NULL,'https://www.ppc.go.jp/personalinfo/legal/leakAction/',NULL,'個人データの漏えい等の報告（個人情報保護法26条）、Webフォーム',NULL,'2026-10-09 時点の公開情報',NULL);
INSERT INTO contact VALUES('6536a241-f51b-44a8-a6f0-23cfde3625f6',2,'police','警察庁 サイバー事案に関する相談窓口',NULL,NULL,'https://www.npa.go.jp/bureau/cyber/soudan.html',NULL,'全国の通報・相談・情報提供。被害届は警察署へ。緊急時は110番',NULL,'2026-10-09 時点の公開情報',NULL);
INSERT INTO contact VALUES('ea4c2b83-8ad2-4051-ba64-3ebf9fa5ec0d',3,'police','警察相談専用電話',NULL,'#9110',NULL,NULL,'電話での相談',NULL,'2026-10-09 時点の公開情報',NULL);
INSERT INTO contact VALUES('85318119-e578-4c5f-9f27-44d0edecf0a5',4,'police','警視庁 サイバー犯罪相談窓口',NULL,'03-5805-1731',NULL,'平日 8:30〜17:15','都内の企業からの相談',NULL,'2026-10-09 時点の公開情報',NULL);
INSERT INTO contact VALUES('453d5beb-c3ea-4e4b-b819-4e9cab86a70a',5,'ipa','IPA 企業組織向けサイバーセキュリティ相談窓口',NULL,'cs-support@ipa.go.jp','https://www.ipa.go.jp/security/support/soudan.html',NULL,'企業・組織からの相談。迷ったときの最初の連絡先',NULL,'2026-10-09 時点の公開情報',NULL);
INSERT INTO contact VALUES('816f33da-5654-44a6-b2b6-c007428be4f1',6,'ipa','IPA 情報セキュリティ安心相談窓口',NULL,'03-5978-7509',NULL,NULL,'ウイルスや不正アクセスに関する一般的な相談',NULL,'2026-10-09 時点の公開情報',NULL);
INSERT INTO contact VALUES('5666f8ce-0875-4e22-907d-e2b663e867a2',7,'ipa','IPA コンピュータウイルス・不正アクセスの届出窓口',NULL,NULL,'https://www.ipa.go.jp/security/todokede/crack-virus/',NULL,'ウイルス・不正アクセスの届出（任意）',NULL,'2026-10-09 時点の公開情報',NULL);
INSERT INTO contact VALUES('d4be7e7a-3882-4735-8d6a-66cecb31e28c',8,'jpcert','JPCERT/CC（JPCERTコーディネーションセンター）',NULL,'info@jpcert.or.jp','https://www.jpcert.or.jp/form/',NULL,'インシデント対応の依頼、相談、情報提供。タイムスタンプ付きのログが望まれる',NULL,'2026-10-09 時点の公開情報',NULL);
INSERT INTO contact VALUES('1ea8d4c0-35b9-42a2-a2a0-26e52d611383',9,'vendor','サンプルセキュリティ',NULL,'tel. 03-0000-0000',NULL,'24h','初動の相談','2026-11-01',NULL,NULL);
CREATE TABLE incident (
    id TEXT PRIMARY KEY,
    no TEXT NOT NULL UNIQUE,        -- CASE-2026-001
    title TEXT NOT NULL,
    kind TEXT,                      -- malware, intrusion, destruction, tampering, leak, outage, phishing, lost_device, other
    opened_at TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    phase TEXT NOT NULL,            -- detect, report, recover, closed
    step TEXT,
    level TEXT,
    tlp TEXT NOT NULL,
    lead TEXT,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    merged_into TEXT REFERENCES incident (id),
    closed_at TEXT
) STRICT;
INSERT INTO incident VALUES('6e37ea65-28e9-40f9-9687-ac4459192f4a','CASE-2026-001','Log-in of a stranger','intrusion','2026-11-23T22:10:16.152Z','Tanaka','detect',NULL,NULL,'amber','Tanaka',0,NULL,NULL);
INSERT INTO incident VALUES('acf914ca-356f-4bf2-8225-2ffef1b89754','CASE-2026-002','web01への不正ログイン','intrusion','2026-11-23T22:10:16.529Z','田中','closed','restore','large','amber','田中',0,NULL,'2026-11-23T22:10:17.296Z');
CREATE TABLE event (
    id TEXT PRIMARY KEY,
    no TEXT NOT NULL UNIQUE,        -- EVT-2026-0001: the receipt
    text TEXT NOT NULL,
    reporter TEXT,
    reporter_contact TEXT,
    how TEXT,                       -- noticed by: person, monitoring, outside, review, …
    noticed_at TEXT,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    incident_id TEXT REFERENCES incident (id)
) STRICT;
INSERT INTO event VALUES('97e93f3a-9a81-47f8-b9f0-4b6e0b8db1bd','EVT-2026-0001','a stranger logged in to web01','Hana',NULL,NULL,'2026-11-23T22:10:16.139Z','2026-11-23T22:10:16.139Z','Hana','6e37ea65-28e9-40f9-9687-ac4459192f4a');
INSERT INTO event VALUES('efd0be77-e211-4567-8fe7-d91fc1124ba5','EVT-2026-0002','見知らぬログイン','花',NULL,NULL,'2026-11-23T22:10:16.444Z','2026-11-23T22:10:16.444Z','花','acf914ca-356f-4bf2-8225-2ffef1b89754');
INSERT INTO event VALUES('2c1e42c0-45b0-4292-89bd-43b9a6a76393','EVT-2026-0003','ALR-2026-00002 root logged in over SSH with a password',NULL,NULL,'monitoring',NULL,'2026-11-23T22:10:16.529Z','田中','acf914ca-356f-4bf2-8225-2ffef1b89754');
CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    no TEXT NOT NULL UNIQUE,        -- ALR-2026-00001
    key TEXT NOT NULL UNIQUE,       -- what makes two findings the same one
    rule_id TEXT NOT NULL,
    title TEXT NOT NULL,
    level TEXT NOT NULL,
    entity TEXT NOT NULL,           -- JSON, as in the finding
    first_seen TEXT,
    last_seen TEXT,
    count INTEGER NOT NULL,
    finding TEXT NOT NULL,          -- JSON, as filed last
    filed_at TEXT NOT NULL,
    event_id TEXT REFERENCES event (id)
) STRICT;
INSERT INTO alert VALUES('85a8b7f5-f225-4240-a4ac-7c787089e525','ALR-2026-00001','58af67a826d2931e30c5d15121452390dd3af02a5a1a68110b0828bc7519ec2a','0694bc04-eec8-42aa-966e-83b5dc597a6f','SSH log-in with a password from outside','low','{"source.ip":"203.0.113.77","user.name":"root","host.name":"web01"}','2026-11-19T18:12:09.000Z','2026-11-19T18:12:09.000Z',1,'{"ir.kind":"finding","id":"f44ddc632a78d3426f53cc86387b2b13","@timestamp":"2026-11-19T18:12:09Z","rule":{"id":"0694bc04-eec8-42aa-966e-83b5dc597a6f","title":"SSH log-in with a password from outside","level":"low","tags":["attack.initial-access","attack.t1133","attack.t1078","iso27002.8.5","iso27002.8.20"],"type":"sigma"},"entity":{"source.ip":"203.0.113.77","user.name":"root","host.name":"web01"},"origin":[{"path":"auth.log","offset":0,"line":1,"record":"","length":93,"sha256":"9804bd0c8c028aff40985993c243d979e8f47e1ed6dd55a46e4aaa0af0a43838"}],"count":1,"first_seen":"2026-11-19T18:12:09Z","last_seen":"2026-11-19T18:12:09Z","why":"event.action ''ssh_login''; event.outcome ''success''; source.ip|exists ''true'' in ''203.0.113.77''; …","next":"Ask the person whether that was them. Add your own public addresses to own_networks; for the rest set PasswordAuthentication no."}','2026-11-23T22:10:16.418Z',NULL);
INSERT INTO alert VALUES('9ab4c74f-6269-4a52-bc40-94c581144a9a','ALR-2026-00002','b15cfcf52e93d88ee26e8b79d35f5bd12a2e756d7bc9857315a56dc9f9cfb3bd','4c4a3c67-3b28-41fa-86fa-0cb1e947ddf0','root logged in over SSH with a password','medium','{"source.ip":"203.0.113.77","user.name":"root","host.name":"web01"}','2026-11-19T18:12:09.000Z','2026-11-19T18:12:09.000Z',1,'{"ir.kind":"finding","id":"a94d1865aee76712bc83bb133bd26404","@timestamp":"2026-11-19T18:12:09Z","rule":{"id":"4c4a3c67-3b28-41fa-86fa-0cb1e947ddf0","title":"root logged in over SSH with a password","level":"medium","tags":["attack.initial-access","attack.t1078.003","iso27002.8.2","iso27002.8.5"],"type":"sigma"},"entity":{"source.ip":"203.0.113.77","user.name":"root","host.name":"web01"},"origin":[{"path":"auth.log","offset":0,"line":1,"record":"","length":93,"sha256":"9804bd0c8c028aff40985993c243d979e8f47e1ed6dd55a46e4aaa0af0a43838"}],"count":1,"first_seen":"2026-11-19T18:12:09Z","last_seen":"2026-11-19T18:12:09Z","why":"event.action ''ssh_login''; event.outcome ''success''; user.name ''root''; …","next":"Find out who that was. If nobody knows, treat the machine as taken: note the address, change root''s password from the console, and read what happened from that minute on. Then set PermitRootLogin no."}','2026-11-23T22:10:16.418Z','2c1e42c0-45b0-4292-89bd-43b9a6a76393');
CREATE TABLE decision (
    id TEXT PRIMARY KEY,
    event_id TEXT REFERENCES event (id),
    alert_id TEXT REFERENCES alert (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('event', 'near_miss', 'incident', 'false_positive')),
    scale TEXT,                     -- criteria table and its version
    level TEXT,
    criteria TEXT,                  -- JSON: those that matched
    reason TEXT NOT NULL,
    decider TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    CHECK ((event_id IS NULL) <> (alert_id IS NULL))
) STRICT;
INSERT INTO decision VALUES('dbe3225c-304c-47ac-b88f-984cccf5afbe','efd0be77-e211-4567-8fe7-d91fc1124ba5',NULL,'incident','tokyo-3/1','large','["customers"]','許可していない接続元','田中','2026-11-23T22:10:16.529Z');
INSERT INTO decision VALUES('1441598b-95c3-46e1-8065-541a20502bcd',NULL,'9ab4c74f-6269-4a52-bc40-94c581144a9a','incident','tokyo-3/1','large','["customers"]','許可していない接続元','田中','2026-11-23T22:10:16.529Z');
INSERT INTO decision VALUES('da29057a-eb22-486f-83d3-901497955be7','2c1e42c0-45b0-4292-89bd-43b9a6a76393',NULL,'incident','tokyo-3/1','large','["customers"]','許可していない接続元','田中','2026-11-23T22:10:16.529Z');
INSERT INTO decision VALUES('c3e828da-2e4d-426a-bd9b-2c8c8025b482',NULL,'85a8b7f5-f225-4240-a4ac-7c787089e525','event',NULL,NULL,NULL,'同じログイン','田中','2026-11-23T22:10:16.568Z');
CREATE TABLE fact (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    name TEXT NOT NULL,
    value TEXT,                     -- NULL: unknown
    confidence TEXT CHECK (confidence IN ('confirmed', 'probable', 'possible', 'unknown')),
    evidence TEXT,                  -- number of an exhibit
    reason TEXT,                    -- why it is not what was stated before; needed for a later awareness
    stated_by TEXT NOT NULL,
    stated_at TEXT NOT NULL
) STRICT;
INSERT INTO fact VALUES('93f1b5dc-7fb3-42b1-b1a5-ac7378b17512','acf914ca-356f-4bf2-8225-2ffef1b89754','first.trigger','監視の通知',NULL,NULL,NULL,'佐藤','2026-11-23T22:10:16.621Z');
INSERT INTO fact VALUES('9c3f4ea7-73d6-4c32-be78-5b4948c196f3','acf914ca-356f-4bf2-8225-2ffef1b89754','first.secured','yes',NULL,NULL,NULL,'佐藤','2026-11-23T22:10:16.621Z');
INSERT INTO fact VALUES('ac8742dc-db16-461d-bb23-6f4a7d65132f','acf914ca-356f-4bf2-8225-2ffef1b89754','aware_at','2026-11-21',NULL,NULL,NULL,'田中','2026-11-23T22:10:17.046Z');
INSERT INTO fact VALUES('c12b6b24-281f-47f8-a789-a45e228a603e','acf914ca-356f-4bf2-8225-2ffef1b89754','personal_data','yes',NULL,NULL,NULL,'田中','2026-11-23T22:10:17.078Z');
INSERT INTO fact VALUES('2183bec8-3ee6-45df-a982-ea4ba1248b6f','acf914ca-356f-4bf2-8225-2ffef1b89754','persons','120',NULL,NULL,NULL,'田中','2026-11-23T22:10:17.078Z');
INSERT INTO fact VALUES('2fc9ff17-407f-4edd-aae7-1dcca30c1c7b','acf914ca-356f-4bf2-8225-2ffef1b89754','improper_purpose','yes',NULL,NULL,NULL,'田中','2026-11-23T22:10:17.078Z');
INSERT INTO fact VALUES('7ab35813-03a7-4247-8942-c376d82c3bb3','acf914ca-356f-4bf2-8225-2ffef1b89754','cause','使い回されたパスワード',NULL,NULL,NULL,'田中','2026-11-23T22:10:17.078Z');
INSERT INTO fact VALUES('c8dc446d-46c5-4b5f-834b-90341845749b','acf914ca-356f-4bf2-8225-2ffef1b89754','effect','閲覧の恐れ',NULL,NULL,NULL,'田中','2026-11-23T22:10:17.078Z');
INSERT INTO fact VALUES('7ab8e497-b2c8-4416-9d96-ff68ef595aaf','acf914ca-356f-4bf2-8225-2ffef1b89754','overview','不正ログイン',NULL,NULL,NULL,'田中','2026-11-23T22:10:17.078Z');
CREATE TABLE transition (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    from_phase TEXT NOT NULL,
    to_phase TEXT NOT NULL,
    step TEXT,
    override TEXT,                  -- why a gate was passed that was shut
    actor TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
INSERT INTO transition VALUES('63db4662-9da4-417d-9500-4c451b24b190','acf914ca-356f-4bf2-8225-2ffef1b89754','detect','recover','restore',NULL,'田中','2026-11-23T22:10:17.140Z');
INSERT INTO transition VALUES('d3af241d-7804-4dc8-97ac-de10b61aa895','acf914ca-356f-4bf2-8225-2ffef1b89754','recover','closed','restore',NULL,'田中','2026-11-23T22:10:17.296Z');
CREATE TABLE task (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    no INTEGER NOT NULL,
    title TEXT NOT NULL,
    owner TEXT,
    due_at TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'doing', 'done', 'dropped')),
    result TEXT,
    playbook_step TEXT,
    phase TEXT,                     -- what it is part of: the gate before recovery holds for it, too
    step TEXT,
    UNIQUE (incident_id, no)
) STRICT;
INSERT INTO task VALUES('00504466-a07d-450d-b32e-db93643d55d2','acf914ca-356f-4bf2-8225-2ffef1b89754',1,'パスワードを変える','佐藤','2026-11-29T15:00:00.000Z','open',NULL,NULL,NULL,NULL);
CREATE TABLE act (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    no INTEGER NOT NULL,
    at TEXT NOT NULL,
    clock TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT,
    result TEXT,
    task_id TEXT REFERENCES task (id),
    phase TEXT,                     -- of the task, or as it was said
    step TEXT,
    recorded_at TEXT NOT NULL,
    UNIQUE (incident_id, no)
) STRICT;
INSERT INTO act VALUES('72d5be3f-b7c5-44cc-9c25-fc1649959c1a','acf914ca-356f-4bf2-8225-2ffef1b89754',1,'2026-11-23T22:10:16.890Z','system clock: not compared','佐藤','ネットワークから切り離した','web01','切り離し済み',NULL,NULL,NULL,'2026-11-23T22:10:16.890Z');
CREATE TABLE note (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    no INTEGER NOT NULL,
    author TEXT NOT NULL,
    at TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (incident_id, no)
) STRICT;
INSERT INTO note VALUES('99d28190-40a3-4b93-a61d-b5c7c63924ed','6e37ea65-28e9-40f9-9687-ac4459192f4a',1,'Sato','2026-11-23T22:10:16.165Z','ここから始める');
CREATE TABLE timeline (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    no INTEGER NOT NULL,
    at TEXT NOT NULL,
    until TEXT,
    uncertainty_s INTEGER,          -- of the clock that said so
    title TEXT NOT NULL,
    detail TEXT,
    source TEXT,
    asset TEXT,
    attack TEXT,                    -- ATT&CK technique
    confidence TEXT,
    evidence TEXT,
    UNIQUE (incident_id, no)
) STRICT;
INSERT INTO timeline VALUES('4038a321-29a8-41d6-afc8-8bf47b09aa70','acf914ca-356f-4bf2-8225-2ffef1b89754',1,'2026-11-19T18:12:09.000Z',NULL,NULL,'rootのログイン',NULL,'auth.log:1',NULL,'T1078',NULL,NULL);
CREATE TABLE ioc (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    type TEXT NOT NULL,
    value TEXT NOT NULL,
    note TEXT,
    tlp TEXT,
    first_seen TEXT,
    state TEXT NOT NULL,
    UNIQUE (incident_id, type, value)
) STRICT;
INSERT INTO ioc VALUES('d342c04a-3270-4cbe-bf1a-2e7e7e97ef17','acf914ca-356f-4bf2-8225-2ffef1b89754','ip','203.0.113.77','接続元',NULL,NULL,'active');
CREATE TABLE asset (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    name TEXT NOT NULL,
    type TEXT,
    address TEXT,
    owner TEXT,
    role TEXT,                      -- victim, stepping stone, source, unaffected
    state TEXT,
    note TEXT,
    UNIQUE (incident_id, name)
) STRICT;
INSERT INTO asset VALUES('a2b84835-d8fc-43d9-b47a-891ea0a7dca3','acf914ca-356f-4bf2-8225-2ffef1b89754','web01',NULL,'192.0.2.10',NULL,'被害',NULL,NULL);
CREATE TABLE exhibit (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    item TEXT NOT NULL,             -- EV-2026-001-03
    path TEXT,
    seal TEXT,                      -- 64 hex digits
    description TEXT,
    sealed_at TEXT,
    custody_seq INTEGER,            -- line of the custody log
    UNIQUE (incident_id, item)
) STRICT;
INSERT INTO exhibit VALUES('d4d008ea-a47f-4f08-b3fc-50818ce09457','acf914ca-356f-4bf2-8225-2ffef1b89754','EV-2026-002-01','/srv/ir/evidence/CASE-2026-002/EV-2026-002-01','5caf36b06d4fac864f02d19eb2f6530260ac5966c8db7d637cfc0fa45761da3f',NULL,'2026-11-23T22:10:16.760Z',3);
CREATE TABLE playbook (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content TEXT NOT NULL,
    applied_at TEXT NOT NULL,
    applied_by TEXT NOT NULL
) STRICT;
CREATE TABLE duty (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    duty TEXT NOT NULL,             -- appi.sokuho
    version TEXT NOT NULL,          -- of the rule
    aware_at TEXT,                  -- the fact of this name when this was decided or sent
    rule_state TEXT,                -- what the rule said then: triggered, not_triggered, needs_review
    facts_sha256 TEXT,              -- of the values of the facts that the rule asked for then
    state TEXT NOT NULL CHECK (state IN ('open', 'drafted', 'sent', 'not_needed')),
    due_strict TEXT,
    due_shifted TEXT,
    decided_by TEXT,                -- state open: decided that it is needed
    decided_at TEXT,
    reason TEXT,
    sent_at TEXT,
    receipt_no TEXT,
    sent_sha256 TEXT,
    sent_reason TEXT,               -- why there is neither of them, or why sent_at is another than before
    UNIQUE (incident_id, duty)
) STRICT;
INSERT INTO duty VALUES('a770dde4-c2c4-4411-85da-fe483f2b2241','acf914ca-356f-4bf2-8225-2ffef1b89754','appi.sokuho','1','2026-11-21','triggered','d86f8c1a9d4ed245f2fe37f754a1f4638e7ce3ca91f46f80be63cc119c901e43','sent','2026-11-25','2026-11-25',NULL,NULL,NULL,'2026-11-23T22:10:17.116Z','R-1',NULL,NULL);
INSERT INTO duty VALUES('3aa96cbd-ad4a-4f17-b4f8-5c732f721ef7','acf914ca-356f-4bf2-8225-2ffef1b89754','appi.kakuho','1','2026-11-21','triggered','d86f8c1a9d4ed245f2fe37f754a1f4638e7ce3ca91f46f80be63cc119c901e43','not_needed','2027-01-19','2027-01-19','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('9525ba7e-e6dc-468c-b53c-c04002ecf0a8','acf914ca-356f-4bf2-8225-2ffef1b89754','appi.honnin','1','2026-11-21','triggered','d86f8c1a9d4ed245f2fe37f754a1f4638e7ce3ca91f46f80be63cc119c901e43','not_needed',NULL,NULL,'田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('60893976-b168-4bb4-8ebb-e9babe9849fe','acf914ca-356f-4bf2-8225-2ffef1b89754','appi.itaku','1','2026-11-21','needs_review','d86f8c1a9d4ed245f2fe37f754a1f4638e7ce3ca91f46f80be63cc119c901e43','not_needed','2026-11-25','2026-11-25','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('2a4a2ae2-6e2f-4c98-8030-f8e2145d08fa','acf914ca-356f-4bf2-8225-2ffef1b89754','mynumber.sokuho','1','2026-11-21','needs_review','fc56816dab227b76663f0d410269bc23717958467a3985ae5dd1eb10783a8db0','not_needed','2026-11-25','2026-11-25','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('7b4f33b2-9059-4ad1-9df5-0ba5376e9e86','acf914ca-356f-4bf2-8225-2ffef1b89754','mynumber.kakuho','1','2026-11-21','needs_review','fc56816dab227b76663f0d410269bc23717958467a3985ae5dd1eb10783a8db0','not_needed','2027-01-19','2027-01-19','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('5dcf8415-d25c-4e89-be82-43722547a8e3','acf914ca-356f-4bf2-8225-2ffef1b89754','pmark.sokuho','1','2026-11-21','needs_review','bc83f5362ddccf0ab8035bc020c202483d76f503c72c23000f21fac7a18cb281','not_needed','2026-11-25','2026-11-25','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('758477cf-4f26-43d7-9367-57a09a6a8bd6','acf914ca-356f-4bf2-8225-2ffef1b89754','pmark.kakuho','1','2026-11-21','needs_review','1b7c37f10f7e1dc2288af2a41b0f2d72fcc9576bee2c4d16a2c2a58af56a4776','not_needed','2027-01-19','2027-01-19','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('6a80c403-b1cb-4c35-86cf-b54ad8af933c','acf914ca-356f-4bf2-8225-2ffef1b89754','customer.notice','1','2026-11-21','needs_review','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','not_needed',NULL,NULL,'田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('4c223d39-4a5f-4811-a0f5-a8cc9bbbc04e','acf914ca-356f-4bf2-8225-2ffef1b89754','customer.infrastructure','1','2026-11-21','needs_review','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','not_needed',NULL,NULL,'田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('644abbb9-7cf2-40c9-9bb3-3fa108386938','acf914ca-356f-4bf2-8225-2ffef1b89754','gdpr.33','1','2026-11-21','needs_review','1b7c37f10f7e1dc2288af2a41b0f2d72fcc9576bee2c4d16a2c2a58af56a4776','not_needed','2026-11-23T15:00:00.000Z','2026-11-23T15:00:00.000Z','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('d1eeaaf9-6a3f-4a77-84b4-4cbccf1bf380','acf914ca-356f-4bf2-8225-2ffef1b89754','gdpr.33.processor','1','2026-11-21','needs_review','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','not_needed',NULL,NULL,'田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('bbdb0667-67b4-448c-a426-86c1c28777fc','acf914ca-356f-4bf2-8225-2ffef1b89754','gdpr.34','1','2026-11-21','needs_review','1b7c37f10f7e1dc2288af2a41b0f2d72fcc9576bee2c4d16a2c2a58af56a4776','not_needed',NULL,NULL,'田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('bfd1b94f-616e-4e48-b565-0330ea421bc2','acf914ca-356f-4bf2-8225-2ffef1b89754','nis2.early','1','2026-11-21','needs_review','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','not_needed','2026-11-21T15:00:00.000Z','2026-11-21T15:00:00.000Z','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('3ab846b2-e31c-47bd-a6f4-520cc50cadb4','acf914ca-356f-4bf2-8225-2ffef1b89754','nis2.notification','1','2026-11-21','needs_review','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','not_needed','2026-11-23T15:00:00.000Z','2026-11-23T15:00:00.000Z','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
INSERT INTO duty VALUES('b13df749-e0e3-4547-a72f-1cce01efae26','acf914ca-356f-4bf2-8225-2ffef1b89754','nis2.final','1','2026-11-21','needs_review','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','not_needed','2026-12-23T15:00:00.000Z','2026-12-23T15:00:00.000Z','田中','2026-11-23T22:10:17.189Z','該当なし',NULL,NULL,NULL,NULL);
CREATE TABLE lesson (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    no INTEGER NOT NULL,
    root_cause TEXT,
    measure TEXT NOT NULL,          -- 処置方法
    cost INTEGER,                   -- 費用, yen
    due TEXT,                       -- 実施予定日
    owner TEXT,                     -- 責任者
    control TEXT,                   -- 5.26, 8.16, …
    state TEXT NOT NULL CHECK (state IN ('planned', 'doing', 'done', 'dropped')),
    verified_by TEXT,
    verified_at TEXT,
    verification TEXT,
    UNIQUE (incident_id, no)
) STRICT;
INSERT INTO lesson VALUES('edac1ea1-d6ef-42e0-8973-fa98a66816ba','acf914ca-356f-4bf2-8225-2ffef1b89754',1,NULL,'鍵での認証にする',30000,'2027-01-31','佐藤','8.5','planned',NULL,NULL,NULL);
CREATE TABLE link (
    id TEXT PRIMARY KEY,
    from_id TEXT NOT NULL REFERENCES incident (id),
    to_id TEXT NOT NULL REFERENCES incident (id),
    kind TEXT NOT NULL,
    note TEXT,
    UNIQUE (from_id, to_id, kind)
) STRICT;
INSERT INTO link VALUES('94dd07db-3ad8-40a7-9685-90228ce9dbaf','acf914ca-356f-4bf2-8225-2ffef1b89754','6e37ea65-28e9-40f9-9687-ac4459192f4a','related','同じ接続元');
CREATE TABLE report (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    format TEXT NOT NULL,           -- html, md, json
    as_of TEXT NOT NULL,            -- the state of things that it tells of
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    template TEXT NOT NULL,         -- name and SHA-256
    sha256 TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (incident_id, no)
) STRICT;
CREATE TABLE review (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,             -- log, operators, integrity, baseline, clock, exercise, audit, management
    reviewer TEXT NOT NULL,
    source TEXT,
    from_at TEXT,
    to_at TEXT,
    at TEXT NOT NULL,
    result TEXT NOT NULL,
    records INTEGER,                -- that were read; 0: the source was silent
    findings INTEGER,
    summary TEXT,                   -- JSON: of the scan
    offset_ms INTEGER,              -- of the source's clock: what it showed less the right time
    uncertainty_ms INTEGER,
    zone TEXT,                      -- in which the source writes its times
    next_due TEXT
) STRICT;
INSERT INTO review VALUES('51103bfa-beea-4eb6-8a77-84705e8966d5','log','cron','web01','2026-11-19T15:00:00.000Z','2026-11-20T15:00:00.000Z','2026-11-23T22:10:17.256Z','2 findings',NULL,2,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('insert', 'update')),
    tbl TEXT NOT NULL,
    row TEXT NOT NULL,
    fields TEXT NOT NULL,           -- JSON: {"field":[old,new],…}
    sha256 TEXT NOT NULL
) STRICT;
INSERT INTO audit VALUES(1,'2026-11-23T22:10:16.190Z','root','insert','setting','organisation','{"value":[null,"株式会社サンプル"]}','b771503c47196f3192af6537863bb7b9869fbc86f240c1264aedeb81dc7b6d23');
INSERT INTO audit VALUES(2,'2026-11-23T22:10:16.190Z','root','insert','setting','zone','{"value":[null,"+09:00"]}','aa8c3e71a529d59566cf8fd99296a161772f3c21dbc8f7540558747c911ac11e');
INSERT INTO audit VALUES(3,'2026-11-23T22:10:16.190Z','root','insert','setting','language','{"value":[null,"ja"]}','d18ed4d306dbffda381bd7d1d153a3c48e9059e87af6560d429c7e0439cc0111');
INSERT INTO audit VALUES(4,'2026-11-23T22:10:16.190Z','root','insert','setting','hours','{"value":[null,"09:00-18:00"]}','a88f4831e2304c41201cb238743cb34570a55f8a8838ed80ffeea7b631cf569c');
INSERT INTO audit VALUES(5,'2026-11-23T22:10:16.190Z','root','insert','setting','criteria','{"value":[null,"tokyo-3"]}','a18fee6512cc328f00ba29b1c88d024bc7793f2e5ea3414f29932cad5a189de7');
INSERT INTO audit VALUES(6,'2026-11-23T22:10:16.190Z','root','insert','role','c7affde2-71d2-4d92-9496-69618f139783','{"role":[null,"lead"],"deputy":[null,0],"person":[null,"田中"]}','d13929f2333f2126d0d6ae4d3ae9d3b3193c6f818dad69221572236f6bf6132e');
INSERT INTO audit VALUES(7,'2026-11-23T22:10:16.190Z','root','insert','role','109dcf3c-cfcd-427b-9d1d-45811216f127','{"role":[null,"first"],"deputy":[null,0],"person":[null,"佐藤"]}','6266748d2987f56d1bca71eba2eb9c0499020c98c83fe59c04e2e8537022d559');
INSERT INTO audit VALUES(8,'2026-11-23T22:10:16.190Z','root','insert','contact','b5d81f25-549e-4c8c-b2a3-d70c59766a15','{"kind":[null,"ppc"],"organisation":[null,"個人情報保護委員会"],"url":[null,"https://www.ppc.go.jp/personalinfo/legal/leakAction/"],"purpose":[null,"個人データの漏えい等の報告（個人情報保護法26条）、Webフォーム"],"note":[null,"2026-10-09 時点の公開情報"],"no":[null,1]}','730783e3ee882c4b512cb4facfca6389372e1c6c9a8d029ba13f7a1418993383');
INSERT INTO audit VALUES(9,'2026-11-23T22:10:16.190Z','root','insert','contact','6536a241-f51b-44a8-a6f0-23cfde3625f6','{"kind":[null,"police"],"organisation":[null,"警察庁 サイバー事案に関する相談窓口"],"url":[null,"https://www.npa.go.jp/bureau/cyber/soudan.html"],"purpose":[null,"全国の通報・相談・情報提供。被害届は警察署へ。緊急時は110番"],"note":[null,"2026-10-09 時点の公開情報"],"no":[null,2]}','c80476f7adcca0a5f64e317cae42298904c5153eacab26a7798e6cfa86304270');
INSERT INTO audit VALUES(10,'2026-11-23T22:10:16.190Z','root','insert','contact','ea4c2b83-8ad2-4051-ba64-3ebf9fa5ec0d','{"kind":[null,"police"],"organisation":[null,"警察相談専用電話"],"means":[null,"#9110"],"purpose":[null,"電話での相談"],"note":[null,"2026-10-09 時点の公開情報"],"no":[null,3]}','0330495461fd9bf2e4e04ebbefbbc9c69caa29faf49095cb8e29767669f0fef8');
INSERT INTO audit VALUES(11,'2026-11-23T22:10:16.190Z','root','insert','contact','85318119-e578-4c5f-9f27-44d0edecf0a5','{"kind":[null,"police"],"organisation":[null,"警視庁 サイバー犯罪相談窓口"],"means":[null,"03-5805-1731"],"hours":[null,"平日 8:30〜17:15"],"purpose":[null,"都内の企業からの相談"],"note":[null,"2026-10-09 時点の公開情報"],"no":[null,4]}','dbb76d99d16ac1ad061f690b372aba2222ac0d0ec2370fdf02c84831e24873db');
INSERT INTO audit VALUES(12,'2026-11-23T22:10:16.190Z','root','insert','contact','453d5beb-c3ea-4e4b-b819-4e9cab86a70a','{"kind":[null,"ipa"],"organisation":[null,"IPA 企業組織向けサイバーセキュリティ相談窓口"],"means":[null,"cs-support@ipa.go.jp"],"url":[null,"https://www.ipa.go.jp/security/support/soudan.html"],"purpose":[null,"企業・組織からの相談。迷ったときの最初の連絡先"],"note":[null,"2026-10-09 時点の公開情報"],"no":[null,5]}','34cb41976e487df6936dff3f3f2f4e3201358fd31a887efd7279c63468d6b97e');
INSERT INTO audit VALUES(13,'2026-11-23T22:10:16.190Z','root','insert','contact','816f33da-5654-44a6-b2b6-c007428be4f1','{"kind":[null,"ipa"],"organisation":[null,"IPA 情報セキュリティ安心相談窓口"],"means":[null,"03-5978-7509"],"purpose":[null,"ウイルスや不正アクセスに関する一般的な相談"],"note":[null,"2026-10-09 時点の公開情報"],"no":[null,6]}','6d764358855b3cc80003efa09431ca794b0aaf05fdb945f11b7a9a52d12c9a22');
INSERT INTO audit VALUES(14,'2026-11-23T22:10:16.190Z','root','insert','contact','5666f8ce-0875-4e22-907d-e2b663e867a2','{"kind":[null,"ipa"],"organisation":[null,"IPA コンピュータウイルス・不正アクセスの届出窓口"],"url":[null,"https://www.ipa.go.jp/security/todokede/crack-virus/"],"purpose":[null,"ウイルス・不正アクセスの届出（任意）"],"note":[null,"2026-10-09 時点の公開情報"],"no":[null,7]}','99f00bbb27cd51cff39abf3c308619c13fbb9988028b5505b9457ef1c6cd52fd');
INSERT INTO audit VALUES(15,'2026-11-23T22:10:16.190Z','root','insert','contact','d4be7e7a-3882-4735-8d6a-66cecb31e28c','{"kind":[null,"jpcert"],"organisation":[null,"JPCERT/CC（JPCERTコーディネーションセンター）"],"means":[null,"info@jpcert.or.jp"],"url":[null,"https://www.jpcert.or.jp/form/"],"purpose":[null,"インシデント対応の依頼、相談、情報提供。タイムスタンプ付きのログが望まれる"],"note":[null,"2026-10-09 時点の公開情報"],"no":[null,8]}','935e3465c8aa47c7d9211547a478ceb4ef4abc06c6989fb1d53dec62e1f687cb');
INSERT INTO audit VALUES(16,'2026-11-23T22:10:16.251Z','田中','insert','incident','6e37ea65-28e9-40f9-9687-ac4459192f4a','{"no":[null,"CASE-2026-001"],"title":[null,"Log-in of a stranger"],"kind":[null,"intrusion"],"opened_at":[null,"2026-11-23T22:10:16.152Z"],"opened_by":[null,"Tanaka"],"phase":[null,"detect"],"tlp":[null,"amber"],"lead":[null,"Tanaka"],"exercise":[null,0]}','3d1b35eace39e6fe1c0ac4ee24eb550007b2e42e7b6658d66ab5c03c2006802c');
INSERT INTO audit VALUES(17,'2026-11-23T22:10:16.251Z','田中','insert','event','97e93f3a-9a81-47f8-b9f0-4b6e0b8db1bd','{"no":[null,"EVT-2026-0001"],"text":[null,"a stranger logged in to web01"],"reporter":[null,"Hana"],"noticed_at":[null,"2026-11-23T22:10:16.139Z"],"recorded_at":[null,"2026-11-23T22:10:16.139Z"],"recorded_by":[null,"Hana"],"incident_id":[null,"6e37ea65-28e9-40f9-9687-ac4459192f4a"]}','48c98040eb20cf55d2f7f4a3ff6e0d446f41f64331ef6868ff2816917ce2e94d');
INSERT INTO audit VALUES(18,'2026-11-23T22:10:16.251Z','田中','insert','note','99d28190-40a3-4b93-a61d-b5c7c63924ed','{"incident_id":[null,"6e37ea65-28e9-40f9-9687-ac4459192f4a"],"no":[null,1],"author":[null,"Sato"],"at":[null,"2026-11-23T22:10:16.165Z"],"text":[null,"ここから始める"]}','add41fea6d2146b76ea60d005d8bffd7bd1549174db3eb858d0a9e20fbf79b5b');
INSERT INTO audit VALUES(19,'2026-11-23T22:10:16.251Z','田中','insert','carried','94648653-aaea-4771-a6a3-f3ba957fa806','{"incident_id":[null,"6e37ea65-28e9-40f9-9687-ac4459192f4a"],"head":[null,"19:fd3ef30d288790776db5008eae013814b7655a7c642c144489eb6fd9591e30e4"],"schema":[null,1],"sha256":[null,"fb4857f1dc2cbcd29d7248d9b2c150c71cc100ff4d7dad39f988644bbe2a069e"],"changes":[null,4],"chain":[null,"2430011270b63b9b1d065003cf61e04e9c34f1ff48a9ffca8e03e1995dbedfc5"],"inserted":[null,3],"imported_at":[null,"2026-11-23T22:10:16.251Z"],"imported_by":[null,"田中"]}','cdafcdc8755363c8d4e77e3e00f96c1706805111a4a958620f2a6952c138ffa1');
INSERT INTO audit VALUES(20,'2026-11-23T22:10:16.418Z','cron','insert','alert','85a8b7f5-f225-4240-a4ac-7c787089e525','{"no":[null,"ALR-2026-00001"],"key":[null,"58af67a826d2931e30c5d15121452390dd3af02a5a1a68110b0828bc7519ec2a"],"rule_id":[null,"0694bc04-eec8-42aa-966e-83b5dc597a6f"],"title":[null,"SSH log-in with a password from outside"],"level":[null,"low"],"entity":[null,"{\"source.ip\":\"203.0.113.77\",\"user.name\":\"root\",\"host.name\":\"web01\"}"],"finding":[null,"{\"ir.kind\":\"finding\",\"id\":\"f44ddc632a78d3426f53cc86387b2b13\",\"@timestamp\":\"2026-11-19T18:12:09Z\",\"rule\":{\"id\":\"0694bc04-eec8-42aa-966e-83b5dc597a6f\",\"title\":\"SSH log-in with a password from outside\",\"level\":\"low\",\"tags\":[\"attack.initial-access\",\"attack.t1133\",\"attack.t1078\",\"iso27002.8.5\",\"iso27002.8.20\"],\"type\":\"sigma\"},\"entity\":{\"source.ip\":\"203.0.113.77\",\"user.name\":\"root\",\"host.name\":\"web01\"},\"origin\":[{\"path\":\"auth.log\",\"offset\":0,\"line\":1,\"record\":\"\",\"length\":93,\"sha256\":\"9804bd0c8c028aff40985993c243d979e8f47e1ed6dd55a46e4aaa0af0a43838\"}],\"count\":1,\"first_seen\":\"2026-11-19T18:12:09Z\",\"last_seen\":\"2026-11-19T18:12:09Z\",\"why\":\"event.action ''ssh_login''; event.outcome ''success''; source.ip|exists ''true'' in ''203.0.113.77''; …\",\"next\":\"Ask the person whether that was them. Add your own public addresses to own_networks; for the rest set PasswordAuthentication no.\"}"],"first_seen":[null,"2026-11-19T18:12:09.000Z"],"last_seen":[null,"2026-11-19T18:12:09.000Z"],"filed_at":[null,"2026-11-23T22:10:16.418Z"],"count":[null,1]}','2b9f1faaa82e8b7e60c9380ece30ba6116ca3be428aef123908c05fb0fc2b013');
INSERT INTO audit VALUES(21,'2026-11-23T22:10:16.418Z','cron','insert','alert','9ab4c74f-6269-4a52-bc40-94c581144a9a','{"no":[null,"ALR-2026-00002"],"key":[null,"b15cfcf52e93d88ee26e8b79d35f5bd12a2e756d7bc9857315a56dc9f9cfb3bd"],"rule_id":[null,"4c4a3c67-3b28-41fa-86fa-0cb1e947ddf0"],"title":[null,"root logged in over SSH with a password"],"level":[null,"medium"],"entity":[null,"{\"source.ip\":\"203.0.113.77\",\"user.name\":\"root\",\"host.name\":\"web01\"}"],"finding":[null,"{\"ir.kind\":\"finding\",\"id\":\"a94d1865aee76712bc83bb133bd26404\",\"@timestamp\":\"2026-11-19T18:12:09Z\",\"rule\":{\"id\":\"4c4a3c67-3b28-41fa-86fa-0cb1e947ddf0\",\"title\":\"root logged in over SSH with a password\",\"level\":\"medium\",\"tags\":[\"attack.initial-access\",\"attack.t1078.003\",\"iso27002.8.2\",\"iso27002.8.5\"],\"type\":\"sigma\"},\"entity\":{\"source.ip\":\"203.0.113.77\",\"user.name\":\"root\",\"host.name\":\"web01\"},\"origin\":[{\"path\":\"auth.log\",\"offset\":0,\"line\":1,\"record\":\"\",\"length\":93,\"sha256\":\"9804bd0c8c028aff40985993c243d979e8f47e1ed6dd55a46e4aaa0af0a43838\"}],\"count\":1,\"first_seen\":\"2026-11-19T18:12:09Z\",\"last_seen\":\"2026-11-19T18:12:09Z\",\"why\":\"event.action ''ssh_login''; event.outcome ''success''; user.name ''root''; …\",\"next\":\"Find out who that was. If nobody knows, treat the machine as taken: note the address, change root''s password from the console, and read what happened from that minute on. Then set PermitRootLogin no.\"}"],"first_seen":[null,"2026-11-19T18:12:09.000Z"],"last_seen":[null,"2026-11-19T18:12:09.000Z"],"filed_at":[null,"2026-11-23T22:10:16.418Z"],"count":[null,1]}','64b8be015b85ba1f2b72c9114286109d222c3106c7ffe3a9a5c3de283050eb09');
INSERT INTO audit VALUES(22,'2026-11-23T22:10:16.444Z','花','insert','event','efd0be77-e211-4567-8fe7-d91fc1124ba5','{"no":[null,"EVT-2026-0002"],"text":[null,"見知らぬログイン"],"reporter":[null,"花"],"noticed_at":[null,"2026-11-23T22:10:16.444Z"],"recorded_at":[null,"2026-11-23T22:10:16.444Z"],"recorded_by":[null,"花"]}','a2b779c14ac6e8b94c08c6b41d57decb66b57989905805e78f695c7ffe4f7600');
INSERT INTO audit VALUES(23,'2026-11-23T22:10:16.493Z','佐藤','insert','contact','1ea8d4c0-35b9-42a2-a2a0-26e52d611383','{"kind":[null,"vendor"],"organisation":[null,"サンプルセキュリティ"],"means":[null,"tel. 03-0000-0000"],"hours":[null,"24h"],"purpose":[null,"初動の相談"],"last_verified":[null,"2026-11-01"],"no":[null,9]}','b57b965ea55eb08e304084ee53a12d2cd628b50e0898fb6e594e8216dbe14774');
INSERT INTO audit VALUES(24,'2026-11-23T22:10:16.529Z','田中','insert','decision','dbe3225c-304c-47ac-b88f-984cccf5afbe','{"event_id":[null,"efd0be77-e211-4567-8fe7-d91fc1124ba5"],"outcome":[null,"incident"],"scale":[null,"tokyo-3/1"],"level":[null,"large"],"criteria":[null,"[\"customers\"]"],"reason":[null,"許可していない接続元"],"decider":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:16.529Z"]}','0e641e940cab40ef2ec1693347343f306e93b563a154a61247f92952426cc34d');
INSERT INTO audit VALUES(25,'2026-11-23T22:10:16.529Z','田中','insert','decision','1441598b-95c3-46e1-8065-541a20502bcd','{"alert_id":[null,"9ab4c74f-6269-4a52-bc40-94c581144a9a"],"outcome":[null,"incident"],"scale":[null,"tokyo-3/1"],"level":[null,"large"],"criteria":[null,"[\"customers\"]"],"reason":[null,"許可していない接続元"],"decider":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:16.529Z"]}','b0dbd79a902f3ed1f14fdfc1b1fba432f9f24f54938dcf487f8ba19012f9296c');
INSERT INTO audit VALUES(26,'2026-11-23T22:10:16.529Z','田中','insert','incident','acf914ca-356f-4bf2-8225-2ffef1b89754','{"no":[null,"CASE-2026-002"],"title":[null,"web01への不正ログイン"],"kind":[null,"intrusion"],"opened_at":[null,"2026-11-23T22:10:16.529Z"],"opened_by":[null,"田中"],"phase":[null,"detect"],"level":[null,"large"],"tlp":[null,"amber"],"lead":[null,"田中"],"exercise":[null,0]}','68a45a3864d932f61723c73b26276174e9765a5bfe9a006355051708741ae634');
INSERT INTO audit VALUES(27,'2026-11-23T22:10:16.529Z','田中','insert','event','2c1e42c0-45b0-4292-89bd-43b9a6a76393','{"no":[null,"EVT-2026-0003"],"text":[null,"ALR-2026-00002 root logged in over SSH with a password"],"how":[null,"monitoring"],"recorded_at":[null,"2026-11-23T22:10:16.529Z"],"recorded_by":[null,"田中"]}','d04c19d3baeb0c18db2c35979718349cc0b99e1db5774ab5c66a21c3ca83a2de');
INSERT INTO audit VALUES(28,'2026-11-23T22:10:16.529Z','田中','insert','decision','da29057a-eb22-486f-83d3-901497955be7','{"event_id":[null,"2c1e42c0-45b0-4292-89bd-43b9a6a76393"],"outcome":[null,"incident"],"scale":[null,"tokyo-3/1"],"level":[null,"large"],"criteria":[null,"[\"customers\"]"],"reason":[null,"許可していない接続元"],"decider":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:16.529Z"]}','35ec58855d6869d23443730764f0af46c5351652f934b51f8f28777a8aabaae9');
INSERT INTO audit VALUES(29,'2026-11-23T22:10:16.529Z','田中','update','event','efd0be77-e211-4567-8fe7-d91fc1124ba5','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"]}','c8e1c7a82aeea04780444ebc0c24be3175f75267f6efd042d9bfba46811eeae0');
INSERT INTO audit VALUES(30,'2026-11-23T22:10:16.529Z','田中','update','alert','9ab4c74f-6269-4a52-bc40-94c581144a9a','{"event_id":[null,"2c1e42c0-45b0-4292-89bd-43b9a6a76393"]}','54671f6dbf6da81f3f2c067ac3c26413ee8e732e93992b35efe4d59c72a7e720');
INSERT INTO audit VALUES(31,'2026-11-23T22:10:16.529Z','田中','update','event','2c1e42c0-45b0-4292-89bd-43b9a6a76393','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"]}','da43d0507d4d49800601cae2a84f332c7ea3b1fc2a7ecb8e03e28aa20d90abe8');
INSERT INTO audit VALUES(32,'2026-11-23T22:10:16.568Z','田中','insert','decision','c3e828da-2e4d-426a-bd9b-2c8c8025b482','{"alert_id":[null,"85a8b7f5-f225-4240-a4ac-7c787089e525"],"outcome":[null,"event"],"reason":[null,"同じログイン"],"decider":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:16.568Z"]}','288c1df303ac8a9661a5dc3812779384ff3e46aa0a599f1c1b5c4873e4fbfaf5');
INSERT INTO audit VALUES(33,'2026-11-23T22:10:16.621Z','佐藤','insert','fact','93f1b5dc-7fb3-42b1-b1a5-ac7378b17512','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"first.trigger"],"value":[null,"監視の通知"],"stated_by":[null,"佐藤"],"stated_at":[null,"2026-11-23T22:10:16.621Z"]}','7b8a8952a7df327d9f91a2ff8d4052094f486c3bd9b9c5a40f95703aa1139333');
INSERT INTO audit VALUES(34,'2026-11-23T22:10:16.621Z','佐藤','insert','fact','9c3f4ea7-73d6-4c32-be78-5b4948c196f3','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"first.secured"],"value":[null,"yes"],"stated_by":[null,"佐藤"],"stated_at":[null,"2026-11-23T22:10:16.621Z"]}','47a9cb0726df0cd11d0400ea135a97c8174eb68363eecfe0bce0ae92b7054655');
INSERT INTO audit VALUES(35,'2026-11-23T22:10:16.808Z','佐藤','insert','exhibit','d4d008ea-a47f-4f08-b3fc-50818ce09457','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"item":[null,"EV-2026-002-01"],"path":[null,"/srv/ir/evidence/CASE-2026-002/EV-2026-002-01"],"seal":[null,"5caf36b06d4fac864f02d19eb2f6530260ac5966c8db7d637cfc0fa45761da3f"],"sealed_at":[null,"2026-11-23T22:10:16.760Z"],"custody_seq":[null,3]}','8da29c00e575a09f00b6faa062e13ddc7e752082c0431c052f0afc8338e4d5e9');
INSERT INTO audit VALUES(36,'2026-11-23T22:10:16.855Z','田中','insert','task','00504466-a07d-450d-b32e-db93643d55d2','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"no":[null,1],"title":[null,"パスワードを変える"],"owner":[null,"佐藤"],"due_at":[null,"2026-11-29T15:00:00.000Z"],"state":[null,"open"]}','e94a9bb18e5cab93afe6b6837ff47043c64df0dbb45e1700345741aed0424666');
INSERT INTO audit VALUES(37,'2026-11-23T22:10:16.890Z','佐藤','insert','act','72d5be3f-b7c5-44cc-9c25-fc1649959c1a','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"no":[null,1],"at":[null,"2026-11-23T22:10:16.890Z"],"clock":[null,"system clock: not compared"],"actor":[null,"佐藤"],"action":[null,"ネットワークから切り離した"],"target":[null,"web01"],"result":[null,"切り離し済み"],"recorded_at":[null,"2026-11-23T22:10:16.890Z"]}','9ae01ceeecb383c8e6ef98f8545cfe1524a89c42961c22fcda666b739505d245');
INSERT INTO audit VALUES(38,'2026-11-23T22:10:16.920Z','佐藤','insert','timeline','4038a321-29a8-41d6-afc8-8bf47b09aa70','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"no":[null,1],"at":[null,"2026-11-19T18:12:09.000Z"],"title":[null,"rootのログイン"],"source":[null,"auth.log:1"],"attack":[null,"T1078"]}','b18bd5cffb6c5e07fd56901acb463eb4da7fb1ba33ace08424c5cf4e33037864');
INSERT INTO audit VALUES(39,'2026-11-23T22:10:16.971Z','佐藤','insert','ioc','d342c04a-3270-4cbe-bf1a-2e7e7e97ef17','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"type":[null,"ip"],"value":[null,"203.0.113.77"],"state":[null,"active"],"note":[null,"接続元"]}','19e079f1e704ecbb3e7af50a37ce21ca46d9a09d1b1902ce609c7e05baea2021');
INSERT INTO audit VALUES(40,'2026-11-23T22:10:17.002Z','佐藤','insert','asset','a2b84835-d8fc-43d9-b47a-891ea0a7dca3','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"web01"],"address":[null,"192.0.2.10"],"role":[null,"被害"]}','571c9da3352b2955c1ebc5fa7860b1c6d83391a947c868c492fdbcc93a45beea');
INSERT INTO audit VALUES(41,'2026-11-23T22:10:17.046Z','田中','insert','fact','ac8742dc-db16-461d-bb23-6f4a7d65132f','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"aware_at"],"value":[null,"2026-11-21"],"stated_by":[null,"田中"],"stated_at":[null,"2026-11-23T22:10:17.046Z"]}','0a9c9b479722a9279e37bb7842771521a8a32887eba0410627775ec59d0554d0');
INSERT INTO audit VALUES(42,'2026-11-23T22:10:17.078Z','田中','insert','fact','c12b6b24-281f-47f8-a789-a45e228a603e','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"personal_data"],"value":[null,"yes"],"stated_by":[null,"田中"],"stated_at":[null,"2026-11-23T22:10:17.078Z"]}','c76c6f9ce16daf098dc4f48acc67248768a860a01e7539ab410bb4c012962756');
INSERT INTO audit VALUES(43,'2026-11-23T22:10:17.078Z','田中','insert','fact','2183bec8-3ee6-45df-a982-ea4ba1248b6f','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"persons"],"value":[null,"120"],"stated_by":[null,"田中"],"stated_at":[null,"2026-11-23T22:10:17.078Z"]}','91e28997aba0cdc5b7d4077c79c074616cba91cd9095f805b376021bdd52e700');
INSERT INTO audit VALUES(44,'2026-11-23T22:10:17.078Z','田中','insert','fact','2fc9ff17-407f-4edd-aae7-1dcca30c1c7b','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"improper_purpose"],"value":[null,"yes"],"stated_by":[null,"田中"],"stated_at":[null,"2026-11-23T22:10:17.078Z"]}','cba4f8e487aa8d68fd3cafa62c1634d98335678115150e83f7fe168f8cc40f6b');
INSERT INTO audit VALUES(45,'2026-11-23T22:10:17.078Z','田中','insert','fact','7ab35813-03a7-4247-8942-c376d82c3bb3','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"cause"],"value":[null,"使い回されたパスワード"],"stated_by":[null,"田中"],"stated_at":[null,"2026-11-23T22:10:17.078Z"]}','838ba5a1361daaef080b40fc6745ebc7ce2237cfbde5ea1ab895081d61abf292');
INSERT INTO audit VALUES(46,'2026-11-23T22:10:17.078Z','田中','insert','fact','c8dc446d-46c5-4b5f-834b-90341845749b','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"effect"],"value":[null,"閲覧の恐れ"],"stated_by":[null,"田中"],"stated_at":[null,"2026-11-23T22:10:17.078Z"]}','69c1bfd6407b95f8cedf68434e9dce92afa5db018bff8393c53948e600fb341f');
INSERT INTO audit VALUES(47,'2026-11-23T22:10:17.078Z','田中','insert','fact','7ab8e497-b2c8-4416-9d96-ff68ef595aaf','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"name":[null,"overview"],"value":[null,"不正ログイン"],"stated_by":[null,"田中"],"stated_at":[null,"2026-11-23T22:10:17.078Z"]}','c7cf168a1adae1546647a5a4770a8de970b2b40deaeece1faa2b220d5eb2c43a');
INSERT INTO audit VALUES(48,'2026-11-23T22:10:17.116Z','田中','insert','duty','a770dde4-c2c4-4411-85da-fe483f2b2241','{"version":[null,"1"],"rule_state":[null,"triggered"],"facts_sha256":[null,"d86f8c1a9d4ed245f2fe37f754a1f4638e7ce3ca91f46f80be63cc119c901e43"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2026-11-25"],"due_shifted":[null,"2026-11-25"],"state":[null,"sent"],"sent_at":[null,"2026-11-23T22:10:17.116Z"],"receipt_no":[null,"R-1"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"appi.sokuho"]}','9ee94c6ccd698d0054b0c71526eb364138941204994d8a92b13e8255ed1e1837');
INSERT INTO audit VALUES(49,'2026-11-23T22:10:17.140Z','田中','insert','transition','63db4662-9da4-417d-9500-4c451b24b190','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"from_phase":[null,"detect"],"to_phase":[null,"recover"],"step":[null,"restore"],"actor":[null,"田中"],"at":[null,"2026-11-23T22:10:17.140Z"]}','d43cca2d478bdf9eb1095b6183e5f21bac01e2abdf8a1dc0a7fcc654ba515b45');
INSERT INTO audit VALUES(50,'2026-11-23T22:10:17.140Z','田中','update','incident','acf914ca-356f-4bf2-8225-2ffef1b89754','{"phase":["detect","recover"],"step":[null,"restore"]}','de8fa04df803525a1a42ffe87ecefbc8e66633cc9fa7afc8d395e17352194074');
INSERT INTO audit VALUES(51,'2026-11-23T22:10:17.173Z','田中','insert','lesson','edac1ea1-d6ef-42e0-8973-fa98a66816ba','{"measure":[null,"鍵での認証にする"],"cost":[null,30000],"due":[null,"2027-01-31"],"owner":[null,"佐藤"],"control":[null,"8.5"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"no":[null,1],"state":[null,"planned"]}','da33d1e43649b0ee5382d565f883b4047d932bf58ce0fc3aeae094112967b2f8');
INSERT INTO audit VALUES(52,'2026-11-23T22:10:17.189Z','田中','insert','duty','3aa96cbd-ad4a-4f17-b4f8-5c732f721ef7','{"version":[null,"1"],"rule_state":[null,"triggered"],"facts_sha256":[null,"d86f8c1a9d4ed245f2fe37f754a1f4638e7ce3ca91f46f80be63cc119c901e43"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2027-01-19"],"due_shifted":[null,"2027-01-19"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"appi.kakuho"]}','f819991a1d60264bf91f4dafd23432b6955afd5fcecea25d1a068e4c31b01fff');
INSERT INTO audit VALUES(53,'2026-11-23T22:10:17.189Z','田中','insert','duty','9525ba7e-e6dc-468c-b53c-c04002ecf0a8','{"version":[null,"1"],"rule_state":[null,"triggered"],"facts_sha256":[null,"d86f8c1a9d4ed245f2fe37f754a1f4638e7ce3ca91f46f80be63cc119c901e43"],"aware_at":[null,"2026-11-21"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"appi.honnin"]}','839582d8c9537a762eaeebdfffd0c048a45a5cdffaaf11c60012aad1a07ae107');
INSERT INTO audit VALUES(54,'2026-11-23T22:10:17.189Z','田中','insert','duty','60893976-b168-4bb4-8ebb-e9babe9849fe','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"d86f8c1a9d4ed245f2fe37f754a1f4638e7ce3ca91f46f80be63cc119c901e43"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2026-11-25"],"due_shifted":[null,"2026-11-25"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"appi.itaku"]}','39cd06ba031ab1337e4774d8ced52c38cc09163c8f37afcee1809c2a24d75228');
INSERT INTO audit VALUES(55,'2026-11-23T22:10:17.189Z','田中','insert','duty','2a4a2ae2-6e2f-4c98-8030-f8e2145d08fa','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"fc56816dab227b76663f0d410269bc23717958467a3985ae5dd1eb10783a8db0"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2026-11-25"],"due_shifted":[null,"2026-11-25"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"mynumber.sokuho"]}','f29833d877a4f83999ef6c691897c8236d17bc241fb08d71c5bdca7c7f860683');
INSERT INTO audit VALUES(56,'2026-11-23T22:10:17.189Z','田中','insert','duty','7b4f33b2-9059-4ad1-9df5-0ba5376e9e86','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"fc56816dab227b76663f0d410269bc23717958467a3985ae5dd1eb10783a8db0"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2027-01-19"],"due_shifted":[null,"2027-01-19"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"mynumber.kakuho"]}','e446dfce78971a0e4217a3258cb6d50b9b8a4af601cc4ef5633ef9a71ddff854');
INSERT INTO audit VALUES(57,'2026-11-23T22:10:17.189Z','田中','insert','duty','5dcf8415-d25c-4e89-be82-43722547a8e3','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"bc83f5362ddccf0ab8035bc020c202483d76f503c72c23000f21fac7a18cb281"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2026-11-25"],"due_shifted":[null,"2026-11-25"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"pmark.sokuho"]}','fa72b930188e502ed08fda5773a719494a76c5b88bef314cba2148425a4e5245');
INSERT INTO audit VALUES(58,'2026-11-23T22:10:17.189Z','田中','insert','duty','758477cf-4f26-43d7-9367-57a09a6a8bd6','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"1b7c37f10f7e1dc2288af2a41b0f2d72fcc9576bee2c4d16a2c2a58af56a4776"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2027-01-19"],"due_shifted":[null,"2027-01-19"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"pmark.kakuho"]}','443d2bd449354192410e033156a5921f16a8007648edeb2e61c467574571f323');
INSERT INTO audit VALUES(59,'2026-11-23T22:10:17.189Z','田中','insert','duty','6a80c403-b1cb-4c35-86cf-b54ad8af933c','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],"aware_at":[null,"2026-11-21"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"customer.notice"]}','18dcbf338da47aefaf1af2329a1f03dac21858a0e6b8f89e19c0a0a9a48217cd');
INSERT INTO audit VALUES(60,'2026-11-23T22:10:17.189Z','田中','insert','duty','4c223d39-4a5f-4811-a0f5-a8cc9bbbc04e','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],"aware_at":[null,"2026-11-21"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"customer.infrastructure"]}','ecb3a62d8cafc4c89bdbffbf1a00999a6ebffc65c4a7de4d1cfd2ce929d6d847');
INSERT INTO audit VALUES(61,'2026-11-23T22:10:17.189Z','田中','insert','duty','644abbb9-7cf2-40c9-9bb3-3fa108386938','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"1b7c37f10f7e1dc2288af2a41b0f2d72fcc9576bee2c4d16a2c2a58af56a4776"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2026-11-23T15:00:00.000Z"],"due_shifted":[null,"2026-11-23T15:00:00.000Z"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"gdpr.33"]}','d8135e58d5539d44a8dcb9bd7fbb13d91a40e776ce83213d0863228623bb8e12');
INSERT INTO audit VALUES(62,'2026-11-23T22:10:17.189Z','田中','insert','duty','d1eeaaf9-6a3f-4a77-84b4-4cbccf1bf380','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],"aware_at":[null,"2026-11-21"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"gdpr.33.processor"]}','c850797ed0229bb7a70e396c32b2bf536c66e25dfeaccae3bcef6d96594d5967');
INSERT INTO audit VALUES(63,'2026-11-23T22:10:17.189Z','田中','insert','duty','bbdb0667-67b4-448c-a426-86c1c28777fc','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"1b7c37f10f7e1dc2288af2a41b0f2d72fcc9576bee2c4d16a2c2a58af56a4776"],"aware_at":[null,"2026-11-21"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"gdpr.34"]}','82a40d30da8d7f4a9bc5dac1be3c72ab03ad991381d72434baca265d83240d12');
INSERT INTO audit VALUES(64,'2026-11-23T22:10:17.189Z','田中','insert','duty','bfd1b94f-616e-4e48-b565-0330ea421bc2','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2026-11-21T15:00:00.000Z"],"due_shifted":[null,"2026-11-21T15:00:00.000Z"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"nis2.early"]}','0439b69fe10605801a38b252d8dbebe48b945841f60143de6c825218e8cd7fbc');
INSERT INTO audit VALUES(65,'2026-11-23T22:10:17.189Z','田中','insert','duty','3ab846b2-e31c-47bd-a6f4-520cc50cadb4','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2026-11-23T15:00:00.000Z"],"due_shifted":[null,"2026-11-23T15:00:00.000Z"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"nis2.notification"]}','dbabdaa38a26f78d9b1d63dc1a4b944ed6250a8a0b7775da3f0b44c04f568ec0');
INSERT INTO audit VALUES(66,'2026-11-23T22:10:17.189Z','田中','insert','duty','b13df749-e0e3-4547-a72f-1cce01efae26','{"version":[null,"1"],"rule_state":[null,"needs_review"],"facts_sha256":[null,"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],"aware_at":[null,"2026-11-21"],"due_strict":[null,"2026-12-23T15:00:00.000Z"],"due_shifted":[null,"2026-12-23T15:00:00.000Z"],"state":[null,"not_needed"],"decided_by":[null,"田中"],"decided_at":[null,"2026-11-23T22:10:17.189Z"],"reason":[null,"該当なし"],"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"duty":[null,"nis2.final"]}','b63aed113fc83df32423d70b1ec43f5c79795f712da715b178fba7e694210714');
INSERT INTO audit VALUES(67,'2026-11-23T22:10:17.219Z','田中','insert','link','94dd07db-3ad8-40a7-9685-90228ce9dbaf','{"from_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"to_id":[null,"6e37ea65-28e9-40f9-9687-ac4459192f4a"],"kind":[null,"related"],"note":[null,"同じ接続元"]}','37e41e266f4c7ff17bba795ce5878f271fd70861a7b67a91b976bb675d9c63d4');
INSERT INTO audit VALUES(68,'2026-11-23T22:10:17.256Z','cron','insert','review','51103bfa-beea-4eb6-8a77-84705e8966d5','{"kind":[null,"log"],"reviewer":[null,"cron"],"source":[null,"web01"],"from_at":[null,"2026-11-19T15:00:00.000Z"],"to_at":[null,"2026-11-20T15:00:00.000Z"],"at":[null,"2026-11-23T22:10:17.256Z"],"result":[null,"2 findings"],"findings":[null,2]}','c5376c9cd231bc9b2b4a14b2eefda5479e9ad0bea24f1e057def49aa71181122');
INSERT INTO audit VALUES(69,'2026-11-23T22:10:17.296Z','田中','insert','transition','d3af241d-7804-4dc8-97ac-de10b61aa895','{"incident_id":[null,"acf914ca-356f-4bf2-8225-2ffef1b89754"],"from_phase":[null,"recover"],"to_phase":[null,"closed"],"step":[null,"restore"],"actor":[null,"田中"],"at":[null,"2026-11-23T22:10:17.296Z"]}','42f537ad8515d9e291f89146aa196b2b8f05cf576285cf358543162381690e35');
INSERT INTO audit VALUES(70,'2026-11-23T22:10:17.296Z','田中','update','incident','acf914ca-356f-4bf2-8225-2ffef1b89754','{"phase":["recover","closed"],"closed_at":[null,"2026-11-23T22:10:17.296Z"]}','d09d416b3eaa2f87073166ec55c9bff8ac053bb94f6ccabc5fe08246c1dd9193');
CREATE TABLE carried (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL,
    with_id TEXT REFERENCES carried (id), -- came with that one's file; null: the file's own trail
    head TEXT NOT NULL,             -- of the other database's trail when it was exported: "N:SHA256"
    schema INTEGER NOT NULL,
    sha256 TEXT NOT NULL,           -- of the file
    changes INTEGER NOT NULL,       -- rows of carried_audit
    chain TEXT NOT NULL,            -- SHA-256 of their hashes, one after the other
    inserted INTEGER NOT NULL,      -- rows that were written with it, just before it
    imported_at TEXT NOT NULL,
    imported_by TEXT NOT NULL
) STRICT;
INSERT INTO carried VALUES('94648653-aaea-4771-a6a3-f3ba957fa806','6e37ea65-28e9-40f9-9687-ac4459192f4a',NULL,'19:fd3ef30d288790776db5008eae013814b7655a7c642c144489eb6fd9591e30e4',1,'fb4857f1dc2cbcd29d7248d9b2c150c71cc100ff4d7dad39f988644bbe2a069e',4,'2430011270b63b9b1d065003cf61e04e9c34f1ff48a9ffca8e03e1995dbedfc5',3,'2026-11-23T22:10:16.251Z','田中');
CREATE TABLE carried_audit (
    carried_id TEXT NOT NULL REFERENCES carried (id),
    n INTEGER NOT NULL,             -- from 1
    previous TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('insert', 'update')),
    tbl TEXT NOT NULL,
    row TEXT NOT NULL,
    fields TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (carried_id, n)
) STRICT;
INSERT INTO carried_audit VALUES('94648653-aaea-4771-a6a3-f3ba957fa806',1,'a7a14ff08b09683742307d0b583616355e1215f8ae24b6d4418392de520e1737',16,'2026-11-23T22:10:16.139Z','Hana','insert','event','97e93f3a-9a81-47f8-b9f0-4b6e0b8db1bd','{"no":[null,"EVT-2026-0001"],"text":[null,"a stranger logged in to web01"],"reporter":[null,"Hana"],"noticed_at":[null,"2026-11-23T22:10:16.139Z"],"recorded_at":[null,"2026-11-23T22:10:16.139Z"],"recorded_by":[null,"Hana"]}','1d22acbd752a00a2dcbe1c47ba34b271a689d7ff43919b5677f8f715bf2aa9e6');
INSERT INTO carried_audit VALUES('94648653-aaea-4771-a6a3-f3ba957fa806',2,'1d22acbd752a00a2dcbe1c47ba34b271a689d7ff43919b5677f8f715bf2aa9e6',17,'2026-11-23T22:10:16.152Z','Tanaka','insert','incident','6e37ea65-28e9-40f9-9687-ac4459192f4a','{"no":[null,"CASE-2026-001"],"title":[null,"Log-in of a stranger"],"kind":[null,"intrusion"],"opened_at":[null,"2026-11-23T22:10:16.152Z"],"opened_by":[null,"Tanaka"],"phase":[null,"detect"],"tlp":[null,"amber"],"lead":[null,"Tanaka"],"exercise":[null,0]}','f016591eeb74ebccb1fb703804aa51bdf8222b73fa682b7ba0dc9cb98192d25b');
INSERT INTO carried_audit VALUES('94648653-aaea-4771-a6a3-f3ba957fa806',3,'f016591eeb74ebccb1fb703804aa51bdf8222b73fa682b7ba0dc9cb98192d25b',18,'2026-11-23T22:10:16.152Z','Tanaka','update','event','97e93f3a-9a81-47f8-b9f0-4b6e0b8db1bd','{"incident_id":[null,"6e37ea65-28e9-40f9-9687-ac4459192f4a"]}','a6313ac6eefeaf7be7b834ac7a37c3362f44bd16b8d3cfaf2ce30f5788596f4f');
INSERT INTO carried_audit VALUES('94648653-aaea-4771-a6a3-f3ba957fa806',4,'a6313ac6eefeaf7be7b834ac7a37c3362f44bd16b8d3cfaf2ce30f5788596f4f',19,'2026-11-23T22:10:16.165Z','Sato','insert','note','99d28190-40a3-4b93-a61d-b5c7c63924ed','{"incident_id":[null,"6e37ea65-28e9-40f9-9687-ac4459192f4a"],"no":[null,1],"author":[null,"Sato"],"at":[null,"2026-11-23T22:10:16.165Z"],"text":[null,"ここから始める"]}','fd3ef30d288790776db5008eae013814b7655a7c642c144489eb6fd9591e30e4');
CREATE TABLE search_row (
    n INTEGER PRIMARY KEY,
    tbl TEXT NOT NULL,
    row TEXT NOT NULL,
    UNIQUE (tbl, row)
) STRICT;
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = ''trigram'')');
CREATE TABLE IF NOT EXISTS 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE IF NOT EXISTS 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS 'search_content'(id INTEGER PRIMARY KEY, c0);
CREATE TABLE IF NOT EXISTS 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE IF NOT EXISTS 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO search_config VALUES('version',4);
CREATE INDEX event_of ON event (incident_id);
CREATE INDEX alert_event ON alert (event_id);
CREATE INDEX decision_event ON decision (event_id);
CREATE INDEX decision_alert ON decision (alert_id);
CREATE VIEW assessment AS
SELECT 'event' AS tbl, e.id AS row, e.no, e.recorded_at AS at, NULL AS severity, e.text AS what, e.incident_id,
    d.outcome, d.scale, d.level, d.criteria, d.reason, d.decider, d.decided_at
FROM event e LEFT JOIN decision d ON d.rowid = (SELECT max(rowid) FROM decision WHERE event_id = e.id)
UNION ALL
SELECT 'alert', a.id, a.no, a.filed_at, a.level, a.title, (SELECT incident_id FROM event WHERE id = a.event_id),
    d.outcome, d.scale, d.level, d.criteria, d.reason, d.decider, d.decided_at
FROM alert a LEFT JOIN decision d ON d.rowid = coalesce((SELECT max(rowid) FROM decision WHERE alert_id = a.id),
    (SELECT max(rowid) FROM decision WHERE event_id = a.event_id));
CREATE INDEX fact_of ON fact (incident_id, name);
CREATE INDEX transition_of ON transition (incident_id);
CREATE INDEX timeline_at ON timeline (incident_id, at);
CREATE INDEX playbook_of ON playbook (incident_id);
CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER carried_audit_update BEFORE UPDATE ON carried_audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER carried_audit_delete BEFORE DELETE ON carried_audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
PRAGMA writable_schema=OFF;
COMMIT;
PRAGMA user_version = 1;
PRAGMA application_id = 1769104482; -- "irdb"
