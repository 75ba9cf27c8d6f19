"""`import seedbed` is cheap: what is heavy or optional is loaded where it is needed."""

import json
import subprocess
import sys

HEAVY = [
    "albumentations",
    "cv2",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "requests",
    "rich",
    "ruamel",
    "sklearn",
    "sqlalchemy",
    "typer",
]


def test_importing_seedbed_loads_nothing_heavy() -> None:
    source = "import seedbed, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert "seedbed" in loaded
    assert sorted(loaded & set(HEAVY)) == []
