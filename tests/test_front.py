"""The mock server as a whole: CORS, limits, journal and its own interface, over real HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import select
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
import pytest
import trustme
from httpx2 import Response

from contract.spec.default import SPEC
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.app import application
from mock_server.drawing.captcha import HALF, INSTANCES, PROCESSES, WORKERS, Captchas, Numbers
from mock_server.faults import FAULTS
from mock_server.limits import ADMIN_BODY, HEAD, PATIENCE
from mock_server.origins import EXPOSED, VARY
from mock_server.serving.front import Front
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import is_loopback, serving
from mock_server.state.journal import entry_of
from mock_server.state.memory import InMemory
from tests.loopback import command, environment, mock_server, python, started

NO_SETTINGS: dict[str, object] = {
    "fault": None,
    "fixedDelay": None,
    "delayDistribution": None,
    "operations": {},
}
CALL = "/oauth/api/account/getImgCode"
FULL = Path("/dev/full")
ORIGIN = "http://front.example:5173"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with mock_server("--seed", "front") as address:
        yield address


@pytest.fixture(autouse=True)
def fresh(request: pytest.FixtureRequest) -> None:
    if "url" in request.fixturenames:
        httpx2.post(request.getfixturevalue("url") + "/__admin/reset")


# CORS


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", CALL, 200),
        ("POST", f"{CALL}?__fault=server-error", 500),
        ("POST", f"{CALL}?__fault=login-page", 200),
        ("POST", f"{CALL}?__example=nope", 404),
        ("GET", CALL, 405),
        ("POST", "/nowhere", 404),
    ],
)
def test_a_page_of_any_origin_may_read_every_answer(
    method: str, path: str, status: int, url: str
) -> None:
    answer = httpx2.request(method, url + path, headers={"Origin": ORIGIN})

    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert {"Origin", "Prefer"} <= set(re.split(", *", answer.headers["Vary"]))


def test_a_body_that_is_too_large_is_refused_so_that_a_page_can_read_it(url: str) -> None:
    answer = httpx2.post(url + CALL, headers={"Origin": ORIGIN}, content=b" " * (11 << 20))

    assert (answer.status_code, "10240 KiB" in answer.json()["detail"]) == (413, True)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


HEADED = [
    *("slow", "malformed-response-chunk", "body-short-of-its-length", "body-reset-halfway"),
    *("chunks-without-end", "length-in-characters", "two-lengths", "length-no-number"),
    *("head-dripping", "body-dripping", "body-stuck", "body-endless", "body-of-50-megabytes"),
]


@pytest.mark.parametrize("name", HEADED)
def test_a_head_that_is_written_below_http_is_one_that_a_page_may_read(name: str, url: str) -> None:
    call = f"POST {CALL}?__fault={name}&__delay=1 HTTP/1.1"

    came = start_of(url, f"{call}\r\nHost: a\r\nOrigin: {ORIGIN}\r\n\r\n".encode())

    lines = came.decode("latin-1").lower().split("\r\n")
    for_pages = ("access-control-", "vary", "preference-applied")
    assert sorted(line for line in lines if line.startswith(for_pages)) == [
        "access-control-allow-credentials: true",
        f"access-control-allow-origin: {ORIGIN}",
        f"access-control-expose-headers: {', '.join(EXPOSED).lower()}",
        f"preference-applied: fault={name}, delay=1",
        f"vary: {', '.join(VARY).lower()}",
    ]


def test_leave_is_given_before_a_header_of_ones_own(url: str) -> None:
    asking = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "prefer,content-type",
    }

    answer = httpx2.options(url + CALL, headers=asking)

    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)
    assert "prefer" in answer.headers["Access-Control-Allow-Headers"]


def test_every_answer_says_what_it_depends_on_even_to_nobodys_page(url: str) -> None:
    answers = [httpx2.post(url + CALL), httpx2.get(url + "/nowhere")]

    assert [answer.headers["Vary"] for answer in answers] == [", ".join(VARY)] * 2


# The admin interface


def admin(url: str, path: str) -> Any:  # noqa: ANN401 - JSON
    return httpx2.get(f"{url}/__admin{path}").json()


def test_health_tells_the_seed_the_spec_and_that_all_is_well(url: str) -> None:
    told = admin(url, "/health")

    spec = told["spec"]
    assert isinstance(spec, dict)
    assert (told["status"], told["seed"], told["workers"]) == ("healthy", "front", 1)
    assert (Path(spec["path"]).name, spec["problem"]) == ("openapi.yaml", None)


def test_the_answer_of_a_captcha_is_what_its_picture_shows(url: str) -> None:
    number = httpx2.post(url + CALL).json()["data"]["img_code_id"]

    told = admin(url, f"/captchas/{number}")

    known, expires = told.pop("known"), datetime.fromisoformat(str(told.pop("expires")))
    text = Captchas("front").text(number)
    assert told == {"img_code_id": number, "text": text, "issued": True, "used": 0}
    assert 100 < (expires - datetime.now(UTC)).total_seconds() <= 120
    assert "a fault may show another picture" in known


def test_the_picture_of_a_captcha_can_be_had_again(url: str) -> None:
    data = httpx2.post(url + CALL).json()["data"]

    answer = httpx2.get(f"{url}/__admin/captchas/{data['img_code_id']}/image")

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.content == Captchas("front").picture(data["img_code_id"])


@pytest.mark.parametrize("number", ["a%2Fb", "..%2F..%2Fx"])
def test_no_number_leads_elsewhere(number: str, url: str) -> None:
    assert httpx2.get(f"{url}/__admin/captchas/{number}").status_code == 404


@pytest.mark.parametrize("of", ["", "/image"])
@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("6opm6hx", '"6opm6hx" is not the number of a captcha: six characters of 0-9A-Z'),
        ("4711", '"4711" is not the number of a captcha: six characters of 0-9A-Z'),
        ("6OPM6H", "6OPM6H is the number of an example in the spec: its picture is not drawn here"),
    ],
)
def test_a_number_that_was_not_drawn_is_refused_in_a_sentence(
    number: str, told: str, of: str, url: str
) -> None:
    answer = httpx2.get(f"{url}/__admin/captchas/{number}{of}")

    assert (answer.status_code, answer.json()["detail"]) == (404, told)


def test_the_last_captchas_are_listed_the_newest_first(url: str) -> None:
    numbers = [httpx2.post(url + CALL).json()["data"]["img_code_id"] for _ in range(3)]

    told = admin(url, "/captchas?limit=2")

    captchas = told["captchas"]
    assert isinstance(captchas, list)
    assert [each["img_code_id"] for each in captchas] == numbers[:0:-1]


def test_the_journal_tells_the_newest_request_first_and_why_one_was_not_served(url: str) -> None:
    httpx2.post(f"{url}{CALL}?__delay=1", headers={"Cookie": "secret", "X-Own": "shown"})
    httpx2.get(url + "/nowhere")

    told = admin(url, "/requests?limit=5")

    first, second = told["requests"]
    assert (first["method"], first["url"], first["status"]) == ("GET", "/nowhere", 404)
    assert "/nowhere is not an operation of the spec" in first["why"]
    assert (second["operationId"], second["status"], second["why"]) == ("getImgCode", 200, None)
    assert (second["headers"]["cookie"], second["headers"]["x-own"]) == ("[redacted]", "shown")
    assert told["meta"] == {"total": 2}


def test_the_journal_tells_how_long_an_answer_took(url: str) -> None:
    started = time.perf_counter()
    httpx2.post(f"{url}{CALL}?__delay=100")
    elapsed = time.perf_counter() - started

    (told,) = admin(url, "/requests")["requests"]

    assert 50 < told["milliseconds"] < elapsed * 1000


def test_the_journal_tells_which_preferences_were_ignored(url: str) -> None:
    httpx2.post(url + CALL, headers={"Prefer": "falt=row-missing, delay=1, respond-async"})

    (told,) = admin(url, "/requests")["requests"]

    assert told["ignored"] == ["falt", "respond-async"]


def test_the_journal_tells_the_status_that_went_over_the_wire(url: str) -> None:
    for name in ("two-lengths", "empty-response"):
        with pytest.raises(httpx2.RemoteProtocolError):
            httpx2.post(f"{url}{CALL}?__fault={name}")

    assert [each["status"] for each in admin(url, "/requests")["requests"]] == [None, 200]


def test_what_was_not_served_is_listed_alone_and_the_journal_can_be_emptied(url: str) -> None:
    httpx2.post(url + CALL)
    httpx2.get(url + CALL)
    httpx2.post(url + CALL)

    unmatched = admin(url, "/requests/unmatched")["requests"]
    httpx2.delete(f"{url}/__admin/requests")

    assert [each["status"] for each in unmatched] == [405]
    assert admin(url, "/requests")["requests"] == []


def test_no_part_of_a_credential_is_told_whatever_bytes_it_holds() -> None:
    headers = [(b"cookie", b"a\x85b\x0cc"), (b"x-own", b"d:e")]
    entry = entry_of("GET", "/", headers, moment=0)

    assert entry.as_json()["headers"] == {"cookie": "[redacted]", "x-own": "d:e"}


@pytest.mark.parametrize(
    "settings",
    [
        {"fault": "row-missing", "fixedDelay": None, "delayDistribution": None},
        {"fault": None, "fixedDelay": 20, "delayDistribution": None},
        {
            "fault": None,
            "fixedDelay": None,
            "delayDistribution": {"type": "uniform", "lower": 1, "upper": 5},
        },
        {
            "fault": None,
            "fixedDelay": None,
            "delayDistribution": {"type": "lognormal", "median": 5, "sigma": 0.1},
        },
    ],
)
def test_settings_can_be_changed_are_told_and_are_reset(
    settings: dict[str, object], url: str
) -> None:
    changed = httpx2.put(f"{url}/__admin/settings", json=settings)
    answer = httpx2.post(url + CALL).json()
    told = admin(url, "/settings")
    httpx2.post(f"{url}/__admin/reset")

    settings = NO_SETTINGS | settings
    assert (changed.status_code, changed.json(), told) == (200, settings, settings)
    assert ("img" in answer["data"]) == (settings["fault"] is None)
    assert admin(url, "/settings") == NO_SETTINGS


@pytest.mark.parametrize(
    ("settings", "status", "told"),
    [
        ({"fault": "nope"}, 422, '/fault: there is no fault "nope"; /__admin/faults lists all'),
        (
            {"fault": "row-mising"},
            422,
            '/fault: there is no fault "row-mising"; did you mean row-missing',
        ),
        ({"fixedDelay": -1}, 400, "/fixedDelay: -1 must be 0 or more"),
        (
            {"delay": 3},
            400,
            'the body: "delay" is not a member; the members are: fault,',
        ),
        (
            {"fixedDelay": 1, "delayDistribution": {"type": "uniform", "lower": 1, "upper": 2}},
            422,
            "/fixedDelay and /delayDistribution exclude each other",
        ),
        ({"delayDistribution": {"type": "uniform", "lower": 3, "upper": 2}}, 422, "lower bound"),
        (
            {"delayDistribution": {"type": "other"}},
            400,
            '/delayDistribution/type: "other" must be one of uniform, lognormal',
        ),
        (
            {"delayDistribution": {"type": "uniform"}},
            422,
            "/delayDistribution: a uniform delay has",
        ),
        ({"delayDistribution": {}}, 400, "/delayDistribution: 'type' is a required property"),
    ],
)
def test_invalid_settings_are_a_problem_and_change_nothing(
    settings: dict[str, object], status: int, told: str, url: str
) -> None:
    answer = httpx2.put(f"{url}/__admin/settings", json=settings)

    assert (answer.status_code, told in answer.json()["detail"]) == (status, True)
    assert admin(url, "/settings") == NO_SETTINGS


@pytest.mark.parametrize(
    ("method", "path", "told", "allowed"),
    [
        ("POST", "/__admin/settings", "use GET or PUT", "GET, PUT, HEAD, OPTIONS"),
        ("POST", "/__admin/captchas/A1B2C3/image", "use GET", "GET, HEAD, OPTIONS"),
        ("GET", CALL, "use POST", "POST, OPTIONS"),
        ("POST", "/__admin/ui/", "use GET, HEAD", "GET, HEAD"),
    ],
)
def test_a_method_that_a_path_lacks_is_refused_with_those_that_it_has(
    method: str, path: str, told: str, allowed: str, url: str
) -> None:
    answer = httpx2.request(method, url + path)

    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.json()["detail"] == f"{path} does not allow {method}: {told}"


def test_an_invalid_parameter_is_refused_in_one_line(url: str) -> None:
    told = admin(url, "/requests?limit=0")

    assert told["detail"] == 'the query, "limit": 0 is less than the minimum of 1'


def test_every_fault_is_listed_in_both_languages_by_the_interface_and_the_command_line(
    url: str,
) -> None:
    listed = admin(url, "/faults")["faults"]
    printed = command("mock_server", "--list-faults").stdout

    assert [(each["name"], each["english"], each["chinese"]) for each in listed] == [
        (fault.name, fault.english, fault.chinese) for fault in FAULTS.values()
    ]
    assert printed == "".join(
        f"{each.name}\n    {each.english}\n    {each.chinese}\n" for each in FAULTS.values()
    )


@pytest.mark.parametrize("path", ["/__admin", "/__admin/"])
def test_the_interface_leads_to_its_own_page(path: str, url: str) -> None:
    answer = httpx2.get(url + path, follow_redirects=True)

    assert (answer.status_code, answer.url.path) == (200, "/__admin/ui/")


def test_the_interface_says_what_is_served(url: str) -> None:
    (told,) = admin(url, "/operations")["operations"]

    assert (told["method"], told["path"], told["codes"]) == ("POST", CALL, [200])
    assert told["examples"] == ["documented"]


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"Origin": "http://evil.example"}, "a page of http://evil.example may not"),
        ({"Host": "evil.example"}, "evil.example is not a name of this machine"),
    ],
)
def test_no_page_from_elsewhere_may_use_the_interface(
    headers: dict[str, str], told: str, url: str
) -> None:
    answer = httpx2.post(f"{url}/__admin/reset", headers=headers)

    assert (answer.status_code, told in answer.json()["detail"]) == (403, True)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.fixture(scope="module")
def guarded() -> Iterator[Callable[[str | None], Response]]:
    """The interface as it answers from beyond this machine, with or without a token."""
    numbers, state = Numbers(Captchas("x")), InMemory()
    served = ReloadingApplication(SPEC, lambda spec: application(spec, numbers.captchas), print)
    admin = Admin(served, numbers, state)
    with (
        serving(admin_application(admin, None, loopback=False)) as closed,
        serving(admin_application(admin, "s3cret", loopback=False)) as locked,
    ):

        def asked(sent: str | None) -> Response:
            if sent is None:
                return httpx2.get(f"{closed}/__admin/health")
            return httpx2.get(f"{locked}/__admin/health", headers={"Authorization": sent})

        yield asked


def test_beyond_this_machine_the_interface_is_closed_without_a_token(
    guarded: Callable[[str | None], Response],
) -> None:
    answer = guarded(None)

    assert (answer.status_code, "--admin-token" in answer.json()["detail"]) == (403, True)


@pytest.mark.parametrize(
    ("sent", "status"), [("", 401), ("Bearer wrong", 401), ("Bearer s3cret", 200)]
)
def test_the_token_opens_the_interface(
    sent: str, status: int, guarded: Callable[[str | None], Response]
) -> None:
    assert guarded(sent).status_code == status


@pytest.mark.parametrize(
    ("host", "expected"), [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), ("::", False)]
)
def test_only_this_machine_reaches_its_loopback(host: str, expected: bool) -> None:  # noqa: FBT001
    class Bound:
        def getsockname(self) -> tuple[str, int]:
            return host, 1

    assert is_loopback(cast("socket.socket", Bound())) == expected


# Numbers


def test_ten_million_numbers_of_one_server_hold_no_repeat() -> None:
    # The numbers are a permutation of the indices that are dealt out (see test_captcha), so it is
    # the indices that must not repeat.
    dealt = HALF**2 // PROCESSES
    numbers = Numbers(Captchas("x"), instance=INSTANCES - 1, worker=WORKERS - 1)

    assert dealt > 10_000_000
    assert len({next(numbers) for _ in range(100_000)}) == 100_000


def test_the_numbers_of_two_processes_never_meet() -> None:
    several = [
        Numbers(Captchas("x"), instance=instance, worker=worker)
        for instance in (0, 1, 15)
        for worker in (0, 7)
    ]

    drawn = [next(numbers) for numbers in several for _ in range(5000)]

    assert len(set(drawn)) == len(drawn)


# Several workers, TLS, the command line


def test_workers_answer_different_captchas_and_any_knows_every_answer() -> None:
    with mock_server("--workers", "2", "--seed", "w") as url:
        answers = [httpx2.post(url + CALL).json() for _ in range(40)]
        data = [answer["data"]["img_code_id"] for answer in answers]
        told = [httpx2.get(f"{url}/__admin/captchas/{number}").json()["text"] for number in data]
        refused = [
            httpx2.get(f"{url}/__admin{path}")
            for path in ("/requests", "/settings", "/captchas", "/requests/unmatched")
        ]
        health = httpx2.get(f"{url}/__admin/health").json()

    assert len(set(data)) == 40
    assert told == [Captchas("w").text(number) for number in data]
    assert {answer.status_code for answer in refused} == {409}
    assert all("--workers 1" in answer.json()["detail"] for answer in refused)
    assert health["workers"] == 2


def test_instances_of_one_seed_answer_different_captchas() -> None:
    drawn = []
    for instance in ("0", "1"):
        with mock_server("--seed", "s", "--instance", instance) as url:
            drawn.append(httpx2.post(url + CALL).json()["data"]["img_code_id"])

    assert len(set(drawn)) == 2


def test_tls_is_served_by_a_certificate(authority: trustme.CA, tmp_path: Path) -> None:
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    context = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())

    with mock_server("--ssl-certfile", str(tmp_path / "both.pem")) as url:
        answer = httpx2.post(url + CALL, verify=context)
        with pytest.raises(httpx2.RemoteProtocolError):
            httpx2.post(f"{url}{CALL}?__fault=empty-response", verify=context)

    assert (url.startswith("https:"), answer.status_code) == (True, 200)


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--ssl-certfile", "README.md"], 2, "README.md: no certificate with its key"),
        (["--ssl-certfile", "nowhere.pem"], 2, "nowhere.pem does not exist"),
        (["--ssl-keyfile", "x"], 2, "--ssl-keyfile needs --ssl-certfile"),
        (["--delay", "soon"], 2, "'soon' is not a delay"),
        (["--delay", "800-200"], 2, "'800-200' begins above its end"),
        (["--admin-token", ""], 2, "an empty token protects nothing"),
        (["--check", "--ssl-certfile", "README.md"], 2, "; --ssl-keyfile names a key"),
        (["--fault", "picture-haf-grey"], 2, "did you mean picture-half-grey"),
        (["--workers", "9"], 2, "--workers"),
        (["--seed", "\udcff"], 2, "a seed is text; this one is not UTF-8"),
        (["-p", "0", "-H", "a..b"], 3, "cannot listen on a..b:0: no host can have this name"),
        (["-H", "a" * 300], 3, "no host can have this name"),
        (["-p", "0", "-H", "::1%x"], 3, "cannot listen on [::1%x]:0: "),
        (["-H", "nowhere.invalid"], 3, "-H takes an address of this machine"),
        (["--check", "--fault", "none"], 0, ""),
    ],
)
def test_what_the_command_line_says_wrongly_is_told_with_its_exit_status(
    arguments: list[str], status: int, told: str
) -> None:
    done = command("mock_server", *arguments)

    assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (
        status,
        True,
        False,
    )


def test_a_spec_that_can_be_served_is_told_in_a_line() -> None:
    assert command("mock_server", "--check").stdout == (
        "mock_server: openapi/openapi.yaml (found in this folder) can be served\n"
    )


def test_the_first_faults_can_be_read_alone() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "mock_server", "--list-faults"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.close()
        told = listing.stderr.read()

    assert told == b""


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a disk that is full")
@pytest.mark.parametrize("arguments", [["-p", "0"], ["-p", "0", "--workers", "2"], ["--check"]])
def test_what_cannot_be_printed_is_told_in_a_line_with_the_status_of_an_output_error(
    arguments: list[str],
) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "mock_server", *arguments],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )

    told = "mock_server: standard output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (74, told)


INTERRUPTED = """
import runpy, sys

