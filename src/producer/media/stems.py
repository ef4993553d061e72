"""A song's parts as files of their own, and all of them in one archive."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from producer.media.audio_file import encode_wav
from producer.studio.audio import Audio


def write_stems(stems: Iterable[tuple[str, Audio]], folder: Path) -> dict[str, Path]:
    """Write each stem as ``<name>.wav``, 24 bits, into a folder; the paths by name, in the order given."""
    paths = {}
    for name, stem in stems:
        paths[name] = folder / f"{name}.wav"
        encode_wav(stem, paths[name], bits=24)
    return paths


def pack_files(paths: Mapping[str, Path], archive: Path) -> None:
    """Put files into a zip under their own names, uncompressed: sound hardly shrinks.

    The same files give the same archive: entries bear no date.
    """
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for path in paths.values():
            entry = zipfile.ZipInfo(path.name)
            with path.open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                while chunk := source.read(1 << 20):
                    target.write(chunk)
