import pytest
from django.core.mail import EmailMultiAlternatives

from outbox import purposes
from outbox.models import OutgoingMail


class News(purposes.Purpose):
    """A kind of mail for tests: says what it is told to."""

    name = "news"
    title = "Some news"
    policy = purposes.NOTICE

    def __init__(self):
        self.settled_as, self.reports_noted, self.waits = [], [], []
        self.leaves, self.has_news = True, False

    def when(self, mail):
        if self.waits:
            raise self.waits.pop(0)

    def compose(self, mail):
        return EmailMultiAlternatives(
            subject=f"News {mail.about}",
            body="Something has happened.\n",
            from_email="us@letters.example",
            to=[mail.email],
        )

    def may_leave(self, mail):
        return self.leaves

    def settled(self, mail):
        self.settled_as.append(mail.outcome)
        return self.has_news

    def reported(self, mail, report):
        self.reports_noted.append(report)


@pytest.fixture
def news(monkeypatch):
    purpose = News()
    monkeypatch.setitem(purposes._PURPOSES, "news", purpose)
    return purpose


@pytest.fixture
def queue(news, db):
    """Queue news about a number to an address; returns the row."""

    def queue(about=1, email="ada@mail.example", **options):
        OutgoingMail.objects.queue("news", about, email, **options)
        return OutgoingMail.objects.latest("pk")

    return queue
