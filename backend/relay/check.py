"""Whether a host can be used: its own `doctor`, asked over a connection like a job's."""

from __future__ import annotations

import time
from typing import Any

from ..jobs.remote import Remote
from . import wire
from .link import LinkError
from .near import Connect, connect_by_ssh, open_link


def check(remote: Remote, prior: str = "", preset: str = "", connect: Connect = connect_by_ssh) -> dict[str, Any]:
    """As `doctor --json` prints it, {"ok", "checks"}; {"ok": False, "message"} where there is no answer.

    Args:
        prior, preset: a model, named as it is there, and what it shall fit with; empty, and it is not asked for.
    """
    try:
        with open_link(remote, connect) as link:
            link.send(do="doctor", prior=prior, preset=preset)
            until = time.monotonic() + wire.DOCTOR_S + 10.0
            while time.monotonic() < until:
                for frame in link.frames(0.5):
                    if frame.kind == "doctor":
                        return _answer(remote, link.greeting, wire.parse(frame.payload))
        message = f"{remote.host} does not answer the check."
    except (LinkError, wire.WireError) as error:
        message = str(error)
    return {"ok": False, "message": message}


def _answer(remote: Remote, greeting: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    if "checks" not in answer:
        return {"ok": False, "message": f"{remote.host}: {answer.get('message')}"}
    where = f"{remote.host}, version {greeting['backend']} in {remote.folder}"
    return {**answer, "checks": [{"id": "host", "name": "Host", "ok": True, "message": where}, *answer["checks"]]}
