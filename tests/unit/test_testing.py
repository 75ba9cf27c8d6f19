"""The conformance checks catch what breaks a promise, and pass what does not."""

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import polars as pl
import pytest

from seedbed.augmentation.base import Augmenter, LabelPolicy, Params, Skip
from seedbed.cleaning import (
    ColumnRule,
    Effect,
    KeyRule,
    Learned,
    Learns,
    MergeRare,
    RowRule,
    Rule,
    Trim,
)
from seedbed.connectors import Cache, Connector, Decoded, Files, Landing
from seedbed.core.columns import Columns
from seedbed.core.statistics import Levels, Mean, Statistic
from seedbed.errors import WrongType
from seedbed.testing import (
    check_augmenter,
    check_check,
    check_connector,
    check_rule,
    try_rule,
)
from seedbed.validation.base import Check, Finding, KeyCheck, RowCheck

ROWS = pl.DataFrame(
    {"x": [3, None, 5, 3], "s": ["a", "b ", None, "a"], "y": [1, 2, 3, 4]}
)


class _Named:
    kind: ClassVar[str] = "broken"


@dataclass(frozen=True, kw_only=True)
class _Rewrites(_Named, ColumnRule):
    """A rule of one line, to be broken in many ways."""

    columns: Columns = "x"

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        return column


@dataclass(frozen=True, kw_only=True)
class SeesTheMean(_Rewrites):
    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        return column.fill_null(column.mean().cast(pl.Int64))


@dataclass(frozen=True, kw_only=True)
class HidesPython(_Rewrites):
    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        return column.map_batches(lambda s: s + 1, return_dtype=pl.Int64)


@dataclass(frozen=True, kw_only=True)
class SaysItLearns(_Rewrites):
    @property
    def learns(self) -> Learns:
        return Learns.TRAIN


@dataclass(frozen=True, kw_only=True)
class LearnsInSecret(_Rewrites):
    def study(self, column: str) -> Mapping[str, Statistic]:
        return {"mean": Mean(column)}


@dataclass(frozen=True, kw_only=True)
class LearnsElsewhere(SaysItLearns):
    def study(self, column: str) -> Mapping[str, Statistic]:
        return {"mean": Mean("y")}


@dataclass(frozen=True)
class FirstOne(Levels):
    def fold(
        self, tables: Sequence[pl.DataFrame], state: pl.DataFrame | None
    ) -> pl.DataFrame:
        return tables[0]


@dataclass(frozen=True, kw_only=True)
class LearnsByOrder(SaysItLearns):
    def study(self, column: str) -> Mapping[str, Statistic]:
        return {"some": FirstOne(column)}


@dataclass(frozen=True, kw_only=True)
class TypeByWhatIsLearned(SaysItLearns):
    def study(self, column: str) -> Mapping[str, Statistic]:
        return {"levels": Levels(column)}

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        return column if learned["levels"].is_empty() else column.cast(pl.Float64)


@dataclass(frozen=True, kw_only=True)
class NoWayBack(_Rewrites):
    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        return column.cast(pl.String)

    def inverse(self, column: str) -> str:
        return "guess"


@dataclass(frozen=True, kw_only=True)
class WrongWayBack(NoWayBack):
    def inverse(self, column: str) -> str:
        return "format:%Y"


@dataclass(frozen=True, kw_only=True)
class RefusesWords(_Rewrites):
    def refuses(self, column: pl.Expr) -> pl.Expr:
        return column.cast(pl.String)


@dataclass(frozen=True, kw_only=True)
class RefusesByOthers(_Rewrites):
    def refuses(self, column: pl.Expr) -> pl.Expr:
        return column > column.mean()


@dataclass(frozen=True, kw_only=True)
class HoldsData(_Rewrites):
    def __post_init__(self) -> None:
        object.__setattr__(self, "cache", {})


@dataclass(frozen=True, kw_only=True)
class DigestByChance(_Rewrites):
    def extra_digest(self) -> str:
        return str(random.random())


@dataclass(frozen=True, kw_only=True)
class KeepsTheLargest(_Named, RowRule):
    columns: Columns = "x"

    def keep(self, names: Sequence[str], learned: Learned) -> pl.Expr:
        return pl.col("x") == pl.col("x").max()


