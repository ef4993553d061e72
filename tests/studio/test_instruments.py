"""Every instrument sounds, in tune, on time, and stops."""

from dataclasses import replace

import numpy as np
import pytest

from producer.score.instrument import INSTRUMENTS, Drum
from producer.score.part import Control, ControlKind, Note, Part, Role
from producer.score.pitch import Key, Mode
from producer.studio.band import play
from producer.studio.dsp.loudness import block_powers, playing_lufs
from producer.studio.instruments.patch import shelf
from producer.units import hz_to_midi, midi_to_hz

RATE_HZ = 44_100


def level_db(samples) -> float:
    return 10.0 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-15)


def heard_pitch(samples, expected: float) -> float:
    """MIDI pitch by the strongest of the first four harmonics within a semitone and a half."""
    mono = samples.mean(axis=0) * np.hanning(samples.shape[1])
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(mono, size))
    step = RATE_HZ / size
    found = []
    for harmonic in (1, 2, 3, 4):
        hz = midi_to_hz(expected) * harmonic
        low, high = int(hz * 2 ** (-1.5 / 12) / step), int(hz * 2 ** (1.5 / 12) / step)
        k = low + int(spectrum[low:high].argmax())
        a, b, c = np.log(spectrum[k - 1 : k + 2] + 1e-12)
        found.append((spectrum[k], (k + 0.5 * (a - c) / (a - 2 * b + c)) * step / harmonic))
    return hz_to_midi(max(found)[1])


def test_the_shelf_holds_exactly_the_score_s_instruments():
    assert set(shelf()) == set(INSTRUMENTS)


@pytest.mark.parametrize("name", sorted(INSTRUMENTS))
def test_every_instrument_sounds_at_the_house_s_loudness(name, play_notes):
    instrument = INSTRUMENTS[name]
    kit = name.startswith("kit_")
    pitch = Drum.SNARE if kit else (instrument.low + instrument.high) // 2
    notes = [Note(0.5 * i, 0.45, pitch, 80) for i in range(6)]
    if instrument.family == "effects":
        notes = [Note(0.0, 3.0, instrument.low, 80)]
    samples = play_notes(name, *notes)
    assert np.isfinite(samples).all()
    low, high = (-60, -12) if instrument.family == "effects" else (-38, -14)
    assert low < playing_lufs(block_powers(np.array(samples))) < high
    assert abs(samples.mean()) < 0.02
    assert np.abs(samples).max() < 2.0


@pytest.mark.parametrize(
    "name", sorted(n for n, i in INSTRUMENTS.items() if i.family not in ("drums", "effects"))
)
def test_the_whole_compass_sounds(name, play_notes):
    instrument = INSTRUMENTS[name]
    for pitch in (instrument.low, instrument.high):
        assert level_db(play_notes(name, Note(0.0, 0.8, pitch, 90), seconds=1.0)) > -62


@pytest.mark.parametrize(
    "name",
    [
        "electric_piano", "vibraphone", "nylon_guitar", "steel_guitar", "harp", "finger_bass", "upright_bass",
        "trumpet", "trombone", "tuba", "french_horn", "clarinet", "recorder", "harmonica", "glockenspiel",
        "clean_guitar",
        "sub_bass", "bass_808", "acid_bass", "fm_bass", "fm_bell", "sine_lead", "chip_pulse", "chip_triangle",
    ],
)  # fmt: skip
def test_notes_are_in_tune_over_the_compass(name, play_notes):
    instrument = INSTRUMENTS[name]
    span = instrument.high - instrument.low
    for share in (0.15, 0.5, 0.8):
        pitch = instrument.low + round(span * share)
        samples = play_notes(name, Note(0.0, 1.5, pitch, 90), seconds=1.6)
        assert heard_pitch(samples[:, 6000:60000], pitch) == pytest.approx(pitch, abs=0.10)


@pytest.mark.parametrize(
    "name", ["grand_piano", "kalimba", "kit_standard", "kit_909", "kit_808", "pluck", "fm_keys"]
)
def test_strokes_start_on_time(name, play_notes):
    pitch = Drum.SNARE if name.startswith("kit_") else 62
    samples = play_notes(
        name, *(Note(t, 0.2, pitch, 115, n) for t, n in ((0.5, 0.0), (1.25, 0.012), (2.0, -0.008)))
    )
    loud = np.abs(samples).max(axis=0)
    for expected in (0.5, 1.262, 1.992):
        start = int((expected - 0.05) * RATE_HZ)
        before = loud[start : start + 1500].max()
        window = loud[start : start + 4410]
        onset = start + int(np.argmax(window > before + 0.06 * window.max()))
        assert abs(onset / RATE_HZ - expected) < 0.003


