"""`python -m openapi`: the command line of the contract.

Exit status: 0 nothing found · 1 findings · 2 usage, or a file that cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from openapi.findings import Finding, Unusable
from openapi.review import review
from openapi.spec import SPEC

FOUND, UNREADABLE = 1, 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m openapi",
        description="Review the contract.",
        epilog="Exit status: 0 nothing found, 1 findings, 2 usage or unreadable file.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check",
        help="compare the spec with its interface documents, and with itself",
        allow_abbrev=False,
    )
    check.add_argument("spec", nargs="?", type=Path, default=SPEC, help="default: openapi.yaml")
    return parser.parse_args()


def _told(finding: Finding) -> str:
    lines = [f"{finding.places[-1]}: {finding.claim}: {finding.operation}, {finding.subject}"]
    lines += [f"  promised  {finding.promise}", f"  came      {finding.evidence}"]
    lines += [f"  see       {place}" for place in finding.places[:-1]]
    lines += [f"  to do     {finding.remedy}"] if finding.remedy else []
    return "\n".join(lines)


def main() -> int:
    """Run one command; give the exit status."""
    arguments = _arguments()
    try:
        findings = review(arguments.spec)
    except Unusable as problem:
        print(f"openapi: {problem}", file=sys.stderr)
        return UNREADABLE
    for finding in findings:
        print(_told(finding))
    count = len(findings)
    print(f"{count or 'no'} finding{'' if count == 1 else 's'}: {arguments.spec}")
    return FOUND if findings else 0


if __name__ == "__main__":
    sys.exit(main())
