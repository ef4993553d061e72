"""The end of a line: its last consonants last as long as in speech and are heard before they fade."""

import numpy as np
import pytest
from singer_scores import make_song, sung_line

from producer.studio.singer.line import read
from producer.studio.singer.parts import cues
from producer.studio.singer.performance import perform
from producer.studio.singer.speech import model
from producer.studio.singer.timing import plan

RATE_HZ = 44_100


@pytest.mark.parametrize("text", ["We are going home", "I was all alone"])
def test_a_final_nasal_has_its_time_and_is_heard(text):
    song = make_song(sung_line(text, tune=(60, 62, 60, 57), last=3.0))
    job = cues(song)[0].job
    reading = read(job.syllables, model(), job.member.voice, job.speaking_speed)
    last = plan(job.syllables, reading.units, reading.owners, reading.spoken)[-1]
    assert last.sound in "mn"
    assert 0.07 < last.end - last.start <= 0.18
    assert last.end == pytest.approx(job.syllables[-1].notes[-1].end)

    ((_, audio),) = perform(song)

    def level_db(start, stop):
        first, end = (round((last.end - audio.start_seconds + at) * RATE_HZ) for at in (start, stop))
        return 10 * np.log10(np.mean(audio.samples[first:end].astype(float) ** 2) + 1e-12)

    assert level_db(-0.1, -0.06) > level_db(-0.9, -0.5) - 14.0
    assert level_db(0.005, 0.05) < level_db(-0.9, -0.5) - 40.0
