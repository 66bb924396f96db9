"""The connection to Ray: a cluster that runs, or one on this computer that ends with the batch.

Ray is optional (`requirements/batch.txt`), so it is imported when a batch starts.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from math import floor
from pathlib import Path
from types import ModuleType
from typing import Any

from ..devices import usable_cores
from ..errors import UserError
from ..jobs.launch import BACKEND_ROOT
from .need import Need

LOOPBACK = "127.0.0.1"
CONNECT_S = 10.0
STORE_BYTES = 100 << 20  # of Ray's object store: results of jobs are in their folders
LOCKS = ("requirements", "backend/locks")  # of a checkout, of the extension


def import_ray() -> ModuleType:
    """Returns the module.

    Raises:
        UserError: Ray is not installed (code "environment").
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would send data to the makers of Ray
    try:
        import ray
    except ImportError as error:
        locks = [BACKEND_ROOT / folder / "batch.lock" for folder in LOCKS]
        lock = next((path for path in locks if path.exists()), locks[0])
        raise UserError(
            f"Batches need Ray, which is not installed. Install it: {sys.executable} -m pip install --no-deps -r {lock}",
            "environment",
        ) from error
    return ray


def _no_cluster(address: str, reason: object) -> UserError:
    advice = "Start one with 'ray start --head', or leave out --ray"
    return UserError(f"There is no Ray cluster at '{address[:80]}' ({reason}). {advice}.")


def _check_answers(address: str) -> None:
    """Checks an address first, because Ray tries for minutes to reach one without an answer.

    Raises:
        UserError: it is not the address of a computer that answers.
    """
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdecimal():
        raise UserError(
            f"'{address[:80]}' is not the address of a Ray cluster. Write HOST:PORT, or auto on a machine of the cluster."
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_S).close()
    except (OSError, OverflowError) as error:
        raise _no_cluster(address, getattr(error, "strerror", None) or error) from error


class Cluster:
    """A connection to Ray, within a `with` block.

    Args:
        address: of a cluster, as for `ray.init`; "auto" for the one of this machine, empty or "local" for a new one on this
            computer.
    """

    def __init__(self, address: str) -> None:
        self.is_local = address in ("", "local")
        self.ray = import_ray()
        if not self.is_local and address != "auto":
            _check_answers(address)
        # Ray adds the present folder to the path of its workers, which import the backend from it.
        self._folder_before = Path.cwd()
        os.chdir(BACKEND_ROOT)
        options: dict[str, Any] = {"address": address}
        if self.is_local:
            options = {
                "address": "local",
                "num_cpus": usable_cores(),
                "include_dashboard": False,
                "object_store_memory": STORE_BYTES,
                "_node_ip_address": LOOPBACK,
            }
        try:
            self.ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
        except Exception as error:  # Ray raises many classes, also `Exception`
            os.chdir(self._folder_before)
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
            if self.is_local:
                raise UserError(
                    f"Ray does not start ({reason}). Close other programs, then run the command again."
                ) from error
            raise _no_cluster(address, reason) from error

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *error: object) -> None:
        self.ray.shutdown()
        os.chdir(self._folder_before)

    def nodes(self) -> list[dict[str, float]]:
        """The resources of each machine that is alive."""
        return [node["Resources"] for node in self.ray.nodes() if node["Alive"]]

    def has_gpus(self) -> bool:
        return any(resources.get("GPU", 0.0) >= 1.0 for resources in self.nodes())

    def places(self, need: Need) -> int:
        """How many workers the machines can run at once, if nothing else ran on them."""
        return sum(
            min(floor(resources.get(name, 0.0) / amount + 1e-6) for name, amount in need.resources().items())
            for resources in self.nodes()
        )
