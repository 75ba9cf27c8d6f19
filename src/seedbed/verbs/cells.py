"""The verbs: each adds a step to a recipe and runs its plan."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import polars as pl

from seedbed.augmentation import Augmenter
from seedbed.cleaning import Rule
from seedbed.connectors import (
    Cache,
    Connector,
    Decoded,
    Files,
    Fragment,
    read_source,
)
from seedbed.core.frame import ID, PARENT, ROW, SPLIT, to_polars
from seedbed.core.identity import to_hex
from seedbed.engine import Gathered, LocalEngine, Outcome, execute, gather
from seedbed.engine.translate import in_our_words
from seedbed.errors import BadSpec
from seedbed.ledger import Ledger, Level, Stored
from seedbed.plan import compile
from seedbed.recipe import Gather, Recipe, Unify
from seedbed.validation import Check, Report
from seedbed.verbs.results import (
    Augmented,
    Checked,
    Cleaned,
    Hand,
    Read,
    Result,
    Splits,
)

__all__ = ["augment", "check", "check_recipe", "clean", "read", "split"]

Hand.kind = "hand"


_NAME = "notebook"


_FRAGMENT = 131_072


def read(
    source: str | Path | Connector,
    *,
    types: Literal["infer", "text"] = "infer",
    cache: Cache | None = None,
) -> Read:
    r"""Read a file, a glob, a folder of images, or anything that has a connector.

    Args:
        source: A path, or a connector.
        types: For text files: decide the types of columns, or leave all as text.
        cache: Where decoded data lies between runs.

    Raises:
        ConnectorError: It cannot be read.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "people.csv"
        >>> _ = path.write_text("name,zip,age\nann,01234,31\n")
        >>> read(path).frame.row(0)
        ('ann', '01234', 31)
    """
    connector = source if isinstance(source, Connector) else read_source(source)
    if types == "text" and isinstance(connector, Files):
        connector = replace(connector, types="text")
    recipe = Recipe(_NAME).gather(connector)
    sources = gather(recipe, cache or Cache())
    (found,) = sources.values()
    decoded, landing = found.decoded, found.landing
    assert landing is not None, "a gathered source has a landing"  # noqa: S101
    with in_our_words(f"source {source!r}"):
        frame = found.scan().collect()
    quarantine = (
        pl.DataFrame()
        if decoded.quarantine is None
        else pl.read_parquet(decoded.quarantine)
    )
    return Read(
        frame=frame,
        recipe=recipe,
        sources=sources,
        quarantine=quarantine,
        decided=decoded.decided,
        record=landing.record,
    )


def check(table: Any, *checks: Check) -> Checked:
    """Look at a table; nothing is raised when a check fails.

    Args:
        table: A table, or what another verb returned.
        checks: What to expect.

    Returns:
        The rows without those in quarantine, the report, and the quarantine.

    Examples:
        >>> from seedbed.validation import Between
        >>> checked = check({"age": [31, -4]}, Between(column="age", low=0))
        >>> checked.ok, checked.report.findings[0].rows
        (False, 1)
    """
    before = _start(table)
    done = _run(before, before.recipe.validate(*checks))
    return Checked(**done, quarantine=done["ledger"].dropped())


def clean(table: Any, *rules: Rule, ledger: Level = "full") -> Cleaned:
    """Clean a table.

    Args:
        table: A table, or what another verb returned.
        rules: The rules, in order.
        ledger: How much to keep of what is changed and dropped.

    Returns:
        The rows, and the ledger.
    """
    before = _start(table)
    return Cleaned(**_run(before, before.recipe.clean(*rules), ledger))


def split(
    table: Any,
    *,
    by: str | tuple[str, ...] | None = None,
    given: str | None = None,
    seed: int = 0,
    **shares: float,
) -> Splits:
    """Split a table by share, by share of groups, or as a column says.

    Args:
        table: A table, or what another verb returned.
        by: Columns whose values name a group; a group is never torn apart.
        given: A column that holds the name of the split of each row.
        seed: Another seed gives another split.
        shares: The split names with their shares; one is ``train``.

    Returns:
        The rows with a column `_split`; ``splits["train"]`` is one side.
    """
    before = _start(table, seed=seed)
    return Splits(**_run(before, before.recipe.split(by=by, given=given, **shares)))


def augment(
    table: Any,
    *augmenters: Augmenter[Any],
    target: str | None = None,
    id: str | None = None,  # noqa: A002 - the field's own word for it
    seed: int = 0,
) -> Augmented:
    """Make more training rows.

    Args:
        table: A table, or what another verb returned; after a split, only its training
            rows get children.
        augmenters: What to do to the samples.
        target: The column of the label.
        id: The column that names a row for good.
        seed: Another seed gives other children.

    Returns:
        The rows with `_id`, and children, which carry the `_id` of their `_parent`.
    """
    before = _start(table, seed=seed)
    recipe = before.recipe
    if target or id:
        recipe = recipe.roles(target=target, id=id)
    return Augmented(**_run(before, recipe.augment(*augmenters), ids=True))


def check_recipe(
    recipe: Recipe, table: Any = None, *, cache: Cache | None = None
) -> Report:
    """Run a recipe without making a version, and return what its checks found.

    Args:
        recipe: The recipe.
        table: Rows to take instead of its stacked source, if given: a table, a path or a
            connector.
        cache: Where decoded data lies between runs.

    Raises:
        BadSpec: A table is given and the recipe stacks several sources.
    """
    if table is None:
        sources = gather(recipe, cache or Cache())
    else:
        sources = _instead(recipe, table, cache or Cache())
    before = Result(frame=pl.DataFrame(), recipe=recipe, sources=sources)
    return _run(before, recipe, "counts")["report"]


def _instead(recipe: Recipe, table: Any, cache: Cache) -> dict[str, Gathered]:
    unify = [step for step in recipe.steps if isinstance(step, Unify)]
    rights = {join.right for step in unify for join in step.join}
    stacked = [name for name in recipe.sources if name not in rights]
    if len(stacked) != 1:
        raise BadSpec(
            f"the recipe stacks {len(stacked)} sources, so one table cannot stand for them",
            where=recipe.where,
            fix=f"`seedbed check {recipe.place or 'RECIPE'}` looks at its own sources",
        )
    joined = replace(recipe, steps=tuple(_only(step, rights) for step in recipe.steps))
    sources = gather(joined, cache) if rights else {}
    given = isinstance(table, str | Path | Connector)
    other = read(table, cache=cache).sources if given else _start(table).sources
    return {stacked[0]: next(iter(other.values())), **sources}


def _only(step: Any, names: set[str]) -> Any:
    if not isinstance(step, Gather):
        return step
    return Gather(
        tuple((name, source) for name, source in step.sources if name in names)
    )


def _start(table: Any, *, seed: int | None = None) -> Result:
    """Return what a verb begins with: a table as a source, or what another returned."""
    if isinstance(table, Result):
        if not seed or seed == table.recipe.seed:
            return table
        if table.recipe.seed:
            raise BadSpec(
                f"the steps so far have the seed {table.recipe.seed}, not {seed}",
                where="seed",
                fix="give every verb of a chain the same seed",
            )
        return replace(table, recipe=replace(table.recipe, seed=seed))
    frame = to_polars(table)
    fragments = tuple(
        Fragment(uri="", row_start=start, rows=min(_FRAGMENT, frame.height - start))
        for start in range(0, max(frame.height, 1), _FRAGMENT)
    )
    decoded = Decoded(fragments=fragments, schema=frame.schema)
    recipe = Recipe(_NAME, seed=seed or 0, place="the cell").gather(Hand())
    source = Gathered(landing=None, decoded=decoded, frame=frame)
    return Result(frame=frame, recipe=recipe, sources={"hand": source})


def _run(
    before: Result, recipe: Recipe, level: Level = "full", *, ids: bool = False
) -> dict[str, Any]:
    schemas = {name: source.decoded.schema for name, source in before.sources.items()}
    given = next(
        (s.decoded.split for s in before.sources.values() if s.decoded.split), None
    )
    plan = compile(recipe, schemas, given_split=given)
    with tempfile.TemporaryDirectory() as name, in_our_words(recipe.where):
        folder = Path(name)
        outcome = execute(
            plan, before.sources, folder=folder, engine=LocalEngine(), level=level
        )
        return {
            "frame": _frame(outcome, folder, ids=ids),
            "recipe": recipe,
            "ledger": _ledger(outcome, folder),
            "report": outcome.report,
            "sources": before.sources,
        }


def _frame(outcome: Outcome, folder: Path, *, ids: bool) -> pl.DataFrame:
    names = pl.Enum(outcome.splits)
    parts: list[pl.DataFrame] = []
    for shard in outcome.shards:
        part = pl.read_parquet(folder / shard.data)
        beside = pl.read_parquet(folder / shard.ids)
        hidden: list[pl.Series] = [beside[ROW]]
        if outcome.plan.split is not None:
            hidden.append(
                pl.repeat(shard.split, part.height, dtype=names, eager=True).alias(
                    SPLIT
                )
            )
        if ids:
            hidden.append(_hex(beside[ID]))
            none = pl.repeat(None, part.height, dtype=pl.String, eager=True).alias(
                PARENT
            )
            hidden.append(_hex(beside[PARENT]) if shard.children else none)
        parts.append(part.with_columns(hidden))
    rows = pl.concat(parts).sort(ROW, nulls_last=True, maintain_order=True)
    return rows.drop(ROW)


def _ledger(outcome: Outcome, folder: Path) -> Ledger:
    def stored(file: tuple[str, int, int, int]) -> Stored:
        name, ordinal, step, rows = file
        table = pl.read_parquet(folder / name).lazy()
        return Stored(ordinal=ordinal, step=step, rows=rows, load=lambda: table)

    return Ledger(
        steps=outcome.entries,
        cells=tuple(stored(file) for file in outcome.cells),
        dropped_tables=tuple(stored(file) for file in outcome.dropped),
        level=outcome.level,
        inverses=outcome.inverses,
    )


def _hex(ids: pl.Series) -> pl.Series:
    return pl.Series(
        ids.name, [None if n is None else to_hex(n) for n in ids], pl.String
    )
