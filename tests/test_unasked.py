"""A chosen claim that no sample could be asked of never ends a run with 0."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from contract.judging.unjudged_limit import UnjudgedLimit, unjudged_limit
from tests.loopback import ROOT, broken_server, contract, sample_server
from tests.test_run import reported

FIREFOX = ROOT / "tests" / "har" / "firefox.har"
HOST = ("--from-har", str(FIREFOX), "--har-host", "test-etc.ebaas.com")
RERUNS = ("--reruns", "1")
CLAIMS = "contract_tests/test_contract.py"
WAIVED = """
- finding: getImgCode-img-required
  environment: "*"
  reason: the picture follows next week
  expires: 2999-12-31
"""


def without_picture(payload: dict[str, object]) -> None:
    data = payload["data"]
    assert isinstance(data, dict)
    del data["img"]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["-k", "img-required"], 1),
        (["-k", "img-image"], 69),
        (["-k", "img-image or img_code_id"], 69),
        (["-k", "img_code_id-required"], 0),
        (["--deselect", f"{CLAIMS}::test_claim[getImgCode-img-required]"], 69),
        (["-k", "img-image", "--maxfail", "1"], 69),
        (["-k", "img-image", "-n", "2"], 69),
        (["-k", "img-", "-n", "2"], 1),
        (["-k", "img-", "-x"], 1),
        (["-k", "img-", "-p", "no:cacheprovider"], 1),
        (["-k", "img-image", "-p", "no:contract-exit-status"], 69),
        (["-k", "img-image", "--collect-only"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_a_moot_claim_is_never_green_unless_its_finding_fails_the_run(
    options: list[str], status: int
) -> None:
    with sample_server(without_picture) as (url, _):
        ended, output = contract("--base-url", url, *options)

    assert ended == status, output
    assert ("was not chosen" in output) is (status == 69)


@pytest.mark.parametrize(
    ("options", "status", "waived"),
    [
        ([], 0, 10),
        (["-k", "img_code_id or img-image"], 0, 1),
        (["-k", "img-image"], 69, 1),
        (["-n", "2"], 0, 10),
    ],
    ids=["all", "some", "only-one-behind-it", "xdist"],
)
def test_claims_behind_a_waived_finding_are_waived_with_it(
    options: list[str], status: int, waived: int, tmp_path: Path
) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(WAIVED, encoding="utf-8")

    with sample_server(without_picture) as (url, _):
        ended, output = contract("--base-url", url, "--waivers", waivers, *options)

    assert ended == status, output
    assert re.findall(r"(\d+) waived", output) == [str(waived)]
    assert "inconclusive" not in output


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([*HOST], 0),
        ([*HOST, "-k", "answer-no-bom"], 69),
        ([*HOST, "-k", "answer-no-bom or answer-json"], 0),
        (["--samples", "2", "-k", "img-varies"], 69),
        (["--samples", "2", "-k", "img-unique"], 0),
        (["--samples", "2"], 0),
        (["--samples", "3", "-k", "img-varies"], 0),
    ],
    ids=lambda value: " ".join(value[-2:]) if isinstance(value, list) else str(value),
)
def test_a_run_that_asks_no_chosen_claim_of_any_sample_is_inconclusive(
    options: list[str], status: int
) -> None:
    ended, output = contract(*options)

    assert ended == status, output
    assert ("no sample says anything" in output) is (status == 69)


def every(nth: int) -> Callable[[dict[str, object]], None]:
    """Break every n-th answer: it has nothing of the documented one."""
    count = iter(range(1, 1000))

    def change(payload: dict[str, object]) -> None:
        if next(count) % nth == 0:
            payload.clear()
            payload["status"] = 500

    return change


@pytest.mark.parametrize(
    ("options", "nth", "status"),
    [
        ([], 5, 0),
        ([], 2, 69),
        (["--max-unjudged", "40%"], 2, 0),
        (["--max-unjudged", "2"], 2, 0),
        (["--max-unjudged", "0"], 5, 69),
        (["--max-unjudged", "0%"], 5, 69),
        (["--max-unjudged", "100%", "-k", "answer-json"], 2, 0),
        (["-k", "answer-json"], 2, 69),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_more_unjudged_samples_than_allowed_leave_the_operation_open(
    options: Sequence[str], nth: int, status: int
) -> None:
    with sample_server(every(nth)) as (url, _):
        ended, output = contract("--base-url", url, *options)

    assert ended == status, output
    assert ("may go unjudged" in output) is (status == 69)


@pytest.mark.parametrize("text", ["", "x", "-1", "120%", "1.5", "20 %", "%", "1e3", "²"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a share from 0% to 100% nor a number"):
        unjudged_limit(text)


@pytest.mark.parametrize("text", ["20%", "12.5%", "0", "3", "100%"])
def test_a_limit_is_said_as_it_was_given(text: str) -> None:
    assert str(unjudged_limit(text)) == text


def test_a_limit_of_a_share_is_counted_exactly() -> None:
    limit: UnjudgedLimit = unjudged_limit("33.3%")

    assert (limit.allows(333, 1000), limit.allows(334, 1000)) == (True, False)


def test_a_limit_that_makes_no_sense_is_a_usage_error() -> None:
    status, output = contract("--max-unjudged", "most")

    assert (status, "--max-unjudged: 'most' is neither" in output) == (4, True)


def test_every_report_says_who_answered(tmp_path: Path) -> None:
    with broken_server("waf-minified") as url:
        status, output = contract("--base-url", url, "--report-dir", tmp_path)

    unjudged = reported(tmp_path)["operations"][0]["unjudged"][0]  # type: ignore[index]
    pages = [(tmp_path / name).read_text(encoding="utf-8") for name in ("report.md", "report.html")]
    assert (status, unjudged["who"], unjudged["who_meaning_zh"]) == (
        69,
        "front",
        "服务前面的设备或页面",
    )
    assert 'a page titled "405" (Server: "Tengine"; looks like Tengine)' in unjudged["evidence"]
    assert all("something in front of the service" in text for text in (output, *pages))


def test_a_flaky_environment_is_not_made_green_by_running_again() -> None:
    with broken_server("login-page") as url:
        status, _ = contract("--base-url", url, *RERUNS, "-k", "img-image")

    assert status == 69
