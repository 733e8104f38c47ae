"""A spec as people read it: one page beside its documents, of real files, in a real browser."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.page import page
from contract.review import RULES, review
from contract.spec.default import SPEC
from contract.spec.loading import load
from tests.loopback import command, mock_server, raw_server
from tests.one_interface import read

DOCUMENTS = Path(__file__).parent / "documents"
DOCUMENT = "documents/getImgCode.md"
HOSTILE = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">'"
PHONE = ViewportSize(width=390, height=844)


class Read(HTMLParser):
    """What a browser makes of a page: its elements, each with its attributes and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, list[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: list[str] = []
        self.elements.append((tag, dict(attrs), said))
        if tag not in {"meta", "link", "img"}:
            self.open.append((tag, said))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, said in self.open:
            said.append(data)

    def texts(self, tag: str, class_: str = "") -> list[str]:
        return [
            " ".join("".join(said).split())
            for name, attributes, said in self.elements
            if name == tag and class_ in ["", *(attributes.get("class") or "").split()]
        ]

    def attributes(self, tag: str, name: str) -> list[str]:
        return [each[name] or "" for kind, each, _ in self.elements if kind == tag and name in each]


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A copy of the contract that a test may spoil."""
    shutil.copytree(SPEC.parent / "documents", tmp_path / "documents")
    shutil.copy(SPEC, tmp_path)
    return tmp_path / SPEC.name


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spec that is derived from every document of the tests."""
    folder = tmp_path_factory.mktemp("every")
    documents = [read(path) for path in sorted(DOCUMENTS.glob("*.md"))]
    path = folder / "openapi.yaml"
    path.write_text(text_of(derive(documents, folder)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def page_of_every(every: Path) -> Read:
    return Read(page(every))


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# The table


def test_every_row_of_every_document_stands_on_the_page_with_its_line(
    every: Path, page_of_every: Read
) -> None:
    documents = [read(each.document) for each in load(every).operations if each.document]

    rows = {
        (row.name, f"{document.path.name}:{row.line}")
        for document in documents
        for row in (*document.parameters, *document.answer)
    }
    shown = [text.split() for text in page_of_every.texts("tr")]
    lines = {(words[0].rpartition(".")[2], word) for words in shown if words for word in words}
    assert rows - lines == set()


def test_a_row_stands_beside_its_schema(spec: Path) -> None:
    (row,) = [text for text in Read(page(spec)).texts("tr") if text.startswith("img_code_id")]

    line = next(
        number
        for number, text in enumerate(spec.read_text(encoding="utf-8").splitlines(), start=1)
        if text.strip() == "img_code_id:"
    )
    assert row == (
        f"img_code_id 是 String 图片编号 getImgCode.md:28 data.img_code_id openapi.yaml:{line}"
        " required type string minLength 1 description 图片编号 x-unique true x-mock captcha.id"
        " 样例所示 only the sample shows pattern ^[0-9A-Z]{6}$"
    )


def test_what_has_no_row_follows_the_rows_and_is_marked(spec: Path) -> None:
    rows = Read(page(spec)).texts("tr")

    marked = [text.split()[0] for text in rows if "文档未列出" in text]
    assert marked == ["request_id", "code", "msg", "data"]


def test_a_row_inside_another_is_indented(page_of_every: Read) -> None:
    assert "branch.city" in page_of_every.texts("th", "d1")


# What differs

CELLS = {
    "参数": ("| img_code_id |", "| img_number  |", "img_number"),
    "是否必填": ("| img_code_id |    是    |", "| img_code_id |    否    |", "否"),
    "类型": ("是    | String |          | 图片编号", "是 | Integer | | 图片编号", "Integer"),
    "最大长度": ("String |          | 图片编号", "String | 64 | 图片编号", "64"),
    "参数描述": ("| 图片编号   |", "| 图片号码   |", "图片号码"),
    "示例值": ("| 图片编号   |        |", "| 图片编号 | ZZZZZZ |", "ZZZZZZ"),
}


@pytest.mark.parametrize("column", CELLS)
def test_the_cell_that_differs_is_marked(column: str, spec: Path) -> None:
    old, new, cell = CELLS[column]
    edited(spec.parent / DOCUMENT, old, new)

    shown = Read(page(spec))

    assert cell in {*shown.texts("td", "differs"), *shown.texts("th", "differs")}


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ("description: 图片编号", "description: 编号", "description 编号"),
        (
            "description: 图片编号",
            "description: 图片编号\n              maxLength: 6",
            "maxLength 6",
        ),
        ("x-mock: captcha.id", "x-mock: captcha.idd", "x-mock captcha.idd"),
        ("description: 图片编号", "title: 图片编号", "description –"),
    ],
)
def test_the_keyword_that_differs_is_marked(old: str, new: str, fact: str, spec: Path) -> None:
    edited(spec, old, new)

    assert Read(page(spec)).texts("li", "differs") == [fact]


def test_a_contract_that_agrees_with_its_document_has_no_mark(spec: Path) -> None:
    shown = Read(page(spec))

    assert [text for tag in ("td", "th", "li") for text in shown.texts(tag, "differs")] == []


def test_the_sentence_of_a_difference_stands_below_its_row(spec: Path) -> None:
    edited(spec, "description: 图片编号", "description: 编号")

    assert Read(page(spec)).texts("tr", "findings") == [
        "参数描述不一致 the document says 参数描述 图片编号; the spec says description 编号"
    ]


def test_the_mark_of_a_cell_is_described_by_its_sentence(page_of_every: Read) -> None:
    sentences = set(page_of_every.attributes("ul", "id"))

    marks = page_of_every.attributes("td", "aria-describedby")
    assert (bool(marks), set(marks) - sentences) == (True, set())


def test_an_environment_that_differs_is_marked_on_both_sides(spec: Path) -> None:
    edited(spec.parent / DOCUMENT, "test-etc", "uat-etc")

    assert Read(page(spec)).texts("td", "differs") == ["uat-etc.ebaas.com", "test-etc.ebaas.com"]


def test_a_member_of_the_sample_without_a_row_is_no_mark_of_another_row(
    page_of_every: Read,
) -> None:
    below = " ".join(page_of_every.texts("tr", "findings"))

    assert ("branch.street" in below, "branch.city" in below) == (False, False)


# Findings


def test_every_finding_is_told_with_rule_promise_evidence_places_and_remedy(
    every: Path, page_of_every: Read
) -> None:
    cards = page_of_every.texts("section", "card")

    told = {
        word
        for finding in review(every)
        for word in (
            finding.claim,
            finding.promise,
            finding.evidence,
            finding.remedy,
            *map(str, finding.places),
        )
    }
    assert {word for word in told if not any(word in card for card in cards)} == set()


def test_no_finding_is_told_twice(every: Path, page_of_every: Read) -> None:
    assert len(page_of_every.texts("section", "card")) == len(review(every))


def test_a_finding_is_told_at_its_operation(page_of_every: Read) -> None:
    wrong = [text for text in page_of_every.texts("article") if "待处理 open findings" in text]

    assert {text.split()[0] for text in wrong} == {"查询账户"}


def test_every_sentence_leads_to_its_finding(page_of_every: Read) -> None:
    anchors = {f"#{each}" for each in page_of_every.attributes("section", "id")}

    leads = {each for each in page_of_every.attributes("a", "href") if each.startswith("#f")}
    assert leads - anchors == set()


def test_every_card_says_in_chinese_what_its_rule_asks_for(
    every: Path, page_of_every: Read
) -> None:
    cards = page_of_every.texts("section", "card")
    rules = [RULES[finding.claim] for finding in review(every)]

    assert [(r.title in card, r.chinese in card) for r, card in zip(rules, cards, strict=True)] == [
        (True, True)
    ] * len(cards)


# Samples


def test_base64_is_shown_by_its_first_characters_and_its_length(spec: Path) -> None:
    (sample,) = Read(page(spec)).texts("pre")

    assert re.search(r'"data:image/jpg;base64,/9j/[\w/+]{36}… \(\d+ 字符 characters\)"', sample)


def test_a_picture_is_drawn_under_the_type_of_its_own_bytes(spec: Path) -> None:
    (source,) = Read(page(spec)).attributes("img", "src")

    assert source.startswith("data:image/jpeg;base64,/9j/4AAQSkZJRg")


def test_text_that_is_no_picture_is_not_drawn(spec: Path) -> None:
    edited(spec.parent / DOCUMENT, "base64,/9j/4AAQ", "base64,PHN2ZyB4")
    edited(spec, "base64,/9j/4AAQ", "base64,PHN2ZyB4")

    assert Read(page(spec)).attributes("img", "src") == []


def test_a_sample_says_as_what_the_spec_has_it(spec: Path) -> None:
    (heading,) = [text for text in Read(page(spec)).texts("h4") if "样例" in text]

    assert heading == "应答样例 getImgCode.md:33 契约中为 in the spec as 200 documented"


def test_error_samples_are_shown_too(page_of_every: Read) -> None:
    assert any("库存不足" in text for text in page_of_every.texts("pre"))


# What others wrote


@pytest.mark.parametrize(
    ("file", "old"),
    [
        (DOCUMENT, "图片base64"),
        (DOCUMENT, "## 获取图形验证码"),
        (DOCUMENT, '"msg": "成功"'),
        (DOCUMENT, "dev-etc.ebaas.com"),
        (SPEC.name, "description: 图片base64"),
        (SPEC.name, "title: ETC 平台接口"),
        (SPEC.name, "summary: 获取图形验证码"),
        (SPEC.name, "operationId: getImgCode"),
        (SPEC.name, "enum: [成功]"),
    ],
)
def test_nothing_that_is_written_in_a_file_becomes_an_element(
    file: str, old: str, spec: Path
) -> None:
    before = {tag for tag, _, _ in Read(page(spec)).elements} | {"ul", "li", "a", "small"}
    key, colon, _ = old.partition(": ")
    quoted = HOSTILE.replace('"', '\\"') if '"' in old else HOSTILE
    new = f"{key}{colon}'{quoted.replace(chr(39), chr(39) * 2)}'" if file == SPEC.name else quoted
    new = f'"msg": "{quoted}"' if '"' in old else new
    new = f"## {HOSTILE}" if old.startswith("#") else new
    edited(
        spec.parent / file, old, new.replace("enum: '", "enum: ['") + ("]" if "enum" in old else "")
    )

    shown = Read(page(spec))

    assert "document.title" in " ".join("".join(said) for _, _, said in shown.elements)
    assert {tag for tag, _, _ in shown.elements} - before - {"script"} == set()
    assert shown.texts("script") + shown.attributes("img", "onerror") == []


def test_half_of_a_surrogate_pair_does_not_keep_the_page_from_being_written(spec: Path) -> None:
    edited(spec.parent / DOCUMENT, '"msg": "成功"', '"msg": "\\ud83d"')

    assert page(spec).encode()


def test_the_page_loads_nothing_from_elsewhere(page_of_every: Read) -> None:
    named = [
        url
        for _, attributes, _ in page_of_every.elements
        for key, url in attributes.items()
        if key in {"src", "href", "data-url", "action"} and url
    ]

    assert {url[:5] for url in named if not url.startswith("#")} <= {"data:"}


def test_the_page_has_no_script_unless_it_is_to_follow_the_files(spec: Path) -> None:
    assert [Read(page(spec)).texts("script"), page(spec).count("script-src")] == [[], 0]


def test_headings_are_in_order(page_of_every: Read) -> None:
    levels = [int(tag[1]) for tag, _, _ in page_of_every.elements if re.fullmatch("h[1-6]", tag)]

    steps = itertools.pairwise(levels)
    assert (levels[0], [step for step in steps if step[1] > step[0] + 1]) == (1, [])


# A broken spec


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("paths:", "paths: [", "is not YAML"),
        ("        url: documents", "\turl: documents", "a tab indents this line"),
        ("schemas/getImgCode", "schemas/none", "leads nowhere: there is no none"),
        ("      type: object", "      type: thing", 'type is "thing", and must be one of'),
        ("  title: ETC 平台接口\n", "", "info has no title, which it must have"),
    ],
)
def test_a_broken_spec_shows_its_problem_and_the_place(
    old: str, new: str, told: str, spec: Path
) -> None:
    edited(spec, old, new)

    problem, *_ = Read(page(spec)).texts("section", "broken")

    assert re.search(rf"{re.escape(told)}.*{re.escape(spec.name)}:\d+", problem)


