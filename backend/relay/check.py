"""Checks a remote host: runs its `doctor` over the same connection as jobs."""

from __future__ import annotations

import time
from typing import Any

from ..jobs.remote import Remote
from . import wire
from .link import LinkError
from .near import Connect, connect_by_ssh, open_link


def check(remote: Remote, prior: str = "", preset: str = "", connect: Connect = connect_by_ssh) -> dict[str, Any]:
    """Returns {"ok", "checks"} as `doctor --json` does, or {"ok": False, "message", "code"} if the host gives no result.

    Args:
        prior: A model to check as well, named as on the host; empty for none.
        preset: The preset that the model should fit with.
    """
    try:
        with open_link(remote, connect) as link:
            link.send(do="doctor", prior=prior, preset=preset)
            until = time.monotonic() + wire.DOCTOR_S + 10.0
            while time.monotonic() < until:
                for frame in link.frames(0.5):
                    if frame.kind == "doctor":
                        return _complete(remote, link.greeting, wire.parse(frame.payload))
        message, code = f"{remote.host} does not answer the check. Try again later.", "timeout"
    except LinkError as error:
        message, code = str(error), error.code
    except wire.WireError as error:
        message, code = str(error), "wire"
    return {"ok": False, "message": message, "code": code}


def _complete(remote: Remote, greeting: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Adds the host itself to the answer."""
    if not isinstance(answer.get("checks"), list):
        return {"ok": False, "message": f"{remote.host}: {answer.get('message')}", "code": str(answer.get("code", ""))}
    where = f"{remote.host}, version {greeting['backend']} in {remote.folder}"
    return {**answer, "checks": [{"id": "host", "name": "Host", "ok": True, "message": where}, *answer["checks"]]}
