"""Scratch space of a worker, which goes when the worker goes, at the latest when the next one comes."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_NAME = "lock"


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A folder of one's own below `parent`; those of killed processes are removed on the way.

    A lock that the kernel takes back when its holder dies tells the living from the dead.
    """
    parent.mkdir(parents=True, exist_ok=True)
    folder = parent / f"{os.getpid()}-{secrets.token_hex(4)}"
    with _locked(parent):  # nobody is between making a folder and locking it
        for other in parent.iterdir():
            if other.is_dir() and not _is_held(other):
                shutil.rmtree(other, ignore_errors=True)
        folder.mkdir()
        mine = _lock(folder, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(mine)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = _lock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def _is_held(folder: Path) -> bool:
    try:
        os.close(_lock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except (BlockingIOError, FileNotFoundError):  # alive, or just leaving
        return True
    return False


def _lock(folder: Path, how: int) -> int:
    """Lock a folder's lock file; closing the handle unlocks it."""
    handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, how)
    except BlockingIOError:
        os.close(handle)
        raise
    return handle
