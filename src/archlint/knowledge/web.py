"""What web frameworks and pydantic hand to a handler, and what reading it costs.

Requests of the asynchronous frameworks are awaited for their bodies; the synchronous ones read them
from memory or the socket of a worker thread, which carries no effect. Sending a response is the
server's doing. Sending a file response reads the file off the loop.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

FUNCTIONS: dict[str, str] = {
    "tornado.ioloop.IOLoop.current": "-> tornado.ioloop.IOLoop",
    "tornado.ioloop.IOLoop.instance": "-> tornado.ioloop.IOLoop",
    "aiohttp.web.AppKey": "-> aiohttp.web.AppKey[$1]",
    # dependency markers: the value comes from the annotation
    "fastapi.Depends": "", "fastapi.Security": "", "fastapi.Query": "", "fastapi.Path": "", "fastapi.Body": "",
    "fastapi.Header": "", "fastapi.Cookie": "", "fastapi.Form": "", "fastapi.File": "",
    "fastapi.encoders.jsonable_encoder": "-> ?",
    "fastapi.openapi.utils.get_openapi": "-> dict[str, ?]",
    "starlette.routing.Route": "", "starlette.routing.Mount": "", "starlette.routing.WebSocketRoute": "",
    "pydantic.Field": "", "pydantic.PrivateAttr": "", "pydantic.create_model": "-> type[pydantic.BaseModel]",
    "pydantic.parse_obj_as": "-> $0", "pydantic.tools.parse_obj_as": "-> $0", "pydantic.validate_call": "",
    # Flask
    "flask.abort": "", "flask.jsonify": "-> flask.Response", "flask.make_response": "-> flask.Response",
    "flask.redirect": "-> flask.Response", "flask.render_template": "-> str",
    "flask.render_template_string": "-> str", "flask.send_file": "BF -> flask.Response",
    "flask.send_from_directory": "BF -> flask.Response", "flask.url_for": "-> str", "flask.flash": "",
    "flask.get_flashed_messages": "-> list[str]", "flask.has_request_context": "-> bool",
    "flask.stream_with_context": "-> $arg0", "flask_login.login_user": "-> bool", "flask_login.logout_user": "",
    "flask_jwt_extended.create_access_token": "-> str", "flask_jwt_extended.get_jwt_identity": "-> ?",
    "werkzeug.utils.secure_filename": "-> str",
    # aiohttp
    "aiohttp.web.json_response": "-> aiohttp.web.Response", "aiohttp.web.run_app": "B",
    # servers, which run until they are stopped
    "uvicorn.run": "B", "hypercorn.asyncio.serve": "A", "waitress.serve": "B",
}

CLASSES: dict[str, dict[str, str]] = {
    # ---------------------------------------------------------------- Starlette
    "starlette.requests.HTTPConnection": {
        "<bases>": "",
        "@url": "starlette.datastructures.URL", "@base_url": "starlette.datastructures.URL",
        "@headers": "starlette.datastructures.Headers", "@query_params": "starlette.datastructures.QueryParams",
        "@path_params": "dict[str, ?]", "@cookies": "dict[str, str]",
        "@client": "starlette.datastructures.Address | None", "@session": "dict[str, ?]", "@auth": "?", "@user": "?",
        "@state": "starlette.datastructures.State", "@app": "starlette.applications.Starlette",
        "@scope": "dict[str, ?]", "url_for": "-> starlette.datastructures.URL",
    },
    "starlette.requests.Request": {
        "<bases>": "starlette.requests.HTTPConnection",
        "body": "A -> bytes", "json": "A -> ?", "form": "A -> starlette.datastructures.FormData",
        "stream": "A -> list[bytes]", "close": "A", "is_disconnected": "A -> bool", "@method": "str",
        "send_push_promise": "A",
    },
    "starlette.websockets.WebSocket": {
        "<bases>": "starlette.requests.HTTPConnection",
        "accept": "A", "close": "A", "receive": "A -> dict[str, ?]", "receive_text": "A -> str",
        "receive_bytes": "A -> bytes", "receive_json": "A -> ?", "iter_text": "A -> list[str]",
        "iter_bytes": "A -> list[bytes]", "iter_json": "A -> list[?]", "send": "A", "send_text": "A",
        "send_bytes": "A", "send_json": "A", "send_denial_response": "A",
    },
    "starlette.datastructures.URL": {
        "<bases>": "", "replace": "-> $self", "include_query_params": "-> $self", "@path": "str", "@scheme": "str",
        "@hostname": "str | None", "@query": "str", "@netloc": "str", "@port": "int | None",
    },
    "starlette.datastructures.Headers": {"<bases>": "dict", "getlist": "-> list[str]"},
    "starlette.datastructures.QueryParams": {
        "<bases>": "dict", "getlist": "-> list[str]", "multi_items": "-> list[tuple[str, str]]",
    },
    "starlette.datastructures.FormData": {
        "<bases>": "dict", "getlist": "-> list[?]", "multi_items": "-> list[tuple[str, ?]]", "close": "A",
        "<aenter>": "-> $self",
    },
    "starlette.datastructures.State": {"<bases>": ""},
    "starlette.datastructures.Address": {"<bases>": "tuple", "@host": "str", "@port": "int"},
    "starlette.responses.Response": {
        "<bases>": "", "set_cookie": "", "delete_cookie": "", "render": "-> bytes", "@status_code": "int",
        "@headers": "starlette.datastructures.Headers", "@body": "bytes",
    },
    "starlette.responses.JSONResponse": {"<bases>": "starlette.responses.Response"},
    "starlette.responses.HTMLResponse": {"<bases>": "starlette.responses.Response"},
    "starlette.responses.PlainTextResponse": {"<bases>": "starlette.responses.Response"},
    "starlette.responses.RedirectResponse": {"<bases>": "starlette.responses.Response"},
    "starlette.responses.StreamingResponse": {"<bases>": "starlette.responses.Response"},
    "starlette.responses.FileResponse": {"<bases>": "starlette.responses.Response"},
    "fastapi.responses.ORJSONResponse": {"<bases>": "starlette.responses.JSONResponse"},
    "fastapi.responses.UJSONResponse": {"<bases>": "starlette.responses.JSONResponse"},
    "starlette.exceptions.HTTPException": {
        "<bases>": "Exception", "@status_code": "int", "@detail": "str", "@headers": "dict[str, str]",
    },
    "fastapi.HTTPException": {"<bases>": "starlette.exceptions.HTTPException"},
    "starlette.applications.Starlette": {
        "<bases>": "",
        "@state": "starlette.datastructures.State", "@routes": "list", "add_middleware": "", "add_route": "",
        "add_exception_handler": "", "add_event_handler": "", "mount": "", "url_path_for": "-> str",
    },
    "fastapi.APIRouter": {
        "<bases>": "", "include_router": "", "add_api_route": "", "add_api_websocket_route": "", "mount": "",
        "url_path_for": "-> str", "@routes": "list", "@prefix": "str",
    },
    "fastapi.FastAPI": {
        "<bases>": "starlette.applications.Starlette",
        "include_router": "", "add_api_route": "", "add_api_websocket_route": "", "openapi": "-> dict[str, ?]",
        "@router": "fastapi.APIRouter", "@dependency_overrides": "dict", "@openapi_schema": "dict[str, ?]",
    },
    "starlette.routing.Router": {"<bases>": "", "add_route": "", "mount": "", "@routes": "list"},
    # what an ASGI application is called with, and what it calls
    "starlette.types.ASGIApp": {"<bases>": "", "<call>": "A"},
    "starlette.types.Receive": {"<bases>": "", "<call>": "A -> dict[str, ?]"},
    "starlette.types.Send": {"<bases>": "", "<call>": "A"},
    "starlette.middleware.base.RequestResponseEndpoint": {
        "<bases>": "", "<call>": "A -> starlette.responses.Response",
    },
    "starlette.middleware.base.BaseHTTPMiddleware": {"<bases>": "", "@app": "starlette.types.ASGIApp"},
    "starlette.endpoints.HTTPEndpoint": {"<bases>": ""},
    "starlette.endpoints.WebSocketEndpoint": {"<bases>": ""},
    "starlette.templating.Jinja2Templates": {
        "<bases>": "", "TemplateResponse": "-> starlette.responses.HTMLResponse", "get_template": "-> ?",
    },
    # it runs the application in a thread and waits for the answer
    "starlette.testclient.TestClient": {
        "<bases>": "",
        "<enter>": "B -> $self", "get": "B -> httpx.Response", "post": "B -> httpx.Response",
        "put": "B -> httpx.Response", "patch": "B -> httpx.Response", "delete": "B -> httpx.Response",
        "head": "B -> httpx.Response", "options": "B -> httpx.Response", "request": "B -> httpx.Response",
        "stream": "B -> httpx.Response", "websocket_connect": "B -> ?", "close": "B", "@headers": "dict[str, str]",
        "@cookies": "dict[str, str]", "@app": "?",
    },
    "fastapi.security.OAuth2PasswordBearer": {"<bases>": "", "<call>": "A -> str"},
    "fastapi.security.OAuth2PasswordRequestForm": {
        "<bases>": "", "@username": "str", "@password": "str", "@scopes": "list[str]", "@client_id": "str | None",
        "@client_secret": "str | None", "@grant_type": "str",
    },
    "fastapi.security.HTTPBearer": {
        "<bases>": "", "<call>": "A -> fastapi.security.HTTPAuthorizationCredentials",
    },
    "fastapi.security.HTTPBasic": {"<bases>": "", "<call>": "A -> fastapi.security.HTTPBasicCredentials"},
    "fastapi.security.APIKeyHeader": {"<bases>": "", "<call>": "A -> str"},
    "fastapi.security.APIKeyQuery": {"<bases>": "", "<call>": "A -> str"},
    "fastapi.security.APIKeyCookie": {"<bases>": "", "<call>": "A -> str"},
    "fastapi.security.HTTPAuthorizationCredentials": {
        "<bases>": "pydantic.BaseModel", "@scheme": "str", "@credentials": "str",
    },
    "fastapi.security.HTTPBasicCredentials": {
        "<bases>": "pydantic.BaseModel", "@username": "str", "@password": "str",
    },
    "fastapi.security.SecurityScopes": {"<bases>": "", "@scopes": "list[str]", "@scope_str": "str"},
    # ---------------------------------------------------------------- Flask
    "flask.Request": {
        "<bases>": "",
        "get_json": "-> ?", "get_data": "-> bytes", "on_json_loading_failure": "", "@json": "?", "@data": "bytes",
        "@args": "werkzeug.datastructures.MultiDict", "@form": "werkzeug.datastructures.MultiDict",
        "@values": "werkzeug.datastructures.MultiDict",
        "@files": "werkzeug.datastructures.FileMultiDict", "@headers": "werkzeug.datastructures.Headers",
        "@cookies": "dict[str, str]", "@view_args": "dict[str, ?]", "@method": "str", "@path": "str", "@url": "str",
        "@full_path": "str", "@base_url": "str", "@host_url": "str", "@remote_addr": "str | None",
        "@is_json": "bool", "@endpoint": "str | None", "@blueprint": "str | None", "@user_agent": "?",
        "@authorization": "?", "@stream": "?", "@content_type": "str | None", "@mimetype": "str",
    },
    "werkzeug.datastructures.MultiDict": {
        "<bases>": "dict", "getlist": "-> list[str]", "to_dict": "-> dict[str, str]",
    },
    "werkzeug.datastructures.FileMultiDict": {
        "<bases>": "dict", "getlist": "-> list[werkzeug.datastructures.FileStorage]",
        "<getitem>": "-> werkzeug.datastructures.FileStorage", "get": "-> werkzeug.datastructures.FileStorage | None",
    },
    "werkzeug.datastructures.Headers": {"<bases>": "dict", "getlist": "-> list[str]", "add": "", "set": ""},
    "werkzeug.datastructures.FileStorage": {
        "<bases>": "",
        "save": "BF", "read": "BF -> bytes", "readline": "BF -> bytes", "seek": "", "close": "",
        "<iter>": "BF -> bytes", "@filename": "str | None", "@stream": "?", "@mimetype": "str",
        "@content_type": "str | None",
    },
    "flask.Response": {
        "<bases>": "", "set_cookie": "", "delete_cookie": "", "get_json": "-> ?", "get_data": "-> bytes",
        "set_data": "", "@status_code": "int", "@headers": "werkzeug.datastructures.Headers", "@data": "bytes",
        "@json": "?", "@mimetype": "str",
    },
    "flask.sessions.SessionMixin": {"<bases>": "dict", "@permanent": "bool", "@modified": "bool"},
    # a provider answers, when called, what its container builds
    "dependency_injector.providers.Factory": {"<bases>": "", "<call>": "-> $t", "@provided": "$t", "@provider": "$self"},
    "dependency_injector.providers.Singleton": {"<bases>": "dependency_injector.providers.Factory"},
    "dependency_injector.providers.ThreadSafeSingleton": {"<bases>": "dependency_injector.providers.Factory"},
    "dependency_injector.providers.ContextLocalSingleton": {"<bases>": "dependency_injector.providers.Factory"},
    "flask.ctx.AppContextGlobals": {"<bases>": "", "get": "-> ?", "pop": "-> ?", "setdefault": "-> ?"},
    "flask.Flask": {
        "<bases>": "",
        "@config": "flask.Config", "@logger": "logging.Logger", "@extensions": "dict[str, ?]",
        "register_blueprint": "", "register_error_handler": "", "add_url_rule": "", "before_request": "",
        "run": "B", "app_context": "-> flask.ctx.AppContext", "test_request_context": "-> flask.ctx.AppContext",
        "test_client": "-> flask.testing.FlaskClient", "make_response": "-> flask.Response",
        "open_resource": "BF -> ?", "send_static_file": "BF -> flask.Response", "url_for": "-> str",
        "ensure_sync": "-> $arg0",
    },
    "flask.Config": {
        "<bases>": "dict", "from_object": "", "from_pyfile": "BF -> bool", "from_file": "BF -> bool",
        "from_envvar": "BF -> bool", "from_mapping": "-> bool", "from_prefixed_env": "-> bool",
        "get_namespace": "-> dict[str, ?]",
    },
    "flask.ctx.AppContext": {"<bases>": "", "<enter>": "-> $self", "push": "", "pop": ""},
    "flask.Blueprint": {
        "<bases>": "", "register_blueprint": "", "add_url_rule": "", "send_static_file": "BF -> flask.Response",
        "open_resource": "BF -> ?", "@name": "str", "@url_prefix": "str | None",
    },
    "flask.testing.FlaskClient": {
        "<bases>": "",
        "<enter>": "-> $self", "get": "B -> flask.Response", "post": "B -> flask.Response",
        "put": "B -> flask.Response", "patch": "B -> flask.Response", "delete": "B -> flask.Response",
        "head": "B -> flask.Response", "options": "B -> flask.Response", "open": "B -> flask.Response",
        "session_transaction": "-> ?",
    },
    "flask.views.View": {"<bases>": "", "dispatch_request": "-> ?", "as_view": "-> ?"},
    "flask.views.MethodView": {"<bases>": "flask.views.View"},
    "flask_restful.Resource": {"<bases>": "flask.views.MethodView"},
    "flask_restful.reqparse.RequestParser": {"<bases>": "", "add_argument": "-> $self", "parse_args": "-> dict[str, ?]"},
    "flask_restx.Resource": {"<bases>": "flask.views.MethodView"},
    "flask_restx.Namespace": {
        "<bases>": "", "expect": "", "marshal_with": "", "marshal_list_with": "", "marshal": "-> dict", "doc": "",
        "model": "-> ?", "inherit": "-> ?", "clone": "-> ?", "extend": "-> ?", "param": "", "response": "",
        "header": "", "hide": "", "deprecated": "", "vendor": "", "produces": "", "errorhandler": "",
        "parser": "-> flask_restx.reqparse.RequestParser", "@payload": "dict[str, ?]",
    },
    "flask_restx.Api": {"<bases>": "flask_restx.Namespace"},
    "flask_smorest.Blueprint": {
        "<bases>": "flask.Blueprint", "arguments": "", "response": "", "alt_response": "", "paginate": "", "doc": "",
        "etag": "",
    },
    "flask_restx.reqparse.RequestParser": {"<bases>": "flask_restful.reqparse.RequestParser", "copy": "-> $self"},
    "flask_login.UserMixin": {
        "<bases>": "", "get_id": "-> str", "@is_authenticated": "bool", "@is_active": "bool", "@is_anonymous": "bool",
    },
    "flask_mail.Mail": {"<bases>": "", "send": "B", "send_message": "B", "connect": "B -> ?", "init_app": ""},
    "flask_caching.Cache": {
        "<bases>": "",
        "get": "B -> ?", "set": "B -> bool", "add": "B -> bool", "delete": "B -> bool", "has": "B -> bool",
        "get_many": "B -> list[?]", "set_many": "B", "delete_many": "B", "clear": "B -> bool", "init_app": "",
    },
    # ---------------------------------------------------------------- Quart
    "quart.Request": {
        "<bases>": "",
        "get_json": "A -> ?", "get_data": "A -> bytes", "@args": "werkzeug.datastructures.MultiDict",
        "@headers": "werkzeug.datastructures.Headers", "@cookies": "dict[str, str]", "@method": "str",
        "@path": "str", "@form": "A -> werkzeug.datastructures.MultiDict",
        "@files": "A -> werkzeug.datastructures.FileMultiDict", "@json": "A -> ?", "@data": "A -> bytes",
    },
    # ---------------------------------------------------------------- aiohttp
    "aiohttp.web.BaseRequest": {
        "<bases>": "dict",
        "read": "A -> bytes", "text": "A -> str", "json": "A -> ?", "post": "A -> dict[str, ?]",
        "multipart": "A -> aiohttp.MultipartReader", "release": "A", "@query": "dict[str, str]",
        "@headers": "dict[str, str]",
        "@cookies": "dict[str, str]", "@method": "str", "@path": "str", "@url": "yarl.URL", "@rel_url": "yarl.URL",
        "@remote": "str | None", "@host": "str", "@content": "aiohttp.StreamReader", "@can_read_body": "bool",
        "@body_exists": "bool", "@loop": "asyncio.AbstractEventLoop",
    },
    "aiohttp.MultipartReader": {"<bases>": "", "next": "A -> aiohttp.BodyPartReader | None", "release": "A"},
    "aiohttp.BodyPartReader": {
        "<bases>": "", "read": "A -> bytes", "read_chunk": "A -> bytes", "readline": "A -> bytes", "text": "A -> str",
        "json": "A -> ?", "form": "A -> list", "release": "A", "at_eof": "-> bool", "@filename": "str | None",
        "@name": "str | None", "@headers": "dict[str, str]",
    },
    "aiohttp.web.Request": {
        "<bases>": "aiohttp.web.BaseRequest",
        "@match_info": "dict[str, str]", "@app": "aiohttp.web.Application", "@config_dict": "dict[str, ?]",
    },
    "aiohttp.web.Application": {
        "<bases>": "dict",
        "@router": "aiohttp.web.UrlDispatcher", "@on_startup": "list", "@on_cleanup": "list", "@on_shutdown": "list",
        "@cleanup_ctx": "list", "@middlewares": "list", "add_routes": "-> list", "add_subapp": "-> ?",
        "@loop": "asyncio.AbstractEventLoop",
    },
    "tornado.ioloop.IOLoop": {
        "start": "", "stop": "", "close": "", "add_callback": "", "add_callback_from_signal": "", "spawn_callback": "",
        "call_later": "-> ?", "call_at": "-> ?", "add_future": "", "add_handler": "", "run_in_executor": "AT",
        "@asyncio_loop": "asyncio.AbstractEventLoop",
    },
    "tornado.web.Application": {"<bases>": "", "@settings": "tornado.web.Settings"},
    "tornado.web.RequestHandler": {
        "<bases>": "", "@settings": "tornado.web.Settings", "@application": "tornado.web.Application",
        "redirect": "", "write": "", "finish": "A",
    },
    "tornado.websocket.WebSocketHandler": {"<bases>": "tornado.web.RequestHandler"},
    # what the application was given by name, and what is put into it later
    "tornado.web.Settings": {"<bases>": "dict"},
    "aiohttp.web.UrlDispatcher": {
        "<bases>": "", "add_get": "-> ?", "add_post": "-> ?", "add_put": "-> ?", "add_patch": "-> ?",
        "add_delete": "-> ?", "add_head": "-> ?", "add_options": "-> ?", "add_route": "-> ?", "add_routes": "-> list",
        "add_view": "-> ?", "add_static": "-> ?", "add_resource": "-> ?",
    },
    "aiohttp.web.RouteTableDef": {"<bases>": ""},
    "aiohttp.web.View": {"<bases>": "", "@request": "aiohttp.web.Request"},
    "aiohttp.web.StreamResponse": {
        "<bases>": "", "prepare": "A -> ?", "write": "A", "write_eof": "A", "drain": "A", "set_cookie": "",
        "del_cookie": "", "@status": "int", "@headers": "dict[str, str]",
    },
    "aiohttp.web.Response": {
        "<bases>": "aiohttp.web.StreamResponse", "@text": "str | None", "@body": "bytes | None",
    },
    "aiohttp.web.FileResponse": {"<bases>": "aiohttp.web.StreamResponse"},
    "aiohttp.web.WebSocketResponse": {
        "<bases>": "aiohttp.web.StreamResponse",
        "receive": "A -> aiohttp.WSMessage", "receive_str": "A -> str", "receive_bytes": "A -> bytes",
        "receive_json": "A -> ?", "send_str": "A", "send_bytes": "A", "send_json": "A", "ping": "A", "pong": "A",
        "close": "A -> bool", "<aiter>": "-> aiohttp.WSMessage", "@closed": "bool",
    },
    # ---------------------------------------------------------------- pydantic
    "pydantic.BaseModel": {
        "<bases>": "",
        "model_validate": "-> $cls", "model_validate_json": "-> $cls", "model_validate_strings": "-> $cls",
        "model_construct": "-> $cls", "parse_obj": "-> $cls", "parse_raw": "-> $cls", "parse_file": "BF -> $cls",
        "from_orm": "-> $cls", "construct": "-> $cls", "validate": "-> $cls",
        "model_copy": "-> $self", "copy": "-> $self", "model_dump": "-> dict[str, ?]", "dict": "-> dict[str, ?]",
        "model_dump_json": "-> str", "json": "-> str", "model_json_schema": "-> dict[str, ?]",
        "schema": "-> dict[str, ?]", "schema_json": "-> str", "model_rebuild": "", "update_forward_refs": "",
        "<iter>": "-> tuple[str, ?]", "@model_fields": "dict[str, ?]", "@model_fields_set": "set[str]",
        "@__fields__": "dict[str, ?]", "@model_extra": "dict[str, ?]",
    },
    "pydantic.RootModel": {"<bases>": "pydantic.BaseModel", "@root": "$t"},
    "pydantic.TypeAdapter": {
        "<bases>": "", "validate_python": "-> $t", "validate_json": "-> $t", "validate_strings": "-> $t",
        "dump_python": "-> ?", "dump_json": "-> bytes", "json_schema": "-> dict[str, ?]",
    },
    "pydantic.generics.GenericModel": {"<bases>": "pydantic.BaseModel"},
    # reads the environment and, where one is configured, a small .env file
    "pydantic_settings.BaseSettings": {"<bases>": "pydantic.BaseModel", "<init>": "BD"},
    "pydantic.SecretStr": {"<bases>": "", "get_secret_value": "-> str", "<len>": ""},
    "pydantic.SecretBytes": {"<bases>": "", "get_secret_value": "-> bytes", "<len>": ""},
    "pydantic.ValidationError": {"<bases>": "Exception", "errors": "-> list[dict[str, ?]]", "json": "-> str"},
    # ---------------------------------------------------------------- pages
    "fastapi_pagination.Page": {
        "<bases>": "pydantic.BaseModel", "@items": "list[$t]", "@total": "int", "@page": "int", "@size": "int",
        "create": "-> $cls",
    },
    "fastapi_pagination.LimitOffsetPage": {"<bases>": "fastapi_pagination.Page"},
    "fastapi_pagination.Params": {"<bases>": "pydantic.BaseModel", "@page": "int", "@size": "int"},
    # -------------------------------------------------------------- strawberry
    "strawberry.types.Info": {
        "<bases>": "", "@context": "$t", "@field_name": "str", "@python_name": "str",
        "@variable_values": "dict[str, ?]",
    },
}

ALIASES: dict[str, str] = {
    "strawberry.Info": "strawberry.types.Info", "strawberry.types.info.Info": "strawberry.types.Info",
    "connexion.App": "connexion.FlaskApp",
    "fastapi.Request": "starlette.requests.Request", "fastapi.requests.Request": "starlette.requests.Request",
    "fastapi.requests.HTTPConnection": "starlette.requests.HTTPConnection",
    "fastapi.WebSocket": "starlette.websockets.WebSocket", "fastapi.websockets.WebSocket": "starlette.websockets.WebSocket",
    "fastapi.Response": "starlette.responses.Response", "fastapi.responses.Response": "starlette.responses.Response",
    "fastapi.responses.JSONResponse": "starlette.responses.JSONResponse",
    "fastapi.responses.HTMLResponse": "starlette.responses.HTMLResponse",
    "fastapi.responses.PlainTextResponse": "starlette.responses.PlainTextResponse",
    "fastapi.responses.RedirectResponse": "starlette.responses.RedirectResponse",
    "fastapi.responses.StreamingResponse": "starlette.responses.StreamingResponse",
    "fastapi.responses.FileResponse": "starlette.responses.FileResponse",
    "fastapi.exceptions.HTTPException": "fastapi.HTTPException",
    "fastapi.applications.FastAPI": "fastapi.FastAPI", "fastapi.routing.APIRouter": "fastapi.APIRouter",
    "fastapi.routing.APIWebSocketRoute": "starlette.routing.WebSocketRoute",
    "fastapi.param_functions.Depends": "fastapi.Depends", "fastapi.params.Depends": "fastapi.Depends",
    "fastapi.testclient.TestClient": "starlette.testclient.TestClient",
    "fastapi.templating.Jinja2Templates": "starlette.templating.Jinja2Templates",
    "fastapi.datastructures.State": "starlette.datastructures.State",
    "fastapi.middleware.base.BaseHTTPMiddleware": "starlette.middleware.base.BaseHTTPMiddleware",
    "asgiref.typing.ASGI3Application": "starlette.types.ASGIApp", "asgiref.typing.ASGISendCallable": "starlette.types.Send",
    "asgiref.typing.ASGIReceiveCallable": "starlette.types.Receive",
    "fastapi.security.oauth2.OAuth2PasswordBearer": "fastapi.security.OAuth2PasswordBearer",
    "fastapi.security.oauth2.OAuth2PasswordRequestForm": "fastapi.security.OAuth2PasswordRequestForm",
    "fastapi.security.OAuth2PasswordRequestFormStrict": "fastapi.security.OAuth2PasswordRequestForm",
    "fastapi.security.http.HTTPBearer": "fastapi.security.HTTPBearer",
    "fastapi.security.http.HTTPAuthorizationCredentials": "fastapi.security.HTTPAuthorizationCredentials",
    "fastapi.security.api_key.APIKeyHeader": "fastapi.security.APIKeyHeader",
    "flask.wrappers.Request": "flask.Request", "flask.wrappers.Response": "flask.Response",
    "flask.app.Flask": "flask.Flask", "flask.blueprints.Blueprint": "flask.Blueprint",
    "flask.config.Config": "flask.Config", "flask.helpers.url_for": "flask.url_for",
    "flask.json.jsonify": "flask.jsonify", "werkzeug.exceptions.abort": "flask.abort",
    "werkzeug.wrappers.Request": "flask.Request", "werkzeug.wrappers.Response": "flask.Response",
    "werkzeug.FileStorage": "werkzeug.datastructures.FileStorage",
    "quart.wrappers.Request": "quart.Request",
    "aiohttp.web_request.Request": "aiohttp.web.Request", "aiohttp.web_request.BaseRequest": "aiohttp.web.BaseRequest",
    "aiohttp.web_response.Response": "aiohttp.web.Response",
    "aiohttp.web_response.StreamResponse": "aiohttp.web.StreamResponse",
    "aiohttp.web_app.Application": "aiohttp.web.Application",
    "aiohttp.web_urldispatcher.View": "aiohttp.web.View", "aiohttp.web_response.json_response": "aiohttp.web.json_response",
    "pydantic.main.BaseModel": "pydantic.BaseModel", "pydantic.v1.BaseModel": "pydantic.BaseModel",
    "pydantic.v1.main.BaseModel": "pydantic.BaseModel", "pydantic.BaseSettings": "pydantic_settings.BaseSettings",
    "pydantic.env_settings.BaseSettings": "pydantic_settings.BaseSettings",
    "pydantic.v1.BaseSettings": "pydantic_settings.BaseSettings",
    "pydantic_settings.main.BaseSettings": "pydantic_settings.BaseSettings",
    "pydantic.types.SecretStr": "pydantic.SecretStr", "pydantic.fields.Field": "pydantic.Field",
    "pydantic.v1.Field": "pydantic.Field", "pydantic.root_model.RootModel": "pydantic.RootModel",
    "pydantic_core.ValidationError": "pydantic.ValidationError",
    "pydantic.error_wrappers.ValidationError": "pydantic.ValidationError",
    "fastapi_pagination.default.Page": "fastapi_pagination.Page",
}
