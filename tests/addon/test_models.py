"""Models in the preferences: downloaded from a local Hub server in a real Blender, and removed."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dreamfusion_blender.backend.catalog import entries
from dreamfusion_blender.backend.catalog.lookup import check_model
from dreamfusion_blender.backend.errors import JobError, UserError
from dreamfusion_blender.backend.jobs.lock import is_locked
from dreamfusion_blender.backend.jobs.request import new_job

from dreamfusion_blender.core import model_facts, models, preset_choice
from dreamfusion_blender.core.jobs import JobBoard
from tests.addon import small
from tests.addon.conftest import RunInBlender
from tests.guidance.tiny_models import save_tiny
from tests.models.hub_server import HubServer, Repository, hub_server

NAME = "sd-2.1-base"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubServer]:
    """A slow server that has only the second source of the model."""
    with hub_server() as server:
        tiny = save_tiny("sd", tmp_path / "upstream")
        model = entries.find(NAME)
        assert model is not None
        server.repositories[model.sources[1].repository] = Repository.of(tiny, rate=200_000)
        yield server


def test_download_cancel_continue_and_remove(
    run_in_blender: RunInBlender, backend_python: Path, hub: HubServer, tmp_path: Path
) -> None:
    root = tmp_path / "models"
    got = run_in_blender("models.py", hub.endpoint, str(root), NAME, python=str(backend_python))
    assert not got["online_at_first"]
    assert got["offline"] == ["CANCELLED"]
    assert got["offline_download"] is None
    terms = " ".join(got["terms"])
    model = entries.find(NAME)
    assert model is not None
    for fact in (model.title, model.license, "2.6 GB", str(root / NAME), hub.endpoint, model.sources[1].repository):
        assert fact in terms
    assert (got["begun"], got["second"]) == (["FINISHED"], ["CANCELLED"])
    assert got["cancelled"] == "The download was canceled. Download again to continue."
    assert not got["after_cancel"]["is_here"]
    assert got["done"] == f"{model.title} was downloaded."
    assert got["after"] == {"is_here": True, "share": 1.0}
    fractions = [fraction for _, fraction in got["progress_log"] if fraction is not None]
    assert max(fractions) > 0.5
    assert got["choices"] == ["builtin", NAME]
    assert (got["preset"], got["preset_of_builtin"]) == ("sd", "fast")
    is_good, text = got["memory"]
    assert is_good, text
    assert re.fullmatch(rf"{NAME} with sd: needs about [\d.]+ GiB of [\d.]+ GiB free on \S+: fits", text)
    assert got["removed"] == {"is_here": False, "share": 0.0}
    assert got["for_workers"] == {models.MODELS_VARIABLE: str(root)}
    assert not got["left_running"]
    assert not is_locked(root / f"{NAME}.lock")


def test_the_worker_uses_the_models_folder_of_the_preferences(board: JobBoard, tmp_path: Path) -> None:
    part = tmp_path / "models" / f"{NAME}.part"
    part.mkdir(parents=True)
    (part / "x.part").write_bytes(b"x")
    board.workers.environment = {models.MODELS_VARIABLE: str(tmp_path / "models")}
    job = board.submit(new_job("a red mushroom", prior=NAME, overrides=small.OVERRIDES))
    small.tick_until(board, job, small.has_ended)
    assert job.state.error_code == "prior"
    assert "is only partly downloaded. Download it in the add-on's preferences" in job.state.error


def test_rows_show_the_models_on_disk(tmp_path: Path) -> None:
    first = models.rows(tmp_path)
    assert [row.name for row in first] == [model.name for model in entries.MODELS]
    assert not any(row.is_here or row.share for row in first)
    part = tmp_path / f"{NAME}.part"
    part.mkdir()
    with open(part / "x.part", "wb") as file:
        os.truncate(file.fileno(), 1_300_000_000)  # half of the model, as a sparse file
    (tmp_path / "some-owner--other").mkdir()
    (tmp_path / "some-owner--other" / "source.json").write_text(
        '{"repository": "some-owner/other", "bytes": 2000000000}'
    )
    rows = {row.name: row for row in models.rows(tmp_path)}
    assert rows[NAME].share == pytest.approx(0.5)
    assert not rows[NAME].is_here
    other = rows["some-owner--other"]
    assert (other.is_here, other.facts, other.page) == (True, "2.0 GB", "https://huggingface.co/some-owner/other")


def test_terms_of_a_gated_model_contain_its_page_and_the_login(tmp_path: Path) -> None:
    lines = models.terms("flux-dev", tmp_path)
    assert lines[0] == "FLUX.1, dev. License: FLUX.1 [dev] Non-Commercial."
    assert "Accept its license at https://huggingface.co/black-forest-labs/FLUX.1-dev" in lines[1]
    assert "hf auth login" in lines[1]
    assert lines[3] == "From: https://huggingface.co/black-forest-labs/FLUX.1-dev"


def test_a_download_that_cannot_start_or_stops_reports_an_error(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"Did you mean 'sdxl'\?"):
        models.Download(sys.executable, "sdxll", tmp_path)
    with pytest.raises(JobError, match="Cannot start"):
        models.Download(str(tmp_path / "nothing"), NAME, tmp_path)
    wrong = models.Download(sys.executable, NAME, tmp_path, mirror="huggingface.co")
    early = models.Download(sys.executable, NAME, tmp_path)
    early._child.kill()  # like the out-of-memory killer
    for download in (wrong, early):
        while download.is_running:
            download.poll()
            time.sleep(0.02)
        assert not download.progress.is_good
    assert wrong.progress.message == "The mirror must be a URL such as https://example.org. Correct it."
    assert early.progress.message == (
        "The download stopped: The system stopped the backend, probably because memory ran out. Close other programs. "
        "Download again to continue."
    )


def test_a_single_file_selects_the_preset_of_its_family(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    file = tmp_path / "merge.safetensors"
    names = ("conditioner.embedders.1.model.positional_embedding", "first_stage_model.encoder.conv_in.weight")
    unet = {"model.diffusion_model.input_blocks.0.0.weight": torch.zeros(2, 4, 1, 1)}
    save_file(unet | {name: torch.zeros(1) for name in names}, file)
    model_facts.read(str(file), tmp_path)
    assert model_facts.of(str(file)).pipeline == "StableDiffusionXLPipeline"
    assert preset_choice.best(model_facts.of(str(file))) == "sdxl"
    check_model(str(file), tmp_path)

    save_file({"lora_unet_down.lora_down.weight": torch.zeros(1)}, file)
    model_facts.read(str(file), tmp_path)
    assert preset_choice.best(model_facts.of(str(file))) == ""
    with pytest.raises(UserError, match="is a LoRA"):
        check_model(str(file), tmp_path)
