"""Places where text becomes something that acts: a statement, a path, an address, a command, a page.

A table maps the qualified name of a function or method to the position and the keyword of the argument that
must not be a client's. ``*`` as the position stands for all positional arguments.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Engines whose methods the tables below list.
CLASSES: dict[str, dict[str, str]] = {
    "jinja2.Environment": {"<bases>": "", "from_string": "-> jinja2.Template", "get_template": "-> jinja2.Template"},
    "jinja2.sandbox.SandboxedEnvironment": {"<bases>": ""},
    "jinja2.Template": {"<bases>": "", "render": "-> str", "render_async": "A -> str"},
}

Place = tuple[int, str]

_STATEMENT: Place = (0, "statement")
_SQL: Place = (0, "sql")
_QUERY: Place = (0, "query")

#: Classes with methods that run a statement given as text.
_RUNNERS: dict[str, tuple[str, ...]] = {
    "sqlite3.Connection": ("execute", "executemany", "executescript"),
    "sqlite3.Cursor": ("execute", "executemany", "executescript"),
    "aiosqlite.Connection": ("execute", "executemany", "executescript", "execute_fetchall", "execute_insert"),
    "aiosqlite.Cursor": ("execute", "executemany", "executescript"),
    "dbapi.Cursor": ("execute", "executemany"), "dbapi.Connection": ("execute", "executemany", "query"),
    "django.db.backends.utils.CursorWrapper": ("execute", "executemany"),
    "psycopg2.extensions.cursor": ("execute", "executemany", "copy_expert"),
    "psycopg.Connection": ("execute",), "psycopg.Cursor": ("execute", "executemany", "copy", "stream"),
    "psycopg.AsyncConnection": ("execute",), "psycopg.AsyncCursor": ("execute", "executemany", "copy", "stream"),
    "asyncpg.Connection": ("execute", "executemany", "fetch", "fetchrow", "fetchval", "cursor", "prepare", "fetchmany"),
    "asyncpg.Pool": ("execute", "executemany", "fetch", "fetchrow", "fetchval"),
    "aiomysql.Cursor": ("execute", "executemany"), "pymysql.cursors.Cursor": ("execute", "executemany"),
    "MySQLdb.cursors.Cursor": ("execute", "executemany"), "aiopg.Cursor": ("execute",),
    "aiopg.sa.SAConnection": ("execute", "scalar"),
    "sqlalchemy.orm.Session": ("execute", "scalar", "scalars"), "sqlalchemy.ext.asyncio.AsyncSession": ("execute", "scalar", "scalars", "stream"),
    "sqlalchemy.engine.Connection": ("execute", "scalar", "scalars", "exec_driver_sql"),
    "sqlalchemy.ext.asyncio.AsyncConnection": ("execute", "scalar", "scalars", "exec_driver_sql", "stream"),
    "sqlalchemy.engine.Engine": ("execute", "scalar"),
    "databases.Database": ("execute", "execute_many", "fetch_all", "fetch_one", "fetch_val", "iterate"),
    "databases.core.Connection": ("execute", "execute_many", "fetch_all", "fetch_one", "fetch_val", "iterate"),
    "tortoise.backends.base.client.BaseDBAsyncClient": ("execute_query", "execute_query_dict", "execute_script", "execute_insert"),
    "peewee.Database": ("execute_sql",),
    "duckdb.DuckDBPyConnection": ("execute", "sql", "query"),
    "clickhouse_driver.Client": ("execute",), "google.cloud.bigquery.Client": ("query", "query_and_wait"),
    "snowflake.connector.cursor.SnowflakeCursor": ("execute", "executemany"),
}

#: Arguments that are statements, or pieces of one, in the language of a database.
SQL: dict[str, Place] = {
    **{f"{cls}.{method}": _STATEMENT for cls, methods in _RUNNERS.items() for method in methods},
    "flask_sqlalchemy.SQLAlchemy.text": (0, "text"), "sqlalchemy.text": (0, "text"), "sqlalchemy.literal_column": (0, "text"), "sqlmodel.text": (0, "text"),
    "sqlalchemy.TextClause": (0, "text"), "sqlalchemy.DDL": (0, "statement"),
    "sqlalchemy.orm.Query.from_statement": (0, "statement"),
    "sqlalchemy.Select.with_hint": (1, "text"), "sqlalchemy.Select.prefix_with": (0, "prefixes"),
    "django.db.models.Manager.raw": (0, "raw_query"), "django.db.models.QuerySet.raw": (0, "raw_query"),
    "django.db.models.expressions.RawSQL": _SQL, "django.db.models.RawSQL": _SQL,
    "tortoise.models.Model.raw": _SQL, "tortoise.expressions.RawSQL": _SQL, "peewee.SQL": _SQL, "peewee.Model.raw": _SQL,
    "psycopg.sql.SQL": (0, "obj"), "psycopg2.sql.SQL": (0, "string"),
    "psycopg2.extras.execute_values": (1, "sql"), "psycopg2.extras.execute_batch": (1, "sql"),
    "pandas.read_sql": _SQL, "pandas.read_sql_query": _SQL, "polars.read_database": _QUERY,
    "duckdb.sql": _QUERY, "duckdb.execute": _QUERY, "duckdb.query": _QUERY,
}
#: ``extra()`` of Django: keywords whose values are put into the statement.
SQL_EXTRA: frozenset[str] = frozenset(("where", "select", "tables", "order_by"))
SQL_EXTRA_METHODS: frozenset[str] = frozenset(("django.db.models.Manager.extra", "django.db.models.QuerySet.extra"))

#: Functions that quote what they are given as an identifier, or as a value, of a statement.
SQL_QUOTES: frozenset[str] = frozenset(("psycopg.sql.Identifier", "psycopg2.sql.Identifier", "psycopg.sql.Literal",
                                        "psycopg2.sql.Literal", "sqlalchemy.sql.quoted_name"))

_PATH: Place = (0, "path")
#: Arguments that name a file.
PATH: dict[str, Place] = {
    "open": (0, "file"), "io.open": (0, "file"), "codecs.open": (0, "filename"), "aiofiles.open": (0, "file"),
    "anyio.open_file": (0, "file"), "os.open": _PATH, "os.remove": _PATH, "os.unlink": _PATH, "os.rmdir": _PATH,
    "os.listdir": _PATH, "os.scandir": _PATH, "os.walk": (0, "top"), "os.makedirs": (0, "name"), "os.mkdir": _PATH,
    "os.rename": (0, "src"), "os.replace": (0, "src"), "os.symlink": (0, "src"), "os.chmod": _PATH,
    "aiofiles.os.remove": _PATH, "aiofiles.os.unlink": _PATH, "aiofiles.os.makedirs": (0, "name"),
    "shutil.rmtree": _PATH, "shutil.copy": (0, "src"), "shutil.copyfile": (0, "src"), "shutil.move": (0, "src"),
    "shutil.copytree": (0, "src"), "shutil.unpack_archive": (0, "filename"),
    "starlette.responses.FileResponse": _PATH, "fastapi.responses.FileResponse": _PATH,
    "flask.send_file": (0, "path_or_file"), "quart.send_file": (0, "filename_or_io"),
    "aiohttp.web.FileResponse": _PATH, "sanic.response.file": (0, "location"), "sanic.file": (0, "location"),
    "werkzeug.datastructures.FileStorage.save": (0, "dst"), "zipfile.ZipFile": (0, "file"), "tarfile.open": (0, "name"),
    "numpy.load": (0, "file"), "pandas.read_csv": (0, "filepath_or_buffer"), "PIL.Image.open": (0, "fp"),
    "pathlib.Path.open": (-1, ""), "pathlib.Path.read_text": (-1, ""), "pathlib.Path.read_bytes": (-1, ""),
    "pathlib.Path.write_text": (-1, ""), "pathlib.Path.write_bytes": (-1, ""), "pathlib.Path.unlink": (-1, ""),
    "pathlib.Path.iterdir": (-1, ""), "pathlib.Path.mkdir": (-1, ""), "pathlib.Path.rmdir": (-1, ""),
    "pathlib.Path.touch": (-1, ""), "pathlib.Path.rename": (0, "target"), "pathlib.Path.replace": (0, "target"),
    "anyio.Path.open": (-1, ""), "anyio.Path.read_text": (-1, ""), "anyio.Path.read_bytes": (-1, ""),
    "anyio.Path.write_text": (-1, ""), "anyio.Path.write_bytes": (-1, ""), "anyio.Path.unlink": (-1, ""),
}
#: Further arguments of the same functions that name a file.
PATH_TARGETS: dict[str, Place] = {
    "os.rename": (1, "dst"), "os.replace": (1, "dst"), "shutil.copy": (1, "dst"), "shutil.copyfile": (1, "dst"),
    "shutil.move": (1, "dst"), "shutil.copytree": (1, "dst"),
}

_URL: Place = (0, "url")
_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_CLIENTS = (
    "requests.Session", "httpx.Client", "httpx.AsyncClient", "aiohttp.ClientSession", "urllib3.PoolManager",
    "requests_futures.sessions.FuturesSession", "curl_cffi.requests.Session", "curl_cffi.requests.AsyncSession",
)
#: Arguments that say where a request goes.
URL: dict[str, Place] = {
    **{f"{module}.{verb}": _URL for module in ("requests", "httpx", "niquests", "curl_cffi.requests") for verb in _VERBS},
    **{f"{client}.{verb}": _URL for client in _CLIENTS for verb in _VERBS},
    **{f"{client}.{name}": (1, "url") for client in _CLIENTS for name in ("request", "stream", "build_request")},
    **{f"{client}": (-2, "base_url") for client in ("httpx.Client", "httpx.AsyncClient")},
    "aiohttp.ClientSession": (0, "base_url"),
    "requests.request": (1, "url"), "httpx.request": (1, "url"), "httpx.stream": (1, "url"), "aiohttp.request": (1, "url"),
    "requests.Request": (1, "url"), "httpx.Request": (1, "url"), "urllib3.request": (1, "url"),
    "aiohttp.ClientSession.ws_connect": _URL, "websockets.connect": (0, "uri"), "websocket.create_connection": _URL,
    "urllib.request.urlopen": _URL, "urllib.request.urlretrieve": _URL, "urllib.request.Request": _URL,
    "http.client.HTTPConnection": (0, "host"), "http.client.HTTPSConnection": (0, "host"),
    "socket.create_connection": (0, "address"), "paramiko.SSHClient.connect": (0, "hostname"),
    "tornado.httpclient.AsyncHTTPClient.fetch": (0, "request"), "feedparser.parse": (0, "url_file_stream_or_string"),
}

#: Arguments that a shell, an interpreter or a template engine runs.
COMMAND: dict[str, Place] = {
    "os.system": (0, "command"), "os.popen": (0, "cmd"), "subprocess.getoutput": (0, "cmd"),
    "subprocess.getstatusoutput": (0, "cmd"), "asyncio.create_subprocess_shell": (0, "cmd"), "anyio.run_process": (0, "command"),
    "anyio.open_process": (0, "command"), "commands.getoutput": (0, "cmd"), "pty.spawn": (0, "argv"),
    "eval": (0, "source"), "exec": (0, "source"), "compile": (0, "source"), "builtins.eval": (0, "source"),
    "builtins.exec": (0, "source"), "pandas.eval": (0, "expr"),
    "flask.render_template_string": (0, "source"), "quart.render_template_string": (0, "source"),
    "jinja2.Template": (0, "source"), "jinja2.Environment.from_string": (0, "source"), "mako.template.Template": (0, "text"),
    "django.template.Template": (0, "template_string"), "django.template.Engine.from_string": (0, "template_code"),
    "tornado.template.Template": (0, "template_string"), "paramiko.SSHClient.exec_command": (0, "command"),
    "asyncssh.SSHClientConnection.run": (0, "command"), "fabric.Connection.run": (0, "command"),
}
#: Functions that start a program: text is a command where ``shell=True``, and the program where it is a list.
PROGRAMS: dict[str, Place] = {
    **{f"subprocess.{name}": (0, "args") for name in ("run", "call", "check_call", "check_output", "Popen")},
}
#: Functions whose every positional argument is a part of the command line.
ARGUMENTS: dict[str, Place] = {"asyncio.create_subprocess_exec": (0, "program"), "os.execv": (0, "path"),
                               "os.execvp": (0, "file"), "os.spawnlp": (1, "file")}
#: What kind of interpreter a function is, for the message; a shell where it is not listed.
INTERPRETERS: dict[str, str] = {
    "eval": "Python", "exec": "Python", "compile": "Python", "builtins.eval": "Python", "builtins.exec": "Python",
    "pandas.eval": "Python",
    "flask.render_template_string": "a template", "quart.render_template_string": "a template",
    "jinja2.Template": "a template", "jinja2.Environment.from_string": "a template", "mako.template.Template": "a template",
    "django.template.Template": "a template", "django.template.Engine.from_string": "a template",
    "tornado.template.Template": "a template",
}

_LOCATION: Place = (0, "location")
#: Arguments that say where a browser is sent.
REDIRECT: dict[str, Place] = {
    "flask.redirect": _LOCATION, "quart.redirect": _LOCATION, "werkzeug.utils.redirect": _LOCATION,
    "starlette.responses.RedirectResponse": (0, "url"), "fastapi.responses.RedirectResponse": (0, "url"),
    "django.shortcuts.redirect": (0, "to"), "django.http.HttpResponseRedirect": (0, "redirect_to"),
    "django.http.HttpResponsePermanentRedirect": (0, "redirect_to"),
    "aiohttp.web.HTTPFound": _LOCATION, "aiohttp.web.HTTPSeeOther": _LOCATION, "aiohttp.web.HTTPTemporaryRedirect": _LOCATION,
    "aiohttp.web.HTTPMovedPermanently": _LOCATION, "aiohttp.web.HTTPPermanentRedirect": _LOCATION,
    "tornado.web.RequestHandler.redirect": (0, "url"), "sanic.response.redirect": (0, "to"), "sanic.redirect": (0, "to"),
}

#: Arguments that are sent as HTML, or trusted to be.
HTML: dict[str, Place] = {
    "starlette.responses.HTMLResponse": (0, "content"), "fastapi.responses.HTMLResponse": (0, "content"),
    "django.http.HttpResponse": (0, "content"), "flask.make_response": (0, "rv"), "quart.make_response": (0, "rv"),
    "django.utils.safestring.mark_safe": (0, "s"), "django.utils.safestring.SafeString": (0, "s"),
    "django.utils.safestring.SafeText": (0, "s"), "django.utils.html.format_html": (0, "format_string"), "markupsafe.Markup": (0, "object"), "flask.Markup": (0, "object"),
    "jinja2.Markup": (0, "object"), "jinja2.utils.markupsafe.Markup": (0, "object"), "sanic.response.html": (0, "body"),
    "sanic.html": (0, "body"), "tornado.web.RequestHandler.write": (0, "chunk"), "flask.Response": (0, "response"),
    "quart.Response": (0, "response"),
}
#: Functions that set up the templates of pages.
PAGE_ENGINES: frozenset[str] = frozenset((
    "aiohttp_jinja2.setup", "starlette.templating.Jinja2Templates", "fastapi.templating.Jinja2Templates",
))
#: Responses that are HTML only when their content type says so.
UNTYPED_RESPONSES: dict[str, Place] = {
    "starlette.responses.Response": (0, "content"), "aiohttp.web.Response": (-2, "text"),
}
#: Keywords of responses that say the content type.
CONTENT_TYPES: frozenset[str] = frozenset(("content_type", "mimetype", "media_type"))

_DATA: Place = (0, "data")
#: Arguments that are made into objects of any class.
DATA: dict[str, Place] = {
    "pickle.loads": _DATA, "pickle.load": (0, "file"), "cPickle.loads": _DATA, "cPickle.load": (0, "file"),
    "_pickle.loads": _DATA, "dill.loads": _DATA, "dill.load": (0, "file"), "cloudpickle.loads": _DATA,
    "cloudpickle.load": (0, "file"), "pickle.Unpickler": (0, "file"), "shelve.open": (0, "filename"),
    "marshal.loads": (0, "bytes"), "marshal.load": (0, "file"), "jsonpickle.decode": (0, "string"),
    "jsonpickle.loads": (0, "string"), "jsonpickle.unpickler.decode": (0, "string"), "joblib.load": (0, "filename"),
    "torch.load": (0, "f"), "pandas.read_pickle": (0, "filepath_or_buffer"), "yaml.unsafe_load": (0, "stream"),
    "yaml.full_load": (0, "stream"), "yaml.unsafe_load_all": (0, "stream"), "yaml.load": (0, "stream"),
    "yaml.load_all": (0, "stream"), "numpy.load": (0, "file"), "pickle5.loads": _DATA,
}
#: Loaders of PyYAML that make objects of the classes which the text names.
UNSAFE_LOADERS: frozenset[str] = frozenset((
    "Loader", "CLoader", "UnsafeLoader", "CUnsafeLoader", "FullLoader", "CFullLoader",
))
