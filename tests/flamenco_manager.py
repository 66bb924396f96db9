"""A server that answers like a Manager of Flamenco 3, by the part of its description in `flamenco-api.json`."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from backend.farm import flamenco

API = json.loads((Path(__file__).parent / "flamenco-api.json").read_text())


class Manager(BaseHTTPRequestHandler):
    """Answers as the description says. Checks what it gets."""

    knows_type, refuses, version = True, "", '{"version": "3.5", "name": "Flamenco"}'
    refuses_after: Path | None = None  # a file: jobs are refused while it exists
    submitted: list[dict[str, Any]]

    def do_GET(self) -> None:
        if self.path == "/api/v3/version":
            self.answer(200, self.version)
        elif self.path == f"/api/v3/jobs/type/{flamenco.JOB_TYPE}" and self.knows_type:
            self.answer(200, json.dumps({"name": flamenco.JOB_TYPE, "label": "", "settings": [], "etag": "x"}))
        else:
            self.answer(404, '{"code": 404, "message": "no such job type known"}')

    def do_POST(self) -> None:
        job = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        problems = [name for name in API["SubmittedJob"]["required"] if name not in job]
        problems += [name for name, value in job.items() if not is_valid(name, value)]
        if self.path != "/api/v3/jobs" or self.headers["Content-Type"] != "application/json" or problems:
            self.answer(400, json.dumps({"code": 400, "message": f"bad request: {problems}"}))
        elif self.refuses:
            self.answer(500, self.refuses)
        elif self.refuses_after is not None and self.refuses_after.exists():
            self.answer(500, '{"code": 500, "message": "the disk is full"}')
        else:
            self.submitted.append(job)
            self.answer(200, json.dumps({**job, "id": "0f1e", "created": "", "updated": "", "status": "queued"}))

    def answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_arguments: object) -> None:
        pass


def is_valid(name: str, value: object) -> bool:
    kinds_ = {"string": str, "integer": int, "object": dict}
    kind = API["SubmittedJob"]["properties"].get(name, "")
    if kind == "object of strings":
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    if name == "settings":
        return isinstance(value, dict) and all(isinstance(one, (str, int, float, bool)) for one in value.values())
    return kind in kinds_ and isinstance(value, kinds_[kind])


@contextmanager
def running() -> Iterator[tuple[str, type[Manager]]]:
    """Runs a server. Yields its address, and its class, whose attributes decide how it answers."""

    class Own(Manager):
        submitted: list[dict[str, Any]] = []  # noqa: RUF012

    server = HTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", Own
    finally:
        server.shutdown()
        server.server_close()
