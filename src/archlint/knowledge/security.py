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
