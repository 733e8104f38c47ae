"""Which proxy a call goes through: the option, the variables, and NO_PROXY in its forms."""

from __future__ import annotations

import os

import httpx2
import pytest

from contract.reaching.environments import Misuse, address
from contract.reaching.proxies import proxy_for


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://proxy.invalid:3128", "http://proxy.invalid:3128"),
        ("http://proxy.invalid:3128/", "http://proxy.invalid:3128"),
        ("proxy.invalid:3128", "http://proxy.invalid:3128"),
        ("HTTP://Proxy.invalid", "http://proxy.invalid:80"),
        ("http://proxy.invalid:80", "http://proxy.invalid:80"),
        ("https://proxy.invalid", "https://proxy.invalid:443"),
        ("socks5://127.0.0.1", "socks5://127.0.0.1:1080"),
        ("socks5h://127.0.0.1:80", "socks5://127.0.0.1:80"),
        ("socks://127.0.0.1:1/", "socks5://127.0.0.1:1"),
        ("http://u:p@[::1]:3128", "http://[::1]:3128"),
        ("http://代理.invalid:1", "http://xn--mnq481g.invalid:1"),
    ],
)
def test_a_proxy_is_read_in_every_form_that_people_write(written: str, read: str) -> None:
    assert str(proxy_for(httpx2.URL("http://h.invalid"), written)) == read


def test_the_user_of_a_proxy_is_known_and_never_shown() -> None:
    proxy = proxy_for(httpx2.URL("http://h.invalid"), "http://me:h%40sh@p.invalid:1")

    assert proxy is not None
    assert proxy.user == ("me", "h@sh")
    assert "h@sh" not in f"{proxy} {proxy!r}"


@pytest.mark.parametrize(
    "written",
    [
        *("ftp://h", "socks4://h:1", "http://", "://h", ":", "http://h:0", "http://h:99999"),
        *("http://h:x", "http://[::1", "http://☃.invalid", "http://a b", "\x1b[2J", ""),
    ],
)
def test_what_is_no_proxy_is_refused_without_its_user_and_with_a_way_out(written: str) -> None:
    with pytest.raises(Misuse, match="--proxy none") as refused:
        proxy_for(httpx2.URL("http://h.invalid"), written.replace("://", "://u:hush@"))

    assert "hush" not in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("variables", "url", "chosen"),
    [
        ({"HTTP_PROXY": "http://a:1"}, "http://h", "http://a:1 HTTP_PROXY"),
        ({"HTTP_PROXY": "http://a:1"}, "https://h", ""),
        ({"HTTPS_PROXY": "http://a:1"}, "https://h", "http://a:1 HTTPS_PROXY"),
        ({"https_proxy": "http://a:1"}, "https://h", "http://a:1 https_proxy"),
        ({"http_proxy": "b:1", "HTTP_PROXY": "a:1"}, "http://h", "http://b:1 http_proxy"),
        ({"ALL_PROXY": "socks5://a:1"}, "http://h", "socks5://a:1 ALL_PROXY"),
        ({"ALL_PROXY": "a:1", "HTTP_PROXY": "b:1"}, "http://h", "http://b:1 HTTP_PROXY"),
        ({"ALL_PROXY": "a:1", "http_proxy": ""}, "http://h", "http://a:1 ALL_PROXY"),
        ({"HTTP_PROXY": "a:1", "REQUEST_METHOD": "GET"}, "http://h", ""),  # httpoxy
        ({"HTTPS_PROXY": "ftp://x"}, "http://h", ""),
        ({"HTTP_PROXY": "ftp://x", "NO_PROXY": "h"}, "http://h", ""),
    ],
)
def test_the_variables_are_read_as_curl_reads_them(
    variables: dict[str, str], url: str, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    proxy = proxy_for(httpx2.URL(url), None)

    assert (f"{proxy} {proxy.source}" if proxy else "") == chosen


def test_an_option_beats_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "ftp://x")
    monkeypatch.setenv("NO_PROXY", "*")
    url = httpx2.URL("http://h")

    assert (proxy_for(url, "NONE"), str(proxy_for(url, "a:1"))) == (None, "http://a:1")


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("*", "http://h.invalid"),
        ("a.invalid, *", "http://h.invalid"),
        ("h.invalid", "http://h.invalid"),
        ("H.Invalid", "http://h.invalid"),
        ("a.invalid,h.invalid", "http://h.invalid:8080"),
        ("a.invalid h.invalid", "http://h.invalid"),
        ("h.invalid.", "http://h.invalid"),
        ("h.invalid", "http://h.invalid."),
        ("invalid", "http://h.invalid"),
        (".invalid", "http://h.invalid"),
        (".h.invalid", "http://h.invalid"),
        ("*.invalid", "http://h.invalid"),
        ("h.invalid:8080", "http://h.invalid:8080"),
        ("h.invalid:80", "http://h.invalid"),
        ("h.invalid:443", "https://h.invalid"),
        ("10.1.2.3", "http://10.1.2.3"),
        ("10.0.0.0/8", "http://10.1.2.3:1"),
        ("10.1.2.3:1", "http://10.1.2.3:1"),
        ("::1", "http://[::1]:1"),
        ("[::1]", "http://[::1]:1"),
        ("[::1]:1", "http://[::1]:1"),
        ("fd00::/8", "http://[fd00::1]"),
        ("localhost", "http://localhost:1"),
        ("例子.invalid", "http://例子.invalid"),
        ("xn--fsqu00a.invalid", "http://例子.invalid"),
    ],
)
def test_no_proxy_exempts_a_host_in_every_form_that_people_write(
    listed: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://a:1")
    monkeypatch.setenv("NO_PROXY", listed)

    assert proxy_for(address(url), None) is None


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("", "http://h.invalid"),
        (",", "http://h.invalid"),
        (".", "http://h.invalid"),
        ("h", "http://h.invalid"),
        ("h.invalid", "http://oh.invalid"),
        ("h.invalid:8080", "http://h.invalid"),
        ("10.0.0.0/8", "http://11.1.2.3"),
        ("10.0.0.0/8", "http://h.invalid"),
        ("10.1.2", "http://10.1.2.3"),
        ("h.invalid/8", "http://h.invalid"),
        ("::1", "http://[::2]"),
        ("h.invalid:" + "9" * 5000, "http://h.invalid"),
        ("☃", "http://h.invalid"),
    ],
)
def test_no_proxy_exempts_no_other_host(
    listed: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://a:1")
    monkeypatch.setenv("NO_PROXY", listed)

    assert proxy_for(address(url), None) is not None
