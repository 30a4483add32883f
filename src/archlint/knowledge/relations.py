"""How each ORM declares models, columns and relations, and what loads or defeats the loading of them.

A relation constructor is described by these keys (absent: does not apply):

``orm``             which ORM it belongs to
``side``            what the attribute reads as: ``one`` instance, ``many`` (a collection or a manager),
                    ``?`` where annotation, ``uselist`` and the direction of the foreign key decide
``reads``           ``instance``, ``list``, ``manager`` (makes query sets), ``query`` (a select query),
                    ``awaitable`` (reading is harmless; awaiting or iterating loads)
``target``          where the related model stands: position and keyword, ``0 argument``; ``?`` where each row
                    says its own, or a library does
``manager``         the class of the manager that is read, where it is not that of other relations
``reverse``         keywords, in order, that name the accessor on the other side
``mutual``          keyword that names an accessor which the other side declares itself
``reverse_default`` name of that accessor when it is not given; ``{model}`` is the lower-case class name
``reverse_side``    ``one`` or ``many``
``reverse_reads``   as ``reads``
``key``             attribute that holds the raw key and loads nothing; ``{name}`` is the relation's name
``lazy``            keyword that says when the relation loads (values: ``LAZY_VALUES`` of the same ORM)
``lazy_default``    the value when it is not given
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

FUNCTIONS: dict[str, str] = {
    "sqlalchemy.orm.relationship": "", "sqlalchemy.orm.dynamic_loader": "", "sqlalchemy.orm.backref": "",
    "sqlalchemy.Column": "", "sqlalchemy.orm.mapped_column": "", "sqlalchemy.orm.column_property": "",
    "sqlalchemy.orm.deferred": "", "sqlalchemy.orm.as_declarative": "",
    "sqlmodel.Relationship": "", "sqlmodel.Field": "",
    "sqlalchemy.orm.joinedload": "-> sqlalchemy.orm.Load", "sqlalchemy.orm.selectinload": "-> sqlalchemy.orm.Load",
    "sqlalchemy.orm.subqueryload": "-> sqlalchemy.orm.Load", "sqlalchemy.orm.lazyload": "-> sqlalchemy.orm.Load",
    "sqlalchemy.orm.contains_eager": "-> sqlalchemy.orm.Load", "sqlalchemy.orm.noload": "-> sqlalchemy.orm.Load",
    "sqlalchemy.orm.immediateload": "-> sqlalchemy.orm.Load", "sqlalchemy.orm.raiseload": "-> sqlalchemy.orm.Load",
    "sqlalchemy.orm.defaultload": "-> sqlalchemy.orm.Load", "sqlalchemy.orm.load_only": "-> sqlalchemy.orm.Load",
    "sqlalchemy.orm.defer": "-> sqlalchemy.orm.Load", "sqlalchemy.orm.undefer": "-> sqlalchemy.orm.Load",
    "django.db.models.ForeignKey": "", "django.db.models.OneToOneField": "",
    "django.db.models.ManyToManyField": "", "django.contrib.contenttypes.fields.GenericForeignKey": "",
    "django.contrib.contenttypes.fields.GenericRelation": "", "mptt.fields.TreeForeignKey": "",
    "mptt.fields.TreeOneToOneField": "", "mptt.fields.TreeManyToManyField": "",
    "taggit.managers.TaggableManager": "",
    "tortoise.fields.ForeignKeyField": "", "tortoise.fields.OneToOneField": "",
    "tortoise.fields.ManyToManyField": "", "peewee.ForeignKeyField": "", "peewee.ManyToManyField": "",
    "piccolo.columns.ForeignKey": "", "mongoengine.ReferenceField": "", "mongoengine.LazyReferenceField": "",
    "mongoengine.GenericReferenceField": "", "odmantic.Reference": "",
}

CLASSES: dict[str, dict[str, str]] = {
    # every loader option is reached from another: ``selectinload(A.b).joinedload(B.c)``
    "sqlalchemy.orm.Load": {
        "<bases>": "",
        "joinedload": "-> $self", "selectinload": "-> $self", "subqueryload": "-> $self", "lazyload": "-> $self",
        "contains_eager": "-> $self", "immediateload": "-> $self", "noload": "-> $self", "raiseload": "-> $self",
        "defaultload": "-> $self", "load_only": "-> $self", "defer": "-> $self", "undefer": "-> $self",
        "undefer_group": "-> $self", "options": "-> $self", "selectin_polymorphic": "-> $self",
        "with_expression": "-> $self", "joinedload_all": "-> $self", "subqueryload_all": "-> $self",
    },
    "flask_appbuilder.Model": {"<bases>": "sqlalchemy.orm.DeclarativeBase"},
    "sqlalchemy.orm.declared_attr": {"<bases>": ""},
}

RELATIONS: dict[str, dict[str, str]] = {
    # ---------------------------------------------------------------- SQLAlchemy
    "sqlalchemy.orm.relationship": {
        "orm": "sqlalchemy", "side": "?", "reads": "instance", "target": "0 argument",
        "reverse": "backref", "mutual": "back_populates", "reverse_side": "?", "reverse_reads": "instance",
        "lazy": "lazy", "lazy_default": "select",
    },
    "sqlalchemy.orm.dynamic_loader": {
        "orm": "sqlalchemy", "side": "many", "reads": "query", "target": "0 argument",
        "reverse": "backref", "mutual": "back_populates", "reverse_side": "one", "reverse_reads": "instance",
        "lazy_default": "dynamic",
    },
    # the reverse side with options of its own: relationship(backref=backref("name", lazy=...))
    "sqlalchemy.orm.backref": {
        "orm": "sqlalchemy", "side": "?", "reads": "instance", "lazy": "lazy", "lazy_default": "select",
    },
    # ``lazy`` stands inside the dict ``sa_relationship_kwargs``; the target is the annotation
    "sqlmodel.Relationship": {
        "orm": "sqlalchemy", "side": "?", "reads": "instance", "target": "annotation",
        "mutual": "back_populates", "lazy": "sa_relationship_kwargs.lazy", "lazy_default": "select",
        "nested": "sa_relationship",
    },
    # ---------------------------------------------------------------- Django
    "django.db.models.ForeignKey": {
        "orm": "django", "side": "one", "reads": "instance", "target": "0 to", "key": "{name}_id",
        "reverse": "related_name", "reverse_default": "{model}_set", "reverse_side": "many",
        "reverse_reads": "manager",
    },
    "django.db.models.OneToOneField": {
        "orm": "django", "side": "one", "reads": "instance", "target": "0 to", "key": "{name}_id",
        "reverse": "related_name", "reverse_default": "{model}", "reverse_side": "one",
        "reverse_reads": "instance",
    },
    "django.db.models.ManyToManyField": {
        "orm": "django", "side": "many", "reads": "manager", "target": "0 to",
        "reverse": "related_name", "reverse_default": "{model}_set", "reverse_side": "many",
        "reverse_reads": "manager",
    },
    # raw keys: ``content_type_id`` and ``object_id``
    "django.contrib.contenttypes.fields.GenericForeignKey": {
        "orm": "django", "side": "one", "reads": "instance", "target": "?", "key": "object_id",
    },
    "django.contrib.contenttypes.fields.GenericRelation": {
        "orm": "django", "side": "many", "reads": "manager", "target": "0 to",
    },
    "mptt.fields.TreeForeignKey": {
        "orm": "django", "side": "one", "reads": "instance", "target": "0 to", "key": "{name}_id",
        "reverse": "related_name", "reverse_default": "{model}_set", "reverse_side": "many",
        "reverse_reads": "manager",
    },
    "mptt.fields.TreeOneToOneField": {
        "orm": "django", "side": "one", "reads": "instance", "target": "0 to", "key": "{name}_id",
        "reverse": "related_name", "reverse_default": "{model}", "reverse_side": "one",
        "reverse_reads": "instance",
    },
    "mptt.fields.TreeManyToManyField": {
        "orm": "django", "side": "many", "reads": "manager", "target": "0 to",
        "reverse": "related_name", "reverse_default": "{model}_set", "reverse_side": "many",
        "reverse_reads": "manager",
    },
    "modelcluster.fields.ParentalKey": {
        "orm": "django", "side": "one", "reads": "instance", "target": "0 to", "key": "{name}_id",
        "reverse": "related_name", "reverse_default": "{model}_set", "reverse_side": "many",
        "reverse_reads": "manager",
    },
    "modelcluster.fields.ParentalManyToManyField": {
        "orm": "django", "side": "many", "reads": "manager", "target": "0 to",
        "reverse": "related_name", "reverse_default": "{model}_set", "reverse_side": "many",
        "reverse_reads": "manager",
    },
    "taggit.managers.TaggableManager": {
        "orm": "django", "side": "many", "reads": "manager", "target": "?",
        "manager": "taggit.managers._TaggableManager",
        "reverse": "related_name", "reverse_side": "many", "reverse_reads": "manager",
    },
    "sortedm2m.fields.SortedManyToManyField": {
        "orm": "django", "side": "many", "reads": "manager", "target": "0 to",
        "reverse": "related_name", "reverse_default": "{model}_set", "reverse_side": "many",
        "reverse_reads": "manager",
    },
    # ---------------------------------------------------------------- Tortoise
    "tortoise.fields.ForeignKeyField": {
        "orm": "tortoise", "side": "one", "reads": "awaitable", "target": "0 to", "key": "{name}_id",
        "reverse": "related_name", "reverse_default": "{model}s", "reverse_side": "many",
        "reverse_reads": "awaitable",
    },
    "tortoise.fields.OneToOneField": {
        "orm": "tortoise", "side": "one", "reads": "awaitable", "target": "0 to", "key": "{name}_id",
        "reverse": "related_name", "reverse_default": "{model}", "reverse_side": "one",
        "reverse_reads": "awaitable",
    },
    "tortoise.fields.ManyToManyField": {
        "orm": "tortoise", "side": "many", "reads": "awaitable", "target": "0 to",
        "reverse": "related_name", "reverse_default": "{model}s", "reverse_side": "many",
        "reverse_reads": "awaitable",
    },
    # ---------------------------------------------------------------- Peewee
    # the older keyword ``related_name`` comes second; ``lazy_load=False`` reads the raw key instead
    "peewee.ForeignKeyField": {
        "orm": "peewee", "side": "one", "reads": "instance", "target": "0 model", "key": "{name}_id",
        "reverse": "backref related_name", "reverse_default": "{model}_set", "reverse_side": "many",
        "reverse_reads": "query", "lazy": "lazy_load", "lazy_default": "True",
    },
    "peewee.ManyToManyField": {
        "orm": "peewee", "side": "many", "reads": "query", "target": "0 model",
        "reverse": "backref", "reverse_default": "{model}s", "reverse_side": "many", "reverse_reads": "query",
    },
    "peewee.DeferredForeignKey": {
        "orm": "peewee", "side": "one", "reads": "instance", "target": "0 rel_model_name", "key": "{name}_id",
        "reverse": "backref", "reverse_default": "{model}_set", "reverse_side": "many",
        "reverse_reads": "query",
    },
    # ---------------------------------------------------------------- others
    # nothing loads by itself: the related object knows its key only until ``load()`` is awaited
    "ormar.ForeignKey": {
        "orm": "ormar", "side": "one", "reads": "awaitable", "target": "0 to",
        "reverse": "related_name", "reverse_default": "{model}s", "reverse_side": "many",
        "reverse_reads": "awaitable",
    },
    "ormar.ManyToMany": {
        "orm": "ormar", "side": "many", "reads": "awaitable", "target": "0 to",
        "reverse": "related_name", "reverse_default": "{model}s", "reverse_side": "many",
        "reverse_reads": "awaitable",
    },
    # reads the raw key; ``get_related`` is awaited for the object
    "piccolo.columns.ForeignKey": {
        "orm": "piccolo", "side": "one", "reads": "awaitable", "target": "0 references", "key": "{name}",
    },
    "pony.orm.Required": {"orm": "pony", "side": "one", "reads": "instance", "target": "0", "mutual": "reverse"},
    "pony.orm.Optional": {"orm": "pony", "side": "one", "reads": "instance", "target": "0", "mutual": "reverse"},
    "pony.orm.Set": {"orm": "pony", "side": "many", "reads": "list", "target": "0", "mutual": "reverse"},
    "mongoengine.ReferenceField": {
        "orm": "mongoengine", "side": "one", "reads": "instance", "target": "0 document_type",
    },
    "mongoengine.CachedReferenceField": {
        "orm": "mongoengine", "side": "one", "reads": "instance", "target": "0 document_type",
    },
    # ``fetch()`` reads it, plain access does not
    "mongoengine.LazyReferenceField": {
        "orm": "mongoengine", "side": "one", "reads": "awaitable", "target": "0 document_type",
    },
    "mongoengine.GenericReferenceField": {
        "orm": "mongoengine", "side": "one", "reads": "instance", "target": "?",
    },
    "beanie.Link": {"orm": "beanie", "side": "one", "reads": "awaitable", "target": "annotation"},
    "beanie.BackLink": {"orm": "beanie", "side": "one", "reads": "awaitable", "target": "annotation"},
    # odmantic loads references with the document
    "odmantic.Reference": {
        "orm": "odmantic", "side": "one", "reads": "instance", "target": "annotation", "lazy_default": "joined",
    },
}

#: Annotations that declare a relation by themselves, without a constructor.
RELATION_ANNOTATIONS: dict[str, str] = {
    "sqlalchemy.orm.WriteOnlyMapped": "write_only", "sqlalchemy.orm.DynamicMapped": "dynamic",
    "tortoise.fields.ReverseRelation": "awaitable", "tortoise.fields.BackwardFKRelation": "awaitable",
    "tortoise.fields.ForeignKeyRelation": "awaitable", "tortoise.fields.OneToOneRelation": "awaitable",
    "tortoise.fields.BackwardOneToOneRelation": "awaitable", "tortoise.fields.ManyToManyRelation": "awaitable",
    "tortoise.fields.ForeignKeyNullableRelation": "awaitable",
    "tortoise.fields.OneToOneNullableRelation": "awaitable",
    "beanie.Link": "awaitable", "beanie.BackLink": "awaitable",
}

#: When a relation loads, by the value of its lazy keyword (written as source text for non-strings).
#: ``access``: a query at the first read of every parent. ``parent``: with the parents, in one query for
#: all. ``each``: at once, but one query per parent. ``never``: reads as empty. ``raise``: reading is an
#: error. ``query``: reads as a query that runs when it is evaluated. ``statement``: reads as a collection
#: that only makes statements. ``key``: the raw key.
LAZY_VALUES: dict[str, dict[str, str]] = {
    "sqlalchemy": {
        "select": "access", "True": "access", "baked_select": "access", "joined": "parent", "False": "parent",
        "selectin": "parent", "subquery": "parent", "immediate": "each", "noload": "never", "None": "never",
        "raise": "raise", "raise_on_sql": "raise", "dynamic": "query", "write_only": "statement",
    },
    "peewee": {"True": "access", "False": "key"},
}

#: Options given to ``Query.options`` / ``Select.options`` (also as methods of ``Load`` and of each other).
#: Values as in LAZY_VALUES; ``columns`` concerns columns only, ``load`` keeps what the mapping says.
LOADER_OPTIONS: dict[str, str] = {
    "sqlalchemy.orm.joinedload": "parent", "sqlalchemy.orm.selectinload": "parent",
    "sqlalchemy.orm.subqueryload": "parent", "sqlalchemy.orm.contains_eager": "parent",
    "sqlalchemy.orm.joinedload_all": "parent", "sqlalchemy.orm.subqueryload_all": "parent",
    "sqlalchemy.orm.eagerload": "parent", "sqlalchemy.orm.eagerload_all": "parent",
    "sqlalchemy.orm.immediateload": "each", "sqlalchemy.orm.lazyload": "access",
    "sqlalchemy.orm.noload": "never", "sqlalchemy.orm.raiseload": "raise",
    "sqlalchemy.orm.defaultload": "load", "sqlalchemy.orm.Load": "load",
    "sqlalchemy.orm.load_only": "columns", "sqlalchemy.orm.defer": "columns",
    "sqlalchemy.orm.undefer": "columns", "sqlalchemy.orm.undefer_group": "columns",
    "sqlalchemy.orm.with_expression": "columns", "sqlalchemy.orm.selectin_polymorphic": "columns",
    "sqlalchemy.orm.with_loader_criteria": "load",
}

#: Builder methods that choose what loads with the parents. Django joins ``one`` relations in the same
#: query (without arguments: the non-null foreign keys) and reads ``many`` ones in one more query each.
#: ``columns``: what is left out is read again, one query per object and column.
LOADING_METHODS: dict[str, str] = {
    "django.db.models.QuerySet.select_related": "one", "django.db.models.Manager.select_related": "one",
    "django.db.models.QuerySet.prefetch_related": "one many",
    "django.db.models.Manager.prefetch_related": "one many",
    "django.db.models.query.RawQuerySet.prefetch_related": "one many",
    "django.db.models.prefetch_related_objects": "one many",
    "django.db.models.aprefetch_related_objects": "one many",
    "django.db.models.QuerySet.only": "columns", "django.db.models.Manager.only": "columns",
    "django.db.models.QuerySet.defer": "columns", "django.db.models.Manager.defer": "columns",
    "tortoise.queryset.QuerySet.select_related": "one", "tortoise.queryset.QuerySet.prefetch_related": "one many",
    "tortoise.queryset.QuerySetSingle.select_related": "one",
    "tortoise.queryset.QuerySetSingle.prefetch_related": "one many",
    "tortoise.models.Model.fetch_related": "one many", "tortoise.models.Model.fetch_for_list": "one many",
    "peewee.ModelSelect.join": "one", "peewee.ModelSelect.join_from": "one", "peewee.prefetch": "many",
    "ormar.QuerySet.select_related": "one many", "ormar.QuerySet.prefetch_related": "one many",
    "ormar.QuerySet.select_all": "one many",
    "piccolo.query.Objects.prefetch": "one", "pony.orm.core.Query.prefetch": "one many",
    "mongoengine.QuerySet.select_related": "one many",
}

#: A look-up that names a relation and its own query set; ``to_attr`` puts plain lists under that name.
PREFETCH_OBJECTS: dict[str, dict[str, str]] = {
    "django.db.models.Prefetch": {"lookup": "0 lookup", "queryset": "1 queryset", "attribute": "to_attr"},
    "django.contrib.contenttypes.prefetch.GenericPrefetch": {
        "lookup": "0 lookup", "queryset": "1 querysets", "attribute": "to_attr",
    },
    "tortoise.query_utils.Prefetch": {"lookup": "0 relation", "queryset": "1 queryset", "attribute": "to_attr"},
}

#: What a prefetched related manager answers from memory: the manager hands out the query set whose rows
#: were read, and these look at those rows first. True of the call on the manager and on ``manager.all()``.
PREFETCH_KEEPS: dict[str, frozenset[str]] = {
    "django": frozenset({
        "all", "get_queryset", "db_manager", "count", "exists", "contains", "<iter>", "<len>", "<bool>", "<contains>",
        "<getitem>", "<slice>", "none", "acount", "aexists", "acontains", "<aiter>",
    }),
    "tortoise": frozenset({"<iter>", "<aiter>", "<len>", "<bool>", "<contains>", "<getitem>"}),
}

#: What queries again although the relation was prefetched: each makes a new query set, ``all()`` of a
#: query set (``manager.all().all()``) included. ``first`` answers from memory only where the model has a
#: default order (PREFETCH_NEEDS_ORDER).
PREFETCH_DEFEATS: dict[str, frozenset[str]] = {
    "django": frozenset({
        "filter", "exclude", "order_by", "distinct", "reverse", "annotate", "alias", "values", "values_list",
        "select_related", "prefetch_related", "only", "defer", "extra", "using", "select_for_update", "dates",
        "datetimes", "union", "intersection", "difference", "complex_filter", "raw", "get", "last", "earliest",
        "latest", "aggregate", "in_bulk", "iterator", "explain", "get_or_create",
        "update_or_create", "update", "delete", "aget", "alast", "aearliest", "alatest", "aaggregate",
        "ain_bulk", "aiterator",
    }),
    "tortoise": frozenset({"<await>", "all", "filter", "order_by", "limit", "offset"}),
}

PREFETCH_NEEDS_ORDER: dict[str, frozenset[str]] = {"django": frozenset({"first", "afirst"})}

#: What throws a prefetched relation away: the next read queries again.
PREFETCH_FORGETS: dict[str, frozenset[str]] = {
    "django": frozenset({
        "add", "remove", "clear", "set", "create", "aadd", "aremove", "aclear", "aset", "acreate",
    }),
}

#: Steps of a query set of Django that answer whole rows of the same model.
WHOLE_ROWS: frozenset[str] = frozenset({
    "all", "filter", "exclude", "order_by", "distinct", "annotate", "alias", "reverse", "using",
    "select_for_update", "select_related", "prefetch_related",
})

#: Decorators of functions that SQLAlchemy calls, with the class, for the value of an attribute.
DECLARES: frozenset[str] = frozenset(("sqlalchemy.orm.declared_attr", "sqlalchemy.orm.declared_attr.directive"))

#: Attributes that stand for a relation and read it.
RELATION_PROXIES: dict[str, str] = {
    # the first argument names the relation, the second the attribute of each related object
    "sqlalchemy.ext.associationproxy.association_proxy": "0",
    "sqlalchemy.ext.associationproxy.AssociationProxy": "0",
}

#: The ORMs whose rows and relations are followed.
FOLLOWED: frozenset[str] = frozenset(("sqlalchemy", "django", "tortoise", "peewee"))

#: The model that ``AUTH_USER_MODEL`` names unless a project sets it.
DJANGO_USER = "django.contrib.auth.models.User"

#: Base classes that make a class a model, by ORM.
MODEL_BASES: dict[str, str] = {
    "sqlalchemy.orm.DeclarativeBase": "sqlalchemy", "sqlalchemy.orm.DeclarativeBaseNoMeta": "sqlalchemy",
    "sqlalchemy.orm.MappedAsDataclass": "sqlalchemy", "flask_sqlalchemy.Model": "sqlalchemy",
    "flask_sqlalchemy.model.Model": "sqlalchemy", "flask_sqlalchemy.SQLAlchemy.Model": "sqlalchemy", "sqlmodel.SQLModel": "sqlalchemy",
    "flask_appbuilder.Model": "sqlalchemy", "advanced_alchemy.base.UUIDBase": "sqlalchemy",
    "advanced_alchemy.base.UUIDAuditBase": "sqlalchemy", "advanced_alchemy.base.BigIntBase": "sqlalchemy",
    "advanced_alchemy.base.BigIntAuditBase": "sqlalchemy", "gino.declarative.Model": "gino",
    "fastapi_users.db.SQLAlchemyBaseUserTable": "sqlalchemy",
    "fastapi_users.db.SQLAlchemyBaseUserTableUUID": "sqlalchemy",
    "django.db.models.Model": "django", "mptt.models.MPTTModel": "django",
    "modelcluster.models.ClusterableModel": "django", "polymorphic.models.PolymorphicModel": "django",
    "django_extensions.db.models.TimeStampedModel": "django",
    "django_extensions.db.models.TitleDescriptionModel": "django",
    "django_extensions.db.models.TitleSlugDescriptionModel": "django",
    "django_extensions.db.models.ActivatorModel": "django",
    "model_utils.models.TimeStampedModel": "django", "model_utils.models.StatusModel": "django",
    "model_utils.models.TimeFramedModel": "django", "model_utils.models.SoftDeletableModel": "django",
    "django_tenants.models.TenantMixin": "django", "django_tenants.models.DomainMixin": "django",
    "django.contrib.auth.models.AbstractUser": "django",
    "django.contrib.auth.models.AbstractBaseUser": "django",
    "django.contrib.auth.models.PermissionsMixin": "django",
    "oauth2_provider.models.AbstractApplication": "django", "wagtail.models.Page": "django",
    "treebeard.mp_tree.MP_Node": "django", "treebeard.ns_tree.NS_Node": "django",
    "treebeard.al_tree.AL_Node": "django",
    "tortoise.models.Model": "tortoise", "tortoise.Model": "tortoise", "peewee.Model": "peewee", "ormar.Model": "ormar",
    "piccolo.table.Table": "piccolo", "pony.orm.core.Entity": "pony",
    "mongoengine.Document": "mongoengine", "mongoengine.DynamicDocument": "mongoengine",
    "mongoengine.EmbeddedDocument": "mongoengine", "beanie.Document": "beanie", "odmantic.Model": "odmantic",
}

#: Bases of MODEL_BASES that make a model only with this class keyword set to true.
MODEL_KEYWORDS: dict[str, str] = {"sqlmodel.SQLModel": "table"}

#: Calls whose result is a base class for models (ORM), and calls that map a class or make a table.
MODEL_BASE_FACTORIES: dict[str, str] = {
    "sqlalchemy.orm.declarative_base": "sqlalchemy", "sqlalchemy.ext.automap.automap_base": "sqlalchemy",
    "sqlalchemy.orm.registry.generate_base": "sqlalchemy",
}
MODEL_DECORATORS: dict[str, str] = {
    "sqlalchemy.orm.registry.mapped": "sqlalchemy", "sqlalchemy.orm.as_declarative": "sqlalchemy",
    "sqlalchemy.orm.registry.mapped_as_dataclass": "sqlalchemy",
    "sqlalchemy.orm.registry.as_declarative_base": "sqlalchemy",
}

#: Constructors of columns and the Python type an attribute holds (``?``: annotation or argument decides).
COLUMNS: dict[str, str] = {
    "sqlalchemy.Column": "?", "sqlalchemy.orm.mapped_column": "?", "sqlmodel.Field": "?",
    "sqlalchemy.orm.column_property": "?", "sqlalchemy.orm.synonym": "?", "sqlalchemy.orm.composite": "?",
    "sqlalchemy.orm.query_expression": "?",
    # read on first access, one query per object
    "sqlalchemy.orm.deferred": "?",
    "django.db.models.AutoField": "int", "django.db.models.BigAutoField": "int",
    "django.db.models.SmallAutoField": "int", "django.db.models.IntegerField": "int",
    "django.db.models.BigIntegerField": "int", "django.db.models.SmallIntegerField": "int",
    "django.db.models.PositiveIntegerField": "int", "django.db.models.PositiveSmallIntegerField": "int",
    "django.db.models.PositiveBigIntegerField": "int", "django.db.models.FloatField": "float",
    "django.db.models.DecimalField": "decimal.Decimal", "django.db.models.BooleanField": "bool",
    "django.db.models.NullBooleanField": "bool", "django.db.models.CharField": "str",
    "django.db.models.TextField": "str", "django.db.models.SlugField": "str", "django.db.models.EmailField": "str",
    "django.db.models.URLField": "str", "django.db.models.FilePathField": "str",
    "django.db.models.GenericIPAddressField": "str", "django.db.models.IPAddressField": "str",
    "django.db.models.DateField": "datetime.date", "django.db.models.DateTimeField": "datetime.datetime",
    "django.db.models.TimeField": "datetime.time", "django.db.models.DurationField": "datetime.timedelta",
    "django.db.models.UUIDField": "uuid.UUID", "django.db.models.BinaryField": "bytes",
    "django.db.models.JSONField": "?", "django.db.models.GeneratedField": "?",
    "django.db.models.FileField": "django.db.models.fields.files.FieldFile",
    "django.db.models.ImageField": "django.db.models.fields.files.ImageFieldFile",
    "django.contrib.postgres.fields.ArrayField": "list", "django.contrib.postgres.fields.JSONField": "?",
    "django.contrib.postgres.fields.HStoreField": "dict[str, str]",
    "django_extensions.db.fields.AutoSlugField": "str",
    "django_extensions.db.fields.CreationDateTimeField": "datetime.datetime",
    "django_extensions.db.fields.ModificationDateTimeField": "datetime.datetime",
    "model_utils.fields.AutoCreatedField": "datetime.datetime",
    "model_utils.fields.AutoLastModifiedField": "datetime.datetime",
    "model_utils.fields.StatusField": "str", "model_utils.fields.MonitorField": "datetime.datetime",
    "tortoise.fields.IntField": "int", "tortoise.fields.BigIntField": "int", "tortoise.fields.SmallIntField": "int",
    "tortoise.fields.FloatField": "float", "tortoise.fields.DecimalField": "decimal.Decimal",
    "tortoise.fields.BooleanField": "bool", "tortoise.fields.CharField": "str", "tortoise.fields.TextField": "str",
    "tortoise.fields.CharEnumField": "?", "tortoise.fields.IntEnumField": "?", "tortoise.fields.JSONField": "?",
    "tortoise.fields.DateField": "datetime.date", "tortoise.fields.DatetimeField": "datetime.datetime",
    "tortoise.fields.TimeField": "datetime.time", "tortoise.fields.TimeDeltaField": "datetime.timedelta",
    "tortoise.fields.UUIDField": "uuid.UUID", "tortoise.fields.BinaryField": "bytes",
    "peewee.AutoField": "int", "peewee.BigAutoField": "int", "peewee.IntegerField": "int",
    "peewee.BigIntegerField": "int", "peewee.SmallIntegerField": "int", "peewee.FloatField": "float",
    "peewee.DoubleField": "float", "peewee.DecimalField": "decimal.Decimal", "peewee.BooleanField": "bool",
    "peewee.CharField": "str", "peewee.FixedCharField": "str", "peewee.TextField": "str",
    "peewee.DateField": "datetime.date", "peewee.DateTimeField": "datetime.datetime",
    "peewee.TimeField": "datetime.time", "peewee.TimestampField": "datetime.datetime",
    "peewee.UUIDField": "uuid.UUID", "peewee.BlobField": "bytes", "peewee.IPField": "str",
}

#: Column constructors whose attribute is left out of the query and read on first access.
DEFERRED_COLUMNS: frozenset[str] = frozenset({"sqlalchemy.orm.deferred"})
DEFERRED_KEYWORDS: dict[str, str] = {"sqlalchemy.orm.mapped_column": "deferred"}

#: Methods that write at once, by receiver.
WRITES: dict[str, frozenset[str]] = {
    "sqlalchemy.orm.Session": frozenset({
        "flush", "commit", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings",
    }),
    "sqlalchemy.ext.asyncio.AsyncSession": frozenset({"flush", "commit"}),
    "sqlalchemy.orm.Query": frozenset({"update", "delete"}),
    "django.db.models.Model": frozenset({"save", "save_base", "delete", "asave", "adelete"}),
    "django.db.models.QuerySet": frozenset({
        "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update", "delete",
        "acreate", "aget_or_create", "aupdate_or_create", "abulk_create", "abulk_update", "aupdate", "adelete",
    }),
    "django.db.models.Manager": frozenset({
        "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update",
        "acreate", "aget_or_create", "aupdate_or_create", "abulk_create", "abulk_update", "aupdate",
    }),
    "django.db.models.fields.related_descriptors.RelatedManager": frozenset({
        "add", "remove", "clear", "set", "aadd", "aremove", "aclear", "aset",
    }),
    "tortoise.models.Model": frozenset({
        "save", "delete", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update",
    }),
    "tortoise.queryset.QuerySet": frozenset({
        "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    }),
    "tortoise.fields.ManyToManyRelation": frozenset({"add", "remove", "clear"}),
    "peewee.Model": frozenset({
        "save", "create", "delete_instance", "get_or_create", "bulk_create", "bulk_update", "delete_by_id",
        "set_by_id",
    }),
    "mongoengine.Document": frozenset({"save", "delete", "update", "modify", "insert"}),
    "beanie.Document": frozenset({
        "insert", "create", "save", "replace", "update", "delete", "set", "inc", "insert_one", "insert_many",
        "save_changes", "replace_many", "delete_all",
    }),
    "ormar.Model": frozenset({"save", "update", "upsert", "delete", "save_related"}),
    "piccolo.table.Table": frozenset({"save", "remove"}),
}

#: Methods that only note a write; the next flush or commit sends all of them together.
WRITES_LATER: dict[str, frozenset[str]] = {
    "sqlalchemy.orm.Session": frozenset({"add", "add_all", "delete", "merge"}),
    "sqlalchemy.ext.asyncio.AsyncSession": frozenset({"add", "add_all", "delete", "merge"}),
}

#: Statements whose execution writes.
WRITE_STATEMENTS: frozenset[str] = frozenset({"sqlalchemy.Insert", "sqlalchemy.Update", "sqlalchemy.Delete"})

ALIASES: dict[str, str] = {
    "sqlalchemy.orm.relationships.relationship": "sqlalchemy.orm.relationship",
    "sqlalchemy.orm.relation": "sqlalchemy.orm.relationship",
    "sqlalchemy.orm.strategy_options.Load": "sqlalchemy.orm.Load",
    # what annotations call loader options
    "sqlalchemy.orm.strategy_options._AbstractLoad": "sqlalchemy.orm.Load",
    "sqlalchemy.orm.strategy_options._UnboundLoad": "sqlalchemy.orm.Load",
    "sqlalchemy.orm.interfaces.LoaderOption": "sqlalchemy.orm.Load",
    "sqlalchemy.orm.interfaces.ORMOption": "sqlalchemy.orm.Load",
    "sqlalchemy.orm.LoaderOption": "sqlalchemy.orm.Load",
    "sqlalchemy.sql.base.ExecutableOption": "sqlalchemy.orm.Load",
    "sqlalchemy.sql.ExecutableOption": "sqlalchemy.orm.Load",
    "sqlalchemy.orm.strategy_options.joinedload": "sqlalchemy.orm.joinedload",
    "sqlalchemy.orm.strategy_options.selectinload": "sqlalchemy.orm.selectinload",
    "sqlalchemy.ext.declarative.as_declarative": "sqlalchemy.orm.as_declarative",
    "sqlalchemy.ext.declarative.declared_attr": "sqlalchemy.orm.declared_attr",
    "sqlalchemy.schema.Column": "sqlalchemy.Column", "sqlalchemy.sql.schema.Column": "sqlalchemy.Column",
    "flask_sqlalchemy.SQLAlchemy.relationship": "sqlalchemy.orm.relationship",
    "flask_sqlalchemy.SQLAlchemy.backref": "sqlalchemy.orm.backref",
    "flask_sqlalchemy.SQLAlchemy.dynamic_loader": "sqlalchemy.orm.dynamic_loader",
    "flask_sqlalchemy.SQLAlchemy.Column": "sqlalchemy.Column",
    "flask_sqlalchemy.SQLAlchemy.mapped_column": "sqlalchemy.orm.mapped_column",
    "flask_sqlalchemy.SQLAlchemy.column_property": "sqlalchemy.orm.column_property",
    "flask_sqlalchemy.SQLAlchemy.deferred": "sqlalchemy.orm.deferred",
    "flask_sqlalchemy.SQLAlchemy.joinedload": "sqlalchemy.orm.joinedload",
    "flask_sqlalchemy.SQLAlchemy.selectinload": "sqlalchemy.orm.selectinload",
    "flask_sqlalchemy.SQLAlchemy.subqueryload": "sqlalchemy.orm.subqueryload",
    "flask_sqlalchemy.SQLAlchemy.contains_eager": "sqlalchemy.orm.contains_eager",
    "flask_sqlalchemy.SQLAlchemy.lazyload": "sqlalchemy.orm.lazyload",
    "flask_sqlalchemy.SQLAlchemy.noload": "sqlalchemy.orm.noload",
    "flask_sqlalchemy.SQLAlchemy.raiseload": "sqlalchemy.orm.raiseload",
    "flask_appbuilder.models.sqla.Model": "flask_appbuilder.Model",
    "sqlmodel.main.Relationship": "sqlmodel.Relationship", "sqlmodel.main.Field": "sqlmodel.Field",
    "sqlmodel.Column": "sqlalchemy.Column",
    "django.db.models.fields.related.ForeignKey": "django.db.models.ForeignKey",
    "django.db.models.fields.related.OneToOneField": "django.db.models.OneToOneField",
    "django.db.models.fields.related.ManyToManyField": "django.db.models.ManyToManyField",
    "django.contrib.contenttypes.generic.GenericForeignKey":
        "django.contrib.contenttypes.fields.GenericForeignKey",
    "django.contrib.contenttypes.generic.GenericRelation":
        "django.contrib.contenttypes.fields.GenericRelation",
    "mptt.models.TreeForeignKey": "mptt.fields.TreeForeignKey",
    "mptt.models.TreeOneToOneField": "mptt.fields.TreeOneToOneField",
    "mptt.models.TreeManyToManyField": "mptt.fields.TreeManyToManyField",
    "modelcluster.contrib.taggit.ClusterTaggableManager": "taggit.managers.TaggableManager",
    "tortoise.fields.relational.ForeignKeyField": "tortoise.fields.ForeignKeyField",
    "tortoise.fields.relational.OneToOneField": "tortoise.fields.OneToOneField",
    "tortoise.fields.relational.ManyToManyField": "tortoise.fields.ManyToManyField",
    "tortoise.fields.relational.ReverseRelation": "tortoise.fields.ReverseRelation",
    "tortoise.fields.relational.ForeignKeyRelation": "tortoise.fields.ForeignKeyRelation",
    "tortoise.fields.relational.ManyToManyRelation": "tortoise.fields.ManyToManyRelation",
    "playhouse.fields.ManyToManyField": "peewee.ManyToManyField",
    "piccolo.columns.column_types.ForeignKey": "piccolo.columns.ForeignKey",
    "mongoengine.fields.ReferenceField": "mongoengine.ReferenceField",
    "mongoengine.fields.LazyReferenceField": "mongoengine.LazyReferenceField",
    "mongoengine.fields.GenericReferenceField": "mongoengine.GenericReferenceField",
    "odmantic.reference.Reference": "odmantic.Reference",
    "beanie.odm.fields.Link": "beanie.Link", "beanie.odm.fields.BackLink": "beanie.BackLink",
}
