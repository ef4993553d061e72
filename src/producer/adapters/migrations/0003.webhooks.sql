-- Webhooks: one delivery an event, one row an attempt.

CREATE TABLE deliveries (
    id          uuid PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES accounts,
    task_id     uuid,
    event       text NOT NULL,
    url         text NOT NULL,
    secret      text NOT NULL,
    body        text NOT NULL,
    status      text NOT NULL DEFAULT 'PENDING'
                CHECK (status IN ('PENDING', 'DELIVERED', 'GIVEN_UP')),
    attempts    integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX deliveries_account ON deliveries (account_id, created_at DESC);
CREATE INDEX deliveries_task ON deliveries (task_id);

CREATE TABLE delivery_attempts (
    id           bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    delivery_id  uuid NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    status       integer,  -- HTTP status; null when nobody answered
    ms           integer NOT NULL,
    answer       text NOT NULL,  -- first 1 KiB, or what went wrong
    at           timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX delivery_attempts_delivery ON delivery_attempts (delivery_id);
