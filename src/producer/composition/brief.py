"""The Brief: what a prompt means to the band, every explicit wish included."""

from dataclasses import dataclass, field
from random import Random

from producer.composition.casting import cast_singers, wants_duet
from producer.composition.figures import figures
from producer.composition.gloss import gloss
from producer.composition.lexicon import Mention, mentions, unknown_words
from producer.composition.reading import Wishes, read_wishes
from producer.composition.style import Style, parse_meter
from producer.composition.stylebook import load_style
from producer.composition.taste import Reading, choose_styles, read_mood
from producer.composition.wishes import BandWishes, read_band
from producer.score.lyric import LyricSheet
from producer.score.meter import Meter
from producer.score.pitch import Key, Mode
from producer.score.singer import ROSTER, native_singer
from producer.score.song import MixPlan

# Keys that bands like (open strings, few accidentals) come up more often: C, D, E, F, G, A first.
_TONIC_WEIGHTS = (12, 6, 12, 6, 10, 9, 5, 12, 6, 12, 7, 5)
_SAD, _HAPPY = -0.3, 0.35
_SUNG_COMPOUND = 0.62  #: share of the style's tempo when words are sung in compound metres
_SLOWEST_COMPOUND_BPM = 50.0
_PLAYABLE_BPM = (50.0, 200.0)  # what double and half time may lead to
_MOST_TEMPO_SHIFT = 0.1  #: by which a tempo that nobody asked for gives way to a time that somebody did
_ENDINGS = {
    "fade": "fades out",
    "stop": "ends abruptly",
    "ritard": "slows down at the end",
    "ring": "rings out",
}
_KIT_NAMES = {
    "kit_standard": "drums", "kit_room": "drums", "kit_brush": "brushed drums",
    "kit_808": "an 808 drum machine", "kit_909": "a 909 drum machine",
}  # fmt: skip
_GROUPS = {"choir": "a choir", "children": "children"}
_INTROS = {"long": "a long intro", "none": "no intro"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The musical reading of a commission."""

    sound: str
    style: str  #: name of the style that leads
    blend: tuple[str, ...] = ()  #: styles that colour it
    bpm: float  #: felt pulses a minute: dotted quarters in compound metres, else quarters
    bpm_fixed: bool = False  #: whether somebody asked for that tempo
    key: Key
    key_fixed: bool = False  #: whether somebody asked for that tonic
    meter: Meter
    length_seconds: float | None = None  #: as asked; None = as long as it needs
    instrumental: bool = False
    singers: tuple[str, ...] = ()
    duet: bool = False
    choir: bool = False
    rap: bool = False
    layered: bool = False  #: choruses get doubles and harmonies
    energy: float = 0.5  #: 0–1
    valence: float = 0.0  #: −1 sad … 1 happy
    mood: tuple[str, ...] = ()
    era: str = ""
    band: BandWishes = field(default_factory=BandWishes)
    drop_at_seconds: float | None = None
    mix: MixPlan = field(default_factory=MixPlan)
    unknown: tuple[str, ...] = ()  #: words that were only guessed at

    @property
    def quarter_bpm(self) -> float:
        """Quarter notes a minute, as tempo maps count."""
        return self.bpm * (1.5 if self.meter.pulse_beats == 1.5 else 1.0)

    def describe(self) -> dict[str, object]:
        """What was understood, for the result."""
        facts: dict[str, object] = {
            "summary": _summary(self), "style": self.style,
            "blend": list(self.blend), "bpm": self.bpm, "key": self.key.name,
            "meter": self.meter.name, "length_seconds": self.length_seconds,
            "singers": list(self.singers), "energy": self.energy, "valence": self.valence,
            "mood": list(self.mood),
            "era": self.era, "instruments": list(self.band.wanted), "without": list(self.band.refused),
            "only": self.band.alone, "ending": self.band.ending, "intro": self.band.intro,
            "drop_at_seconds": self.drop_at_seconds, "guessed_words": list(self.unknown),
            "mix": {"preset": self.mix.preset, "width": self.mix.width, "reverb": self.mix.reverb,
                    "lofi": self.mix.lofi, "brightness_db": self.mix.brightness_db},
        }  # fmt: skip
        return {name: value for name, value in facts.items() if value not in ("", None, [], False)} | {
            "instrumental": self.instrumental
        }


def parse_brief(
    sound: str,
    *,
    seed: str,
    sheet: LyricSheet | None = None,
    instrumental: bool = False,
    length_seconds: float | None = None,
    bpm: float | None = None,
) -> Brief:
    """Read a prompt; `instrumental`, `length_seconds` and `bpm` beat what the text says.

    Nothing explicit is left to chance: the dice only choose where the text is silent.
    """
    dice = Random(f"{seed}/brief/{sound}")
    text = figures(gloss(sound))
    wishes = read_wishes(text)
    band = read_band(text)
    reading = read_mood(text)
    names = choose_styles(text, reading, band, wishes, dice)
    style = load_style(names[0])
    has_words = sheet is not None and not sheet.is_empty
    # Who plays alone is listened to; a voice beside it is asked for by name.
    wordless = band.no_singing or not (band.singing or (style.sings and not band.alone))
    silent = instrumental or (not has_words and wordless)
    energy = _clip(style.energy + reading.energy, 0.05, 1.0)
    valence = _clip(style.valence * 0.6 + reading.valence, -1.0, 1.0)
    language = sheet.language if sheet else "en"
    singers = () if silent else cast_singers(text, style, reading, dice, choir=band.choir)
    singers = tuple(native_singer(name, language) for name in singers)
    meter = wishes.meter or parse_meter(style.meters[0])
    tempo = bpm or wishes.bpm
    pace = tempo or _sung_bpm(_choose_bpm(style, reading, energy, dice), meter, bool(singers))
    if tempo is None and wishes.drop_at_seconds:
        pace = _bpm_for_drop(pace, meter, wishes.drop_at_seconds)
    return Brief(
        sound=sound, style=names[0], blend=names[1:],
        bpm=pace, bpm_fixed=tempo is not None,
        key=_choose_key(wishes, style, valence, dice), key_fixed=wishes.tonic is not None, meter=meter,
        length_seconds=length_seconds or wishes.length_seconds, instrumental=silent,
        singers=singers, duet=not silent and wants_duet(text), choir=band.choir and not silent,
        rap=not silent and (style.delivery == "rap" or band.rap), energy=energy, valence=valence,
        mood=reading.words, era=reading.era, band=band, drop_at_seconds=wishes.drop_at_seconds,
        mix=_mix_plan(text, style), unknown=_unknown(text),
    )  # fmt: skip


def _clip(value: float, low: float, high: float) -> float:
    return round(max(low, min(high, value)), 3)


def _choose_bpm(style: Style, reading: Reading, energy: float, dice: Random) -> float:
    """A tempo in the style's range; tempo words move it towards an end and a little beyond."""
    low, high = style.bpm
    place = dice.random() * 0.7 + 0.15 + 0.3 * (energy - style.energy)
    bpm = low + (high - low) * max(0.0, min(1.0, place))
    pull = reading.tempo
    if pull is not None:
        edge = low if pull < 0 else high
        towards = min(1.0, abs(pull))
        bpm = bpm + (edge - bpm) * towards if pull else (low + high) / 2
        bpm *= 1.0 + 0.09 * (pull - (1.0 if pull > 1 else -1.0)) if abs(pull) > 1 else 1.0
    bpm = _felt(bpm, reading.tempo_factor, style)
    return float(round(max(40.0, min(220.0, bpm))))


def _sung_bpm(bpm: float, meter: Meter, singing: bool) -> float:
    """The tempo of a song in 6/8 or 12/8: jigs are quicker than songs, which have a line's words in two bars.

    Of the Essen collection's songs in 6/8 nine in ten have 3.4–5.2 notes a bar. At a jig's pace they could
    not be understood.
    """
    if not singing or meter.pulse_beats != 1.5:
        return bpm
    return float(round(max(min(bpm, _SLOWEST_COMPOUND_BPM), _SUNG_COMPOUND * bpm)))


def _bpm_for_drop(bpm: float, meter: Meter, drop_at_seconds: float) -> float:
    """The nearest tempo with a bar exactly where the drop is asked for; the same when none is near."""
    pulses = meter.bar_beats / (1.5 if meter.pulse_beats == 1.5 else 1.0)
    bars = max(1, round(drop_at_seconds * bpm / (60.0 * pulses)))
    exact = 60.0 * bars * pulses / drop_at_seconds
    return round(exact, 4) if abs(exact / bpm - 1.0) <= _MOST_TEMPO_SHIFT else bpm


def _felt(bpm: float, factor: float, style: Style) -> float:
    """Double and half time: as near to it as can still be played, from the style's slow or fast end."""
    if factor > 1.0 and style.bpm[0] * factor <= _PLAYABLE_BPM[1]:
        return min(bpm * factor, _PLAYABLE_BPM[1])
    if factor < 1.0 and style.bpm[1] * factor >= _PLAYABLE_BPM[0]:
        return max(bpm * factor, _PLAYABLE_BPM[0])
    return bpm


def _choose_key(wishes: Wishes, style: Style, valence: float, dice: Random) -> Key:
    tonic = wishes.tonic if wishes.tonic is not None else dice.choices(range(12), _TONIC_WEIGHTS)[0]
    if wishes.mode is not None:
        return Key(tonic, wishes.mode)
    modes = [Mode(name) for name in style.modes]
    dark = [mode for mode in modes if mode.is_minor]
    light = [mode for mode in modes if not mode.is_minor]
    if valence < _SAD:
        modes = dark or [Mode.MINOR]
    elif valence > _HAPPY + (0.0 if light else 0.4):
        modes = light or [Mode.MAJOR]
    return Key(tonic, dice.choice(modes))


def _mix_plan(sound: str, style: Style) -> MixPlan:
    wishes: dict[str, float] = {}
    for mention in mentions(sound, "mix"):
        if mention.phrase == "bright" and "voice" in sound.lower():
            continue
        wishes = mention.value | wishes  # what is said first counts
    return MixPlan(
        preset=style.mix,
        width=wishes.get("width", style.width),
        reverb=wishes.get("reverb", style.reverb),
        brightness_db=wishes.get("brightness_db", 0.0),
        lofi=wishes.get("lofi", style.lofi),
    )


def _unknown(sound: str) -> tuple[str, ...]:
    known: list[Mention] = []
    for table in ("styles", "instruments", "mood", "tempo", "associations", "eras", "mix"):
        known.extend(mentions(sound, table))
    return tuple(unknown_words(sound, known))[:12]


def _summary(brief: Brief) -> str:
    """Style, key, tempo, metre, mood, voices, players, length and ending, in plain words."""
    parts = [_told_style(brief), _told_music(brief)]
    if brief.mood:
        parts.append(", ".join(brief.mood))
    parts.append(_told_voices(brief))
    parts.extend(_told_players(brief))
    if brief.length_seconds is not None:
        parts.append(f"{brief.length_seconds:g} seconds long")
    if brief.drop_at_seconds is not None:
        parts.append(f"the drop at {brief.drop_at_seconds:g} seconds")
    if brief.band.intro:
        parts.append(_INTROS[brief.band.intro])
    if brief.band.ending:
        parts.append(_ENDINGS[brief.band.ending])
    return "; ".join(parts) + "."


def _told_style(brief: Brief) -> str:
    title = load_style(brief.style).title
    colours = " and ".join(load_style(name).title for name in brief.blend)
    era = f" of the {brief.era}" if brief.era else ""
    return f"{title}{era} with {colours}" if colours else f"{title}{era}"


def _told_music(brief: Brief) -> str:
    asked = "" if brief.bpm_fixed else "about "
    return f"{brief.key.name}, {asked}{brief.bpm:g} bpm, {brief.meter.name}"


def _told_voices(brief: Brief) -> str:
    if brief.instrumental:
        return "without singing"
    voices = []
    for name in brief.singers:
        singer = ROSTER[name]
        alone = f"{_article(singer.tags[0])} {singer.tags[0]} {singer.gender} voice"
        voices.append(_GROUPS.get(name, alone))
    verb = "rapped" if brief.rap else "sung"
    return f"{verb} by {' and '.join(voices)}"


def _told_players(brief: Brief) -> list[str]:
    band = brief.band
    told = []
    if band.wanted:
        names = ", ".join(_KIT_NAMES.get(name, name.replace("_", " ")) for name in band.wanted)
        told.append(f"only {names}" if band.alone else f"with {names}")
    elif band.alone:
        told.append("voices only")
    if band.refused:
        told.append("without " + ", ".join(name.replace("_", " ") for name in band.refused))
    return told


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
