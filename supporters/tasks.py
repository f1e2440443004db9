"""The tasks of every subject, where the queue looks for them."""

import supporters.acts.tasks
import supporters.follow.tasks
import supporters.personal_data.tasks
