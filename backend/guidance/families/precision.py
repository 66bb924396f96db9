"""In which format a large model computes: as its device does best, or as it is asked for."""

from __future__ import annotations

import torch
from torch import Tensor

from ...config.settings import Precision
from ...devices import CODE, native_dtypes
from ...errors import UserError
from ..builtin.prior import fastest_dtype


def weights_dtype(asked: Precision, device: torch.device) -> torch.dtype:
    """The format of a large model's weights on a device.

    Raises:
        UserError: the device has no instructions for the one that is asked for.
    """
    if asked == "auto":
        # Half precision wherever the device computes in it; large models do not fit otherwise.
        return torch.float16 if device.type == "mps" else fastest_dtype(device)
    dtype: torch.dtype = getattr(torch, asked)
    if dtype not in (able := native_dtypes(device)):
        names = " or ".join(_name(each) for each in able)
        raise UserError(f"The device {device} does not compute in {asked}: set guidance.dtype to auto, {names}.", CODE)
    return dtype


def check_numbers(found: Tensor, dtype: torch.dtype, part: str, model: str) -> None:
    """Several text encoders and encoders of pictures overflow in float16: that is told before it looks like a bad seed.

    Args:
        found: what the part answered; dtype: in which format it computed.

    Raises:
        UserError: not all of it are numbers.
    """
    if found.isfinite().all():
        return
    device = found.device
    wider = [_name(each) for each in native_dtypes(device) if torch.finfo(each).max > torch.finfo(dtype).max]
    cure = f"set guidance.dtype to {' or '.join(wider)}" if wider else "fetch the model again"
    raise UserError(f"The {part} of '{model}' overflows in {_name(dtype)} on {device}: {cure}.", code="weights")


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
