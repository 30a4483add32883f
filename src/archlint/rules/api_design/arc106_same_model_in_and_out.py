"""One model for what comes in, what goes out, and what is stored.

## What it does

Reads the bodies and responses that all FastAPI handlers of the project declare. It reports a pydantic or SQLModel
class that is the body of a `POST`, `PUT` or `PATCH` and, at the same time, a response or a table, when one of its
fields is the server's to fill: a time of creation or change, who did it, a hash of a password, a flag that grants
rights; for tables also the `id`.

## Why is this bad?

Whoever sends the body chooses those fields: `{"title": "…", "is_admin": true, "created_at": "1970-01-01"}`. And
whatever is added to the table later is accepted and shown from that moment on, without anybody deciding so.

## How to fix

```python
class HeroBase(SQLModel):
    name: str

class HeroCreate(HeroBase): ...                   # what a client may send

class Hero(HeroBase, table=True):                 # what is stored
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(default_factory=now)

class HeroRead(HeroBase):                         # what is shown
    id: int
    created_at: datetime
```

## Not reported

* Models without such a field; a base class that others inherit from; models that stand in a response only as a
  part of another one; tests.
* Serializers of Django REST framework: there one class for both directions is the framework's way, and
  `read_only_fields` its answer. Handlers whose bodies or responses are not declared.

On 12 applications there was no alarm: mature projects have a model for each direction.

## References

* [SQLModel: multiple models with FastAPI](https://sqlmodel.tiangolo.com/tutorial/fastapi/multiple-models/)
* [OWASP API3:2023 broken object property level authorization](https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ClassEvent, Rule, on
from archlint.knowledge.exposure import SERVER_OWNED
from archlint.project.file import File
from archlint.project.function import Class
from archlint.project.interface.schemas import Use

_WRITES = frozenset(("POST", "PUT", "PATCH"))

_API = "from fastapi import APIRouter\n\nfrom schemas import *\n\nrouter = APIRouter()\n\n\n"
_TABLE = "from sqlmodel import Field, SQLModel\n\n\nclass HeroBase(SQLModel):\n    name: str\n\n\n"


class SameModelInAndOut(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    message = (
        "`{model}` is {uses} at once, and its `{field}` belongs to the server; "
        "split it into models for creating, updating and reading"
    )
    answers = ("anti-pattern 4a", "anti-pattern 4b", "area C", "area I", "dimension 1", "checklist 28")

    invalid = (
        Case(
            {
                "schemas.py": "from datetime import datetime\n\nfrom pydantic import BaseModel\n\n\n"
                "class Article(BaseModel):  # ARC106\n"
                "    title: str\n    created_at: datetime | None = None\n",
                "api.py": _API + '@router.post("/articles", response_model=Article)\n'
                "def create(article: Article):\n    return save(article)\n",
            },
            title="FastAPI: body and response",
        ),
        Case(
            {
                "schemas.py": _TABLE + "class Hero(HeroBase, table=True):  # ARC106\n"
                "    id: int | None = Field(default=None, primary_key=True)\n",
                "api.py": _API + '@router.post("/heroes")\n'
                "def create(hero: Hero) -> dict:\n    return save(hero)\n",
            },
            title="SQLModel: the table is the body",
        ),
        Case(
            {
                "schemas.py": "from pydantic import BaseModel\n\n\n"
                "class User(BaseModel):  # ARC106\n    email: str\n    is_superuser: bool = False\n",
                "read.py": _API + '@router.get("/users")\ndef users() -> list[User]:\n    return load()\n',
                "write.py": _API + '@router.put("/users/{pk}")\n'
                "def change(pk: int, user: User):\n    save(pk, user)\n",
            },
            title="FastAPI: two handlers in two files",
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\n"
                "class Article(models.Model):\n"
                "    title = models.TextField()\n    created_by = models.TextField()\n",
                "serializers.py": "from rest_framework import serializers\n\nfrom models import Article\n\n\n"
                "class ArticleSerializer(serializers.ModelSerializer):  # ARC106\n"
                '    class Meta:\n        model = Article\n        fields = ["title", "created_by"]\n',
            },
            title="DRF: one serializer for both directions",
            missed=True,
            why="a view may fill the field itself on saving; its perform_create would have to be read",
        ),
        Case(
            "from datetime import datetime\n\nfrom ninja import NinjaAPI, Schema\n\napi = NinjaAPI()\n\n\n"
            "class Article(Schema):  # ARC106\n    id: int | None = None\n    title: str\n"
            "    created_at: datetime | None = None\n\n\n"
            '@api.post("/articles", response={201: Article})\n'
            "def add(request, article: Article): ...\n",
            title="django-ninja",
        ),
    )
    valid = (
        Case(
            {
                "schemas.py": _TABLE + "class HeroCreate(HeroBase):\n    pass\n\n\n"
                "class Hero(HeroBase, table=True):\n"
                "    id: int | None = Field(default=None, primary_key=True)\n",
                "api.py": _API + '@router.post("/heroes", response_model=Hero)\n'
                "def create(hero: HeroCreate):\n    return save(hero)\n",
            },
            title="SQLModel: a model for creating",
        ),
        Case(
            {
                "schemas.py": "from pydantic import BaseModel\n\n\n"
                "class Point(BaseModel):\n    id: str\n    x: int\n    y: int\n",
                "api.py": _API + '@router.post("/mirror", response_model=Point)\n'
                "def mirror(point: Point):\n    return point\n",
            },
            title="FastAPI: nothing in it is the server's",
        ),
        Case(
            {
                "schemas.py": "from datetime import datetime\n\nfrom pydantic import BaseModel\n\n\n"
                "class Article(BaseModel):\n    title: str\n    created_at: datetime\n",
                "api.py": _API + '@router.get("/articles", response_model=list[Article])\n'
                "def articles():\n    return load()\n",
            },
            title="FastAPI: a response alone",
        ),
    )

    @on(ClassEvent)
    def check(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report a model that clients fill in although part of it is the server's."""
        schemas = file.world.api.schemas
        if file.role or not cls.scope.bases or not schemas.is_schema(cls.key):
            return
        field = _of_server(cls, file)
        if not field:
            return
        bodies = [u for u in schemas.received(cls.key) if _WRITES & set(u.entry.methods)]
        given = [u for u in schemas.given(cls.key) if not u.is_nested]
        is_table = file.world.models.is_model(cls.key)
        if not bodies or not (given or is_table):
            return
        roles = ["request body", *(["response"] if given else []), *(["table"] if is_table else [])]
        yield file.diagnostic(
            self,
            cls,
            related=[
                _shown(use, text, file)
                for use, text in ((bodies[0], "body of"), *((u, "response of") for u in given[:1]))
            ],
            model=cls.name,
            uses=" and ".join(roles) if len(roles) == 2 else f"{', '.join(roles[:-1])} and {roles[-1]}",
            field=field,
        )


def _of_server(cls: Class, file: File) -> str:
    """A field that the server fills; ``id`` only where it may be left out."""
    columns = file.world.api.schemas.columns(cls.key)
    for column in columns:
        if column.name in SERVER_OWNED and not column.is_excluded:
            return column.name
    is_table = file.world.models.is_model(cls.key)
    return next((c.name for c in columns if c.name == "id" and is_table), "")


def _shown(use: Use, text: str, file: File) -> Related:
    return Related(file.line_location(use.line, use.path), f"{text} `{use.name}`")
