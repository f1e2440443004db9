"""How the tasks of staff are tried again."""

from procrastinate import RetryStrategy

# A relay's bad quarter of an hour; then whoever waits asks again.
with_backoff = RetryStrategy(max_attempts=5, wait=30, linear_wait=60)
