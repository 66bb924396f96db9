"""Which modules can import which, by the sources."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

BLENDER = {"bpy", "bpy_extras", "bmesh", "gpu", "gpu_extras", "mathutils", "blf", "idprop", "imbuf"}
ADDON_IMPORTS = set(sys.stdlib_module_names) | BLENDER | {"numpy"}


def imports(path: Path) -> Iterator[tuple[int, str, int]]:
    """Yields (relative level, dotted module, line) of every import in a file, including those inside functions."""
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


def test_addon_imports_only_blender_numpy_and_the_standard_library(repo: Path) -> None:
    others = {path.name: absolute(path) - ADDON_IMPORTS for path in sources(repo / "dreamfusion_blender")}
    assert {name: found for name, found in others.items() if found} == {}


LIGHT = ("jobs", "config", "install", "catalog", "prompts", "farm")  # packages that the add-on imports
WITH_NUMPY = (
    "inputs.mesh_file",
    "inputs.placement",
    "inputs.field_file",
    "inputs.earlier",
    "inputs.image_limits",
)  # the add-on imports these, too
IN_BLENDER = "assemble_in_blender.py"  # a script that Blender runs
LIGHT_FILES = ("errors.py", "places.py", "__init__.py")
STANDARD_LIBRARY = (*LIGHT, "relay")  # packages that Blender's own Python imports or runs


def test_addon_imports_only_the_light_part_of_the_backend(repo: Path) -> None:
    """Blender's Python has no PyTorch."""
    modules = {
        module.split("backend.", 1)[1]
        for path in sources(repo / "dreamfusion_blender")
        for level, module, _ in imports(path)
        if level and "backend." in module
    }
    used = {module.split(".")[0] for module in modules if not module.startswith(WITH_NUMPY)}
    assert {"jobs", "config"} <= used <= {*LIGHT, *(name.removesuffix(".py") for name in LIGHT_FILES)}


