"""The tasks of every subject, where the queue looks for them."""

import outbox.incoming.tasks  # noqa: F401
