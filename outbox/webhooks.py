"""The webhooks of mail services, as django-anymail reads them.

It may read what was sent before it asks for our secret, and takes what it cannot read
for a fault of ours. Here the secret comes first, and what is no report is answered with
400. A service without its settings has no address, and no mail comes to us this way.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from anymail.exceptions import AnymailError
from anymail.signals import AnymailTrackingEvent
from anymail.urls import urlpatterns as of_services
from anymail.webhooks.base import AnymailBaseWebhookView
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

logger = logging.getLogger(__name__)
# More than any service sends at once, and some seconds of work.
MOST_EVENTS = 5000


class NoReport(Exception):
    """What was sent is no report of a mail service; holds a sentence."""


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except AnymailError as fault:  # of the secret and the signatures
        raise NoReport(f"This was not accepted: {fault}") from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise NoReport("This is no report of the service.") from None


@contextmanager
def _configured() -> Iterator[None]:
    try:
        yield
    except ImproperlyConfigured as fault:
        logger.warning("A webhook lacks its settings: %s", fault)
        raise Http404 from None


def _guarded(kind: type[AnymailBaseWebhookView]) -> type[AnymailBaseWebhookView]:
    class Webhook(kind):
        def __init__(self, **options: Any) -> None:
            with _configured():
                super().__init__(**options)

        def post(
            self, request: HttpRequest, *arguments: Any, **named: Any
        ) -> HttpResponse:
            try:
                with _configured():
                    return super().post(request, *arguments, **named)
            except NoReport as fault:
                logger.warning("%s webhook: %s", self.esp_name, fault)
                return HttpResponse(f"{fault}\n", "text/plain", status=400)

        def run_validators(self, request: HttpRequest) -> None:
            with _in_words():
                AnymailBaseWebhookView.validate_request(self, request)
                super().run_validators(request)

        def parse_events(self, request: HttpRequest) -> list[AnymailTrackingEvent]:
            with _in_words():
                events = list(super().parse_events(request))
            if len(events) > MOST_EVENTS:
                raise NoReport(f"Send at most {MOST_EVENTS} events at once.")
            return events

    return Webhook


urlpatterns = [
    URLPattern(each.pattern, _guarded(each.callback.view_class).as_view())
    for each in of_services
    if "inbound" not in each.name
]
