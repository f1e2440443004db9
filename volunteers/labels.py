"""The names of a campaign’s texts, for volunteers, who read them in their language.

They are the labels of fields. Translators find those of staff in another place, so the
ones that volunteers read are named here, too; a test says which are missing.
"""

from django.utils.translation import gettext_noop as _

READ_BY_VOLUNTEERS = frozenset(
    {
        _("campaign"),
        _("title"),
        _("second line of the title"),
        _("the ask in one sentence"),
        _("the sentence that people sign"),
        _("what is happening"),
        _("what is wrong"),
        _("what we ask"),
        _("story"),
        _("title of the background reading"),
        _("call for action"),
        _("event"),
        _("what the picture shows"),
        _("message to share"),
        _("text of the thank-you email"),
        _("outcome"),
        _("suggested letter"),
        _("subject"),
        _("letter"),
        _("background reading"),
        _("to whom or by whom"),
        _("milestone"),
        _("caption"),
        _("locked ask"),
        _("addressed as"),
        _("subject of the thank-you"),
        _("thank-you"),
        _("follow-up"),
        _("update"),
        _("text"),
        _("subject of the email"),
        _("preview of the email"),
    }
)
