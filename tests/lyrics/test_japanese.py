import pytest

from producer.lyrics.japanese import phrases
from producer.lyrics.kana import reading_of, say_kana, unknown_kanji
from producer.lyrics.sheet import parse_sheet
from producer.lyrics.syllables import make_line


@pytest.mark.parametrize(("text", "kana"), [
    ("今日は良い天気", "きょうわよいてんき"),
    ("東へ行こう", "ひがしえいこう"),
    ("空を見上げて泣いていた", "そらをみあげてないていた"),
    ("生きる力、生まれた朝、一生", "いきるちからうまれたあさいっしょう"),
    ("一人と二人", "ひとりとふたり"),
    ("何度も何も", "なんどもなにも"),
    ("こんにちは", "こんにちわ"),
    ("ラララ会いたいよーーー", "らららあいたいよーーー"),
    ("僕らはきっと負けないから", "ぼくらわきっとまけないから"),
])  # fmt: skip
def test_neighbours_decide_how_it_is_read(text, kana):
    said = reading_of(text)
    assert len(said) == len(kana)
    assert all(a == b or (a == "ー" and b in "うい") for a, b in zip(said, kana, strict=True))


def test_particles_and_endings_stay_with_their_word():
    assert phrases("君の声が聞こえる") == ["君の", "声が", "聞こえる"]
    assert phrases("手をつないで走り出そう") == ["手を", "つないで", "走り出そう"]


def test_long_vowels_doubled_consonants_and_n_are_part_of_their_note():
    said = say_kana("きっとこうしんえん", "きっとこうしんえん")
    assert said.texts == ("きっ", "と", "こう", "しん", "えん")
    assert ["".join(s.onset + s.nucleus + s.coda) for s in said.syllables] == [
        "kʲiʔ", "to", "koː", "ɕiɴ", "eɴ",
    ]  # fmt: skip


def test_n_sounds_like_what_follows():
    said = [
        say_kana(word, word).syllables[0].coda
        for word in ("さんぽ", "さんか", "さんた", "さんに", "れんあい")
    ]
    assert said == [("m",), ("ŋ",), ("n",), ("ɲ",), ("ɴ",)]


def test_printed_words_keep_every_character():
    text = "「さよなら」と 君は言った…でも、まだ好きだ！"
    words = make_line(text, language="ja").words
    assert "".join("".join(words).split()) == "".join(text.split())


def test_kanji_that_nobody_reads_are_announced():
    assert unknown_kanji("空と鱻") == ["鱻"]
    (warning,) = parse_sheet("空と鱻が見える").warnings
    assert "鱻" in warning
    assert "kana" in warning


def test_numbers_are_read():
    said = make_line("24時間", language="ja").syllables
    assert ["".join(s.onset + s.nucleus + s.coda) for s in said] == ["ɲi", "ʥɨː", "joɲ", "ʥi", "kaɴ"]
