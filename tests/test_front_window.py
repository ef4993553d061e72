"""What the package promises to its callers."""

import subprocess
import sys

import pytest

import producer

PROMISED = {
    "Audio", "Commission", "ProducerError", "Recording", "Song",
    "compose", "dump_song", "load_song", "record", "render", "save",
}  # fmt: skip


def test_exactly_the_promised_names_are_exported_and_each_one_is_there() -> None:
    assert set(producer.__all__) == PROMISED == set(dir(producer))
    assert all(getattr(producer, name) is not None for name in PROMISED)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sing_badly'"):
        producer.sing_badly  # noqa: B018


def test_importing_the_package_loads_no_arrays() -> None:
    code = "import sys, producer; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
