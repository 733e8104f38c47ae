"""`captcha-contract derive`: a document becomes a spec, a mock and contract tests, by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract.derivation import derive
from contract.derivation.writing import added, text_of
from contract.findings import Level
from contract.judging.provenance import provenance_of
from contract.judging.verdict import Verdict, judge
from contract.review import review
from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from contract.spec.yaml_text import read as read_yaml
from contract_tests.observing.calls import call_of
from contract_tests.observing.sending import Manners, observe
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.serving.server import serving
from tests.loopback import command
from tests.one_interface import read

DOCUMENTS = Path(__file__).parent / "documents"
PATHS = sorted(DOCUMENTS.glob("*.md"))
TWICE = "logout-windows.md"  # as logout-gbk.md
NAMES = [path.name for path in PATHS if path.name != TWICE]
CLEAN = [name for name in NAMES if name != "contradictory.md"]

DATA = ("components", "schemas", "getImgCode", "properties", "data", "properties")
REVIEWERS_ADDITIONS: Mapping[tuple[str, ...], object] = {
    ("info", "title"): "ETC 平台接口",
    (*DATA, "img", "x-unique"): True,
    (*DATA, "img_code_id", "x-unique"): True,
    (*DATA, "img_code_id", "x-sample"): {"pattern": "^[0-9A-Z]{6}$"},
}
"""What reviewers have added to what is derived of getImgCode.md, and nothing else."""

HEAD = "| 参数 | 是否必填 | 类型 | 最大长度 | 参数描述 | 示例值 |\n|---|---|---|---|---|---|\n"
DOCUMENT = """## 接口

#### 域名列表

| 环境 | 请求地址 |
|---|---|
| 测试 | test.example.com |

#### 接口说明

* 请求类型 : {method}
* 请求地址 : {address}

#### 请求参数

{parameters}

{request}

#### 应答报文

{answer}

#### 应答样例

