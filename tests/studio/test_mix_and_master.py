"""From a score to a master: level, ceiling, image, ending, identity."""

from dataclasses import replace

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import butter, resample_poly, sosfilt

from producer.score.instrument import Drum
from producer.score.lyric import SectionKind
from producer.score.meter import TempoChange, TempoMap
from producer.score.part import Control, ControlKind, Note, Part, Role
from producer.score.song import Form, Section
from producer.studio.audio import Audio
from producer.studio.band import Band, play
from producer.studio.channel import kick_seconds, strips
from producer.studio.dsp.dynamics import CURVE_RATE_HZ
from producer.studio.dsp.loudness import block_powers
from producer.studio.dsp.spectrum import THIRDS_HZ, third_octaves_db
from producer.studio.master import master
from producer.studio.mix import LIFT_SHARE, MOST_LIFT_DB, QUIET_LU, lift_curve, mix, separate
from producer.studio.preset import mix_preset, preset_names
from producer.studio.target import target_of
from producer.studio.warm import warm_band

RATE_HZ = 44_100
PROMISED = {
    "pop", "folk", "rock", "lofi", "dance", "ambient", "cinematic", "jazz", "hiphop", "electronic", "metal",
    "soul", "latin", "acoustic", "retro",
}  # fmt: skip


def make(song):
    return master(mix(play(song), song), song.mix).samples


def lufs(samples):
    return pyloudnorm.Meter(RATE_HZ).integrated_loudness(samples.T.astype(np.float64))


def true_peak_db(samples):
    return 20 * np.log10(np.abs(resample_poly(samples.astype(np.float64), 8, 1, axis=1)).max())


def level_db(samples):
    return 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-20)


def test_the_presets_are_the_promised_ones():
    assert set(preset_names()) == PROMISED
    with pytest.raises(KeyError, match="polka"):
        mix_preset("polka")


@pytest.mark.parametrize("preset", sorted(PROMISED))
def test_every_preset_delivers(preset, band_song):
    song = band_song(preset, kit="kit_909" if preset in ("dance", "electronic") else "kit_standard")
    out = make(song)
    assert out.dtype == np.float32
    assert out.shape == (2, round(song.length_seconds * RATE_HZ))
    assert lufs(out) == pytest.approx(-14.0, abs=0.3)
    assert true_peak_db(out) <= -1.0
    assert abs(out.mean()) < 1e-3
    assert 20 * np.log10(np.abs(out[:, -1000:]).max() + 1e-12) < -60
    mono = out.mean(axis=0)
    assert level_db(mono) > level_db(out) - 2.0
    low = sosfilt(butter(4, 80, fs=RATE_HZ, output="sos"), out, axis=1)
    assert level_db(0.5 * (low[0] - low[1])) < level_db(low) - 20


@pytest.mark.parametrize("preset", ["pop", "folk", "dance", "rock"])
def test_the_long_term_spectrum_is_the_preset_s(preset, band_song):
    out = make(band_song(preset, seconds=16.0))
    miss = third_octaves_db(out) - np.array([mix_preset(preset).target_db(float(hz)) for hz in THIRDS_HZ])
    heard = (THIRDS_HZ >= 99) & (THIRDS_HZ <= 10_000)
    miss = miss[heard] - np.median(miss[heard])
    assert np.sqrt(np.mean(miss**2)) < 3.0


@pytest.mark.parametrize("preset", ["pop", "folk", "dance", "rock"])
def test_the_unmastered_mix_is_near_its_target_already(preset, band_song):
    song = band_song(preset, seconds=16.0, kit="kit_909" if preset == "dance" else "kit_standard")
    mixed = mix(play(song), song).samples
    miss = third_octaves_db(mixed) - np.array([target_of(song)(float(hz)) for hz in THIRDS_HZ])
    heard = (THIRDS_HZ >= 150) & (THIRDS_HZ <= 10_000)
    miss = miss[heard] - np.median(miss[heard])
    assert np.sqrt(np.mean(miss**2)) < 5.0


def in_sections(song, *bars):
    kinds = (SectionKind.INTRO, SectionKind.VERSE, SectionKind.CHORUS, SectionKind.OUTRO)
    starts = np.cumsum((0, *bars[:-1])).tolist()
    sections = tuple(
        Section(kind, kind.value, start, size, 0.5)
        for kind, start, size in zip(kinds, starts, bars, strict=True)
    )
    return replace(song, form=Form(sections))


