"""The least that Django can do, to measure the site against.

An empty project without middleware: a constant answer, and a form with one INSERT.
`bin/python -m bench.empty_project` creates its table.
"""

import django
from django import forms
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, models
from django.http import HttpResponse
from django.urls import path

from campaign_site.settings import DATABASES

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES=DATABASES,
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
)
django.setup()

BODY = b"x" * 20 * 1024


class Row(models.Model):
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2)

    class Meta:
        app_label = "bench"

    def __str__(self):
        return self.name


class RowForm(forms.Form):
    name = forms.CharField(max_length=120)
    email = forms.CharField(max_length=254)
    city = forms.CharField(max_length=100, required=False)
    country = forms.CharField(max_length=2)


# Without their length gunicorn would send the answers in chunks, unlike the site's.
def constant(request):
    return HttpResponse(BODY, headers={"Content-Length": str(len(BODY))})


def rows(request):
    form = RowForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422, headers={"Content-Length": "0"})
    row = Row.objects.create(**form.cleaned_data)
    return HttpResponse(
        status=302, headers={"Location": f"/rows/{row.pk}/", "Content-Length": "0"}
    )


urlpatterns = [path("", constant), path("rows/", rows)]
application = WSGIHandler()

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Row)
