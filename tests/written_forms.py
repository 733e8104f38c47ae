"""One interface, written in each form that people have.

To write another form: one function in `FORMS`, which gives the document's text.
"""

# ruff: noqa: E501 - the lines of documents are as long as people write them
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from contract.documents.cells import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a message: what its row states, and the members inside."""

    name: str
    kind: Kind
    required: bool
    length: int | None = None
    inner: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An interface: what its document states."""

    method: str
    path: str
    asked: tuple[Member, ...]
    answered: tuple[Member, ...]


JAVA = {
    Kind.STRING: "String",
    Kind.INTEGER: "Integer",
    Kind.BOOLEAN: "Boolean",
    Kind.NUMBER: "BigDecimal",
    Kind.OBJECT: "JSONObject",
    Kind.ARRAY: "JSONArray",
}
SWAGGER = {
    Kind.STRING: "string",
    Kind.INTEGER: "integer(int32)",
    Kind.BOOLEAN: "boolean",
    Kind.NUMBER: "number",
    Kind.OBJECT: "OrderVO",
    Kind.ARRAY: "List«OrderVO»",
}
JSON_SCHEMA = {
    Kind.STRING: "string",
    Kind.INTEGER: "integer",
    Kind.BOOLEAN: "boolean",
    Kind.NUMBER: "number",
    Kind.OBJECT: "object",
    Kind.ARRAY: "object []",
}
APIFOX = {**JSON_SCHEMA, Kind.ARRAY: "[object]"}
BANK = {
    Kind.STRING: "S",
    Kind.INTEGER: "int",
    Kind.BOOLEAN: "布尔",
    Kind.NUMBER: "N",
    Kind.OBJECT: "对象",
    Kind.ARRAY: "数组",
}


def flat(
    members: Sequence[Member], above: tuple[str, ...] = ()
) -> Iterator[tuple[Member, tuple[str, ...]]]:
    """Give each member with the names that lead to it, in the order of the rows."""
    for member in members:
        yield member, (*above, member.name)
        yield from flat(member.inner, (*above, member.name))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def yes(member: Member, words: tuple[str, str]) -> str:
    return words[not member.required]


def length(member: Member, form: str = "{}") -> str:
    return form.format(member.length) if member.length else ""


def house(it: Written) -> str:
    def rows(members: Sequence[Member]) -> str:
        header = ["参数", "是否必填", "类型", "最大长度", "参数描述"]
        return table(
            header,
            [
                [
                    f"{'└' * (len(path) - 1)} {each.name}".strip(),
                    yes(each, ("是", "否")),
                    JAVA[each.kind],
                    length(each),
                    "说明",
                ]
                for each, path in flat(members)
            ],
        )

    return (
        f"## 接口\n\n#### 域名列表\n\n无\n\n#### 接口说明\n\n* 请求类型 : {it.method}\n"
        f"* 请求地址 : {it.path}\n\n#### 请求参数\n\n{rows(it.asked)}\n\n#### 应答报文\n\n{rows(it.answered)}\n"
    )


def showdoc(it: Written) -> str:
    def rows(members: Sequence[Member]) -> str:
        return table(
            ["参数名", "必选", "类型", "长度", "说明"],
            [
                [
                    f"{'├─' * (len(path) - 1)}{each.name}",
                    yes(each, ("是", "否")),
                    JSON_SCHEMA[each.kind],
                    length(each),
                    "",
                ]
                for each, path in flat(members)
            ],
        )

    return (
        f"**简要描述：** \n\n- 接口\n\n**请求URL：** \n- ` http://xx.com{it.path} `\n  \n**请求方式：**\n"
        f"- {it.method} \n\n**参数：** \n\n{rows(it.asked)}\n\n **返回参数说明** \n\n{rows(it.answered)}\n"
    )


def modern(it: Written) -> str:
    def rows(members: Sequence[Member]) -> str:
        return table(
            ["字段", "类型", "必填", "最大长度", "说明"],
            [
                [
                    f"`{'.'.join(path)}`",
                    JSON_SCHEMA[each.kind],
                    yes(each, ("✅", "❌")),
                    length(each, "≤{}"),
                    "",
                ]
                for each, path in flat(members)
            ],
        )

    return (
        f"# 接口\n\n### 1.1 接口\n\n**接口地址：** `{it.method} {it.path}`\n\n**请求参数：**\n\n"
        f"{rows(it.asked)}\n\n**响应参数：**\n\n{rows(it.answered)}\n"
    )


