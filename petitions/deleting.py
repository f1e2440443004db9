"""What keeps a campaign and its petition from being deleted: the names under it."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext, ngettext

from campaigns.models import Campaign
from petitions.petition import Petition
from petitions.signing.models import Signature
from versions.deletion import Dependents


def dependents(row):
    """What is deleted with a campaign or petition, and the names that forbid it."""
    found = Dependents()
    if isinstance(row, Campaign):
        petition = Petition.objects.filter(campaign=row.pk).first()
        if petition is not None:
            found.goes.append(gettext("its petition: “%s”") % petition)
    elif isinstance(row, Petition):
        petition = row
    else:
        return found
    if petition is None:
        return found
    found.stays += _names(petition)
    return found


def _names(petition):
    signatures = Signature.objects.filter(petition=petition)
    confirmed = signatures.exclude(confirmed_at=None).count()
    if confirmed:
        yield (
            ngettext(
                "%(number)s person has signed it. We keep a petition that people have "
                "signed.",
                "%(number)s people have signed it. We keep a petition that people have "
                "signed.",
                confirmed,
            )
            % {"number": intcomma(confirmed)}
        )
    if asked := signatures.filter(confirmed_at=None).count():
        yield (
            ngettext(
                "%d signature is not confirmed yet. We delete it in a few days.",
                "%d signatures are not confirmed yet. We delete them in a few days.",
                asked,
            )
            % asked
        )
    if not (confirmed or asked) and _was_counted(petition):
        yield gettext("Names were counted here, and the public list says so.")


def _was_counted(petition):
    own = ("elsewhere", "referral_links")
    return any(
        r.related_model._base_manager.filter(**{r.field.name: petition}).exists()
        for r in Petition._meta.related_objects
        if r.name not in own and r.related_model._meta.app_label == "petitions"
    )
