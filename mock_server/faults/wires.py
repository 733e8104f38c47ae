"""Faults of the transfer: no HTTP answer, a part of one, or one that never ends.

Four of them are WireMock's, under its names: EMPTY_RESPONSE, MALFORMED_RESPONSE_CHUNK,
RANDOM_DATA_THEN_CLOSE and CONNECTION_RESET_BY_PEER.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import lru_cache
from hashlib import shake_256

from contract.spec.operations import Operation
from mock_server.answer_editing import Answer
from mock_server.faults.fault import fault
from mock_server.limits import ANSWER_TIME
from mock_server.wire import Wire, chunk, head

_CHUNKED = "transfer-encoding: chunked"
_A_MOMENT, _A_DRIP = 0.1, 0.25
_64_KIB = b" " * (64 << 10)


def _garbage(answer: Answer) -> bytes:
    """Give bytes of no meaning; the first is no hexadecimal digit, so they are no chunk's size."""
    return b"\xff" + shake_256(answer.body).digest(255)


# No answer


@fault(
    inconclusive="no-answer",
    chinese="连接被关闭，没有任何应答（WireMock 的 EMPTY_RESPONSE）。",
    source="a process that crashed while it answered",
)
def empty_response(_: Answer, __: Operation) -> Wire:
    """The connection is closed without an answer (WireMock's EMPTY_RESPONSE)."""
    return Wire()


@fault(
    inconclusive="no-answer",
    chinese="连接被重置，没有任何应答（WireMock 的 CONNECTION_RESET_BY_PEER）。",
    source="a firewall, or a process that was killed",
)
def connection_reset_by_peer(_: Answer, __: Operation) -> Wire:
    """The connection is reset without an answer (WireMock's CONNECTION_RESET_BY_PEER)."""
    return Wire(reset=True)


@fault(
    inconclusive="no-answer",
    chinese="收到一段随机字节，随后连接关闭（WireMock 的 RANDOM_DATA_THEN_CLOSE）。",
    source="a server that speaks TLS on this port",
)
def random_data_then_close(answer: Answer, _: Operation) -> Wire:
    """Random bytes come, then the connection is closed (WireMock's RANDOM_DATA_THEN_CLOSE)."""
    return Wire(steps=(_garbage(answer),))


@fault(
    inconclusive="no-answer",
    chinese="连接保持打开，但没有任何应答。",
    source="a service whose threads are all blocked",
)
def never_answers(_: Answer, __: Operation) -> Wire:
    """The connection stays open, and nothing comes."""
    return Wire(endless=(ANSWER_TIME,))


@fault(
    inconclusive="no-answer",
    chinese="该端口上是另一种协议的服务器。",
    source="a wrong port: an SSH or mail server",
)
def greeting_of_another_protocol(_: Answer, __: Operation) -> Wire:
    """A server of another protocol listens on the port."""
    return Wire(steps=(b"SSH-2.0-OpenSSH_9.2\r\n",))


@fault(
    inconclusive="no-answer",
    chinese="状态行里的状态码不是数字。",
    source="RFC 9112 §4; a server that is written by hand",
)
def status_line_garbled(answer: Answer, _: Operation) -> Wire:
    """The status is not a number."""
    return Wire(steps=(head(answer).replace(b" 200 ", b" OK ", 1), answer.body))


# A part of an answer


@fault(
    inconclusive="no-answer",
    chinese="应答头正常，但分块内容是乱码（WireMock 的 MALFORMED_RESPONSE_CHUNK）。",
    source="RFC 9112 §7.1; a proxy that mixes up two connections",
)
def malformed_response_chunk(answer: Answer, _: Operation) -> Wire:
    """The headers are right, but the chunk is garbage (WireMock's MALFORMED_RESPONSE_CHUNK)."""
    return Wire(steps=(head(answer, _CHUNKED), _garbage(answer)))