@pytest.mark.parametrize(
    "name", ["flute", "trumpet", "drawbar_organ", "violin", "saw_lead", "sub_bass", "fm_bass"]
)
def test_a_note_stops_after_its_key_is_let_go(name, play_notes):
    samples = play_notes(name, Note(0.0, 1.0, (INSTRUMENTS[name].low + INSTRUMENTS[name].high) // 2, 90))
    held = level_db(samples[:, 30_000:44_000])
    assert level_db(samples[:, 2 * RATE_HZ :]) < held - 40


def test_a_looped_note_is_held_as_long_as_asked(play_notes):
    samples = play_notes("flute", Note(0.0, 7.5, 74, 90), seconds=8.0)
    assert level_db(samples[:, 6 * RATE_HZ : 7 * RATE_HZ]) > level_db(samples[:, RATE_HZ : 2 * RATE_HZ]) - 6


@pytest.mark.parametrize("kit", ["kit_standard", "kit_909", "kit_808"])
def test_a_closing_hat_chokes_the_open_one(kit, play_notes):
    ringing = play_notes(kit, Note(0.0, 0.3, Drum.HAT_OPEN, 100), seconds=1.0)
    choked = play_notes(
        kit, Note(0.0, 0.3, Drum.HAT_OPEN, 100), Note(0.15, 0.1, Drum.HAT_CLOSED, 1), seconds=1.0
    )
    after = slice(int(0.26 * RATE_HZ), int(0.5 * RATE_HZ))
    assert level_db(choked[:, after]) < level_db(ringing[:, after]) - 15


def test_pitch_bend_moves_a_held_note(play_notes):
    bend = [
        Control(b, ControlKind.PITCH_BEND, v) for b, v in ((0.0, 0.0), (1.0, 0.0), (1.2, 2.0), (3.0, 2.0))
    ]
    for name in ("trumpet", "saw_lead", "fm_bass"):
        pitch = 60
        samples = play_notes(name, Note(0.0, 2.8, pitch, 90), controls=bend)
        assert heard_pitch(samples[:, 8000:42000], pitch) == pytest.approx(60, abs=0.15)
        assert heard_pitch(samples[:, 60000:110000], pitch + 2) == pytest.approx(62, abs=0.15)


def test_the_pedal_holds_what_was_struck(play_notes):
    note = Note(0.0, 0.3, 60, 90)
    pedal = [Control(0.0, ControlKind.SUSTAIN, 1.0), Control(2.0, ControlKind.SUSTAIN, 0.0)]
    dry = play_notes("grand_piano", note)
    held = play_notes("grand_piano", note, controls=pedal)
    between = slice(int(1.5 * RATE_HZ), int(1.9 * RATE_HZ))
    assert level_db(held[:, between]) > level_db(dry[:, between]) + 20


def test_expression_swells(play_notes):
    swell = [Control(0.0, ControlKind.EXPRESSION, 0.1), Control(3.0, ControlKind.EXPRESSION, 1.0)]
    samples = play_notes("string_ensemble", Note(0.0, 3.0, 60, 90), controls=swell)
    assert level_db(samples[:, 110_000:130_000]) > level_db(samples[:, 20_000:40_000]) + 6


@pytest.mark.parametrize("name", ["string_ensemble", "supersaw"])
def test_brightness_darkens(name, play_notes):
    def top_db(value):
        controls = [Control(0.0, ControlKind.BRIGHTNESS, value)]
        samples = play_notes(name, Note(0.0, 2.0, 60, 90), controls=controls, seconds=2.0)
        power = np.abs(np.fft.rfft(samples[0])) ** 2
        return 10 * np.log10(power[8000:].sum() / power.sum())

    assert top_db(0.15) < top_db(0.5) - 10


def test_a_harder_stroke_is_louder_and_brighter(play_notes):
    def centroid_and_level(velocity):
        samples = play_notes("grand_piano", Note(0.0, 1.0, 60, velocity), seconds=1.0)
        power = np.abs(np.fft.rfft(samples[0])) ** 2
        return np.average(np.arange(power.size), weights=power), level_db(samples)

    soft, hard = centroid_and_level(40), centroid_and_level(115)
    assert hard[0] > soft[0]
    assert hard[1] > soft[1] + 6


def test_a_slurred_808_slides(play_notes):
    notes = [Note(0.0, 1.0, 36, 100), Note(1.0, 1.5, 43, 100)]
    samples = play_notes("bass_808", *notes)
    assert heard_pitch(samples[:, 60_000:100_000], 43) == pytest.approx(43, abs=0.1)
    just_after = samples[:, 44_200:45_400].mean(axis=0)
    crossings = np.diff(np.signbit(just_after)).nonzero()[0]
    assert RATE_HZ / 2 / np.diff(crossings).mean() < midi_to_hz(42.5)


def test_unison_sounds_are_wide_and_survive_mono(play_notes):
    for name in ("supersaw", "warm_pad", "synth_strings"):
        left, right = play_notes(name, Note(0.0, 2.5, 64, 90))
        assert np.corrcoef(left, right)[0, 1] < 0.75
        assert level_db(0.5 * (left + right)) > level_db(np.stack([left, right])) - 4


def test_a_riser_rises_and_a_reversed_cymbal_ends_with_its_note(play_notes):
    for name in ("riser", "reverse_cymbal"):
        samples = play_notes(name, Note(0.0, 2.0, 60, 100), role=Role.EFFECTS)
        assert level_db(samples[:, 66_000:86_000]) > level_db(samples[:, 2_000:22_000]) + 10
        assert level_db(samples[:, int(2.05 * RATE_HZ) :]) < -80


def test_nothing_aliases_in_a_high_saw(play_notes):
    samples = play_notes("supersaw", Note(0.0, 1.9, 96, 90), seconds=2.0)
    spectrum = np.abs(np.fft.rfft(samples[0, 20_000:64_100] * np.hanning(44_100)))
    fundamental = midi_to_hz(96)
    near_harmonic = np.zeros(spectrum.size, bool)
    for k in range(1, 11):
        near_harmonic[int(k * fundamental * 0.985) : int(k * fundamental * 1.015) + 2] = True
    below = spectrum[200:9_000][~near_harmonic[200:9_000]]
    assert 20 * np.log10(below.max() / spectrum.max()) < -45


def test_seeds_change_the_strokes_and_nothing_else_does(play_notes):
    notes = [Note(0.25 * i, 0.2, 60, 80) for i in range(6)]
    one, again, other = (play_notes("steel_guitar", *notes, seed=seed) for seed in ("1", "1", "2"))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one[:, 22_050:31_000], one[:, 44_100:53_050])


def test_accompanying_rock_guitars_are_doubled(play_notes):
    notes = [Note(0.5 * i, 0.4, 45, 100) for i in range(4)]
    chords = play_notes("distortion_guitar", *notes, role=Role.CHORDS)
    solo = play_notes("distortion_guitar", *notes, role=Role.LEAD)
    assert abs(np.corrcoef(chords)[0, 1]) < 0.8
    assert np.corrcoef(solo)[0, 1] > 0.99


@pytest.mark.parametrize(("tonic", "key"), [(0, "C"), (6, "F#"), (9, "A"), (4, "E")])
def test_a_machine_s_kick_is_tuned_to_the_key(tonic, key, make_song):
    kick = Part("drums", Role.DRUMS, "kit_909", (Note(0.0, 1.0, Drum.KICK, 110),))
    song = replace(make_song(kick, seconds=2.0), key=Key(tonic, Mode.MAJOR))
    tail = play(song)["drums"].samples[0, 6000:22_000].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(tail * np.hanning(tail.shape[0]), 1 << 19))
    hz = np.argmax(spectrum) * RATE_HZ / (1 << 19)
    pitch_class = (69 + 12 * np.log2(hz / 440.0)) % 12
    away = min(abs((pitch_class - wanted + 6) % 12 - 6) for wanted in (tonic, tonic + 7))
    assert 38.0 < hz < 66.0
    assert away < 0.35


