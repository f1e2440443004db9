"""Limits hold over all processes of the web together."""

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from petitions.models import Signature
from safeguards.counters import Hits
from tests.deploy.web import running_gunicorn
from tests.factories import ADA, make_petition

pytestmark = pytest.mark.django_db(transaction=True)
POSTS, PASS, HELD_ABOVE = 40, 30, 20


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def test_exactly_as_many_pass_as_may_whichever_process_they_reach(tmp_path):
    make_petition()
    limits = {"LIMIT_POSTS_A_MINUTE": PASS, "LIMIT_ACTS_BEFORE_HELD": HELD_ABOVE}
    with running_gunicorn(
        tmp_path,
        SITE_URL="http://testserver",
        **{name: str(most) for name, most in limits.items()},
    ) as web:

        def sign(number):
            form = urlencode({**ADA, "email": f"p{number}@mail.example"}).encode()
            headers = {
                "Host": "testserver",
                "Sec-Fetch-Site": "same-origin",
                # What the visitor forged, and then what the proxy saw.
                "X-Forwarded-For": f"198.51.{number}.7, 203.0.113.9",
            }
            address = f"http://127.0.0.1:{web.port}/campaign-1/signatures/"
            request = urllib.request.Request(address, form, headers)
            # A connection of its own, for either of the two processes to take.
            try:
                opened = urllib.request.build_opener(NoRedirect).open(request)
                return opened.status
            except urllib.error.HTTPError as error:
                error.close()
                return error.code

        with ThreadPoolExecutor(12) as threads:
            statuses = list(threads.map(sign, range(POSTS)))

    # Where the clock passed a full minute or hour meanwhile, each has its own limit.
    counts = list(Hits.objects.values_list("count", "ends_at"))
    ends = sorted({ends_at for _count, ends_at in counts})
    # Each POST is counted for its address, and if it passed for its network. Its
    # signature is counted with it for the address, and for the network unless it is
    # held.
    passed, held = statuses.count(302), Signature.objects.held().count()
    total = POSTS + passed + POSTS + (passed - held)
    assert sum(count for count, _ends in counts) == total
    assert statuses.count(302) + statuses.count(429) == POSTS
    if len(ends) == 2:
        assert statuses.count(302) == PASS
        assert Signature.objects.count() == PASS
        assert Signature.objects.held().count() == PASS - HELD_ABOVE
