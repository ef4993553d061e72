"""Assets: found when whole, fetched when missing, refused when wrong."""

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from producer import assets
from producer.errors import AssetError


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty asset folder of the operator's own."""
    folder = tmp_path / "shelf"
    monkeypatch.setenv("PRODUCER_ASSETS_DIR", str(folder))
    return folder


def keep_archive(shelf: Path, folder: str, members: dict[str, bytes], *, wheel: bool) -> None:
    """Put a package where an interrupted fetch would have left it."""
    target = shelf / ".downloads" / folder
    target.mkdir(parents=True)
    if wheel:
        with zipfile.ZipFile(target / "package.whl", "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return
    with tarfile.open(target / "package.tgz", "w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


def asset(content: bytes, *sources: assets.Source) -> assets.Asset:
    return assets.Asset(
        "deep/file.bin", sources, len(content), hashlib.sha256(content).hexdigest(), "MIT", "a file"
    )


WHEEL = assets.Source("pypi", "some-data", "1.0", "data/part.bin")
TARBALL = assets.Source("npm", "@scope/some-data", "2.0", "package/part.bin")


def test_every_asset_names_its_licence_and_a_pinned_source() -> None:
    for row in assets.table().values():
        assert row.licence
        assert len(row.sha256) == 64
        assert all(
            source.registry in {"pypi", "npm"} and source.version[0].isdigit() for source in row.sources
        )


def test_the_installed_assets_are_whole() -> None:
    assert assets.missing(thorough=True) == ()


def test_a_missing_asset_says_how_to_get_it(shelf: Path) -> None:
    with pytest.raises(AssetError, match="Run `producer assets`"):
        assets.find("soundfont.sf3")
    assert len(assets.missing()) == len(assets.table())


def test_parts_of_several_packages_are_joined_and_checked(shelf: Path) -> None:
    keep_archive(shelf, "pypi-some-data-1.0", {"data/part.bin": b"left"}, wheel=True)
    keep_archive(shelf, "npm-@scope-some-data-2.0", {"package/part.bin": b"right"}, wheel=False)
    wanted = asset(b"leftright", WHEEL, TARBALL)
    assert assets.fetch(wanted=[wanted]) == (wanted,)
    assert (shelf / "deep/file.bin").read_bytes() == b"leftright"
    assert not (shelf / ".downloads").exists()


def test_a_file_with_another_sha256_is_refused_and_not_kept(shelf: Path) -> None:
    keep_archive(shelf, "pypi-some-data-1.0", {"data/part.bin": b"evil"}, wheel=True)
    with pytest.raises(AssetError, match=r"some-data 1\.0 is not the file it should be"):
        assets.fetch(wanted=[asset(b"good", WHEEL)])
    assert not list((shelf / "deep").iterdir())


def test_a_package_that_cannot_be_had_is_named_with_the_remedy(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "ATTEMPTS", 1)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    absent = assets.Source("pypi", "no-such-package-here", "1.0", "x")
    with pytest.raises(
        AssetError, match=r"no-such-package-here 1\.0 can't be had from PyPI.*PRODUCER_ASSETS_DIR"
    ):
        assets.fetch(wanted=[asset(b"x", absent)])


def test_nothing_is_fetched_when_nothing_is_missing(shelf: Path) -> None:
    assert assets.fetch(wanted=[]) == ()


def test_what_is_made_of_an_asset_is_made_once_and_whole(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shelf / "flour").mkdir(parents=True)
    (shelf / "flour" / "bag").write_bytes(b"wheat")
    flour = assets.Asset("flour/bag", (), 5, hashlib.sha256(b"wheat").hexdigest(), "CC0", "flour")
    monkeypatch.setattr(assets, "table", lambda: {"flour/bag": flour})
    baked = []

    def bake(packaged: Path, into: Path) -> None:
        (into / "bread").write_bytes(packaged.read_bytes())
        baked.append(into)
        if len(baked) == 1:
            raise RuntimeError("the power went")
        (into / "cake").write_bytes(b"sweet")

    with pytest.raises(RuntimeError):
        assets.derive("bakery-1", "flour/bag", ("bread", "cake"), bake)
    assert list((shelf / "derived").iterdir()) == []
    folder = assets.derive("bakery-1", "flour/bag", ("bread", "cake"), bake)
    assert (folder / "bread").read_bytes() == b"wheat"
    assert assets.derive("bakery-1", "flour/bag", ("bread", "cake"), bake) == folder
    assert len(baked) == 2


def test_without_the_asset_nothing_is_made_of_it(shelf: Path) -> None:
    with pytest.raises(AssetError, match="producer assets"):
        assets.derive("bakery-1", "smollm2/model.gguf", ("bread",), lambda packaged, into: None)
    assert not shelf.exists()
