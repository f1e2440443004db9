from html import unescape

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format, get_format
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from campaigns import structured_data
from campaigns.figures import views_in
from campaigns.local_time import in_words, named, zone_of
from campaigns.models.campaign import Campaign
from campaigns.models.campaigns import event_is_over
from campaigns.models.milestone import BEGAN, ENDED, order
from campaigns.models.story_picture import PLACE
from campaigns.models.told import Localized
from campaigns.models.told_beside import LocalizedBeside
from campaigns.pictures import picture_files
from campaigns.qr_code import svg_of
from campaigns.sharing import PAPER, with_referral
from pages.addresses import absolute
from pages.fragments import cached_fragment
from pages.templatetags.attributes import content_in
from reporting.figures import Period
from staff import reach

register = template.Library()
EXCERPT = 180  # characters
# How wide a picture of an update is in its column.
IN_COLUMN = "(min-width: 48rem) 44rem, 92vw"
ON_THE_DESK = 6


@register.filter
def day_in(moment, campaign):
    """The day of a moment on the clocks of a campaign; without one, of the site."""
    return moment and moment.astimezone(zone_of(campaign)).date()


@register.filter
def moment_in(moment, campaign):
    """Day, hour and zone of a moment in words, on the same clocks."""
    return moment and in_words(moment, zone_of(campaign))


@register.filter
def clocks(campaign):
    """What people call the clocks of a campaign; without one, those of the site.

    Also those of a list of recipients.
    """
    return named(zone_of(campaign))


@register.filter
def paragraphs(text, said_in=""):
    """Plain text as paragraphs, divided at empty lines; line breaks are kept.

    `said_in` are attributes of each, if it is not in the page's language.
    """
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    found = ((said_in, part) for part in parts if part)
    return format_html_join("\n", "<p{}>{}</p>", found)


@register.filter
def said_in(row, name):
    """Attributes of an element with a text that is not in the page's language."""
    language = row.language_of(name)
    return "" if language == get_language() else content_in(language)


@register.simple_tag
def busiest_open_campaigns(user):
    """Those of somebody's campaigns that were read most lately, for the desk.

    Of those that nobody has read yet, the newest; the list has the others.
    """
    found = reach.within(user, Campaign.objects.open())
    views = views_in(found.order_by().values("pk"), Period.of("30"))
    busiest = sorted(views, key=views.__getitem__, reverse=True)[:ON_THE_DESK]
    read = found.in_bulk(busiest)
    unread = found.exclude(pk__in=busiest).order_by("-opens_at", "-pk")
    shown = [read[pk] for pk in busiest]
    return [*shown, *unread[: ON_THE_DESK - len(shown)]]


@register.simple_tag
def page_views_lately(campaigns):
    """How often each campaign's pages were read in the last 30 days, by campaign."""
    return views_in(campaigns, Period.of("30"))


@register.simple_tag
def share_row(campaign, own=None, update=None):
    """Links that share the campaign's page: each with its code, or all with `own`.

    The message is the campaign's own. Of an update, they share its page and title. The
    subject of an email is the title, which is true of an ended campaign, too.
    """
    title = update.title if update else campaign.full_title
    shown = {
        "url": absolute((update or campaign).get_absolute_url()),
        "title": title,
        "text": title if update else campaign.share_text or title,
    }
    if own:  # one person's own links are not cached
        return render_to_string("components/share_row.html", {**shown, "own": own})
    return cached_fragment("components/share_row.html", **shown)


@register.simple_tag
def campaign_life(campaign):
    """What has happened in a campaign, from its opening on; empty before the first."""
    life, has_ended = campaign.life, campaign.has_ended
    told = life.told(has_ended=has_ended)
    if not told and not has_ended:
        return ""
    days = [
        (
            m.day,
            m.title,
            m.kind,
            m.words,
            said_in(m, "words"),
            m.reference,
            m.url,
            m.anchor,
        )
        for m in told
    ]
    began = campaign.day_of(campaign.opens_at)
    days.append((began, gettext("The campaign began"), BEGAN, "", "", "", "", ""))
    if has_ended:
        ended = campaign.day_of(campaign.ended_at)
        why = campaign.end_reason if campaign.ended_early else ""
        said = gettext("The campaign ended")
        own = said_in(campaign, "end_reason")
        days.append((ended, said, ENDED, why, own, "", "", ""))
    # Among those of a kind and day, the milestones are in order already.
    days.sort(key=lambda day: order(day[0], day[2]), reverse=True)
    due_on = life.waits_for and life.waits_for.due_on
    return cached_fragment(
        "campaigns/_life.html",
        days=tuple(days),
        due_on=due_on,
        is_late=bool(due_on and due_on < campaign.today),
    )


