"""Calling the service as a client does."""

import time

import httpx

ORDER = {
    "task_type": "create_music",
    "sound": "gentle indie folk",
    "lyrics": "[Verse 1]\nLate night drives across the city",
    "title": "Back to You",
    "seed": "12345",
}
BASE = "/api/v1"
PATIENCE_SECONDS = 60.0


def submit(client: httpx.Client, route: str = "create", **fields: object) -> str:
    """Order something that is taken; the task's id."""
    answer = client.post(f"{BASE}/producer/{route}", json=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()["task_id"]


def poll(client: httpx.Client, task_id: str) -> dict:
    """One poll."""
    return client.get(f"{BASE}/producer/task/{task_id}").json()


def wait_for(client: httpx.Client, task_id: str, *statuses: str) -> dict:
    """Poll until a task has ended, or stands as wanted."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        body = poll(client, task_id)
        if body["status"] in (statuses or ("SUCCESS", "FAILED")):
            return body
        time.sleep(0.02)
    raise AssertionError(f"still {body}")


def make_clip(client: httpx.Client, **fields: object) -> dict:
    """A finished song."""
    body = wait_for(client, submit(client, **ORDER | fields))
    assert body["status"] == "SUCCESS", body
    return body["data"][0]


def credits(client: httpx.Client) -> dict:
    """The balance."""
    return client.get(f"{BASE}/get-credits").json()
