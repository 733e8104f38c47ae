"""The rules for changes.

To add one: write its entry here, and use it where this package compares that part of the spec. That
place decides the effect of each change; the entry lists the effects that are possible. The rules
for schemas are in `schema_rules.py`.
"""

from __future__ import annotations

from contract.changes.change import Effect, change_rule
from contract.changes.schema_rules import SCHEMA_RULES
from contract.registry import registry

_BREAKING, _COMPATIBLE, _DOCUMENTATION = Effect

_OPERATION = "OpenAPI 3.0.3, Paths Object"
_PING = (
    "/ping: {get: {operationId: ping, responses: "
    '{"200": {description: 好, content: {text/plain: {schema: {}}}}}}}'
)
_NO_PING = "# no /ping"

_OF_OPERATIONS = (
    change_rule(
        "operation-removed",
        mirror="operation-added",
        effects=(_BREAKING,),
        english="An operation is gone.",
        chinese="接口被删除。",
        source=f"{_OPERATION}: its requests are no longer answered",
        was=_PING,
        now=_NO_PING,
    ),
    change_rule(
        "operation-added",
        mirror="operation-removed",
        effects=(_COMPATIBLE,),
        english="An operation is new.",
        chinese="新增接口。",
        source=f"{_OPERATION}: no client calls it yet",
        was=_NO_PING,
        now=_PING,
    ),
    change_rule(
        "operation-renamed",
        effects=(_COMPATIBLE,),
        english="An operationId changed.",
        chinese="operationId 变更。",
        source="OpenAPI 3.0.3, Operation Object: generated clients name functions by operationId, "
        "HTTP does not show it",
        was="operationId: listItems",
        now="operationId: findItems",
    ),
    change_rule(
        "deprecated",
        mirror="undeprecated",
        effects=(_COMPATIBLE,),
        english="Something is marked as deprecated.",
        chinese="标记为已弃用。",
        source="OpenAPI 3.0.3: deprecated; it still works, and may be removed later",
        was="deprecated: false",
        now="deprecated: true",
    ),
    change_rule(
        "undeprecated",
        mirror="deprecated",
        effects=(_DOCUMENTATION,),
        english="Something is no longer marked as deprecated.",
        chinese="取消已弃用标记。",
        source="OpenAPI 3.0.3: deprecated; nothing else changes",
        was="deprecated: true",
        now="deprecated: false",
    ),
)

_TEST = '- {url: "https://test.example", x-environment: test}'
_NO_TEST = "# no test environment"

_OF_SERVERS = (
    change_rule(
        "environment-removed",
        mirror="environment-added",
        effects=(_BREAKING,),
        english="An environment, or a server without a known environment, is gone.",
        chinese="环境被删除。",
        source="OpenAPI 3.0.3, Server Object: clients that call it there are no longer answered",
        was=_TEST,
        now=_NO_TEST,
    ),
    change_rule(
        "environment-moved",
        effects=(_BREAKING,),
        english="An environment lost one of its addresses.",
        chinese="环境的地址变更。",
        source="OpenAPI 3.0.3, Server Object: clients that call the old address are no longer "
        "answered",
        was="https://dev.example",
        now="https://dev2.example",
    ),
    change_rule(
        "environment-added",
        mirror="environment-removed",
        effects=(_COMPATIBLE,),
        english="An environment, or an address of one, is new.",
        chinese="新增环境或地址。",
        source="OpenAPI 3.0.3, Server Object: the addresses that were there remain",
        was=_NO_TEST,
        now=_TEST,
    ),
    change_rule(
        "security-tightened",
        mirror="security-loosened",
        effects=(_BREAKING,),
        english="An operation asks for other or for more credentials.",
        chinese="接口要求其他或更多凭证。",
        source="OpenAPI 3.0.3, Security Requirement Object: what was enough no longer is",
        was="security: []",
        now="security: [{key: []}]",
    ),
    change_rule(
        "security-loosened",
        mirror="security-tightened",
        effects=(_COMPATIBLE,),
        english="An operation accepts more ways to authenticate, or needs fewer credentials.",
        chinese="接口接受更多认证方式，或要求更少凭证。",
        source="OpenAPI 3.0.3, Security Requirement Object: one of the listed ways is enough",
        was="security: [{key: []}]",
        now="security: []",
    ),
)

