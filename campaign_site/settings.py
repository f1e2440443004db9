"""The one settings file, read top to bottom; the environment fills in the values.

docs/running/settings.md lists every variable. A required one that is missing stops
the start with a sentence that says what to do.
"""

import sys
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.utils.csp import CSP

from campaign_site import languages, logs, object_store
from database import replica
from database.zones import GREENWICH, as_people_say, timezones
from staff import open_id

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()


def required(name, example):
    """The value of a required setting; ends the process if it is missing."""
    value = env.str(name, "").strip()
    if not value:
        sys.exit(f"{name} is not set. Set it in the environment, like {name}={example}")
    return value


# What kind of process this is. DEVELOPMENT serves static files without collecting
# them and adds the page that lists the mails; DEBUG adds Django's own error pages.
DEVELOPMENT = env.bool("DEVELOPMENT", False)
DEBUG = env.bool("DEBUG", False)

# The site.
SECRET_KEY = required("SECRET_KEY", "$(openssl rand -base64 50)")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = required("SITE_URL", "https://campaigns.example.org").rstrip("/")
host = urlsplit(SITE_URL).hostname or ""
SITE_NAME = env.str("SITE_NAME", host)
CONTROLLER = required("CONTROLLER", "'Name, street, town: who answers for the data'")
CONTACT_EMAIL = required("CONTACT_EMAIL", "hello@example.org")
SERVED_OVER_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [host, *env.list("ALLOWED_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Apps and the way of a request through them. No other app knows those of ROOMS, so a
# site may leave them out.
ROOMS = env.list("ROOMS", default=["access_keys", "paper", "volunteers", "wordpress"])
INSTALLED_APPS = [
    "database",
    "safeguards",
    "pages",
    "branding",
    "reporting",
    "outbox",
    "staff",
    "versions",
    "campaigns",
    "supporters",
    "petitions",
    "letters",
    "comments",
    "api",
    "campaign_editor",
    "translations",
    *ROOMS,
    "campaign_site",
    "staff.apps.AdminConfig",
    "campaign_site.groups.GroupsConfig",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_countries",
    "django_prose_editor",
    "procrastinate.contrib.django",
]
if DEVELOPMENT:
    INSTALLED_APPS.insert(0, "campaign_site.development")
MIDDLEWARE = [
    "pages.middleware.OwnHostMiddleware",
    # So early that a page for everybody passes no other middleware (decision 5).
    "pages.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "pages.middleware.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pages.languages.LanguageMiddleware",
    "pages.errors.ErrorPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "staff.middleware.DeskMiddleware",
    "campaigns.redirects.NotFoundMiddleware",
]
ROOT_URLCONF = "campaign_site.urls"
WSGI_APPLICATION = "campaign_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "branding.site.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.contrib.humanize.templatetags.humanize",
                "pages.templatetags.attributes",
                "pages.templatetags.punctuation",
            ],
        },
    }
]
FORM_RENDERER = "pages.labels.Renderer"

# Data: PostgreSQL 15 or later, and nothing else. Each thread keeps its connection,
# checks it before a request's first statement, and makes a new one if it broke: so a
# process knows at once when the database is away, and when it is back.
DATABASES = {"default": env.db_url_config(required("DATABASE_URL", "postgres://…"))}
DATABASES["default"] |= {
    "ENGINE": "database.postgresql",
    "CONN_MAX_AGE": 3600,
    "CONN_HEALTH_CHECKS": True,
    # Set in a web process behind a pooler, which loses such cursors (see manage.py).
    "DISABLE_SERVER_SIDE_CURSORS": bool(env.str("DIRECT_DATABASE_URL", "")),
    "OPTIONS": {
        # Statements that come again are planned once for a connection, or a pooler's.
        "server_side_binding": True,
        "prepare_threshold": 5,
        # A server that vanishes must not hold a thread for minutes.
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
    }
    | DATABASES["default"].get("OPTIONS", {}),
}
DATABASES |= replica.settings_of(DATABASES["default"], env.str("REPLICA_URL", ""))
DATABASE_ROUTERS = ["database.replica.Router"] if replica.ALIAS in DATABASES else []
CACHES: dict[str, dict] = {
    "default": {
        "BACKEND": "pages.in_process_cache.InProcessCache",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    }
}
if redis_url := env.str("REDIS_URL", ""):
    CACHES["default"] = {
        "BACKEND": "pages.shared_cache.SharedCache",
        "LOCATION": redis_url,
    }

