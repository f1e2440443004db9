"""What a report may say, and what may be decided on it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BrokenLaw(models.TextChoices):
    """What kind of law the notifier thinks that the content breaks."""

    THREAT = "threat", _("It threatens somebody or calls for violence")
    HATE = "hate", _("It stirs up hatred against people because of who they are")
    DEFAMATION = "defamation", _("It spreads lies about somebody, or insults them")
    PRIVATE = "private", _("It shows private details or pictures without permission")
    CHILD = "child", _("It shows sexual abuse of a child")
    FRAUD = "fraud", _("It deceives people to get their money or their data")
    WORK = "work", _("It uses a text, picture or name that belongs to somebody else")
    OTHER = "other", _("It breaks another law")


class ReportReason(models.TextChoices):
    """What a reader finds wrong who does not say that it is against the law."""

    THREAT = "threat", _("It threatens or insults somebody")
    HATE = "hate", _("It attacks people because of who they are")
    PRIVATE = "private", _("It shows private details")
    SPAM = "spam", _("It is spam or advertises something")
    FALSE = "false", _("It accuses somebody without evidence")
    SOMEBODY_ELSE = "somebody else", _("It is somebody else’s name")
    NO_NAME = "no name", _("It is not a name, but a claim, an insult or advertising")
    ADDRESS = "address", _("It says where somebody lives or how to reach them")
    OTHER = "other", _("Something else")


class Subject(models.TextChoices):
    """What a report is about: a page, or a part of one that has a desk."""

    PAGE = "page", _("page")
    COMMENT = "comment", _("comment")
    NAME = "name", _("name")


# By the permissions on these, staff see what readers report of a part with a desk.
KINDS = {Subject.COMMENT: "comments.comment", Subject.NAME: "petitions.signature"}


class NoticeDecision(models.TextChoices):
    """What was decided about the content."""

    REMOVED = "removed", _("taken off the site")
    PART = "part", _("a passage taken off the site")
    KEPT = "kept", _("left on the site")
    GONE = "gone", _("not on the site any more")
    # Nobody has decided within KEEP_HELD_DAYS; somebody still may.
    LAPSED = "lapsed", _("left on the site, since we have not decided in time")
