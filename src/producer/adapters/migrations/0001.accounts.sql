-- Accounts, their keys, and the ledger.

CREATE TABLE accounts (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name            text NOT NULL UNIQUE,
    -- Balances are sums of the ledger, kept here so that a submit reads one row.
    credits         bigint NOT NULL DEFAULT 0 CHECK (credits >= 0),
    extra_credits   bigint NOT NULL DEFAULT 0 CHECK (extra_credits >= 0),
    concurrency     integer NOT NULL DEFAULT 5 CHECK (concurrency > 0),
    running         integer NOT NULL DEFAULT 0 CHECK (running >= 0),
    webhook_secret  text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE keys (
    id          text PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES accounts,
    digest      bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    revoked_at  timestamptz
);
CREATE INDEX keys_account ON keys (account_id);

CREATE TABLE entries (
    id             bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    account_id     uuid NOT NULL REFERENCES accounts,
    kind           text NOT NULL CHECK (kind IN ('grant', 'charge', 'refund')),
    credits        bigint NOT NULL,
    extra_credits  bigint NOT NULL,
    task_id        uuid,
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX entries_account ON entries (account_id);
-- A task is charged once and refunded at most once.
CREATE UNIQUE INDEX entries_once ON entries (task_id, kind) WHERE task_id IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END;
$$;

CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
