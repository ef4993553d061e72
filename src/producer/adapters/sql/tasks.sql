-- name: place_orders
-- Slots, charges, tasks and idempotency keys of all orders; the accounts' rows are locked by the caller.
WITH orders AS (
    SELECT * FROM ROWS FROM (
        jsonb_to_recordset(%(orders)s) AS (
            id uuid, account_id uuid, task_type text, request jsonb, clip_id uuid,
            webhook_url text, webhook_secret text, credits bigint, extra_credits bigint,
            once_key text, once_digest text
        )
    ) WITH ORDINALITY
), paid AS (
    UPDATE accounts
    SET credits = accounts.credits - bill.credits, extra_credits = accounts.extra_credits - bill.extra_credits,
        running = running + bill.tasks
    FROM (
        SELECT account_id, sum(credits) AS credits, sum(extra_credits) AS extra_credits, count(*) AS tasks
        FROM orders GROUP BY account_id
    ) AS bill
    WHERE accounts.id = bill.account_id
), entered AS (
    INSERT INTO entries (account_id, kind, credits, extra_credits, task_id)
    SELECT account_id, 'charge', -credits, -extra_credits, id FROM orders ORDER BY ordinality
), claimed AS (
    INSERT INTO idempotency_keys (account_id, key, digest, task_id)
    SELECT account_id, once_key, decode(once_digest, 'hex'), id FROM orders WHERE once_key IS NOT NULL
    ON CONFLICT (account_id, key) DO UPDATE  -- one that is older than 24 hours
    SET digest = excluded.digest, task_id = excluded.task_id, created_at = now()
)
INSERT INTO tasks (id, account_id, task_type, request, clip_id, webhook_url, webhook_secret)
SELECT id, account_id, task_type, request, clip_id, webhook_url, webhook_secret
FROM orders ORDER BY ordinality;

-- name: find_task
SELECT id, number, task_type, status, progress, stage, result, error, created_at, finished_at
FROM tasks WHERE id = %(task_id)s AND account_id = %(account_id)s;

-- name: find_failed
SELECT id FROM tasks WHERE id = %(task_id)s AND status = 'FAILED';

-- name: list_tasks
SELECT id, number, task_type, status, progress, stage, error, created_at, finished_at
FROM tasks
WHERE account_id = %(account_id)s
  AND (%(status)s::text IS NULL OR status = %(status)s)
  AND (%(task_type)s::text IS NULL OR task_type = %(task_type)s)
  AND (%(before)s::bigint IS NULL OR number < %(before)s)
ORDER BY number DESC
LIMIT %(limit)s;

-- name: waiting_numbers
-- Numbers of all waiting tasks by queue's task types, for queue positions.
SELECT task_type, array_agg(number ORDER BY number) AS numbers
FROM tasks WHERE status = 'PENDING'
GROUP BY task_type;

-- name: start_task
UPDATE tasks
SET status = 'RUNNING', attempt = attempt + 1, progress = 0, stage = NULL,
    started_at = coalesce(started_at, now())
WHERE id = %(task_id)s AND status IN ('PENDING', 'RUNNING')
RETURNING *, pg_notify('producer_tasks', id::text);

-- name: report_progress
-- A row when the attempt still counts: a worker that was thought dead must not speak for its successor.
WITH moved AS (
    UPDATE tasks SET progress = greatest(progress, %(progress)s), stage = %(stage)s
    WHERE id = %(task_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
      AND (progress < %(progress)s OR stage IS DISTINCT FROM %(stage)s)
    RETURNING id
)
SELECT id, (SELECT pg_notify('producer_tasks', id::text) FROM moved) FROM tasks
WHERE id = %(task_id)s AND attempt = %(attempt)s AND status = 'RUNNING';

-- name: hand_back_task
UPDATE tasks SET status = 'PENDING', progress = 0, stage = NULL
WHERE id = %(task_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
RETURNING task_type, pg_notify('producer_tasks', id::text);

-- name: find_running_task
SELECT * FROM tasks
WHERE id = %(task_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
FOR UPDATE;

-- name: find_open_task
SELECT * FROM tasks
WHERE id = %(task_id)s AND status IN ('PENDING', 'RUNNING')
  AND (%(attempt)s::integer IS NULL OR attempt = %(attempt)s)
FOR UPDATE;

-- name: finish_task
UPDATE tasks
SET status = CASE WHEN %(error)s::text IS NULL THEN 'SUCCESS' ELSE 'FAILED' END,
    progress = CASE WHEN %(error)s::text IS NULL THEN 100 ELSE progress END,
    stage = NULL, result = %(result)s, error = %(error)s, finished_at = now()
WHERE id = %(task_id)s
RETURNING *, pg_notify('producer_tasks', id::text);

-- name: find_lost_tasks
-- Open tasks without a job that will carry them out.
SELECT id, task_type FROM tasks
WHERE status IN ('PENDING', 'RUNNING') AND created_at < now() - interval '1 minute'
  AND NOT EXISTS (
      SELECT 1 FROM procrastinate_jobs
      WHERE queueing_lock = tasks.id::text AND procrastinate_jobs.status IN ('todo', 'doing')
  )
FOR UPDATE SKIP LOCKED;

-- name: forget_old_keys
DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours';

-- name: find_claims
SELECT account_id, key, digest, task_id FROM idempotency_keys
WHERE (account_id, key) IN (SELECT * FROM unnest(%(account_ids)s::uuid[], %(keys)s::text[]))
  AND created_at >= now() - interval '24 hours';
