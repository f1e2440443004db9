"""How often a task that failed is tried again, and for how long."""

from procrastinate import RetryStrategy

# The waits are 1, 2, 3 … minutes, which makes a day in all. That is longer than a bad
# night of a relay, and a wait is never much longer than the trouble has lasted.
for_a_day = RetryStrategy(max_attempts=54, wait=60, linear_wait=60)
