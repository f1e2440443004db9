"""How often a task that failed is tried again, and when nobody tries any more."""

from procrastinate import RetryStrategy

# After 1, 2, 3 … minutes, a day in all: longer than a relay's bad night, and never
# much longer than the trouble lasted.
for_a_day = RetryStrategy(max_attempts=54, wait=60, linear_wait=60)
