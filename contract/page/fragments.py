"""The small parts of a page that it repeats most: texts in both languages, places, facts.

A page of a thousand operations has hundreds of thousands of them, and a macro costs ten times as
much as a function. Every value is escaped here as it is in the templates. To add one: a function,
and its name in `FRAGMENTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from contract.findings import Place
from contract.page.stated_keywords import Fact
from contract.page.versions import ShownNames


@pass_context
def _say(context: Context, chinese: str, english: str) -> Markup:
    """Give a text in both languages."""
    names = context["names"]
    if isinstance(names, ShownNames) and names.beginnings:
        return _both(names.text(chinese), names.text(english))
    return _both(chinese, english)


@lru_cache(maxsize=512)
def _both(chinese: str, english: str) -> Markup:
    return Markup('<span lang="zh-Hans">{}</span> <span class="en">{}</span>').format(
        chinese, english
    )


@pass_context
def _line_of(context: Context, place: Place) -> Markup:
    """Give a place by its file's own name; the title has all of it."""
    names = context["names"]
    whole = names.text(place) if isinstance(names, ShownNames) else place
    file = escape(place.path.rpartition("/")[2])
    return Markup(  # noqa: S704 - its parts are escaped
        f'<code class="at" title="{escape(whole)}">{file}:{place.line}</code>'
    )


def _facts(facts: Iterable[Fact]) -> Markup:
    """Give the list of what a spec says of a field."""
    items = "".join([_fact(each.keyword, each.text, each.differs) for each in facts])
    return Markup(f'<ul class="facts">\n{items}</ul>\n')  # noqa: S704 - its parts are escaped


@lru_cache(maxsize=4096)
def _fact(keyword: str, text: str, differs: bool) -> str:  # noqa: FBT001 - a key of the cache
    said = f" {escape(text)}" if text else ""
    marked = ' class="differs"' if differs else ""
    return f"<li{marked}><code><b>{escape(keyword)}</b>{said}</code></li>\n"


FRAGMENTS: Mapping[str, Callable[..., Markup]] = {
    "say": _say,
    "line_of": _line_of,
    "facts": _facts,
}
"""The functions by the names that the templates have for them."""
