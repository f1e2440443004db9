"""Passkeys, authenticator apps and recovery codes, as django-allauth keeps them."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from io import BytesIO

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    normalize_user_code,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext

from branding.site import the_site


class SecondFactor(DefaultMFAAdapter):
    def encrypt(self, text):
        """Encrypt what makes the codes, so that a copy of the database makes none."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Another SECRET_KEY wrote it. No code fits any more, and nothing breaks:
            # `manage.py remove_second_factor` lets its owner in.
            return get_random_string(32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    def build_totp_svg(self, url):
        """The QR code as a part of the page, since our policy refuses data: images."""
        import qrcode  # with Pillow, 5 MB that few processes need
        from qrcode.image.svg import SvgPathImage

        drawing = BytesIO()
        qrcode.make(url, image_factory=SvgPathImage, border=2).save(drawing)
        return drawing.getvalue().decode().partition("?>")[2].strip()

    def generate_authenticator_name(self, user, type):  # noqa: A002  allauth's word
        number = user.authenticator_set.filter(type=type).count() + 1
        return gettext("Passkey") if number == 1 else gettext("Passkey %d") % number

    def _get_user_identifier(self, user):
        return user.get_username()

    def _get_site_name(self):
        return the_site().name


def use_once(authenticator, code):
    """Whether this code of an app is used for the first time, in any web process.

    allauth remembers used codes in the cache, which each process has for itself.
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = SecondFactor().decrypt(row.data["secret"])
        shown = normalize_user_code(code)
        steps = [
            step
            for step in yield_hotp_counters_from_time()
            if format_hotp_value(hotp_value(secret, step)) == shown
        ]
        # None means that its half minute has ended since the code was compared.
        step = max(steps, default=0)
        if step <= row.data.get("used_step", 0):
            return False
        row.data["used_step"] = step
        row.save(update_fields=["data"])
    return True


def _keys():
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        sha256(b"second factor" + secret.encode()).digest() for secret in secrets
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
