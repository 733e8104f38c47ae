"""TLS of servers on loopback, by certificates of an authority that nobody trusts."""

from __future__ import annotations

import ssl

import trustme


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """Give what a server needs to speak TLS by a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
