"""The inner loops: drawing straight into the planes of a YUV 4:2:0 picture.

Planes are uint8: ``y`` of shape ``(height, width)``, ``u`` and ``v`` of half that in both directions.
Colours are ``(y, u, v)`` floats in the BT.709 limited range.
"""

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]
Whole = NDArray[np.integer[Any]]
Colour = tuple[float, float, float]


@njit(cache=True, fastmath=True, nogil=True)
def blend(
    y: Plane, u: Plane, v: Plane, mask: Plane, left: int, top: int, colour: Colour, alpha: float
) -> None:  # pragma: no cover
    """Paint a colour through a mask (uint8 coverage) whose corner lies at an even ``(left, top)``."""
    height, width = mask.shape
    cy, cu, cv = colour
    for j in range(height):
        yy = top + j
        if yy < 0 or yy >= y.shape[0]:
            continue
        for i in range(width):
            m = mask[j, i]
            xx = left + i
            if m and 0 <= xx < y.shape[1]:
                a = alpha * m / 255.0
                y[yy, xx] = np.uint8(y[yy, xx] + (cy - y[yy, xx]) * a + 0.5)
    for j in range(0, height - 1, 2):
        yy = (top + j) // 2
        if yy < 0 or yy >= u.shape[0]:
            continue
        for i in range(0, width - 1, 2):
            m = np.int32(mask[j, i]) + mask[j, i + 1] + mask[j + 1, i] + mask[j + 1, i + 1]
            xx = (left + i) // 2
            if m and 0 <= xx < u.shape[1]:
                a = alpha * m / 1020.0
                u[yy, xx] = np.uint8(u[yy, xx] + (cu - u[yy, xx]) * a + 0.5)
                v[yy, xx] = np.uint8(v[yy, xx] + (cv - v[yy, xx]) * a + 0.5)


