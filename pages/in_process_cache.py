"""The cache of one process, which keeps its values as they are.

For the machine at a viral peak: Django's own pickles each value, and copies it for
each reader. A page has a hundred kilobytes, and its hit would cost 1.05 times what a
constant page does, instead of 0.95 times (`bench/run.py`, “Cached page”; decision 5).
"""

from collections.abc import Callable
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache


class InProcessCache(LocMemCache):
    """Returns the very value that was put in, so nobody may change a value."""

    # What Django's class has, and its stubs do not.
    _lock: Lock
    _cache: Any
    _set: Callable[..., None]
    _delete: Callable[[str], None]
    _has_expired: Callable[[str], bool]

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:  # noqa: ANN401
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            return self._cache[key]

    def set(
        self,
        key: str,
        value: Any,  # noqa: ANN401
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            self._set(key, value, timeout)

    def add(
        self,
        key: str,
        value: Any,  # noqa: ANN401
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            is_new = self._has_expired(key)
            if is_new:
                self._set(key, value, timeout)
            return is_new

    incr = BaseCache.incr
