import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import seedbed
from seedbed.errors import StoreError
from seedbed.store import LocalStore

COMMIT = """
import sys
from seedbed.store import LocalStore
folder, who, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
store = LocalStore(folder)
for number in range(times):
    with store.staging() as staged:
        (staged / "a.txt").write_text(f"{who} {number}")
        name = store.keep(staged / "a.txt")
    store.commit("notes", {"file": name}, version=f"{who}{number:031x}")
"""


def keep(store: LocalStore, text: str) -> str:
    with store.staging() as folder:
        (folder / "a.txt").write_text(text)
        return store.keep(folder / "a.txt")


def commit(store: LocalStore, text: str, name: str = "notes", **more):
    return store.commit(name, {"file": keep(store, text)}, version=text * 32, **more)


def test_two_processes_commit_at_once(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(seedbed.__file__).parents[1])}
    folder = tmp_path / "made by whoever comes first"
    pair = [
        subprocess.Popen(
            [sys.executable, "-c", COMMIT, folder, who, "25"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
        )
        for who in "ab"
    ]
    for process in pair:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in pair:
        process.communicate("go\n", timeout=60)
    assert [process.returncode for process in pair] == [0, 0]
    store = LocalStore(folder)
    versions = store.versions("notes")
    assert [version.number for version in versions] == list(range(1, 51))
    for before, after in itertools.pairwise(versions):
        assert after.parent == before.id
    for who in "ab":
        mine = [version.id for version in versions if version.id[0] == who]
        assert mine == [f"{who}{number:031x}" for number in range(25)]
    assert all(store.path(store.manifest(v)["file"]).exists() for v in versions)
    assert not list((folder / "staging").iterdir())


def test_a_killed_first_run_leaves_a_folder_that_can_be_a_store(tmp_path: Path) -> None:
    (tmp_path / ".seedbed-store.json-1a2b3c4d").write_text("{")
    store = LocalStore(tmp_path)
    assert commit(store, "a").number == 1


def test_a_damaged_byte_is_found(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    name = keep(store, "hello")
    path = store.path(name)
    path.write_text("hellO")
    with pytest.raises(StoreError, match="damaged"):
        store.path(name)
    path.write_text("hello")
    assert store.path(name).read_text() == "hello"


def test_a_byte_that_rots_is_found_when_it_is_looked_for(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    name = keep(store, "hello")
    path = store.path(name)
    stat = path.stat()
    path.write_text("hellO")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(StoreError, match="damaged"):
        store.path(name, again=True)
    with pytest.raises(StoreError, match="damaged"):
        LocalStore(tmp_path).path(name)


def test_a_damaged_or_missing_object_is_put_back(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    name = keep(store, "hello")
    path = store.path(name)
    path.write_text("broken")
    assert keep(store, "hello") == name
    assert store.path(name).read_text() == "hello"
    path.unlink()
    with pytest.raises(StoreError, match="missing"):
        store.path(name)
    keep(store, "hello")
    assert store.path(name) == path


def test_nothing_is_kept_twice(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    one = store.path(keep(store, "hello")).stat()
    two = store.path(keep(store, "hello")).stat()
    assert (one.st_ino, one.st_mtime_ns) == (two.st_ino, two.st_mtime_ns)


def test_the_same_version_is_committed_once(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    first = commit(store, "a", message="why", retrieved={"files": "today"})
    assert commit(store, "a") == first
    assert (first.message, first.retrieved) == ("why", {"files": "today"})
    back = [commit(store, text).number for text in "bab"]
    assert back == [2, 3, 4]


def test_what_a_ref_means(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for text in ("a", "b", "1", "a"):
        commit(store, text)
    other = commit(store, "c", name="more")
    assert store.names() == ["more", "notes"]
    assert store.version("notes").number == 4
    assert store.version("notes@").number == 4
    assert store.version("notes@2").id == "b" * 32
    assert store.version("notes@bbbb").number == 2
    assert store.version("notes@1111").number == 3
    assert store.version("notes@aa").number == 4
    assert store.version(other.ref) == other
    for wrong in ("notes@9", "notes@0", "notes@dd", "notes@x"):
        with pytest.raises(StoreError, match="no version of 'notes'") as caught:
            store.version(wrong)
        assert "seedbed log notes" in caught.value.fix
    for unknown in ("note", "", "../notes"):
        with pytest.raises(StoreError, match="there is no dataset"):
            store.version(unknown)


def test_two_versions_may_begin_alike(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for end in "01":
        store.commit("n", {"e": end}, version=f"{'a' * 31}{end}")
    with pytest.raises(StoreError, match="2 versions of 'n'"):
        store.version("n@aaaa")


def test_stale_staging_is_swept_and_that_of_the_living_is_not(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    top = tmp_path / "staging"
    dead, alive = top / f"{child.pid}-0a", top / f"{os.getpid()}-0b"
    strange = top / "something"
    for folder in (dead, alive, strange):
        folder.mkdir(parents=True)
        (folder / "half.parquet").write_text("half")
    with store.staging() as mine:
        assert sorted(top.iterdir()) == sorted([alive, mine])
    assert list(top.iterdir()) == [alive]


def test_staging_goes_when_the_run_fails(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)

    def interrupted() -> None:
        with store.staging() as folder:
            (folder / "a").write_text("a")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not list((tmp_path / "staging").iterdir())


def test_a_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="is there and is no store"):
        LocalStore(tmp_path)
    with pytest.raises(StoreError, match="is there and is no store"):
        LocalStore(tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_store_of_another_time(tmp_path: Path) -> None:
    LocalStore(tmp_path)
    (tmp_path / "seedbed-store.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(StoreError, match="this store has format 99"):
        LocalStore(tmp_path)


def test_a_damaged_version_file(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    commit(store, "a")
    (tmp_path / "versions" / "notes" / "000001.json").write_text('{"name": "no')
    with pytest.raises(StoreError, match="the file of version 1 is damaged"):
        store.version("notes")


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_store_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be used"):
        LocalStore(tmp_path / "store")
