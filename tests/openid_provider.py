"""An OpenID provider on loopback that does what a test tells it, right or wrong."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

CLIENT, SECRET = "campaigns", "a:secret/of ours"


def new_key():
    return RSAKey.generate_key(2048)


class ProviderOnLoopback:
    """It says `claims` of everybody; `metadata` and `header` replace what is right."""

    def __init__(self):
        self.key, self.algorithm = new_key(), "RS256"
        self.published = self.key
        self.claims, self.metadata, self.header = {}, {}, {"kid": "1"}
        self.is_broken, self.asked, self.codes = False, [], {}
        provider = self

        class Session(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.asked.append(self.path)
                address = urlsplit(self.path)
                if provider.is_broken:
                    self.say("<h1>Down</h1>", 502)
                elif address.path == "/ours/.well-known/openid-configuration":
                    self.say(json.dumps(provider.says_of_itself()))
                elif address.path == "/keys":
                    self.say(json.dumps({"keys": [provider.public_key()]}))
                elif address.path == "/ask":
                    self.send_response(302)
                    self.send_header("Location", provider.agrees(self.path))
                    self.end_headers()

            def do_POST(self):
                size = int(self.headers["Content-Length"])
                form = dict(parse_qsl(self.rfile.read(size).decode()))
                token = provider.token_for(form, self.headers.get("Authorization"))
                if token is None:
                    self.say('{"error": "invalid_grant"}', 400)
                else:
                    self.say(json.dumps({"id_token": token, "access_token": "x"}))

            def say(self, text, status=200):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Session)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.issuer = f"{self.origin}/ours"
        self.setting = self.issuer.replace("//", f"//{CLIENT}:a%3Asecret%2Fof%20ours@")
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def says_of_itself(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.origin}/ask",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
        } | self.metadata

    def public_key(self):
        return {**self.published.as_dict(private=False), "kid": "1", "use": "sig"}

    def agrees(self, asked):
        """Where a browser goes back to, once somebody has agreed to this question."""
        question = {k: v[0] for k, v in parse_qs(urlsplit(asked).query).items()}
        assert question["client_id"] == CLIENT
        assert question["response_type"] == "code"
        code = secrets.token_hex(8)
        self.codes[code] = question
        return f"{question['redirect_uri']}?code={code}&state={question['state']}"

    def token_for(self, form, authorization):
        """The ID token for a code, once, for who has asked for it; otherwise None."""
        question = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        named = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if not (
            question
            and authorization == f"Basic {named}"
            and question["code_challenge_method"] == "S256"
            and question["redirect_uri"] == form["redirect_uri"]
            and base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            == question["code_challenge"]
        ):
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + 60,
            "nonce": question["nonce"],
            "email": "bo@group.example",
            "email_verified": True,
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = self.header | {"alg": self.algorithm}
        if self.algorithm == "none":  # of which joserfc warns, so that it is an error
            parts = (json.dumps(each).encode() for each in (header, claims))
            return b".".join([*map(base64.urlsafe_b64encode, parts), b""]).decode()
        any_of_them = JWSRegistry(algorithms=[self.algorithm])
        return jwt.encode(header, claims, self.key, registry=any_of_them)
