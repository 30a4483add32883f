"""The newest migration drops a column that the code still uses.

## What it does

Reports a dropped column (Alembic's `drop_column`, `ALTER TABLE ... DROP COLUMN` as text, Django's `RemoveField`) in the
newest migration of its line if a model or a `Table` still declares it, if code still reads it from that model or its
rows, or names it: in a query (`filter(note__isnull=True)`, `values("note")`), in a statement in SQL about the table, to
the constructor of the model, in the fields of a serializer, a form or an administration page.

## Why is this bad?

A deployment migrates first and replaces the running code afterwards. In between, and for good if the code was
forgotten, every query of the model names a column that is gone, and fails.

## How to fix

Drop a column in two releases: first take it out of the code, then out of the table.

```python
# release 1: the model no longer has `nickname`; the column stays, nullable
# release 2: op.drop_column("users", "nickname")
```

## Not reported

* Older migrations: what they dropped is long gone. Columns that the same migration adds anew.
* Names that the model has for something else by now, such as a property.
* Files in which a query computes something of that name (`annotate(note=...)`).
* Statements in SQL about several tables. Known misses: tables whose names are computed.

## References

* [Alembic: drop_column](https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.drop_column)
* [Django: RemoveField](https://docs.djangoproject.com/en/stable/ref/migration-operations/#removefield)
* [Parallel change](https://martinfowler.com/bliki/ParallelChange.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.project.file import File
from archlint.project.tables.dropped import still_used

_MODELS = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n"
    "    pass\n\n\n"
    "class User(Base):\n"
    '    __tablename__ = "users"\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)
_FIRST = 'revision = "a1"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n'
_HEAD = (
    "import sqlalchemy as sa\n"
    "from alembic import op\n\n"
    'revision = "b2"\n'
    'down_revision = "a1"\n\n\n'
    "def upgrade():\n"
)
_DJANGO = (
    "from django.db import migrations\n\n\n"
    "class Migration(migrations.Migration):\n"
    '    dependencies = [("shop", "0001_initial")]\n'
    '    operations = [migrations.RemoveField(model_name="order", name="note")]'
)


_ORDERS = "from shop.models import Order\n\n\n"
_NAMED = {
    "a filter": _ORDERS + 'def a():\n    return Order.objects.filter(note__icontains="x")\n',
    "an order": _ORDERS + 'def a():\n    return Order.objects.filter(total=1).order_by("-note")\n',
    "a new row": _ORDERS + 'def a():\n    return Order.objects.create(total=1, note="x")\n',
    "a serializer": "from rest_framework import serializers\n\n"
    + _ORDERS
    + "class OrderSerializer(serializers.ModelSerializer):\n"
    '    class Meta:\n        model = Order\n        fields = ["id", "note"]\n',
    "the administration": "from django.contrib import admin\n\n" + _ORDERS + "@admin.register(Order)\n"
    'class OrderAdmin(admin.ModelAdmin):\n    list_display = ("id", "note")\n',
}


class MigrationDropsUsedColumn(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "This drops `{table}.{column}`, which `{place}` still {how}; take it out of the code one release before"
    answers = ("area B", "area G", "checklist 18", "checklist 71", "checklist 72")
    mentions = ("drop_column", "RemoveField")
    invalid = (
        Case(
            {
                "models.py": _MODELS + "    nickname: Mapped[str] = mapped_column()\n",
                "alembic/versions/a1.py": _FIRST,
                "alembic/versions/b2.py": _HEAD + '    op.drop_column("users", "nickname")  # ARC220\n',
            },
            title="the model declares it",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": "from sqlalchemy.orm import Session\n\n"
                "from models import User\n\n\n"
                "def show(session: Session, key):\n"
                "    user = session.get(User, key)\n"
                "    return user.nickname\n",
                "alembic/versions/a1.py": _FIRST,
                "alembic/versions/b2.py": _HEAD + '    with op.batch_alter_table("users") as batch_op:\n'
                '        batch_op.drop_column("nickname")  # ARC220\n',
            },
            title="code reads it",
        ),
        Case(
            {
                "shop/models.py": "from django.db import models\n\n\n"
                "class Order(models.Model):\n"
                "    note = models.TextField()\n",
                "shop/migrations/0001_initial.py": "from django.db import migrations\n\n\n"
                "class Migration(migrations.Migration):\n"
                "    operations = []\n",
                "shop/migrations/0002_note.py": _DJANGO + "  # ARC220\n",
            },
            title="Django",
        ),
        Case(
            {
                "shop/models.py": "from django.db import models\n\n\n"
                "class Order(models.Model):\n"
                "    total = models.IntegerField()\n",
                "shop/views.py": "from shop.models import Order\n\n\n"
                "def show(request, pk):\n"
                "    return Order.objects.get(pk=pk).note\n",
                "shop/migrations/0001_initial.py": "from django.db import migrations\n\n\n"
                "class Migration(migrations.Migration):\n"
                "    operations = []\n",
                "shop/migrations/0002_note.py": _DJANGO + "  # ARC220\n",
            },
            title="Django: the model is done, a view is not",
        ),
        Case(
            {
                "models.py": "from sqlalchemy import Column, Integer, MetaData, String, Table\n"
                "from sqlmodel import Field, SQLModel\n\n\n"
                "class HeroGroup(SQLModel, table=True):\n"
                "    id: int | None = Field(default=None, primary_key=True)\n\n\n"
                "class Hero(SQLModel, table=True):\n"
                "    id: int | None = Field(default=None, primary_key=True)\n    alias: str\n\n\n"
                'events = Table("events", MetaData(), Column("id", Integer), Column("payload", String))\n',
                "crud.py": "from sqlmodel import select\n\nfrom models import HeroGroup\n\n\n"
                "def make(session, title):\n    session.add(HeroGroup(title=title))\n\n\n"
                "def old(session):\n    return session.exec(select(HeroGroup.since)).all()\n",
                "alembic/versions/a1.py": _FIRST,
                "alembic/versions/b2.py": _HEAD.replace(
                    "def upgrade", 'TABLE, COLUMN = "hero", "alias"\n\n\ndef upgrade'
                )
                + "    op.drop_column(TABLE, COLUMN)  # ARC220\n"
                '    op.drop_column("hero_group", "title")  # ARC220\n'
                '    op.drop_column("hero_group", "since")  # ARC220\n'
                '    op.drop_column("events", "payload")  # ARC220\n'
                '    op.execute("ALTER TABLE hero DROP COLUMN IF EXISTS alias")  # ARC220\n',
            },
            title="tables without a declared name, classes of tables, text",
        ),
        Case(
            {
                "models.py": _MODELS + "    nickname: Mapped[str] = mapped_column()\n",
                "alembic/versions/a1.py": _FIRST,
                "alembic/versions/b2.py": _HEAD.replace(
                    "def upgrade", 'TABLE = "users"\nCOLUMN = "nickname"\n\n\ndef upgrade'
                )
                + "    op.drop_column(TABLE, column_name=COLUMN)  # ARC220\n",
            },
            title="names kept in constants",
        ),
        *(
            Case(
                {
                    "shop/models.py": "from django.db import models\n\n\n"
                    "class Order(models.Model):\n"
                    "    total = models.IntegerField()\n",
                    "shop/use.py": text,
                    "shop/migrations/0001_initial.py": "from django.db import migrations\n\n\n"
                    "class Migration(migrations.Migration):\n"
                    "    operations = []\n",
                    "shop/migrations/0002_note.py": _DJANGO + "  # ARC220\n",
                },
                title=f"Django: {title}",
            )
            for title, text in _NAMED.items()
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": "from sqlalchemy import text\n\n\n"
                "def show(session):\n"
                '    return session.execute(text("select nickname from users")).all()\n',
                "alembic/versions/a1.py": _FIRST,
                "alembic/versions/b2.py": _HEAD + '    op.drop_column("users", "nickname")  # ARC220\n',
            },
            title="raw SQL",
        ),
        Case(
            {
                "shop/__init__.py": "",
                "shop/models.py": """\
