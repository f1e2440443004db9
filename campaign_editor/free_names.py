"""Free names for a new campaign and its list of recipients."""

from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext

from campaign_editor.beginnings import gaps_in
from campaigns.models import RESERVED_SLUGS, Campaign, CampaignText, FormerSlug
from campaigns.models.address import refuse_taken
from letters.models import RecipientList

# Until a campaign has a title of its own, it has an address that nobody sees.
UNNAMED = "draft-"
LONGEST_SLUG = 80
LONGEST_LIST_NAME = 120


def free_slug(campaign):
    """An address made of the title that no campaign has, or has had."""
    title = "" if gaps_in(campaign.title) else campaign.title
    start = slugify(title)[: LONGEST_SLUG - 5].strip("-")
    if not start:
        return UNNAMED + get_random_string(10).lower()
    others = Campaign.objects.exclude(pk=campaign.pk).values_list("slug", flat=True)
    former = FormerSlug.objects.exclude(campaign=campaign.pk)
    texts = CampaignText.objects.exclude(campaign=campaign.pk)
    taken = {
        *others.filter(slug__startswith=start),
        *former.filter(slug__startswith=start).values_list("slug", flat=True),
        *texts.filter(slug__startswith=start).values_list("slug", flat=True),
        *RESERVED_SLUGS,
    }
    return next(name for name in numbered(start, "-") if name not in taken)


def free_slug_in(text):
    """An address for the texts in a further language that no campaign has there."""
    stem = text.slug[: LONGEST_SLUG - 5]
    for name in numbered(stem, "-"):
        try:
            refuse_taken(name, text.language, text.campaign_id)
        except ValidationError:
            continue
        return name


def free_list_name(title):
    """A name that no list has, for the own list of a campaign with this title."""
    start = (gettext("Recipients: %s") % title)[: LONGEST_LIST_NAME - 5].strip()
    lists = RecipientList.objects.filter(name__startswith=start)
    taken = set(lists.values_list("name", flat=True))
    return next(name for name in numbered(start, " ") if name not in taken)


def numbered(start, between):
    """The name itself, and then the name with 2, 3 and so on."""
    yield start
    number = 2
    while True:
        yield f"{start}{between}{number}"
        number += 1
