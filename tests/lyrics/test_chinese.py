import pytest

from producer.lyrics.hanzi import pinyin
from producer.lyrics.syllables import make_line


@pytest.mark.parametrize(("text", "said"), [
    ("快乐的音乐", "kuai4 le4 de5 yin1 yue4"),
    ("我还记得你", "wo3 hai2 ji4 de5 ni3"),
    ("还给我", "huan2 gei3 wo3"),
    ("长大很长", "zhang3 da4 hen3 chang2"),
    ("睡觉觉得", "shui4 jiao4 jue2 de5"),
    ("看着眼睛", "kan4 zhe5 yan3 jing5"),
    ("大地", "da4 di4"),
    ("微笑的样子", "wei1 xiao4 de5 yang4 zi5"),
])  # fmt: skip
def test_words_decide_how_a_character_is_read(text, said):
    # the second syllable of some words is said with or without its tone
    assert [s[:-1] for s in pinyin(text)] == [s[:-1] for s in said.split()]


@pytest.mark.parametrize(("text", "sounds"), [
    ("窗台", "ꭧʰwa→ŋ tʰai↗"), ("女月", "ny↓ ɥe↘"), ("去云", "ʨʰy↘ y↗n"), ("十四日", "ʂɨ↗ sɨ↘ ɻɨ↘"),
    ("用熊", "jʊ↘ŋ ɕjʊ↗ŋ"), ("对水六", "twei↘ ʂwei↓ ljou↘"), ("二", "ɚ↘"), ("元远", "ɥɛ↗n ɥɛ↓n"),
    ("我五有一", "wo↓ u↓ jou↓ i→"), ("破", "pʰwo↘"), ("孙", "swə→n"), ("哟嗯", "jɔ→ ə↗n"),
])  # fmt: skip
def test_sounds_of_the_voice_models_own_notation(text, sounds):
    said = make_line(text, language="zh").syllables
    assert ["".join(s.onset + s.nucleus + s.coda) for s in said] == sounds.split()


def test_particles_are_weak():
    assert [s.stress for s in make_line("我的歌", language="zh").syllables] == [2, 0, 2]


def test_numbers_and_other_scripts_keep_their_place():
    line = make_line("我有100个 dream", language="zh")
    assert {s.word for s in line.syllables} == set(range(len(line.words)))
