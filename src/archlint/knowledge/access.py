"""What proves who a caller is, what refuses callers, and what has nothing to do with it."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Markers of parameters, and where the value comes from.
MARKERS: dict[str, str] = {
    "fastapi.Depends": "depends", "fastapi.Security": "security", "fastapi.Query": "query", "fastapi.Path": "path",
    "fastapi.Header": "header", "fastapi.Cookie": "cookie", "fastapi.Body": "json", "fastapi.Form": "form",
    "fastapi.File": "file",
    "fastapi.params.Query": "query", "fastapi.params.Path": "path", "fastapi.params.Header": "header",
    "fastapi.params.Cookie": "cookie", "fastapi.params.Body": "json", "fastapi.params.Form": "form",
    "fastapi.params.File": "file", "fastapi.params.Security": "security",
    "fastapi.param_functions.Query": "query", "fastapi.param_functions.Path": "path",
    "fastapi.param_functions.Header": "header", "fastapi.param_functions.Body": "json",
    "fastapi.param_functions.Form": "form", "fastapi.param_functions.File": "file",
    "ninja.Query": "query", "ninja.Path": "path", "ninja.Header": "header", "ninja.Cookie": "cookie", "ninja.Body": "json",
    "ninja.Form": "form", "ninja.File": "file", "ninja.QueryEx": "query", "ninja.PathEx": "path", "ninja.BodyEx": "json",
    "ninja.FormEx": "form", "ninja.FileEx": "file",
    "fast_depends.Depends": "depends", "dishka.integrations.fastapi.FromDishka": "other",
}

#: Parameters that FastAPI fills by their class.
SPECIAL_PARAMETERS: frozenset[str] = frozenset((
    "starlette.requests.Request", "starlette.requests.HTTPConnection", "starlette.responses.Response",
    "starlette.websockets.WebSocket", "fastapi.BackgroundTasks", "starlette.background.BackgroundTasks",
    "fastapi.security.SecurityScopes",
))

#: Security schemes of FastAPI and django-ninja: without ``auto_error=False`` they refuse a request without credentials.
SCHEMES: frozenset[str] = frozenset((
    "fastapi.security.OAuth2PasswordBearer", "fastapi.security.OAuth2AuthorizationCodeBearer", "fastapi.security.OAuth2",
    "fastapi.security.HTTPBearer", "fastapi.security.HTTPBasic", "fastapi.security.HTTPDigest",
    "fastapi.security.APIKeyHeader", "fastapi.security.APIKeyQuery", "fastapi.security.APIKeyCookie",
    "fastapi.security.OpenIdConnect", "fastapi.security.http.HTTPBase", "fastapi.security.base.SecurityBase",
    "ninja.security.HttpBearer", "ninja.security.HttpBasicAuth", "ninja.security.APIKeyHeader", "ninja.security.APIKeyQuery",
    "ninja.security.APIKeyCookie", "ninja.security.SessionAuth", "ninja.security.SessionAuthSuperUser",
    "ninja.security.SessionAuthIsStaff", "ninja.security.base.AuthBase", "ninja.security.http.HttpAuthBase",
    "ninja_jwt.authentication.JWTAuth", "ninja_jwt.authentication.JWTStatelessUserAuthentication",
    "ninja_jwt.authentication.JWTTokenUserAuth", "ninja_extra.security.AsyncHttpBearer",
))

#: Decorators, wrappers and dependencies that refuse callers who are not known. A text after ``!`` is the
#: keyword that makes them let everybody pass when it is true.
REQUIRES: dict[str, str] = {
    "flask_login.login_required": "", "flask_login.fresh_login_required": "",
    "flask_jwt_extended.jwt_required": "!optional", "flask_jwt_extended.fresh_jwt_required": "",
    "flask_jwt_extended.view_decorators.jwt_required": "!optional",
    "flask_security.login_required": "", "flask_security.auth_required": "", "flask_security.roles_required": "",
    "flask_security.roles_accepted": "", "flask_security.permissions_required": "", "flask_security.auth_token_required": "",
    "flask_security.http_auth_required": "", "flask_security.permissions_accepted": "",
    "flask_appbuilder.security.decorators.has_access": "", "flask_appbuilder.has_access": "",
    "flask_appbuilder.security.decorators.has_access_api": "", "flask_appbuilder.has_access_api": "",
    "flask_appbuilder.security.decorators.protect": "", "flask_appbuilder.api.protect": "",
    "flask_httpauth.HTTPBasicAuth.login_required": "!optional", "flask_httpauth.HTTPTokenAuth.login_required": "!optional",
    "flask_httpauth.MultiAuth.login_required": "!optional",
    "flask_principal.Permission.require": "",
    "quart_auth.login_required": "", "quart_jwt_extended.jwt_required": "",
    "django.contrib.auth.decorators.login_required": "", "django.contrib.auth.decorators.permission_required": "",
    "django.contrib.auth.decorators.user_passes_test": "",
    "django.contrib.admin.views.decorators.staff_member_required": "",
    "aiohttp_security.login_required": "", "aiohttp_security.permission_required": "",
    "aiohttp_security.api.login_required": "", "aiohttp_security.api.permission_required": "",
    "starlette.authentication.requires": "",
    "tornado.web.authenticated": "",
    "ninja.security.django_auth": "", "ninja.security.django_auth_superuser": "",
    "ninja.security.django_auth_is_staff": "",
    "fastapi_users.FastAPIUsers.current_user": "!optional", "fastapi_login.LoginManager": "",
    "fastapi_users.authentication.Authenticator.current_user": "!optional",
}

#: Functions of libraries that answer 401 or 403 when they are called, besides exceptions with a code.
REFUSES: frozenset[str] = frozenset((
    "aiohttp.web.HTTPUnauthorized", "aiohttp.web.HTTPForbidden", "werkzeug.exceptions.Unauthorized",
    "werkzeug.exceptions.Forbidden", "django.core.exceptions.PermissionDenied", "django.http.HttpResponseForbidden",
    "django.http.response.HttpResponseForbidden", "django.contrib.auth.views.redirect_to_login",
    "rest_framework.exceptions.NotAuthenticated", "rest_framework.exceptions.AuthenticationFailed",
    "rest_framework.exceptions.PermissionDenied", "starlette.authentication.AuthenticationError",
    "flask_jwt_extended.verify_jwt_in_request", "aiohttp_security.check_authorized",
    "aiohttp_security.check_permission", "sanic.exceptions.Unauthorized", "sanic.exceptions.Forbidden",
    "litestar.exceptions.NotAuthorizedException", "litestar.exceptions.PermissionDeniedException",
    "ninja.errors.AuthenticationError", "ninja.errors.AuthorizationError",
))

#: Calls that refuse by a status code: position and keywords of the code.
REFUSES_WITH_CODE: dict[str, tuple[int, tuple[str, ...]]] = {
    "fastapi.HTTPException": (0, ("status_code",)), "starlette.exceptions.HTTPException": (0, ("status_code",)),
    "fastapi.WebSocketException": (0, ("code",)), "starlette.exceptions.WebSocketException": (0, ("code",)),
    "flask.abort": (0, ("status", "code")), "flask_restful.abort": (0, ("http_status_code",)),
    "flask_restx.abort": (0, ("code",)), "flask_smorest.abort": (0, ("http_status_code",)), "quart.abort": (0, ("status",)),
    "tornado.web.HTTPError": (0, ("status_code",)), "ninja.errors.HttpError": (0, ("status_code",)),
    "starlette.responses.JSONResponse": (1, ("status_code",)), "starlette.responses.Response": (1, ("status_code",)),
    "starlette.responses.PlainTextResponse": (1, ("status_code",)),
    "django.http.HttpResponse": (-1, ("status",)), "django.http.JsonResponse": (-1, ("status",)),
    "rest_framework.response.Response": (1, ("status",)),
    "flask.make_response": (1, ()), "flask.Response": (1, ("status",)),
    "aiohttp.web.json_response": (-1, ("status",)), "aiohttp.web.Response": (-1, ("status",)),
}

#: Codes that refuse: of HTTP, and of closing a WebSocket for a policy.
REFUSING_CODES: frozenset[int] = frozenset((401, 403, 1008))

#: Attributes and methods by which code asks who the caller is, and what it may do.
TESTS_OF_USERS: frozenset[str] = frozenset((
    "is_authenticated", "is_staff", "is_superuser", "is_anonymous", "has_perm", "has_perms", "has_module_perms",
    "verify_jwt_in_request",
))

#: Base classes of Django views that refuse.
MIXINS: frozenset[str] = frozenset((
    "django.contrib.auth.mixins.LoginRequiredMixin", "django.contrib.auth.mixins.PermissionRequiredMixin",
    "django.contrib.auth.mixins.UserPassesTestMixin", "django.contrib.auth.mixins.AccessMixin",
))

#: Permission classes of Django REST framework: ``all``, ``unsafe`` methods only, or ``none`` are refused.
PERMISSIONS: dict[str, str] = {
    "rest_framework.permissions.IsAuthenticated": "all", "rest_framework.permissions.IsAdminUser": "all",
    "rest_framework.permissions.DjangoModelPermissions": "all",
    "rest_framework.permissions.DjangoObjectPermissions": "all",
    "rest_framework.permissions.DjangoModelPermissionsOrAnonReadOnly": "unsafe",
    "rest_framework.permissions.IsAuthenticatedOrReadOnly": "unsafe", "rest_framework.permissions.AllowAny": "none",
}

#: Middleware of Django that refuses, unless the view is marked as public.
LOGIN_MIDDLEWARE = "django.contrib.auth.middleware.LoginRequiredMiddleware"
PUBLIC = "django.contrib.auth.decorators.login_not_required"

#: Packages whose decorators, middleware and dependencies never refuse for want of a user.
HARMLESS: tuple[str, ...] = (
    "functools.", "contextlib.", "typing.", "typing_extensions.", "asyncio.", "slowapi.", "fastapi_cache.",
    "fastapi_limiter.", "fastapi_pagination.", "dependency_injector.", "drf_spectacular.", "drf_yasg.", "sentry_sdk.",
    "opentelemetry.", "prometheus_client.", "prometheus_fastapi_instrumentator.", "starlette.middleware.",
    "fastapi.middleware.", "fastapi.", "starlette.", "asgi_correlation_id.", "brotli_asgi.", "warnings.", "abc.",
    "django.views.decorators.", "django.utils.decorators.", "django.db.transaction.", "django.middleware.",
    "django.contrib.sessions.", "django.contrib.messages.", "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.staticfiles.", "rest_framework.decorators.action", "rest_framework.decorators.api_view",
    "rest_framework.decorators.parser_classes", "rest_framework.decorators.renderer_classes",
    "rest_framework.decorators.throttle_classes", "rest_framework.decorators.permission_classes",
    "rest_framework.decorators.authentication_classes", "rest_framework.decorators.schema", "corsheaders.", "whitenoise.",
    "debug_toolbar.", "flask_appbuilder.expose", "flask_appbuilder.baseviews.expose", "flask_appbuilder.api.expose",
    "flask_appbuilder.api.rison", "flask_appbuilder.api.safe", "flask_appbuilder.api.permission_name",
    "flask_appbuilder.api.merge_response_func", "flask_cors.", "flask_limiter.", "flask_caching.", "flasgger.",
    "flask_babel.", "flask_restx.", "flask_restful.marshal_with", "flask_smorest.", "webargs.", "apispec.", "marshmallow.",
    "sqlalchemy.", "sqlmodel.", "pydantic.", "aiocache.", "cachetools.", "tenacity.", "deprecated.", "builtins.",
    "aiohttp.web.middleware", "tornado.web.addslash", "tornado.web.removeslash", "tornado.gen.", "aiohttp.web.normalize_path_middleware", "classmethod", "staticmethod", "property",
)

#: Words of a path or handler that is meant for everybody, or proves its caller in another way.
PUBLIC_WORDS: frozenset[str] = frozenset((
    "login", "signin", "logout", "signout", "register", "registration", "signup", "token", "tokens", "refresh", "health",
    "healthz", "healthcheck", "live", "liveness", "ready", "readiness", "readyz", "livez", "ping", "status", "version", "webhook",
    "webhooks", "hook", "hooks", "callback", "callbacks", "public", "anonymous", "static", "reset", "forgot", "forget", "recover",
    "recovery", "verify", "verification", "confirm", "confirmation", "activate", "activation", "setup", "onboarding", "install",
    "oauth", "oidc", "sso", "saml", "acs", "jwks", "csrf", "docs", "openapi", "metrics", "unsubscribe", "subscribe",
    "newsletter", "invite", "invitation", "invitations", "contact", "feedback", "demo", "guest", "authorize", "authenticate",
    "authentication", "auth", "session", "sessions", "otp", "totp", "mfa", "challenge", "well", "known", "cart",
    "checkout", "basket", "password", "passwordless", "magic", "magiclink", "captcha", "waitlist", "track", "tracking", "beacon",
    "telemetry", "csp", "notify", "notification", "ipn", "events", "shared", "share", "embed", "widget", "graphql",     "test", "index", "home", "root", "favicon", "robots", "sitemap", "echo", "device", "pair", "connect", "disconnect",
    "locale", "language", "theme", "cookie", "consent", "error", "bootstrap", "first", "initial", "lti", "slack", "discord", "telegram", "stripe", "github", "gitlab", "bitbucket", "twilio", "proxy", "scim", "code", "exchange", "revoke",
    "introspect", "hello",
))
#: Parameters that prove the caller, or name a secret link.
PROVING_PARAMETERS: frozenset[str] = frozenset((
    "token", "code", "key", "secret", "signature", "otp", "uidb", "state", "hash", "digest", "nonce", "invitation", "sig", "pin",
    "apikey", "hmac", "ticket", "credentials", "authorization", "password", "cookie",
))
#: Words of routes where passwords or codes can be tried out.
CREDENTIAL_WORDS: frozenset[str] = frozenset((
    "login", "signin", "register", "signup", "otp", "totp", "forgot", "token",
))
#: Such routes where the word is all that the last part of the path says: ``/api/auth``.
CREDENTIAL_NAMES: frozenset[str] = CREDENTIAL_WORDS | {"auth", "authenticate"}
#: The type by which a handler of FastAPI asks for a name and a password.
PASSWORD_FORMS: frozenset[str] = frozenset((
    "fastapi.security.OAuth2PasswordRequestForm", "fastapi.security.oauth2.OAuth2PasswordRequestForm",
    "fastapi.security.OAuth2PasswordRequestFormStrict", "fastapi.security.oauth2.OAuth2PasswordRequestFormStrict",
))
#: Words in the source of a project that limits how often a route may be called.
THROTTLING_WORDS: tuple[str, ...] = (
    "slowapi", "fastapi_limiter", "flask_limiter", "ratelimit", "rate_limit", "RateLimit", "hrottl", "THROTTL", "axes", "defender", "limiter",
    "Limiter", "aiohttp_ratelimiter", "too_many", "TooMany", "429", "lockout", "failed_login", "login_attempts", "brute",
)
#: What the text must say where such a word is often part of another: ``delimiter``, ``taxes``, ``4294967295``.
THROTTLING_TEXTS: dict[str, bytes] = {
    "axes": rb"""["']axes["'.]|(?:import|from) axes\b""",
    "defender": rb"""["']defender["'.]|(?:import|from) defender\b""",
    "limiter": rb"(?<![Dd]e)limiter",
    "Limiter": rb"(?<![Dd]e)Limiter",
    "429": rb"(?<![0-9A-Za-z.])429(?![0-9A-Za-z])",
}
#: Parts of the names of files that configure a gateway in front of the application.
GATEWAY_FILES: tuple[str, ...] = (
    "nginx", "traefik", "kong", "envoy", "ingress", "gateway", "caddy", "haproxy", "cloudfront", "apigw", "istio", "helm", "chart",
)

