"""The small models of the large ones' architectures: what they are told, what they learn, and that they load like any other."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from backend.errors import UserError
from backend.guidance.families import load_family
from backend.guidance.loader import open_prior
from backend.overrides import apply_overrides
from backend.prior_lab.dataset import shard_folder
from backend.prior_lab.small.flow_model import NOTHING_TOKENS, CountedAttention
from backend.prior_lab.small.parts import JOINT_WIDTH, PICTURE_PX, build_transformer
from backend.prior_lab.small.pictures import Pictures
from backend.prior_lab.small.proof import errors
from backend.prior_lab.small.train import SmallSettings, train_small
from backend.prior_lab.small.words import build_tokenizer, family_caption
from backend.prior_lab.vocabulary import all_words

CPU = torch.device("cpu")
COLOURS = {"red": (220, 30, 30), "blue": (30, 60, 220)}


@pytest.mark.parametrize(
    ("caption", "said"),
    [
        ("a red mushroom, azimuth 100 elevation 20 fill 85, unlit", "a red mushroom, side view"),
        (
            "a red mushroom, azimuth 355 elevation minus 5 fill 85 light minus 20 40, shaded",
            "a red mushroom, front view",
        ),
        ("a ball, azimuth 180 elevation 65", "a ball, overhead view"),
        ("a white bottle with a red cap, azimuth 200 elevation 10", "a white bottle with a red cap, back view"),
        ("a ball, front left view from above, shaded", "a ball, front left view from above"),
        ("a ball, unlit", "a ball"),
        ("a ball", "a ball"),
        ("a ball, azimuth 0 elevation 0 fill 85, clay", None),
        ("a wooden ball, azimuth 0 elevation 0 fill 85, unlit", None),
        ("a red ball with white stripes, unlit", None),
        ("a tall bottle, unlit", None),
    ],
)
def test_captions_say_what_a_family_is_told(caption: str, said: str | None) -> None:
    assert family_caption(caption) == said


def test_every_word_of_the_world_is_one_token_and_others_are_spelled(tmp_path: Path) -> None:
    tokenizer = build_tokenizer(pad_token="!")
    tokenizer.save_pretrained(tmp_path)
    for known in (tokenizer, type(tokenizer).from_pretrained(tmp_path)):
        assert {word: len(known.tokenize(word)) for word in all_words()} == dict.fromkeys(all_words(), 1)
        assert "".join(known.tokenize("a Zyx?")) == "a</w>zyx</w>?</w>"
        ids = known("a ball", padding="max_length").input_ids
        assert ids[0] == known.bos_token_id
        assert ids[3:5] == [known.eos_token_id, known.pad_token_id]


def test_one_token_that_counts_for_many_does_what_many_do() -> None:
    torch.manual_seed(0)
    transformer = build_transformer()
    z, told, pooled = torch.randn(2, 4, 16, 16), torch.randn(2, 24, JOINT_WIDTH), torch.randn(2, 192)
    nothing = torch.zeros(2, NOTHING_TOKENS, JOINT_WIDTH)

    def ask(tokens: torch.Tensor) -> torch.Tensor:
        when = torch.tensor([900.0, 300.0])
        return transformer(
            hidden_states=z, timestep=when, encoder_hidden_states=tokens, pooled_projections=pooled
        ).sample

    with torch.no_grad():
        many, few = ask(torch.cat((told, nothing), 1)), ask(torch.cat((told, nothing[:, :1]), 1))
        transformer.set_attn_processor(CountedAttention(NOTHING_TOKENS))
        counted = ask(torch.cat((told, nothing[:, :1]), 1))
    torch.testing.assert_close(counted, many, atol=1e-4, rtol=1e-4)
    assert (few - many).abs().max() > 1e-2


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shard each of two kinds: discs and squares in two colours."""
    folder = tmp_path_factory.mktemp("pictures")
    y, x = np.mgrid[-1 : 1 : PICTURE_PX * 1j, -1 : 1 : PICTURE_PX * 1j]
    for kind, inside in (("ball", x**2 + y**2 < 0.6), ("cube", np.maximum(abs(x), abs(y)) < 0.6)):
        at = shard_folder(folder, PICTURE_PX) / kind
        at.mkdir(parents=True)
        layers = [np.dstack([inside * np.uint8(value) for value in (*COLOURS[name], 255)]) for name in COLOURS]
        np.save(at / "00000.npy", np.stack(layers))
        captions = [f"a {name} {kind}, azimuth 0 elevation 10 fill 85, unlit" for name in COLOURS]
        (at / "00000.json").write_text(json.dumps(captions))
    return folder


