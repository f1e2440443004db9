"""The canonical form of an address: one mailbox, one seat.

Serves the constraint of one counted signature a seat, and nothing else; people are
addressed as they typed themselves. The rules of each provider stand in a data file.
"""

import tomllib
from functools import cache
from pathlib import Path


def canonical(email):
    """The form in which two spellings of one mailbox are the same text."""
    local, _at, domain = email.lower().rpartition("@")
    rule = _rules().get(domain, {})
    for separator in rule.get("tags", "+"):
        local = local.partition(separator)[0] or local
    if rule.get("ignores_dots"):
        local = local.replace(".", "")
    return f"{local}@{rule.get('same_as', domain)}"


@cache
def _rules():
    text = Path(__file__).with_name("mailbox_rules.toml").read_text(encoding="utf-8")
    return {
        domain: rule
        for rule in tomllib.loads(text)["provider"]
        for domain in rule["domains"]
    }
