"""A row that is handed to a task is a copy of the past; its id is not.

## What it does

Reports rows of the project's models (Django, SQLAlchemy, SQLModel and others), lists of them and query sets where
they are arguments of a job: Celery's `.delay`, `.apply_async` and signatures, RQ's `enqueue`, Dramatiq's `.send`,
arq's `enqueue_job`, Huey, taskiq, procrastinate and saq. That a value is a row, and that a call enqueues, is
resolved by type: parameters, queries, `request.user`, functions of the project.

## Why is this bad?

With JSON, Celery's default, the call fails: a row cannot be serialized. With pickle it works, which is worse: the
job gets the row as it was when it was enqueued, may be run before the transaction that wrote it ends, and saves
old values over new ones. A row of SQLAlchemy arrives without its session and fails at the first lazy load. And a
deployment that changes the model makes every waiting job unreadable.

## How to fix

Pass the id, and load the row in the task, after the transaction:

```python
transaction.on_commit(lambda: send_invoice.delay(order.id))     # instead of send_invoice.delay(order)

@shared_task
def send_invoice(order_id: int) -> None:
    order = Order.objects.get(pk=order_id)
```

`--fix --unsafe-fixes` does both ends of this at once: the call passes the key, and the job begins by loading the row.
It does so for one row of a Django model, where a single place of the project starts the job and the parameter has no
default. Elsewhere no fix is offered: a change of the call alone would leave a job that fails, and with SQLAlchemy the
job needs a session of its own. Jobs that wait in the queue already were given rows still.

## Not reported

* Attributes of rows (`order.id`, `order.email`), and values of unknown type.
* `.apply()` and direct calls of a task function: these run here and now.
* Keyword options of the queue itself (`countdown`, `job_timeout`).
* Threads and background tasks of the same process.
* Tests.
* ruff has no such check.

## References

* [Celery: database transactions and model objects](https://docs.celeryq.dev/en/stable/userguide/tasks.html#state)
* [RQ: considerations for jobs](https://python-rq.org/docs/jobs/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Fix, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge.jobs import ARGUMENTS, ENQUEUES, TAKES_LISTS
from archlint.model.summary import Call, Expr
from archlint.project.effects import describe
from archlint.project.evaluation.frames import Frame
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.later import by_key
from archlint.project.types import COLLECTIONS, Type, is_project, members
from archlint.project.words import last_word, may_call

_ROW = "a row"
_WORDS = frozenset(name.rpartition(".")[2] for name in ENQUEUES)

_DJANGO = """\
from django.db import models


class Order(models.Model):
    email = models.EmailField()
"""
_SQLALCHEMY = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
"""

_SHIPPING = """\
from celery import shared_task

from models import Order


@shared_task(bind=True)
def ship(self, order: Order, express):
    \"\"\"Send it.\"\"\"
    # Nobody waits.
    print(order.email, express)


@shared_task
def pack(*, paper, order):
    print(order.email, paper)


@shared_task
def bill(order):
    print(order.email)


def pay(order: Order):
    ship.delay(order, express=True)  # ARC416
    pack.delay(paper=1, order=order)  # ARC416
    bill.delay(order)  # ARC416
    bill.delay(order=order)  # ARC416
"""
_SHIPPED = (
    _SHIPPING.replace("order: Order, express", "order_id, express")
    .replace("    # Nobody", "    order = Order.objects.get(pk=order_id)\n    # Nobody")
    .replace("ship.delay(order,", "ship.delay(order.pk,")
)


