/**
 * The schema of the database file, as steps that are applied once and in order: step n brings a file from
 * `user_version` n to n + 1. A step that has been released is never edited; a change of the schema is a further step.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE jobs (
    sequence          INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT    NOT NULL UNIQUE,
    queue             TEXT    NOT NULL,
    kind              TEXT    NOT NULL,
    owner             TEXT    NOT NULL,
    input             TEXT    NOT NULL,
    state             TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    priority          INTEGER NOT NULL,
    attempts          INTEGER NOT NULL DEFAULT 0,
    attempts_max      INTEGER NOT NULL,
    backoff_ms        INTEGER NOT NULL,
    failed_runs       INTEGER NOT NULL DEFAULT 0,
    lost_runs         INTEGER NOT NULL DEFAULT 0,
    cancel_requested  INTEGER NOT NULL DEFAULT 0,
    progress_percent  REAL    NOT NULL DEFAULT 0,
    progress_message  TEXT    NOT NULL DEFAULT '',
    created_at_ms     INTEGER NOT NULL,
    run_at_ms         INTEGER NOT NULL,
    started_at_ms     INTEGER,
    finished_at_ms    INTEGER,
    result            TEXT,
    error             TEXT,
    claim             TEXT,
    claimed_until_ms  INTEGER
  ) STRICT;
  CREATE INDEX jobs_waiting ON jobs (queue, priority, run_at_ms, sequence) WHERE state = 'queued';
  CREATE INDEX jobs_running ON jobs (queue, claimed_until_ms) WHERE state = 'running';
  CREATE INDEX jobs_failed ON jobs (queue) WHERE state = 'failed';
  CREATE INDEX jobs_finished ON jobs (finished_at_ms) WHERE finished_at_ms IS NOT NULL;
  CREATE INDEX jobs_of_owner ON jobs (owner, sequence);

  CREATE TABLE job_steps (
    job_id  TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    name    TEXT NOT NULL,
    result  TEXT NOT NULL,
    PRIMARY KEY (job_id, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tokens (
    id             TEXT    PRIMARY KEY,
    hash           TEXT    NOT NULL UNIQUE,
    subject        TEXT    NOT NULL,
    client_id      TEXT    NOT NULL,
    scopes         TEXT    NOT NULL,
    issued_at_ms   INTEGER NOT NULL,
    expires_at_ms  INTEGER NOT NULL,
    revoked_at_ms  INTEGER
  ) STRICT;

  CREATE TABLE records (
    key            TEXT    PRIMARY KEY,
    value          TEXT    NOT NULL,
    expires_at_ms  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX records_expiring ON records (expires_at_ms);
  `,
  `
  CREATE TABLE audit (
    sequence  INTEGER PRIMARY KEY,
    record    TEXT    NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'records of the audit log are never changed'); END;
  CREATE TRIGGER audit_unremoved BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'records of the audit log are never removed'); END;

  CREATE TABLE audit_head (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    sequence  INTEGER NOT NULL,
    hash      TEXT    NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE locks (
    fence          INTEGER PRIMARY KEY AUTOINCREMENT,
    key            TEXT    NOT NULL UNIQUE,
    expires_at_ms  INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE credentials (
    grant_id   TEXT PRIMARY KEY,
    subject    TEXT NOT NULL,
    client_id  TEXT NOT NULL,
    provider   TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    version    TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE schedules (
    id             TEXT    PRIMARY KEY,
    owner          TEXT    NOT NULL,
    definition     TEXT    NOT NULL,
    created_at_ms  INTEGER NOT NULL,
    next_at_ms     INTEGER,
    last           TEXT,
    ended_at_ms    INTEGER
  ) STRICT;
  CREATE INDEX schedules_due ON schedules (next_at_ms) WHERE next_at_ms IS NOT NULL;
  `,
  `
  CREATE TABLE data_keys (
    id             TEXT    PRIMARY KEY,
    wrapped        TEXT    NOT NULL,
    created_at_ms  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE oauth_records (
    kind            TEXT    NOT NULL,
    hash            TEXT    NOT NULL,
    sealed          TEXT    NOT NULL,
    grant_id        TEXT,
    uid_hash        TEXT,
    user_code_hash  TEXT,
    consumed_at_ms  INTEGER,
    expires_at_ms   INTEGER,
    PRIMARY KEY (kind, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX oauth_records_of_grant ON oauth_records (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX oauth_records_by_uid ON oauth_records (kind, uid_hash) WHERE uid_hash IS NOT NULL;
  CREATE INDEX oauth_records_by_user_code ON oauth_records (kind, user_code_hash) WHERE user_code_hash IS NOT NULL;
  CREATE INDEX oauth_records_expiring ON oauth_records (expires_at_ms) WHERE expires_at_ms IS NOT NULL;

  CREATE TABLE oauth_revoked_grants (
    grant_id  TEXT PRIMARY KEY
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE grants (
    id                 TEXT    PRIMARY KEY,
    subject            TEXT,
    client_id          TEXT,
    source_token_id    TEXT,
    record             TEXT,
    created_at_ms      INTEGER,
    last_used_at_ms    INTEGER,
    revoked_at_ms      INTEGER,
    revocation_reason  TEXT
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE jobs ADD COLUMN lanes TEXT;
  ALTER TABLE jobs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
  DROP INDEX jobs_waiting;
  CREATE INDEX jobs_waiting ON jobs (queue, priority, turn, sequence) WHERE state = 'queued';
  CREATE INDEX jobs_turns ON jobs (queue, priority, owner, turn) WHERE state = 'queued';
  DROP INDEX jobs_failed;
  CREATE INDEX jobs_in_state ON jobs (queue, state, finished_at_ms);

  CREATE TABLE job_rounds (
    queue     TEXT    NOT NULL,
    priority  INTEGER NOT NULL,
    turn      INTEGER NOT NULL,
    PRIMARY KEY (queue, priority)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE lockdown (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    since_ms  INTEGER NOT NULL,
    reason    TEXT    NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE jobs ADD COLUMN progress_so_far TEXT;
  `,
  `
  ALTER TABLE jobs ADD COLUMN keeps_lanes INTEGER NOT NULL DEFAULT 0;
  UPDATE jobs SET keeps_lanes = 1 WHERE state = 'running';
  CREATE INDEX jobs_keeping_lanes ON jobs (sequence) WHERE keeps_lanes = 1 AND finished_at_ms IS NULL;
  `,
  `
  ALTER TABLE jobs ADD COLUMN standing TEXT GENERATED ALWAYS AS
    (CASE WHEN state = 'failed' AND error ->> '$.code' = 'HELD' THEN 'held' ELSE state END) VIRTUAL;
  DROP INDEX jobs_in_state;
  CREATE INDEX jobs_in_state ON jobs (queue, standing, finished_at_ms);
  `,
];
