"""Handwritten digits, as a folder of images: what turned copies are worth."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from seedbed import dataset
from seedbed.cli import output
from seedbed.cli.making import summary
from seedbed.connectors import Cache
from seedbed.core.optional import require
from seedbed.core.seeds import rng_for
from seedbed.dataset import Dataset
from seedbed.engine import LocalEngine
from seedbed.recipe import Recipe

__all__ = ["digits"]

_TRAIN_PER_LABEL = 20
_TURN = 30
_SEED = 7
_RECIPE = """\
# Few handwritten digits, and five slightly turned copies of each to train on.
name: digits
seed: 7
steps:
- gather:
  - image_folder: {path: "PLACE/digits"}
- roles: {target: label, image: image}
- augment:
  # Half a turn makes a 9 of a 6: a small angle only.
  - rotate: {column: image, copies: 5, max_degrees: 30, border: constant}
"""


def digits(folder: Path, tell: Callable[..., None]) -> dict[str, Any]:
    """Make a version of the digits, train with and without children, and return the facts.

    Args:
        folder: Where everything goes.
        tell: Is given the lines to print.

    Raises:
        MissingExtra: The extra ``demo`` is not installed.
    """
    tell("2. Digits: a folder of images, and more of them by turning")
    _lay_out(folder / "digits")
    place, store = folder / "digits.yaml", folder / "store"
    text = _RECIPE.replace("PLACE", json.dumps(str(folder), ensure_ascii=False)[1:-1])
    place.write_text(text, encoding="utf-8")
    tell(f"   seedbed run {place} --store {store}")
    with output.progress() as progress:
        run = dataset.run(
            Recipe.from_file(place),
            store=store,
            engine=LocalEngine(progress=progress),
            cache=Cache(folder / "cache"),
        )
    tell(f"   {run.dataset!r}{'' if run.is_new else ', unchanged'}")
    scores = _scores(run.dataset)
    tell(
        f"   a support vector machine, tested on {scores['tested']:,} digits, each turned "
        f"by up to {_TURN} degrees:",
        f"     trained on {scores['originals']:>5,} originals          "
        f"{scores['without']:.1%} right",
        f"     trained on {scores['trained']:>5,} with the children  {scores['with']:.1%} right",
        "",
    )
    return {**summary(run, store), "findings": [], "accuracy": scores}


def _lay_out(folder: Path) -> None:
    """Write the digits of scikit-learn as PNG files, by split and label."""
    to = "make the digits of the demo"
    load = require("sklearn.datasets", extra="demo", to=to).load_digits
    cv2 = require("cv2", extra="demo", to=to)
    found = load()
    seen = dict.fromkeys(range(10), 0)
    for number, (image, label) in enumerate(
        zip(found.images, found.target, strict=True)
    ):
        split = "train" if seen[label] < _TRAIN_PER_LABEL else "test"
        seen[label] += 1
        place = folder / split / str(label)
        place.mkdir(parents=True, exist_ok=True)
        # Ink goes from 0 to 16; and 8 pixels a side are too few to be turned well.
        pixels = (image * (255 / 16)).round().astype("uint8")
        large = cv2.resize(pixels, (16, 16), interpolation=cv2.INTER_LINEAR)
        (place / f"{number:04}.png").write_bytes(
            cv2.imencode(".png", large)[1].tobytes()
        )


def _scores(made: Dataset) -> dict[str, Any]:
    svm = require("sklearn.svm", extra="demo", to="train on the digits of the demo")
    test = made.split("test").collect()
    images, labels = _turned(test), test["label"].to_list()
    scores: dict[str, Any] = {"tested": test.height}
    for name, children in (("without", False), ("with", True)):
        train = made.split("train", children=children).collect()
        scores["trained" if children else "originals"] = train.height
        model = svm.SVC(kernel="rbf").fit(_pixels(train), train["label"].to_list())
        scores[name] = float(model.score(images, labels))
    return scores


def _pixels(rows: pl.DataFrame) -> Any:
    return [image.ravel() / 255 for image in map(_decode, rows["image"])]


def _turned(rows: pl.DataFrame) -> Any:
    """Return the pixels of test images, each turned by an angle of its own."""
    cv2 = require("cv2", extra="demo", to="turn the digits of the demo")
    rng = rng_for(_SEED, "demo", "test")
    turned: list[Any] = []
    for image in map(_decode, rows["image"]):
        height, width = image.shape
        centre = ((width - 1) / 2, (height - 1) / 2)
        turn = cv2.getRotationMatrix2D(centre, float(rng.uniform(-_TURN, _TURN)), 1.0)
        turned.append(cv2.warpAffine(image, turn, (width, height)).ravel() / 255)
    return turned


def _decode(data: bytes) -> Any:
    import numpy as np  # noqa: PLC0415 - heavy

    cv2 = require("cv2", extra="demo", to="read the digits of the demo")
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
