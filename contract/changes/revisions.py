"""A spec by its name: a file, or `git:REV:path`, the file as a revision of git has it.

A revision is read without touching the work tree, together with every file of the same revision
that the spec refers to. To add another source of specs: write a `references.Reader`, and have
`loaded` recognise its names.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from contract.findings import Place, Unusable
from contract.spec.loading import interpret, load
from contract.spec.operations import Spec
from contract.spec.spec_files import tree
from contract.spec.yaml_text import parse

_PREFIX = "git:"


class UnreadableRevision(Unusable):
    """What a `git:REV:path` names cannot be read."""


def loaded(name: str) -> Spec:
    """Read the spec that a name stands for: a path, or `git:REV:path`.

    The path of a revision is relative to the current directory.

    Raises:
        UnreadableRevision: git has no such revision or file.
        UnreadableYaml: a file cannot be read, or is not YAML.
        InvalidSpec: it is YAML, but not a contract.
    """
    named_file = in_revision(name)
    if named_file is None:
        return load(Path(name))
    revision, path = named_file
    return interpret(path, tree(path, revision))


def in_revision(name: str) -> tuple[Revision, Path] | None:
    """Give the revision that `git:REV:path` names, and the path; None for the path of a file.

    Raises:
        UnreadableRevision: git has no such revision, or the name is not whole.
    """
    if not name.startswith(_PREFIX):
        return None
    revision, colon, path = name.removeprefix(_PREFIX).partition(":")
    place = Place(name, 1)
    if not (revision and colon and path):
        raise UnreadableRevision(place, "name it git:REV:path, such as git:main:openapi.yaml")
    if revision.startswith("-"):
        raise UnreadableRevision(
            place, f"{revision} is not a revision: no revision begins with a hyphen"
        )
    if Path(path).is_absolute():
        problem = "the path of a revision is relative to the current directory, not absolute"
        raise UnreadableRevision(place, problem)
    _check(revision, place)
    return Revision(revision), Path(path)


@dataclass(frozen=True, slots=True)
class Revision:
    """A reader of the files of one revision."""

    name: str

    def resolved(self, path: Path) -> Path:
        """Resolve by name alone: a link of the work tree need not be one in the revision."""
        return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow such links

    def named(self, path: Path) -> str:
        """Name a file as `loaded` does."""
        return f"{_PREFIX}{self.name}:{self._relative(path)}"

    def read(self, path: Path) -> object:
        """Read a file of the revision."""
        return parse(self.content(path), self.named(path))

    def content(self, path: Path) -> bytes:
        """Give the bytes of a file of the revision.

        Raises:
            UnreadableRevision: the revision has no such file.
        """
        place = Place(self.named(path), 1)
        came = _git(place, "cat-file", "blob", f"{self.name}:./{self._relative(path)}")
        if came.returncode:
            problem = f"revision {self.name} has no such file in the current directory"
            raise UnreadableRevision(place, f"{problem}; `git ls-tree {self.name}` lists its files")
        return came.stdout

    def files_of(self, folder: Path) -> list[Path]:
        """List the files that stand in a folder of the revision; none where there is no such."""
        place = Place(self.named(folder), 1)
        inside = "" if self._relative(folder) == "." else f"{self._relative(folder)}/"
        came = _git(place, "ls-tree", "-z", self.name, f"./{inside}")
        listed = came.stdout.decode("utf-8", "surrogateescape").split("\0")
        described = (each.partition("\t") for each in listed if each)
        return [self.resolved(Path(name)) for kind, _, name in described if kind.startswith("100")]

    def _relative(self, path: Path) -> str:
        return Path(os.path.relpath(self.resolved(path))).as_posix()


def _check(revision: str, place: Place) -> None:
    """Check that there is a repository, and such a revision in it."""
    inside = _git(place, "rev-parse", "--git-dir")
    if inside.returncode:
        reason = inside.stderr.decode(errors="replace").strip().partition("\n")[0]
        problem = f"the current directory is not in a git repository ({reason})"
        raise UnreadableRevision(place, f"{problem}; run this inside a clone")
    known = _git(place, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if known.returncode:
        problem = f"git knows no revision {revision} here"
        raise UnreadableRevision(place, f"{problem}; `git fetch` may bring it")


def _git(place: Place, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", *arguments]
    try:
        return subprocess.run(  # noqa: S603 - no shell; a revision cannot pass for an option
            command,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise UnreadableRevision(place, "git is missing; install it, or name a file") from None
    except (OSError, ValueError) as error:  # a null character, or half of a surrogate pair
        raise UnreadableRevision(place, f"git cannot be run: {error}") from None
