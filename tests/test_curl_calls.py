"""A call of curl in a document is the request's sample; other programs are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents.curl_calls import CurlCall, first_call
from contract.spec.loading import load
from tests.one_interface import read


def call(text: str) -> CurlCall:
    found = first_call(text, 10)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("curl https://a.cn/b", ("GET", "a.cn", "/b", ())),
        ("curl -XPUT 'https://a.cn/b?c=1&d=2'", ("PUT", "a.cn", "/b", (("c", "1"), ("d", "2")))),
        ("# 查询\n$ curl --request=DELETE --url http://a.cn:80/b", ("DELETE", "a.cn:80", "/b", ())),
        ("curl -s -o out.txt -u a:b https://a.cn/b", ("GET", "a.cn", "/b", ())),
        ("curl -d 'c=1' \\\n -d d=2 a.cn/b", ("POST", "a.cn", "/b", (("c", "1"), ("d", "2")))),
        (
            "curl -G a.cn/b --data-urlencode 'c=张三'",
            ("GET", "a.cn", "/b", (("c", "张三"),)),
        ),
        (
            "curl a.cn/b -F 'f=@x.png;type=image/png'",
            ("POST", "a.cn", "/b", (("f", "@x.png"),)),
        ),
    ],
)
def test_a_call_sends_what_its_options_say(text: str, expected: tuple[object, ...]) -> None:
    request = call(text).request

    assert (request.method, request.host, request.path, request.query) == expected


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ("curl -d a=1 https://a.cn/b", "application/x-www-form-urlencoded"),
        ("curl -F a=1 https://a.cn/b", "multipart/form-data"),
        ("curl -d '{}' https://a.cn/b", ""),
        ("curl -H 'content-type: text/xml; charset=utf-8' -d @x https://a.cn/b", "text/xml"),
    ],
)
def test_a_call_says_what_its_body_is(text: str, media_type: str) -> None:
    assert call(text).media_type == media_type


def test_the_body_of_a_call_knows_its_line() -> None:
    found = call("# 一\ncurl -X POST https://a.cn/b \\\n  -d '{\n    \"c\": 1\n  }'")

    assert (found.body, found.body_line) == ('{\n    "c": 1\n  }', 12)


@pytest.mark.parametrize("text", ["wget https://a.cn/b", "curl", "curl 'https://a.cn/b", "curl -I"])
def test_what_is_no_whole_call_of_curl_is_none(text: str) -> None:
    assert first_call(text, 1) is None


DOCUMENT = """## 登记

**接口地址：** `POST /member`

**请求头：**

| 参数名 | 类型 | 必填 | 说明 |
|---|---|---|---|
| X-Tenant | string | 是 | 租户 |

**请求参数：**

| 参数名 | 类型 | 必填 | 说明 |
|---|---|---|---|
| name | string | 是 | 姓名 |
| age | int | 否 | 年龄 |

**使用示例：**

```bash
{program}
```

**响应示例：**

```json
{{"code": 0, "data": {{"id": 1}}}}
```
"""


def written(folder: Path, program: str) -> Path:
    path = folder / "document.md"
    path.write_text(DOCUMENT.format(program=program), encoding="utf-8")
    return path


def test_a_call_of_curl_gives_the_examples_of_the_request(tmp_path: Path) -> None:
    program = "curl https://x.cn/member -H 'X-Tenant: t1' -F name=a -F age=3"
    path = written(tmp_path, program)
    spec = tmp_path / "openapi.yaml"
    spec.write_text(text_of(derive([read(path)], tmp_path)), encoding="utf-8")

    text = spec.read_text(encoding="utf-8")

    assert len(load(spec).operations) == 1
    assert "multipart/form-data:" in text
    assert "value: t1" in text
    assert "name: a\n        age: 3" in text


def test_a_body_of_curl_is_compared_with_the_rows_at_its_own_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "curl https://x.cn/member \\\n  -d '{\"name\": 1}'")

    (sample, _) = read(path).samples

    assert (sample.value, sample.lines["name",], sample.is_request) == ({"name": 1}, 22, True)


@pytest.mark.parametrize(
    "program",
    ["import requests", "fetch('/member')", "SELECT * FROM a", '@GetMapping("/a")\nA a()'],
)
def test_a_program_in_another_language_is_no_sample(program: str, tmp_path: Path) -> None:
    assert [each.title for each in read(written(tmp_path, program)).samples] == ["响应示例"]
