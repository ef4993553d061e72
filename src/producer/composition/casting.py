"""Casting: who sings, and which ensemble plays once blends and wishes are in."""

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from producer.composition.style import DrumSpec, PartSpec, Style
from producer.composition.stylebook import load_style
from producer.composition.taste import Reading
from producer.composition.wishes import BandWishes, is_refused
from producer.score.instrument import INSTRUMENTS
from producer.score.part import Role
from producer.score.singer import AIRY, CHILDREN, CHOIR, SINGERS

_NOT_HORNS = r"\b(?!\s+(?:sax|horn|guitar|ukulele|banjo|trombone|flute|recorder|drum|clarinet|clef))"
_FEMALE = re.compile(
    rf"\b(?:female|woman|women|girl|girls|lady|she|her|soprano|alto|contralto|mezzo|diva|queen){_NOT_HORNS}",
    re.I,
)
_MALE = re.compile(
    rf"\b(?:male|man|men|boy|boys|guy|he|his|tenor|baritone|bass voice|king){_NOT_HORNS}", re.I
)
#: Names of voices → tags of the roster; whoever names one means the singer.
_VOICE_TYPE = re.compile(rf"\b(tenor|baritone|alto|contralto|soprano|mezzo){_NOT_HORNS}", re.I)
_VOICE_TYPES = {"contralto": "alto", "soprano": "bright", "mezzo": "warm"}
_DUET = re.compile(
    r"\bduets?\b|\b(?:female and male|male and female|man and (?:a )?woman|woman and (?:a )?man)\b", re.I
)
_VOICE = r"(?:voice|voices|vocal|vocals|singer|singers|singing|choir|chorus|sung)\b"
_CHILDREN = re.compile(
    rf"\b(?:children|child|kids?)(?:'?s'?)?\s+(?:[\w-]+\s+){{0,2}}?{_VOICE}"
    r"|\b(?:sung|performed) by (?:[\w-]+\s+){0,2}?(?:children|kids)\b"
    r"|\b(?:children|kids) (?:sing|singing)\b",
    re.I,
)
_AIRY = re.compile(
    rf"\b(?:airy|breathy|ethereal|whispery|whisper(?:ed|ing)?)\b,?\s+(?:[\w-]+,?\s+){{0,3}}?{_VOICE}"
    rf"|\b{_VOICE},? (?:that is |very )?(?:airy|breathy|ethereal|whispery|whisper(?:ed|ing)?)\b",
    re.I,
)
#: What is said of the voice itself, up to three words in front of it; it beats all that fits the style.
_SAID_OF_VOICE = re.compile(rf"((?:[\w-]+\s+){{1,3}}){_VOICE}", re.I)
#: Words about a voice → tags of the roster.
_VOICE_WORDS = {
    "breathy": "soft", "whispered": "soft", "whispering": "soft", "airy": "soft", "tender": "gentle",
    "delicate": "gentle", "sweet": "gentle", "husky": "smoky", "raspy": "gritty", "rough": "gritty",
    "gravelly": "gritty",
    "gospel": "soulful", "jazzy": "smoky", "belting": "powerful", "strong": "powerful", "big": "powerful",
    "young": "young", "teen": "young", "mature": "mature", "old": "mature", "low": "deep", "high": "bright",
    "energetic": "energetic", "emotional": "soulful",
}  # fmt: skip


def wants_duet(sound: str) -> bool:
    """Whether two people are to sing in turns."""
    return bool(_DUET.search(sound)) or bool(_FEMALE.search(sound) and _MALE.search(sound))


