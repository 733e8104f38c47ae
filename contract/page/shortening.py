"""Texts as a page can show them: base64 as its first characters and its length."""

from __future__ import annotations

import re

LONG = 120
"""Characters of base64 that are still shown as they are."""
_SHOWN = 40
_BASE64 = re.compile(rf"(?:[A-Za-z0-9+/\r\n]|\\[rn/]){{{LONG},}}={{0,2}}")


def shortened(text: str) -> str:
    """Replace every long run of base64 by its first characters and its length."""
    return _BASE64.sub(lambda run: f"{run[0][:_SHOWN]}… ({len(run[0])} 字符 characters)", text)
