import logging

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database.kept import Kept
from database.personal_data import (
    PersonalData,
    declared,
    declared_of_supporters,
    nothing_refers_to,
)
from database.retention import still
from outbox.models import OutgoingMail, Reason, Suppression
from outbox.purposes import purposes_of_owners, stoppable_purposes
from outbox.suppressions import address_hash
from safeguards.mailbox import Mailbox, masked, shared_domains
from safeguards.redaction import take_out_address
from supporters.acts.stop_reasons import Because
from supporters.people import names
from supporters.personal_data import audit
from supporters.personal_data.erasures import Erasure, hashes_of

logger = logging.getLogger(__name__)


class DomainOfEmail(models.Func):
    """The domain of an address, in SQL."""

    template = "split_part(%(expressions)s, '@', -1)"
    output_field = models.CharField()


class MailboxOfEmail(models.CharField):
    """The key of the mailbox of `email`, in any spelling, in SQL."""

    def pre_save(self, supporter, add):
        supporter.mailbox = Mailbox(supporter.email).key
        return supporter.mailbox


class SupporterQuerySet(models.QuerySet):
    def with_address(self, email):
        """The supporter with this address, made when new."""
        return self.keep(Supporter(email=email))

    def keep(self, supporter):
        """Store a new supporter; one whose address is known becomes that one.

        It is one statement, the same for a known and an unknown address, so that
        neither the answer nor its time tells which it is. The row learns its key alone.
        """
        self.bulk_create(
            [supporter],
            update_conflicts=True,
            unique_fields=["email"],
            update_fields=["email", "mailbox"],
        )
        return supporter

    def of_mailbox(self, supporter):
        """All addresses that are spellings of this supporter's mailbox."""
        return self.filter(mailbox=supporter.mailbox)

    def lock_mailbox(self, supporter):
        """Make others who act for this mailbox wait for this transaction."""
        mine = self.of_mailbox(supporter).order_by("pk").select_for_update(no_key=True)
        list(mine.values_list("pk"))

    def without_acts(self):
        """Addresses to which nothing else in the database holds a key."""
        return self.filter(**nothing_refers_to(Supporter))

    def forget(self):
        """Delete these, with the notes about mails to them; returns how many.

        Of a mail to a domain that very many share, the figures of the domain stay, and
        no word of whom it went to. A report that still comes finds nobody.
        """
        emails = dict(still(self).values_list("pk", "email"))
        hashes = [address_hash(email) for email in emails.values()]
        notes = OutgoingMail.objects.filter(address_hash__in=hashes)
        notes = notes.filter(purpose__in=purposes_of_owners())
        shared = notes.exclude(settled_at=None).filter(domain__in=shared_domains())
        shared.update(email="", address_hash=b"", reply="", about=None)
        notes.erase()
        Supporter.objects.filter(pk__in=emails).delete()
        return len(emails)

    def erased_before(self, erasures):
        """Supporters who were erased, and are here again from a backup.

        `erasures` are (hash, moment). A supporter who came back by themselves
        afterwards is left alone: their row is younger than the erasure.
        """
        newest = {}
        for erased, moment in erasures:
            newest[erased] = max(moment, newest.get(erased, moment))
        for supporter in self.order_by("pk").iterator(chunk_size=2000):
            moments = [newest[h] for h in hashes_of(supporter.email) if h in newest]
            if moments and supporter.created_at < max(moments):
                yield supporter


