"""Child processes that do the heavy work: a crash, a leak or a time limit costs one task, not the worker."""

import asyncio
import contextlib
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import CancelledError, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from producer.adapters.deathbed import die_with_parent
from producer.errors import EngineError

DIED = "The process that made it ended unexpectedly."
AUTOGROUP = Path("/proc/self/autogroup")

P = ParamSpec("P")
T = TypeVar("T")


class Child:
    """A child process that is kept between jobs, so that what it loaded stays loaded.

    Spawned anew when it died or was stopped. One job at a time.

    Parameters
    ----------
    niceness
        How far it steps back when the processor is wanted elsewhere, 0–19.
    """

    def __init__(self, niceness: int = 0) -> None:
        self._niceness = niceness
        self._pool = _open_pool(niceness)

    async def run(
        self, function: Callable[P, T], limit_seconds: float, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call a module-level function in the child and await its value; cancelling stops the child.

        Raises
        ------
        EngineError
            It took longer than `limit_seconds`, or the child died.
        """
        try:
            return await self._try(function, limit_seconds, *args, **kwargs)
        except BrokenProcessPool:  # the child died before the job had begun, most likely while idle
            await asyncio.to_thread(self.close)
            self._pool = _open_pool(self._niceness)
        try:
            return await self._try(function, limit_seconds, *args, **kwargs)
        except BrokenProcessPool as error:
            raise EngineError(DIED) from error

    async def _try(
        self, function: Callable[P, T], limit_seconds: float, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        try:
            future = self._pool.schedule(function, args=args, kwargs=kwargs, timeout=limit_seconds)
        except RuntimeError as error:  # how the pool says that it broke earlier, and for good
            raise BrokenProcessPool from error
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError:
            raise EngineError(f"It took longer than the {limit_seconds:.0f} s allowed.") from None
        except (ProcessExpired, CancelledError) as error:
            raise EngineError(DIED) from error
        finally:
            future.cancel()  # type: ignore[no-untyped-call]  # no effect on what is done

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _open_pool(niceness: int) -> ProcessPool:
    return ProcessPool(
        max_workers=1,
        context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(os.getpid(), niceness),
    )


def _begin(parent: int, niceness: int) -> None:
    die_with_parent(parent=parent)
    _step_back(niceness)


def _step_back(niceness: int) -> None:
    """Leave the processor to the API and the database when they want it.

    Where Linux weighs sessions before it weighs processes (autogroup, sched(7)), a niceness counts only
    within the session; so the child gets one of its own, and that the same niceness.
    """
    os.setsid()
    os.nice(niceness)
    with contextlib.suppress(OSError):  # another system, or a kernel without it
        AUTOGROUP.write_text(str(niceness))
