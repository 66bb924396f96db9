"""The setup in a real Blender (the `bpy` package): its states, and the names in its messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from dreamfusion_blender.backend.install import pythons

from tests.addon.conftest import RunInBlender

OTHER_NAMES = {"Object Mode", "Make Local"}  # names of Blender that are no fields or buttons, and a submenu


@pytest.mark.versions
def test_states_of_the_setup(run_in_blender: RunInBlender) -> None:
    got = run_in_blender("setup_states.py")
    seen = got["seen"]
    # Every state shows the button that is needed, and none that does nothing yet.
    buttons = {
        "offline": ["allow_online"],
        "remote, offline": ["allow_online", "open_preferences"],
        "offline, with packages": ["install_runtime"],
        "online": ["install_runtime"],
        "installing": ["cancel_install"],
        "failed": ["install_runtime", "show_log"],
        "updating": ["cancel_install"],
    }
    assert {name: seen[name]["verbs"] for name in buttons} == buttons
    for name in buttons:
        assert seen[name]["panel"].startswith("1. Install the backend"), name
    assert "Offline Packages" in seen["offline"]["panel"]
    assert "1:05 so far" in seen["installing"]["panel"]
    assert "could not be installed." in seen["failed"]["panel"]
    assert {"use_prompt", "generate"} <= set(seen["ready"]["verbs"])
    assert "open_preferences" in seen["no jobs folder"]["verbs"]
    assert "generate" not in seen["no jobs folder"]["verbs"]
    assert "use_prompt" not in seen["after the first object"]["verbs"]
    assert {"generate", "install_runtime"} <= set(seen["removed after the first object"]["verbs"])
    # The preferences too: first the state, then its button.
    assert seen["online"]["preferences"].startswith("The backend's Python is not set")
    assert seen["ready"]["preferences"].startswith("The backend is ready.")
    for name in ("offline", "offline, with packages"):  # downloads of models need the network
        assert "allow_online" in seen[name]["preferences_verbs"], name
    assert "allow_online" not in seen["online"]["preferences_verbs"]


def test_online_access_is_checked_first_and_changed_by_the_user_only(run_in_blender: RunInBlender) -> None:
    got = run_in_blender("setup_states.py")
    assert got["refused"] == [["CANCELLED"], ["CANCELLED"]]
    assert got["started"] == []
    assert "Online access is disabled. Click Allow Online Access" in got["remote"]
    assert "set Run On to This Computer" in got["remote"]
    assert got["allowed"] == [[False, False], [True, True], True]
    assert got["noticed"]


def test_every_name_in_a_message_exists(run_in_blender: RunInBlender, repo: Path) -> None:
    got = run_in_blender("labels.py")
    known = {*got["own"], *got["of_blender"], *OTHER_NAMES}
    assert pythons.FIELD in got["own"]
    unknown = {
        name: message
        for folder in ("dreamfusion_blender", "backend/install", "backend/jobs", "backend/relay")
        for message in messages(repo / folder)
        for name in names(message)
        if name not in known
    }
    assert unknown == {}
    assert "Offline Packages" in names("To install without a network, set Offline Packages.")
    assert names("Allow it in the preferences (System > Network).") == {"System", "Network"}


def messages(folder: Path) -> Iterator[str]:
    """The sentences in string constants, without docstrings and translations. Inserted values become {}."""
    for path in folder.rglob("*.py"):
        if "translations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            text = text_of(node) if id(node) not in docstrings | inner else ""
            if re.search(r"[a-z]\.( |$)", text):
                yield text


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def names(message: str) -> set[str]:
    """The names of fields, buttons and sections in a message: what it says to click, set, choose or find."""
    name = r"([A-Z][\w-]*(?: (?:for the )?[A-Z(][\w()-]*)*\b(?!'))"
    found = set(re.findall(rf"\b(?:[Cc]lick|[Ss]et|[Tt]urn on|[Uu]nder|[Uu]se|[Oo]pen) {name}", message))
    found |= {value for _, value in re.findall(rf"\b[Ss]et {name} to {name}", message)}
    for path in re.findall(rf"{name}((?: > {name})+)", message):
        found |= {path[0], *path[1].strip(" >").split(" > ")}
    return found
