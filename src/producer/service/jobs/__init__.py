"""The work itself, one function a task type. Runs in a child process; no database is open here.

What a job may use comes as :class:`Tools`, built once in the child by a :class:`Workshop`.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from producer.engines.base import Engine, WriteLyrics
from producer.errors import CancelledError, ProducerError
from producer.service.ports import Fetcher, Vault
from producer.service.settle import Outcome

#: Where each task type's function lives; imported in the child only, for they bring arrays and models.
JOBS = {
    "create_music": "song",
    "make_lyrics": "lyrics",
    "video_clip": "video",
    "upload": "upload",
    "download": "download",
}

PROGRESS_FILE = "progress"

#: Called with (stage, share done 0–1).
Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Tools:
    """What jobs work with."""

    engine: Callable[[], Engine]  #: builds it at the first call
    write_lyrics: WriteLyrics
    vault: Vault
    fetcher: Fetcher


class Workshop(Protocol):
    """Knows how to build the tools; small, hashable, and the same in every process."""

    def open(self) -> Tools:
        """Build them."""
        ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One task, as its job sees it."""

    task_type: str
    clip_id: str  #: of the clip that is made, or worked on
    request: Mapping[str, Any]
    folder: Path  #: scratch space, removed afterwards
    clip: Mapping[str, Any] = field(
        default_factory=dict
    )  #: ``title, duration, style, files`` of the clip worked on


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that could not be done."""

    reason: str  #: plain words for the customer


def perform(workshop: Workshop, work: Work) -> Outcome | Failure:
    """Do a task's job. The child's outermost edge: whatever goes wrong becomes a Failure."""
    try:
        job = import_module(f"{__name__}.{JOBS[work.task_type]}").perform
        outcome: Outcome = job(work, _tools(workshop), _reporter(work.folder))
    except ProducerError as error:
        return Failure(str(error))
    except Exception:
        logging.getLogger(__name__).exception("%s of clip %s failed", work.task_type, work.clip_id)
        return Failure("An internal error stopped it.")
    return outcome


def read_progress(folder: Path) -> tuple[str, float] | None:
    """Latest (stage, share) that a job reported, if any."""
    try:
        stage, _, share = (folder / PROGRESS_FILE).read_text("utf-8").partition(" ")
        return stage, float(share)
    except (FileNotFoundError, ValueError):
        return None


@cache
def _tools(workshop: Workshop) -> Tools:
    return workshop.open()


def _reporter(folder: Path) -> Report:
    """Report through a file: unlike a pipe or a lock it can't be left broken by a child that is killed."""

    def report(stage: str, share: float) -> None:
        fresh = folder / f"{PROGRESS_FILE}.new"
        try:
            fresh.write_text(f"{stage} {share:.4f}", "utf-8")
            fresh.replace(folder / PROGRESS_FILE)
        except FileNotFoundError:  # the folder is gone: nobody waits for this any more
            raise CancelledError from None

    return report
