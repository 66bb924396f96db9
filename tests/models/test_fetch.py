"""Models from a Hub on this machine, through the address of a mirror."""

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
CHUNK = 10 * 1024 * 1024  # what the library writes at once


class Told(list[tuple[str, str, float]]):
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


def fetch(hub: HubServer, root: Path, model=MODEL) -> Told:
    told = Told()
    fetch_model(model, root, hub.endpoint, told)
    return told


def refusal(hub: HubServer, root: Path, code: str, model=MODEL) -> str:
    with pytest.raises(UserError) as caught:
        fetch(hub, root, model)
    assert caught.value.code == code
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 400
    return message


def heavy(repository: Repository, size: int = 3 * CHUNK) -> bytes:
    """Makes the denoiser's file large enough to be interrupted: valid, with one tensor more."""
    from safetensors.torch import load, save

    tensors = load(repository.files[UNET])
    tensors["padding"] = torch.randint(0, 255, (size,), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    repository.files[UNET] = save(tensors, {"format": "pt"})
    return repository.files[UNET]


def test_what_is_needed_comes_and_is_a_prior(hub: HubServer, mirror: Repository, root: Path, folder: Path) -> None:
    told = fetch(hub, root)
    assert [phase for n, (phase, _, _) in enumerate(told) if n == 0 or told[n - 1][0] != phase] == [
        "looking", "downloading", "checking",
    ]  # fmt: skip
    fractions = [fraction for _, _, fraction in told]
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
    fetch(hub, root)  # it is here
    assert len(hub.requests) == count


def test_half_precision_is_preferred_and_comes_alone(hub: HubServer, mirror: Repository, root: Path) -> None:
    mirror.files["unet/diffusion_pytorch_model.fp16.safetensors"] = mirror.files[UNET]
    mirror.files["text_encoder/model.fp16-00001-of-00002.safetensors"] = b"half of a half: not complete"
    fetch(hub, root)
    assert [p.name for p in (root / "tiny" / "unet").glob("*.safetensors")] == [
        "diffusion_pytorch_model.fp16.safetensors"
    ]
    assert [p.name for p in (root / "tiny" / "text_encoder").glob("*.safetensors")] == ["model.safetensors"]


def test_a_vanished_repository_gives_way_to_the_next(hub: HubServer, mirror: Repository, root: Path) -> None:
    del hub.repositories[MIRROR]
    hub.repositories[COPY] = mirror
    fetch(hub, root)
    assert store.read(root, "tiny").repository == COPY


def test_without_any_source_it_says_so(hub: HubServer, root: Path, login: Path) -> None:
    login.write_text(TOKEN)
    message = refusal(hub, root, "prior")
    assert f"{MIRROR} is gone; {COPY} is gone" in message
    assert "choose another model" in message
    assert not [r for r in hub.requests if r.token]  # nobody had asked for a login


def test_pickled_weights_are_never_fetched(hub: HubServer, mirror: Repository, root: Path) -> None:
    del mirror.files[UNET]
    message = refusal(hub, root, "prior")
    assert "its unet only has pickled weights" in message
    assert not [r for r in hub.requests if r.path.endswith(".bin")]


@pytest.mark.parametrize(
    ("path", "content", "code", "words"),
    [
        ("model_index.json", None, "prior", "is not in diffusers' layout"),
        ("model_index.json", b'{"_class_name": "WanPipeline"}', "prior", "'WanPipeline'"),
        ("unet/config.json", None, "weights", "unet/config.json is missing"),
    ],
)
def test_what_is_no_model_is_one_sentence(
    hub: HubServer, mirror: Repository, root: Path, path: str, content: bytes | None, code: str, words: str
) -> None:
    if content is None:
        del mirror.files[path]
    else:
        mirror.files[path] = content
    assert words in refusal(hub, root, code)
    assert store.read(root, "tiny") is None


def test_the_first_commit_is_kept_to(hub: HubServer, mirror: Repository, root: Path) -> None:
    fetch(hub, root)
    store.remove(root, "tiny")
    assert store.read(root, "tiny") is None
    hub.requests.clear()
    fetch(hub, root)  # the branch is not asked again
    assert not [r for r in hub.requests if r.path == f"/api/models/{MIRROR}" or "/revision/" in r.path]
    assert all("a" * 40 in r.path for r in hub.requests if r.address == "hub")
    store.remove(root, "tiny")
    mirror.commit = "b" * 40  # history was rewritten: the pinned files are nowhere
    assert "is gone" in refusal(hub, root, "prior")


# --- interruptions


def test_a_cut_connection_is_gone_on_with(hub: HubServer, mirror: Repository, root: Path) -> None:
    content = heavy(mirror)
    mirror.cut_after[UNET] = 2 * CHUNK + 1000
    fetch(hub, root)
    assert hub.ranges(UNET) == ["", f"bytes={2 * CHUNK}-"]
    assert (root / "tiny" / UNET).read_bytes() == content


def test_what_an_earlier_attempt_has_brought_is_not_fetched_again(
    hub: HubServer, mirror: Repository, root: Path
) -> None:
    content = heavy(mirror)
    mirror.files["scheduler/scheduler_config.json"] += b" "
    part = root / "tiny.part" / "unet"
    part.mkdir(parents=True)
    name = f"diffusion_pytorch_model.safetensors.{hashlib.sha256(content).hexdigest()[:16]}.part"
    (part / name).write_bytes(content[: CHUNK + 5])
    told = fetch(hub, root)
    assert hub.ranges(UNET) == [f"bytes={CHUNK + 5}-"]
    assert next(fraction for phase, _, fraction in told if phase == "downloading") > 0.3
    assert (root / "tiny" / UNET).read_bytes() == content


def test_another_sources_files_are_not_mixed_in(hub: HubServer, mirror: Repository, root: Path) -> None:
    mirror.files["vae/diffusion_pytorch_model.safetensors"] = b"no safetensors"
    refusal(hub, root, "weights")  # all came, and the check found it
    del hub.repositories[MIRROR]
    other = Repository(dict(mirror.files), commit="c" * 40)
    other.files[UNET] = heavy(other, 1000)
    other.files["vae/diffusion_pytorch_model.safetensors"] = mirror.files[UNET]
    hub.repositories[COPY] = other
    hub.requests.clear()
    fetch(hub, root)
    assert (root / "tiny" / UNET).read_bytes() == other.files[UNET]
    assert not hub.ranges("text_encoder/model.safetensors")  # the same bytes, and here already


def test_a_damaged_file_is_not_kept(hub: HubServer, mirror: Repository, root: Path) -> None:
    mirror.garble.add(UNET)
    assert "arrived damaged" in refusal(hub, root, "network")
    assert not list((root / "tiny.part" / "unet").glob("*.safetensors*"))
    mirror.garble.clear()
    fetch(hub, root)


def test_an_address_that_is_not_there(hub: HubServer, root: Path, login: Path) -> None:
    hub.close()
    assert "look at the network" in refusal(hub, root, "network")


def test_an_address_that_is_no_hub(hub: HubServer, mirror: Repository, root: Path) -> None:
    mirror.commit = "<html>"
    assert "does not answer like the Hub" in refusal(hub, root, "network")
    with pytest.raises(UserError, match="must look like"):
        fetch_model(MODEL, root, "huggingface.co", Told())


# --- gated models


@pytest.fixture
def gated(mirror: Repository) -> Repository:
    mirror.tokens = frozenset({TOKEN})
    return mirror


def test_a_gated_model_without_a_login(hub: HubServer, gated: Repository, root: Path) -> None:
    message = refusal(hub, root, "gated")
    assert "accept it on https://huggingface.co/some-owner/tiny-model" in message
    assert "hf auth login" in message


def test_a_gated_model_that_this_account_may_not_have(
    hub: HubServer, gated: Repository, root: Path, login: Path
) -> None:
    login.write_text("hf_another")
    message = refusal(hub, root, "gated")
    assert "your account has not" in message
    assert "hf_another" not in message


def test_the_token_is_sent_to_the_hub_alone_and_written_nowhere(
    hub: HubServer, gated: Repository, root: Path, login: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    login.write_text(TOKEN)
    told = fetch(hub, root)
    assert {r.token for r in hub.requests if r.address == "hub"} == {"", TOKEN}
    assert {r.token for r in hub.requests if r.address == "storage"} == {""}
    assert TOKEN not in str(told)
    assert TOKEN not in "".join(capfd.readouterr())
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path != login]
    assert len(written) > 10
    assert not [path for path in written if TOKEN.encode() in path.read_bytes()]


def test_a_private_repository_of_ones_own(hub: HubServer, gated: Repository, root: Path, login: Path) -> None:
    gated.is_private = True
    model = find(MIRROR)
    assert "is gone or not for you" in refusal(hub, root, "prior", model)
    login.write_text(TOKEN)
    fetch(hub, root, model)
    assert {r.token for r in hub.requests if r.address == "storage"} == {""}


def test_a_token_does_not_travel_unencrypted(
    hub: HubServer, gated: Repository, root: Path, login: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login.write_text(TOKEN)
    monkeypatch.setattr("backend.models.hub.AT_HOME", ())  # 127.0.0.1 is as any other address
    assert "unencrypted" in refusal(hub, root, "gated")
    assert not [r for r in hub.requests if r.token]


# --- this machine


def test_no_room_is_known_before_anything_large_comes(hub: HubServer, mirror: Repository, root: Path) -> None:
    mirror.sizes[UNET] = 10**18
    message = refusal(hub, root, "disk")
    assert "make room" in message
    assert not hub.ranges("safetensors")


def test_a_folder_that_cannot_be_written(hub: HubServer, mirror: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "cannot be written" in refusal(hub, tmp_path / "file" / "models", "files")


def test_a_folder_of_the_persons_own_is_left_alone(hub: HubServer, mirror: Repository, root: Path) -> None:
    (root / "tiny").mkdir(parents=True)
    (root / "tiny" / "mine.txt").write_text("mine")
    assert "in the way" in refusal(hub, root, "files")
    assert not store.remove(root, "tiny")
    assert (root / "tiny" / "mine.txt").read_text() == "mine"


def test_one_download_at_a_time(hub: HubServer, mirror: Repository, root: Path) -> None:
    root.mkdir()
    lock = FolderLock(store.lock_of(root, "tiny"))
    assert lock.acquire()
    assert "already" in refusal(hub, root, "files")
    with pytest.raises(JobError, match="cancel that first"):
        store.remove(root, "tiny")
    lock.release()
    assert not hub.requests


def test_offline_is_respected(hub: HubServer, mirror: Repository, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in refusal(hub, root, "network")
    assert not hub.requests


def test_removed_is_removed_and_twice_is_once(hub: HubServer, mirror: Repository, root: Path) -> None:
    fetch(hub, root)
    assert store.remove(root, "tiny")
    assert not store.remove(root, "tiny")
    assert {path.name for path in root.iterdir()} == {"tiny.pin.json", "tiny.lock"}
    with pytest.raises(UserError, match="'tiny' was not found"):
        prior_folder("tiny")


def test_a_name_of_the_list_says_how_to_get_it(root: Path) -> None:
    with pytest.raises(UserError, match=r"'sd-2.1-base' is not downloaded\. Download it"):
        prior_folder("sd-2.1-base")
    store.staging_of(root, "sd-2.1-base").mkdir(parents=True)
    (store.staging_of(root, "sd-2.1-base") / "x.part").write_bytes(b"x")
    with pytest.raises(UserError, match="only partly downloaded"):
        prior_folder("sd-2.1-base")


def test_a_model_of_ones_own_choice_has_the_hubs_name(hub: HubServer, mirror: Repository, root: Path) -> None:
    fetch(hub, root, find(MIRROR))
    assert prior_folder(MIRROR) == root / "some-owner--tiny-model"