```
{sample}
```
"""


def written(folder: Path, **parts: str) -> Path:
    defaults = {
        "method": "POST",
        "address": "/a/doIt",
        "parameters": "无",
        "request": "",
        "answer": f"{HEAD}| no | 是 | String | 8 | 编号 | |",
        "sample": '{"request_id": "r", "code": "000", "msg": "成功", "data": {"no": "A1"}}',
    }
    path = folder / "document.md"
    path.write_text(DOCUMENT.format_map(defaults | parts), encoding="utf-8")
    return path


def derived(path: Path) -> Operation:
    """Derive a document, write the spec beside it and read it back."""
    spec = path.parent / "openapi.yaml"
    spec.write_text(text_of(derive([read(path)], path.parent)), encoding="utf-8")
    (operation,) = load(spec).operations
    return operation


def member(operation: Operation, name: str) -> Mapping[str, object]:
    return next(each.schema for each in operation.members if each.name == name)


def at(node: object, steps: tuple[str, ...]) -> dict[str, object]:
    for step in steps:
        assert isinstance(node, dict)
        node = node[step]
    assert isinstance(node, dict)
    return node


# The contract of this repository


def test_the_spec_is_what_the_document_says_and_the_reviewers_additions() -> None:
    document = read(SPEC.parent / "documents" / "getImgCode.md")
    tree = derive([document], SPEC.parent)
    for steps, value in REVIEWERS_ADDITIONS.items():
        at(tree, steps[:-1])[steps[-1]] = value

    assert tree == read_yaml(SPEC)


def test_deriving_it_again_into_the_spec_changes_no_byte(tmp_path: Path) -> None:
    shutil.copytree(SPEC.parent / "documents", tmp_path / "documents")
    spec = tmp_path / "openapi.yaml"
    shutil.copy(SPEC, spec)

    done = command(
        *("openapi", "derive", str(tmp_path / "documents" / "getImgCode.md")),
        *("--into", str(spec)),
    )

    assert (done.returncode, spec.read_bytes()) == (0, SPEC.read_bytes())


# The family


@dataclass(frozen=True)
class Family:
    """Every document, derived into one spec that the mock server serves."""

    spec: Spec
    url: str

    def operation(self, name: str) -> Operation:
        """The operation that a document describes."""
        return next(each for each in self.spec.operations if each.document == self.document(name))

    def document(self, name: str) -> Path:
        """Where the document stands."""
        return self.spec.path.parent / "documents" / name


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Family]:
    folder = tmp_path_factory.mktemp("family")
    shutil.copytree(DOCUMENTS, folder / "documents")
    documents = [read(folder / "documents" / name) for name in NAMES]
    path = folder / "openapi.yaml"
    path.write_text(text_of(derive(documents, folder)), encoding="utf-8")
    spec = load(path)
    with serving(application(spec, Captchas("family"))) as url:
        yield Family(spec, url)


def test_a_spec_of_the_whole_family_differs_from_no_document(family: Family) -> None:
    findings = review(family.spec.path)

    about = {Path(finding.places[0].path).name for finding in findings}
    assert about == {"contradictory.md", "logout-gbk.md"}  # and TWICE, which describes the same


@pytest.mark.parametrize("name", NAMES)
def test_every_document_is_served_and_judged_without_new_code(name: str, family: Family) -> None:
    operation = family.operation(name)
    manners = Manners(samples=3, rate=1000, invents=True)

    exchanges = list(observe(operation, family.url, manners))

    judgement = judge(operation, provenance_of(operation), exchanges, strictness=Level.SAMPLE)
    assert (judgement.verdict, judgement.findings) == (Verdict.CONFORMS, ())


NEEDS = {
    "bindEtcCard.md": ("sms_code",),
    "confirmPayment.md": ("sign",),
    "contradictory.md": ("kind",),
    "getUserAvatar.md": ("token",),
    "login.md": ("password",),
    "logout-gbk.md": ("token",),
    "refreshToken.md": ("refresh_token",),
    "reportLocation.md": ("token",),
    "unbindBankCard.md": ("pay_password",),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_real_environment_gets_no_call_that_only_its_users_could_make(
    name: str, family: Family
) -> None:
    call = call_of(family.operation(name), {}, invents=False)

    assert call.needs == NEEDS.get(name, ())


# What a row becomes

REQUIRED, OPTIONAL = "是", "否"


@pytest.mark.parametrize(
    ("row", "shown", "expected"),
    [
        ("String | | |", '"x"', {"type": "string", "minLength": 1}),
        ("String | 8 | |", '"x"', {"type": "string", "minLength": 1, "maxLength": 8}),
        ("String | 不限 | |", '"x"', {"type": "string", "minLength": 1}),
        ("int | | |", "1", {"type": "integer"}),
        ("Integer | 3 | |", "1", {"type": "integer", "minimum": -999, "maximum": 999}),
        ("Integer | 99 | |", "1", {"type": "integer"}),
        ("Boolean | | |", "true", {"type": "boolean"}),
        ("JSONObject | | |", "{}", {"type": "object"}),
        ("JSONArray | | |", "[]", {"type": "array", "items": {}}),
        ("List<String> | | |", "[]", {"type": "array", "items": {"type": "string"}}),
        (
            "Long | | |",
            "1",
            {
                "anyOf": [
                    {"type": "integer", "format": "int64"},
                    {"type": "string", "pattern": "^-?[0-9]+$"},
                ],
                "x-sample": {"type": "integer"},
            },
        ),
        (
            "BigDecimal | 10,2 | |",
            '"1.50"',
            {
                "anyOf": [
                    {"type": "number", "minimum": -99999999.99, "maximum": 99999999.99},
                    {"type": "string", "pattern": r"^-?[0-9]{1,8}(\.[0-9]{1,2})?$"},
                ],
                "x-sample": {"type": "string"},
            },
        ),
        (
            "Date | | |",
            '"2026-11-25 08:00"',
            {
                "anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}],
                "x-sample": {
                    "type": "string",
                    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$",
                },
            },
        ),
        (
            "Date | | |",
            "1796000000000",
            {
                "anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}],
                "x-sample": {"type": "integer"},
            },
        ),
        (
            "String | | 说明 | 甲",
            '"x"',
            {"type": "string", "minLength": 1, "description": "说明", "example": "甲"},
        ),
        ("Integer | | | 7", "1", {"type": "integer", "example": 7}),
    ],
)
def test_a_required_row_becomes_the_schema_of_its_cells(
    row: str, shown: str, expected: Mapping[str, object], tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        answer=f"{HEAD}| no | 是 | {row} |",
        sample=f'{{"code": "000", "msg": "", "data": {{"no": {shown}}}}}',
    )

    assert member(derived(path), "no") == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("String", {"type": "string", "nullable": True}),
        (
            "Long",
            {
                "anyOf": [
                    {"type": "integer", "nullable": True, "format": "int64"},
                    {"type": "string", "nullable": True, "pattern": "^-?[0-9]+$"},
                ]
            },
        ),
    ],
)
def test_an_optional_row_may_be_absent_or_null(
    kind: str, expected: Mapping[str, object], tmp_path: Path
) -> None:
    rows = f"| no | 是 | String | | | |\n| more | 否 | {kind} | | | |"

    operation = derived(written(tmp_path, answer=f"{HEAD}{rows}"))

    data = member(operation, "data")
    assert (data["required"], member(operation, "more")) == (["no"], expected)


def test_a_picture_is_drawn_only_where_a_captcha_is_like_the_sample(family: Family) -> None:
    pictures = {
        name: member(family.operation(name), row).get("x-mock")
        for name, row in (
            ("getImgCode.md", "img"),
            ("getUserAvatar.md", "avatar"),
            ("getPayQrCode.md", "qr_code"),
        )
    }

    assert pictures == {
        "getImgCode.md": "captcha.image",
        "getUserAvatar.md": None,
        "getPayQrCode.md": None,
    }


def test_what_contradicts_its_row_becomes_no_example(family: Family) -> None:
    assert family.operation("contradictory.md").examples == {}


def test_a_failure_is_an_example_of_the_envelope_without_rows(family: Family) -> None:
    operation = family.operation("createOrder.md")

    (failure,) = operation.failures
    assert (list(operation.examples), failure["required"], failure["properties"]) == (
        ["documented", "error"],
        ["code"],
        {
            "request_id": {},
            "code": {"type": "string", "not": {"enum": ["000"]}},
            "msg": {},
            "data": {},
        },
    )


# Where it is asked


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("test.example.com", "{scheme}://test.example.com"),
        ("test.example.com/", "{scheme}://test.example.com"),
        ("test.example.com//", "{scheme}://test.example.com"),
        ("https://test.example.com", "https://test.example.com"),
        ("https://test.example.com/", "https://test.example.com"),
        ("http://test.example.com:8080/base/", "http://test.example.com:8080/base"),
    ],
)
def test_an_address_becomes_a_server_without_a_closing_slash(
    address: str, expected: str, tmp_path: Path
) -> None:
    path = written(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert "test.example.com" in text
    path.write_text(text.replace("test.example.com", address, 1), encoding="utf-8")

    servers = derive([read(path)], tmp_path)["servers"]

    assert isinstance(servers, list)
    assert [server["url"] for server in servers] == [expected]


# What is asked


def test_a_get_asks_by_its_query_and_its_path(family: Family) -> None:
    operation = family.operation("getRouteDetail.md")

    asked = [(each.name, each.location, each.required) for each in operation.parameters]
    assert asked == [("route_id", "path", True), ("with_toll", "query", False)]


def test_a_sample_of_the_path_shows_its_parameters(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        method="GET",
        address="/a/{id}/doIt",
        parameters=f"{HEAD}| id | 是 | Long | | 编号 | |",
        request="#### 请求样例\n\n```\nGET https://test.example.com/a/1001/doIt\n```",
    )

    assert call_of(derived(path), {}, invents=False).path == "/a/1001/doIt"


def test_null_of_an_optional_row_is_no_finding(tmp_path: Path) -> None:
    rows = "| no | 是 | String | | | |\n| paid_at | 否 | Date | | | |"
    items = '[{"no": "1", "paid_at": "2026-11-25"}, {"no": "2", "paid_at": null}]'
    sample = f'{{"code": "000", "msg": "成功", "data": {items}}}'
    derived(written(tmp_path, answer=f"{HEAD}{rows}", sample=sample))

    assert review(tmp_path / "openapi.yaml") == ()


def test_a_post_asks_by_a_json_body(family: Family) -> None:
    body = family.operation("createOrder.md").body

    assert body is not None
    assert (body.media_type, body.required, [member.path for member in body.members]) == (
        "application/json",
        True,
        [(), ("user",), ("user", "name"), ("user", "phone"), ("remark",)],
    )


def test_a_form_is_asked_by_a_form(family: Family) -> None:
    body = family.operation("reportLocation.md").body

    assert body is not None
    assert body.media_type == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| token | 是 | String | | 登录令牌 | |", "password"),
        ("| pwd | 是 | String | | 密码 | |", "password"),
        ("| no | 是 | String | | 编号，登录时不是密码 | |", None),
        ("| tokens | 是 | Integer | | 令牌数 | |", None),
    ],
)
def test_what_only_its_owner_knows_is_marked(
    row: str, expected: str | None, tmp_path: Path
) -> None:
    body = derived(written(tmp_path, parameters=f"{HEAD}{row}")).body

    assert body is not None
    assert body.members[1].schema.get("format") == expected


# Names


def test_operations_whose_paths_end_alike_have_names_of_their_own(tmp_path: Path) -> None:
    paths = []
    for number, (method, address) in enumerate(
        [("POST", "/a/save"), ("POST", "/b/save"), ("PUT", "/b/save"), ("POST", "/b/{id}")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths.append(written(folder, method=method, address=address))

    tree = derive([read(path) for path in paths], tmp_path)

    names = [
        operation["operationId"]
        for methods in at(tree, ("paths",)).values()
        for operation in methods.values()  # type: ignore[attr-defined]
    ]
    assert names == ["save", "bSave", "putSave", "b"]


# Into a spec that is there

OURS = """# Reviewers' own words stay.
openapi: '3.0.3'
info: {title: ETC,   version: 1.0.0}   # two spaces too many
servers:
- url: "{scheme}://test.example.com"
  x-environment: test
  variables: {scheme: {default: https, enum: [https, http]}}
