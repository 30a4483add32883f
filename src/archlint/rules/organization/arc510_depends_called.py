"""A dependency that is called where it is declared, so that its result is passed instead of it.

## What it does

Reports `Depends(get_session())` and `Security(get_user())` of FastAPI where the call gives nothing that can be called:
the function is a generator or a coroutine function, returns nothing, or a value of a known type without `__call__`;
`Depends(Service())` and `Depends(SessionLocal())` likewise. The function may stand in any file.

## Why is this bad?

`Depends` takes the function and calls it for every request. Given a result, FastAPI refuses to start: a generator, a
coroutine or a session "is not a callable object". Where an object happens to be callable the function has been run
once, at import, and all requests share what it made.

## How to fix

```python
def read_items(session: Annotated[Session, Depends(get_session)]): ...
```

## Not reported

* Functions that return another function, a class, or an object with `__call__`: a checker with parameters, such as
  `Depends(require_role("admin"))`.
* Results of unknown type; decorated functions, which may return anything, but for `cache`, `lru_cache` and methods of
  classes.

Compared with ruff's B008, which reports any call in a default, `Depends(...)` itself included unless it is excepted.

## References

* [FastAPI: dependencies](https://fastapi.tiangolo.com/tutorial/dependencies/)
* [FastAPI: parametrised dependencies](https://fastapi.tiangolo.com/advanced/advanced-dependencies/)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Diagnostic, Fix, Impact, Recipe
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.model.summary import Call, Param, Scope
from archlint.project.called import Called
from archlint.project.remedies import call_at
from archlint.project.types import BUILTIN_CLASSES, Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.file import File

_WORDS = frozenset(("Depends", "Security"))
_NAMES = frozenset(f"{module}.{word}" for module in ("fastapi", "fastapi.params") for word in _WORDS)
#: Decorators that give what the function gives.
_TRANSPARENT = frozenset(
    (
        "functools.cache",
        "functools.lru_cache",
        "classmethod",
        "staticmethod",
        "builtins.classmethod",
        "builtins.staticmethod",
    )
)
_SESSIONS = """\
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

make = sessionmaker(create_engine("sqlite://"))


def get_session():
    with make() as session:
        yield session


def open_session() -> Session:
    return make()


async def get_user(token: str):
    return {"token": token}
