"""The mock server, as a process and as an application, asked over real HTTP."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from PIL import Image
from starlette.exceptions import HTTPException

from contract.findings import Unusable
from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Spec
from mock_server.app import application, method_refused
from mock_server.command_line import main
from mock_server.drawing.captcha import Captchas
from mock_server.serving.server import CannotBind, bind, serving
from mock_server.wire import abortive_linger
from tests.loopback import command, mock_server, python, started

CALL = "/oauth/api/account/getImgCode"


def post(url: str, body: bytes | None = b"", **headers: str) -> tuple[int, bytes, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(url, data=body, headers=named, method="POST")  # noqa: S310 - loopback
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read(), answer.headers["Content-Type"]
    except HTTPError as error:
        with error:
            return error.code, error.read(), error.headers["Content-Type"]


def payload(url: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(post(url + CALL)[1])


@pytest.fixture(scope="module")
def url(spec: Spec) -> Iterator[str]:
    with serving(application(spec, Captchas("a seed"))) as address:
        yield address


def test_every_call_answers_another_captcha(url: str) -> None:
    first, second = payload(url), payload(url)

    assert first["data"]["img"] != second["data"]["img"]
    assert first["data"]["img_code_id"] != second["data"]["img_code_id"]
    assert first["request_id"] != second["request_id"]


def test_the_answer_looks_like_the_documents_sample(url: str) -> None:
    answer = payload(url)

    assert list(answer) == ["request_id", "code", "msg", "data"]
    assert (answer["code"], answer["msg"]) == ("000", "成功")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(answer["request_id"]))
    assert re.fullmatch(r"[0-9A-Z]{6}", answer["data"]["img_code_id"])


def test_the_picture_is_a_jpeg_of_the_documented_size(url: str) -> None:
    prefix, _, text = payload(url)["data"]["img"].partition(",")

    picture = Image.open(io.BytesIO(base64.b64decode(text, validate=True)))
    assert prefix == "data:image/jpg;base64"
    assert (picture.format, picture.size) == ("JPEG", (125, 45))


def test_the_message_comes_as_characters_and_not_as_escapes(url: str) -> None:
    _, body, media_type = post(url + CALL)

    assert '"msg":"成功"' in body.decode("utf-8")
    assert media_type == "application/json"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (None, None),
        (b"", "application/json"),
        (b"{}", "application/json"),
        (b"{}", "application/json;charset=UTF-8"),
        (b"", "application/x-www-form-urlencoded"),
        (b"a=1", "application/x-www-form-urlencoded"),
        (b"--x--", "multipart/form-data; boundary=x"),
        (b"{", "application/json"),
        (b"\xff", "text/plain"),
        (b"x", "no media type"),
    ],
)
def test_a_call_is_answered_whatever_body_and_media_type_it_brings(
    url: str, body: bytes | None, media_type: str | None
) -> None:
    headers = {} if media_type is None else {"Content_Type": media_type}

    assert post(url + CALL, body, **headers)[0] == 200


def test_another_method_is_refused_as_a_problem(url: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(url + CALL, timeout=10)  # noqa: S310 - loopback

    with refused.value as answer:
        assert answer.code == 405
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize(
    ("path", "allowed"), [("/dict/save", "POST"), ("/dict/7", "DELETE"), ("/dict/7/on", "PUT")]
)
def test_of_two_paths_that_fit_the_concrete_one_says_what_it_allows(
    path: str, allowed: str
) -> None:
    stated = {"/dict/{id}": ["DELETE"], "/{any}/{id}/on": ["PUT"], "/dict/save": ["POST"]}
    request = SimpleNamespace(scope={"path": path}, method="GET")

    answer = method_refused(stated)(request, HTTPException(405))

    assert answer.headers["allow"] == f"{allowed}, OPTIONS"


def test_an_unknown_path_is_a_problem_that_lists_the_known_ones(url: str) -> None:
    status, body, media_type = post(url + "/oauth/api/account/getImg")

    assert (status, media_type) == (404, "application/problem+json")
    assert f"POST {CALL}" in json.loads(body)["detail"]


@pytest.mark.parametrize(
    ("path", "held"),
    [
        ("/openapi.json", '"operationId": "getImgCode"'),
        ("/openapi.yaml", "operationId: getImgCode\n"),
        ("/ui/", "swagger-ui-bundle.js"),
        ("/ui/start.js", "../openapi.json"),
    ],
)
def test_the_spec_is_served_for_reading_and_leads_nowhere_else(
    url: str, path: str, held: str
) -> None:
    with urlopen(url + path, timeout=10) as answer:  # noqa: S310 - loopback
        text = answer.read().decode().replace(url, "")

    assert held in text
    assert re.findall(r"https?:|ebaas\.com|documents/", text) == []


def test_braces_in_the_spec_stay_text(tmp_path: Path) -> None:
    text = SPEC.read_text(encoding="utf-8")
    copy = tmp_path / "openapi.yaml"
    copy.write_text(text.replace("title: ETC 平台接口", 'title: "{{ 6 * 7 }}{% x %}"'), "utf-8")

    with (
        serving(application(load(copy), Captchas("s"))) as address,
        urlopen(f"{address}/openapi.json", timeout=10) as answer,  # noqa: S310 - loopback
    ):
        title = json.load(answer)["info"]["title"]

    assert title == "{{ 6 * 7 }}{% x %}"


def test_a_reference_to_another_file_is_followed(platform: Spec) -> None:
    with (
        serving(application(platform, Captchas("s"))) as address,
        urlopen(f"{address}/parking/api/records", timeout=10) as answer,  # noqa: S310 - loopback
    ):
        records = json.load(answer)["data"]["records"]

    assert records == [
        {"plate": "京A12345", "minutes": 35, "coupon": None},
        {"plate": "沪B54321", "minutes": 120, "coupon": "C-2026"},
    ]


def test_the_same_seed_gives_the_same_captchas_after_a_restart() -> None:
    runs = []
    for _ in range(2):
        with mock_server("--seed", "S") as address:
            runs.append([payload(address), payload(address)])

    assert runs[0] == runs[1]


def test_without_a_seed_two_servers_answer_different_captchas() -> None:
    numbers = []
    for _ in range(2):
        with mock_server() as address:
            numbers.append(payload(address)["data"]["img_code_id"])

    assert numbers[0] != numbers[1]


def test_a_fault_breaks_every_answer_and_only_answers() -> None:
    with mock_server("--fault", "picture-missing") as address:
        broken = [set(payload(address)["data"]) for _ in range(2)]
        status, _, _ = post(address + "/unknown")

    assert (broken, status) == ([{"img_code_id"}] * 2, 404)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_with_exit_status_0_and_no_word(number: signal.Signals) -> None:
    server = started("--seed", "x", errors=subprocess.STDOUT)
    process, ready = server.process, server.line

    process.send_signal(number)

    assert re.fullmatch(
        r"mock_server \(openapi/openapi\.yaml, seed x\) is listening on http://127\.0\.0\.1:\d+\n",
        ready,
    )
    assert (process.communicate(timeout=30)[0], process.returncode) == ("", 0)


def test_a_taken_port_ends_in_one_line_that_names_it_and_exit_status_3() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = python("-m", "mock_server", "-p", str(port))

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        f"mock_server: cannot listen on 127.0.0.1:{port}: Address already in use; "
        "choose another with -p PORT, or -p 0 for a free one\n"
    )


def test_where_windows_offers_an_exclusive_port_the_server_takes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nothing of this system shares the number; SO_KEEPALIVE stands for what only Windows has.
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_KEEPALIVE, raising=False)

    with bind("127.0.0.1", 0) as listener:
        options = [
            listener.getsockopt(socket.SOL_SOCKET, option) != 0
            for option in (socket.SO_KEEPALIVE, socket.SO_REUSEADDR)
        ]

    assert options == [True, False]


@pytest.mark.parametrize(("system", "size"), [("nt", 4), ("posix", 8)])
def test_a_reset_is_asked_for_in_the_form_of_the_system(system: str, size: int) -> None:
    assert len(abortive_linger(system)) == size


def test_several_workers_are_refused_in_one_sentence_where_no_process_can_fork(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(os, "fork")

    with pytest.raises(SystemExit) as end:
        main(["--workers", "2"])

    assert end.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "python -m mock_server: error: several workers need os.fork, which this system lacks: "
        "leave --workers out"
    )


@pytest.mark.parametrize("arguments", [["{}"], ["--spec", "{}"]], ids=["positional", "--spec"])
def test_the_spec_is_named_by_its_place_or_by_its_option(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.yaml"
    shutil.copy(SPEC, copy)

    status = main([*(each.format(copy) for each in arguments), "--check"])

    told = capsys.readouterr().out
    assert (status, told) == (0, f"mock_server: {copy} (named on the command line) can be served\n")


def test_a_spec_that_is_named_twice_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["a.yaml", "--spec", "b.yaml"], prog="captcha-contract mock")

    assert end.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "captcha-contract mock: error: name the spec once: as SPEC, or as --spec FILE"
    )


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("ascii", r"\u7f3a\u5c11"), ("cp1252", r"\u7f3a\u5c11"), ("gbk", "缺少"), ("utf-8", "缺少")],
)
def test_no_console_is_too_narrow_for_the_list_of_faults(
    encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))

    status = main(["--list-faults"])

    assert (status, shown in written.getvalue().decode(encoding)) == (0, True)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_no_console_is_too_narrow_for_a_message(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(written, encoding=encoding))

    status = main([str(tmp_path / "验证码—€😀.yaml")])

    assert (status, b"\\U0001f600.yaml: cannot be read" in written.getvalue()) == (2, True)


def test_a_host_of_another_machine_cannot_be_listened_on() -> None:
    with pytest.raises(CannotBind, match=r"cannot listen on nowhere\.invalid:0"):
        bind("nowhere.invalid", 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "openapi.yaml: cannot be read: No such file or directory"),
        ("openapi: [", "is not YAML"),
        ("- a list", "an OpenAPI document must be a mapping"),
        ("openapi: 3.0.3\ninfo: {title: t, version: '1'}\n", "'paths' is missing here"),
        ("\x00", "is not YAML"),
        ("openapi: 3.0.3\npaths: {/a: {get: {operationId: a}}}", "'responses' is missing here"),
        ("openapi: 3.1\npaths: {}\n", ":1:1: openapi is 3.1; write a version of OpenAPI 3.0"),
    ],
    ids=["missing", "not-yaml", "list", "no-paths", "binary", "no-responses", "version"],
)
def test_an_unusable_spec_ends_in_one_line_with_its_place_and_exit_status_2(
    tmp_path: Path, text: str | None, told: str
) -> None:
    path = tmp_path / "openapi.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    done = command("mock_server", "-p", "0", str(path))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    line = "" if text is None else r":\d+"
    assert re.match(rf"mock_server: {re.escape(str(path))}{line}", done.stderr)
    assert told in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("x-mock: uuid", "x-mock: dice", ":52:11: x-mock dice is not a generator"),
        ("x-mock: uuid", "x-mock: [a]", ":52:11: x-mock ['a'] is not a generator"),
        ("version: 1.0.0", "version: 1.0", None),
        ('code: "000"', 'code: "000"\n        date: 0', None),
        ("type: string\n          x-business", "type: integer\n          x-business", "breaks it"),
    ],
)
def test_a_spec_that_breaks_its_own_answer_is_refused_before_the_first_call(
    tmp_path: Path, old: str, new: str, told: str | None
) -> None:
    text = SPEC.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "openapi.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")

    if told is None:
        application(load(path), Captchas("s"))
        return
    with pytest.raises(Unusable, match=re.escape(told)):
        application(load(path), Captchas("s"))


@pytest.mark.parametrize(
    "arguments",
    [["-p", "65536"], ["-p", "x"], ["--fault", "nonsense"], ["--nonsense"]],
    ids=" ".join,
)
def test_a_wrong_argument_is_a_usage_error_without_a_traceback(arguments: list[str]) -> None:
    done = command("mock_server", *arguments)

    assert (done.returncode, "Traceback" in done.stderr, done.stderr != "") == (2, False, True)


def test_a_fault_that_has_nothing_to_break_is_refused() -> None:
    done = command("mock_server", "-p", "0", "--fault", "row-too-long")

    assert done.returncode == 2
    assert done.stderr == (
        "mock_server: fault row-too-long breaks nothing here: "
        "getImgCode has no row with a 最大长度\n"
    )
