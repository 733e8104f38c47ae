"""Captchas: number, text and picture, each a pure function of a seed and what comes before it.

A picture is white paper, a word and some lines, encoded as the documented sample is. To draw
something more, write a layer: a function of (picture, text, choices) that draws on the picture by
`paste` or `putpixel`, as on a picture of Pillow. List it in `LAYERS`.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

from PIL import Image, ImageDraw

from mock_server.drawing.glyphs import ALPHABET, PICTURE, SHIFTS, SLOTS
from mock_server.drawing.planes import Canvas, Colour, Cover, Shape, shape_of
from mock_server.drawing.words import write

DIGITS = string.digits + string.ascii_uppercase
"""The digits of a captcha's number."""

HALF = len(DIGITS) ** 3
"""How many values one half of a number has."""

ROUNDS = 4
"""Rounds of the Feistel network that shuffles the numbers."""

INSTANCES, WORKERS = 16, 8
"""How many servers may share a seed, and how many workers each may have."""

PROCESSES = INSTANCES * WORKERS
"""How many processes may share a seed."""

PALETTE: tuple[Colour, ...] = (
    (0, 135, 255),
    (51, 153, 51),
    (255, 102, 102),
    (255, 153, 0),
    (153, 102, 0),
    (153, 102, 153),
    (51, 153, 153),
    (102, 102, 255),
    (0, 102, 204),
    (204, 51, 51),
)
"""The colours that the documented sample may have for a character or a line."""

LINE_COUNTS = (2, 2, 2, 2, 3, 3, 3, 3, 4)
"""How many lines a picture has, each as often as in pictures of the documented service."""

LINES = 256
"""How many lines there are to choose from."""

FINE = 4
"""How many times larger a line is drawn before it is reduced; Pillow's own lines are jagged."""


class Choices:
    """A sequence of choices that some bytes decide, as many as a layer makes.

    The digest of the bytes is enough for all that the word and the lines need. A layer that makes
    many choices, such as one for each pixel, gets further digests.
    """

    __slots__ = ("_digests", "_entropy", "_left", "_values")

    def __init__(self, entropy: bytes) -> None:
        self._entropy = entropy
        self._digests = 0
        self._left, self._values = self._next_digest(), _OF_A_DIGEST

    def several(self, end: int, times: int) -> list[int]:
        """Choose so many of range(end); together that is faster than one by one."""
        together = self.below(end**times)
        chosen = []
        for _ in range(times):
            together, choice = divmod(together, end)
            chosen.append(choice)
        return chosen

    def below(self, end: int) -> int:
        """Choose one of range(end), all of them equally likely."""
        self._values //= end
        if self._values < _SPARE:
            self._left, self._values = self._next_digest(), _OF_A_DIGEST // end
        self._left, choice = divmod(self._left, end)
        return choice

    def _next_digest(self) -> int:
        salt = self._digests.to_bytes(blake2b.SALT_SIZE)
        self._digests += 1
        return int.from_bytes(blake2b(self._entropy, salt=salt).digest())


_OF_A_DIGEST = 1 << 8 * blake2b.MAX_DIGEST_SIZE
_SPARE = 1 << 64
"""How many values must be left; with fewer, some choices would be noticeably more likely."""


@dataclass(frozen=True, slots=True)
class Captchas:
    """Every captcha of one seed, each a pure function of (seed, number)."""

    seed: str

    def number(self, index: int) -> str:
        """Give the number of the captcha at an index: six of 0-9A-Z, different for every index.

        Raises:
            ValueError: the index is outside range(36**6).
        """
        if index not in range(HALF**2):
            raise ValueError(f"the index of a captcha is 0 to {HALF**2 - 1}, not {index}")
        # A Feistel network: each round can be reversed, whatever the digest is.
        left, right = divmod(index, HALF)
        for round_number in range(ROUNDS):
            digest = self._digest(b"number", b"%d %d" % (round_number, right))
            left, right = right, (left + int.from_bytes(digest)) % HALF
        return _three_digits(left) + _three_digits(right)

    def index(self, number: str) -> int:
        """Give the index of the captcha of a number: what `number` makes the number of."""
        left, right = divmod(int(number, len(DIGITS)), HALF)
        for round_number in reversed(range(ROUNDS)):
            digest = self._digest(b"number", b"%d %d" % (round_number, left))
            left, right = (right - int.from_bytes(digest)) % HALF, left
        return left * HALF + right

    def text(self, number: str) -> str:
        """Give the four characters that the picture of a number shows."""
        choices = Choices(self._digest(b"text", _bytes_of(number)))
        return "".join([ALPHABET[each] for each in choices.several(len(ALPHABET), SLOTS)])

    def picture(self, number: str) -> bytes:
        """Draw the picture of a number, as a JPEG file."""
        return draw(self.text(number), entropy=self._digest(b"picture", _bytes_of(number)))

    def _digest(self, purpose: bytes, content: bytes) -> bytes:
        hashed = _keyed(self.seed, purpose).copy()
        hashed.update(content)
        return hashed.digest()


