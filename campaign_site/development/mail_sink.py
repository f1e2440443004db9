"""The mails that bin/dev keeps as files; personal data must not stay in them either."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def forget(words):
    """Delete the mails in which one of these stands, just so and not within others.

    They are an address and names: “P b” is not in “help build”, and the mails to
    xann@mail.example are not those to ann@mail.example.
    """
    whole = "|".join(
        f"(?i:{re.escape(word)})" if "@" in word else re.escape(word)
        for word in words
        if word
    )
    if not whole:
        return 0
    stands = re.compile(rf"(?<![\w.+@-])(?:{whole})(?![\w@+-]|\.\w)")
    files = Path(settings.MAIL_SINK_DIR).glob("*.eml")
    return delete([file for file in files if stands.search(_text(file))])


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
    return "\n".join([*headers, *bodies])
