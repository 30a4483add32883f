"""A column default that is evaluated once, when the module is imported.

## What it does

Reports defaults of columns and fields (SQLAlchemy, SQLModel, Django, Tortoise, peewee, pydantic) that call for the
time, a random value or a new key: `default=datetime.utcnow()`, `default=str(uuid4())`, also through a function of
the project. Also reports a list, set or dictionary as the default of a SQLAlchemy column or a Django field.

## Why is this bad?

The call runs once, when the class is made. Every row gets the time at which the process started, or the same
"unique" key, and it looks right in every test that creates one row. A list or dictionary is one object that all
new rows share until they are read again.

## How to fix

```python
created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
token = models.CharField(max_length=32, default=new_token)   # the function, not its result
tags: Mapped[list[str]] = mapped_column(JSON, default=list)
```

With SQLModel and pydantic the keyword is `default_factory`.

## Not reported

* Constants such as `datetime(2020, 1, 1)`; SQL expressions (`func.now()`, `server_default`).
* Lists and dictionaries in pydantic's and SQLModel's `Field`, which copies them.
* Tests and migrations: what has been migrated stays as it is.
* Known misses: calls that are not in the table of times, keys and random values.

Compared with ruff's RUF009 and B008, which look at dataclasses and function parameters, this rule knows columns.

## References

* [SQLAlchemy: column insert/update defaults](https://docs.sqlalchemy.org/en/20/core/defaults.html#python-executed-functions)
* [Django: field default](https://docs.djangoproject.com/en/stable/ref/models/fields/#default)
* [Pydantic: fields with dynamic default values](https://docs.pydantic.dev/latest/concepts/fields/#default-values)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact, Location
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.columns import DEFAULTS
from archlint.knowledge.relations import COLUMNS
from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.file import File
from archlint.project.fresh import fresh_call
from archlint.project.remedies.defaults import made_anew, new_collection
from archlint.project.rows.columns import constructor
from archlint.project.words import last_word

#: Constructors that copy a list or dictionary for each object.
_COPIES = frozenset(("sqlmodel.Field", "pydantic.Field"))
_FACTORY = "default_factory"
_MUTABLE = {"l": "list", "d": "dict", "e": "set"}
_SHARED = "The {kind} given as default is one object for all rows; pass `{kind}` itself"


class ColumnDefaultEvaluatedOnce(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("safe",)
    message = "`{call}` runs once, at import, and all rows share its value; pass a function{factory}"
    answers = ("area B", "area I", "dimension 2")
    mentions = ("default", "onupdate", "BaseModel", "SQLModel")
    invalid = (
        Case(
            "from django.db import models\nfrom django.utils import timezone\n\n\n"
            "class Profile(models.Model):\n"
            "    joined = models.DateTimeField(default=timezone.now())  # ARC216\n"
            '    timezone = models.CharField(max_length=20, default="")\n',
            title="Django: a field below has the name of the module",
        ),
        Case(
            "import uuid\n"
            "from datetime import datetime\n\n"
            "from sqlalchemy import Column, DateTime, String\n"
            "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
            "class Base(DeclarativeBase):\n"
            "    pass\n\n\n"
            "class User(Base):\n"
            '    __tablename__ = "users"\n'
            "    id: Mapped[str] = mapped_column(primary_key=True, default=str(uuid.uuid4()))  # ARC216\n"
            "    created = Column(DateTime, default=datetime.utcnow())  # ARC216\n"
            "    changed = Column(DateTime, onupdate=datetime.utcnow())  # ARC216\n"
            "    tags = Column(String, default=[])  # ARC216\n",
            title="SQLAlchemy",
            fixed="""\
import uuid
from datetime import datetime

from sqlalchemy import Column, DateTime, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: str(uuid.uuid4()))  # ARC216
    created = Column(DateTime, default=datetime.utcnow)  # ARC216
    changed = Column(DateTime, onupdate=datetime.utcnow)  # ARC216
    tags = Column(String, default=list)  # ARC216
