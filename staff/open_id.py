"""The OpenID provider by which staff may sign in, as STAFF_SIGN_IN names it.

Authlib asks it, and checks what it says. The settings import this file, so it loads
Authlib when it does.
"""

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

LIKE = "https://client-id:secret@id.example.org/realms/ours"
# Without encryption, only on this machine.
_THIS_MACHINE = ("127.0.0.1", "localhost")


class NotConfirmed(Exception):
    """The provider does not say who it is, or not in a way that can be believed."""


@dataclass(frozen=True)
class OpenIdProvider:
    """Where it is, and how we say there who we are."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)

    @classmethod
    def at(cls, url: str) -> Self:
        """That of an address like LIKE. Raises ValueError with a sentence."""
        parts = urlsplit(url)
        if not (parts.hostname and parts.username and parts.password):
            raise ValueError(f"it is not like {LIKE}")
        if parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
            raise ValueError("it must begin with https://")
        place = parts.netloc.rpartition("@")[2]
        issuer = f"{parts.scheme}://{place}{parts.path}"
        return cls(issuer, unquote(parts.username), unquote(parts.password))

    @property
    def host(self) -> str:
        return urlsplit(self.issuer).netloc

    @property
    def origin(self) -> str:
        return _origin(self.issuer)

    def examine(self):
        """Ask what it says of itself. Raises NotConfirmed if it is of no use to us."""
        with _faults_named():
            self._client()

    def redirect(self, request, return_to):
        """Lead to where somebody says there who they are. Raises NotConfirmed."""
        with _faults_named():
            return self._client().authorize_redirect(request, return_to)

    def verified_email(self, request) -> str:
        """The address of whoever comes back from there. Raises NotConfirmed.

        The ID token must be signed by the provider, for us and this browser, and be
        used once. Microsoft says `xms_edov` instead of `email_verified`.
        """
        with _faults_named():
            claims = self._client().authorize_access_token(
                request,
                claims_options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self.client_id},
                },
            )["userinfo"]
        # Some providers write "false", which Python takes for true.
        if claims.get("email_verified", claims.get("xms_edov")) is not True:
            raise NotConfirmed("it does not say that the email address is verified")
        email = claims.get("email")
        if not (isinstance(email, str) and email):
            raise NotConfirmed("there is no email address")
        return email

    def _client(self):
        from authlib.integrations.django_client import OAuth  # few processes need it

        client = OAuth().register(
            "staff",
            client_id=self.client_id,
            client_secret=self.secret,
            server_metadata_url=(
                f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            ),
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": 5,
            },
        )
        # The policy of our page lets its form lead to this origin, and nowhere else.
        asks_at = client.load_server_metadata()["authorization_endpoint"]
        if _origin(asks_at) != self.origin:
            raise NotConfirmed(f"it asks at {asks_at}, which is another host")
        return client


@contextmanager
def _faults_named():
    """Raise whatever goes wrong between us and the provider as NotConfirmed."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError
    from requests import RequestException

    wrong = (AuthlibBaseError, JoseError, RequestException)
    # What stands in its answers is not of the kind or shape that it should be.
    strange = (ValueError, TypeError, LookupError, AttributeError, RuntimeError)
    try:
        yield
    except (*wrong, *strange) as fault:
        raise NotConfirmed(f"{type(fault).__name__}: {fault}") from fault


def provider_of(variable: str, url: str) -> OpenIdProvider | None:
    """The provider that a setting names. One that is wrong ends the process."""
    try:
        return OpenIdProvider.at(url.strip()) if url.strip() else None
    except ValueError as fault:
        sys.exit(f"{variable} cannot be used: {fault}.")


def _origin(address):
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
