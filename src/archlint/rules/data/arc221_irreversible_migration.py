"""A migration without a way back.

## What it does

Reports Alembic revisions whose `downgrade` does nothing although `upgrade` changes tables or columns, and Django's
`RunPython` and `RunSQL` without a reverse operation.

## Why is this bad?

When a release has to be taken back, its migration is taken back first. An empty `downgrade` says that it was, and
leaves the schema of the new release under the code of the old one; Django stops with `IrreversibleError`.

## How to fix

Undo in `downgrade` what `upgrade` does. Where nothing can be undone, say so:

```python
def downgrade() -> None:
    raise NotImplementedError("the old values are gone")
```

In Django give `reverse_code` or `reverse_sql`; `migrations.RunPython.noop` where there is nothing to undo.

## Not reported

This rule is off by default: many projects never go back, and an empty `downgrade` is then a convention. Of 1,391
revisions of well kept projects, 85 have one.

* The first migrations of a Django app: nothing is before them.
* Revisions that change rows or indexes alone, or make columns wider or optional: the release before can live with that.
* `downgrade` functions with a comment that says why they do nothing.
* Merges and revisions whose `upgrade` is empty, too; `downgrade` functions that raise.
* Known misses: a `downgrade` that undoes only a part.

Compared with pylint-django's `missing-backwards-migration-callable`, this rule knows Alembic and `RunSQL` as well.

## References

* [Alembic: downgrading](https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading)
* [Django: RunPython](https://docs.djangoproject.com/en/stable/ref/migration-operations/#runpython)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.migrations import ALEMBIC_SCHEMA
from archlint.model.summary import Block, Call, Scope
from archlint.project.file import File
from archlint.project.remedies.migrating import reversible
from archlint.project.tables.migrations import Operation

_HEAD = 'from alembic import op\n\nrevision = "b2"\ndown_revision = "a1"\n\n\n'
_DJANGO = (
    "from django.db import migrations\n\n\n"
    "def fill(apps, schema_editor):\n"
    "    pass\n\n\n"
    "class Migration(migrations.Migration):\n"
    "    operations = [\n"
)
_REVERSES = {"RunPython": "reverse_code", "RunSQL": "reverse_sql"}
_ALEMBIC = "`downgrade` undoes nothing of what `upgrade` does; undo it, or raise where that is impossible"
_NO_REVERSE = (
    "`{operation}` has no `{reverse}`, so the migration cannot be taken back; give one, or its `noop`"
)


class IrreversibleMigration(Rule):
    """See the module."""

    impact = Impact.LOW
    fixes = ("unsafe",)
    default = False
    message = _ALEMBIC
    answers = ("area B", "area G", "checklist 18", "checklist 72")
    mentions = ("downgrade", "RunPython", "RunSQL")
    invalid = (
        Case(
            _HEAD + "def upgrade():\n"
            '    op.drop_column("users", "plan")\n\n\n'
            "def downgrade():  # ARC221\n"
            "    pass\n",
            title="empty",
        ),
        Case(
            _HEAD + "def upgrade():\n"
            '    with op.batch_alter_table("users") as batch_op:\n'
            '        batch_op.drop_column("plan")\n\n\n'
            "def downgrade() -> None:  # ARC221\n"
            '    """Nothing to do."""\n'
            "    return None\n",
            title="only a text",
        ),
        Case(
            _DJANGO + "        migrations.RunPython(fill),  # ARC221\n"
            '        migrations.RunSQL("DROP VIEW a"),  # ARC221\n'
            "    ]\n",
            title="Django",
            fixed="""\
from django.db import migrations


def fill(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(fill, reverse_code=migrations.RunPython.noop),  # ARC221
        migrations.RunSQL("DROP VIEW a", reverse_sql=migrations.RunSQL.noop),  # ARC221
    ]
