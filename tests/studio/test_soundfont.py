"""The bank is read as SoundFont 2.04 says."""

import numpy as np
import pytest

from producer.errors import AssetError
from producer.studio.instruments.soundfont import Generator, SoundFont, bank


def test_the_bank_has_the_general_midi_presets_and_kits():
    names = bank().names()
    assert names[0, 0] == "Grand Piano"
    assert names[128, 0] == "Standard"
    assert all((0, program) in names for program in range(128))


def test_a_piano_note_finds_a_stereo_pair():
    zones = [zone for zone in bank().preset(0, 0) if zone.holds(60, 110)]
    pans = sorted(zone.generators[Generator.PAN] for zone in zones)
    assert pans[0] == -500
    assert pans[-1] == 500


def test_samples_are_decoded_whole_with_their_loops():
    zone = next(zone for zone in bank().preset(0, 73) if zone.holds(72, 90))
    sample = bank().sample(int(zone.generators[Generator.SAMPLE]))
    assert sample.samples.dtype == np.int16
    assert 0 <= sample.loop_start < sample.loop_end <= len(sample.samples)
    assert np.abs(sample.samples.astype(int)).max() > 3000


def test_loops_of_the_bank_are_sealed_where_they_play_on():
    zone = next(zone for zone in bank().preset(0, 71) if zone.holds(72, 90))
    index = int(zone.generators[Generator.SAMPLE])
    bare, looped = (bank().sample(index, mode) for mode in (0, 1))
    assert np.array_equal(bare.samples[: bare.loop_start], looped.samples[: looped.loop_start])

    def jump(sample):
        start, end = sample.loop_start, sample.loop_end
        played = np.tile(sample.samples[start:end].astype(float), 3)
        return np.abs(np.diff(played, 4))[end - start - 4 : end - start].max()

    assert jump(looped) < jump(bare) / 2


def test_hats_share_an_exclusive_class():
    classes = {
        key: {
            zone.generators[Generator.EXCLUSIVE_CLASS]
            for zone in bank().preset(128, 0)
            if zone.holds(key, 90)
        }
        for key in (42, 44, 46)
    }
    assert classes[42] == classes[44] == classes[46]
    assert 0 not in classes[42]


def test_a_missing_preset_is_told():
    with pytest.raises(AssetError, match="no preset 99:5"):
        bank().preset(99, 5)


def test_another_file_is_not_a_soundfont(tmp_path):
    path = tmp_path / "noise.sf2"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(AssetError, match="not a SoundFont"):
        SoundFont(path)
