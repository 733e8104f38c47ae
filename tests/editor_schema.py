"""`openapi/openapi.schema.json`, made of the table of OpenAPI's objects and of our vocabulary.

`python -m tests.documentation` writes it. To explain another keyword in the editor: a line of
`HOVERS`, in both languages, by the object and the field, or by the field alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from contract.review.openapi_objects import (
    COMPONENT_NAME,
    MAPS,
    OBJECTS,
    REFERABLE,
    Field,
    choices,
    fields,
)
from contract.spec.vocabulary import ENVIRONMENTS, EXPECTED, EXTENSIONS, FORMATS, GENERATORS
from tests.loopback import ROOT

FILE = ROOT / "openapi" / "openapi.schema.json"

Json = dict[str, object]

HOVERS: Mapping[str, str] = {
    "openapi": "The version of OpenAPI, such as 3.0.3 OpenAPI 版本",
    "info": "What the interface is called, and its version 接口的名称与版本",
    "title": "The name of it 名称",
    "version": "The version of this contract, in quotes where it looks like a number 契约版本",
    "servers": "The environments; x-environment names each for --target 环境列表",
    "Server.url": "The address without a slash at its end; {scheme} is a variable 服务器地址",
    "variables": "What stands for the braces of the address 地址中的变量",
    "paths": "The paths, each with its operations 请求地址",
    "components": "What several operations share, by name 可复用的组件",
    "schemas": "Descriptions of data that several places refer to 可复用的数据结构",
    "security": "The schemes that a request needs; an empty list asks for none 安全要求",
    "securitySchemes": "How requests show who sends them 安全方案",
    "tags": "Words that group operations 分组标签",
    "operationId": "The name of the operation: letters, digits, _ and -, and no other's 接口标识",
    "summary": "The document's title 文档标题",
    "description": "What it means, as 参数描述 says 说明",
    "externalDocs": "The interface document of the operation 接口文档",
    "ExternalDocs.url": "The path of the document, relative to this file 文档路径，相对于本文件",
    "parameters": "What is sent in the path, the query, headers or cookies 请求参数",
    "requestBody": "What is sent as the body 请求体",
    "responses": 'What is answered, by the status in quotes, such as "200" 应答，状态码加引号',
    "content": "The body, by its media type 报文，按媒体类型",
    "headers": "The headers that come with the answer 响应头",
    "schema": "What the data looks like 数据结构",
    "examples": "Examples by name; each keeps the schema 样例",
    "example": "One example; it keeps the schema 示例值",
    "in": "Where the parameter is sent; one in the path is required 参数位置",
    "Parameter.name": "The name of the parameter 参数名",
    "Parameter.required": "true where the parameter must be sent 是否必填",
    "RequestBody.required": "true where a body must be sent 是否必填",
    "type": "The JSON type of the value 类型",
    "format": "A closer description of the value; image-base64 is a picture 格式",
    "enum": "The only values that are allowed, each of the type 可选值",
    "default": "The value that counts where none is sent 默认值",
    "properties": "The members of an object, by name 字段",
    "Schema.required": "The names of the members that must be there 必填字段",
    "nullable": "true where the value may be null, as for 否 可为 null",
    "minLength": "The fewest characters; 1 forbids the empty text 最小长度",
    "maxLength": "The most characters, as 最大长度 says 最大长度",
    "minimum": "The least number 最小值",
    "maximum": "The greatest number 最大值",
    "exclusiveMinimum": "true where minimum itself is not allowed 不含最小值",
    "exclusiveMaximum": "true where maximum itself is not allowed 不含最大值",
    "multipleOf": "What the number is a multiple of 倍数",
    "pattern": "A regular expression that the text contains, in its portable parts 正则表达式",
    "items": "What the elements of a list look like 列表元素",
    "minItems": "The fewest elements 最少元素数",
    "maxItems": "The most elements 最多元素数",
    "uniqueItems": "true where no two elements are equal 元素不重复",
    "additionalProperties": "What other members look like; false forbids them 其他字段",
    "allOf": "The value keeps every one of these 全部满足",
    "anyOf": "The value keeps at least one of these 至少满足一个",
    "oneOf": "The value keeps exactly one of these 恰好满足一个",
    "not": "The value does not keep this 不得满足",
    "readOnly": "true where only answers carry it 仅应答",
    "writeOnly": "true where only requests carry it 仅请求",
    "deprecated": "true where it should not be used any more 已弃用",
    "$ref": 'The place of what is meant, such as "#/components/schemas/a" 引用',
    **dict.fromkeys(
        ("get", "put", "post", "delete", "options", "head", "patch", "trace"),
        "The operation of this method 该请求方法的接口",
    ),
}
"""What the editor shows of a field, in English and Chinese."""
EXTENSION_SCHEMAS: Mapping[str, Json] = {
    "x-sample": {
        "description": "What the document's sample only shows; move a line up to make it a "
        "promise 样例所示",
        "allOf": [{"$ref": "#/definitions/Schema"}],
    },
    "x-image": {
        "description": "The picture's type and size 图片类型与尺寸",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "mediaType": {"type": "string", "pattern": "^image/"},
            "width": {"type": "integer", "minimum": 1},
            "height": {"type": "integer", "minimum": 1},
        },
    },
    "x-unique": {
        "description": "Every answer has a value of its own 每次应答的值都不重复",
        "type": "boolean",
    },
    "x-business-success": {
        "description": "The business codes of a call that succeeded, quoted where they are texts "
        "成功的业务码",
        "type": "array",
        "minItems": 1,
        "items": {"type": ["string", "integer", "boolean"]},
    },
    "x-mock": {
        "description": "Who makes the value on the mock server 模拟服务如何生成该值",
        "enum": sorted(GENERATORS),
    },
    "x-mock-expects": {
        "description": "What the mock server holds this value to 模拟服务校验请求中的该值",
        "enum": list(EXPECTED),
    },
    "x-environment": {
        "description": "The server's name for --target 环境名称",
        "enum": list(ENVIRONMENTS),
    },
}
_PLAIN: Mapping[str, Json] = {
    "text": {"type": "string"},
    "flag": {"type": "boolean"},
    "number": {"type": "number"},
    "count": {"type": "integer", "minimum": 0},
    "*": {},
}


def editor_schema() -> Json:
    """Make the schema: draft 7, whole, without a reference to anywhere else."""
    definitions = {kind: _object(kind) for kind in OBJECTS}
    definitions |= {kind: _map(*MAPS[kind]) for kind in MAPS}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "OpenAPI 3.0, and the x- keys of this project (README.md beside this file)",
        "description": "Written by `python -m tests.documentation`; do not edit.",
        "allOf": [{"$ref": "#/definitions/OpenAPI"}],
        "definitions": definitions,
    }


def text() -> str:
    """Write the schema as its file has it."""
    return json.dumps(editor_schema(), ensure_ascii=False, indent=2) + "\n"


def _object(kind: str) -> Json:
    known = fields(kind)
    properties = {name: _field(kind, name, field) for name, field in known.items()}
    if kind in REFERABLE:
        properties["$ref"] = {"type": "string", "description": HOVERS["$ref"]}
    properties |= {name: dict(EXTENSION_SCHEMAS[name]) for name in _extensions(kind)}
    required = [name for name, field in known.items() if field.required]
    made: Json = {
        "type": "object",
        "properties": properties,
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
    }
    if required and kind in REFERABLE:
        made |= {"if": {"required": ["$ref"]}, "else": {"required": required}}
    elif required:
        made["required"] = required
    return made


def _extensions(kind: str) -> list[str]:
    if kind == "Server":
        return ["x-environment"]
    if kind in {"Parameter", "SecurityScheme"}:
        return ["x-mock-expects"]
    return sorted(EXTENSIONS - {"x-environment"}) if kind == "Schema" else []


def _field(kind: str, name: str, field: Field) -> Json:
    said = HOVERS.get(f"{kind}.{name}", HOVERS.get(name, ""))
    made: Json = {"description": said} if said else {}
    if kind == "Schema" and name == "format":
        return {**made, "anyOf": [{"enum": sorted(FORMATS)}, {"type": "string"}]}
    if kind == "Schema" and name == "enum":
        return {**made, "type": "array", "minItems": 1}
    if name == "operationId" and kind == "Operation":
        made["pattern"] = "^[A-Za-z][A-Za-z0-9_-]*$"
    return {**made, **_type(field.type)}


def _type(type_: str) -> Json:
    if type_ in _PLAIN:
        return dict(_PLAIN[type_])
    if "|" in type_:
        return {"anyOf": [_type(each) for each in type_.split("|")]}
    if choices(type_):
        return {"enum": choices(type_)}
    inside = _type(type_[1:-1]) if type_[0] in "[{<" else {}
    several: Mapping[str, Json] = {
        "[": {"type": "array", "items": inside},
        "{": {"type": "object", "additionalProperties": inside},
        "<": {
            "type": "object",
            "patternProperties": {f"^{COMPONENT_NAME}$": inside},
            "additionalProperties": False,
        },
    }
    return dict(several.get(type_[0], {"$ref": f"#/definitions/{type_}"}))


def _map(type_: str, form: str) -> Json:
    return {
        "type": "object",
        "patternProperties": {f"^(?:{form})$": _type(type_), "^x-": {}},
        "additionalProperties": False,
    }
