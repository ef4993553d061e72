"""Sound files are written, read back and compared."""

import hashlib
import io
import struct
import wave

import av
import numpy as np
import pytest
import soundfile
from av.stream import Disposition
from PIL import Image

from producer.errors import MediaError
from producer.media.audio_file import (
    Tags,
    blocks,
    decode,
    encode_m4a,
    encode_mp3,
    encode_wav,
    probe,
    transcode,
)
from producer.studio.audio import SAMPLE_RATE_HZ, Audio


def tone(seconds=2.0, channels=2, rate=SAMPLE_RATE_HZ, hz=(440.0, 550.0), gain=0.4):
    t = np.arange(round(seconds * rate)) / rate
    return Audio(
        np.stack([gain * np.sin(2 * np.pi * hz[c] * t) for c in range(channels)]).astype(np.float32), rate
    )


def jpeg(size=(320, 320)):
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


def atoms(path):
    data = path.read_bytes()
    at, names = 0, []
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        names.append(name.decode())
        at += size
    return names


def pitch_hz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.argmax(spectrum) * SAMPLE_RATE_HZ / len(samples)


class TestWav:
    def test_same_sound_same_bytes(self, tmp_path):
        for name in ("a.wav", "b.wav"):
            encode_wav(tone(), tmp_path / name)
        assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()

    def test_is_16_bit_pcm_of_exact_length(self, tmp_path):
        encode_wav(tone(1.25), tmp_path / "a.wav")
        with wave.open(str(tmp_path / "a.wav")) as file:
            assert file.getparams()[:4] == (2, 2, 44100, round(1.25 * 44100))

    def test_error_is_triangular_dither_free_of_distortion(self, tmp_path):
        quiet = tone(4.0, gain=1.3 / 32768)  # a bare quantiser would turn this into a staircase
        encode_wav(quiet, tmp_path / "a.wav")
        error = (decode(tmp_path / "a.wav").samples - quiet.samples) * 32768
        assert np.abs(error).max() <= 1.5
        assert error.std() == pytest.approx(0.5, abs=0.02)  # LSB: dither 1/√6 and rounding 1/√12 together
        t = np.arange(error.shape[1]) / SAMPLE_RATE_HZ
        third_harmonic = np.abs(np.mean(error[0] * np.exp(-2j * np.pi * 3 * 440 * t)))
        assert third_harmonic < 0.01

    def test_full_scale_clips_and_does_not_wrap(self, tmp_path):
        encode_wav(Audio(np.full((2, 1000), 1.5, np.float32)), tmp_path / "a.wav")
        assert decode(tmp_path / "a.wav").samples.min() > 0.99

    def test_silence_stays_silent(self, tmp_path):
        encode_wav(Audio(np.zeros((2, 9000), np.float32)), tmp_path / "a.wav")
        assert not decode(tmp_path / "a.wav").samples.any()

    def test_a_copy_of_a_wav_is_lossless(self, tmp_path):
        encode_wav(tone(), tmp_path / "a.wav")
        transcode(tmp_path / "a.wav", tmp_path / "b.wav")
        assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()

    def test_refuses_what_is_no_number(self, tmp_path):
        with pytest.raises(MediaError, match="no numbers"):
            encode_wav(Audio(np.full((2, 10), np.nan, np.float32)), tmp_path / "a.wav")

    def test_refuses_wrong_shape(self, tmp_path):
        with pytest.raises(MediaError, match="shape"):
            encode_wav(Audio(np.zeros((3, 10), np.float32)), tmp_path / "a.wav")


