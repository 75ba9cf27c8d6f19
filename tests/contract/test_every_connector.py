"""Every connector keeps the promises of all connectors."""

import base64
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from seedbed.connectors import Connector, Files, ImageFolder, Sql, connector
from seedbed.core.secret import Secret
from seedbed.testing import check_connector

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJ"
    "RU5ErkJggg=="
)


def files(folder: Path) -> Connector:
    (folder / "a.csv").write_text("n,s\n1,x\n2,\n", encoding="utf-8")
    (folder / "b.csv").write_text("s,n\n007,3\n", encoding="utf-8")
    return Files(path=str(folder / "*.csv"))


def sql(folder: Path) -> Connector:
    with closing(sqlite3.connect(folder / "fleet.db")) as base:
        base.execute("create table planes (tail text, seats integer)")
        base.execute("insert into planes values ('N1', 100), ('N2', null)")
        base.commit()
    (folder / "url").write_text(f"sqlite:///{folder / 'fleet.db'}", encoding="utf-8")
    return Sql(url=Secret(f"file:{folder / 'url'}"), table="planes")


def image_folder(folder: Path) -> Connector:
    for label in ("cat", "dog"):
        (folder / label).mkdir()
        (folder / label / "1.png").write_bytes(PIXEL)
    (folder / "dog" / "broken.png").write_bytes(b"no image")
    return ImageFolder(path=str(folder))


EXAMPLES: dict[str, Callable[[Path], Connector]] = {
    "files": files,
    "image_folder": image_folder,
    "sql": sql,
}


def test_every_connector_has_an_example() -> None:
    parts = {name: connector.get(name) for name in connector}
    ours = {n for n, part in parts.items() if part.__module__.startswith("seedbed.")}
    assert ours == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_connector_keeps_its_promises(name: str, tmp_path: Path) -> None:
    check_connector(EXAMPLES[name](tmp_path))
