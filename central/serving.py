"""The state of one serving process: whether it is stopping, and who waits for news of the feed."""

from __future__ import annotations

import asyncio


class Serving:
    """Lives on the event loop of its process."""

    __slots__ = ("_news", "counts", "stopping")

    def __init__(self) -> None:
        self.stopping = False
        self.counts: dict[str, int] = {}
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Let everybody who waits for news look at the feed."""
        self._news.set()
        self._news = asyncio.Event()

    async def news(self, seconds: float) -> None:
        """Return at the next ``wake``, or after ``seconds``."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return

    def stop(self) -> None:
        """Answer every waiting pull and take no more waits."""
        self.stopping = True
        self.wake()

    def count(self, name: str) -> None:
        """One more of ``name``, for the metrics."""
        self.counts[name] = self.counts.get(name, 0) + 1
