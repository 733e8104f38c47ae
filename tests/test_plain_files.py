"""Files that others wrote: what is no file, or has no end, is refused and never waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from contract import plain_files
from contract.plain_files import content_of, real


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x00\r\n" * 5)

    assert content_of(tmp_path / "a") == b"\x00\r\n" * 5


@pytest.mark.parametrize(("size", "read"), [(10, True), (11, False)])
def test_a_file_has_a_largest_size(
    size: int,
    read: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plain_files, "MAX_BYTES", 10)
    (tmp_path / "a").write_bytes(b"x" * size)

    if read:
        assert len(content_of(tmp_path / "a")) == size
    else:
        with pytest.raises(OSError, match="it has more than"):
            content_of(tmp_path / "a")


@pytest.mark.parametrize("kind", ["fifo", "socket", "device", "folder"])
def test_what_is_no_file_is_refused_without_waiting(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    path = Path("it")
    with socket.socket(socket.AF_UNIX) as bound:
        if kind == "fifo":
            os.mkfifo(path)
        elif kind == "socket":
            bound.bind(str(path))
        elif kind == "device":
            path.symlink_to("/dev/zero")
        else:
            path.mkdir()

        with pytest.raises(OSError, match="it is a "):
            content_of(path)


def test_what_the_shell_pipes_in_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"abc")
    os.close(writing)

    assert content_of(Path(f"/dev/fd/{reading}")) == b"abc"
    os.close(reading)


def test_a_loop_of_links_has_a_path_too(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")

    assert real(tmp_path / "a").parent == tmp_path.resolve()
