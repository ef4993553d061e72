"""Text with section marks ↔ LyricSheet."""

from collections.abc import Iterator, Sequence

from producer.lyrics.kana import unknown_kanji
from producer.lyrics.languages import detect_language, language_warning
from producer.lyrics.layout import RawStanza, lay_out
from producer.lyrics.marks import understand
from producer.lyrics.spelling_rules import known_languages
from producer.lyrics.syllables import make_line
from producer.score.lyric import Delivery, LyricSheet, Stanza

MIN_WORDS_TO_TELL = 8  # a stanza of fewer is in the language of the song
MAX_LISTED = 20  # characters named in a warning


def parse_sheet(text: str, *, usual: str = "en") -> LyricSheet:
    """Read lyrics as authors write them.

    Section marks may be ``[Verse 1]``, ``(Chorus)``, ``Verse:``, ``**Verse**``, ``[Pre-Chorus: female]``,
    ``[Chorus x2]`` and their like in other languages; without any, blank lines part the stanzas and
    repeated words are the chorus. A sung mark without words repeats the words that stood under it before;
    a played one (intro, solo, …) has no lines. Asides in round brackets become backing lines of their own.

    Parameters
    ----------
    text
        Any text at all; what can't be voiced is left out, nothing is refused.
    usual
        ISO 639-1 code of the language when the words themselves don't tell.
    """
    raw, directions = lay_out(text)
    language = detect_language(_words_of(raw), usual=usual)
    stanzas = tuple(_stanza(stanza, raw[:i], language) for i, stanza in enumerate(raw))
    return LyricSheet(stanzas, language, tuple(_warnings(raw, language, directions)))


def _words_of(raw: Sequence[RawStanza]) -> str:
    return "\n".join(line.text for stanza in raw for line in stanza.lines)


def _warnings(raw: Sequence[RawStanza], language: str, directions: Sequence[str]) -> Iterator[str]:
    words = _words_of(raw)
    if about_language := language_warning(words, language):
        yield about_language
    if language == "ja" and (unknown := unknown_kanji(words)):
        characters = "".join(dict.fromkeys(unknown))[:MAX_LISTED]
        yield f"Some kanji are sung by their Chinese reading; write them in kana to be sure: {characters}"
    for direction in dict.fromkeys(directions):
        yield f"Taken as a direction, not sung: [{direction}]"


def _stanza(raw: RawStanza, before: Sequence[RawStanza], song_language: str) -> Stanza:
    assert raw.kind is not None
    # A stanza may be in another language than the song, when enough of it says so.
    words = _words_of([raw])
    own = (
        detect_language(words, usual=song_language)
        if len(words.split()) >= MIN_WORDS_TO_TELL
        else song_language
    )
    language = own if own in known_languages() or own == "en" else song_language
    lines = tuple(make_line(line.text, language=language, backing=line.backing) for line in raw.lines)
    same = (i for i, earlier in enumerate(before) if raw.lines and earlier.key == raw.key)
    return Stanza(raw.kind, raw.label, lines, raw.delivery, next(same, None))


def render_sheet(sheet: LyricSheet) -> str:
    """Write a sheet as text that :func:`parse_sheet` reads back to the same stanzas.

    >>> render_sheet(parse_sheet("(Chorus)\\nSing with me (with me)"))
    '[Chorus]\\nSing with me\\n(with me)'
    """
    return "\n\n".join(_render_stanza(stanza) for stanza in sheet.stanzas)


def _render_stanza(stanza: Stanza) -> str:
    label = stanza.label or str(stanza.kind).title()
    mark = understand(label)
    if mark.kind is not stanza.kind:
        label = f"{str(stanza.kind).title()}: {label}" if stanza.label else str(stanza.kind).title()
    if stanza.delivery is not Delivery.SUNG and mark.delivery is not stanza.delivery:
        label = f"{label}: {stanza.delivery}"
    lines = (f"({line.text})" if line.backing else line.text for line in stanza.lines)
    return "\n".join([f"[{label}]", *lines])
