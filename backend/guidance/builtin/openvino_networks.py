"""The networks of the built-in model, as OpenVINO runs them on x86-64 processors: in less than half of PyTorch's time.

The model is converted once for each environment, in a separate process (`conversion`), which also compares the result with PyTorch.
Without OpenVINO, or if the conversion fails, PyTorch runs the networks.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...errors import JobError
from ...jobs import variables
from ...jobs.files import write_atomic
from ...jobs.launch import BACKEND_ROOT, CRASHED, NO_WINDOW
from ...jobs.lock import FolderLock
from ...jobs.reading import read_object
from ..loading import check_words
from ..view_conditions import ViewConditions
from .labels import view_labels
from .networks import PATCH
from .sketch import CONFIG, expected_velocity

FORMAT = 3  # of the converted files; another one converts again
DENOISER, TEXT_ENCODER, FACTS = "denoiser.xml", "text_encoder.xml", "facts.json"
COMPILED = "denoiser.blob"  # the compiled denoiser for `USUAL`, which loads in less than half of the time
USUAL = (2, 1)  # batch size and threads of a step of the preset "fast"
TIMEOUT_S = 600.0
MAX_TEXTS = 64  # kept encoded
_SOURCES = ("unet/config.json", "unet/diffusion_pytorch_model.safetensors", "sketch/config.json", "sketch/model.safetensors",
            "text_encoder/config.json", "text_encoder/model.safetensors", "scheduler/scheduler_config.json")  # fmt: skip


class OpenVinoNetworks:
    """See `networks.Networks`.

    Args:
        converted: a folder from `conversion`.
        dtype: of the computations in the denoiser.
    """

    device, dtype = torch.device("cpu"), torch.float32

    def __init__(self, folder: Path, converted: Path, dtype: torch.dtype) -> None:
        from tokenizers import Tokenizer

        self._core = import_openvino().Core()
        self._denoiser, self._precision = converted / DENOISER, "bf16" if dtype == torch.bfloat16 else "f32"
        self._compiled: dict[tuple[int, int], Any] = {}  # requests by batch size and threads
        # Two jobs overlap when one was dropped while its last view is evaluated in the thread of the model.
        self._one_at_a_time = Lock()
        self._loading: Future[Any] | None = None
        if (converted / COMPILED).exists():
            thread = ThreadPoolExecutor(1, "load")  # the job continues with its imports
            self._loading = thread.submit(self._load_usual, converted / COMPILED)
            thread.shutdown(wait=False)
        self._texts: dict[str, tuple[Tensor, Tensor]] = {}
        text_encoder = self._core.read_model(converted / TEXT_ENCODER)
        self._encode = self._core.compile_model(text_encoder, "CPU", _options("f32", 1)).create_infer_request()
        length = int(text_encoder.inputs[0].get_partial_shape()[1].get_length())
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))
        self._tokenizer.enable_truncation(length)
        self._tokenizer.enable_padding(length=length, pad_id=self._tokenizer.token_to_id("[PAD]"), pad_token="[PAD]")
        check_words(self._ids, self._tokenizer.decode, folder / "tokenizer")
        self.image_px = PATCH * int(read_object(folder / "unet" / "config.json", of_model=True)["sample_size"])
        self.alphas_cumprod = torch.tensor(read_object(converted / FACTS)["alphas_cumprod"])
        self._spread = float(read_object(folder / "sketch" / CONFIG, of_model=True)["spread"])

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text).ids)

    def encode_text(self, texts: Sequence[str], views: Sequence[ViewConditions | None] | None) -> tuple[Tensor, Tensor]:
        hidden, words = zip(*(self._encode_one(text) for text in texts), strict=True)
        return torch.cat(hidden), torch.cat((torch.cat(words), view_labels(views or [None] * len(texts))), 1)

    def _encode_one(self, text: str) -> tuple[Tensor, Tensor]:
        """A job has few texts, and many views of each."""
        if text not in self._texts:
            if len(self._texts) >= MAX_TEXTS:
                self._texts.clear()
            tokens = self._tokenizer.encode(text)
            ids, mask = (np.array([numbers], np.int64) for numbers in (tokens.ids, tokens.attention_mask))
            with self._one_at_a_time:
                hidden, words = _infer(self._encode, (ids, mask))
            self._texts[text] = hidden, words
        return self._texts[text]

    def predict_velocity(
        self, z_t: Tensor, t: Tensor, alphas_cumprod: Tensor, hidden: Tensor, labels: Tensor
    ) -> Tensor:
        z_t = z_t.float()
        given = (tensor.contiguous().numpy() for tensor in (z_t, t, hidden, labels))
        with self._one_at_a_time:
            drawn, residual = _infer(self._request(z_t, hidden), tuple(given))
        return residual + expected_velocity(drawn, z_t, alphas_cumprod, self._spread)

    def _request(self, z_t: Tensor, hidden: Tensor) -> Any:
        """The compiled denoiser for the shapes of these inputs."""
        key = len(z_t), torch.get_num_threads()
        if key not in self._compiled:
            compiled = self._loading.result() if self._loading and key == USUAL else None
            self._compiled[key] = (compiled or self._compile(len(z_t), key[1])).create_infer_request()
        return self._compiled[key]

    def _compile(self, count: int, threads: int) -> Any:
        model = self._core.read_model(self._denoiser)
        # With fixed labels, the float32 compiler of OpenVINO 2025.4 to 2026.4 crashes.
        shapes = {port: [count, *list(port.get_partial_shape())[1:]] for port in model.inputs[:3]}
        model.reshape(shapes)
        return self._core.compile_model(model, "CPU", _options(self._precision, threads))

    def export_usual(self) -> bytes:
        """The compiled denoiser for `USUAL`, for this processor and this version of OpenVINO."""
        made = self._compile(*USUAL).export_model()
        return made if isinstance(made, bytes) else bytes(made.getvalue())

    def _load_usual(self, file: Path) -> Any:
        """None if OpenVINO does not accept the file, for example after a change of the processor."""
        try:
            return self._core.import_model(file.read_bytes(), "CPU", _options(self._precision, USUAL[1]))
        except (OSError, RuntimeError):
            return None


def _options(precision: str, threads: int) -> dict[str, Any]:
    # Pinned threads of two jobs would share one core.
    return {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads, "ENABLE_CPU_PINNING": False}


def _infer(request: Any, inputs: tuple[np.ndarray, ...]) -> list[Tensor]:
    """Runs a network. The results are copies, because the request reuses its memory."""
    return [torch.from_numpy(np.array(made)) for made in request.infer(inputs, share_inputs=True).values()]


def import_openvino() -> Any:
    """Imports OpenVINO without its telemetry, which would send the version and the system to its makers.

    Raises:
        ImportError: OpenVINO is not installed.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # makes its import fail
    import openvino

    return openvino