class Supporter(models.Model):
    """An email address, exact and in lower case, and what its owner may do.

    Name and place stand at each act: people sign as Maria Silva and write as M. Silva.
    """

    email = models.CharField(gettext_lazy("email address"), max_length=254)
    # Which addresses are one mailbox, for what is limited for each person.
    mailbox = MailboxOfEmail(max_length=254, null=True, editable=False, db_index=False)
    created_at = models.DateTimeField(gettext_lazy("first seen"), db_default=Now())
    confirmed_at = models.DateTimeField(
        gettext_lazy("confirmed"), null=True, blank=True
    )
    # Empty until it is chosen; then each mail is in the language of its act.
    mail_language = models.CharField(
        gettext_lazy("language of the emails"), max_length=10, blank=True, db_default=""
    )
    cookie_version = models.PositiveIntegerField(default=1, editable=False)

    objects = SupporterQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("email", "mailbox"),
        kept=(
            Kept(
                name="addresses",
                words=gettext_lazy("email addresses that nothing else uses"),
                due="without_acts",
                do="forget",
                turn=5,
            ),
        ),
    )

    class Meta:
        verbose_name = gettext_lazy("supporter")
        verbose_name_plural = gettext_lazy("supporters")
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_supporter_an_address")
        ]
        indexes = [
            models.Index(DomainOfEmail("email"), name="supporters_by_domain"),
            models.Index("mailbox", name="supporters_by_mailbox"),
        ]

    def __str__(self):
        return self.email

    @property
    def masked_email(self):
        return masked(self.email)

    def language_of_mails(self, otherwise):
        """The language that this person chose for mails, if the site still has it."""
        chosen = self.mail_language
        return chosen if chosen in dict(settings.LANGUAGES) else otherwise

    def choose_language(self, language):
        """Write to this person in this language, from the next mail on."""
        Supporter.objects.filter(pk=self.pk).update(mail_language=language)
        self.refresh_from_db(fields=["mail_language"])

    def unsubscribe(self, because=Because.ASKED, words=""):
        """End every mail that comes without being asked for each time.

        This is called when its owner asks for that or calls our mail spam, and when the
        address does not exist any more. It ends the mails of each model whose
        declaration says that mails come by it. Purposes that can be stopped by a link
        in their mails are stopped, unless the reason is that mail came back. Safe to
        call twice.
        """
        with transaction.atomic():
            for each in declared_of_supporters():
                if each.unsubscribes:
                    each.rows_of(self).unsubscribe(because, words)
            if Because(because).takes_consent_back:
                for purpose in stoppable_purposes():
                    self.stop(purpose)

    def stop(self, purpose):
        """Send no more mails of this purpose. Safe to call twice."""
        Suppression.objects.put(self.email, Reason.STOPPED, purpose=purpose)

    def resume(self, purpose):
        """Send mails of this purpose again. Safe to call twice."""
        Suppression.objects.lift(self.email, Reason.STOPPED, purpose=purpose)

    def has_stopped(self, purpose):
        """Whether this person wants no mails of this purpose."""
        return purpose in self.stopped_purposes()

    def refuses(self, purpose):
        """Whether mails of this purpose do not go to this person unasked."""
        against = Suppression.objects.against([self.email])
        return (self.email, "") in against or (self.email, purpose) in against

    def stopped_purposes(self):
        """The purposes of which this person wants no mails."""
        against = Suppression.objects.against([self.email])
        return [name for name in stoppable_purposes() if (self.email, name) in against]

    @property
    def has_mails_to_stop(self):
        """Whether `unsubscribe()` would end anything."""
        if len(self.stopped_purposes()) < len(stoppable_purposes()):
            return True
        causes = [each for each in declared_of_supporters() if each.unsubscribes]
        return any(each.rows_of(self).causing_mails().exists() for each in causes)

    def details(self, campaign):
        """Name and place as this person wrote them last in a confirmed act, or None.

        So nothing is asked twice (WCAG 2.2, 3.3.7).
        """
        for each in declared_of_supporters():
            if each.fills_in and (
                details := each.model.objects.details_of(self, campaign)
            ):
                return details
        return None

    def export(self):
        """All that is stored about this person, as plain data under human words."""
        about = {
            _("email address"): self.email,
            _("first seen"): self.created_at.isoformat(),
            _("confirmed"): self.confirmed_at and self.confirmed_at.isoformat(),
            _("language of the emails"): self.mail_language,
        }
        stored = {
            each.title_for_owner: each.exported(each.rows_of(self))
            for each in declared_of_supporters()
            if each.export
        }
        return {_("about you"): about, **stored}

    @classmethod
    def stored_for(cls, email):
        """How many rows of each kind are stored under an address: {what: how many}."""
        person = cls.objects.filter(email=email).first()
        found = {str(cls._meta.verbose_name_plural): 1} if person else {}
        for each in declared_of_supporters():
            # On paper, and in mails, an address can stand without a supporter.
            if each.export and (person or each.by_address):
                rows = each.rows_of(person) if person else each.rows_at(email)
                found[each.title] = rows.count()
        return found

    def forget_browsers(self):
        """Let no browser act for this person any more, until it confirms again."""
        Supporter.objects.filter(pk=self.pk).update(
            cookie_version=F("cookie_version") + 1
        )

    def erase(self, visit=None):
        """Erase this person; what others need stays, without them.

        Each model's declaration says what that is (database/personal_data.py). Only a
        keyed hash of the address is kept, to erase it again after a restore. `visit` is
        the one in which its owner asked for it. Safe to call twice.
        """
        with transaction.atomic():
            # Others who act for this address now wait here, and then start from
            # nothing.
            if not Supporter.objects.select_for_update().filter(pk=self.pk).exists():
                return
            erasure = Erasure.objects.note(self.email, visit)
            mine = [(each, each.rows_of(self)) for each in declared_of_supporters()]
            words = {name for _each, rows in mine for name in _names(rows) if name}
            for _each, rows in mine:
                audit.empty(audit.about(rows))
            for each, rows in mine:
                each.erased(rows)
            self._take_out_address()
            audit.empty(audit.about_nobody())
            audit.empty(audit.about(Supporter.objects.filter(pk=self.pk)))
            Supporter.objects.filter(pk=self.pk).delete()
        for config in apps.get_app_configs():
            if forget := getattr(config, "forget_words", None):
                forget({self.email, *words})
        # The log is for restoring a backup older than this, which lacks the erasure.
        logger.warning("%s", erasure.line)

    def _take_out_address(self):
        """Remove this address from what others wrote, wherever that is."""
        for each in declared():
            if each.take_out:
                getattr(each.model.objects, each.take_out)(self.email)
            elif each.texts:
                take_out_address(each.model.objects.all(), self.email, *each.texts)


def _names(rows):
    """The names in these rows, for what only names can find."""
    if any(field.name == "name" for field in rows.model._meta.fields):
        return list(rows.values_list("name", flat=True))
    return []


def first_names_of(supporters):
    """First names by supporter, where people gave a name that says one.

    `supporters` are keys. It costs one statement for each kind of act with a name.
    """
    found = {}
    for each in declared_of_supporters():
        if each.names:
            for owner, name, country in each.model.objects.names_of(supporters):
                found.setdefault(owner, names.first(name, country))
    return {owner: name for owner, name in found.items() if name}