@register.simple_tag
def update_timeline(campaign, beside):
    """The newest updates on the action page, and the link to all of them."""
    if not beside.updates:
        return ""
    shown = tuple(
        (
            *(u.pk, u.title, campaign.day_of(u.published_at), u.published_at, u.text),
            *(picture(u, "whole", IN_COLUMN), said_in(u, "title")),
        )
        for u in beside.updates
    )
    return cached_fragment(
        "campaigns/_timeline.html",
        slug=campaign.slug,
        updates=shown,
        has_more=beside.has_more_updates,
    )


@register.simple_tag
def picture(
    row, kind, sizes, *, first=False, wide_kind="", wide_media="", wide_sizes=""
):
    """The picture of a campaign or an update, or nothing.

    `first` says that it is seen at once and must load before others. `wide_…` names
    another cut, for windows that `wide_media` describes.
    """
    if not row.picture:
        return ""
    cuts = picture_files.sources(row, kind, sizes)
    wide = (
        picture_files.sources(row, wide_kind, wide_sizes, wide_media)
        if wide_kind
        else []
    )
    return cached_fragment(
        "components/picture.html",
        sources=tuple(tuple(one.items()) for one in wide + cuts[:-1]),
        image=tuple(cuts[-1].items()),
        alt=row.picture_alt,
        said_in=said_in(row, "picture_alt")
        if isinstance(row, (Localized, LocalizedBeside))
        else "",
        first=first,
    )


@register.simple_tag
def on_paper(campaign):
    """Where the page can be found, for who reads it on paper: an address and a code."""
    address = absolute(campaign.get_absolute_url())
    return cached_fragment(
        "campaigns/_on_paper.html",
        address=address,
        is_open=campaign.is_open,
        made=lambda: {"code": svg_of(with_referral(address, PAPER))},
    )


@register.simple_tag
def story_of(campaign):
    """The story, with its pictures where it names them.

    A place without a picture shows nothing. Only a story with places costs a statement.
    """
    story = campaign.story
    if PLACE.search(story):
        shown = {
            picture.number: _story_picture(picture)
            for picture in campaign.tell_beside(
                campaign.story_pictures.exclude(picture="")
            )
        }
        story = PLACE.sub(lambda place: shown.get(int(place[1]), ""), story)
    if marks := said_in(campaign, "story"):
        return format_html("<div{}>{}</div>", marks, mark_safe(story))
    return mark_safe(story)


def _story_picture(row):
    return cached_fragment(
        "campaigns/_story_picture.html",
        picture=picture(row, "whole", IN_COLUMN),
        caption=row.caption,
        said_in=said_in(row, "caption"),
        credit=row.picture_credit,
        video_url=row.video_url,
        video_host=row.video_host,
    )


@register.simple_tag
def share_image(campaign):
    """The address of the image that other websites show of a campaign, or nothing.

    It is that of the language of the page; until it is made, that of the first one.
    """
    name = (campaign.told and campaign.told.share_image) or campaign.share_image
    return picture_files.absolute_url(name, picture_files.SHARE_FILE)


register.filter(event_is_over)


@register.filter
def beginning(words, most):
    """The beginning of a plain text on one line, cut after a word where it has any."""
    words = " ".join(words.split())
    if len(words) <= most:
        return words
    whole, _space, _rest = words[: most + 1].rpartition(" ")
    # Some languages write without spaces.
    return f"{whole if len(whole) >= most / 2 else words[:most]}…"


@register.filter
def excerpt(html):
    """The beginning of a rich text, without its markup."""
    return beginning(unescape(strip_tags(html.replace("</p>", " </p>"))), EXCERPT)


@register.simple_tag
def event_dates(campaign):
    """The event's dates as people say them: "2–8 November 2016"."""
    first, last = campaign.event_starts, campaign.event_ends
    if first is None:
        return ""
    if last is None or last == first:
        return _day(first, "DATE_FORMAT")
    day = _day_in_front()
    if day and (first.year, first.month) == (last.year, last.month):
        return format_html("{}–{}", _day(first, day), _day(last, "DATE_FORMAT"))
    return format_html("{} – {}", _day(first, "DATE_FORMAT"), _day(last, "DATE_FORMAT"))


def _day(date, form):
    return format_html(
        '<time datetime="{}">{}</time>', date.isoformat(), date_format(date, form)
    )


def _day_in_front():
    """The format of the day with which dates begin here; "" if they do not.

    Two days can then share a month: “2–8 November”, and “2.–8. November” in German.
    """
    begins = get_format("DATE_FORMAT").split()[0]
    return begins if begins[0] in "jd" else ""


@register.simple_tag
def data_of_home():
    """What search engines read of the site and of who runs it."""
    return structured_data.of_home()


@register.simple_tag
def data_of_update(update):
    """What search engines read of a published update."""
    return structured_data.of_update(update)
