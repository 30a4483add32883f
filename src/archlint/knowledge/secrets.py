"""Names of secrets, names that only sound like them, and shapes of values."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Words of a name that make it a secret; two words joined by a blank must both be there.
SECRET_WORDS: tuple[str, ...] = (
    "secret", "secrets", "password", "passwd", "pwd", "passphrase", "passcode", "token", "apikey", "credential", "credentials",
    "api key", "access key", "private key", "signing key", "encryption key", "fernet key", "auth key", "jwt key",
    "secretkey", "master key", "license key", "webhook key", "account key", "dsn", "pat",
)

#: Words that say: about a secret, not the secret.
ABOUT_WORDS: frozenset[str] = frozenset((
    "name", "names", "id", "ids", "field", "fields", "header", "headers", "prefix", "suffix", "url", "urls", "uri", "path",
    "paths", "file", "files", "filename", "dir", "type", "types", "kind", "length", "len", "size", "min", "max", "count", "num",
    "limit", "limits", "expire", "expires", "expired", "expiry", "expiration", "expiring", "ttl", "lifetime", "timeout", "age",
    "hash", "hashed", "hasher", "digest", "label", "labels", "title", "help", "text", "message", "messages", "error", "errors",
    "msg", "placeholder", "column", "param", "params", "parameter", "regex", "pattern", "re", "format", "fmt", "algorithm",
    "algorithms", "alg", "env", "var", "variable", "template", "view", "form", "cls", "class", "scope", "scopes", "validator",
    "validators", "reset", "policy", "required", "enabled", "hint", "public", "dummy", "fake", "mock", "test", "tests",
    "example", "sample", "endpoint", "method", "mode", "status", "state", "event", "action", "description", "desc", "doc",
    "usage", "attr", "attribute", "property", "route", "version", "provider", "issuer", "audience", "subject", "claim", "claims",
    "role", "permission", "tag", "tags", "tokens", "tokenizer", "eos", "bos", "pad", "unk", "sep", "mask", "stop", "start",
    "end", "special", "separator", "delimiter", "next", "page", "cursor", "continuation", "sync", "csrf", "xsrf", "changed",
    "model", "manager", "storage", "backend", "store", "location", "source", "target", "config", "conf", "option", "schema",
    "table", "ref", "reference", "arn", "slug", "icon", "color", "encoding", "masked", "redacted", "hidden", "obfuscated",
    "index", "query", "sql", "command", "cmd", "cost", "costs", "price", "usd", "input", "output", "topic", "queue", "group",
    "namespace", "prompt", "instruction", "flow", "grant", "response", "request", "service", "host", "domain", "realm",
    "fingerprint", "checksum", "signature", "script", "generator", "strength", "rule", "rules", "translation", "widget",
    "button", "link", "image", "uuid", "char", "chars", "alphabet", "bucket", "usernames", "username", "salt", "derivation", "kdf", "session", "user", "regexp",
))

#: Last words of names that mean the secret itself, and words before them that say whose it is.
OWNED_WORDS: frozenset[str] = frozenset(("password", "passwd", "passphrase", "secret"))
OWNER_WORDS: frozenset[str] = frozenset((
    "host", "service", "domain", "group", "queue", "storage", "backend", "store", "session", "source", "target", "bucket",
    "manager", "role", "provider", "user", "cls", "page", "sync", "table", "state",
))

#: Names whose value signs sessions or tokens: whatever it is, who knows it can forge them.
SIGNING_NAMES: frozenset[str] = frozenset((
    "secret_key", "jwt_secret", "jwt_secret_key", "jwt_signing_key", "signing_key", "session_secret", "cookie_secret",
    "session_secret_key", "app_secret_key", "flask_secret_key", "django_secret_key", "jwt_private_key", "encryption_key",
    "fernet_key", "token_secret", "token_secret_key", "auth_secret", "auth_secret_key", "wtf_csrf_secret_key",
    "security_password_salt", "jwt_key", "secretkey", "refresh_secret_key", "access_token_secret",
    "refresh_token_secret", "hmac_key", "hmac_secret", "signing_secret",
))

#: Ends of longer names of such values.
SIGNING_ENDINGS: tuple[str, ...] = (
    "_jwt_secret", "_jwt_secret_key", "_jwt_signing_key", "_session_secret", "_session_secret_key", "_cookie_secret",
)

#: Library calls that take a key: keyword and position of it.
KEY_SINKS: dict[str, tuple[str, int]] = {
    "jwt.encode": ("key", 1), "jwt.decode": ("key", 1), "jose.jwt.encode": ("key", 1), "jose.jwt.decode": ("key", 1),
    "authlib.jose.jwt.encode": ("key", 2), "authlib.jose.jwt.decode": ("key", 1), "hmac.new": ("key", 0),
    "hmac.digest": ("key", 0), "itsdangerous.URLSafeTimedSerializer": ("secret_key", 0),
    "itsdangerous.URLSafeSerializer": ("secret_key", 0), "itsdangerous.TimestampSigner": ("secret_key", 0),
    "itsdangerous.Signer": ("secret_key", 0), "itsdangerous.Serializer": ("secret_key", 0),
    "itsdangerous.TimedSerializer": ("secret_key", 0), "cryptography.fernet.Fernet": ("key", 0),
    "starlette.middleware.sessions.SessionMiddleware": ("secret_key", 1),
    "aiohttp_session.cookie_storage.EncryptedCookieStorage": ("secret_key", 0),
    "fastapi_users.authentication.JWTStrategy": ("secret", 0),
}

#: Library calls that log in with a password: keyword and position of it.
PASSWORD_SINKS: dict[str, tuple[str, int]] = {
    "smtplib.SMTP.login": ("password", 1), "smtplib.SMTP_SSL.login": ("password", 1), "imaplib.IMAP4.login": ("password", 1),
    "imaplib.IMAP4_SSL.login": ("password", 1), "poplib.POP3.pass_": ("pswd", 0), "ftplib.FTP.login": ("passwd", 1),
}

#: Texts that stand for a secret which somebody has to fill in.
PLACEHOLDERS: tuple[str, ...] = (
    "change", "replace", "your", "insert", "todo", "example", "placeholder", "dummy", "xxx", "fixme", "fill", "sample",
    "redacted", "masked", "not-a-secret", "notasecret", "not_a_secret", "not-secret", "none", "null", "undefined", "default",
    "<", ">", "{", "}", "${", "%(", "%s", "***", "...", "…", "put", "enter", "secret-here", "abc123", "123456", "foobar", "lorem", "fake",
    "mock", "unused", "no-key", "nokey", "not-needed", "anything", "testing", "test", "demo", "noop", "empty", "required",
    "qwerty", "foo", "bar", "insecure-dev",
)

#: Shapes of keys that their issuers made recognisable: kind to pattern.
TOKEN_SHAPES: dict[str, str] = {
    "AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b",
    "GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "Stripe key": r"\b[sr]k_live_[A-Za-z0-9]{16,}",
    "Slack token": r"\bxox[abprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}",
    "Slack webhook": r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}",
    "SendGrid key": r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{30,}",
    "DigitalOcean token": r"\bdop_v1_[0-9a-f]{64}\b",
    "Shopify token": r"\bshpat_[0-9a-fA-F]{32}\b",
    "Google API key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "OpenAI key": r"\bsk-(?:proj-)?[A-Za-z0-9]{20,}T3BlbkFJ[A-Za-z0-9]{20,}",
    "Anthropic key": r"\bsk-ant-api[0-9]{2}-[A-Za-z0-9_-]{80,}",
    "Hugging Face token": r"\bhf_[A-Za-z]{34}\b",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "PyPI token": r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}",
    "Telegram bot token": r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b",
    "private key": r"-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s\\n]{100,}",
}

#: Passwords of a URL that are no secret: what images of databases and brokers start with.
USUAL_PASSWORDS: frozenset[str] = frozenset((
    "postgres", "password", "root", "admin", "guest", "user", "pass", "pwd", "secret", "mysql", "redis", "test", "rabbitmq",
    "mongo", "p", "pw", "passwd", "db", "dev", "local", "postgresql", "123", "1234", "12345", "minio", "minioadmin",
))
