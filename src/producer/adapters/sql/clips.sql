-- name: find_owners
SELECT id, account_id FROM clips WHERE id = ANY(%(clip_ids)s);

-- name: read_clip
SELECT * FROM clips WHERE id = %(clip_id)s;

-- name: add_clip
INSERT INTO clips (id, account_id, task_id, title, duration, style, files)
VALUES (%(id)s, %(account_id)s, %(task_id)s, %(title)s, %(duration)s, %(style)s, %(files)s);

-- name: add_clip_files
UPDATE clips
SET files = ARRAY(SELECT DISTINCT unnest(files || %(files)s::text[]) ORDER BY 1)
WHERE id = %(clip_id)s;

-- name: find_song_of_clip
SELECT tasks.id, tasks.result
FROM clips JOIN tasks ON tasks.id = clips.task_id
WHERE clips.id = %(clip_id)s AND tasks.task_type = 'create_music'
FOR UPDATE OF tasks;

-- name: replace_result
UPDATE tasks SET result = %(result)s WHERE id = %(task_id)s
RETURNING pg_notify('producer_tasks', id::text);

-- name: list_clips
SELECT id, number, task_id, title, duration, files, created_at
FROM clips
WHERE account_id = %(account_id)s
  AND (%(before)s::bigint IS NULL OR number < %(before)s)
ORDER BY number DESC
LIMIT %(limit)s;

-- name: delete_clip
DELETE FROM clips WHERE id = %(clip_id)s AND account_id = %(account_id)s RETURNING files;