def knife4j(it: Written) -> str:
    def rows(members: Sequence[Member], *, asked: bool) -> list[list[str]]:
        return [
            [
                f"{'&emsp;' * 2 * (len(path) - 1 + asked)}{each.name}",
                "",
                *([""] if asked else []),
                yes(each, ("true", "false")),
                SWAGGER[each.kind],
                length(each),
                "",
            ]
            for each, path in flat(members)
        ]

    header = ["参数名称", "参数说明", "是否必须", "数据类型", "长度", "schema"]
    body = ["orderDTO", "", "body", "true", "OrderDTO", "", "OrderDTO"]
    asked = table([*header[:2], "请求类型", *header[2:]], [body, *rows(it.asked, asked=True)])
    answered = table(header, rows(it.answered, asked=False))
    return (
        f"## 接口\n\n\n**接口地址**:`{it.path}`\n\n\n**请求方式**:`{it.method}`\n\n\n"
        "**请求数据类型**:`application/json`\n\n\n**请求参数**:\n\n\n**请求参数**:\n\n\n"
        f"{asked}\n\n\n**响应状态**:\n\n\n| 状态码 | 说明 | schema |\n| --- | --- | --- |\n"
        f"|200|OK|R|\n\n\n**响应参数**:\n\n\n{answered}\n"
    )


def apifox(it: Written) -> str:
    def rows(members: Sequence[Member], place: str) -> list[list[str]]:
        return [
            [
                f"{'»' * len(path)} {each.name}",
                *([place] if place else []),
                APIFOX[each.kind],
                yes(each, ("是", "否") if place else ("true", "false")),
                length(each),
                "none",
            ]
            for each, path in flat(members)
        ]

    asked = table(
        ["名称", "位置", "类型", "必选", "最大长度", "说明"],
        [["body", "body", "object", "否", "", "none"], *rows(it.asked, "body")],
    )
    answered = table(["名称", "类型", "必选", "最大长度", "说明"], rows(it.answered, ""))
    return (
        f"# 组\n\n## {it.method} 接口\n\n{it.method} {it.path}\n\n### 请求参数\n\n{asked}\n\n> 返回示例\n\n"
        f"### 返回数据结构\n\n状态码 **200**\n\n{answered}\n"
    )


def apifox_models(it: Written) -> str:
    """Write the objects as models below 数据模型, which the rows name."""
    models: list[str] = []

    def rows(members: Sequence[Member], depth: int, place: str, above: str) -> list[list[str]]:
        found: list[list[str]] = []
        for each in members:
            name = f"M{above}_{each.name}"
            link = f"[{name}](#schema{name.lower()})"
            kind = {Kind.OBJECT: link, Kind.ARRAY: f"[{link}]"}.get(each.kind, APIFOX[each.kind])
            need = yes(each, ("是", "否") if place else ("true", "false"))
            mark = f"{'»' * depth} {each.name}".strip()
            found.append([mark, *([place] if place else []), kind, need, length(each), "none"])
            if each.inner:
                models.append(model(name, each.inner))
        return found

    def model(name: str, members: Sequence[Member]) -> str:
        inner = table(["名称", "类型", "必选", "最大长度", "说明"], rows(members, 0, "", name[1:]))
        return f'<h2 id="tocS_{name}">{name}</h2>\n\n```json\n{{}}\n\n```\n\n### 属性\n\n{inner}\n'

    asked = table(
        ["名称", "位置", "类型", "必选", "最大长度", "说明"],
        [["body", "body", "object", "否", "", "none"], *rows(it.asked, 1, "body", "q")],
    )
    answered = table(["名称", "类型", "必选", "最大长度", "说明"], rows(it.answered, 1, "", "a"))
    return (
        f"# 组\n\n## {it.method} 接口\n\n{it.method} {it.path}\n\n### 请求参数\n\n{asked}\n\n"
        f"### 返回数据结构\n\n状态码 **200**\n\n{answered}\n\n# 数据模型\n\n{''.join(models)}"
    )


