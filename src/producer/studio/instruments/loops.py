"""Loops of recordings: samples behind their end for a reader's lookahead, and ends without a jump."""

import numpy as np
from numpy.typing import NDArray

LOOKAHEAD = 4  # samples that a four-point reader needs behind a loop's end
SEAM = 512  # samples over which a loop's end becomes what precedes its start


def led_on(data: NDArray[np.int16], loop_start: int, loop_end: int) -> NDArray[np.int16]:
    """A recording with at least :data:`LOOKAHEAD` samples behind its loop's end."""
    missing = loop_end + LOOKAHEAD - len(data)
    if missing <= 0 or loop_end > len(data) or loop_end - loop_start < LOOKAHEAD:
        return data
    behind = len(data) - loop_end
    return np.concatenate([data, data[loop_start + behind : loop_start + LOOKAHEAD]])


def sealed(data: NDArray[np.int16], loop_start: int, loop_end: int) -> NDArray[np.int16]:
    """A recording whose loop's end runs into its start without a jump, shape as `data`.

    Loops are cut to fit, but a lossy coder (SF3's) changes both ends by themselves: three in ten of the
    house bank's loops jumped by more than twice what their recording does anywhere near. So the last
    :data:`SEAM` samples, or half of a shorter loop, fade into those that lead to its start. The fade keeps
    the power of what is alike and of what isn't.
    """
    n = min(SEAM, loop_start, (loop_end - loop_start) // 2)
    if n < LOOKAHEAD or loop_end > len(data):
        return data
    out = data.copy()
    lead, tail = (out[at - n : at].astype(np.float64) for at in (loop_start, loop_end))
    place = (np.arange(n) + 0.5) / n
    fade = place * place * (3.0 - 2.0 * place)
    alike = max(0.0, float(lead @ tail) / max(1.0, float(np.sqrt((lead @ lead) * (tail @ tail)))))
    power = fade**2 + (1.0 - fade) ** 2 + 2.0 * alike * fade * (1.0 - fade)
    joined = (fade * lead + (1.0 - fade) * tail) / np.sqrt(power)
    out[loop_end - n : loop_end] = np.clip(np.round(joined), -32_768, 32_767).astype(np.int16)
    ahead = out[loop_start : loop_start + min(LOOKAHEAD, len(out) - loop_end)]
    out[loop_end : loop_end + len(ahead)] = ahead
    return out
