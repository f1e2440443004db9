"""Fill in the guided form as a browser does."""

from campaigns.models import Campaign
from tests.factories import make_petition
from tests.staff.forms import _Fields

COPY = "/admin/editor/campaigns/copy/"
NEW = "/admin/editor/campaigns/new/"
WHOLE = {
    "title": "Save the foxes",
    "summary": "Ask the council to help.",
    "story": "<p>They live here.</p>",
    "petition-ask": "I ask the council to help the foxes.",
}
LETTER = {
    "letter-subject": "Please help",
    "letter-body": "Dear all:\r\n\r\n[Your Name & City/Country]",
    "letter-addressed_as": "the Mayor and the Council",
    "letter-lines": "Mayor, mayor@council.example",
}


def whole(**fields):
    """A published campaign that lacks nothing, with a petition."""
    return make_petition(**{"story": "<p>They live here.</p>", **fields}).campaign


def page_of(campaign):
    return f"/admin/editor/campaigns/{campaign.pk}/"


def send(client, path=NEW, button="save", files=None, follow=True, **changes):
    """Open the form, change these fields and press a button."""
    opened = client.get(path)
    assert opened.status_code == 200
    fields = _Fields(opened.text).sent
    assert all(f'name="{name}"' in opened.text for name in changes)
    changes = {k: v for k, v in changes.items() if v is not None}
    data = {**fields, **changes, button: "", **(files or {})}
    return client.post(path, data, follow=follow)


def press(client, *where, **changes):
    """The same, without a look at the page that follows."""
    return send(client, *where, follow=False, **changes)


def make(client, files=None, **changes):
    """A draft, as the form makes it.

    The empty form is read each time: it offers what is stored, such as lists of
    officials, and what one test has stored is not there in the next.
    """
    form = _Fields(client.get(NEW).text)
    assert set(changes) <= form.names
    changes = {k: v for k, v in changes.items() if v is not None}
    answer = client.post(NEW, {**form.sent, **changes, "save": "", **(files or {})})
    assert answer.status_code == 302
    return Campaign.objects.latest("pk")


def said(answer):
    """All messages of a page, in one text."""
    return " ".join(str(message) for message in answer.context["messages"])


def missing(answer):
    """The fields that the checklist still wants."""
    return [item.field for item in answer.context["guide"].checklist.missing]


def refused(answer):
    """The fields because of which a form was not saved."""
    return [item.field for item in answer.context["guide"].refused]


def done(answer):
    """What is ticked of what the checklist recommends."""
    items = answer.context["guide"].checklist.recommended
    return [item.field for item in items if item.is_done]
