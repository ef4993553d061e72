# ruff: noqa: E501, SIM905
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producer.lyrics.sheet import parse_sheet, render_sheet
from producer.score.lyric import Delivery, SectionKind

BACK_TO_YOU = """[Verse 1]
Late night drives across the city (city)
Headlights painting all the walls

[Pre-Chorus]
And I know, I know

[Chorus]
I keep coming back to you
Back to you

[Guitar Solo]

[Verse 2]
Every street has got your name

[Chorus]

[Outro]
(Ooh ooh)
"""


def kinds(text):
    return [str(stanza.kind) for stanza in parse_sheet(text).stanzas]


def words(text):
    return [[line.text for line in stanza.lines] for stanza in parse_sheet(text).stanzas]


def test_a_song_as_most_people_write_it():
    sheet = parse_sheet(BACK_TO_YOU)
    assert sheet.language == "en"
    assert sheet.warnings == ()
    assert [stanza.label for stanza in sheet.stanzas] == [
        "Verse 1", "Pre-Chorus", "Chorus", "Guitar Solo", "Verse 2", "Chorus", "Outro",
    ]  # fmt: skip
    verse, _, chorus, solo, _, again, outro = sheet.stanzas
    assert [line.text for line in verse.lines] == [
        "Late night drives across the city", "city", "Headlights painting all the walls",
    ]  # fmt: skip
    assert [line.backing for line in verse.lines] == [False, True, False]
    assert solo.kind is SectionKind.SOLO
    assert solo.lines == ()
    assert again.lines == chorus.lines
    assert again.repeat_of == 2
    assert chorus.repeat_of is None
    assert [line.backing for line in outro.lines] == [True]


@pytest.mark.parametrize("mark", [
    "[Chorus]", "[chorus]", "(Chorus)", "{Chorus}", "Chorus:", "CHORUS:", "**Chorus**", "**Chorus:**",
    "**[Chorus]**", "# Chorus", "## Chorus", "[Chorus: all together]", "[Chorus - loud]", "[CHORUS 2]", "[Hook]",
    "Chorus", "[Refrain]", "[Estribillo]", "[Coro]", "[Ritornello]", "[Refrão]", "[サビ]", "【副歌】", "[Припев]",
    "[후렴]", "[Final Chorus]", "_Chorus_", "<Chorus>", "[ Chorus ]", "Chorus 1:",
])  # fmt: skip
def test_marks_of_a_chorus(mark):
    assert kinds(f"[Verse]\nfirst line\n\n{mark}\nsing along\n") == ["verse", "chorus"]
    assert words(f"[Verse]\nfirst line\n\n{mark}\nsing along\n") == [["first line"], ["sing along"]]


@pytest.mark.parametrize(("mark", "kind"), [
    ("[Verso 1]", "verse"), ("[Couplet 2]", "verse"), ("[Strophe]", "verse"), ("[主歌]", "verse"),
    ("[Pre-Chorus: female]", "pre-chorus"), ("[Pre Chorus]", "pre-chorus"), ("[Prechorus]", "pre-chorus"),
    ("[Post-Chorus]", "post-chorus"), ("[Bridge]", "bridge"), ("[Puente]", "bridge"),
    ("[Middle 8]", "bridge"),
    ("[Intro]", "intro"), ("[Outro]", "outro"), ("[Instrumental]", "interlude"), ("[Break]", "interlude"),
    ("[Instrumental Break]", "interlude"), ("[Sax Solo]", "solo"), ("[Drop]", "drop"), ("[Build-Up]", "build"),
    ("[間奏]", "interlude"), ("(Instrumental)", "interlude"), ("(Guitar Solo)", "solo"),
])  # fmt: skip
def test_kinds(mark, kind):
    assert kinds(f"{mark}\n")[:1] == [kind]


@pytest.mark.parametrize(
    "line", ["(drop)", "(rise)", "Solo", "(break)", "End", "the bridge", "Verse of mine: blue"]
)
def test_words_that_only_look_like_marks_are_sung(line):
    sheet = parse_sheet(f"[Verse]\nwe go up\n{line}\n")
    assert len(sheet.stanzas) == 1
    assert len(sheet.stanzas[0].lines) == 2


def test_repetitions_are_written_out():
    assert words("[Chorus x2]\nOne love\n") == [["One love"], ["One love"]]
    assert words("[Chorus]\nOne love\n(x2)\n") == [["One love"], ["One love"]]
    assert words("[Chorus]\nOne love (x3)\n") == [["One love"] * 3]
    assert words("[Chorus]\nOne love x3\nMalcolm X 3") == [[*["One love"] * 3, "Malcolm X 3"]]
    assert words("[Chorus]\nOne\n[Verse]\nTwo\n[Repeat Chorus]\n") == [["One"], ["Two"], ["One"]]
    assert len(words("[Chorus x999]\nOne love")) == 8


def test_a_mark_without_words_repeats_or_is_played():
    sheet = parse_sheet(
        "[Intro]\n[Verse 1]\na a\n[Verse 2]\nb b\n[Verse 1]\n[Chorus]\n[Solo]\n\nlast words\n"
    )
    assert [str(s.kind) for s in sheet.stanzas] == [
        "intro",
        "verse",
        "verse",
        "verse",
        "chorus",
        "solo",
        "verse",
    ]
    assert sheet.stanzas[3].lines == sheet.stanzas[1].lines
    assert sheet.stanzas[3].repeat_of == 1
    assert sheet.stanzas[4].lines == ()
    assert sheet.stanzas[5].lines == ()


