"""Text with section marks ↔ LyricSheet."""

from producer.lyrics.layout import RawStanza, lay_out
from producer.lyrics.marks import understand
from producer.lyrics.syllables import make_line
from producer.score.lyric import Delivery, LyricSheet, Stanza


def parse_sheet(text: str) -> LyricSheet:
    """Read lyrics as authors write them.

    Section marks may be ``[Verse 1]``, ``(Chorus)``, ``Verse:``, ``**Verse**``, ``[Pre-Chorus: female]``,
    ``[Chorus x2]`` and their like in other languages; without any, blank lines part the stanzas and
    repeated words are the chorus. A sung mark without words repeats the words that stood under it before;
    a played one (intro, solo, …) has no lines. Asides in round brackets become backing lines of their own.

    Parameters
    ----------
    text
        Any text at all; what can't be voiced is left out, nothing is refused.
    """
    raw, directions = lay_out(text)
    stanzas = tuple(_stanza(stanza, raw[:i]) for i, stanza in enumerate(raw))
    warnings = tuple(
        f"Taken as a direction, not sung: [{direction}]" for direction in dict.fromkeys(directions)
    )
    return LyricSheet(stanzas, "en", warnings)


def _stanza(raw: RawStanza, before: list[RawStanza]) -> Stanza:
    assert raw.kind is not None
    lines = tuple(make_line(line.text, backing=line.backing) for line in raw.lines)
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
