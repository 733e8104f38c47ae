"""Two texts that look the same and are not: white space, invisible and full-width characters.

`told_apart` says in words what the eye does not see. To tell one more kind of character: its name
in `_NAMES`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_NAMES: Mapping[str, str] = {
    "\n": "a line break",
    "\r": "a carriage return",
    "\t": "a tab",
    " ": "a space",
    "\u00a0": "a no-break space",
    "\u200b": "a zero width space",
    "\u200c": "a zero width non-joiner",
    "\u200d": "a zero width joiner",
    "\u2060": "a word joiner",
    "\u3000": "an ideographic space",
    "\ufeff": "a byte order mark",
    "‘": "a curly quote",
    "’": "a curly quote",
    "“": "a curly quote",
    "”": "a curly quote",
}
"""What people call the characters that are not seen, or taken for others."""
_SAME = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})
_LONGEST = 10_000


def told_apart(stated: object, specified: object) -> str:
    """Say how two texts differ that look the same; nothing where a reader sees the difference.

    Args:
        stated: what the document says.
        specified: what the spec says.
    """
    if not isinstance(stated, str) or not isinstance(specified, str):
        return ""
    if stated == specified or max(len(stated), len(specified)) > _LONGEST:
        return ""
    if _seen(stated) != _seen(specified):
        return ""
    at = _first_difference(stated, specified)
    for side, text, other in (("document", stated, specified), ("spec", specified, stated)):
        extra = text[at : at + 1]
        if extra and not _seen(extra) and text[at + 1 : at + 2] == other[at : at + 1]:
            place = f"at character {at + 1}" if text[at:].strip() else "at the end"
            return f"the {side} has {_named(extra)} {place}"
    ours, theirs = stated[at : at + 1], specified[at : at + 1]
    if ours and theirs:
        both = f"the document has {_named(ours)}, and the spec {_named(theirs)}"
        return f"at character {at + 1} {both}"
    side, rest = ("spec", specified[at:]) if theirs else ("document", stated[at:])
    return f"the {side} has {_named(rest[0])} at the end"


def _seen(text: str) -> str:
    """Give what the eye sees of a text: no blanks, no width, no shape of quotes and dashes."""
    plain = unicodedata.normalize("NFKC", text.translate(_SAME))
    return "".join(
        character
        for character in plain
        if not character.isspace() and unicodedata.category(character) not in {"Cf", "Cc"}
    )


def _first_difference(one: str, other: str) -> int:
    both = zip(one, other, strict=False)
    shorter = min(len(one), len(other))
    return next((at for at, (a, b) in enumerate(both) if a != b), shorter)


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    if name := _NAMES.get(character):
        return f"{name} ({code})"
    if not character.isprintable():
        return f"an invisible character ({code})"
    width = unicodedata.east_asian_width(character)
    full = "full-width " if width == "F" else ""
    return f"the {full}character {character} ({code})"
