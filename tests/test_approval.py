"""`review`: may a change be approved, and why? Without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path

import pytest

import captcha_contract
from contract.changes import Effect
from contract.page.approval_verdict import ADVICE, Advice
from contract.page.plain_words import KEYWORDS, in_plain_words
from contract.page.reviewed_change import ReviewedChange, html, markdown, reviewed_change
from contract.page.traffic_verdict import TrafficVerdict
from contract.spec.operations import Spec
from contract_tests.recorded_calls import recorded_calls
from tests.loopback import ROOT
from tests.reviewed_changes import CHANGES, PARKING, URL, nothing, traffic_in, version_in
from tests.test_revisions import git

HOSTILE = "<script>document.title='run'</script>\x1b[2J](javascript:alert) |"


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def text_in(page: str) -> str:
    """What a reader sees, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page.partition("<body>")[2])).split())


def reviewed(
    folder: Path, edit: Callable[[Path], None], *, traffic: bool = True, url: str = URL
) -> ReviewedChange:
    old, new = version_in(folder / "old"), version_in(folder / "new", edit)
    recordings = [traffic_in(folder, url)] if traffic else []
    return reviewed_change(str(old), str(new), recordings, recorded_calls)


def of_traffic(review: ReviewedChange) -> TrafficVerdict:
    (verdict,) = review.approval.verdict.traffic
    return verdict


# The verdict


@pytest.mark.parametrize(
    ("name", "advice", "status"),
    [
        ("row removed", Advice.DECIDE, 1),
        ("length tightened", Advice.BREAKS, 1),
        ("operation added", Advice.APPROVE, 0),
    ],
)
def test_a_change_has_a_verdict_and_an_exit_status(
    name: str, advice: Advice, status: int, tmp_path: Path
) -> None:
    verdict = reviewed(tmp_path, CHANGES[name]).approval.verdict

    assert (verdict.advice, verdict.exit_status) == (advice, status)


def test_without_a_change_nothing_is_to_be_approved(tmp_path: Path) -> None:
    verdict = reviewed(tmp_path, lambda _: None).approval.verdict

    assert (verdict.words, verdict.exit_status) == (ADVICE[Advice.NOTHING], 0)


def test_an_open_finding_needs_a_decision(tmp_path: Path) -> None:
    old, new = version_in(tmp_path / "old"), version_in(tmp_path / "new")
    edited(new, "description: 车牌号", "description: 号牌")

    verdict = reviewed_change(str(old), str(new), [], recorded_calls).approval.verdict

    assert (verdict.advice, verdict.findings) == (Advice.DECIDE, 1)


def test_what_is_waived_needs_no_decision(tmp_path: Path) -> None:
    old, new = (version_in(tmp_path / name) for name in ("old", "new"))
    edited(new, "maxLength: 8", "maxLength: 80")
    waivers = tmp_path / "waivers.yaml"
    wanted = [each.change.id for each in reviewed_changes(old, new)]
    wanted += [each.finding.id for each in reviewed_findings(old, new)]
    waivers.write_text(
        "".join(
            f'- {{finding: {each}, environment: "*", reason: agreed, expires: 2999-01-01}}\n'
            for each in wanted
        ),
        encoding="utf-8",
    )
    output = str(tmp_path / "page.html")

    words = ["review", str(old), str(new), "--output", output]
    assert len(wanted) == 2
    assert captcha_contract.main(words) == 1
    assert captcha_contract.main([*words, "--waivers", str(waivers)]) == 0
    assert "2 处已豁免 2 waived" in text_in(Path(output).read_text(encoding="utf-8"))