def test_slow_bows_start_before_the_beat(play_notes):
    bowed = play_notes("violin", Note(1.0, 1.0, 69), seconds=3.0)
    struck = play_notes("grand_piano", Note(1.0, 1.0, 69), seconds=3.0)
    assert np.abs(bowed[:, int(0.93 * RATE_HZ) : int(0.99 * RATE_HZ)]).max() > 0
    assert np.abs(struck[:, : int(0.99 * RATE_HZ)]).max() == 0


def test_high_guitar_strings_are_not_lost(play_notes):
    def level(pitch):
        return playing_lufs(block_powers(play_notes("nylon_guitar", Note(0.0, 1.0, pitch), seconds=2.0)))

    assert level(48) - level(76) < 13.0


def test_short_strokes_of_a_rock_guitar_are_palm_muted(play_notes):
    def top_and_fall(hold):
        x = play_notes("distortion_guitar", Note(0.0, hold, 40, 100), seconds=0.5)[0, :6000]
        power = np.abs(np.fft.rfft(x[500:3500] * np.hanning(3000))) ** 2
        top = 10 * np.log10(power[200:700].sum() / power[5:100].sum())
        return top, level_db(x[1000:2000]) - level_db(x[3400:4400])

    muted, held = top_and_fall(0.1), top_and_fall(0.4)
    assert muted[0] < held[0] - 6
    assert muted[1] > held[1] + 2


def test_a_string_section_s_high_desks_sit_on_the_left(play_notes):
    for pitch, side in ((79, 1), (48, -1)):
        left, right = play_notes("string_ensemble", Note(0.0, 2.0, pitch, 80))
        assert side * (level_db(left) - level_db(right)) > 2
