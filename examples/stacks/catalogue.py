"""The stacks: what each needs, and how it is started.

To add a stack: a server in `servers/` that listens on `PORT` and breaks its answer as `FAULT` asks
for (see `standard_library.py`), and an entry in `STACKS`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SERVERS = Path(__file__).parent / "servers"
"""Where the servers lie."""

FAULTS: Mapping[str, str] = {
    "row-missing": "required",
    "number-an-integer": "type",
    "picture-cut-off": "image",
}
"""What a server breaks, named as the mock server names it, and the one claim that must tell it."""

_ROOT = "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a stack runs.

    Attributes:
        folder: a temporary one, with all that was installed.
        port: what the contract run calls.
        inner: another free port, for what stands behind something.
        fault: what the server breaks; empty for nothing.
    """

    folder: Path
    port: int
    inner: int
    fault: str

    def python(self, program: str) -> str:
        """Give the path of a program that was installed from PyPI."""
        return str(self.folder / "venv" / "bin" / program)

    def written(self, name: str, text: str) -> str:
        """Write a configuration; give its path."""
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return str(file)


Commands = Sequence[Sequence[str]]
"""The commands that run at the same time for one stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One stack.

    Attributes:
        name: how the command line names it.
        server: what answers, in words.
        pictures: what makes the pictures, and their type.
        commands: start it.
        programs: what must be on the machine, and Debian's packages that have it.
        files: likewise, files that must be there.
        pip: what is installed from PyPI.
        npm: what is installed from npm.
    """

    name: str
    server: str
    pictures: str
    commands: Callable[[Place], Commands]
    programs: Mapping[str, str] | None = None
    files: Mapping[str, str] | None = None
    pip: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()


def _server(name: str) -> str:
    return str(SERVERS / name)


def _haproxy(place: Place) -> Commands:
    configuration = f"""
global
    maxconn 100
defaults
    mode http
    timeout client 10s
    timeout server 10s
    timeout connect 2s
    option forwardfor
    compression algo gzip
    compression type application/json
frontend front
    bind 127.0.0.1:{place.port}
    default_backend back
backend back
    server one 127.0.0.1:{place.inner}
"""
    uvicorn = (place.python("uvicorn"), "--app-dir", str(SERVERS), "starlette_app:app")
    return (
        (*uvicorn, "--host", "127.0.0.1", "--port", str(place.inner), "--log-level", "error"),
        ("haproxy", "-db", "-f", place.written("haproxy.cfg", configuration)),
    )


def _php(place: Place) -> Commands:
    folder = place.folder
    pool = f"""
[global]
error_log = {folder}/php.log
daemonize = no
[www]
{f"user = {_ROOT}" if _ROOT else ""}
{f"group = {_ROOT}" if _ROOT else ""}
listen = 127.0.0.1:{place.inner}
pm = static
pm.max_children = 2
"""
    site = f"""
{f"user {_ROOT};" if _ROOT else ""}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
    access_log off;
    gzip on;
    gzip_types application/json;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    server {{
        listen 127.0.0.1:{place.port};
        location = /oauth/api/account/getImgCode {{
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME {SERVERS}/captcha.php;
            fastcgi_param FAULT "{place.fault}";
            fastcgi_pass 127.0.0.1:{place.inner};
        }}
    }}
}}
"""
    fpm = ("php-fpm8.2", "--nodaemonize", *(["--allow-to-run-as-root"] if _ROOT else []))
    return (
        (*fpm, "--fpm-config", place.written("php-fpm.conf", pool)),
        ("nginx", "-e", f"{folder}/nginx.log", "-c", place.written("nginx.conf", site)),
    )


_JHLABS = "/usr/share/java/jhlabs-filters.jar"

STACKS: Mapping[str, Stack] = {
    each.name: each
    for each in (
        Stack(
            name="standard-library",
            server="Python's http.server",
            pictures="Pillow, JPEG",
            commands=lambda _: ((sys.executable, _server("standard_library.py")),),
        ),
        Stack(
            name="express",
            server="Express on Node.js",
            pictures="svg-captcha and sharp, JPEG",
            commands=lambda _: (("node", _server("express.js")),),
            programs={"node": "nodejs", "npm": "npm"},
            npm=("express", "svg-captcha", "sharp"),
        ),
        Stack(
            name="fastify",
            server="Fastify on Node.js",
            pictures="trek-captcha, GIF",
            commands=lambda _: (("node", _server("fastify.js")),),
            programs={"node": "nodejs", "npm": "npm"},
            npm=("fastify", "trek-captcha"),
        ),
        Stack(
            name="flask",
            server="Flask on Werkzeug",
            pictures="captcha, PNG",
            commands=lambda place: ((place.python("python"), _server("flask_app.py")),),
            pip=("flask", "captcha"),
        ),
        Stack(
            name="django",
            server="Django under gunicorn, gzip",
            pictures="multicolorcaptcha, JPEG",
            commands=lambda place: (
                (
                    *(place.python("gunicorn"), "--chdir", str(SERVERS)),
                    *("--bind", f"127.0.0.1:{place.port}", "--log-level", "error"),
                    "django_app",
                ),
            ),
            pip=("django", "gunicorn", "multicolorcaptcha"),
        ),
        Stack(
            name="quart",
            server="Quart under hypercorn",
            pictures="captcha, WebP",
            commands=lambda place: (
                (
                    *(place.python("hypercorn"), "--bind", f"127.0.0.1:{place.port}"),
                    *("--log-level", "error", f"{SERVERS / 'quart_app.py'}:app"),
                ),
            ),
            pip=("quart", "hypercorn", "captcha"),
        ),
        Stack(
            name="haproxy",
            server="HAProxy, gzip, before Starlette on uvicorn",
            pictures="captcha, JPEG",
            commands=_haproxy,
            programs={"haproxy": "haproxy"},
            pip=("starlette", "uvicorn", "captcha"),
        ),
        Stack(
            name="jdk",
            server="com.sun.net.httpserver, chunked",
            pictures="Java2D and JHLabs filters as in kaptcha, JPEG",
            commands=lambda _: (
                ("java", "-Djava.awt.headless=true", "-cp", _JHLABS, _server("Captcha.java")),
            ),
            programs={"java": "default-jdk-headless"},
            files={_JHLABS: "libjhlabs-filters-java"},
        ),
        Stack(
            name="php",
            server="PHP-FPM behind nginx, gzip",
            pictures="gregwar/captcha, JPEG",
            commands=_php,
            programs={"php-fpm8.2": "php-fpm php-gd", "nginx": "nginx-light"},
            files={"/usr/share/php/Gregwar/Captcha/autoload.php": "php-gregwar-captcha"},
        ),
        Stack(
            name="go",
            server="Go's net/http",
            pictures="image/png, PNG",
            commands=lambda _: (("go", "run", _server("captcha.go")),),
            programs={"go": "golang-go"},
        ),
        Stack(
            name="perl",
            server="Perl, HTTP/1.0, without a Content-Length",
            pictures="GD::SecurityImage, PNG",
            commands=lambda _: (("perl", _server("captcha.pl")),),
            programs={"perl": "perl"},
            files={"/usr/share/perl5/GD/SecurityImage.pm": "libgd-securityimage-perl"},
        ),
    )
}
"""All stacks, by their names."""
