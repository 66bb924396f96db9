"""Damaged and malicious model folders of every family: none is used, and none runs its own code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from backend.errors import UserError
from backend.guidance.builtin.prior import BUILTIN, PixelPrior
from backend.guidance.clip import JUDGE, Clip
from backend.guidance.families import FAMILIES, load_family
from backend.guidance.families.components import read_index, weight_files
from backend.guidance.families.weights import count_parameters
from backend.guidance.report import model_lines
from tests.guidance.folder_faults import change, drop_tensor, faults, spoil_tensor, weights, zero_tensors

KINDS = ("sd", "sdxl", "deepfloyd", "sd3", "flux-dev", "sana", "pixart-alpha", "pixart-sigma")  # one of each family
CPU = torch.device("cpu")
UNREADABLE = ("a value is not a number", "weights are zero")  # found only when the weights are read


def use(folder: Path) -> None:
    """Opens a model and uses all its parts once, as a job does."""
    prior = load_family(folder, CPU, torch.float32, picture_px=32 if folder.name.startswith("flux") else 0)
    prior.check_complete()
    prior.prepare("a red mushroom", "blurry")
    prior.encode(torch.zeros(1, 3, prior.image_px, prior.image_px))
    prior._image_networks()


def refused(action: object, *arguments: object) -> str:
    """The message with which a folder is refused; empty if it is used."""
    try:
        action(*arguments)  # type: ignore[operator]
    except UserError as error:
        return str(error) if error.code in ("weights", "prior") and str(error).endswith(".") else ""
    return ""


def escaped(source: Path, place: Path, wanted: tuple[str, ...] = ("",)) -> tuple[int, list[str]]:
    """Causes each fault in a copy of a model. Returns their number and those that were not found or not explained."""
    count, missed = 0, []
    for name in [name for name, _ in faults(source) if name.endswith(wanted)]:
        folder = shutil.copytree(source, place / source.name)
        dict(faults(folder))[name]()
        message = refused(use, folder)
        part = name.partition(":")[0].split(" ")[0]
        if part not in message:
            missed.append(f"{source.name}: {name}: {message or 'used'}")
        if not name.endswith(UNREADABLE) and not refused(lambda f=folder: [*model_lines(f, CPU, {})]):
            missed.append(f"{source.name}: {name}: fits")
        shutil.rmtree(folder)
        count += 1
    return count, missed


def test_silent_faults_are_found(tiny, tmp_path: Path) -> None:
    """Those that the libraries replace by an empty vocabulary or by random weights."""
    wanted = ("tokenizer: no vocabulary", "text_encoder_2: a tensor is missing", "text_encoder: weights are zero")
    count, missed = escaped(tiny("sdxl"), tmp_path, wanted)
    assert (count, missed) == (3, [])


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_of_every_family_is_found(kind: str, tiny, tmp_path: Path, figure) -> None:
    use(tiny(kind))
    count, missed = escaped(tiny(kind), tmp_path)
    assert missed == []
    figure(f"damaged {kind} folders that are refused, of {count}", count - len(missed), "folders", at_least=count)


def test_every_family_is_in_the_table(tiny) -> None:
    assert {read_index(tiny(kind))["_class_name"] for kind in KINDS} == set(FAMILIES)


@pytest.mark.parametrize("edit", [drop_tensor, spoil_tensor])
@pytest.mark.parametrize("part", ["unet", "text_encoder", "sketch"])
def test_the_built_in_model_has_the_same_checks(part: str, edit, tmp_path: Path) -> None:
    folder = shutil.copytree(BUILTIN, tmp_path / "weights")
    change(folder / part, edit)
    message = refused(PixelPrior.load, folder, CPU)
    assert part in message.lower()
    assert "extension" in message


@pytest.mark.parametrize("edit", [drop_tensor, spoil_tensor, zero_tensors])
def test_image_text_models_have_the_same_checks(edit, tmp_path: Path) -> None:
    folder = shutil.copytree(JUDGE, tmp_path / "clip")
    change(folder, edit)
    with pytest.raises(UserError, match=r"(incomplete|not numbers|ignores).*Use 'judge'"):
        Clip.load(str(folder))


def test_copies_that_are_not_loaded_are_not_counted(tiny, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny("sd"), tmp_path / "model")
    part, expected = folder / "unet", count_parameters(folder / "unet")
    for name in ("diffusion_pytorch_model.non_ema", "diffusion_pytorch_model.fp16", "other"):
        shutil.copy(weights(tiny("sd") / "unet"), part / f"{name}.safetensors")
    assert [path.name for path in weight_files(part)] == ["diffusion_pytorch_model.safetensors"]
    assert count_parameters(part) == expected
    assert list(model_lines(folder, CPU, {})) == [
        line.replace("sd ", "model ") for line in model_lines(tiny("sd"), CPU, {})
    ]
    use(folder)


# --- code in the folder

CODE = "import pathlib\npathlib.Path({canary!r}).write_text('ran')\nclass Own: pass\nfrom_pretrained = Own\n"


def _code(folder: Path, canary: Path) -> str:
    text = CODE.format(canary=str(canary))
    for place in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        for name in ("own.py", "pipeline.py", "modeling_own.py", "__init__.py", "conftest.py", "sitecustomize.py"):
            (place / name).write_text(text)
    return "own.Own"


def _edit(path: Path, **facts: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))


def _auto_map(folder: Path) -> None:
    for path in folder.glob("*/*config.json"):
        keys = ("AutoConfig", "AutoModel", "AutoTokenizer", "AutoencoderKL", "CLIPTextModel")
        _edit(path, auto_map=dict.fromkeys(keys, "own.Own"), custom_pipeline="pipeline", trust_remote_code=True)


def _own_pipeline(folder: Path) -> None:
    _edit(folder / "model_index.json", _class_name=["pipeline", "Own"])


def _own_part(folder: Path) -> None:
    _edit(folder / "model_index.json", unet=["own", "Own"])


def _pipeline_as_part(folder: Path) -> None:
    _edit(folder / "model_index.json", unet=["diffusers", "DiffusionPipeline"])
    (folder / "unet" / "model_index.json").write_text(json.dumps({"_class_name": ["pipeline", "Own"]}))


def _auto_classes(folder: Path) -> None:
    _auto_map(folder)
    _edit(
        folder / "model_index.json",
        text_encoder=["transformers", "AutoModel"],
        tokenizer=["transformers", "AutoTokenizer"],
    )


def _kernel(folder: Path) -> None:
    _edit(folder / "text_encoder" / "config.json", attn_implementation="./own", _attn_implementation="own/own")


def _template(folder: Path) -> None:
    evil = "{{ ''.__class__.__mro__[1].__subclasses__() }}{% import 'own.py' as own %}"
    _edit(folder / "tokenizer" / "tokenizer_config.json", chat_template=evil)
    (folder / "tokenizer" / "chat_template.jinja").write_text(evil)


def _pickles(folder: Path) -> None:
    """Real pickles that run a command when they are read, beside and instead of the weights."""
    command = b"cos\nsystem\n(S'touch %s'\ntR." % str(folder / "canary").encode()
    for part in ("unet", "text_encoder", "vae"):
        for name in ("pytorch_model.bin", "diffusion_pytorch_model.bin", "model.ckpt", "model.pkl"):
            (folder / part / name).write_bytes(command)
    weights(folder / "unet").unlink()


MALICE = (_auto_map, _own_pipeline, _own_part, _pipeline_as_part, _auto_classes, _kernel, _template, _pickles)


@pytest.mark.faults
def test_a_model_folder_never_runs_its_own_code(tiny, tmp_path: Path, repo: Path, figure) -> None:
    """In the command line, with a user who answers every question with yes."""
    ran = []
    script = "import sys, pathlib; from tests.guidance.test_model_folders import use; use(pathlib.Path(sys.argv[1]))"
    for malice in MALICE:
        folder = shutil.copytree(tiny("sd"), tmp_path / malice.__name__)
        canary = folder / "canary"
        _code(folder, canary)
        malice(folder)
        done = subprocess.run(
            [sys.executable, "-c", script, folder], input="y\n" * 20, cwd=repo, capture_output=True, text=True
        )
        assert done.returncode == 0 or "UserError" in done.stderr, done.stderr[-2000:]
        assert "trust_remote_code" not in done.stdout, "a question was shown"
        ran += [malice.__name__] if canary.exists() else []
    assert ran == []
    figure(f"malicious model folders that ran their code, of {len(MALICE)}", len(ran), "folders", at_most=0)