""",
        ),
        Case(
            "from django.db import models\n"
            "from django.utils import timezone\n\n\n"
            "class Order(models.Model):\n"
            "    created = models.DateTimeField(default=timezone.now())  # ARC216\n",
            fixed="from django.db import models\n"
            "from django.utils import timezone\n\n\n"
            "class Order(models.Model):\n"
            "    created = models.DateTimeField(default=timezone.now)  # ARC216\n",
            title="Django",
        ),
        Case(
            {
                "keys.py": "import secrets\n\n\ndef new_token():\n    return secrets.token_hex(16)\n",
                "models.py": "from sqlmodel import Field, SQLModel\n\n"
                "from keys import new_token\n\n\n"
                "class Session(SQLModel, table=True):\n"
                "    id: int = Field(primary_key=True)\n"
                "    token: str = Field(default=new_token())  # ARC216\n",
            },
            title="SQLModel, function of another file",
            fixed="""\
from sqlmodel import Field, SQLModel

from keys import new_token


class Session(SQLModel, table=True):
    id: int = Field(primary_key=True)
    token: str = Field(default_factory=new_token)  # ARC216
""",
        ),
        Case(
            "import time\n"
            "from datetime import UTC, datetime, timedelta\n\n"
            "from pydantic import BaseModel, Field\n\n\n"
            "class Event(BaseModel):\n"
            "    at: datetime = datetime.now(UTC)  # ARC216\n"
            "    until: datetime = Field(datetime.now(UTC) + timedelta(days=1))  # ARC216\n"
            "    stamp: int = Field(default=int(time.time()))  # ARC216\n",
            title="pydantic",
            fixed="""\
import time
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, Field


class Event(BaseModel):
    at: datetime = Field(default_factory=lambda: datetime.now(UTC))  # ARC216
    until: datetime = Field(datetime.now(UTC) + timedelta(days=1))  # ARC216
    stamp: int = Field(default_factory=lambda: int(time.time()))  # ARC216
