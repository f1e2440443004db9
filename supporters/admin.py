"""The admin of every subject, where Django looks for it."""

import supporters.follow.admin
import supporters.notices.admin
import supporters.personal_data.admin
import supporters.personal_data.erasure_requests_admin