class OrmObjectToTask(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = (
        "`{value}` is {kind} of `{model}`, handed to the job `{job}`: it cannot be serialized, or arrives out of date; "
        "pass its id and load it in the task"
    )
    answers = ("area B", "area I", "checklist 49")

    invalid = (
        Case(
            {
                "models.py": _DJANGO,
                "tasks.py": "from celery import shared_task\n\n\n"
                "@shared_task\ndef send_invoice(order, copy=None): ...\n",
                "views.py": "from django.shortcuts import get_object_or_404\n\n"
                "from models import Order\nfrom tasks import send_invoice\n\n\n"
                "def pay(request, pk):\n"
                "    order = get_object_or_404(Order, pk=pk)\n"
                "    send_invoice.delay(order)  # ARC416\n"
                "    send_invoice.apply_async(args=[order], countdown=5)  # ARC416\n"
                '    send_invoice.apply_async((pk,), {"copy": order})  # ARC416\n'
                "    send_invoice.s(order.pk, copy=order).delay()  # ARC416\n"
                "    send_invoice.delay(Order.objects.filter(pk=pk))  # ARC416\n",
            },
            title="Celery and Django",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "jobs.py": "import dramatiq\nfrom rq.decorators import job\n\n\n"
                "@dramatiq.actor\ndef ship(order): ...\n\n\n"
                '@job("default")\ndef pack(order): ...\n\n\n'
                "def label(order): ...\n",
                "service.py": "from arq import ArqRedis\nfrom redis import Redis\nfrom rq import Queue\n"
                "from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\n"
                "from jobs import label, pack, ship\nfrom models import Order\n\n"
                "queue = Queue(connection=Redis())\n\n\n"
                "def send(db: Session, order: Order):\n"
                "    ship.send(order)  # ARC416\n"
                "    pack.delay(order)  # ARC416\n"
                "    queue.enqueue(label, order, job_timeout=60)  # ARC416\n"
                "    queue.enqueue(label, list(db.scalars(select(Order))))  # ARC416\n\n\n"
                "async def send_later(pool: ArqRedis, db: Session, pk: int):\n"
                '    await pool.enqueue_job("ship", db.get(Order, pk))  # ARC416\n',
            },
            title="Dramatiq, RQ and arq with SQLAlchemy",
        ),
        Case(
            {
                "models.py": "from django.contrib.auth.models import AbstractUser\n\n\n"
                "class User(AbstractUser):\n    pass\n",
                "views.py": "from celery import Celery\nfrom rest_framework.request import Request\n"
                "from rest_framework.views import APIView\n\n"
                "app = Celery()\n\n\n"
                "@app.task\ndef export(user): ...\n\n\n"
                "class Export(APIView):\n"
                "    def post(self, request: Request):\n"
                "        export.delay(user=request.user)  # ARC416\n",
            },
            title="the user of a request",
        ),
        Case(
            {
                "people.py": """\
from django.contrib.auth.models import AbstractUser
from django.db import models


class Staff(AbstractUser):
    role = models.CharField(max_length=20)
""",
                "tasks.py": """\
from celery import shared_task


@shared_task
def welcome(person): ...
""",
                "views.py": """\
from rest_framework import generics, serializers

from people import Staff
from tasks import welcome


class StaffSerializer(serializers.ModelSerializer):
    class Meta:
        model = Staff
        fields = ["id", "username"]


class StaffCreate(generics.CreateAPIView):
    serializer_class = StaffSerializer

    def perform_create(self, serializer):
        person = serializer.save(role="clerk")
        welcome.delay(person)  # ARC416
        welcome.delay(person.pk)
""",
            },
            title="DRF: what the serializer of a view saves",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "views.py": _SHIPPING,
            },
            title="the job loads the row",
            fixed=_SHIPPED,
        ),
    )
    valid = (
        Case(
            {
                "models.py": _DJANGO,
                "tasks.py": "from celery import shared_task\n\n\n@shared_task\ndef send_invoice(order_id): ...\n",
                "views.py": "from models import Order\nfrom tasks import send_invoice\n\n\n"
                "def pay(request, pk):\n"
                "    order = Order.objects.get(pk=pk)\n"
                "    send_invoice.delay(order.id)\n"
                "    send_invoice.apply_async(args=[order.pk])\n"
                "    send_invoice.delay([o.pk for o in Order.objects.all()])\n"
                "    send_invoice.apply(args=[order])\n"
                "    send_invoice(order)\n",
            },
            title="ids; run here and now",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "views.py": "import threading\n\nfrom models import Order\n\n\n"
                "def log(order): ...\n\n\n"
                "def pay(request, pk, queue, mailer):\n"
                "    order = Order.objects.get(pk=pk)\n"
                "    threading.Thread(target=log, args=(order,)).start()\n"
                "    mailer.send(order)\n"
                "    queue.enqueue(log, order)\n",
            },
            title="threads; receivers of unknown type",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "views.py": "import attrs\nfrom celery import shared_task\n\nfrom models import Order\n\n\n"
                "@attrs.define\nclass Receipt:\n    email: str\n\n\n"
                "@shared_task\ndef send(receipt, total): ...\n\n\n"
                "def pay(pk, order):\n"
                "    receipt = Receipt(Order.objects.get(pk=pk).email)\n"
                "    send.delay(receipt, Order.objects.count())\n"
                "    send.delay(order, 1)\n",
            },
            title="other objects, counts, unknown values",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report rows among the arguments of jobs."""
        if file.role == "test":
            return
        world, frame = file.world, function.frame
        for index, row in enumerate(function.scope.calls):
            if not may_call(row[Call.FUNC], _WORDS, function.frame):
                continue
            names = {m.name for m in members(world.evaluator.callee(index, frame)) if m.kind == "lib"}
            if len(names) != 1 or not names <= ENQUEUES.keys():
                continue
            for given in _given(row, names.pop(), frame):
                found = _row_of(given, row, frame, file)
                if found is not None:
                    kind, model = found
                    yield file.diagnostic(
                        self,
                        file.span(row),
                        fix=_fix(given, row, model, frame, file) if kind == _ROW else None,
                        value=describe(given, frame.scope),
                        kind=kind,
                        model=file.world.api.schemas.name_of(model),
                        job=_job(row, frame),
                    )
                    break


def _given(row: list[Any], name: str, frame: Frame) -> list[Expr]:
    """The arguments of a job: those of the call itself, or inside its lists and dicts."""
    found: list[Expr] = list(row[Call.ARGS][ENQUEUES[name] :])
    held: list[Expr] = list(row[Call.ARGS][:2]) if name in TAKES_LISTS else []
    for key, expr in row[Call.KEYWORDS]:
        if key in ARGUMENTS:
            held.append(expr)
        elif ENQUEUES[name] != 9:
            found.append(expr)
    for expr in held:
        found += _inside(_written(expr, frame))
    return found


def _written(expr: Expr, frame: Frame) -> Expr:
    """The display that a local name stands for: ``args = [order]``."""
    if expr is not None and expr[0] == "n":
        rows = frame.scope.binds.get(expr[1], ())
        return rows[0][2] if len(rows) == 1 else None
    return expr


def _inside(expr: Expr) -> list[Expr]:
    if expr is None:
        return []
    if expr[0] in ("l", "t"):
        return list(expr[1])
    return [value for _, value in expr[1]] if expr[0] == "d" else []


def _row_of(expr: Expr, row: list[Any], frame: Frame, file: File) -> tuple[str, str] | None:
    """How a value holds rows, and of which model; None when it holds none, or may be something else."""
    if expr is not None and expr[0] == "*":
        expr = expr[1]
    world = file.world
    found = members(world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER]))
    kinds = {_kind(member, file) for member in found}
    if len(kinds) != 1 or None in kinds:
        return None
    kind, key = kinds.pop() or ("", "")
    return (kind, key) if world.classes.info(key) is not None else None


def _fix(given: Expr, row: list[Any], model: str, frame: Frame, file: File) -> Fix | None:
    """The key instead, where the call is a method of the job and nothing else is handed over that is a row."""
    func, arguments = row[Call.FUNC], row[Call.ARGS]
    place = next((key for key, expr in row[Call.KEYWORDS] if key and expr is given), None)
    position = next((index for index, expr in enumerate(arguments) if expr is given), None)
    where = place if place is not None else position
    if (
        func is None
        or func[0] != "a"
        or where is None
        or any(e is not None and e[0] == "*" for e in arguments)
    ):
        return None
    job = file.world.evaluator.eval(func[1], frame, row[Call.BLOCK], row[Call.ORDER])
    return by_key(file, file.span(row), job, where, model)


def _kind(value: Type, file: File) -> tuple[str, str] | None:
    models, orm = file.world.models, file.world.orm
    if value.kind != "inst":
        return None
    if is_project(value.name) and models.is_model(value.name):
        return _ROW, value.name
    holds = value.name in COLLECTIONS or orm.is_query(value)
    item = value.args[0] if holds and value.args else None
    if item is not None and item.kind == "inst" and is_project(item.name) and models.is_model(item.name):
        return ("a query" if orm.is_query(value) else "a list of rows"), item.name
    return None


def _job(row: list[Any], frame: Frame) -> str:
    """What is enqueued, in words of the source."""
    func = row[Call.FUNC]
    word = last_word(func)
    if word.startswith("enqueue") and row[Call.ARGS]:
        first = row[Call.ARGS][0]
        return str(first[1]) if first is not None and first[0] == "k" else describe(first, frame.scope)
    return describe(func[1], frame.scope) if func is not None and func[0] == "a" else word
