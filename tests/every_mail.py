"""Each kind of mail, sent once at least, with each kind of link that mails hold."""

from contextlib import contextmanager
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.test.signals import template_rendered
from django.utils import timezone

from campaigns.models import Campaign
from comments.models import Comment
from letters.models import (
    AddressCorrection,
    Letter,
    OfficialVisit,
    Recipient,
    SuggestedLetter,
)
from outbox.models import IncomingMail, OutgoingMail
from petitions.models import Invalidation
from staff.models import Invitation, User
from supporters.models import Follow, Mailing, Report, Visit
from tests.factories import (
    make_campaign,
    make_follow,
    make_letter,
    make_petition,
    make_recipients,
    make_staff,
    make_text,
    make_update,
    reject,
    sign,
    write_comment,
)
from tests.letters.makers import due_again
from tests.letters.makers import write as write_letter
from tests.supporters.markers import do_everything
from tests.supporters.test_links_of_questions import KINDS

# Long enough that the same words again are the same comment.
WORDS = "Please help the animals of our sister city, before it is too late for them."


@contextmanager
def kinds_written():
    """The kinds of mail that are written meanwhile, by the names of their texts."""
    kinds = set()

    def note(template, context, **_more):
        if template is not context.template:
            return  # a part of another one
        folder, _slash, file = (template.name or "").rpartition("/")
        if folder == "emails" and file.endswith(".txt"):
            kinds.add(file.removesuffix(".txt"))

    template_rendered.connect(note)
    yield kinds
    template_rendered.disconnect(note)


def have_every_mail_sent(work):
    campaign = make_campaign()
    ada = do_everything(campaign, work)
    Follow.objects.all().delete()  # the next one has two, and so a link that stops all
    for kind, make in KINDS.items():
        make(email=f"{kind}@mail.example")
    Visit.objects.request(ada.email, "en")
    Visit.objects.request("bo@mail.example", "en", f"/{campaign.slug}/")
    make_follow(campaign, "bo@mail.example")
    make_follow(None, "bo@mail.example")
    following = make_petition(slug="next").campaign
    Mailing.objects.send(make_update(campaign, follow_up=following), by=None)
    eve = make_staff("eve", "Campaigners", is_superuser=True, email="eve@mail.example")
    to_signers(campaign, work)
    to_writers(campaign, ada, eve, work)
    to_commenters(campaign, ada, eve)
    to_officials(eve)
    Report.objects.decide("kept", by=eve)
    make_text(campaign, "ko", published_at=timezone.now())
    if apps.is_installed("volunteers"):
        campaign.translation_requests.get().tell_published()
    work()
    to_staff(eve)
    to_who_is_too_late(ada, work)
    queue = OutgoingMail.objects.queue
    for name in ("reply_explained", "reply_forwarded"):
        raw = b"From: ada@mail.example\r\nSubject: Hello\r\n\r\nHello!"
        row = IncomingMail.objects.create(digest=name.encode(), raw=raw)
        queue(name, row.pk, "ada@mail.example")
    work()
    due_again()
    work()


def again(act, purpose):
    OutgoingMail.objects.queue(purpose, act.pk, act.confirmation.email)


def to_signers(campaign, work):
    petition = campaign.petition
    again(sign(petition, email="late@mail.example"), "signature_reminder")
    for number in range(2):
        signature = sign(petition, email="twice@mail.example")
        work()
        if not number:
            signature.confirm()
    signature = sign(petition, email="gone@mail.example")
    signature.confirm()
    signature.withdraw()
    again(signature, "signature_question")
    signature = sign(petition, email="robot@mail.example")
    signature.confirm()
    rows = petition.signatures.filter(pk=signature.pk)
    reason = {"reason": "Made up.", "found_by": "all"}
    Invalidation.start(petition, rows, by=None, **reason)
    work()
    again(signature, "signature_question")


def to_writers(campaign, ada, eve, work):
    suggested = SuggestedLetter.objects.first()
    for number in range(2):
        letter = write_letter(suggested, email="twice@mail.example")
        work()
        if not number:
            letter.confirm()
            work()
            again(letter, "letter_answer")
    reject(write_letter(suggested, held_for="word", email=ada.email), eve)
    waiting = write_letter(suggested, held_for="word", email=ada.email, text=WORDS)
    ago = timezone.now() - timedelta(days=settings.LETTER_UNDECIDED_DAYS + 1)
    Letter.objects.filter(pk=waiting.pk).update(held_at=ago)
    OutgoingMail.objects.queue("letter_waits", ada.pk, ada.email)


def to_commenters(campaign, ada, eve):
    for email, replies in (("cy@mail.example", 2), ("ed@mail.example", 1)):
        first = write_comment(
            campaign, wants_replies=True, wants_news=True, email=email
        )
        first.confirm()
        first.moderated_by(eve).show()
        for number in range(replies):
            reply = write_comment(
                campaign, f"Yes {number}.", parent=first, email=f"{number}{email}"
            )
            reply.confirm()
            reply.moderated_by(eve).show()
    hidden = write_comment(campaign, "No!", wants_news=True, email="no@mail.example")
    hidden.moderated_by(eve).hide("threat")
    for number in range(2):
        said = write_comment(campaign, WORDS, wants_news=True, email="cy@mail.example")
        if not number:
            said.confirm()
    waiting = write_comment(campaign, "Soon.", email=ada.email)
    ago = timezone.now() - timedelta(days=settings.KEEP_HELD_DAYS - 2)
    Comment.objects.filter(pk=waiting.pk).update(queued_at=ago)
    OutgoingMail.objects.queue("held_ends", ada.pk, ada.email)


def to_officials(eve):
    official, other = Recipient.objects.reachable()[:2]
    OfficialVisit.objects.request(official)
    AddressCorrection.objects.request(official, "new@council.example")
    AddressCorrection.objects.request(other, "newer@council.example").confirm()
    bounced = Recipient.objects.last()
    Recipient.objects.filter(pk=bounced.pk).update(bounced_at=timezone.now())
    OutgoingMail.objects.queue("recipient_bounced", bounced.pk, eve.email)


def to_staff(eve):
    moderators = Group.objects.get(name="Moderators")
    eve.groups.add(moderators)
    invitation = Invitation.objects.create(email="fay@mail.example", invited_by=eve)
    invitation.groups.add(moderators)
    invitation.mail_later()
    User.objects.reset_passwords_later(eve.email)
    for name in ("comment_digest", "test_mail"):
        OutgoingMail.objects.queue(name, eve.pk, eve.email)


def to_who_is_too_late(ada, work):
    over = make_petition(slug="over").campaign
    make_letter(over, recipients=make_recipients(1, "School Board"))
    sign(over.petition, email=ada.email)
    write_letter(over.letter, email=ada.email)
    ended = timezone.now() - timedelta(days=30)
    opened = ended - timedelta(days=30)
    Campaign.objects.filter(pk=over.pk).update(opens_at=opened, closes_at=ended)
    work()
