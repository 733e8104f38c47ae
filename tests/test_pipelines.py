"""The jobs of deploy/ci, executed as their CIs do: in a repository, against a mock server."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from check_jsonschema import main as check_jsonschema

from tests.forked_commands import commands
from tests.loopback import ROOT, broken_server, environment

CI = ROOT / "deploy" / "ci"
REVIEW, SCHEDULE = CI / "github" / "contract.yml", CI / "github" / "contract-schedule.yml"
GITLAB, JENKINS = CI / "gitlab-ci.yml", CI / "Jenkinsfile"
OUTSIDE = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": os.devnull}
OUTSIDE |= {
    f"GIT_{who}_{what}": "ci@example.org"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for PATH in which the step `install` has put the suite."""
    with commands(tmp_path_factory.mktemp("programs")) as folder:
        yield folder


class Checkout:
    """A repository with a spec and deploy/ci, as a job finds it."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.variables = environment(**{**OUTSIDE, "PATH": f"{programs}:{OUTSIDE['PATH']}"})
        shutil.copytree(CI, folder / "deploy" / "ci")
        shutil.copytree(ROOT / "openapi" / "documents", folder / "openapi" / "documents")
        shutil.copy(ROOT / "openapi" / "openapi.yaml", folder / "openapi" / "openapi.yaml")
        self.run("git init -q -b main && git add . && git commit -q -m base")

    def run(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Execute a script as the CIs do: by bash, until a command fails."""
        return subprocess.run(  # noqa: S603 - our own scripts
            ["/bin/bash", "-e", "-c", script],
            cwd=self.folder,
            env={**self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def commits(self, old: str, new: str) -> None:
        """Commit a change of the spec."""
        spec = self.folder / "openapi" / "openapi.yaml"
        text = spec.read_text("utf-8")
        assert old in text
        spec.write_text(text.replace(old, new), "utf-8")
        self.run("git commit -q -a -m change")


@pytest.fixture
def checkout(tmp_path: Path, programs: Path) -> Checkout:
    return Checkout(tmp_path, programs)


def read(file: Path) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(file.read_text("utf-8"))
    return loaded


def github_step(file: Path, job: str, name: str) -> tuple[str, dict[str, str]]:
    """Give the script of a step, and the variables that the workflow sets to plain texts."""
    workflow = read(file)
    step = next(each for each in workflow["jobs"][job]["steps"] if each.get("name") == name)
    variables = {**workflow.get("env", {}), **step.get("env", {})}
    return step["run"], {name: text for name, text in variables.items() if "${{" not in text}


def gitlab_job(name: str) -> tuple[str, dict[str, str]]:
    pipeline = read(GITLAB)
    job = pipeline[name]
    return "\n".join(job["script"]), {**pipeline["variables"], **job.get("variables", {})}


def jenkins_step(containing: str) -> tuple[str, dict[str, str]]:
    steps = re.findall(r"\bsh(?:\(script:)? '([^'\n]*)'", JENKINS.read_text("utf-8"))
    variables = {"CAPTCHA_CONTRACT_TEST_TARGET": "test"}
    return next(each for each in steps if containing in each), variables


SCHEDULED: dict[str, Callable[[], tuple[str, dict[str, str]]]] = {
    "github": lambda: github_step(SCHEDULE, "test-etc", "contract run"),
    "gitlab": lambda: gitlab_job("test-etc"),
}


def scheduled(checkout: Checkout, ci: str, fault: str, **variables: str) -> tuple[int, str]:
    """Run the scheduled job of a CI against a mock server that stands in for test-etc."""
    script, own = SCHEDULED[ci]()
    assert own.pop("CAPTCHA_CONTRACT_TEST_TARGET") == "test"
    with broken_server(fault) as url:
        own |= {"CAPTCHA_CONTRACT_TEST_BASE_URL": url, "CAPTCHA_CONTRACT_TEST_SAMPLES": "2"}
        done = checkout.run(script, **{**own, **variables})
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


RUNS = [(0, ""), (1, "row-missing"), (4, ""), (69, "server-error")]
"""The statuses of a contract run, and the fault of the mock server that makes a run end so."""


@pytest.mark.parametrize(
    ("ci", "status", "fault"),
    [
        *(("github", *run) for run in RUNS),
        *(("gitlab", *run) for run in RUNS),
    ],
)
def test_a_scheduled_job_ends_as_the_contract_run_does_and_keeps_its_report(
    ci: str, status: int, fault: str, checkout: Checkout
) -> None:
    wrong = {"CAPTCHA_CONTRACT_TEST_SAMPLES": "1"} if status == 4 else {}
    ended, printed = scheduled(checkout, ci, fault, **wrong)

    warns = ci == "github" and status == 69  # it has no status that warns
    assert ended == (0 if warns else status), printed
    assert ("::warning::" in printed) == warns
    kept = [
        json.loads(each.read_text("utf-8"))
        for each in checkout.folder.glob("contract-history/*/report.json")
    ]
    assert [each["exit_status"] for each in kept] == ([] if status == 4 else [status])
    assert (checkout.folder / "contract-history" / "months.html").exists() == (status != 4)
    assert (checkout.folder / "contract-history" / "statuses").read_text().split()[1] == str(status)


@pytest.mark.parametrize(
    ("ci", "status", "fault"),
    list(zip(["github", "github", "gitlab", "gitlab"], *zip(*RUNS, strict=True), strict=True)),
)
def test_a_change_ends_as_the_contract_run_on_the_mock_server_does(
    ci: str, status: int, fault: str, checkout: Checkout
) -> None:
    github = ci == "github"
    script, own = (
        github_step(REVIEW, "mock-server", "contract run") if github else gitlab_job("mock-server")
    )
    with broken_server(fault) as url:
        own |= {"CAPTCHA_CONTRACT_TEST_BASE_URL": url}
        own |= {"CAPTCHA_CONTRACT_TEST_SAMPLES": "1" if status == 4 else "2"}
        assert checkout.run(script, **own).returncode == status
    reports = {each.name for each in checkout.folder.glob("contract-reports/*")}
    assert ("report.json" in reports) == (status != 4)
    assert ("junit.xml" in reports) == (not github and status != 4)


def test_the_third_run_in_a_row_that_could_not_judge_fails_and_is_announced(
    checkout: Checkout,
) -> None:
    told: list[Any] = []

    def chat(_: str, target: str, sent: Any) -> object:  # noqa: ANN401 - JSON
        told.append((target, sent["text"]["content"].splitlines()[0]))
        return {"errcode": 0}

    with answering(chat, set()) as url:
        robot = f"{url}/robot"
        ended = [scheduled(checkout, "gitlab", "server-error", WEBHOOK=robot) for _ in range(3)]
    assert [status for status, _ in ended] == [69, 69, 75]
    assert "three times in a row" in ended[-1][1]
    assert [(target, text.rpartition(" ")[2]) for target, text in told] == [
        ("/robot", "inconclusive")
    ]
    _, printed = scheduled(checkout, "gitlab", "row-missing", WEBHOOK="robot?access_token=hush")
    assert ("WEBHOOK is no URL" in printed, "hush" in printed) == (True, False)


def test_jenkins_judges_the_shared_environment_by_the_script_that_gitlab_executes() -> None:
    assert jenkins_step("schedule.sh")[0] == gitlab_job("test-etc")[0]


def test_runs_that_could_judge_in_between_begin_the_row_anew(checkout: Checkout) -> None:
    history = checkout.folder / "contract-history"
    history.mkdir()
    (history / "statuses").write_text("2026-11-26T010000Z 69\n2026-11-26T020000Z 0\n")
    assert scheduled(checkout, "gitlab", "server-error")[0] == 69


class Forge:
    """A stand-in for the interfaces of GitHub and GitLab that comments are written by."""

    def __init__(self) -> None:
        crowd = [{"user": {"login": "tom"}, "author": {"username": "tom"}, "body": "hi"}] * 100
        forged = {**crowd[0], "body": "<!-- captcha-contract -->\nall is well"}
        self.comments: list[dict[str, Any]] = [
            {"id": number, **each} for number, each in enumerate([*crowd, forged])
        ]
        self.calls: list[tuple[str, str]] = []
        self.tokens: set[str | None] = set()

    def answer(self, method: str, target: str, sent: dict[str, str]) -> object:
        url = urlsplit(target)
        if method == "GET" and url.path == "/user":
            return {"username": "bot"}
        if method == "GET":
            query = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
            start = query["per_page"] * (query["page"] - 1)
            return self.comments[start : start + query["per_page"]]
        self.calls.append((method, url.path))
        if method == "POST":
            made = {"id": len(self.comments), "user": {"login": "github-actions[bot]"}}
            self.comments.append({**made, "author": {"username": "bot"}, **sent})
        else:
            self.comments[int(url.path.rpartition("/")[2])] |= sent
        return {}


@contextmanager
def answering(answer: Callable[[str, str, Any], object], tokens: set[str | None]) -> Iterator[str]:
    """Answer calls in JSON on this machine; give the URL."""

    class Handler(BaseHTTPRequestHandler):
        def handle_call(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            sent = json.loads(self.rfile.read(length)) if length else {}
            tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN"))
            body = json.dumps(answer(self.command, self.path, sent)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = handle_call  # noqa: N815 - as http.server has them

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


MARK = "<!-- captcha-contract -->"
ROW = "required: [img, img_code_id]"


def reviewed(checkout: Checkout, ci: str, url: str) -> tuple[int, str]:
    """Review the last commit as a CI does, and comment on it at a forge."""
    api = {"GITHUB_TOKEN": "hush", "GITHUB_API_URL": url, "GITHUB_REPOSITORY": "o/r"}
    if ci == "gitlab":
        script, own = gitlab_job("review")
        base = checkout.run("git rev-parse HEAD^1").stdout.strip()
        own |= {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "COMMENT_TOKEN": "hush"}
        own |= {"CI_API_V4_URL": url, "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7"}
        done = checkout.run(script, **own)
        return done.returncode, done.stdout + done.stderr
    if ci == "github":
        review = github_step(REVIEW, "review", "review")
        comment = github_step(REVIEW, "review", "comment")
        api |= {"PULL_REQUEST": "7", "GITHUB_STEP_SUMMARY": "summary"}
    else:
        checkout.run("git update-ref refs/remotes/origin/main HEAD^1")
        review, comment = jenkins_step("review.sh"), jenkins_step("comment.py")
        api |= {"CHANGE_TARGET": "main", "CHANGE_ID": "7"}
        api |= {"COMMENT_AUTHOR": "github-actions[bot]"}
    done = checkout.run(review[0], **{**api, **review[1]})
    said = checkout.run(comment[0], **{**api, **comment[1]})
    assert said.returncode == 0, said.stderr
    return done.returncode, done.stdout + done.stderr + said.stdout


@pytest.mark.parametrize("ci", ["github", "gitlab", "jenkins"])
def test_a_review_is_one_comment_that_each_push_replaces(ci: str, checkout: Checkout) -> None:
    forge = Forge()
    checkout.commits(ROW, "required: [img]")
    with answering(forge.answer, forge.tokens) as url:
        status, printed = reviewed(checkout, ci, url)
        first = forge.comments[-1]["body"]
        checkout.commits("required: [request_id, msg]", "required: [request_id]")
        again, _ = reviewed(checkout, ci, url)

    assert (status, again) == (1, 1), printed
    assert [method for method, _ in forge.calls] == ["POST", "PUT" if ci == "gitlab" else "PATCH"]
    assert len(forge.comments) == 102
    assert first.startswith(MARK)
    assert "img_code_id" in first
    assert forge.comments[-1]["body"] != first
    assert forge.tokens == {"hush" if ci == "gitlab" else "Bearer hush"}
    assert "hush" not in printed


def test_the_first_spec_has_a_comment_too_and_a_broken_one_a_status(checkout: Checkout) -> None:
    first = checkout.run("sh deploy/ci/review.sh HEAD^1 contract-comment.md")
    comment = (checkout.folder / "contract-comment.md").read_text("utf-8")
    assert (first.returncode, "The base has no spec yet" in comment) == (0, True)
    assert "no findings" in comment
    checkout.commits("paths:", "paths: <b>: [")
    broken = checkout.run("sh deploy/ci/review.sh HEAD^1 contract-comment.md")
    comment = (checkout.folder / "contract-comment.md").read_text("utf-8")
    assert (broken.returncode, "captcha-contract review: openapi/openapi.yaml" in comment) == (
        2,
        True,
    )
    assert "<b>" not in comment


def test_a_base_that_is_not_there_is_no_base_without_a_spec(checkout: Checkout) -> None:
    checkout.commits(ROW, "required: [img]")
    checkout.run("git clone -q --depth 1 file://$PWD shallow")
    missing = checkout.run("cd shallow && sh deploy/ci/review.sh HEAD^1 comment.md")

    comment = (checkout.folder / "shallow" / "comment.md").read_text("utf-8")
    assert (missing.returncode, "The base 'HEAD^1' is not in this clone" in comment) == (2, True)
    assert "has no spec yet" not in comment


def test_a_spec_that_was_renamed_is_compared_with_what_it_was(checkout: Checkout) -> None:
    checkout.run("git mv openapi/openapi.yaml 'openapi/接口 [1].yaml' && git commit -qm moved")
    done = checkout.run(
        "cd deploy && sh ci/review.sh HEAD^1 comment.md",
        CAPTCHA_CONTRACT_SPEC="../openapi/接口 [1].yaml",
    )

    comment = (checkout.folder / "deploy" / "comment.md").read_text("utf-8")
    assert (done.returncode, "nothing changed" in comment) == (0, True), done.stderr


def test_what_is_waived_does_not_fail_a_review(checkout: Checkout) -> None:
    checkout.commits(ROW, "required: [img]")
    said = "environment: '*', reason: agreed, expires: 2999-01-01"
    found = ("getImgCode-img_code_id-required", "getImgCode-img_code_id-answer-member-optional")
    agreed = "".join(f"- {{finding: {each}, {said}}}\n" for each in found)
    (checkout.folder / "agreed.yaml").write_text(agreed)
    done = checkout.run("sh deploy/ci/review.sh HEAD^1 comment.md", WAIVERS="agreed.yaml")
    assert done.returncode == 0, done.stderr
    assert "waived" in (checkout.folder / "comment.md").read_text("utf-8")


def test_a_branch_whose_name_is_a_command_runs_nothing(checkout: Checkout) -> None:
    name = "x$(touch${IFS}pwned)`touch${IFS}pwned`"
    checkout.run('git update-ref "refs/remotes/origin/$NAME" HEAD', NAME=name)
    done = checkout.run(jenkins_step("review.sh")[0], CHANGE_TARGET=name)
    assert (done.returncode, (checkout.folder / "pwned").exists()) == (0, False), done.stderr


def test_no_script_of_a_workflow_takes_texts_of_others_in() -> None:
    for file in (REVIEW, SCHEDULE):
        workflow = read(file)
        steps = [each for job in workflow["jobs"].values() for each in job["steps"]]
        assert not [each["run"] for each in steps if "${{" in each.get("run", "")]
        used = [each["uses"] for each in steps if "uses" in each]
        assert not [each for each in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", each)]
        expressions = set(re.findall(r"\$\{\{ (.*?) \}\}", file.read_text("utf-8")))
        assert expressions <= {
            *("github.ref", "github.token", "github.event.pull_request.number"),
            *("github.run_id", "github.run_attempt"),
            *("secrets.CONTRACT_HEADERS", "secrets.CONTRACT_WEBHOOK"),
        }
        assert workflow["permissions"] == {"contents": "read"}
        assert "pull_request_target" not in file.read_text("utf-8")
    steps_of_jenkins = re.findall(r"(?:^\s*|= )sh\b(.*)", JENKINS.read_text("utf-8"), re.MULTILINE)
    assert [each for each in steps_of_jenkins if not re.match(r"(\(script:)? '", each)] == []


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-workflows", REVIEW),
        ("vendor.github-workflows", SCHEDULE),
        ("custom.github-workflows-require-timeout", REVIEW),
        ("custom.github-workflows-require-timeout", SCHEDULE),
        ("vendor.gitlab-ci", GITLAB),
    ],
)
def test_a_pipeline_keeps_the_schema_of_its_ci(schema: str, file: Path) -> None:
    arguments = ["--builtin-schema", schema, "--quiet", str(file)]
    if schema == "vendor.gitlab-ci":
        arguments += ["--data-transform", "gitlab-ci"]
    with pytest.raises(SystemExit) as ended:
        check_jsonschema(arguments)
    assert ended.value.code == 0


def test_one_run_at_a_time_judges_the_shared_environment() -> None:
    assert read(SCHEDULE)["concurrency"]["cancel-in-progress"] is False
    assert read(GITLAB)["test-etc"]["resource_group"] == "test-etc"
    assert "disableConcurrentBuilds()" in JENKINS.read_text("utf-8")
    assert read(GITLAB)["test-etc"]["allow_failure"] == {"exit_codes": [69]}


def test_a_comment_is_cut_where_a_forge_would_refuse_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge = Forge()
    file = tmp_path / "contract-comment.md"
    file.write_text(f"{MARK}\n" + "字" * 100_000, "utf-8")
    with answering(forge.answer, forge.tokens) as url:
        monkeypatch.setenv("COMMENT_TOKEN", "hush")
        monkeypatch.setenv("CI_API_V4_URL", url)
        monkeypatch.setenv("CI_PROJECT_ID", "3")
        monkeypatch.setenv("CI_MERGE_REQUEST_IID", "7")
        monkeypatch.delenv("GITHUB_TOKEN", raising=False)
        written = runpy.run_path(str(CI / "comment.py"))["main"](str(file))
    assert (written, 60_000 < len(forge.comments[-1]["body"]) < 65_536) == (0, True)


def test_without_a_token_a_comment_is_left_to_the_artefacts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("COMMENT_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "contract-comment.md").write_text(MARK, "utf-8")
    assert (
        runpy.run_path(str(CI / "comment.py"))["main"](str(tmp_path / "contract-comment.md")) == 0
    )
    assert "among the artefacts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "refusal", "text_of"),
    [
        ("/robot/send?access_token=x", {"errcode": 310000}, lambda sent: sent["text"]["content"]),
        ("/cgi-bin/webhook/send?key=x", {"errcode": 93000}, lambda sent: sent["text"]["content"]),
        ("/open-apis/bot/v2/hook/x", {"code": 19001}, lambda sent: sent["content"]["text"]),
    ],
    ids=["dingtalk", "wecom", "feishu"],
)
def test_a_chat_is_told_what_a_run_found(
    path: str,
    refusal: dict[str, int],
    text_of: Callable[[Any], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operation = {"environment": "test", "id": "getImgCode", "verdict": "violates"}
    report = {"environment": "test", "verdict": "violates", "operations": [operation] * 100}
    file = tmp_path / "report.json"
    file.write_text(json.dumps(report), "utf-8")
    monkeypatch.setattr(sys, "argv", ["announce.py", str(file)])
    told: list[Any] = []
    for answer in (dict.fromkeys(refusal, 0), refusal):

        def chat(_: str, target: str, sent: Any, answer: object = answer) -> object:  # noqa: ANN401 - JSON
            told.append((target, text_of(sent)))
            return answer

        with answering(chat, set()) as url:
            monkeypatch.setenv("WEBHOOK", url + path)
            with pytest.raises(SystemExit) as ended:
                runpy.run_path(str(CI / "announce.py"))
        assert ended.value.code == (0 if answer != refusal else f"refused: {refusal}")
    target, text = told[0]
    assert target == path
    assert text.startswith("接口契约 test: violates\ntest getImgCode: violates")
    assert len(text.encode()) <= 2048  # WeCom takes no more


def test_the_example_of_the_docs_is_the_script_that_the_pipelines_run() -> None:
    script = (CI / "announce.py").read_text("utf-8")
    assert len(script.split("\n\n")[1].splitlines()) + 1 == 10
    for page in ("ci.md", "ci.zh-CN.md"):
        assert f"```python\n{script}```" in (ROOT / "docs" / page).read_text("utf-8")
