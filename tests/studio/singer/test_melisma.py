"""Notes to syllables: every syllable gets its time, melismas keep theirs."""

from itertools import pairwise

import pytest
from singer_scores import make_song

from producer.lyrics.syllables import make_line
from producer.score.part import Note, SungLine
from producer.studio.singer.freedom import FREEST_SECONDS
from producer.studio.singer.parts import cues
from producer.studio.singer.phonemes import Kind, kind_of, known, line_tokens


def syllables(*notes: Note, text: str = "river deep"):
    (cue,) = cues(make_song(SungLine(make_line(text), notes, 0)))
    return cue.job.syllables


def test_a_melisma_keeps_all_its_notes():
    sung = syllables(
        Note(4.0, 1.0, 60, syllable=0),
        Note(5.0, 1.0, 62, syllable=1),
        Note(6.0, 1.0, 64, syllable=1),
        Note(7.0, 1.0, 60, syllable=2),
    )
    assert [[note.pitch for note in s.notes] for s in sung] == [[60.0], [62.0, 64.0], [60.0]]


def test_nudges_move_notes_and_overlaps_are_cut():
    sung = syllables(
        Note(4.0, 2.0, 60, nudge_seconds=0.02, syllable=0),
        Note(5.0, 2.0, 62, syllable=1),
        Note(6.0, 1.0, 64, syllable=2),
    )
    flat = [note for s in sung for note in s.notes]
    assert flat[1].start == pytest.approx(0.605, abs=FREEST_SECONDS)
    assert all(one.end <= two.start for one, two in pairwise(flat))


def test_a_syllable_without_a_note_shares_its_neighbours():
    sung = syllables(Note(4.0, 2.0, 60, syllable=0), Note(6.0, 1.0, 64, syllable=2))
    assert all(s.notes and s.notes[0].end > s.notes[0].start for s in sung)


def test_unknown_sounds_fall_to_the_nearest():
    assert known(("d͡ʒ", "g", "ɫ"), vowel=False) == ("ʤ", "ɡ", "l")
    assert known((), vowel=True) == ("ə",)
    assert kind_of("ɛ\u0303") is Kind.VOWEL


@pytest.mark.parametrize(("printed", "onset"), [("mmm", ()), ("Mmmm,", ()), ("hmm", ("h",))])
def test_a_hum_is_hummed(printed, onset):
    (hum, *_) = syllables(
        Note(4.0, 2.0, 60, syllable=0), Note(6.0, 1.0, 62, syllable=1), text=f"{printed} yes"
    )
    assert (hum.onset, hum.nucleus, hum.coda) == (onset, ("m",), ())


def test_words_are_spoken_with_their_stress():
    tokens, owners = line_tokens(
        cues(
            make_song(SungLine(make_line("river"), (Note(4.0, 1.0, 60), Note(5.0, 1.0, 60, syllable=1)), 0))
        )[0].job.syllables
    )
    assert "".join(tokens).startswith("$ɹˈɪv")
    assert len(tokens) == len(owners)
