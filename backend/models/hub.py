"""Access to the Hub or a mirror, with huggingface_hub and its login.

`snapshot_download` restarts interrupted downloads: it gives each partial file a new name and deletes it after an error.
This module therefore uses the file listing and `http_get`, which resumes at a position. huggingface_hub is imported late,
because it takes a second.
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
from ..install import causes

T = TypeVar("T")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_LOGIN = "'hf auth login' in a terminal"


class SourceFailed(Exception):
    """The source does not have the model, but the next one may. The message is a clause that states the reason."""


@dataclass(frozen=True)
class RemoteFile:
    """A file of a repository. size: in bytes; oid: SHA-256 of a large file, git's SHA-1 of other files."""

    path: str
    size: int
    oid: str
    is_large: bool


class Hub:
    """The Hub or a mirror, for one model.

    The login token is sent only to the Hub or mirror itself, and only after a request without it was refused.

    Raises:
        UserError: the URL is invalid (code "network").
    """

    def __init__(self, model: Model, endpoint: str = "") -> None:
        self.model = model
        self.endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
        parts = urlsplit(self.endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise UserError("The mirror must be a URL such as https://example.org. Correct it.", code="network")
        self._host = parts.netloc
        self._is_private = parts.scheme == "https" or parts.hostname in LOCAL_HOSTS
        self._sends_token = False
        _silence_library()

    def commit_of(self, source: Source) -> str:
        """Returns the current commit of a branch.

        Raises:
            SourceFailed, UserError: see `_translated_errors`.
        """
        from huggingface_hub import HfApi

        def query(token: bool) -> str:
            return str(HfApi(self.endpoint, token=token).model_info(source.repository, revision=source.revision).sha)

        commit = self._query(source, query)
        if not re.fullmatch(r"[0-9a-f]{40}", commit):
            raise UserError(f"{self.endpoint} is not a mirror of the Hub. Correct the URL.", "network")
        return commit

    def files(self, source: Source, commit: str) -> dict[str, RemoteFile]:
        """Returns the files of a commit, by path.

        Raises:
            SourceFailed, UserError: see `_translated_errors`.
        """
        from huggingface_hub import HfApi
        from huggingface_hub.hf_api import RepoFile

        def query(token: bool) -> list[Any]:
            api = HfApi(self.endpoint, token=token)
            return list(api.list_repo_tree(source.repository, recursive=True, revision=commit))

        return {
            f.path: RemoteFile(f.path, f.size, f.lfs.sha256 if f.lfs else f.blob_id, bool(f.lfs))
            for f in self._query(source, query)
            if isinstance(f, RepoFile)
        }

    def fetch(self, source: Source, commit: str, file: RemoteFile, part: Path, count: Callable[[int], None]) -> None:
        """Downloads a file to `part`, and resumes after the bytes that `part` already has.

        Args:
            count: called with the change in the number of bytes.

        Raises:
            SourceFailed, UserError: see `_translated_errors`. `part` keeps the received bytes.
        """
        from huggingface_hub import hf_hub_url
        from huggingface_hub.file_download import http_get
        from huggingface_hub.utils import build_hf_headers

        url = hf_hub_url(source.repository, file.path, revision=commit, endpoint=self.endpoint)

        def query(token: bool) -> None:
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

        self._query(source, query)

    def _query(self, source: Source, query: Callable[[bool], T]) -> T:
        """Sends a query without the token, and again with it if that is refused and the user has one."""
        from huggingface_hub import get_token
        from huggingface_hub.errors import HfHubHTTPError

        with self._translated_errors(source):
            try:
                return query(self._sends_token)
            except HfHubHTTPError as error:
                if self._sends_token or not self._wants_login(error) or not get_token():
                    raise
                if not self._is_private:
                    raise UserError(
                        f"{self.endpoint} requires your Hub token, which would be sent unencrypted. Use an https URL.",
                        code="gated",
                    ) from error
                self._sends_token = True
                return query(True)

    def _wants_login(self, error: Any) -> bool:
        """Whether a login may help. Repositories outside the catalog may be private ones of the user."""
        may_be_closed = self.model.gated or not self.model.pipeline or _error_code(error) == "GatedRepo"
        return may_be_closed and error.response.status_code in (401, 403)

    @contextmanager
    def _translated_errors(self, source: Source) -> Iterator[None]:
        """Translates the library's errors.

        Raises:
            SourceFailed: the repository, the commit or a file does not exist.
            UserError: a login is required (code "gated"), or the Hub cannot be reached (code "network").
            OSError: the disk cannot be written.
        """
        import httpx2
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

        try:
            yield
        except HfHubHTTPError as error:
            raise self._refusal(source, error) from error
        except OfflineModeIsEnabled as error:
            raise UserError("HF_HUB_OFFLINE is set, which disables downloads. Unset it first.", "network") from error
        except (ValueError, KeyError, TypeError) as error:  # HTML instead of JSON
            raise UserError(f"{self.endpoint} is not a mirror of the Hub. Correct the URL.", "network") from error
        except (httpx2.HTTPError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # from the disk, not the network
            said = " ".join(map(str, _chain(error)))
            if (cause := causes.find(1, said)) and cause.id in ("certificate", "proxy", "name"):
                text = causes.explain(cause, f"Failed to fetch {self.endpoint}", Path.cwd())
                raise UserError(f"{text}, then download again to resume.", "network") from error
            raise UserError(
                f"The connection to {self._host} failed ({_short(error)}). Check the network, then download again to resume.",
                code="network",
            ) from error

    def _refusal(self, source: Source, error: Any) -> Exception:
        status = error.response.status_code
        if _error_code(error) == "GatedRepo" or (status in (401, 403) and self.model.gated):
            return UserError(self._explain_gate(source, error), code="gated")
        if status == 401 and "invalid" in str(error.response.headers.get("X-Error-Message", "")).lower():
            return UserError(f"The Hub no longer accepts your token. Log in again with {_LOGIN}.", code="gated")
        if status in (401, 404, 410, 451):  # without a login, the Hub answers 401 for missing repositories
            return SourceFailed(
                f"{source.repository} does not exist" + ("" if self.model.pipeline else " or is private")
            )
        if status == 429:
            return UserError(f"{self._host} received too many requests. Download again later.", "network")
        return UserError(
            f"{self._host} is not available (status {status}). Download again later to resume.",
            code="network",
        )

    def _explain_gate(self, source: Source, error: Any) -> str:
        from huggingface_hub import get_token

        start = f"The license of '{self.model.title}' must be accepted"
        if not get_token():
            return f"{start}. Accept it on {source.page}, log in with {_LOGIN}, then download again."
        if error.response.status_code == 401 and self._sends_token:
            return f"{start}, and the Hub does not accept your token. Log in again with {_LOGIN}, then download again."
        return f"{start}, which your account has not done. Accept it on {source.page}, then download again."


class _Counter:
    """A replacement for the progress bar of `http_get`."""

    def __init__(self, count: Callable[[int], None]) -> None:
        self._count = count

    def __enter__(self) -> _Counter:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, size: int) -> None:
        self._count(size)


def _silence_library() -> None:
    """Keeps the library from printing its retries, which contain URLs, to stderr."""
    from huggingface_hub.utils import logging

    logging.set_verbosity_error()


def _error_code(error: Any) -> str:
    return str(error.response.headers.get("X-Error-Code", ""))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that caused it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _short(error: BaseException) -> str:
    """Returns the text of an error without URLs, which may be signed."""
    text = " ".join(str(error).split())
    return re.sub(r"https?://\S+", "...", text)[:80] or type(error).__name__