def test_a_broken_spec_shows_the_line_that_is_wrong(spec: Path) -> None:
    edited(spec, "schemas/getImgCode", "schemas/none")

    (line,) = Read(page(spec)).texts("tr", "here")
    assert line.endswith('$ref: "#/components/schemas/none"')


def test_no_line_is_shown_of_a_file_that_is_no_part_of_a_spec(spec: Path) -> None:
    secret = spec.parent / "passwd"
    secret.write_text("root:x:0:0\n", encoding="utf-8")
    text = spec.read_text(encoding="utf-8")
    spec.write_text(f"{text}tags: {{$ref: passwd}}\n", encoding="utf-8")

    written = page(spec)

    assert "must be a mapping" in written
    assert "root:x" not in written


def test_a_spec_that_is_no_text_is_shown_without_what_no_page_may_hold(spec: Path) -> None:
    edited(spec, "paths:", "\0paths:")

    assert "\0" not in page(spec)


def test_a_spec_that_is_not_there_is_a_page_too(tmp_path: Path) -> None:
    (problem,) = Read(page(tmp_path / "none.yaml")).texts("h2")

    assert problem == "cannot be read: No such file or directory"


def test_an_operation_without_its_document_shows_what_the_spec_says(spec: Path) -> None:
    edited(spec, DOCUMENT, "documents/none.md")

    unlisted = [text for text in Read(page(spec)).texts("tr") if "文档未列出" in text]
    assert [text.split()[0] for text in unlisted][-2:] == ["data.img", "data.img_code_id"]