class TestCompressed:
    @pytest.mark.parametrize(("encode", "suffix"), [(encode_m4a, ".m4a"), (encode_mp3, ".mp3")])
    def test_length_sound_and_tags_survive(self, tmp_path, encode, suffix):
        path = tmp_path / f"song{suffix}"
        tags = Tags(title="Grüße 夜 🌃", artist="Producer", album="One", genre="lo-fi", lyrics="one\ntwo")
        encode(tone(3.0), path, tags=tags, cover_jpeg=jpeg())
        back = decode(path)
        assert back.seconds == pytest.approx(3.0, abs=0.03)
        assert pitch_hz(back.samples[0]) == pytest.approx(440, abs=1)
        assert pitch_hz(back.samples[1]) == pytest.approx(550, abs=1)
        with av.open(str(path)) as file:
            assert file.metadata["title"] == "Grüße 夜 🌃"
            assert file.metadata["artist"] == "Producer"
            assert file.metadata["lyrics"] == "one\ntwo"

    @pytest.mark.parametrize(("encode", "suffix"), [(encode_m4a, ".m4a"), (encode_mp3, ".mp3")])
    def test_cover_is_attached_byte_for_byte(self, tmp_path, encode, suffix):
        path = tmp_path / f"song{suffix}"
        encode(tone(), path, cover_jpeg=jpeg())
        with av.open(str(path)) as file:
            picture = file.streams.video[0]
            assert picture.disposition == Disposition.attached_pic
            assert bytes(next(file.demux(picture))) == jpeg()

    def test_m4a_has_its_index_first_and_the_right_brand(self, tmp_path):
        encode_m4a(tone(), tmp_path / "a.m4a", cover_jpeg=jpeg())
        names = atoms(tmp_path / "a.m4a")
        assert names[0] == "ftyp"
        assert names.index("moov") < names.index("mdat")
        assert (tmp_path / "a.m4a").read_bytes()[8:12] == b"M4A "

    def test_codecs_and_rates(self, tmp_path):
        encode_m4a(tone(), tmp_path / "a.m4a")
        encode_mp3(tone(), tmp_path / "a.mp3")
        assert probe(tmp_path / "a.m4a").codec == "aac"
        assert probe(tmp_path / "a.mp3").codec.startswith("mp3")
        with av.open(str(tmp_path / "a.mp3")) as file:
            assert file.streams.audio[0].bit_rate == 320_000

    def test_mp3_cuts_join_without_a_seam(self, tmp_path):
        sound = tone(31.0)
        encode_mp3(sound, tmp_path / "a.mp3")
        back = decode(tmp_path / "a.mp3").samples
        assert back.shape == sound.samples.shape
        worst = np.abs(back - sound.samples)[:, 4000:-4000].max()
        assert worst < 0.01  # a lost or doubled frame would leave an error as large as the tone

    def test_mp3_of_many_odd_pieces_is_that_of_one(self, tmp_path):
        encode_wav(tone(12.0), tmp_path / "a.wav")
        encode_mp3(tmp_path / "a.wav", tmp_path / "pieces.mp3")
        encode_mp3(decode(tmp_path / "a.wav"), tmp_path / "whole.mp3")
        digests = {hashlib.sha256((tmp_path / n).read_bytes()).digest() for n in ("pieces.mp3", "whole.mp3")}
        assert len(digests) == 1

    @pytest.mark.parametrize("suffix", [".m4a", ".mp3"])
    def test_other_rates_and_mono_are_converted(self, tmp_path, suffix):
        encode = encode_m4a if suffix == ".m4a" else encode_mp3
        encode(tone(2.0, channels=1, rate=22050), tmp_path / f"a{suffix}")
        back = decode(tmp_path / f"a{suffix}")
        assert back.sample_rate_hz == 44100
        assert back.seconds == pytest.approx(2.0, abs=0.05)
        assert pitch_hz(back.samples[1]) == pytest.approx(440, abs=1)

    def test_empty_sound_makes_no_crash(self, tmp_path):
        encode_mp3(Audio(np.zeros((2, 0), np.float32)), tmp_path / "a.mp3")

    def test_cover_that_is_no_jpeg_is_refused(self, tmp_path):
        with pytest.raises(MediaError, match="JPEG"):
            encode_m4a(tone(), tmp_path / "a.m4a", cover_jpeg=b"GIF89a")

    def test_a_missing_folder_is_a_clear_error(self, tmp_path):
        with pytest.raises(MediaError, match="can't be written"):
            encode_m4a(tone(), tmp_path / "no" / "a.m4a")
        with pytest.raises(MediaError, match="can't be written"):
            encode_wav(tone(), tmp_path / "no" / "a.wav")


