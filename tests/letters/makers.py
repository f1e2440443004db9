"""Letters in the states that the tests begin with."""

from letters.models import Delivery, Letter
from letters.tasks import sweep_deliveries
from tests.factories import make_letter


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


def states(letter):
    """The state of each delivery, in the order of the recipients."""
    return [d.state for d in letter.deliveries.order_by("pk")]


def sweep():
    sweep_deliveries.func(timestamp=0)


def due_again():
    """As if the waits of all deliveries were over."""
    Delivery.objects.open().update(next_try_at="2020-01-01T00:00Z")
