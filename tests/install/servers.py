"""Local package indexes, proxies and disks that fail in one way each."""

from __future__ import annotations

import contextlib
import http.server
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

NAME = "smallpackage-1.0-py3-none-any.whl"
PAGE = f'<html><body><a href="/files/{NAME}">{NAME}</a></body></html>'.encode()
LOGIN = b"<html><body>Please log in to this network.</body></html>"


class Server(http.server.ThreadingHTTPServer):
    """An index or a proxy. status: of each answer; page, file: the content of the index's page and of the wheel."""

    daemon_threads = True

    def __init__(
        self, status: int = 200, page: bytes = LOGIN, file: bytes = LOGIN, certificate: Path | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.page, self.file = status, page, file
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
            self.socket, scheme = context.wrap_socket(self.socket, server_side=True), "https"
        self.url = f"{scheme}://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        pass  # clients that refuse the certificate


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        body = b"" if self.server.status != 200 else self.server.file if ".whl" in self.path else self.server.page
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_CONNECT = do_GET

    def log_message(self, *_: object) -> None:
        pass


def self_signed(folder: Path) -> Path:
    """Makes a certificate that no computer trusts, like that of a proxy, with its key beside it."""
    made = folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(made.with_suffix(".key")), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made


def closed_port() -> str:
    """An address where nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{found.getsockname()[1]}"


@contextlib.contextmanager
def disk(folder: Path, size: str = "200m") -> Iterator[Path]:
    """A separate small disk. Needs Linux and root."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
