"""The block list: what waits for a person, wherever it is sent to."""

import hmac
import ipaddress
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from campaign_site import limits

# Thai, Hangul Jamo and what comes after: Unicode's blocks of East Asia and beyond.
FIRST_UNSPACED = 0x0E00
# In SQL, since every act asks it, and the ORM takes longer to put it together.
_THAT_MAY_HOLD = """SELECT {columns} FROM comments_block
    WHERE kind = 'word'
        OR kind = 'address' AND value = ANY (%s)
        OR kind = 'network' AND value = ANY (%s)
"""


class BlockQuerySet(models.QuerySet):
    def that_hold(self, *, email="", text="", network=()):
        """What of the list is found in an act; `network` is as limits write it, with
        its keyed hash: (network, hash)."""
        found = self.raw(*self.that_may_hold(email, network, columns="*"))
        return [b for b in found if Block.holds(b.kind, b.value, text)]

    def that_may_hold(self, email, network, columns="kind, value"):
        """The question for all blocks that could be found: SQL, and its values."""
        email = email.casefold()
        parts = email.rpartition("@")[2].split(".")
        domains = [".".join(parts[n:]) for n in range(len(parts))]
        addresses = [email, address_hash(email), *domains]
        sql = _THAT_MAY_HOLD.format(columns=columns)
        return sql, [addresses, list(network)]

    def of_address(self, email):
        """The blocks of an address or of its domain, where `email` is an expression."""
        mine = self.filter(kind="address").annotate(
            email=ExpressionWrapper(email, output_field=models.CharField())
        )
        return mine.filter(
            Q(email=F("value"))
            | Q(email__endswith=Concat(Value("@"), "value"))
            | Q(email__endswith=Concat(Value("."), "value"))
        )

    def add_address_of(self, comment, by):
        """Block the address of a comment's writer; False when there is none."""
        if comment.confirmation is None:
            return False
        value = comment.confirmation.email.casefold()
        self.get_or_create(kind="address", value=value, defaults={"added_by": by})
        return True

    def add_network_of(self, comment, by):
        """Block the network a comment came from; False when that is forgotten."""
        if not comment.network_hash:
            return False
        self.get_or_create(
            kind="network", value=comment.network_hash, defaults={"added_by": by}
        )
        return True

    def forget_address(self, email):
        """Keep the block of an address that was erased, and not the address."""
        self.filter(kind="address", value=email).update(
            value=address_hash(email), note=""
        )


def address_hash(email):
    secret = b"block" + settings.SECRET_KEY.encode()
    return hmac.digest(secret, email.encode(), sha256)[:16].hex()


class Block(models.Model):
    """A word, an address or a network whose acts wait: comments as likely spam,
    signatures, letters and follows before they are mailed.

    Nothing is refused for it: a person looks, so that a wrong entry loses nothing.
    """

    KINDS = {
        "word": _("word or phrase"),
        "address": _("email address or domain"),
        "network": _("network"),
    }
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    value = models.CharField(
        _("what is blocked"),
        max_length=254,
        help_text=_(
            "A word or phrase; an address like spam@example.com or a domain like "
            "example.com; or an IP address, of which the network counts."
        ),
    )
    note = models.CharField(_("why"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    added_by = models.ForeignKey(
        "staff.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("block list")
        # It held comments alone, once; code of that time may still be running.
        db_table = "comments_block"
        ordering = ["kind", "value"]
        constraints = [
            models.UniqueConstraint(
                "kind",
                "value",
                name="blocked_once",
                violation_error_message=_("This is on the list already."),
            )
        ]

    def __str__(self):
        return self.value

    @staticmethod
    def holds(kind, value, text):
        """Whether a block that was asked for is found; a word is, in the text."""
        return kind != "word" or _holds(text, value)

    def clean(self):
        self.value = " ".join(self.value.casefold().split())
        if self.kind == "network" and not self._is_hash:
            self.value = _network(self.value)
        elif self.kind == "address" and not self._is_hash:
            self.value = self.value.removeprefix("@")
            if "." not in self.value or " " in self.value:
                raise ValidationError(
                    {"value": _("Enter an address or a domain, like example.com.")}
                )

    @property
    def _is_hash(self):
        return len(self.value) == 32 and self.value.isalnum()


def _network(written):
    """The network that our limits count, of an address or network as one writes it."""
    try:
        network = ipaddress.ip_network(written, strict=False)
    except ValueError:
        raise ValidationError(
            {"value": _("Enter an IP address or network, like 203.0.113.7.")}
        ) from None
    if network.prefixlen < limits.PREFIXES[network.version]:
        raise ValidationError(
            {"value": _("This is too wide: enter a /24 of IPv4, or a /64 of IPv6.")}
        )
    return limits.network_of(network.network_address)


def _holds(text, word):
    """Whether a text holds a blocked word: as a whole word, where words are spaced.

    Particles are written onto a Korean word, and Chinese, Japanese and Thai know no
    spaces; symbols stand anywhere.
    """
    text, plain = text.casefold(), _spaced(word)
    if not plain or any(c.isalpha() and ord(c) >= FIRST_UNSPACED for c in plain):
        return word.casefold() in text
    return f" {plain} " in f" {_spaced(text)} "


def _spaced(text):
    """Words in lower case with single spaces, so that whole words are compared."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
