"""What the tests share: the guard of the network, and the contracts they are about."""

from __future__ import annotations

import os
import runpy
import shutil
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from playwright.sync_api import Browser, sync_playwright

from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from tests.certificates import server_context
from tests.loopback import GUARD

PLATFORM = Path(__file__).parent / "platform" / "openapi.yaml"
KEYWORDS = Path(__file__).parent / "keywords" / "openapi.yaml"
FORMS = Path(__file__).parent / "specs" / "forms.yaml"

runpy.run_path(str(GUARD / "sitecustomize.py"))
# To compile what they import costs child processes most of their start. Where nothing may be
# written beside the sources, it is kept elsewhere: for this process, its workers and its children.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).parent.parent / ".pytest_cache" / "bytecode")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
for proxy in [name for name in os.environ if name.upper().endswith("_PROXY")]:
    del os.environ[proxy]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Make warnings errors here; a contract run must not fail for a plugin's deprecation."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("error"))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits here before a call is made again."""
    monkeypatch.setattr("contract_tests.observing.sending.FIRST_PAUSE", 0.01)


@pytest.fixture(scope="session")
def spec() -> Spec:
    """The contract of this repository."""
    return load(SPEC)


@pytest.fixture(scope="session")
def operation(spec: Spec) -> Operation:
    """The operation 获取图形验证码."""
    return spec.operations[0]


@pytest.fixture(scope="session")
def platform() -> Spec:
    """Another contract of the same platform: lists, optional rows, lengths, GET."""
    return load(PLATFORM)


@pytest.fixture(scope="session")
def forms() -> Spec:
    """A contract of answers that are no object of JSON: a text, a file, nothing, a list."""
    return load(FORMS)


@pytest.fixture(scope="session")
def keywords() -> Spec:
    """A contract without a document: a member for every keyword that few documents need."""
    return load(KEYWORDS)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority that nobody trusts."""
    return trustme.CA()


@pytest.fixture(scope="session")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """What a server at 127.0.0.1 needs to speak TLS by a certificate of that authority."""
    return server_context(authority.issue_cert("127.0.0.1"))


@pytest.fixture(scope="module")  # while it is open, no other event loop runs in this thread
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen and without a network; where it is missing, skip."""
    program = shutil.which("chromium")
    if program is None:
        needed = os.environ.get("REQUIRE_BROWSER") == "1"
        (pytest.fail if needed else pytest.skip)("there is no chromium: install Debian's package")
    with sync_playwright() as playwright:
        switches = [
            *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic"),
            "--no-first-run",
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ]
        launched = playwright.chromium.launch(executable_path=program, args=switches)
        yield launched
        launched.close()
