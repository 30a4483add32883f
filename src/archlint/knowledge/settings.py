"""Where settings are kept, and which functions read them from the environment."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Functions that read a setting by its name, and the positions (keywords) of its default.
ENVIRONMENT_READERS: dict[str, tuple[str, ...]] = {
    "os.environ.get": ("default", "1"),
    "os.getenv": ("default", "1"),
    "os.environ.setdefault": ("1",),
    "os.environ.pop": ("1",),
    "decouple.config": ("default", "1"),
    "decouple.Config.__call__": ("default", "1"),
    "starlette.config.Config": ("default", "2"),
    "prettyconf.config": ("default",),
    "everett.manager.config": ("default",),
    "dj_database_url.config": ("default",),
    "environ.get": ("1",),
    "getenv": ("default", "1"),
}

#: Those of them that give None for what the environment does not have.
NOTHING_FROM: frozenset[str] = frozenset(("os.environ.get", "os.getenv", "environ.get", "getenv"))

#: Readers that are given the default of each variable when they are made: ``Env(DEBUG=(bool, False))``.
SCHEMES: frozenset[str] = frozenset(("environ.Env", "environ.FileAwareEnv"))

#: Objects whose methods (or calls) read a setting by its name.
ENVIRONMENT_OBJECTS: frozenset[str] = frozenset(
    (
        "environ.Env",
        "environ.FileAwareEnv",
        "environs.Env",
        "starlette.config.Config",
        "decouple.Config",
        "decouple.AutoConfig",
        "decouple.config",
        "configurations.values",
        "prettyconf.config",
    )
)

#: Wrappers that keep the value of their first argument readable.
WRAPPERS: frozenset[str] = frozenset(
    (
        "pydantic.SecretStr",
        "pydantic.SecretBytes",
        "pydantic.types.SecretStr",
        "starlette.datastructures.Secret",
        "starlette.datastructures.CommaSeparatedStrings",
        "str",
        "list",
        "tuple",
        "set",
        "frozenset",
        "bool",
        "int",
        "typing.cast",
        "bytes",
        "distutils.util.strtobool",
        "setuptools._distutils.util.strtobool",
        "str2bool.str2bool",
        "json.loads",
        "ast.literal_eval",
        "os.path.expandvars",
    )
)

#: Calls that declare a field and its default: keyword of the default, keyword of a factory.
FIELD_CALLS: dict[str, tuple[str, str]] = {
    "pydantic.Field": ("default", "default_factory"),
    "pydantic.fields.Field": ("default", "default_factory"),
    "sqlmodel.Field": ("default", "default_factory"),
    "dataclasses.field": ("default", "default_factory"),
    "attr.ib": ("default", "factory"),
    "attrs.field": ("default", "factory"),
    "attr.field": ("default", "factory"),
    "pydantic_settings.Field": ("default", "default_factory"),
    "msgspec.field": ("default", "default_factory"),
}

#: Base classes whose fields the environment fills.
SETTINGS_CLASSES: frozenset[str] = frozenset(
    (
        "pydantic_settings.BaseSettings",
        "pydantic.BaseSettings",
        "pydantic.v1.BaseSettings",
        "pydantic.env_settings.BaseSettings",
        "pydantic_settings.main.BaseSettings",
    )
)

#: Names that only settings modules of Django bind at module level.
DJANGO_NAMES: frozenset[str] = frozenset(
    (
        "INSTALLED_APPS",
        "ROOT_URLCONF",
        "MIDDLEWARE",
        "MIDDLEWARE_CLASSES",
        "DATABASES",
        "TEMPLATES",
        "WSGI_APPLICATION",
        "ASGI_APPLICATION",
        "AUTH_USER_MODEL",
        "STATIC_URL",
        "STATICFILES_DIRS",
        "DEFAULT_AUTO_FIELD",
        "AUTHENTICATION_BACKENDS",
        "REST_FRAMEWORK",
        "ALLOWED_HOSTS",
        "AUTH_PASSWORD_VALIDATORS",
        "LANGUAGE_CODE",
        "USE_TZ",
    )
)

#: Words of a module, class or file that say: not what production runs with.
OTHER_ENVIRONMENTS: frozenset[str] = frozenset(
    (
        "dev",
        "develop",
        "development",
        "devel",
        "local",
        "localhost",
        "test",
        "tests",
        "testing",
        "ci",
        "debug",
        "sample",
        "example",
        "examples",
        "demo",
        "sandbox",
        "playground",
        "unittest",
        "pytest",
        "e2e",
        "build",
        "docs",
    )
)

#: Keys of Flask's configuration, and of its common extensions.
FLASK_NAMES: frozenset[str] = frozenset((
    "SECRET_KEY", "DEBUG", "TESTING", "SQLALCHEMY_DATABASE_URI", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE", "WTF_CSRF_ENABLED", "JWT_SECRET_KEY", "PERMANENT_SESSION_LIFETIME", "MAX_CONTENT_LENGTH",
    "SQLALCHEMY_TRACK_MODIFICATIONS", "PROPAGATE_EXCEPTIONS", "REMEMBER_COOKIE_SECURE", "TEMPLATES_AUTO_RELOAD",
    "SECURITY_PASSWORD_SALT", "WTF_CSRF_SECRET_KEY", "CORS_ORIGINS",
))

#: Attributes of a Flask application that are settings.
FLASK_ATTRIBUTES: dict[str, str] = {"secret_key": "SECRET_KEY", "debug": "DEBUG", "testing": "TESTING"}

FLASK_APPLICATIONS: frozenset[str] = frozenset((
    "flask.Flask", "flask.app.Flask", "quart.Quart", "flask.current_app", "quart.current_app", "flask_openapi3.OpenAPI",
    "apiflask.APIFlask", "connexion.FlaskApp",
))
FLASK_CONFIGS: frozenset[str] = frozenset(("flask.Config", "flask.config.Config", "quart.Config"))

#: Methods of Flask's configuration that replace what was set before.
FLASK_LOADERS: frozenset[str] = frozenset((
    "from_object", "from_pyfile", "from_envvar", "from_file", "from_json", "from_prefixed_env", "update", "from_mapping",
))