@fault(
    inconclusive="no-answer",
    chinese="未达到 Content-Length，连接就关闭了。",
    source="RFC 9112 §8; a process that crashed while it answered",
)
def body_short_of_its_length(answer: Answer, _: Operation) -> Wire:
    """The connection ends before the Content-Length is reached."""
    length = f"content-length: {len(answer.body)}"
    return Wire(steps=(head(answer, length), answer.body[: len(answer.body) // 2]))


@fault(
    inconclusive="no-answer",
    chinese="应答体传到一半，连接被重置。",
    source="a load balancer that is reloaded",
)
def body_reset_halfway(answer: Answer, _: Operation) -> Wire:
    """The connection is reset in the middle of the body."""
    length = f"content-length: {len(answer.body)}"
    half = answer.body[: len(answer.body) // 2]
    return Wire(steps=(head(answer, length), half, _A_MOMENT), reset=True)


@fault(
    inconclusive="no-answer",
    chinese="最后一个分块到达之前，连接就关闭了。",
    source="RFC 9112 §8; a process that crashed while it answered",
)
def chunks_without_end(answer: Answer, _: Operation) -> Wire:
    """The connection ends before the last chunk."""
    return Wire(steps=(head(answer, _CHUNKED), chunk(answer.body)))


@fault(
    "json",
    chinese="Content-Length 按字符数而不是字节数计算，结尾被截断。",
    source="RFC 9110 §8.6; a service that counts before it encodes",
)
def length_in_characters(answer: Answer, _: Operation) -> Wire:
    """The Content-Length counts characters, not bytes, so the end is cut off."""
    length = f"content-length: {len(answer.body.decode())}"
    return Wire(steps=(head(answer, length), answer.body))


@fault(
    inconclusive="no-answer",
    chinese="有两个不一致的 Content-Length。",
    source="RFC 9112 §6.3; a proxy that adds its own",
)
def two_lengths(answer: Answer, _: Operation) -> Wire:
    """The answer has two Content-Lengths, and they differ."""
    lengths = (f"content-length: {len(answer.body)}", "content-length: 7")
    return Wire(steps=(head(answer, *lengths), answer.body))


@fault(
    inconclusive="no-answer",
    chinese="Content-Length 不是合法数字。",
    source="RFC 9110 §8.6; a service that sends -1 for unknown",
)
def length_no_number(answer: Answer, _: Operation) -> Wire:
    """The Content-Length is not a number."""
    return Wire(steps=(head(answer, "content-length: -1"), answer.body))


@fault(
    inconclusive="no-answer",
    chinese="应答头中有一行不是合法的头部字段。",
    source="RFC 9112 §5; a gateway's script",
)
def header_without_colon(answer: Answer, _: Operation) -> Wire:
    """A line of the head is not a header."""
    length = f"content-length: {len(answer.body)}"
    return Wire(steps=(head(answer, "served by node 3", length), answer.body))


# An answer without end


@fault(
    inconclusive="no-answer",
    chinese="应答头一行接一行缓慢到达，永不结束。",
    source="an attacker: slow answers hold the client's connections",
)
def head_dripping(answer: Answer, _: Operation) -> Wire:
    """The headers come slowly, one after the other, and never end."""
    return Wire(steps=(head(answer)[:-2],), endless=(b"x-patience: please\r\n", _A_DRIP))


@fault(
    inconclusive="no-answer",
    chinese="应答体一个字节接一个字节缓慢到达，永不结束。",
    source="an attacker: slow answers hold the client's connections",
)
def body_dripping(answer: Answer, _: Operation) -> Wire:
    """The body comes a byte at a time, slowly, and never ends."""
    drip = (chunk(b" "), _A_DRIP)
    return Wire(steps=(head(answer, _CHUNKED),), endless=drip)


@fault(
    inconclusive="no-answer",
    chinese="应答体传到一半停住，连接保持打开。",
    source="a network that loses packets; a service that is blocked",
)
def body_stuck(answer: Answer, _: Operation) -> Wire:
    """The body stops in the middle, and the connection stays open."""
    length = f"content-length: {len(answer.body)}"
    half = answer.body[: len(answer.body) // 2]
    return Wire(steps=(head(answer, length), half), endless=(ANSWER_TIME,))


@fault(
    inconclusive="too-large",
    chinese="应答体以最快速度到达，永不结束。",
    source="an attacker; a service that sends a log in place of an answer",
)
def body_endless(answer: Answer, _: Operation) -> Wire:
    """The body comes as fast as it is read, and never ends."""
    return Wire(steps=(head(answer, _CHUNKED),), endless=(chunk(_64_KIB),))


@fault(
    inconclusive="no-answer",
    chinese="应答头一行接一行以最快速度到达，永不结束。",
    source="an attacker",
)
def head_endless(answer: Answer, _: Operation) -> Wire:
    """The headers come as fast as they are read, one after the other, and never end."""
    many = b"x-more: and more\r\n" * 1000
    return Wire(steps=(head(answer)[:-2],), endless=(many,))


@fault(
    inconclusive="too-large",
    chinese="应答体有 50 MB，Content-Length 也如实写明。",
    source="a service that answers with a file",
)
def body_of_50_megabytes(answer: Answer, _: Operation) -> Wire:
    """The body has 50 MB, and its Content-Length says so."""
    pieces = (_64_KIB,) * 800
    length = len(_64_KIB) * len(pieces) + len(answer.body)
    return Wire(steps=(head(answer, f"content-length: {length}"), *pieces, answer.body))


# An encoding that cannot be decoded


@fault(
    inconclusive="no-answer",
    chinese="Content-Encoding 写 gzip，应答体却没有压缩。",
    source="RFC 9110 §8.4; a proxy that decompresses and keeps the header",
)
def gzip_announced_only(answer: Answer, _: Operation) -> Answer:
    """The Content-Encoding says gzip, but the body is not compressed."""
    return replace(answer, headers=(("content-encoding", "gzip"),))


@fault(
    inconclusive="no-answer",
    chinese="压缩后的应答体提前结束。",
    source="a buffer that is too small",
)
def gzip_cut_off(answer: Answer, _: Operation) -> Answer:
    """The compressed body ends too early."""
    body = zlib.compress(answer.body, wbits=31)[:-20]
    return replace(answer, body=body, headers=(("content-encoding", "gzip"),))


@fault(
    inconclusive="no-answer",
    chinese="Content-Encoding 写 br，应答体却没有压缩。",
    source="RFC 9110 §8.4; a content delivery network that decompresses and keeps the header",
)
def encoding_unknown(answer: Answer, _: Operation) -> Answer:
    """The Content-Encoding says br, but the body is not compressed."""
    return replace(answer, headers=(("content-encoding", "br"),))


@fault(
    inconclusive="too-large",
    chinese="应答体有 64 kB，解压后是 64 MiB。",
    source="an attacker: a decompression bomb",
)
def gzip_bomb(answer: Answer, _: Operation) -> Answer:
    """The body is 64 kB, and 64 MiB when it is decompressed."""
    return replace(answer, body=_bomb(64), headers=(("content-encoding", "gzip"),))


@lru_cache(maxsize=1)
def _bomb(mebibytes: int) -> bytes:
    return zlib.compress(b" " * (mebibytes << 20), wbits=31)
