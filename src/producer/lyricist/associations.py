"""Stanzas that the language model helps to write: it names things, handwritten frames sing of them.

Left to itself a model of this size writes lines that scan and rhyme and mean little. Asked for one word at a
time it is good: a nurse brings *hospital, station, bed*, a chess tournament *trophy, medal, arena*.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random

from producer.lyricist.bank import Unit, parse_units, read
from producer.lyricist.critic import Critic
from producer.lyricist.nouns import lexicon
from producer.lyricist.scan import is_form_of, words_of
from producer.lyricist.wish import Wish
from producer.lyrics.dictionary import pronunciations

MOST = 12  #: words kept for a prompt
LEAST = 0.3  #: cosine below which a word has nothing to do with the prompt
_DRAWN = 7  #: best words that one song chooses from
_KINDS = {"thing": "t", "food": "t", "animal": "", "nature": "n", "place": ""}


def find_associates(critic: Critic, wish: Wish) -> tuple[str, ...]:
    """Nouns that go with a prompt and are not in it, best first; none when it says nothing."""
    if not wish.nouns and not wish.themes:
        return ()
    own = {word for noun in wish.nouns for word in (*words_of(noun.text), noun.head)} | set(wish.words)
    words = [
        word
        for word in _things()
        if word not in own
        and not any(is_form_of(word, bad) for bad in wish.forbidden)
        and not _is_part(word, own)
    ]
    found = [word for _, word in critic.associate(words, most=MOST)]
    return tuple(word for word, cosine in zip(found, critic.nearness(found), strict=True) if cosine >= LEAST)


def slots_for(associates: Sequence[str], dice: Random) -> dict[str, str]:
    """Slots of the frames filled with some of the words: by kind and by how they fall."""
    words = list(associates[:_DRAWN])
    dice.shuffle(words)
    words += associates[_DRAWN:]
    slots: dict[str, str] = {}
    counts: dict[str, int] = {}
    for word in words:
        fall = _fall(word)
        kind = _KINDS[lexicon()[word][0]]
        for name in (fall, kind + fall) if kind else (fall,):
            counts[name] = counts.get(name, 0) + 1
            slots[f"{name}{counts[name]}"] = word
    return slots


def units_for(valence: float, slots: Mapping[str, str]) -> tuple[Unit, ...]:
    """Frames of a mood whose slots are all filled."""
    moods = ("any", "low") if valence < -0.1 else ("any", "bright") if valence > 0.25 else ("any",)
    return tuple(unit for mood in moods for unit in _units(mood) if all(slot in slots for slot in unit.slots))


@cache
def _units(mood: str) -> tuple[Unit, ...]:
    return parse_units(f"scenes/{mood}", read("scenes")[mood])


@cache
def _things() -> tuple[str, ...]:
    """Nouns of things to touch and places to be, of one or two syllables, that a frame could hold."""
    never = frozenset(read("model")["not_proposed"].split())
    return tuple(
        word
        for word, (kind, _) in lexicon().items()
        if kind in _KINDS and " " not in word and word not in never and _fall(word)
    )


@cache
def _fall(word: str) -> str:
    """``m`` for one syllable, ``d`` for a strong and a weak one, else nothing."""
    found = pronunciations(word)
    stress = [phone[-1] for phone in found[0] if phone[-1].isdigit()] if found else []
    return "m" if len(stress) == 1 else "d" if stress in (["1", "0"], ["1", "2"]) else ""


def _is_part(word: str, own: set[str]) -> bool:
    """Whether a word is half of one in the prompt or holds one: *book* and *bookshop*."""
    return any(len(other) > 3 and (word in other or other in word) for other in own)
