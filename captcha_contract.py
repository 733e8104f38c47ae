"""`captcha-contract`: the one command, which loads a side only when it is asked for.

`check`, `derive`, `diff`, `render` and `explain` are about documents and specs, `mock` serves a
spec, `test` judges an environment, and `compare` and `waive` read its reports. `review` is about
specs and recordings. Exit status: that of each command; 2 for wrong usage; 74 where an output
cannot be written.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a side is loaded only when it is asked for
    import pytest

    from contract.registry import Entry

USAGE = 2
"""The exit status for wrong usage."""
USAGE_OF_TEST = 4
"""The exit status for wrong usage of `test`: pytest's own."""
BROKEN_DOWN = 3
"""The exit status of a contract run that broke down: pytest's own for an internal error."""
INTERRUPTED = 130
"""The exit status that shells give a command that Ctrl-C ended."""
PROGRAM = "captcha-contract"
"""The name of the command."""
COMMANDS = {
    "derive": "make a spec from interface documents, or add to one  由接口文档生成契约",
    "check": "compare a spec with its documents, and with itself  校验契约与文档",
    "diff": "list what changed between two specs  比较两个版本的契约",
    "render": "show a spec beside its documents, as a page  生成对照页面",
    "review": "show a change to those who approve it  生成变更评审页面",
    "mock": "serve a spec, with a fresh captcha in every answer  启动模拟服务",
    "test": "judge an environment against a spec  对环境执行契约测试",
    "compare": "tell what moved between two reports of `test`  比较两次测试的结果",
    "waive": "write the waivers of what `test` found  为发现的问题生成豁免",
    "explain": "say what a check, rule, fault or reason means  解释报告中的名称",
}
"""The subcommands, each with its line in the help."""
_APART = "install captcha-contract into an environment of its own"
PROBE = "--probe"
"""The option of `mock` for which no server is loaded."""
ROOMS = ("contract", "mock_server", "contract_tests")
"""The packages of this distribution."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except KeyboardInterrupt:  # while it loads, too
        return 0 if words[:1] == ["mock"] else INTERRUPTED


def _run(words: list[str]) -> int:
    problem = _foreign_package() or (_other_owner() if words[:1] in (["mock"], ["test"]) else None)
    if problem:
        print(f"{PROGRAM}: {problem}", file=sys.stderr)
        return USAGE_OF_TEST if words[:1] == ["test"] else USAGE
    from contract.command_ends import exit_status_of
    from contract.consoles import lenient_console

    lenient_console()
    return exit_status_of(lambda: _command(words), name=PROGRAM)


def _command(words: list[str]) -> int:
    if not words or words[0] not in COMMANDS:
        _refuse(words)
        return USAGE
    return _side_of(words)(words)


def _refuse(words: list[str]) -> None:
    """Say what is wrong where no command is named; `--help` and `--version` end here too."""
    from contract import printable
    from contract.spelling import did_you_mean

    parser = _parser()
    if words and not words[0].startswith("-"):
        hint = did_you_mean(words[0], COMMANDS)
        known = ", ".join(COMMANDS)
        parser.error(f"{printable.line(words[0])} is no command; {hint}it has {known}")
    parser.parse_args(words)


def _side_of(words: Sequence[str]) -> Callable[[list[str]], int]:
    """Load the side that a command belongs to; give what runs the command."""
    command = words[0]
    if command == "mock" and PROBE in words:
        from mock_server.serving import health_check

        return lambda words: health_check.main(words[1:], prog=f"{PROGRAM} mock")
    if command == "mock":
        from mock_server import command_line

        return lambda words: command_line.main(words[1:], prog=f"{PROGRAM} mock")
    if command in {"test", "explain"}:
        run = _test if command == "test" else _explain
        return lambda words: run(words[1:])
    if command in {"compare", "waive"}:
        from contract_tests import report_commands

        return lambda words: report_commands.main(words, prog=PROGRAM)
    if command == "review":
        from contract.page import review_command
        from contract_tests.recorded_calls import recorded_calls

        name = f"{PROGRAM} review"
        return lambda words: review_command.main(words[1:], prog=name, read=recorded_calls)
    from contract import commands

    return lambda words: commands.main(words, prog=PROGRAM)


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:<8} {meaning}" for name, meaning in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Contract tests and a mock server, made from an interface document.",
        epilog=f"commands:\n{listed}\n\n`{PROGRAM} COMMAND --help` lists the options of a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=_version())
    parser.add_argument("command", metavar="COMMAND", choices=COMMANDS, help="see below")
    return parser


def _foreign_package() -> str | None:
    """Find another package under one of our names, which would be run instead of ours."""
    here = Path(__file__).resolve().parent
    for name in ROOMS:
        found = find_spec(name)
        origin = Path(found.origin).resolve() if found and found.origin else None
        if origin is None or origin.parent.parent != here:
            where = f"the one at {origin.parent}" if origin else "missing"
            return f"the package {name} is not its own, but {where}: {_APART}"
    return None


def _other_owner() -> str | None:
    """Find another distribution that was installed into a package of ours, over its files."""
    from importlib.metadata import distributions

    here = Path(__file__).resolve().parent
    for other in distributions():
        files = other.read_text("RECORD") or ""
        for name in ROOMS if other.name != PROGRAM else ():
            first = f"{name}/__init__.py"
            if f"\n{first}," in f"\n{files}" and Path(str(other.locate_file(""))).resolve() == here:
                return f"the package {name} is shared with {other.name}: {_APART}"
    return None


def _test(options: Sequence[str]) -> int:
    """Run the contract tests with pytest, whatever the current folder holds."""
    import pytest

    from contract.consoles import UNWRITABLE, complain, reader_may_leave

    if {"-h", "--help"} & set(options):
        return _help_of_test()
    settings = Path(__file__).with_name("contract_tests") / "run.ini"
    ours = ["-c", str(settings), "--noconftest", "-p", "no:cacheprovider"]
    wanted = [*ours, "-p", "contract_tests.plugin", "--pyargs", "contract_tests", *options]
    status = BROKEN_DOWN  # 1 would blame the environment for what went wrong here
    with reader_may_leave():
        try:
            status = int(pytest.main(wanted, plugins=[_NamedInUsage()]))
        except KeyboardInterrupt:
            raise
        except BrokenPipeError:
            status = UNWRITABLE
            complain(f"{PROGRAM} test: standard output was closed, so there is no verdict")
            raise
        except Exception as error:  # pytest lets pass what its plugins meet at the end
            if isinstance(error, OSError) and error.filename is None:
                raise  # standard output cannot be written
            complain(f"{PROGRAM} test: {type(error).__name__}: {error}")
    return status


class _NamedInUsage:
    """A plugin of pytest by which wrong usage is told of this command, not of `pytest.main()`."""

    @staticmethod
    def pytest_addoption(parser: pytest.Parser) -> None:
        """Name the command."""
        parser.prog = f"{PROGRAM} test"


def _help_of_test() -> int:
    """Print the options of the contract tests, which pytest's own help would bury."""
    from contract_tests.options import declare, variables

    listed = argparse.ArgumentParser(
        prog=f"{PROGRAM} test",
        description=COMMANDS["test"],
        epilog="Every option of pytest may be given too: `pytest --help` lists them. Exit status: "
        "0 conforms, 1 violates, 4 usage, 69 inconclusive, 74 a report cannot be written. "
        + variables().in_words(),
        allow_abbrev=False,
    )
    listed.add_argument("--base-url", metavar="URL", help="any server, without the path of a call")
    declare(listed.add_argument)
    listed.print_help()
    return 0


