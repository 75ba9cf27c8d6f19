"""20 rules on 20 columns and 1 million rows with the full ledger: how much memory?

The run is a process of its own; its peak memory is what the kernel counted. With --harsh
17 of the 20 rules change nearly every cell of ten columns.

    python tests/benchmarks/run_wide.py
    python tests/benchmarks/run_wide.py --harsh --rows 200000
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TEXTS = tuple(f"text_{n}" for n in range(10))
NUMBERS = tuple(f"number_{n}" for n in range(10))


def make(path: Path, rows: int) -> None:
    """Write 10 text columns and 10 columns of numbers as text; a fifth of them dirty."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(7)
    columns = {}
    for n, name in enumerate(TEXTS):
        level = pl.Series(rng.integers(0, 500 * (n + 1), rows))
        text = pl.select(pl.format("level {}", level)).to_series()
        columns[name] = _dirty(rng, text)
    for name in NUMBERS:
        columns[name] = _dirty(
            rng, pl.Series(rng.normal(100, 30, rows)).round(2).cast(pl.String)
        )
    pl.DataFrame(columns).write_parquet(path, row_group_size=131_072)


def _dirty(rng, text):
    import polars as pl

    pick = pl.Series(rng.integers(0, 9, len(text)))
    frame = pl.DataFrame({"t": text, "p": pick})
    padded = pl.when(pl.col("p") == 0).then(pl.format("  {} ", "t"))
    return frame.select(
        padded.when(pl.col("p") == 1).then(pl.lit("N/A")).otherwise("t")
    ).to_series()


def recipe(path: Path, *, harsh: bool):
    """Return the 20 rules."""
    import seedbed as sb

    c = sb.cleaning
    first = sb.Recipe("wide").gather(sb.connectors.Files(path=str(path)))
    numbers = c.ToNumber(columns=NUMBERS)
    if harsh:
        clips = [
            c.Clip(columns=NUMBERS, low=float(n), high=200.0 - n) for n in range(1)
        ]
        shifts = [
            c.Clip(columns=NUMBERS, low=float(1000 * n), high=float(1000 * n + 500))
            for n in range(1, 17)
        ]
        return first.clean(c.Trim(), c.NullTokens(), numbers, *clips, *shifts)
    return first.clean(
        c.Trim(),
        c.NullTokens(),
        numbers,
        *(c.Clip(columns=NUMBERS, low=float(n), high=200.0 - n) for n in range(4)),
        c.FillMissing(columns=NUMBERS, strategy="median"),
        c.FillMissing(columns=TEXTS, strategy="most_common"),
        *(c.MergeRare(columns=TEXTS, min_count=100 * (n + 1)) for n in range(4)),
        c.Clip(columns=NUMBERS, quantiles=(0.01, 0.99)),
        c.Clip(columns=NUMBERS, low=40.0),
        c.DropMissing(columns=TEXTS[:3]),
        c.DropDuplicates(),
        c.Derive(into="sum", formula="number_0 + number_1"),
        c.Rename(names={"text_0": "label"}),
        c.DropColumns(columns=("text_9",)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--harsh", action="store_true")
    parser.add_argument("--input", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(options.make, options.rows)
        return
    if options.input:
        import seedbed as sb

        run = sb.run(
            recipe(options.input, harsh=options.harsh),
            store=options.out / "store",
            cache=sb.connectors.Cache(options.out / "cache"),
        )
        cells, dropped, _ = run.ledger.total()
        print(
            f"{cells:,} changed cells and {dropped:,} dropped rows in the ledger, ",
            end="",
            flush=True,
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "in.parquet", Path(folder) / "out"
        out.mkdir()
        again = [sys.executable, __file__, "--rows", str(options.rows)]
        subprocess.run([*again, "--make", str(path)], check=True)
        harsh = ["--harsh"] if options.harsh else []
        start = time.perf_counter()
        child = subprocess.Popen(
            [*again, *harsh, "--input", str(path), "--out", str(out)]
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        if status:
            raise SystemExit("the run failed")
        cpu = usage.ru_utime + usage.ru_stime
        print(f"peak {usage.ru_maxrss / 1024:.0f} MB, {cpu:.1f} CPU s, {wall:.1f} s")


if __name__ == "__main__":
    main()
