"""Which genres a prompt names, told apart from things of the same name."""

import re

from producer.lyricist.bank import listed, read, word_set
from producer.lyricist.nouns import is_musical


def find_genres(text: str) -> list[str]:
    """Genres that a prompt names, in its order; *an empty house* and *my country* name none.

    >>> find_genres("a slow country ballad about an empty house"), find_genres("dark, house, 124 bpm")
    (['country', 'ballad'], ['house'])
    """
    low = text.lower()
    return [genre for genre in find_said(low, listed(read("sound")["genres"])) if _is_genre(low, genre)]


def without_style(text: str) -> str:
    """A prompt without what says only how the song should sound; styles that are topics as well stay.

    >>> without_style("dream pop, shimmering guitars, about my aunt")
    ' , , about my aunt'
    >>> without_style("lullaby, harp")
    'lullaby , '
    """
    genres = sorted(listed(read("sound")["genres"]), key=len, reverse=True)
    pieces = re.split(r"([,.;:!?\n])", text)
    for at in range(0, len(pieces), 2):
        tokens = re.findall(r"[\w'&/-]+", pieces[at].lower())
        if tokens and is_style_only(tokens):
            kept = [token for token in tokens if token in word_set("topical_styles")]
            pieces[at] = " ".join(kept) + " "
    rest = "".join(pieces)
    for genre in genres:
        if " " in genre and not set(genre.split()) & word_set("topical_styles"):
            rest = re.sub(rf"\b{re.escape(genre)}\b", " ", rest, flags=re.IGNORECASE)
    return rest


def find_said(low: str, words: tuple[str, ...]) -> list[str]:
    """Words of a list that stand in a text, in its order; a part of a longer one doesn't count."""
    found: list[tuple[int, str]] = []
    for word in sorted(words, key=len, reverse=True):
        match = re.search(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])", low)
        if match and not any(word in longer for _, longer in found):
            found.append((match.start(), word))
    return [word for _, word in sorted(found)]


def _is_genre(low: str, genre: str) -> bool:
    """Whether a word that is a thing as well stands for music here."""
    if genre not in word_set("things_too"):
        return True
    for chunk in re.split(r"[,.;:!?\n]", low):
        tokens = re.findall(r"[\w'&-]+", chunk)
        for at in [i for i, token in enumerate(tokens) if token == genre]:
            followed = at + 1 < len(tokens) and tokens[at + 1] in word_set("music_words")
            if followed or is_style_only(tokens):
                return True
            if genre in word_set("two_faced") and at and is_musical(tokens, at):
                return True
    return False


def is_style_only(tokens: list[str]) -> bool:
    """Whether a part of a prompt says nothing but how the song should sound."""
    table = read("sound")
    named = listed(table["genres"]) + listed(table["moods"]) + listed(table["instruments"])
    known = set(" ".join(named).split()) | word_set("music_words") | word_set("musical_qualities")
    known |= word_set("style_words")
    return all(token in known or token.rstrip("s") in known or token[:1].isdigit() for token in tokens)
