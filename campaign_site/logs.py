"""Log lines as JSON (RFC 8259), one a line, without personal data."""

import json
import logging
import re
from datetime import UTC, datetime

# Addresses of people and of their machines, and the keys and tokens of their links.
_PERSONAL = re.compile(
    r"(?<=\bip=)[\da-fA-F.:]+"  # as gunicorn names who sent a bad request
    r"|"
    r"[^\s<>\"'/=@]{1,64}@[\w.-]{1,253}"  # an email address (RFC 5321, 4.5.3.1)
    r"|\b\d+(?:-\d+)?\.[\w-]{20,}"  # a signed token
    # A random key in the path of a link; other path segments are in lower case.
    r"|(?<=/)(?=[\w-]*[A-Z])[\w-]{20,}(?=/)"
)


def masked(text):
    """The text without email addresses, tokens and keys."""
    return _PERSONAL.sub("…", text)


class JsonLines(logging.Formatter):
    """time, level, logger, message; and the traceback, if there is one."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class Lines(logging.Formatter):
    """The same as plain lines, for a terminal."""

    def format(self, record):
        return masked(super().format(record))


def to_standard_error(format_of_lines):
    """The setting LOGGING: warnings of all loggers go to standard error.

    `format_of_lines` is "json" or "line".
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "campaign_site.logs.Lines",
                "format": "{asctime} {levelname} {name}: {message}",
                "style": "{",
            },
            "json": {"()": "campaign_site.logs.JsonLines"},
        },
        "filters": {"outages": {"()": "database.outage.OneLineAMinute"}},
        "handlers": {
            "nowhere": {"class": "logging.NullHandler"},
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["outages"],
                "formatter": format_of_lines,
            },
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # A wrong host name or an unknown address is the visitor's affair, not news.
            # Without a handler, Python would write it to standard error unmasked.
            "django.security.DisallowedHost": {
                "handlers": ["nowhere"],
                "propagate": False,
            },
            "django.request": {
                "handlers": ["stderr"],
                "level": "ERROR",
                "propagate": False,
            },
            "procrastinate": {"level": "WARNING"},
        },
    }
