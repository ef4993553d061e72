"""Jobs for child processes in tests."""

import os
import time


def pid() -> int:
    return os.getpid()


def answer(value: int, *, by: int) -> int:
    return value * by


def crash() -> None:
    os.abort()


def dawdle(seconds: float) -> None:
    time.sleep(seconds)


def raise_error() -> None:
    raise ValueError("off key")
