"""The script that judges servers on many stacks, with the one that needs no installation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from examples.stacks import __main__ as script
from examples.stacks.__main__ import Verdict, expected, main, missing
from examples.stacks.catalogue import FAULTS, SERVERS, STACKS
from mock_server.faults import FAULTS as CATALOGUE


def test_a_healthy_stack_conforms_and_a_fault_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["standard-library", "--fault", "row-missing"])

    row = capsys.readouterr().out.splitlines()[-1]
    assert status == 0
    assert row.endswith("| Pillow, JPEG | conforms | violates: required |")


@pytest.mark.parametrize(
    "said",
    [
        Verdict(0, frozenset()),
        Verdict(69, frozenset({"required"})),
        Verdict(1, frozenset({"required", "image"})),
        Verdict(1, frozenset()),
    ],
)
def test_a_miss_and_a_false_alarm_are_told(
    said: Verdict, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        script, "judged", lambda _stack, _folder, fault: said if fault else expected("")
    )

    status = main(["standard-library", "--fault", "row-missing"])

    assert (status, f"| conforms | WRONG: {said} |" in capsys.readouterr().out) == (1, True)


def test_a_stack_that_lacks_a_program_is_named_with_its_package_and_not_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = replace(STACKS["standard-library"], programs={"no-such-program": "a-package"})
    monkeypatch.setattr(script, "STACKS", {"bare": bare})

    assert main(["bare"]) == 0
    assert missing(bare) == ["a-package"]
    assert "| not tried: apt-get install a-package |" in capsys.readouterr().out


def test_a_stack_that_nobody_knows_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["cobol"])

    assert "there is no stack cobol; there are standard-library, " in capsys.readouterr().err


def test_the_faults_are_those_of_the_catalogue_and_every_server_has_each_of_them() -> None:
    texts = {path.name: path.read_text("utf-8") for path in SERVERS.iterdir() if path.is_file()}

    assert {name: CATALOGUE[name].detected_by for name in FAULTS} == {
        name: frozenset({claim}) for name, claim in FAULTS.items()
    }
    assert [name for name, text in texts.items() if any(each not in text for each in FAULTS)] == []


def test_every_server_belongs_to_a_stack() -> None:
    started = (SERVERS.parent / "catalogue.py").read_text(encoding="utf-8")
    servers = [path for path in SERVERS.iterdir() if path.is_file()]

    assert [path.name for path in servers if path.stem not in started] == []