def _explain(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} explain", description=COMMANDS["explain"], allow_abbrev=False
    )
    parser.add_argument("name", metavar="NAME", nargs="*", help="default: list every name")
    names: list[str] = parser.parse_args(words).name

    from contract.consoles import complain, say
    from contract.explanation import explained
    from contract.spelling import did_you_mean

    known = registries()
    if not names:
        for kind, entries in known.items():
            listed = textwrap.wrap(", ".join(entries), width=76, break_on_hyphens=False)
            say("\n  ".join([kind, *listed]))
    for name in names:
        text = explained(name, known)
        if text is None:
            hint = did_you_mean(name, chain.from_iterable(known.values()))
            message = f"nothing is called {name}; {hint}`{PROGRAM} explain` lists every name"
            complain(f"{PROGRAM}: {message}")
            return USAGE
        say(text)
    return 0


def registries() -> Mapping[str, Mapping[str, Entry]]:
    """Give every registry, by the kind of its names."""
    from contract.changes import RULES as CHANGE_RULES
    from contract.judging.checks import CHECKS
    from contract.judging.failure_kinds import FAILURE_KINDS
    from contract.judging.glossary import GLOSSARY
    from contract.judging.reasons import REASONS
    from contract.review import RULES as REVIEW_RULES
    from contract_tests.comparing.movements import MOVEMENTS
    from mock_server.faults import FAULTS
    from mock_server.faults.variations import VARIATIONS

    return {
        "check": CHECKS,
        "reason of an inconclusive verdict": REASONS,
        "failure of a call": FAILURE_KINDS,
        "review rule": REVIEW_RULES,
        "change rule": CHANGE_RULES,
        "movement": MOVEMENTS,
        "fault": FAULTS,
        "harmless variation": VARIATIONS,
        "word": GLOSSARY,
    }


def _version() -> str:
    from contract import __version__

    return f"{PROGRAM} {__version__}"


if __name__ == "__main__":
    sys.exit(main())
