"""What cuts a list of rows to a size, and which tables stay small by their nature."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Methods of queries, statements and results that give a bounded number of rows.
BOUNDS: frozenset[str] = frozenset(
    (
        "limit",
        "slice",
        "paginate",
        "page",
        "first",
        "last",
        "one",
        "one_or_none",
        "scalar",
        "scalar_one",
        "scalar_one_or_none",
        "get",
        "fetchone",
        "fetchmany",
        "fetch_one",
        "fetch",
        "offset",
        "top",
        "in_bulk",
        "earliest",
        "latest",
        "none",
        "count",
        "exists",
        "aggregate",
        "group_by",
        "annotate",
        "distinct",
        "values_list",
        "dates",
        "datetimes",
        "union",
        "raw",
        "partitions",
        "yield_per",
        "to_page",
    )
)

#: Methods that change the order, the loading or the shape of rows, not their number.
KEEPS: frozenset[str] = frozenset(
    (
        "all",
        "filter",
        "where",
        "filter_by",
        "exclude",
        "order_by",
        "options",
        "join",
        "outerjoin",
        "join_from",
        "select_related",
        "prefetch_related",
        "only",
        "defer",
        "unique",
        "scalars",
        "mappings",
        "fetchall",
        "fetch_all",
        "using",
        "select_from",
        "execution_options",
        "reverse",
        "iterator",
        "get_queryset",
        "list",
        "to_list",
        "tuples",
        "with_entities",
        "query",
        "exec",
        "execute",
        "stream",
        "stream_scalars",
        "run_sync",
        "switch",
        "as_scalar",
        "dicts",
        "objects",
        "nowait",
        "correlate",
        "populate_existing",
        "find",
        "find_all",
        "select",
    )
)

#: Functions that hand a series on as it is, or row by row.
PASSES: frozenset[str] = frozenset(
    (
        "list",
        "sorted",
        "tuple",
        "reversed",
        "set",
        "iter",
        "flask.jsonify",
        "flask.json.jsonify",
        "quart.jsonify",
        "starlette.responses.JSONResponse",
        "fastapi.responses.JSONResponse",
        "fastapi.responses.ORJSONResponse",
        "fastapi.encoders.jsonable_encoder",
        "django.http.JsonResponse",
        "rest_framework.response.Response",
        "aiohttp.web.json_response",
        "sanic.response.json",
        "map",
    )
)

#: Methods of views of Django REST framework that do the same; a filter leaves all rows until a client asks for it.
VIEW_PASSES: frozenset[str] = frozenset(("get_serializer", "filter_queryset"))

#: Methods by which a serializer or schema gives what it was filled with.
SERIALIZES: frozenset[str] = frozenset(
    (
        "serialize",
        "to_dict",
        "dump",
        "dumps",
        "data",
        "json",
        "dict",
        "model_dump",
        "to_representation",
        "asdict",
        "validate_python",
        "dump_python",
        "dump_json",
        "to_json",
    )
)

#: Columns whose equality leaves one row, or the rows of one owner.
NARROW: frozenset[str] = frozenset(
    (
        "id",
        "pk",
        "uuid",
        "uid",
        "guid",
        "key",
        "slug",
        "email",
        "username",
        "name",
        "token",
        "hash",
        "code",
        "sku",
        "user",
        "user_id",
        "owner",
        "owner_id",
        "author",
        "author_id",
        "created_by",
        "created_by_id",
        "account",
        "account_id",
        "customer",
        "customer_id",
        "parent",
        "parent_id",
        "session_id",
        "date",
        "day",
    )
)

#: Words of class names of tables that people fill by hand: few rows, and all of them wanted at once.
SMALL: frozenset[str] = frozenset(
    (
        "setting",
        "settings",
        "config",
        "configuration",
        "option",
        "preference",
        "type",
        "kind",
        "category",
        "role",
        "permission",
        "group",
        "tag",
        "label",
        "currency",
        "country",
        "language",
        "locale",
        "timezone",
        "status",
        "state",
        "feature",
        "flag",
        "plan",
        "tier",
        "site",
        "theme",
        "template",
        "plugin",
        "region",
        "provider",
        "integration",
        "source",
        "destination",
        "workspace",
        "organization",
        "organisation",
        "tenant",
        "team",
        "channel",
        "domain",
        "pool",
        "queue",
        "scope",
        "policy",
        "rule",
        "priority",
        "level",
        "unit",
        "format",
        "menu",
        "page",
        "section",
        "department",
        "location",
        "warehouse",
        "store",
        "connection",
        "connector",
        "model",
        "engine",
        "server",
        "agent",
        "backend",
        "service",
        "environment",
        "schedule",
        "hook",
        "webhook",
        "credential",
        "secret",
        "key",
        "folder",
        "collection",
        "project",
        "dashboard",
        "board",
        "layout",
        "view",
        "field",
        "attribute",
        "property",
        "schema",
        "definition",
        "method",
        "shipping",
        "payment",
        "tax",
        "rate",
        "zone",
        "platform",
        "system",
        "component",
        "module",
        "extension",
        "app",
        "application",
        "client",
        "variable",
        "constant",
        "migration",
        "version",
        "database",
        "cluster",
        "node",
        "worker",
        "quota",
        "limit",
        "segment",
        "stage",
        "pipeline",
        "bundle",
        "license",
        "tool",
        "icon",
        "color",
        "colour",
        "catalog",
        "catalogue",
        "script",
    )
)

#: What a table has that grows with use: a column for a moment, or one that leads to another table.
DATED: frozenset[str] = frozenset(
    (
        "DateTime",
        "DateTimeField",
        "TIMESTAMP",
        "DatetimeField",
        "ForeignKey",
        "ForeignKeyField",
        "OneToOneField",
        "relationship",
        "Relationship",
        "TimestampField",
    )
)

#: Words in the names of parameters by which clients ask for a part of a list.
PAGE_WORDS: frozenset[str] = frozenset(
    (
        "page",
        "pages",
        "paging",
        "pagination",
        "paginate",
        "paginated",
        "pagesize",
        "limit",
        "offset",
        "cursor",
        "skip",
    )
)

#: Names that mean the same where they stand alone.
PAGE_NAMES: frozenset[str] = frozenset(
    ("size", "top", "take", "per", "after", "before", "count", "first", "n", "max_results")
)

#: Names by which clients ask for a number of rows.
PAGE_SIZES: frozenset[str] = frozenset(
    ("limit", "page_size", "per_page", "size", "count", "pagesize", "max_results", "take", "top")
)

#: Words in the names of functions and classes that cut a list into pages.
PAGINATORS: frozenset[str] = frozenset(("paginate", "paginated", "paginator", "pagination", "apaginate"))

#: Fields that a page has beside its rows.
PAGE_FIELDS: frozenset[str] = frozenset(
    (
        "page",
        "pages",
        "page_size",
        "per_page",
        "next",
        "next_page",
        "next_cursor",
        "next_token",
        "next_page_token",
        "cursor",
        "has_more",
        "has_next",
        "total_pages",
        "offset",
        "limit",
        "end_cursor",
    )
)

#: Packages whose classes are pages, or what clients ask for pages by.
PAGE_LIBRARIES: tuple[str, ...] = ("fastapi_pagination.", "fastapi_filter.", "ninja.pagination.")

#: Members of a list view of Django REST framework that cut the list, each in its own way.
CUTS: tuple[str, ...] = ("paginator", "paginate_queryset", "filter_queryset")

#: The query string, as an attribute of a request.
QUERY_STRINGS: dict[str, tuple[str, ...]] = {
    "flask.request": ("args", "values"),
    "flask.Request": ("args", "values"),
    "quart.request": ("args",),
    "quart.Request": ("args",),
    "starlette.requests.Request": ("query_params",),
    "fastapi.Request": ("query_params",),
    "django.http.HttpRequest": ("GET",),
    "rest_framework.request.Request": ("query_params", "GET"),
    "aiohttp.web.Request": ("query",),
    "aiohttp.web.BaseRequest": ("query",),
    "sanic.request.Request": ("args",),
}

#: Methods that give what a parser of arguments took from the request.
PARSERS: frozenset[str] = frozenset((
    "flask_restful.reqparse.RequestParser.parse_args", "flask_restx.reqparse.RequestParser.parse_args",
))
