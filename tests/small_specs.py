"""Specs of one operation, written where a test needs them."""

from __future__ import annotations

from pathlib import Path

from contract.findings import Place
from contract.spec.loading import interpret
from contract.spec.operations import Operation, Spec
from contract.spec.references import mapping
from contract.spec.yaml_text import parse


def spec_of(schema: str) -> Spec:
    """Make a spec of one operation, whose answer has this schema."""
    text = f"""
openapi: 3.0.3
info: {{title: x, version: "1"}}
paths:
  /x:
    get:
      operationId: getX
      responses:
        "200":
          description: x
          content:
            application/json:
              schema: {schema}
"""
    return spec_written(text)


def spec_written(text: str) -> Spec:
    """Read the text of a spec."""
    path = Path("x.yaml")
    root = parse(text.encode(), str(path))
    return interpret(path, mapping(root, Place(str(path), 1), "a spec"))


def operation_of(schema: str) -> Operation:
    """Make an operation, whose answer has this schema."""
    return spec_of(schema).operations[0]
