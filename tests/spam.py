"""What a spam filter says of our mails: SpamAssassin, by the rules it comes with."""

import os
import re
import shlex
import subprocess
from email.utils import format_datetime
from tempfile import TemporaryDirectory

from django.utils import timezone

# Most filters take a mail with five points for spam; one of ours has less than one.
TOO_MANY = 1.0
SPAMASSASSIN = shlex.split(os.environ.get("SPAMASSASSIN", ""))
_STATUS = re.compile(
    r"^X-Spam-Status: \w+, score=(\S+) required=\S+ tests=(\S*?)\s?autolearn=", re.M
)
# Both are public addresses, since a filter finds those of documentation forged.
_RECEIVED = (
    "Received: from relay.letters.example (relay.letters.example [8.8.4.4])\r\n"
    "\tby mx.council.example (Postfix) with ESMTPS id 4FxQ2Z1vYz;\r\n"
    "\t{when}\r\n"
)


def suspects(mails):
    """Of these mails by name, those with too many points: how many, and for what."""
    contents = [as_received(mail.as_bytes()) for mail in mails.values()]
    found = zip(mails, points(contents), strict=True)
    return {name: said for name, said in found if said[0] >= TOO_MANY}


def as_received(content):
    """The bytes of a mail as its reader's server has them, just now."""
    when = format_datetime(timezone.now())
    return _RECEIVED.format(when=when).encode() + content


def points(mails):
    """For each of these mails, in bytes, its points and what they are for.

    All at once, since the rules are read once, which takes longest.
    """
    with TemporaryDirectory() as folder:
        names = []
        for number, content in enumerate(mails):
            names.append(f"{folder}/{number:05}.eml")
            with open(names[-1], "wb") as file:
                file.write(content)
        done = subprocess.run(
            [*SPAMASSASSIN, *names],
            check=True,
            capture_output=True,
            env={**os.environ, "HOME": folder, "TZ": "UTC"},
        )
    text = re.sub(rb"\r?\n[ \t]+", b"", done.stdout).decode(errors="replace")
    found = [(float(score), rules) for score, rules in _STATUS.findall(text)]
    assert len(found) == len(mails), done.stderr.decode()
    return found
