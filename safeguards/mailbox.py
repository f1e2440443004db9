"""Which spellings of an address are one mailbox.

Counters go by the mailbox, never by an address as it was typed: adding "+1" to an
address does not bring three more mails an hour. Mails go to the address as its owner
typed it, never to a spelling made here.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from publicsuffixlist import PublicSuffixList


class Mailbox:
    """One mailbox, in any spelling. Two are equal when their `key` is."""

    def __init__(self, email: str) -> None:
        self._local, _at, self._domain = email.lower().rpartition("@")
        name, _dot, provider = self._domain.partition(".")
        if self._local and _rules().get(provider, {}).get("subdomains"):
            self._local, self._domain = name, provider
        self._rule = _rules().get(self._domain, {})

    def __repr__(self) -> str:
        return f"Mailbox({self.key!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mailbox) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> str:
        """What counters go by: an address with a tag after "+" is the same mailbox.

        If two people of one domain are counted as one, they wait a little. If one
        attacker is counted as many, the victim's inbox is flooded.
        """
        return self._without("+" + self._rule.get("tags", ""))

    @property
    def domains(self) -> list[str]:
        """The domains under which the mailbox can be written."""
        found = self._rule["domains"] if "same_as" in self._rule else [self._domain]
        if self._local and self._rule.get("subdomains"):
            return [*found, f"{self._name}.{self._domain}"]
        return found

    @property
    def webmail(self) -> tuple[str, str] | None:
        """Name and address of the website on which its owner reads it, if we know."""
        name_and_address = self._rule.get("webmail")
        return tuple(name_and_address) if name_and_address else None

    @property
    def pattern(self) -> str:
        """A regular expression for its spellings in lower case, also for PostgreSQL."""
        between = r"\.*" if self._rule.get("ignores_dots") else ""
        local = between.join(re.escape(one) for one in self._name)
        tags = re.escape("+" + self._rule.get("tags", ""))
        domains = "|".join(re.escape(domain) for domain in self.domains)
        spelled = f"^{between}{local}{between}([{tags}].*)?@({domains})$"
        if self._rule.get("subdomains"):
            own = re.escape(f"{self._name}.{self._domain}")
            return f"{spelled}|^.*@{own}$"
        return spelled

    @property
    def seat(self) -> str:
        """What seats go by: a tag is ignored only where the provider is known to do so.

        On a domain of one's own, office+a@ and office+b@ can be two people.
        """
        return self._without(self._rule.get("tags", ""))

    @property
    def _name(self):
        return self.key.rpartition("@")[0]

    def _without(self, separators):
        local = self._local
        for separator in separators:
            local = local.partition(separator)[0] or local
        if self._rule.get("ignores_dots"):
            local = local.replace(".", "")
        return f"{local}@{self._rule.get('same_as', self._domain)}"


def masked(email: str) -> str:
    """Enough of an address that its owner knows which mailbox it is."""
    return f"{email[0]}…@{email.rpartition('@')[2]}"


class MailDomain:
    """The domain of an address; equal for all its spellings."""

    def __init__(self, email: str) -> None:
        self.key = email.lower().rpartition("@")[2]

    def __repr__(self) -> str:
        return f"MailDomain({self.key!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MailDomain) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def registered(self) -> "MailDomain":
        """The domain that its owner has registered, with all names below it.

        What comes to any of these names may be one mailbox.
        """
        return MailDomain(f"@{_suffixes().privatesuffix(self.key) or self.key}")

    @property
    def is_shared(self) -> bool:
        """Whether very many people have their mailbox there."""
        return self.key in shared_domains()


@cache
def shared_domains() -> frozenset[str]:
    """Mail domains that very many people share."""
    lines = _file("mailbox_providers.txt").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def _suffixes():
    """The suffixes under which people register, of the package; 3 MB."""
    return PublicSuffixList()


@cache
def _rules():
    return {
        domain: rule
        for rule in tomllib.loads(_file("mailbox_rules.toml"))["provider"]
        for domain in rule["domains"]
    }


def _file(name):
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