""",
        ),
        Case(
            "from clock import tick\n"
            "from sqlalchemy import Column, DateTime\n"
            "from sqlalchemy.orm import DeclarativeBase\n\n\n"
            "class Base(DeclarativeBase):\n"
            "    pass\n\n\n"
            "class User(Base):\n"
            '    __tablename__ = "users"\n'
            "    created = Column(DateTime, default=tick())  # ARC216\n",
            title="a function of an unknown library",
            missed=True,
            why="`tick()` may well give a constant or an SQL expression",
        ),
    )
    valid = (
        Case(
            "import uuid\n"
            "from datetime import UTC, datetime\n\n"
            "from sqlalchemy import JSON, Column, DateTime, String, func\n"
            "from sqlalchemy.orm import DeclarativeBase\n\n\n"
            "class Base(DeclarativeBase):\n"
            "    pass\n\n\n"
            "class User(Base):\n"
            '    __tablename__ = "users"\n'
            "    id = Column(String, primary_key=True, default=lambda: str(uuid.uuid4()))\n"
            "    created = Column(DateTime, default=datetime.utcnow)\n"
            "    changed = Column(DateTime, server_default=func.now(), onupdate=func.now())\n"
            "    since = Column(DateTime, default=datetime(2020, 1, 1, tzinfo=UTC))\n"
            "    tags = Column(JSON, default=list)\n",
            title="functions, constants and SQL",
        ),
        Case(
            "from datetime import datetime\n\n"
            "from pydantic import BaseModel, Field\n\n\n"
            "class Event(BaseModel):\n"
            "    at: datetime = Field(default_factory=datetime.now)\n"
            "    tags: list[str] = Field(default=[])\n"
            "    names: list[str] = []\n",
            title="pydantic copies lists",
        ),
        Case(
            "import argparse\n"
            "import time\n\n"
            "parser = argparse.ArgumentParser()\n"
            'parser.add_argument("--since", default=time.time())\n\n\n'
            "class Clock:\n"
            "    started = time.time()\n",
            title="no column",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: File, file: File) -> Iterator[Diagnostic]:
        """Report defaults that are evaluated when the class is made."""
        if file.role in ("test", "migration"):
            return
        for scope in file.summary.scopes:
            for index, row in enumerate(scope.calls):
                if _may_have_default(row):
                    made = _made(file, scope, index)
                    if made:
                        yield from self._of_call(file, scope, row, made)
            if scope.kind == "class":
                yield from self._of_class(file, scope)

    def _of_call(self, file: File, scope: Scope, row: list[Any], made: str) -> Iterator[Diagnostic]:
        given = [expr for key, expr in row[Call.KEYWORDS] if key in DEFAULTS]
        if made in _COPIES:
            given += row[Call.ARGS][:1]
        for expr in given:
            if expr is not None and expr[0] in _MUTABLE and made not in _COPIES:
                if not expr[1]:
                    kind = _MUTABLE[expr[0]]
                    yield file.diagnostic(
                        self,
                        file.span(row),
                        fix=new_collection(file, file.span(row), kind),
                        message=_SHARED,
                        impact=Impact.MEDIUM,
                        kind=kind,
                        call="",
                        factory="",
                    )
            elif expr is not None:
                yield from self._evaluated(file, scope, expr, made)

    def _evaluated(self, file: File, scope: Scope, expr: Expr, made: str) -> Iterator[Diagnostic]:
        frame = file.world.evaluator.frame(file.name, scope.index)
        name = fresh_call(file.world, expr, frame)
        place = _place(file, scope, expr)
        if name and place is not None:
            fix = None
            if expr is not None and expr[0] == "c":
                in_django = made.startswith("django.")
                fix = made_anew(file, place, is_factory=made in _COPIES, in_django=in_django)
            yield file.diagnostic(
                self,
                place,
                fix=fix,
                call=name,
                factory=" as `default_factory`" if made in _COPIES else "",
            )

    def _of_class(self, file: File, scope: Scope) -> Iterator[Diagnostic]:
        """``created: datetime = datetime.now()`` in a class of pydantic."""
        key = f"{file.name}:{scope.index}"
        if "pydantic.BaseModel" not in file.world.classes.library_bases(key):
            return
        for rows in scope.binds.values():
            row = rows[-1]
            expr = row[Bind.EXPR]
            if row[Bind.ANNOTATION] is None or expr is None or expr[0] not in ("c", "b", "a"):
                continue
            if expr[0] == "c" and _made(file, scope, expr[1]):
                continue
            yield from self._evaluated(file, scope, expr, "pydantic.Field")


def _may_have_default(row: list[Any]) -> bool:
    word = last_word(row[Call.FUNC])
    if any(key in DEFAULTS for key, _ in row[Call.KEYWORDS]):
        return True
    return bool(row[Call.ARGS]) and "Field" in word


def _made(file: File, scope: Scope, index: int) -> str:
    """The column or field constructor that a call is."""
    found = constructor(file.world, file.name, scope, index)
    if found or last_word(scope.calls[index][Call.FUNC]) == "":
        return found if found in COLUMNS or found.startswith("sqlalchemy.") else ""
    callee = file.world.evaluator.callee(index, file.world.evaluator.frame(file.name, scope.index, (), 2))
    return callee.name if callee is not None and callee.name in _COPIES else ""


def _place(file: File, scope: Scope, expr: Expr) -> Location | None:
    """The first call of an expression, as far as the summary has its place."""
    while expr is not None and expr[0] != "c":
        inner = expr[2] if expr[0] == "b" else expr[1] if expr[0] in ("a", "w", "s") else None
        if isinstance(inner, list) or inner is None:
            expr = inner
    return file.span(scope.calls[expr[1]]) if expr is not None else None
