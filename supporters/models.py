from supporters.acts.confirmations import Confirmation
from supporters.acts.mails import MailToSupporter
from supporters.acts.stop_reasons import Because
from supporters.consent.models import Consent
from supporters.follow.mailings import Mailing
from supporters.follow.models import Follow
from supporters.follow.update_for_follower import UpdateForFollower
from supporters.my_page.visits import Visit
from supporters.notices.choices import BrokenLaw, NoticeDecision
from supporters.notices.models import Report
from supporters.people.models import DomainOfEmail, Supporter
from supporters.personal_data.erasure_requests import (
    ErasureRequest,
)
from supporters.personal_data.erasures import Erasure
from supporters.personal_data.retention_runs import RetentionRun

__all__ = [
    "Because",
    "BrokenLaw",
    "Confirmation",
    "Consent",
    "DomainOfEmail",
    "Erasure",
    "ErasureRequest",
    "Follow",
    "MailToSupporter",
    "Mailing",
    "NoticeDecision",
    "Report",
    "RetentionRun",
    "Supporter",
    "UpdateForFollower",
    "Visit",
]
