"""A field whose default is `None` although its type says that it never is.

## What it does

Looks at the fields of pydantic and SQLModel classes and of dataclasses, inherited markers included, and reports
annotations without `None` beside a default of `None`: `name: str = None`, `tags: list[str] = Field(None)`,
`when: datetime = field(default=None)`.

## Why is this bad?

The type lies to every reader and type checker: the code behind it calls methods of `None`. pydantic 2 does not
check defaults, so that the object is built with `None`, but refuses the same `None` in a request; what was
optional before version 2 by that notation is not any more.

## How to fix

```python
class Filter(BaseModel):
    name: str | None = None       # may be left out
    limit: int                    # or must be given
```

## Not reported

* `Any`, type variables, aliases and classes that cannot be resolved; `Annotated` with a `None` inside.
* Primary keys that the database fills (`Field(default=None, primary_key=True)`), fields that `__post_init__` fills,
  lines with `# type: ignore`, tests.

Compared with ruff's RUF013: that looks at parameters of functions only, this rule at fields only. RUF013 reports 175
lines of 17 applications and none of the lines marked in the examples below; this rule reports nothing in them.

## References

* [pydantic: required, optional and nullable fields](https://docs.pydantic.dev/latest/migration/#required-optional-and-nullable-fields)
* [PEP 484: union types](https://peps.python.org/pep-0484/#union-types)
* [ruff RUF013](https://docs.astral.sh/ruff/rules/implicit-optional/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ClassEvent, Rule, on
from archlint.model.summary import Bind, Call, Expr, Store
from archlint.project.file import File
from archlint.project.function import Class
from archlint.project.remedies.fields import optional
from archlint.project.types import BUILTIN_CLASSES
from archlint.project.words import last_word

_SCHEMAS = frozenset(
    ("pydantic.BaseModel", "sqlmodel.SQLModel", "pydantic_settings.BaseSettings", "pydantic.BaseSettings")
)
_DATACLASSES = frozenset(("dataclasses.dataclass", "pydantic.dataclasses.dataclass"))
_FIELDS = frozenset(("Field", "field"))
#: Library classes that are certainly no aliases of something with None in it.
_PLAIN = frozenset((
    "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "uuid.UUID", "decimal.Decimal",
    "pathlib.Path", "pydantic.EmailStr", "pydantic.HttpUrl", "pydantic.AnyUrl", "pydantic.SecretStr",
    "pydantic.networks.EmailStr", "pydantic.types.SecretStr",
))  # fmt: skip
_GENERIC = frozenset((
    "typing.List", "typing.Dict", "typing.Set", "typing.Tuple", "typing.FrozenSet", "typing.Sequence", "typing.Mapping",
    "typing.Iterable", "typing.Literal", "typing_extensions.Literal", "collections.abc.Sequence",
    "collections.abc.Mapping", "collections.abc.Iterable", "list", "dict", "set", "tuple", "frozenset",
    "typing.Type", "typing.Callable", "collections.abc.Callable",
))  # fmt: skip


class ImplicitOptionalField(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("safe", "unsafe")
    message = "Field `{field}: {type} = None` is not optional by its type; write `{type} | None`, or make it required"
    answers = ("anti-pattern 4c", "area C", "dimension 1", "checklist 28")
    mentions = ("None",)

    invalid = (
        Case(
            "from datetime import datetime\n\nfrom pydantic import BaseModel, Field\n\n\n"
            "class Filter(BaseModel):\n"
            "    name: str = None  # ARC108\n"
            "    tags: list[str] = Field(None)  # ARC108\n"
            "    since: datetime = Field(default=None, description='from')  # ARC108\n"
            "    limit: int = 10\n",
            title="pydantic: defaults of all kinds",
            fixed="""\
from datetime import datetime

from pydantic import BaseModel, Field


class Filter(BaseModel):
    name: str | None = None  # ARC108
    tags: list[str] | None = Field(None)  # ARC108
    since: datetime | None = Field(default=None, description='from')  # ARC108
    limit: int = 10
""",
        ),
        Case(
            {
                "base.py": "from pydantic import BaseModel\n\n\nclass Schema(BaseModel):\n    pass\n",
                "kinds.py": "import enum\n\n\nclass Kind(enum.Enum):\n    A = 1\n",
                "api.py": "from typing import Annotated, Dict\n\nfrom pydantic import Field\n\n"
                "from base import Schema\nfrom kinds import Kind\n\n\n"
                "class Query(Schema):\n"
                "    kind: Kind = None  # ARC108\n"
                "    extra: Dict[str, int] = None  # ARC108\n"
                "    size: Annotated[int, Field(ge=1)] = None  # ARC108\n",
            },
            title="pydantic: bases and types of other modules",
            fixed="""\
from typing import Annotated, Dict, Optional

from pydantic import Field

from base import Schema
from kinds import Kind


class Query(Schema):
    kind: Optional[Kind] = None  # ARC108
    extra: Optional[Dict[str, int]] = None  # ARC108
    size: Annotated[Optional[int], Field(ge=1)] = None  # ARC108
