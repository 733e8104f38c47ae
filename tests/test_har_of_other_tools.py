"""Recordings of other tools: files of their own for bodies, zips, and what each tool writes."""

from __future__ import annotations

import base64
import gzip
import json
import os
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from contract.judging.exchange import Exchange, Response
from contract_tests.observing import har_attachments
from contract_tests.observing.har_file import UnreadableHar
from contract_tests.observing.recordings import recordings
from tests.test_recordings import ORDERS, URL

BODY = '{"code": "000", "msg": "成功"}'
Entry = dict[str, object]


def entry(content: Mapping[str, object], **others: object) -> Entry:
    response = {"status": 200, "headers": [], "content": content}
    return {"request": {"method": "POST", "url": URL}, "response": response, **others}


def har(*entries: Entry) -> bytes:
    return json.dumps({"log": {"entries": entries}}).encode()


def read(path: Path) -> Exchange:
    (recording,) = recordings(path, ORDERS)
    (exchange,) = recording.exchanges
    return exchange


def answer(path: Path) -> Response:
    outcome = read(path).outcome
    assert isinstance(outcome, Response)
    return outcome


ATTACHED = entry({"mimeType": "application/json", "size": 30, "_file": "a1b2.json"})


def zipped(path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_body_in_a_file_of_its_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "a1b2.json").write_text(BODY, encoding="utf-8")
    (tmp_path / "x.har").write_bytes(har(ATTACHED))

    came = answer(tmp_path / "x.har")

    assert (came.body.decode(), came.unrecorded) == (BODY, "")
    assert came.headers == (("Content-Type", "application/json"),)


@pytest.mark.parametrize("folder", ["", "deep/er/"])
@pytest.mark.parametrize("name", ["x.har.zip", "x.zip", "x.har"])
def test_a_zip_with_a_har_file_and_bodies_is_read(name: str, folder: str, tmp_path: Path) -> None:
    files = {f"{folder}har.har": har(ATTACHED), f"{folder}a1b2.json": BODY.encode()}

    assert answer(zipped(tmp_path / name, files)).body.decode() == BODY


def test_an_own_recording_in_a_zip_is_read_whatever_its_name(tmp_path: Path) -> None:
    files = {"traffic.har": har(entry({"text": BODY})), "notes.txt": b"x"}

    assert answer(zipped(tmp_path / "x.zip", files)).body.decode() == BODY


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "link", "pipe", "gone", "a\0b", ""])
def test_only_a_file_beside_the_recording_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(BODY, encoding="utf-8")
    folder = tmp_path / "har"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    (folder / "x.har").write_bytes(har(entry({"_file": name})))

    came = answer(folder / "x.har")

    assert (came.body, came.unrecorded.startswith("its body is not read: ")) == (b"", True)


def test_a_path_that_leaves_the_archive_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(BODY, encoding="utf-8")

    came = answer(zipped(tmp_path / "x.zip", {"har.har": har(entry({"_file": "../secret"}))}))

    assert came.unrecorded == "its body is not read: ../secret is missing"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.txt": b""}, "is a zip with no HAR files: it must hold one"),
        ({"a.har": b"{}", "b.har": b"{}"}, "is a zip with 2 HAR files: it must hold one"),
        ({"a.har": b"{"}, "is not complete JSON"),
    ],
)
def test_a_zip_without_one_har_file_is_told(
    files: Mapping[str, bytes], told: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableHar, match=told):
        read(zipped(tmp_path / "x.zip", files))


def test_a_zip_that_would_fill_the_memory_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(har_attachments, "LARGEST", 1 << 20)
    bomb = b" " * (1 << 24)

    with pytest.raises(UnreadableHar, match="is larger than 1 MiB: record less"):
        read(zipped(tmp_path / "x.zip", {"har.har": bomb}))
    came = answer(zipped(tmp_path / "y.zip", {"har.har": har(ATTACHED), "a1b2.json": bomb}))
    assert came.unrecorded == ("its body is not read: a1b2.json is larger than 1 MiB: record less")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_without_a_bound_is_refused(method: int, tmp_path: Path) -> None:
    with pytest.raises(UnreadableHar, match="which is not deflated"):
        read(zipped(tmp_path / "x.zip", {"har.har": b"{}"}, method))


