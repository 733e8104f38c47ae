"""The writing of files: a reader finds the old file or the whole new one, never a part."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from contract.plain_files import real
from contract.printable import in_utf8


def write_whole(path: Path, text: str) -> None:
    """Write a file in UTF-8 under another name beside it, and then give it its own.

    What a link leads to is written, not the link. A pipe or a device is written in place, and so is
    a file whose folder takes no other.

    Raises:
        OSError: it cannot be written; the old file is as it was, unless it was written in place.
    """
    content = in_utf8(text)
    file = real(path)
    if file.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if file.exists() and not file.is_file():
        file.write_bytes(content)
        return
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as written:
            written.write(content)
        if file.exists():
            draft.chmod(file.stat().st_mode)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        if not file.exists() or error.errno not in {errno.EACCES, errno.EPERM, errno.EBUSY}:
            raise
        file.write_bytes(content)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