_RESPONSES = "OpenAPI 3.0.3, Responses Object"
_HEADERS = "OpenAPI 3.0.3, Response Object: headers"
_ONE_TYPE = "content: {text/plain: {schema: {}}}"
_TWO_TYPES = "content: {text/plain: {schema: {}}, text/html: {schema: {}}}"
_NO_HEADER = "{description: 好, content:"
_HEADER = "{description: 好, headers: {X-Trace: {schema: {type: string}}}, content:"

_GONE = '"410": {description: 已删除}'
_GONE_IN_WORDS = '"410": {description: 已删除, content: {text/plain: {schema: {type: string}}}}'
_GONE_FREELY = _GONE_IN_WORDS.replace("{schema: {type: string}}", "{}")
_TRACED = '"410": {description: 已删除, headers: {X-Trace: {schema: {type: string}}}}'
_TAGGED = _TRACED.replace("{type: string}", "{type: array, items: {type: string}}")
_NO_CALLBACK = "operationId: ping, responses:"
_CALLBACK = (
    'operationId: ping, callbacks: {done: {"{$request.query.url}": {post: {responses: '
    '{"200": {description: 好}}}}}}, responses:'
)

_OF_ANSWERS = (
    change_rule(
        "answer-status-changed",
        effects=(_BREAKING,),
        english="The successful answer has another status.",
        chinese="成功应答的状态码变更。",
        source=f"{_RESPONSES}: clients that expect the old status fail",
        was='"200":',
        now='"201":',
    ),
    change_rule(
        "answer-status-added",
        mirror="answer-status-removed",
        effects=(_COMPATIBLE,),
        english="One more status is documented.",
        chinese="新增一种状态码的说明。",
        source=f"{_RESPONSES}: undocumented statuses were always possible",
        was='"200":',
        now='"404": {description: 没有}\n        "200":',
    ),
    change_rule(
        "answer-status-removed",
        mirror="answer-status-added",
        effects=(_COMPATIBLE,),
        english="A status other than the successful one is no longer documented.",
        chinese="删除一种状态码的说明。",
        source=f"{_RESPONSES}: the successful answer is the same",
        was='"404": {description: 没有}\n        "200":',
        now='"200":',
    ),
    change_rule(
        "answer-success-added",
        mirror="answer-success-removed",
        effects=(_COMPATIBLE,),
        english="One more successful status is documented.",
        chinese="新增一种成功状态码的说明。",
        source=f"{_RESPONSES}: the successes that were there remain",
        was='"200":',
        now='"202": {description: 已受理, content: {text/plain: {schema: {}}}}\n        "200":',
    ),
    change_rule(
        "answer-success-removed",
        mirror="answer-success-added",
        effects=(_BREAKING,),
        english="A successful status is no longer documented, although another is.",
        chinese="删除一种成功状态码的说明（仍有其他成功状态码）。",
        source=f"{_RESPONSES}: clients that wait for it may never get it",
        was='"202": {description: 已受理, content: {text/plain: {schema: {}}}}\n        "200":',
        now='"200":',
    ),
    change_rule(
        "answer-content-removed",
        mirror="answer-content-added",
        effects=(_BREAKING,),
        english="An answer no longer has a body.",
        chinese="应答不再有应答体。",
        source="OpenAPI 3.0.3, Response Object: content; clients read it",
        was=_GONE_IN_WORDS,
        now=_GONE,
    ),
    change_rule(
        "answer-content-added",
        mirror="answer-content-removed",
        effects=(_COMPATIBLE,),
        english="An answer has a body now.",
        chinese="应答现在有应答体。",
        source="OpenAPI 3.0.3, Response Object: content; clients may ignore it",
        was=_GONE,
        now=_GONE_IN_WORDS,
    ),
    change_rule(
        "answer-schema-removed",
        mirror="answer-schema-added",
        effects=(_BREAKING, _DOCUMENTATION),
        english="The body or a header of an answer is no longer described by a schema.",
        chinese="应答体或应答头不再有 schema 说明。",
        source="OpenAPI 3.0.3, Media Type Object: schema; without one it may be anything",
        was=_GONE_IN_WORDS,
        now=_GONE_FREELY,
    ),
    change_rule(
        "answer-schema-added",
        mirror="answer-schema-removed",
        effects=(_COMPATIBLE, _DOCUMENTATION),
        english="The body or a header of an answer is described by a schema now.",
        chinese="应答体或应答头现在有 schema 说明。",
        source="OpenAPI 3.0.3, Media Type Object: schema; before, it could be anything",
        was=_GONE_FREELY,
        now=_GONE_IN_WORDS,
    ),
    change_rule(
        "answer-media-type-changed",
        effects=(_BREAKING,),
        english="An answer has another media type.",
        chinese="应答的媒体类型变更。",
        source="OpenAPI 3.0.3, Response Object: content; clients cannot read the new type",
        was=_ONE_TYPE,
        now="content: {text/html: {schema: {}}}",
    ),
    change_rule(
        "answer-media-type-removed",
        mirror="answer-media-type-added",
        effects=(_BREAKING,),
        english="An answer no longer comes in one of its media types.",
        chinese="应答减少一种媒体类型。",
        source="OpenAPI 3.0.3, Response Object: content; clients may ask for the type that is gone",
        was=_TWO_TYPES,
        now=_ONE_TYPE,
    ),
    change_rule(
        "answer-media-type-added",
        mirror="answer-media-type-removed",
        effects=(_COMPATIBLE,),
        english="An answer also comes in another media type.",
        chinese="应答新增一种媒体类型。",
        source="OpenAPI 3.0.3, Response Object: content; the types that were there remain",
        was=_ONE_TYPE,
        now=_TWO_TYPES,
    ),
    change_rule(
        "answer-header-added",
        mirror="answer-header-removed",
        effects=(_COMPATIBLE,),
        english="An answer documents another header.",
        chinese="新增一个应答头的说明。",
        source=f"{_HEADERS}; clients may ignore a header",
        was=_NO_HEADER,
        now=_HEADER,
    ),
    change_rule(
        "answer-header-removed",
        mirror="answer-header-added",
        effects=(_BREAKING,),
        english="An answer no longer documents a header.",
        chinese="删除一个应答头的说明。",
        source=f"{_HEADERS}; clients may rely on it",
        was=_HEADER,
        now=_NO_HEADER,
    ),
    change_rule(
        "answer-header-required",
        mirror="answer-header-optional",
        effects=(_COMPATIBLE,),
        english="A header was optional and is now always there.",
        chinese="应答头由可选变为必有。",
        source=f"{_HEADERS}, required; clients may rely on more",
        was=_TRACED,
        now=_TRACED.replace("{schema", "{required: true, schema"),
    ),
    change_rule(
        "answer-header-optional",
        mirror="answer-header-required",
        effects=(_BREAKING,),
        english="A header was always there and is now optional.",
        chinese="应答头由必有变为可选。",
        source=f"{_HEADERS}, required; clients may rely on it",
        was=_TRACED.replace("{schema", "{required: true, schema"),
        now=_TRACED,
    ),
    change_rule(
        "answer-layout-changed",
        effects=(_BREAKING,),
        english="The parts of a header, or of a form, are laid out in another way.",
        chinese="应答头或表单中各部分的排列方式变更。",
        source="OpenAPI 3.0.3, Header Object: explode; clients take it apart in the old way",
        was=_TAGGED,
        now=_TAGGED.replace("{schema", "{explode: true, schema"),
    ),
)