def test_without_marks_repeated_words_are_the_chorus():
    verse = "line {0} one\nline {0} two"
    text = "\n\n".join(["".join(p) for p in (
        [verse.format("a")], ["lift me up\n"], ["sing it loud\nsing it proud"], [verse.format("b")], ["lift me up"],
        ["Sing it loud!\nSing it proud"], ["only once"], ["sing it loud\nsing it proud"],
    )])  # fmt: skip
    assert kinds(text) == [
        "verse",
        "pre-chorus",
        "chorus",
        "verse",
        "pre-chorus",
        "chorus",
        "bridge",
        "chorus",
    ]


def test_a_text_without_gaps_falls_into_stanzas_of_four():
    assert [len(lines) for lines in words("\n".join(f"line number {i}" for i in range(10)))] == [4, 4, 2]
    assert [len(lines) for lines in words("\n".join(f"line number {i}" for i in range(13)))] == [4, 4, 5]


def test_deliveries():
    sheet = parse_sheet(
        "[Rap Verse]\nquick words\n[Chorus]\nsung words\n[Spoken]\nquiet words\n[Verse 2: Rap]\nmore"
    )
    assert [stanza.delivery for stanza in sheet.stanzas] == [
        Delivery.RAP, Delivery.SUNG, Delivery.SPOKEN, Delivery.RAP,
    ]  # fmt: skip
    under_its_mark = parse_sheet("[Verse]\n[Spoken]\nquiet words")
    assert [(s.kind, s.delivery) for s in under_its_mark.stanzas] == [(SectionKind.VERSE, Delivery.SPOKEN)]


def test_asides_become_backing_lines():
    (stanza,) = parse_sheet("[Verse]\nHold on (hold on) to me (oh yeah)\n(all alone)\nstop（ねえ）\n").stanzas
    assert [(line.text, line.backing) for line in stanza.lines] == [
        ("Hold on to me", False), ("hold on", True), ("oh yeah", True), ("all alone", True), ("stop", False),
        ("ねえ", True),
    ]  # fmt: skip


def test_an_aside_in_an_aside_is_one():
    (stanza,) = parse_sheet("[Verse]\nsay it (now (right now)) ((loud))\n1) one (two\n").stanzas
    assert [(line.text, line.backing) for line in stanza.lines] == [
        ("say it", False), ("now right now", True), ("loud", True), ("1) one (two", False),
    ]  # fmt: skip


def test_emoticons_are_not_sung():
    assert words("[Verse]\nI <3 you :D so much xD ;-) at 10:30\n") == [["I you so much ;-) at 10:30"]]


def test_decoration_is_not_sung():
    text = "> **Bold** and *soft* words\n- a [Am]list [G]item\n♪ la la ♪\n<b>tag</b> &amp; more\n```\n---\n"
    assert words(text) == [["Bold and soft words", "a list item", "la la", "tag & more"]]


def test_directions_are_reported():
    sheet = parse_sheet("[Verse]\nhello there\n[whistling birds]\ngoodbye\n")
    assert sheet.warnings == ("Taken as a direction, not sung: [whistling birds]",)
    assert [line.text for line in sheet.lines] == ["hello there", "goodbye"]
    inside = parse_sheet("[Verse]\nI walk [softly] down [Am7]the road\n")
    assert inside.warnings == ("Taken as a direction, not sung: [softly]",)
    assert [line.text for line in inside.lines] == ["I walk down the road"]


def test_escaped_line_breaks():
    assert words("[Verse]\\nline one\\nline two") == [["line one", "line two"]]


def test_a_long_line_is_taken_in_breaths():
    text = "word after word, " * 30
    lines = words(text)
    assert all(len(line.split()) <= 14 for stanza in lines for line in stanza)
    assert " ".join(" ".join(stanza) for stanza in lines).split() == text.split()


def test_a_stanza_in_another_language():
    spanish = "[Verse]\nTe quiero más que a nada en la vida\ny nunca te voy a olvidar mi amor\n"
    english = "[Chorus]\nLove me now and hold me close, don't you ever let me go\n"
    sheet = parse_sheet(spanish * 3 + english)
    assert sheet.language == "es"
    assert sheet.stanzas[-1].lines[0].syllables[0].nucleus == ("ʌ",)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "[Verse]", "...", "😀", "\x00", "\u202e\u200b", "[]", "()", "[[[]]]", "::"]
)
def test_nothing_to_sing(text):
    assert parse_sheet(text).is_empty


def test_one_word():
    sheet = parse_sheet("Love")
    assert [line.text for line in sheet.lines] == ["Love"]


def test_written_and_read_again_it_is_the_same():
    sheet = parse_sheet(BACK_TO_YOU)
    again = parse_sheet(render_sheet(sheet))
    assert again.stanzas == sheet.stanzas
    spoken = parse_sheet("[Spoken]\nwords to say\n\n[Rap Verse]\nquick ones")
    assert [(s.kind, s.delivery, s.lines) for s in parse_sheet(render_sheet(spoken)).stanzas] == [
        (s.kind, s.delivery, s.lines) for s in spoken.stanzas
    ]


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["[Verse]", "[Chorus x2]", "(Chorus)", "", "Bridge:", "[Solo]", "oh (yeah) no", "[Rap]"]
        ),
    ),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_any_text_is_read(lines):
    sheet = parse_sheet("\n".join(lines))
    assert all(line.syllables for line in sheet.lines)
    for i, stanza in enumerate(sheet.stanzas):
        assert stanza.repeat_of is None or stanza.repeat_of < i
    assert parse_sheet("\n".join(lines)) == sheet
    render_sheet(sheet)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from("hello rain tonight we go café don't 24 você 愛 사랑".split()), min_size=1, max_size=6),
                min_size=1, max_size=6))  # fmt: skip
def test_no_word_is_lost_or_added(lines):
    text = "[Verse]\n" + "\n".join(" ".join(line) for line in lines)
    sheet = parse_sheet(text)
    assert [list(line.words) for line in sheet.lines] == lines