""",
        ),
        Case(
            "from sqlmodel import Field, SQLModel\n\n\n"
            "class HeroUpdate(SQLModel):\n    name: str = None  # ARC108\n\n\n"
            "class Hero(SQLModel, table=True):\n"
            "    id: int = Field(default=None, primary_key=True)\n"
            "    team_id: int = Field(default=None, foreign_key='team.id')  # ARC108\n",
            title="SQLModel: a table and a model for updates",
        ),
        Case(
            "from dataclasses import dataclass, field\n\n\n"
            "@dataclass\n"
            "class Order:\n"
            "    total: int = None  # ARC108\n"
            "    lines: list = field(default=None)  # ARC108\n\n\n"
            "@dataclass(frozen=True)\n"
            "class Line:\n    order: Order = None  # ARC108\n",
            title="dataclasses",
        ),
        Case(
            "from typing import TypeAlias\n\nfrom pydantic import BaseModel\n\n"
            "Name: TypeAlias = str\n\n\n"
            "class Filter(BaseModel):\n    name: Name = None  # ARC108\n",
            title="an alias of a plain type",
            missed=True,
            why="aliases would have to be followed to the types that they are made of",
        ),
    )
    valid = (
        Case(
            "from typing import Annotated, Any, ClassVar, Literal, Optional, TypeVar, Union\n\n"
            "from pydantic import BaseModel, Field\n\n"
            "T = TypeVar('T')\nMaybe = Optional[int]\n\n\n"
            "class Filter(BaseModel):\n"
            "    a: Optional[str] = None\n    b: str | None = None\n    c: Union[int, None] = Field(None)\n"
            "    d: Any = None\n    e: Maybe = None\n    f: Annotated[str | None, Field(max_length=3)] = None\n"
            "    g: Literal['a', None] = None\n    h: ClassVar[int] = None\n    i: T = None\n"
            "    j: 'Optional[int]' = None\n    k: None = None\n    m: object = None\n",
            title="pydantic: optional by the type, or unknown",
        ),
        Case(
            "from dataclasses import dataclass\n\n\n"
            "@dataclass\n"
            "class Order:\n"
            "    lines: list = None\n    total: int = None  # type: ignore[assignment]\n\n"
            "    def __post_init__(self):\n        self.lines = self.lines or []\n",
            title="dataclass: filled later, marked",
        ),
        Case(
            "from sqlmodel import Field, SQLModel\n\n\n"
            "class Hero(SQLModel, table=True):\n    id: int = Field(default=None, primary_key=True)\n\n\n"
            "class Plain:\n    name: str = None\n",
            title="SQLModel: a key that the database fills; a class without fields",
        ),
    )

    @on(ClassEvent)
    def check(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report the fields of one class."""
        if file.role or not _has_fields(cls, file):
            return
        filled = _filled_later(cls, file)
        for name, rows in cls.scope.binds.items():
            row = rows[-1]
            line = row[Bind.LINE]
            if row[Bind.ANNOTATION] is None or name in filled or not _is_none(row[Bind.EXPR], cls):
                continue
            kind = _never_none(row[Bind.ANNOTATION], cls, file)
            if kind and "type: ignore" not in file.lines[line - 1]:
                yield file.diagnostic(
                    self, file.field(line, name), fix=optional(file, line, name), field=name, type=kind
                )


def _has_fields(cls: Class, file: File) -> bool:
    """Whether the annotations of a class are its fields."""
    if cls.scope.bases and not _SCHEMAS.isdisjoint(file.world.classes.library_bases(cls.key)):
        return True
    evaluator = file.world.evaluator
    return any(
        evaluator.decorator_name(file.name, cls.scope, d) in _DATACLASSES for d in cls.scope.decorators
    )


def _filled_later(cls: Class, file: File) -> set[str]:
    info = file.world.classes.info(cls.key)
    if info is None or "__post_init__" not in info.methods:
        return set()
    scope = file.summary.scopes[info.methods["__post_init__"]]
    return {str(row[Store.ATTR]) for row in scope.stores}


def _is_none(default: Expr, cls: Class) -> bool:
    if default is None or default[0] != "c":
        return bool(default == ["k", None])
    row: list[Any] = cls.scope.calls[default[1]]
    keywords = dict(row[Call.KEYWORDS])
    word = last_word(row[Call.FUNC])
    word = cls.file.summary.renamed.get(word, word)
    if word not in _FIELDS or keywords.get("primary_key") == ["k", True]:
        return False
    return bool(keywords.get("default", row[Call.ARGS][0] if row[Call.ARGS] else 0) == ["k", None])


def _never_none(expr: Expr, cls: Class, file: File) -> str:
    """The text of an annotation that certainly leaves out None; empty for all others."""
    if expr is None:
        return ""
    evaluator = file.world.evaluator
    frame = evaluator.frame(file.name, cls.scope.index, (), 3)
    if expr[0] == "s":
        head = evaluator.eval(expr[1], frame, 0, 1 << 60)
        name = head.name if head is not None and head.kind in ("lib", "class") else ""
        elements = expr[2][1] if expr[2] is not None and expr[2][0] == "t" else [expr[2]]
        if name.endswith(".Annotated"):
            return _never_none(elements[0], cls, file)
        if name not in _GENERIC or (name.endswith("Literal") and ["k", None] in elements):
            return ""
        return f"{last_word(expr[1])}[…]"
    if expr[0] not in ("n", "a"):
        return ""
    value = evaluator.eval(expr, frame, 0, 1 << 60)
    if value is None:
        return ""
    is_builtin = expr[0] == "n" and value.name == expr[1] and value.name in BUILTIN_CLASSES - {"object"}
    is_own = value.kind == "class" and ":" in value.name
    is_plain = value.kind == "lib" and (value.name in _PLAIN or value.name in _GENERIC)
    return last_word(expr) if is_builtin or is_own or is_plain else ""