_OF_CALLBACKS = (
    change_rule(
        "callback-added",
        mirror="callback-removed",
        effects=(_COMPATIBLE,),
        english="A callback is new.",
        chinese="新增回调。",
        source="OpenAPI 3.0.3, Callback Object: only clients that ask for it get it",
        was=_NO_CALLBACK,
        now=_CALLBACK,
    ),
    change_rule(
        "callback-removed",
        mirror="callback-added",
        effects=(_BREAKING,),
        english="A callback is gone.",
        chinese="删除回调。",
        source="OpenAPI 3.0.3, Callback Object: clients may wait for it",
        was=_CALLBACK,
        now=_NO_CALLBACK,
    ),
)

_BODY = "OpenAPI 3.0.3, Request Body Object"
_NO_BODY = "operationId: ping,"
_WITH_BODY = "operationId: ping, requestBody: {content: {text/plain: {schema: {}}}},"
_OPTIONAL_BODY = "requestBody:\n        content:"
_NEEDED_BODY = "requestBody:\n        required: true\n        content:"
_MORE_CONTENT = "requestBody:\n        content:\n          text/plain: {schema: {}}"

_OF_BODIES = (
    change_rule(
        "request-added",
        mirror="request-removed",
        effects=(_BREAKING, _COMPATIBLE),
        english="An operation takes a body.",
        chinese="接口新增请求体。",
        source=f"{_BODY}: it breaks clients if the body is required",
        was=_NO_BODY,
        now=_WITH_BODY,
    ),
    change_rule(
        "request-removed",
        mirror="request-added",
        effects=(_BREAKING,),
        english="An operation no longer takes a body.",
        chinese="接口不再接受请求体。",
        source=f"{_BODY}: requests that carry one may be refused, and are no longer read",
        was=_WITH_BODY,
        now=_NO_BODY,
    ),
    change_rule(
        "request-required",
        mirror="request-optional",
        effects=(_BREAKING,),
        english="The body of a request was optional and is now required.",
        chinese="请求体由可选变为必填。",
        source=f"{_BODY}: required; requests without a body are refused",
        was=_OPTIONAL_BODY,
        now=_NEEDED_BODY,
    ),
    change_rule(
        "request-optional",
        mirror="request-required",
        effects=(_COMPATIBLE,),
        english="The body of a request was required and is now optional.",
        chinese="请求体由必填变为可选。",
        source=f"{_BODY}: required; requests with a body are still accepted",
        was=_NEEDED_BODY,
        now=_OPTIONAL_BODY,
    ),
    change_rule(
        "request-media-type-removed",
        mirror="request-media-type-added",
        effects=(_BREAKING,),
        english="A body is no longer accepted in one of its media types.",
        chinese="请求体减少一种媒体类型。",
        source=f"{_BODY}: content; requests of that type are refused",
        was=_MORE_CONTENT,
        now=_OPTIONAL_BODY,
    ),
    change_rule(
        "request-media-type-added",
        mirror="request-media-type-removed",
        effects=(_COMPATIBLE,),
        english="A body is also accepted in another media type.",
        chinese="请求体新增一种媒体类型。",
        source=f"{_BODY}: content; the types that were there remain",
        was=_OPTIONAL_BODY,
        now=_MORE_CONTENT,
    ),
    change_rule(
        "request-schema-added",
        mirror="request-schema-removed",
        effects=(_BREAKING, _DOCUMENTATION),
        english="A body is described by a schema now.",
        chinese="请求体现在有 schema 说明。",
        source="OpenAPI 3.0.3, Media Type Object: schema; before, anything was accepted",
        was="text/csv: {}",
        now="text/csv: {schema: {type: string}}",
    ),
    change_rule(
        "request-schema-removed",
        mirror="request-schema-added",
        effects=(_COMPATIBLE, _DOCUMENTATION),
        english="A body is no longer described by a schema.",
        chinese="请求体不再有 schema 说明。",
        source="OpenAPI 3.0.3, Media Type Object: schema; without one anything is accepted",
        was="text/csv: {schema: {type: string}}",
        now="text/csv: {}",
    ),
    change_rule(
        "request-layout-changed",
        effects=(_BREAKING,),
        english="The fields of a form are laid out in another way.",
        chinese="表单字段的排列方式变更。",
        source="OpenAPI 3.0.3, Encoding Object: servers take the text apart in the new way",
        was="text/csv: {encoding: {tags: {explode: true}}}",
        now="text/csv: {encoding: {tags: {explode: false}}}",
    ),
)

