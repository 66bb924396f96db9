"""The environment variables that child processes inherit. Those that would redirect them are left out.

A child gets none of another Python's variables, no settings that send packages elsewhere, and no foreign libraries.
Settings of the connection stay: proxies, certificates, a company's package index. Standard library only.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

_PYTHON = re.compile(r"PYTHON[A-Z0-9_]*|__PYVENV_LAUNCHER__|VIRTUAL_ENV|CONDA_(PREFIX|DEFAULT_ENV|PYTHON_EXE)", re.I)
_PACKAGES = re.compile(r"(PIP|UV)_\w+", re.I)
# Of the settings of pip and uv: where packages come from, and how the server is reached.
_CONNECTION = re.compile(
    r"PIP_((EXTRA_)?INDEX_URL|FIND_LINKS|TRUSTED_HOST|PROXY|CERT|CLIENT_CERT|(DEFAULT_)?TIMEOUT|RETRIES|KEYRING_PROVIDER"
    r"|CACHE_DIR|CONFIG_FILE|NO_INDEX)"
    r"|UV_((DEFAULT_|EXTRA_)?INDEX(_URL|_\w+_USERNAME|_\w+_PASSWORD)?|FIND_LINKS|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS"
    r"|HTTP_(TIMEOUT|RETRIES)|KEYRING_PROVIDER|CACHE_DIR|CONFIG_FILE|PYTHON_INSTALL_MIRROR|PYTHON_DOWNLOADS_JSON_URL)",
    re.I,
)
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
_PRELOADED = ("LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "DYLD_FORCE_FLAT_NAMESPACE")
# Libraries that Python, PyTorch and NumPy bring or find in the system. Folders with drivers hold none of them.
_OWN_LIBRARIES = re.compile(
    r"lib(stdc\+\+|gcc_s|gomp|python3|ssl|crypto|z|ffi|torch|c10|cudart|cublas|cudnn|cufft|nccl|mkl|openblas)[\w.+-]*\.(so|dylib)\b"
)
_SYSTEM_LIBRARY = ("/lib*/libstdc++.so.6", "/usr/lib*/libstdc++.so.6", "/usr/lib*/*/libstdc++.so.6")


def for_child(inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables for a child in another Python, which writes no .pyc files."""
    kept = {name: value for name, value in inherited.items() if not _PYTHON.fullmatch(name) and name not in _PRELOADED}
    for name in _LIBRARY_PATHS:
        if folders := _without_foreign(kept.pop(name, "")):
            kept[name] = folders
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


def for_installer(inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """As `for_child`, for pip and uv: they install into the environment that the command names."""
    kept = {
        name: value
        for name, value in for_child(inherited).items()
        if not _PACKAGES.fullmatch(name) or _CONNECTION.fullmatch(name)
    }
    if not kept.get("PIP_FIND_LINKS"):
        kept.pop("PIP_NO_INDEX", None)  # there would be no source at all
    if certificates := kept.get("SSL_CERT_FILE"):
        kept.setdefault("PIP_CERT", certificates)  # one variable for pip, uv, and the downloads of models
    return kept


def _without_foreign(folders: str) -> str:
    """The folders of a library path that hold no library in place of the environment's own, such as those of drivers."""
    if sys.platform.startswith("linux") and not any(glob.iglob(pattern) for pattern in _SYSTEM_LIBRARY):
        return folders  # such as NixOS, where all libraries come from this path
    return os.pathsep.join(folder for folder in folders.split(os.pathsep) if folder and not _is_foreign(Path(folder)))


def _is_foreign(folder: Path) -> bool:
    try:
        return any(_OWN_LIBRARIES.match(name) for name in os.listdir(folder))
    except OSError:
        return False