def test_a_quiet_beginning_comes_up_by_a_share_and_a_breakdown_stays(band_song):
    song = in_sections(band_song(seconds=34.0), 4, 4, 4, 4)  # 8 s each at 120 bpm
    levels_db = np.repeat([-12.0, -2.0, 0.0, -12.0], 80)
    n = 34 * RATE_HZ
    curve_db = 20 * np.log10(lift_curve(10 ** ((levels_db - 20) / 10), song, n))
    heard_db = curve_db[(np.array([4.0, 12.0, 20.0, 30.0]) * CURVE_RATE_HZ).astype(int)]
    whole_db = 10 * np.log10(np.mean(10 ** (levels_db / 10)))
    assert heard_db[0] == pytest.approx(LIFT_SHARE * (whole_db + 12.0 - QUIET_LU), abs=0.1)
    assert heard_db[0] < MOST_LIFT_DB
    assert heard_db[1:] == pytest.approx(0.0, abs=0.01)
    assert np.abs(np.diff(curve_db)).max() < 0.2  # nothing jumps
    breakdown_db = np.repeat([0.0, -12.0, 0.0, -12.0], 80)
    assert np.ptp(lift_curve(10 ** (breakdown_db / 10), song, n)) < 1e-3


def test_silence_is_lifted_by_no_more_than_the_hand_reaches(band_song):
    song = in_sections(band_song(seconds=34.0), 4, 4, 4, 4)
    powers = np.repeat([0.0, 0.01, 0.01, 0.01], 80)
    curve_db = 20 * np.log10(lift_curve(powers, song, 34 * RATE_HZ))
    assert curve_db.max() == pytest.approx(MOST_LIFT_DB, abs=0.01)


def test_a_solo_piano_keeps_its_left_hand(make_song):
    left = tuple(Note(2.0 * i, 1.9, 40 + i % 3, 70) for i in range(6))
    right = tuple(Note(0.5 * i, 0.45, 64 + i % 5, 70) for i in range(24))
    piano = (Part("left", Role.CHORDS, "grand_piano", left), Part("right", Role.LEAD, "grand_piano", right))
    bass = Part("bass", Role.BASS, "finger_bass", left)

    def left_hand_hz(song):
        bands = next(
            strip.bands for strip in strips(play(song), song, mix_preset("pop")) if strip.name == "left"
        )
        return next(band.hz for band in bands if band.kind == "high_pass")

    assert left_hand_hz(make_song(*piano, seconds=6.0)) <= 40.0
    assert left_hand_hz(make_song(*piano, bass, seconds=6.0)) >= 80.0


def test_nothing_is_wider_than_a_mono_listener_can_bear(make_song):
    dice = np.random.default_rng(1)
    middle, side = dice.standard_normal((2, 5 * RATE_HZ)).astype(np.float32) * 0.05
    wide = np.stack([middle + 3 * side, middle - 3 * side])
    out = master(Audio(wide), replace(make_song().mix, width=1.5)).samples
    mono = out.mean(axis=0)
    assert level_db(wide.mean(axis=0)) < level_db(wide) - 9
    assert level_db(mono) > level_db(out) - 2.2


def test_bowed_phrases_swell_and_struck_ones_do_not(make_song):
    def middle_over_start(instrument):
        tune = tuple(Note(0.5 * i, 0.5, 69, 80) for i in range(8))
        stem = play(make_song(Part("tune", Role.LEAD, instrument, tune), bpm=120.0))["tune"].samples
        return level_db(stem[:, 44_100:55_000]) - level_db(stem[:, 2205:13_000])

    assert middle_over_start("violin") > 1.5
    assert middle_over_start("drawbar_organ") < 0.5


def test_sections_differ_in_level(make_song):
    tune = tuple(Note(float(i), 0.9, 64, 80) for i in range(32))
    song = make_song(Part("lead", Role.LEAD, "flute", tune, reverb=0.0), seconds=16.0)
    verse, chorus = song.form.sections
    assert (verse.energy, chorus.energy) == (0.4, 0.8)
    lead = dict(separate(play(song), song))["lead"].samples
    middle = lead.shape[1] // 2
    quiet, loud = level_db(lead[:, 44_100 : middle - 44_100]), level_db(lead[:, middle + 44_100 : -88_200])
    assert 0.8 < loud - quiet < 4.0


