"""How inner loops are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def kernel(loop: Loop) -> Loop:
    """Compile an inner loop when it is first called; the result is kept on disk and frees the interpreter.

    The same machine gets the same code each time, so results are bit-identical.
    """
    return cast(Loop, njit(cache=True, fastmath=True, nogil=True)(loop))
