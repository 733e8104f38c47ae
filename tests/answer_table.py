"""Answers of servers, and of what stands in front of them, each with the verdict it must get.

`{good}` in a body is a documented answer. To add an answer: a row of `ANSWERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

JSON = "application/json"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """One answer, in every sample, and what must be said of it.

    Attributes:
        body: a text, or how it is made of a documented answer.
        breaks: the check that must tell it; with `sample` or `strict` in `level` only there.
        reason: in place of it, why it must not be judged, and who answered.
    """

    name: str
    body: str | Callable[[str], bytes]
    status: int = 200
    label: str = JSON
    breaks: str = ""
    level: str = "table"
    reason: str = ""
    who: str = ""

    def bytes_of(self, good: str) -> bytes:
        """Give the body of one sample."""
        if isinstance(self.body, str):
            return self.body.replace("{good}", good).encode()
        return self.body(good)


def front(
    name: str, body: str | Callable[[str], bytes], status: int = 200, label: str = HTML
) -> Came:
    return Came(
        name=name, body=body, status=status, label=label, reason="not-the-service", who="front"
    )


def foreign(name: str, body: str, label: str = JSON) -> Came:
    return Came(name=name, body=body, label=label, reason="not-the-operation", who="front")


def failing(name: str, body: str) -> Came:
    return Came(name=name, body=body, reason="business-error", who="operation")


def broken(name: str, body: str | Callable[[str], bytes], label: str = JSON) -> Came:
    return Came(name=name, body=body, label=label, breaks="json")


def elsewhere(name: str, status: int, reason: str, who: str, body: str = "{}") -> Came:
    return Came(name=name, body=body, status=status, reason=reason, who=who)


def refused(name: str, status: int, body: str, label: str = JSON) -> Came:
    return Came(name=name, body=body, status=status, label=label, breaks="accepted")


NOTICE = "<br />\n<b>Notice</b>: Undefined variable in <b>a.php</b> on line <b>7</b><br />\n"
OWN_404 = '{"request_id":"x","code":"404","msg":"接口不存在","data":null}'

ANSWERS = (
    # documented answers, and harmless departures
    Came(name="documented", body="{good}"),
    Came(name="charset-and-case", body="{good}", label="Application/JSON;charset=UTF-8"),
    Came(name="white-space-around", body="\r\n {good}\n"),
    Came(name="labelled-html", body="{good}", label=HTML, breaks="media-type", level="sample"),
    Came(name="labelled-text", body="{good}", label=TEXT, breaks="media-type", level="sample"),
    Came(name="without-a-label", body="{good}", label="", breaks="media-type", level="sample"),
    Came(name="created", body="{good}", status=201, breaks="status", level="sample"),
    Came(name="odd-success", body="{good}", status=299, breaks="status", level="sample"),
    Came(
        name="behind-a-bom",
        body=lambda good: b"\xef\xbb\xbf" + good.encode(),
        breaks="no-bom",
        level="strict",
    ),
    # pages
    front("portal-script", "<script>location='http://10.0.0.1/login'</script>\r\n"),
    front("portal-script-in-capitals", "\n\n<SCRIPT LANGUAGE=javascript>top.location='/'</SCRIPT>"),
    front("minified-doctype", "<!doctypehtml><title>405</title>"),
    front("old-doctype", '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<p>no</p>'),
    front("comment-first", "<!-- a > b -->\n<!-- -- -->\n<HTML><body>Denied</body></HTML>"),
    front("comment-alone", "<!-- error 4711 -->"),
    front("comment-without-end", "<!-- error 4711"),
    front("xml-declaration-first", "<?xml version='1.0'?><html xmlns='x'/>", label="text/xml"),
    front("bom-blanks-comment", "\ufeff \r\n<!--x--><body>login</body>"),
    front("meta-refresh", "<meta http-equiv=refresh content='0;url=/sso'>"),
    front("page-labelled-json", "<html><body>maintenance</body></html>", label=JSON),
    front("page-without-a-label", "<h1>It works!</h1>", label=""),
    front("page-labelled-bytes", "<!DOCTYPE html><p>x", label="application/octet-stream"),
    front("page-in-gbk", lambda _: "<html><title>登录</title>".encode("gbk"), label="text/html"),
    front("page-in-utf-16", lambda _: "<html><p>登录</p>".encode("utf-16"), label="text/html"),
    front("page-with-state", '<html><script>var s={"code":0,"user":null}</script></html>'),
    front(
        "page-with-the-envelope-in-its-state",
        '<!DOCTYPE html><body><p><script>s={"code":"401","msg":"x","data":{}}</script>',
    ),
    front(
        "page-that-quotes-the-sample",
        "<html><h1>文档</h1><pre>{good}</pre><p>见上</p></html>",
    ),
    front("page-with-json-in-a-comment", "<html><!-- {good} --><p>x</p></html>"),
    front("page-with-json-in-an-attribute", """<html><p data-x='{"code":"1"}'>x</p></html>"""),
    # texts
    front("limiter", "Blocked by flow limiting", label=TEXT),
    front("limiter-in-chinese", "当前访问人数过多", label="text/html;charset=GBK"),
    front("limiter-without-a-label", "blocked", label=""),
    front("text-with-brackets", "[error] code: 502 upstream", label=TEXT),
    front("soap-fault", "<soap:Envelope><soap:Fault/></soap:Envelope>", label="text/xml"),
    front("script", "top.location.href='http://10.0.0.1/portal'", label="text/javascript"),
    front(
        "old-script", "top.location.href='/portal'", label="application/x-javascript;charset=GBK"
    ),
    front("csv", "a,b\n1,2\n", label="text/csv"),
    front("number-of-an-error-in-text", "error {1}", label=TEXT),
    # the service, with broken JSON
    broken("empty", ""),
    broken("empty-labelled-html", "", label=HTML),
    broken("blank", " \n"),
    broken("notice-first", NOTICE + "{good}", label=HTML),
    broken("notice-first-labelled-json", NOTICE + "{good}"),
    broken("notice-around", NOTICE + "{good}" + NOTICE, label=HTML),
    broken("comment-behind", "{good}\n<!-- node 3 -->", label=HTML),
    broken("script-behind", "{good}<script src='//isp.example/ad.js'></script>", label=HTML),
    broken("page-around", "<html><body>{good}</body></html>", label=HTML),
    broken("only-quoted", "<html><head></head><body><pre>{good}</pre></body></html>", label=HTML),
    broken("script-that-hands-it-over", "<script>parent.done({good})</script>", label=HTML),
    broken("escaped-for-html", lambda good: good.replace('"', "&quot;").encode(), label=HTML),
    broken("jsonp", "cb({good});", label="text/javascript"),
    broken("jsonp-by-an-old-name", "cb({good});", label="application/javascript"),
    broken("jsonp-labelled-json", "cb({good});"),
    broken("prefix-of-angular", ")]}',\n{good}"),
    broken("prefix-in-text", "while(1);{good}", label=TEXT),
    broken("chunk-sizes-inside", "af3\r\n{good}\r\n0\r\n\r\n", label=TEXT),
    broken("lines-of-json", "{good}\n{good}\n"),
    broken("cut-off", lambda good: good[: len(good) // 2].encode()),
    broken("cut-off-labelled-html", lambda good: good[: len(good) // 2].encode(), label=HTML),
    broken("in-gbk", lambda good: good.encode("gbk")),
    broken("in-gbk-labelled-text", lambda good: good.encode("gbk"), label=TEXT),
    broken("in-utf-16", lambda good: good.encode("utf-16"), label=TEXT),
    broken("printed-by-python", lambda good: good.replace('"', "'").encode(), label=HTML),
    broken("own-xml", "<r><code>000</code><msg>成功</msg></r>", label="text/xml"),
    broken("xml-labelled-application", "<?xml version='1.0'?><r><x/></r>", label="application/xml"),
    broken("nan", '{"request_id":"1","code":"000","msg":"成功","data":NaN}'),
    broken("event-stream", "data: {good}\n\n", label="text/event-stream"),
    broken("words-labelled-json", "internal error"),
    # JSON that is not the operation's
    foreign("framework-error", '{"timestamp":1,"status":500,"error":"x","path":"/x"}'),
    foreign("problem", '{"title":"x","status":500}', label="application/problem+json"),
    foreign("error-with-an-id", '{"request_id":"1","message":"timeout"}'),
    foreign("empty-object", "{}"),
    foreign("empty-list", "[]"),
    foreign("list", "[1, 2]"),
    foreign("null", "null"),
    foreign("true", "true"),
    foreign("number", "0"),
    foreign("text", '"success"'),
    foreign("health", '{"status":"UP","groups":["liveness"]}'),
    foreign("envelope-without-code-and-rows", '{"msg":"x","data":{}}'),
    foreign("json-labelled-text", '{"error":"x"}', label=TEXT),
    # business errors
    failing("failed", '{"request_id":"x","code":"500","msg":"系统异常","data":null}'),
    failing("failed-with-empty-texts", '{"code":"1","data":{"img":"","img_code_id":" "}}'),
    failing("failed-with-nulls", '{"code":"1","data":{"img":null,"img_code_id":null}}'),
    failing("failed-with-an-empty-list", '{"code":"1","msg":"x","data":[]}'),
    failing("failed-without-data", '{"code":"1","msg":"x"}'),
    failing("failed-by-a-number", '{"code":-1,"msg":"x","data":null}'),
    failing("failed-by-a-fraction", '{"code":500.0,"msg":"x","data":null}'),
    failing("failed-by-an-exponent", '{"code":5e2,"data":null}'),
    failing("failed-by-a-flag", '{"code":false,"msg":"x"}'),
    failing("failed-by-an-empty-code", '{"code":"","msg":"x"}'),
    failing("failed-within-a-wrapper", '{"result":{"code":"500","msg":"x","data":null}}'),
    failing("error-object-with-a-code", '{"error":{"code":500,"message":"x"}}'),
    failing("foreign-code-and-message", '{"code":"InternalError","message":"x"}'),
    failing("failed-and-encoded-twice", r'"{\"code\":\"500\",\"msg\":\"x\",\"data\":null}"'),
    # judged, and wrong
    Came(name="success-without-data", body='{"code":"000","msg":"成功"}', breaks="required"),
    Came(name="success-in-a-number", body='{"code":0,"data":null}', breaks="type"),
    Came(name="success-with-blank", body='{"code":"000 ","data":null}', breaks="required"),
    Came(name="code-is-null", body='{"code":null,"msg":"x","data":null}', breaks="required"),
    Came(name="code-is-a-list", body='{"code":[],"data":null}', breaks="type"),
    Came(name="rows-in-another-place", body='{"img":"x","img_code_id":"y"}', breaks="required"),
    Came(
        name="rows-beside-another-code",
        body='{"code":200,"msg":"x","img":"iVBO","uuid":"","captchaEnabled":true}',
        breaks="required",
    ),
    Came(name="wrapped", body='{"result":{good}}', breaks="required"),
    Came(name="in-a-list", body="[{good}]", breaks="type"),
    Came(
        name="encoded-twice",
        body=lambda good: ('"' + good.replace("\\", "\\\\").replace('"', '\\"') + '"').encode(),
        breaks="type",
    ),
    # refusals
    *(
        refused(f"refused-{status}", status, '{"error":"x"}')
        for status in (400, 406, 411, 413, 414, 415, 422)
    ),
    refused("refused-in-a-list", 400, '["body missing"]'),
    refused("refused-under-a-page's-label", 400, '{"error":"x"}', label=HTML),
    *(refused(f"own-{status}", status, OWN_404) for status in (404, 405, 410)),
    refused("own-404-wrapped", 404, f'{{"result":{OWN_404}}}'),
    refused("own-404-of-two-members", 404, '{"code":404,"msg":"x"}'),
    refused("own-404-of-the-code-alone", 404, '{"code":"404"}'),
    *(front(f"page-{status}", "<p>no", status) for status in (400, 404, 405, 411, 413, 415, 422)),
    *(front(f"empty-{status}", "", status, "") for status in (400, 404, 405, 410, 415)),
    *(front(f"text-{status}", "no", status, TEXT) for status in (400, 404, 405, 422)),
    front("route-404", '{"message":"no Route matched","request_id":"1"}', 404, JSON),
    front("apisix-404", '{"error_msg":"404 Route Not Found"}', 404, JSON),
    front("spring-404", '{"timestamp":1,"status":404,"error":"x","path":"/"}', 404, JSON),
    front("code-and-message-404", '{"code":404,"message":"no api"}', 404, JSON),
    front("code-among-strangers-404", '{"code":1,"msg":"x","a":1,"b":2}', 404, JSON),
    front("detail-405", '{"detail":"Method Not Allowed"}', 405, JSON),
    front("cut-off-404", '{"code":"404","msg":', 404, JSON),
    *(elsewhere(f"own-{each}", each, "other-cause", "service", OWN_404) for each in (421, 499)),
    *(front(f"other-{status}", "{}", status, JSON) for status in (409, 412, 416, 417, 418, 421)),
    # other statuses
    *(elsewhere(f"seen-{code}", code, "redirected", "front") for code in (301, 302, 304, 307, 399)),
    *(elsewhere(f"seen-{code}", code, "access-refused", "front") for code in (401, 403, 407)),
    elsewhere("own-401", 401, "access-refused", "service", OWN_404),
    elsewhere("seen-408", 408, "timed-out", "front"),
    elsewhere("seen-429", 429, "rate-limited", "front"),
    *(
        elsewhere(f"seen-{code}", code, "other-cause", "front")
        for code in (402, 423, 424, 425, 426, 428, 431, 451)
    ),
    *(elsewhere(f"seen-{code}", code, "server-error", "service") for code in (500, 501, 505, 599)),
    *(elsewhere(f"seen-{code}", code, "server-error", "front") for code in (502, 503, 504)),
    elsewhere("own-503", 503, "server-error", "service", OWN_404),
    *(
        elsewhere(f"seen-{code}", code, "not-the-service", "front")
        for code in (101, 199, 600, 700, 999)
    ),
)
"""Every answer, by its kind."""
