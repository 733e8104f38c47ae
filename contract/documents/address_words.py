"""The words that documents have for the method and the path of an interface."""

from __future__ import annotations

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
"""The methods that a document may name."""

METHOD_KEYS = frozenset(
    {
        *("请求类型", "请求方式", "请求方法", "http方法", "method", "http请求方式", "http请求方法"),
        *("访问类型", "访问方式", "访问方法", "调用方式", "调用方法", "提交方式", "请求method"),
        *("http方式", "接口方法", "接口请求方式", "httpmethod", "requestmethod", "方法"),
    }
)
"""The words for 请求类型."""
ADDRESS_KEYS = frozenset(
    {
        *("请求地址", "接口地址", "请求路径", "接口路径", "请求url", "url", "path", "接口url"),
        *("访问地址", "访问路径", "调用地址", "访问url", "接口uri", "请求uri", "uri", "请求path"),
        *("接口请求地址", "requesturl", "requestpath", "endpoint", "api地址", "url地址", "路径"),
        *("http地址", "apiurl", "apipath", "请求链接", "接口链接"),
    }
)
"""The words for 请求地址."""
