"""The admin of every subject, where Django looks for it."""

import letters.officials.admin
import letters.recipients.admin
import letters.sending.admin
import letters.suggested.admin
import letters.writing.admin
