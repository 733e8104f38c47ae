"""`page`: a spec beside its interface documents, as one HTML file for people who compare the two.

`page_contents.py` collects what the page says, `page.html.j2` and `page.css` say how it looks. With
an older version beside it, `approval.py` and `approval.html.j2` add what changed: that is the page
of `review`. Every value is escaped by the template, and pictures are shown under the type that
their own bytes have. The page's policy loads nothing and runs nothing, except `reload.js` on
request.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from contract.content_security import digest
from contract.page.approval import EFFECTS, STATES, Approval
from contract.page.field_tables import COLUMNS
from contract.page.fragments import FRAGMENTS
from contract.page.page_contents import PageContents, contents
from contract.page.page_files import PageFiles, sources
from contract.page.shortening import shortened
from contract.page.versions import ShownNames

__all__ = ["PageFiles", "laid_out", "page", "policy", "policy_of_reloading", "sources"]

HERE = Path(__file__).parent
MOST_OPEN = 20
"""How many operations that changed are shown unfolded."""
MOST_SAME = 4
"""How many unchanged fields stand among those that changed; more are folded."""
MOST_UNFOLDED = 12
"""How many changes of an operation are shown unfolded."""
MOST_LISTED = 2000
"""How many unchanged operations are named."""
_UNFIT = re.compile("[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
"""What HTML must not contain: what would control a terminal, and halves of surrogate pairs."""


def page(path: Path, *, reloading: str | None = None) -> str:
    """Write a spec and all its findings as one HTML page.

    Args:
        path: the spec; where it cannot be interpreted, the page says why.
        reloading: a URL that the page asks once a second; it reloads itself when the text there
            changes. The fragment of the URL is the text that belongs to this page.
    """
    return laid_out(contents(path), reloading=reloading)


def laid_out(
    shown: PageContents,
    *,
    approval: Approval | None = None,
    fold: bool = False,
    names: ShownNames | None = None,
    reloading: str | None = None,
) -> str:
    """Write contents as one HTML page.

    Args:
        shown: the contents.
        approval: what changed, shown above them.
        fold: whether what did not change is folded, as in a review.
        names: how files are named.
        reloading: as of `page`.
    """
    style, script = _style_and_script(reloading=reloading is not None)
    text = _template(renames=names is not None and bool(names.beginnings)).render(
        page=shown,
        approval=approval,
        fold=fold,
        names=names or ShownNames(),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        reloading=reloading,
        policy=policy(style, script),
    )
    return _UNFIT.sub("\ufffd", text)


@lru_cache(maxsize=2)
def _template(*, renames: bool) -> Template:
    """Compile the template; where files are renamed, that is done to each text that is written."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(HERE),
        finalize=_as_shown if renames else None,
    )
    environment.globals.update(
        FRAGMENTS,
        columns=COLUMNS,
        short=shortened,
        effects=EFFECTS,
        states=STATES,
        most_open=MOST_OPEN,
        most_same=MOST_SAME,
        most_unfolded=MOST_UNFOLDED,
        most_listed=MOST_LISTED,
    )
    return environment.get_template("page.html.j2")


@pass_context
def _as_shown(context: Context, value: object) -> object:
    names = None if isinstance(value, Markup) else context["names"]
    return names.of(value) if isinstance(names, ShownNames) else value


def policy(style: str, script: str) -> str:
    """Give the Content-Security-Policy of a page: its own style and script, pictures in it."""
    runs = f" script-src {digest(script)}; connect-src 'self';" if script else ""
    return (
        f"default-src 'none'; img-src data:; style-src {digest(style)};{runs}"
        " base-uri 'none'; form-action 'none'"
    )


def policy_of_reloading() -> str:
    """Give the policy of a page that reloads itself, for the header of the server that sends it."""
    return policy(*_style_and_script(reloading=True))


def _style_and_script(*, reloading: bool) -> tuple[str, str]:
    script = (HERE / "reload.js").read_text(encoding="utf-8") if reloading else ""
    styles = ((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "approval.css"))
    return "".join(styles), script
