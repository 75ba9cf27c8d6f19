"""The cache holds whole folders or none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seedbed.connectors.cache import Cache, default_folder, hash_file, land_files
from seedbed.errors import BadSpec, ConnectorError

KEY = "ab" * 16


def litter(cache: Cache) -> list[Path]:
    return list(cache.folder.glob(".stage-*"))


def test_a_folder_appears_when_it_is_whole(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "deep" / "cache")
    assert cache.find(KEY) is None
    with cache.stage(KEY) as folder:
        (folder / "a").write_text("1")
        assert cache.find(KEY) is None
    found = cache.find(KEY)
    assert found is not None
    assert (found / "a").read_text() == "1"
    assert not litter(cache)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_of_a_failure(
    tmp_path: Path, error: type[BaseException]
) -> None:
    cache = Cache(tmp_path)

    def fail() -> None:
        with cache.stage(KEY) as folder:
            (folder / "a").write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert cache.find(KEY) is None
    assert not litter(cache)


def test_the_first_to_finish_wins(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with cache.stage(KEY) as one:
        (one / "a").write_text("first")
        with cache.stage(KEY) as other:
            (other / "a").write_text("second")
    assert (tmp_path / KEY / "a").read_text() == "second"
    assert not litter(cache)


def test_replace_gives_way(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for word in ("old", "new"):
        with cache.stage(KEY, replace=True) as folder:
            (folder / word).write_text(word)
    assert [file.name for file in (tmp_path / KEY).iterdir()] == ["new"]
    assert not litter(cache)


def test_refresh_finds_only_what_it_staged_itself(tmp_path: Path) -> None:
    with Cache(tmp_path).stage(KEY):
        pass
    again = Cache(tmp_path, refresh=True)
    assert again.find(KEY) is not None
    assert again.find(KEY, dated=True) is None
    with again.stage(KEY, replace=True):
        pass
    assert again.find(KEY, dated=True) is not None


def test_the_stages_of_dead_processes_are_swept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with cache.stage(KEY) as mine:
        host = mine.name.split("-")[1]
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    dead = tmp_path / f".stage-{host}-{int(gone.stdout)}-00ff"
    alive = tmp_path / f".stage-{host}-{os.getpid()}-00ff"
    elsewhere = tmp_path / f".stage-00000000-{int(gone.stdout)}-00ff"
    for folder in (dead, alive, elsewhere):
        folder.mkdir()
    with cache.stage("cd" * 16):
        pass
    assert not dead.exists()
    assert alive.exists()
    assert elsewhere.exists()


def test_keys_are_digests(tmp_path: Path) -> None:
    with pytest.raises(BadSpec, match="no digest"):
        Cache(tmp_path).find("../../etc")


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConnectorError, match="cannot be written") as caught:
        Cache(tmp_path / "file").stage(KEY).__enter__()
    assert "SEEDBED_CACHE" in caught.value.fix


def test_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEEDBED_CACHE", str(tmp_path / "mine"))
    assert Cache().folder == tmp_path / "mine"
    monkeypatch.delenv("SEEDBED_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert default_folder() == tmp_path / "seedbed"


def test_landing_local_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"abc")
    two.write_bytes(b"abc")
    landing = land_files("one", [one])
    assert landing.files == (one,)
    assert landing.record.bytes == 3
    assert landing.record.hashes[str(one)].startswith("ba7816bf")
    assert landing.digest == land_files("two", [two]).digest
    assert landing.digest != land_files("one", [one], named=True).digest
    with pytest.raises(ConnectorError, match="cannot be read"):
        hash_file(tmp_path / "three")
