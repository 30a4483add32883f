"""A migration that adds a column which existing rows cannot fill.

## What it does

Reports migrations (Alembic, Django) that add a NOT NULL column without a default to a table that exists already.

## Why is this bad?

The database refuses to add the column as soon as the table has a row. On the developer's empty database it works;
in production the deployment stops halfway.

## How to fix

```python
op.add_column("users", sa.Column("plan", sa.String(20), nullable=False, server_default="free"))
```

On a large table add the column as nullable, fill it in batches, and set NOT NULL in a later migration. In Django
give the field a `default` or, from 5.0, a `db_default`.

`--fix --unsafe-fixes` adds the `server_default` of an Alembic column whose call, or whose model, gives new rows a
literal `default`. Elsewhere, and in Django, which writes a field's default into the migration itself, no fix is
offered: what the rows that are there should get is not written anywhere.

## Not reported

* Tables that the same migration creates or empties; computed and identity columns; downgrades.
* Operations that a branch chooses for one kind of database.
* Initial migrations of Django and their later parts, which only tie new models together.
* Django's text fields with `blank=True`, which are filled with an empty text.
* Locks taken by `CREATE INDEX` or by a changed type: whether these hurt depends on the size of the table; a tool
  that reads the SQL, such as squawk, knows more.
* Known misses: operations in functions of other modules, tables and columns whose names are computed.

## References

* [PostgreSQL: ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html)
* [Alembic: add_column](https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.add_column)
* [Django: AddField](https://docs.djangoproject.com/en/stable/ref/migration-operations/#addfield)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Fix, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.migrations import (
    DJANGO_FILLED,
    DJANGO_FREE,
    DJANGO_TEXTS,
    FILLED_BY_DATABASE,
    FILLING,
)
from archlint.knowledge.relations import COLUMNS, RELATIONS
from archlint.model.summary import Call
from archlint.project.file import File
from archlint.project.remedies.migrating import filled
from archlint.project.rows.columns import is_true, keyword
from archlint.project.tables.migrations import Operation, column_call, is_for_one_dialect
from archlint.project.words import last_word

_HEAD = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "b2"\ndown_revision = "a1"\n\n\n'
_DOWN = '\n\ndef downgrade():\n    op.drop_column("users", "plan")\n'
_DJANGO = (
    "from django.db import migrations, models\n\n\n"
    "class Migration(migrations.Migration):\n"
    '    dependencies = [("shop", "0001_initial")]\n'
    "    operations = [\n"
)
#: Django's own fields, by their last word.
_PLAIN = frozenset(
    name.rpartition(".")[2] for name in (*COLUMNS, *RELATIONS) if name.startswith("django.db.")
)
_ALEMBIC_WAY = "add `server_default`, or add it as nullable and fill it first"
_DJANGO_WAY = "give the field a default, or make it nullable and fill it first"


class UnsafeMigration(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "The NOT NULL column `{table}.{column}` has no value for the rows that are there; {way}"
    answers = ("area B", "area G", "dimension 2", "checklist 18", "checklist 71")
    mentions = ("add_column", "AddField")
    invalid = (
        Case(
            _HEAD + "def upgrade():\n"
            '    op.add_column("users", sa.Column("plan", sa.String(20), nullable=False))  # ARC219\n'
            + _DOWN,
            title="Alembic",
        ),
        Case(
            {
                "alembic/env.py": "from alembic import context\n\ncontext.run_migrations()\n",
                "alembic/versions/b2.py": _HEAD + "def upgrade():\n"
                '    op.add_column("users", sa.Column("plan", sa.String(20), nullable=False))  # ARC219\n'
                + _DOWN,
            },
            title="the folder of the migrations has the library's name",
        ),
        Case(
            _HEAD + "SIZE = 20\n\n\n"
            "def upgrade():\n"
            '    with op.batch_alter_table("users") as batch_op:\n'
            '        batch_op.add_column(sa.Column("plan", sa.String(20), nullable=False))  # ARC219\n'
            "    add_more()\n\n\n"
            "def add_more():\n"
            '    op.add_column("users", sa.Column("size", sa.String(SIZE), default="", nullable=False))  # ARC219\n'
            + _DOWN,
            title="batch mode; a function of the file; a default of Python does not help",
            fixed=_HEAD + "SIZE = 20\n\n\n"
            "def upgrade():\n"
            '    with op.batch_alter_table("users") as batch_op:\n'
            '        batch_op.add_column(sa.Column("plan", sa.String(20), nullable=False))  # ARC219\n'
            "    add_more()\n\n\n"
            "def add_more():\n"
            '    op.add_column("users", sa.Column("size", sa.String(SIZE), default="", nullable=False, '
            'server_default=""))  # ARC219\n' + _DOWN,
        ),
        Case(
            {
                "alembic/versions/b2.py": _HEAD + "def upgrade():\n"
                '    op.add_column("users", sa.Column("active", sa.Boolean(), nullable=False))  # ARC219\n'
                "    op.add_column(  # ARC219\n"
                '        "users",\n        sa.Column(\n            "credits",\n            sa.Integer(),\n'
                "            nullable=False,\n        ),\n    )\n"
                '    op.add_column("users", sa.Column("plan", sa.String(20), nullable=False))  # ARC219\n'
                + _DOWN,
                "models.py": "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
                "class Base(DeclarativeBase): ...\n\n\n"
                'class User(Base):\n    __tablename__ = "users"\n\n'
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                "    active: Mapped[bool] = mapped_column(default=True)\n"
                "    credits: Mapped[int] = mapped_column(default=10)\n"
                "    plan: Mapped[str]\n",
            },
            title="the model has a default",
            fixed=_HEAD + "def upgrade():\n"
            '    op.add_column("users", sa.Column("active", sa.Boolean(), nullable=False, '
            "server_default=sa.true()))  # ARC219\n"
            "    op.add_column(  # ARC219\n"
            '        "users",\n        sa.Column(\n            "credits",\n            sa.Integer(),\n'
            '            nullable=False,\n            server_default="10",\n        ),\n    )\n'
            '    op.add_column("users", sa.Column("plan", sa.String(20), nullable=False))  # ARC219\n'
            + _DOWN,
        ),
        Case(
            _DJANGO + "        migrations.AddField(  # ARC219\n"
            '            model_name="order",\n'
            '            name="plan",\n'
            "            field=models.IntegerField(),\n"
            "        ),\n"
            "    ]\n",
            title="Django",
        ),
        Case(
            _HEAD + "def upgrade():\n"
            '    for table in ("users", "groups"):\n'
            '        op.add_column(table, sa.Column("plan", sa.String(20), nullable=False))  # ARC219\n'
            + _DOWN,
            title="table named by a variable",
            missed=True,
            why="the table may be one that the migration creates",
        ),
    )
    valid = (
        Case(
            _HEAD + "def upgrade():\n"
            '    op.add_column("users", sa.Column("plan", sa.String(20), nullable=False, server_default="x"))\n'
            '    op.add_column("users", sa.Column("size", sa.Integer(), nullable=True))\n'
            '    op.add_column("users", sa.Column("twice", sa.Integer(), sa.Computed("size * 2"), nullable=False))\n'
            '    op.create_table("items", sa.Column("id", sa.Integer(), primary_key=True))\n'
            '    op.add_column("items", sa.Column("plan", sa.String(20), nullable=False))\n'
            '    op.execute("TRUNCATE sessions")\n'
            '    op.add_column("sessions", sa.Column("plan", sa.String(20), nullable=False))\n\n\n'
            "def downgrade():\n"
            '    op.add_column("users", sa.Column("old", sa.String(20), nullable=False))\n',
            title="Alembic",
        ),
        Case(
            _DJANGO
            + '        migrations.CreateModel(name="Item", fields=[("id", models.AutoField(primary_key=True))]),\n'
            '        migrations.AddField("item", "plan", models.IntegerField()),\n'
            '        migrations.AddField("order", "a", models.IntegerField(null=True)),\n'
            '        migrations.AddField("order", "b", models.IntegerField(default=0)),\n'
            '        migrations.AddField("order", "c", models.CharField(max_length=9, blank=True)),\n'
            '        migrations.AddField("order", "d", models.ManyToManyField("shop.item")),\n'
            "    ]\n",
            title="Django",
        ),
        Case(
            "import sqlalchemy as sa\n\n\n"
            "def upgrade(op):\n"
            '    op.add_column("users", sa.Column("plan", sa.String(20), nullable=False))\n',
            title="no migration",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: File, file: File) -> Iterator[Diagnostic]:
        """Report columns that rows cannot fill."""
        migrations = file.world.migrations
        if file.role == "test":
            return
        if migrations.revision(file.name) is not None:
            operations = migrations.upgrade(file.name)
            fresh = migrations.fresh_tables(operations)
            for each in operations:
                if each.kind != "add_column" or not each.table or each.table in fresh:
                    continue
                if _is_unfilled(each) and not is_for_one_dialect(each):
                    yield self._report(file, each, _ALEMBIC_WAY, filled(file, each))
        elif b"AddField" in file.content and not migrations.is_initial(file.name):
            operations = migrations.django(file.name)
            created = {each.table for each in operations if each.kind == "CreateModel"}
            for each in operations:
                if each.kind == "AddField" and each.table not in created and _is_unfilled_field(each):
                    yield self._report(file, each, _DJANGO_WAY)

    def _report(self, file: File, operation: Operation, way: str, fix: Fix | None = None) -> Diagnostic:
        place = file.span(operation.row)
        return file.diagnostic(self, place, fix=fix, table=operation.table, column=operation.column, way=way)


def _is_unfilled(operation: Operation) -> bool:
    """Whether a column of Alembic is NOT NULL and nothing in the database fills it."""
    row = column_call(operation)
    if row is None or last_word(row[Call.FUNC]) != "Column" or keyword(row, "nullable") != ["k", False]:
        return False
    if any(is_true(row, name) for name in FILLED_BY_DATABASE) or any(
        key is None for key, _ in row[Call.KEYWORDS]
    ):
        return False
    made = (operation.scope.calls[e[1]][Call.FUNC] for e in row[Call.ARGS] if e is not None and e[0] == "c")
    return not any(last_word(func) in FILLING for func in made)


def _is_unfilled_field(operation: Operation) -> bool:
    """Whether a field of Django must not be null and has no default."""
    row = column_call(operation)
    if row is None or any(key is None for key, _ in row[Call.KEYWORDS]):
        return False
    word = last_word(row[Call.FUNC])
    if (
        word in DJANGO_FREE
        or is_true(row, "null")
        or any(keyword(row, name) is not None for name in DJANGO_FILLED)
    ):
        return False
    if word in DJANGO_TEXTS:
        return not is_true(row, "blank")
    # A field of the project may have a default of its own.
    return word in _PLAIN