"""


class DependsCalled(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("safe",)
    message = "`Depends({name}())` passes what `{name}` gives, which cannot be called; pass `{name}` itself"
    answers = ("anti-pattern 3", "area H", "dimension 1", "checklist 79")
    mentions = ("Depends", "Security")

    invalid = (
        Case(
            {
                "db.py": _SESSIONS,
                "api.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI, Security
from sqlalchemy.orm import Session

import db
from db import get_session, get_user

app = FastAPI()
SessionDep = Annotated[Session, Depends(get_session())]  # ARC510


@app.get("/items")
def items(session: Session = Depends(db.open_session())):  # ARC510
    return session.info


@app.get("/users")
def users(user=Security(get_user("x")), session: SessionDep = None):  # ARC510
    return user
""",
            },
            title="generator, session and coroutine of another file",
            fixed="""\
from typing import Annotated

from fastapi import Depends, FastAPI, Security
from sqlalchemy.orm import Session

import db
from db import get_session, get_user

app = FastAPI()
SessionDep = Annotated[Session, Depends(get_session)]  # ARC510


@app.get("/items")
def items(session: Session = Depends(db.open_session)):  # ARC510
    return session.info


@app.get("/users")
def users(user=Security(get_user("x")), session: SessionDep = None):  # ARC510
    return user
""",
        ),
        Case(
            """\
from fastapi import APIRouter, Depends


class Pages:
    def __init__(self) -> None:
        self.size = 20


def pages() -> Pages:
    return Pages()


def limit():
    return 20


router = APIRouter()


@router.get("/", dependencies=[Depends(limit())])  # ARC510
def read(found: Pages = Depends(pages())):  # ARC510
    return found.size
""",
            title="an object without `__call__`, a number",
        ),
        Case(
            """\
import fastapi
from fastapi import params


class Reader:
    async def current(self):
        return 1


reader = Reader()


def read(user=fastapi.Depends(reader.current()), again=params.Depends(dependency=reader.current())):  # ARC510
    return user
""",
            title="a method",
        ),
        Case(
            {
                "services.py": """\
from functools import lru_cache

from fastapi import HTTPException
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


class Settings:
    name = "shop"


class Service:
    @classmethod
    def create(cls):
        return cls()

    @staticmethod
    def build() -> "Service":
        return Service()


@lru_cache
def settings():
    return Settings()


def refuse_all():
    raise HTTPException(503)
""",
                "api.py": """\
from fastapi import APIRouter, Depends

from services import Service, SessionLocal, refuse_all, settings

router = APIRouter(dependencies=[Depends(refuse_all())])  # ARC510


def a(found=Depends(settings())):  # ARC510
    return found


def b(service: Service = Depends(Service())):  # ARC510
    return service


def c(service=Depends(Service.create()), other=Depends(Service.build())):  # ARC510
    return service


def d(session=Depends(SessionLocal())):  # ARC510
    return session
""",
            },
            title="cached, an object, methods of classes, a factory, nothing at all",
        ),
        Case(
            """\
from fastapi import Depends
from wrapping import wrapped


@wrapped
def settings():
    return {}


def read(found=Depends(settings())):  # ARC510
    return found
""",
            title="decorated",
            missed=True,
            why="a decorator may return anything",
        ),
    )
    valid = (
        Case(
            {
                "access.py": """\
class Role:
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self) -> str:
        return self.name


def require(name: str):
    def check() -> str:
        return name

    return check


def require_object(name: str) -> Role:
    return Role(name)


def choose(name: str):
    return Role
""",
                "api.py": """\
from fastapi import Depends

from access import Role, choose, require, require_object


def read(
    a=Depends(require("admin")),
    b=Depends(require_object("admin")),
    c=Depends(Role("admin")),
    d=Depends(choose("admin")),
    e=Depends(lambda: 1),
    f=Depends(),
):
    return a
""",
            },
            title="checkers with parameters",
        ),
        Case(
            """\
from fastapi import Depends
from fastapi.security import HTTPBearer
from fastapi_limiter.depends import RateLimiter


def later(name: str):
    raise NotImplementedError(name)


def read(a=Depends(HTTPBearer()), b=Depends(RateLimiter(times=2)), c=Depends(later("x"))):
    return a
""",
            title="objects of libraries, a function that is not written yet",
        ),
        Case(
            """\
from fastapi import Depends

from elsewhere import factory


def get_session():
    yield 1


def read(a=Depends(get_session), b=Depends(factory()), c=Depends(factory.make())):
    return a
""",
            title="not called; unknown",
        ),
        Case(
            """\
class Depends:
    def __init__(self, value: object) -> None:
        self.value = value


def get_session():
    yield 1


def read(a=Depends(get_session())):
    return a
""",
            title="another `Depends`",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report dependencies that are results."""
        if file.role == "test":
            return
        for called in _declared(file):
            given = called.argument("dependency", 0)
            if given is None or given[0] != "c" or _NAMES.isdisjoint(called.names()):
                continue
            made = Called(called.world, called.frame, given[1])
            function = _function(made)
            if function is None and any(callee.kind == "func" for callee in made.callees):
                continue  # decorated, or one of several
            if _makes_nothing(made, function) if function is not None else _is_made(made):
                name = made.label.removesuffix("()")
                fix = _itself(file, made, function) if function is not None else None
                yield file.diagnostic(self, called.hop, fix=fix, name=name)


def _declared(file: File) -> Iterator[Called]:
    """The calls of ``Depends``, those in signatures included."""
    for scope in file.summary.scopes:
        for index, row in enumerate(scope.calls):
            word = last_word(row[Call.FUNC])
            if file.renamed.get(word, word) in _WORDS:
                yield Called(file.world, file.world.evaluator.frame(file.name, scope.index), index)


def _function(made: Called) -> Scope | None:
    """The one function of the project that is called, without decorators that may give something else."""
    callees = made.callees
    scope = made.world.function(callees[0].name) if len(callees) == 1 and callees[0].kind == "func" else None
    if scope is None:
        return None
    path = callees[0].name.rpartition(":")[0]
    names = {made.world.evaluator.decorator_name(path, scope, d) for d in scope.decorators}
    return scope if names <= _TRANSPARENT else None


def _makes_nothing(made: Called, function: Scope) -> bool:
    """Whether what a function gives can certainly not be called: nothing, say."""
    if function.is_generator or function.is_async:
        return True
    if not function.returns and not _is_empty(function):
        return True
    return _is_made(made)


def _is_empty(function: Scope) -> bool:
    """Whether a function is not written yet, or only promised: ``...``, ``raise NotImplementedError``."""
    return not function.calls or any(
        last_word(row[Call.FUNC]) == "NotImplementedError" for row in function.calls
    )


def _is_made(made: Called) -> bool:
    """Whether a call gives an object of a known class that cannot be called."""
    row, callees = made.row, made.callees
    if not callees or any(c.kind not in ("func", "class", "inst") for c in callees):
        return False
    given = members(
        made.world.evaluator.eval(["c", made.index], made.frame, row[Call.BLOCK], row[Call.ORDER])
    )
    return bool(given) and all(_is_value(made, value) for value in given)


def _is_value(made: Called, value: Type) -> bool:
    """Whether a value is an object of a known class without ``__call__``."""
    if value.kind != "inst":
        return False
    library = made.world.evaluator.library
    if not is_project(value.name):
        known = value.name in BUILTIN_CLASSES - {"object"} or library.is_class(value.name)
        return known and library.member(value.name, "<call>") is None
    classes = made.world.classes
    if classes.find(value.name, "__call__") is not None:
        return False
    return all(_is_value(made, Type("inst", base)) for base in classes.library_bases(value.name))


def _itself(file: File, made: Called, function: Scope) -> Fix | None:
    """The function in the place of its result, where it needs nothing."""
    node = call_at(file, file.locate(made.hop))
    if node is None or node.args or node.keywords or not isinstance(node.func, ast.Name | ast.Attribute):
        return None
    bound = 1 if made.callees[0].args else 0
    if any(param[Param.DEFAULT] is None and param[Param.KIND] in "/." for param in function.params[bound:]):
        return None
    recipe = Recipe.of("bare", file.locate(made.hop))
    return Fix("Pass the function itself", Applicability.SAFE, recipes=(recipe,))
