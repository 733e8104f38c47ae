from __future__ import annotations

import hashlib
import io
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean

import captcha_whisperer
import numpy as np
import pytest
import simplejpeg  # type: ignore[import-untyped] # it has no types
from PIL import Image, ImageChops

from mock_server.drawing import captcha, contact_sheet, glyphs
from mock_server.drawing.captcha import (
    INSTANCES,
    LAYERS,
    PALETTE,
    PROCESSES,
    WORKERS,
    Captchas,
    Choices,
    Layer,
    Numbers,
    draw,
    lines,
    word,
)
from mock_server.drawing.glyphs import ALPHABET, PICTURE, SHIFTS, SLOTS, atlas, bake, window
from mock_server.drawing.planes import Canvas, Colour, Cover, ycc
from mock_server.drawing.words import write

# The captcha's characters of Liberation Sans Bold 2.1.5 (mock_server/drawing/glyphs/OFL.txt), and
# nothing else of it; under another name, as the licence demands of a part.
FONT = Path(__file__).parent / "fonts" / "letters.ttf"
HEADER = 623
SAMPLE_HEADER = "894b85997d88acf9828429ee1cc8530f13c0e676ae035c401514c1c226ca2228"  # its SHA-256
SAMPLE_COLOURS = {
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
}
SAMPLES = "543ab5c18c6fbd5536d0dbba1abd484213806c2d67de1e56a3dd94bc3e30fb17"  # their SHA-256
CAPTCHAS = Captchas("captcha")
ATLAS = list(atlas().values())
ODD_NUMBERS = ["", "0" * 10_000, "验证码", "\udcff", "6opm6h"]


@pytest.fixture(scope="module")
def pictures() -> list[bytes]:
    return [CAPTCHAS.picture(CAPTCHAS.number(index)) for index in range(1000)]


def _drawn(layer: Layer, entropy: bytes, text: str = "6F93") -> Image.Image:
    picture = Canvas()
    layer(picture, text, Choices(entropy))
    return _shown(picture)


def _shown(picture: Canvas) -> Image.Image:
    """Give a picture as one of Pillow, before it is encoded."""
    luma, *chroma = (Image.fromarray(plane) for plane in picture.planes())
    whole = (plane.resize(luma.size, Image.Resampling.NEAREST) for plane in chroma)
    shown = Image.merge("YCbCr", (luma, *whole)).convert("RGB")
    return shown.crop((0, 0, *PICTURE))


def _most_unlike(picture: Canvas, expected: Image.Image) -> int:
    """Give the largest difference to the planes that an encoder makes of a picture of Pillow."""
    padded = np.pad(np.asarray(expected), ((0, 1), (0, 1), (0, 0)), mode="edge")
    planes = np.asarray(Image.fromarray(padded).convert("YCbCr")).astype(int)
    luma, *chroma = (planes[..., plane] for plane in range(3))
    halved = (plane.reshape(23, 2, 63, 2).mean(axis=(1, 3)) for plane in chroma)
    pairs = zip(picture.planes(), (luma, *halved), strict=True)
    return max(int(np.abs(mine - theirs).max()) for mine, theirs in pairs)


def _colours(picture: Image.Image) -> set[Colour]:
    """Give the colours of the sample that a picture has, but for what the conversion rounds."""
    pixels = np.asarray(picture).reshape(-1, 1, 3).astype(int)
    near = np.abs(pixels - np.array(sorted(SAMPLE_COLOURS))).max(axis=2) <= 2
    return {
        colour
        for colour, seen in zip(sorted(SAMPLE_COLOURS), near.any(axis=0), strict=True)
        if seen
    }


def _ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return picture.convert("L").point(lambda value: 255 if value < 200 else 0).getbbox()


