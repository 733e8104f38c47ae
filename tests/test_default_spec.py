"""Which spec a command works on where nobody names one, and what a message says of the choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.spec import default
from contract.spec.default import SPEC, VARIABLE, default_spec


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: one that holds no spec."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path


def with_a_spec(folder: Path) -> None:
    (folder / "openapi").mkdir()
    (folder / "openapi" / "openapi.yaml").touch()


def test_the_named_spec_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_spec(folder)
    monkeypatch.setenv(VARIABLE, "other.yaml")

    assert str(default_spec(Path("named.yaml"))) == "named.yaml (named on the command line)"


def test_the_variable_comes_before_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_spec(folder)
    monkeypatch.setenv(VARIABLE, "other.yaml")

    assert str(default_spec()) == "other.yaml (named by CAPTCHA_CONTRACT_SPEC)"


def test_a_variable_that_is_empty_names_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_spec(folder)
    monkeypatch.setenv(VARIABLE, "")

    assert str(default_spec()) == "openapi/openapi.yaml (found in this folder)"


def test_without_any_it_is_the_packaged_spec_which_in_a_clone_is_the_clones() -> None:
    assert (default_spec().path, default_spec().why) == (SPEC, "the packaged one")
    assert SPEC.is_file()


def test_a_wheel_brings_its_own_spec(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "packaged").mkdir()
    (folder / "packaged" / "openapi.yaml").touch()
    monkeypatch.setattr(default, "_PACKAGE", folder)

    assert default_spec().path == folder / "packaged" / "openapi.yaml"
