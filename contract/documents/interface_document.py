"""What one interface document states, as values that know their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from contract.documents.addresses import ListedEnvironment, RequestLine
from contract.documents.block import Stated
from contract.documents.field_rows import Row
from contract.documents.learned_envelope import NOTHING_KNOWN, Envelope
from contract.documents.listed_codes import ListedCode
from contract.documents.samples import Sample
from contract.documents.status_answers import SUCCESS, StatusAnswer, status_in
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
        envelope: what the samples show around the rows, and which of them show a failure.
        body: the row of the whole body of the request, where one states it; a list, for example.
        whole: the row of the whole answer, where one states it.
        picture: the media type of an answer that is a picture itself; empty for all others.
        headers: the rows of 响应头.
        codes: the business codes that a table lists, with their meanings.
        status: of a success: 200, where the document does not say another.
        statuses: the HTTP statuses that a table lists.
        others: the answers with another status whose members it describes.
        table_rows: how many rows its tables have that could describe members, read or not.
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
    envelope: Envelope = NOTHING_KNOWN
    body: Row | None = None
    whole: Row | None = None
    picture: str = ""
    headers: tuple[Row, ...] = ()
    codes: tuple[ListedCode, ...] = ()
    status: str = SUCCESS
    statuses: tuple[Stated, ...] = ()
    others: tuple[StatusAnswer, ...] = ()
    table_rows: int = 0
    lines: tuple[str, ...] = field(default=(), repr=False)

    @property
    def rows_read(self) -> int:
        """How many rows of its tables were read."""
        others = sum(len(each.rows) for each in self.others)
        return len(self.parameters) + len(self.answer) + len(self.headers) + others

    @property
    def good(self) -> tuple[Sample, ...]:
        """The samples of answers that show a success."""
        answers = (each for each in self.samples if not each.is_request)
        good = (each for each in answers if each.line not in self.envelope.failed)
        return tuple(each for each in good if self.other_of(each) is None)

    @property
    def failed(self) -> tuple[Sample, ...]:
        """The samples of answers that show a failure, with the status of a success."""
        answers = (each for each in self.samples if not each.is_request)
        failed = (each for each in answers if each.line in self.envelope.failed)
        return tuple(each for each in failed if self.other_of(each) is None)

    def other_of(self, sample: Sample) -> StatusAnswer | None:
        """Give the answer with another status that a sample shows: `> 400 Response`."""
        status = "" if sample.is_request else status_in(sample.title)
        return next((each for each in self.others if each.status.text == status), None)

    def is_undescribed(self, sample: Sample) -> bool:
        """Say whether a sample shows an answer with a status whose members nothing describes."""
        other = self.other_of(sample)
        return other is not None and not (other.rows or other.whole)


class UnreadableDocument(Unusable):
    """A document that cannot be read at all: no such file, not text, or no operation in it."""
