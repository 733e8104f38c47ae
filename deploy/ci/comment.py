"""Put a file on the pull or merge request of this job: one comment, which each push replaces.

    python3 comment.py COMMENT.md

The file begins with a line that no other comment has. On GitHub, GITHUB_TOKEN, GITHUB_API_URL,
GITHUB_REPOSITORY and PULL_REQUEST (its number) say where; on GitLab, COMMENT_TOKEN (a project
access token with the scope api), CI_API_V4_URL, CI_PROJECT_ID and CI_MERGE_REQUEST_IID.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

MOST = 60_000
"""Characters of a comment; GitHub takes 65,536."""
PAGE = 100
"""Comments that are asked for at a time."""


@dataclass(frozen=True, kw_only=True)
class Forge:
    """Where comments are read and written.

    Attributes:
        comments: the URL of those of the request.
        one: the URL that the number of a comment is appended to.
        change: the HTTP method that changes one.
        headers: what proves who writes.
        author: the member of a comment that holds its author, and the author's name in that.
        own: the name that comments of this job have.
    """

    comments: str
    one: str
    change: str
    headers: dict[str, str]
    author: tuple[str, str]
    own: str


def forge(given: dict[str, str]) -> Forge | None:
    """Find out where this job runs; None where it may not write."""
    if given.get("GITHUB_TOKEN"):
        issues = f"{given['GITHUB_API_URL']}/repos/{given['GITHUB_REPOSITORY']}/issues"
        return Forge(
            comments=f"{issues}/{given['PULL_REQUEST']}/comments",
            one=f"{issues}/comments",
            change="PATCH",
            headers={
                "Authorization": f"Bearer {given['GITHUB_TOKEN']}",
                "Accept": "application/vnd.github+json",
            },
            author=("user", "login"),
            own=given.get("COMMENT_AUTHOR", "github-actions[bot]"),
        )
    if given.get("COMMENT_TOKEN"):
        api, headers = given["CI_API_V4_URL"], {"PRIVATE-TOKEN": given["COMMENT_TOKEN"]}
        request = f"{given['CI_PROJECT_ID']}/merge_requests/{given['CI_MERGE_REQUEST_IID']}"
        notes = f"{api}/projects/{request}/notes"
        own = called("GET", f"{api}/user", headers)["username"]
        return Forge(
            comments=notes,
            one=notes,
            change="PUT",
            headers=headers,
            author=("author", "username"),
            own=own,
        )
    return None


def called(method: str, url: str, headers: dict[str, str], body: object = None) -> Any:  # noqa: ANN401 - JSON
    """Call the forge; give what it answers."""
    data = None if body is None else json.dumps(body).encode()
    sent = {**headers, "Content-Type": "application/json"}
    with urlopen(Request(url, data, sent, method=method), timeout=30) as answer:
        return json.load(answer)


def all_comments(there: Forge) -> Iterator[dict[str, Any]]:
    """Read the comments of the request, page by page."""
    page: list[dict[str, Any]] = [{}] * PAGE
    number = 0
    while len(page) == PAGE:
        number += 1
        url = f"{there.comments}?per_page={PAGE}&page={number}"
        page = called("GET", url, there.headers)
        yield from page


def put(text: str, there: Forge) -> str:
    """Write the comment, or change the one that this job wrote before; say which."""
    mark = text.partition("\n")[0]
    member, name = there.author
    for each in all_comments(there):
        if each["body"].startswith(mark) and each[member][name] == there.own:
            called(there.change, f"{there.one}/{each['id']}", there.headers, {"body": text})
            return "changed"
    called("POST", there.comments, there.headers, {"body": text})
    return "written"


def main(file: str) -> int:
    """Put a file there; give the exit status."""
    text = Path(file).read_text(encoding="utf-8")
    if len(text) > MOST:
        text = (
            text[:MOST] + "\n\n… The rest is in the artefacts of this job. 其余见本任务的产物。\n"
        )
    try:
        there = forge(dict(os.environ))
        if there is None:
            print("no token, as for a fork: the comment stays among the artefacts of this job")
            return 0
        print(f"comment: {put(text, there)}")
    except (URLError, KeyError) as problem:
        print(f"the comment cannot be written: {problem!r}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
