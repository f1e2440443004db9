"""No mail of the site looks like spam to a spam filter."""

import pytest
from django.conf import settings

from outbox import samples
from outbox.mail import POLICY
from supporters.models import Mailing
from tests import spam
from tests.factories import make_campaign, make_follow, make_picture, make_update

pytestmark = [
    pytest.mark.release,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not spam.SPAMASSASSIN, reason="there is no SpamAssassin on this machine"
    ),
]


def test_no_mail_of_the_site_looks_like_spam(mailbox, work):
    campaign = make_campaign()
    make_follow(campaign)
    Mailing.objects.send(make_update(campaign, **make_picture()), by=None)
    work()
    mails = {
        f"{name} ({language})": samples.write(name, language).message(policy=POLICY)
        for name in samples.names()
        for language, _words in settings.LANGUAGES
    }
    mails["an update as it leaves"] = mailbox.last()

    assert spam.suspects(mails) == {}
    for mail in mails.values():
        for part in mail.walk():
            if not part.is_multipart():
                encoded = part.get_payload(decode=False)
                assert max(map(len, encoded.splitlines())) <= 76
