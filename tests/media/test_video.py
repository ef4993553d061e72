"""Videos are made, decoded again, and compared with the sound they follow."""

import io
import struct
from itertools import pairwise

import av
import numpy as np
import pytest
from PIL import Image

from producer.errors import MediaError
from producer.media.audio_file import encode_wav, probe
from producer.media.captions import TimedLine, TimedText
from producer.media.video import (
    PRESETS,
    SIZES,
    VideoSource,
    beats_of,
    lines_from_markers,
    lines_from_song,
    render_video,
    sections_of,
)
from producer.media.video.analysis import BANDS, FRAMES_PER_SECOND, HIGHEST_HZ, LOWEST_HZ, analyse
from producer.media.video.picture import from_image, to_yuv
from producer.media.video.simple import LAYOUTS
from producer.media.video.stage import clock
from producer.score.harmony import ChordSpan
from producer.score.lyric import SectionKind
from producer.score.meter import Meter, constant_tempo
from producer.score.pitch import Key, Mode
from producer.score.song import Form, Section, Song
from producer.studio.audio import SAMPLE_RATE_HZ, Audio

TONES_HZ = (100.0, 1000.0, 8000.0)


def picture():
    buffer = io.BytesIO()
    image = Image.merge(
        "RGB", [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)]
    )
    image.resize((700, 700)).save(buffer, "JPEG")
    return buffer.getvalue()


COVER = picture()


def envelopes(seconds):
    """Three slow, unlike curves in dB, a value a frame."""
    t = (np.arange(round(seconds * FRAMES_PER_SECOND)) + 0.5) / FRAMES_PER_SECOND
    return [-15 + 14 * np.sin(2 * np.pi * f * t + p) for f, p in ((0.7, 0.0), (1.1, 2.0), (0.5, 4.0))]


def swelling(seconds):
    """Three tones that swell and fade, each in its own time."""
    n = round(seconds * SAMPLE_RATE_HZ)
    t = np.arange(n) / SAMPLE_RATE_HZ
    frames = (np.arange(round(seconds * FRAMES_PER_SECOND)) + 0.5) / FRAMES_PER_SECOND
    mono = sum(
        0.25 * 10 ** (np.interp(t, frames, curve) / 20) * np.sin(2 * np.pi * hz * t)
        for hz, curve in zip(TONES_HZ, envelopes(seconds), strict=True)
    )
    return np.stack([mono, mono]).astype(np.float32)


def clicks(times, seconds):
    samples = np.zeros((2, round(seconds * SAMPLE_RATE_HZ)), np.float32)
    noise = np.random.default_rng(1).uniform(-0.8, 0.8, 900) * np.exp(-np.arange(900) / 250)
    for time in times:
        at = round(time * SAMPLE_RATE_HZ)
        samples[:, at : at + 900] = noise
    return samples


def source(folder, samples, **more):
    audio = folder / "sound.wav"
    encode_wav(Audio(samples), audio)
    return VideoSource(**{"audio": audio, "cover_jpeg": COVER, "title": "Back to You"} | more)


def luma(path):
    """Y planes of all frames, shape ``(frames, height, width)``."""
    with av.open(str(path)) as file:
        return np.stack([frame.to_ndarray()[: frame.height] for frame in file.decode(video=0)])


def line(text, start, end):
    words = text.split()
    step = (end - start) / len(words)
    timed = tuple(TimedText(w, start + i * step, start + (i + 1) * step) for i, w in enumerate(words))
    return TimedLine(TimedText(text, start, end), timed, False)


def correlation(a, b):
    return float(np.corrcoef(a, b)[0, 1])


def band_of(hz):
    return int(np.log(hz / LOWEST_HZ) / np.log(HIGHEST_HZ / LOWEST_HZ) * BANDS)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("aspect", SIZES)
def test_format_length_and_streams(tmp_path, preset, aspect):
    render_video(source(tmp_path, swelling(0.9)), tmp_path / "v.mp4", preset=preset, aspect=aspect)
    with av.open(str(tmp_path / "v.mp4")) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height) == SIZES[aspect]
        assert video.average_rate == 30
        assert float(video.duration * video.time_base) == pytest.approx(0.9, abs=0.1)
        assert float(audio.duration * audio.time_base) == pytest.approx(0.9, abs=0.1)
        assert audio.codec_context.name == "aac"
        assert file.metadata["title"] == "Back to You"
    planes = luma(tmp_path / "v.mp4")
    assert len(planes) == 27
    assert planes[0].std() > 5  # the first frame is a poster, not black
    assert np.abs(planes[-1].astype(int) - planes[0]).max() > 30


