"""What products are known by: gateways, firewalls, portals, limiters, frameworks.

A recognised product improves the evidence of an answer that was not judged. It decides nothing: the
rules of `who_answered.py` come to the same verdict without it. To add one: a line in `PRODUCTS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract.judging.exchange import Response

_START = 4096
"""How many bytes of a body are looked at."""


@dataclass(frozen=True, slots=True)
class Product:
    """One product: its name, and what of its answers gives it away.

    Attributes:
        name: as its users call it.
        header: matches a header, written `name: value` with the name in lower case.
        body: matches the beginning of a body.
    """

    name: str
    header: str = ""
    body: str = ""


PRODUCTS = (
    # gateways and load balancers
    Product("OpenResty", r"server: openresty", r"<center>openresty"),
    Product("Tengine", r"server: tengine", r"<center>tengine|Powered by Tengine"),
    Product("nginx", r"server: nginx", r"<center>nginx"),
    Product("Apache httpd", r"server: apache(?!-coyote)", r"<address>Apache/"),
    Product("IIS", r"server: microsoft-(?:iis|httpapi)"),
    Product("HAProxy", r"",
            r"No server is available to handle this request|<h1>\d{3} [\w -]+</h1>\n"),
    Product("Envoy", r"server: (?:istio-)?envoy|x-envoy-[\w-]+:",
            r"upstream connect error|no healthy upstream|upstream request timeout"
            r"|RBAC: access denied"),
    Product("Traefik", r"", r"404 page not found|Bad Gateway\Z|no available server"),
    Product("Kong", r"server: kong|via: .*kong|x-kong-[\w-]+:",
            r"no Route matched|failure to get a peer from the ring-balancer"
            r"|An invalid response was received from the upstream|API rate limit exceeded"),
    Product("APISIX", r"server: apisix", r"\"error_msg\":\s*\"(?:404 Route|failed to)"),
    Product("Spring Cloud Gateway", r"", r"\A(?=.*\"timestamp\")(?=.*\"path\")(?=.*\"requestId\")"),
    Product("Spring Boot", r"x-application-context:",
            r"\A(?=.*\"timestamp\")(?=.*\"status\")(?=.*\"error\")|Whitelabel Error Page"),
    Product("Zuul", r"x-zuul-", r"ZuulException|Forwarding error"),
    Product("Tencent Cloud API gateway", r"x-(?:api-requestid|apigw-[\w-]+|tc-[\w-]+):",
            r"\"Response\":\s*\{\s*\"Error\""),
    Product("Aliyun API gateway", r"x-ca-[\w-]+:", r"Throttled by|InvalidApi|\"HostId\""),
    Product("Huawei Cloud APIG", r"x-apig-[\w-]+:", r"\"error_code\":\s*\"APIG?\."),
    Product("Amazon API Gateway", r"x-amzn-errortype:|x-amz-apigw-id:",
            r"Missing Authentication Token"),
    Product("Squid", r"server: squid|x-squid-error:", r"<!-- ERR_|\(squid"),
    Product("Varnish", r"via: .*varnish|x-varnish:", r"Guru Meditation|Varnish cache server"),
    Product("Cloudflare", r"server: cloudflare|cf-ray:", r"cf-error-details|Attention Required!"),
    # flow limiters
    Product("Sentinel", r"", r"Blocked by Sentinel|FlowException|DegradeException"),
    Product("Hystrix", r"", r"short-circuited and fallback|HystrixRuntimeException"),
    Product("Dubbo", r"", r"org\.apache\.dubbo|No provider available"),
    # firewalls
    Product("Aliyun WAF", r"set-cookie: (?:acw_tc|aliyungf_tc)=|server: (?:aliyun|yundun)",
            r"errors\.aliyun\.com|block_message|acw_sc__v2"),
    Product("Tencent Cloud WAF", r"server: (?:stgw|nws|tencent)",
            r"waf\.tencent|T-Sec"),
    Product("Safe3, SafeLine or another WAF", r"server: (?:safeline|safe3|wts|yunjiasu|jiasule)",
            r"Web应用防火墙|SafeLine|雷池|网站防火墙|云防护"),
    Product("F5 BIG-IP ASM", r"server: big-?ip", r"The requested URL was rejected|support ID"),
    Product("ModSecurity", r"server: .*mod_security", r"ModSecurity|not acceptable!"),
    Product("Akamai", r"server: akamaighost", r"Reference #\d+\.[0-9a-f]+"),
    # logins and portals
    Product("a captive portal", r"location: .*(?:portal|wifi|hotspot|eportal|webauth)",
            r"WISPAccessGatewayParam|/(?:e?portal|webauth|ac_portal)/|(?:Wi-?Fi|上网|网络)认证"),
    Product("CAS", r"location: .*/cas/login", r"/cas/login|Central Authentication Service"),
    Product("Keycloak", r"location: .*/realms/", r"/realms/[\w-]+/protocol"),
    Product("OAuth 2",
            r"location: .*(?:response_type=|/oauth2?/authorize)|www-authenticate: bearer",
            r"\"error\":\s*\"(?:invalid_token|unauthorized|invalid_client)\""),
    Product("SAML", r"location: .*saml", r"name=\"SAMLRequest\""),
    Product("single sign-on", r"location: .*(?:sso|/login)",
            r"统一身份认证|单点登录|//sso\.|/sso/"),
    # frameworks
    Product("RFC 9457 problem details", r"content-type: application/problem\+json"),
    Product("Tomcat", r"server: apache-coyote", r"Apache Tomcat|HTTP Status \d{3}"),
    Product("Jetty", r"server: jetty", r"Powered by Jetty"),
    Product("WebLogic", r"", r"Error \d{3}--|From RFC 2068"),
    Product("Express", r"x-powered-by: express", r"<pre>Cannot (?:GET|POST) "),
    Product("Fastify or NestJS", r"", r"\A(?=.*\"statusCode\")(?=.*\"(?:message|error)\")"),
    Product("FastAPI", r"server: uvicorn", r"\A\{\"detail\":"),
    Product("Django", r"server: wsgiserver", r"Page not found \(404\)|CSRF verification failed"),
    Product("Flask", r"server: werkzeug", r"was not found on the server\. If you entered the URL"),
    Product("ASP.NET", r"x-aspnet(?:mvc)?-version:|x-powered-by: asp\.net",
            r"No HTTP resource was found|Server Error in '/"),
    Product("PHP", r"x-powered-by: php", r"<b>(?:Warning|Notice|Fatal error)</b>:"),
    Product("GraphQL", r"", r"\A\s*\{\"(?:errors|data)\":(?=.*\"errors?\")"),
)  # fmt: skip
"""Every known product; the first that matches a header, or a body, is named."""


def recognised(response: Response, text: str) -> str | None:
    """Name the product that an answer is of, by its body first: a header may be of one in front."""
    start = text[:_START]
    lines = [f"{name.lower()}: {value}" for name, value in response.headers]
    return next(_by_body(start), None) or next(_by_headers(lines), None)


def _by_body(start: str) -> Iterator[str]:
    known = (each for each in PRODUCTS if each.body)
    return (each.name for each in known if re.search(each.body, start, re.DOTALL))


def _by_headers(lines: Sequence[str]) -> Iterator[str]:
    for each in PRODUCTS:
        if each.header and any(re.match(each.header, line, re.IGNORECASE) for line in lines):
            yield each.name
