"""The one way in which a file is turned down while it is parsed."""

from __future__ import annotations


class FileRefused(Exception):  # noqa: N818 - it is an answer, not a defect
    """A file cannot be taken; the text is the reason in the clerk's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
