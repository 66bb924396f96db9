"""`build.py gpu`: the plan, the time, resuming, the table, and rows with small models on the CPU."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from backend.guidance import fit
from tools import full_size_models
from tools.common import Failed
from tools.gpu import __main__ as gpu
from tools.gpu import cards, family, fast, field, models, precision, table, training
from tools.gpu.plan import Row, rows
from tools.gpu.results import DONE, FAILED, Result, Results
from tools.gpu.running import run_row, run_rows
from tools.gpu.settings import settings_of

CPU = torch.device("cpu")
BROKEN = Row("broken", "family", {"model": "unknown", "preset": "sd"}, 10)
MACHINE = {"device": "cuda (a card)", "torch": "2.13.0"}
STEP = {
    "model": "sd2",
    "dtype": "bfloat16",
    "step_ms": 100.0,
    "parts_ms": {"render": 3.0, "encoder": 20.0, "model": 40.0, "backward": 35.0, "rest": 2.0},
    "floor_ms": {"model": 40.0, "encoder": 50.0},
    "ratio": 1.11,
    "memory": {"steps": {"needed": 9 << 30, "reserved": 10 << 30, "estimate": 10 << 30}},
}


def small(name: str) -> dict[str, object]:
    """The options of a row of the plan with small models."""
    return dict(next(row for row in rows("tiny") if row.name == name).options)


def test_the_most_important_rows_are_first() -> None:
    names = [row.name for row in rows("full")]
    assert names[:4] == ["Stable Diffusion 2.1", "field and renderer", "fast", "Stable Diffusion 1.5"]
    assert [row.kind for row in rows("full")][10:] == [*2 * ["precision"], *2 * ["family"], "training", "cards"]
    assert len(set(names)) == len(names)
    assert [row.name for row in rows("tiny")] == names


def test_every_model_of_the_plan_exists_at_full_size_and_small() -> None:
    names = {row.options["model"] for row in rows("full") if "model" in row.options}
    assert names == set(models.TINY)
    for name in names:
        full, tiny = (models.random_files(name, size, CPU) for size in ("full", "tiny"))
        assert full.index["_class_name"] == tiny.index["_class_name"]
        model = (full_size_models.MODELS | full_size_models.LARGER)[name]
        # The publishers round the numbers of DeepFloyd IF and Sana.
        assert full.count(model.denoiser) / 1e6 == pytest.approx(model.millions, rel=0.03)
        prior = models.random_prior(name, "full", CPU, torch.bfloat16)
        assert fit.estimate(prior, settings_of("quality")).pictures >= 2e6 * 0.97 * model.millions
        for part in prior.tokenizers:
            assert len(prior.files.load_tokenizer(part)("a red mushroom").input_ids) > 3


def test_random_weights_are_the_same_every_time() -> None:
    files = models.random_files("sd2", "tiny", CPU)
    first, second = (files.load_network("unet", dtype) for dtype in (torch.float32, torch.bfloat16))
    for ours, theirs in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(ours.to(torch.bfloat16), theirs)
    assert not first.training
    assert not any(parameter.requires_grad for parameter in first.parameters())


def test_rows_that_take_too_long_do_not_start(tmp_path: Path) -> None:
    results = Results(tmp_path, "cpu", "tiny")
    not_run = run_rows([Row("long", "family", {}, 3600)], results, "cpu", "tiny", minutes=1)
    assert list(not_run) == ["long"]
    assert "needs about 3600 s, 60 s were left" in not_run["long"]
    assert not results.rows


def test_rows_that_are_not_done_are_next(tmp_path: Path) -> None:
    plan = [Row(name, "family", {}, 1) for name in ("a", "b", "c")]
    results = Results(tmp_path, "cuda", "full")
    results.add(Result("a", "family", FAILED, 1.0, "out of memory"))
    results.add(Result("b", "family", DONE, 1.0, facts=STEP))
    again = Results(tmp_path, "cuda", "full")
    assert again.rows == results.rows
    assert [row.name for row in again.pending(plan)] == ["c", "a"]


def test_results_of_another_device_are_kept(tmp_path: Path) -> None:
    Results(tmp_path, "cpu", "tiny").add(Result("a", "family", DONE, 1.0))
    before = (tmp_path / "gpu.json").read_text()
    with pytest.raises(Failed, match=r"device cpu, models tiny\. Choose another folder"):
        Results(tmp_path, "cuda", "full")
    (tmp_path / "gpu.json").write_text(before[:20])
    with pytest.raises(Failed, match="cannot be read"):
        Results(tmp_path, "cpu", "tiny")


def test_the_table_shows_goals_failures_and_what_did_not_run() -> None:
    view = {
        "state": "object",
        "px": 64,
        "forward_ms": 3.0,
        "backward_ms": 2.0,
        "ms": 5.0,
        "memory": {"needed": 1 << 30},
    }
    found = [
        Result("Stable Diffusion 2.1", "family", DONE, 9.0, facts=STEP | MACHINE),
        Result("field and renderer", "field", DONE, 9.0, facts={"views": [view], **MACHINE}),
        Result("FLUX.1-dev", "family", FAILED, 9.0, "OutOfMemoryError: CUDA out of memory."),
    ]
    text = table.report(
        rows("full"), {row.name: row for row in found}, {"fast": "needs about 40 s, 3 s were left"}, True
    )
    assert "| step of Stable Diffusion 2.1 / floor | 1.11 times | 1.15 times | yes |" in text
    assert "| field and renderer, 4 views of 64 px, object | 5.00 ms | 4 ms | NO |" in text
    assert "| Stable Diffusion 2.1 | steps | 10.00 | 9.00 | -10% | 10.00 |" in text
    assert "- FLUX.1-dev: OutOfMemoryError: CUDA out of memory." in text
    assert "- fast: needs about 40 s, 3 s were left" in text
    assert "- training: did not start" in text


def test_without_a_gpu_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    assert gpu.main(["--output", str(tmp_path / "new")]) == 2
    assert "Choose auto or cpu" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_step_its_parts_and_its_floor_add_up() -> None:
    torch.set_num_threads(1)
    found = family.measure(CPU, "tiny", **small("Stable Diffusion 2.1"))
    parts, floor = found["parts_ms"], found["floor_ms"]
    assert set(parts) == {"render", "encoder", "model", "regularizers", "backward", "optimizer", "rest"}
    assert sum(parts.values()) == pytest.approx(found["step_ms"], abs=0.01)
    assert all(parts[name] > 0 for name in parts if name != "rest")
    assert abs(parts["rest"]) < 0.5 * found["step_ms"]  # nothing is missing, and nothing counts twice
    assert floor["model"] == pytest.approx(parts["model"], rel=0.9)
    assert found["ratio"] == pytest.approx(found["step_ms"] / sum(floor.values()), rel=0.01)
    assert found["memory"]["steps"]["estimate"] > found["memory"]["texts"]["estimate"] > 0


def test_the_field_is_measured_with_and_without_empty_cells() -> None:
    torch.set_num_threads(1)
    found = field.measure(CPU, "tiny", **small("field and renderer"))["views"]
    assert [(view["state"], view["px"]) for view in found] == [
        ("object", 16),
        ("object", 32),
        ("start", 16),
        ("start", 32),
    ]
    assert all(view["forward_ms"] > 0 and view["backward_ms"] > 0 for view in found)


def test_a_row_that_fails_costs_only_itself(tmp_path: Path) -> None:
    results = Results(tmp_path, "cpu", "tiny")
    assert run_rows([BROKEN], results, "cpu", "tiny", minutes=2) == {}
    failed = Results(tmp_path, "cpu", "tiny").rows["broken"]
    assert (failed.status, failed.reason) == (FAILED, "KeyError: 'unknown'")
    assert (tmp_path / "gpu.log").read_text().startswith("--- broken\nTraceback")


def test_a_row_that_hangs_is_ended(tmp_path: Path) -> None:
    row = Row("slow, training", "training", {"sizes": [32], "batches": [4], "rounds": 10**6}, 1)
    found = run_row(row, "cpu", "tiny", 1.0, tmp_path)
    assert (found.status, found.reason) == (FAILED, "It did not end within 1 s.")


@pytest.mark.gpu
def test_times_and_memory_on_a_gpu() -> None:
    found = family.measure(torch.device("cuda"), "tiny", **small("offload, Stable Diffusion 2.1"))
    assert all(found["parts_ms"][name] > 0 for name in ("render", "encoder", "model", "backward", "optimizer"))
    assert found["step_ms"] > found["floor_ms"]["model"] > 0
    memory = found["memory"]["steps"]
    assert memory["reserved"] >= memory["needed"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", [row.name for row in rows("tiny") if row.kind == "family"][1:8])
def test_every_family_has_a_floor(name: str) -> None:
    found = family.measure(CPU, "tiny", **small(name))
    assert found["step_ms"] > 0
    assert found["floor_ms"]["model"] > 0  # measured apart: on a busy computer it can be above the step of a tiny model


@pytest.mark.slow
def test_half_precision_is_close_to_single() -> None:
    found = precision.measure(CPU, "tiny", **small("precision, Stable Diffusion 2.1"))["types"]
    assert found["float32"]["gradient_error"] < 1e-5
    for name in ("bfloat16", "float16"):
        assert 1e-5 < found[name]["prediction_error"] < 0.1
    assert found["float16"]["prediction_error"] < found["bfloat16"]["prediction_error"]


@pytest.mark.slow
def test_the_other_rows_have_results() -> None:
    found = fast.measure(CPU, "tiny", **small("fast"))
    assert found["overlapped_step_ms"] > 0
    assert found["step_ms"] > 0
    assert found["floor_ms"]["model"] > 0
    (step,) = training.measure(CPU, "tiny", **small("training"))["steps"]
    assert step["samples_per_s"] == pytest.approx(4000 / step["ms"], rel=0.01)
    assert step["rendered_per_s"] > 0
    both = cards.measure(CPU, "tiny", **small("torchrun, Stable Diffusion 2.1"))
    assert (both["cards"], both["views"]) == (2, 4)
    assert both["speedup"] > 0


@pytest.mark.slow
def test_a_second_run_continues(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    arguments = ["--models", "tiny", "--device", "cpu", "--output", str(tmp_path), "--only", "field and renderer"]
    assert gpu.main([*arguments, "--minutes", "0.01"]) == 0
    assert "- field and renderer: needs about 20 s" in (tmp_path / "gpu.md").read_text()
    assert gpu.main([*arguments, "--minutes", "5"]) == 0
    first = json.loads((tmp_path / "gpu.json").read_text())
    assert gpu.main([*arguments, "--minutes", "5"]) == 0
    assert json.loads((tmp_path / "gpu.json").read_text()) == first
    assert "## Field and renderer" in (tmp_path / "gpu.md").read_text()
