"""What a client can write freely: parts of a request, what keeps them as free, and what binds them.

The parts are ``query``, ``path``, ``form``, ``body``, ``header``, ``cookie``, ``filename`` and ``upload`` (the
content of a file). Keys are qualified names of classes and their members, as in the other tables.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Attributes of requests and uploads. Names of files are cut down to one component by Django, not by the others.
ATTRIBUTES: dict[str, str] = {
    "flask.Request.args": "query", "flask.Request.form": "form", "flask.Request.values": "query",
    "flask.Request.json": "body", "flask.Request.data": "body", "flask.Request.headers": "header",
    "flask.Request.cookies": "cookie", "flask.Request.files": "upload", "flask.Request.query_string": "query",
    "flask.Request.stream": "body", "aiohttp.web.BaseRequest.rel_url": "address",
    "quart.Request.args": "query", "quart.Request.form": "form", "quart.Request.values": "query",
    "quart.Request.json": "body", "quart.Request.data": "body", "quart.Request.headers": "header",
    "quart.Request.cookies": "cookie", "quart.Request.files": "upload",
    "django.http.HttpRequest.GET": "query", "django.http.HttpRequest.POST": "form",
    "django.http.HttpRequest.body": "body", "django.http.HttpRequest.COOKIES": "cookie",
    "django.http.HttpRequest.headers": "header", "django.http.HttpRequest.FILES": "upload",
    "rest_framework.request.Request.data": "body", "rest_framework.request.Request.POST": "form",
    "rest_framework.request.Request.query_params": "query", "rest_framework.request.Request.GET": "query",
    "rest_framework.request.Request.FILES": "upload", "rest_framework.request.Request.COOKIES": "cookie",
    "starlette.requests.HTTPConnection.query_params": "query", "starlette.requests.HTTPConnection.headers": "header",
    "starlette.requests.HTTPConnection.cookies": "cookie", "starlette.requests.HTTPConnection.path_params": "path",
    "aiohttp.web.BaseRequest.query": "query", "aiohttp.web.BaseRequest.headers": "header",
    "aiohttp.web.BaseRequest.cookies": "cookie", "aiohttp.web.Request.match_info": "path",
    "aiohttp.web.BaseRequest.content": "body",
    "tornado.httputil.HTTPServerRequest.body": "body", "tornado.httputil.HTTPServerRequest.headers": "header",
    "tornado.httputil.HTTPServerRequest.arguments": "query", "tornado.httputil.HTTPServerRequest.files": "upload",
    "sanic.Request.args": "query", "sanic.Request.json": "body", "sanic.Request.form": "form",
    "sanic.Request.headers": "header", "sanic.Request.cookies": "cookie", "sanic.request.Request.args": "query",
    "sanic.request.Request.json": "body", "sanic.request.Request.form": "form",
    "fastapi.UploadFile.filename": "filename", "fastapi.UploadFile.file": "upload",
    "werkzeug.datastructures.FileStorage.filename": "filename", "werkzeug.datastructures.FileStorage.stream": "upload",
    "aiohttp.web.FileField.filename": "filename", "aiohttp.web.FileField.file": "upload",
    "aiohttp.BodyPartReader.filename": "filename",
    "django.core.files.uploadedfile.UploadedFile.file": "upload",
    "tornado.httputil.HTTPFile.filename": "filename",
    # the address of the request itself: free text on a page or in a template, but always on this host
    **{
        f"{request}.{name}": "address"
        for request in ("flask.Request", "flask.request", "quart.Request", "quart.request")
        for name in ("url", "path", "full_path")
    },
    # the objects that Flask and its relatives hand out
    **{
        f"{package}.request.{name}": part
        for package in ("flask", "quart")
        for name, part in {
            "args": "query", "form": "form", "values": "query", "json": "body", "data": "body", "headers": "header",
            "cookies": "cookie", "files": "upload", "query_string": "query", "stream": "body",
        }.items()
    },
    "flask_restx.Namespace.payload": "body",
    "falcon.Request.media": "body", "bottle.LocalRequest.forms": "form", "bottle.LocalRequest.json": "body",
    "bottle.request.query": "query", "bottle.request.forms": "form", "bottle.request.json": "body",
    "bottle.request.params": "query", "bottle.request.files": "upload", "bottle.FileUpload.raw_filename": "filename",
}

#: What other machines answer, and what they put into a queue.
NETWORK: dict[str, str] = {
    "aio_pika.abc.AbstractIncomingMessage.body": "message", "kafka.consumer.fetcher.ConsumerRecord.value": "message",
    "aiokafka.ConsumerRecord.value": "message",
    "requests.Response.content": "network", "requests.Response.text": "network", "requests.Response.raw": "network",
    "httpx.Response.content": "network", "httpx.Response.text": "network",
}
NETWORK_METHODS: dict[str, str] = {
    "aiohttp.ClientResponse.read": "network", "aiohttp.ClientResponse.text": "network", "socket.socket.recv": "network",
    "urllib.response.addinfourl.read": "network", "http.client.HTTPResponse.read": "network",
    "httpx.Response.aread": "network", "httpx.Response.read": "network",
    "zmq.Socket.recv": "message", "zmq.Socket.recv_multipart": "message", "confluent_kafka.Message.value": "message",
}
#: The parts of a request that text is made of.
CLIENT: frozenset[str] = frozenset((
    "query", "path", "form", "body", "header", "cookie", "filename", "message", "address",
))

#: Parts with fields whose names and values the client chose.
BAGS: frozenset[str] = frozenset(("query", "form", "body", "message"))

#: Methods whose result is data of a request.
METHODS: dict[str, str] = {
    "flask.Request.get_json": "body", "flask.Request.get_data": "body", "quart.Request.get_json": "body",
    "quart.Request.get_data": "body", "flask.request.get_json": "body", "flask.request.get_data": "body",
    "quart.request.get_json": "body", "quart.request.get_data": "body",
    "starlette.requests.Request.json": "body", "starlette.requests.Request.body": "body",
    "starlette.requests.Request.form": "form", "starlette.requests.Request.stream": "body",
    "starlette.websockets.WebSocket.receive_text": "message", "starlette.websockets.WebSocket.receive_json": "message",
    "starlette.websockets.WebSocket.receive_bytes": "message", "starlette.websockets.WebSocket.iter_text": "message",
    "starlette.websockets.WebSocket.iter_json": "message", "starlette.websockets.WebSocket.iter_bytes": "message",
    "aiohttp.web.BaseRequest.json": "body", "aiohttp.web.BaseRequest.post": "form",
    "aiohttp.web.BaseRequest.text": "body", "aiohttp.web.BaseRequest.read": "body",
    "aiohttp.web.WebSocketResponse.receive_str": "message", "aiohttp.web.WebSocketResponse.receive_json": "message",
    "aiohttp.web.WebSocketResponse.receive_bytes": "message",
    "django.http.HttpRequest.read": "body",
    "fastapi.UploadFile.read": "upload", "werkzeug.datastructures.FileStorage.read": "upload",
    "django.core.files.uploadedfile.UploadedFile.read": "upload",
    "django.core.files.uploadedfile.UploadedFile.chunks": "upload",
    "aiohttp.BodyPartReader.read": "upload", "aiohttp.BodyPartReader.text": "form", "falcon.Request.get_media": "body",
    "flask_restful.reqparse.RequestParser.parse_args": "body", "flask_restx.reqparse.RequestParser.parse_args": "body",
    "webargs.flaskparser.parser.parse": "body",
}

#: Methods of a handler that read one field by its name.
GETTERS: dict[str, str] = {
    "tornado.web.RequestHandler.get_argument": "query", "tornado.web.RequestHandler.get_arguments": "query",
    "tornado.web.RequestHandler.get_body_argument": "form", "tornado.web.RequestHandler.get_query_argument": "query",
    "tornado.web.RequestHandler.get_cookie": "cookie",
}

#: Members of an untyped value called ``request``, where the file imports a web framework.
WORDS: dict[str, str] = {
    "GET": "query", "POST": "form", "DATA": "body", "body": "body", "json_body": "body", "data": "body",
    "form": "form", "json": "body", "values": "query", "get_json": "body", "post": "form", "forms": "form",
    "params": "query", "args": "query", "query_params": "query", "query": "query", "match_info": "path",
    "cookies": "cookie", "COOKIES": "cookie", "headers": "header", "path_params": "path", "get_data": "body",
    "matchdict": "path", "query_string": "query", "QUERY_PARAMS": "query", "rel_url": "address",
    "media": "body", "FILES": "upload", "files": "upload",
}

#: Defaults that mark a parameter as a part of the request.
MARKERS: dict[str, str] = {
    **{
        f"{module}.{name}": part
        for module in ("fastapi", "fastapi.params", "fastapi.param_functions", "ninja")
        for name, part in {
            "Query": "query", "Path": "path", "Form": "form", "Body": "body", "Header": "header", "Cookie": "cookie",
            "File": "upload",
        }.items()
    },
}

#: Decorators by which a schema is filled from the request and handed to the function, and their packages.
PARSES: frozenset[str] = frozenset(("use_args", "use_kwargs", "arguments", "input"))
PARSERS: tuple[str, ...] = ("webargs.", "flask_smorest.", "apiflask.", "flask_apispec.")
#: Where they read from.
LOCATIONS: dict[str, str] = {
    "query": "query", "querystring": "query", "json": "body", "json_or_form": "body", "form": "form", "headers": "header",
    "cookies": "cookie", "view_args": "path", "path": "path", "files": "upload",
}

#: Frameworks that fill annotated parameters of handlers from the request.
FILLS_PARAMETERS: frozenset[str] = frozenset(("fastapi", "django-ninja", "litestar"))
#: Frameworks that fill the parameters named in the path of a route.
FILLS_FROM_PATH: frozenset[str] = frozenset(("flask", "quart", "django", "drf", "sanic"))

#: Classes of values that carry any text.
TEXT: frozenset[str] = frozenset((
    "str", "bytes", "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pydantic.SecretStr", "typing.AnyStr",
    "bytearray", "typing.Any", "object", "pydantic.FilePath", "pydantic.DirectoryPath", "pydantic.NewPath",
    "pydantic.types.Json", "pydantic.Json",
))
#: Classes of values that are addresses: any host, but no quotes and no dots between slashes.
ADDRESSES: frozenset[str] = frozenset((
    "pydantic.HttpUrl", "pydantic.AnyUrl", "pydantic.AnyHttpUrl", "pydantic.networks.HttpUrl",
    "pydantic.networks.AnyHttpUrl", "pydantic.networks.AnyUrl", "pydantic.AnyWebsocketUrl",
))
#: Classes whose values cannot carry an attack.
HARMLESS: frozenset[str] = frozenset((
    "int", "float", "bool", "complex", "uuid.UUID", "datetime.date", "datetime.datetime", "datetime.time",
    "datetime.timedelta", "decimal.Decimal", "fractions.Fraction", "ipaddress.IPv4Address", "ipaddress.IPv6Address",
    "pydantic.UUID4", "pydantic.PositiveInt", "pydantic.NonNegativeInt", "range",
))

#: Fields of forms and serializers that take any text.
OPEN_FIELDS: frozenset[str] = frozenset((
    "CharField", "JSONField", "DictField", "ListField", "StringField", "TextAreaField", "HiddenField", "PasswordField",
    "SearchField", "Str", "String", "Raw", "Dict", "FileField", "Field", "ReadOnlyField",
))
#: Fields that take any address.
ADDRESS_FIELDS: frozenset[str] = frozenset(("URLField", "Url", "URL"))

#: Functions that give an argument back, with its parts: the position of that argument.
SAME: dict[str, int] = {
    "dict": 0, "list": 0, "tuple": 0, "set": 0, "frozenset": 0, "sorted": 0, "reversed": 0, "vars": 0, "iter": 0,
    "typing.cast": 1, "copy.copy": 0, "copy.deepcopy": 0, "json.loads": 0, "orjson.loads": 0, "ujson.loads": 0,
    "simplejson.loads": 0, "dataclasses.asdict": 0, "attrs.asdict": 0, "attr.asdict": 0,
    "fastapi.encoders.jsonable_encoder": 0, "types.SimpleNamespace": 0, "pydantic.parse_obj_as": 1,
    "asyncio.wait_for": 0, "asyncio.shield": 0, "collections.OrderedDict": 0, "json.load": 0,
}
#: Functions that make another text, or the like, of an argument.
TEXTS: dict[str, int] = {
    "str": 0, "bytes": 0, "bytearray": 0, "repr": 0, "json.dumps": 0, "urllib.parse.unquote": 0,
    "urllib.parse.unquote_plus": 0, "base64.b64decode": 0, "base64.urlsafe_b64decode": 0, "base64.standard_b64decode": 0,
    "base64.decodebytes": 0, "base64.b32decode": 0, "base64.b85decode": 0, "binascii.unhexlify": 0,
    "binascii.a2b_base64": 0, "bytes.fromhex": 0, "zlib.decompress": 0, "gzip.decompress": 0, "bz2.decompress": 0,
    "lzma.decompress": 0, "io.BytesIO": 0, "io.StringIO": 0, "textwrap.dedent": 0, "django.utils.encoding.force_str": 0,
    "django.utils.encoding.smart_str": 0, "django.utils.encoding.force_text": 0, "os.fspath": 0, "os.fsdecode": 0,
    "string.Template": 0, "memoryview": 0, "ast.literal_eval": 0, "next": 0, "django.utils.http.unquote": 0,
}
#: Functions that replace by a pattern: the position of the text. It stays what it was where the pattern is
#: tied to an end; elsewhere the pattern may take out what is dangerous.
REPLACES: dict[str, int] = {"re.sub": 2}
#: Functions that put all their arguments into one text, path or list.
JOINS: frozenset[str] = frozenset((
    "os.path.join", "posixpath.join", "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "itertools.chain",
    "pathlib.PurePosixPath", "urllib.parse.urlunparse", "urllib.parse.urlunsplit", "anyio.Path", "aiopath.AsyncPath",
))
#: Functions that keep where a path leads.
PATHS: dict[str, int] = {
    "os.path.abspath": 0, "os.path.realpath": 0, "os.path.normpath": 0, "os.path.expanduser": 0,
    "os.path.expandvars": 0, "os.path.dirname": 0, "os.path.relpath": 0,
}

#: Functions that make an address of their first two arguments.
ADDRESS_MAKERS: frozenset[str] = frozenset((
    "urllib.parse.urljoin", "httpx.URL", "yarl.URL", "urllib.request.Request",
))

#: Methods that make another text of their receiver.
TEXT_METHODS: frozenset[str] = frozenset((
    "strip", "lstrip", "rstrip", "lower", "upper", "casefold", "encode", "decode", "get_secret_value", "removeprefix",
    "removesuffix", "title", "capitalize", "swapcase", "zfill", "ljust", "rjust", "center", "expandtabs", "translate",
    "tobytes", "getvalue", "unicode_string", "as_posix", "__str__", "read", "readline", "readlines", "geturl", "human_repr",
))
#: Methods that cut their receiver into parts.
SPLIT_METHODS: frozenset[str] = frozenset(("split", "rsplit", "splitlines", "partition", "rpartition"))
#: Methods that put their arguments into the receiver's text.
FILL_METHODS: frozenset[str] = frozenset(("format", "format_map", "substitute", "safe_substitute"))
#: Methods of paths that keep where they lead.
PATH_METHODS: frozenset[str] = frozenset((
    "resolve", "absolute", "expanduser", "with_suffix", "as_posix", "joinpath", "with_name", "__truediv__", "relative_to",
))
#: Methods that give their receiver back, with its parts.
SAME_METHODS: frozenset[str] = frozenset((
    "model_dump", "dict", "json", "copy", "model_copy", "to_dict", "as_dict", "asdict", "_asdict", "dump", "get_json",
    "__iter__", "values_list", "multi_items", "to_wsgi_list", "deepcopy",
))

#: What opens an archive: keyword and position of the file.
ARCHIVES: dict[str, tuple[str, int]] = {"zipfile.ZipFile": ("file", 0), "tarfile.open": ("fileobj", 2)}
#: Methods that give what a file in an archive holds.
ARCHIVE_CONTENTS: frozenset[str] = frozenset((
    "zipfile.ZipFile.open", "zipfile.ZipFile.read", "tarfile.TarFile.extractfile",
))
#: Methods that give the names in an archive, or entries with an attribute that is the name.
ARCHIVE_NAMES: dict[str, str] = {
    "zipfile.ZipFile.namelist": "", "tarfile.TarFile.getnames": "", "zipfile.ZipFile.infolist": "filename",
    "tarfile.TarFile.getmembers": "name",
}

#: Methods that hand a function and its arguments to something that calls it: the position of the function.
HANDS_OVER: dict[str, int] = {
    "to_thread": 0, "run_in_threadpool": 0, "run_in_executor": 1, "run_sync": 0, "add_task": 0, "submit": 0, "partial": 0,
    "call_soon": 0, "call_soon_threadsafe": 0, "enqueue": 0, "run_coroutine": 0, "call_later": 1, "add_job": 0,
}
#: Methods of a task that call it elsewhere with the same arguments.
TASK_CALLS: frozenset[str] = frozenset(("delay", "s", "si", "send", "delay_on_commit", "enqueue", "run", "kiq", "defer"))
#: The same, with the arguments in ``args`` and ``kwargs``.
TASK_APPLIES: frozenset[str] = frozenset(("apply_async", "apply", "signature"))

#: Words of functions whose result, or approval, is taken for clean.
CLEANS: str = (
    r"(?i)(?:^|_)(?:sanit\w*|escape\w*|quote\w*|quoted|clean\w*|safe\w*|secure\w*|valid\w*|slug\w*|whitelist\w*|allow\w*"
    r"|check\w*|verif\w*|ensure\w*|assert\w*|trusted|permit\w*|guard\w*|restrict\w*|is_local\w*|normali[sz]e_and\w*"
    r"|identifier\w*|mogrify|adapt\w*|bind\w*|invalid\w*|unsafe\w*|forbid\w*|illegal\w*|danger\w*|malicious\w*|blocked\w*"
    r"|private\w*|internal\w*|within\w*|inside\w*|has_allowed\w*|contain\w*)(?:_|$)"
)
