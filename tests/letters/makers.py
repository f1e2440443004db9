"""Letters in the states that the tests begin with."""

from datetime import timedelta

from django.utils import timezone

from letters.models import Delivery, Letter
from letters.sending.tasks import sweep_deliveries
from letters.suggested import placeholders
from supporters.models import Confirmation, Supporter
from tests.factories import make_letter, make_recipients

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
        {},
        {"tries": 1, "reply": "450 later"},
        {"handed_over_at": "2026-01-01T00:00Z", "reply": "250 OK"},
        {"handed_over_at": "2026-01-01T00:00Z", "accepted_at": "2026-01-01T00:00Z"},
        {"may_have_arrived_at": "2026-01-01T00:00Z"},
        {"refused_at": "2026-01-01T00:00Z", "reply": "550 no"},
        {"handed_over_at": "2026-01-01T00:00Z", "bounced_at": "2026-01-02T00:00Z"},
        {"gave_up_at": "2026-01-01T00:00Z", "reply": "450 later"},
        {"stopped_at": "2026-01-01T00:00Z"},
        {"handed_over_at": "2026-01-01T00:00Z", "was_answered": True},
    ]
    letter = confirmed(make_letter(recipients=make_recipients(len(fields))))
    for delivery, values in zip(letter.deliveries.order_by("pk"), fields, strict=True):
        is_settled = any(name.endswith("_at") for name in values)
        settled = {"settled_at": "2026-01-01T00:00Z"} if is_settled else {}
        Delivery.objects.filter(pk=delivery.pk).update(**values, **settled)
    return letter


def states(letter):
    """The state of each delivery, in the order of the recipients."""
    return [str(d.state) for d in letter.deliveries.order_by("pk")]


def sweep():
    sweep_deliveries.func(timestamp=0)


def due_again():
    """As if the waits of all deliveries were over."""
    Delivery.objects.open().update(next_try_at="2020-01-01T00:00Z")


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
            email=recipient.email,
            domain=recipient.domain,
            label=recipient.label,
            greeting=recipient.greeting,
            settled_at=now,
            handed_over_at=now,
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
