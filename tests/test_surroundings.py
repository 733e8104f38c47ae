"""A contract run under whatever surrounds it: proxies, certificates, addresses, headers.

To try another of them, add a row to `SURROUNDINGS`.
"""

from __future__ import annotations

import contextlib
import re
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from tests.certificates import server_context
from tests.loopback import SILENT, contract, sample_server
from tests.proxies import microsocks, program, tinyproxy_in

PATH = "/oauth/api/account/getImgCode"
ABROAD = "http://例子.invalid"
FILES = {
    "bundle": "bundle.pem",
    "folder": "folder",
    "rehashed": "rehashed",
    "empty": "empty.pem",
    "nothing": "nothing",
    "key": "client.key",
    "cert": "client.crt",
    "both": "client.pem",
    "locked": "locked.key",
    "other": "other.key",
    "log": "keys.log",
}


@pytest.fixture(scope="module")
def socks() -> Iterator[str]:
    """The URL of microsocks, which wants a user and a password."""
    with microsocks() as url:
        yield url


@pytest.fixture(scope="module")
def tinyproxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of tinyproxy, which wants a user and a password."""
    with tinyproxy_in(tmp_path_factory.mktemp("tinyproxy")) as url:
        yield url


def keep(_: dict[str, object]) -> None:
    """Leave the payload as it is."""


@pytest.fixture(scope="module")
def servers(authority: trustme.CA) -> Iterator[Mapping[str, str]]:
    """The URLs of servers that keep the contract, by what is odd about them."""
    now = datetime.now(UTC)
    good = authority.issue_cert("127.0.0.1", "localhost", "::1")
    demanding = server_context(good)
    demanding.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(demanding)
    both = server_context(good)
    both.set_alpn_protocols(["h2", "http/1.1"])
    contexts = {
        "tls": server_context(good),
        "self-signed": server_context(trustme.CA().issue_cert("127.0.0.1")),
        "expired": server_context(
            authority.issue_cert("127.0.0.1", not_after=now - timedelta(days=1))
        ),
        "wrong-host": server_context(authority.issue_cert("other.invalid")),
        "demanding": demanding,
        "h2-offered": both,
    }
    with ExitStack() as stack:
        urls = {
            name: stack.enter_context(sample_server(keep, context))[0]
            for name, context in contexts.items()
        }
        urls["http"] = stack.enter_context(sample_server(keep))[0]
        urls["localhost"] = urls["http"].replace("127.0.0.1", "localhost")
        with contextlib.suppress(OSError):
            urls["ipv6"] = stack.enter_context(sample_server(keep, host="::1"))[0]
            urls["ipv6-tls"] = stack.enter_context(sample_server(keep, contexts["tls"], "::1"))[0]
        yield {**urls, "abroad": ABROAD, "dead": SILENT}


@pytest.fixture(scope="module")
def files(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The paths of certificates, keys and folders, by what is odd about them."""
    folder = tmp_path_factory.mktemp("certificates")
    paths = {name: folder / file for name, file in FILES.items()}
    client, other = authority.issue_cert("me@here.invalid"), trustme.CA().issue_cert("x.invalid")
    authority.cert_pem.write_to_path(paths["bundle"])
    for name in ("folder", "rehashed", "nothing"):
        paths[name].mkdir()
    authority.cert_pem.write_to_path(paths["folder"] / "authority.pem")
    shown = [program("openssl"), "x509", "-hash", "-noout", "-in", str(paths["bundle"])]
    digest = subprocess.check_output(shown, text=True).strip()  # noqa: S603 - as `openssl rehash`
    authority.cert_pem.write_to_path(paths["rehashed"] / f"{digest}.0")
    paths["empty"].touch()
    client.private_key_pem.write_to_path(paths["key"])
    client.private_key_and_cert_chain_pem.write_to_path(paths["both"])
    for blob in client.cert_chain_pems:
        blob.write_to_path(paths["cert"], append=True)
    other.private_key_pem.write_to_path(paths["other"])
    key = load_pem_private_key(client.private_key_pem.bytes(), None)
    form, lock = PrivateFormat.PKCS8, BestAvailableEncryption(b"open-sesame")
    paths["locked"].write_bytes(key.private_bytes(Encoding.PEM, form, lock))
    return {**{name: str(path) for name, path in paths.items()}, "missing": str(folder / "none")}


@dataclass(frozen=True)
class Row:
    """What surrounds a run, and how it has to end; `{…}` are servers, proxies and files."""

    url: str
    status: int
    told: str = ""
    options: str = ""
    surroundings: str = ""


