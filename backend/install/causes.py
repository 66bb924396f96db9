"""Why an installation failed, from the output of pip or uv: one table for the add-on's installer and for `build.py`.

Runs before anything is installed, so it needs the standard library only.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

GB = 1e9
KILLED = (-9, 137)  # exit statuses after SIGKILL


@dataclass(frozen=True)
class Cause:
    """A cause, the output that shows it, and what to tell the user: what happened, and what to do first."""

    id: str
    pattern: str
    text: str


# In this order: the output of a later cause may contain the words of an earlier one only if that is the reason.
CAUSES = (
    Cause(
        "memory",
        r"MemoryError|cannot allocate memory|out of memory|os error 12\b|memory allocation of \d+|paging file is too small",
        "Memory ran out. Close other programs",
    ),
    Cause(
        "disk",
        r"no space left on device|disk quota exceeded|not enough space on the disk|os error (28|112|122)\b|Errno (28|122)\]",
        "The disk of {place} is full ({free:.1f} GB are free). Free up space",
    ),
    Cause(
        "certificate",
        r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer|certificate verify failed",
        "{host} has a certificate that this computer does not trust, probably that of a proxy or a virus scanner. Get its "
        "certificate file from your administrator, and set the environment variable SSL_CERT_FILE to that file",
    ),
    Cause(
        "proxy",
        r"ProxyError|cannot connect to proxy|tunnel error|tunnel connection failed|proxy auth",
        "The proxy of this computer{proxy} refuses the connection to {host}. Check its address and login",
    ),
    Cause(
        "encryption",
        r"WRONG_VERSION_NUMBER|InvalidContentType|SSLError|tls handshake|received corrupt message",
        "The encrypted connection to {host} failed. Check the address of the package index, the proxy, and the firewall",
    ),
    Cause(
        "name",
        r"name or service not known|NameResolutionError|getaddrinfo failed|dns error|nodename nor servname"
        r"|failure in name resolution|no address associated",
        "{host} was not found: this computer has no network connection, or the address is wrong. Check both",
    ),
    Cause(
        "connection",
        r"connection refused|network is unreachable|no route to host|NewConnectionError|tcp connect error|timed out"
        r"|ConnectTimeout|ReadTimeout|connection reset|connection aborted|RemoteDisconnected|IncompleteRead"
        r"|error sending request|WinError 100\d\d",
        "{host} cannot be reached. Check the network connection and the firewall",
    ),
    Cause(
        "login",
        r"\b(401|403) (Client Error|Unauthorized|Forbidden)|lack of valid authentication|returned a 403",
        "{host} refuses access. Check the login of the package index",
    ),
    Cause(
        "server",
        r"too many 50\d error|\b50\d (Server Error|Service|Internal|Bad Gateway|Gateway)",
        "{host} is out of service. Wait a while",
    ),
    Cause(
        "login-page",
        r"invalid zip file|failed to extract archive|BadZipFile|wheel .* is invalid|invalid wheel",
        "{host} sent something other than a package, possibly the login page of the network. Open a website in a browser",
    ),
    Cause(
        "settings",
        r"--user' install|activated virtualenv|could not load .*config|invalid configuration|failed to parse.*(uv\.toml|pyproject)"
        r"|configuration file contains",
        "The settings of pip or uv on this computer do not permit the installation ({last}). Correct them",
    ),
    Cause(
        "access",
        r"permission denied|access is denied|read-only file system|operation not permitted|os error (5|13|30|32)\b"
        r"|Errno (13|30)\]|WinError (5|32|225)\b|being used by another process|contains a virus",
        "Files in {place} cannot be written ({last}). Check the permissions, and whether a virus scanner blocks them",
    ),
    Cause(
        "missing",
        r"no matching distribution|no versions? of \S+|not found in the package registry|was not found in the provided",
        "{host} does not have {package}. Check the address of the package index; if a browser shows a login page of the "
        "network, log in",
    ),
)


def find(status: int, output: str) -> Cause | None:
    """The cause of a failed run of pip or uv, or None if it is unknown."""
    if status in KILLED:
        return CAUSES[0]
    return next((cause for cause in CAUSES if re.search(cause.pattern, output, re.I)), None)


def explain(cause: Cause, output: str, place: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Returns the text of a cause: what happened, and what to do first, without the full stop."""
    proxy = next((name for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "PIP_PROXY") if environ.get(name)), "")
    return cause.text.format(
        host=_host(output, environ),
        place=place,
        free=free_bytes(place) / GB,
        last=last_words(output),
        proxy=f" ({proxy})" if proxy else "",
        package=missing_package(output) or "a package",
    )


def missing_package(output: str) -> str:
    """The package that no source has, or an empty string."""
    # The first pattern is pip's. The others are uv's, for a missing version and a missing package.
    found = re.search(r"distribution found for (\S+)|no versions? of (\S+)|Because (\S+) was not found", output)
    return next(filter(None, found.groups())) if found else ""


def _host(output: str, environ: Mapping[str, str]) -> str:
    """The server that the output is about, without login, and the variable that sets it."""
    urls = r"(?:Could not fetch URL|Failed to fetch:?|Failed to download|index URL|An index|url|Looking in indexes:)\W{0,3}"
    found = re.search(urls + r"(\w+://[^\s/,)`'\"]+)", output) or re.search(r"(\w+://[^\s/,)`'\"]+)", output)
    if not found:
        return "The package index"
    host = found[1].partition("://")[2].rpartition("@")[2]
    names = [name for name, value in environ.items() if re.match("(PIP|UV)_.*INDEX", name) and host in value]
    return f"{host} ({names[0]})" if names else host


def last_words(output: str) -> str:
    """The end of the output that gives the reason: the last line with an error, else the last line."""
    lines = [line.strip() for line in output.strip().splitlines()] or ["no reason given"]
    errors = [line for line in lines if re.match(r"error\b", line, re.I)]
    return (errors or lines)[-1][:200].rstrip(".")


def free_bytes(place: Path) -> int:
    """The free bytes on the disk of a folder that may not exist yet."""
    nearest = next((folder for folder in (place, *place.absolute().parents) if folder.exists()), Path.home())
    return shutil.disk_usage(nearest).free