def test_the_same_song_is_bit_identical_and_another_seed_is_not(band_song):
    one, again, other = (make(band_song("electronic", seconds=6.0, seed=seed)) for seed in ("4", "4", "5"))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_band_that_plays_on_demand_plays_the_same(band_song, sung_note, monkeypatch):
    song = band_song(seconds=6.0)
    sung = {"vocals": sung_note(6.0)}
    monkeypatch.setattr("producer.studio.band.KEPT_BYTES", 3_000_000)  # one stem and no more
    band = Band(song, sung)
    assert list(band) == ["vocals", "drums", "bass", "chords", "lead"]
    assert "bass" in band
    assert "tuba" not in band
    told = []
    once = mix(band, song, progress=told.append).samples
    assert told == [0.25, 0.5, 0.75, 1.0]
    assert np.array_equal(once, mix(sung | play(song), song).samples)
    assert np.array_equal(once, mix(band, song).samples)
    assert band["vocals"] is sung["vocals"]


def test_progress_is_told_and_can_stop_the_band(band_song):
    told = []
    play(band_song(seconds=4.0), progress=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]

    class Stop(Exception):
        pass

    def stop(share):
        raise Stop

    with pytest.raises(Stop):
        play(band_song(seconds=4.0), progress=stop)


def test_the_band_makes_way_for_the_voice(band_song, sung_note):
    song = band_song("pop", seconds=12.0)
    stems = {**play(song), "vocals": sung_note(12.0), "backing_vocals": sung_note(12.0)}
    finished = dict(separate(stems, song))
    voice = block_powers(finished["vocals"].samples)
    band = sum(finished[part.name].samples for part in song.parts)
    singing = voice > voice.max() * 0.1
    over = 10 * np.log10(voice[singing].mean() / block_powers(band)[singing].mean())
    assert 1.0 < over < 3.0


def test_finished_stems_add_up_to_the_mix(band_song, sung_note):
    song = band_song("dance", seconds=10.0, kit="kit_909")
    stems = {**play(song), "vocals": sung_note(10.0)}
    mixed = mix(stems, song).samples
    total = sum(stem.samples for stem in dict(separate(stems, song)).values())
    assert level_db(total - mixed) < level_db(mixed) - 60


def test_the_kick_ducks_the_pad_in_dance_music(make_song):
    parts = (
        Part(
            "drums", Role.DRUMS, "kit_909", tuple(Note(float(b), 0.25, Drum.KICK, 110) for b in range(2, 14))
        ),
        Part("pad", Role.PAD, "warm_pad", (Note(0.0, 16.0, 57, 90), Note(0.0, 16.0, 64, 90))),
    )
    song = make_song(*parts, seconds=8.0, preset="dance")
    assert kick_seconds(song)[:2] == [1.0, 1.5]
    pad = dict(separate(play(song), song))["pad"].samples
    after = np.mean([level_db(pad[:, int((t + 0.02) * RATE_HZ) :][:, :2000]) for t in kick_seconds(song)[2:]])
    before = np.mean(
        [level_db(pad[:, int((t - 0.06) * RATE_HZ) :][:, :2000]) for t in kick_seconds(song)[2:]]
    )
    assert after < before - 3.0


def test_levels_and_pans_are_obeyed(make_song):
    def sides(pan, level_db_):
        tune = tuple(Note(i / 2, 0.45, 64 + i % 3, 80) for i in range(12))
        chords = tuple(Note(i * 2.0, 1.9, p, 80) for i in range(3) for p in (48, 55))
        parts = (
            Part("lead", Role.LEAD, "flute", tune, pan=pan, level_db=level_db_, reverb=0.0),
            Part("chords", Role.CHORDS, "nylon_guitar", chords),
        )
        song = make_song(*parts, seconds=4.0, preset="jazz")
        finished = dict(separate(play(song), song))
        return [
            level_db(channel) - level_db(finished["chords"].samples) for channel in finished["lead"].samples
        ]

    left, right = sides(0.8, 0.0)
    assert right > left + 8
    middle, quieter = sides(0.0, 0.0), sides(0.0, -8.0)
    assert abs(middle[0] - middle[1]) < 1.0
    assert quieter[0] == pytest.approx(middle[0] - 8, abs=1.0)


