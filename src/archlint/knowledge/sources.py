"""What frameworks fill with data of a request, and what hands such data on unchanged.

The parts of a request itself stand in ``untrusted.py``.
Keys are qualified names of classes and their members, as in the other tables. A *bag* is a mapping or
object whose fields the client chose: form data, a decoded body, validated data.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Attributes that hold checked data of the client whatever object has them, where the file imports a web framework.
CHECKED_BAGS: frozenset[str] = frozenset(("cleaned_data", "validated_data"))

#: Classes whose instances are filled by the framework from a request.
REQUEST_CLASSES: frozenset[str] = frozenset((
    "fastapi.security.OAuth2PasswordRequestForm", "fastapi.security.HTTPBasicCredentials",
))

#: Base classes of forms, and the attributes of a form that are bags.
FORM_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "django.forms.BaseForm": ("cleaned_data", "data"), "django.forms.Form": ("cleaned_data", "data"),
    "django.forms.ModelForm": ("cleaned_data", "data"), "django.forms.forms.BaseForm": ("cleaned_data", "data"),
    "rest_framework.serializers.BaseSerializer": ("validated_data", "initial_data", "data"),
    "rest_framework.serializers.Serializer": ("validated_data", "initial_data", "data"),
    "rest_framework.serializers.ModelSerializer": ("validated_data", "initial_data", "data"),
    "wtforms.Form": ("data",), "wtforms.form.Form": ("data",), "flask_wtf.FlaskForm": ("data",),
    "flask_wtf.Form": ("data",), "flask_wtf.form.FlaskForm": ("data",), "wtforms.form.BaseForm": ("data",),
}

#: Base classes of forms whose fields are objects: ``form.password.data`` is what the client sent.
FIELD_FORMS: frozenset[str] = frozenset((
    "wtforms.Form", "wtforms.form.Form", "flask_wtf.FlaskForm", "flask_wtf.Form", "flask_wtf.form.FlaskForm",
    "wtforms.form.BaseForm", "starlette_wtf.StarletteForm",
))

#: Methods that a framework calls with a bag: base class to method names.
BAG_METHODS: dict[str, tuple[str, ...]] = {
    "rest_framework.serializers.BaseSerializer": ("create", "update"),
    "rest_framework.serializers.Serializer": ("create", "update"),
    "rest_framework.serializers.ModelSerializer": ("create", "update"),
}

#: Methods of handler classes that a framework calls with values of the request.
HANDLER_METHODS: dict[str, tuple[str, ...]] = {
    "graphene.Mutation": ("mutate",), "graphene.relay.ClientIDMutation": ("mutate_and_get_payload",),
    "starlette.endpoints.HTTPEndpoint": ("post", "put", "patch"),
}

#: Decorators that make a function a handler, by their qualified name.
HANDLER_DECORATORS: frozenset[str] = frozenset((
    "strawberry.mutation", "strawberry.field", "strawberry.type.mutation", "litestar.post", "litestar.put",
    "litestar.patch", "litestar.get", "litestar.handlers.post", "starlite.post", "starlite.put",
    "rest_framework.decorators.api_view", "rest_framework.decorators.action", "fastapi_utils.cbv.cbv",
    "falcon.before",
))

#: Methods of an application or router that make the decorated function a handler.
ROUTE_METHODS: frozenset[str] = frozenset((
    "get", "post", "put", "patch", "delete", "route", "api_route", "websocket", "view", "api_operation",
    "arguments", "mutation", "websocket_route", "expect", "use_kwargs", "use_args",
))

#: Packages whose routers have such methods.
WEB_PACKAGES: frozenset[str] = frozenset((
    "fastapi", "starlette", "flask", "quart", "aiohttp", "sanic", "litestar", "starlite", "falcon", "bottle",
    "tornado", "ninja", "django", "rest_framework", "flask_restful", "flask_restx", "flask_smorest", "flask_openapi3",
    "apiflask", "graphene", "strawberry", "ariadne", "robyn", "blacksheep", "pyramid", "connexion", "flask_jwt_extended",
    "flask_login", "fastapi_utils", "classy_fastapi",
))

#: Functions that give an argument back unchanged, or as readable as before: the position of that argument.
PASSES: dict[str, int] = {
    "str": 0, "bytes": 0, "dict": 0, "list": 0, "tuple": 0, "vars": 0, "repr": 0, "typing.cast": 1, "copy.copy": 0,
    "copy.deepcopy": 0, "json.loads": 0, "json.dumps": 0, "orjson.loads": 0, "ujson.loads": 0, "dataclasses.asdict": 0,
    "attrs.asdict": 0, "attr.asdict": 0, "fastapi.encoders.jsonable_encoder": 0, "html.escape": 0,
    "markupsafe.escape": 0, "urllib.parse.unquote": 0, "django.utils.html.escape": 0, "bleach.clean": 0,
    "base64.b64encode": 0, "base64.b64decode": 0, "base64.urlsafe_b64encode": 0, "binascii.hexlify": 0,
    "types.SimpleNamespace": 0, "pydantic.parse_obj_as": 1, "sqlalchemy.literal": 0, "sqlalchemy.bindparam": 1,
    "django.utils.encoding.force_str": 0, "django.utils.encoding.smart_str": 0, "asyncio.wait_for": 0,
}

#: Methods that give their receiver back unchanged, or as readable as before.
RECEIVER_PASSES: frozenset[str] = frozenset((
    "strip", "lstrip", "rstrip", "lower", "upper", "casefold", "encode", "decode", "get_secret_value", "model_dump", "dict",
    "json", "copy", "model_copy", "to_dict", "as_dict", "asdict", "_asdict", "dump", "removeprefix", "removesuffix",
    "replace", "title", "zfill", "unwrap",
))

#: Methods that read one field of a bag by its name.
KEY_METHODS: frozenset[str] = frozenset(("get", "pop", "getlist", "getone", "getfirst", "__getitem__", "setdefault"))

#: Class methods that make an object of a bag: ``UserCreate.model_validate(data)``.
BUILDERS: frozenset[str] = frozenset((
    "model_validate", "parse_obj", "from_orm", "model_validate_json", "parse_raw", "from_dict", "model_construct",
    "construct", "load", "loads", "validate_python",
))