def find_networks(folder: Path, dtype: torch.dtype) -> OpenVinoNetworks | None:
    """Returns the networks of the model in a folder, which are converted first if necessary. None if PyTorch must run them.

    Raises:
        Damaged: the tokenizer lacks words.
    """
    try:
        converted = find_converted(folder, dtype)
    except (ImportError, OSError, JobError):  # no OpenVINO, files missing, or the environment is read-only
        return None
    facts = _complete_facts(converted)
    if not facts or not facts["is_usable"]:
        return None
    try:
        return OpenVinoNetworks(folder, converted, dtype)
    except RuntimeError:  # of OpenVINO
        return None


def find_converted(folder: Path, dtype: torch.dtype) -> Path:
    """Returns the folder of the converted model in this environment. Converts the model, unless that was tried before.

    Raises:
        ImportError: OpenVINO is not installed.
        OSError, JobError: a file is missing, or the environment is read-only.
    """
    place = Path(sys.prefix) / "dreamfusion-networks"
    target = place / _identity(folder, dtype)
    if _complete_facts(target):
        return target
    place.mkdir(exist_ok=True)
    lock = FolderLock(place / "lock")
    lock.acquire(TIMEOUT_S)
    try:
        if not _complete_facts(target):
            for left in (target, *place.glob(f"{target.name}-*")):  # the others are of conversions that were killed
                shutil.rmtree(left, ignore_errors=True)
            _convert(folder, target, dtype)
    finally:
        lock.release()
    return target


def _complete_facts(converted: Path) -> dict[str, Any] | None:
    """The facts of a conversion that ended and whose files are as they were written."""
    try:
        facts = read_object(converted / FACTS)
        is_whole = facts["hashes"] == hashes(converted) or not facts["is_usable"]
    except (OSError, JobError, KeyError):
        return None
    return facts if is_whole else None


def hashes(converted: Path) -> dict[str, str]:
    """The SHA-256 of each file of a conversion except `FACTS`."""
    files = sorted(file for file in converted.iterdir() if file.name != FACTS)
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _convert(folder: Path, target: Path, dtype: torch.dtype) -> None:
    """Runs `conversion`. If it crashes or never ends, that is recorded, and not repeated."""
    command = [sys.executable, "-m", f"{__package__}.conversion", str(folder), str(target), str(dtype)]
    try:
        done = subprocess.run(
            command,
            cwd=BACKEND_ROOT,
            env=variables.for_child(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT_S,
            creationflags=NO_WINDOW,
        )
    except subprocess.TimeoutExpired:
        _give_up(target, "timeout")
        return
    if done.returncode in CRASHED:
        _give_up(target, done.returncode)
    elif done.returncode:
        sys.stderr.write(done.stderr.decode(errors="replace"))


def _give_up(target: Path, status: int | str) -> None:
    target.mkdir(exist_ok=True)
    write_atomic(target / FACTS, json.dumps({"is_usable": False, "hashes": {}, "status": status}))


def _identity(folder: Path, dtype: torch.dtype) -> str:
    """Identifies the weights, the processor, and the version of OpenVINO."""
    version = import_openvino().get_version()
    digest = hashlib.sha256(f"{FORMAT} {version} {dtype} {sorted(torch.cpu.get_capabilities().items())}".encode())
    for name in _SOURCES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]
