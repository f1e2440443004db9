"""The count as a chain of hashes: who has kept its end sees if anything was changed.

Each step of the count is a line that holds the hash of the line before. It names what
it counts by a commitment: a hash of the signer's address and of a salt, which only the
site and the signer have. Without the salt, the commitment says nothing of the person.
"""

from hashlib import sha256
from itertools import groupby
from operator import itemgetter

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

# What stands before the first link: 32 bytes of zeros, as many as a hash has.
START = bytes(32)


def commitment_to(petition_pk, email, salt):
    """SHA-256 of the salt's 16 bytes and the line "<petition> <address>" (UTF-8)."""
    return sha256(bytes(salt) + f"{petition_pk} {email}".encode()).digest()


def next_link(before, number, delta, commitment):
    """SHA-256 of the line "<link before> <number> <delta, signed> <commitment>".

    Hashes are written into the line in hexadecimal, so that sha256sum can check it.
    """
    line = f"{before.hex()} {number} {delta:+d} {bytes(commitment).hex()}"
    return sha256(line.encode()).digest()


class LinkQuerySet(models.QuerySet):
    def end_of(self, petition_pk):
        """The newest link of a petition's chain, or None."""
        return self.filter(petition=petition_pk).order_by("-number").first()

    def total(self):
        return self.aggregate(total=Sum("delta"))["total"] or 0


class Link(models.Model):
    """One step of a petition's count in its chain. It is never changed or deleted."""

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.PROTECT, related_name="links"
    )
    number = models.PositiveIntegerField()
    delta = models.IntegerField()
    commitment = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of the count")
        verbose_name_plural = _("links of the count")
        constraints = [
            models.UniqueConstraint(
                "petition", "number", name="one_link_for_each_number"
            )
        ]
        indexes = [models.Index("commitment", name="links_by_commitment")]

    def __str__(self):
        return f"{self.number} {self.delta:+d}"

    @classmethod
    def add(cls, steps):
        """Link steps, (petition's key, delta, commitment), in their order.

        The caller holds a lock that keeps others from adding meanwhile.
        """
        links = []
        for petition_pk, own in groupby(
            sorted(steps, key=itemgetter(0)), itemgetter(0)
        ):
            end = cls.objects.end_of(petition_pk)
            number, link = (end.number, bytes(end.link)) if end else (0, START)
            for _pk, delta, commitment in own:
                number += 1
                link = next_link(link, number, delta, commitment)
                links.append(
                    cls(
                        petition_id=petition_pk,
                        number=number,
                        delta=delta,
                        commitment=commitment,
                        link=link,
                    )
                )
        cls.objects.bulk_create(links, batch_size=5000)