@pytest.fixture(scope="module")
def run(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallSettings:
    """The settings of short trainings of either family, of which the autoencoder's is done."""
    settings = SmallSettings(
        run=tmp_path_factory.mktemp("run"),
        pictures=pictures,
        minutes=0.03,
        autoencoder_minutes=0.03,
        kinds=("ball", "cube"),
        shards=1,
        batch=4,
        sample_steps=2,
    )
    for family in ("sd", "sd3"):
        train_small(replace(settings, family=family))
    return settings


FAMILIES = ("sd", "sd3")


def folder_of(run: SmallSettings, family: str) -> Path:
    return run.run / family / "model"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_few_steps_lower_the_loss(run: SmallSettings, family: str) -> None:
    for part in ("autoencoder", family):
        entries = [json.loads(line) for line in (run.run / part / "log.jsonl").read_text().splitlines()]
        assert entries[-1]["loss"] < entries[0]["loss"]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_way_of_large_models_opens_it(run: SmallSettings, family: str) -> None:
    prior = open_prior(str(folder_of(run, family)), CPU)
    assert prior.image_px == PICTURE_PX
    prior.prepare("a red ball", "")
    text = prior.encode_text(["a red ball, front view", ""])
    noise = prior.predict_noise(torch.randn(2, 4, 16, 16), torch.tensor([300, 900]), text)
    assert noise.isfinite().all()
    assert (noise[0] - noise[1]).abs().max() > 0.1


@pytest.mark.parametrize("family", FAMILIES)
def test_diffusers_own_pipeline_draws_with_it(run: SmallSettings, family: str) -> None:
    from diffusers import DiffusionPipeline

    left_out = {"text_encoder_3": None, "tokenizer_3": None} if family == "sd3" else {}
    pipeline = DiffusionPipeline.from_pretrained(folder_of(run, family), local_files_only=True, **left_out)
    pipeline.set_progress_bar_config(disable=True)
    drawn = pipeline("a red ball", height=PICTURE_PX, width=PICTURE_PX, num_inference_steps=2, output_type="np").images
    assert drawn.shape == (1, PICTURE_PX, PICTURE_PX, 3)
    assert np.isfinite(drawn).all()
    assert Image.open(run.run / family / "samples.png").size == (4 * PICTURE_PX, 2 * PICTURE_PX)


@pytest.mark.parametrize("family", FAMILIES)
def test_latents_are_as_wide_as_the_noise(run: SmallSettings, family: str) -> None:
    prior = load_family(folder_of(run, family), CPU, torch.float32)
    shown, _ = Pictures(run.pictures, run.kinds).batch(128, torch.Generator().manual_seed(7))
    with torch.no_grad():
        latents = prior.encode(shown / 2 + 0.5)
        again = prior.decode(latents)
    assert latents.std().item() == pytest.approx(1, abs=0.05)
    assert prior.encoder_config["scaling_factor"] != pytest.approx(1, abs=0.2)
    if family == "sd":
        assert prior.encoder_config["shift_factor"] is None
    else:
        assert prior.encoder_config["shift_factor"] > 1
        assert latents.mean().item() == pytest.approx(0, abs=0.05)
    # An autoencoder of a second's training returns a shadow of what it got, but not something else.
    assert torch.corrcoef(torch.stack((again.flatten(), shown.flatten())))[0, 1] > 0.5


def test_errors_tell_a_prior_that_is_misread(run: SmallSettings) -> None:
    class Knows:
        """Sees everything, but for a noise that is scaled."""

        alphas_cumprod = torch.linspace(0.999, 0.001, 1000)

        def __init__(self, scale: float) -> None:
            self.scale = scale

        def encode(self, image: torch.Tensor) -> torch.Tensor:
            self.x = image * 2 - 1
            return self.x

        def encode_text(self, texts: list[str]) -> list[str]:
            return texts

        def predict_noise(self, z_t: torch.Tensor, t: torch.Tensor, text: list[str]) -> torch.Tensor:
            a = self.alphas_cumprod[t[0]]
            return self.scale * (z_t - a.sqrt() * self.x) / (1 - a).sqrt()

    shown, texts = Pictures(run.pictures, run.kinds).batch(8, torch.Generator().manual_seed(7))
    assert max(errors(Knows(1.0), shown, texts).values()) < 1e-6
    for noisy, error in errors(Knows(-1.0), shown, texts).items():
        assert error == pytest.approx(4 * noisy**2, rel=0.05)


def _third(right: object) -> float:
    """Of an autoencoder that learnt for two seconds the factor is between one and two; 1, which is what is read where it is left
    out, says too little then."""
    assert isinstance(right, float)
    return right / 3


@pytest.mark.parametrize(
    ("family", "file", "key", "wrong"),
    [
        ("sd", "scheduler/scheduler_config.json", "prediction_type", lambda right: "epsilon"),
        ("sd", "vae/config.json", "scaling_factor", _third),
        ("sd3", "vae/config.json", "scaling_factor", _third),
        ("sd3", "vae/config.json", "shift_factor", lambda right: 0.0),
    ],
)
def test_errors_tell_a_folder_that_is_misread(
    run: SmallSettings, tmp_path: Path, family: str, file: str, key: str, wrong: Callable[[object], object]
) -> None:
    """Two seconds of training are enough: what the model says of noise is then of the right size."""
    shown, texts = Pictures(run.pictures, run.kinds).batch(8, torch.Generator().manual_seed(7))
    folder = shutil.copytree(folder_of(run, family), tmp_path / "model")

    def seen() -> dict[float, float]:
        return errors(load_family(folder, CPU, torch.float32), shown, texts)

    right = seen()
    config = folder / file
    facts = json.loads(config.read_text())
    config.write_text(json.dumps({**facts, key: wrong(facts[key])}))
    misread = seen()
    assert max(misread[noisy] / right[noisy] for noisy in right) > 1.5, (right, misread)


def test_a_run_goes_on_and_a_finished_part_stays(run: SmallSettings) -> None:
    checkpoint, weights = run.run / "sd3" / "checkpoint.json", run.run / "autoencoder" / "checkpoint.safetensors"
    before, encoder = json.loads(checkpoint.read_text()), weights.read_bytes()
    train_small(replace(run, family="sd3"))
    assert json.loads(checkpoint.read_text()) == before
    train_small(replace(run, family="sd3", minutes=before["spent_s"] / 60 + 0.01))
    after = json.loads(checkpoint.read_text())
    assert after["step"] > before["step"]
    assert 0.5 < after["spent_s"] - before["spent_s"] < 5
    assert weights.read_bytes() == encoder
    averages = load_file(run.run / "sd3" / "checkpoint.safetensors")
    saved = load_file(folder_of(run, "sd3") / "transformer" / "diffusion_pytorch_model.safetensors")
    torch.testing.assert_close(saved["proj_out.weight"], averages["ema.transformer.proj_out.weight"])


def test_wrong_words_are_told(run: SmallSettings) -> None:
    with pytest.raises(UserError, match="There is no kind 'unicorn'"):
        train_small(replace(run, kinds=("unicorn",)))
    with pytest.raises(UserError, match="'family' must be one of sd, sd3"):
        apply_overrides(run, {"family": "sdxl"})
