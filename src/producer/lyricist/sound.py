"""One line that tells a band how the song should sound."""

import re
from random import Random

from producer.lyricist.bank import Theme, listed, read, themes
from producer.lyricist.genres import find_genres, find_said
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
    genre = find_genres(wish.text)[:2]
    asked = bool(genre)
    moods = [mood for mood in find_said(low, listed(table["moods"])) if _is_meant(low, mood)][:2]
    instruments = find_said(low, listed(table["instruments"]))[:4]
    mood = " and ".join(moods) or _mood_of_genre(genre, dice) or _mood(theme, wish, dice)
    if not genre:
        genre = ["hip hop"] if wish.form.rap_bars else [dice.choice(theme.genres)]
    tempo = next((name for name, said in table["tempo"].items() if find_said(low, listed(said))), theme.tempo)
    if not instruments and genre[0] != "hip hop" and not asked:
        instruments = list(theme.instruments[:2])
    text = f"{mood} {' '.join(genre)}"
    if instruments:
        text += (
            " with "
            + (", ".join(instruments[:-1]) + " and " if len(instruments) > 1 else "")
            + instruments[-1]
        )
    text += f", {tempo}" + ("" if tempo.endswith("tempo") else " tempo")
    text += next((f", {say}" for say, said in table["meters"].items() if find_said(low, listed(said))), "")
    text += next((f", {say}" for say, said in table["voices"].items() if find_said(low, listed(said))), "")
    bpm = re.search(r"\b(\d{2,3}) ?bpm\b", low)
    return (text + (f", {bpm[1]} bpm" if bpm else ""))[:MAX_CHARS]


def _is_meant(low: str, mood: str) -> bool:
    """Whether a mood word is meant for the song: not *in the dark*, not *about driving*."""
    if mood == "driving":
        return bool(
            re.search(r"\bdriving (?:rock|beat|rhythm|bass|drums|song|indie|synth|guitar)|, driving\b", low)
        )
    return not re.search(rf"(?:\b(?:the|my|about|not|never|his|her)|n't)(?: be)? {re.escape(mood)}\b", low)


def _mood_of_genre(genres: list[str], dice: Random) -> str:
    """Mood of a genre that has one whatever it is about, such as metal."""
    table = read("sound")["genre_moods"]
    found = [moods for genre in genres for names, moods in table.items() if genre in listed(names)]
    return dice.choice(listed(found[0])) if found else ""


def _general(valence: float) -> Theme:
    return themes()["open_low" if valence < 0 else "open_bright"]


def _mood(theme: Theme, wish: Wish, dice: Random) -> str:
    if theme.valence > 0.2 and wish.valence < 0:
        return "bittersweet"
    if theme.valence < -0.2 and wish.valence > 0.2:
        return "hopeful"
    return dice.choice(theme.mood)