def test_the_index_comes_first(tmp_path):
    render_video(source(tmp_path, swelling(0.5)), tmp_path / "v.mp4")
    data, names, at = (tmp_path / "v.mp4").read_bytes(), [], 0
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        names.append(name)
        at += size
    assert names.index(b"moov") < names.index(b"mdat")


class TestSync:
    def test_simple_bars_follow_their_bands(self, tmp_path):
        render_video(source(tmp_path, swelling(4)), tmp_path / "v.mp4", preset="simple")
        planes = luma(tmp_path / "v.mp4")
        lay = LAYOUTS["16:9", False]
        for hz, curve in zip(TONES_HZ, envelopes(4), strict=True):
            x = round(640 + (band_of(hz) + 0.25) * lay.bar_pitch)
            column = planes[:, lay.bars_y - 70 : lay.bars_y + 70, x - 4 : x + 6].max(axis=2)
            height = (column > 150).sum(axis=1)
            assert correlation(height, curve) >= 0.8

    def test_player_bars_follow_their_bands(self, tmp_path):
        render_video(source(tmp_path, swelling(4), title="A"), tmp_path / "v.mp4", preset="player")
        planes = luma(tmp_path / "v.mp4")
        for hz, curve in zip(TONES_HZ, envelopes(4), strict=True):
            x = round(652 + (band_of(hz) + 0.3) * 520 / BANDS)
            column = planes[:, 262:420, x - 3 : x + 5].max(axis=2)
            assert correlation((column > 130).sum(axis=1), curve) >= 0.8

    def test_modern_light_follows_the_energy_and_beams_their_bands(self, tmp_path):
        samples = swelling(4)
        render_video(source(tmp_path, samples), tmp_path / "v.mp4", preset="modern")
        planes = luma(tmp_path / "v.mp4").astype(float)
        hop = SAMPLE_RATE_HZ // FRAMES_PER_SECOND
        energy = 10 * np.log10((samples[0].reshape(-1, hop) ** 2).mean(axis=1) + 1e-9)
        assert correlation(planes.mean(axis=(1, 2)), energy) >= 0.8
        radius = 720 * 0.185
        for hz, curve in zip(TONES_HZ, envelopes(4), strict=True):
            angle = (band_of(hz) + 0.5) * np.pi / BANDS
            reach = np.arange(radius * 1.1, radius * 1.8, 0.5)
            beam = planes[
                :,
                np.rint(360 + reach * np.cos(angle)).astype(int),
                np.rint(640 + reach * np.sin(angle)).astype(int),
            ]
            between = angle + 0.5 * np.pi / BANDS
            gap = planes[
                :,
                np.rint(360 + reach * np.cos(between)).astype(int),
                np.rint(640 + reach * np.sin(between)).astype(int),
            ]
            assert correlation(np.clip(beam - gap, 0, 60).sum(axis=1), curve) >= 0.8

    @pytest.mark.parametrize("from_score", [False, True])
    def test_flashes_fall_on_clicks_within_a_frame(self, tmp_path, from_score):
        times = [0.51, 1.26, 2.01, 2.77, 3.5]
        beats = times if from_score else ()
        render_video(
            source(tmp_path, clicks(times, 4.2), beats_seconds=beats), tmp_path / "v.mp4", preset="modern"
        )
        light = luma(tmp_path / "v.mp4").mean(axis=(1, 2))
        jumps = np.flatnonzero(np.diff(light) > 8) + 1
        assert len(jumps) == len(times)
        assert np.abs(jumps - np.array(times) * FRAMES_PER_SECOND).max() <= 1.0

    def test_never_more_than_three_flashes_a_second(self, tmp_path):
        times = np.arange(0.2, 3.9, 0.11)
        render_video(
            source(tmp_path, clicks(times, 4.0), beats_seconds=times), tmp_path / "v.mp4", preset="modern"
        )
        light = luma(tmp_path / "v.mp4").mean(axis=(1, 2))
        flashes = np.flatnonzero(np.diff(light) > 15) + 1  # WCAG counts changes of a tenth of full light
        for start in range(len(light) - FRAMES_PER_SECOND):
            assert ((flashes >= start) & (flashes < start + FRAMES_PER_SECOND)).sum() <= 3

    def test_captions_appear_when_the_line_is_sung(self, tmp_path):
        lines = (line("Late night drives", 0.7, 1.5), line("across the city", 2.6, 3.2))
        render_video(source(tmp_path, swelling(4), lines=lines), tmp_path / "v.mp4", captions=True)
        lay = LAYOUTS["16:9", True]
        lit = (luma(tmp_path / "v.mp4")[:, lay.caption_y : lay.caption_y + 44] > 190).sum(axis=(1, 2)) > 20
        shown = np.flatnonzero(np.diff(lit.astype(int)) == 1) + 1
        assert np.abs(shown / FRAMES_PER_SECOND - [0.7, 2.6]).max() <= 0.1
        assert not lit[-8:].any() or lines[-1].whole.end_seconds + 1 > 4

    def test_player_lights_word_by_word(self, tmp_path):
        lines = (line("one two three four", 0.5, 2.5),)
        render_video(source(tmp_path, swelling(3), lines=lines), tmp_path / "v.mp4", preset="player")
        lit = (luma(tmp_path / "v.mp4")[:, 262:310, 652:1172] > 190).sum(axis=(1, 2))
        sung = [lit[int(t * FRAMES_PER_SECOND)] for t in (0.4, 0.95, 1.45, 1.95, 2.45)]
        assert sung[0] < 30
        assert all(b > a * 1.15 for a, b in pairwise(sung[1:]))

    def test_palette_turns_at_sections(self, tmp_path):
        render_video(
            source(tmp_path, swelling(4), sections_seconds=(0.0, 2.0)), tmp_path / "v.mp4", preset="modern"
        )
        with av.open(str(tmp_path / "v.mp4")) as file:
            chroma = np.stack(
                [f.to_ndarray()[f.height :].reshape(2, -1).mean(axis=1) for f in file.decode(video=0)]
            )
        inside = np.abs(chroma[55] - chroma[15]).max()
        across = np.abs(chroma[110] - chroma[55]).max()
        assert across > 3 * inside
        assert across > 4