@njit(cache=True, fastmath=True, nogil=True)
def bars(
    y: Plane,
    u: Plane,
    v: Plane,
    heights: Floats,
    left: float,
    pitch: float,
    width: float,
    middle: float,
    above: float,
    below: float,
    colour: Colour,
    alpha: float,
) -> None:  # pragma: no cover
    """Round-ended bars around a middle line: `heights` 0–1 reach `above` and `below` pixels of it."""
    cy, cu, cv = colour
    radius = width / 2.0
    for k in range(heights.shape[0]):
        x0 = left + k * pitch
        top = middle - radius - heights[k] * above
        bottom = middle + radius + heights[k] * below
        centre = x0 + radius
        for yy in range(max(0, int(top)), min(y.shape[0], int(bottom) + 1)):
            for xx in range(max(0, int(x0)), min(y.shape[1], int(x0 + width) + 1)):
                a = _capsule(xx + 0.5, yy + 0.5, centre, top + radius, bottom - radius, radius) * alpha
                if a > 0.0:
                    y[yy, xx] = np.uint8(y[yy, xx] + (cy - y[yy, xx]) * a + 0.5)
                    if yy % 2 == 0 and xx % 2 == 0:
                        u[yy // 2, xx // 2] = np.uint8(
                            u[yy // 2, xx // 2] + (cu - u[yy // 2, xx // 2]) * a + 0.5
                        )
                        v[yy // 2, xx // 2] = np.uint8(
                            v[yy // 2, xx // 2] + (cv - v[yy // 2, xx // 2]) * a + 0.5
                        )


@njit(cache=True, fastmath=True, nogil=True, inline="always")
def _capsule(
    x: float, y: float, centre: float, low: float, high: float, radius: float
) -> float:  # pragma: no cover
    """Coverage of a pixel by an upright capsule."""
    dy = 0.0
    if y < low:
        dy = low - y
    elif y > high:
        dy = y - high
    dx = x - centre
    return min(1.0, max(0.0, radius - math.sqrt(dx * dx + dy * dy) + 0.5))


@njit(cache=True, fastmath=True, nogil=True)
def place(
    y: Plane,
    u: Plane,
    v: Plane,
    sy: Plane,
    su: Plane,
    sv: Plane,
    left: float,
    top: float,
    size: float,
    radius: float,
) -> None:  # pragma: no cover
    """Draw a square picture (planes `sy su sv`) at any position and size, bilinear, with round corners."""
    scale = sy.shape[0] / size
    last = sy.shape[0] - 2
    half = size / 2.0
    for yy in range(max(0, int(top)), min(y.shape[0], int(top + size) + 1)):
        fy = min(max((yy + 0.5 - top) * scale - 0.5, 0.0), last + 0.999)
        jy = int(fy)
        wy = fy - jy
        for xx in range(max(0, int(left)), min(y.shape[1], int(left + size) + 1)):
            a = _rounded(abs(xx + 0.5 - left - half), abs(yy + 0.5 - top - half), half, radius)
            if a <= 0.0:
                continue
            fx = min(max((xx + 0.5 - left) * scale - 0.5, 0.0), last + 0.999)
            jx = int(fx)
            wx = fx - jx
            upper = sy[jy, jx] + (np.float32(sy[jy, jx + 1]) - sy[jy, jx]) * wx
            lower = sy[jy + 1, jx] + (np.float32(sy[jy + 1, jx + 1]) - sy[jy + 1, jx]) * wx
            y[yy, xx] = np.uint8(y[yy, xx] + (upper + (lower - upper) * wy - y[yy, xx]) * a + 0.5)
            if yy % 2 == 0 and xx % 2 == 0:
                cu, cv = su[jy // 2, jx // 2], sv[jy // 2, jx // 2]
                u[yy // 2, xx // 2] = np.uint8(
                    u[yy // 2, xx // 2] + (np.float32(cu) - u[yy // 2, xx // 2]) * a + 0.5
                )
                v[yy // 2, xx // 2] = np.uint8(
                    v[yy // 2, xx // 2] + (np.float32(cv) - v[yy // 2, xx // 2]) * a + 0.5
                )


@njit(cache=True, fastmath=True, nogil=True, inline="always")
def _rounded(dx: float, dy: float, half: float, radius: float) -> float:  # pragma: no cover
    """Coverage of a pixel, given its distances from the centre, by a square with round corners."""
    qx, qy = max(dx - half + radius, 0.0), max(dy - half + radius, 0.0)
    if qx > 0.0 and qy > 0.0:
        return min(1.0, max(0.0, radius - math.sqrt(qx * qx + qy * qy) + 0.5))
    return min(1.0, max(0.0, half - max(dx, dy) + 0.5))


@njit(cache=True, fastmath=True, nogil=True)
def stream(
    field: Floats,
    table: Floats,
    time: float,
    zoom: float,
    warp: float,
    shift: float,
    light: float,
    sines: Floats,
) -> None:  # pragma: no cover
    """A flowing field, as floats (y, u, v) in `field` of shape ``(rows, columns, 3)``.

    `table` (256, 3) are the colours; `zoom` opens the field, `warp` bends it, `shift` moves through the
    colours, `light` (around 1) brightens; `sines` is one period of a sine in 1024 steps.
    """
    rows, columns = field.shape[:2]
    unit = 2.0 * zoom / min(rows, columns)
    k = 1024.0 / (2.0 * math.pi)
    for j in range(rows):
        py = (j - 0.5 * rows) * unit
        for i in range(columns):
            px = (i - 0.5 * columns) * unit
            r2 = px * px + py * py
            a = sines[int((1.1 * px + 1.7 * py + time) * k) & 1023]
            b = sines[int((1.9 * py - 1.3 * px - 0.8 * time + 1.6 * warp * a) * k) & 1023]
            c = sines[int((2.3 * px + 0.9 * b * warp + 0.6 * time) * k) & 1023]
            d = sines[int((1.4 * r2 - 1.2 * time + 1.3 * c + 0.8 * a) * k) & 1023]
            value = 0.5 + 0.21 * (b + c) + 0.16 * d
            ridge = max(0.0, 1.0 - abs(c + 0.55 * d - 0.3 * a))
            ridge = ridge * ridge * ridge * ridge
            index = int((value + shift) * 256.0) & 255
            shade = (0.50 + 0.42 * value + 0.36 * ridge - 0.08 * min(r2, 3.0)) * light
            strength = min(1.0, 0.5 + 0.6 * shade)
            field[j, i, 0] = min(235.0, max(16.0, 16.0 + (table[index, 0] - 16.0) * shade))
            field[j, i, 1] = 128.0 + (table[index, 1] - 128.0) * strength
            field[j, i, 2] = 128.0 + (table[index, 2] - 128.0) * strength


@njit(cache=True, fastmath=True, nogil=True)
def enlarge(field: Floats, channel: int, plane: Plane, factor: int) -> None:  # pragma: no cover
    """Fill a plane with one channel of a field that is `factor` (2 or 4) times smaller, bilinear."""
    rows, columns = field.shape[:2]
    line = np.empty(columns, np.float32)
    for y in range(plane.shape[0]):
        fy = (y + 0.5) / factor - 0.5
        j = min(max(math.floor(fy), 0), rows - 2)
        wy = np.float32(min(max(fy - j, 0.0), 1.0))
        for i in range(columns):
            line[i] = field[j, i, channel] + (field[j + 1, i, channel] - field[j, i, channel]) * wy + 0.5
        for part in range(factor):
            wx = np.float32((part + 0.5) / factor - 0.5)
            # Left of a cell's middle the neighbour before it counts, right of it the one after.
            if wx < 0:
                plane[y, part] = np.uint8(line[0])
                for i in range(1, columns):
                    plane[y, i * factor + part] = np.uint8(line[i] + (line[i] - line[i - 1]) * wx)
            else:
                for i in range(columns - 1):
                    plane[y, i * factor + part] = np.uint8(line[i] + (line[i + 1] - line[i]) * wx)
                plane[y, (columns - 1) * factor + part] = np.uint8(line[columns - 1])


@njit(cache=True, fastmath=True, nogil=True)
def sparks(
    y: Plane, u: Plane, v: Plane, places: Floats, sizes: Floats, strengths: Floats
) -> None:  # pragma: no cover
    """Add soft white dots: `places` (n, 2) in pixels, `sizes` radius, `strengths` 0–1."""
    for n in range(places.shape[0]):
        px, py, radius, strength = places[n, 0], places[n, 1], sizes[n], strengths[n]
        if strength <= 0.02:
            continue
        for yy in range(max(0, int(py - radius)), min(y.shape[0], int(py + radius) + 2)):
            for xx in range(max(0, int(px - radius)), min(y.shape[1], int(px + radius) + 2)):
                d = ((xx - px) ** 2 + (yy - py) ** 2) / (radius * radius)
                if d < 1.0:
                    a = (1.0 - d) * (1.0 - d) * strength
                    y[yy, xx] = np.uint8(y[yy, xx] + (235.0 - y[yy, xx]) * a)
                    if yy % 2 == 0 and xx % 2 == 0:
                        u[yy // 2, xx // 2] = np.uint8(
                            u[yy // 2, xx // 2] + (128.0 - u[yy // 2, xx // 2]) * a * 0.7
                        )
                        v[yy // 2, xx // 2] = np.uint8(
                            v[yy // 2, xx // 2] + (128.0 - v[yy // 2, xx // 2]) * a * 0.7
                        )


@njit(cache=True, fastmath=True, nogil=True)
def corona(
    y: Plane,
    rows: Whole,
    columns: Whole,
    cover: Floats,
    distance: Floats,
    starts: Whole,
    heights: Floats,
    inner: float,
    reach: float,
    strength: float,
) -> None:  # pragma: no cover
    """Beams of light, as long as `heights` (0–1) times `reach` pixels beyond `inner`.

    The pixels of beam k are numbers ``starts[k]`` to ``starts[k + 1]`` of `rows`, `columns`, `cover`
    (share of the pixel) and `distance` from the centre, near ones first: only those that are lit are visited.
    """
    for k in range(heights.shape[0]):
        outer = inner + reach * heights[k]
        for n in range(starts[k], starts[k + 1]):
            lit = outer - distance[n]
            if lit <= 0.0:
                break
            a = cover[n] * min(1.0, lit) * strength
            y[rows[n], columns[n]] = np.uint8(y[rows[n], columns[n]] + (235.0 - y[rows[n], columns[n]]) * a)
