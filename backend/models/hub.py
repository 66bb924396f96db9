"""One address of the Hub: what is in a repository, and files from it. Built on huggingface_hub, whose login it uses.

Its `snapshot_download` gives a fresh name to every partial file and deletes it on an error, so that an interrupted download
of ten gigabytes begins anew. Hence its parts are used: the listing, and `http_get`, which goes on from a position.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ..catalog.entries import HUB, Model, Source
from ..errors import UserError

T = TypeVar("T")
AT_HOME = ("localhost", "127.0.0.1", "::1")
_LOGIN = "'hf auth login' in a terminal"


class SourceFailed(Exception):
    """This source cannot give the model; the next one may. The message is half a sentence: why."""


@dataclass(frozen=True)
class RemoteFile:
    """oid: SHA-256 of a large file (is_large), else git's SHA-1 of it. size: bytes."""

    path: str
    size: int
    oid: str
    is_large: bool


class Hub:
    """The Hub, or a mirror of it, for one model.

    The login's token is sent only to the Hub or mirror itself, and only after it has refused to answer without.

    Raises:
        UserError: the address is none.
    """

    def __init__(self, model: Model, endpoint: str = "") -> None:
        self.model = model
        self.endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
        parts = urlsplit(self.endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise UserError("The mirror's address must look like https://example.org: correct it.", code="network")
        self._host = parts.netloc
        self._is_private = parts.scheme == "https" or parts.hostname in AT_HOME
        self._sends_token = False
        _be_quiet()

    def commit_of(self, source: Source) -> str:
        """The commit that a branch is now.

        Raises:
            SourceFailed, UserError: see `_in_words`.
        """
        from huggingface_hub import HfApi

        def ask(token: bool) -> str:
            return str(HfApi(self.endpoint, token=token).model_info(source.repository, revision=source.revision).sha)

        commit = self._ask(source, ask)
        if not re.fullmatch(r"[0-9a-f]{40}", commit):
            raise UserError(f"{self.endpoint} does not answer like the Hub: correct the address.", "network")
        return commit

    def files(self, source: Source, commit: str) -> dict[str, RemoteFile]:
        """What a commit holds, by path.

        Raises:
            SourceFailed, UserError: see `_in_words`.
        """
        from huggingface_hub import HfApi
        from huggingface_hub.hf_api import RepoFile

        def ask(token: bool) -> list[Any]:
            api = HfApi(self.endpoint, token=token)
            return list(api.list_repo_tree(source.repository, recursive=True, revision=commit))

        return {
            f.path: RemoteFile(f.path, f.size, f.lfs.sha256 if f.lfs else f.blob_id, bool(f.lfs))
            for f in self._ask(source, ask)
            if isinstance(f, RepoFile)
        }

    def fetch(self, source: Source, commit: str, file: RemoteFile, part: Path, count: Callable[[int], None]) -> None:
        """Brings a file to `part`, from where an earlier attempt has left it.

        Args:
            count: is told how many bytes more there are, or fewer.

        Raises:
            SourceFailed, UserError: see `_in_words`. What has come stays in `part`.
        """
        from huggingface_hub import hf_hub_url
        from huggingface_hub.file_download import http_get
        from huggingface_hub.utils import build_hf_headers

        url = hf_hub_url(source.repository, file.path, revision=commit, endpoint=self.endpoint)

        def ask(token: bool) -> None:
            with part.open("ab") as out:
                counter: Any = lambda **_: _Counter(count)  # noqa: E731
                http_get(
                    url,
                    out,
                    resume_size=out.tell(),
                    headers=build_hf_headers(token=token),
                    expected_size=file.size,
                    tqdm_class=counter,
                )

        self._ask(source, ask)

    def _ask(self, source: Source, ask: Callable[[bool], T]) -> T:
        """Asks without the token, and again with it where that is refused and there is one."""
        from huggingface_hub import get_token
        from huggingface_hub.errors import HfHubHTTPError

        with self._in_words(source):
            try:
                return ask(self._sends_token)
            except HfHubHTTPError as error:
                if self._sends_token or not self._wants_login(error) or not get_token():
                    raise
                if not self._is_private:
                    raise UserError(
                        f"{self.endpoint} asks for your Hub token, which would travel unencrypted: use an https address.",
                        code="gated",
                    ) from error
                self._sends_token = True
                return ask(True)

    def _wants_login(self, error: Any) -> bool:
        """Also of a repository that nothing is known of: it may be the person's own, and private."""
        may_be_closed = self.model.gated or not self.model.pipeline or _error_code(error) == "GatedRepo"
        return may_be_closed and error.response.status_code in (401, 403)

    @contextmanager
    def _in_words(self, source: Source) -> Iterator[None]:
        """Everything that the network can do to us, as one sentence.

        Raises:
            SourceFailed: the repository, its commit or a file is not there.
            UserError: it wants a login (code "gated"), cannot be reached ("network"), or the disk is full ("disk").
        """
        import httpx2
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

        try:
            yield
        except HfHubHTTPError as error:
            raise self._refusal(source, error) from error
        except OfflineModeIsEnabled as error:
            raise UserError("HF_HUB_OFFLINE is set, so nothing is downloaded: unset it first.", "network") from error
        except (ValueError, KeyError, TypeError) as error:  # a page for people where data was asked for
            raise UserError(f"{self.endpoint} does not answer like the Hub: correct the address.", "network") from error
        except (httpx2.HTTPError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # of this machine: the disk
            raise UserError(
                f"The connection to {self._host} failed ({_short(error)}): look at the network and download again; "
                "what has arrived is kept.",
                code="network",
            ) from error

    def _refusal(self, source: Source, error: Any) -> Exception:
        status = error.response.status_code
        if _error_code(error) == "GatedRepo" or (status in (401, 403) and self.model.gated):
            return UserError(self._gate_words(source, error), code="gated")
        if status == 401 and "invalid" in str(error.response.headers.get("X-Error-Message", "")).lower():
            return UserError(f"The Hub does not know your token any more: log in again with {_LOGIN}.", code="gated")
        if status in (401, 404, 410, 451):  # without a login the Hub says 401 of what it does not have
            return SourceFailed(f"{source.repository} is gone" + ("" if self.model.pipeline else " or not for you"))
        if status == 429:
            return UserError(f"{self._host} has had too many requests from here: download again later.", "network")
        return UserError(
            f"{self._host} cannot answer now (status {status}): download again later; what has arrived is kept.",
            code="network",
        )

    def _gate_words(self, source: Source, error: Any) -> str:
        from huggingface_hub import get_token

        start = f"'{self.model.title}' is given only to those who accept its license"
        if not get_token():
            return f"{start}: accept it on {source.page}, log in with {_LOGIN}, and download again."
        if error.response.status_code == 401 and self._sends_token:
            return f"{start}, and the Hub does not know your token: log in again with {_LOGIN}, and download again."
        return f"{start}, and your account has not: accept it on {source.page}, and download again."


class _Counter:
    """What `http_get` takes for a progress bar."""

    def __init__(self, count: Callable[[int], None]) -> None:
        self._count = count

    def __enter__(self) -> _Counter:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, size: int) -> None:
        self._count(size)


def _be_quiet() -> None:
    """The library tells of its retries on stderr, with addresses."""
    from huggingface_hub.utils import logging

    logging.set_verbosity_error()


def _error_code(error: Any) -> str:
    return str(error.response.headers.get("X-Error-Code", ""))


def _short(error: BaseException) -> str:
    """What happened, without the addresses that follow: some are signed."""
    text = " ".join(str(error).split())
    return re.sub(r"https?://\S+", "...", text)[:80] or type(error).__name__