_PARAMETER = "OpenAPI 3.0.3, Parameter Object"
_SIZE = "- {name: size, in: query,"
_PAGE_TOO = f"- {{name: page, in: query, schema: {{type: integer}}}}\n        {_SIZE}"
_NEEDED_SIZE = f"{_SIZE} required: true,"
_EMPTY_SIZE = f"{_SIZE} allowEmptyValue: true,"
_FREE_CONTENT = "{name: asked, in: query, content: {application/json: {}}}"
_TYPED_CONTENT = _FREE_CONTENT.replace("json: {}", "json: {schema: {type: string}}")

_OF_PARAMETERS = (
    change_rule(
        "parameter-added",
        mirror="parameter-removed",
        effects=(_BREAKING, _COMPATIBLE),
        english="A parameter is new.",
        chinese="新增请求参数。",
        source=f"{_PARAMETER}: it breaks clients if the parameter is required",
        was=_SIZE,
        now=_PAGE_TOO,
    ),
    change_rule(
        "parameter-removed",
        mirror="parameter-added",
        effects=(_COMPATIBLE,),
        english="A parameter is no longer documented.",
        chinese="删除请求参数。",
        source=f"{_PARAMETER}: a request may leave it out",
        was=_PAGE_TOO,
        now=_SIZE,
    ),
    change_rule(
        "parameter-moved",
        effects=(_BREAKING,),
        english="A parameter is sent in another part of the request.",
        chinese="请求参数的位置变更。",
        source=f"{_PARAMETER}: in; requests that carry it in the old place are refused",
        was="{name: size, in: query,",
        now="{name: size, in: header,",
    ),
    change_rule(
        "parameter-renamed",
        effects=(_DOCUMENTATION,),
        english="A parameter of the path has another name.",
        chinese="路径参数改名。",
        source=f"{_PARAMETER}: the URLs are the same, whatever their parts are called",
        was="/items/{shop}:\n    parameters:\n      - {name: shop,",
        now="/items/{store}:\n    parameters:\n      - {name: store,",
    ),
    change_rule(
        "parameter-required",
        mirror="parameter-optional",
        effects=(_BREAKING,),
        english="A parameter was optional and is now required.",
        chinese="请求参数由可选变为必填。",
        source=f"{_PARAMETER}: required; requests without it are refused",
        was=_SIZE,
        now=_NEEDED_SIZE,
    ),
    change_rule(
        "parameter-optional",
        mirror="parameter-required",
        effects=(_COMPATIBLE,),
        english="A parameter was required and is now optional.",
        chinese="请求参数由必填变为可选。",
        source=f"{_PARAMETER}: required; requests with it are still accepted",
        was=_NEEDED_SIZE,
        now=_SIZE,
    ),
    change_rule(
        "parameter-layout-changed",
        effects=(_BREAKING,),
        english="The parts of a parameter are laid out in another way.",
        chinese="请求参数各部分的排列方式变更。",
        source=f"{_PARAMETER}: style, explode; servers take the text apart in the new way",
        was="{name: asked, in: query, schema: {type: array, items: {type: string}}}",
        now="{name: asked, in: query, schema: {type: array, items: {type: string}}, "
        "explode: false}",
    ),
    change_rule(
        "parameter-writing-loosened",
        mirror="parameter-writing-tightened",
        effects=(_COMPATIBLE,),
        english="A parameter may be empty, or carry reserved characters as they are.",
        chinese="请求参数可以为空，或可以原样携带保留字符。",
        source=f"{_PARAMETER}: allowEmptyValue, allowReserved; what was accepted still is",
        was=_SIZE,
        now=_EMPTY_SIZE,
    ),
    change_rule(
        "parameter-writing-tightened",
        mirror="parameter-writing-loosened",
        effects=(_BREAKING,),
        english="A parameter may no longer be empty, or carry reserved characters as they are.",
        chinese="请求参数不再可以为空，或不再可以原样携带保留字符。",
        source=f"{_PARAMETER}: allowEmptyValue, allowReserved; such requests may be refused",
        was=_EMPTY_SIZE,
        now=_SIZE,
    ),
    change_rule(
        "parameter-media-type-changed",
        effects=(_BREAKING,),
        english="A parameter is written in another form.",
        chinese="请求参数的书写形式变更。",
        source=f"{_PARAMETER}: content; requests that write it in the old form are refused",
        was="{name: asked, in: query, schema: {}}",
        now="{name: asked, in: query, content: {application/json: {schema: {}}}}",
    ),
    change_rule(
        "parameter-schema-added",
        mirror="parameter-schema-removed",
        effects=(_BREAKING, _DOCUMENTATION),
        english="The content of a parameter is described by a schema now.",
        chinese="请求参数的内容现在有 schema 说明。",
        source="OpenAPI 3.0.3, Media Type Object: schema; before, anything was accepted",
        was=_FREE_CONTENT,
        now=_TYPED_CONTENT,
    ),
    change_rule(
        "parameter-schema-removed",
        mirror="parameter-schema-added",
        effects=(_COMPATIBLE, _DOCUMENTATION),
        english="The content of a parameter is no longer described by a schema.",
        chinese="请求参数的内容不再有 schema 说明。",
        source="OpenAPI 3.0.3, Media Type Object: schema; without one anything is accepted",
        was=_TYPED_CONTENT,
        now=_FREE_CONTENT,
    ),
    change_rule(
        "default-changed",
        effects=(_COMPATIBLE, _DOCUMENTATION),
        english="What a missing value stands for changed.",
        chinese="缺省值变更。",
        source="OpenAPI 3.0.3, Schema Object: default; requests without the value are still "
        "accepted, and may mean something else",
        was="{name: asked, in: query, schema: {default: 1}}",
        now="{name: asked, in: query, schema: {default: 2}}",
    ),
)

