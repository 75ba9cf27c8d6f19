"""Images come in with their labels, and what is none says so."""

import struct
import zlib
from pathlib import Path

import polars as pl
import pytest

import seedbed.connectors.images as images_module
from seedbed.connectors import Cache, Decoded, ImageFolder
from seedbed.connectors.pixels import image_size
from seedbed.errors import BadSpec, ConnectorError

SHARED = Path(__file__).parents[4] / "shared" / "data" / "image"


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body))
            + name
            + body
            + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width + 1) * height))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )  # fmt: skip


def jpeg(width: int = 5, height: int = 4) -> bytes:
    exif = b"\xff\xe1" + struct.pack(">H", 2 + 40) + b"Exif" + b"\xff\xc0" * 18
    frame = (
        b"\xff\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    )
    return b"\xff\xd8" + exif + frame + b"\xff\xda\0\2..." + b"\xff\xd9"


def bmp(width: int = 7, height: int = -6) -> bytes:
    return b"BM" + struct.pack("<IHHIIii", 54, 0, 0, 54, 40, width, height) + b"\0" * 28


def webp(kind: bytes, body: bytes) -> bytes:
    data = b"WEBP" + kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(data)) + data


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png(), (3, 2)),
        (jpeg(), (5, 4)),
        (bmp(), (7, 6)),
        (b"GIF89a" + struct.pack("<HH", 9, 8) + b"\0;", (9, 8)),
        (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 11, 10)), (11, 10)),
        (webp(b"VP8L", b"\x2f" + struct.pack("<I", 12 | 11 << 14)), (13, 12)),
        (webp(b"VP8X", b"\0" * 4 + b"\x0e\0\0\x0d\0\0"), (15, 14)),
    ],
)
def test_sizes(data: bytes, size: tuple[int, int]) -> None:
    assert image_size(data) == size
    for end in (5, len(data) // 2, len(data) - 1):
        with pytest.raises(BadSpec):
            image_size(data[:end])


def test_no_image() -> None:
    for data in (b"", b"hello", b"%PDF-1.4"):
        with pytest.raises(BadSpec):
            image_size(data)
    with pytest.raises(BadSpec, match="no pixels"):
        image_size(png(0, 3))


def fill(root: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def decode(root: Path) -> Decoded:
    source, cache = ImageFolder(path=str(root)), Cache()
    return source.decode(source.land(cache), cache)


def read(root: Path) -> pl.DataFrame:
    return ImageFolder(path=str(root)).scan(decode(root)).collect()


def test_folders_are_labels(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    fill(root, {"dog/b.png": png(), "cat/a.JPG": jpeg(), "cat/.hidden.png": b""})
    frame = read(root)
    assert frame.drop("image").rows() == [
        ("cat/a.JPG", "cat", 5, 4),
        ("dog/b.png", "dog", 3, 2),
    ]
    assert frame["image"].to_list() == [jpeg(), png()]
    assert decode(root).split is None
    assert decode(root).quarantine is None


def test_folders_of_splits(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    fill(root, {"train/cat/a.png": png(), "val/dog/b.png": png(), "stray.png": png()})
    decoded = decode(root)
    assert decoded.split == "split"
    rows = read(root).select("path", "label", "split").rows()
    assert rows == [
        ("train/cat/a.png", "cat", "train"),
        ("val/dog/b.png", "dog", "val"),
    ]
    assert decoded.quarantine is not None
    lost = pl.read_parquet(decoded.quarantine)
    assert lost["file"].to_list() == ["stray.png"]
    assert "<split>/<label>/<name>" in lost["reason"][0]


def test_train_and_test_may_be_labels(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    fill(root, {"train/a.png": png(), "test/b.png": png()})
    assert read(root)["label"].to_list() == ["test", "train"]


def test_what_is_no_image_goes_to_the_quarantine(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    fill(root, {"cat/a.png": png(), "cat/b.png": png()[:-20], "cat/c.txt": b"notes",
                "cat/deep/d.png": png()})  # fmt: skip
    decoded = decode(root)
    assert read(root)["path"].to_list() == ["cat/a.png"]
    assert decoded.quarantine is not None
    lost = pl.read_parquet(decoded.quarantine)
    assert lost["file"].to_list() == ["cat/b.png", "cat/c.txt", "cat/deep/d.png"]
    assert decoded.decided["quarantined"] == 3


def test_paths_count(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    fill(one, {"cat/a.png": png()})
    fill(two, {"dog/a.png": png()})
    digests = {ImageFolder(path=str(p)).land(Cache()).digest for p in (one, two)}
    assert len(digests) == 2


def test_fragments_are_bounded_in_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "photos"
    fill(root, {f"cat/{n}.png": png() for n in range(5)})
    monkeypatch.setattr(images_module, "_FRAGMENT_BYTES", 2 * len(png()))
    decoded = decode(root)
    assert [f.rows for f in decoded.fragments] == [2, 2, 1]
    assert [f.origin_row for f in decoded.fragments] == [0, 2, 4]
    assert read(root).height == 5


def test_faults(tmp_path: Path) -> None:
    with pytest.raises(BadSpec):
        ImageFolder(path="")
    with pytest.raises(ConnectorError, match="there is no folder"):
        decode(tmp_path / "none")
    fill(tmp_path / "notes", {"a/b.txt": b"x"})
    with pytest.raises(ConnectorError, match="holds no images"):
        decode(tmp_path / "notes")
    fill(tmp_path / "broken", {"a/b.png": b"x"})
    with pytest.raises(ConnectorError, match="no image can be read"):
        decode(tmp_path / "broken")


def test_a_file_that_changes_after_landing(tmp_path: Path) -> None:
    fill(tmp_path / "photos", {"cat/a.png": png()})
    source = ImageFolder(path=str(tmp_path / "photos"))
    landing = source.land(Cache())
    fill(tmp_path / "photos", {"cat/a.png": png(9, 9)})
    with pytest.raises(ConnectorError, match="changed after"):
        source.decode(landing, Cache())


@pytest.mark.skipif(not SHARED.exists(), reason="the photographs are not here")
def test_photographs() -> None:
    decoded = decode(SHARED / "clothing")
    assert sum(f.rows for f in decoded.fragments) == 300
    assert decoded.split == "split"
