"""Migrations that fork.

## What it does

Reports two or more Alembic revisions of one folder, or of folders that build on one another, that no other revision
builds on although they come from the same ancestor; and two or more migrations of a Django app that none depends on.

## Why is this bad?

`alembic upgrade head` stops with "Multiple head revisions are present", Django's `migrate` with "Conflicting migrations
detected". It happens when two branches each add a
migration and are merged: each passes its own tests, and the deployment fails.

## How to fix

Let the later one build on the other (change its `down_revision`), or join them:

```python
# alembic merge -m "join" ae1027a6acf 27c6a30d7c24
down_revision = ("ae1027a6acf", "27c6a30d7c24")
```

`python manage.py makemigrations --merge` does the same for Django.

## Not reported

* Branches with labels, which are meant to have a head each; lines of revisions without a common ancestor.
* Revisions that another one names in `depends_on`; folders without a link to each other (`version_locations`).
* Known misses: revisions whose `down_revision` is computed.

## References

* [Alembic: working with branches](https://alembic.sqlalchemy.org/en/latest/branches.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.project.file import File


def _revision(name: str, down: str, more: str = "") -> str:
    """A file with one revision; the case marks its first line where it is to be reported."""
    return (
        f'revision = "{name}"{more}\ndown_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\n'
        "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
    )


def _migration(*before: str, mark: str = "") -> str:
    """A migration of Django."""
    names = ", ".join(f'("shop", "{name}")' for name in before)
    return (
        f"from django.db import migrations\n\n\nclass Migration(migrations.Migration):{mark}\n"
        f"    dependencies = [{names}]\n    operations = []\n"
    )


_MARK = "  # ARC222"


class MultipleMigrationHeads(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = (
        "{tool} has {count} heads here ({names}), and `{command}` fails; build one on the other or merge them"
    )
    answers = ("area B", "checklist 18")
    mentions = ("down_revision", "migrations.Migration", "Migration)")
    invalid = (
        Case(
            {
                "alembic/versions/a1_first.py": _revision("a1", "None"),
                "alembic/versions/b2_users.py": _revision("b2", '"a1"'),
                "alembic/versions/c3_orders.py": _revision("c3", '"a1"', _MARK),
            },
            title="two branches were merged",
        ),
        Case(
            {
                "migrations/versions/1.py": _revision("r1", "None"),
                "migrations/versions/2.py": _revision("r2", '"r1"'),
                "migrations/versions/3.py": _revision("r3", '"r2"'),
                "migrations/versions/4.py": _revision("r4", '"r2"'),
                "migrations/versions/5.py": _revision("r5", '("r3", "r4")'),
                "migrations/versions/6.py": _revision("r6", '"r4"', _MARK),
            },
            title="a branch beside a merge",
        ),
        Case(
            {
                "db/versions/a.py": _revision("aa", "None"),
                "db/versions/b.py": _revision("bb", '"aa"'),
                "db/versions/c.py": _revision("cc", '"aa"'),
                "db/versions/d.py": _revision("dd", '"cc"', _MARK),
            },
            title="lines of different length",
        ),
        Case(
            {
                "db/versions/2023/a.py": _revision("aa", "None"),
                "db/versions/2023/b.py": _revision("bb", '"aa"'),
                "db/versions/2024/c.py": _revision("cc", '"aa"', _MARK),
            },
            title="a folder for each year",
        ),
        Case(
            {
                "db/versions/a.py": _revision("aa", "None"),
                "db/versions/b.py": 'PARENT = "aa"\n' + _revision("bb", "PARENT"),
                "db/versions/c.py": _revision("cc", '"aa"', _MARK),
            },
            title="an ancestor under another name",
        ),
        Case(
            {
                "shop/migrations/0001_initial.py": _migration(),
                "shop/migrations/0002_note.py": _migration("0001_initial"),
                "shop/migrations/0002_owner.py": _migration("0001_initial", mark=_MARK),
                "club/migrations/0001_initial.py": _migration(),
            },
            title="Django",
        ),
        Case(
            {
                "db/versions/a.py": _revision("aa", "None"),
                "db/versions/b.py": _revision("bb", 'newest("aa")'),
                "db/versions/c.py": _revision("cc", '"aa"', _MARK),
            },
            title="computed ancestor",
            missed=True,
            why="what is not written down is not known",
        ),
    )
    valid = (
        Case(
            {
                "alembic/versions/a1_first.py": _revision("a1", "None"),
                "alembic/versions/b2_users.py": _revision("b2", '"a1"'),
                "alembic/versions/c3_orders.py": _revision("c3", '"a1"'),
                "alembic/versions/d4_merge.py": _revision("d4", '("b2", "c3")'),
            },
            title="merged",
        ),
        Case(
            {
                "alembic/versions/a1_first.py": _revision("a1", "None"),
                "alembic/versions/b2_users.py": _revision("b2", '"a1"').replace(
                    "branch_labels = None", 'branch_labels = ("users",)'
                ),
                "alembic/versions/c3_orders.py": _revision("c3", '"a1"'),
            },
            title="labelled branch",
        ),
        Case(
            {
                "alembic/versions/a1_first.py": _revision("a1", "None"),
                "alembic/versions/x1_other.py": _revision("x1", "None"),
                "plugins/versions/p1_first.py": _revision("p1", "None"),
                "plugins/versions/p2_next.py": _revision("p2", '"p1"'),
                "other/versions/a1_first.py": _revision("a1", "None"),
                "other/versions/p2_next.py": _revision("p2", '"a1"'),
                "other/versions/p3_next.py": _revision("p3", '"p2"'),
            },
            title="lines of their own",
        ),
        Case(
            {
                "alembic/versions/a1_first.py": _revision("a1", "None"),
                "alembic/versions/b2_users.py": _revision("b2", '"a1"'),
                "alembic/versions/c3_orders.py": _revision("c3", '"a1"').replace(
                    "depends_on = None", 'depends_on = "b2"'
                ),
            },
            title="one depends on the other",
        ),
        Case(
            {
                "shop/migrations/0001_initial.py": _migration(),
                "shop/migrations/0002_note.py": _migration("0001_initial"),
                "shop/migrations/0002_owner.py": _migration("0001_initial"),
                "shop/migrations/0003_merge.py": _migration("0002_note", "0002_owner"),
                "shop/migrations/0001_squashed_0002.py": _migration().replace(
                    "    operations",
                    '    replaces = [("shop", "0001_initial"), ("shop", "0002_note")]\n    operations',
                ),
                "shop/migrations/helpers.py": "def fill(apps, editor): ...\n",
            },
            title="Django: merged",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: File, file: File) -> Iterator[Diagnostic]:
        """Report the last head of a fork."""
        migrations = file.world.migrations
        own = migrations.revision(file.name)
        if file.role == "test":
            return
        if own is None:
            yield from self._django(file)
            return
        heads = sorted(migrations.heads(file.name))
        if len(heads) < 2 or heads[-1].path != own.path:
            return
        below, labelled = migrations.line_of(own)
        forked = [h for h in heads[:-1] if migrations.line_of(h)[0] & below]
        if labelled or not forked or any(migrations.line_of(h)[1] for h in forked):
            return
        related = tuple(Related(file.line_location(h.line, h.path), f"head `{h.name}`") for h in forked)
        names = ", ".join(h.name for h in (*forked, own))
        place = file.line_location(own.line)
        yield file.diagnostic(
            self,
            place,
            related=related,
            count=len(forked) + 1,
            names=names,
            tool="Alembic",
            command="upgrade head",
        )

    def _django(self, file: File) -> Iterator[Diagnostic]:
        """Report the last migration of an app beside others that nothing builds on."""
        if "migrations/" not in file.name:
            return
        heads = file.world.migrations.django_heads(file.name)
        if len(heads) < 2 or heads[-1] != file.name:
            return
        scope = next(s for s in file.summary.scopes if s.kind == "class" and s.name == "Migration")
        names = [head.rpartition("/")[2].removesuffix(".py") for head in heads]
        related = tuple(
            Related(file.line_location(1, head), f"head `{name}`")
            for head, name in zip(heads[:-1], names, strict=False)
        )
        place = file.line_location(scope.line)
        yield file.diagnostic(
            self,
            place,
            related=related,
            count=len(heads),
            names=", ".join(names),
            tool="Django",
            command="migrate",
        )
