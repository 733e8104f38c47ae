"""Several targets in one run: each is observed and judged, and all stand side by side."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from contract.reaching.environments import name_of
from contract.spec.operations import Operation
from contract_tests.reports.as_json import SCHEMA
from tests.loopback import (
    SILENT,
    broken_server,
    contract,
    python,
    sample_server,
    several_environments,
)

Environments = Callable[..., list[str | Path]]
"""A function that serves environments with faults, and gives the options to judge them."""

ROW = "getImgCode-img-required"


@pytest.fixture
def environments(tmp_path: Path) -> Iterator[Environments]:
    """Serve the environments of a spec, each with a fault."""
    with contextlib.ExitStack() as served:

        def serve(**faults: str) -> list[str | Path]:
            return several_environments(
                tmp_path,
                **{
                    name: served.enter_context(broken_server(fault))
                    for name, fault in faults.items()
                },
            )

        yield serve


def reported(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return told


@pytest.mark.parametrize(
    ("dev", "test", "status"),
    [
        ("", "", 0),
        ("", "row-missing", 1),
        ("login-page", "", 69),
        ("row-missing", "login-page", 1),
    ],
)
def test_the_worst_verdict_is_the_exit_status(
    dev: str, test: str, status: int, environments: Environments, tmp_path: Path
) -> None:
    ended, output = contract(
        *environments(dev=dev, test=test), "--target", "dev,test", "--report-dir", tmp_path / "r"
    )

    words = {"": "conforms", "row-missing": "violates", "login-page": "inconclusive"}
    told = reported(tmp_path / "r")
    assert (ended, told["exit_status"]) == (status, status)
    assert told["environments"] == [
        {"name": "dev", "verdict": words[dev]},
        {"name": "test", "verdict": words[test]},
    ]
    assert [line.split(" (")[0] for line in output.splitlines() if "samples judged" in line] == [
        f"getImgCode: {word} {said}"
        for word in (words[dev], words[test])
        for said in [{"conforms": "符合", "violates": "不符合", "inconclusive": "无法判定"}[word]]
    ]


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one-process", "xdist"])
def test_environments_stand_side_by_side_in_every_report(
    workers: list[str | Path], environments: Environments, tmp_path: Path
) -> None:
    folder = tmp_path / "r"
    _, output = contract(
        *environments(dev="row-missing", test=""),
        *("--target", "dev,test", "--report-dir", folder, *workers),
    )

    told = reported(folder)
    lines = {
        line["name"]: [cell["verdict"] for cell in line["cells"]] for line in told["side_by_side"]
    }
    assert lines == {
        "getImgCode": ["violates", "conforms"],
        "img": ["violates", "conforms"],
        "img_code_id": ["conforms", "conforms"],
        ROW: ["violates", "conforms"],
    }
    assert [each["environment"] for each in told["operations"]] == ["dev", "test"]
    assert jsonschema_rs.Draft202012Validator(
        json.loads(SCHEMA.read_text(encoding="utf-8"))
    ).is_valid(told)
    assert re.search(r"^  img-required +violates 不符合 +conforms 符合$", output, re.MULTILINE)
    markdown = (folder / "report.md").read_text(encoding="utf-8")
    assert "| img-required | ❌ violates 不符合 | ✅ conforms 符合 |" in markdown
    sarif = json.loads((folder / "report.sarif").read_text(encoding="utf-8"))
    assert [len(each["results"]) for each in sarif["runs"]] == [1, 0]


def test_every_environment_has_its_own_recording_which_comes_to_its_verdict(
    environments: Environments, tmp_path: Path
) -> None:
    options = environments(dev="row-missing", test="")
    contract(*options, "--target", "dev,test", "--report-dir", tmp_path / "r")

    spec, har = options[:2], tmp_path / "r" / "traffic-{}.har"
    again = [contract(*spec, "--from-har", str(har).format(name))[0] for name in ("dev", "test")]

    assert not (tmp_path / "r" / "traffic.har").exists()
    assert again == [1, 0]


def test_names_of_tests_carry_the_environment_only_where_there_are_several() -> None:
    _, one = contract("--target", "test", "--collect-only", "-q")
    _, several = contract("--target", "mock,test", "--collect-only", "-q")

    names = re.findall(r"test_claim\[(.*)\]", one)
    assert all(name.startswith("getImgCode-") for name in names)
    assert re.findall(r"test_claim\[(.*)\]", several) == [
        f"{environment}:{name}" for environment in ("mock", "test") for name in names
    ]
    assert re.findall(r"test_generated_request\[(.*)\]", several) == [
        "POST /oauth/api/account/getImgCode][mock:"
    ]


def test_what_is_not_chosen_is_neither_called_nor_told(
    environments: Environments, tmp_path: Path
) -> None:
    options = [*environments(test=""), "--target", "dev,test", "--report-dir", tmp_path / "r"]
    status, _ = contract(*options, "-k", "test:")

    told = reported(tmp_path / "r")
    assert (status, told["verdict"], told["environments"], told["side_by_side"]) == (
        0,
        "conforms",
        [{"name": "test", "verdict": "conforms"}],
        [],
    )


def test_a_claim_about_one_environment_can_be_chosen_by_the_id_of_its_test(
    environments: Environments,
) -> None:
    test = f"contract_tests/test_contract.py::test_claim[test:{ROW}]"
    options = map(str, [*environments(test="row-missing"), "--target", "dev,test"])

    done = python("-m", "pytest", test, *options)

    assert (done.returncode, "1 violates in" in done.stdout) == (1, True)


def test_the_mock_server_and_an_environment_are_judged_in_one_run(
    environments: Environments, tmp_path: Path
) -> None:
    options = [*environments(test="row-missing"), "--junitxml", tmp_path / "j.xml"]
    status, output = contract(*options, "--target", "mock,test", GITHUB_ACTIONS="true")

    assert status == 1
    assert re.search(r"^getImgCode +conforms 符合 +violates 不符合$", output, re.MULTILINE)
    assert re.findall(r"^::error .*title=(.*?)::", output, re.MULTILINE) == [
        f"test%3A {ROW}%3A violates 不符合"
    ]
    cases = ET.parse(tmp_path / "j.xml").getroot().iter("testcase")  # noqa: S314 - our own
    about = {str(case.get("name")): case.find("properties/property") for case in cases}
    told = {name: None if each is None else each.get("value") for name, each in about.items()}
    assert told[f"test_claim[test:{ROW}]"] == "test"
    assert told["test_generated_request[POST /oauth/api/account/getImgCode][mock:]"] == "mock"


def test_a_waiver_holds_in_its_environment_and_is_unused_where_nothing_is_found(
    environments: Environments, tmp_path: Path
) -> None:
    waivers, found = tmp_path / "waivers.yaml", "getImgCode-msg-enum"
    line = "- {{finding: {}, environment: {}, reason: r, expires: 2999-01-01}}\n"
    waivers.write_text(line.format(found, "dev") + line.format(found, "test"), encoding="utf-8")
    options = environments(dev="msg-in-english", test="")

    status, output = contract(
        *(*options, "--target", "dev,test", "--waivers", waivers, "--strictness", "sample")
    )

    assert (status, output.count("unused waiver")) == (0, 1)
    assert f"unused waiver, to be removed: {found} ({waivers}:2:3)" in output


def test_a_claim_that_a_plugin_skipped_leaves_its_environment_open_and_no_other(
    environments: Environments, tmp_path: Path
) -> None:
    options = environments(dev="", test="")
    status, _ = contract(
        *(*options, "--target", "dev,test", "--report-dir", tmp_path / "r"),
        *("-p", "tests.skipping_plugin"),
    )

    told = reported(tmp_path / "r")
    assert (status, [each["verdict"] for each in told["environments"]]) == (
        69,
        ["inconclusive", "conforms"],
    )


def test_each_environment_is_called_as_often_as_if_it_were_alone(tmp_path: Path) -> None:
    def keep(_: dict[str, object]) -> None:
        """Leave the payload as it is."""

    with sample_server(keep) as (dev, at_dev), sample_server(keep) as (test, at_test):
        contract(
            *several_environments(tmp_path, dev=dev, test=test),
            "--target",
            "test,dev",
            "--samples",
            "3",
        )

    assert (len(at_dev), len(at_test)) == (3, 3)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("dev,moon", "invalid choice: 'moon' (choose from mock, dev, test, staging, production)"),
        ("dev,", "invalid choice: ''"),
        ("test,test", "test is named twice"),
        ("test,production", "the document gives no address for 生产"),
    ],
)
def test_a_target_that_makes_no_sense_among_others_is_refused(target: str, told: str) -> None:
    status, output = contract("--target", target)

    assert (status, told in output) == (4, True)


def test_an_environment_out_of_reach_keeps_no_other_from_its_verdict(tmp_path: Path) -> None:
    with broken_server("") as url:
        status, output = contract(
            *several_environments(tmp_path, dev=SILENT, test=url),
            "--target",
            "dev,test",
            "--samples",
            "2",
        )

    assert status == 69
    assert re.search(r"^getImgCode +inconclusive 无法判定 +conforms 符合$", output, re.MULTILINE)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://test-etc.ebaas.com", "test"),
        ("https://test-etc.ebaas.com:443/api", "test"),
        ("http://test-etc.ebaas.com:80", "test"),
        ("http://test-etc.ebaas.com:443", "test-etc.ebaas.com:443"),
        ("https://elsewhere:443", "elsewhere:443"),
    ],
)
def test_an_environment_is_known_with_the_usual_port_of_its_scheme(
    url: str, name: str, operation: Operation
) -> None:
    assert name_of(operation, url) == name