# The command line


def test_the_page_is_printed() -> None:
    done = command("openapi", "render")

    assert (done.returncode, done.stderr, done.stdout[:15]) == (0, "", "<!doctype html>")


def test_a_page_of_findings_is_written_with_exit_status_0(spec: Path, tmp_path: Path) -> None:
    edited(spec, "description: 图片编号", "description: 编号")
    output = tmp_path / "contract.html"

    done = command("openapi", "render", str(spec), "--output", str(output))

    assert (done.returncode, done.stdout) == (0, f"written: {output}\n")
    assert "参数描述不一致" in output.read_text(encoding="utf-8")


def test_a_broken_spec_is_written_with_exit_status_0(spec: Path) -> None:
    edited(spec, "paths:", "paths: [")

    assert command("openapi", "render", str(spec)).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["none.yaml"],
            "captcha-contract: none.yaml:1: cannot be read: No such file or directory\n",
        ),
        (["tests"], "captcha-contract: tests:1: cannot be read: Is a directory\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_exit_status_2(arguments: list[str], told: str) -> None:
    done = command("openapi", "render", *arguments)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


def test_a_file_that_cannot_be_written_is_exit_status_74() -> None:
    done = command("openapi", "render", "--output", "tests")

    told = "captcha-contract: tests: cannot be written: Is a directory\n"
    assert (done.returncode, done.stdout, done.stderr) == (74, "", told)


# In a browser


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """An empty tab of a telephone."""
    opened = browser.new_page(viewport=PHONE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A mock server on a copy of the contract: the copy, and the URL of its page."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copytree(SPEC.parent / "documents", folder / "documents")
    shutil.copy(SPEC, folder)
    with mock_server(str(folder / SPEC.name)) as url:
        yield folder / SPEC.name, f"{url}/__page/contract"


@pytest.fixture
def served(live: tuple[Path, str]) -> Iterator[tuple[Path, str]]:
    """The same, put right again behind a test."""
    spec, _ = live
    yield live
    shutil.copy(SPEC, spec)
    shutil.copy(SPEC.parent / DOCUMENT, spec.parent / DOCUMENT)


def test_the_page_does_not_scroll_sideways_on_a_telephone(
    tab: Page, every: Path, tmp_path: Path
) -> None:
    (tmp_path / "contract.html").write_text(page(every), encoding="utf-8")

    tab.goto((tmp_path / "contract.html").as_uri())

    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth") is True


def test_nothing_runs_in_the_page_and_no_request_leaves_it(
    tab: Page, spec: Path, tmp_path: Path
) -> None:
    arrived: list[object] = []
    with raw_server(arrived.append) as url:
        spoilt = f"{HOSTILE}<img src={url}/a.png><link rel=stylesheet href={url}/a.css>"
        text = page(spec).replace("</main>", f"{spoilt}</main>")
        (tmp_path / "contract.html").write_text(text, encoding="utf-8")
        tab.goto((tmp_path / "contract.html").as_uri())
        tab.wait_for_load_state("networkidle")

    assert (tab.title() == "run", arrived) == (False, [])


def test_every_picture_of_the_page_is_drawn(tab: Page, served: tuple[Path, str]) -> None:
    tab.goto(served[1])

    assert tab.eval_on_selector_all("img", "all => all.map(each => each.naturalWidth)") == [125]


def test_the_page_reloads_itself_when_the_spec_is_saved(
    tab: Page, served: tuple[Path, str]
) -> None:
    spec, url = served
    tab.goto(url)

    edited(spec, "description: 图片编号", "description: 编号")

    expect(tab.get_by_text("参数描述不一致").first).to_be_visible(timeout=10_000)


def test_the_page_reloads_itself_when_a_document_is_saved(
    tab: Page, served: tuple[Path, str]
) -> None:
    spec, url = served
    tab.goto(url)

    edited(spec.parent / DOCUMENT, "图片编号", "图片号码")

    expect(tab.get_by_text("图片号码").first).to_be_attached(timeout=10_000)


def test_the_page_shows_a_broken_save_and_the_good_one_behind_it(
    tab: Page, served: tuple[Path, str]
) -> None:
    spec, url = served
    tab.goto(url)

    edited(spec, "paths:", "paths: [")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("契约有误", timeout=10_000)
    shutil.copy(SPEC, spec)

    expect(tab.get_by_role("heading", level=1)).to_contain_text("ETC 平台接口", timeout=10_000)


def test_a_reload_keeps_the_place_where_people_read(tab: Page, served: tuple[Path, str]) -> None:
    spec, url = served
    tab.goto(url)
    tab.evaluate("scrollTo(0, 700)")

    edited(spec, "description: 图片编号", "description: 编号")
    expect(tab.get_by_text("参数描述不一致").first).to_be_attached(timeout=10_000)

    assert tab.evaluate("scrollY") == 700


def test_the_page_of_the_mock_server_leads_to_the_contract(
    tab: Page, served: tuple[Path, str]
) -> None:
    tab.goto(served[1].removesuffix("__page/contract"))

    tab.get_by_role("link", name="契约 Contract").click()

    expect(tab.get_by_role("heading", level=1)).to_have_text("ETC 平台接口")


def test_the_page_says_when_the_server_has_stopped(tab: Page, spec: Path) -> None:
    with mock_server(str(spec)) as url:
        tab.goto(f"{url}/__page/contract")
        expect(tab.get_by_role("status")).to_have_text("随文件更新 follows the files")

    expect(tab.get_by_role("status")).to_have_text(
        "服务已停止 the server has stopped", timeout=10_000
    )


# The token


def test_the_token_stays_while_no_file_changes(served: tuple[Path, str]) -> None:
    tokens = {httpx2.get(f"{served[1]}.txt").text for _ in range(3)}

    assert len(tokens) == 1


def test_the_token_changes_when_a_file_that_the_spec_refers_to_changes(
    served: tuple[Path, str],
) -> None:
    spec, url = served
    part = spec.parent / "part.yaml"
    part.write_text("x: {description: 业务码}\n", encoding="utf-8")
    edited(spec, "        code:\n", "        trace: {$ref: 'part.yaml#/x'}\n        code:\n")
    before = httpx2.get(f"{url}.txt").text

    part.write_text("x: {description: 另一业务码}\n", encoding="utf-8")

    assert httpx2.get(f"{url}.txt").text != before
    assert "另一业务码" in httpx2.get(url).text


def test_a_page_that_refers_to_a_file_that_comes_later_is_whole_when_it_came(
    served: tuple[Path, str],
) -> None:
    spec, url = served
    part = spec.parent / "later.yaml"
    edited(spec, "        code:\n", "        trace: {$ref: 'later.yaml#/x'}\n        code:\n")
    before = httpx2.get(f"{url}.txt").text

    part.write_text("x: {description: 业务码}\n", encoding="utf-8")

    assert httpx2.get(f"{url}.txt").text != before
    assert "契约有误" not in httpx2.get(url).text
