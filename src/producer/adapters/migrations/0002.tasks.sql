-- Paid requests and what comes of them.

CREATE TABLE tasks (
    id              uuid PRIMARY KEY,
    number          bigint GENERATED ALWAYS AS IDENTITY,
    account_id      uuid NOT NULL REFERENCES accounts,
    task_type       text NOT NULL,
    status          text NOT NULL DEFAULT 'PENDING'
                    CHECK (status IN ('PENDING', 'RUNNING', 'SUCCESS', 'FAILED')),
    request         jsonb NOT NULL,
    clip_id         uuid NOT NULL,  -- of the clip it makes or works on
    webhook_url     text,
    webhook_secret  text,
    attempt         integer NOT NULL DEFAULT 0,
    progress        integer NOT NULL DEFAULT 0,
    stage           text,
    result          json,   -- keeps the order of its fields
    error           text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    started_at      timestamptz,
    finished_at     timestamptz
);
CREATE INDEX tasks_account ON tasks (account_id, number DESC);
CREATE INDEX tasks_pending ON tasks (number) WHERE status = 'PENDING';

CREATE TABLE clips (
    id          uuid PRIMARY KEY,
    number      bigint GENERATED ALWAYS AS IDENTITY,
    account_id  uuid NOT NULL REFERENCES accounts,
    task_id     uuid NOT NULL REFERENCES tasks,
    title       text NOT NULL,
    duration    double precision NOT NULL,
    style       jsonb NOT NULL DEFAULT '{}',  -- what a cover and a video need to know
    files       text[] NOT NULL,  -- keys in the vault
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX clips_account ON clips (account_id, number DESC);

CREATE TABLE idempotency_keys (
    account_id  uuid NOT NULL REFERENCES accounts,
    key         text NOT NULL,
    digest      bytea NOT NULL,  -- of route and body
    task_id     uuid NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
