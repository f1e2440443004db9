from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from branding import views as branding
from campaign_site import health, metrics
from campaigns import embedding
from campaigns import views as campaigns
from pages import errors
from pages.read_only import read_only

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error


def of_room(name, route, urls):
    """The addresses of a room, if the site has it."""
    return [path(route, include(urls))] if apps.is_installed(name) else []


of_staff = [
    path("mail-samples/", include("outbox.previews")),
    path("deliverability/", include("staff.mail_desk.deliverability")),
    path("inbox/", include("campaigns.inbox")),
    path("roles/", include("campaign_site.roles")),
    path("advanced/", include("campaign_site.advanced")),
    path("account/", include("staff.urls")),
    path(
        "password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
    ),
    path("editor/", include("campaign_editor.urls")),
    *of_room("volunteers", "translations/", "volunteers.desk"),
    path("", admin.site.urls),
]
urlpatterns = [
    path("admin/", include(of_staff)),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("robots.txt", branding.robots, name="robots"),
    path("favicon.ico", branding.favicon),
    path("manifest.webmanifest", branding.manifest, name="manifest"),
    path(".well-known/security.txt", branding.security, name="security"),
    # Where programs that keep passwords lead somebody who wants another one (W3C).
    path(
        ".well-known/change-password",
        read_only(RedirectView.as_view(pattern_name="account_change_password")),
    ),
    re_path(
        r"^branding/(?P<digest>[0-9a-f]{16})\.css$",
        branding.stylesheet,
        name="branding-stylesheet",
    ),
    re_path(
        r"^branding/(?P<kind>logo|icon)-(?P<digest>[0-9a-f]{16})\.png$",
        branding.branding_picture,
        name="branding-picture",
    ),
    path("embed.js", embedding.script, name="embed-script"),
    path("oembed", embedding.oembed, name="oembed"),
    path("sitemap.xml", campaigns.sitemap, name="sitemap"),
    path("sitemap/<int:number>.xml", campaigns.sitemap, name="sitemap"),
    re_path(
        r"^media/pictures/(?P<name>[0-9a-f]{32})/"
        r"(?P<file>(?:[a-z]+-)?(?:[0-9]+|share)\.(?:jpg|webp|avif))$",
        campaigns.picture,
        name="picture",
    ),
]
if settings.ANYMAIL["WEBHOOK_SECRET"]:
    urlpatterns.append(path("anymail/", include("outbox.webhooks")))
if settings.DEVELOPMENT:
    urlpatterns.append(path("", include("campaign_site.development.views")))
urlpatterns += i18n_patterns(
    # First the addresses that a whole country posts to: each route before them costs
    # time.
    path("", include("petitions.urls")),
    # Before the rest of the API, which takes all that is below api/.
    *of_room("access_keys", "api/", "access_keys.urls"),
    path("api/", include("api.urls")),
    path("privacy/", branding.privacy, name="privacy"),
    path("how-it-works/", branding.how_it_works, name="how-it-works"),
    path("cookies/", branding.cookies, name="cookies"),
    path("accessibility/", branding.accessibility, name="accessibility"),
    path("about/", branding.about, name="about"),
    path("imprint/", branding.imprint, name="imprint"),
    path("", include("comments.urls")),
    path("", include("letters.urls")),
    path("", include("supporters.urls")),
    path("", include("translations.urls")),
    *of_room("volunteers", "translations/<slug:key>/", "volunteers.urls"),
    path("", include("campaigns.urls")),
    prefix_default_language=False,
)
