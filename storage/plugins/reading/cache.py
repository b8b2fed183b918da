"""What is asked for again within a few seconds is not looked up again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any


class Cache:
    """Values by key, each good for ``seconds``. Whoever asks while one is being made waits for that one."""

    def __init__(self, seconds: float, most: int = 64) -> None:
        self._seconds, self._most = seconds, most
        self._kept: dict[Any, tuple[float, asyncio.Future[Any]]] = {}

    async def get(self, key: Any, make: Callable[[], Awaitable[Any]]) -> Any:
        """The value of a key; what ``make`` raises is raised, and not kept."""
        now = time.monotonic()
        kept = self._kept.get(key)
        if kept is not None and now < kept[0]:
            return await asyncio.shield(kept[1])
        if len(self._kept) >= self._most:
            self._kept.clear()
        made = asyncio.ensure_future(make())
        self._kept[key] = entry = (now + self._seconds, made)
        try:
            return await asyncio.shield(made)
        except Exception:
            if self._kept.get(key) is entry:  # and not a newer one, which others wait for
                del self._kept[key]
            raise