_OF_ANNOTATIONS = (
    change_rule(
        "wording-changed",
        effects=(_DOCUMENTATION,),
        english="A title, a summary, a description, a tag or a link changed.",
        chinese="标题、摘要、描述、标签或链接变更。",
        source="OpenAPI 3.0.3: texts for people; no program sends or reads them",
        was="summary: 查询商品",
        now="summary: 商品列表",
    ),
    change_rule(
        "example-changed",
        effects=(_DOCUMENTATION,),
        english="An example changed.",
        chinese="样例变更。",
        source="OpenAPI 3.0.3, Example Object: it illustrates the schema and promises nothing",
        was="shown: {type: integer, example: 3}",
        now="shown: {type: integer, example: 4}",
    ),
    change_rule(
        "sample-changed",
        effects=(_DOCUMENTATION,),
        english="What the document's sample shows (x-sample) changed.",
        chinese="文档样例所示内容（x-sample）变更。",
        source="openapi/README.md: x-sample; a sample promises nothing",
        was='shown: {type: string, x-sample: {pattern: "^data:"}}',
        now='shown: {type: string, x-sample: {pattern: "^[0-9]"}}',
    ),
    change_rule(
        "mock-changed",
        effects=(_DOCUMENTATION,),
        english="The mock server generates a value in another way (x-mock).",
        chinese="模拟服务生成值的方式（x-mock）变更。",
        source="openapi/README.md: x-mock; the environments do not read it",
        was="shown: {type: string, x-mock: uuid}",
        now="shown: {type: string, x-mock: captcha.id}",
    ),
    change_rule(
        "discriminator-changed",
        effects=(_BREAKING, _COMPATIBLE),
        english="The member that tells alternatives apart changed, or one of its values.",
        chinese="区分备选结构的成员或其取值变更。",
        source="OpenAPI 3.0.3, Discriminator Object; generated clients choose a type by it",
        was="shown: {discriminator: {propertyName: kind}}",
        now="shown: {discriminator: {propertyName: sort}}",
    ),
    change_rule(
        "extension-changed",
        effects=(_DOCUMENTATION,),
        english="A keyword that promises nothing about requests or answers changed.",
        chinese="对请求和应答均无约束的关键字变更。",
        source="OpenAPI 3.0.3, Specification Extensions; xml, links, and formats "
        "that no validator knows",
        was="shown: {type: string, x-owner: shop}",
        now="shown: {type: string, x-owner: store}",
    ),
    change_rule(
        "unproved-change",
        effects=(_BREAKING,),
        english="Something changed, and it is not proved that clients do not notice.",
        chinese="有变更，且无法证明客户端不受影响。",
        source="the comparison itself: a change that is not proved harmless counts as breaking",
        was="- {name: size, in: query, schema:",
        now="- {name: size, in: query, unheardOf: true, schema:",
    ),
)

RULES = registry(
    (
        *_OF_OPERATIONS,
        *_OF_SERVERS,
        *_OF_ANSWERS,
        *_OF_CALLBACKS,
        *_OF_BODIES,
        *_OF_PARAMETERS,
        *_OF_ANNOTATIONS,
        *SCHEMA_RULES,
    )
)
"""Every rule by its name."""
