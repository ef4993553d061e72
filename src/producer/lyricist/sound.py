"""One line that tells a band how the song should sound."""

import re
from random import Random

from producer.lyricist.bank import Theme, listed, read, themes
from producer.lyricist.wish import Wish

MAX_CHARS = 200


def describe_sound(wish: Wish, *, seed: str) -> str:
    """Mood, genre, instruments and tempo; what the prompt says itself always wins over habit.

    >>> from producer.lyricist.wish import read_wish
    >>> describe_sound(read_wish("a sad jazz waltz about rain with piano"), seed="1")
    'sad jazz waltz with piano, slow tempo, in 3/4 time'
    """
    dice = Random(f"{seed}/lyrics/sound")
    table = read("sound")
    low = f" {wish.text.lower()} "
    theme = wish.themes[0][0] if wish.themes else _general(wish.valence)
    genre = _said(low, listed(table["genres"]))[:2]
    moods = _said(low, listed(table["moods"]))[:2]
    instruments = _said(low, listed(table["instruments"]))[:4]
    mood = " and ".join(moods) or _mood(theme, wish, dice)
    if not genre:
        genre = ["hip hop"] if wish.form.rap_bars else [dice.choice(theme.genres)]
    tempo = next((name for name, said in table["tempo"].items() if _said(low, listed(said))), theme.tempo)
    if not instruments and genre[0] != "hip hop" and not _said(low, listed(table["genres"])):
        instruments = list(theme.instruments[:2])
    text = f"{mood} {' '.join(genre)}"
    if instruments:
        text += (
            " with "
            + (", ".join(instruments[:-1]) + " and " if len(instruments) > 1 else "")
            + instruments[-1]
        )
    text += f", {tempo}" + ("" if tempo.endswith("tempo") else " tempo")
    text += next((f", {say}" for say, said in table["meters"].items() if _said(low, listed(said))), "")
    text += next((f", {say}" for say, said in table["voices"].items() if _said(low, listed(said))), "")
    bpm = re.search(r"\b(\d{2,3}) ?bpm\b", low)
    return (text + (f", {bpm[1]} bpm" if bpm else ""))[:MAX_CHARS]


def _general(valence: float) -> Theme:
    return themes()["open_low" if valence < 0 else "open_bright"]


def _mood(theme: Theme, wish: Wish, dice: Random) -> str:
    if theme.valence > 0.2 and wish.valence < 0:
        return "bittersweet"
    if theme.valence < -0.2 and wish.valence > 0.2:
        return "hopeful"
    return dice.choice(theme.mood)


def _said(low: str, words: tuple[str, ...]) -> list[str]:
    """Words of a list that stand in a text, in its order; a part of a longer one doesn't count."""
    found: list[tuple[int, str]] = []
    for word in sorted(words, key=len, reverse=True):
        match = re.search(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])", low)
        if match and not any(word in longer for _, longer in found):
            found.append((match.start(), word))
    return [word for _, word in sorted(found)]
