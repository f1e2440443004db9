"""The tasks of every subject, where the queue looks for them."""

import staff.accounts.tasks
import staff.alerts.tasks
import staff.invitations.tasks