def cast_singers(
    sound: str, style: Style, reading: Reading, dice: Random, *, choir: bool = False
) -> tuple[str, ...]:
    """One singer, or two for a duet or a choir; what the text says beats what the style likes.

    The second of a choir's two is the choir itself, behind a soloist.
    """
    if _CHILDREN.search(sound):
        return (CHILDREN,)
    text = sound.lower()
    asked = {tag for word, tag in _VOICE_WORDS.items() if re.search(rf"\b{word}\b", text)}
    said = set(" ".join(_SAID_OF_VOICE.findall(text)).split())
    said |= {tag for word, tag in _VOICE_WORDS.items() if word in said}
    said |= {_VOICE_TYPES.get(name, name) for name in _VOICE_TYPE.findall(text)}
    scores: dict[str, float] = {}
    for singer in SINGERS.values():
        score = 0.4 * sum(tag in style.singers for tag in singer.tags) + 0.9 * dice.random()
        score += 1.5 * sum(bool(re.search(rf"\b{tag}\b", text)) or tag in asked for tag in singer.tags)
        score += 3.0 * len(said & set(singer.tags))
        score += 0.4 * reading.energy * (1 if {"powerful", "strong", "energetic"} & set(singer.tags) else -1)
        scores[singer.name] = score
    ranked = sorted(scores, key=lambda name: -scores[name])
    women = [name for name in ranked if SINGERS[name].gender == "female"]
    men = [name for name in ranked if SINGERS[name].gender == "male"]
    female, male = bool(_FEMALE.search(sound)), bool(_MALE.search(sound))
    if _AIRY.search(sound) and not male:
        women.insert(0, AIRY)
        ranked.insert(0, AIRY)
    if wants_duet(sound):
        return (women[0], men[0]) if ranked.index(women[0]) < ranked.index(men[0]) else (men[0], women[0])
    pool = women if female else men if male else ranked
    return (pool[0], CHOIR) if choir else (pool[0],)


def cast_band(
    name: str, blend: tuple[str, ...], wishes: BandWishes, *, energy: float, sound: str = ""
) -> Style:
    """The style of one song: blended, with wanted players in and refused ones out."""
    style = load_style(name)
    for colour in blend:
        style = _blended(style, load_style(colour))
    style = _without(style, wishes.refused)
    style = _with(style, wishes)
    ending = wishes.ending or style.ending
    return replace(style, energy=energy, ending=ending)


def _blended(main: Style, colour: Style) -> Style:
    """The main style's rhythm section with the colour's harmony, tune and players on top."""
    borrowed: list[PartSpec] = []
    names = {part.name for part in main.parts}
    rhythm = (Role.BASS, Role.DRUMS, Role.EFFECTS)
    for spec in colour.parts:
        if spec.role not in rhythm and len(borrowed) < 2 + (spec.manner == "counter"):
            fresh = spec.name if spec.name not in names else f"{spec.name}_{colour.name}"
            borrowed.append(replace(spec, name=fresh, start=min(spec.start, 0.5)))
    kept = [part for part in main.parts if part.manner != "counter" or not colour.parts]
    # A crowd of chord players would be mud: the colour's replace the main style's last ones.
    chords = [part for part in kept if part.role in (Role.CHORDS, Role.ARPEGGIO)]
    for spare in chords[1:] if len(chords) > 2 else []:
        kept.remove(spare)
    drums = main.drums or (colour.drums if colour.energy > main.energy + 0.3 else None)
    mixed = replace(colour.melody, rate=(main.melody.rate + colour.melody.rate) / 2)
    return replace(
        main, harmony=colour.harmony or main.harmony, modes=colour.modes,
        parts=(*kept, *borrowed), drums=drums, melody=mixed,
        solo=(*colour.solo, *main.solo[:1]), closed=colour.closed,
        dynamics=(main.dynamics + colour.dynamics) / 2, lofi=max(main.lofi, colour.lofi),
    )  # fmt: skip


def _without(style: Style, refused: tuple[str, ...]) -> Style:
    if not refused:
        return style
    parts = []
    for spec in style.parts:
        left = tuple(name for name in spec.instrument if not is_refused(name, refused))
        role_refused = (spec.role is Role.BASS and "bass" in refused) or (
            spec.role in (Role.DRUMS, Role.PERCUSSION) and "drums" in refused
        )
        if left and not role_refused:
            parts.append(replace(spec, instrument=left))
    drums = None if "drums" in refused else style.drums
    solo = tuple(name for name in style.solo if not is_refused(name, refused))
    return replace(style, parts=tuple(parts), drums=drums, solo=solo)


