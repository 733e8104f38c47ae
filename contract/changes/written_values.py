"""The values of a spec, written for people in one short line, or for comparing."""

from __future__ import annotations

import json
from collections.abc import Mapping

from contract.spec.vocabulary import shown

_FEW = 6
_SHORT = 60


def brief(value: object) -> str:
    """Show a value of a spec in one short line; base64 is cut."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        more = f", … ({len(value)} in all)" if len(value) > _FEW else ""
        return f"[{', '.join(map(_item, value[:_FEW]))}{more}]"
    return _item(value)


def _item(value: object) -> str:
    """Show a value within a list."""
    if not isinstance(value, list | Mapping):
        return shown(value)
    text = sorted_json(value)
    return text if len(text) <= _SHORT and text.isprintable() else shown(text)


def sorted_json(value: object) -> str:
    """Write a value as JSON with sorted members, so that equal values become equal texts."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)
