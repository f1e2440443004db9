"""Letters in the states that the tests begin with."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from letters.models import Delivery, Letter
from letters.sending.tasks import give_up_waiting
from letters.suggested import placeholders
from outbox.dispatcher import collect
from outbox.models import Outcome, OutgoingMail
from outbox.relay import says_bad_address
from outbox.reports import BOUNCED, MailReport, note
from supporters.models import Confirmation, Supporter
from tests.factories import make_letter, make_recipients

# A Wednesday; the clocks of Los Angeles go forward on the Sunday after it.
NOON = datetime(2030, 3, 6, 12, 0, tzinfo=UTC)
# The suggested letter of the factories, as its writers send it.
SENT = "Dear Mayor and Council:\n\nPlease help.\n\n{own}Thank you.\n\n{who}"


def write(suggested=None, **fields):
    """A letter that waits for its writer's confirmation."""
    suggested = suggested or make_letter()
    details = {
        "name": "Ada Lovelace",
        "place": "London, United Kingdom",
        "email": "ada@mail.example",
        "subject": "Please help",
        "text": "Dear Council:\n\nPlease help.\n\nAda Lovelace, London",
        "consents": [],
        "language": "en",
        "page": "/",
    }
    return Letter.objects.write(suggested, **{**details, **fields})


def confirmed(suggested=None, **fields):
    letter = write(suggested, **fields)
    letter.confirm()
    return letter


def make_one_of_each():
    """One delivery in each state, to ward1, ward2 and so on."""
    fields = [
        ("", {}, {}),
        ("", {"tries": 1, "reply": "450 later"}, {}),
        (Outcome.SENT, {"reply": "250 OK"}, {}),
        (Outcome.SENT, {}, {"accepted_at": "2026-01-01T00:00Z"}),
        (Outcome.IN_DOUBT, {}, {}),
        (Outcome.REFUSED, {"reply": "550 no"}, {}),
        (Outcome.SENT, {}, {"bounced_at": "2026-01-02T00:00Z"}),
        (Outcome.GIVEN_UP, {"reply": "450 later"}, {}),
        (Outcome.STOPPED, {}, {}),
        (Outcome.SENT, {}, {"was_answered": True}),
    ]
    letter = confirmed(make_letter(recipients=make_recipients(len(fields))))
    collect()
    for delivery, values in zip(letter.deliveries.order_by("pk"), fields, strict=True):
        outcome, of_mail, of_delivery = values
        if outcome:
            settle(delivery, outcome, at="2026-01-01T00:00Z")
        OutgoingMail.objects.filter(pk=delivery.mail_id).update(**of_mail)
        Delivery.objects.filter(pk=delivery.pk).update(**of_delivery)
    return letter


def settle(delivery, outcome=Outcome.SENT, *, at=None, reply=""):
    """As if its mail had ended so, at some time; returns the mail."""
    if delivery.mail is None:
        OutgoingMail.objects.queue("letter", delivery.pk, delivery.email)
        delivery.mail = OutgoingMail.objects.open().about("letter", delivery.pk).get()
        delivery.save(update_fields=["mail"])
    ended = {"outcome": outcome, "settled_at": at or timezone.now()}
    OutgoingMail.objects.filter(pk=delivery.mail_id).update(**ended, reply=reply)
    Delivery.objects.filter(pk=delivery.pk).update(**ended)
    return OutgoingMail.objects.get(pk=delivery.mail_id)


def bounce(delivery, words, *, is_proven=True):
    """As a mail service reports that it came back, not for good unless it says so."""
    delivery.refresh_from_db()
    known = {"for_good": says_bad_address(words), "is_proven": is_proven}
    note(delivery.mail, MailReport(BOUNCED, words, **known))


def states(letter):
    """The state of each delivery, in the order of the recipients."""
    return [str(d.state) for d in letter.deliveries.order_by("pk")]


def wednesday_after(moment):
    """Noon of a day on which offices are open, within the next week."""
    days = (2 - moment.weekday()) % 7 or 7
    return (moment + timedelta(days=days)).replace(hour=12, minute=0)


def sweep():
    give_up_waiting.func(timestamp=0)


def due_again():
    """As if the waits of all mails were over."""
    OutgoingMail.objects.open().update(due_at="2020-01-01T00:00Z")


def make_many(suggested, number):
    """This many confirmed letters, handed over to all: in each four, one has words of
    its own; written as fast as rows can be."""
    people = Supporter.objects.bulk_create(
        Supporter(email=f"{number}-{n}@mail.example") for n in range(number)
    )
    acts = Confirmation.objects.bulk_create(
        Confirmation(
            supporter=person,
            campaign=suggested.campaign,
            kind="letter",
            language="en",
            used_at=timezone.now(),
        )
        for person in people
    )
    now = timezone.now()
    made = []
    for n, act in enumerate(acts):
        name, place = f"Person {n}", ("Porto" if n % 3 else "Lisbon") + ", Portugal"
        own = (
            f"My own reason, number {n}: {'the animals ' * 9}\n\n" if not n % 4 else ""
        )
        made.append(
            Letter(
                suggested_letter=suggested,
                confirmation=act,
                name=name,
                place=place,
                subject="Please help",
                text=SENT.format(own=own, who=f"{name}, {place}"),
                confirmed_at=now - timedelta(hours=n),
            )
        )
    made = Letter.objects.bulk_create(made)
    recipients = list(suggested.recipient_list.recipients.all())
    Delivery.objects.bulk_create(
        Delivery(
            letter=written,
            recipient=recipient,
            label=recipient.label,
            greeting=recipient.greeting_in("en"),
            settled_at=now,
            outcome=Outcome.SENT,
        )
        for written in made
        for recipient in recipients
    )


def unchanged(suggested, name, place="Porto", email=None, **fields):
    """A confirmed letter that its writer has left as it was suggested."""
    letter = suggested.letter_for([], subject="", body=suggested.body)
    signed = suggested.letter_for(
        [], subject="", body=suggested.body, name=name, place=place
    )
    return confirmed(
        suggested,
        name=name,
        place=place,
        email=email or f"{name.split()[0].lower()}@mail.example",
        text=signed.envelope.text,
        text_digest=placeholders.digest(letter.envelope.text),
        **fields,
    )
