"""References to secrets."""

from pathlib import Path

import pytest

from seedbed.core.secret import Secret
from seedbed.errors import BadSpec, ConnectorError


def test_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    secret = Secret("env:TOKEN")
    assert secret.reveal() == "hunter2"
    assert "hunter2" not in repr(secret)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("hunter2\n", encoding="utf-8")
    assert Secret(f"file:{path}").reveal() == "hunter2"


def test_what_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKEN", raising=False)
    with pytest.raises(ConnectorError, match="'TOKEN' is not set"):
        Secret("env:TOKEN").reveal()
    with pytest.raises(ConnectorError, match="cannot be read"):
        Secret(f"file:{tmp_path / 'none'}").reveal()


@pytest.mark.parametrize("held", ["hunter2", "env:", "env:A B", "file:", "", "ENV:A"])
def test_the_secret_itself_is_refused_and_not_shown(held: str) -> None:
    with pytest.raises(BadSpec) as caught:
        Secret(held)
    assert caught.value.what == "a recipe may name a secret but not hold it"
    assert "hunter2" not in str(caught.value)
