"""Faults of pages and texts in place of the answer: portals, logins, firewalls, maintenance.

Each is one row of `PAGES`, in the shape that such systems have and in our own words. To add one: a
row. The reason that it names is the one for which its answer must not be judged.
"""

from __future__ import annotations

from functools import partial

from mock_server.faults.fault import Fault, foreign

_foreign = partial(foreign, __name__)

_WITH_BOM = "\ufeff"

PAGES: tuple[Fault, ...] = (
    # portals of networks
    _foreign(
        "portal-script",
        "A network's portal answers with nothing but a script that leads to its login.",
        "网络准入门户只返回一段跳转到登录页的脚本。",
        "a captive portal of an office network",
        body="<script>self.location.href='http://10.9.8.7/eportal/index.jsp?wlanuserip=1'</script>",
    ),
    _foreign(
        "portal-refresh",
        "A network's portal answers with a page that reloads itself as the login.",
        "Wi-Fi 门户返回自动刷新到登录页的页面。",
        "a Wi-Fi portal",
        body='<META HTTP-EQUIV="refresh" CONTENT="0; url=http://wifi.example/login?to={path}">',
    ),
    _foreign(
        "portal-wispr",
        "A portal's page carries its own XML in a comment before anything else.",
        "门户页面在开头的注释里带有 WISPr 认证 XML。",
        "a hotspot that speaks WISPr",
        body="<!--\n<?xml version='1.0'?>\n<WISPAccessGatewayParam></WISPAccessGatewayParam>"
        "\n-->\n<HTML><HEAD><TITLE>Hotspot</TITLE></HEAD></HTML>",
    ),
    _foreign(
        "portal-with-state",
        "A portal's page carries JSON for its scripts, which has a member like the business code.",
        "门户页面的脚本里嵌有 JSON 状态，其中也有 code 字段。",
        "a single-page portal that is rendered on its server",
        body='<!doctype html><html><head><title>上网认证</title></head><body><div id="app"></div>'
        '<script>window.__STATE__={"code":"401","msg":"未认证","data":null}</script></body></html>',
    ),
    _foreign(
        "portal-under-another-label",
        "A portal's page calls itself JSON.",
        "门户页面的 Content-Type 写成 JSON。",
        "a proxy that keeps the media type of the request",
        media_type="application/json",
        body="<!DOCTYPE html>\n<html><head><title>网络认证</title></head>"
        "<body>请先登录</body></html>",
    ),
    # logins
    _foreign(
        "sso-form",
        "Single sign-on answers with a form that sends itself.",
        "单点登录返回自动提交的表单。",
        "SAML in front of the service",
        body='<body onload="document.forms[0].submit()"><form method="post" '
        'action="https://sso.example/saml"><input name="SAMLRequest" value="x"></form>',
    ),
    _foreign(
        "sso-xhtml",
        "Single sign-on answers with a page of XHTML behind an XML declaration.",
        "单点登录返回以 XML 声明开头的 XHTML 页面。",
        "an old CAS server",
        media_type="application/xhtml+xml",
        body='<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 '
        'Strict//EN" "xhtml1-strict.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"><head>'
        "<title>统一身份认证</title></head></html>",
    ),
    _foreign(
        "sso-in-gbk",
        "A login page in GBK answers.",
        "登录页使用 GBK 编码。",
        "an old office system",
        media_type="text/html; charset=gb2312",
        body="<html><head><title>办公系统登录</title></head><body>用户名</body></html>",
        encoding="gbk",
    ),
    _foreign(
        "login-behind-bom",
        "A login page answers behind a byte order mark and blank lines.",
        "登录页前有字节顺序标记和空行。",
        "a JSP that an editor saved",
        body=f"{_WITH_BOM}\r\n\r\n<!-- login.jsp -->\r\n<html>\r\n<title>登录</title></html>",
    ),
    _foreign(
        "login-through-oauth",
        "The call is redirected to the login of OAuth 2.",
        "调用被重定向到 OAuth 2 登录。",
        "a gateway with OpenID Connect",
        status=302,
        body="",
        headers=(("location", "/oauth2/authorize?response_type=code&client_id=web"),),
        reason="redirected",
    ),
    # firewalls
    _foreign(
        "waf-minified",
        "A firewall answers with a minified page at 200.",
        "防火墙以 200 返回压缩过的拦截页。",
        "a cloud firewall",
        body="<!doctypehtml><html lang=zh-cn><meta charset=utf-8><title>405</title><p id=b>已拦截",
        headers=(("server", "Tengine"), ("set-cookie", "acw_tc=0a1b; path=/")),
    ),
    _foreign(
        "waf-challenge",
        "A firewall answers with a script that the browser must run first.",
        "防火墙返回需要浏览器执行的校验脚本。",
        "a firewall that looks for robots",
        body="<html><script>var arg1='5E3A';function go(x){document.cookie='acw_sc__v2='+x}"
        "</script></html>",
    ),
    _foreign(
        "waf-with-number",
        "A firewall rejects the request at 200, and gives a number for the support.",
        "防火墙以 200 拒绝请求，并给出事件编号。",
        "an application firewall on a load balancer",
        body="<html><title>Request Rejected</title><body>The requested URL was rejected."
        " Your support ID is: 1234567890</body></html>",
    ),
    _foreign(
        "waf-object",
        "A firewall answers 200 with an object of its own.",
        "防火墙以 200 返回自己的 JSON。",
        "a firewall that is told to answer in JSON",
        media_type="application/json",
        body='{"action":"block","event_id":"8f1c","reason":"sql injection"}',
        reason="not-the-operation",
    ),
    _foreign(
        "waf-forbidden",
        "A firewall answers 403 with an object that has a member like the business code.",
        "防火墙以 403 返回带 code 字段的 JSON。",
        "a firewall that is told to answer in JSON",
        status=403,
        media_type="application/json",
        body='{"code":"403","msg":"请求被拦截"}',
        reason="access-refused",
    ),
    _foreign(
        "access-denied-behind-comment",
        "A proxy's page begins with a comment.",
        "代理的页面以注释开头。",
        "a company's web proxy",
        body="<!-- filtered -->\n<!-- node 4 -->\n<html><body>Access Denied</body></html>",
    ),
    # maintenance, and web servers
    _foreign(
        "maintenance-page",
        "A maintenance page answers at 200.",
        "系统维护页以 200 返回。",
        "a release at night",
        body='<div style="text-align:center"><h2>系统升级维护中</h2><p>预计 06:00 恢复</p></div>',
    ),
    _foreign(
        "maintenance-object",
        "The environment says in JSON that it is under maintenance.",
        "环境以 JSON 说明正在维护。",
        "a gateway that serves a fixed answer",
        media_type="application/json",
        body='{"maintenance":true,"until":"06:00"}',
        reason="not-the-operation",
    ),
    _foreign(
        "single-page-application",
        "A web server answers every path with the page of the front end.",
        "Web 服务器对任何路径都返回前端页面。",
        "nginx with try_files and no rule for the service",
        body='<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>ETC</title></head>'
        '<body><noscript>enable scripts</noscript><div id="app"></div></body></html>',
        headers=(("server", "nginx"),),
    ),
    _foreign(
        "documentation-page",
        "A page of documentation answers, which quotes the documented answer.",
        "返回接口文档页面，其中引用了应答样例。",
        "a documentation tool at the same address",
        body="<html><head><title>接口文档</title></head><body><h1>应答样例</h1><pre><code>"
        '{"request_id": "1", "code": "000", "msg": "成功", "data": {}}</code></pre></body></html>',
    ),
    _foreign(
        "directory-listing",
        "A web server lists a folder.",
        "Web 服务器返回目录列表。",
        "a web server before the service is deployed",
        body="<html><head><title>Index of /</title></head><body><h1>Index of /</h1></body></html>",
    ),
    _foreign(
        "not-found-by-nginx",
        "nginx answers 404 with its page.",
        "nginx 返回 404 页面。",
        "nginx without a location for the path",
        status=404,
        body="<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not "
        "Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
        headers=(("server", "nginx/1.24.0"),),
    ),
    _foreign(
        "method-not-allowed-by-openresty",
        "OpenResty answers 405 with its page.",
        "OpenResty 返回 405 页面。",
        "a rule for static files that matches the path",
        status=405,
        body="<html><head><title>405 Not Allowed</title></head><body><center>openresty</center>"
        "</body></html>",
        headers=(("server", "openresty"),),
    ),
    _foreign(
        "not-found-by-tomcat",
        "A servlet container without the application answers 404 with its page.",
        "未部署应用的 Servlet 容器返回 404 页面。",
        "Tomcat before the application is deployed",
        status=404,
        body="<!doctype html><html><head><title>HTTP状态 404 - 未找到</title></head><body>"
        "<h1>HTTP状态 404</h1><h3>Apache Tomcat</h3></body></html>",
    ),
    _foreign(
        "client-certificate-wanted",
        "A web server answers 400 with a page, because it wants a client certificate.",
        "Web 服务器要求客户端证书，以 400 页面拒绝。",
        "nginx with ssl_verify_client",
        status=400,
        body="<html><head><title>400 No required SSL certificate was sent</title></head></html>",
        headers=(("server", "nginx"),),
    ),
    _foreign(
        "plain-request-to-https",
        "A web server answers 400 with a page, because its port speaks TLS.",
        "以 HTTP 访问了 HTTPS 端口，Web 服务器返回 400 页面。",
        "a base URL with http for a port of https",
        status=400,
        body="<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
        headers=(("server", "nginx"),),
    ),
)
"""Pages and texts that something in front of the service answers with."""
