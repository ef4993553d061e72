"""Ties a child process to its parent's life: when the parent is killed, the child goes too.

Run as a script it becomes another program after taking on a user's identity::

    python -I deathbed.py <signal> <uid> <gid> <program> <argument> …

PostgreSQL refuses to run as root. Started by root it takes an ordinary user's identity but keeps the
right to pass closed folders (CAP_DAC_OVERRIDE as an ambient capability), because the program and the
data may both lie below ``/root``. It needs no extra user, no changed folder modes and no ``su``.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2)
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1  # capabilities(7)
_CAPABILITY_VERSION_3 = 0x20080522


def die_with_parent(signal_number: int = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Have the kernel send `signal_number` to this process when its parent ends (Linux only).

    Parameters
    ----------
    signal_number
        What to send.
    parent
        Process id of the parent; when it is gone already, this process ends at once.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signal_number)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def become(uid: int, gid: int) -> None:
    """Take on an ordinary user's identity; from root, keep the right to pass closed folders."""
    if os.geteuid() != 0 or uid == 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    # access(2), by which PostgreSQL looks for its programs, else asks the folder modes alone
    libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    mask = 1 << _CAP_DAC_OVERRIDE
    data = (_Data * 2)(_Data(mask, mask, mask), _Data(0, 0, 0))
    # A container may have taken the capability away; then the folders' own modes decide.
    if libc.capset(ctypes.byref(_Header(_CAPABILITY_VERSION_3, 0)), data) == 0:
        libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def main(arguments: list[str]) -> None:
    """Become the user, arm the signal, turn into the program."""
    signal_number, uid, gid, program, *rest = arguments
    become(int(uid), int(gid))
    if int(signal_number):
        die_with_parent(int(signal_number))
    os.execv(program, [program, *rest])  # noqa: S606 - the program is PostgreSQL's own, chosen by us


if __name__ == "__main__":
    main(sys.argv[1:])
