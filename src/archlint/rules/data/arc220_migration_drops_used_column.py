"""The newest migration drops a column that the code still uses.

## What it does

Reports a dropped column (Alembic's `drop_column`, Django's `RemoveField`) in the newest migration of its line if
a model still declares it, or code still reads it from rows of that model.

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
* Known misses: columns in raw SQL and in the names of keywords; tables whose names are computed.

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
                "models.py": _MODELS,
                "api.py": "from sqlalchemy import text\n\n\n"
                "def show(session):\n"
                '    return session.execute(text("select nickname from users")).all()\n',
                "alembic/versions/a1.py": _FIRST,
                "alembic/versions/b2.py": _HEAD + '    op.drop_column("users", "nickname")  # ARC220\n',
            },
            title="raw SQL",
            missed=True,
            why="the text of statements is not parsed for columns",
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
