"""The Brief: what a prompt means to the band, every explicit wish included."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from producer.composition.reading import Wishes, read_wishes
from producer.composition.style import Style, load_style, parse_meter, style_names
from producer.score.lyric import LyricSheet
from producer.score.meter import Meter
from producer.score.pitch import Key, Mode
from producer.score.singer import SINGERS
from producer.score.song import MixPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The musical reading of a commission."""

    sound: str
    style: str
    bpm: float  #: felt pulses a minute: dotted quarters in compound metres, else quarters
    bpm_fixed: bool
    key: Key
    meter: Meter
    length_seconds: float | None
    instrumental: bool
    singers: tuple[str, ...]
    energy: float  #: 0–1
    valence: float  #: −1 sad … 1 happy
    mix: MixPlan = field(default_factory=MixPlan)

    @property
    def quarter_bpm(self) -> float:
        """Quarter notes a minute, as tempo maps count."""
        return self.bpm * (1.5 if self.meter.pulse_beats == 1.5 else 1.0)

    def describe(self) -> dict[str, object]:
        """What was understood, for the result."""
        return {
            "style": self.style, "bpm": self.bpm, "key": self.key.name, "meter": self.meter.name,
            "length_seconds": self.length_seconds, "instrumental": self.instrumental,
            "singers": list(self.singers), "energy": self.energy, "valence": self.valence,
        }  # fmt: skip


def parse_brief(
    sound: str, *, seed: str, sheet: LyricSheet | None = None, instrumental: bool = False,
    length_seconds: float | None = None, bpm: float | None = None,
) -> Brief:  # fmt: skip
    """Read a prompt; arguments beat what the text says."""
    dice = Random(f"{seed}/brief")
    wishes = read_wishes(sound)
    style = _choose_style(sound, dice)
    has_words = sheet is not None and not sheet.is_empty
    silent = instrumental or (not has_words and (not style.sings or _says_instrumental(sound)))
    meter = wishes.meter or parse_meter(style.meters[0])
    singers = () if silent else _choose_singers(sound, style, dice)
    key = _choose_key(wishes, style, singers, dice)
    tempo = bpm or wishes.bpm
    return Brief(
        sound=sound, style=style.name, bpm=tempo or float(dice.randint(*map(round, style.bpm))),
        bpm_fixed=tempo is not None, key=key, meter=meter, length_seconds=length_seconds or wishes.length_seconds,
        instrumental=silent, singers=singers, energy=style.energy, valence=style.valence,
        mix=MixPlan(preset=style.mix, lofi=style.lofi, width=style.width, reverb=style.reverb),
    )  # fmt: skip


def _choose_style(sound: str, dice: Random) -> Style:
    text = sound.lower()
    found = []
    for name in style_names():
        for word in load_style(name).words:
            if re.search(rf"\b{re.escape(word)}\b", text):
                found.append((len(word), name))
    return load_style(max(found)[1]) if found else load_style(dice.choice(style_names()))


def _says_instrumental(sound: str) -> bool:
    return bool(
        re.search(
            r"\binstrumental\b|\b(?:no|without) (?:vocals?|singing|voices?|lyrics|words)\b", sound, re.I
        )
    )


def _choose_singers(sound: str, style: Style, dice: Random) -> tuple[str, ...]:
    text = sound.lower()
    scores = []
    for singer in SINGERS.values():
        score = sum(tag in text for tag in singer.tags) + 0.4 * sum(
            tag in style.singers for tag in singer.tags
        )
        for gender, words in (("female", r"female|woman|girl"), ("male", r"(?<!fe)male|\bman\b|boy")):
            if re.search(words, text):
                score += 10 if singer.gender == gender else 0
        scores.append((score + dice.random() * 0.5, singer.name))
    return (max(scores)[1],)


def _choose_key(wishes: Wishes, style: Style, singers: Sequence[str], dice: Random) -> Key:
    mode = wishes.mode or Mode(dice.choice(style.modes))
    return Key(wishes.tonic if wishes.tonic is not None else dice.randrange(12), mode)