def _margins(text: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = _ink(_drawn(word, text.encode(), text)) or (0, 0, 0, 0)
    return left, PICTURE[0] - right, top, PICTURE[1] - bottom


def test_a_seed_means_the_same_numbers_and_texts_on_every_machine() -> None:
    captchas = Captchas("42")

    numbers = [captchas.number(index) for index in (0, 1, 36**6 - 1)]

    assert [(number, captchas.text(number)) for number in numbers] == [
        ("SM97L4", "8CC3"),
        ("I6WH0B", "86C8"),
        ("G9M4RL", "6744"),
    ]


def test_a_seed_means_the_same_pixels_on_every_machine() -> None:
    drawn = [Canvas() for _ in range(20)]
    for number, picture in enumerate(drawn):
        for layer in LAYERS:
            layer(picture, "6F93", Choices(b"%d" % number))

    digest = hashlib.sha256(
        b"".join(plane.tobytes() for picture in drawn for plane in picture.planes())
    ).hexdigest()

    assert digest == SAMPLES


@pytest.mark.parametrize("instance", [0, 1, INSTANCES - 1])
@pytest.mark.parametrize("worker", [0, 1, WORKERS - 1])
def test_a_worker_issues_numbers_in_turn_with_all_that_may_exist(
    instance: int, worker: int
) -> None:
    numbers = Numbers(CAPTCHAS, instance=instance, worker=worker)

    issued = [next(numbers) for _ in range(3)]

    first = instance * 8 + worker
    assert issued == [CAPTCHAS.number(first + turn * 128) for turn in range(3)]


def test_so_many_servers_and_workers_may_share_a_seed() -> None:
    assert (INSTANCES, WORKERS, PROCESSES) == (16, 8, 128)


def test_by_default_numbers_are_those_of_the_first_worker_of_the_first_server() -> None:
    numbers = Numbers(CAPTCHAS)

    assert (numbers.issued, next(numbers), numbers.issued) == (0, CAPTCHAS.number(0), 1)


def test_numbers_begin_again_when_all_have_been_issued() -> None:
    most = 36**6 // 128
    numbers = Numbers(CAPTCHAS, issued=most - 1)

    assert [next(numbers), next(numbers)] == [
        CAPTCHAS.number((most - 1) * 128),
        CAPTCHAS.number(0),
    ]


@pytest.mark.parametrize(("limit", "expected"), [(0, ""), (1, "E"), (3, "EDC"), (9, "EDCBA")])
def test_the_latest_numbers_are_listed_the_newest_first(limit: int, expected: str) -> None:
    numbers = Numbers(CAPTCHAS)
    named = {next(numbers): name for name in "ABCDE"}

    assert "".join(named[each] for each in numbers.latest(limit)) == expected


def test_before_the_first_number_none_is_listed() -> None:
    assert Numbers(CAPTCHAS).latest(5) == []


@pytest.mark.parametrize("end", [1, 2, 10, 1 << 20])
def test_choices_are_the_digits_of_digests_read_from_the_right(end: int) -> None:
    digest = int.from_bytes(hashlib.blake2b(b"many", salt=bytes(16)).digest())
    choices = Choices(b"many")

    chosen = [choices.below(end) for _ in range(20)]

    assert chosen == [digest // end**turn % end for turn in range(20)]


def test_several_choices_are_those_that_come_one_by_one() -> None:
    together, one_by_one = Choices(b"several"), Choices(b"several")

    for _ in range(30):
        assert together.several(10, 4) == [one_by_one.below(10) for _ in range(4)]


def test_a_digest_is_left_before_its_choices_become_uneven() -> None:
    digests = [
        int.from_bytes(hashlib.blake2b(b"many", salt=number.to_bytes(16)).digest())
        for number in range(2)
    ]
    choices = Choices(b"many")

    chosen = [choices.below(1 << 64) for _ in range(8)]

    whole = [digests[0] >> 64 * turn & (1 << 64) - 1 for turn in range(7)]
    assert chosen == [*whole, digests[1] & (1 << 64) - 1]


def test_the_same_seed_and_number_give_the_same_picture() -> None:
    assert Captchas("a").picture("6OPM6H") == Captchas("a").picture("6OPM6H")


@pytest.mark.parametrize("other", [Captchas("b"), Captchas("")], ids=["b", "empty"])
def test_another_seed_gives_other_numbers_texts_and_pictures(other: Captchas) -> None:
    one, another = (
        (captchas.number(0), captchas.text("6OPM6H"), captchas.picture("6OPM6H"))
        for captchas in (Captchas("a"), other)
    )

    assert all(mine != theirs for mine, theirs in zip(one, another, strict=True))


@pytest.mark.parametrize("seed", ["种子", "\udcff", "s" * 10_000], ids=["Chinese", "bytes", "long"])
def test_a_seed_may_be_any_text(seed: str) -> None:
    assert len(Captchas(seed).number(0)) == 6


@pytest.mark.parametrize("number", ODD_NUMBERS, ids=ascii)
def test_every_number_has_a_text_even_one_never_given_out(number: str) -> None:
    assert len(CAPTCHAS.text(number)) == SLOTS


def test_the_global_random_is_left_alone() -> None:
    before = random.getstate()

    CAPTCHAS.picture(CAPTCHAS.number(7))

    assert random.getstate() == before


def test_no_number_comes_twice() -> None:
    indices = [*range(25_000), *range(36**6 - 25_000, 36**6)]

    assert len({CAPTCHAS.number(index) for index in indices}) == len(indices)


def test_a_number_is_six_digits_or_capital_letters() -> None:
    characters = Counter("".join(CAPTCHAS.number(index) for index in range(5000)))

    assert (sum(characters.values()), sorted(characters)) == (
        30_000,
        list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    )


@pytest.mark.parametrize("index", [-1, 36**6, 10**30])
def test_an_index_without_a_number_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match=f"is 0 to 2176782335, not {index}"):
        CAPTCHAS.number(index)


def test_texts_use_the_whole_alphabet_evenly() -> None:
    texts = [CAPTCHAS.text(CAPTCHAS.number(index)) for index in range(5000)]
    characters = Counter("".join(texts))
    fair = 4 * len(texts) / len(ALPHABET)

    assert sorted(characters) == sorted(ALPHABET)
    assert all(abs(count - fair) < fair / 8 for count in characters.values())


def test_the_alphabet_has_no_two_characters_that_look_alike() -> None:
    look_alike = ["0ODQ", "1IL7T", "2Z", "5S", "8B", "UV", "MNW"]

    assert all(len(set(group) & set(ALPHABET)) < 2 for group in look_alike)


def test_every_picture_is_a_whole_jpeg_of_the_documented_size(pictures: list[bytes]) -> None:
    shapes = {simplejpeg.decode_jpeg(picture, strict=True).shape for picture in pictures}

    assert shapes == {(45, 125, 3)}


def test_every_picture_begins_with_the_header_of_the_sample(pictures: list[bytes]) -> None:
    headers = {hashlib.sha256(picture[:HEADER]).hexdigest() for picture in pictures}

    assert headers == {SAMPLE_HEADER}


def test_no_two_pictures_are_the_same(pictures: list[bytes]) -> None:
    assert len(set(pictures)) == len(pictures)


def test_every_picture_is_about_as_large_as_the_sample(pictures: list[bytes]) -> None:
    assert all(1700 <= len(picture) <= 2600 for picture in pictures)


def test_the_text_of_the_sample_can_be_drawn() -> None:
    picture = draw("6F93", entropy=b"")

    assert hashlib.sha256(picture[:HEADER]).hexdigest() == SAMPLE_HEADER


def test_entropy_decides_what_the_text_does_not() -> None:
    pictures = [draw("6F93", entropy=entropy) for entropy in (b"a", b"a", b"b")]

    assert [picture == pictures[0] for picture in pictures] == [True, True, False]


@pytest.mark.parametrize("text", ["", "6F9", "6F93A", "6F9B", "6f93", "6F9 ", "验证码码"])
def test_what_cannot_be_drawn_is_refused_with_what_can(text: str) -> None:
    with pytest.raises(ValueError, match=f"4 characters out of {ALPHABET}, not '{text}'"):
        draw(text, entropy=b"")


def test_the_word_stands_where_the_word_of_the_sample_does() -> None:
    margins = [_margins(CAPTCHAS.text(str(index))) for index in range(300)]

    averages = [round(mean(side)) for side in zip(*margins, strict=True)]

    assert averages == [20, 21, 11, 1]


def test_characters_follow_each_other_as_in_the_sample() -> None:
    middles = [
        mean(shifts[1][slot].corner[0] + shifts[1][slot].mask.width / 2 for shifts in ATLAS)
        for slot in range(SLOTS)
    ]

    assert (middles[-1] - middles[0]) / (SLOTS - 1) == pytest.approx(21, abs=0.5)


def test_two_three_or_four_lines_are_drawn_as_often_as_in_the_sample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    covered: list[object] = []
    monkeypatch.setattr(Canvas, "cover", lambda _, cover: covered.append(cover))
    counts: Counter[int] = Counter()
    for number in range(1800):
        covered.clear()
        lines(Canvas(), "6F93", Choices(b"%d" % number))
        counts[len(covered)] += 1

    assert {count: times / 1800 for count, times in counts.items()} == pytest.approx(
        {2: 4 / 9, 3: 4 / 9, 4: 1 / 9}, abs=0.03
    )


def test_characters_have_every_colour_of_the_sample() -> None:
    pictures = (_drawn(word, b"%d" % number) for number in range(400))

    colours = {colour for picture in pictures for colour in _colours(picture)}

    assert colours == SAMPLE_COLOURS


def test_lines_have_every_colour_of_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    covers: list[Cover] = []
    monkeypatch.setattr(Canvas, "cover", lambda _, cover: covers.append(cover))

    for number in range(200):
        lines(Canvas(), "6F93", Choices(b"%d" % number))

    levels = [each.paint // (256 - each.rest) for each in covers]
    assert {(each[0], each[-1]) for each in levels} == {ycc(each)[::2] for each in SAMPLE_COLOURS}


@pytest.mark.parametrize("number", range(10))
def test_a_word_is_the_characters_of_the_atlas_pasted_one_over_the_other(number: int) -> None:
    text, shift = CAPTCHAS.text(str(number)), number % len(SHIFTS)
    colours = (PALETTE * 2)[number : number + SLOTS]
    picture, expected = Canvas(), Image.new("RGB", PICTURE, "white")

    write(picture, text, shift, colours)

    for slot, colour in enumerate(colours):
        stamp = atlas()[text[slot]][shift][slot]
        expected.paste(colour, stamp.corner, stamp.mask)
    assert _most_unlike(picture, expected) <= 12


def test_what_is_pasted_blends_with_what_is_there() -> None:
    picture, expected = Canvas(), Image.new("RGB", PICTURE, "white")

    for canvas in (picture, expected):
        for step, colour in enumerate(PALETTE):
            canvas.paste(colour, (10 * step - 20, 3 * step - 4), Image.linear_gradient("L"))
        canvas.putpixel((124, 44), (0, 0, 0))

    assert _most_unlike(picture, expected) <= 12


def test_the_last_column_and_row_stand_twice_for_the_encoder() -> None:
    picture = Canvas()
    picture.paste((0, 0, 0), (0, 0), Image.linear_gradient("L").resize(PICTURE).rotate(45))

    luma, _, _ = picture.planes()

    assert np.array_equal(luma[:, -1], luma[:, -2])
    assert np.array_equal(luma[-1], luma[-2])


def speckled(picture: Canvas, _text: str, choices: Choices) -> None:
    """Draw three hundred black pixels: a layer as somebody may add it."""
    for _ in range(300):
        spot = choices.below(PICTURE[0]), choices.below(PICTURE[1])
        picture.putpixel(spot, (0, 0, 0))


def test_a_layer_that_draws_by_putpixel_is_one_function_in_the_list_of_layers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = draw("6F93", entropy=b"e")
    monkeypatch.setattr(captcha, "LAYERS", (*LAYERS, speckled))

    again, after = (draw("6F93", entropy=b"e") for _ in range(2))

    assert again == after != before
    assert sum(Image.open(io.BytesIO(after)).convert("L").histogram()[:60]) > 200


def test_a_layer_may_choose_as_often_as_it_likes() -> None:
    choices = Choices(b"many")

    chosen = Counter(choices.below(10) for _ in range(10_000))

    assert sorted(chosen) == list(range(10))
    assert all(900 < count < 1100 for count in chosen.values())


def test_the_pixels_of_a_layer_are_spread_over_the_whole_picture() -> None:
    left, top, right, bottom = _ink(_drawn(speckled, b"e")) or (0, 0, 0, 0)

    assert (right - left > 110, bottom - top > 35) == (True, True)


def test_most_pictures_show_a_line_beside_the_word(pictures: list[bytes]) -> None:
    strips = [Image.open(io.BytesIO(picture)).crop((0, 0, 15, 45)) for picture in pictures]

    assert sum(_ink(strip) is not None for strip in strips) > len(strips) / 2


def test_the_atlas_has_every_character_in_every_place() -> None:
    inks = [stamp.mask.getextrema()[1] for shifts in ATLAS for row in shifts for stamp in row]

    assert (len(inks), min(inks)) == (len(ALPHABET) * len(SHIFTS) * SLOTS, 255)


def test_no_character_of_the_atlas_is_cut_off() -> None:
    cut_off = [
        (stamp, slot)
        for shifts in ATLAS
        for row in shifts
        for slot, stamp in enumerate(row)
        if stamp.corner[0] <= window(slot)[0]
        or stamp.corner[1] <= window(slot)[1]
        or stamp.corner[0] + stamp.mask.width >= window(slot)[2]
    ]

    assert cut_off == []


def test_the_shipped_atlas_is_what_baking_gives() -> None:
    baked = Image.open(io.BytesIO(bake.bake(bake.load(FONT))))

    with Image.open(glyphs.ATLAS) as shipped:
        assert ImageChops.difference(baked, shipped).getbbox() is None


def test_the_licence_of_the_font_is_shipped_with_the_atlas() -> None:
    licence = glyphs.ATLAS.with_name("OFL.txt").read_text("utf-8")

    assert "Version 1.1" in licence
    assert "Reserved Font Name Liberation" in licence


def test_the_server_starts_without_what_it_may_never_need() -> None:
    program = (
        "import sys, mock_server.command_line; from mock_server.drawing.glyphs import atlas;"
        "print(atlas.cache_info().currsize, {'contract.page', 'rich'} & set(sys.modules))"
    )

    done = subprocess.run(  # noqa: S603 - the program stands above
        [sys.executable, "-c", program], capture_output=True, check=True
    )

    assert done.stdout.split() == [b"0", b"set()"]


def test_a_contact_sheet_is_a_png_of_24_captchas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sheet"
    monkeypatch.setattr(sys, "argv", ["contact_sheet", str(file), "--seed", "42"])

    contact_sheet.main()

    with Image.open(file) as sheet:
        assert (sheet.format, sheet.size) == ("PNG", (1050, 730))


@pytest.mark.parametrize("main", [contact_sheet.main, bake.main], ids=["contact sheet", "bake"])
def test_a_file_that_cannot_be_used_is_one_line_and_exit_2(
    main: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["program", str(tmp_path / "none" / "file")])

    with pytest.raises(SystemExit) as end:
        main()

    assert (end.value.code, capsys.readouterr().err.count("\n")) == (2, 1)


def test_an_independent_reader_reads_nine_of_ten() -> None:
    numbers = [CAPTCHAS.number(index) for index in range(100)]

    read = [captcha_whisperer.recognize(CAPTCHAS.picture(number)).upper() for number in numbers]

    texts = [CAPTCHAS.text(number) for number in numbers]
    assert sum(mine == theirs for mine, theirs in zip(texts, read, strict=True)) >= 90
