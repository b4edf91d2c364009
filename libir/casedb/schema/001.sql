-- The case database, version 1. Rules of the house:
--   * id is a UUID; no is what people say ("EVT-2026-0007", a task's 3). Nothing is ever deleted.
--   * Times are UTC, "2026-11-23T05:00:00.123Z": always with milliseconds, so that they sort as text. Dates are civil
--     dates of the organisation's zone.
--   * Rows are written only by the library (record.c), which puts a row into audit for each, in the same transaction.
--     Tables of records that may not be changed once they are written (a decision, an action) are named in tables.def.
-- A later version is a file of its own with the next number; this one is never changed again.

CREATE TABLE setting (
    id TEXT PRIMARY KEY,            -- the name: organisation, zone, language, …
    value TEXT
) STRICT;

-- Who answers (5.24): chief (最高責任者), lead (対応責任者), first (一次対応者), their deputies, and others
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

-- Whom to call (5.5, 5.6): 連絡先一覧表
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

-- A report by anybody (6.8), or what a scan found and somebody took up
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
CREATE INDEX event_of ON event (incident_id);

-- A finding of a scan or a review, filed once
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
CREATE INDEX alert_event ON alert (event_id);

-- The assessment (5.25) of an event or an alert; the latest counts, the earlier ones stay
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
CREATE INDEX decision_event ON decision (event_id);
CREATE INDEX decision_alert ON decision (alert_id);
-- What waits for an assessment, and the latest of each (outcome NULL: none). An alert without one of its own has that of
-- the event that stands for it.
CREATE VIEW assessment AS
SELECT 'event' AS tbl, e.id AS row, e.no, e.recorded_at AS at, NULL AS severity, e.text AS what, e.incident_id,
    d.outcome, d.scale, d.level, d.criteria, d.reason, d.decider, d.decided_at
FROM event e LEFT JOIN decision d ON d.rowid = (SELECT max(rowid) FROM decision WHERE event_id = e.id)
UNION ALL
SELECT 'alert', a.id, a.no, a.filed_at, a.level, a.title, (SELECT incident_id FROM event WHERE id = a.event_id),
    d.outcome, d.scale, d.level, d.criteria, d.reason, d.decider, d.decided_at
FROM alert a LEFT JOIN decision d ON d.rowid = coalesce((SELECT max(rowid) FROM decision WHERE alert_id = a.id),
    (SELECT max(rowid) FROM decision WHERE event_id = a.event_id));

-- What is known of a case, one value a row; the latest of a name counts. Reports, duties and the first-response record
-- are made of these.
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
CREATE INDEX fact_of ON fact (incident_id, name);

-- Phases, gates and who passed them
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
CREATE INDEX transition_of ON transition (incident_id);

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

-- The response log: who did what on what, with which result, when and by which clock
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

CREATE TABLE note (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    no INTEGER NOT NULL,
    author TEXT NOT NULL,
    at TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (incident_id, no)
) STRICT;

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
CREATE INDEX timeline_at ON timeline (incident_id, at);

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

-- Exhibits of the evidence part that belong to a case
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

-- Playbooks as they stood when they were applied
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
CREATE INDEX playbook_of ON playbook (incident_id);

-- Reporting duties: what a named person decided, and what was sent
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

-- Corrective actions and lessons (5.27)
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

CREATE TABLE link (
    id TEXT PRIMARY KEY,
    from_id TEXT NOT NULL REFERENCES incident (id),
    to_id TEXT NOT NULL REFERENCES incident (id),
    kind TEXT NOT NULL,
    note TEXT,
    UNIQUE (from_id, to_id, kind)
) STRICT;

-- Reports that were made: the text itself is kept, because it may have been sent
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

-- What somebody looks at again and again (8.15 to 8.17, 5.24, 9.2, 9.3): who, what of, which time, with which result
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

-- The audit trail: each change, chained. sha256 is of the line
--     PREVIOUS[seq,"at","actor","action","tbl","row",fields]
-- where PREVIOUS is the sha256 before (64 zeros at first), the strings are JSON and fields is as it stands.
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
CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- A case that came from another database: how its rows came to be is told by that one's trail, which is kept as it is.
-- It belongs to this database, not to the case: no reference. One that came with trails of its own has a row for each.
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
CREATE TRIGGER carried_audit_update BEFORE UPDATE ON carried_audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER carried_audit_delete BEFORE DELETE ON carried_audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- Every text in one index; three letters or more, which serves Japanese as well. Made of the other tables.
CREATE TABLE search_row (
    n INTEGER PRIMARY KEY,
    tbl TEXT NOT NULL,
    row TEXT NOT NULL,
    UNIQUE (tbl, row)
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = 'trigram');