@cache
def _keyed(seed: str, purpose: bytes) -> blake2b:
    """Begin the digests of one seed for one purpose."""
    return blake2b(key=blake2b(_bytes_of(seed)).digest(), person=purpose)


def _bytes_of(text: str) -> bytes:
    """Encode a seed or a number: from a command line or a URL, they may be anything."""
    return text.encode(errors="surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOrigin:
    """Where a number comes from: a worker of an instance, and how many that issued before."""

    instance: int
    worker: int
    count: int


@dataclass(slots=True)
class Numbers:
    """The numbers that one process issues: no number twice, and none that another process issues.

    The numbers of a seed are dealt out in turn to every worker of every instance that may exist.
    Each gets seventeen million, and starts again after them.

    Attributes:
        captchas: those that the numbers name.
        instance: which of several servers with one seed this is, in range(INSTANCES).
        worker: which of several processes of one server this is, in range(WORKERS).
        issued: how many have been issued.
    """

    captchas: Captchas
    instance: int = 0
    worker: int = 0
    issued: int = 0

    def __next__(self) -> str:
        self.issued += 1
        return self._at(self.issued - 1)

    def origin(self, number: str) -> NumberOrigin:
        """Read back from a number which process issues it, and as which of its captchas."""
        count, process = divmod(self.captchas.index(number), PROCESSES)
        instance, worker = divmod(process, WORKERS)
        return NumberOrigin(instance=instance, worker=worker, count=count)

    def latest(self, limit: int) -> list[str]:
        """Give the numbers issued last, the newest first."""
        return [self._at(at) for at in range(self.issued - 1, max(-1, self.issued - 1 - limit), -1)]

    def _at(self, count: int) -> str:
        dealt = count % (HALF**2 // PROCESSES) * PROCESSES
        return self.captchas.number(dealt + self.instance * WORKERS + self.worker)


def _three_digits(value: int) -> str:
    base = len(DIGITS)
    return DIGITS[value // base**2] + DIGITS[value // base % base] + DIGITS[value % base]


def word(picture: Canvas, text: str, choices: Choices) -> None:
    """Draw every character in its place, each in a colour of its own."""
    shift = choices.below(len(SHIFTS))
    write(picture, text, shift, [PALETTE[each] for each in choices.several(len(PALETTE), SLOTS)])


def lines(picture: Canvas, _text: str, choices: Choices) -> None:
    """Draw two to four thin lines, all with an end near the first character."""
    for _ in range(LINE_COUNTS[choices.below(len(LINE_COUNTS))]):
        picture.cover(_painted(choices.below(LINES * len(PALETTE))))


_DRAWN = frozenset(ALPHABET)

Layer = Callable[[Canvas, str, Choices], None]
"""Draws on a picture of a text."""

LAYERS: tuple[Layer, ...] = (word, lines)
"""What a picture consists of, from the bottom to the top."""


def draw(text: str, *, entropy: bytes) -> bytes:
    """Draw the picture of a text as a JPEG file; the entropy decides everything but the text.

    Raises:
        ValueError: the text is not four characters that can be drawn.
    """
    if len(text) != SLOTS or not _DRAWN.issuperset(text):
        raise ValueError(f"a captcha shows {SLOTS} characters out of {ALPHABET}, not {text!r}")
    picture = Canvas()
    choices = Choices(entropy)
    for layer in LAYERS:
        layer(picture, text, choices)
    return picture.encoded()


@cache
def _painted(choice: int) -> Cover:
    colour, line = divmod(choice, LINES)
    return _line(line).painted(PALETTE[colour])


@cache
def _line(number: int) -> Shape:
    choices = Choices(b"line %d" % number)
    width, height = (FINE * length for length in PICTURE)
    anywhere = choices.below(width), choices.below(height)
    near_the_start = FINE * (10 + choices.below(20)), FINE * (10 + choices.below(20))
    canvas = Image.new("L", (width, height))
    ImageDraw.Draw(canvas).line((anywhere, near_the_start), 255, FINE)
    return shape_of(canvas.reduce(FINE))
