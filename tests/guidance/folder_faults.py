"""Faults of model folders: each function damages one part of a copy, like an interrupted copy, a full disk, or a mistake."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from backend.guidance.families.components import has_part, read_index

LFS = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 492265168\n"
Fault = tuple[str, Callable[[], None]]


def weights(part: Path) -> Path:
    return next(part.glob("*.safetensors"))


def change(part: Path, edit: Callable[[dict[str, torch.Tensor]], None]) -> None:
    """Edits the tensors of a part."""
    tensors = load_file(weights(part))
    edit(tensors)
    save_file(tensors, weights(part), {"format": "pt"})


def drop_tensor(tensors: dict[str, torch.Tensor]) -> None:
    del tensors[min(name for name in tensors if tensors[name].ndim > 1)]


def reshape_tensor(tensors: dict[str, torch.Tensor]) -> None:
    name = min(name for name in tensors if tensors[name].ndim > 1)
    tensors[name] = torch.cat([tensors[name], tensors[name]])


def spoil_tensor(tensors: dict[str, torch.Tensor]) -> None:
    tensors[max(name for name in tensors if tensors[name].ndim > 1)].view(-1)[-1] = torch.nan


def zero_tensors(tensors: dict[str, torch.Tensor]) -> None:
    for tensor in tensors.values():
        tensor.zero_()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def pickle(part: Path) -> None:
    path = weights(part)
    path.rename(path.with_suffix(".bin"))


def lose_shard(part: Path, *, index_too: bool = False) -> None:
    """Splits the weights into two shards and deletes the second one, or only their index."""
    path = weights(part)
    tensors, names = load_file(path), [f"{path.stem}-0000{n}-of-00002.safetensors" for n in (1, 2)]
    half = len(tensors) // 2
    for name, keys in zip(names, (list(tensors)[:half], list(tensors)[half:]), strict=True):
        save_file({key: tensors[key] for key in keys}, part / name, {"format": "pt"})
    path.unlink()
    placed = {key: names[n >= half] for n, key in enumerate(tensors)}
    if not index_too:
        (part / f"{path.name}.index.json").write_text(json.dumps({"metadata": {}, "weight_map": placed}))
        (part / names[1]).unlink()


def unname(folder: Path, part: str) -> None:
    index = json.loads((folder / "model_index.json").read_text())
    index[part] = [None, None]
    (folder / "model_index.json").write_text(json.dumps(index))


def empty_vocabulary(tokenizer: Path) -> None:
    """Leaves a tokenizer that turns every word into the same unknown token."""
    path = tokenizer / "tokenizer.json"
    content = json.loads(path.read_text())
    model, special = content["model"], {token["content"] for token in content["added_tokens"]}
    if isinstance(model["vocab"], list):
        model["vocab"] = [entry for n, entry in enumerate(model["vocab"]) if n < 4]
    else:
        model["vocab"] = {name: n for n, name in enumerate(name for name in model["vocab"] if name in special)}
        model["merges"] = []
    path.write_text(json.dumps(content))


def faults(folder: Path) -> Iterator[Fault]:
    """Yields every fault that a copy of this model can have: a description, and the function that causes it in `folder`."""
    index = read_index(folder)
    parts = sorted(name for name in index if not name.startswith("_") and has_part(index, name))
    yield "scheduler: no configuration", (folder / "scheduler" / "scheduler_config.json").unlink
    yield "model_index.json is cut off", partial(cut, folder / "model_index.json")
    for name in parts:
        part = folder / name
        if name.startswith("tokenizer"):
            yield f"{name}: no vocabulary", (part / "tokenizer.json").unlink
            yield f"{name}: no configuration", (part / "tokenizer_config.json").unlink
            yield f"{name}: vocabulary is cut off", partial(cut, part / "tokenizer.json")
            yield f"{name}: vocabulary is empty", partial(empty_vocabulary, part)
            yield f"{name}: not in the index", partial(unname, folder, name)
        elif name != "scheduler":
            yield f"{name}: no configuration", (part / "config.json").unlink
            yield f"{name}: no weights", lambda part=part: weights(part).unlink()
            yield f"{name}: weights are cut off", lambda part=part: cut(weights(part))
            yield f"{name}: weights are empty", lambda part=part: weights(part).write_bytes(b"")
            yield f"{name}: weights are pickled", partial(pickle, part)
            yield f"{name}: a git-lfs pointer", lambda part=part: weights(part).write_text(LFS)
            yield f"{name}: a tensor is missing", partial(change, part, drop_tensor)
            yield f"{name}: a tensor has another shape", partial(change, part, reshape_tensor)
            yield f"{name}: a value is not a number", partial(change, part, spoil_tensor)
            yield f"{name}: a shard is missing", partial(lose_shard, part)
            yield f"{name}: the shards' index is missing", partial(lose_shard, part, index_too=True)
            yield f"{name}: not in the index", partial(unname, folder, name)
            if name.startswith("text_encoder"):
                yield f"{name}: weights are zero", partial(change, part, zero_tensors)