class Interrupting:
    @staticmethod
    def find_spec(name, *_):
        if name == "uvicorn":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting)
runpy.run_module("mock_server", run_name="__main__")
"""


def test_ctrl_c_ends_it_without_a_word_while_it_loads() -> None:
    done = python("-c", INTERRUPTED)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_line_is_printed_for_each_request_where_it_is_asked_for() -> None:
    server = started("-v")
    httpx2.post(f"{server.url}{CALL}?__fault=empty-respons")

    line = server.said()
    server.process.terminate()
    server.process.communicate(timeout=30)

    assert re.fullmatch(
        r"[-0-9]{10} [:.0-9+]+ POST \S+\?__fault=empty-respons 404 [0-9.]+ ms\n", line
    )


@pytest.mark.skipif(not Path("/proc").exists(), reason="only /proc tells a process's children")
def test_a_worker_that_ends_by_itself_takes_the_others_with_it_and_is_told() -> None:
    process = started("--workers", "2", errors=subprocess.PIPE).process
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()

    os.kill(int(children[0]), signal.SIGKILL)

    told = process.communicate(timeout=30)[1]
    assert (process.returncode, "a worker ended by itself" in told) == (1, True)
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_is_under_way_is_finished_when_the_server_is_stopped(workers: str) -> None:
    server = started("--workers", workers)
    process, address = server.process, urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), 10) as connection:
        head = f"POST {CALL}?__delay=700 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())
        time.sleep(0.3)
        process.terminate()
        came = connection.recv(65536)
        process.communicate(timeout=30)

    assert (came[:15], process.returncode) == (b"HTTP/1.1 200 OK", 0)


WAITING = [
    "__delay=20000",
    *(f"__fault={name}" for name in ("slow", "never-answers", "head-dripping", "body-dripping")),
    *(f"__fault={name}" for name in ("body-stuck", "body-endless", "head-endless")),
]


def test_nobody_waits_for_what_waits_by_design_when_the_server_is_stopped() -> None:
    server = started("-v", errors=subprocess.STDOUT)
    address = urlsplit(server.url)
    with contextlib.ExitStack() as stack:
        for query in WAITING:
            connection = socket.create_connection((address.hostname, address.port), 30)
            head = f"POST {CALL}?{query} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
            stack.enter_context(connection).sendall(head.encode())
        # The next connection is served by the same loop: by then the others are under way.
        httpx2.get(f"{server.url}/nowhere")
        server.process.send_signal(signal.SIGTERM)
        said = server.process.communicate(timeout=PATIENCE - 1)[0]

    # Each is told once, and nothing else is.
    targets = [f"{CALL}?{query}" for query in WAITING] + ["/nowhere"]
    told = [re.fullmatch(r"\S+ \S+ \w+ (\S+) .* ms", line) for line in said.splitlines()]
    assert server.process.returncode == 0
    assert sorted(line[1] if line else "?" for line in told) == sorted(targets)


# Endurance


def start_of(url: str, sent: bytes) -> bytes:
    """The first bytes of an answer, as many as a head has."""
    address = urlsplit(url)
    came = b""
    with socket.create_connection((address.hostname, address.port), 10) as connection:
        connection.sendall(sent)
        while b"\r\nconnection: close\r\n" not in came:
            came += connection.recv(65536)
    return came


def raw(url: str, sent: bytes, seconds: float = 3) -> bytes:
    address = urlsplit(url)
    came = b""
    with socket.create_connection((address.hostname, address.port), seconds) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(sent)
        with contextlib.suppress(OSError):
            while part := connection.recv(65536):
                came += part
    return came


def test_a_head_without_end_is_refused(url: str) -> None:
    came = raw(url, b"POST / HTTP/1.1\r\n" + b"X: " + b"y" * (2 * HEAD))

    assert came.startswith(b"HTTP/1.1 431 ")


CHUNKED = "Transfer-Encoding: chunked"


def send_without_end(connection: socket.socket) -> None:
    """Send far more than the sockets in between may hold."""
    for _ in range(10_000):
        connection.sendall(b"2000\r\n" + b" " * 0x2000 + b"\r\n")


def test_a_body_without_end_that_nobody_reads_is_answered_and_then_cut_off(url: str) -> None:
    address = urlsplit(url)

    with socket.create_connection((address.hostname, address.port), 10) as connection:
        connection.sendall(f"POST {CALL} HTTP/1.1\r\nHost: a\r\n{CHUNKED}\r\n\r\n".encode())
        came = connection.recv(65536)
        with pytest.raises(ConnectionError):
            send_without_end(connection)

    assert came.startswith(b"HTTP/1.1 200 ")


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server in this process, of an operation that has a body."""
    body = "      requestBody: {content: {application/json: {schema: {type: object}}}}\n"
    path = tmp_path_factory.mktemp("spec") / "openapi.yaml"
    before, responses, behind = SPEC.read_text(encoding="utf-8").partition("      responses:\n")
    path.write_text(f"{before}{body}{responses}{behind}", encoding="utf-8")
    numbers, state = Numbers(Captchas("x")), InMemory()
    live = ReloadingApplication(
        path, lambda spec: application(spec, numbers.captchas, state=state), print
    )
    admin = admin_application(Admin(live, numbers, state), None, loopback=True)
    with serving(Front(live, admin, state, largest_body=ADMIN_BODY)) as address:
        yield address


