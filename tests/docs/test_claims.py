"""What the documentation states about the code and the weights is true."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
from pathlib import Path

import pytest

from backend.catalog import entries
from backend.guidance.builtin.prior import BUILTIN
from backend.guidance.families import FAMILIES
from backend.jobs import exit_codes, request, states
from backend.lab.world.kinds import KINDS
from backend.prompts.vocabulary import well_known
from dreamfusion_blender.core import groups
from dreamfusion_blender.core.actions import FIXES
from tests.docs.conftest import Page
from tools.environments import PYTHON_OF

MOST_WORDS = 800  # of the README


@pytest.fixture(scope="module")
def readme(pages: dict[str, Page]) -> str:
    return pages["README.md"].text


def flat(text: str) -> str:
    return " ".join(text.split())


def listed(text: str, start: str) -> list[str]:
    """The words of `start apple, ball, and vase.`"""
    found = re.search(re.escape(start) + r"\s*(.*?)\.", flat(text))
    assert found, start
    return re.split(r", and |, ", found[1])


def test_the_readme_is_short(readme: str) -> None:
    assert len(readme.split()) <= MOST_WORDS


def test_no_gap_is_left_to_fill(everything: str) -> None:
    variables = {
        "DREAMFUSION_JOBS", "DREAMFUSION_MODELS", "DREAMFUSION_MODEL_FOLDERS", "DREAMFUSION_PYTHON", "GOMP_SPINCOUNT", "GUI_BLENDER", "HF_ENDPOINT",
        "OMP_WAIT_POLICY", "PIP_EXTRA_INDEX_URL", "SSL_CERT_FILE", "DAMAGED_FOLDERS", "BATCH_JOBS", "BATCH_KILLS", "BATCH_LOSSES", "BATCH_DRIVER_KILLS",
    }  # fmt: skip
    prose = re.sub(r"DREAMFUSION_PT_\w+|THREE_POINT|(?:NEG|POS)_[XY]|FORMER_NAMES", "", everything)
    assert set(re.findall(r"\b(?:TODO|FIXME|FIGURES|[A-Z]+_[A-Z_]+)\b", prose)) <= variables


def test_vocabulary_of_the_builtin_model(readme: str, pages: dict[str, Page]) -> None:
    world = json.loads((BUILTIN / "world.json").read_text(encoding="utf-8"))
    kinds, colors = well_known(world), world["colors"]
    assert listed(readme, "kinds of objects:") == kinds
    assert listed(readme, "The colors are") == colors
    models = pages["docs/manual/models.md"].text
    assert listed(models, "- Kinds:") == kinds
    assert listed(models, "- Colors:") == colors
    assert listed(models, "- Often poor:") == world["weak"]
    for word in (*world["materials"], *world["sizes"]):
        assert f"*{word}*" in models
    assert set(world["kinds"]) == set(KINDS)
    assert f"{len(KINDS)} kinds; the shipped weights are trained on all of them" in flat(
        pages["docs/method/built-in-model.md"].text
    )
    assert (
        f"{len(kinds)} of the {len(world['kinds'])} trained kinds are known"
        in pages["docs/research/known-kinds.md"].text
    )


def test_size_of_the_builtin_model(readme: str, pages: dict[str, Page]) -> None:
    size = sum(path.stat().st_size for path in BUILTIN.rglob("*.safetensors"))
    assert f"built-in model ({size / 1e6:.0f} MB)" in readme
    assert f"weights take {size / 1e6:.0f} MB" in pages["docs/manual/models.md"].text
    assert f"weights ({size / 1e6:.0f} MB)" in pages["docs/method/built-in-model.md"].text


def test_table_of_models(pages: dict[str, Page]) -> None:
    rows = re.findall(r"^\| `([\w.-]+)` \| (.*) \|$", pages["docs/manual/models.md"].text, re.M)
    assert [name for name, _ in rows] == [model.name for model in entries.MODELS]
    for (_, row), model in zip(rows, entries.MODELS, strict=True):
        gate = ", gated" if model.gated else ""
        assert row == f"{model.title} | {model.license}{gate} | {model.size_gb:.1f} | `{model.preset}`"


def test_every_family_is_named(pages: dict[str, Page]) -> None:
    text = flat(pages["docs/manual/models.md"].text)
    for name, _, _ in FAMILIES.values():
        assert name.replace(", stage I", " (stage I)") in text


def test_limits_of_requests(everything: str) -> None:
    text = flat(everything)
    assert f"up to {request.MAX_PROMPT_LENGTH:,} characters" in text
    assert f"0 to {request.MAX_SEED}" in text
    assert f"up to {groups.MAX_PROMPTS:,} prompts" in text


def test_versions_of_blender(readme: str, pages: dict[str, Page]) -> None:
    text = flat(pages["docs/development/setup-and-tests.md"].text)
    assert [version for version in PYTHON_OF if version not in text] == []
    assert "Python 3.11 (for Blender 4.5) or Python 3.13 (for Blender 5.2)" in flat(readme)


# --- the job folder


def test_request_fields(pages: dict[str, Page]) -> None:
    text = pages["docs/reference/job-folder.md"].text
    table = text.partition("## The request")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| \w+ \| (\S*) ?\|", table, re.M)
    fields = {field.name: field for field in dataclasses.fields(request.JobRequest)}
    assert {name for name, _ in rows} == {"schema", *fields}
    for name, default in rows:
        if name in fields and fields[name].default is not dataclasses.MISSING:
            assert default == f"`{json.dumps(fields[name].default)}`"


def test_events_and_their_fields(pages: dict[str, Page], repo: Path) -> None:
    """Against every call that writes an event."""
    text = pages["docs/reference/job-folder.md"].text.partition("## Events")[2].partition("\n## ")[0]
    documented: dict[str, set[str]] = {}
    for kinds, fields in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|([^|]*)\|", text, re.M):
        for kind in re.findall(r"\w+", kinds):
            documented[kind] = set(re.findall(r"`(\w+)`", fields))
    written: dict[str, set[str]] = {}
    for path in (*(repo / "backend" / "worker").glob("*.py"), *(repo / "backend" / "relay").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            if node.args[0].value in documented and len(node.args) == 1:
                written.setdefault(node.args[0].value, set()).update(str(k.arg) for k in node.keywords)
    assert documented == written
    folded = {
        node.value.value
        for node in ast.walk(ast.parse((repo / "backend/jobs/states.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant)
    }
    assert folded <= set(documented)


def test_phases_and_states(pages: dict[str, Page]) -> None:
    text = pages["docs/reference/job-folder.md"].text
    phases = text.partition("Phases, in order:")[2].partition("\n")[0]
    assert tuple(re.findall(r"`(\w+)`", phases)) == states.PHASES
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]*\| (yes)? ?\|$", text.partition("## States")[2], re.M))
    every = {value for name, value in vars(states).items() if name.isupper() and isinstance(value, str)}
    assert set(rows) == every
    assert {state for state, final in rows.items() if final} == states.FINAL_STATES


# --- error codes


def raised_codes(repo: Path) -> set[str]:
    """Every code that an error outside of the lab is raised with."""
    found = set(FIXES)
    for path in (*(repo / "backend").rglob("*.py"), *(repo / "dreamfusion_blender").rglob("*.py")):
        if "lab" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'^(?:CODE|    default_code) = "(\w+)"', source, re.M))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                values = [k.value for k in node.keywords if k.arg in ("code", "error_code")]
                values += node.args[1:2] if name in ("UserError", "JobError") else []
                found |= {v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)}
    failures = ast.parse((repo / "backend/worker/failures.py").read_text(encoding="utf-8"))
    for node in ast.walk(failures):  # return message, code
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            code = node.value.elts[1]
            found |= {str(code.value)} if isinstance(code, ast.Constant) else set()
    return found - {""}


@pytest.mark.parametrize("name", ["docs/reference/error-codes.md", "docs/manual/troubleshooting.md"])
def test_error_codes(name: str, pages: dict[str, Page], repo: Path) -> None:
    text = pages[name].text.partition("## Report a problem")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.M)) == raised_codes(repo)


def test_causes_of_a_lost_connection(pages: dict[str, Page], repo: Path) -> None:
    text = pages["docs/reference/error-codes.md"].text.partition("## Causes of a lost connection")[2]
    causes = set()
    for path in (repo / "backend" / "relay").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found: ast.expr | None = None
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "LinkError" and len(node.args) == 2:
                found = node.args[1]
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(
                " code)"
            ):  # message, code = ...
                found = node.value.elts[-1] if isinstance(node.value, ast.Tuple) else None
            if isinstance(found, ast.Constant) and isinstance(found.value, str):
                causes.add(found.value)
    assert set(re.findall(r"^- `([\w-]+)`:", text, re.M)) == causes - {"connection", "setup", ""}


def test_exit_statuses(pages: dict[str, Page]) -> None:
    text = pages["docs/reference/error-codes.md"].text.partition("## Exit statuses")[2]
    documented = set()
    for first, last in re.findall(r"^\| (\d+)(?: to (\d+))? \|", text, re.M):
        documented |= set(range(int(first), int(last or first) + 1))
    assert documented == {value for name, value in vars(exit_codes).items() if name.isupper()}
