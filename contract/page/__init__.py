"""`page`: a spec beside its interface documents, as one HTML file for people who compare the two.

`contents.py` collects what the page says, `page.html.j2` and `page.css` say how it looks. Every
value is escaped by the template, and pictures are shown under the type that their own bytes have.
The page's policy loads nothing and runs nothing, except `reload.js` on request.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from contract.page.field_tables import COLUMNS
from contract.page.page_contents import contents
from contract.page.page_files import PageFiles, sources
from contract.page.shortening import shortened

__all__ = ["PageFiles", "digest", "page", "policy", "policy_of_reloading", "sources"]

HERE = Path(__file__).parent


def page(path: Path, *, reloading: str | None = None) -> str:
    """Write a spec and all its findings as one HTML page.

    Args:
        path: the spec; where it cannot be interpreted, the page says why.
        reloading: a URL that the page asks once a second; it reloads itself when the text there
            changes. The fragment of the URL is the text that belongs to this page.
    """
    style, script = _style_and_script(reloading=reloading is not None)
    template = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string((HERE / "page.html.j2").read_text(encoding="utf-8"))
    text = template.render(
        page=contents(path),
        columns=COLUMNS,
        short=shortened,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        reloading=reloading,
        policy=policy(style, script),
    )
    text = text.replace("\0", "\ufffd")  # HTML must not contain it
    return text.encode("utf-8", "replace").decode()  # half of a surrogate pair cannot be written


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
    return (HERE / "page.css").read_text(encoding="utf-8"), script


def digest(text: str) -> str:
    """Give the source expression that allows one inline style or script (CSP 3, 2.3.1)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
