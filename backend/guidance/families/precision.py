"""The dtype of large models: by device or by setting."""

from __future__ import annotations

import torch
from torch import Tensor

from ...config.settings import Precision
from ...devices import CODE, native_dtypes
from ...errors import UserError
from ..builtin.networks import fastest_dtype


def weights_dtype(precision: Precision, device: torch.device) -> torch.dtype:
    """Returns the dtype of a large model's weights on a device.

    Raises:
        UserError: the device does not support the precision.
    """
    if precision == "auto":
        # Half precision wherever the device supports it: large models do not fit otherwise.
        return torch.float16 if device.type == "mps" else fastest_dtype(device)
    dtype: torch.dtype = getattr(torch, precision)
    if dtype not in (supported := native_dtypes(device)):
        names = " or ".join(_name(each) for each in supported)
        raise UserError(f"The device {device} does not support {precision}. Set guidance.dtype to auto, {names}.", CODE)
    return dtype


def check_finite(output: Tensor, dtype: torch.dtype, part: str, model: str) -> None:
    """Checks the output of a part: several text encoders and VAEs overflow in float16.

    Args:
        dtype: in which the part computes.

    Raises:
        UserError: the output has values that are not finite.
    """
    if output.isfinite().all():
        return
    device = output.device
    wider = [_name(each) for each in native_dtypes(device) if torch.finfo(each).max > torch.finfo(dtype).max]
    remedy = f"Set guidance.dtype to {' or '.join(wider)}." if wider else "Download the model again."
    raise UserError(
        f"The {part} of '{model}' overflows in {_name(dtype)} on {device}. {remedy}",
        "weights",
        **({"overflows": True} if wider else {}),
    )


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
