"""Real tunes to measure against: pop vocals in Humdrum files, folk tunes in ABC files.

The files are not part of this project. Pop: the CoCoPops repository (Billboard/Data); folk: the
`corpus` folder of the music21 package. Nothing but aggregate figures is kept of them.
"""

from __future__ import annotations

import random
import re
from fractions import Fraction
from pathlib import Path

from melody_features import Tune, make_tune

_STEP = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_KERN = re.compile(r"(\d+)(\.*)[^A-Ga-gr]*([A-Ga-g]+|r)([#\-n]*)")
_ABC_TOKEN = re.compile(
    r"\"[^\"]*\"|![^!]*!|\{[^}]*\}|\[[A-Za-z]:[^\]]*\]|\(\d|\[\d|:*\|[\]:]*\d?|::+|[<>]+|-"
    r"|(?:\^\^|__|\^|_|=)?[A-Ga-gzx][,']*\d*/*\d*"
)
_ABC_NOTE = re.compile(r"(\^\^|__|\^|_|=)?([A-Ga-gzx])([,']*)(\d*)(/*)(\d*)$")
_FIFTHS = {"C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5, "F": -1}
_MODE_FIFTHS = {
    "maj": 0,
    "ion": 0,
    "m": -3,
    "min": -3,
    "aeo": -3,
    "mix": -1,
    "dor": -2,
    "phr": -4,
    "lyd": 1,
    "loc": -5,
}


def halves(tunes: list[Tune]) -> tuple[list[Tune], list[Tune]]:
    """Tunes to learn from, and others to judge by."""
    order = list(tunes)
    random.Random(7).shuffle(order)
    return order[::2], order[1::2]


def pop_tunes(folder: Path, *, most_bars: int = 32) -> list[Tune]:
    """Vocal lines in 4/4 of all ``*.hum`` files with a voice; the first `most_bars` sung bars."""
    tunes = []
    for path in sorted(folder.glob("*.hum")):
        tune = _read_humdrum(path.read_text("utf-8", errors="replace"), most_bars)
        if tune is not None and len(tune.notes) >= 48:
            tunes.append(tune)
    return tunes


def _read_humdrum(text: str, most_bars: int) -> Tune | None:
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("!")]
    header = next((line for line in lines if line[0].startswith("**")), [])
    if "**kern" not in header:
        return None
    column = header.index("**kern")
    tonic, beat, notes, tied = None, Fraction(0), [], False
    for row in lines:
        if row[0].startswith("*^") or "*v" in row:
            return None  # spines that split and join would move the column
        if len(row) <= column:
            continue
        meter = next((cell for cell in row if re.fullmatch(r"\*M\d+/\d+", cell)), None)
        if meter and meter != "*M4/4":
            break
        for cell in row:
            key = re.fullmatch(r"\*([A-Ga-g])([#-]?):", cell)
            if key and tonic is None:
                tonic = (_STEP[key.group(1).lower()] + {"#": 1, "-": -1, "": 0}[key.group(2)]) % 12
        if row[0].startswith("="):
            beat = Fraction(-(-beat // 4) * 4) if (beat % 4) else beat
        found = _KERN.match(row[column].lstrip("[_]({&")) if row[column][0] not in "*=.!" else None
        if found is None:
            continue
        length = Fraction(4, int(found.group(1))) if int(found.group(1)) else Fraction(8)
        length *= 2 - Fraction(1, 2 ** len(found.group(2)))
        name = found.group(3)
        if name != "r":
            octave = 4 + len(name) - 1 if name[0].islower() else 4 - len(name)
            pitch = (
                12 * (octave + 1)
                + _STEP[name[0].lower()]
                + found.group(4).count("#")
                - found.group(4).count("-")
            )
            if tied and notes:
                notes[-1][1] += float(length)
            else:
                notes.append([float(beat), float(length), pitch])
            tied = row[column].startswith("[") or row[column].startswith("_")
        beat += length
    return make_tune(notes, "4/4", 4.0, tonic, most_bars=most_bars) if notes and tonic is not None else None


def rolling_stone_tunes(folder: Path, *, most_bars: int = 32) -> list[Tune]:
    """Vocal lines in 4/4 of RS200 (``*.hum``), whose notes have no lengths: they last to the next."""
    tunes = []
    for path in sorted(folder.glob("*.hum")):
        notes, tonic = _read_rows(path.read_text("utf-8", errors="replace"))
        if tonic is not None and len(notes) >= 48:
            tunes.append(make_tune(notes, "4/4", 4.0, tonic, most_bars=most_bars))
    return tunes


def _read_rows(text: str) -> tuple[list[tuple[float, float, int]], int | None]:
    """Notes and tonic; every row is an equal share of its bar."""
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("!!")]
    header = next((line for line in lines if line[0].startswith("**")), [])
    if "**kern" not in header or any(row[0].startswith("*^") or "*v" in row for row in lines):
        return [], None
    column = header.index("**kern")
    tonic, bars = None, [[]]
    for row in lines:
        if any(re.fullmatch(r"\*M\d+/\d+", cell) and cell != "*M4/4" for cell in row):
            break
        key = next((m for cell in row if (m := re.fullmatch(r"\*([A-Ga-g])([#-]?):", cell))), None)
        if key and tonic is None:
            tonic = (_STEP[key.group(1).lower()] + {"#": 1, "-": -1, "": 0}[key.group(2)]) % 12
        if row[0].startswith("="):
            bars.append([])
        elif len(row) > column and row[column][0] not in "*!":
            bars[-1].append(row[column])
    onsets = []
    for number, rows in enumerate(bars):
        for i, cell in enumerate(rows):
            found = re.match(r"[^A-Ga-g]*(([A-Ga-g])\2*)([#\-n]*)", cell)
            if found:
                name, signs = found.group(1), found.group(3)
                octave = 4 + len(name) if name[0].islower() else 5 - len(name)
                pitch = 12 * octave + _STEP[name[0].lower()] + signs.count("#") - signs.count("-")
                onsets.append((4.0 * number + 4.0 * i / len(rows), pitch))
    ends = [start for start, _ in onsets[1:]] + [onsets[-1][0] + 1.0] if onsets else []
    return [(a, min(b - a, 2.0), pitch) for (a, pitch), b in zip(onsets, ends, strict=True)], tonic


def folk_tunes(folder: Path, meter: str) -> list[Tune]:
    """Tunes of one metre from the ABC files below a folder, without doublets, 8–64 bars long."""
    tunes, seen = [], set()
    for path in sorted(folder.rglob("*.abc")):
        for block in re.split(r"\n(?=X:)", path.read_text("utf-8", errors="replace").replace("\r", "")):
            tune = _read_abc(block, meter)
            if tune is None or not 24 <= len(tune.notes) <= 400:
                continue
            bars = tune.notes[-1][0] / tune.bar_beats
            mark = tuple((p, round(s * 12)) for s, _, p in tune.notes[:24])
            if 7 <= bars <= 64 and mark not in seen:
                seen.add(mark)
                tunes.append(tune)
    return tunes


def _read_abc(block: str, meter: str) -> Tune | None:
    fields = dict(reversed(re.findall(r"^([A-Z]):\s*(.*)$", block, re.M)))
    named = {"C": "4/4", "C|": "4/4", "2/2": "4/4"}.get(
        fields.get("M", "").strip(), fields.get("M", "").strip()
    )
    if named != meter or "V" in fields or len(re.findall(r"^[MK]:", block, re.M)) != 2:
        return None
    key = re.match(r"([A-G])([#b]?)\s*(\w*)", fields.get("K", ""))
    if not key:
        return None
    top, bottom = map(int, meter.split("/"))
    unit = re.match(r"(\d+)/(\d+)", fields.get("L", ""))
    length = 4 * int(unit.group(1)) / int(unit.group(2)) if unit else (0.5 if top / bottom >= 0.75 else 0.25)
    mode = key.group(3).lower()[:3]
    accidental = {"#": 1, "b": -1, "": 0}[key.group(2)]
    fifths = _FIFTHS[key.group(1)] + 7 * accidental + _MODE_FIFTHS.get(mode, 0)
    body = block[block.index("K:") :].split("\n", 1)
    bars = _abc_bars(
        re.sub(r"(?m)^[A-Za-z]:.*$|%.*", "", body[1]) if len(body) > 1 else "", length, _signature(fifths)
    )
    tonic = (_STEP[key.group(1).lower()] + accidental) % 12
    return _join_bars(bars, 4 * top / bottom, meter, tonic)


def _signature(fifths: int) -> dict[str, int]:
    signature = dict.fromkeys("FCGDAEB"[: max(0, fifths)], 1)
    return signature | dict.fromkeys("BEADGCF"[: max(0, -fifths)], -1)


def _abc_bars(text: str, unit: float, signature: dict[str, int]):
    """Bars as (length, [(offset, beats, pitch)])."""
    bars, notes, at, broken, tuplet, tie, local = [], [], 0.0, 1.0, [], False, {}
    for token in _ABC_TOKEN.findall(text):
        if token[0] == "(" and len(token) == 2:
            tuplet = [{2: 1.5, 3: 2 / 3, 4: 0.75, 6: 1 / 3}.get(int(token[1]), 1.0)] * int(token[1])
        elif "|" in token or token.startswith("::"):
            if at:
                bars.append((at, notes))
            notes, at, local = [], 0.0, {}
        elif token[0] in "<>" and notes:
            half = 0.5 ** len(token)
            factor, broken = (2 - half, half) if token[0] == ">" else (half, 2 - half)
            at += notes[-1][1] * (factor - 1)
            notes[-1][1] *= factor
        elif token == "-":
            tie = True
        elif found := _ABC_NOTE.match(token):
            mark, name, octave, up, slash, down = found.groups()
            beats = unit * (int(up or 1) / (int(down) if down else 2 ** len(slash))) * broken
            broken = 1.0
            if tuplet:
                beats *= tuplet.pop()
            if name not in "zx":
                if mark:
                    local[name + octave] = {"^": 1, "_": -1, "=": 0, "^^": 2, "__": -2}[mark]
                shift = local.get(name + octave, signature.get(name.upper(), 0))
                lift = 12 * (name.islower() + octave.count("'") - octave.count(","))
                pitch = 60 + _STEP[name.lower()] + shift + lift
                if tie and notes and notes[-1][2] == pitch:
                    notes[-1][1] += beats
                else:
                    notes.append([at, beats, pitch])
            at, tie = at + beats, False
    if at:
        bars.append((at, notes))
    return bars


def _join_bars(bars, bar_beats: float, meter: str, tonic: int) -> Tune | None:
    whole, i = [], 0
    while i < len(bars):
        length, notes = bars[i]
        if (
            0 < i < len(bars) - 1
            and length < bar_beats - 1e-3
            and abs(length + bars[i + 1][0] - bar_beats) < 1e-3
        ):
            whole.append((bar_beats, notes + [[a + length, b, p] for a, b, p in bars[i + 1][1]]))
            i += 2
        else:
            whole.append((length, notes))
            i += 1
    if len(whole) < 8 or sum(abs(n - bar_beats) < 1e-3 for n, _ in whole[1:-1]) < 0.9 * (len(whole) - 2):
        return None
    pickup = whole[0][0] < bar_beats - 1e-3
    out = []
    for number, (length, notes) in enumerate(whole):
        start = (number - pickup) * bar_beats + (bar_beats - length if pickup and not number else 0.0)
        out += [(start + a, b, p) for a, b, p in notes]
    if len(out) < 24:
        return None
    tune = make_tune(out, meter, bar_beats, tonic)
    return (
        tune if not pickup else make_tune([(s, d, p) for s, d, p in out if s >= 0], meter, bar_beats, tonic)
    )
