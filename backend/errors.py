"""The one exception whose message is meant for a person."""


class UserError(Exception):
    """Something that the person can put right. `message` is one sentence that says what to do; `code` names the case."""

    def __init__(self, message: str, code: str = "error") -> None:
        super().__init__(message)
        self.code = code


class JobError(Exception):
    """A request that cannot be accepted. The message is one sentence for a person and says what to do."""