paths:
    /a/doIt:
        post:
            operationId: ourName  # not the path's
            summary: 接口
            externalDocs: {url: document.md}
            responses:
                '200':
                    description: ok
                    content:
                        application/json:
                            schema:
                                type: object
                                required: [code, data]
                                properties:
                                    code: {type: string}
                                    data:
                                        type: object
                                        properties: {}
                                        # the rows
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "openapi.yaml"
    path.write_text(OURS, encoding="utf-8")
    return path


def into(spec: Path, *documents: Path) -> str:
    known = {(each.method, each.path): each.id for each in load(spec).operations}
    return added(spec, derive([read(path) for path in documents], spec.parent, known))


def test_what_is_missing_is_added_and_no_other_line_changes(ours: Path) -> None:
    new = into(ours, written(ours.parent))

    kept = [line for line in OURS.splitlines() if "properties: {}" not in line]
    assert [line for line in new.splitlines() if line in kept] == kept


def test_a_row_that_is_new_becomes_a_required_property_of_the_operation(ours: Path) -> None:
    document = written(ours.parent)
    ours.write_text(into(ours, document), encoding="utf-8")

    (operation,) = load(ours).operations

    data = member(operation, "data")
    assert (operation.id, data["required"], member(operation, "no")["maxLength"]) == (
        "ourName",
        ["no"],
        8,
    )


