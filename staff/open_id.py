"""What an OpenID provider of the group says of who signs in (OpenID Connect Core 1.0).

STAFF_SIGN_IN names it, and what we are called there. Nothing that it says is stored.
The settings import this file, so it loads what speaks to a provider when it does.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, unquote, urlencode, urlsplit

LIKE = "https://client-id:secret@id.example.org/realms/ours"
# Without encryption, only on this machine.
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
# Those of a key that only the provider has.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_CLAIMS = ("iss", "aud", "sub", "exp", "iat", "nonce")
_SECONDS_TO_ANSWER, _SECONDS_IN_ALL, _MOST_BYTES = 5, 10, 512 * 1024
_CLOCKS_DIFFER_BY = 60


class ProviderAway(Exception):
    """The provider cannot be asked now; holds what is wrong with it."""


class NotConfirmed(Exception):
    """The provider does not say who it is, or not in a way that can be believed."""


@dataclass(frozen=True)
class Attempt:
    """What ties an answer to the browser that asked, and is good for one answer."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Self:
        return cls(*(secrets.token_urlsafe(32) for _each in range(3)))

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True)
class Provider:
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
        if parts.query or parts.fragment:
            raise ValueError("it ends with the path of the issuer, without ? and #")
        place = parts.netloc.rpartition("@")[2]
        issuer = f"{parts.scheme}://{place}{parts.path}"
        if not _is_safe(issuer):
            raise ValueError("it must begin with https://")
        return cls(issuer, unquote(parts.username), unquote(parts.password))

    @property
    def host(self) -> str:
        return urlsplit(self.issuer).netloc

    @property
    def origin(self) -> str:
        return _origin(self.issuer)

    def discover(self) -> dict[str, Any]:
        """What it says of itself. Raises ProviderAway."""
        well_known = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _asked("GET", well_known)
        if found.get("issuer") != self.issuer:
            raise ProviderAway(f"it calls itself {found.get('issuer')}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not _is_safe(found.get(name)):
                raise ProviderAway(f"its {name} is no address with https://")
        # The policy of our page lets its form lead there, and nowhere else.
        if _origin(found["authorization_endpoint"]) != self.origin:
            raise ProviderAway("its authorization_endpoint is at another host")
        return found

    def address_to_ask(self, attempt: Attempt, return_to: str) -> str:
        """Where somebody goes to say there who they are. Raises ProviderAway."""
        place = self.discover()["authorization_endpoint"]
        asked = {
            "response_type": "code",
            "scope": "openid email",
            "client_id": self.client_id,
            "redirect_uri": return_to,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    def verified_email(self, attempt: Attempt, code: str, return_to: str) -> str:
        """The address of whoever came back with this code.

        Raises ProviderAway or NotConfirmed.
        """
        found = self.discover()
        given = self._exchange(found, attempt, code, return_to)
        claims = self._claims(found, given.get("id_token"), attempt)
        # Some providers write "false", which Python takes for true.
        if claims.get("email_verified") is not True:
            raise NotConfirmed("the email address is not verified")
        email = claims.get("email")
        if not (isinstance(email, str) and email):
            raise NotConfirmed("there is no email address")
        return email

    def _exchange(self, found, attempt, code, return_to):
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": return_to,
            "code_verifier": attempt.verifier,
        }
        auth = (quote(self.client_id, safe=""), quote(self.secret, safe=""))
        ways = found.get("token_endpoint_auth_methods_supported")
        if ways and "client_secret_basic" not in ways:
            auth = None
            sent |= {"client_id": self.client_id, "client_secret": self.secret}
        return _asked("POST", found["token_endpoint"], data=sent, auth=auth)

    def _claims(self, found, token, attempt):
        """What an ID token says, if all of it is as it must be (3.1.3.7)."""
        import jwt  # few processes need it

        keys = _asked("GET", found["jwks_uri"])
        try:
            named = jwt.get_unverified_header(token).get("kid")
            known = jwt.PyJWKSet.from_dict(keys).keys
            [key] = [k for k in known if named in (None, k.key_id)]
            claims = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                issuer=self.issuer,
                audience=self.client_id,
                leeway=_CLOCKS_DIFFER_BY,
                options={"require": _CLAIMS},
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as fault:
            raise NotConfirmed(f"its ID token is not valid: {fault}") from None
        if claims["aud"] not in (self.client_id, [self.client_id]):
            raise NotConfirmed("its ID token is for others, too")
        if not secrets.compare_digest(str(claims["nonce"]), attempt.nonce):
            raise NotConfirmed("its ID token answers another question")
        return claims


def provider_of(variable: str, url: str) -> Provider | None:
    """The provider that a setting names. One that is wrong ends the process."""
    try:
        return Provider.at(url.strip()) if url.strip() else None
    except ValueError as fault:
        sys.exit(f"{variable} cannot be used: {fault}.")


def _asked(method, address, **sent):
    """The JSON object at an address of the provider. Raises ProviderAway.

    Who is refused there (a code that is used, or of somebody else) gets NotConfirmed.
    """
    import requests  # few processes need it

    until = time.monotonic() + _SECONDS_IN_ALL
    read = b""
    try:
        with requests.request(
            method,
            address,
            timeout=_SECONDS_TO_ANSWER,
            allow_redirects=False,
            stream=True,
            **sent,
        ) as answer:
            for piece in answer.iter_content(8192):
                read += piece
                if len(read) > _MOST_BYTES or time.monotonic() > until:
                    raise ProviderAway("its answer does not end")
    except requests.RequestException as error:
        raise ProviderAway(f"it does not answer ({type(error).__name__})") from None
    if method == "POST" and answer.status_code == 400:
        raise NotConfirmed("it does not take the code")
    try:
        found = json.loads(read) if answer.status_code == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderAway(f"it answers {answer.status_code}, and not as it should")
    return found


def _is_safe(address):
    """Whether nobody on the way reads or changes what is at this address."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (
            parts.scheme == "https"
            or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
        )
    except (ValueError, TypeError, AttributeError):
        return False


def _origin(address):
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