class TestReading:
    @pytest.mark.parametrize(
        ("name", "container", "codec"),
        [("a.flac", "flac", "flac"), ("a.opus", "ogg", "libopus"),
         ("a.mp3", "mp3", "libmp3lame"), ("a.m4a", "ipod", "aac")],
    )  # fmt: skip
    def test_other_peoples_files(self, tmp_path, name, container, codec):
        with av.open(str(tmp_path / name), "w", format=container) as out:
            stream = out.add_stream(codec, rate=48000)
            stream.layout = "stereo"
            sound = tone(2.0, rate=48000).samples
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), format="fltp", layout="stereo")
            frame.sample_rate = 48000
            out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        info = probe(tmp_path / name)
        assert info.seconds == pytest.approx(2.0, abs=0.06)
        back = decode(tmp_path / name)
        assert back.seconds == pytest.approx(2.0, abs=0.06)
        assert pitch_hz(back.samples[0]) == pytest.approx(440, abs=1)
        assert np.abs(back.samples[0][9000:-9000]).max() == pytest.approx(0.4, abs=0.1)

    def test_vorbis(self, tmp_path):
        soundfile.write(tmp_path / "a.ogg", tone().samples.T, 44100)
        assert probe(tmp_path / "a.ogg").codec == "vorbis"
        assert pitch_hz(decode(tmp_path / "a.ogg").samples[0]) == pytest.approx(440, abs=1)

    def test_mono_is_put_on_both_sides_at_full_level(self, tmp_path):
        encode_wav(tone(1.0, channels=1), tmp_path / "a.wav")
        back = decode(tmp_path / "a.wav")
        assert back.samples.shape[0] == 2
        assert np.array_equal(back.samples[0], back.samples[1])
        assert np.abs(back.samples).max() == pytest.approx(0.4, abs=0.001)
        assert probe(tmp_path / "a.wav").channels == 1

    def test_six_channels_are_mixed_down(self, tmp_path):
        with wave.open(str(tmp_path / "a.wav"), "wb") as file:
            file.setnchannels(6)
            file.setsampwidth(2)
            file.setframerate(44100)
            file.writeframes(np.full((44100, 6), 3000, "<i2").tobytes())
        assert decode(tmp_path / "a.wav").samples.shape == (2, 44100)

    @pytest.mark.parametrize(
        "data",
        [b"", b"hello, this is a text and no music at all\n" * 50, b"\x00" * 4096,
         b"ID3\x04\x00\x00\x00\x00\x00\x00",
         b"RIFF\x24\x00\x00\x00WAVEfmt ", b"<html><body>not found</body></html>" * 20,
         bytes(np.random.default_rng(1).integers(0, 256, 20000, np.uint8))],
    )  # fmt: skip
    def test_what_is_no_sound_is_a_clear_error(self, tmp_path, data):
        (tmp_path / "a.mp3").write_bytes(data)
        with pytest.raises(MediaError, match=r"a\.mp3"):
            decode(tmp_path / "a.mp3")

    def test_a_picture_is_no_sound(self, tmp_path):
        (tmp_path / "a.mp3").write_bytes(jpeg())
        with pytest.raises(MediaError):
            decode(tmp_path / "a.mp3")

    def test_a_video_without_sound_is_no_sound(self, tmp_path):
        with av.open(str(tmp_path / "a.mp4"), "w") as out:
            stream = out.add_stream("libx264", rate=10)
            stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
            for _ in range(5):
                out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((96, 64), np.uint8), "yuv420p")))
            out.mux(stream.encode(None))
        with pytest.raises(MediaError, match="no sound"):
            probe(tmp_path / "a.mp4")

    def test_a_playlist_opens_no_other_file(self, tmp_path):
        encode_wav(tone(), tmp_path / "secret.wav")
        (tmp_path / "a.mp3").write_text(f"#EXTM3U\n#EXTINF:2,\n{tmp_path}/secret.wav\n")
        (tmp_path / "b.mp3").write_text(f"ffconcat version 1.0\nfile '{tmp_path}/secret.wav'\n")
        for name in ("a.mp3", "b.mp3"):
            with pytest.raises(MediaError):
                decode(tmp_path / name)

    def test_missing_file(self, tmp_path):
        with pytest.raises(MediaError, match=r"nothing\.wav"):
            probe(tmp_path / "nothing.wav")

    def test_too_long_stops_early(self, tmp_path):
        encode_wav(tone(3.0), tmp_path / "a.wav")
        with pytest.raises(MediaError, match="longer than the 2 seconds"):
            decode(tmp_path / "a.wav", max_seconds=2)
        assert decode(tmp_path / "a.wav", max_seconds=3).seconds == 3.0

    @pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".wav"])
    def test_half_a_file_is_half_the_sound_or_a_clear_error(self, tmp_path, suffix):
        encode_wav(tone(6.0), tmp_path / "source.wav")
        transcode(tmp_path / "source.wav", tmp_path / f"whole{suffix}")
        data = (tmp_path / f"whole{suffix}").read_bytes()
        (tmp_path / f"half{suffix}").write_bytes(data[: len(data) // 2])
        assert 1.0 < decode(tmp_path / f"half{suffix}").seconds < 5.0

    def test_a_scratched_file_plays_on(self, tmp_path):
        encode_mp3(tone(8.0), tmp_path / "a.mp3")
        data = bytearray((tmp_path / "a.mp3").read_bytes())
        data[60_000:61_000] = bytes(1000)
        (tmp_path / "a.mp3").write_bytes(data)
        assert decode(tmp_path / "a.mp3").seconds == pytest.approx(8.0, abs=0.2)

    def test_blocks_are_small(self, tmp_path):
        encode_m4a(tone(5.0), tmp_path / "a.m4a")
        assert max(block.shape[1] for block in blocks(tmp_path / "a.m4a")) <= 1 << 16


class TestTranscode:
    def test_counts_the_real_length_and_reports_progress(self, tmp_path):
        encode_m4a(tone(4.0), tmp_path / "a.m4a")
        told = []
        info = transcode(tmp_path / "a.m4a", tmp_path / "a.wav", progress=told.append)
        assert info.seconds == pytest.approx(4.0, abs=0.03)
        assert info.seconds == probe(tmp_path / "a.wav").seconds
        assert told == sorted(told)
        assert told[-1] == info.seconds

    def test_stops_when_progress_says_so(self, tmp_path):
        encode_wav(tone(4.0), tmp_path / "a.wav")

        def stop(_):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            transcode(tmp_path / "a.wav", tmp_path / "a.mp3", progress=stop)

    def test_refuses_to_write_over_its_source(self, tmp_path):
        encode_wav(tone(), tmp_path / "a.wav")
        with pytest.raises(MediaError, match="over itself"):
            transcode(tmp_path / "a.wav", tmp_path / "a.wav")

    def test_refuses_other_suffixes(self, tmp_path):
        encode_wav(tone(), tmp_path / "a.wav")
        with pytest.raises(MediaError, match=r"\.wav, \.m4a or \.mp3"):
            transcode(tmp_path / "a.wav", tmp_path / "a.exe")
