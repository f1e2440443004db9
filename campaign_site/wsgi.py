import os

import django
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign_site.settings")


class Request(WSGIRequest):
    """Reads a request as UTF-8, whatever charset its Content-Type names.

    Our pages and their forms are UTF-8. Django would believe a charset like base64, and
    fail on it before any of our code runs, or punycode, which takes quadratic time.
    """

    def _set_content_type_params(self, meta):
        kind = meta.get("CONTENT_TYPE", "")
        try:
            found = parse_header_parameters(kind)
        except ValueError:
            found = kind.partition(";")[0].strip().lower(), {}
        self.content_type, self.content_params = found

    def _load_post_and_files(self):
        """Raise BadRequest for a body that cannot be read, whatever fails.

        Django's parser of multipart bodies lets some ValueErrors through.
        """
        try:
            super()._load_post_and_files()
        except (ValueError, LookupError) as error:
            self._mark_post_parse_error()
            raise BadRequest(str(error)) from None


class Handler(WSGIHandler):
    """Django's handler, but fresh pages of the page cache are answered here.

    For the machine at a viral peak: through Django's signals, middleware and response,
    a hit costs 1.24 times what a constant page does, and this way 1.03 times. The aim
    is 1.15 (`bench/run.py`, “Cached page”). See also pages/in_process_cache.py.
    """

    request_class = Request

    def __call__(self, environ, start_response):
        began = request_times.begin()
        is_read = environ["REQUEST_METHOD"] == "GET"
        # A copy is used, since a request writes the decoded path into its environ, and
        # the next request would decode that once more.
        page = page_cache.fresh_page(Request(environ.copy())) if is_read else None
        if page is None:
            response = super().__call__(environ, start_response)
            if environ["REQUEST_METHOD"] != "HEAD":
                return response
            # gunicorn would warn of the body, which a server does not send.
            response.close()
            return []
        body, headers, view = page
        start_response("200 OK", headers)
        request_times.note(view, 200, began)
        return [body]

    def get_response(self, request):
        began = request_times.begin()
        response = super().get_response(request)
        view = page_cache.view_of(request, response)
        request_times.note(view, response.status_code, began)
        return response


django.setup(set_prefix=False)

# These need the settings.
from campaign_site import request_times  # noqa: E402
from pages import page_cache  # noqa: E402

application = Handler()
