"""What signatures cannot say: ready-made objects, type arguments of constructed objects, slices, rows."""

from __future__ import annotations

#: Objects that a module offers ready-made, by qualified name.
OBJECTS: dict[str, str] = {
    "django.db.connection": "django.db.backends.base.base.BaseDatabaseWrapper",
    "django.db.connections": "dict[str, django.db.backends.base.base.BaseDatabaseWrapper]",
    "django.core.cache.cache": "django.core.cache.backends.base.BaseCache",
    "django.core.cache.caches": "dict[str, django.core.cache.backends.base.BaseCache]",
    "django.core.files.storage.default_storage": "django.core.files.storage.Storage",
    "flask.request": "flask.Request",
    "flask.session": "flask.sessions.SessionMixin",
    "flask.g": "flask.ctx.AppContextGlobals",
    "flask.current_app": "flask.Flask",
    "flask_login.current_user": "flask_login.UserMixin",
    "quart.request": "quart.Request",
    "celery.current_app": "celery.Celery",
}

#: Where the type argument ``$t`` of an object comes from when it is constructed: ``keyword=default`` (an
#: instance of the class passed under that keyword) or ``$arg0.t=default``; an empty default is unknown.
PARAMETERS: dict[str, str] = {
    "sqlalchemy.orm.sessionmaker": "class_=sqlalchemy.orm.Session",
    "sqlalchemy.orm.scoped_session": "$arg0.t=sqlalchemy.orm.Session",
    "sqlalchemy.ext.asyncio.async_sessionmaker": "class_=sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.async_scoped_session": "$arg0.t=sqlalchemy.ext.asyncio.AsyncSession",
    "django.core.paginator.Paginator": "$arg0.t=",
    "django.db.models.QuerySet": "$arg0|model=",
    "pydantic.TypeAdapter": "$arg0=",
    "dependency_injector.providers.Factory": "$arg0=",
    "dependency_injector.providers.Singleton": "$arg0=",
    "dependency_injector.providers.ThreadSafeSingleton": "$arg0=",
    "dependency_injector.providers.ContextLocalSingleton": "$arg0=",
}

#: What a slice answers, where it differs from an index (``<getitem>``).
SLICES: dict[str, str] = {
    "django.db.models.QuerySet": "-> $self",
    "django.db.models.query.RawQuerySet": "BQ -> list[$t]",
    "django.core.paginator.Page": "BQ -> list[$t]",
    "haystack.query.SearchQuerySet": "BQ -> list[haystack.models.SearchResult]",
    "sqlalchemy.orm.Query": "BQ -> list[$t]",
    "sqlalchemy.engine.Row": "-> tuple",
    "mongoengine.QuerySet": "-> $self",
    "peewee.ModelSelect": "BQ -> list[$t]",
    "pony.orm.core.Query": "BQ -> list[$t]",
}

#: Tuples of which only element 0 is known.
FIRST_ITEMS: dict[str, str] = {
    "sqlalchemy.engine.Row": "$t",
}

#: What a decorated function becomes: an object whose members the tables describe.
DECORATED: dict[str, str] = {
    "celery.shared_task": "celery.app.task.Task",
    "celery.task": "celery.app.task.Task",
    "celery.task.task": "celery.app.task.Task",
    "celery.decorators.task": "celery.app.task.Task",
    "celery.Celery.task": "celery.app.task.Task",
    "dramatiq.actor": "dramatiq.Actor",
    "rq.decorators.job": "rq.decorators.JobFunction",
    "rq.job": "rq.decorators.JobFunction",
    "django_rq.job": "rq.decorators.JobFunction",
    "django_rq.decorators.job": "rq.decorators.JobFunction",
    "huey.Huey.task": "huey.api.TaskWrapper",
    "huey.Huey.periodic_task": "huey.api.TaskWrapper",
    "huey.contrib.djhuey.task": "huey.api.TaskWrapper",
    "huey.contrib.djhuey.db_task": "huey.api.TaskWrapper",
    "procrastinate.App.task": "procrastinate.tasks.Task",
    "taskiq.AsyncBroker.task": "taskiq.AsyncTaskiqDecoratedTask",
}

#: Functions that ask an object for its text.
TEXTS: tuple[str, ...] = (
    "str",
    "format",
    "django.utils.html.escape",
    "django.utils.html.conditional_escape",
    "django.utils.encoding.force_str",
    "django.utils.encoding.smart_str",
    "markupsafe.escape",
)
