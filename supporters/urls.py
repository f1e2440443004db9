from django.urls import path

from supporters.my_page import entering, page

app_name = "supporters"
urlpatterns = [
    path("mine/", entering.mine, name="mine"),
    path("mine/<slug:key>/", page.page, name="page"),
    path("mine/<slug:key>/code/", entering.code, name="code"),
    path("mine/<slug:key>/mail/", entering.mail, name="mail"),
    path("mine/<slug:key>/opening/", entering.opening, name="opening"),
    path("mine/<slug:key>/all/<slug:name>/", page.section, name="section"),
    path("mine/<slug:key>/export/", page.export, name="export"),
    path("mine/<slug:key>/export.json", page.export_file, name="export-file"),
    path("mine/<slug:key>/erasure/", page.erasure, name="erasure"),
    path("mine/<slug:key>/mails/", page.mails, name="mails"),
    path("mine/<slug:key>/browsers/", page.browsers, name="browsers"),
    path("mine/<slug:key>/consents/<int:pk>/withdrawal/", page.consent, name="consent"),
]
