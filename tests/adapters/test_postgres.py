"""The embedded database starts anywhere, stops clean, and survives what happens to processes."""

import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from producer.adapters import deathbed
from producer.adapters.migrate import migrate
from producer.adapters.postgres import EmbeddedPostgres
from producer.errors import SettingsError

OWNER = """
import sys, time
from pathlib import Path
from producer.adapters.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as server:
    print(server.url, flush=True)
    time.sleep(60)
"""


def ask(url, text="SELECT 1"):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(text)
        return cursor.fetchone() if cursor.description else None


def start_owner(folder, *prefix):
    """A process that owns a database, and the URL it tells."""
    command = [*prefix, sys.executable, "-c", OWNER, str(folder)]
    owner = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return owner, owner.stdout.readline().strip()


def postmaster(folder):
    return int((folder / "cluster" / "postmaster.pid").read_text().splitlines()[0])


@pytest.mark.parametrize("length", [0, 120], ids=["short path", "path longer than a socket's name may be"])
def test_it_starts_keeps_its_data_and_stops(tmp_path, length):
    folder = tmp_path / ("x" * length) / "postgres"
    with EmbeddedPostgres(folder) as server:
        ask(server.url, "CREATE TABLE songs (title text)")
        process = postmaster(folder)
    assert not Path(f"/proc/{process}").exists()
    with EmbeddedPostgres(folder) as server:
        assert ask(server.url, "SELECT count(*) FROM songs") == (0,)


def test_a_folder_below_one_that_others_can_not_enter(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "postgres") as server:
        assert ask(server.url) == (1,)
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_from_root_it_runs_as_somebody_else(tmp_path):
    with EmbeddedPostgres(tmp_path / "postgres"):
        status = Path(f"/proc/{postmaster(tmp_path / 'postgres')}/status").read_text()
    uid = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1]
    assert uid != "0"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_can_start_it_too(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    daemon = pwd.getpwnam("daemon")
    os.chown(folder, daemon.pw_uid, daemon.pw_gid)
    ids = (str(daemon.pw_uid), str(daemon.pw_gid))
    owner, url = start_owner(folder / "postgres", sys.executable, "-I", "-S", deathbed.__file__, "0", *ids)
    assert url
    assert (folder / "postgres" / "cluster").stat().st_uid == daemon.pw_uid
    owner.kill()
    owner.wait()
    owner.stdout.close()


def test_a_second_process_joins_the_running_one(tmp_path):
    with EmbeddedPostgres(tmp_path / "postgres") as first, EmbeddedPostgres(tmp_path / "postgres") as second:
        assert second.url == first.url
        assert ask(second.url) == (1,)
    with pytest.raises(psycopg.OperationalError):
        ask(first.url)


def test_one_who_insists_on_owning_it_is_told_that_it_is_in_use(tmp_path, monkeypatch):
    monkeypatch.setattr("producer.adapters.postgres.TAKEOVER_SECONDS", 0.1)
    with (
        EmbeddedPostgres(tmp_path / "postgres"),
        pytest.raises(SettingsError, match="Another producer process"),
        EmbeddedPostgres(tmp_path / "postgres", own=True),
    ):
        pass


def test_it_ends_with_an_owner_that_is_killed_and_starts_again(tmp_path):
    folder = tmp_path / "postgres"
    owner, url = start_owner(folder)
    ask(url, "CREATE TABLE songs (title text)")
    process = postmaster(folder)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    with EmbeddedPostgres(folder) as server:  # waits for the old one to end
        assert ask(server.url, "SELECT count(*) FROM songs") == (0,)
        assert postmaster(folder) != process


def test_a_pid_file_that_names_another_process_is_forgotten(tmp_path):
    folder = tmp_path / "postgres"
    with EmbeddedPostgres(folder):
        text = (folder / "cluster" / "postmaster.pid").read_text()
    stale = text.replace(text.splitlines()[0], str(os.getpid()), 1)
    (folder / "cluster" / "postmaster.pid").write_text(stale)
    with EmbeddedPostgres(folder) as server:
        assert ask(server.url) == (1,)


def test_a_database_that_crashed_recovers(tmp_path):
    folder = tmp_path / "postgres"
    with EmbeddedPostgres(folder) as server:
        ask(server.url, "CREATE TABLE songs (title text)")
        os.kill(postmaster(folder), signal.SIGKILL)
        server._process.wait()
    with EmbeddedPostgres(folder) as server:
        assert ask(server.url, "SELECT count(*) FROM songs") == (0,)


def test_a_folder_that_can_not_be_used_is_told_with_the_remedy(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "cluster").mkdir()
    (tmp_path / "postgres" / "cluster" / "PG_VERSION").write_text("9.1\n")
    with pytest.raises(SettingsError, match="PRODUCER_DATABASE_URL"), EmbeddedPostgres(tmp_path / "postgres"):
        pass


def test_migrations_can_be_run_again_and_again(database_url):
    for _ in range(2):
        migrate(database_url)
    assert ask(database_url, "SELECT count(*) FROM accounts") == (0,)


def test_a_database_out_of_reach_is_told_in_one_line():
    with pytest.raises(SettingsError, match="PRODUCER_DATABASE_URL") as caught:
        migrate("postgresql://127.0.0.1:9/nothing")
    assert "\n" not in str(caught.value)
