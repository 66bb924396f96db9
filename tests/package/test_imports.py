"""Who may import what, read from the sources."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

BLENDER = {"bpy", "bpy_extras", "bmesh", "gpu", "gpu_extras", "mathutils", "blf", "idprop", "imbuf"}
ADDON_MAY = set(sys.stdlib_module_names) | BLENDER | {"numpy"}


def imports(path: Path) -> Iterator[tuple[int, str, int]]:
    """(relative level, dotted module, line) of every import in a file, those inside functions included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield node.level, base, node.lineno
            if node.level:
                yield from ((node.level, f"{base}.{alias.name}".strip("."), node.lineno) for alias in node.names)


def absolute(path: Path) -> set[str]:
    return {module.split(".")[0] for level, module, _ in imports(path) if level == 0}


def sources(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.py"))
    assert found, folder
    return found


def test_addon_needs_only_blender_numpy_and_the_standard_library(repo: Path) -> None:
    strangers = {path.name: absolute(path) - ADDON_MAY for path in sources(repo / "dreamfusion_blender")}
    assert {name: found for name, found in strangers.items() if found} == {}


def test_addon_reads_only_the_light_part_of_the_backend(repo: Path) -> None:
    """What it imports from there, and what that imports in turn, is standard library: Blender has no torch."""
    used = {
        module.split("backend.", 1)[1].split(".")[0]
        for path in sources(repo / "dreamfusion_blender")
        for level, module, _ in imports(path)
        if level and "backend." in module
    }
    assert "contract" in used
    for name in used:
        file = repo / "backend" / f"{name}.py"
        if file.exists():  # otherwise a name out of a module that was seen already
            assert absolute(file) <= set(sys.stdlib_module_names), name


def test_addon_leaves_sys_path_alone(repo: Path) -> None:
    for path in sources(repo / "dreamfusion_blender"):
        assert not re.search(r"sys\.path|sys\.modules\[", path.read_text(encoding="utf-8")), path


def test_addon_core_knows_no_blender(repo: Path) -> None:
    for path in sources(repo / "dreamfusion_blender" / "core"):
        assert not absolute(path) & BLENDER, path


def test_backend_never_imports_blender(repo: Path) -> None:
    for path in sources(repo / "backend"):
        assert not absolute(path) & BLENDER, path


def test_backend_imports_itself_relatively(repo: Path) -> None:
    """In the zip it lies inside another package, and runs from there."""
    for path in sources(repo / "backend"):
        assert "backend" not in absolute(path), path


def test_contract_is_standard_library_alone(repo: Path) -> None:
    contract = repo / "backend" / "contract.py"
    assert absolute(contract) <= set(sys.stdlib_module_names)
    assert not [line for level, _, line in imports(contract) if level]


def test_the_relay_is_standard_library_alone(repo: Path) -> None:
    """Near and far: Blender's Python runs the one, and the other says in words when torch is missing."""
    light = [repo / "backend" / f"{name}.py" for name in ("client", "places", "remote")]
    for path in (*sources(repo / "backend" / "relay"), *light):
        assert absolute(path) <= set(sys.stdlib_module_names), path


def test_a_job_never_needs_the_prior_lab_nor_the_evaluation(repo: Path) -> None:
    """The evaluation knows the world that the prior was taught; both are offered by the command line alone."""
    needed_by = {"prior_lab": {"prior_lab", "evaluate"}, "evaluate": {"evaluate"}}
    for path in sources(repo / "backend"):
        if path.name == "cli.py":
            continue
        for package, friends in needed_by.items():
            if not friends & set(path.relative_to(repo / "backend").parts):
                assert not [line for _, module, line in imports(path) if package in module.split(".")], path


@pytest.fixture(scope="module")
def imported_by_backend(repo: Path) -> set[str]:
    return {name for path in sources(repo / "backend") for name in absolute(path)} - set(sys.stdlib_module_names)


def test_every_import_of_the_backend_is_pinned(repo: Path, imported_by_backend: set[str]) -> None:
    pinned = {_canonical(line) for line in _pins(repo / "requirements" / "backend.txt")}
    elsewhere = {"mcubes": ["PyMCubes"], "skimage": ["scikit-image"]}  # one or the other, as the Python has it
    for name in imported_by_backend - {"triton"}:  # optional, found at run time
        distributions = {_canonical(d) for d in packages_distributions().get(name, elsewhere.get(name, [name]))}
        assert distributions & pinned, f"{name} is imported and requirements/backend.txt does not name it"


def test_every_requirement_is_pinned_exactly(repo: Path) -> None:
    for file in sorted((repo / "requirements").glob("*.txt")):
        for line in _pins(file):
            assert re.match(r"^[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.]*(; .+)?$", line), f"{file.name}: {line}"


def _pins(file: Path) -> list[str]:
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _canonical(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[=;\s]", requirement)[0]).lower()
