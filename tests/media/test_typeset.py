"""Titles in any script fit their box, and nothing that can be typed breaks the setting."""

import numpy as np
import pytest

from producer.media import fonts, typeset

SCRIPTS = [
    "Back to You", "Žluťoučký kůň", "Привет, ночь", "Καλημέρα", "夜に駆ける", "你好世界", "사랑의 노래",
    "إلى الأبد", "שלום עולם", "दिल की बात", "ความรักของฉัน", "რა ლამაზია", "Բարև", "ສະບາຍດີ", "မင်္ဂလာပါ", "ሰላም",
    "Midnight 🌙🔥 👩‍🚀 👍🏽", "♥ ∞ ★",
]  # fmt: skip


def ink(text, face="inter", **options):
    setting = typeset.fit(text, face, (600, 200), **options)
    return setting, np.asarray(typeset.draw(setting))


@pytest.mark.parametrize("text", SCRIPTS)
def test_every_script_has_its_letters(text):
    _, mask = ink(text)
    assert (mask > 128).sum() > 300
    drawn = "".join(run.text for run in fonts.runs(text, "inter"))
    assert sorted(drawn) == sorted(text)  # no letter was dropped
    missing = [
        c
        for run in fonts.runs(text, "inter")
        for c in run.text
        if not (c.isspace() or c in "\u200d\ufe0f" or fonts.has_glyph(run.face, c))
    ]
    assert not [c for c in missing if not c.isprintable() or ord(c) < 0x300]


@pytest.mark.parametrize("text", SCRIPTS)
@pytest.mark.parametrize("face", ["anton", "pixel", "shrikhand"])
def test_the_text_fits_its_box(text, face):
    setting = typeset.fit(text, face, (600, 200))
    for line in setting.lines:
        assert typeset.width(line, face, setting.size) <= 612


@pytest.mark.parametrize("face", fonts.FACES)
def test_every_face_was_fetched_and_draws(face):
    _, mask = ink("Gravity", face)
    assert (mask > 128).mean() > 0.02


def test_words_do_not_break_and_lines_are_even():
    setting = typeset.fit("The Long Way Home Again", "inter", (400, 400), max_lines=4)
    assert " ".join(setting.lines) == "The Long Way Home Again"
    assert len(setting.lines) > 1


def test_a_long_title_ends_with_an_ellipsis_and_stays_legible():
    setting = typeset.fit("word " * 200, "inter", (600, 200), max_lines=3, min_size=40)
    assert setting.lines[-1].endswith("…")
    assert setting.size >= 40


def test_a_word_without_spaces_is_cut_rather_than_tiny():
    assert typeset.fit("a" * 300, "inter", (600, 200), max_lines=3).size >= 40


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "\u200d", "\u202e", "\U0010fffe"])
def test_nothing_to_draw_is_no_error(text):
    setting, mask = ink(text)
    assert setting.is_empty
    assert mask.shape == (1, 1)


def test_right_to_left_runs_stand_in_visual_order():
    runs = fonts.runs("אבג one דהו", "inter")
    assert [run.right_to_left for run in runs] == [True, False, True]
    assert "ד" in runs[0].text
    assert "א" in runs[-1].text


def test_larger_tracking_is_wider():
    assert typeset.width("ORBIT", "josefin", 100, 0.2) > typeset.width("ORBIT", "josefin", 100) + 80


def test_han_letters_take_the_shape_of_their_language():
    assert [fonts.language_of(t) for t in ("夜に", "밤 夜", "夜晚", "night")] == ["ja", "ko", "zh-Hans", None]


def test_without_fetched_faces_pillows_own_steps_in(tmp_path, monkeypatch):
    monkeypatch.setenv("PRODUCER_ASSETS_DIR", str(tmp_path))
    for cached in (fonts.font, fonts.has_glyph, fonts._face_for, typeset._run_width):
        cached.cache_clear()
    try:
        _, mask = ink("Plain")
        assert (mask > 128).sum() > 300
    finally:
        for cached in (fonts.font, fonts.has_glyph, fonts._face_for, typeset._run_width):
            cached.cache_clear()