def test_an_encrypted_zip_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"har.har": b"{}"})
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(signature) + flags, 1)
    path.write_bytes(content)

    with pytest.raises(UnreadableHar, match="which is encrypted"):
        read(path)


def test_a_zip_that_is_cut_or_spoilt_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "x.zip", {"har.har": har(ATTACHED) * 99}).read_bytes())
    content[45:60] = b"\xff" * 15
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(UnreadableHar, match="is a zip that cannot be read"):
        read(tmp_path / "x.zip")


B64 = base64.b64encode(BODY.encode()).decode()
GZIPPED = base64.b64encode(gzip.compress(BODY.encode())).decode()
TOOLS: Mapping[str, Entry] = {
    "sizes-unknown": entry({"size": -1, "mimeType": "application/json", "text": BODY}),
    "base64": entry(
        {"size": 33, "text": B64, "encoding": "base64", "mimeType": "application/json"}
    ),
    "base64-in-lines": entry({"text": f"{B64[:20]}\r\n{B64[20:]}", "encoding": "BASE64"}),
    "still-compressed": {
        **entry({}),
        "response": {
            "status": 200,
            "headers": [{"name": "content-encoding", "value": "gzip"}],
            "content": {"text": GZIPPED, "encoding": "base64"},
        },
    },
    "compressed-no-more": {
        **entry({}),
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Encoding", "value": "gzip"}],
            "content": {"text": B64, "encoding": "base64", "compression": 9},
        },
    },
    "comments": entry(
        {"text": BODY, "comment": "x"}, comment="y", serverIPAddress="::1", connection="7"
    ),
    "no-timings": entry({"text": BODY}, time=4200),
    "timings-unknown": entry(
        {"text": BODY}, time=4200, timings={"send": -1, "wait": -1, "receive": -1}
    ),
}


@pytest.mark.parametrize("said", TOOLS.values(), ids=TOOLS)
def test_what_other_tools_write_is_read(said: Entry, tmp_path: Path) -> None:
    (tmp_path / "x.har").write_bytes(har(said))

    came = answer(tmp_path / "x.har")

    assert (came.body.decode(), came.unrecorded) == (BODY, "")


def test_a_compressed_body_is_compared_with_the_size_of_the_plain_one(tmp_path: Path) -> None:
    body = json.dumps({"code": "000", "msg": " " * 900, "data": {}})
    text = base64.b64encode(gzip.compress(body.encode())).decode()
    headers = [{"name": "Content-Encoding", "value": "gzip"}]
    content = {"size": len(body), "text": text, "encoding": "base64"}
    said = {"status": 200, "headers": headers, "content": content}
    (tmp_path / "x.har").write_bytes(har({**entry({}), "response": said}))

    came = answer(tmp_path / "x.har")

    assert (came.body.decode(), came.unrecorded) == (body, "")


@pytest.mark.parametrize("name", ["no-timings", "timings-unknown"])
def test_a_tool_that_measures_no_parts_has_measured_the_whole(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.har").write_bytes(har(TOOLS[name]))

    assert read(tmp_path / "x.har").seconds == 4.2


@pytest.mark.parametrize(
    ("headers", "media_type", "expected"),
    [
        ([], "application/json", (("Content-Type", "application/json"),)),
        ([{"name": "CONTENT-TYPE", "value": "a/b"}], "c/d", (("CONTENT-TYPE", "a/b"),)),
        ([], "x-unknown", ()),
        ([], "", ()),
        (
            [{"name": "set-cookie", "value": "a=1\nb=2"}],
            "",
            (("set-cookie", "a=1"), ("set-cookie", "b=2")),
        ),
    ],
)
def test_the_media_type_is_that_of_the_header_else_that_of_the_content(
    headers: list[object], media_type: str, expected: object, tmp_path: Path
) -> None:
    content = {"text": "{}", "mimeType": media_type}
    said = {**entry({}), "response": {"status": 200, "headers": headers, "content": content}}
    (tmp_path / "x.har").write_bytes(har(said))

    assert answer(tmp_path / "x.har").headers == expected


def test_a_file_in_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.har").write_bytes(har(entry({"text": BODY})).decode().encode("utf-16"))

    assert answer(tmp_path / "x.har").body.decode() == BODY
