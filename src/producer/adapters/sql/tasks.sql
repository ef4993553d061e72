-- name: place_order
-- Slot, charge and task in one statement; the account's row is locked by the caller.
WITH paid AS (
    UPDATE accounts
    SET credits = credits - %(credits)s, extra_credits = extra_credits - %(extra_credits)s,
        running = running + 1
    WHERE id = %(account_id)s
), entered AS (
    INSERT INTO entries (account_id, kind, credits, extra_credits, task_id)
    VALUES (%(account_id)s, 'charge', -%(credits)s::bigint, -%(extra_credits)s::bigint, %(id)s)
)
INSERT INTO tasks (id, account_id, task_type, request, clip_id, webhook_url, webhook_secret)
VALUES (%(id)s, %(account_id)s, %(task_type)s, %(request)s, %(clip_id)s, %(webhook_url)s, %(webhook_secret)s);

-- name: find_task
SELECT id, number, task_type, status, progress, stage, result, error, created_at, finished_at
FROM tasks WHERE id = %(task_id)s AND account_id = %(account_id)s;

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

-- name: is_current_attempt
-- Fenced by attempt: a worker that was thought dead must not speak for its successor.
SELECT 1 AS open FROM tasks
WHERE id = %(task_id)s AND attempt = %(attempt)s AND status = 'RUNNING';

-- name: move_progress
WITH moved AS (
    UPDATE tasks SET progress = greatest(progress, %(progress)s), stage = %(stage)s
    WHERE id = %(task_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
      AND (progress < %(progress)s OR stage IS DISTINCT FROM %(stage)s)
    RETURNING id
)
SELECT pg_notify('producer_tasks', id::text) FROM moved;

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

-- name: forget_old_key
DELETE FROM idempotency_keys
WHERE account_id = %(account_id)s AND key = %(key)s AND created_at < now() - interval '24 hours';

-- name: forget_old_keys
DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours';

-- name: claim_key
INSERT INTO idempotency_keys (account_id, key, digest, task_id)
VALUES (%(account_id)s, %(key)s, %(digest)s, %(task_id)s)
ON CONFLICT DO NOTHING;

-- name: find_claim
SELECT digest, task_id FROM idempotency_keys WHERE account_id = %(account_id)s AND key = %(key)s;
