"""The admin of every subject, where Django looks for it."""

import staff.accounts.admin
import staff.audit.admin
import staff.invitations.admin
import staff.mail_desk.admin
import staff.mail_desk.suppressions