def test_adding_twice_adds_nothing_more(ours: Path) -> None:
    document = written(ours.parent)
    ours.write_text(into(ours, document), encoding="utf-8")

    assert into(ours, document) == ours.read_text(encoding="utf-8")


def test_another_operation_brings_its_components_and_its_servers(
    ours: Path, tmp_path: Path
) -> None:
    shutil.copy(DOCUMENTS / "createOrder.md", tmp_path)

    ours.write_text(into(ours, tmp_path / "createOrder.md"), encoding="utf-8")

    create = load(ours).operations[1]
    assert (create.id, create.environments["dev"].host) == ("create", "dev-order.example.com:8080")


def test_a_component_whose_name_is_taken_gets_another(ours: Path, tmp_path: Path) -> None:
    shutil.copy(DOCUMENTS / "createOrder.md", tmp_path)
    taken = "components: {schemas: {create: {type: string}, failure: {type: object}}}\n"
    ours.write_text(OURS + taken, encoding="utf-8")

    ours.write_text(into(ours, tmp_path / "createOrder.md"), encoding="utf-8")

    create = load(ours).operations[1]
    assert (create.schema["type"], create.failures[0]["required"]) == ("object", ["code"])


def test_windows_line_ends_stay(ours: Path) -> None:
    ours.write_bytes(OURS.replace("\n", "\r\n").encode())

    new = into(ours, written(ours.parent))

    assert new.count("\n") == new.count("\r\n")


# The command line


def test_a_spec_is_printed_and_can_be_served(tmp_path: Path) -> None:
    done = command("openapi", "derive", str(DOCUMENTS / "createOrder.md"))
    spec = tmp_path / "openapi.yaml"
    spec.write_text(done.stdout, encoding="utf-8")

    checked = command("mock_server", str(spec), "--check")

    said = "createOrder.md: 1 operation (POST /order/api/create), 11 of 11 rows read"
    assert (done.returncode, checked.returncode) == (0, 0)
    assert said in done.stderr


def test_what_a_document_contradicts_is_told_beside_the_spec(tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"

    done = command("openapi", "derive", str(DOCUMENTS / "contradictory.md"), "--into", str(spec))

    assert (done.returncode, done.stdout, "row-missing-in-sample" in done.stderr) == (
        1,
        "added account: GET /bank/api/account\n",
        True,
    )
    assert load(spec).operations[0].id == "account"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("none.md", None, "cannot be opened"),
        ("empty.md", "", "no operation in it"),
        ("picture.md", "\x00\x01", "is not text"),
    ],
)
def test_a_document_that_cannot_be_read_is_one_line_and_exit_status_2(
    name: str, content: str | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")

    done = command("openapi", "derive", str(path))

    assert (done.returncode, done.stdout, told in done.stderr, done.stderr.count("\n")) == (
        *(2, "", True),
        1,
    )


@pytest.mark.parametrize(
    "content", ["a: [", "- a\n", "openapi: 3.0.3\npaths: []\n", "paths: {/a: {post: 1}}"]
)
def test_a_spec_that_cannot_be_added_to_is_one_line_and_stays_as_it_is(
    content: str, tmp_path: Path
) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(content, encoding="utf-8")

    done = command("openapi", "derive", str(written(tmp_path)), "--into", str(spec))

    assert (done.returncode, done.stderr.count("\n"), spec.read_text(encoding="utf-8")) == (
        *(2, 1),
        content,
    )
