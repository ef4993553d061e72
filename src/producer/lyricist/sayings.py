"""What a prompt says itself in a short sentence: the most natural hook there is."""

import re

from producer.lyricist.bank import tidy, word_set
from producer.lyricist.judge import is_content
from producer.lyricist.names import without_framing
from producer.lyricist.scan import count_syllables, words_of
from producer.lyricist.tone import read_tone
from producer.lyricist.wish import Wish

SYLLABLES = range(3, 10)  #: of a hook that can be remembered in one breath
_CLAUSE = re.compile(r"[,.;:!?\n(]| and (?:so|then)\b| but | because | so that | who ")


def own_words(wish: Wish) -> str:
    """The short sentence that a prompt begins with, if it goes with the song's mood; else "".

    >>> from producer.lyricist.wish import read_wish
    >>> own_words(read_wish("we won the chess tournament")), own_words(read_wish("a song about rain"))
    ('We won the chess tournament', '')
    """
    first = _CLAUSE.split(without_framing(wish.text).strip())[0].strip()
    words = words_of(first)
    if wish.language != "en" or not (_is_sentence(words) and any(map(is_content, words))):
        return ""
    told = read_tone(first).told
    if told * wish.valence < 0 and abs(told) >= 0.3:  # *the ship sank*, but everyone survived
        return ""
    if count_syllables(first) not in SYLLABLES or set(words) & (word_set("song_words") | wish.forbidden):
        return ""
    return _printed(first, wish)


def _is_sentence(words: tuple[str, ...]) -> bool:
    """Whether words have a subject and a verb, as far as lists can tell."""
    if len(words) < 3 or words[0] not in word_set("sentence_starts") or words[-1] in word_set("dangling"):
        return False
    finite = word_set("finite") | word_set("verbs")
    return words[0] in word_set("starts_with_verb") or any(
        w in finite or w.endswith("n't") for w in words[1:]
    )


def _printed(text: str, wish: Wish) -> str:
    """A sentence with capitals where they belong: *I*, names, days."""
    text = text.lower() if text.isupper() else text
    proper = {word for name in (*wish.names, *wish.places) for word in words_of(name)} | word_set("proper")
    words = [w.capitalize() if w.lower().split("'")[0] in proper | {"i"} else w for w in text.split()]
    return tidy(" ".join(words))
