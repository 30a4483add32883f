"""Operations of Alembic and Django migrations."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: The modules and classes that operations are called on.
ALEMBIC: str = "alembic.op."
ALEMBIC_BATCH: str = "batch_alter_table"
DJANGO: str = "django.db.migrations."
DJANGO_MIGRATIONS: frozenset[str] = frozenset(
    (
        "django.db.migrations.Migration",
        "django.db.migrations.migration.Migration",
    )
)

#: Arguments of a column that let the database fill it for the rows that are there already.
FILLED_BY_DATABASE: frozenset[str] = frozenset(("server_default", "primary_key", "autoincrement", "computed"))
#: Constructors among a column's arguments that do the same.
FILLING: frozenset[str] = frozenset(("Computed", "Identity", "Sequence"))
#: Arguments of a Django field that give a value to the rows that are there already.
DJANGO_FILLED: frozenset[str] = frozenset(
    ("default", "db_default", "auto_now", "auto_now_add", "primary_key")
)
#: Django fields without a column that could be empty.
DJANGO_FREE: frozenset[str] = frozenset(
    (
        "ManyToManyField",
        "GeneratedField",
        "AutoField",
        "BigAutoField",
        "SmallAutoField",
        "TaggableManager",
        "GenericRelation",
        "GenericForeignKey",
        "TreeManyToManyField",
        "SortedManyToManyField",
    )
)
DJANGO_RELATIONS: frozenset[str] = frozenset(
    (
        "ForeignKey",
        "OneToOneField",
        "ManyToManyField",
        "TreeForeignKey",
        "ParentalKey",
    )
)
#: Django fields that hold text: blank ones are filled with an empty text.
DJANGO_TEXTS: frozenset[str] = frozenset(
    (
        "CharField",
        "TextField",
        "SlugField",
        "EmailField",
        "URLField",
        "FileField",
        "ImageField",
        "FilePathField",
    )
)

#: Operations of Alembic that change what a release before finds: tables, columns, what they may hold.
ALEMBIC_SCHEMA: frozenset[str] = frozenset((
    "add_column", "drop_column", "create_table", "drop_table", "rename_table",
    "create_unique_constraint", "create_foreign_key", "create_check_constraint", "create_exclude_constraint",
))
