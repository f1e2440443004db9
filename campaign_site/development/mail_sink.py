"""The mails that bin/dev keeps as files; personal data must not stay in them either."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def forget(words):
    """Delete the mails in which one of these words stands."""
    looked_for = [word.casefold() for word in words if word]
    found = [
        file
        for file in Path(settings.MAIL_SINK_DIR).glob("*.eml")
        if any(word in _text(file) for word in looked_for)
    ]
    return delete(found)


def old():
    """The mails that are older than the text of any letter."""
    limit = timezone.now() - timedelta(days=settings.KEEP_LETTER_TEXT_DAYS)
    return [
        file
        for file in Path(settings.MAIL_SINK_DIR).glob("*.eml")
        if file.stat().st_mtime < limit.timestamp()
    ]


def delete(files):
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def _text(file):
    """Headers and bodies of a mail, decoded."""
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    headers = [f"{name}: {value}" for name, value in message.items()]
    bodies = [
        part.get_content()
        for part in message.walk()
        if part.get_content_maintype() == "text"
    ]
    return "\n".join([*headers, *bodies]).casefold()
