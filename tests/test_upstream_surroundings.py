"""An upstream behind certificates and proxies, reached as a contract run reaches it."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
import trustme

from mock_server.passing_on.upstream_options import UnusableUpstream
from mock_server.serving.server import serving
from tests.certificates import server_context
from tests.loopback import SILENT, command
from tests.passing_on import CALL, answering, in_front_of
from tests.proxies import microsocks, tinyproxy_in

CLIENT = httpx2.Client(trust_env=False, timeout=30)


@pytest.fixture(scope="module")
def upstreams(authority: trustme.CA) -> Iterator[Mapping[str, str]]:
    """The URLs of upstreams, by what is odd about their certificates."""
    demanding = server_context(authority.issue_cert("127.0.0.1"))
    demanding.maximum_version = ssl.TLSVersion.TLSv1_2  # so that the handshake itself fails
    demanding.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(demanding)
    past = datetime.now(UTC) - timedelta(days=1)
    contexts = {
        "good": server_context(authority.issue_cert("127.0.0.1")),
        "expired": server_context(authority.issue_cert("127.0.0.1", not_after=past)),
        "wrong-name": server_context(authority.issue_cert("other.invalid")),
        "demanding": demanding,
    }
    with ExitStack() as stack:
        urls = {
            name: stack.enter_context(serving(answering(), tls=context))
            for name, context in contexts.items()
        }
        yield {**urls, "plain": stack.enter_context(serving(answering()))}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.upper().endswith("_PROXY")]:
        monkeypatch.delenv(name)


def called(url: str, **options: object) -> tuple[int, str]:
    """Call an upstream through a mock server; give the status, and the reason of a failure."""
    with in_front_of(url, **options) as server:  # type: ignore[arg-type]  # those of `Passage`
        answer = CLIENT.post(server.url + CALL)
    return answer.status_code, answer.json().get("detail", "")


@pytest.mark.parametrize(
    ("name", "trusted", "verify", "said"),
    [
        ("good", True, True, ""),
        ("good", False, True, "REQUESTS_CA_BUNDLE for another authority"),
        ("good", False, False, ""),
        ("expired", True, True, "certificate has expired"),
        ("expired", True, False, ""),
        ("wrong-name", True, True, "another host's"),
        ("wrong-name", True, False, ""),
    ],
)
def test_certificates_are_verified_unless_that_is_unwanted(  # noqa: PLR0913, PLR0917 - fixtures
    upstreams: Mapping[str, str],
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    trusted: bool,  # noqa: FBT001 - from the table
    verify: bool,  # noqa: FBT001 - likewise
    said: str,
) -> None:
    if trusted:
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))

    status, detail = called(upstreams[name], verify=verify)

    assert (status, said in detail) == (502 if said else 200, True)


def test_a_client_certificate_is_shown_where_it_is_demanded(
    upstreams: Mapping[str, str], authority: trustme.CA, tmp_path: Path
) -> None:
    both, key, url = tmp_path / "both.pem", tmp_path / "key.pem", upstreams["demanding"]
    client = authority.issue_cert("me@here.invalid")
    client.private_key_and_cert_chain_pem.write_to_path(both)
    client.private_key_pem.write_to_path(key)

    assert called(url, verify=False)[0] == 502
    assert called(url, verify=False, certificate=both, key=key)[0] == 200


def test_proxies_are_found_as_a_contract_run_finds_them(
    upstreams: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, secure = upstreams["plain"], upstreams["good"]
    with microsocks() as socks, tinyproxy_in(tmp_path) as proxy:
        for variable, each in (("ALL_PROXY", socks), ("HTTPS_PROXY", proxy), ("HTTP_PROXY", proxy)):
            monkeypatch.setenv(variable, each)
        assert called(url)[0] == called(secure, verify=False)[0] == 200
        assert called(url, proxy=socks)[0] == called(secure, proxy=socks, verify=False)[0] == 200
    status, detail = called(url)

    assert (status, f"The proxy {proxy.replace('me:secret@', '')} (HTTP_PROXY)" in detail) == (
        502,
        True,
    )
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert called(url)[0] == called(url, proxy="none")[0] == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"certificate": Path("none.pem")}, "there is no file none.pem"),
        ({"proxy": "ftp://x"}, "--proxy ftp://x: a proxy is"),
        ({"verify": False}, ""),
    ],
)
def test_what_cannot_be_used_is_told_before_anything_is_served(
    options: dict[str, object], said: str
) -> None:
    told: list[str] = []
    try:
        with in_front_of("https://127.0.0.1:9", **options):  # type: ignore[arg-type]  # likewise
            pass
    except UnusableUpstream as problem:
        told.append(str(problem))

    assert said in told[0] if said else told == []


def test_the_command_takes_the_options_of_a_contract_run(tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text("- {finding: x}\n", encoding="utf-8")
    done = command("mock_server", "--upstream", SILENT, "--waivers", str(waivers), "--check")
    alone = command("mock_server", "--upstream", SILENT, "--key", "x.key", "--check")

    assert (done.returncode, "a waiver lacks environment" in done.stderr) == (2, True)
    assert (alone.returncode, "--key belongs to --cert" in alone.stderr) == (2, True)
