"""Requests a minute for each key: a bucket that fills steadily and holds one minute's worth."""

import math
import time
from collections.abc import Callable

from api.http.problems import busy


class RateLimit:
    """Counts requests by key. Keys are those of the key file, so there are few.

    Args:
        per_minute: requests a key may make in a minute, at once or spread.
        clock: seconds that only grow.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> None:
        """Count one request. Raises ProblemError (429) when the key has none left."""
        now = self._clock()
        left, at = self._buckets.get(key, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - at) * self._per_minute / 60)
        if left < 1:
            wait = math.ceil((1 - left) * 60 / self._per_minute)
            raise busy(f"this key may make {self._per_minute} requests a minute", "rate-limit", wait)
        self._buckets[key] = (left - 1, now)
