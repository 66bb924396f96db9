"""`python -m tools.gpu.one ROW DEVICE MODELS RESULT`: one row in this process. Its result, or its reason, is in a file."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from backend.libraries import configure


def measure(kind: str, options: Mapping[str, Any], device: str, models: str) -> dict[str, Any]:
    """Measures a row, see `plan.Row`. The values are those of the module called `kind`.

    Raises:
        Exception: of any kind, if the row fails.
    """
    import torch

    from backend.devices import describe_device, resolve_device

    chosen = resolve_device(device)
    if chosen.type == "cuda":
        torch.cuda.set_device(chosen)
    found: dict[str, Any] = import_module(f".{kind}", __package__).measure(chosen, models, **options)
    return {"device": describe_device(chosen), "torch": str(torch.__version__), **found}


def one_line(error: BaseException) -> str:
    """The kind of an error and the first line of its message."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def main() -> int:
    row, device, models, result = sys.argv[1:]
    configure()
    found: dict[str, Any]
    try:
        found = {"facts": measure(**json.loads(row), device=device, models=models)}
    except Exception as error:  # whatever fails in a row is its result
        traceback.print_exc()
        found = {"reason": one_line(error)}
    Path(result).write_text(json.dumps(found))
    return int("reason" in found)


if __name__ == "__main__":
    sys.exit(main())
