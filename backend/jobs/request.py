"""The request of a job: `job.json`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timezone
from typing import Any

from .. import __version__
from ..errors import JobError

SCHEMA = 1
SCHEMA_WITH_INPUT = 2  # of jobs with files in `input`; earlier versions would ignore these
MODES = ("generate", "texture", "start", "change")
IMAGE = "input/image.png"  # relative to the job's folder
MAX_PROMPT_LENGTH = 1000  # characters; text encoders use fewer, and a whole text pasted by mistake is an error
MAX_TEXT = 4096  # characters of other fields, such as the path of a model
_UNUSABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # control characters, and text that cannot be encoded
MAX_SEED = 2**31 - 1  # the range of Blender's integer properties


@dataclass(frozen=True)
class JobRequest:
    """A request. `job.json` holds these fields and `schema`."""

    id: str
    created: str  # ISO 8601, UTC
    prompt: str
    negative_prompt: str = ""
    seed: int = 0
    preset: str = "fast"
    prior: str = "builtin"  # the model: a name, or the path of a model folder
    device: str = "auto"  # auto, cpu, cuda, cuda:1, mps
    overrides: Mapping[str, Any] = field(default_factory=dict)  # {"field.path": value} over the preset
    origin: Mapping[str, Any] = field(default_factory=dict)  # notes of the client; the worker does not read them
    backend: str = ""  # version of the client; workers of earlier versions leave the job to a later one
    # What is made: an object from nothing, colors for the mesh in `input`, an object that starts from that mesh, or another
    # version of the object in `input`.
    mode: str = "generate"
    image: str = ""  # `IMAGE` if the object follows the reference image there

    @property
    def schema(self) -> int:
        return SCHEMA if self.mode == "generate" and not self.image else SCHEMA_WITH_INPUT

    @property
    def is_from_later_version(self) -> bool:
        """Whether the job needs a later version of the backend than this one."""
        return _numbers(self.backend) > _numbers(__version__)

    def check_version(self) -> None:
        """Raises JobError if the job needs a later version of the backend than this one."""
        if self.is_from_later_version:
            raise JobError(
                f"The job was made by version {self.backend[:20]} of the add-on, this is {__version__}. Update it, or generate the object again.",
                code="setup",
            )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number[:9]) for number in re.findall(r"[0-9]+", version)[:3])


_NAMES = tuple(f.name for f in fields(JobRequest))
_KINDS: dict[str, type | tuple[type, ...]] = {"seed": int, "overrides": (dict, Mapping), "origin": (dict, Mapping)}
_ID = re.compile(r"\w[\w.+-]{0,127}")  # it names the job's folder


def clean_prompt(text: str) -> str:
    """The prompt on one line, with single spaces and without control characters. The only place that cleans prompts.

    Raises:
        JobError: The prompt is empty, too long, or has no letter or digit.
    """
    cleaned = text if len(text) > MAX_TEXT else _one_line(text)  # cleaning a very long text would block Blender
    if not cleaned:
        raise JobError('The prompt is empty. Describe one object, such as "a red mushroom".')
    if len(cleaned) > MAX_PROMPT_LENGTH:
        raise JobError(
            f"The prompt has {len(cleaned)} characters, the limit is {MAX_PROMPT_LENGTH}. Describe one object in a sentence."
        )
    if not any(c.isalnum() for c in cleaned):
        raise JobError('The prompt has no words. Describe one object, such as "a red mushroom".')
    return cleaned


def _one_line(text: str) -> str:
    # This also drops lone surrogates, which cannot be encoded.
    printable = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())


def new_job(prompt: str, **options: Any) -> JobRequest:
    """Creates a validated request. Its id sorts by time and contains the prompt: `20261121-143015-a-red-mug-3f9c0a1b`."""
    now = datetime.now(timezone.utc)
    cleaned = clean_prompt(prompt)
    job_id = f"{now:%Y%m%d-%H%M%S}-{slug_of(cleaned)}-{secrets.token_hex(4)}"
    return parse_job(
        {
            "schema": SCHEMA,
            "id": job_id,
            "created": now.isoformat(timespec="seconds"),
            "prompt": cleaned,
            "backend": __version__,
            **options,
        }
    )


def slug_of(prompt: str) -> str:
    """The start of a prompt as a part of a folder's name: `a-red-mug`."""
    return re.sub(r"[^a-z0-9]+", "-", prompt.lower()).strip("-")[:32].strip("-") or "object"


def parse_job(raw: Mapping[str, Any]) -> JobRequest:
    """Validates the content of `job.json`. Ignores unknown fields, so older workers can read newer requests.

    Raises:
        JobError: A field is missing or has a wrong type or value.
    """
    if raw.get("schema") not in (SCHEMA, SCHEMA_WITH_INPUT):
        raise JobError(
            f"job.json has schema {str(raw.get('schema'))[:20]!r}, this version reads {SCHEMA} and {SCHEMA_WITH_INPUT}. "
            "Update the add-on and start a new job."
        )
    values = {name: raw[name] for name in _NAMES if name in raw}
    for name in ("id", "created", "prompt"):
        if name not in values:
            raise JobError(f"job.json has no field '{name}'. Start a new job.")
    for name, value in values.items():
        if not isinstance(value, _KINDS.get(name, str)) or isinstance(value, bool):
            raise JobError(f"The field '{name}' of job.json has the wrong type. Start a new job.")
        if isinstance(value, str) and "prompt" not in name:  # `clean_prompt` checks prompts
            if len(value) > MAX_TEXT:
                raise JobError(f"The field '{name}' of job.json is longer than {MAX_TEXT} characters. Start a new job.")
            if not value.isprintable() and _UNUSABLE.search(value):
                raise JobError(
                    f"The field '{name}' of job.json contains characters that cannot be used. Start a new job."
                )
    if values.get("mode", "generate") not in MODES:
        raise JobError(f"The mode {values['mode'][:20]!r} does not exist. Choose one of {', '.join(MODES)}.")
    if values.get("image", "") not in ("", IMAGE):
        raise JobError(f"The reference image of a job is in {IMAGE}. Start a new job.")
    if not 0 <= values.get("seed", 0) <= MAX_SEED:
        raise JobError(f"The seed {values['seed']} is out of range. Choose one between 0 and {MAX_SEED}.")
    if not _ID.fullmatch(values["id"]):
        raise JobError(f"The id {values['id'][:60]!r} is not a valid folder name. Start a new job.")
    negative_prompt = values.get("negative_prompt", "")
    if len(negative_prompt) <= MAX_TEXT:
        negative_prompt = _one_line(negative_prompt)
    if len(negative_prompt) > MAX_PROMPT_LENGTH:
        raise JobError(
            f"The negative prompt has {len(negative_prompt)} characters, the limit is {MAX_PROMPT_LENGTH}. Shorten it."
        )
    return JobRequest(**{**values, "prompt": clean_prompt(values["prompt"]), "negative_prompt": negative_prompt})