def test_light_part_of_the_backend_needs_only_the_standard_library(repo: Path) -> None:
    """Imports every module without installed packages. Modules for the backend import PyTorch in functions."""
    files = [
        file
        for name in STANDARD_LIBRARY
        for file in sources(repo / "backend" / name)
        if file.name not in ("__main__.py", IN_BLENDER)
    ]
    names = [".".join(file.relative_to(repo).with_suffix("").parts).removesuffix(".__init__") for file in files]
    script = "import importlib\nfor name in {}:\n    importlib.import_module(name)".format([*names, "backend.places"])
    done = subprocess.run([sys.executable, "-S", "-B", "-c", script], cwd=repo, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_other_modules_that_the_addon_imports_need_only_numpy(repo: Path) -> None:
    for name in WITH_NUMPY:
        path = repo / "backend" / f"{name.replace('.', '/')}.py"
        assert absolute(path) <= ADDON_IMPORTS - BLENDER, path


def test_addon_does_not_change_sys_path(repo: Path) -> None:
    for path in sources(repo / "dreamfusion_blender"):
        assert not re.search(r"sys\.path|sys\.modules\[", path.read_text(encoding="utf-8")), path


def test_addon_core_does_not_import_blender(repo: Path) -> None:
    for path in sources(repo / "dreamfusion_blender" / "core"):
        assert not absolute(path) & BLENDER, path


def test_backend_does_not_import_blender(repo: Path) -> None:
    for path in sources(repo / "backend"):
        assert not absolute(path) & BLENDER or path.name == IN_BLENDER, path


def test_backend_imports_itself_relatively(repo: Path) -> None:
    """In the zip, the backend is a subpackage of the extension."""
    for path in sources(repo / "backend"):
        assert "backend" not in absolute(path), path


def import_graph(repo: Path, package: str) -> dict[str, set[str]]:
    """The modules that each module of a package imports, inside functions, too. Imports for type checkers are left out."""
    files: dict[str, Path] = {}
    for path in sources(repo / package):
        module = path.parent if path.name == "__init__.py" else path.with_suffix("")
        files[".".join(module.relative_to(repo).parts)] = path
    return {
        name: set(_imported_modules(ast.parse(path.read_text(encoding="utf-8")), path, repo, files)) - {name}
        for name, path in files.items()
    }


def _imported_modules(node: ast.AST, path: Path, repo: Path, files: dict[str, Path]) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            child = ast.Module(child.orelse, [])
        if isinstance(child, ast.ImportFrom) and child.level:
            folder = path.parents[child.level - 1].relative_to(repo).parts
            base = ".".join([*folder, child.module] if child.module else folder)
            for alias in child.names:
                inner = f"{base}.{alias.name}"
                if inner in files or base in files:
                    yield inner if inner in files else base
        yield from _imported_modules(child, path, repo, files)


@pytest.mark.parametrize("package", ["backend", "dreamfusion_blender"])
def test_no_import_cycles(repo: Path, package: str) -> None:
    graph = import_graph(repo, package)
    assert sum(map(len, graph.values())) > len(graph)  # imports were found
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


def test_import_cycles_are_found(tmp_path: Path) -> None:
    (tmp_path / "p" / "q").mkdir(parents=True)
    (tmp_path / "p" / "__init__.py").write_text("from .a import x\n")
    (tmp_path / "p" / "a.py").write_text("def f():\n    from .q import b\n")
    (tmp_path / "p" / "q" / "__init__.py").write_text("")
    (tmp_path / "p" / "q" / "b.py").write_text(
        "if TYPE_CHECKING:\n    from .. import y\nelse:\n    from ..a import x\nfrom . import c\n"
    )
    (tmp_path / "p" / "q" / "c.py").write_text("import os\n")
    graph = import_graph(tmp_path, "p")
    assert graph == {"p": {"p.a"}, "p.a": {"p.q.b"}, "p.q": set(), "p.q.b": {"p.q.c", "p.a"}, "p.q.c": set()}
    with pytest.raises(CycleError):
        list(TopologicalSorter(graph).static_order())


def test_only_the_command_line_imports_the_lab(repo: Path) -> None:
    """The zip has no `lab`. The command line imports it by name where it exists."""
    for path in sources(repo / "backend"):
        if "lab" not in path.relative_to(repo / "backend").parts:
            assert not [line for _, module, line in imports(path) if "lab" in module.split(".")], path
            is_hook = path == repo / "backend" / "cli" / "main.py"
            assert is_hook or "lab.commands" not in path.read_text(encoding="utf-8"), path


@pytest.fixture(scope="module")
def imported_by_backend(repo: Path) -> set[str]:
    files = [path for path in sources(repo / "backend") if path.name != IN_BLENDER]
    return {name for path in files for name in absolute(path)} - set(sys.stdlib_module_names)


def test_every_import_of_the_backend_is_pinned(repo: Path, imported_by_backend: set[str]) -> None:
    files = (repo / "requirements" / name for name in ("backend.txt", "batch.txt"))
    pinned = {_canonical(line) for file in files for line in _pins(file)}
    elsewhere = {
        "mcubes": ["PyMCubes"],
        "skimage": ["scikit-image"],
    }  # one of them is installed, depending on the Python
    for name in imported_by_backend - {"triton"}:  # optional
        distributions = {_canonical(d) for d in packages_distributions().get(name, elsewhere.get(name, [name]))}
        assert distributions & pinned, f"requirements/backend.txt and batch.txt lack {name}"


def test_every_requirement_is_pinned_exactly(repo: Path) -> None:
    for file in sorted((repo / "requirements").glob("*.txt")):
        for line in _pins(file):
            assert re.match(r"^[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.]*(; .+)?$", line), f"{file.name}: {line}"


def _pins(file: Path) -> list[str]:
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _canonical(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[=;\s]", requirement)[0]).lower()
