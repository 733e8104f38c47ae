"""Environment variables and options → whom a call trusts, and who it says it is.

`REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE` name a file or a folder of certificates, else
`SSL_CERT_FILE` and `SSL_CERT_DIR` do, as they do for OpenSSL; else this machine's own are trusted.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path

from contract.credentials import Secret
from contract.reaching.environments import Misuse

PASSPHRASE_VARIABLE = "CONTRACT_TESTS_KEY_PASSPHRASE"  # noqa: S105 - its name
"""The environment variable for the passphrase of the key of `--cert`."""

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PARTS = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_KEY_LOG = "SSLKEYLOGFILE"
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
_EMPTY = "there is no certificate in it"
_LONGEST_PASSPHRASE = 1023
"""Bytes that OpenSSL takes."""


def trust(
    *, verify: bool = True, certificate: Path | None = None, key: Path | None = None
) -> ssl.SSLContext:
    """Make the context of a TLS connection.

    Args:
        verify: whether a server must prove by its certificate who it is.
        certificate: the file of a client certificate.
        key: the file of its key, where the certificate's file does not hold it.

    Raises:
        Misuse: a file that is named cannot be used; the message says which, and what to do.
    """
    context = _without_key_log()
    if verify:
        _load_authorities(context)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    _log_keys(context)
    if certificate is not None:
        _identify(context, certificate, key)
    return context


def _without_key_log() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # an authority in between will do
    if not any(os.environ.get(name) for name in (*_BUNDLES, *_PARTS)):
        context.load_default_certs()
    return context


def _authorities() -> Iterator[tuple[str, Path]]:
    """Give every file and folder that is to be trusted, with the variable that names it."""
    for name in _BUNDLES:
        if os.environ.get(name):
            yield name, Path(os.environ[name])
            return
    for name in _PARTS:
        listed = os.environ.get(name, "")
        parts = listed.split(os.pathsep) if name == "SSL_CERT_DIR" else [listed]
        yield from ((name, Path(part)) for part in parts if part)


def _load_authorities(context: ssl.SSLContext) -> None:
    """Trust all that is named; one of several may be of no use, as it may for OpenSSL."""
    told = [(f"{name} {path}", _problem(context, path)) for name, path in _authorities()]
    if told and all(problem for _, problem in told):
        named, problem = told[0]
        raise Misuse(f"{named}: {problem}; name a file or folder of certificates, or unset it")


def _problem(context: ssl.SSLContext, path: Path) -> str:
    """Trust a file or a folder, or say why that cannot be."""
    try:
        if not path.is_dir():
            context.load_verify_locations(cafile=path)
        elif not _load_folder(context, path):
            return _EMPTY
    except ssl.SSLError:
        return _EMPTY
    except OSError as error:
        return error.strerror or str(error)
    except ValueError:
        return "it is no path"
    return ""


def _load_folder(context: ssl.SSLContext, folder: Path) -> bool:
    """Trust the certificates of a folder, whether `openssl rehash` has been run there or not."""
    names = [each.name for each in folder.iterdir()]
    hashed = any(_HASHED.fullmatch(name) for name in names)
    if hashed:
        context.load_verify_locations(capath=folder)
    plain = [name for name in names if name.endswith((".pem", ".crt", ".cer"))]
    return sum(_can_load(context, folder / name) for name in plain) > 0 or hashed


def _can_load(context: ssl.SSLContext, file: Path) -> bool:
    try:
        context.load_verify_locations(cafile=file)
    except OSError:  # ssl.SSLError is one
        return False
    return True


def _log_keys(context: ssl.SSLContext) -> None:
    """Write the session's keys where the usual variable says, as `ssl` and browsers do."""
    file = os.environ.get(_KEY_LOG)
    if file:
        try:
            context.keylog_filename = file
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "no path"
            raise Misuse(f"{_KEY_LOG} {file}: {why}; name a file, or unset it") from None


def _identify(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    """Load the client certificate; OpenSSL must not ask for a passphrase at the terminal."""
    asked: list[str] = []
    given = Secret(os.environ.get(PASSPHRASE_VARIABLE, "")[:_LONGEST_PASSPHRASE])

    def passphrase() -> str:
        asked.append(PASSPHRASE_VARIABLE)
        return given

    named = f"--cert {certificate}" + (f" --key {key}" if key else "")
    try:
        context.load_cert_chain(certificate, key, passphrase)
    except ssl.SSLError as error:
        if "MISMATCH" in str(error):
            raise Misuse(f"{named}: the key does not belong to the certificate") from None
        if asked:
            raise Misuse(f"{named}: {_LOCKED if given else _NEEDED}") from None
        raise Misuse(f"{named}: {_UNREADABLE}") from None
    except (OSError, ValueError) as error:
        missing = isinstance(error, OSError) and next(
            (each for each in (certificate, key) if each and not each.is_file()), None
        )
        why = f"there is no file {missing}" if missing else "it cannot be read"
        raise Misuse(f"{named}: {why}; name a file in PEM") from None


_LOCKED = f"{PASSPHRASE_VARIABLE} does not open the key"
_NEEDED = f"the key needs a passphrase: give it in {PASSPHRASE_VARIABLE}"
_UNREADABLE = "no certificate with its key can be read there; name files in PEM, the key by --key"