#: Columns that say whom a row belongs to.
OWNER_COLUMNS: frozenset[str] = frozenset((
    "owner", "owner_id", "user", "user_id", "author", "author_id", "created_by", "created_by_id", "tenant", "tenant_id", "account",
    "account_id", "customer", "customer_id", "member", "member_id", "organization", "organization_id", "organisation_id", "org_id",
    "workspace_id", "creator", "creator_id", "team_id", "company_id",
))
#: Words of calls, parameters and dependencies that say: somebody decides who may.
DECIDING_WORDS: frozenset[str] = frozenset((
    "check", "permission", "permissions", "perm", "perms", "authorize", "authorized", "authorise", "allowed", "allow", "can", "owner", "owned",
    "owns", "access", "ensure", "require", "required", "verify", "policy", "policies", "tenant", "admin", "superuser", "staff", "role",
    "roles", "acl", "guard", "forbid", "forbidden", "scope", "scoped", "mine", "own", "visible", "accessible", "rbac", "enforce",
    "assert", "validate", "principal", "privilege", "rights", "member", "membership",
))
#: What a request is given to that only shows something: it looks at nobody's rights.
SHOWING: tuple[str, ...] = (
    "django.shortcuts.render", "django.template.", "django.contrib.messages.", "starlette.templating.",
    "fastapi.templating.",
)
#: Generic views of Django REST framework that load one row by its key from the path.
DETAIL_VIEWS: frozenset[str] = frozenset((
    "rest_framework.viewsets.ModelViewSet", "rest_framework.generics.RetrieveAPIView",
    "rest_framework.generics.UpdateAPIView", "rest_framework.generics.DestroyAPIView",
    "rest_framework.generics.RetrieveUpdateAPIView", "rest_framework.generics.RetrieveDestroyAPIView",
    "rest_framework.generics.RetrieveUpdateDestroyAPIView", "rest_framework.viewsets.ReadOnlyModelViewSet",
))