def _with(style: Style, wishes: BandWishes) -> Style:
    """Give wanted instruments a place: one that plays already, else a new chair by family."""
    kits = [name for name in wishes.wanted if name.startswith("kit_")]
    style = replace(style, drums=_drummer(style, kits, alone=wishes.alone))
    if not wishes.wanted:
        return _voices_only(style) if wishes.alone else style
    parts = list(style.parts)
    kept_names = set()
    for instrument in wishes.wanted:
        if INSTRUMENTS[instrument].family == "drums":
            continue
        holder = next((p for p in parts if instrument in p.instrument), None)
        if holder is None:
            holder = _same_chair(parts, instrument)
        if holder is None:
            chair = _chair(instrument)
            parts.append(chair)
            kept_names.add(chair.name)
            continue
        at = parts.index(holder)
        shelf = INSTRUMENTS[instrument]
        low = holder.low if holder.low <= shelf.high - 12 else shelf.low
        high = holder.high if holder.high >= shelf.low + 12 else shelf.low + 19
        parts[at] = replace(
            holder, instrument=(instrument,), start=min(holder.start, 0.3), low=low, high=high
        )
        kept_names.add(holder.name)
    melodic = tuple(n for n in wishes.wanted if INSTRUMENTS[n].family not in ("bass", "drums", "effects"))
    solo = (*melodic, *style.solo) if not wishes.alone else melodic
    if wishes.alone:
        parts = [p for p in parts if p.name in kept_names]
        parts += [_left_hand(p) for p in parts if p.role is not Role.BASS and len(parts) == 1]
        return replace(style, parts=tuple(replace(p, start=0.0, only=()) for p in parts), solo=solo)
    return replace(style, parts=tuple(parts), solo=solo[: max(1, len(melodic))] if melodic else style.solo)


def _drummer(style: Style, kits: Sequence[str], *, alone: bool) -> DrumSpec | None:
    """The style's drummer, or a borrowed one where drums are asked for; with the kit that was named."""
    if not kits:
        return None if alone else style.drums
    drums = style.drums or load_style("rock").drums
    assert drums is not None
    named = tuple(kit for kit in kits if kit != "kit_standard") or drums.kit
    return replace(drums, kit=named, start=0.0 if alone else min(drums.start, 0.4))


def _voices_only(style: Style) -> Style:
    """A cappella: the style's own singing parts, else a barbershop group's."""
    own = [part for part in style.parts if _all_voices(part)]
    parts = own or [part for part in load_style("barbershop").parts if _all_voices(part)]
    return replace(style, parts=tuple(parts), drums=None, solo=("voice_oohs",))


def _all_voices(part: PartSpec) -> bool:
    return all(INSTRUMENTS[name].family == "voices" for name in part.instrument)


def _same_chair(parts: list[PartSpec], instrument: str) -> PartSpec | None:
    """The player who holds something of the same family already, and could take this instead."""
    family = INSTRUMENTS[instrument].family
    for spec in parts:
        same = all(INSTRUMENTS[name].family == family for name in spec.instrument)
        if (
            same
            and spec.manner not in ("counter", "texture")
            and (family != "bass" or spec.role is Role.BASS)
        ):
            return spec
    return None


def _chair(instrument: str) -> PartSpec:
    """A new player for an instrument that the style doesn't know."""
    shelf = INSTRUMENTS[instrument]
    low = max(shelf.low, min(52, shelf.high - 24))
    high = min(shelf.high, max(low + 24, 76))
    if shelf.family == "bass":
        return PartSpec("wish_bass", Role.BASS, (instrument,), "bass", ("R---R---R---R-a-",), low=28, high=52)
    if shelf.family == "effects":
        return PartSpec(f"wish_{instrument}", Role.EFFECTS, (instrument,), "texture", level_db=-6.0)
    chordal = {"keys": "block", "guitar": "strum", "strings": "hold", "voices": "hold", "synth": "hold"}
    if shelf.family in chordal and instrument not in (
        "violin",
        "viola",
        "cello",
        "fiddle",
        "saw_lead",
        "square_lead",
    ):
        manner = chordal[shelf.family]
        pattern = {"block": "x-----x-x-----x-", "strum": "x---x-u-x-u-x-u-"}.get(manner, "x---------------")
        role = Role.PAD if manner == "hold" else Role.CHORDS
        return PartSpec(
            f"wish_{instrument}", role, (instrument,), manner, (pattern,), low=low, high=high, pan=0.2
        )
    return PartSpec(
        f"wish_{instrument}", Role.COUNTER, (instrument,), "counter", low=low, high=high, pan=-0.2
    )


def _left_hand(spec: PartSpec) -> PartSpec:
    """A lone player also takes the bass, as far down as the instrument goes."""
    shelf = INSTRUMENTS[spec.instrument[0]]
    low = max(shelf.low, 33)
    pattern = ("R-------5-------",) if spec.manner != "hold" else ("R---------------",)
    return replace(
        spec,
        name=f"{spec.name}_low",
        role=Role.BASS,
        manner="bass",
        pattern=pattern,
        lift=(),
        low=low,
        high=low + 19,
    )
