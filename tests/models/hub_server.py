"""A local server with the parts of the Hub's API that a download needs, and with failures on demand.

Like the Hub, it serves large files from a second address, to which no token may be sent.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass
class Repository:
    """A repository.

    Args:
        files: content by path.
        tokens: tokens that have accepted the license; None: no license to accept.
        is_private: requests without one of the tokens get "not found".
        sizes: wrong sizes to report, by path.
        cut_after: bytes after which the connection is closed once, by path.
        garble: paths whose content is replaced by zeros.
        rate: bytes per second; 0: unlimited.
    """

    files: dict[str, bytes]
    commit: str = "a" * 40
    tokens: frozenset[str] | None = None
    is_private: bool = False
    sizes: dict[str, int] = field(default_factory=dict)
    cut_after: dict[str, int] = field(default_factory=dict)
    garble: set[str] = field(default_factory=set)
    rate: int = 0

    @classmethod
    def of(cls, folder: Path, **options: Any) -> Repository:
        """A repository with the files of a folder."""
        files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        return cls(files, **options)


@dataclass(frozen=True)
class Request:
    """A request from a client. address: "hub" or "storage"."""

    address: str
    path: str
    range: str
    token: str


class HubServer:
    """`repositories` by owner/name; `requests` in the order of arrival."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.requests: list[Request] = []
        self._servers = [_serve(self, "hub"), _serve(self, "storage")]
        self.endpoint, self.storage = (f"http://127.0.0.1:{s.server_address[1]}" for s in self._servers)

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def ranges(self, path: str) -> list[str]:
        """The ranges requested of a large file, in order."""
        return [r.range for r in self.requests if r.address == "storage" and unquote(r.path).endswith(path)]


@contextlib.contextmanager
def hub_server() -> Iterator[HubServer]:
    server = HubServer()
    try:
        yield server
    finally:
        server.close()


def _serve(hub: HubServer, address: str) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub, address))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _is_large(path: str) -> bool:
    return path.endswith((".safetensors", ".bin"))


def _handler(hub: HubServer, address: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            hub.requests.append(Request(address, path, self.headers.get("Range", ""), token))
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a client that was killed
                self._answer(path, token)

        def _answer(self, path: str, token: str) -> None:
            if address == "storage":
                _, owner, name, inside = path.split("/", 3)
                self._content(hub.repositories[f"{owner}/{name}"], inside)
                return
            listing = re.fullmatch(r"/api/models/([^/]+/[^/]+)/tree/([^/]+)", path)
            about = re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/([^/]+))?", path)
            file = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
            found = listing or about or file
            repository = hub.repositories.get(found[1]) if found else None
            if repository is not None and repository.is_private and token not in (repository.tokens or ()):
                repository = None
            if found is None or repository is None:
                # The Hub answers 401 for missing repositories if there is no token.
                self._refuse(404 if token else 401, "RepoNotFound", "Repository not found")
            elif (found.lastindex or 0) > 1 and found[2] not in ("main", repository.commit):
                self._refuse(404, "RevisionNotFound", f"Invalid rev id: {found[2]}")
            elif listing:
                self._json([_entry(p, repository) for p in repository.files])
            elif about:
                self._json({"id": found[1], "sha": repository.commit, "siblings": [], "private": False})
            elif repository.tokens is not None and token not in repository.tokens:
                # The listing of a gated model is public; its files are not.
                self._refuse(403 if token else 401, "GatedRepo", "Access to this model is restricted")
            elif found[3] not in repository.files:
                self._refuse(404, "EntryNotFound", "Entry not found")
            elif _is_large(found[3]):
                self.send_response(302)
                self.send_header("Location", f"{hub.storage}/{found[1]}/{found[3]}")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._content(repository, found[3])

        def _refuse(self, status: int, code: str, message: str) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("X-Error-Message", message)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _json(self, facts: Any) -> None:
            body = json.dumps(facts).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _content(self, repository: Repository, path: str) -> None:
            content = repository.files[path]
            if path in repository.garble:
                content = bytes(len(content))
            wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            start = int(wanted[1]) if wanted else 0
            self.send_response(206 if wanted else 200)
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            body = content[start : repository.cut_after.pop(path, len(content))]
            piece = max(repository.rate // 20, 1) if repository.rate else len(body) or 1
            for at in range(0, len(body), piece):
                self.wfile.write(body[at : at + piece])
                if repository.rate:
                    time.sleep(0.05)
            if start + len(body) < len(content):
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _entry(path: str, repository: Repository) -> dict[str, Any]:
    content = repository.files[path]
    size = repository.sizes.get(path, len(content))
    git_hash = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
    entry: dict[str, Any] = {"type": "file", "path": path, "size": size, "oid": git_hash}
    if _is_large(path):
        sha256 = hashlib.sha256(content).hexdigest()
        entry["lfs"] = {"oid": sha256, "size": size, "pointerSize": 134}
    return entry
