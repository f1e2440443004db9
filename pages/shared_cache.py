"""The cache in Redis that all web processes share (REDIS_URL)."""

from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

# A page is rendered in a few hundredths of a second, so it is not worth waiting longer.
SECONDS = 0.3


class SharedCache(RedisCache):
    """Fails soon when Redis is away, and leaves it to the caller to do without.

    The client would try four times, with pauses of seconds, and wait for two minutes
    for a machine that has vanished (`bench/machines.py`, “link of redis cut”).
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params.setdefault("OPTIONS", {})
        params["OPTIONS"] |= {
            "socket_connect_timeout": SECONDS,
            "socket_timeout": SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(server, params)