def reviewed_changes(old: Path, new: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201
    review = reviewed_change(str(old), str(new), [], recorded_calls)
    return [each for one in review.approval.operations for each in one.changes]


def reviewed_findings(old: Path, new: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return reviewed_change(str(old), str(new), [], recorded_calls).approval.findings


def test_a_finding_that_the_old_version_has_too_is_not_new(tmp_path: Path) -> None:
    old, new = version_in(tmp_path / "old"), version_in(tmp_path / "new")
    for spec in (old, new):
        edited(spec, "description: 车牌号", "description: 号牌")
    edited(new, "description: 备注", "description: 说明")

    review = reviewed_change(str(old), str(new), [], recorded_calls)

    assert "2 处待处理，其中 1 处是新增的 2 open findings, 1 new" in text_in(html(review))
    assert html(review).count('<span lang="zh-Hans">新增</span> <span class="en">new</span>') == 1


# What recorded traffic says


def test_answers_that_would_break_a_row_are_counted_and_shown(tmp_path: Path) -> None:
    review = reviewed(tmp_path, CHANGES["length tightened"])

    (promise,) = of_traffic(review).promises
    assert (promise.subject, promise.promise, promise.answers) == ("plate", "maxLength 7", 2)
    assert "2 of 5 answers of test would break row plate: maxLength 7" in text_in(html(review))
    assert "5 条应答中有 2 条会不符合 plate：最大长度 7 个字符" in text_in(html(review))


def test_what_breaks_the_old_spec_too_is_not_caused_by_the_change(tmp_path: Path) -> None:
    def edit(documents: Path) -> None:
        CHANGES["row removed"](documents)
        edited(documents / PARKING, "| 8 | 车牌号", "| 7 | 车牌号")

    old, new = version_in(tmp_path / "old", CHANGES["length tightened"]), None
    new = version_in(tmp_path / "new", edit)
    review = reviewed_change(str(old), str(new), [traffic_in(tmp_path)], recorded_calls)

    traffic = of_traffic(review)
    assert (traffic.broken, traffic.broken_before, traffic.promises) == (0, 2, ())
    assert "2 条按旧契约也不符合" in text_in(html(review))


def test_calls_of_a_removed_operation_would_no_longer_be_answered(tmp_path: Path) -> None:
    old = version_in(tmp_path / "old", CHANGES["operation added"])
    new = version_in(tmp_path / "new")
    traffic = traffic_in(tmp_path, "https://test-base.example.com/base/api/listCities")

    review = reviewed_change(str(old), str(new), [traffic], recorded_calls)

    assert of_traffic(review).removed
    assert "would break 5 of 5 recorded answers" in review.approval.verdict.words.english


def test_recordings_of_several_files_are_judged_together(tmp_path: Path) -> None:
    old = version_in(tmp_path / "old")
    new = version_in(tmp_path / "new", CHANGES["length tightened"])
    (tmp_path / "more").mkdir()
    files = [traffic_in(tmp_path), traffic_in(tmp_path / "more")]

    review = reviewed_change(str(old), str(new), files, recorded_calls)

    traffic = of_traffic(review)
    assert (traffic.calls, traffic.judged, traffic.broken) == (10, 10, 4)


def test_answers_that_only_the_old_spec_can_judge_need_a_decision(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(of_members("code", "data", "msg")), encoding="utf-8")
    new.write_text(json.dumps(of_members("kode", "payload")), encoding="utf-8")
    traffic = traffic_in(tmp_path, "https://a.example/many")

    review = reviewed_change(str(old), str(new), [traffic], recorded_calls)

    said = text_in(html(review))
    assert (of_traffic(review).lost, review.approval.verdict.exit_status) == (5, 1)
    assert "5 recorded answers can no longer be judged" in said


def of_members(*names: str) -> dict[str, object]:
    """A spec whose one answer may hold these members."""
    return of_many_members(100, names)


# What was not proved


def test_without_traffic_that_is_said(tmp_path: Path) -> None:
    review = reviewed(tmp_path, CHANGES["operation added"], traffic=False)

    assert "no recorded traffic" in text_in(html(review))
    assert "no recorded traffic" in markdown(review)


def test_a_changed_operation_without_a_recorded_answer_is_named(tmp_path: Path) -> None:
    old = version_in(tmp_path / "old", CHANGES["operation added"])

    def edit(documents: Path) -> None:
        CHANGES["operation added"](documents)
        edited(documents / "listCities.md", "| 100 | 业务说明", "| 90 | 业务说明")

    new = version_in(tmp_path / "new", edit)
    review = reviewed_change(str(old), str(new), [traffic_in(tmp_path)], recorded_calls)

    assert "no recorded answer can be judged of: listCities" in text_in(html(review))


def test_a_document_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    old, new = (version_in(tmp_path / name) for name in ("old", "new"))
    (old.parent / "documents" / PARKING).unlink()

    review = reviewed_change(str(old), str(new), [], recorded_calls)

    assert f"old/documents/{PARKING}:1: the document cannot be opened" in text_in(html(review))


@pytest.mark.parametrize("unread", ["old", "new"])
def test_an_operation_that_one_version_cannot_read_is_neither_removed_nor_added(
    unread: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {name: CHANGES["operation added"] for name in ("old", "new") if name != unread}
    old, new = (version_in(tmp_path / name, folders.get(name, nothing)) for name in ("old", "new"))

    def unread_calls(spec: Spec) -> dict[tuple[str, str], str]:
        lacking = spec.path.parent.name == unread
        return {("GET", "/base/api/listCities"): "GET /base: no such $ref"} if lacking else {}

    for module in ("versions", "approval"):
        monkeypatch.setattr(f"contract.page.{module}.unread_calls", unread_calls)
    review = reviewed_change(str(old), str(new), [], recorded_calls)

    assert [each.state for each in review.approval.operations] == ["unchanged"]
    assert review.approval.verdict.exit_status == 1
    assert "it is not compared: GET /base: no such $ref" in text_in(html(review))


# The tables


def test_a_row_stands_before_and_after_with_what_changed_marked(tmp_path: Path) -> None:
    page = html(reviewed(tmp_path, CHANGES["length tightened"]))

    assert re.findall(r"<del>(.*?)</del>", page)[-2:] == [
        "8",
        '<span lang="zh-Hans">最长 8 个字符</span> <span class="en">at most 8 characters</span>',
    ]
    assert [text_in(f"<body>{each}") for each in re.findall(r"<ins>(.*?)</ins>", page)][-2:] == [
        "7",
        "最长 7 个字符 at most 7 characters",
    ]


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("row removed", {"coupon": "removed"}),
        ("length tightened", {"plate": "changed"}),
        ("operation added", {"code": "added", "msg": "added", "data": "added"}),
    ],
)
def test_every_field_that_changed_is_told_from_those_that_did_not(
    name: str, states: dict[str, str], tmp_path: Path
) -> None:
    (operation,) = reviewed(tmp_path, CHANGES[name]).approval.different

    pairs = (*operation.request, *operation.answer)
    assert {each.name: each.state for each in pairs if each.state != "unchanged"} == states


def test_a_document_that_changed_alone_is_shown(tmp_path: Path) -> None:
    old, new = (version_in(tmp_path / name) for name in ("old", "new"))
    edited(new.parent / "documents" / PARKING, "| 车牌号 |", "| 号牌 |")

    review = reviewed_change(str(old), str(new), [], recorded_calls)

    assert [each.state for each in review.approval.operations] == ["changed"]
    assert "the spec did not change, only the document did" in text_in(html(review))


def test_a_row_that_only_one_spec_has_as_a_field_stands_beside_itself(tmp_path: Path) -> None:
    old, new = version_in(tmp_path / "old"), version_in(tmp_path / "new")
    text = new.read_text(encoding="utf-8")
    block = re.search(r"^( +)coupon:\n(?:\1 +.*\n)+", text, re.MULTILINE)
    assert block is not None
    new.write_text(text.replace(block[0], ""), encoding="utf-8")

    review = reviewed_change(str(old), str(new), [], recorded_calls)

    coupons = [each for each in review.approval.different[0].answer if each.name == "coupon"]
    assert [each.state for each in coupons] == ["changed"]


def test_an_operation_that_changed_is_not_folded(tmp_path: Path) -> None:
    def edit(documents: Path) -> None:
        CHANGES["operation added"](documents)
        CHANGES["length tightened"](documents)

    old, new = version_in(tmp_path / "old", CHANGES["operation added"]), tmp_path / "new"
    review = reviewed_change(str(old), str(version_in(new, edit)), [], recorded_calls)

    folded = html(review).partition('<details class="same">')[2]
    assert ("/base/api/listCities" in folded, "/parking/api/records" in folded) == (True, False)


def test_an_unchanged_operation_is_folded_with_its_table(tmp_path: Path) -> None:
    page = html(reviewed(tmp_path, CHANGES["operation added"]))

    folded = page.partition('<details class="same">')[2]
    assert text_in(f"<body>{folded}").startswith("1 个接口未变 unchanged operation 查询停车记录")
    assert "records." in folded


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_no_word_of_a_change_is_left_in_the_language_of_specs(keyword: str) -> None:
    words = in_plain_words(f"no {keyword}")

    assert words == KEYWORDS[keyword].missing


# Revisions


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose first commit has the old version, and its work tree the new one."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    api = tmp_path / "team" / "api"
    version_in(api)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=one")
    for path in [*api.rglob("*.*")]:
        path.unlink()
    (api / "documents").rmdir()
    version_in(api, CHANGES["length tightened"])
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=two")
    monkeypatch.chdir(tmp_path / "team")
    return tmp_path


def test_a_revision_stands_beside_the_document_of_that_revision(repository: Path) -> None:
    del repository
    review = reviewed_change("git:main~1:api/openapi.yaml", "api/openapi.yaml", [], recorded_calls)

    (operation,) = review.approval.different
    (plate,) = (each for each in operation.answer if each.name == "plate")
    assert plate.before is not None
    assert "git:main~1:api/documents/getParkingRecords.md" in html(review)
    assert [cell.text for cell in plate.before.cells or () if cell.changed] == ["8"]


def test_the_findings_of_a_revision_name_its_files(repository: Path) -> None:
    edited(repository / "team" / "api" / "openapi.yaml", "maxLength: 7", "maxLength: 6")
    git(repository, "commit", "--quiet", "--all", "--message=three")

    review = reviewed_change(
        "git:main~1:api/openapi.yaml", "git:main:api/openapi.yaml", [], recorded_calls
    )

    (finding,) = review.approval.findings
    assert finding.finding.claim == "max-length"
    assert "git:main:api/documents/getParkingRecords.md:25" in text_in(html(review))
    assert "/tmp" not in html(review) + markdown(review)  # noqa: S108 - where copies stand


def test_a_finding_of_the_document_of_a_revision_is_not_new(repository: Path) -> None:
    document = repository / "team" / "api" / "documents" / PARKING
    edited(document, "| 是 |", "| 视情况 |")
    git(repository, "commit", "--quiet", "--all", "--message=three")

    review = reviewed_change("git:main:api/openapi.yaml", "api/openapi.yaml", [], recorded_calls)

    assert "unknown-requirement" in {each.finding.claim for each in review.approval.findings}
    assert review.approval.new_findings == set()


def test_the_documents_of_a_revision_may_stand_above_the_current_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "team" / "api" / "documents")

    review = reviewed_change("git:main~1:../openapi.yaml", "../openapi.yaml", [], recorded_calls)

    assert "git:main~1:getParkingRecords.md" in html(review)
    assert review.approval.different[0].unread == ()


