"""Spanish and Japanese from printed words to sound, written down by a recogniser."""

import bench_tongues as bench
import pytest
import voice_judge as judge
from singer_scores import make_song, sung_line

from producer.score.singer import NATIVES, ROSTER
from producer.studio.singer.performance import perform
from producer.studio.singer.voices import members


@pytest.mark.parametrize(("singer", "language", "text", "kana", "tune"), [
    ("em_alex", "es", "Vamos juntos hasta el amanecer", None, (50, 52, 53, 55, 57, 55, 53, 52)),
    ("jm_kumo", "ja", "風に乗ってどこまでも", "かぜにのってどこまでも", (52, 54, 55, 57, 55, 54, 52)),
])  # fmt: skip
def test_the_words_are_understood(singer, language, text, kana, tune):
    song = make_song(sung_line(text, language=language, tune=tune, last=2.0), singers=(singer,))
    ((cue, sung),) = perform(song)
    assert cue.job.member.voice == singer
    wrong, total, _, _ = bench.errors(text, kana, language, judge.transcribe(sung.samples, language))
    assert total >= 10
    assert wrong / total <= 0.2


@pytest.mark.parametrize("language", sorted(NATIVES))
def test_a_native_of_the_same_gender_sings(language):
    for gender, name in (("female", "af_heart"), ("male", "am_eric")):
        (member,) = members(name, language)
        assert member.male == (gender == "male")
        assert member == members(NATIVES[language][gender].name, language)[0]
        assert member.voice in NATIVES[language][gender].name


def test_others_keep_their_own_voice():
    assert members("af_heart", "de")[0].voice == "af_heart"
    assert members("nobody", "en")[0].voice == "af_heart"
    assert len(members("choir", "ja")) == 6
    assert set(ROSTER) >= {singer.name for pair in NATIVES.values() for singer in pair.values()}
