"""The tasks of every subject, where the queue looks for them."""

import petitions.counting.tasks
import petitions.fraud.tasks
import petitions.fraud.trends
import petitions.handover.tasks
import petitions.private_files
