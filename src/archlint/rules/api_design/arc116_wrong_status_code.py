"""A status code that the answer contradicts.

## What it does

Reports handlers that send a body with a status that has none (204, 205, 304), by the decorator's `status_code=` or
by the response they return, and DELETE handlers that answer 201. With the option `created`, POST handlers called
`create_...`, `add_...` or `register_...` that insert a row and answer with something, but state no code.

## Why is this bad?

A 204 says: nothing follows. Servers cut the body off or fail ("Response content longer than Content-Length"),
clients that reuse the connection read it as the beginning of the next answer, and the data that somebody meant to
send never arrives. 201 says that something was created; a client of a DELETE looks for a `Location`.

## How to fix

```python
@router.delete("/users/{user_id}", status_code=204)
def delete_user(user_id: int, session: SessionDep) -> None:        # nothing is returned
    session.delete(session.get_one(User, user_id))
```

Or answer 200 where there is something to say. `--fix --unsafe-fixes` takes the body away where nothing is lost by it,
drops the 201 of a DELETE, and states the 201 that the option `created` asks for.

## Not reported

* Returns of unknown type, empty texts, `None`, and `Response(status_code=204)` without content.
* POST handlers that create something and answer 200, unless the option `created` is set: that 201 would be better is
  a matter of taste, and 83 of 100 POST routes of the applications it was developed on state no code at all.
* Codes that are computed.

## References

* [RFC 9110: 204 No Content](https://www.rfc-editor.org/rfc/rfc9110#name-204-no-content)
* [FastAPI: response status code](https://fastapi.tiangolo.com/tutorial/response-status-code/)
* Compared with: flake8-fastapi CF011 and Sonar S8400 look at the decorator alone; this rule looks at what is returned,
  and at Flask, Django and Django REST framework.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.option import Option
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.answers import created, without_body, without_code
from archlint.project.routes.answers import Answer
from archlint.project.routes.entry import RouteEntry
from archlint.project.types import NONE, members

_CREATED = Option("created", False, "Whether a POST handler that creates a row and sends it must answer 201.")
_CREATING = frozenset(("create", "add", "register"))
_INSERTS = frozenset(("acreate", "add", "add_all", "asave", "create", "insert", "insert_one", "save"))
#: How far below a handler the row may be inserted.
_DEPTH = 3
#: What answers 200 unless it is told otherwise, and may be told.
_TOLD = frozenset(
    (
        *("fastapi.responses.JSONResponse", "starlette.responses.JSONResponse", "flask.jsonify"),
        *("django.http.JsonResponse", "rest_framework.response.Response"),
    )
)
_BODILESS = frozenset((204, 205, 304))
_STRICT = {"rules": {"wrong-status-code": {"created": True}}}
_MODEL = """\
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase): ...


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


app = FastAPI()