from django.db import models


class Order(models.Model):
    total = models.IntegerField()
""",
                "shop/report.py": """\
from django.db import connection

NOTES = "INSERT INTO shop_order (note, total) VALUES (%s, %s)"


def add(note, total):
    with connection.cursor() as cursor:
        cursor.execute(NOTES, [note, total])
""",
                "shop/migrations/__init__.py": "",
                "shop/migrations/0001_initial.py": """\
from django.db import migrations


class Migration(migrations.Migration):
    operations = []
""",
                "shop/migrations/0002_note.py": """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RemoveField(model_name="order", name="note")]  # ARC220
""",
            },
            title="Django: raw SQL",
        ),
    )
    valid = (
        Case(
            {
                "models.py": _MODELS,
                "alembic/versions/a1.py": _FIRST,
                "alembic/versions/b2.py": _HEAD + '    op.drop_column("users", "nickname")\n',
            },
            title="nothing uses it",
        ),
        Case(
            {
                "models.py": _MODELS + "    nickname: Mapped[str] = mapped_column()\n",
                "alembic/versions/a1.py": _FIRST,
                "alembic/versions/b2.py": _HEAD + '    op.drop_column("users", "nickname")\n',
                "alembic/versions/c3.py": _HEAD.replace('"b2"', '"c3"').replace('"a1"', '"b2"')
                + '    op.add_column("users", sa.Column("nickname", sa.Text()))\n',
                "alembic/versions/d4.py": _HEAD.replace('"b2"', '"d4"').replace('"a1"', '"c3"')
                + '    op.drop_column("users", "nickname")\n'
                + '    op.add_column("users", sa.Column("nickname", sa.Text()))\n',
            },
            title="an older migration; made anew",
        ),
        Case(
            {
                "shop/models.py": "from django.db import models\n\n\n"
                "class Order(models.Model):\n"
                "    @property\n"
                "    def note(self):\n"
                '        return ""\n',
                "shop/migrations/0001_initial.py": "from django.db import migrations\n\n\n"
                "class Migration(migrations.Migration):\n"
                "    operations = []\n",
                "shop/migrations/0002_note.py": _DJANGO + "\n",
            },
            title="Django: a property has the name now",
        ),
        Case(
            {
                "shop/models.py": "from django.db import models\n\n\n"
                "class Order(models.Model):\n    total = models.IntegerField()\n\n\n"
                "class Line(models.Model):\n    note = models.TextField()\n",
                "shop/views.py": "from django.db.models import F\n\nfrom shop.models import Line, Order\n\n\n"
                'def a():\n    return Order.objects.annotate(note=F("total")).order_by("note")\n',
                "shop/lines.py": 'from shop.models import Line\n\n\ndef a():\n    return Line.objects.filter(note="x")\n',
                "shop/migrations/0001_initial.py": "from django.db import migrations\n\n\n"
                "class Migration(migrations.Migration):\n"
                "    operations = []\n",
                "shop/migrations/0002_note.py": _DJANGO + "\n",
            },
            title="Django: computed under that name, a column of another model",
        ),
        Case(
            {
                "models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "api.py": """\
from sqlalchemy import text

JOINED = "select p.nickname from users u join profiles p on p.user_id = u.id"


def show(session):
    return session.execute(text(JOINED)).all()


def find(session, nickname):
    return session.execute(text("select id from users where name = :nickname"), {"nickname": nickname}).all()
""",
                "alembic/versions/a1.py": """\
revision = "a1"
down_revision = None


def upgrade():
    pass
""",
                "alembic/versions/b2.py": """\
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    op.drop_column("users", "nickname")
""",
            },
            title="another table of a statement, and a parameter, have the name",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: File, file: File) -> Iterator[Diagnostic]:
        """Report dropped columns that the code still uses."""
        if file.role == "test":
            return
        for found in still_used(file.world, file.name):
            row = found.operation.row
            place = file.span(row)
            shown = file.display_of(found.path)
            at = file.line_location(found.line, found.path)
            yield file.diagnostic(
                self,
                place,
                related=(Related(at, f"`{found.model}` {found.how} it here"),),
                table=found.operation.table,
                column=found.operation.column,
                place=f"{shown}:{found.line}",
                how=found.how,
            )