class TestAnalysis:
    def test_finds_onsets_of_an_upload(self, tmp_path):
        times = np.arange(0.3, 5, 0.5)
        encode_wav(Audio(clicks(times, 5.5)), tmp_path / "a.wav")
        found = analyse(tmp_path / "a.wav").onsets / FRAMES_PER_SECOND
        assert len(found) == len(times)
        assert np.abs(found - times).max() < 0.05

    def test_finds_where_the_music_turns(self, tmp_path):
        t = np.arange(24 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
        noise = np.random.default_rng(2).normal(0, 0.15, len(t))
        mono = np.where(t < 12, 0.2 * np.sin(2 * np.pi * 110 * t), noise).astype(np.float32)
        encode_wav(Audio(mono[None]), tmp_path / "a.wav")
        sections = analyse(tmp_path / "a.wav").sections / FRAMES_PER_SECOND
        assert len(sections) == 1
        assert sections[0] == pytest.approx(12, abs=1)

    def test_length_is_that_of_the_sound(self, tmp_path):
        encode_wav(Audio(np.zeros((1, 44100 * 3 + 17), np.float32)), tmp_path / "a.wav")
        analysis = analyse(tmp_path / "a.wav")
        assert analysis.frames == 90
        assert analysis.seconds == pytest.approx(3 + 17 / 44100)


class TestBadInput:
    @pytest.mark.parametrize("preset", PRESETS)
    def test_a_silent_clip(self, tmp_path, preset):
        render_video(source(tmp_path, np.zeros((2, 44100), np.float32)), tmp_path / "v.mp4", preset=preset)
        assert len(luma(tmp_path / "v.mp4")) == 30

    @pytest.mark.parametrize("preset", PRESETS)
    def test_a_fifth_of_a_second(self, tmp_path, preset):
        render_video(source(tmp_path, swelling(0.2)), tmp_path / "v.mp4", preset=preset)
        assert probe(tmp_path / "v.mp4").seconds == pytest.approx(0.2, abs=0.1)

    def test_a_mono_upload(self, tmp_path):
        render_video(source(tmp_path, swelling(0.5)[:1]), tmp_path / "v.mp4")
        assert probe(tmp_path / "v.mp4").channels == 2

    def test_a_single_sample(self, tmp_path):
        render_video(source(tmp_path, np.full((2, 1), 0.5, np.float32)), tmp_path / "v.mp4")
        assert len(luma(tmp_path / "v.mp4")) == 1

    @pytest.mark.parametrize(
        "title", ["", "🎵" * 30, "a title that takes an hour to read " * 300, "\x00\ud800", "שיר"]
    )
    def test_any_title(self, tmp_path, title):
        for preset in PRESETS:
            render_video(source(tmp_path, swelling(0.04), title=title), tmp_path / "v.mp4", preset=preset)

    def test_lines_beyond_the_end_and_without_words(self, tmp_path):
        lines = (TimedLine(TimedText("la " * 80, 0.0, 9.0), (), False), line("never sung", 50, 60))
        for preset in PRESETS:
            render_video(
                source(tmp_path, swelling(0.2), lines=lines), tmp_path / "v.mp4", preset=preset, captions=True
            )

    def test_damaged_sound(self, tmp_path):
        bad = tmp_path / "bad.m4a"
        bad.write_bytes(b"\x00\x00\x00\x1cftypM4A " + bytes(3000))
        with pytest.raises(MediaError, match=r"bad\.m4a"):
            render_video(VideoSource(audio=bad, cover_jpeg=COVER, title=""), tmp_path / "v.mp4")

    def test_deleted_sound(self, tmp_path):
        with pytest.raises(MediaError, match=r"gone\.wav"):
            render_video(
                VideoSource(audio=tmp_path / "gone.wav", cover_jpeg=COVER, title=""), tmp_path / "v.mp4"
            )

    def test_damaged_cover(self, tmp_path):
        with pytest.raises(MediaError, match="cover"):
            render_video(source(tmp_path, swelling(0.2), cover_jpeg=COVER[:500]), tmp_path / "v.mp4")

    def test_unknown_preset_or_aspect(self, tmp_path):
        for wrong in ({"preset": "vaporwave"}, {"aspect": "4:3"}):
            with pytest.raises(MediaError, match="one of simple, modern, player"):
                render_video(source(tmp_path, swelling(0.2)), tmp_path / "v.mp4", **wrong)


def test_progress_runs_to_one_and_a_stop_leaves_no_file(tmp_path):
    told = []
    render_video(source(tmp_path, swelling(2.5)), tmp_path / "v.mp4", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) >= 3

    class StopError(Exception):
        pass

    def stop(share):
        if share > 0.3:
            raise StopError

    with pytest.raises(StopError):
        render_video(source(tmp_path, swelling(2.5)), tmp_path / "w.mp4", progress=stop)
    assert not (tmp_path / "w.mp4").exists()


def test_a_song_gives_its_beats_and_sections():
    sections = (Section(SectionKind.VERSE, "Verse", 0, 4), Section(SectionKind.CHORUS, "Chorus", 4, 4))
    song = Song(
        "T",
        "1",
        "pop",
        Key(0, Mode.MAJOR),
        Meter(3, 4),
        constant_tempo(90.0),
        Form(sections),
        tuple[ChordSpan, ...](),
        (),
    )
    assert beats_of(song)[:3] == pytest.approx((0, 2 / 3, 4 / 3))
    assert len(beats_of(song)) == 24
    assert sections_of(song) == pytest.approx((0, 8))
    assert lines_from_song(song) == ()


def test_markers_come_back_from_json():
    markers = {
        "lines": [
            {
                "text": "a b",
                "start": 1.0,
                "end": 2.0,
                "words": [{"text": "a", "start": 1.0, "end": 1.5}, {"text": "b", "start": 1.5, "end": 2.0}],
            }
        ]
    }
    (found,) = lines_from_markers(markers)
    assert found == line("a b", 1.0, 2.0)
    assert lines_from_markers({}) == ()


def test_colours_survive_the_planes():
    image = Image.new("RGB", (8, 8), (200, 40, 90))
    planes = from_image(image)
    assert np.allclose([planes.y[0, 0], planes.u[0, 0], planes.v[0, 0]], to_yuv((200, 40, 90)), atol=0.6)


def test_clock_shows_hours_only_when_there_are():
    assert [clock(s) for s in (0, 61.9, 3600)] == ["0:00", "1:01", "1:00:00"]
