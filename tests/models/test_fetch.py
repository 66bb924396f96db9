"""Downloads from a local Hub, given as a mirror."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch

from backend.catalog import store
from backend.catalog.entries import find
from backend.errors import JobError, UserError
from backend.guidance.loader import open_prior, prior_folder
from backend.jobs.lock import FolderLock
from backend.models.fetch import fetch_model
from tests.models.conftest import COPY, MIRROR, MODEL
from tests.models.hub_server import HubServer, Repository

UNET = "unet/diffusion_pytorch_model.safetensors"
TOKEN = "hf_" + "Secret" * 6
CHUNK = 10 * 1024 * 1024  # the chunk size of the library


class Reports(list[tuple[str, str, float]]):
    def __call__(self, phase: str, message: str, fraction: float) -> None:
        self.append((phase, message, fraction))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "models"
    monkeypatch.setenv("DREAMFUSION_MODELS", str(root))
    return root


@pytest.fixture
def mirror(hub: HubServer, folder: Path, login: Path) -> Repository:
    hub.repositories[MIRROR] = Repository.of(folder)
    return hub.repositories[MIRROR]


def fetch(hub: HubServer, root: Path, model=MODEL) -> Reports:
    reports = Reports()
    fetch_model(model, root, hub.endpoint, reports)
    return reports


def failure(hub: HubServer, root: Path, code: str, model=MODEL) -> str:
    with pytest.raises(UserError) as caught:
        fetch(hub, root, model)
    assert caught.value.code == code
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 400
    return message


def heavy(repository: Repository, size: int = 3 * CHUNK) -> bytes:
    """Enlarges the denoiser's weights by one tensor, so that their download can be interrupted."""
    from safetensors.torch import load, save

    tensors = load(repository.files[UNET])
    tensors["padding"] = torch.randint(0, 255, (size,), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    repository.files[UNET] = save(tensors, {"format": "pt"})
    return repository.files[UNET]


def test_a_downloaded_model_is_complete_and_loads(hub: HubServer, mirror: Repository, root: Path, folder: Path) -> None:
    reports = fetch(hub, root)
    assert [phase for n, (phase, _, _) in enumerate(reports) if n == 0 or reports[n - 1][0] != phase] == [
        "looking", "downloading", "checking",
    ]  # fmt: skip
    fractions = [fraction for _, _, fraction in reports]
    assert fractions == sorted(fractions)
    assert 0.9 < fractions[-1] <= 1
    made = root / "tiny"
    have = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert have - {"source.json"} == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } - {"README.md", "whole.safetensors", "safety_checker/model.safetensors", "unet/diffusion_pytorch_model.bin"}
    assert all((made / path).read_bytes() == mirror.files[path] for path in have - {"source.json"})
    facts = json.loads((made / "source.json").read_text())
    assert (facts["repository"], facts["commit"], facts["license"]) == (MIRROR, "a" * 40, "CC0")
    assert {path.name for path in root.iterdir()} == {"tiny", "tiny.pin.json", "tiny.lock"}
    assert prior_folder("tiny") == made
    prior = open_prior("tiny", torch.device("cpu"))
    prior.prepare("a red mushroom", "")
    assert prior.encode(torch.zeros(1, 3, 32, 32)).shape == (1, 4, 16, 16)

    count = len(hub.requests)
    fetch(hub, root)  # already downloaded
    assert len(hub.requests) == count


def test_half_precision_is_preferred(hub: HubServer, mirror: Repository, root: Path) -> None:
    mirror.files["unet/diffusion_pytorch_model.fp16.safetensors"] = mirror.files[UNET]
    mirror.files["text_encoder/model.fp16-00001-of-00002.safetensors"] = b"one of two shards"
    fetch(hub, root)
    assert [p.name for p in (root / "tiny" / "unet").glob("*.safetensors")] == [
        "diffusion_pytorch_model.fp16.safetensors"
    ]
    assert [p.name for p in (root / "tiny" / "text_encoder").glob("*.safetensors")] == ["model.safetensors"]


def test_a_missing_repository_falls_back_to_the_next_source(hub: HubServer, mirror: Repository, root: Path) -> None:
    del hub.repositories[MIRROR]
    hub.repositories[COPY] = mirror
    fetch(hub, root)
    assert store.read(root, "tiny").repository == COPY


def test_no_source_is_available(hub: HubServer, root: Path, login: Path) -> None:
    login.write_text(TOKEN)
    message = failure(hub, root, "prior")
    assert f"{MIRROR} does not exist; {COPY} does not exist" in message
    assert "Choose another model" in message
    assert not [r for r in hub.requests if r.token]  # no login is needed


