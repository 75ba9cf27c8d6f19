"""A chain of seven rules on 3 million rows: seedbed beside Polars and pandas by hand.

Every contestant reads the same Parquet file of texts, trims, turns null tokens into
nulls, reads numbers, clips them, fills the gaps with the median, merges rare levels,
drops duplicates, and writes Parquet. Each runs in a process of its own, from start to
end, imports included; CPU seconds and peak memory are those of the whole process, as the
kernel counted them. The median of several rounds is shown, contestants taking turns.

    python tests/benchmarks/run_chain.py                 # 3 million rows, 3 rounds
    python tests/benchmarks/run_chain.py --rows 300000 --rounds 1
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TEXTS = ["name", "city", "country"]
NUMBERS = ["amount", "price", "quantity"]
NULLS = ("", "na", "n/a", "null", "-")
BOUNDS = (0.0, 900.0)
RARE = 2_000


def make(path: Path, rows: int) -> None:
    """Write the table: 7 text columns, 30 % of the rows dirty, and many rows come more than once."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(7)
    whole = rng.integers(0, int(rows * 0.9), rows)  # a row number may come twice
    frame = (
        pl.DataFrame({"n": whole})
        .with_columns(
            order=pl.format("A{}", pl.col("n")),
            name=pl.format("customer {}", pl.col("n") % 50_021),
            city=pl.format("city {}", (pl.col("n") % 1_009) * (pl.col("n") % 7) // 3),
            country=pl.format("C{}", (pl.col("n") % 211) * (pl.col("n") % 13) // 11),
            amount=((pl.col("n") * 7_919) % 100_003 / 100).cast(pl.String),
            price=((pl.col("n") * 104_729) % 99_991 / 1_000).cast(pl.String),
            quantity=(pl.col("n") % 97).cast(pl.String),
        )
        .drop("n")
    )
    dirty = pl.Series(rng.random(rows) < 0.3)
    pick = pl.Series(rng.integers(0, 4, rows))
    null = pl.Series(rng.choice(["N/A", "-", "", "null"], rows))
    frame = frame.with_columns(
        pl.when(dirty & (pick == 0))
        .then(pl.format("  {} ", c))
        .otherwise(pl.col(c))
        .alias(c)
        for c in (*TEXTS, "order", *NUMBERS)
    ).with_columns(
        pl.when(dirty & (pick == k)).then(null).otherwise(pl.col(c)).alias(c)
        for k, c in (
            (1, "city"),
            (2, "amount"),
            (3, "price"),
            (1, "quantity"),
            (2, "country"),
        )
    )
    frame.write_parquet(path, row_group_size=131_072)


def seedbed(path: Path, out: Path, ledger: str) -> None:
    """The recipe."""
    import seedbed as sb

    recipe = (
        sb.Recipe("chain")
        .gather(sb.connectors.Files(path=str(path)))
        .clean(
            sb.cleaning.Trim(),
            sb.cleaning.NullTokens(tokens=NULLS),
            sb.cleaning.ToNumber(columns=tuple(NUMBERS)),
            sb.cleaning.Clip(columns=tuple(NUMBERS), low=BOUNDS[0], high=BOUNDS[1]),
            sb.cleaning.FillMissing(columns=tuple(NUMBERS), strategy="median"),
            sb.cleaning.MergeRare(columns=("city", "country"), min_count=RARE),
            sb.cleaning.DropDuplicates(),
        )
    )
    cache = sb.connectors.Cache(out / "cache")
    sb.run(recipe, store=out / "store", ledger=ledger, cache=cache)


def polars(path: Path, out: Path, *, sharpened: bool = False) -> None:
    """The same work by hand, streaming: one look to learn, one to write."""
    import polars as pl

    low, high = BOUNDS
    # seedbed looks for every spelling of a token instead of lowering every text; whoever
    # knows that by hand has it, too.
    spellings = {
        "".join(word)
        for token in NULLS
        for word in itertools.product(*({c.lower(), c.upper()} for c in token))
    }
    is_null = (
        pl.all().is_in(sorted(spellings))
        if sharpened
        else pl.all().str.to_lowercase().is_in(NULLS)
    )
    base = (
        pl.scan_parquet(path)
        .with_columns(pl.all().str.strip_chars())
        .with_columns(pl.when(is_null).then(None).otherwise(pl.all()).name.keep())
        .with_columns(pl.col(NUMBERS).cast(pl.Float64, strict=False).clip(low, high))
    )
    levels = [
        base.group_by(c).len().filter(pl.col("len") >= RARE).select(c)
        for c in ("city", "country")
    ]
    medians, *kept = pl.collect_all(
        [base.select(pl.col(NUMBERS).median()), *levels], engine="streaming"
    )
    fill = medians.row(0, named=True)
    (
        base.with_columns(pl.col(c).fill_null(fill[c]) for c in NUMBERS)
        .with_columns(
            pl.when(pl.col(c).is_in(k[c].implode()) | pl.col(c).is_null())
            .then(pl.col(c))
            .otherwise(pl.lit("other"))
            .alias(c)
            for c, k in zip(("city", "country"), kept, strict=True)
        )
        .unique(maintain_order=False)
        .sink_parquet(out / "out.parquet", engine="streaming")
    )


def pandas(path: Path, out: Path) -> None:
    """The same work with pandas and pyjanitor."""
    import janitor  # noqa: F401 - adds methods
    import pandas as pd

    frame = pd.read_parquet(path)
    for c in frame.columns:
        frame[c] = frame[c].str.strip()
        frame[c] = frame[c].mask(frame[c].str.lower().isin(NULLS))
    frame = frame.transform_columns(
        NUMBERS,
        lambda s: pd.to_numeric(s, errors="coerce").clip(*BOUNDS),
        elementwise=False,
    )
    for c in NUMBERS:
        frame = frame.impute(c, statistic_column_name="median")
    for c in ("city", "country"):
        counts = frame[c].value_counts()
        frame[c] = frame[c].where(
            frame[c].isin(counts.index[counts >= RARE]) | frame[c].isna(), "other"
        )
    frame.drop_duplicates().to_parquet(out / "out.parquet")


HAND = "Polars by hand, streaming"
RUNS = {
    "seedbed, ledger off": lambda p, o: seedbed(p, o, "off"),
    "seedbed, counts": lambda p, o: seedbed(p, o, "counts"),
    "seedbed, full ledger": lambda p, o: seedbed(p, o, "full"),
    HAND: polars,
    "Polars by hand, sharpened": lambda p, o: polars(p, o, sharpened=True),
    "pandas + pyjanitor": pandas,
}


def measure(name: str, path: Path) -> tuple[float, float, float, int]:
    """Run one contestant; return CPU s, wall s, peak MB, and the rows that came out."""
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        command = [
            sys.executable,
            __file__,
            "--run",
            name,
            "--input",
            str(path),
            "--out",
            out,
        ]
        child = subprocess.Popen(command)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{name} failed")
        wall = time.perf_counter() - start
        return (
            usage.ru_utime + usage.ru_stime,
            wall,
            usage.ru_maxrss / 1024,
            _rows(Path(out)),
        )


def _rows(out: Path) -> int:
    import polars as pl

    if (out / "out.parquet").exists():
        return pl.scan_parquet(out / "out.parquet").select(pl.len()).collect().item()
    import seedbed as sb

    return sb.open_dataset("chain", store=out / "store").rows["train"]


def main() -> None:
    """Measure, or be one of those who are measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only", nargs="*", choices=RUNS, help="measure these contestants"
    )
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--input", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(options.make, options.rows)
    elif options.run:
        RUNS[options.run](options.input, options.out)
    else:
        compare(options.rows, options.rounds, options.only or list(RUNS))


def compare(rows: int, rounds: int, names: list[str]) -> None:
    """Let the contestants take turns, and print the medians as a table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.parquet"
        command = [sys.executable, __file__, "--make", str(path), "--rows", str(rows)]
        subprocess.run(command, check=True)
        found = {name: [] for name in names}
        for _ in range(rounds):
            for name in names:
                found[name].append(measure(name, path))
    medians = {
        name: [statistics.median(column) for column in zip(*results, strict=True)]
        for name, results in found.items()
    }
    hand = medians.get(HAND, [1.0] * 4)
    print(f"{rows:,} rows, median of {rounds}\n")
    print("| | CPU s | ratio | wall s | peak MB | ratio | rows out |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, (cpu, wall, peak, out) in medians.items():
        print(
            f"| {name} | {cpu:.1f} | {cpu / hand[0]:.2f} | {wall:.1f} "
            f"| {peak:.0f} | {peak / hand[2]:.2f} | {out:,.0f} |"
        )


if __name__ == "__main__":
    main()
