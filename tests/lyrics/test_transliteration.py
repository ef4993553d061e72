import pytest

from producer.lyrics.sheet import parse_sheet
from producer.lyrics.syllables import make_line
from producer.lyrics.transliteration import kana_of, pinyin_of


@pytest.mark.parametrize(("word", "kana"), [
    ("kimi", "きみ"), ("Tōkyō", "とうきょう"), ("konnichiwa", "こんにちわ"), ("matte", "まって"),
    ("zutto", "ずっと"),
    ("tsuki", "つき"), ("shinjuku", "しんじゅく"), ("ren'ai", "れんあい"), ("street", None), ("x", None),
])  # fmt: skip
def test_romaji(word, kana):
    assert kana_of(word) == kana


@pytest.mark.parametrize(("word", "syllables"), [
    ("nǐ", ["ni3"]), ("zhongguo", ["zhong5", "guo5"]), ("yuèliang", ["yue4", "liang5"]), ("nǚ", ["nv3"]),
    ("street", None), ("xian", ["xian5"]),
])  # fmt: skip
def test_pinyin(word, syllables):
    assert pinyin_of(word) == syllables


def said(text, language):
    return ["".join(s.onset + s.nucleus + s.coda) for s in make_line(text, language=language).syllables]


def test_it_is_sung_like_its_own_script():
    assert said("kimi no koto", "ja") == said("きみ の こと", "ja")
    assert said("wǒ ài nǐ", "zh") == said("我爱你", "zh")


def test_english_words_stay_english():
    assert said("I love you kimi dake", "ja")[:3] == said("I love you", "en")
    assert said("I love you jaana", "hi")[:3] == said("I love you", "en")


def test_words_keep_their_letters():
    line = make_line("Kimi no Koto!", language="ja")
    assert line.words == ("Kimi", "no", "Koto!")
    assert "".join(s.text.strip("-!") for s in line.syllables) == "KiminoKoto"


def test_a_wish_decides_where_words_do_not():
    assert parse_sheet("la la la", usual="es").language == "es"
    assert parse_sheet("I want to hold your hand", usual="es").language == "en"
