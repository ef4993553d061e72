"""Which styles a prompt has in mind, and in which mood."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from producer.composition.lexicon import (
    NAMED_WEIGHT,
    NEAR_WEIGHT,
    Mention,
    mentions,
    nearest,
    style_words,
    tables,
    unknown_words,
)
from producer.composition.nearness import band_nearness
from producer.composition.reading import Wishes
from producer.composition.stylebook import ancestors, load_style, style_names
from producer.composition.wishes import BandWishes

_COLOURS = re.compile(
    r"^(?:\s|-)*(?:infused|tinged|flavou?red|influenced|inspired|tinted|ish|style|leaning)\b", re.IGNORECASE
)
_TURNED = re.compile(
    r"\b(?:make it|made|turned|gone|goes|done as|as|into|in the style of)\s+(?:an?\s+)?$", re.IGNORECASE
)
#: "Children's choir", "gospel singers": people, not styles.
_SINGERS_AFTER = re.compile(r"^(?:'s|s')?\s+(?:choir|voices|singing|sing)\b", re.IGNORECASE)
_AFTER_MAIN = re.compile(
    r"\b(?:with|plus)\s+(?:a\s+|an\s+|some\s+)?(?:touch(?:es)?|hints?|elements?|influences?|dash|flavou?r|bit|feel)?"
    r"\s*(?:of\s+)?(?:a\s+)?$",
    re.IGNORECASE,
)

_COMMON = frozenset({
    "pop", "indie", "rock", "folk", "singer_songwriter", "ballad", "soul", "country", "rnb", "dance_pop",
    "synth_pop", "funk", "city_pop", "hip_hop", "house", "lofi", "jazz", "reggae", "punk", "disco",
    "synthwave", "cinematic", "solo_piano",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """The mood of a prompt."""

    energy: float = 0.0  #: shift against the style's own
    valence: float = 0.0
    tempo: float | None = None  #: −2 … 2; None = nothing said
    tempo_factor: float = 1.0  #: 2 for double-time, 0.5 for half-time
    words: tuple[str, ...] = ()
    era: str = ""


def read_mood(sound: str) -> Reading:
    """Read mood, tempo words and era."""
    moods = [m for m in mentions(sound, "mood") if not _negated(sound, m)]
    near = [nearest(word) for word in unknown_words(sound, moods)]
    values = [m.value for m in moods] + [tables()["mood"][n[1]] for n in near if n and n[0] == "mood"]
    tempos = [m.value for m in mentions(sound, "tempo")]
    eras = mentions(sound, "eras")
    factor = 2.0 if re.search(r"\bdouble[- ]time\b", sound, re.I) else 1.0
    factor = 0.5 if re.search(r"\bhalf[- ]time\b", sound, re.I) else factor
    weight = 1.0 / (1.0 + 0.35 * (len(values) - 1)) if values else 0.0
    return Reading(
        energy=max(-0.45, min(0.45, weight * sum(v[0] for v in values))),
        valence=max(-1.0, min(1.0, weight * sum(v[1] for v in values))),
        tempo=sum(tempos) / len(tempos) if tempos else None,
        tempo_factor=factor,
        words=tuple(
            dict.fromkeys([*(m.phrase for m in moods), *(n[1] for n in near if n and n[0] == "mood")])
        ),
        era=eras[0].phrase if eras else "",
    )


def _negated(text: str, mention: Mention) -> bool:
    return bool(
        re.search(r"\b(?:no|not|without|never|un)\s*(?:too |so |very )?$", text[: mention.start], re.I)
    )


def choose_styles(
    sound: str, reading: Reading, band: BandWishes, wishes: Wishes, dice: Random
) -> tuple[str, ...]:
    """The style that leads, and up to two that colour it."""
    named = _named(sound)
    if named:
        return named
    scores = _scores(sound, reading, wishes)
    for name in scores:
        # Where little is said, what most people listen to is the likelier guess.
        scores[name] += 0.1 * (name in _COMMON) + 0.2 * (band.singing and load_style(name).sings)
        scores[name] += band_nearness(name, band)
    if band.alone:
        # Whoever plays alone plays quiet music, unless it is the drummer.
        loud = any(name.startswith("kit_") for name in band.wanted)
        scores = {
            name: score + (1.0 if loud else -1.0) * load_style(name).energy for name, score in scores.items()
        }
    # Ties and silence are broken by the words themselves, then by the dice of the seed.
    own = Random(f"nearness/{sound.strip().lower()}")
    order = sorted(style_names(), key=lambda name: (-scores[name] + 0.25 * own.random(), dice.random()))
    return (order[0],)


def _named(sound: str) -> tuple[str, ...]:
    # "Acoustic guitar" is a player, not the style called acoustic.
    players = [m for m in mentions(sound, "instruments") if " " in m.phrase]
    found = [
        m
        for m in mentions(sound, "styles")
        if not _negated(sound, m)
        and not any(p.start <= m.start and m.stop <= p.stop for p in players)
        and not _SINGERS_AFTER.match(sound[m.stop :])
    ]
    eras = mentions(sound, "eras")
    unique: list[Mention] = []
    for mention in found:
        if all(mention.value != other.value for other in unique):
            unique.append(mention)
    # "Big band swing" is big band: a name says nothing new beside one that builds on it.
    general = {base for m in unique for base in ancestors(m.value)}
    unique = [m for m in unique if m.value not in general]
    if len(unique) == 1 and unique[0].value == "pop" and eras:
        # "80s pop" is the pop of its time.
        return (max(eras[0].value, key=eras[0].value.__getitem__),)
    if len(unique) < 2:
        return tuple(m.value for m in unique)
    main = _leading(sound, unique)
    return (main.value, *[m.value for m in unique if m is not main][:2])


def _leading(sound: str, found: Sequence[Mention]) -> Mention:
    """English puts the head last (*indie folk*), unless ``with a touch of`` follows it."""
    main = found[0]
    for previous, mention in itertools.pairwise(found):
        between = _without_players(sound[previous.stop : mention.start])
        if _TURNED.search(between):
            main = mention
        elif _COLOURS.match(between) or re.fullmatch(r"[\s/-]*", between):
            main = mention if previous is main else main
        elif _AFTER_MAIN.search(between):
            continue
    return main


def _without_players(text: str) -> str:
    """The text without instruments: *baroque harpsichord hip hop* is hip hop, as *baroque hip hop* is."""
    for mention in reversed(mentions(text, "instruments")):
        text = text[: mention.start] + text[mention.stop :]
    return text


def _scores(sound: str, reading: Reading, wishes: Wishes) -> dict[str, float]:
    scores = dict.fromkeys(style_names(), 0.0)
    known: list[Mention] = []
    for table in ("associations", "eras"):
        for mention in mentions(sound, table):
            known.append(mention)
            for name, weight in mention.value.items():
                scores[name] += weight
    for word in unknown_words(sound, known):
        near = nearest(word)
        if near and near[0] == "styles":
            scores[style_words()[near[1]]] += NAMED_WEIGHT * NEAR_WEIGHT
        elif near and near[0] == "associations":
            for name, weight in tables()["associations"][near[1]].items():
                scores[name] += NEAR_WEIGHT * weight
    for name in scores:
        scores[name] += _fit(name, reading, wishes)
    return scores


def _fit(name: str, reading: Reading, wishes: Wishes) -> float:
    """How well a style's own mood and tempo agree with what is asked; 0 when nothing is asked."""
    style = load_style(name)
    fit = 0.0
    if reading.words:
        fit -= 0.5 * abs(style.valence - max(-0.8, min(0.8, reading.valence)))
        fit -= 0.7 * abs(style.energy - max(0.1, min(0.95, 0.5 + 1.2 * reading.energy)))
    if wishes.bpm is not None:
        low, high = style.bpm
        miss = max(low / wishes.bpm, wishes.bpm / high, 1.0)
        fit -= 2.0 * (miss - 1.0)
    if reading.tempo:
        fit += 0.25 * reading.tempo * ((style.bpm[0] + style.bpm[1]) / 2 - 105) / 40
    if wishes.meter is not None and wishes.meter.name not in style.meters:
        fit -= 1.0
    if wishes.mode is not None:
        fit += 0.6 * (wishes.mode.value in style.modes) - 0.4 * (wishes.mode.value not in style.harmony)
    return fit