def knife4j_models(it: Written) -> str:
    """Write the objects as tables below bold lines, as older exports do."""

    def tables(members: Sequence[Member], above: str, *, asked: bool) -> Iterator[str]:
        header = ["参数名称", "参数说明", "in", "是否必须", "数据类型", "长度", "schema"]
        at = [0, 1, 2, 3, 4, 5, 6] if asked else [0, 1, 3, 4, 5, 6]
        rows = []
        for each in members:
            kind = "array" if each.kind is Kind.ARRAY else SWAGGER[each.kind]
            named = f"{above}{each.name}DTO" if each.inner else ""
            kind = named if each.kind is Kind.OBJECT else kind
            cells = [each.name, "", "body", yes(each, ("true", "false")), kind, length(each), named]
            rows.append([cells[n] for n in at])
        yield table([header[n] for n in at], rows)
        for each in members:
            if each.inner:
                first, *others = tables(each.inner, f"{above}{each.name}", asked=asked)
                yield f"**{above}{each.name}DTO**\n\n{first}"
                yield from others

    body = table(
        ["参数名称", "参数说明", "in", "是否必须", "数据类型", "长度", "schema"],
        [["dto", "", "body", "true", "WholeDTO", "", "WholeDTO"]],
    )
    return (
        f"## 接口\n\n**接口描述**:\n\n**接口地址**:`{it.path}`\n\n**请求方式**:`{it.method}`\n\n"
        f"**请求参数**:\n\n{body}\n\n**schema属性说明**\n\n**WholeDTO**\n\n{chr(10).join(f'{each}{chr(10)}' for each in tables(it.asked, 'q', asked=True))}\n"
        f"**响应参数**:\n\n{chr(10).join(f'{each}{chr(10)}' for each in tables(it.answered, 'a', asked=False))}\n"
    )


def yapi(it: Written) -> str:
    def rows(members: Sequence[Member]) -> str:
        cells = "".join(
            f'<tr><td><span style="padding-left: {20 * (len(path) - 1)}px"><span>{"├─" if len(path) > 1 else ""}</span> {each.name}</span></td>'
            f"<td><span>{JSON_SCHEMA[each.kind]}</span></td><td>{yes(each, ('必须', '非必须'))}</td><td>{length(each)}</td></tr>\n"
            for each, path in flat(members)
        )
        return f"<table>\n<thead><tr><th>名称</th><th>类型</th><th>是否必须</th><th>最大长度</th></tr></thead><tbody>{cells}</tbody>\n</table>"

    return (
        f"## 接口\n<a id=接口> </a>\n### 基本信息\n\n**Path：** {it.path}\n\n**Method：** {it.method}\n\n### 请求参数\n"
        f"**Body**\n\n{rows(it.asked)}\n\n### 返回数据\n\n{rows(it.answered)}\n"
    )


def bank(it: Written) -> str:
    def rows(members: Sequence[Member]) -> str:
        return table(
            ["字段名", "中文名", "类型", "长度", "必输"],
            [
                [
                    f"{'..' * (len(path) - 1)}{each.name}",
                    "名",
                    BANK[each.kind],
                    length(each, "变长{}"),
                    yes(each, ("M", "O")),
                ]
                for each, path in flat(members)
            ],
        )

    return f"# 交易\n\n请求地址：{it.path}\n\n请求方式：{it.method}\n\n## 请求报文\n\n{rows(it.asked)}\n\n## 返回报文\n\n{rows(it.answered)}\n"


def gateway(it: Written) -> str:
    def rows(members: Sequence[Member]) -> str:
        return table(
            ["参数", "类型", "可空", "最大长度", "描述"],
            [
                [
                    f"{'*' * (len(path) - 1)} {each.name}".strip(),
                    JAVA[each.kind],
                    yes(each, ("否", "是")),
                    length(each),
                    "",
                ]
                for each, path in flat(members)
            ],
        )

    return f"# 接口 a.b\n\n接口地址：{it.method} {it.path}\n\n## 业务参数\n\n{rows(it.asked)}\n\n## 响应参数\n\n{rows(it.answered)}\n"


def router(it: Written) -> str:
    def rows(members: Sequence[Member]) -> str:
        return table(
            ["名称", "类型", "是否必须", "最大长度", "描述"],
            [
                [
                    ".".join(path),
                    JSON_SCHEMA[each.kind],
                    yes(each, ("必选", "可选")),
                    length(each),
                    "",
                ]
                for each, path in flat(members)
            ],
        )

    hosts = table(
        ["环境", "网关地址"],
        [["沙箱", f"https://t.a.cn{it.path}"], ["线上", f"https://a.cn{it.path}"]],
    )
    return (
        f"# 接口\n\n{hosts}\n\n采用 HTTP {it.method} 方式调用。\n\n- 应用级参数\n\n{rows(it.asked)}\n\n"
        f"- 返回参数,以下字段在成功时返回\n\n{rows(it.answered)}\n"
    )


FORMS: Mapping[str, Callable[[Written], str]] = {
    each.__name__: each
    for each in (
        *(house, showdoc, modern, knife4j, knife4j_models),
        *(apifox, apifox_models, yapi, bank, gateway, router),
    )
}
"""The forms, each with the function that writes an interface in it."""
