"""The OpenAPI document tells the truth: what it allows is taken, and every answer is described."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import schemathesis
from calls import ORDER
from hypothesis import HealthCheck, given, settings

from producer import bootstrap
from producer.service import desk, settle
from producer.service.till import Till

EXAMPLES = 4  # random requests of each operation, after the documented and the boundary ones
POSITIVE_EXAMPLES = 40
SECONDS = 300
CONFIG = """
[generation]
{generation}

[checks]
# Another task type is told to be retired.
negative_data_rejection.expected-statuses = ["400", "404", "405", "410"]
"""
#: What the document can't know: URLs that we go to, and a clip of the caller.
URLS = {"webhook_url": "https://example.com/hook", "audio_url": "https://example.com/a.mp3"}


def run_schemathesis(api, folder, *options, generation=""):
    """The command over the running API, as an account that can pay for everything.

    That what fits the document is taken is checked further down: a URL may have the right form and still
    not be one that we go to, and a clip must be one's own.
    """
    caller = api.open_account(credits=100_000_000, concurrency=1_000_000)
    (folder / "schemathesis.toml").write_text(CONFIG.format(generation=generation))
    command = [
        *(str(Path(sys.executable).parent / "schemathesis"), "run", f"{api.base_url}/openapi.json"),
        *("--header", f"Authorization: Bearer {caller.key}", "--seed", "7", "--no-color"),
        *("--checks", "all", "--exclude-checks", "positive_data_acceptance", *options),
        *("--suppress-health-check", "all"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=folder, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_schemathesis_runs_clean(api, tmp_path):
    run_schemathesis(api, tmp_path, "--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES))


def test_schemathesis_runs_clean_along_the_links_from_an_order_to_its_task(api, tmp_path):
    told = run_schemathesis(
        api,
        tmp_path,
        *("--phases", "stateful", "--max-examples", "10"),
        *("--exclude-operation-id", "events"),  # its stream ends with the task, and here nobody works
        generation='mode = "positive"',
    )
    assert "Stateful" in told


async def put_clip(api, caller):
    """A clip without files; its id."""
    async with bootstrap.open_database(api.house) as database:
        song = desk.Order(task_type="create_music", request={})
        task = await desk.start(database, await Till(database).submit(caller.account_id, song))
        done = settle.Outcome(fields={}, clip=settle.NewClip(title="Song", duration_seconds=3.0))
        await settle.succeed(database, task["id"], task["attempt"], done, str)
    return str(task["clip_id"])


@pytest.mark.parametrize("route", ["create", "lyrics-create", "video-clip", "upload", "download"])
def test_every_body_that_fits_the_document_is_taken(api, route):
    """With real URLs and a real clip in place of invented ones."""
    caller = api.open_account(credits=100_000_000, concurrency=1_000_000)
    real = URLS | {"clip_id": asyncio.run(put_clip(api, caller))}
    schema = schemathesis.openapi.from_url(f"{api.base_url}/openapi.json")
    schema.config.generation.allow_x00 = False
    path = f"/api/v1/producer/{route}"
    with api.client(caller) as client:

        @settings(
            max_examples=POSITIVE_EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=schema[path]["POST"].as_strategy())
        def is_taken(case):
            known = {name: value for name, value in real.items() if case.body.get(name) is not None}
            answer = client.post(path, json=case.body | known)
            assert answer.status_code == 200, (case.body, answer.text)

        is_taken()


def test_every_route_and_field_is_described(api):
    document = httpx.get(f"{api.base_url}/openapi.json", trust_env=False).json()
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    assert len(operations) == 15
    for operation in operations:
        assert operation["summary"]
        assert {"200", "401", "405", "500", "502"} <= set(operation["responses"])
        for field in operation.get("requestBody", {}).get("content", {}).get("application/json", {}).values():
            for described in field.get("properties", {}).values():
                assert described["description"]


def test_the_documented_examples_are_those_of_the_contract(api):
    document = httpx.get(f"{api.base_url}/openapi.json", trust_env=False).json()
    create = document["paths"]["/api/v1/producer/create"]["post"]
    assert set(ORDER) <= set(create["requestBody"]["content"]["application/json"]["example"])
    assert set(create["responses"]) == {
        "200",
        "400",
        "401",
        "402",
        "405",
        "409",
        "410",
        "413",
        "429",
        "500",
        "502",
    }
    poll = document["paths"]["/api/v1/producer/task/{task_id}"]["get"]
    examples = poll["responses"]["200"]["content"]["application/json"]["examples"]
    assert set(examples) == {
        "running",
        "failed",
        "create_music",
        "make_lyrics",
        "video_clip",
        "upload",
        "download",
    }
    missing = poll["responses"]["404"]["content"]["application/json"]["example"]
    assert missing == {
        "code": 404,
        "type": "not_found",
        "error": "task not found",
        "message": "task not found",
    }