DEAD = "NO_PROXY= HTTP_PROXY={dead} HTTPS_PROXY={dead} ALL_PROXY={dead}"
ALL = "NO_PROXY= HTTP_PROXY= HTTPS_PROXY= ALL_PROXY"
CLIENT = "REQUESTS_CA_BUNDLE={bundle}"
SURROUNDINGS = {
    "dead-proxy": Row("{http}", 69, "The proxy http://127.0.0.1:9 (HTTP_PROXY)", "", DEAD),
    "dead-proxy-for-tls": Row("{tls}", 69, "http://127.0.0.1:9 (HTTPS_PROXY)", "", DEAD),
    "dead-socks": Row(
        *("{http}", 69, "socks5://127.0.0.1:9 (ALL_PROXY)", ""),
        ALL + "=socks5://u:hush@127.0.0.1:9",
    ),
    "dead-socks-of-a-desktop": Row(
        "{http}",
        69,
        "socks5://127.0.0.1:9 (all_proxy)",
        "",
        "NO_PROXY= HTTP_PROXY= ALL_PROXY= all_proxy=socks://127.0.0.1:9/",
    ),
    "dead-proxy-as-an-option": Row("{http}", 69, "{dead} (--proxy)", "--proxy {dead}"),
    "socks": Row("{http}", 0, "", "", ALL + "={socks}"),
    "socks-and-tls": Row("{tls}", 0, "", "", f"{ALL}={{socks}} {CLIENT}"),
    "socks-as-an-option": Row("{http}", 0, "", "--proxy {socks}", DEAD),
    "socks-without-its-password": Row("{http}", 69, "(ALL_PROXY)", "", ALL + "={socks-alone}"),
    "socks-to-nowhere": Row("{dead}", 69, "Connection refused", "--proxy {socks}"),
    "http-proxy": Row("{http}", 0, "", "", ALL + "={tinyproxy}"),
    "http-proxy-and-tls": Row("{tls}", 0, "", "", f"{ALL}={{tinyproxy}} {CLIENT}"),
    "http-proxy-without-its-password": Row("{tls}", 69, "407", "--proxy {tinyproxy-alone}", CLIENT),
    "http-proxy-and-a-bad-certificate": Row(
        "{self-signed}",
        69,
        "The call went through the proxy http://127.0.0.1:",
        "--proxy {tinyproxy}",
    ),
    "http-proxy-and-ipv6": Row("{ipv6}", 0, "", "--proxy {tinyproxy}"),
    "http-proxy-and-ipv6-and-tls": Row("{ipv6-tls}", 0, "", "--proxy {tinyproxy}", CLIENT),
    "socks-and-ipv6": Row("{ipv6-tls}", 0, "", "--proxy {socks}", CLIENT),
    "tls-proxy": Row("{abroad}", 0, "", "--proxy {tls}", CLIENT),
    "tls-proxy-that-nobody-trusts": Row("{abroad}", 69, "(--proxy)", "--proxy {self-signed}"),
    "proxy-that-is-no-proxy": Row("{tls}", 69, "(--proxy)", "--proxy {http}", CLIENT),
    "malformed-proxy": Row(
        "{http}", 4, "HTTP_PROXY ftp://", "", ALL + "= HTTP_PROXY=ftp://u:hush@h"
    ),
    "malformed-port": Row("{http}", 4, "ALL_PROXY http://h:99999: a", "", ALL + "=http://h:99999"),
    "malformed-proxy-that-is-exempt": Row("{http}", 0, "", "", "HTTP_PROXY=ftp://x ALL_PROXY=:"),
    "malformed-proxy-of-others": Row("{http}", 0, "", "--proxy none", ALL + "=ftp://x"),
    "malformed-option": Row(
        "{http}", 4, "--proxy gopher://h: a proxy is", "--proxy gopher://u:hush@h"
    ),
    "no-proxy-by-a-network": Row("{http}", 0, "", "", DEAD.replace("=", "=127.0.0.0/8", 1)),
    "no-proxy-by-a-star": Row("{http}", 0, "", "", DEAD.replace("=", "=*", 1)),
    "international-host": Row("{abroad}", 0, "", "", ALL + "={http}"),
    "international-host-through-socks": Row("{abroad}", 69, "(--proxy)", "--proxy {socks}"),
    "impossible-host": Row("http://a..b", 4, "no host can have this name"),
    "ipv6": Row("{ipv6}", 0, "", "", "NO_PROXY=::1"),
    "localhost": Row("{localhost}", 0),
    "sub-path": Row("{http}/some/prefix/", 0),
    "missing-bundle": Row("{tls}", 4, "REQUESTS_CA_BUNDLE", "", "REQUESTS_CA_BUNDLE={missing}"),
    "missing-bundle-not-needed": Row("{http}", 0, "", "", "REQUESTS_CA_BUNDLE={missing}"),
    "missing-bundle-not-asked": Row("{tls}", 0, "", "--insecure", "REQUESTS_CA_BUNDLE={missing}"),
    "empty-bundle": Row("{tls}", 4, "no certificate in it", "", "SSL_CERT_FILE={empty}"),
    "empty-folder": Row("{tls}", 4, "no certificate in it", "", "CURL_CA_BUNDLE={nothing}"),
    "missing-folder": Row("{tls}", 4, "SSL_CERT_DIR", "", "SSL_CERT_DIR={missing}"),
    "folder": Row("{tls}", 0, "", "", "REQUESTS_CA_BUNDLE={folder}"),
    "rehashed-folder": Row("{tls}", 0, "", "", "SSL_CERT_DIR={nothing}:{rehashed}"),
    "key-log": Row("{tls}", 0, "", "", f"{CLIENT} SSLKEYLOGFILE={{log}}"),
    "bad-key-log": Row("{tls}", 4, "SSLKEYLOGFILE", "", f"{CLIENT} SSLKEYLOGFILE={{missing}}/x"),
    "bad-key-log-not-needed": Row("{http}", 0, "", "", "SSLKEYLOGFILE={missing}/x"),
    "self-signed": Row("{self-signed}", 69, "REQUESTS_CA_BUNDLE for another authority"),
    "expired": Row("{expired}", 69, "must be renewed", "", CLIENT),
    "wrong-host": Row("{wrong-host}", 69, "is another host's", "", CLIENT),
    "certificate-demanded": Row("{demanding}", 69, "give --cert FILE", "", CLIENT),
    "certificate-given": Row("{demanding}", 0, "", "--cert {cert} --key {key}", CLIENT),
    "certificate-with-its-key": Row("{demanding}", 0, "", "--cert {both}", CLIENT),
    "passphrase": Row(
        *("{demanding}", 0, "", "--cert {cert} --key {locked}"),
        CLIENT + " CONTRACT_TESTS_KEY_PASSPHRASE=open-sesame",
    ),
    "wrong-passphrase": Row(
        *("{demanding}", 4, "does not open the key", "--cert {cert} --key {locked}"),
        CLIENT + " CONTRACT_TESTS_KEY_PASSPHRASE=hush",
    ),
    "no-passphrase": Row(
        "{demanding}", 4, "CONTRACT_TESTS_KEY_PASSPHRASE", "--cert {cert} --key {locked}", CLIENT
    ),
    "key-of-another": Row(
        "{tls}", 4, "does not belong to the certificate", "--cert {cert} --key {other}", CLIENT
    ),
    "missing-certificate": Row("{tls}", 4, "there is no file", "--cert {missing}", CLIENT),
    "key-alone": Row("{tls}", 4, "--key belongs to --cert", "--key {key}"),
    "http2-offered": Row("{h2-offered}", 0, "", "", CLIENT),
    "header-that-is-no-latin-1": Row("{http}", 4, "no Latin-1", "--header X-Hush:密码hush"),
}


BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_a_run_ends_as_it_should_with_one_paragraph_about_what_surrounds_it(
    name: str,
    servers: Mapping[str, str],
    files: Mapping[str, str],
    request: pytest.FixtureRequest,
) -> None:
    row = SURROUNDINGS[name]
    written = f"{row.url} {row.options} {row.surroundings}"
    known = {**servers, **files}
    for proxy in ("socks", "tinyproxy"):
        if f"{{{proxy}" in written:
            url = request.getfixturevalue(proxy)
            known |= {proxy: url, f"{proxy}-alone": re.sub("//.*@", "//", url)}
    if "{ipv6" in written and "ipv6" not in known:
        pytest.skip("this machine has no IPv6")

    def filled(text: str) -> str:
        return re.sub(r"\{([\w-]+)\}", lambda found: known[found[1]], text)

    changes = dict.fromkeys(BUNDLES, "") | dict(
        filled(word).split("=", 1) for word in row.surroundings.split() if "=" in word
    )
    status, output = contract(
        *("contract_tests/test_contract.py", "--base-url", filled(row.url), "--samples", "2"),
        *filled(row.options).split(),
        **changes,
    )

    about = [line for line in output.splitlines() if filled(row.told) in line and row.told]
    assert (status, len(about) == bool(row.told)) == (row.status, True), output
    assert [word for word in ("hush", "pa:ss", "pa%3Ass", "me:secret") if word in output] == []
    assert status != 4 or len(output.strip().splitlines()) == 1
