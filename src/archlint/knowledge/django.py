"""What Django and the packages around it return, query and block on.

``QuerySet[T]`` is lazy: builders answer the query set itself, evaluation queries. An index
(``<getitem>``) evaluates, a slice does not (``shapes.SLICES``). ``Manager[T, Q]`` makes query sets
of ``T``; ``Q`` is a query set class of the project's own (``from_queryset``, ``as_manager``), where
it has one. ``ValuesQuerySet`` stands for what ``values`` and ``values_list`` return: rows that are
no model instances and have no relations.

The ``a…`` methods await a thread, so they query without blocking the loop. ``update`` and
``delete`` of a query set are one statement each, yet carry no ``M``: called per item, they are a
write per item. Attributes that Django remembers per request or per process (``request.user``,
``request.session``, content types, sites, ``has_perm`` of one user) carry no query.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

FUNCTIONS: dict[str, str] = {
    # the first argument is a model class, a manager or a query set
    "django.shortcuts.get_object_or_404": "BQ -> $0 | $arg0.t",
    "django.shortcuts.get_list_or_404": "BQ -> list[$0 | $arg0.t]",
    "django.shortcuts.aget_object_or_404": "AQ -> $0 | $arg0.t",
    "django.shortcuts.aget_list_or_404": "AQ -> list[$0 | $arg0.t]",
    "rest_framework.generics.get_object_or_404": "BQ -> $0 | $arg0.t",
    "django.shortcuts.render": "-> django.http.HttpResponse",
    "django.shortcuts.redirect": "-> django.http.HttpResponseRedirect",
    "django.apps.apps.get_models": "-> list[type[django.db.models.Model]]",
    "django.db.models.prefetch_related_objects": "BQM", "django.db.models.aprefetch_related_objects": "AQM",
    # transactions
    "django.db.transaction.atomic": "-> django.db.transaction.Atomic",
    "django.db.transaction.commit": "B", "django.db.transaction.rollback": "B",
    "django.db.transaction.savepoint": "B -> str", "django.db.transaction.savepoint_commit": "B",
    "django.db.transaction.savepoint_rollback": "B", "django.db.transaction.on_commit": "",
    "django.db.transaction.get_connection": "-> django.db.backends.base.base.BaseDatabaseWrapper",
    "django.db.close_old_connections": "B", "django.db.reset_queries": "",
    # mail
    "django.core.mail.send_mail": "B -> int", "django.core.mail.send_mass_mail": "B -> int",
    "django.core.mail.mail_admins": "B", "django.core.mail.mail_managers": "B",
    "django.core.mail.get_connection": "-> django.core.mail.backends.base.BaseEmailBackend",
    # authentication
    "django.contrib.auth.authenticate": "BCQ -> django.contrib.auth.models.User | None",
    "django.contrib.auth.aauthenticate": "AQ -> django.contrib.auth.models.User | None",
    "django.contrib.auth.login": "BQW", "django.contrib.auth.alogin": "AQW",
    "django.contrib.auth.logout": "BQW", "django.contrib.auth.alogout": "AQW",
    "django.contrib.auth.get_user": "BQ -> django.contrib.auth.models.User",
    "django.contrib.auth.aget_user": "AQ -> django.contrib.auth.models.User",
    "django.contrib.auth.get_user_model": "-> type[django.contrib.auth.models.User]",
    "django.contrib.auth.update_session_auth_hash": "BQW",
    "django.contrib.auth.aupdate_session_auth_hash": "AQW",
    "django.contrib.auth.password_validation.validate_password": "",
    # files, sites, serialisation, commands
    "django.contrib.sites.shortcuts.get_current_site": "-> django.contrib.sites.models.Site",
    "django.core.serializers.serialize": "-> str",
    "django.core.management.call_command": "B",
    "django.forms.models.model_to_dict": "-> dict[str, ?]",
    "django.template.loader.render_to_string": "-> str",
    "django.template.loader.get_template": "BF -> django.template.backends.django.Template",
    # guardian: object permissions are rows
    "guardian.shortcuts.assign_perm": "BQW", "guardian.shortcuts.assign": "BQW",
    "guardian.shortcuts.remove_perm": "BQW",
    "guardian.shortcuts.get_perms": "BQ -> list[str]",
    "guardian.shortcuts.get_user_perms": "-> django.db.models.QuerySet[django.contrib.auth.models.Permission]",
    "guardian.shortcuts.get_group_perms": "-> django.db.models.QuerySet[django.contrib.auth.models.Permission]",
    "guardian.shortcuts.get_perms_for_model":
        "-> django.db.models.QuerySet[django.contrib.auth.models.Permission]",
    "guardian.shortcuts.get_users_with_perms": "BQ -> django.db.models.QuerySet[django.contrib.auth.models.User]",
    "guardian.shortcuts.get_groups_with_perms":
        "BQ -> django.db.models.QuerySet[django.contrib.auth.models.Group]",
    "guardian.shortcuts.get_objects_for_user": "BQ -> django.db.models.QuerySet[$2 | $arg2.t]",
    "guardian.shortcuts.get_objects_for_group": "BQ -> django.db.models.QuerySet[$2 | $arg2.t]",
    "guardian.utils.get_anonymous_user": "BQ -> django.contrib.auth.models.User",
    "guardian.utils.clean_orphan_obj_perms": "BQWM -> int",
    # graphene
    "graphene.relay.node.from_global_id": "-> tuple[str, str]",
    "graphql_relay.from_global_id": "-> tuple[str, str]", "graphql_relay.to_global_id": "-> str",
    "graphene_django.utils.maybe_queryset": "-> django.db.models.QuerySet[$arg0.t]",
    "graphene_django.fields.maybe_queryset": "-> django.db.models.QuerySet[$arg0.t]",
    # reversion
    "reversion.create_revision": "-> django.db.transaction.Atomic",
}

CLASSES: dict[str, dict[str, str]] = {
    # ---------------------------------------------------------------- query sets and managers
    "django.db.models.QuerySet": {
        "<bases>": "",
        "filter": "-> $self", "exclude": "-> $self", "all": "-> $self", "order_by": "-> $self",
        "distinct": "-> $self", "reverse": "-> $self", "annotate": "-> $self", "alias": "-> $self",
        "select_related": "-> $self", "prefetch_related": "-> $self", "defer": "-> $self", "only": "-> $self",
        "using": "-> $self", "select_for_update": "-> $self", "extra": "-> $self",
        "complex_filter": "-> $self", "none": "-> $self", "union": "-> $self", "intersection": "-> $self",
        "difference": "-> $self",
        # rows that are no model instances
        "values": "-> django.db.models.query.ValuesQuerySet[dict]",
        "values_list": "-> django.db.models.query.ValuesQuerySet[tuple]",
        "dates": "-> django.db.models.query.ValuesQuerySet[datetime.date]",
        "datetimes": "-> django.db.models.query.ValuesQuerySet[datetime.datetime]",
        "raw": "-> django.db.models.query.RawQuerySet[$t]",
        # evaluation
        "count": "BQ -> int", "exists": "BQ -> bool", "contains": "BQ -> bool", "get": "BQ -> $t",
        "first": "BQ -> $t | None", "last": "BQ -> $t | None", "earliest": "BQ -> $t", "latest": "BQ -> $t",
        "aggregate": "BQ -> dict[str, ?]", "in_bulk": "BQM -> dict[?, $t]", "iterator": "BQ -> list[$t]",
        "explain": "BQ -> str", "create": "BQW -> $t", "get_or_create": "BQW -> tuple[$t, bool]",
        "update_or_create": "BQW -> tuple[$t, bool]", "bulk_create": "BQWM -> list[$t]",
        "bulk_update": "BQWM -> int", "update": "BQW -> int", "delete": "BQW -> tuple[int, dict]",
        "<iter>": "BQ -> $t", "<aiter>": "Q -> $t", "<len>": "BQ", "<bool>": "BQ", "<contains>": "BQ",
        "<getitem>": "BQ -> $t", "__or__": "-> $self", "__and__": "-> $self",
        "acount": "AQ -> int", "aexists": "AQ -> bool", "acontains": "AQ -> bool", "aget": "AQ -> $t",
        "afirst": "AQ -> $t | None", "alast": "AQ -> $t | None", "aearliest": "AQ -> $t",
        "alatest": "AQ -> $t", "aaggregate": "AQ -> dict[str, ?]", "ain_bulk": "AQM -> dict[?, $t]",
        "aexplain": "AQ -> str", "aiterator": "AQ -> list[$t]", "acreate": "AQW -> $t",
        "aget_or_create": "AQW -> tuple[$t, bool]", "aupdate_or_create": "AQW -> tuple[$t, bool]",
        "abulk_create": "AQWM -> list[$t]", "abulk_update": "AQWM -> int", "aupdate": "AQW -> int",
        "adelete": "AQW -> tuple[int, dict]",
        "as_manager": "-> django.db.models.Manager[?, $cls]", "@query": "?", "@model": "type[$t]",
        "@db": "str", "@ordered": "bool",
    },
    "django.db.models.query.ValuesQuerySet": {"<bases>": "django.db.models.QuerySet"},
    "django.db.models.query.RawQuerySet": {
        "<bases>": "",
        "prefetch_related": "-> $self", "using": "-> $self", "iterator": "BQ -> list[$t]",
        "<iter>": "BQ -> $t", "<aiter>": "Q -> $t", "<len>": "BQ", "<bool>": "BQ",
        "<getitem>": "BQ -> $t", "@columns": "list[str]",
    },
    "django.db.models.Manager": {
        "<bases>": "",
        "filter": "-> django.db.models.QuerySet[$t]", "exclude": "-> django.db.models.QuerySet[$t]",
        "all": "-> django.db.models.QuerySet[$t]", "order_by": "-> django.db.models.QuerySet[$t]",
        "distinct": "-> django.db.models.QuerySet[$t]", "reverse": "-> django.db.models.QuerySet[$t]",
        "annotate": "-> django.db.models.QuerySet[$t]", "alias": "-> django.db.models.QuerySet[$t]",
        "select_related": "-> django.db.models.QuerySet[$t]",
        "prefetch_related": "-> django.db.models.QuerySet[$t]", "defer": "-> django.db.models.QuerySet[$t]",
        "only": "-> django.db.models.QuerySet[$t]", "using": "-> django.db.models.QuerySet[$t]",
        "select_for_update": "-> django.db.models.QuerySet[$t]", "extra": "-> django.db.models.QuerySet[$t]",
        "complex_filter": "-> django.db.models.QuerySet[$t]", "none": "-> django.db.models.QuerySet[$t]",
        "union": "-> django.db.models.QuerySet[$t]", "intersection": "-> django.db.models.QuerySet[$t]",
        "difference": "-> django.db.models.QuerySet[$t]",
        "get_queryset": "-> django.db.models.QuerySet[$t]", "db_manager": "-> $self",
        "from_queryset": "-> type[django.db.models.Manager[?, $0]]",
        "values": "-> django.db.models.query.ValuesQuerySet[dict]",
        "values_list": "-> django.db.models.query.ValuesQuerySet[tuple]",
        "dates": "-> django.db.models.query.ValuesQuerySet[datetime.date]",
        "datetimes": "-> django.db.models.query.ValuesQuerySet[datetime.datetime]",
        "raw": "-> django.db.models.query.RawQuerySet[$t]",
        "count": "BQ -> int", "exists": "BQ -> bool", "contains": "BQ -> bool", "get": "BQ -> $t",
        "first": "BQ -> $t | None", "last": "BQ -> $t | None", "earliest": "BQ -> $t", "latest": "BQ -> $t",
        "aggregate": "BQ -> dict[str, ?]", "in_bulk": "BQM -> dict[?, $t]", "iterator": "BQ -> list[$t]",
        "explain": "BQ -> str", "create": "BQW -> $t", "get_or_create": "BQW -> tuple[$t, bool]",
        "update_or_create": "BQW -> tuple[$t, bool]", "bulk_create": "BQWM -> list[$t]",
        "bulk_update": "BQWM -> int", "update": "BQW -> int",
        "acount": "AQ -> int", "aexists": "AQ -> bool", "acontains": "AQ -> bool", "aget": "AQ -> $t",
        "afirst": "AQ -> $t | None", "alast": "AQ -> $t | None", "aearliest": "AQ -> $t",
        "alatest": "AQ -> $t", "aaggregate": "AQ -> dict[str, ?]", "ain_bulk": "AQM -> dict[?, $t]",
        "aexplain": "AQ -> str", "aiterator": "AQ -> list[$t]", "acreate": "AQW -> $t",
        "aget_or_create": "AQW -> tuple[$t, bool]", "aupdate_or_create": "AQW -> tuple[$t, bool]",
        "abulk_create": "AQWM -> list[$t]", "abulk_update": "AQWM -> int", "aupdate": "AQW -> int",
        "@model": "type[$t]", "@db": "str",
    },
    "django.db.models.fields.related_descriptors.RelatedManager": {
        "<bases>": "django.db.models.Manager",
        "<call>": "-> $self",
        "add": "BQWM", "remove": "BQWM", "clear": "BQWM", "set": "BQWM",
        "aadd": "AQWM", "aremove": "AQWM", "aclear": "AQWM", "aset": "AQWM",
    },
    "django.db.models.fields.related_descriptors.ManyRelatedManager": {
        "<bases>": "django.db.models.fields.related_descriptors.RelatedManager",
        "@through": "type[django.db.models.Model]",
    },
    "django.db.models.Prefetch": {"<bases>": "", "@queryset": "django.db.models.QuerySet", "@to_attr": "str"},
    # ---------------------------------------------------------------- models
    "django.db.models.Model": {
        "<bases>": "",
        "@objects": "django.db.models.Manager[$cls]",
        "@_default_manager": "django.db.models.Manager[$cls]",
        "@_base_manager": "django.db.models.Manager[$cls]",
        "@pk": "?", "@_meta": "django.db.models.options.Options",
        "@DoesNotExist": "type[django.core.exceptions.ObjectDoesNotExist]",
        "@MultipleObjectsReturned": "type[django.core.exceptions.MultipleObjectsReturned]",
        "save": "BQW", "save_base": "BQW", "delete": "BQW -> tuple[int, dict]", "refresh_from_db": "BQ",
        "asave": "AQW", "adelete": "AQW -> tuple[int, dict]", "arefresh_from_db": "AQ",
        "validate_unique": "BQ", "validate_constraints": "BQ", "full_clean": "BQ",
        "clean": "", "clean_fields": "", "get_deferred_fields": "-> set[str]", "from_db": "-> $cls",
        "serializable_value": "-> ?",
    },
    "django.db.models.fields.files.FieldFile": {
        "<bases>": "django.core.files.File",
        "open": "BF -> $self", "save": "BF", "delete": "BD", "close": "",
        "@url": "str", "@path": "str", "@name": "str", "@size": "BD -> int",
        "@storage": "django.core.files.storage.Storage", "@file": "BF -> django.core.files.File",
    },
    "django.db.models.fields.files.ImageFieldFile": {
        "<bases>": "django.db.models.fields.files.FieldFile",
        "@width": "BF -> int", "@height": "BF -> int",
    },
    "django.core.files.File": {
        "<bases>": "",
        "<enter>": "-> $self", "<iter>": "BF -> bytes", "<bool>": "",
        "open": "BF -> $self", "read": "BF -> bytes", "readline": "BF -> bytes", "readlines": "BF -> list[bytes]",
        "write": "BF -> int", "chunks": "BF -> list[bytes]", "seek": "", "close": "",
        "multiple_chunks": "-> bool", "@size": "BD -> int", "@name": "str",
    },
    # in memory
    "django.core.files.base.ContentFile": {
        "<bases>": "django.core.files.File",
        "<iter>": "-> bytes", "open": "-> $self", "read": "-> bytes", "readline": "-> bytes",
        "readlines": "-> list[bytes]", "write": "-> int", "chunks": "-> list[bytes]", "@size": "int",
    },
    "django.core.files.uploadedfile.UploadedFile": {
        "<bases>": "django.core.files.File", "@content_type": "str", "@charset": "str | None",
    },
    "django.core.files.storage.Storage": {
        "<bases>": "",
        "open": "BF -> django.core.files.File", "save": "BF -> str", "delete": "BD", "exists": "BD -> bool",
        "listdir": "BD -> tuple[list[str], list[str]]", "size": "BD -> int", "url": "-> str", "path": "-> str",
        "get_created_time": "BD -> datetime.datetime", "get_modified_time": "BD -> datetime.datetime",
        "get_accessed_time": "BD -> datetime.datetime", "get_available_name": "BD -> str",
        "get_valid_name": "-> str", "generate_filename": "-> str",
    },
    "django.core.files.storage.FileSystemStorage": {"<bases>": "django.core.files.storage.Storage"},
    # a storage on another machine: every call is a request
    "storages.backends.s3boto3.S3Boto3Storage": {
        "<bases>": "django.core.files.storage.Storage",
        "open": "B -> django.core.files.File", "save": "B -> str", "delete": "B", "exists": "B -> bool",
        "listdir": "B -> tuple[list[str], list[str]]", "size": "B -> int",
    },
    # ---------------------------------------------------------------- the database underneath
    "django.db.transaction.Atomic": {
        "<bases>": "", "<enter>": "B", "<call>": "-> $arg0",
    },
    "django.db.backends.base.base.BaseDatabaseWrapper": {
        "<bases>": "",
        "cursor": "B -> django.db.backends.utils.CursorWrapper",
        "commit": "B", "rollback": "B", "close": "B", "connect": "B", "ensure_connection": "B",
        "savepoint": "B -> str", "savepoint_commit": "B", "savepoint_rollback": "B", "is_usable": "BQ -> bool",
        "on_commit": "", "execute_wrapper": "", "schema_editor": "B", "set_autocommit": "B",
        "@queries": "list[dict]", "@vendor": "str", "@settings_dict": "dict", "@in_atomic_block": "bool",
        "@alias": "str",
    },
    "django.db.backends.utils.CursorWrapper": {"<bases>": "dbapi.Cursor"},
    # ---------------------------------------------------------------- cache and mail
    "django.core.cache.backends.base.BaseCache": {
        "<bases>": "",
        "get": "B -> ?", "set": "B", "add": "B -> bool", "touch": "B -> bool", "delete": "B -> bool",
        "get_or_set": "B -> ?", "has_key": "B -> bool", "incr": "B -> int", "decr": "B -> int", "clear": "B",
        "get_many": "B -> dict", "set_many": "B", "delete_many": "B", "<contains>": "B", "close": "B",
        "aget": "A -> ?", "aset": "A", "aadd": "A -> bool", "atouch": "A -> bool", "adelete": "A -> bool",
        "aget_or_set": "A -> ?", "ahas_key": "A -> bool", "aincr": "A -> int", "adecr": "A -> int",
        "aclear": "A", "aget_many": "A -> dict", "aset_many": "A", "adelete_many": "A", "aclose": "A",
        "make_key": "-> str",
    },
    "django.core.mail.EmailMessage": {
        "<bases>": "", "send": "B -> int", "attach": "", "attach_file": "BF", "message": "-> ?",
        "get_connection": "-> django.core.mail.backends.base.BaseEmailBackend",
    },
    "django.core.mail.EmailMultiAlternatives": {
        "<bases>": "django.core.mail.EmailMessage", "attach_alternative": "",
    },
    "django.core.mail.backends.base.BaseEmailBackend": {
        "<bases>": "", "open": "B", "close": "B", "send_messages": "B -> int", "<enter>": "B -> $self",
    },
    # ---------------------------------------------------------------- requests and views
    "django.http.HttpRequest": {
        "<bases>": "",
        "@user": "django.contrib.auth.models.User", "auser": "A -> django.contrib.auth.models.User",
        "@session": "django.contrib.sessions.backends.base.SessionBase",
        "@GET": "django.http.QueryDict", "@POST": "django.http.QueryDict", "@COOKIES": "dict[str, str]",
        "@FILES": "dict[str, django.core.files.uploadedfile.UploadedFile]", "@META": "dict[str, str]",
        "@headers": "dict[str, str]", "@body": "bytes", "@method": "str", "@path": "str",
        "@site": "django.contrib.sites.models.Site",
        "read": "-> bytes", "get_host": "-> str", "build_absolute_uri": "-> str", "is_secure": "-> bool",
        "get_full_path": "-> str", "get_signed_cookie": "-> str",
    },
    "django.core.handlers.wsgi.WSGIRequest": {"<bases>": "django.http.HttpRequest"},
    "django.core.handlers.asgi.ASGIRequest": {"<bases>": "django.http.HttpRequest"},
    "django.http.QueryDict": {
        "<bases>": "dict", "getlist": "-> list[str]", "dict": "-> dict[str, str]", "urlencode": "-> str",
        "copy": "-> $self",
    },
    "django.contrib.sessions.backends.base.SessionBase": {
        "<bases>": "dict",
        "save": "BQW", "flush": "BQW", "cycle_key": "BQW", "create": "BQW", "delete": "BQW",
        "exists": "BQ -> bool", "load": "BQ -> dict[str, ?]", "clear_expired": "BQW", "set_expiry": "",
        "get_expiry_age": "-> int",
        "asave": "AQW", "aflush": "AQW", "acycle_key": "AQW", "acreate": "AQW", "adelete": "AQW",
        "aexists": "AQ -> bool", "aload": "AQ -> dict[str, ?]", "aclear_expired": "AQW", "aget": "A -> ?",
        "aset": "A", "apop": "A -> ?", "aupdate": "A", "asetdefault": "A -> ?", "ahas_key": "A -> bool",
        "@session_key": "str | None",
    },
    "django.contrib.sessions.backends.db.SessionStore": {
        "<bases>": "django.contrib.sessions.backends.base.SessionBase",
    },
    "django.contrib.sessions.backends.cached_db.SessionStore": {
        "<bases>": "django.contrib.sessions.backends.db.SessionStore",
    },
    "django.dispatch.Signal": {
        "<bases>": "", "asend": "A -> list[tuple]", "asend_robust": "A -> list[tuple]",
    },
    "django.http.HttpResponse": {
        "<bases>": "", "set_cookie": "", "delete_cookie": "", "write": "", "@status_code": "int",
        "@content": "bytes", "@headers": "dict[str, str]",
    },
    "django.http.JsonResponse": {"<bases>": "django.http.HttpResponse"},
    "django.http.HttpResponseRedirect": {"<bases>": "django.http.HttpResponse"},
    "django.http.HttpResponseNotFound": {"<bases>": "django.http.HttpResponse"},
    "django.http.HttpResponseBadRequest": {"<bases>": "django.http.HttpResponse"},
    "django.http.HttpResponseForbidden": {"<bases>": "django.http.HttpResponse"},
    "django.http.StreamingHttpResponse": {"<bases>": "django.http.HttpResponse"},
    "django.http.FileResponse": {"<bases>": "django.http.HttpResponse"},
    # the function that a middleware is given, under a name of its own
    "django.utils.deprecation.GetResponse": {"<call>": "-> django.http.HttpResponse"},
    "django.utils.deprecation.MiddlewareMixin": {
        "<bases>": "", "get_response": "-> django.http.HttpResponse",
    },
    "django.views.View": {
        "<bases>": "", "@request": "django.http.HttpRequest", "@kwargs": "dict[str, ?]", "@args": "tuple",
    },
    "django.views.generic.list.MultipleObjectMixin": {
        "<bases>": "",
        "get_queryset": "-> django.db.models.QuerySet",
        "get_context_data": "-> django.views.generic.Context[$self]",
        "paginate_queryset": "BQ -> tuple",
    },
    "django.views.generic.detail.SingleObjectMixin": {
        "<bases>": "", "get_object": "BQ -> ?", "get_queryset": "-> django.db.models.QuerySet",
        "get_context_data": "-> django.views.generic.Context[$self]",
    },
    # what a template is given: the rows of the view stand in it under their names
    "django.views.generic.Context": {"<bases>": "dict"},
    "django.views.generic.ListView": {
        "<bases>": "django.views.generic.list.MultipleObjectMixin django.views.View",
    },
    "django.views.generic.DetailView": {
        "<bases>": "django.views.generic.detail.SingleObjectMixin django.views.View",
    },
    "django.views.generic.TemplateView": {
        "<bases>": "django.views.View", "get_context_data": "-> dict[str, ?]",
    },
    "django.views.generic.FormView": {"<bases>": "django.views.View", "get_context_data": "-> dict[str, ?]"},
    "django.views.generic.CreateView": {
        "<bases>": "django.views.generic.detail.SingleObjectMixin django.views.View", "form_valid": "BQW",
    },
    "django.views.generic.UpdateView": {
        "<bases>": "django.views.generic.detail.SingleObjectMixin django.views.View", "form_valid": "BQW",
    },
    "django.views.generic.DeleteView": {
        "<bases>": "django.views.generic.detail.SingleObjectMixin django.views.View", "form_valid": "BQW",
        "delete": "BQW",
    },
    "django.core.paginator.Paginator": {
        "<bases>": "",
        # the total is counted once and remembered; a page is a lazy slice
        "@count": "BQ -> int", "@num_pages": "BQ -> int", "@page_range": "BQ -> list[int]",
        "@object_list": "$arg0", "page": "BQ -> django.core.paginator.Page[$t]",
        "get_page": "BQ -> django.core.paginator.Page[$t]", "<iter>": "BQ -> django.core.paginator.Page[$t]",
    },
    "django.core.paginator.Page": {
        "<bases>": "",
        "<iter>": "BQ -> $t", "<len>": "BQ", "<getitem>": "BQ -> $t",
        "@object_list": "django.db.models.QuerySet[$t]", "@number": "int",
        "@paginator": "django.core.paginator.Paginator[$t]", "has_next": "-> bool",
        "has_previous": "-> bool", "next_page_number": "-> int", "previous_page_number": "-> int",
    },
    "django.forms.ModelForm": {
        "<bases>": "django.forms.Form", "save": "BQW -> ?", "@instance": "?",
    },
    "django.forms.Form": {
        "<bases>": "", "is_valid": "-> bool", "add_error": "", "@cleaned_data": "dict[str, ?]", "@errors": "dict",
        "@data": "dict[str, ?]",
    },
    # ---------------------------------------------------------------- contrib
    "django.contrib.auth.models.AbstractBaseUser": {
        "<bases>": "django.db.models.Model",
        "set_password": "C", "check_password": "C -> bool", "acheck_password": "A -> bool",
        "set_unusable_password": "", "has_usable_password": "-> bool", "get_username": "-> str",
        "get_session_auth_hash": "-> str", "@is_authenticated": "bool", "@is_anonymous": "bool",
        "@is_active": "bool", "@password": "str",
    },
    "django.contrib.auth.models.PermissionsMixin": {
        "<bases>": "django.db.models.Model",
        "has_perm": "B -> bool", "has_perms": "B -> bool", "has_module_perms": "B -> bool",
        "get_all_permissions": "B -> set[str]", "get_group_permissions": "B -> set[str]",
        "get_user_permissions": "B -> set[str]", "ahas_perm": "A -> bool", "ahas_perms": "A -> bool",
        "@groups": "django.db.models.fields.related_descriptors.ManyRelatedManager"
                   "[django.contrib.auth.models.Group]",
        "@user_permissions": "django.db.models.fields.related_descriptors.ManyRelatedManager"
                             "[django.contrib.auth.models.Permission]",
        "@is_superuser": "bool",
    },
    "django.contrib.auth.models.AbstractUser": {
        "<bases>": "django.contrib.auth.models.AbstractBaseUser django.contrib.auth.models.PermissionsMixin",
        "@objects": "django.contrib.auth.models.UserManager[$cls]",
        "get_full_name": "-> str", "get_short_name": "-> str", "email_user": "B",
        "@username": "str", "@first_name": "str", "@last_name": "str", "@email": "str", "@is_staff": "bool",
    },
    "django.contrib.auth.models.User": {"<bases>": "django.contrib.auth.models.AbstractUser"},
    "django.contrib.auth.models.AnonymousUser": {"<bases>": "", "@is_authenticated": "bool"},
    "django.contrib.auth.models.BaseUserManager": {
        "<bases>": "django.db.models.Manager",
        "get_by_natural_key": "BQ -> $t", "aget_by_natural_key": "AQ -> $t",
        "normalize_email": "-> str", "make_random_password": "-> str",
    },
    "django.contrib.auth.models.UserManager": {
        "<bases>": "django.contrib.auth.models.BaseUserManager",
        "create_user": "BCQW -> $t", "create_superuser": "BCQW -> $t",
        "acreate_user": "AQW -> $t", "acreate_superuser": "AQW -> $t",
        "with_perm": "-> django.db.models.QuerySet[$t]",
    },
    "django.contrib.auth.models.Group": {
        "<bases>": "django.db.models.Model",
        "@permissions": "django.db.models.fields.related_descriptors.ManyRelatedManager"
                        "[django.contrib.auth.models.Permission]",
        "@user_set": "django.db.models.fields.related_descriptors.ManyRelatedManager"
                     "[django.contrib.auth.models.User]",
        "@name": "str",
    },
    "django.contrib.auth.models.Permission": {"<bases>": "django.db.models.Model", "@codename": "str"},
    "django.contrib.contenttypes.models.ContentType": {
        "<bases>": "django.db.models.Model",
        "@objects": "django.contrib.contenttypes.models.ContentTypeManager[$cls]",
        "model_class": "-> ?", "get_object_for_this_type": "BQ -> ?",
        "get_all_objects_for_this_type": "-> django.db.models.QuerySet", "@app_label": "str", "@model": "str",
    },
    # remembered for the life of the process
    "django.contrib.contenttypes.models.ContentTypeManager": {
        "<bases>": "django.db.models.Manager",
        "get_for_model": "-> $t", "get_for_models": "-> dict[?, $t]", "get_for_id": "-> $t",
        "get_by_natural_key": "-> $t",
    },
    "django.contrib.admin.BaseModelAdmin": {
        "<bases>": "",
        "get_queryset": "-> django.db.models.QuerySet", "get_object": "BQ -> ?",
        "get_field_queryset": "-> django.db.models.QuerySet", "has_view_permission": "-> bool",
        "has_add_permission": "-> bool", "has_change_permission": "-> bool", "has_delete_permission": "-> bool",
    },
    "django.contrib.admin.ModelAdmin": {
        "<bases>": "django.contrib.admin.BaseModelAdmin",
        "save_model": "BQW", "delete_model": "BQW", "delete_queryset": "BQWM", "message_user": "",
        "log_change": "BQW", "log_addition": "BQW", "log_deletion": "BQW",
    },
    "django.contrib.admin.StackedInline": {"<bases>": "django.contrib.admin.BaseModelAdmin"},
    "django.contrib.admin.TabularInline": {"<bases>": "django.contrib.admin.BaseModelAdmin"},
    "django.contrib.auth.admin.UserAdmin": {"<bases>": "django.contrib.admin.ModelAdmin"},
    "django.contrib.sites.models.Site": {
        "<bases>": "django.db.models.Model", "@objects": "django.contrib.sites.models.SiteManager[$cls]",
        "@domain": "str", "@name": "str",
    },
    "django.contrib.sites.models.SiteManager": {
        "<bases>": "django.db.models.Manager", "get_current": "-> $t",
    },
    # ---------------------------------------------------------------- Django REST framework
    "rest_framework.request.Request": {
        "<bases>": "django.http.HttpRequest",
        "@data": "dict[str, ?]", "@query_params": "django.http.QueryDict", "@auth": "?",
        "@accepted_renderer": "?", "@parser_context": "dict",
    },
    "rest_framework.response.Response": {"<bases>": "django.http.HttpResponse", "@data": "?"},
    "rest_framework.views.APIView": {
        "<bases>": "django.views.View",
        "@request": "rest_framework.request.Request", "check_permissions": "", "check_object_permissions": "",
    },
    "rest_framework.generics.GenericAPIView": {
        "<bases>": "rest_framework.views.APIView",
        "get_queryset": "-> django.db.models.QuerySet", "filter_queryset": "-> $arg0",
        "get_object": "BQ -> ?", "paginate_queryset": "BQ -> list[$arg0.t] | None",
        "get_serializer": "-> rest_framework.serializers.Serializer",
        "get_serializer_class": "-> type[rest_framework.serializers.Serializer]",
        "get_serializer_context": "-> dict[str, ?]",
        "get_paginated_response": "-> rest_framework.response.Response",
    },
    "rest_framework.mixins.CreateModelMixin": {"<bases>": "", "create": "BQW", "perform_create": "BQW"},
    "rest_framework.mixins.ListModelMixin": {"<bases>": "", "list": "BQ"},
    "rest_framework.mixins.RetrieveModelMixin": {"<bases>": "", "retrieve": "BQ"},
    "rest_framework.mixins.UpdateModelMixin": {
        "<bases>": "", "update": "BQW", "partial_update": "BQW", "perform_update": "BQW",
    },
    "rest_framework.mixins.DestroyModelMixin": {"<bases>": "", "destroy": "BQW", "perform_destroy": "BQW"},
    "rest_framework.generics.CreateAPIView": {
        "<bases>": "rest_framework.mixins.CreateModelMixin rest_framework.generics.GenericAPIView",
    },
    "rest_framework.generics.ListAPIView": {
        "<bases>": "rest_framework.mixins.ListModelMixin rest_framework.generics.GenericAPIView",
    },
    "rest_framework.generics.RetrieveAPIView": {
        "<bases>": "rest_framework.mixins.RetrieveModelMixin rest_framework.generics.GenericAPIView",
    },
    "rest_framework.generics.UpdateAPIView": {
        "<bases>": "rest_framework.mixins.UpdateModelMixin rest_framework.generics.GenericAPIView",
    },
    "rest_framework.generics.DestroyAPIView": {
        "<bases>": "rest_framework.mixins.DestroyModelMixin rest_framework.generics.GenericAPIView",
    },
    "rest_framework.generics.ListCreateAPIView": {
        "<bases>": "rest_framework.mixins.ListModelMixin rest_framework.mixins.CreateModelMixin "
                   "rest_framework.generics.GenericAPIView",
    },
    "rest_framework.generics.RetrieveUpdateAPIView": {
        "<bases>": "rest_framework.mixins.RetrieveModelMixin rest_framework.mixins.UpdateModelMixin "
                   "rest_framework.generics.GenericAPIView",
    },
    "rest_framework.generics.RetrieveDestroyAPIView": {
        "<bases>": "rest_framework.mixins.RetrieveModelMixin rest_framework.mixins.DestroyModelMixin "
                   "rest_framework.generics.GenericAPIView",
    },
    "rest_framework.generics.RetrieveUpdateDestroyAPIView": {
        "<bases>": "rest_framework.mixins.RetrieveModelMixin rest_framework.mixins.UpdateModelMixin "
                   "rest_framework.mixins.DestroyModelMixin rest_framework.generics.GenericAPIView",
    },
    "rest_framework.viewsets.ViewSet": {"<bases>": "rest_framework.views.APIView", "@action": "str"},
    "rest_framework.viewsets.GenericViewSet": {
        "<bases>": "rest_framework.generics.GenericAPIView", "@action": "str",
    },
    "rest_framework.viewsets.ReadOnlyModelViewSet": {
        "<bases>": "rest_framework.mixins.RetrieveModelMixin rest_framework.mixins.ListModelMixin "
                   "rest_framework.viewsets.GenericViewSet",
    },
    "rest_framework.viewsets.ModelViewSet": {
        "<bases>": "rest_framework.mixins.CreateModelMixin rest_framework.mixins.RetrieveModelMixin "
                   "rest_framework.mixins.UpdateModelMixin rest_framework.mixins.DestroyModelMixin "
                   "rest_framework.mixins.ListModelMixin rest_framework.viewsets.GenericViewSet",
    },
    # what ``data`` of one object costs depends on its fields; ``many=True`` makes a ListSerializer
    "rest_framework.serializers.BaseSerializer": {
        "<bases>": "",
        "@data": "dict[str, ?]", "@errors": "dict[str, ?]", "@validated_data": "dict[str, ?]",
        "@initial_data": "dict[str, ?]", "@context": "dict[str, ?]", "@instance": "?",
        "@fields": "dict[str, ?]", "is_valid": "-> bool", "save": "-> ?",
    },
    "rest_framework.serializers.Serializer": {"<bases>": "rest_framework.serializers.BaseSerializer"},
    "rest_framework.serializers.ListSerializer": {
        "<bases>": "rest_framework.serializers.BaseSerializer",
        "@data": "BQ -> list[dict[str, ?]]", "@validated_data": "list[dict[str, ?]]", "save": "BQW -> list[?]",
        "@child": "rest_framework.serializers.Serializer",
    },
    "rest_framework.serializers.ModelSerializer": {
        "<bases>": "rest_framework.serializers.Serializer",
        "save": "BQW -> ?", "create": "BQW -> ?", "update": "BQW -> ?",
    },
    "rest_framework.serializers.HyperlinkedModelSerializer": {
        "<bases>": "rest_framework.serializers.ModelSerializer",
    },
    "rest_framework.pagination.BasePagination": {
        "<bases>": "", "paginate_queryset": "BQ -> list[$arg0.t]",
        "get_paginated_response": "-> rest_framework.response.Response",
    },
    "rest_framework.pagination.PageNumberPagination": {"<bases>": "rest_framework.pagination.BasePagination"},
    "rest_framework.pagination.LimitOffsetPagination": {"<bases>": "rest_framework.pagination.BasePagination"},
    "rest_framework.pagination.CursorPagination": {"<bases>": "rest_framework.pagination.BasePagination"},
    "rest_framework.authtoken.models.Token": {
        "<bases>": "django.db.models.Model", "@user": "django.contrib.auth.models.User", "@key": "str",
    },
    # ---------------------------------------------------------------- packages around Django
    "graphene.relay.Node": {
        "<bases>": "", "get_node_from_global_id": "BQ -> ?", "node_resolver": "BQ -> ?",
        "to_global_id": "-> str", "from_global_id": "-> tuple[str, str]", "resolve_global_id": "-> tuple[str, str]",
    },
    "graphene.relay.GlobalID": {"<bases>": ""},
    "graphene_django.DjangoObjectType": {
        "<bases>": "", "get_node": "BQ -> ?", "get_queryset": "-> $arg0",
    },
    "mptt.models.MPTTModel": {
        "<bases>": "django.db.models.Model",
        "@objects": "mptt.managers.TreeManager[$cls]",
        "get_ancestors": "-> django.db.models.QuerySet[$cls]",
        "get_children": "-> django.db.models.QuerySet[$cls]",
        "get_descendants": "-> django.db.models.QuerySet[$cls]",
        "get_family": "-> django.db.models.QuerySet[$cls]",
        "get_leafnodes": "-> django.db.models.QuerySet[$cls]",
        "get_siblings": "-> django.db.models.QuerySet[$cls]",
        "get_root": "BQ -> $cls", "get_next_sibling": "BQ -> $cls | None",
        "get_previous_sibling": "BQ -> $cls | None", "get_descendant_count": "-> int",
        "is_leaf_node": "-> bool", "is_root_node": "-> bool", "is_child_node": "-> bool",
        "insert_at": "BQW", "move_to": "BQW",
    },
    "mptt.managers.TreeManager": {
        "<bases>": "django.db.models.Manager",
        "get_queryset_ancestors": "-> django.db.models.QuerySet[$t]",
        "get_queryset_descendants": "-> django.db.models.QuerySet[$t]",
        "root_nodes": "-> django.db.models.QuerySet[$t]", "rebuild": "BQWM", "partial_rebuild": "BQWM",
        "insert_node": "BQW -> $t", "move_node": "BQW",
    },
    "modelcluster.models.ClusterableModel": {"<bases>": "django.db.models.Model"},
    "polymorphic.models.PolymorphicModel": {
        "<bases>": "django.db.models.Model",
        "@objects": "polymorphic.managers.PolymorphicManager[$cls]", "get_real_instance": "BQ -> $self",
        "get_real_instance_class": "-> type[$self]",
    },
    "polymorphic.managers.PolymorphicManager": {"<bases>": "django.db.models.Manager"},
    "taggit.managers._TaggableManager": {
        "<bases>": "django.db.models.Manager",
        "add": "BQWM", "remove": "BQWM", "clear": "BQWM", "set": "BQWM", "names": "BQ -> list[str]",
        "slugs": "BQ -> list[str]", "similar_objects": "BQ -> list[?]",
        "most_common": "-> django.db.models.QuerySet[$t]",
    },
    "django_filters.FilterSet": {
        "<bases>": "", "@qs": "django.db.models.QuerySet[$arg1.t]", "is_valid": "-> bool",
        "filter_queryset": "-> $arg0",
    },
    "import_export.resources.ModelResource": {
        "<bases>": "", "export": "BQ -> ?", "import_data": "BQWM -> ?",
    },
    "haystack.query.SearchQuerySet": {
        "<bases>": "",
        "filter": "-> $self", "filter_and": "-> $self", "filter_or": "-> $self", "exclude": "-> $self",
        "all": "-> $self", "none": "-> $self", "models": "-> $self", "order_by": "-> $self",
        "auto_query": "-> $self", "autocomplete": "-> $self", "boost": "-> $self", "facet": "-> $self",
        "highlight": "-> $self", "load_all": "-> $self", "narrow": "-> $self", "using": "-> $self",
        "raw_search": "-> $self", "date_facet": "-> $self", "values": "-> $self", "values_list": "-> $self",
        "count": "BQ -> int", "best_match": "BQ -> haystack.models.SearchResult",
        "latest": "BQ -> haystack.models.SearchResult", "more_like_this": "-> $self",
        "facet_counts": "BQ -> dict", "stats_results": "BQ -> dict", "spelling_suggestion": "BQ -> str",
        "<iter>": "BQ -> haystack.models.SearchResult", "<len>": "BQ", "<bool>": "BQ",
        "<getitem>": "BQ -> haystack.models.SearchResult",
    },
    # the row behind a hit is read when it is asked for
    "haystack.models.SearchResult": {
        "<bases>": "", "@object": "BQ -> ?", "@pk": "str", "@score": "float", "get_additional_fields": "-> dict",
        "get_stored_fields": "BQ -> dict",
    },
    "reversion.models.Version": {
        "<bases>": "django.db.models.Model",
        "@objects": "reversion.models.VersionQuerySet[$cls]", "revert": "BQW", "@field_dict": "dict[str, ?]",
    },
    "reversion.models.VersionQuerySet": {
        "<bases>": "django.db.models.QuerySet",
        "get_for_object": "-> $self", "get_for_model": "-> $self", "get_deleted": "-> $self",
        "get_for_object_reference": "-> $self", "get_unique": "BQ -> list[$t]",
    },
    "simple_history.models.HistoricalRecords": {
        "<bases>": "django.db.models.Manager", "most_recent": "BQ -> ?", "as_of": "BQ -> ?",
    },
    "guardian.core.ObjectPermissionChecker": {
        "<bases>": "", "has_perm": "BQ -> bool", "get_perms": "BQ -> list[str]", "get_user_perms": "BQ -> list[str]",
        "get_group_perms": "BQ -> list[str]", "prefetch_perms": "BQ",
    },
    "treebeard.models.Node": {
        "<bases>": "django.db.models.Model",
        "get_children": "-> django.db.models.QuerySet[$cls]", "get_ancestors": "-> django.db.models.QuerySet[$cls]",
        "get_descendants": "-> django.db.models.QuerySet[$cls]", "get_siblings": "-> django.db.models.QuerySet[$cls]",
        "get_tree": "-> django.db.models.QuerySet[$cls]", "get_root_nodes": "-> django.db.models.QuerySet[$cls]",
        "get_parent": "BQ -> $cls | None", "get_root": "BQ -> $cls", "get_first_child": "BQ -> $cls | None",
        "get_last_child": "BQ -> $cls | None", "get_next_sibling": "BQ -> $cls | None",
        "get_prev_sibling": "BQ -> $cls | None", "get_descendant_count": "BQ -> int", "get_children_count": "-> int",
        "add_child": "BQW -> $cls", "add_root": "BQW -> $cls", "add_sibling": "BQW -> $cls", "move": "BQW",
        "is_leaf": "-> bool", "is_root": "-> bool",
    },
    "treebeard.mp_tree.MP_Node": {"<bases>": "treebeard.models.Node"},
    "treebeard.ns_tree.NS_Node": {"<bases>": "treebeard.models.Node"},
    "treebeard.al_tree.AL_Node": {"<bases>": "treebeard.models.Node"},
    "django_extensions.db.models.TimeStampedModel": {"<bases>": "django.db.models.Model"},
    "django_extensions.db.models.TitleDescriptionModel": {"<bases>": "django.db.models.Model"},
    "django_extensions.db.models.TitleSlugDescriptionModel": {"<bases>": "django.db.models.Model"},
    "django_extensions.db.models.ActivatorModel": {"<bases>": "django.db.models.Model"},
    "model_utils.models.TimeStampedModel": {"<bases>": "django.db.models.Model"},
    "model_utils.models.StatusModel": {"<bases>": "django.db.models.Model"},
    "model_utils.models.SoftDeletableModel": {"<bases>": "django.db.models.Model"},
    "model_utils.managers.InheritanceManager": {
        "<bases>": "django.db.models.Manager",
        "select_subclasses": "-> django.db.models.QuerySet[$t]", "get_subclass": "BQ -> $t",
    },
    "django_tenants.models.TenantMixin": {"<bases>": "django.db.models.Model", "create_schema": "BQW"},
    "wagtail.models.Page": {
        "<bases>": "django.db.models.Model",
        "get_children": "-> django.db.models.QuerySet[wagtail.models.Page]",
        "get_ancestors": "-> django.db.models.QuerySet[wagtail.models.Page]",
        "get_descendants": "-> django.db.models.QuerySet[wagtail.models.Page]",
        "get_siblings": "-> django.db.models.QuerySet[wagtail.models.Page]",
        "get_parent": "BQ -> wagtail.models.Page", "add_child": "BQW", "move": "BQW",
        "save_revision": "BQW", "@specific": "BQ -> ?",
    },
}

ALIASES: dict[str, str] = {
    "django.contrib.admin.options.ModelAdmin": "django.contrib.admin.ModelAdmin",
    "django.contrib.admin.options.StackedInline": "django.contrib.admin.StackedInline",
    "django.contrib.admin.options.TabularInline": "django.contrib.admin.TabularInline",
    "django.db.models.query.QuerySet": "django.db.models.QuerySet",
    "django.db.models.query.Prefetch": "django.db.models.Prefetch",
    "django.db.models.query.prefetch_related_objects": "django.db.models.prefetch_related_objects",
    "django.db.models.RawQuerySet": "django.db.models.query.RawQuerySet",
    "django.db.models.query.ValuesListQuerySet": "django.db.models.query.ValuesQuerySet",
    "django.db.models.manager.Manager": "django.db.models.Manager",
    "django.db.models.manager.BaseManager": "django.db.models.Manager",
    "django.db.models.manager.RelatedManager": "django.db.models.fields.related_descriptors.RelatedManager",
    "django.db.models.manager.ManyToManyRelatedManager":
        "django.db.models.fields.related_descriptors.ManyRelatedManager",
    "django.db.models.base.Model": "django.db.models.Model",
    "django.contrib.gis.db.models.Model": "django.db.models.Model",
    "django.contrib.gis.db.models.Manager": "django.db.models.Manager",
    "django.contrib.gis.db.models.QuerySet": "django.db.models.QuerySet",
    "django.core.files.storage.base.Storage": "django.core.files.storage.Storage",
    "django.core.files.storage.filesystem.FileSystemStorage": "django.core.files.storage.FileSystemStorage",
    "storages.backends.s3.S3Storage": "storages.backends.s3boto3.S3Boto3Storage",
    "django.core.files.base.File": "django.core.files.File",
    "django.core.mail.message.EmailMessage": "django.core.mail.EmailMessage",
    "django.core.mail.message.EmailMultiAlternatives": "django.core.mail.EmailMultiAlternatives",
    "django.contrib.auth.base_user.AbstractBaseUser": "django.contrib.auth.models.AbstractBaseUser",
    "django.contrib.auth.base_user.BaseUserManager": "django.contrib.auth.models.BaseUserManager",
    "django.http.request.HttpRequest": "django.http.HttpRequest",
    "django.http.request.QueryDict": "django.http.QueryDict",
    "django.http.response.HttpResponse": "django.http.HttpResponse",
    "django.http.response.JsonResponse": "django.http.JsonResponse",
    "django.http.response.HttpResponseRedirect": "django.http.HttpResponseRedirect",
    "django.http.response.StreamingHttpResponse": "django.http.StreamingHttpResponse",
    "django.http.response.FileResponse": "django.http.FileResponse",
    "django.views.generic.View": "django.views.View",
    "django.views.generic.base.View": "django.views.View",
    "django.views.generic.base.TemplateView": "django.views.generic.TemplateView",
    "django.views.generic.list.ListView": "django.views.generic.ListView",
    "django.views.generic.detail.DetailView": "django.views.generic.DetailView",
    "django.views.generic.edit.FormView": "django.views.generic.FormView",
    "django.views.generic.edit.CreateView": "django.views.generic.CreateView",
    "django.views.generic.edit.UpdateView": "django.views.generic.UpdateView",
    "django.views.generic.edit.DeleteView": "django.views.generic.DeleteView",
    "django.forms.models.ModelForm": "django.forms.ModelForm",
    "django.forms.forms.Form": "django.forms.Form",
    "django.forms.model_to_dict": "django.forms.models.model_to_dict",
    "graphene.Node": "graphene.relay.Node",
    "graphene.relay.node.Node": "graphene.relay.Node",
    "graphene_django.types.DjangoObjectType": "graphene_django.DjangoObjectType",
    "graphql_relay.node.node.from_global_id": "graphql_relay.from_global_id",
    "django_filters.filterset.FilterSet": "django_filters.FilterSet",
    "django_filters.rest_framework.FilterSet": "django_filters.FilterSet",
    "polymorphic.models.PolymorphicManager": "polymorphic.managers.PolymorphicManager",
    "wagtail.core.models.Page": "wagtail.models.Page",
}