#: Response objects: what a handler that returns one says about its answer, it says there.
RESPONSES: frozenset[str] = frozenset((
    "starlette.responses.Response", "flask.Response", "werkzeug.wrappers.Response", "quart.Response",
    "aiohttp.web.StreamResponse", "django.http.HttpResponse", "django.http.response.HttpResponseBase",
    "rest_framework.response.Response",
))
RESPONSE_ENDINGS: tuple[str, ...] = ("Response",)

#: Calls that answer with data: where the data stands, and keywords of the data and of the status code.
ANSWERS: dict[str, tuple[int, tuple[str, ...], int, tuple[str, ...]]] = {
    "starlette.responses.JSONResponse": (0, ("content",), 1, ("status_code",)),
    "fastapi.responses.ORJSONResponse": (0, ("content",), 1, ("status_code",)),
    "fastapi.responses.UJSONResponse": (0, ("content",), 1, ("status_code",)),
    "starlette.responses.PlainTextResponse": (0, ("content",), 1, ("status_code",)),
    "starlette.responses.HTMLResponse": (0, ("content",), 1, ("status_code",)),
    "starlette.responses.Response": (0, ("content",), 1, ("status_code",)),
    "django.http.JsonResponse": (0, ("data",), -1, ("status",)),
    "django.http.response.JsonResponse": (0, ("data",), -1, ("status",)),
    "django.http.HttpResponse": (0, ("content",), 2, ("status",)),
    "rest_framework.response.Response": (0, ("data",), 1, ("status",)),
    "flask.jsonify": (0, (), -1, ()),
    "flask.make_response": (0, (), 1, ()),
    "flask.Response": (0, ("response",), 1, ("status",)),
    "aiohttp.web.json_response": (0, ("data",), -1, ("status",)),
    "aiohttp.web.Response": (-1, ("text", "body"), -1, ("status",)),
}
