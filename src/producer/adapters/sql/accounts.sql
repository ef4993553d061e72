-- name: add_account
INSERT INTO accounts (name, concurrency, webhook_secret)
VALUES (%(name)s, %(concurrency)s, %(webhook_secret)s)
ON CONFLICT (name) DO NOTHING
RETURNING id;

-- name: find_account
SELECT * FROM accounts WHERE name = %(name)s;

-- name: list_accounts
SELECT accounts.*,
       coalesce(array_agg(keys.id ORDER BY keys.created_at)
                FILTER (WHERE keys.id IS NOT NULL AND keys.revoked_at IS NULL), '{}') AS key_ids
FROM accounts LEFT JOIN keys ON keys.account_id = accounts.id
GROUP BY accounts.id
ORDER BY accounts.name;

-- name: lock_accounts
SELECT id, credits, extra_credits, concurrency, running FROM accounts
WHERE id = ANY(%(account_ids)s) ORDER BY id FOR NO KEY UPDATE;

-- name: lock_free_accounts
SELECT id, credits, extra_credits, concurrency, running FROM accounts
WHERE id = ANY(%(account_ids)s) FOR NO KEY UPDATE SKIP LOCKED;

-- name: read_balance
SELECT credits, extra_credits FROM accounts WHERE id = %(account_id)s;

-- name: free_slot
UPDATE accounts SET running = running - 1 WHERE id = %(account_id)s;

-- name: add_key
INSERT INTO keys (id, account_id, digest) VALUES (%(id)s, %(account_id)s, %(digest)s);

-- name: find_key
SELECT account_id, digest FROM keys WHERE id = %(id)s AND revoked_at IS NULL;

-- name: revoke_keys
-- One key by its id, or all of an account. Every API process forgets them at once.
WITH revoked AS (
    UPDATE keys SET revoked_at = now()
    FROM accounts
    WHERE accounts.id = keys.account_id AND keys.revoked_at IS NULL
      AND (keys.id = %(name_or_key_id)s OR accounts.name = %(name_or_key_id)s)
    RETURNING keys.id
)
SELECT id, pg_notify('producer_keys', id) FROM revoked;

-- name: add_entry
INSERT INTO entries (account_id, kind, credits, extra_credits, task_id)
VALUES (%(account_id)s, %(kind)s, %(credits)s, %(extra_credits)s, %(task_id)s);

-- name: move_balance
UPDATE accounts
SET credits = credits + %(credits)s, extra_credits = extra_credits + %(extra_credits)s
WHERE id = %(account_id)s;

-- name: find_charge
SELECT credits, extra_credits FROM entries WHERE task_id = %(task_id)s AND kind = 'charge';