# The command


@pytest.mark.parametrize(
    ("base", "traffic", "told"),
    [
        ("git:main:openapi.yaml", None, "not in a git repository"),
        ("git:openapi.yaml", None, "name it git:REV:path"),
        ("missing.yaml", None, "missing.yaml: cannot be read: No such file"),
        ("old/openapi.yaml", "missing.har", "missing.har:1: cannot be read"),
        ("old/openapi.yaml", "old/openapi.yaml", "is not a HAR file"),
        ("old/openapi.yaml", "other.har", "other.har:1: records no GET …/parking/api/records"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_line_and_ends_with_2(  # noqa: PLR0913, PLR0917
    base: str,
    traffic: str | None,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    version_in(tmp_path / "old")
    traffic_in(tmp_path, "https://other.example/oauth/api/x").rename("other.har")

    options = ["--traffic", traffic] if traffic else []
    status = captcha_contract.main(["review", base, "old/openapi.yaml", *options])

    output, errors = capsys.readouterr()
    assert (status, output, errors.count("\n")) == (2, "", 1)
    assert errors.startswith("captcha-contract review: ")
    assert told in errors


def test_the_page_is_written_and_the_verdict_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = version_in(tmp_path / "old"), version_in(tmp_path / "new", CHANGES["row removed"])
    page = tmp_path / "pages" / "review.html"

    status = captcha_contract.main(["review", str(old), str(new), "--output", str(page)])

    assert (status, page.exists()) == (1, True)
    assert "needs a decision 需要决定: 1 breaking change" in capsys.readouterr().err


def test_files_outside_are_read_where_the_user_allows_it(
    tmp_path: Path,
) -> None:
    spec, page = version_in(tmp_path / "spec"), tmp_path / "page.html"
    shared = tmp_path / "shared.yaml"
    shared.write_bytes(spec.read_bytes())
    edited(spec, "#/components/schemas/records", "../shared.yaml#/components/schemas/records")
    told = []

    for more in ([], ["--allow-outside"]):
        captcha_contract.main(["review", str(spec), str(spec), "--output", str(page), *more])
        told.append("--allow-outside" in text_in(page.read_text("utf-8")))

    assert told == [True, False]


# What others wrote


@pytest.fixture
def hostile(tmp_path: Path) -> ReviewedChange:
    """A review of specs, documents and a recording that want to act."""
    old, new = version_in(tmp_path / "old"), version_in(tmp_path / "new")
    for spec in (old, new):
        edited(spec, "description: 备注", f"description: {json.dumps(HOSTILE + spec.parent.name)}")
        edited(spec.parent / "documents" / PARKING, "| 备注 |", f"| {HOSTILE[:30]} |")
        edited(spec.parent / "documents" / PARKING, "# 查询停车记录", f"# {HOSTILE}")
    edited(new, "maxLength: 8", "maxLength: 2")
    har = traffic_in(tmp_path, "https://test-parking.example/parking/api/records", (HOSTILE,))
    return reviewed_change(str(old), str(new), [har], recorded_calls)


def test_nothing_that_others_wrote_becomes_an_element(hostile: ReviewedChange) -> None:
    page = html(hostile)

    assert "run" in page
    assert not re.search(r"<script|\x1b", page.partition("</style>")[2])


def test_nothing_that_others_wrote_is_markup_in_the_comment(hostile: ReviewedChange) -> None:
    text = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown(hostile))

    assert not re.search(r"(?<!\\)<script|\x1b|(?<!\\)\]\(javascript", text)


def test_the_comment_fits_into_a_pull_request_and_the_page_on_a_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contract.page.approval.MOST_CHANGES", 450)
    monkeypatch.setattr("contract.page.approval.MOST_PAIRS", 450)
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    for spec, length in ((old, 5), (new, 6)):
        spec.write_text(json.dumps(of_many_members(length)), encoding="utf-8")

    review = reviewed_change(str(old), str(new), [], recorded_calls)

    assert review.approval.verdict.count(Effect.BREAKING) == 500
    assert len(markdown(review)) < 65_536
    assert "the rest is on the page" in markdown(review)
    page = html(review)
    assert page.count('<li class="change ') == 450
    assert "50 处变更这里不再列出" in text_in(page)
    assert "too many fields: the tables are left out here" in text_in(page)


MANY = tuple(f"m{number}" for number in range(500))


def of_many_members(length: int, names: Iterable[str] = MANY) -> dict[str, object]:
    """A spec whose one answer has more members than a page shows."""
    members = {name: {"maxLength": length} for name in names}
    schema = {"type": "object", "properties": members}
    answer = {"description": "好", "content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "many", "responses": {"200": answer}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "many", "version": "1"},
        "paths": {"/many": {"get": operation}},
    }


def test_the_picture_of_the_readme_is_there() -> None:
    assert (ROOT / "docs" / "review.png").read_bytes().startswith(b"\x89PNG")
    for name in ("README.md", "README.zh-CN.md"):
        assert "docs/review.png" in (ROOT / name).read_text(encoding="utf-8")
