"""Classes that packages around Django and its REST framework add: serializers, schemas, uploads, consumers."""

from __future__ import annotations

_MODEL = {"<bases>": "rest_framework.serializers.ModelSerializer"}
_PLAIN = {"<bases>": "rest_framework.serializers.Serializer"}

FUNCTIONS: dict[str, str] = {}

CLASSES: dict[str, dict[str, str]] = {
    "i18nfield.rest_framework.I18nAwareModelSerializer": _MODEL,
    "rest_flex_fields.FlexFieldsModelSerializer": _MODEL,
    "rest_flex_fields.serializers.FlexFieldsModelSerializer": _MODEL,
    "drf_writable_nested.WritableNestedModelSerializer": _MODEL,
    "drf_writable_nested.serializers.WritableNestedModelSerializer": _MODEL,
    "drf_dynamic_fields.DynamicFieldsMixin": {"<bases>": ""},
    "drf_queryfields.QueryFieldsMixin": {"<bases>": ""},
    "parler_rest.serializers.TranslatableModelSerializer": _MODEL,
    "rest_framework_gis.serializers.GeoModelSerializer": _MODEL,
    "rest_framework_gis.serializers.GeoFeatureModelSerializer": _MODEL,
    "rest_framework_json_api.serializers.ModelSerializer": _MODEL,
    "rest_framework_json_api.serializers.Serializer": _PLAIN,
    "dj_rest_auth.serializers.UserDetailsSerializer": _MODEL,
    "djoser.serializers.UserSerializer": _MODEL,
    "rest_framework_bulk.BulkSerializerMixin": {"<bases>": ""},
    "rest_polymorphic.serializers.PolymorphicSerializer": _PLAIN,
    "taggit.serializers.TaggitSerializer": _PLAIN,
    "channels.consumer.AsyncConsumer": {"<bases>": "", "dispatch": "A", "send": "A"},
    "channels.generic.websocket.AsyncWebsocketConsumer": {
        "<bases>": "channels.consumer.AsyncConsumer",
        "accept": "A",
        "close": "A",
        "connect": "A",
        "disconnect": "A",
        "receive": "A",
        "send": "A",
    },
    "channels.generic.websocket.AsyncJsonWebsocketConsumer": {
        "<bases>": "channels.generic.websocket.AsyncWebsocketConsumer",
        "receive_json": "A",
        "send_json": "A",
    },
    "ninja.Schema": {"<bases>": "pydantic.BaseModel"},
    "ninja.ModelSchema": {"<bases>": "ninja.Schema"},
    "ninja.orm.ModelSchema": {"<bases>": "ninja.Schema"},
    "ninja.schema.Schema": {"<bases>": "ninja.Schema"},
    "ninja.files.UploadedFile": {"<bases>": "django.core.files.uploadedfile.UploadedFile"},
}

ALIASES: dict[str, str] = {"ninja.UploadedFile": "ninja.files.UploadedFile"}
