"""The tasks of every subject, where the queue looks for them."""

import letters.officials.tasks
import letters.receipt.tasks
import letters.sending.tasks
