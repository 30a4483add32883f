"""Bodies of requests: where they come from, and what may look at them before a handler does."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Requests that hand out the body as it came.
REQUESTS: frozenset[str] = frozenset((
    "flask.Request", "flask.request", "quart.Request", "quart.request", "starlette.requests.Request",
    "fastapi.Request", "django.http.HttpRequest", "rest_framework.request.Request", "aiohttp.web.Request",
    "aiohttp.web.BaseRequest", "sanic.request.Request",
))

#: Words of decorators that may look at a body.
CHECKS: frozenset[str] = frozenset((
    "load", "loads", "valid", "validate", "validates", "validated", "validator", "validation", "parse", "parses", "parser",
    "parsed", "schema", "schemas", "serialize", "serializer", "serializes", "serializers", "form", "forms", "verify",
    "verifies", "verified", "sign", "signed", "signature", "check", "checks", "checked", "dict", "structure", "clean",
    "marshal", "decode", "expect", "expects", "args", "kwargs", "arguments", "input", "ensure", "require", "required",
    "requires", "assert", "filter", "project", "pick", "sanitize", "allow", "only", "body", "json", "payload", "model",
))

#: Words of decorators that look at the caller, or at the method, alone.
OF_CALLERS: frozenset[str] = frozenset((
    "login", "auth", "authenticated", "authentication", "authorized", "authorization", "permission", "permissions", "perm",
    "perms", "role", "roles", "admin", "admins", "user", "users", "superuser", "staff", "owner", "member", "access",
    "scope", "scopes", "token", "jwt", "session", "csrf", "http", "method", "methods", "get", "post", "put", "patch",
    "delete", "safe", "logged", "acl", "rbac", "tenant",
))
