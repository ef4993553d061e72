"""Sound files in and out: wav, m4a, mp3 written; those and ogg, flac and aac read."""

from producer.media.audio_file.reading import AudioInfo, blocks, decode, probe
from producer.media.audio_file.writing import Tags, encode_m4a, encode_mp3, encode_wav, transcode

__all__ = [
    "AudioInfo",
    "Tags",
    "blocks",
    "decode",
    "encode_m4a",
    "encode_mp3",
    "encode_wav",
    "probe",
    "transcode",
]