def test_pickled_weights_are_never_fetched(hub: HubServer, mirror: Repository, root: Path) -> None:
    del mirror.files[UNET]
    message = failure(hub, root, "prior")
    assert "its unet has only pickled weights" in message
    assert not [r for r in hub.requests if r.path.endswith(".bin")]


@pytest.mark.parametrize(
    ("path", "content", "code", "text"),
    [
        ("model_index.json", None, "prior", "is not in diffusers layout"),
        ("model_index.json", b'{"_class_name": "WanPipeline"}', "prior", "'WanPipeline'"),
        ("unet/config.json", None, "weights", "unet/config.json is missing"),
    ],
)
def test_invalid_models(
    hub: HubServer, mirror: Repository, root: Path, path: str, content: bytes | None, code: str, text: str
) -> None:
    if content is None:
        del mirror.files[path]
    else:
        mirror.files[path] = content
    assert text in failure(hub, root, code)
    assert store.read(root, "tiny") is None


def test_the_first_commit_is_pinned(hub: HubServer, mirror: Repository, root: Path) -> None:
    fetch(hub, root)
    store.remove(root, "tiny")
    assert store.read(root, "tiny") is None
    hub.requests.clear()
    fetch(hub, root)  # does not query the branch again
    assert not [r for r in hub.requests if r.path == f"/api/models/{MIRROR}" or "/revision/" in r.path]
    assert all("a" * 40 in r.path for r in hub.requests if r.address == "hub")
    store.remove(root, "tiny")
    mirror.commit = "b" * 40  # rewritten history: the pinned commit is gone
    assert "does not exist" in failure(hub, root, "prior")


# --- interruptions


def test_a_closed_connection_is_resumed(hub: HubServer, mirror: Repository, root: Path) -> None:
    content = heavy(mirror)
    mirror.cut_after[UNET] = 2 * CHUNK + 1000
    fetch(hub, root)
    assert hub.ranges(UNET) == ["", f"bytes={2 * CHUNK}-"]
    assert (root / "tiny" / UNET).read_bytes() == content


def test_a_partial_download_is_resumed(hub: HubServer, mirror: Repository, root: Path) -> None:
    content = heavy(mirror)
    mirror.files["scheduler/scheduler_config.json"] += b" "
    part = root / "tiny.part" / "unet"
    part.mkdir(parents=True)
    name = f"diffusion_pytorch_model.safetensors.{hashlib.sha256(content).hexdigest()[:16]}.part"
    (part / name).write_bytes(content[: CHUNK + 5])
    reports = fetch(hub, root)
    assert hub.ranges(UNET) == [f"bytes={CHUNK + 5}-"]
    assert next(fraction for phase, _, fraction in reports if phase == "downloading") > 0.3
    assert (root / "tiny" / UNET).read_bytes() == content


def test_files_of_different_sources_are_not_mixed(hub: HubServer, mirror: Repository, root: Path) -> None:
    vae = mirror.files["vae/diffusion_pytorch_model.safetensors"]
    mirror.files["vae/diffusion_pytorch_model.safetensors"] = b"not safetensors"
    failure(hub, root, "weights")  # found by the final check
    del hub.repositories[MIRROR]
    other = Repository(dict(mirror.files), commit="c" * 40)
    other.files[UNET] = heavy(other, 1000)
    other.files["vae/diffusion_pytorch_model.safetensors"] = vae
    hub.repositories[COPY] = other
    hub.requests.clear()
    fetch(hub, root)
    assert (root / "tiny" / UNET).read_bytes() == other.files[UNET]
    assert not hub.ranges("text_encoder/model.safetensors")  # the same content is already present


def test_a_damaged_file_is_deleted(hub: HubServer, mirror: Repository, root: Path) -> None:
    mirror.garble.add(UNET)
    assert "is damaged" in failure(hub, root, "network")
    assert not list((root / "tiny.part" / "unet").glob("*.safetensors*"))
    mirror.garble.clear()
    fetch(hub, root)


def test_an_unreachable_address(hub: HubServer, root: Path, login: Path) -> None:
    hub.close()
    assert "Check the network" in failure(hub, root, "network")


def test_an_address_that_is_not_a_hub(hub: HubServer, mirror: Repository, root: Path) -> None:
    mirror.commit = "<html>"
    assert "is not a mirror of the Hub" in failure(hub, root, "network")
    with pytest.raises(UserError, match="must be a URL"):
        fetch_model(MODEL, root, "huggingface.co", Reports())


# --- gated models