OPERATION, SETTINGS = f"POST {CALL}", "PUT /__admin/settings"


def answered(url: str, call: str, header: str, body: bytes) -> int:
    """Send JSON, or the beginning of it, as it stands; give the status of what comes."""
    address = urlsplit(url)
    head = f"{call} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{header}"
    with socket.create_connection((address.hostname, address.port), 10) as connection:
        connection.sendall(f"{head}\r\n\r\n".encode() + body)
        return int(connection.recv(65536).split(b" ")[1])


@pytest.mark.parametrize(
    ("call", "header", "part"),
    [
        (OPERATION, "Content-Length: 9", b""),
        (OPERATION, "Content-Length: 9", b"{"),
        (OPERATION, CHUNKED, b""),
        (OPERATION, CHUNKED, b"1\r\n{\r\n"),
        (SETTINGS, "Content-Length: 9", b""),
        (SETTINGS, "Content-Length: 9", b"{"),
    ],
)
def test_a_body_that_does_not_come_is_refused_whether_it_began_or_not(
    call: str, header: str, part: bytes, reading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_server.serving.front.PATIENCE", 0.1)

    assert answered(reading, call, header, part) == 408


def test_a_body_without_end_that_is_read_is_refused(
    reading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_server.serving.front.PATIENCE", 1.0)
    address = urlsplit(reading)
    head = f"{OPERATION} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{CHUNKED}\r\n\r\n"

    with socket.create_connection((address.hostname, address.port), 10) as connection:
        connection.sendall(head.encode())
        parts = 0
        while parts < 100 and not select.select([connection], [], [], 0.01)[0]:
            connection.sendall(b"400\r\n" + b" " * 0x400 + b"\r\n")
            parts += 1
        came = connection.recv(65536)

    assert (came[:12], parts > 64) == (b"HTTP/1.1 413", True)


@pytest.mark.parametrize(
    ("length", "status"),
    [(ADMIN_BODY, 200), (ADMIN_BODY + 1, 413)],
    ids=["64-KiB", "a-byte-more"],
)
@pytest.mark.parametrize(
    ("call", "chunked"),
    [(OPERATION, False), (OPERATION, True), (SETTINGS, False)],
    ids=["announced", "chunked", "settings"],
)
def test_a_body_may_have_64_kib_and_no_byte_more(
    *, call: str, chunked: bool, length: int, status: int, reading: str
) -> None:
    body = b"{}".ljust(length)
    header = CHUNKED if chunked else f"Content-Length: {length}"
    framed = b"%x\r\n%s\r\n0\r\n\r\n" % (length, body) if chunked else body

    assert answered(reading, call, header, framed) == status


def test_slow_clients_block_nobody(url: str) -> None:
    address = urlsplit(url)
    with contextlib.ExitStack() as stack:
        for _ in range(50):
            connection = socket.create_connection((address.hostname, address.port), 5)
            stack.enter_context(connection).sendall(b"POST / HTTP/1.1\r\nX: ")
        answer = httpx2.post(url + CALL, timeout=5)

    assert answer.status_code == 200


def test_garbage_ends_nobody(url: str) -> None:
    choices = random.Random(4)
    for _ in range(200):
        length = choices.randrange(1, 400)
        start = choices.choice([b"", b"POST ", b"GET / HTTP/1.1\r\n", b"\x16\x03\x01", b"PRI * "])
        address = urlsplit(url)
        with socket.create_connection((address.hostname, address.port), 5) as connection:
            connection.sendall(start + choices.randbytes(length))

    assert httpx2.post(url + CALL).status_code == 200
    assert json.loads(httpx2.post(url + CALL).content)["code"] == "000"


def test_an_operation_at_the_root_answers_programs_and_the_page_answers_browsers() -> None:
    spec = Path(__file__).parent / "specs" / "editions.yaml"
    captchas = Captchas("root")
    live = ReloadingApplication(spec, lambda read: application(read, captchas), print)
    front = Front(live, live, InMemory(), has_root=live.has_root)
    with serving(front) as address:
        program = httpx2.get(address, headers={"Accept": "application/json"})
        browser = httpx2.get(address, headers={"Accept": "text/html,*/*;q=0.8"})

    assert list(program.json()) == ["editions"]
    assert browser.headers["Content-Type"].startswith("text/html")