# Mail.
DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL", "'Our name <hello@example.org>'")
SERVER_EMAIL = parseaddr(DEFAULT_FROM_EMAIL)[1]
_relay = env.email_url_config(required("EMAIL_URL", "smtp+tls://user:pass@host:587"))
MAILERS = {
    "default": {
        "BACKEND": _relay["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": _relay["EMAIL_HOST"],
            "port": _relay["EMAIL_PORT"] or 25,
            "username": _relay["EMAIL_HOST_USER"] or "",
            "password": _relay["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": _relay.get("EMAIL_USE_TLS", False),
            "use_ssl": _relay.get("EMAIL_USE_SSL", False),
            "timeout": 30,
        },
    }
}
MAIL_DOMAIN = SERVER_EMAIL.rpartition("@")[2]
DKIM_SELECTOR = env.str("DKIM_SELECTOR", "")
# Letters that we send in somebody's name leave from this one address.
LETTERS_FROM_EMAIL = env.str("LETTERS_FROM_EMAIL", f"letters@{MAIL_DOMAIN}")
# A mail was left behind after so long, which is longer than any conversation takes.
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", 600)
LETTER_GIVE_UP_DAYS = 7
# Workdays until a writer may send a follow-up; days until they are asked for an answer
# (0: never), and until they are told that nobody has decided on a held letter.
LETTER_FOLLOW_UP_DAYS = env.int("LETTER_FOLLOW_UP_DAYS", 10)
LETTER_ASK_DAYS = env.int("LETTER_ASK_DAYS", 14)
LETTER_UNDECIDED_DAYS = 7
# Letters to one official in an hour; 0: no limit.
LETTERS_AN_HOUR = env.int("LETTERS_AN_HOUR", 60)
# How many mails leave in a minute, over all workers: those that nobody waits for, and
# those that somebody waits for, which count against the first number as well.
MAILS_A_MINUTE = env.int("MAILS_A_MINUTE", 600)
WAITED_MAILS_A_MINUTE = env.int("WAITED_MAILS_A_MINUTE", 3000)
# How many conversations with the relay one worker process holds at the same time.
WAITED_CONVERSATIONS = 4
BULK_CONVERSATIONS = 2
# A day's and a week's mails to followers leave at this hour of TIME_ZONE.
FOLLOW_MAIL_HOUR = 7
# Where mail to us is read (docs/running/mail.md), and the server of ours whose word on
# a sender we believe.
INCOMING_MAIL_URL = env.str("INCOMING_MAIL_URL", "").strip()
INCOMING_MAIL_CHECKED_BY = env.str("INCOMING_MAIL_CHECKED_BY", "").strip()
MAIL_SINK_DIR = env.path("MAIL_SINK_DIR", str(ROOT / "var/mail"))  # of bin/dev

# The providers' webhooks report bounces; without a secret they are not served. Other
# settings of a provider are passed on, like ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY.
ANYMAIL = {"WEBHOOK_SECRET": ""} | {
    name.removeprefix("ANYMAIL_"): value
    for name, value in env.ENVIRON.items()
    if name.startswith("ANYMAIL_")
}

# Languages: the address alone decides (decision 60); the first has no prefix.
LANGUAGES = languages.chosen(env.list("LANGUAGES", default=[]))
LANGUAGE_CODE = LANGUAGES[0][0]
FORMAT_MODULE_PATH = "campaign_site.formats"
LOCALE_PATHS = [ROOT / "locale" / name for name in ("public", "desk", "framework")]
# The clocks of the site, for all that belongs to no campaign (decision 38).
TIME_ZONE = as_people_say(env.str("TIME_ZONE", GREENWICH))
if TIME_ZONE not in timezones():
    sys.exit(f"TIME_ZONE={TIME_ZONE} is none that we know. Set one like Europe/Berlin.")

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", str(ROOT / "var/static"))
STATICFILES_DIRS = [ROOT / "static"]
# What staff upload, and what is made for officials. If STORAGE_URL names a bucket of an
# S3-compatible store, all of it is there instead, and here only work in progress.
MEDIA_ROOT = env.path("MEDIA_ROOT", str(ROOT / "var/media"))
storage_url = env.str("STORAGE_URL", "")
STORAGE_PUBLIC_URL = object_store.public_address("STORAGE_URL", storage_url)
STORAGES = {
    **object_store.settings(storage_url),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "campaign_site.static_files.HashedStaticFiles"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT
STATICFILES_FINDERS = [
    *(["campaign_site.static_files.WholeSheetFinder"] if DEVELOPMENT else []),
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]

# Staff.
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["staff.account_adapter.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# "required": nobody works in the admin without a second factor; staff without one are
# led to set one up. "offered": everybody may have one, as in development.
STAFF_MFA = env.str("STAFF_MFA", "offered" if DEVELOPMENT else "required")
if STAFF_MFA not in ("required", "offered"):
    sys.exit(f"STAFF_MFA={STAFF_MFA} is neither required nor offered. Set it to one.")
# The OpenID provider by which staff may sign in, too (docs/running/provider.md).
STAFF_SIGN_IN = open_id.provider_of("STAFF_SIGN_IN", env.str("STAFF_SIGN_IN", ""))
# django-allauth (decision 12). Only the pages that staff/urls.py names are served.
ACCOUNT_ADAPTER = "staff.account_adapter.StaffAdapter"
ACCOUNT_FORMS = {
    "login": "staff.forms.SignInForm",
    "reauthenticate": "staff.forms.PasswordAgainForm",
    "change_password": "staff.forms.NewPasswordForm",
    "reset_password": "staff.forms.ForgottenPasswordForm",
    "reset_password_from_key": "staff.forms.ChosenPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# allauth's own would make a row in its table of addresses, which are not verified here.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = (
    "django.contrib.auth.tokens.PasswordResetTokenGenerator"
)
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Staff who chose a new password by mail go on to the second factor, even while somebody
# else has used up the tries of the page for the password.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE
# allauth's limits live in each process's cache; those of sign_in_limits.py do not.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "staff.second_factor.SecondFactor"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "staff.forms.CodeForm",
    "reauthenticate": "staff.forms.CodeAgainForm",
    "add_webauthn": "staff.forms.AddPasskeyForm",
    "authenticate_webauthn": "staff.forms.PasskeyForm",
    "login_webauthn": "staff.forms.SignInByPasskeyForm",
    "reauthenticate_webauthn": "staff.forms.PasskeyAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
# Staff gave an account its address; no page of ours verifies one.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # clocks differ by half a minute

# Security.
YEAR = 365 * 24 * 3600
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
if STORAGE_PUBLIC_URL:
    _store = urlsplit(STORAGE_PUBLIC_URL)
    SECURE_CSP["img-src"] = [CSP.SELF, f"{_store.scheme}://{_store.netloc}"]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", YEAR if SERVED_OVER_HTTPS else 0)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_HTTPS
# With this name, browsers take a cookie from this host alone and over https alone: no
# other site of the same domain can set it. Supporters' and officials' have it, too.
_HOST_ONLY = "__Host-" if SERVED_OVER_HTTPS else ""
SESSION_COOKIE_NAME = f"{_HOST_ONLY}sessionid"
CSRF_COOKIE_NAME = f"{_HOST_ONLY}csrftoken"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "pages.errors.csrf_failure"
SESSION_ENGINE = "campaign_site.sessions"
SILENCED_SYSTEM_CHECKS = [
    # HSTS for every subdomain can lock a group out of other sites on its own domain.
    "security.W005",
    "security.W021",
]
# How many proxies of ours stand in front. 0: the connection's address is the visitor's,
# and X-Forwarded-For and X-Forwarded-Proto, which anybody can write, are ignored.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Limits (decision 29), per hour unless their name says otherwise. A class that signs
# together is no program: these stop a program, and only from keeping others waiting.
LIMIT_POSTS_A_MINUTE = env.int("LIMIT_POSTS_A_MINUTE", 300)
LIMIT_ACTS_BEFORE_HELD = env.int("LIMIT_ACTS_BEFORE_HELD", 600)
LIMIT_MAILS_TO_DOMAIN = env.int("LIMIT_MAILS_TO_DOMAIN", 30)
LIMIT_MAILS_TO_ADDRESS = env.int("LIMIT_MAILS_TO_ADDRESS", 3)
LIMIT_MAILS_TO_ADDRESS_A_DAY = env.int("LIMIT_MAILS_TO_ADDRESS_A_DAY", 10)
LIMIT_LETTERS_A_DAY = env.int("LIMIT_LETTERS_A_DAY", 3)
# Reports of one letter, sent with the writer's own mail program, from one browser.
LIMIT_REPORTED_LETTERS_A_DAY = 1
LIMIT_CODE_TRIES_A_DAY = env.int("LIMIT_CODE_TRIES_A_DAY", 20)
LIMIT_SIGN_INS = 30
LIMIT_SIGN_INS_TO_ACCOUNT = 20
LIMIT_COMMENTS = 10  # an hour, of an address in a network
# In an hour, from one address: reports of signers' names, notices of illegal content.
LIMIT_REPORTS_OF_NAMES = env.int("LIMIT_REPORTS_OF_NAMES", 20)
LIMIT_NOTICES = env.int("LIMIT_NOTICES", 10)
PUBLIC_FORM_MAX_BYTES = 256 * 1024  # so 64 KB of any script fit, percent-encoded

# Comments. What the rules find makes a comment wait; a person decides.
COMMENTS_A_PAGE = 15  # conversations
COMMENT_REPLIES_SHOWN = 5  # for each, until opened
COMMENT_MOST_LINKS = 1
COMMENT_EDIT_MINUTES = 15
COMMENT_CLAIM_MINUTES = 5
COMMENT_NOTICE_MINUTES = 5
COMMENT_LONGEST_WAIT_HOURS = 24
UNDO_DAYS = 30

# Names on paper: somebody who has entered lines of a batch cannot count it; a second
# person does. A group of one turns it off.
PAPER_NEEDS_SECOND_PERSON = env.bool("PAPER_NEEDS_SECOND_PERSON", True)

# My page: how long its link in a mail works, and one visit to it.
VISIT_LINK_MINUTES = 60
VISIT_HOURS = 12
MY_PAGE_ROWS = 10  # of each kind, a page

# A signer who has not confirmed is asked once more after so long; 0: nobody is.
REMIND_AFTER_HOURS = env.int("REMIND_AFTER_HOURS", 24)
CONFIRM_AFTER_END_HOURS = 24  # of a petition

# Retention, in days unless the name says otherwise; the privacy page quotes all of it.
KEEP_UNCONFIRMED_DAYS = env.int("KEEP_UNCONFIRMED_DAYS", 7)
KEEP_HELD_DAYS = env.int("KEEP_HELD_DAYS", 60)  # without a decision
KEEP_WITHDRAWN_DAYS = 7
KEEP_SIGNERS_MONTHS = env.int("KEEP_SIGNERS_MONTHS", 6)
# Names under a petition that was handed over, or was not (decision 34).
KEEP_AFTER_HANDOVER_DAYS = env.int("KEEP_AFTER_HANDOVER_DAYS", 30)
KEEP_SIGNERS_AT_MOST_MONTHS = env.int("KEEP_SIGNERS_AT_MOST_MONTHS", 24)
KEEP_BUNDLES_DAYS = 7
KEEP_FINISHED_JOBS_HOURS = 24
KEEP_BACKUPS_DAYS = env.int("KEEP_BACKUPS_DAYS", 100)
# To erase again what a backup brings back.
KEEP_ERASURES_DAYS = max(365, KEEP_BACKUPS_DAYS + 1)
KEEP_RETENTION_RUNS_DAYS = 90
# How long one rule of the retention run may work; the next night goes on.
RETENTION_MINUTES_A_RULE = 30
KEEP_SPAM_DAYS = 30
KEEP_NETWORK_HASH_DAYS = 30
KEEP_LETTER_TEXT_DAYS = env.int("KEEP_LETTER_TEXT_DAYS", 28)
KEEP_AUDIT_DAYS = env.int("KEEP_AUDIT_DAYS", 365)
KEEP_STOPPED_FOLLOWS_DAYS = 30
KEEP_MAIL_NOTES_DAYS = env.int("KEEP_MAIL_NOTES_DAYS", 180)
REPORTS_COUNT_DAYS = 10  # reports by mail on a mail
KEEP_VERSIONS = 100  # of each text of campaigners
KEEP_VERSIONS_DAYS = 365
KEEP_DELETED_DAYS = 30
KEEP_FORMS_DAYS = 90  # guided forms, typed and not saved
KEEP_REPORT_WORDS_DAYS = 30
KEEP_NOTICES_DAYS = 180  # who sent them, and their words

# Where backups go, and the server on which one is tried (campaign_site/backups/).
BACKUPS = env.str("BACKUPS", "").strip()
BACKUP_TRIAL_URL = env.str("BACKUP_TRIAL_URL", "")
BACKUP_KEY = env.str("BACKUP_KEY", "").strip()
if BACKUP_KEY and not BACKUP_KEY.startswith("AGE-SECRET-KEY-1"):
    sys.exit("BACKUP_KEY is no key of age. Set the last line that `age-keygen` prints.")

PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 4, "delete_jobs": "never"}

METRICS_TOKEN = env.str("METRICS_TOKEN", "").strip()  # with one, /metrics is there
READERS = env.str("READERS", "")  # where nginx notes which pages are read

# Logs go to standard error, which the service manager keeps.
LOGGING = logs.to_standard_error(
    env.str("LOG_FORMAT", "line" if DEVELOPMENT else "json")
)
