"""Raw text → printable words: what is left when everything unsayable is gone."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from producer.lyrics.japanese import phrases

#: Line ends and tabs become what they mean; other control and format characters vanish.
_SPACES = {
    "\t": " ",
    "\u00a0": " ",
    "\u3000": " ",
    "\u2028": "\n",
    "\u2029": "\n",
    "\x0b": "\n",
    "\x0c": "\n",
}
_BREAK_AFTER = re.compile(r"(?<=[^\W_])(—|–|…|\.\.\.+|--+)(?=[^\W_])")
_KANA = re.compile(r"[\u3040-\u30fa]")
_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_JAPANESE_RUN = re.compile(rf"[{_HAN}\u3041-\u3096\u30a1-\u30fa\u30fc〜～]+")
_AFTER_STOP = re.compile(r"(?<=[、。，！？…」』])(?=[^\s\W])")
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}，。！？、；：…])(?=[{_HAN}])")
MAX_WORD = 48  # characters; the longest word in an English dictionary has 45
_SAYABLE_SYMBOLS = frozenset("&%@$€£¥+#=°")


def clean(text: str) -> str:
    """Composed Unicode (NFC) with line ends ``\\n`` and without control, format or private characters.

    >>> clean("Hel\\u200blo\\r\\nwo\\x00rld")
    'Hello\\nworld'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = "".join(_SPACES.get(character, character) for character in text)
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return unicodedata.normalize("NFC", "".join(kept))


def is_sayable(token: str) -> bool:
    """Whether anything in it can be voiced: a letter, a digit or a symbol with a name."""
    return any(c.isalnum() or c in _SAYABLE_SYMBOLS for c in token)


def printable_words(text: str, language: str = "en") -> tuple[str, ...]:
    """Words as printed, each with its punctuation; a dash between words ends the first of them.

    Chinese characters are words of their own, unless kana or the language say that it is Japanese.

    >>> printable_words("Stay — don't go… please?!")
    ('Stay —', "don't", 'go…', 'please?!')
    """
    words: list[str] = []
    pending = ""
    for token in _handy(_spaced(_BREAK_AFTER.sub(r"\1 ", clean(text)), language).split()):
        if is_sayable(token):
            words.append(f"{pending} {token}".strip())
            pending = ""
        elif not is_punctuation(token):
            continue
        elif words:
            words[-1] += " " + token
        else:
            pending = f"{pending} {token}".strip()
    return tuple(words)


def _spaced(text: str, language: str) -> str:
    """Blanks where scripts without them part words: between Japanese phrases, at every Chinese character."""
    if language == "ja" or _KANA.search(text):
        spaced = _JAPANESE_RUN.sub(lambda match: " ".join(phrases(match[0])), text)
        return _AFTER_STOP.sub(" ", spaced)
    return _BETWEEN_HAN.sub(" ", text)


def _handy(tokens: Iterable[str]) -> Iterator[str]:
    """No real word is longer than :data:`MAX_WORD`; what is comes in pieces, nothing left out."""
    for token in tokens:
        yield from (token[i : i + MAX_WORD] for i in range(0, len(token), MAX_WORD))


def is_punctuation(token: str) -> bool:
    """Whether it is punctuation all through (pictures and dingbats are not)."""
    return all(unicodedata.category(c).startswith("P") for c in token)
