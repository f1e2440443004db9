"""Asks a server by its port, as a proxy or a browser does."""

import urllib.error
import urllib.parse
import urllib.request

from tests.factories import ADA

HOST = "campaigns.example.org"


def ask(port, path, data=None, **headers):
    """Status, headers and body of the proxy's answer."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data, {"Host": HOST, **headers}
    )
    try:
        answer = urllib.request.build_opener(NoRedirect).open(request, timeout=300)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read().decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def sign(port, email, **headers):
    form = urllib.parse.urlencode({**ADA, "email": email}).encode()
    headers["Sec-Fetch-Site"] = "same-origin"
    return ask(port, "/campaign-1/signatures/", form, **headers)
