"""Why something costs more on the larger site, where it may, and how much at most.

`bench/scale.py` fails for what is above its limit and not named here, and for what is
named here and costs more than `most` milliseconds on the whole: so a new slowness is
found, also where an old one is known.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """What costs more, why that may stay so, and the CPU milliseconds that it may."""

    why: str
    most: float
    names: tuple


def reason_of(name):
    """The reason why this may cost more, or None."""
    return _OF.get(name)


def _lists(page, *queries):
    """The names of a list of staff by what it is filtered or searched by."""
    return tuple(f"desk /admin/{page}/{query}" for query in queries)


_SEARCHES = ("?q=Person 77", "?q=nobodylikethis")
_LANGUAGES = ("?language__exact=en", "?language__exact=ar")
REASONS = (
    # Public pages.
    Reason(
        "takes the median wait of 30 days of comments, once per commenter",
        100,
        ("page /<slug>/comments/<token>/",),
    ),
    Reason(
        "5,000 links, where the other has 1,000: a file of the chain is that long",
        100,
        ("page /<slug>/count/links-<number>.csv",),
    ),
    Reason(
        "counts the letters of the campaign, once per writer",
        100,
        ("page /<slug>/letter/sent/",),
    ),
    Reason(
        "counts the comments of twelve months, at most every eight seconds",
        300,
        ("page /moderation/",),
    ),
    Reason(
        "counts all letters to one official, who alone opens it",
        500,
        ("page /officials/page/<key>/",),
    ),
    Reason(
        "finds the same words among all letters to one official, who alone opens it",
        3_500,
        (
            "page /officials/page/<key>/letters/<pk>/",
            "page /officials/page/<key>/letters/<pk>/texts/<words>/",
        ),
    ),
    Reason(
        "writes a file of 200,000 letters, the other 200: each costs the same",
        20_000,
        ("page /officials/page/<key>/letters/<pk>/file/",),
    ),
    Reason(
        "names 500 campaigns, where the other names 100, for programs",
        60,
        ("page /sitemap.xml", "page /sitemap/<number>.xml"),
    ),
    Reason(
        "passes over the keys of the comments before it, and reads none of them",
        60,
        (
            "page thread, oldest, middle",
            "page thread, newest, middle",
            "page thread, own, middle",
            "page permalink of a comment, middle",
            "page permalink of a reply, middle",
        ),
    ),
    Reason(
        "counts the thread anew, when a moderator decides",
        150,
        ("act approving a comment",),
    ),
    # Pages of staff.
    Reason(
        "counts what waits for staff, of which the other has a thousandth",
        1_200,
        (
            "desk /admin/",
            "desk /admin/inbox/",
            *_lists("inbox", "held/", "names/", "comments/", "reports/", "words/"),
        ),
    ),
    Reason(
        "counts the rows of a period, when a campaigner asks",
        3_500,
        (
            "desk /admin/editor/campaigns/0/home/",
            "desk /admin/editor/campaigns/0/home/?days=0",
            *_lists(
                "campaigns/campaign/0/figures",
                *("", "?days=0", "?days=all", "?csv=views", "?csv=comments"),
            ),
        ),
    ),
    Reason(
        "counts the newest emails by domain, and what came in a month by kind",
        100,
        ("desk /admin/deliverability/",),
    ),
    Reason(
        "counts letters and waiting comments of the campaigns that it shows",
        250,
        _lists("campaigns/campaign", "", "?language__exact=en"),
    ),
    Reason(
        "names 500 campaigns to choose from, where the other names 100",
        250,
        (
            *_lists(
                "campaigns/campaigntext",
                *("", *_LANGUAGES, "?campaign__id__exact=0", *_SEARCHES),
            ),
            *_lists("campaigns/update", "", "?campaign__id__exact=0", *_SEARCHES),
            *_lists(
                "campaigns/updatetext",
                *("", *_LANGUAGES, "?update__campaign__id__exact=0", *_SEARCHES),
            ),
            *_lists(
                "letters/lettertext",
                *("", *_LANGUAGES, "?letter__campaign__id__exact=0", *_SEARCHES),
            ),
            *_lists("paper/paperbatch", "", "?state=to-count", *_SEARCHES),
            *_lists("paper/paperline", "", "?counted__exact=0"),
            *_lists("paper/paperline", "?batch__petition__id__exact=0"),
            *_lists("petitions/referrallink", ""),
            *_lists("petitions/signature/fraud", ""),
            *_lists("petitions/signature", "?state=held", "?state=invalidated"),
            *_lists("petitions/signature", "?q=nobodylikethis"),
            *_lists("comments/comment", "", "?written_in=en"),
            *_lists("comments/comment", "?campaign__id__exact=0"),
            *_lists("supporters/follow", "", "?state=active", "?state=held"),
            *_lists("supporters/follow", "?campaign__id__exact=0"),
            *_lists("supporters/follow", "?campaign__isnull=True", *_SEARCHES),
        ),
    ),
    Reason(
        "reads each row for a part of a word; an address is looked up at once",
        600,
        (
            *_lists("petitions/signature", "?q=Person 77"),
            *_lists("paper/paperline", *_SEARCHES),
            *_lists("letters/letter", *_SEARCHES),
            *_lists("letters/delivery", "?q=nobodylikethis"),
            *_lists("comments/comment", *_SEARCHES),
            *_lists("outbox/outgoingmail", *_SEARCHES),
            *_lists("supporters/report", *_SEARCHES),
        ),
    ),
    Reason(
        "reads the list for rows that are rare, since an index would cost each row",
        500,
        (
            *_lists("petitions/signature", "?held_for__exact=flood"),
            *_lists("petitions/signature", "?held_for__exact=advert"),
            *_lists("letters/letter", "?state=held"),
            *_lists("letters/delivery", "?state=paused", "?state=failed"),
            *_lists("letters/delivery", "?domain=bakersfield.example"),
            *_lists("comments/comment", "?state=queued", "?state=removed"),
            *_lists("comments/comment", "?written_in=ar"),
            *_lists("comments/comment", "?rule=honeypot", "?rule=advert"),
            *_lists("supporters/consent", "?kind=comment", "?kind=follow"),
            *_lists("supporters/consent", "?withdrawn_at__isempty=0"),
            *_lists("outbox/outgoingmail", "?kind=hidden_comment_question"),
            *_lists("outbox/outgoingmail", "?kind=translation_published"),
            *_lists("outbox/outgoingmail", "?q=few.example", "?q=letters.example"),
            *_lists("supporters/report", "?decision__exact=removed"),
            *_lists("supporters/report", "?decision__exact=lapsed"),
            *_lists("staff/auditentry", "?kind__exact=action"),
            *_lists("staff/auditentry", "?model=translations.wordreport"),
        ),
    ),
    Reason(
        "counts the first 10,000, where the other has 100",
        200,
        (
            *_lists("staff/auditentry", "", "?kind__exact=listed"),
            *_lists("staff/auditentry", "?username=bo", "?username=root"),
            *_lists("staff/auditentry", "?model=campaigns.campaign"),
            *_lists("supporters/report", "", "?law__exact=other"),
        ),
    ),
    # What happens by itself.
    Reason(
        "indexes that are larger, and are changed at random",
        1,
        (
            "rule “addresses of mails”, a row that is due",
            "rule “letter texts”, a row that is due",
            "rule “notices”, a row that is due",
        ),
    ),
    Reason(
        "500 campaigns, where the other has 100: each costs the same",
        1_200,
        ("task campaigns.make_missing_pictures",),
    ),
    Reason(
        "500 petitions, where the other has 100: each costs the same",
        100,
        ("task petitions.tell_of_goals", "task petitions.note_signed"),
    ),
    Reason(
        "asks the jobs that wait: less than a millisecond, so that noise is much",
        5,
        ("task database.start_what_is_due",),
    ),
    Reason(
        "queues 5,000 mails, where the other queues few: each costs the same",
        4_000,
        ("task letters.ask_for_answers",),
    ),
    Reason(
        "compares all names with what programs know, so that signing does nothing more",
        30_000,
        ("task api.note_handed_out",),
    ),
    Reason(
        "counts a week of signatures, each hour",
        5_000,
        ("task petitions.watch_signatures",),
    ),
)
_OF = {name: reason for reason in REASONS for name in reason.names}