@dataclass(frozen=True, kw_only=True)
class KeysByPlace(_Named, KeyRule):
    columns: Columns = "x"

    def key(self, names: Sequence[str]) -> Sequence[pl.Expr]:
        return [pl.int_range(pl.len()) // 2 + pl.len()]


@dataclass(frozen=True, kw_only=True)
class _Free(_Named, Rule):
    effect: ClassVar[Effect] = Effect.VALUES
    columns: Columns = "x"

    def apply(
        self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned
    ) -> pl.LazyFrame:
        return frame


@dataclass(frozen=True, kw_only=True)
class TouchesOthers(_Free):
    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        return frame.with_columns(y=pl.col("y") + 1)


@dataclass(frozen=True, kw_only=True)
class DropsRows(_Free):
    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        return frame.drop_nulls("x")


@dataclass(frozen=True, kw_only=True)
class DropsWhatItDoesNotKnow(_Free):
    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        return frame.select("x", "s", "y")


@dataclass(frozen=True, kw_only=True)
class AddsAColumn(_Free):
    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        return frame.with_columns(z=1)


@dataclass(frozen=True, kw_only=True)
class IsEager(_Free):
    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        return frame.collect()


@dataclass(frozen=True, kw_only=True)
class ByChance(_Free):
    counter: ClassVar[Any] = itertools.count()

    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        return frame.with_columns(x=pl.lit(next(self.counter)))


@dataclass(frozen=True, kw_only=True)
class ByPlace(_Free):
    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        return frame.with_columns(x=pl.int_range(pl.len()))


@dataclass(frozen=True, kw_only=True)
class SortsRows(_Free):
    effect: ClassVar[Effect] = Effect.ROWS

    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        return frame.sort("y", descending=True)


@dataclass(frozen=True, kw_only=True)
class RewritesAsAColumn(_Free):
    effect: ClassVar[Effect] = Effect.COLUMNS

    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        return frame.with_columns(x=pl.col("x") + 1)


@dataclass(frozen=True, kw_only=True)
class SchemaByRows(_Free):
    effect: ClassVar[Effect] = Effect.COLUMNS

    def apply(self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned) -> Any:
        seen = frame.select("s").collect()["s"].unique().sort()
        return frame.with_columns(
            (pl.col("s") == s).alias(f"is {s}") for s in seen if s
        )


BROKEN_RULES = {
    SeesTheMean: "a row alone comes out other than in company",
    HidesPython: "it runs Python, but is not `opaque`",
    SaysItLearns: "learns from train, but does not",
    LearnsInSecret: "says that it learns nothing",
    LearnsElsewhere: "from columns not its own",
    LearnsByOrder: "depends on the order of the rows",
    TypeByWhatIsLearned: "its columns depend on the rows",
    NoWayBack: "its way back from String to Int64 is 'guess'",
    WrongWayBack: "does not lead back",
    RefusesWords: "`refuses` is neither true nor false",
    RefusesByOthers: "this looks at other rows",
    HoldsData: "it holds ['cache'], which are no settings",
    DigestByChance: "its digest is not stable",
    KeepsTheLargest: "a row alone comes out other than in company",
    KeysByPlace: "two rows with one key survive",
    TouchesOthers: "changes columns that it was not given",
    DropsRows: "a rule of values changes rows",
    DropsWhatItDoesNotKnow: "none of its business",
    AddsAColumn: "a rule of values changes columns",
    IsEager: "it returns a DataFrame, not a lazy frame",
    ByChance: "other values every time",
    ByPlace: "a row alone comes out other than in company",
    SortsRows: "changes values or the order",
    RewritesAsAColumn: "changes values of 'x'",
    SchemaByRows: "its columns depend on the rows",
}


@pytest.mark.parametrize("broken", BROKEN_RULES, ids=lambda cls: cls.__name__)
def test_a_broken_rule_is_caught(broken: type[Rule]) -> None:
    with pytest.raises(AssertionError) as caught:
        check_rule(broken(), ROWS)
    assert BROKEN_RULES[broken] in str(caught.value)
    assert "'broken'" in str(caught.value)


@dataclass(frozen=True, kw_only=True)
class Nameless(ColumnRule):
    columns: Columns = "x"

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        return column


def test_a_rule_without_a_name_is_caught() -> None:
    with pytest.raises(AssertionError, match="'Nameless': it is not registered"):
        check_rule(Nameless(), ROWS)


def test_good_rules_pass() -> None:
    check_rule(_Rewrites(), ROWS)
    check_rule(Trim(), ROWS)
    check_rule(MergeRare(columns="s", min_count=2), ROWS)


def test_try_rule_learns_from_train_alone() -> None:
    rule = MergeRare(columns="s", min_count=1)
    out = try_rule(rule, train={"s": ["a"]}, other={"s": ["a", "b"]})
    assert out["s"].to_list() == ["a", "other"]
    with pytest.raises(WrongType, match="'x' holds Int64"):
        try_rule(MergeRare(columns="x"), train=ROWS)


@dataclass(frozen=True, kw_only=True)
class Positive(_Named, RowCheck):
    column: str = "x"

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def message(self) -> str:
        return "above 3"

    def valid(self) -> pl.Expr:
        return pl.col(self.column) > 3


@dataclass(frozen=True, kw_only=True)
class FullStop(Positive):
    @property
    def message(self) -> str:
        return "above 3."


@dataclass(frozen=True, kw_only=True)
class ReadsInSecret(Positive):
    def valid(self) -> pl.Expr:
        return pl.col("y") > 3


@dataclass(frozen=True, kw_only=True)
class AboveTheMean(Positive):
    def valid(self) -> pl.Expr:
        return pl.col("x") > pl.col("x").mean()


@dataclass(frozen=True, kw_only=True)
class NoVerdict(Positive):
    def valid(self) -> pl.Expr:
        return pl.col("x") - 3


@dataclass(frozen=True, kw_only=True)
class _Finds(_Named, Check):
    reads: ClassVar[Any] = ("x",)
    message: ClassVar[Any] = "a finding"

    def examine(self, frame: pl.LazyFrame) -> Iterable[Finding]:
        yield self.finding(1, of=4)


@dataclass(frozen=True, kw_only=True)
class FindsTooMuch(_Finds):
    def examine(self, frame: pl.LazyFrame) -> Iterable[Finding]:
        yield self.finding(9, of=4)


@dataclass(frozen=True, kw_only=True)
class ShowsNoRow(_Finds):
    def examine(self, frame: pl.LazyFrame) -> Iterable[Finding]:
        yield self.finding(1, of=4, sample=[(7, None)])


@dataclass(frozen=True, kw_only=True)
class FindsSecretly(_Finds):
    def examine(self, frame: pl.LazyFrame) -> Iterable[Finding]:
        yield self.finding(frame.select(pl.col("y").min()).collect().item(), of=4)


@dataclass(frozen=True, kw_only=True)
class FindsByChance(_Finds):
    counter: ClassVar[Any] = itertools.count()

    def examine(self, frame: pl.LazyFrame) -> Iterable[Finding]:
        yield self.finding(next(self.counter) % 2, of=4)


@dataclass(frozen=True, kw_only=True)
class Unlike(_Named, KeyCheck):
    reads: ClassVar[Any] = ("s",)
    message: ClassVar[Any] = "each once"


BROKEN_CHECKS = {
    FullStop: "ends with a full stop",
    ReadsInSecret: "not in `reads`",
    AboveTheMean: "this looks at other rows",
    NoVerdict: "`valid` is neither true nor false",
    FindsSecretly: "not in `reads`",
    FindsTooMuch: "more rows fail than there are",
    ShowsNoRow: "rows that are not there",
    FindsByChance: "it finds other things",
}


@pytest.mark.parametrize("broken", BROKEN_CHECKS, ids=lambda cls: cls.__name__)
def test_a_broken_check_is_caught(broken: type[Check]) -> None:
    with pytest.raises(AssertionError) as caught:
        check_check(broken(), ROWS)
    assert BROKEN_CHECKS[broken] in str(caught.value)


def test_good_checks_pass() -> None:
    check_check(Positive(), ROWS)
    check_check(Unlike(), ROWS)
    check_check(_Finds(), ROWS)


@dataclass(frozen=True, kw_only=True)
class Adds(_Named, Augmenter[Any]):
    column: str = "n"

    def draw(self, sample: Any, rng: np.random.Generator) -> Params | Skip:
        return Skip("it is 0") if sample == 0 else {"by": int(rng.integers(9))}

    def transform(self, sample: Any, params: Params) -> Any:
        return sample + params["by"]


@dataclass(frozen=True, kw_only=True)
class DrawsGlobally(Adds):
    def draw(self, sample: Any, rng: np.random.Generator) -> Params:
        random.seed(1)
        return {"by": random.randint(1, 9)}


@dataclass(frozen=True, kw_only=True)
class DrawsTwice(Adds):
    counter: ClassVar[Any] = itertools.count()

    def draw(self, sample: Any, rng: np.random.Generator) -> Params:
        return {"by": next(self.counter)}


@dataclass(frozen=True, kw_only=True)
class TransformsByChance(Adds):
    counter: ClassVar[Any] = itertools.count()

    def transform(self, sample: Any, params: Params) -> Any:
        return sample + next(self.counter)


@dataclass(frozen=True, kw_only=True)
class ChangesTheType(Adds):
    def transform(self, sample: Any, params: Params) -> Any:
        return float(sample)


@dataclass(frozen=True, kw_only=True)
class DrawsNoPlainData(Adds):
    def draw(self, sample: Any, rng: np.random.Generator) -> Params:
        return {"by": rng.integers(9)}


@dataclass(frozen=True, kw_only=True)
class FlipsInSecret(Adds):
    label_policy: ClassVar[LabelPolicy] = LabelPolicy.FLIPS


@dataclass(frozen=True, kw_only=True)
class WritesIntoTheSample(Adds):
    def draw(self, sample: Any, rng: np.random.Generator) -> Params:
        return {"by": 1}

    def transform(self, sample: Any, params: Params) -> Any:
        sample += 1
        return sample


BROKEN_AUGMENTERS = {
    DrawsGlobally: "it uses the global generators",
    DrawsTwice: "one generator draws two things",
    TransformsByChance: "the same parameters give two children",
    ChangesTheType: "a child is float, its parent int",
    DrawsNoPlainData: "what it draws is not plain data",
    FlipsInSecret: "it flips labels, but has no `labels`",
}


@pytest.mark.parametrize("broken", BROKEN_AUGMENTERS, ids=lambda cls: cls.__name__)
def test_a_broken_augmenter_is_caught(broken: type[Augmenter[Any]]) -> None:
    with pytest.raises(AssertionError) as caught:
        check_augmenter(broken(), [1, 2])
    assert BROKEN_AUGMENTERS[broken] in str(caught.value)


def test_a_sample_that_is_written_into_is_caught() -> None:
    with pytest.raises(AssertionError, match="`transform` changes the sample"):
        check_augmenter(WritesIntoTheSample(), [np.array([1, 2])])


def test_good_augmenters_pass_unless_nothing_is_made() -> None:
    check_augmenter(Adds(), [0, 1])
    with pytest.raises(AssertionError, match="no sample got a child"):
        check_augmenter(Adds(), [0])


@dataclass(frozen=True, kw_only=True)
class _Toy(_Named, Connector):
    """A connector that leans on `Files`, to be broken in many ways."""

    path: str

    def land(self, cache: Cache) -> Landing:
        return Files(path=self.path).land(cache)

    def decode(self, landing: Landing, cache: Cache) -> Decoded:
        return Files(path=self.path).decode(landing, cache)


@dataclass(frozen=True, kw_only=True)
class LandsByChance(_Toy):
    counter: ClassVar[Any] = itertools.count()

    def land(self, cache: Cache) -> Landing:
        return replace(super().land(cache), digest=str(next(self.counter)))


@dataclass(frozen=True, kw_only=True)
class TellsThePassword(_Toy):
    def land(self, cache: Cache) -> Landing:
        landing = super().land(cache)
        record = replace(landing.record, url="sql://me:hunter2@there/db")
        return replace(landing, record=record)


@dataclass(frozen=True, kw_only=True)
class LandsNowhere(_Toy):
    def land(self, cache: Cache) -> Landing:
        return replace(super().land(cache), files=(Path("nowhere.csv"),))


@dataclass(frozen=True, kw_only=True)
class DecidesOtherTypes(_Toy):
    def scan(self, decoded: Decoded) -> pl.LazyFrame:
        return super().scan(decoded).cast(pl.String)


@dataclass(frozen=True, kw_only=True)
class ScansEagerly(_Toy):
    def scan(self, decoded: Decoded) -> Any:
        return super().scan(decoded).collect()


@dataclass(frozen=True, kw_only=True)
class ForgetsFragments(_Toy):
    def scan(self, decoded: Decoded) -> pl.LazyFrame:
        return super().scan(decoded).head(1)


@dataclass(frozen=True, kw_only=True)
class TurnsRows(_Toy):
    def scan(self, decoded: Decoded) -> pl.LazyFrame:
        return super().scan(decoded).reverse()


BROKEN_CONNECTORS = {
    LandsByChance: "the same bytes land as two digests",
    TellsThePassword: "its record shows a password",
    LandsNowhere: "it landed files that are not there",
    DecidesOtherTypes: "was decided",
    ScansEagerly: "it returns a DataFrame, not a lazy frame",
    ForgetsFragments: "its fragments are not all its rows",
    TurnsRows: "the fragment from row 0 on holds other rows than the scan",
}


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,x\n2,\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("broken", BROKEN_CONNECTORS, ids=lambda cls: cls.__name__)
def test_a_broken_connector_is_caught(broken: type[_Toy], table: str) -> None:
    with pytest.raises(AssertionError) as caught:
        check_connector(broken(path=table))
    assert BROKEN_CONNECTORS[broken] in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_good_connectors_pass(table: str, tmp_path: Path) -> None:
    check_connector(_Toy(path=table))
    check_connector(Files(path=table), Cache(tmp_path / "cache"))
