"""Where values are written into rows or matched against them, as far as keywords and mappings say the column.

How the values are given: ``keywords`` (``create(password=x)``, ``create(**data)``), ``mapping`` (a dict as the
first argument, and keywords), ``defaults`` (keywords beside ``defaults={...}``), ``document`` (a dict of
MongoDB), ``change`` (``{"$set": {...}}`` as the second argument).
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Methods of managers, query sets and model classes that write columns.
ROW_WRITES: dict[str, str] = {
    "create": "keywords", "acreate": "keywords", "update": "mapping", "aupdate": "keywords", "values": "mapping",
    "get_or_create": "defaults", "aget_or_create": "defaults", "update_or_create": "defaults",
    "aupdate_or_create": "defaults", "insert": "mapping", "replace": "keywords", "update_from_dict": "mapping",
    "objects_create": "keywords", "model_validate": "mapping", "from_orm": "mapping", "sqlmodel_update": "mapping",
    "construct": "keywords", "model_construct": "keywords", "modify": "keywords", "set": "mapping",
}

#: Methods that match columns against values.
ROW_FILTERS: dict[str, str] = {
    "filter": "keywords", "get": "keywords", "exclude": "keywords", "filter_by": "keywords", "aget": "keywords",
    "get_or_none": "keywords", "exists": "keywords", "first": "keywords", "get_or_404": "keywords",
}

#: Methods of a MongoDB collection.
DOCUMENT_WRITES: dict[str, str] = {
    "insert_one": "document", "insert": "document", "save": "document", "update_one": "change", "update": "change",
    "update_many": "change", "find_one_and_update": "change", "replace_one": "second", "find_one_and_replace": "second",
}
DOCUMENT_FILTERS: frozenset[str] = frozenset(("find_one", "find", "count_documents"))
DOCUMENT_PACKAGES: tuple[str, ...] = ("pymongo", "motor", "flask_pymongo")

#: Methods that run a statement given as text, with its parameters behind it.
STATEMENTS: frozenset[str] = frozenset(("execute", "execute_many", "executemany", "fetch_one", "fetchrow", "fetch", "fetchval"))

#: Library classes of accounts, which have a password column of their own.
ACCOUNT_CLASSES: frozenset[str] = frozenset((
    "django.contrib.auth.models.User", "django.contrib.auth.models.AbstractUser",
    "django.contrib.auth.models.AbstractBaseUser",
))

#: Further library classes whose subclasses are rows or documents.
ROW_CLASSES: frozenset[str] = frozenset((
    "mongoengine.Document", "mongoengine.DynamicDocument", "beanie.Document", "odmantic.Model", "peewee.Model",
    "tortoise.models.Model", "django.db.models.Model", "pony.orm.core.Entity", "ormar.Model", "piccolo.table.Table",
    "flask_mongoengine.Document", "umongo.Document", "gino.declarative.Model",
    "django.contrib.auth.models.AbstractBaseUser",
))
