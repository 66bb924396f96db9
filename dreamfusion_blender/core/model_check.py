"""A running check of a large model by the backend (`models check`), and its findings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .task import BackgroundTask

Finding = tuple[bool | None, str]  # whether it is good, None for a fact; and the text


class ModelCheck(BackgroundTask):
    """Checks a model with a preset. `findings` is empty until it has ended.

    Raises:
        JobError: The backend cannot be started.
    """

    done_text = "The check has ended."
    early_text = "The check stopped"
    cancelled_text = "The check was stopped."
    retry_text = "Start it again."

    def __init__(
        self,
        python: str,
        about: tuple[str, str],
        pictures: Path,
        environment: Mapping[str, str] | None = None,
        controlnet: str = "",
    ) -> None:
        """
        Args:
            about: Model and preset.
            pictures: Folder for the pictures that the model draws.
            controlnet: A ControlNet that is checked with the model.
        """
        self.about, self.pictures = about, pictures
        self.findings: tuple[Finding, ...] = ()
        arguments = ["-m", "backend", "models", "check", about[0], "--preset", about[1], "--json"]
        arguments += ["--controlnet", controlnet] if controlnet else []
        super().__init__(python, [*arguments, "--output", str(pictures)], environment)

    def _last_report(self) -> dict[str, Any]:
        last = super()._last_report()
        if last.get("phase") == "done":
            self.findings = tuple(_finding(one) for one in last.get("findings") or () if isinstance(one, list))
        return last


def _finding(raw: list[Any]) -> Finding:
    is_good, text = (*raw, None, "")[:2]
    return is_good if isinstance(is_good, bool) else None, str(text)
