"""Security switches of web frameworks and libraries: who has them and what turns them off."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Middleware of Starlette and FastAPI that answers cross-origin requests.
CORS_CLASSES: frozenset[str] = frozenset((
    "starlette.middleware.cors.CORSMiddleware", "fastapi.middleware.cors.CORSMiddleware",
))

#: Functions that allow other origins: the keyword of the origins and that of the credentials.
CORS_FUNCTIONS: dict[str, tuple[str, str]] = {
    "flask_cors.CORS": ("origins", "supports_credentials"),
    "flask_cors.CORS.init_app": ("origins", "supports_credentials"),
    "flask_cors.cross_origin": ("origins", "supports_credentials"),
    "flask_cors.extension.CORS": ("origins", "supports_credentials"),
    "flask_cors.decorator.cross_origin": ("origins", "supports_credentials"),
    "quart_cors.cors": ("allow_origin", "allow_credentials"),
    "quart_cors.route_cors": ("allow_origin", "allow_credentials"),
    "aiohttp_cors.setup": ("defaults", "allow_credentials"),
}

#: Patterns that match every origin.
ANY_ORIGIN_PATTERNS: frozenset[str] = frozenset((
    ".*", ".+", "^.*$", "^.+$", "*", "https?://.*", "https?://.+", "^https?://.*$", "^https?://.+$", "http.*", "(.*)",
    "https?://(.*)", "^https?://.*", "^.*", "^https?:\\/\\/.*$", "https?:\\/\\/.*",
))

#: Applications that show tracebacks, or run code for their visitors, when ``debug`` is true.
DEBUG_APPLICATIONS: frozenset[str] = frozenset((
    "fastapi.FastAPI", "starlette.applications.Starlette", "litestar.Litestar", "litestar.app.Litestar",
    "aiohttp.web.Application", "connexion.FlaskApp", "sanic.Sanic", "tornado.web.Application",
))

#: Calls that start a development server: the keyword, and position, that turns its debugger on.
DEBUG_SERVERS: dict[str, tuple[str, int]] = {
    "flask.Flask.run": ("debug", 2), "quart.Quart.run": ("debug", 2), "sanic.Sanic.run": ("debug", 2),
    "apiflask.APIFlask.run": ("debug", 2), "flask_openapi3.OpenAPI.run": ("debug", 2),
    "werkzeug.serving.run_simple": ("use_debugger", 4), "flask_socketio.SocketIO.run": ("debug", 99),
    "bottle.run": ("debug", 99), "bottle.Bottle.run": ("debug", 99),
    "connexion.FlaskApp.run": ("debug", 99),
}

#: Settings that are unsafe with certain values: framework and name to the values, why, and what to set.
#: A value ``"*x"`` is a member of a list, ``"[]"`` an empty list.
UNSAFE_SETTINGS: dict[str, tuple[tuple[object, ...], str, str]] = {
    "django ALLOWED_HOSTS": (("**",), "any Host header is believed", "name the hosts"),
    "django SESSION_COOKIE_SECURE": ((False,), "session cookies travel over plain HTTP", "set it to True"),
    "django CSRF_COOKIE_SECURE": ((False,), "CSRF cookies travel over plain HTTP", "set it to True"),
    "django SESSION_COOKIE_HTTPONLY": ((False,), "scripts can read the session cookie", "remove it"),
    "django SESSION_COOKIE_SAMESITE": (("None", False), "other sites send the session along", 'use "Lax"'),
    "django CSRF_COOKIE_SAMESITE": (("None", False), "other sites send the cookie along", 'use "Lax"'),
    "django SECURE_CONTENT_TYPE_NOSNIFF": ((False,), "browsers guess content types", "remove it"),
    "django X_FRAME_OPTIONS": (("ALLOWALL", "ALLOW"), "any site may frame the pages", 'use "DENY" or "SAMEORIGIN"'),
    "django SESSION_SERIALIZER": (
        ("django.contrib.sessions.serializers.PickleSerializer",), "who has the key runs code", "use the JSON serializer",
    ),
    "django AUTH_PASSWORD_VALIDATORS": (("[]",), "any password is accepted", "list Django's validators"),
    "django CSRF_TRUSTED_ORIGINS": (("*https://*", "*http://*", "**"), "any site may post", "name the origins"),
    "flask SESSION_COOKIE_SECURE": ((False,), "session cookies travel over plain HTTP", "set it to True"),
    "flask SESSION_COOKIE_HTTPONLY": ((False,), "scripts can read the session cookie", "remove it"),
    "flask SESSION_COOKIE_SAMESITE": (("None",), "other sites send the session along", 'use "Lax"'),
    "flask REMEMBER_COOKIE_SECURE": ((False,), "login cookies travel over plain HTTP", "set it to True"),
    "flask REMEMBER_COOKIE_HTTPONLY": ((False,), "scripts can read the login cookie", "remove it"),
    "flask JWT_COOKIE_SECURE": ((False,), "token cookies travel over plain HTTP", "set it to True"),
    "flask JWT_COOKIE_CSRF_PROTECT": ((False,), "other sites can act with the token cookie", "set it to True"),
    "flask TESTING": ((True,), "error handlers and checks are off", "set it in tests only"),
}
#: Those of them that are as unsafe where nobody sets them: one that the environment may turn on takes nothing away.
OFF_IN_FRAMEWORKS: frozenset[str] = frozenset((
    "django SESSION_COOKIE_SECURE", "django CSRF_COOKIE_SECURE", "django AUTH_PASSWORD_VALIDATORS",
    "flask SESSION_COOKIE_SECURE", "flask REMEMBER_COOKIE_SECURE", "flask JWT_COOKIE_SECURE",
))

#: Methods of loggers that write what they are given.
LOG_METHODS: frozenset[str] = frozenset((
    "debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log", "trace", "success",
))
LOGGERS: frozenset[str] = frozenset((
    "logging.Logger", "logging.LoggerAdapter", "logging", "loguru.logger", "loguru.Logger", "structlog.BoundLogger",
    "structlog.stdlib.BoundLogger", "structlog.typing.FilteringBoundLogger", "structlog.stdlib.get_logger",
    "flask.Flask.logger", "logging.RootLogger", "celery.utils.log.get_task_logger",
))
#: Functions that give a logger.
LOGGER_FACTORIES: frozenset[str] = frozenset((
    "logging.getLogger", "structlog.get_logger", "structlog.getLogger", "structlog.stdlib.get_logger", "loguru.logger.bind",
    "loguru.logger.opt", "celery.utils.log.get_task_logger", "logging.LoggerAdapter", "loguru.logger.contextualize",
    "structlog.wrap_logger", "django.utils.log.getLogger",
))

FUNCTIONS: dict[str, str] = {
    "structlog.get_logger": "-> structlog.stdlib.BoundLogger", "structlog.getLogger": "-> structlog.stdlib.BoundLogger",
    "structlog.stdlib.get_logger": "-> structlog.stdlib.BoundLogger", "celery.utils.log.get_task_logger": "-> logging.Logger",
}
ALIASES: dict[str, str] = {"flask_wtf.csrf.CSRFProtect": "flask_wtf.CSRFProtect"}
OBJECTS: dict[str, str] = {"loguru.logger": "loguru.Logger"}
CLASSES: dict[str, dict[str, str]] = {
    "loguru.Logger": {
        "<bases>": "", "bind": "-> loguru.Logger", "opt": "-> loguru.Logger", "patch": "-> loguru.Logger", "debug": "",
        "info": "", "warning": "", "error": "", "exception": "", "critical": "", "log": "", "trace": "", "success": "",
        "catch": "", "contextualize": "-> ?", "add": "-> int", "remove": "", "configure": "", "level": "-> ?",
    },
    **{
        f"flask_httpauth.{name}": {"<bases>": "", "login_required": "", "verify_password": "", "verify_token": ""}
        for name in ("HTTPBasicAuth", "HTTPTokenAuth", "HTTPDigestAuth", "MultiAuth")
    },
    "connexion.FlaskApp": {"<bases>": "", "@app": "-> flask.Flask", "run": "", "add_api": "", "add_error_handler": ""},
    "flask_cors.CORS": {"<bases>": "", "init_app": ""},
    "flask_wtf.CSRFProtect": {"<bases>": "", "exempt": "-> $arg0", "init_app": "", "protect": ""},
    "structlog.stdlib.BoundLogger": {
        "<bases>": "", "bind": "-> structlog.stdlib.BoundLogger", "new": "-> structlog.stdlib.BoundLogger",
        "unbind": "-> structlog.stdlib.BoundLogger", "debug": "", "info": "", "warning": "", "warn": "", "error": "",
        "exception": "", "critical": "", "fatal": "", "log": "", "msg": "", "ainfo": "A", "aerror": "A", "adebug": "A",
        "awarning": "A",
    },
}

#: Endings of names that hold a credential which works as it stands.
CREDENTIAL_ENDINGS: frozenset[str] = frozenset((
    "password", "passwd", "passphrase", "api key", "apikey", "access token", "refresh token", "client secret", "secret key",
    "private key", "auth token", "bearer token", "id token", "jwt token", "session token", "reset token", "api token",
    "app secret", "webhook secret", "signing secret", "api secret", "secret access key", "oauth token", "authorization header",
    "login token", "verification token", "invite token", "jwt secret", "token secret", "access key secret", "auth header",
))
#: Names that hold one when the value comes from a request, or the function is about signing in.
LIKELY_CREDENTIALS: frozenset[str] = frozenset((
    "token", "secret", "authorization", "credentials", "pwd", "otp", "jwt", "cookie", "pin",
))
#: Rows of libraries that hold one, by the column.
CREDENTIAL_COLUMNS: dict[str, str] = {"rest_framework.authtoken.models.Token": "key"}
#: Words beside them that say: not the credential itself.
NOT_CREDENTIALS: frozenset[str] = frozenset((
    "hash", "hashed", "masked", "encrypted", "redacted", "has", "is", "no", "num", "missing", "invalid", "use", "require",
    "name", "id", "count", "type", "safe", "truncated", "obfuscated", "preview", "short", "public", "log", "display", "old",
    "next", "page", "usage", "max", "min", "env", "var", "needs", "allow", "skip", "force", "should", "update", "reset",
    "sanitized", "censored", "dummy", "fake", "conf", "attr", "key",
))

#: Functions that read a JSON web token: what they do to say that nothing is checked.
JWT_DECODERS: dict[str, str] = {
    "jwt.decode": "pyjwt", "jwt.decode_complete": "pyjwt", "jwt.api_jwt.decode": "pyjwt", "jwt.PyJWT.decode": "pyjwt",
    "jwt.api_jwt.PyJWT.decode": "pyjwt", "jwt.PyJWT.decode_complete": "pyjwt", "jose.jwt.decode": "jose",
    "jose.jws.verify": "jws", "authlib.jose.jwt.decode": "authlib", "authlib.jose.JsonWebToken": "authlib",
    "jwt.api_jwt.decode_complete": "pyjwt",
}
#: Functions that read the claims of a token and check nothing.
JWT_UNCHECKED: frozenset[str] = frozenset((
    "jose.jwt.get_unverified_claims", "jose.jws.get_unverified_claims", "jwcrypto.jwt.JWT.unverified_claims",
    "flask_jwt_extended.get_unverified_jwt_claims",
))
#: Claims that say which key to use or whether to fetch a new token: who reads only these believes nothing.
JWT_ROUTING_CLAIMS: frozenset[str] = frozenset((
    "exp", "iat", "nbf", "iss", "kid", "aud", "alg", "tid", "typ", "azp", "jti", "ver", "client_id", "cid",
))
#: Functions that issue a token: position and keyword of the payload.
JWT_ENCODERS: dict[str, tuple[str, int]] = {
    "jwt.encode": ("payload", 0), "jwt.api_jwt.encode": ("payload", 0), "jwt.PyJWT.encode": ("payload", 0),
    "jose.jwt.encode": ("claims", 0), "authlib.jose.jwt.encode": ("payload", 1),
    "authlib.jose.JsonWebToken.encode": ("payload", 1),
}

#: Arguments that turn the check of certificates off: function (or class of its receiver) and keyword to the values.
TLS_FUNCTIONS: dict[str, str] = {
    "requests.get": "verify", "requests.post": "verify", "requests.put": "verify", "requests.patch": "verify",
    "requests.delete": "verify", "requests.head": "verify", "requests.options": "verify",
    "requests.request": "verify",
    "requests.Session.get": "verify", "requests.Session.post": "verify", "requests.Session.put": "verify",
    "requests.Session.patch": "verify", "requests.Session.delete": "verify", "requests.Session.head": "verify",
    "requests.Session.options": "verify", "requests.Session.request": "verify", "requests.Session.send": "verify",
    "requests.sessions.Session.get": "verify", "requests.sessions.Session.post": "verify",
    "requests.sessions.Session.put": "verify", "requests.sessions.Session.patch": "verify",
    "requests.sessions.Session.delete": "verify", "requests.sessions.Session.head": "verify",
    "requests.sessions.Session.options": "verify", "requests.sessions.Session.request": "verify",
    "requests.sessions.Session.send": "verify",
    "httpx.get": "verify", "httpx.post": "verify", "httpx.put": "verify", "httpx.patch": "verify",
    "httpx.delete": "verify", "httpx.head": "verify", "httpx.options": "verify", "httpx.request": "verify",
    "httpx.stream": "verify", "httpx.Client": "verify", "httpx.AsyncClient": "verify",
    "httpx.HTTPTransport": "verify", "httpx.AsyncHTTPTransport": "verify", "httpx.create_ssl_context": "verify",
    "aiohttp.ClientSession.get": "ssl verify_ssl", "aiohttp.ClientSession.post": "ssl verify_ssl",
    "aiohttp.ClientSession.put": "ssl verify_ssl", "aiohttp.ClientSession.patch": "ssl verify_ssl",
    "aiohttp.ClientSession.delete": "ssl verify_ssl", "aiohttp.ClientSession.head": "ssl verify_ssl",
    "aiohttp.ClientSession.options": "ssl verify_ssl", "aiohttp.ClientSession.request": "ssl verify_ssl",
    "aiohttp.ClientSession.ws_connect": "ssl verify_ssl",
    "aiohttp.TCPConnector": "ssl verify_ssl", "aiohttp.request": "ssl verify_ssl", "boto3.client": "verify",
    "boto3.resource": "verify", "elasticsearch.Elasticsearch": "verify_certs", "hvac.Client": "verify",
    "elasticsearch.AsyncElasticsearch": "verify_certs", "opensearchpy.OpenSearch": "verify_certs",
    "pymongo.MongoClient": "tlsAllowInvalidCertificates tlsInsecure", "redis.Redis": "ssl_cert_reqs",
    "motor.motor_asyncio.AsyncIOMotorClient": "tlsAllowInvalidCertificates tlsInsecure", "urllib3.PoolManager": "cert_reqs",
    "redis.asyncio.Redis": "ssl_cert_reqs", "redis.from_url": "ssl_cert_reqs", "redis.Redis.from_url": "ssl_cert_reqs",
    "redis.asyncio.from_url": "ssl_cert_reqs", "urllib3.ProxyManager": "cert_reqs", "urllib3.HTTPSConnectionPool": "cert_reqs",
    "urllib3.poolmanager.PoolManager": "cert_reqs", "atlassian.Jira": "verify_ssl", "consul.Consul": "verify",
    "influxdb_client.InfluxDBClient": "verify_ssl",
}
#: Contexts that believe everybody.
TLS_UNVERIFIED: frozenset[str] = frozenset(("ssl._create_unverified_context", "ssl._create_stdlib_context"))

#: The values of those keywords that turn it off.
TLS_OFF: dict[str, tuple[object, ...]] = {
    "verify": (False,), "ssl": (False,), "verify_ssl": (False,), "verify_certs": (False,), "tlsInsecure": (True,),
    "tlsAllowInvalidCertificates": (True,), "ssl_cert_reqs": ("none", "CERT_NONE", None), "cert_reqs": ("CERT_NONE", "NONE", 0),
}

#: Classes of responses with ``set_cookie``: the names of the flags, and which are on when not given.
COOKIE_RESPONSES: dict[str, tuple[str, ...]] = {
    "starlette.responses.Response": ("samesite",), "fastapi.Response": ("samesite",), "flask.Response": (),
    "quart.Response": (), "django.http.HttpResponse": (), "django.http.HttpResponseBase": (), "aiohttp.web.StreamResponse": (),
    "aiohttp.web.Response": (), "aiohttp.web.HTTPFound": (), "aiohttp.web.HTTPSeeOther": (),
    "werkzeug.wrappers.Response": (), "flask.wrappers.Response": (), "starlette.responses.JSONResponse": ("samesite",),
    "starlette.responses.RedirectResponse": ("samesite",), "fastapi.responses.JSONResponse": ("samesite",),
    "fastapi.responses.RedirectResponse": ("samesite",), "fastapi.responses.HTMLResponse": ("samesite",),
    "starlette.responses.HTMLResponse": ("samesite",), "django.http.JsonResponse": (), "django.http.HttpResponseRedirect": (),
    "rest_framework.response.Response": (),
}
#: Functions that give a response with ``set_cookie``.
COOKIE_MAKERS: frozenset[str] = frozenset((
    "flask.make_response", "flask.redirect", "flask.jsonify", "django.shortcuts.redirect", "django.shortcuts.render",
    "aiohttp.web.json_response", "quart.make_response", "flask.Response",
))
#: Sessions and cookies of frameworks: the keyword that makes them secure and its default.
SESSION_COOKIES: dict[str, tuple[str, bool]] = {
    "starlette.middleware.sessions.SessionMiddleware": ("https_only", False),
    "fastapi_users.authentication.CookieTransport": ("cookie_secure", True),
    "aiohttp_session.cookie_storage.EncryptedCookieStorage": ("secure", False),
    "aiohttp_session.redis_storage.RedisStorage": ("secure", False),
}
#: Words of cookies that sign somebody in.
SESSION_WORDS: frozenset[str] = frozenset((
    "session", "sessionid", "sid", "token", "auth", "jwt", "access", "refresh", "login", "remember", "credentials", "sso", "apikey",
))
#: Words of cookies that scripts have to read.
READABLE_COOKIES: frozenset[str] = frozenset(("csrf", "csrftoken", "xsrf", "locale", "lang", "theme", "consent"))

#: Functions of ``random`` whose results can be predicted.
RANDOM_FUNCTIONS: frozenset[str] = frozenset((
    "choice", "choices", "randint", "randrange", "random", "getrandbits", "sample", "uniform", "randbytes", "shuffle",
))
#: Words of names that need values nobody can guess.
GUESSABLE_WORDS: frozenset[str] = frozenset((
    "token", "secret", "password", "passwd", "passphrase", "otp", "csrf", "apikey", "pwd", "totp", "passcode", "captcha",
    "pin",
))
GUESSABLE_PAIRS: frozenset[str] = frozenset((
    "api key", "session id", "session key", "reset code", "verification code", "auth code", "invite code", "activation code",
    "confirmation code", "access code", "secret key", "access key", "login code", "verify code", "sms code", "email code",
    "two factor", "one time", "pin code", "private key", "backup code", "recovery code", "security code", "signing key", "reset key",
    "pickup code", "unlock code", "door code", "otp code", "coupon code", "voucher code", "csp nonce", "oidc nonce", "auth nonce", "activation key", "verification key", "confirmation key", "authorization code",
))
#: Words beside them that say: not the value itself.
NOT_GUESSABLE: frozenset[str] = frozenset((
    "count", "tokens", "len", "length", "name", "names", "path", "prefix", "field", "limit", "limits", "usage", "index", "idx", "delay", "jitter", "sleep", "retry", "tokenizer",
    "mask", "type", "per", "max", "min", "num", "ids", "prob", "sampling", "sample", "test", "fake", "mock", "dummy",
    "expiry", "expires", "ttl", "interval", "color", "cost", "captcha", "next", "refreshing", "position", "pos", "rate",
))
#: Names that files use which log in at a provider: what ties its answer to the browser must not be guessed.
PROVIDER_NAMES: tuple[str, ...] = ("oauth", "OAuth", "openid", "oidc")
#: Names that files use which encrypt or hash passwords, and what must not repeat or be foreseen there.
CIPHER_NAMES: tuple[str, ...] = (
    "AESGCM", "AESCCM", "ChaCha20Poly1305", "modes", "AES", "pbkdf2_hmac", "PBKDF2HMAC", "scrypt", "Scrypt",
)
CIPHER_INPUTS: frozenset[str] = frozenset(("nonce", "iv", "salt"))

#: Words of a function that exists to leave the check of certificates out.
UNVERIFIED_WORDS: frozenset[str] = frozenset(
    ("insecure", "unverified", "noverify", "untrusted", "selfsigned", "unsafe")
)
#: Words of conditions that may be about that check.
CHECK_WORDS: frozenset[str] = frozenset((
    "verify", "verified", "verification", "ssl", "sslmode", "tls", "cert", "certs", "certificate", "certificates", "ca",
    "insecure", "secure", "unsafe", "trust", "trusted", "signed", "selfsigned", "debug", "dev", "develop", "development",
    "local", "localhost", "test", "tests", "testing", "http", "https", "skip", "ignore", "check", "validate", "env",
    "environment", "prod", "production", "disable", "disabled", "allow", "strict", "hostname", "host", "mode", "stage",
))
