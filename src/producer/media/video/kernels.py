"""The inner loops: drawing straight into the planes of a YUV 4:2:0 picture.

Planes are uint8: ``y`` of shape ``(height, width)``, ``u`` and ``v`` of half that in both directions.
Colours are ``(y, u, v)`` floats in the BT.709 limited range.
"""

import math

import numpy as np
from numba import njit


@njit(cache=True, fastmath=True, nogil=True)
def blend(y, u, v, mask, left, top, colour, alpha):  # type: ignore[no-untyped-def]  # pragma: no cover
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
def bars(y, u, v, heights, left, pitch, width, middle, above, below, colour, alpha):  # type: ignore[no-untyped-def]  # pragma: no cover
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
                        u[yy // 2, xx // 2] = np.uint8(u[yy // 2, xx // 2] + (cu - u[yy // 2, xx // 2]) * a + 0.5)
                        v[yy // 2, xx // 2] = np.uint8(v[yy // 2, xx // 2] + (cv - v[yy // 2, xx // 2]) * a + 0.5)


@njit(cache=True, fastmath=True, nogil=True, inline="always")
def _capsule(x, y, centre, low, high, radius):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Coverage of a pixel by an upright capsule."""
    dy = 0.0
    if y < low:
        dy = low - y
    elif y > high:
        dy = y - high
    dx = x - centre
    return min(1.0, max(0.0, radius - math.sqrt(dx * dx + dy * dy) + 0.5))


@njit(cache=True, fastmath=True, nogil=True)
def place(y, u, v, sy, su, sv, left, top, size, radius):  # type: ignore[no-untyped-def]  # pragma: no cover
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
                u[yy // 2, xx // 2] = np.uint8(u[yy // 2, xx // 2] + (np.float32(cu) - u[yy // 2, xx // 2]) * a + 0.5)
                v[yy // 2, xx // 2] = np.uint8(v[yy // 2, xx // 2] + (np.float32(cv) - v[yy // 2, xx // 2]) * a + 0.5)


@njit(cache=True, fastmath=True, nogil=True, inline="always")
def _rounded(dx, dy, half, radius):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Coverage of a pixel, given its distances from the centre, by a square with round corners."""
    qx, qy = max(dx - half + radius, 0.0), max(dy - half + radius, 0.0)
    if qx > 0.0 and qy > 0.0:
        return min(1.0, max(0.0, radius - math.sqrt(qx * qx + qy * qy) + 0.5))
    return min(1.0, max(0.0, half - max(dx, dy) + 0.5))


@njit(cache=True, fastmath=True, nogil=True)
def stream(y, u, v, table, time, zoom, warp, shift, light, sines):  # type: ignore[no-untyped-def]  # pragma: no cover
    """A flowing field over the whole picture, computed once for every 2 × 2 pixels and smoothed in `y`.

    `table` (256, 3) are the colours; `zoom` opens the field, `warp` bends it, `shift` moves through the
    colours, `light` (around 1) brightens; `sines` is one period of a sine in 1024 steps.
    """
    rows, columns = u.shape
    aspect = columns / rows
    row_before = np.empty(columns, np.float32)
    row_now = np.empty(columns, np.float32)
    k = 1024.0 / (2.0 * math.pi)
    for j in range(rows):
        py = (j / rows - 0.5) * 2.0 * zoom
        for i in range(columns):
            px = (i / columns - 0.5) * 2.0 * aspect * zoom
            r2 = px * px + py * py
            a = sines[int((1.1 * px + 1.7 * py + time) * k) & 1023]
            b = sines[int((1.9 * py - 1.3 * px - 0.8 * time + 1.6 * warp * a) * k) & 1023]
            c = sines[int((2.3 * px + 0.9 * b * warp + 0.6 * time) * k) & 1023]
            d = sines[int((1.4 * r2 - 1.2 * time + 1.3 * c + 0.8 * a) * k) & 1023]
            value = 0.5 + 0.21 * (b + c) + 0.16 * d
            ridge = 1.0 - abs(c + 0.55 * d - 0.3 * a)
            ridge = max(0.0, ridge)
            ridge = ridge * ridge * ridge * ridge
            index = int((value + shift) * 256.0) & 255
            shade = (0.50 + 0.42 * value + 0.36 * ridge - 0.10 * r2) * light
            luma = 16.0 + (table[index, 0] - 16.0) * shade
            row_now[i] = min(235.0, max(16.0, luma))
            strength = min(1.0, 0.5 + 0.6 * shade)
            u[j, i] = np.uint8(128.0 + (table[index, 1] - 128.0) * strength)
            v[j, i] = np.uint8(128.0 + (table[index, 2] - 128.0) * strength)
        if j == 0:
            row_before[:] = row_now
        for i in range(columns):
            here, above = row_now[i], row_before[i]
            following = row_now[min(i + 1, columns - 1)]
            above_next = row_before[min(i + 1, columns - 1)]
            y[2 * j, 2 * i] = np.uint8(0.5 * (here + above))
            y[2 * j, 2 * i + 1] = np.uint8(0.25 * (here + above + following + above_next))
            y[2 * j + 1, 2 * i] = np.uint8(here)
            y[2 * j + 1, 2 * i + 1] = np.uint8(0.5 * (here + following))
        row_before[:] = row_now


@njit(cache=True, fastmath=True, nogil=True)
def sparks(y, u, v, places, sizes, strengths):  # type: ignore[no-untyped-def]  # pragma: no cover
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
                        u[yy // 2, xx // 2] = np.uint8(u[yy // 2, xx // 2] + (128.0 - u[yy // 2, xx // 2]) * a * 0.7)
                        v[yy // 2, xx // 2] = np.uint8(v[yy // 2, xx // 2] + (128.0 - v[yy // 2, xx // 2]) * a * 0.7)


@njit(cache=True, fastmath=True, nogil=True)
def ring(y, cx, cy, radius, heights, thick, strength):  # type: ignore[no-untyped-def]  # pragma: no cover
    """A ring of light whose radius swells with `heights` around it (0–1, mirrored left and right)."""
    count = heights.shape[0]
    reach = radius * 1.75 + thick
    for yy in range(max(0, int(cy - reach)), min(y.shape[0], int(cy + reach) + 1)):
        dy = yy - cy
        for xx in range(max(0, int(cx - reach)), min(y.shape[1], int(cx + reach) + 1)):
            dx = xx - cx
            d2 = dx * dx + dy * dy
            if d2 < (radius * 0.9) ** 2 or d2 > reach * reach:
                continue
            position = math.acos(max(-1.0, min(1.0, dy / math.sqrt(d2)))) / math.pi * (count - 1)
            k = int(position)
            w = position - k
            level = heights[k] * (1 - w) + heights[min(k + 1, count - 1)] * w
            away = abs(math.sqrt(d2) - radius * (1.0 + 0.7 * level))
            if away < thick * 3.0:
                a = strength * (min(1.0, max(0.0, thick - away + 0.5)) + 0.25 * (1.0 - away / (thick * 3.0)))
                y[yy, xx] = np.uint8(y[yy, xx] + (235.0 - y[yy, xx]) * min(1.0, a))
