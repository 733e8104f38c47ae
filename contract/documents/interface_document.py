"""What one interface document states, as values that know their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from contract.documents.addresses import ListedEnvironment, RequestLine
from contract.documents.field_rows import Row
from contract.documents.markdown import Stated
from contract.documents.samples import Sample
from contract.findings import Finding, Unusable


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceDocument:
    """What one interface document states about one operation, line by line.

    Attributes:
        path: the file.
        line: the line of its title.
        title: what its first heading names.
        environments: the rows of 域名列表.
        method: GET, POST, …: what 请求类型 says.
        address: the path that 请求地址 says; begins with /.
        parameters: the rows of 请求参数, empty for 无.
        answer: the rows of 应答报文, empty for 无.
        samples: requests and answers in the order of the document.
        findings: what could not be read.
        parameters_line: the line of the heading 请求参数, 0 where there is none.
        answer_line: the line of the heading 应答报文, 0 where there is none.
        requests: where else, outside of samples, the document names its method, host or path.
        remarks: every other line, as it is written.
        media_type: of the request's body; empty where the document does not say it.
        lines: the whole text.
    """

    path: Path
    line: int = 1
    title: Stated
    environments: tuple[ListedEnvironment, ...]
    method: Stated
    address: Stated
    parameters: tuple[Row, ...]
    answer: tuple[Row, ...]
    samples: tuple[Sample, ...]
    findings: tuple[Finding, ...] = ()
    parameters_line: int = 0
    answer_line: int = 0
    requests: tuple[RequestLine, ...] = ()
    remarks: tuple[Stated, ...] = ()
    media_type: str = ""
    lines: tuple[str, ...] = field(default=(), repr=False)


class UnreadableDocument(Unusable):
    """A document that cannot be read at all: no such file, not text, or no operation in it."""
