"""Markers and subtitles of composed songs in other scripts, from printed words on."""

import re

import pytest

import producer
from producer.media.captions import lrc, srt, timed_lines, timing_markers

SONGS = {
    "es": "¡Ay, corazón! ¿Dónde estás?\nTe busco (te busco) en la ciudad…",
    "ja": "「さよなら」と 君は言った…\n空を見上げて、泣いていた！",
    "zh": "我爱你，中国！\n月亮慢慢爬上了树梢",
    "ar": "أحبك يا حياتي\nفي كل مكان",
    "he": "שלום, עולם!\nאני אוהב אותך",
    "ko": "너를 사랑해\n언제까지나",
    "hi": "चाँद निकला है आसमान में\nदिल मेरा गाता है",
}


@pytest.fixture(scope="module", params=SONGS)
def composed(request):
    chorus = SONGS[request.param]
    lyrics = f"[Verse]\n{chorus}\n[Chorus]\n{chorus}\n[Spoken]\n{chorus}\n[Chorus]\n{chorus}"
    return chorus, producer.compose("pop ballad, female vocal", lyrics=lyrics, seed="3")


def bare(text):
    return "".join(re.sub(r"[()]", "", text).split())


def test_every_line_comes_back_as_often_as_it_is_sung(composed):
    chorus, song = composed
    lead = [line.whole.text for line in timed_lines(song) if not line.backing]
    written = [" ".join(re.sub(r"\(.*?\)", " ", line).split()) for line in chorus.split("\n")]
    assert lead == written * (len(lead) // len(written))
    assert len(lead) >= 4 * len(written)


def test_words_are_spelled_as_the_author_spelled_them(composed):
    for line in timing_markers(composed[1])["lines"]:
        assert bare("".join(word["text"] for word in line["words"])) == bare(line["text"])
        assert all(word["text"].strip() for word in line["words"])


def test_times_run_forwards_inside_the_song(composed):
    song = composed[1]
    starts = [line["start"] for line in timing_markers(song)["lines"]]
    assert starts == sorted(starts)
    for line in timing_markers(song)["lines"]:
        edges = [edge for word in line["words"] for edge in (word["start"], word["end"])]
        assert edges == sorted(edges)
        assert line["start"] <= edges[0] <= edges[-1] <= line["end"] <= song.length_seconds


def test_word_by_word_lrc_keeps_the_authors_blanks(composed):
    song = composed[1]
    rows = [re.sub(r"\[.*?\]|<.*?>", "", row) for row in lrc(song, words=True).splitlines()[2:]]
    assert rows == [line.whole.text for line in timed_lines(song)]
    assert all(line.whole.text in srt(song) for line in timed_lines(song))


def test_scripts_without_blanks_have_small_units(composed):
    for line in timed_lines(composed[1]):
        if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", line.whole.text):
            assert max(len(word.text) for word in line.words) <= 9