"""
_HEAD = "from fastapi import FastAPI, Response, status\nfrom fastapi.responses import JSONResponse\n\n\napp = FastAPI()\n\n\n"


class WrongStatusCode(Rule):
    """A code that says something else."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "Status {code} does not fit: {why}; {instead}"
    answers = ("area C", "dimension 1", "checklist 20", "checklist 26")
    options = (_CREATED,)

    invalid = (
        Case(
            _HEAD + "@app.delete('/users/{key}', status_code=204)\ndef remove(key: int):\n"
            "    return {'deleted': key}  # ARC116\n",
            title="a body with 204",
        ),
        Case(
            {
                "api.py": "from fastapi import APIRouter, status\nfrom service import remove\n\nrouter = APIRouter()\n\n\n"
                "@router.delete('/x/{key}', status_code=status.HTTP_204_NO_CONTENT)\nasync def delete(key: int):\n"
                "    return await remove(key)  # ARC116\n",
                "service.py": "async def remove(key):\n    return {'ok': True}\n",
            },
            title="what a function of another module returns",
            fixed="""\
from fastapi import APIRouter, status
from service import remove

router = APIRouter()


@router.delete('/x/{key}', status_code=status.HTTP_204_NO_CONTENT)
async def delete(key: int):
    await remove(key)  # ARC116
""",
        ),
        Case(
            _HEAD
            + "@app.put('/x')\ndef put():\n    return JSONResponse({'ok': True}, status_code=204)  # ARC116\n",
            title="a response with content",
        ),
        Case(
            _HEAD + "@app.delete('/x', status_code=201)\ndef remove() -> dict:  # ARC116\n    return {}\n",
            title="DELETE creates nothing",
            fixed=_HEAD + "@app.delete('/x')\ndef remove() -> dict:  # ARC116\n    return {}\n",
        ),
        Case(
            "from flask import Flask, jsonify\n\napp = Flask(__name__)\n\n\n@app.delete('/x')\ndef remove():\n"
            "    return jsonify({'ok': True}), 204  # ARC116\n\n\n@app.put('/y')\ndef put():\n"
            "    return {'ok': True}, 204  # ARC116\n",
            title="Flask",
            fixed="""\
from flask import Flask, jsonify

app = Flask(__name__)


@app.delete('/x')
def remove():
    return "", 204  # ARC116


@app.put('/y')
def put():
    return "", 204  # ARC116
""",
        ),
        Case(
            "from rest_framework import status\nfrom rest_framework.response import Response\n"
            "from rest_framework.views import APIView\n\n\nclass User(APIView):\n    def delete(self, request, pk):\n"
            "        return Response({'detail': 'no such user'}, status=status.HTTP_204_NO_CONTENT)  # ARC116\n",
            title="a failure: the status is wrong, and no fix is offered",
            fixed="""\
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView


class User(APIView):
    def delete(self, request, pk):
        return Response({'detail': 'no such user'}, status=status.HTTP_204_NO_CONTENT)  # ARC116
""",
        ),
        Case(
            "from rest_framework import status\nfrom rest_framework.response import Response\n"
            "from rest_framework.views import APIView\n\n\nclass User(APIView):\n    def delete(self, request, pk):\n"
            "        return Response({'ok': True}, status=status.HTTP_204_NO_CONTENT)  # ARC116\n",
            title="Django REST framework",
            fixed="""\
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView


class User(APIView):
    def delete(self, request, pk):
        return Response(status=status.HTTP_204_NO_CONTENT)  # ARC116
""",
        ),
        Case(
            _MODEL + "@app.post('/users')\ndef create_user(name: str, session: Session):  # ARC116\n"
            "    user = User(name=name)\n    session.add(user)\n    session.commit()\n    return {'id': user.id}\n",
            title="FastAPI: what is created is said to be there already",
            settings=_STRICT,
            fixed=_MODEL + "@app.post('/users', status_code=201)\n"
            "def create_user(name: str, session: Session):  # ARC116\n"
            "    user = User(name=name)\n    session.add(user)\n    session.commit()\n    return {'id': user.id}\n",
        ),
        Case(
            _MODEL + "def insert(session: Session, name: str) -> User:\n    user = User(name=name)\n"
            "    session.add(user)\n    return user\n\n\n@app.post('/users')\n"
            "def register_user(name: str, session: Session) -> dict:  # ARC116\n"
            "    return {'id': insert(session, name).id}\n",
            title="the row is inserted by a helper",
            settings=_STRICT,
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\nclass Order(models.Model):\n"
                "    name = models.CharField(max_length=9)\n",
                "views.py": "from rest_framework.decorators import api_view\n"
                "from rest_framework.response import Response\n\nfrom models import Order\n\n\n"
                "@api_view(['POST'])\ndef add_order(request):  # ARC116\n"
                "    order = Order.objects.create(name='x')\n    return Response({'id': order.pk})\n",
            },
            title="Django REST framework: a row and no code",
            settings=_STRICT,
        ),
        Case(
            "from flask import Flask, jsonify\nfrom flask_sqlalchemy import SQLAlchemy\n\n"
            "app = Flask(__name__)\ndb = SQLAlchemy(app)\n\n\n"
            "class Order(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n\n\n"
            "@app.post('/orders')\ndef create_order():  # ARC116\n"
            "    order = Order()\n    db.session.add(order)\n    db.session.commit()\n"
            "    return jsonify(id=order.id)\n",
            title="Flask: a row and no code",
            settings=_STRICT,
            fixed="from flask import Flask, jsonify\nfrom flask_sqlalchemy import SQLAlchemy\n\n"
            "app = Flask(__name__)\ndb = SQLAlchemy(app)\n\n\n"
            "class Order(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n\n\n"
            "@app.post('/orders')\ndef create_order():  # ARC116\n"
            "    order = Order()\n    db.session.add(order)\n    db.session.commit()\n"
            "    return jsonify(id=order.id), 201\n",
        ),
    )
    valid = (
        Case(
            _MODEL + "@app.post('/users')\ndef create_user(name: str, session: Session):\n"
            "    user = User(name=name)\n    session.add(user)\n    return {'id': user.id}\n",
            title="200 for what is created, where nobody minds",
        ),
        Case(
            _MODEL + "@app.post('/a', status_code=201)\ndef create_user(name: str, session: Session):\n"
            "    session.add(User(name=name))\n    return {'ok': True}\n\n\n"
            "@app.post('/b')\ndef create_other(name: str, session: Session, response: Response):\n"
            "    session.add(User(name=name))\n    response.status_code = 201\n    return {'ok': True}\n\n\n"
            "@app.post('/c')\ndef search_users(name: str, session: Session):\n"
            "    session.add(User(name=name))\n    return {'ok': True}\n\n\n"
            "@app.post('/d')\ndef create_report(name: str):\n    return {'report': name}\n\n\n"
            "@app.post('/e')\ndef create_silently(name: str, session: Session):\n    session.add(User(name=name))\n\n\n"
            "@app.post('/f')\ndef add_or_answer(name: str, session: Session):\n    session.add(User(name=name))\n"
            "    return JSONResponse({'ok': True}, status_code=202)\n",
            title="a code is stated, nothing is created, or nothing is sent",
            settings=_STRICT,
        ),
        Case(
            _HEAD + "@app.delete('/a', status_code=204)\ndef a():\n    return None\n\n\n"
            "@app.delete('/b', status_code=204)\ndef b():\n    print('b')\n\n\n"
            "@app.delete('/c', status_code=204)\ndef c():\n    return Response(status_code=204)\n",
            title="nothing",
        ),
        Case(
            _HEAD
            + "import service\n\n\n@app.delete('/a', status_code=204)\ndef a():\n    return service.remove()\n",
            title="a return that is not known",
        ),
        Case(
            _HEAD + "@app.post('/a', status_code=201)\ndef a() -> dict:\n    return {'a': 1}\n\n\n"
            "@app.delete('/b')\ndef b() -> dict:\n    return {'b': 1}\n",
            title="codes that fit",
        ),
        Case(
            "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.delete('/a')\ndef a():\n    return '', 204\n\n\n"
            "@app.delete('/b')\ndef b():\n    return {'b': 1}, 200\n",
            title="Flask: an empty text",
        ),
        Case(
            "from rest_framework import status\nfrom rest_framework.response import Response\n"
            "from rest_framework.views import APIView\n\n\nclass User(APIView):\n    def delete(self, request, pk):\n"
            "        return Response(status=status.HTTP_204_NO_CONTENT)\n",
            title="Django REST framework: no data",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Compare the codes of a handler with what it returns."""
        if file.role or function.scope.is_generator:
            return
        table = file.world.route_table
        entries = table.of(file.name, function.scope)
        stated = _stated(entries)
        if stated == 201 and all(entry.methods == ("DELETE",) for entry in entries):
            yield file.diagnostic(
                self,
                function,
                fix=without_code(file, entries),
                code=201,
                why="a DELETE creates nothing",
                instead="answer 200 or 204",
            )
        if file.option(self, _CREATED) and _creates(function, file, entries):
            yield file.diagnostic(
                self,
                function,
                fix=created(file, function, list(table.answers.of(file.name, function.scope))),
                code=200,
                why="this handler creates a row and sends it",
                instead="state 201",
            )
        for answer in table.answers.of(file.name, function.scope):
            code = answer.code if answer.code is not None else None if answer.library else stated
            if code in _BODILESS and _has_body(answer, function, file):
                place = file.return_at(answer.line)
                instead = "return nothing, or answer 200"
                framework = entries[0].framework if entries else ""
                fix = without_body(file, place, framework, answer.library)
                why = "an answer with it has no body"
                yield file.diagnostic(self, place, fix=fix, code=code, why=why, instead=instead)


def _stated(entries: tuple[RouteEntry, ...]) -> int | None:
    """The code that all registrations of a handler state."""
    codes = {entry.status for entry in entries}
    return codes.pop() if len(codes) == 1 else None


def _creates(function: Function, file: File, entries: tuple[RouteEntry, ...]) -> bool:
    """Whether a handler inserts a row and answers with something under no stated code."""
    methods = function.route.methods if function.route is not None else ()
    if function.name.partition("_")[0] not in _CREATING or set(methods) != {"POST"}:
        return False
    scope = function.scope
    text = "".join(file.lines[scope.line - 1 : scope.end_line])
    if any(entry.status is not None for entry in entries) or "status" in text:
        return False
    answers = list(file.world.route_table.answers.of(file.name, scope))
    told = all(answer.code is None and (not answer.library or answer.library in _TOLD) for answer in answers)
    if not told or not any(_has_body(answer, function, file) for answer in answers):
        return False
    writes = file.world.api.writes.of(function.frame, _DEPTH)
    return any(write.method in _INSERTS and not write.fills_gap for write in writes)


def _has_body(answer: Answer, function: Function, file: File) -> bool:
    """Whether a return certainly sends something."""
    if answer.data is None:
        return False
    if answer.data[0] == "k":
        return answer.data[1] not in (None, "")
    if answer.data[0] == "d":
        return bool(answer.data[1]) or not answer.library
    kinds = members(file.world.route_table.answers.type(answer, file.name, function.scope))
    kinds = members(file.world.evaluator.awaited_or_self(kinds[0])) if len(kinds) == 1 else kinds
    return bool(kinds) and not any(
        kind == NONE or kind.kind != "inst" or file.world.route_table.facts.is_response(kind)
        for kind in kinds
    )
