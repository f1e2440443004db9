"""The Atom feed of a campaign's comments, each with what it answers (RFC 4685)."""

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from branding.site import the_site
from comments.models.comment import Comment
from comments.pagination import OLDEST
from comments.text import as_html, for_xml
from pages.addresses import absolute

IN_FEED = 50
_THREADING = "http://purl.org/syndication/thread/1.0"


class ThreadedFeed(Atom1Feed):
    """An entry with `answers` says which other entry it answers, by its address."""

    def root_attributes(self):
        return super().root_attributes() | {"xmlns:thr": _THREADING}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if address := item["answers"]:
            named = {"ref": address, "href": address, "type": "text/html"}
            handler.addQuickElement("thr:in-reply-to", None, named)


def feed_of(campaign, path):
    """The newest comments that are shown, the newest first."""
    atom = ThreadedFeed(
        title=_("Comments: %(campaign)s") % {"campaign": campaign.full_title},
        link=absolute(OLDEST.url(campaign, 1)),
        description=campaign.summary,
        language=campaign.read_in,
        feed_url=absolute(path),
        author_name=the_site().name,
    )
    shown = Comment.objects.readable().filter(campaign=campaign)
    shown = shown.select_related("parent").order_by("-pk")
    for found in shown[:IN_FEED]:
        atom.add_item(
            title=_("Comment by %(name)s") % {"name": for_xml(found.name)},
            link=_address(campaign, found),
            unique_id=_address(campaign, found),
            description=as_html(for_xml(found.text)),
            author_name=for_xml(found.name),
            pubdate=found.shown_at,
            updateddate=found.edited_at or found.shown_at,
            answers=_answered(campaign, found.parent),
        )
    return atom


def _address(campaign, comment):
    comment.campaign = campaign
    return absolute(comment.get_absolute_url())


def _answered(campaign, parent):
    """The address of what is answered, if readers can see that."""
    return _address(campaign, parent) if parent and parent.is_shown else None
