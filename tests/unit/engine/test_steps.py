"""What each sort of step does to rows, and how it is refused when it cannot."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest

from runs import Backwards, cut, everything, gone, recipe, run_on
from seedbed.cleaning import (
    Clip,
    ColumnRule,
    Derive,
    DropColumns,
    DropDuplicates,
    DropMissing,
    Effect,
    FillMissing,
    Learned,
    Rename,
    Rule,
    Scope,
    ToNumber,
    Trim,
)
from seedbed.connectors import Files
from seedbed.errors import BadSpec, DataError, MissingColumn
from seedbed.recipe import Recipe
from seedbed.unify import Join
from seedbed.validation import Between, Check, Finding, NotNull, Severity, Unique

# -- checks ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AsManyAs(Check):
    """As many rows as there were yesterday: a check of the whole frame."""

    kind: ClassVar[str] = "as_many_as"
    rows: int

    @property
    def reads(self) -> tuple[str, ...]:
        return ("age",)

    @property
    def message(self) -> str:
        return f"must have {self.rows} rows"

    def examine(self, frame: pl.LazyFrame) -> Iterable[Finding]:
        rows = frame.select(pl.len()).collect().item()
        if rows not in (self.rows, 0):
            yield self.finding(rows, of=rows)


AGES = pl.DataFrame({"name": ["a", "b", "c", "d", "e"], "age": [31, None, -4, 200, 31]})


@pytest.mark.parametrize("rows", [5, 2])
def test_a_whole_frame_check_sees_all_rows_that_are_left(
    rows: int, tmp_path: Path
) -> None:
    steps = recipe().clean(DropMissing(columns="age"))
    four, _ = run_on(steps.validate(AsManyAs(rows=4)), cut(AGES, rows), tmp_path / "a")
    assert four.report.ok
    _, outcome = run_on(
        steps.validate(AsManyAs(rows=5)), cut(AGES, rows), tmp_path / "b"
    )
    (finding,) = outcome.report.findings
    assert (finding.rows, finding.message) == (4, "must have 5 rows")
    assert finding.where.endswith("steps[2].validate[0]")


@pytest.mark.parametrize("rows", [5, 2])
@pytest.mark.parametrize("apart", [True, False])
def test_what_is_in_quarantine_fails_no_later_check(
    rows: int, apart: bool, tmp_path: Path
) -> None:
    first = Between(column="age", low=0, quarantine=True)
    second = Between(column="age", low=-10, high=150, severity=Severity.WARNING)
    third = Between(column="age", low=0)
    between = (Unique(column="name"),) if apart else ()
    steps = recipe().validate(first, *between, second, third)
    dataset, outcome = run_on(steps, cut(AGES, rows), tmp_path)
    assert [(f.check, f.rows, f.of) for f in outcome.report.findings] == [
        ("between", 1, 5),
        ("between", 1, 4),
    ]
    assert outcome.report.ok
    assert gone(dataset, "between") == [2]
    assert dataset.split().collect()["name"].to_list() == ["a", "b", "d", "e"]


@pytest.mark.parametrize("rows", [5, 2, 1])
def test_rows_that_share_a_key(rows: int, tmp_path: Path) -> None:
    looks = recipe().validate(Unique(column="age", severity=Severity.WARNING))
    _, outcome = run_on(looks, cut(AGES, rows), tmp_path / "a")
    (finding,) = outcome.report.findings
    assert (finding.rows, finding.of, finding.sample) == (2, 5, ((0, 31), (4, 31)))
    moves = recipe().validate(Unique(column="age", quarantine=True))
    dataset, _ = run_on(moves, cut(AGES, rows), tmp_path / "b")
    assert gone(dataset, "unique") == [0, 4]
    assert dataset.original().equals(AGES)


# -- duplicates -----------------------------------------------------------------------


@pytest.mark.parametrize("rows", [6, 1, 4])
def test_one_row_of_a_key_stays(rows: int, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"k": ["x", None, "x", None, "y", "x"], "n": [3, 1, 2, 5, 0, 1]}
    )
    steps = recipe().clean(DropDuplicates(columns="k", keep="first"))
    dataset, outcome = run_on(steps, cut(frame, rows), tmp_path / "first")
    assert dataset.split().collect()["n"].to_list() == [3, 1, 0]
    assert gone(dataset, "drop_duplicates") == [2, 3, 5]
    assert any("order" in note for note in outcome.plan.notes)
    assert "row 0" in dataset.why(5)
    survivors = [
        run_on(
            recipe().clean(DropDuplicates(columns="k")),
            cut(order, rows),
            tmp_path / str(n),
        )[0]
        .split()
        .collect()
        .sort("n")
        .rows()
        for n, order in enumerate([frame, frame.reverse(), frame.sort("n")])
    ]
    assert survivors[0] == survivors[1] == survivors[2]


def test_categories_of_different_fragments_meet_by_their_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"k": ["x", "y", "y", "x", "z"]}, schema={"k": pl.Categorical})
    steps = recipe().clean(DropDuplicates())
    dataset, _ = run_on(steps, cut(frame, 2), tmp_path)
    assert dataset.split().collect()["k"].cast(pl.String).to_list() == ["x", "y", "z"]
    assert dataset.original().equals(frame)


def test_columns_may_be_called_as_the_ledger_calls_its_own(tmp_path: Path) -> None:
    names = ["step", "rule", "column", "before", "after", "reason", "twin", "survivor"]
    frame = pl.DataFrame({name: [1, 1, 2, None] for name in names})
    steps = recipe().clean(DropDuplicates(), DropMissing(columns="step"), Clip(high=1))
    dataset, _ = run_on(steps, cut(frame, 3), tmp_path)
    assert everything(dataset)["original"].equals(frame)
    assert dataset.ledger.dropped().columns[:2] == ["step", "rule"]
    assert "dropped" in dataset.why(3)


# -- scope ----------------------------------------------------------------------------


def test_scope_train_leaves_the_others_alone(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"n": [None if i % 3 else i for i in range(300)], "i": range(300)}
    )
    steps = (
        recipe()
        .split(train=0.5, test=0.5)
        .clean(
            FillMissing(columns="n", strategy="value", value=-1, scope=Scope.TRAIN),
            DropMissing(columns="n", scope=Scope.TRAIN),
        )
    )
    dataset, _ = run_on(steps, cut(frame, 90), tmp_path)
    assert dataset.split("train").collect()["n"].null_count() == 0
    test = dataset.split("test").collect()
    assert test.equals(frame[test["i"].to_list()])
    assert test["n"].null_count() > 30
    assert dataset.original().equals(frame)
    new = dataset.prepare({"n": [None, 4], "i": [1, 2]})
    assert new["n"].to_list() == [None, 4]


def test_rows_are_dropped_in_train_only(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"n": [None if i % 3 else i for i in range(90)], "i": range(90)}
    )
    drop = DropMissing(columns="n", scope=Scope.TRAIN)
    dataset, _ = run_on(
        recipe().split(train=0.5, test=0.5).clean(drop), cut(frame, 40), tmp_path
    )
    assert dataset.split("train").collect()["n"].null_count() == 0
    assert dataset.split("test").collect()["n"].null_count() > 5
    assert dataset.original().equals(frame)


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [1, None], "side": ["test", "train"]})
    steps = (
        recipe()
        .split(given="side")
        .clean(DropMissing(columns="n"), FillMissing(columns="n"))
    )
    with pytest.raises(DataError, match="there is no training row"):
        run_on(steps, cut(frame, 2), tmp_path)


def test_a_given_split_without_train(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [1, 2], "side": ["test", "dev"]})
    with pytest.raises(DataError, match="has no 'train', only: dev, test"):
        run_on(recipe().split(given="side"), cut(frame, 2), tmp_path)
    holes = pl.DataFrame({"n": [1, 2], "side": ["train", None]})
    with pytest.raises(DataError, match="1 rows do not say in 'side'"):
        run_on(recipe().split(given="side"), cut(holes, 2), tmp_path)


# -- rules of strangers ---------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sly(Rule):
    """A rule that says one thing and does another."""

    kind: ClassVar[str] = "sly"
    effect: ClassVar[Effect] = Effect.VALUES
    does: str

    def apply(
        self, frame: pl.LazyFrame, names: object, learned: Learned
    ) -> pl.LazyFrame:
        match self.does:
            case "drops rows":
                return frame.filter(pl.col("age") > 0)
            case "touches another column":
                return frame.with_columns(pl.lit("x").alias("name"))
            case "reorders":
                return frame.reverse()
            case "makes more":
                return pl.concat([frame, frame])
            case "fails":
                return frame.with_columns(pl.col("age").map_elements(_fail, pl.Int64))
            case _:
                return frame.drop("name")


def _fail(_: object) -> object:
    message = "a stranger's mistake"
    raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class OtherType(ColumnRule):
    """A rule that gives another type than it says."""

    kind: ClassVar[str] = "other_type"

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        return column.map_batches(
            lambda s: s.cast(pl.String), return_dtype=pl.Int64, is_elementwise=True
        )


@dataclass(frozen=True, kw_only=True)
class Beside(ColumnRule):
    """A rule that reads another column, and says so."""

    kind: ClassVar[str] = "beside"

    @property
    def reads(self) -> tuple[str, ...]:
        return ("name",)

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        return pl.when(pl.col("name") == "a").then(column)


@pytest.mark.parametrize(
    ("does", "what"),
    [
        ("drops rows", "promised to keep all rows and made 3 of 5"),
        ("makes more", "promised to keep all rows and made 10 of 5"),
        ("touches another column", "promised to change age only, and changed 'name'"),
        ("reorders", "promised to change age only, and changed 'name'"),
    ],
)
def test_a_rule_that_breaks_its_promise(does: str, what: str, tmp_path: Path) -> None:
    steps = recipe().clean(Sly(columns="age", does=does))
    with pytest.raises(DataError, match=what) as caught:
        run_on(steps, cut(AGES, 5), tmp_path)
    assert caught.value.where.endswith("steps[1].clean[0]")
    assert caught.value.fix


def test_a_rule_that_fails_says_where(tmp_path: Path) -> None:
    steps = recipe().clean(Sly(columns="age", does="fails"))
    with pytest.raises(ValueError, match="a stranger's mistake") as caught:
        run_on(steps, cut(AGES, 5), tmp_path)
    assert caught.value.__notes__ == ["  where: recipe 'people', steps[1].clean[0]"]


def test_a_rule_that_is_found_out_before_any_row_is_read(tmp_path: Path) -> None:
    steps = recipe().clean(
        Sly(columns="age", does="drops a column"), Trim(columns="name")
    )
    with pytest.raises(MissingColumn, match="there is no column 'name'"):
        run_on(steps, cut(AGES, 5), tmp_path)


def test_a_rule_that_gives_another_type_than_it_says(tmp_path: Path) -> None:
    steps = recipe().clean(OtherType(columns="age"))
    with pytest.raises(DataError, match="Int64") as caught:
        run_on(steps, cut(AGES, 5), tmp_path)
    assert caught.value.fix


def test_a_column_rule_may_read_a_column_beside(tmp_path: Path) -> None:
    steps = recipe().clean(FillMissing(columns="age"), Beside(columns="age"))
    dataset, _ = run_on(steps, cut(AGES, 2), tmp_path)
    assert dataset.split().collect()["age"].to_list() == [31, None, None, None, None]


def test_a_cell_that_stops_the_run_is_named(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": ["1", "2", "three"]})
    strict = ToNumber(columns="n", unparsable="error")
    with pytest.raises(
        DataError, match="cannot read column 'n': 'three' in row 2"
    ) as caught:
        run_on(recipe().clean(strict), cut(frame, 2), tmp_path)
    assert caught.value.where.endswith("steps[1].clean[0]")


def test_all_columns_may_go(tmp_path: Path) -> None:
    with pytest.raises((BadSpec, DataError), match="no column"):
        run_on(recipe().clean(DropColumns(columns="@all")), cut(AGES, 5), tmp_path)


# -- ids ------------------------------------------------------------------------------


def ids(dataset, key: str = "name") -> dict[object, int]:
    tables = [dataset.split(name, ids=True).collect() for name in dataset.splits]
    return dict(pl.concat(tables).select(key, "_id").iter_rows())


def test_a_row_with_an_id_stays_who_it_is(tmp_path: Path) -> None:
    named = recipe().roles(id="name")
    one, _ = run_on(named, cut(AGES, 5), tmp_path / "a")
    edited = AGES.with_columns(pl.col("age") + 1)
    two, _ = run_on(named, cut(edited, 2), tmp_path / "b")
    assert ids(one) == ids(two)
    assert one.diff(two).cells == {"age": 4}
    renamed = named.clean(Rename(names={"name": "who"}))
    three, _ = run_on(renamed, cut(AGES, 3), tmp_path / "c")
    assert ids(three, "who") == ids(one)
    assert three.roles == {"id": "who"}


def test_rows_without_an_id_are_known_by_their_content(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["x", None, None, "x"], "n": [1, 2, 3, 4]})
    named = recipe().roles(id="id")
    one, _ = run_on(named, cut(frame, 4), tmp_path / "a")
    two, _ = run_on(named, cut(frame[[2, 1, 0, 3]], 3), tmp_path / "b")
    assert ids(one, "n") == ids(two, "n")
    assert len(set(ids(one, "n").values())) == 4


def test_an_id_that_only_one_of_two_sources_has(tmp_path: Path) -> None:
    two = Recipe("two").gather(a=Files(path="a.csv"), b=Files(path="b.csv"))
    steps = two.unify(stack=("a", "b")).roles(id="id")
    sources = {
        "a": cut(pl.DataFrame({"id": [1, 2], "n": [1, 2]}), 1),
        "b": cut(pl.DataFrame({"n": [3, 4]}), 1),
    }
    dataset, _ = run_on(steps, sources, tmp_path)
    assert len(set(ids(dataset, "n").values())) == 4


def test_an_id_must_be_gathered(tmp_path: Path) -> None:
    late = recipe().roles(id="key").clean(Derive(into="key", formula="age + 1"))
    with pytest.raises(MissingColumn, match="there is no column 'key'"):
        run_on(late, cut(AGES, 5), tmp_path)


# -- no rows, several sources ---------------------------------------------------------


def test_a_source_without_rows(tmp_path: Path) -> None:
    frame = AGES.clear()
    steps = (
        recipe()
        .clean(Trim(), DropDuplicates())
        .validate(NotNull(column="age"), Unique(column="name"), AsManyAs(rows=3))
        .split(train=0.5, test=0.5)
        .clean(FillMissing(columns="age"), Clip(quantiles=(0.1, 0.9)))
        .augment(Backwards(column="name"))
    )
    dataset, _ = run_on(steps, cut(frame, 5), tmp_path)
    assert dataset.rows == {"train": 0, "test": 0}
    assert dataset.split("test").collect_schema() == frame.schema
    assert dataset.original().equals(frame)
    assert dataset.original().schema == frame.schema
    assert dataset.verify()
    x, _ = dataset.to_numpy(features="age")
    assert x.shape == (0, 1)


NORTH = pl.DataFrame({"city": [" Oslo", "Bergen", "Oslo"], "snow": [True, None, False]})
SOUTH = pl.DataFrame({"sun": ["9", "x"], "city": ["Rome", " Rome"]})


@pytest.mark.parametrize("rows", [5, 1])
def test_two_sources_under_each_other(rows: int, tmp_path: Path) -> None:
    steps = (
        Recipe("two", seed=1)
        .gather(north=Files(path="n.csv"), south=Files(path="s.csv"))
        .unify(stack=("south", "north"))
        .clean(
            Trim(),
            DropDuplicates(columns="city", keep="first"),
            ToNumber(columns="sun"),
        )
    )
    sources = {"north": cut(NORTH, rows), "south": cut(SOUTH, rows)}
    dataset, _ = run_on(steps, sources, tmp_path)
    out = dataset.split().collect()
    assert out.columns == ["sun", "city", "snow"]
    assert out["city"].to_list() == ["Rome", "Oslo", "Bergen"]
    assert dataset.original("north").equals(NORTH)
    assert dataset.original("south").equals(SOUTH)
    with pytest.raises(Exception, match="there are 2 sources, and none is named"):
        dataset.original()
    assert "from source 'north': row 0 of a.csv" in dataset.why(2)
    assert dataset.prepare({"sun": ["4"], "city": [" x"], "snow": [None]}).rows() == [
        (4.0, "x", None)
    ]


FLIGHTS = pl.DataFrame({"tail": ["N1", "N2", None, "N1", "N9"], "n": [1, 2, 3, 4, 5]})
PLANES = pl.DataFrame(
    {"tail": ["N1", "N2", None, "N7"], "seats": ["02", "4", "5", "6"]}
)


def joined(**how: str) -> Recipe:
    flights, planes = Files(path="f.csv"), Files(path="p.csv")
    join = Join(left="flights", right="planes", by="tail", **how)
    return Recipe("joined").gather(flights=flights, planes=planes).unify(join=(join,))


@pytest.mark.parametrize("rows", [5, 2])
def test_a_join_that_keeps_all(rows: int, tmp_path: Path) -> None:
    planes = cut(PLANES, 2, {"seats": pl.Int64()})
    dataset, _ = run_on(
        joined(), {"flights": cut(FLIGHTS, rows), "planes": planes}, tmp_path
    )
    assert dataset.split().collect()["seats"].to_list() == [2, 4, None, 2, None]
    assert dataset.original("flights").equals(FLIGHTS)
    assert dataset.original("planes").equals(PLANES.cast({"seats": pl.Int64}))
    assert dataset.original("planes", text=True).equals(PLANES)
    new = dataset.prepare({"tail": ["N7", "N8"], "n": [1, 2]})
    assert new["seats"].to_list() == [6, None]


@pytest.mark.parametrize("rows", [5, 2])
def test_an_inner_join_keeps_what_it_drops(rows: int, tmp_path: Path) -> None:
    steps = joined(how="inner").clean(DropMissing())
    sources = {"flights": cut(FLIGHTS, rows), "planes": cut(PLANES, 9)}
    dataset, _ = run_on(steps, sources, tmp_path)
    assert dataset.split().collect()["n"].to_list() == [1, 2, 4]
    assert gone(dataset, "join planes") == [2, 4]
    assert dataset.original("flights").equals(FLIGHTS)
    assert "no match in 'planes'" in dataset.why(4)


@pytest.mark.parametrize("rows", [5, 1])
def test_a_join_that_expects_one_to_one(rows: int, tmp_path: Path) -> None:
    sources = {"flights": cut(FLIGHTS, rows), "planes": cut(PLANES, 9)}
    with pytest.raises(DataError, match="2 rows of 'flights' share a value of tail"):
        run_on(joined(expect="one-to-one"), sources, tmp_path / "a")
    sources["flights"] = cut(FLIGHTS.head(3), rows)
    dataset, _ = run_on(joined(expect="one-to-one"), sources, tmp_path / "b")
    assert dataset.rows == {"train": 3}


# -- roles and renames ----------------------------------------------------------------


def test_roles_follow_their_columns(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "who": [f"p{n % 9}" for n in range(90)],
            "y": ["no", "yes"] * 45,
            "t": ["ab"] * 90,
        }
    )
    steps = (
        recipe()
        .roles(target="y", group="who")
        .clean(Rename(names={"who": "person", "y": "label"}))
        .split(train=0.5, test=0.5)
    )
    flips = Backwards(column="t", labels={"no": "yes", "yes": "no"})
    flipped, _ = run_on(steps.augment(flips), cut(frame, 50), tmp_path / "children")
    children = flipped.split().collect().tail(flipped.ledger.total()[2])
    alike = flipped.split(children=False).collect()["label"]
    assert children["label"].to_list() == [{"no": "yes", "yes": "no"}[y] for y in alike]
    dataset, _ = run_on(steps, cut(frame, 50), tmp_path / "all")
    assert dataset.roles == {"target": "label", "group": "person"}
    sides = [set(dataset.split(name).collect()["person"]) for name in dataset.splits]
    assert not sides[0] & sides[1]
    assert min(map(len, sides)) > 0
    made = dataset.prepare({"who": ["x"], "t": ["y"]})
    assert made.columns == ["person", "t"]


def test_a_split_of_the_source_is_kept_and_served_without(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"n": [1, None, 5, 90], "side": ["train", "train", "train", "test"]}
    )
    steps = recipe().clean(FillMissing(columns="n", strategy="mean"))
    dataset, _ = run_on(steps, cut(frame, 2), tmp_path, given_split="side")
    assert dataset.rows == {"train": 3, "test": 1}
    assert dataset.split().collect()["n"].to_list() == [1, 3, 5]
