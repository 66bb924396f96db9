"""Whether an object can be changed."""

from __future__ import annotations

from typing import Any

from ..backend.errors import JobError
from ..core.translate import tr
from ..texturing import checks


def check_object(obj: Any, *, single_user: bool) -> None:
    """Checks an object before its job starts, and again before the new version arrives.

    Raises:
        SharedData: Other objects use the mesh data, too, and the object may not get its own.
        JobError: The object cannot be changed. The message suggests what to do.
    """
    if obj is None:
        raise JobError(tr("No object is active. Click the object to change."))
    checks.check_kind(obj)
    if obj.library is not None or obj.override_library is not None:
        text = tr('"{name}" is linked from another file. Make it local with Object > Relations > Make Local.')
        raise JobError(text.format(name=obj.name))
    if obj.mode != "OBJECT":
        raise JobError(tr("Objects can be changed only in Object Mode. Switch to Object Mode first."))
    if not len(obj.data.polygons):
        raise JobError(tr('"{name}" has no faces. Choose an object with faces.').format(name=obj.name))
    if obj.data.shape_keys is not None:
        text = tr('"{name}" has shape keys, which do not fit another mesh. Remove them, or change a copy.')
        raise JobError(text.format(name=obj.name))
    if not single_user and checks.is_shared(obj):
        raise checks.SharedData(checks.shared_text(obj))
