"""The Atom feed of a campaign's comments."""

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from branding.site import the_site
from comments.models.comment import Comment
from comments.pagination import OLDEST
from comments.text import as_html, for_xml
from pages.addresses import absolute

IN_FEED = 50


def feed_of(campaign, path):
    """The newest comments that are shown, the newest first."""
    atom = Atom1Feed(
        title=_("Comments: %(campaign)s") % {"campaign": campaign.full_title},
        link=absolute(OLDEST.url(campaign, 1)),
        description=campaign.summary,
        language=campaign.read_in,
        feed_url=absolute(path),
        author_name=the_site().name,
    )
    shown = Comment.objects.readable().filter(campaign=campaign)
    for found in shown.order_by("-pk")[:IN_FEED]:
        atom.add_item(
            title=_("Comment by %(name)s") % {"name": for_xml(found.name)},
            link=_address(campaign, found),
            unique_id=_address(campaign, found),
            description=as_html(for_xml(found.text)),
            author_name=for_xml(found.name),
            pubdate=found.shown_at,
            updateddate=found.edited_at or found.shown_at,
        )
    return atom


def _address(campaign, comment):
    comment.campaign = campaign
    return absolute(comment.get_absolute_url())
