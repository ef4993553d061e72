"""Sound files for tests."""

import io
import wave

import av
import numpy as np


def length_of(data):
    """Seconds of a sound file, counted by decoding it."""
    with av.open(io.BytesIO(data)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def wav_file(seconds=2.0):
    """A stereo wav of a sweep."""
    t = np.arange(int(seconds * 44100)) / 44100
    wave_values = (0.3 * np.sin(2 * np.pi * (200 + 200 * t) * t) * 32767).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(np.repeat(wave_values, 2).tobytes())
    return out.getvalue()


def quiet_wav(seconds):
    """A small file of silence: mono, 8,000 Hz, 8 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * (8000 * seconds))
    return out.getvalue()
