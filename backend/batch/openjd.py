"""The jobs of a batch as a template of Open Job Description, which farm managers such as AWS Deadline Cloud run.

One task for each job: it runs the command line on the folder of the job. Specification:
https://github.com/OpenJobDescription/openjd-specifications/wiki
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..jobs.files import write_atomic
from ..jobs.launch import BACKEND_ROOT

MOST_VALUES = 1024  # of a task parameter in a template; further jobs are in further steps
MOST_STEPS = 100


def template(jobs: Path, folders: Sequence[Path]) -> dict[str, Any]:
    """The template. Its parameters are the paths, which may differ on the machines of the farm.

    Raises:
        UserError: There are more jobs than a template can hold.
    """
    names = [folder.name for folder in folders]
    parts = [names[start : start + MOST_VALUES] for start in range(0, len(names), MOST_VALUES)]
    if len(parts) > MOST_STEPS:
        raise UserError(f"A template holds at most {MOST_STEPS * MOST_VALUES} jobs. Split the list of prompts.")
    paths = {"Jobs": jobs, "Backend": BACKEND_ROOT, "Python": sys.executable}
    return {
        "specificationVersion": "jobtemplate-2023-09",
        "name": f"DreamFusion: {len(names)} objects",
        "parameterDefinitions": [
            # Not of the type PATH, whose default must be relative.
            {"name": name, "type": "STRING", "default": str(path)}
            for name, path in paths.items()
        ],
        "jobEnvironments": [{"name": "Backend", "variables": {"PYTHONPATH": "{{Param.Backend}}"}}],
        "steps": [_step(f"Objects{number}", part) for number, part in enumerate(parts, 1)],
    }


def _step(name: str, names: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "parameterSpace": {"taskParameterDefinitions": [{"name": "Job", "type": "STRING", "range": names}]},
        "script": {
            "actions": {
                "onRun": {
                    "command": "{{Param.Python}}",
                    "args": ["-B", "-m", "backend", "batch", "run", "{{Param.Jobs}}/{{Task.Param.Job}}"],
                    "cancelation": {"mode": "NOTIFY_THEN_TERMINATE", "notifyPeriodInSeconds": 60},
                }
            }
        },
    }


def write_template(file: Path, jobs: Path, folders: Sequence[Path]) -> None:
    """Writes the template as JSON, which is YAML, too.

    Raises:
        UserError: There are more jobs than a template can hold, or the file cannot be written.
    """
    try:
        write_atomic(file, json.dumps(template(jobs, folders), indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise UserError(f"Cannot write {file}: {error.strerror}. Choose another file.", "files") from error
