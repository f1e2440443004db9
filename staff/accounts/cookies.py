"""The cookies that Django sets for staff who sign in, for the page about cookies.

Their names are in the settings, with the prefix.
"""

from django.utils.translation import gettext_lazy as _

from pages.cookies import Cookie

WHO = _("People who work on this site, when they sign in")

Cookie(
    "sessionid",
    who=WHO,
    words=_("They stay signed in, with nothing about them in the cookie."),
    lasts=_("12 hours at most"),
)
Cookie(
    "csrftoken",
    who=WHO,
    words=_("No other website can send a form in their name."),
    lasts=_("A year"),
)
