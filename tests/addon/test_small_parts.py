"""Paths, overrides, presets and error codes: parts that need neither Blender nor a worker."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from dreamfusion_blender.backend.errors import CODES, JobError

from backend.config import presets as backend_presets
from dreamfusion_blender.core import overrides, paths, presets


def test_every_preset_of_the_backend_has_a_label_and_the_default_comes_first() -> None:
    assert set(presets.LABELS) == set(backend_presets.PRESETS)
    assert [name for name, _, _ in presets.PRESETS] == list(backend_presets.PRESETS)
    assert presets.PRESETS[0][0] == presets.DEFAULT == "fast"


def test_the_package_is_importable_without_blender(repo: Path) -> None:
    code = (
        "import sys, dreamfusion_blender.core.jobs, dreamfusion_blender.core.present, dreamfusion_blender.core.doctor\n"
        "import dreamfusion_blender.core.presets\n"
        "assert not {'bpy', 'torch', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=repo, check=True, timeout=120)


def test_every_error_code_is_known(repo: Path) -> None:
    """The add-on chooses buttons by code, so every literal code of a raised error must be listed in `CODES`."""
    found: dict[str, str] = {}
    for path in [*(repo / "backend").rglob("*.py"), *(repo / "dreamfusion_blender").rglob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name not in ("UserError", "JobError"):
                continue
            for code in [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "code")]:
                value = constants.get(code.id) if isinstance(code, ast.Name) else code
                if isinstance(value, ast.Constant):
                    found[str(value.value)] = f"{path}:{call.lineno}"
    assert {"setup", "settings", "prior", "diverged"} <= set(found)
    assert {code: place for code, place in found.items() if code not in CODES} == {}


def test_the_backend_root_is_found(repo: Path) -> None:
    assert paths.backend_root() == repo
    assert (paths.backend_root() / "backend" / "jobs" / "request.py").is_file()


def test_overrides_are_parsed() -> None:
    text = 'mesh.resolution=96, losses.opacity=[[0, 0.1], [10, 1]]; prior.name="a, b"\noutput.turntable=false,'
    assert overrides.parse(text) == {
        "mesh.resolution": 96,
        "losses.opacity": [[0, 0.1], [10, 1]],
        "prior.name": "a, b",
        "output.turntable": False,
    }
    assert overrides.parse("  ") == {}


@pytest.mark.parametrize("text", ["mesh.resolution", "=3", "a=1, b"])
def test_an_override_without_a_value_is_rejected_with_a_hint(text: str) -> None:
    with pytest.raises(JobError, match="Write NAME=VALUE") as caught:
        overrides.parse(text)
    assert caught.value.code == "settings"


def test_data_folders_per_platform() -> None:
    assert paths.data_folder({"HOME": "/h"}, "linux") == Path("/h/.local/share/dreamfusion")
    assert paths.data_folder({"HOME": "/h", "XDG_DATA_HOME": "/d"}, "linux") == Path("/d/dreamfusion")
    assert paths.data_folder({"HOME": "/h"}, "darwin") == Path("/h/Library/Application Support/DreamFusion")
    assert paths.data_folder({"LOCALAPPDATA": "/l"}, "win32") == Path("/l/DreamFusion")


def test_the_environment_sets_the_defaults() -> None:
    assert paths.default_jobs_folder({"HOME": "/h", "DREAMFUSION_JOBS": "/j"}) == "/j"
    assert paths.default_python({"DREAMFUSION_PYTHON": "/p"}) == "/p"
    assert paths.default_python({}) == ""


def test_problems_with_the_python_path(tmp_path: Path) -> None:
    plain = tmp_path / "notes.txt"
    plain.write_text("x")
    plain.chmod(0o600)
    assert paths.python_problem(sys.executable) == ""
    for bad, text in (("", "not set"), ("/no/such/python", "does not exist"), (str(tmp_path), "a folder")):
        assert text in paths.python_problem(bad)
        assert "preferences" in paths.python_problem(bad)
    assert "not a program" in paths.python_problem(str(plain))


def test_problems_with_the_jobs_folder(tmp_path: Path) -> None:
    assert paths.jobs_problem(str(tmp_path / "new" / "jobs")) == ""
    assert list(tmp_path.iterdir()) == []  # the check creates no files
    (tmp_path / "file").write_text("x")
    for bad in ("", "relative/jobs", str(tmp_path / "file" / "jobs")):
        assert "preferences" in paths.jobs_problem(bad)