def test_wishes_are_heard(band_song):
    def side_db(out):
        return level_db(out[0] - out[1]) - level_db(out)

    def top_db(out):
        spectrum = third_octaves_db(out)
        return spectrum[THIRDS_HZ > 7000].mean() - spectrum[(THIRDS_HZ > 300) & (THIRDS_HZ < 2000)].mean()

    def tail_db(out):
        return level_db(out[:, int(4.2 * RATE_HZ) : int(4.6 * RATE_HZ)]) - level_db(out)

    plain = make(band_song(seconds=6.0))
    assert side_db(make(band_song(seconds=6.0, width=1.8))) > side_db(plain) + 2
    assert side_db(make(band_song(seconds=6.0, width=0.0))) < -60
    assert top_db(make(band_song(seconds=6.0, brightness_db=4.0))) > top_db(plain) + 2
    assert top_db(make(band_song(seconds=6.0, lofi=1.0))) < top_db(plain) - 10
    assert (
        tail_db(make(band_song(seconds=6.0, reverb=2.5)))
        > tail_db(make(band_song(seconds=6.0, reverb=0.0))) + 3
    )
    assert lufs(make(band_song(seconds=6.0, loudness_lufs=-18.0))) == pytest.approx(-18.0, abs=0.3)


def test_a_fade_out_fades(band_song):
    out = make(band_song(seconds=12.0, fade_out_seconds=8.0))
    levels = [level_db(out[:, int(t * RATE_HZ) : int((t + 1) * RATE_HZ)]) for t in (3, 6, 8, 9)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > levels[-1] + 8


def test_unmastered_is_gain_alone(band_song):
    song = band_song(seconds=8.0, mastered=False)
    mixed = mix(play(song), song)
    out = master(mixed, song.mix).samples
    assert true_peak_db(out) <= -1.0
    assert lufs(out) <= -13.7
    inner = slice(RATE_HZ, 5 * RATE_HZ)
    ratio = (
        out[:, inner][mixed.samples[:, inner] > 0.05]
        / mixed.samples[:, inner][mixed.samples[:, inner] > 0.05]
    )
    assert np.ptp(ratio) < 1e-4


def test_loud_peaks_are_held_without_clipping(make_song):
    hits = tuple(Note(float(i), 0.2, Drum.SNARE, 127) for i in range(0, 12, 4))
    out = make(make_song(Part("drums", Role.DRUMS, "kit_power", hits), seconds=8.0, preset="rock"))
    assert true_peak_db(out) <= -1.0
    flat = np.abs(np.diff(out[0])) < 1e-7
    loud = np.abs(out[0, 1:]) > 0.8
    assert (flat & loud).sum() < 10


def test_silence_stays_silence(make_song):
    song = make_song(Part("lead", Role.LEAD, "flute", ()), seconds=2.0)
    assert np.abs(make(song)).max() < 1e-9
    alone = make_song(seconds=2.0)
    assert play(alone) == {}
    quiet = Audio(np.zeros((2, 1000), np.float32))
    assert np.abs(master(quiet, song.mix).samples).max() < 1e-9


def test_warming_up_plays_two_bars():
    warm_band()


def test_strange_scores_are_survived(make_song):
    notes = (Note(-1.0, 0.5, 60), Note(0.0, 0.0, 0, 127), Note(1.0, 90.0, 127, 1), Note(50.0, 1.0, 60))
    controls = tuple(Control(-1.0, kind, 7.0) for kind in ControlKind)
    parts = tuple(
        Part(name, role, name, notes, controls, level_db=6.0, pan=-1.0)
        for name, role in (
            ("sitar", Role.LEAD),
            ("kit_909", Role.DRUMS),
            ("drone", Role.PAD),
            ("rain", Role.EFFECTS),
        )
    )
    for seconds in (0.01, 2.0):
        out = make(make_song(*parts, seconds=seconds, preset="ambient", fade_out_seconds=9.0))
        assert out.shape == (2, round(seconds * RATE_HZ))
        assert np.isfinite(out).all()
        assert true_peak_db(out + 1e-9) <= -1.0


def test_tempo_changes_move_the_notes(make_song):
    tune = tuple(Note(float(beat), 0.2, Drum.SNARE, 110) for beat in (1, 2, 3, 4))
    song = make_song(Part("drums", Role.DRUMS, "kit_909", tune), seconds=5.0)
    slowing = replace(song, tempo=TempoMap((TempoChange(0.0, 120.0), TempoChange(2.0, 60.0))))
    loud = np.abs(play(slowing)["drums"].samples).max(axis=0)
    for seconds in (0.5, 1.0, 2.0, 3.0):
        at = round(seconds * RATE_HZ)
        assert loud[at - 400 : at - 20].max() < 0.05 * loud[at : at + 2000].max()
