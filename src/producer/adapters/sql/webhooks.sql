-- name: add_delivery
-- Without a secret of its own it is signed with the account's.
INSERT INTO deliveries (id, account_id, task_id, event, url, secret, body)
SELECT %(id)s, accounts.id, %(task_id)s::uuid, %(event)s, %(url)s,
       coalesce(%(secret)s::text, accounts.webhook_secret), %(body)s
FROM accounts WHERE accounts.id = %(account_id)s;

-- name: find_delivery
SELECT * FROM deliveries WHERE id = %(delivery_id)s;

-- name: add_attempt
INSERT INTO delivery_attempts (delivery_id, status, ms, answer)
VALUES (%(delivery_id)s, %(status)s, %(ms)s, %(answer)s);

-- name: move_delivery
UPDATE deliveries SET status = %(status)s, attempts = %(attempts)s
WHERE id = %(delivery_id)s AND status = 'PENDING'
RETURNING id;

-- name: reopen_delivery
UPDATE deliveries SET status = 'PENDING', attempts = 0
WHERE id = %(delivery_id)s AND account_id = %(account_id)s
RETURNING id;

-- name: list_deliveries
SELECT deliveries.id, deliveries.task_id, deliveries.event, deliveries.url, deliveries.status,
       deliveries.created_at,
       coalesce(
           (SELECT json_agg(
                       json_build_object(
                           'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                           'status', attempt.status, 'ms', ms, 'answer', answer
                       ) ORDER BY attempt.id
                   )
            FROM delivery_attempts AS attempt WHERE attempt.delivery_id = deliveries.id), '[]'::json) AS attempts
FROM deliveries
WHERE account_id = %(account_id)s AND (%(task_id)s::uuid IS NULL OR task_id = %(task_id)s)
ORDER BY created_at DESC
LIMIT 100;
