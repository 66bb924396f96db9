"""Whether a host can be used: its own `doctor`, asked over a connection like a job's."""

from __future__ import annotations

import time
from typing import Any

from ..remote import Remote
from . import wire
from .link import LinkError
from .near import Connect, connect_by_ssh, open_link


def check(remote: Remote, connect: Connect = connect_by_ssh) -> dict[str, Any]:
    """As `doctor --json` prints it, {"ok", "checks"}; {"ok": False, "message"} where there is no answer."""
    try:
        with open_link(remote, connect) as link:
            link.send(do="doctor")
            until = time.monotonic() + wire.DOCTOR_S + 10.0
            while time.monotonic() < until:
                for frame in link.frames(0.5):
                    if frame.kind == "doctor":
                        answer = wire.parse(frame.payload)
                        where = f"{remote.host}, version {link.greeting['backend']} in {remote.folder}"
                        checks = [{"name": "Host", "ok": True, "message": where}, *answer.get("checks", [])]
                        return {**answer, "checks": checks}
        message = f"{remote.host} does not answer the check."
    except (LinkError, wire.WireError) as error:
        message = str(error)
    return {"ok": False, "message": message}
