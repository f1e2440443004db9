"""Finds out by which link somebody came: by a short word in the address, its code.

Public pages are the same for everybody, so no page is rendered for a code. The code
stays in the address (`/campaign/?s=wa`) and is read when a form is sent from there.
"""

import re
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _

from pages.same_origin import is_ours

PARAMETER = "s"
# The word in a supporter's own link has this length, and no other word has it.
LONGEST = 10
# In the QR code of a printed page.
PAPER = "paper"
# In the frame, and behind the button, that other websites and newsletters show.
EMBED = "embed"
# The channels of the share row, of paper and of other websites.
CHANNELS = {
    "copy": _("Copied from the page"),
    "share": _("The device’s own share button"),
    "wa": "WhatsApp",
    "kakao": "KakaoTalk",
    "line": "LINE",
    "tg": "Telegram",
    "fb": "Facebook",
    "x": "X",
    "mail": _("Email"),
    PAPER: _("The QR code on paper"),
    EMBED: _("Shown in another website"),
}
# The codes of links that readers pass on, beside those of supporters.
SHARED = tuple(code for code in CHANNELS if code not in (PAPER, EMBED))
_CODE = re.compile(rf"[a-z0-9]{{1,{LONGEST}}}")
_MOST_FIELDS = 50


def with_referral(url, code):
    """The same address with the code of the link by which somebody comes."""
    return f"{url}?{PARAMETER}={code}"


def referral_code_of(request):
    """The code in the address of the form's page, or None.

    A form that came back with errors holds the code itself, since it has another
    address.
    """
    named = request.POST.get(PARAMETER)
    if named is None:
        named = _in_address(request)
    named = named.lower()
    return named if _CODE.fullmatch(named) else None


def _in_address(request):
    address = request.META.get("HTTP_REFERER", "")
    if not is_ours(address, request):
        return ""
    try:
        fields = parse_qs(urlsplit(address).query, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return ""
    return fields.get(PARAMETER, [""])[0]
