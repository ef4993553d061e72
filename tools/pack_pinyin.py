"""Pack the readings of Chinese characters for the lyrics room: `python tools/pack_pinyin.py`.

Needs the PyPI package pypinyin 0.55.0. Rows of the first part are a syllable in pinyin with its tone (5 =
neutral), a tab and the characters read so; behind an empty line follow words in which a character is read
otherwise, a tab and their syllables. :data:`USUAL` names characters whose first reading in pypinyin is
not the one of songs.
"""

import lzma
import sys
from collections import defaultdict
from pathlib import Path

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT  # type: ignore[import-not-found]
from pypinyin.contrib.tone_convert import to_tone3  # type: ignore[import-not-found]

TARGET = Path(__file__).parents[1] / "src/producer/lyrics/data/pinyin.txt.xz"
LONGEST = 4  # characters of a word
PARTICLES = "着了地得的"  # words that start with one are rarer in songs than a verb before it
LAST_POINT = 0x9FFF  # rarer characters are no words of songs
USUAL = """
的=de5 了=le5 着=zhe5 得=de5 地=de5 还=hai2 都=dou1 呢=ne5 吗=ma5 吧=ba5 么=me5 行=xing2
长=chang2 重=chong2 只=zhi3 为=wei4 好=hao3 种=zhong3 会=hui4 没=mei2 和=he2 觉=jue2 乐=le4
少=shao3 过=guo4 给=gei3 倒=dao4 弹=tan2
"""
#: Words of songs that pypinyin lacks or reads otherwise.
OWN = """
着急=zhao2_ji2 着迷=zhao2_mi2 着火=zhao2_huo3 着凉=zhao2_liang2 的确=di2_que4 地球=di4_qiu2
地图=di4_tu2 地平线=di4_ping2_xian4 地铁=di4_tie3 地狱=di4_yu4 得意=de2_yi4 睡着=shui4_zhao2
找不着=zhao3_bu4_zhao2 得到=de2_dao4 觉得=jue2_de5 记得=ji4_de5 舍得=she3_de5 懂得=dong3_de5
长大=zhang3_da4 成长=cheng2_zhang3 快乐=kuai4_le4 音乐=yin1_yue4 睡觉=shui4_jiao4
重要=zhong4_yao4 大地=da4_di4 天地=tian1_di4 土地=tu3_di4 地方=di4_fang5 目的=mu4_di4
了解=liao3_jie3 忘不了=wang4_bu4_liao3 受不了=shou4_bu4_liao3 首都=shou3_du1 还给=huan2_gei3
归还=gui1_huan2 一行=yi1_hang2 银行=yin2_hang2 不得不=bu4_de2_bu4 少年=shao4_nian2
青少年=qing1_shao4_nian2 爱好=ai4_hao4 因为=yin1_wei4 成为=cheng2_wei2 以为=yi3_wei2
认为=ren4_wei2 微笑=wei1_xiao4 不了=bu4_liao3 地上=di4_shang4 地下=di4_xia4 草地=cao3_di4
雪地=xue3_di4 心里=xin1_li3 哪里=na3_li3 和平=he2_ping2 只有=zhi3_you3 一朵=yi1_duo3
种下=zhong4_xia4 当作=dang4_zuo4 给予=ji3_yu3 倒下=dao3_xia4
"""


def spelled(reading: str) -> str:
    """Pinyin with its tone as a digit and v for ü: ``lǜ`` → ``lv4``."""
    return to_tone3(reading, neutral_tone_with_five=True, v_to_u=False).replace("ü", "v")


def main() -> None:
    """Write the file."""
    usual = {
        chr(point): spelled(readings.split(",")[0])
        for point, readings in PINYIN_DICT.items()
        if point <= LAST_POINT
    }
    usual |= dict(row.split("=") for row in USUAL.split())
    rows = defaultdict(list)
    for character, syllable in sorted(usual.items()):
        rows[syllable].append(character)
    words = {
        word: " ".join(spelled(syllable[0]) for syllable in syllables)
        for word, syllables in PHRASES_DICT.items()
        if 1 < len(word) <= LONGEST and len(word) == len(syllables) and word[0] not in PARTICLES
    }
    words |= {
        word: syllables.replace("_", " ") for word, syllables in (row.split("=") for row in OWN.split())
    }
    plain = {w: s for w, s in words.items() if s.split() != [usual.get(c) for c in w]}
    lines = [f"{s}\t{''.join(rows[s])}" for s in sorted(rows)] + [""]
    lines += [f"{w}\t{plain[w]}" for w in sorted(plain)]
    packed = lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)
    TARGET.write_bytes(packed)
    sys.stdout.write(f"{len(usual)} characters, {len(plain)} words, {len(packed)} bytes\n")


if __name__ == "__main__":
    main()