""",
        ),
        Case(
            _HEAD + "def upgrade():\n"
            '    op.drop_column("users", "plan")\n'
            '    op.drop_column("users", "size")\n\n\n'
            "def downgrade():  # ARC221\n"
            '    op.add_column("users", "plan")\n',
            title="only a part",
            missed=True,
            why="which operations undo which is not followed",
        ),
    )
    valid = (
        Case(
            _HEAD + "def upgrade():\n"
            '    op.drop_column("users", "plan")\n\n\n'
            "def downgrade():\n"
            "    raise NotImplementedError\n",
            title="says so",
        ),
        Case(
            _HEAD + "def upgrade():\n"
            '    op.execute("TRUNCATE import_errors")\n'
            '    op.alter_column("users", "plan", nullable=True)\n'
            '    op.drop_index("ix_users_plan", table_name="users")\n\n\n'
            "def downgrade():\n"
            "    pass\n",
            title="rows, indexes and wider columns alone",
        ),
        Case(
            _HEAD + "def upgrade():\n"
            '    op.alter_column("users", "plan", nullable=False)\n\n\n'
            "def downgrade():\n"
            "    # Rows without a plan may exist by now.\n"
            "    pass\n",
            title="a comment says why",
        ),
        Case(
            'revision = "c3"\ndown_revision = ("a1", "b2")\n\n\n'
            "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n",
            title="merge",
        ),
        Case(
            _DJANGO + "        migrations.RunPython(fill, migrations.RunPython.noop),\n"
            '        migrations.RunSQL("DROP VIEW a", reverse_sql="CREATE VIEW a AS VALUES (1)"),\n'
            "        migrations.RunPython(fill, reverse_code=fill),\n"
            '        migrations.RunPython(*both_ways("a.sql", "b.sql")),\n'
            "    ]\n",
            title="Django",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: File, file: File) -> Iterator[Diagnostic]:
        """Report migrations that cannot be taken back."""
        migrations = file.world.migrations
        if file.role == "test":
            return
        if migrations.revision(file.name) is not None:
            scopes = file.summary.scopes
            down = next((s for s in scopes if s.name == "downgrade" and s.parent == 0), None)
            if down is None or not _does_nothing(down) or _says_why(down, file):
                return
            if any(_matters(each) for each in migrations.upgrade(file.name)):
                place = file.place(down.line, down.column, down.line, down.column + len("def"))
                yield file.diagnostic(self, place)
            return
        for each in [] if migrations.is_initial(file.name) else migrations.django(file.name):
            reverse = _REVERSES.get(each.kind)
            row = each.row
            if reverse and not _may_have(row, reverse):
                yield file.diagnostic(
                    self,
                    file.span(row),
                    fix=reversible(file, file.span(row), reverse),
                    message=_NO_REVERSE,
                    operation=each.kind,
                    reverse=reverse,
                )


def _may_have(row: list[Any], name: str) -> bool:
    """Whether an operation has a way back, or may have one among arguments that are handed on."""
    handed_on = any(expr is not None and expr[0] == "*" for expr in row[Call.ARGS])
    return handed_on or len(row[Call.ARGS]) > 1 or any(key in (name, None) for key, _ in row[Call.KEYWORDS])


def _matters(operation: Operation) -> bool:
    """Whether the release before cannot live with what an operation leaves."""
    if operation.kind != "alter_column":
        return operation.kind in ALEMBIC_SCHEMA
    # A wider or optional column holds what it held before.
    given = operation.row[Call.KEYWORDS]
    return ["nullable", ["k", False]] in given or any(key == "new_column_name" for key, _ in given)


def _says_why(scope: Scope, file: File) -> bool:
    """Whether a comment in a function tells readers that there is nothing to undo."""
    return any(line.lstrip().startswith("#") for line in file.lines[scope.line : scope.end_line])


def _does_nothing(scope: Scope) -> bool:
    """Whether a function has no effect at all, not even an error."""
    is_empty = not (scope.calls or scope.stores or scope.binds or scope.withs)
    return is_empty and len(scope.blocks) == 1 and scope.blocks[0][Block.EXIT] != "raise"
