"""The OpenAPI document tells the truth: schemathesis finds no answer that it doesn't describe."""

import subprocess
import sys
from pathlib import Path

import httpx

EXAMPLES = 4  # random requests of each operation, after the documented and the boundary ones
SECONDS = 300


def test_schemathesis_runs_clean(api, tmp_path):
    caller = api.open_account(credits=100_000_000, concurrency=1_000_000)
    command = [
        *(str(Path(sys.executable).parent / "schemathesis"), "run", f"{api.base_url}/openapi.json"),
        *("--header", f"Authorization: Bearer {caller.key}"),
        *("--checks", "all", "--max-examples", str(EXAMPLES), "--seed", "7"),
        *("--phases", "examples,coverage,fuzzing", "--no-color", "--suppress-health-check", "all"),
        # A URL may have the right form and still not be one that we go to; a clip must be one's own.
        *("--exclude-checks", "positive_data_acceptance"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


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
