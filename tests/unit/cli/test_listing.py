import dataclasses

import pytest

from seedbed import validation
from seedbed.augmentation import augmenter
from seedbed.cleaning import rule
from seedbed.cli.listing import fields_of
from seedbed.connectors import connector

REGISTRIES = {
    "connectors": connector,
    "checks": validation.check,
    "rules": rule,
    "augmenters": augmenter,
}
PARTS = [
    pytest.param(registry.get(kind), id=f"{sort}-{kind}")
    for sort, registry in REGISTRIES.items()
    for kind in registry
    if registry.get(kind).__module__.startswith("seedbed.")
]


def test_all_sorts(seedbed):
    found = seedbed.json("list")
    assert set(found) == set(REGISTRIES)
    assert found["rules"]["trim"] == "Strip the blanks around texts."
    assert "Augmenters" in seedbed("list").stdout


@pytest.mark.parametrize("sort", REGISTRIES)
def test_one_sort(seedbed, sort):
    found = seedbed.json("list", sort)
    assert list(found) == [sort]
    assert set(found[sort]) == set(REGISTRIES[sort])
    said = seedbed("list", sort).stdout
    assert all(kind in said for kind in found[sort])


@pytest.mark.parametrize("part", PARTS)
def test_every_field_of_every_part_is_explained(part):
    fields = fields_of(part)
    assert [f["field"] for f in fields] == [f.name for f in dataclasses.fields(part)]
    assert all(f["type"] and f["default"] for f in fields)
    silent = [f["field"] for f in fields if not f["what"]]
    assert not silent, f"the docstring of {part.__name__} says nothing of {silent}"


def test_one_part(seedbed):
    said = seedbed("list", "merge_rare").stdout
    for words in ("merge_rare (rule)", "min_count", "needed", "How many training rows"):
        assert words in said
    (found,) = seedbed.json("list", "merge_rare")
    assert found["sort"] == "rule"
    scope = next(f for f in found["fields"] if f["field"] == "scope")
    assert scope["type"] == "Literal['everywhere', 'train']"


def test_an_unknown_part(seedbed):
    result = seedbed("list", "merge_rar", code=2)
    assert "did you mean 'merge_rare'?" in result.stderr


def test_datasets(two):
    (found,) = two.json("list", "datasets")
    assert (found["name"], found["versions"], found["rows"]) == ("people", 2, 60)
    assert "people" in two("list", "datasets").stdout


def test_datasets_without_a_store(seedbed):
    assert "there is no store" in seedbed("list", "datasets", code=3).stderr
    assert not (seedbed.folder / "seedbed-store").exists()
