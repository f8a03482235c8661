"""Settings: one file, from the environment, with defaults that run on loopback."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from dealer.environment import env, refuse

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env("VAR_DIR", str(BASE_DIR / "var")))

DEFAULT_SECRET = "only-for-loopback-never-for-a-real-dealership"  # noqa: S105 (refused below where it matters)
SITE_URL = env("SITE_URL", "http://localhost:8000").rstrip("/")
SECURE = SITE_URL.startswith("https://")
SECRET_KEY = env("SECRET_KEY", DEFAULT_SECRET)
SECRET_KEY_FALLBACKS = [key for key in env("SECRET_KEY_FALLBACKS").split(",") if key]
if SECURE and (SECRET_KEY == DEFAULT_SECRET or len(SECRET_KEY) < 50):
    refuse("SITE_URL is https, so set SECRET_KEY (or SECRET_KEY_FILE) to at least 50 random characters of your own.")
DEBUG = env("DEBUG", "0") == "1"
# A demonstration asks nobody for a second factor (`make run` says so). Behind an https address it has to be asked for
# with another word, so that no dealership becomes a demonstration by a forgotten line.
DEMO = env("DEMO", "0") in {"1", "public"}
if SECURE and env("DEMO") == "1":
    refuse("DEMO=1 lets managers in without a second factor. For a demonstration at an https address say DEMO=public.")
_host = urlsplit(SITE_URL).hostname or "localhost"
ALLOWED_HOSTS = [*env("ALLOWED_HOSTS", "").split(",")] if env("ALLOWED_HOSTS") else [_host, "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "template_partials",
    "django_tables2",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "core",
    "customers",
    "service",
    "complaints",
    "finance",
    "dealer",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.web.ActorMiddleware",
    "core.web.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.web.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.web.AnswersMiddleware",
    "core.web.KeyedRequestMiddleware",
]
ROOT_URLCONF = "dealer.urls"
WSGI_APPLICATION = "dealer.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "core.forms.HouseRenderer"

# Two roles hold the wall around the logbook: the app role cannot change or delete a line of it,
# and only the owner, used by migrations, may change tables.
DATABASE_URL = env("DATABASE_URL", "postgres://app@127.0.0.1:5432/dealership")
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", DATABASE_URL)
_database = {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
    "OPTIONS": {
        "options": f"-c lock_timeout=3000 -c statement_timeout={env('STATEMENT_TIMEOUT_MS', '15000')}"
        " -c idle_in_transaction_session_timeout=60000",
        "connect_timeout": 5,
    },
}
DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL) | _database,
    "owner": dj_database_url.parse(DATABASE_OWNER_URL)
    | {"CONN_MAX_AGE": 0, "OPTIONS": {"options": "-c lock_timeout=10000"}},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_ROUTERS: list[str] = []

# Used one-time codes and counted attempts live here: a full cache must not make room by forgetting them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 500_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env("TRUST_PROXY") == "1" else None
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

AUTH_USER_MODEL = "core.Employee"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "core.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/ip,5/5m/key", "login": "60/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env("TRUST_PROXY") == "1" else 0
MFA_ADAPTER = "core.signin.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "After-sales"
MFA_TOTP_TOLERANCE = 0  # a code counts in its own half minute only: just as long is remembered that it was used
EMAIL_BACKEND = env("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(BASE_DIR / "staticroot")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env("MEDIA_ROOT", str(VAR / "files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Files go to the disk in pieces; only JSON has to stand in memory, and there one file of 10 MB is a third longer.
DATA_UPLOAD_MAX_MEMORY_SIZE = 15_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 40
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "core.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DJANGO_TABLES2_TEMPLATE = "core/table.html"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.rest.HouseAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.rest.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.rest.api_answer",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "After-sales",
    "VERSION": "1.0.0",
    "DESCRIPTION": "After-sales of a car dealership: customers, visits, orders, settlement, gate, calls, reports.",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "CustomerKindEnum": "customers.models.Customer.Kind",
        "MembershipEnum": "customers.models.Customer.Level",
        "CustomerLanguageEnum": "customers.models.Customer.Language",
        "MergeSideEnum": "customers.models.Merge.Side",
        "CallAnswerEnum": "customers.models.Call.Answer",
        "CallStatusEnum": "customers.models.Call.Status",
        "ChannelEnum": "customers.models.Message.Channel",
        "VisitKindEnum": "service.models.Visit.Kind",
        "VisitStatusEnum": "service.models.Visit.Status",
        "OrderStatusEnum": "service.models.Order.Status",
        "JobStatusEnum": "service.models.Job.Status",
        "LineKindEnum": "service.models.Line.Kind",
        "ConsentEnum": "service.models.Line.Consent",
        "ConsentViaEnum": "service.models.Line.Via",
        "DelayEnum": "service.models.Visit.Delay",
        "HoldKindEnum": "service.models.Hold.Kind",
        "LinkToEnum": "service.models.ConsentLink.To",
        "TradeEnum": "core.models.Trade",
        "PayerEnum": "service.models.Party.Kind",
        "ShareReasonEnum": "service.models.Share.Reason",
        "ApprovalStatusEnum": "core.models.Approval.Status",
        "MatterEnum": "core.models.Matter",
        "TaskStatusEnum": "core.models.Task.Status",
        "PaymentMethodEnum": "finance.models.Payment.Method",
        "MeansEnum": "finance.forms.paying.MEANS",
        "MoneyMeansEnum": "finance.forms.paying.REAL",
        "InvoiceKindEnum": "finance.models.Invoice.Kind",
        "InvoiceStatusEnum": "finance.models.Invoice.Status",
        "AccountEnum": "finance.models.Account",
        "CaseStatusEnum": "complaints.models.Complaint.Status",
        "CaseWayEnum": "complaints.models.Channel.Way",
        "CaseResultEnum": "complaints.models.Complaint.Result",
        "ReactionEnum": "complaints.models.Complaint.Reaction",
        "DeskWayEnum": "complaints.forms.cases.AT_THE_DESK",
        "AnotherWayEnum": "complaints.forms.cases.ANY_WAY",
        "CallWayEnum": "complaints.forms.cases.TO_REACH",
        "CaseAttemptEnum": "complaints.models.Attempt.Outcome",
        "CallAttemptEnum": "customers.models.CallAttempt.Outcome",
        "RoleEnum": "core.roles.Role",
        "CaseSeverityEnum": "complaints.models.Complaint.Severity",
        "OutsideLevelEnum": "complaints.models.OutsideCase.Level",
        "PauseReasonEnum": "complaints.models.Pause.Reason",
        "StepRoleEnum": "complaints.forms.case_data.TOLD",
        "AnySeverityEnum": "complaints.forms.case_data.ANY_SEVERITY",
        "CompensationUnitEnum": "complaints.models.CompensationKind.Unit",
        "TimeUnitEnum": "complaints.models.Target.Unit",
        "ProblemKindEnum": "complaints.models.ProblemClass.Kind",
        "BulletinSourceEnum": "complaints.models.Bulletin.Source",
        "AccountabilityStatusEnum": "complaints.models.Accountability.Status",
    },
}

# Providers of messages to customers, a gateway for each channel: MESSAGE_GATEWAY_SMS_URL and _TOKEN, the same for
# WECHAT. Without one, messages wait in the outbox for somebody who tells by hand.
MESSAGE_GATEWAYS = {
    channel: {"url": url, "token": env(f"MESSAGE_GATEWAY_{channel.upper()}_TOKEN")}
    for channel in ("sms", "wechat")
    if (url := env(f"MESSAGE_GATEWAY_{channel.upper()}_URL"))
}
MESSAGE_TIMEOUT = 10  # seconds that a gateway has for its whole answer
for _channel, _gateway in MESSAGE_GATEWAYS.items():
    _address = urlsplit(_gateway["url"])
    if _address.scheme != "https" and _address.hostname not in {"localhost", "127.0.0.1"}:
        refuse(f"MESSAGE_GATEWAY_{_channel.upper()}_URL must begin with https://: phone numbers go there.")

REDIS_URL = env("REDIS_URL", "redis://127.0.0.1:6379/0")

# The alarm clock (dealer/celery.py): losing a message loses nothing, and no request waits for a broker that is gone
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "retry_on_timeout": True,
    "health_check_interval": 10,
    "global_keyprefix": "as:",
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
