import re

import polars as pl
import pytest

from runs import Backwards, recipe
from seedbed.augmentation import LabelPolicy, Rotate
from seedbed.cleaning import (
    Clip,
    Dependency,
    Derive,
    DropColumns,
    DropDuplicates,
    FillMissing,
    Rename,
    Scope,
    ToNumber,
    Trim,
)
from seedbed.connectors import Files
from seedbed.errors import (
    BadSpec,
    Leak,
    MissingColumn,
    RecipeError,
    SeedbedError,
    WrongType,
)
from seedbed.plan import compile as plan_of
from seedbed.recipe import Recipe
from seedbed.unify import Join
from seedbed.validation import Between, NotNull

SCHEMA = pl.Schema(
    {
        "name": pl.String,
        "age": pl.Int64,
        "town": pl.String,
        "zip": pl.String,
        "y": pl.String,
    }
)
HALVES = {"train": 0.5, "test": 0.5}


class Flips(Backwards):
    """Turns the label, too."""

    label_policy = LabelPolicy.FLIPS


def two() -> Recipe:
    return Recipe("two").gather(a=Files(path="a.csv"), b=Files(path="b.csv"))


def join(**how: str) -> Join:
    return Join(**{"left": "a", "right": "b", "by": "name", **how})


FILL = FillMissing(columns="age")
DEPENDS = Dependency(given="zip", columns="town")
REFUSED: dict[str, tuple[Recipe, type[SeedbedError], str, str]] = {
    "nothing to gather": (
        Recipe("a").clean(Trim()),
        BadSpec,
        "nothing to gather",
        "recipe 'a'",
    ),
    "late gather": (
        recipe().clean(Trim()).gather(b=Files(path="b.csv")),
        BadSpec,
        "'gather' stands below",
        "steps[2]",
    ),
    "late unify": (
        recipe().clean(Trim()).unify(),
        BadSpec,
        "'unify' stands below",
        "steps[2]",
    ),
    "two unify": (recipe().unify().unify(), BadSpec, "a second 'unify'", "steps[2]"),
    "two splits": (
        recipe().split(**HALVES).split(**HALVES),
        BadSpec,
        "a second 'split'",
        "steps[2]",
    ),
    "clean below augment": (
        recipe().augment(Backwards(column="name")).clean(Trim()),
        BadSpec,
        "'clean' stands below `augment`",
        "steps[2]",
    ),
    "validate below augment": (
        recipe().augment(Backwards(column="name")).validate(NotNull(column="age")),
        BadSpec,
        "'validate' stands below `augment`",
        "steps[2]",
    ),
    "augment above split": (
        recipe().augment(Backwards(column="name")).split(**HALVES),
        Leak,
        "children of test rows",
        "steps[1].augment[0]",
    ),
    "same names": (
        recipe().gather(Files(path="b.csv")).unify(),
        BadSpec,
        "two sources are called 'files'",
        "recipe 'people'",
    ),
    "no unify": (two(), BadSpec, "2 sources and no word", "recipe 'two'"),
    "unknown in stack": (two().unify(stack=("a", "c")), BadSpec, "called 'c'", "unify"),
    "unknown in join": (
        two().unify(join=[join(right="c")]),
        BadSpec,
        "called 'c'",
        "unify",
    ),
    "unused": (
        two().unify(stack=("a",)),
        BadSpec,
        "'b' is gathered and never used",
        "unify",
    ),
    "joined to a joined": (
        two()
        .gather(c=Files(path="c.csv"))
        .unify(join=[join(), Join(left="b", right="c", by="name")]),
        BadSpec,
        "'b' is not the frame",
        "unify.join[1]",
    ),
    "train leak": (
        recipe().clean(FILL).split(**HALVES),
        Leak,
        "test rows",
        "steps[1].clean[0]",
    ),
    "company leak": (
        recipe().split(**HALVES).clean(Trim(), DEPENDS),
        Leak,
        "lets rows of all splits meet",
        "steps[2].clean[1]",
    ),
    "key leak": (
        recipe().split(**HALVES).clean(DropDuplicates()),
        Leak,
        "lets rows of all splits meet",
        "steps[2].clean[0]",
    ),
    "target leak": (
        recipe().roles(target="town").clean(DEPENDS),
        Leak,
        "learn from the target 'town'",
        "steps[2].clean[0]",
    ),
    "target leak by another name": (
        recipe()
        .roles(target="y")
        .clean(Rename(names={"y": "label"}), Dependency(given="label", columns="town")),
        Leak,
        "learn from the target 'label'",
        "steps[2].clean[1]",
    ),
    "target dropped": (
        recipe().roles(target="y").clean(DropColumns(columns="y")),
        RecipeError,
        "would drop the target 'y'",
        "steps[2].clean[0]",
    ),
    "target dropped by another name": (
        recipe()
        .roles(target="y")
        .clean(Rename(names={"y": "label"}), DropColumns(columns="label")),
        RecipeError,
        "would drop the target 'label'",
        "steps[2].clean[1]",
    ),
    "scope above split": (
        recipe().clean(Trim(scope=Scope.TRAIN)).split(**HALVES),
        BadSpec,
        "is for training rows, and none is known here",
        "steps[1].clean[0]",
    ),
    "scope and type": (
        recipe().split(**HALVES).clean(ToNumber(columns="zip", scope=Scope.TRAIN)),
        BadSpec,
        "cannot do so in train only",
        "steps[2].clean[0]",
    ),
    "no column": (
        recipe().clean(Trim(columns="nam")),
        MissingColumn,
        "'nam'",
        "steps[1].clean[0]",
    ),
    "wrong type": (
        recipe().clean(Trim(columns="age")),
        WrongType,
        "Int64",
        "steps[1].clean[0]",
    ),
    "column gone": (
        recipe().clean(DropColumns(columns="age"), Clip(columns="age", low=0)),
        MissingColumn,
        "'age'",
        "steps[1].clean[1]",
    ),
    "no column left": (
        recipe().clean(DropColumns(columns="@all")),
        BadSpec,
        "would leave no column",
        "steps[1].clean[0]",
    ),
    "hidden name": (
        recipe().clean(Derive(into="_key", formula="age + 1")),
        BadSpec,
        "'_key' belongs to a hidden column",
        "steps[1].clean[0]",
    ),
    "formula": (
        recipe().clean(Derive(into="x", formula="upper(age)")),
        WrongType,
        "cannot work on age: Int64",
        "steps[1].clean[0]",
    ),
    "check column": (
        recipe().validate(NotNull(column="agee")),
        MissingColumn,
        "'agee'",
        "steps[1].validate[0]",
    ),
    "check type": (
        recipe().validate(Between(column="town", low=0)),
        WrongType,
        "String, not numeric",
        "steps[1].validate[0]",
    ),
    "split column": (
        recipe().split(by="x", **HALVES),
        MissingColumn,
        "'x'",
        "steps[1].split",
    ),
    "split group gone": (
        recipe().roles(group="zip").clean(DropColumns(columns="zip")).split(**HALVES),
        MissingColumn,
        "'zip'",
        "steps[3].split",
    ),
    "split given": (
        recipe().split(given="age"),
        WrongType,
        "not text",
        "steps[1].split",
    ),
    "role": (recipe().roles(weight="w"), MissingColumn, "'w'", "steps[1].roles"),
    "id": (
        recipe().roles(id="n").clean(Derive(into="n", formula="age + 1")),
        MissingColumn,
        "'n'",
        "steps[1].roles",
    ),
    "augment column": (
        recipe().augment(Backwards(column="x")),
        MissingColumn,
        "'x'",
        "steps[1].augment[0]",
    ),
    "augment type": (
        recipe().augment(Rotate(column="name")),
        WrongType,
        "String, not binary",
        "steps[1].augment[0]",
    ),
    "flip without map": (
        recipe().roles(target="y").augment(Flips(column="name")),
        BadSpec,
        "flips labels and has no map",
        "steps[2].augment[0]",
    ),
    "flip without target": (
        recipe().augment(Flips(column="name", labels={"a": "b"})),
        BadSpec,
        "no column is the target",
        "steps[1].augment[0]",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_before_any_row_is_read(case: str) -> None:
    refused, kind, what, where = REFUSED[case]
    with pytest.raises(kind, match=re.escape(what)) as caught:
        plan_of(refused, SCHEMA)
    assert where in caught.value.where
    assert caught.value.fix
    assert type(caught.value) is kind


HIDDEN = [
    "_row",
    "_key",
    "_id",
    "_parent",
    "_split",
    "_source",
    "_source_row",
    "_reason",
]


@pytest.mark.parametrize("name", [*HIDDEN, "_survivor", "_matched"])
def test_a_hidden_name_in_a_source_is_refused(name: str) -> None:
    with pytest.raises(BadSpec, match=name) as caught:
        plan_of(recipe(), pl.Schema({"a": pl.Int64, name: pl.Int64}))
    assert caught.value.fix
    with pytest.raises(BadSpec, match=name):
        plan_of(recipe().clean(Rename(names={"a": name})), pl.Schema({"a": pl.Int64}))


def test_a_hidden_name_in_a_joined_source_is_refused() -> None:
    sources = {"a": SCHEMA, "b": pl.Schema({"name": pl.String, "_id": pl.Int64})}
    with pytest.raises(BadSpec, match="_id"):
        plan_of(two().unify(join=[join()]), sources)


def test_what_it_explains() -> None:
    steps = (
        recipe()
        .roles(target="y", group="zip")
        .clean(Trim(), DropDuplicates(columns="name", keep="first"))
        .validate(Between(column="age", low=0, quarantine=True))
        .split(train=0.8, test=0.2)
        .clean(FILL, Rename(names={"y": "label"}))
        .augment(Backwards(column="name", copies=2))
    )
    plan = plan_of(steps, SCHEMA)
    assert plan.explain().splitlines() == [
        "plan of 'people': 5 columns in, 5 out",
        "  1  steps[2].clean[0]     trim              name, town, zip, y",
        "  2  steps[2].clean[1]     drop_duplicates   name; rows meet",
        "  3  steps[3].validate[0]  between           age; bad rows to the quarantine",
        "  4  steps[4].split        split             zip; train 0.8, test 0.2",
        "  5  steps[5].clean[0]     fill_missing      age; learns from train",
        "  6  steps[5].clean[1]     rename            name, age, town, zip, y",
        "  7  steps[6].augment[0]   backwards         name; 2 a training row, label kept",
        *(f"  note: {note}" for note in plan.notes),
    ]
    assert len(plan.notes) == 2
    assert dict(plan.roles.items()) == {"target": "label", "group": "zip"}
    assert plan.to_frame()["step"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    assert list(plan.schema) == ["name", "age", "town", "zip", "label"]


def test_a_plan_of_nothing_but_a_source() -> None:
    plan = plan_of(recipe(), SCHEMA)
    assert plan.schema == SCHEMA
    assert plan.ops == ()
    assert plan.split is None


def test_columns_and_numbers_of_stacked_and_joined_sources() -> None:
    right = pl.Schema({"name": pl.String, "age": pl.Float64, "pet": pl.String})
    joined = plan_of(
        two().unify(join=[join()]).clean(Trim()), {"a": SCHEMA, "b": right}
    )
    assert list(joined.schema) == [*SCHEMA, "b_age", "pet"]
    assert [op.number for op in joined.ops] == [1, 2]
    other = pl.Schema({"pet": pl.String, "age": pl.Int64})
    stacked = plan_of(
        two().unify(stack=("b", "a")).clean(Trim()), {"a": SCHEMA, "b": other}
    )
    assert list(stacked.schema) == ["pet", "age", "name", "town", "zip", "y"]
    assert [op.number for op in stacked.ops] == [4]


def test_a_split_that_the_source_gives_is_kept() -> None:
    plan = plan_of(recipe().clean(FILL), SCHEMA, given_split="town")
    assert plan.split is not None
    assert plan.split.split.given == "town"
    assert [op.number for op in plan.ops] == [1, 2]
    own = plan_of(recipe().split(**HALVES), SCHEMA, given_split="town")
    assert own.split is not None
    assert own.split.split.given is None


def test_a_rule_may_not_learn_across_a_split_that_the_source_gives() -> None:
    steps = recipe().clean(DropDuplicates(), DEPENDS)
    with pytest.raises(Leak, match="the source gives them") as caught:
        plan_of(steps, SCHEMA, given_split="name")
    assert "- split: {given: name}" in caught.value.fix
    assert plan_of(steps.split(given="name"), SCHEMA, given_split="name").split