@pytest.fixture
def gated(mirror: Repository) -> Repository:
    mirror.tokens = frozenset({TOKEN})
    return mirror


def test_a_gated_model_without_a_login(hub: HubServer, gated: Repository, root: Path) -> None:
    message = failure(hub, root, "gated")
    assert "Accept it on https://huggingface.co/some-owner/tiny-model" in message
    assert "hf auth login" in message


def test_a_gated_model_whose_license_is_not_accepted(
    hub: HubServer, gated: Repository, root: Path, login: Path
) -> None:
    login.write_text("hf_another")
    message = failure(hub, root, "gated")
    assert "your account has not" in message
    assert "hf_another" not in message


def test_the_token_is_sent_only_to_the_hub_and_never_written(
    hub: HubServer, gated: Repository, root: Path, login: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    login.write_text(TOKEN)
    reports = fetch(hub, root)
    assert {r.token for r in hub.requests if r.address == "hub"} == {"", TOKEN}
    assert {r.token for r in hub.requests if r.address == "storage"} == {""}
    assert TOKEN not in str(reports)
    assert TOKEN not in "".join(capfd.readouterr())
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path != login]
    assert len(written) > 10
    assert not [path for path in written if TOKEN.encode() in path.read_bytes()]


def test_a_private_repository_of_the_user(hub: HubServer, gated: Repository, root: Path, login: Path) -> None:
    gated.is_private = True
    model = find(MIRROR)
    assert "does not exist or is private" in failure(hub, root, "prior", model)
    login.write_text(TOKEN)
    fetch(hub, root, model)
    assert {r.token for r in hub.requests if r.address == "storage"} == {""}


def test_a_token_is_never_sent_unencrypted(
    hub: HubServer, gated: Repository, root: Path, login: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login.write_text(TOKEN)
    monkeypatch.setattr("backend.models.hub.LOCAL_HOSTS", ())  # treat 127.0.0.1 as a remote host
    assert "unencrypted" in failure(hub, root, "gated")
    assert not [r for r in hub.requests if r.token]


# --- the local disk


def test_a_full_disk_is_reported_before_large_files_are_downloaded(
    hub: HubServer, mirror: Repository, root: Path
) -> None:
    mirror.sizes[UNET] = 10**18
    message = failure(hub, root, "disk")
    assert "Free up space" in message
    assert not hub.ranges("safetensors")


def test_an_unwritable_folder(hub: HubServer, mirror: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "Cannot write to" in failure(hub, tmp_path / "file" / "models", "files")


def test_a_folder_of_the_user_is_kept(hub: HubServer, mirror: Repository, root: Path) -> None:
    (root / "tiny").mkdir(parents=True)
    (root / "tiny" / "mine.txt").write_text("mine")
    assert "is not a downloaded model" in failure(hub, root, "files")
    assert not store.remove(root, "tiny")
    assert (root / "tiny" / "mine.txt").read_text() == "mine"


def test_one_download_at_a_time(hub: HubServer, mirror: Repository, root: Path) -> None:
    root.mkdir()
    lock = FolderLock(store.lock_of(root, "tiny"))
    assert lock.acquire()
    assert "already" in failure(hub, root, "files")
    with pytest.raises(JobError, match="Cancel the download first"):
        store.remove(root, "tiny")
    lock.release()
    assert not hub.requests


def test_offline_is_respected(hub: HubServer, mirror: Repository, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in failure(hub, root, "network")
    assert not hub.requests


def test_remove(hub: HubServer, mirror: Repository, root: Path) -> None:
    fetch(hub, root)
    assert store.remove(root, "tiny")
    assert not store.remove(root, "tiny")
    assert {path.name for path in root.iterdir()} == {"tiny.pin.json", "tiny.lock"}
    with pytest.raises(UserError, match="'tiny' was not found"):
        prior_folder("tiny")


def test_a_model_that_is_not_downloaded(root: Path) -> None:
    with pytest.raises(UserError, match=r"'sd-2.1-base' is not downloaded\. Download it"):
        prior_folder("sd-2.1-base")
    store.staging_of(root, "sd-2.1-base").mkdir(parents=True)
    (store.staging_of(root, "sd-2.1-base") / "x.part").write_bytes(b"x")
    with pytest.raises(UserError, match="only partly downloaded"):
        prior_folder("sd-2.1-base")


def test_a_model_outside_the_catalog(hub: HubServer, mirror: Repository, root: Path) -> None:
    fetch(hub, root, find(MIRROR))
    assert prior_folder(MIRROR) == root / "some-owner--tiny-model"
