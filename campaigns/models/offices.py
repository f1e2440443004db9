"""Who a campaign says is in office, in any of its languages."""

import html

from django.utils.html import strip_tags

from safeguards.named_offices import named_in

# Where a campaign says who decides.
_TEXTS = (
    *("title", "title_ask", "summary", "happening", "wrong", "asked", "story"),
    "call_for_action",
)


def offices_named_by(campaign):
    """Kinds and names, for whoever keeps others from signing with them."""
    told = "\n".join(
        strip_tags(getattr(row, name).replace("<", "\n<"))
        for row in (campaign, *campaign.texts.all())
        for name in _TEXTS
    )
    return named_in(html.unescape(told))
