import ipaddress

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign_site import limits


class BlockQuerySet(models.QuerySet):
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


class Block(models.Model):
    """A word, an address or a network whose comments wait, sorted as likely spam.

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

    def clean(self):
        self.value = " ".join(self.value.casefold().split())
        if self.kind == "network" and not self._is_hash:
            self.value = _network(self.value)
        elif self.kind == "address":
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
    return limits.network_of(network.network_address)
