"""The dry run: what an export would become here, and what of it cannot come."""

from collections import Counter
from itertools import batched

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from campaigns.models.rich_text import LONGEST_RICH
from comments.models import WrittenElsewhere
from comments.models.imported import LONGEST_TEXT, SHOWN, SPAM, WAITING
from wordpress import content, wxr

BATCH = 200
MOST_ITEMS = 5000
# Characters with formatting code that is not ours, which becomes less.
LONGEST_CONTENT = 8 * LONGEST_RICH
COMES = ("post", "page")
NEVER = ("trash", "auto-draft", "inherit")
PUBLIC = "publish"
_STATES = {"1": SHOWN, "approved": SHOWN, "0": WAITING, "hold": WAITING, "spam": SPAM}
_BOOL = BooleanField()
_PINGS = ("pingback", "trackback")


def plan(of, file):
    """Note each post and page of an export, with a proposal; all of them or none."""
    found = wxr.items(file)
    site = next(found)
    items = of.items
    left_out, numbers = Counter(), set()
    with transaction.atomic():
        items.all().delete()
        for batch in batched(_worth(found, left_out, numbers), BATCH):
            items.bulk_create(items.model(of=of, **each) for each in batch)
        _propose(of)
        of.note(
            step=of.Step.PLANNED,
            site=name_of(site.url),
            title=site.title[:200],
            left_out=dict(left_out),
        )


def name_of(url):
    """A site by its address, whether with “https://” and “www.” or without."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()[:200]


def comments_of(item):
    """The comments of an item that come, and how many do not, by their kind."""
    found, left_out = [], Counter()
    for each in item.comments:
        state = _STATES.get(each.state)
        if each.kind in _PINGS:
            left_out["pingback"] += 1
        elif state is None:
            left_out["comment in the bin"] += 1
        else:
            at = each.at or item.at or timezone.now()
            text = content.plain(each.text[: 8 * LONGEST_TEXT])
            found.append(
                WrittenElsewhere(each.number, each.parent, each.name, text, at, state)
            )
    return found, left_out


def _worth(found, left_out, numbers):
    """What is kept of each post and page; everything else is only counted."""
    for item in found:
        if item.kind == "attachment":
            left_out["attachment"] += 1
        elif item.kind not in COMES or item.status in NEVER:
            left_out[item.kind if item.kind not in COMES else "in the bin"] += 1
        elif item.number in numbers:
            left_out["twice in the file"] += 1
        elif len(numbers) >= MOST_ITEMS:
            left_out["too many at once"] += 1
        else:
            numbers.add(item.number)
            comments, others = comments_of(item)
            left_out.update(others)
            yield {
                "number": item.number,
                "kind": item.kind,
                "title": item.title[:200],
                "link": item.link[:500],
                "at": item.at,
                "comments": len(comments),
                "notes": _notes(item, comments),
                "becomes": "nothing",
            }


def _notes(item, comments):
    notes = []
    converted = converted_of(item)
    if converted is None:
        notes.append(["long"])
    elif not converted.words.strip():
        notes.append(["empty"])
    if item.has_password:
        notes.append(["password"])
    elif item.status != PUBLIC:
        notes.append(["draft"])
    if converted is not None and converted.lost:
        notes.append(["lost", ", ".join(converted.lost[:10])])
    if cut := sum(len(each.text) > LONGEST_TEXT for each in comments):
        notes.append(["cut", str(cut)])
    return notes


def converted_of(item, gallery=()):
    """The content of an item as ours; None if it is too long to be."""
    is_long = len(item.content) > LONGEST_CONTENT
    if is_long or content.is_nested_too_deeply(item.content):
        return None
    converted = content.convert(item.content, gallery)
    return converted if len(converted.html) <= LONGEST_RICH else None


def _propose(of):
    """Propose what each becomes: posts are updates of the page that people wrote to.

    If no campaign is chosen, that page becomes one. Without comments it is the first
    page, and without pages the first post.
    """
    with_text = of.items.exclude(_with_note("empty") | _with_note("long"))
    with_text.filter(kind="post").update(becomes="update")
    if of.into_id is None:
        is_talked_about = ~Q(comments=0)
        by_weight = with_text.annotate(talked=ExpressionWrapper(is_talked_about, _BOOL))
        first = by_weight.order_by("-talked", "kind", "-comments", "pk").first()
        if first is not None:
            of.items.filter(pk=first.pk).update(becomes="campaign")
            of.note(into_number=first.number)


def _with_note(code):
    return Q(notes__contains=[[code]])
