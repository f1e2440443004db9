"""The block list: who or what makes an act wait for a person, and who never waits."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.keyed_hashes import keyed_hash
from database.personal_data import PersonalData
from safeguards.mailbox import Mailbox
from safeguards.network import Networks, typed_network

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

# The entries that can match an act. This is SQL for whoever waits for a form to be
# taken: the ORM takes 0.4 ms to build it, a tenth of signing (bench/run.py, “Signing”).
_THAT_MAY_HOLD = """SELECT kind, value FROM safeguards_block
    WHERE (ends_at IS NULL OR ends_at > %s) AND (
        kind = 'word'
        OR kind IN ('address', 'allowed address')
            AND value = ANY (string_to_array(%s, ' '))
        OR kind IN ('network', 'allowed network')
            AND value = ANY (string_to_array(%s, ' ')))
    UNION ALL SELECT 'word in names', string_agg(value, E'\n')
    FROM safeguards_block
    WHERE kind = 'word in names' AND (ends_at IS NULL OR ends_at > %s)
"""


# Kinds of entries that hold an act because of who sends it.
HOLDING = ("address", "network")


class BlockQuerySet(models.QuerySet["Block"]):
    def add_address(
        self, email: str, by: "AbstractBaseUser", until: datetime | None = None
    ) -> None:
        """Block a mailbox in all its spellings; without an end if `until` is None."""
        self._add("address", Mailbox(email).key, by, until)

    def add_network(
        self, network_hash: str, by: "AbstractBaseUser", until: datetime | None = None
    ) -> None:
        """Block the network whose hash the rows show, in the same way."""
        self._add("network", network_hash, by, until)

    def _add(self, kind, value, by, until):
        """Make an entry, or let one end later that is there; it never ends earlier."""
        added = {"added_by": by, "ends_at": until}
        block, is_new = self.get_or_create(kind=kind, value=value, defaults=added)
        ends_too_early = block.ends_at and (until is None or block.ends_at < until)
        if not is_new and ends_too_early:
            block.ends_at = until
            block.save(update_fields=["ends_at"])

    def of_address(self, email: str) -> Self:
        """The entries of a mailbox, whichever way its address is written."""
        kinds = ("address", "allowed address")
        return self.filter(kind__in=kinds, value=Mailbox(email).key)

    def allowed(self, emails: Iterable[str]) -> set[str]:
        """Those of these addresses that staff allow, by themselves or by a domain."""
        values = {email: _values_of(email) for email in emails}
        found = self.filter(
            Q(ends_at=None) | Q(ends_at__gt=timezone.now()),
            kind="allowed address",
            value__in={one for some in values.values() for one in some},
        )
        known = set(found.values_list("value", flat=True))
        return {email for email, its in values.items() if not known.isdisjoint(its)}

    def erase(self) -> None:
        """Keep these entries of mailboxes, but replace the address with its hash."""
        for block in self:
            hashed = address_hash(block.value)
            # An entry kept at an erasure before stands for the same mailbox.
            self.model.objects.filter(kind=block.kind, value=hashed).delete()
            self.model.objects.filter(pk=block.pk).update(value=hashed, note="")


def _values_of(email):
    """What entries of an address hold: its mailbox, its hash, and its domains."""
    parts = email.casefold().rpartition("@")[2].split(".")
    mailbox = Mailbox(email).key
    domains = [".".join(parts[n:]) for n in range(len(parts))]
    return [mailbox, address_hash(mailbox), *domains]


def address_hash(mailbox: str) -> str:
    return keyed_hash("block", mailbox)[:16].hex()


class Block(models.Model):
    """A word, address or network that makes an act wait, or a sender who need not wait.

    A comment that matches waits as likely spam. A signature, letter or follow waits
    before its owner is mailed. An address or network that is allowed does not wait for
    sending many.

    Nothing is refused because of a block: a person looks, so a wrong entry loses
    nothing.
    """

    KINDS = {
        "word": _("block a word or phrase"),
        "word in names": _("block a word or phrase in names"),
        "address": _("block an email address or domain"),
        "network": _("block a network"),
        "allowed address": _("allow an email address or domain"),
        "allowed network": _("allow a network"),
    }
    EFFECTS = {
        "word": _(
            "Comments and letters with it wait for a person. Names with it wait, too."
        ),
        "word in names": _(
            "Names with it wait for a person. If it ends with “…”, only names that "
            "begin with it wait."
        ),
        "address": _("What comes from it waits for a person."),
        "network": _("What comes from there waits for a person."),
        "allowed address": _(
            "What comes from it need not wait because there is a lot."
        ),
        "allowed network": _(
            "What comes from there need not wait because there is a lot."
        ),
    }
    kind = models.CharField(_("what to do"), max_length=15, choices=KINDS)
    value = models.CharField(
        _("what to block or allow"),
        max_length=254,
        help_text=_(
            "A word or phrase, an address like spam@example.com, or a domain like "
            "example.com. An IP address covers its whole network. An address "
            "covers its whole mailbox, however it is written."
        ),
    )
    ends_at = models.DateTimeField(
        _("ends"),
        null=True,
        blank=True,
        help_text=_(
            "After this time the entry has no effect, and we delete it the next night. "
            "If empty, it has no end."
        ),
    )
    note = models.CharField(_("why"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )

    objects = BlockQuerySet.as_manager()
    personal_data = PersonalData(
        by_address="of_address",
        identifies=("value",),
        export="",
        order=5,
        texts=("note",),
        kept=(
            Kept(
                name="ended blocks",
                words=_("entries of the block list, after their end"),
                period=0,
                since="ends_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("block list entry")
        verbose_name_plural = _("block list entries")
        ordering = ["kind", "value"]
        constraints = [
            models.UniqueConstraint(
                "kind",
                "value",
                name="blocked_once",
                violation_error_message=_("This is already on the list."),
            )
        ]

    def __str__(self) -> str:
        return self.value

    @classmethod
    def that_may_hold(cls, email: str, networks: Networks | None) -> tuple[str, list]:
        """The SQL, and its values, for all entries that may match, with all words.

        Words for names are many, and come as the lines of one value, or None.

        An entry that allows a sender holds nothing, and does not lift a block either.
        It lets pass the many acts that counters would hold.
        """
        addresses = _values_of(email)
        places = [networks.customer.key, networks.hash] if networks else []
        now = timezone.now()
        return _THAT_MAY_HOLD, [now, " ".join(addresses), " ".join(places), now]

    @property
    def words(self) -> str:
        """What the entry is about, in words for staff."""
        kind, value = self.kind.removeprefix("allowed "), self.value
        if self._is_hash and kind == "address":
            return gettext("Address of somebody who was erased")
        if self._is_hash and kind == "network":
            return gettext("Network: %s (scrambled)") % value[:8]
        if kind.startswith("word"):
            return gettext("Word: %s") % value
        if kind == "network":
            return gettext("Network: %s") % value
        is_one = "@" in value
        return (gettext("Address: %s") if is_one else gettext("Domain: %s")) % value

    @property
    def effect(self) -> Promise:
        """What happens because of the entry, in a sentence for staff."""
        return self.EFFECTS[self.kind]

    def clean(self) -> None:
        if self.ends_at and self.ends_at <= timezone.now():
            raise ValidationError({"ends_at": _("Choose a time in the future.")})
        self.value = " ".join(self.value.casefold().split())
        if self._is_hash:
            return
        if self.kind.endswith("network"):
            try:
                self.value = typed_network(self.value).key
            except ValidationError as error:
                raise ValidationError({"value": error}) from None
        elif self.kind.endswith("address"):
            self.value = _address(self.value)

    @property
    def _is_hash(self):
        return len(self.value) == 32 and self.value.isalnum()


def _address(written):
    """The mailbox or domain of an address or domain, as the list keeps it."""
    local, _sign, domain = written.rpartition("@")
    if "." not in domain or " " in written:
        raise ValidationError(
            {"value": _("Enter an address or a domain, like example.com.")}
        )
    return Mailbox(written).key if local else domain
