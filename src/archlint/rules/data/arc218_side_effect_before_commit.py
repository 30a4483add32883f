"""Work sent out of the program while the transaction behind it is still open.

## What it does

Reports tasks put on a queue (Celery, RQ, Dramatiq, Huey, arq and others), mail, and writing HTTP requests inside
an open transaction that has changes: `transaction.atomic()`, a handler under `ATOMIC_REQUESTS`, `session.begin()`,
and the project's own context managers and decorators around one of these. Project functions below are followed.
Without a block, tasks and mail are reported that stand between a change and the `session.commit()` of the same
function: `session.add(order)`, `receipt.delay(order.id)`, `session.commit()`, or `commit()` of a unit of work.

## Why is this bad?

A worker is often quicker than the commit: it looks for a row that is not there yet, and fails. And if the
transaction is rolled back, the mail has been sent and the payment made for something that never was.

## How to fix

```python
with transaction.atomic():
    order = Order.objects.create(...)
    transaction.on_commit(partial(send_receipt.delay, order.pk))
```

Celery 5.4 has `send_receipt.delay_on_commit(order.pk)`. With SQLAlchemy send after the `with` block or the `commit()`.

## Not reported

* What is handed to `on_commit`; transactions without a change.
* `except` clauses; calls behind a flag. Reading requests. Tests, scripts and migrations.
* Without a block: HTTP requests, tasks whose result is used (`job.task = run.delay(job.id).id`), and mail beside
  a column that is set, which may note that it went out.
* Known misses: transactions opened by a caller in another function; sessions that a dependency commits.

## References

* [Django: performing actions after commit](https://docs.djangoproject.com/en/stable/topics/db/transactions/#performing-actions-after-commit)
* [Celery: database transactions](https://docs.celeryq.dev/en/stable/userguide/tasks.html#database-transactions)
* [SQLAlchemy: transactions](https://docs.sqlalchemy.org/en/20/orm/session_transaction.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.later import after_commit
from archlint.project.tables.sent_early import SESSION, sent_before_commit
from archlint.project.tables.transactions import Early, early_effects

_MODELS = "from django.db import models\n\n\nclass Order(models.Model):\n    paid = models.BooleanField()\n"
_TASKS = "from celery import shared_task\n\n\n@shared_task\ndef receipt(pk):\n    pass\n"
_SHOP = {"shop/models.py": _MODELS, "shop/tasks.py": _TASKS}
_VIEWS = (
    "from django.db import transaction\n\nfrom shop.models import Order\nfrom shop.tasks import receipt\n\n\n"
)
_DJANGO = frozenset(("transaction.atomic", "ATOMIC_REQUESTS"))


class SideEffectBeforeCommit(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "`{call}`{chain} runs before the commit of {how}, or without one; {advice}"
    answers = ("area B", "area I", "area J", "dimension 2", "checklist 49")
    invalid = (
        Case(
            {
                **_SHOP,
                "shop/atomic.py": "import functools\nfrom contextlib import contextmanager\n\n"
                "from django.db import transaction\n\n\n"
                "@contextmanager\n"
                "def traced():\n"
                "    with transaction.atomic():\n"
                "        yield\n\n\n"
                "def whole(function):\n"
                "    @functools.wraps(function)\n"
                "    def run(*args):\n"
                "        with traced():\n"
                "            return function(*args)\n\n"
                "    return run\n",
                "shop/views.py": "from shop.atomic import traced, whole\nfrom shop.models import Order\n"
                "from shop.tasks import receipt\n\n\n"
                "def pay(request):\n"
                "    with traced():\n"
                "        order = Order.objects.create(paid=True)\n"
                "        receipt.delay(order.pk)  # ARC218\n\n\n"
                "@traced()\n"
                "def repay(request):\n"
                "    order = Order.objects.create(paid=True)\n"
                "    receipt.delay(order.pk)  # ARC218\n\n\n"
                "@whole\n"
                "def pay_all(request):\n"
                "    order = Order.objects.create(paid=True)\n"
                "    receipt.delay(order.pk)  # ARC218\n",
            },
            title="the project's own context managers and decorators around a transaction",
        ),
        Case(
            {
                **_SHOP,
                "shop/views.py": "from django.core.mail import send_mail\n"
                "from django.db import transaction\n\n"
                "from shop.models import Order\n"
                "from shop.tasks import receipt\n\n\n"
                "def pay(request):\n"
                "    with transaction.atomic():\n"
                "        order = Order.objects.create(paid=True)\n"
                "        receipt.delay(order.pk)  # ARC218\n\n\n"
                "@transaction.atomic\n"
                "def refund(request, pk):\n"
                "    order = Order.objects.get(pk=pk)\n"
                "    order.paid = False\n"
                "    order.save()\n"
                '    send_mail("Refund", "", "shop", ["you"])  # ARC218\n',
            },
            title="Django: task and mail",
            fixed="""\
from functools import partial

from django.core.mail import send_mail
from django.db import transaction

from shop.models import Order
from shop.tasks import receipt


def pay(request):
    with transaction.atomic():
        order = Order.objects.create(paid=True)
        transaction.on_commit(partial(receipt.delay, order.pk))  # ARC218


@transaction.atomic
def refund(request, pk):
    order = Order.objects.get(pk=pk)
    order.paid = False
    order.save()
    transaction.on_commit(partial(send_mail, "Refund", "", "shop", ["you"]))  # ARC218
""",
        ),
        Case(
            {
                **_SHOP,
                "shop/services.py": "from shop.tasks import receipt\n\n\n"
                "def notify(order):\n"
                "    receipt.apply_async(args=[order.pk])\n",
                "shop/views.py": "from django.db import transaction\n\n"
                "from shop.models import Order\n"
                "from shop.services import notify\n\n\n"
                "def pay(request):\n"
                "    with transaction.atomic():\n"
                "        order = Order.objects.create(paid=True)\n"
                "        notify(order)  # ARC218\n",
            },
            title="below a function of another file",
        ),
        Case(
            {
                "settings.py": 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql",\n'
                '    "ATOMIC_REQUESTS": True}}\n',
                **_SHOP,
                "shop/urls.py": "from django.urls import path\n\n"
                "from shop import views\n\n"
                'urlpatterns = [path("pay/", views.pay)]\n',
                "shop/views.py": "from shop.models import Order\n"
                "from shop.tasks import receipt\n\n\n"
                "def pay(request):\n"
                "    order = Order.objects.create(paid=True)\n"
                "    receipt.delay(order.pk)  # ARC218\n",
            },
            title="ATOMIC_REQUESTS",
        ),
        Case(
            {
                **_SHOP,
                "shop/views.py": _VIEWS + "def pay(request):\n"
                "    with transaction.atomic():\n"
                "        order = Order.objects.create(paid=True)\n"
                "        try:\n"
                "            receipt.delay(order.pk)  # ARC218\n"
                "        except OSError:\n"
                "            order.delete()\n"
                '    with transaction.atomic("archive"):\n'
                "        order.save()\n"
                "        receipt.delay(order.pk)  # ARC218\n",
            },
            fixed="from django.db import transaction\n\n"
            "from shop.models import Order\n"
            "from shop.tasks import receipt\n\n\n"
            "def pay(request):\n"
            "    with transaction.atomic():\n"
            "        order = Order.objects.create(paid=True)\n"
            "        try:\n"
            "            receipt.delay(order.pk)  # ARC218\n"
            "        except OSError:\n"
            "            order.delete()\n"
            '    with transaction.atomic("archive"):\n'
            "        order.save()\n"
            "        receipt.delay(order.pk)  # ARC218\n",
            title="errors are caught, or another database: no fix",
        ),
        Case(
            "import requests\n"
            "from sqlalchemy import create_engine, insert, text\n"
            "from sqlalchemy.orm import Session, sessionmaker\n\n"
            'make = sessionmaker(create_engine("postgresql://db"))\n\n\n'
            "def pay(session: Session, order):\n"
            "    with session.begin():\n"
            "        session.add(order)\n"
            "        session.flush()\n"
            '        requests.post("https://bank.example", json={})  # ARC218\n',
            title="SQLAlchemy and HTTP",
        ),
        Case(
            "import httpx\n"
            "from sqlalchemy.ext.asyncio import AsyncSession\n"
            "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
            "class Base(DeclarativeBase):\n    pass\n\n\n"
            "class Order(Base):\n"
            '    __tablename__ = "order"\n\n'
            "    id: Mapped[int] = mapped_column(primary_key=True)\n    paid: Mapped[bool]\n\n\n"
            "async def pay(session: AsyncSession, key: int) -> None:\n"
            "    async with session.begin():\n"
            "        order = await session.get(Order, key)\n"
            "        order.paid = True\n"
            "        async with httpx.AsyncClient() as client:\n"
            '            await client.post("https://bank.example", json={"id": key})  # ARC218\n',
            title="SQLAlchemy: an attribute of a row is the change",
        ),
        Case(
            {
                **_SHOP,
                "shop/views.py": _VIEWS + "def pay(order):\n"
                "    order.save()\n"
                "    receipt.delay(order.pk)  # ARC218\n\n\n"
                "def pay_all():\n"
                "    with transaction.atomic():\n"
                "        for order in Order.objects.all():\n"
                "            finish(order)\n\n\n"
                "def finish(order):\n"
                "    return step(order)\n\n\n"
                "def step(order):\n"
                "    return last(order)\n\n\n"
                "def last(order):\n"
                "    return pay(order)\n",
            },
            title="transaction four calls above",
            missed=True,
            why="few calls are followed, and the finding belongs to the transaction",
        ),
        Case(
            {
                "models.py": "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
                "class Base(DeclarativeBase):\n    pass\n\n\n"
                "class Order(Base):\n"
                '    __tablename__ = "orders"\n\n'
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                "    status: Mapped[str]\n"
                "    job: Mapped[str]\n",
                "tasks.py": "from redis import Redis\nfrom rq import Queue\n\nqueue = Queue(connection=Redis())\n\n\n"
                "def receipt(order_id):\n    pass\n",
                "orders.py": """\
import smtplib

from sqlalchemy.orm import Session

from models import Order
from tasks import queue, receipt


def place(session: Session) -> None:
    order = Order(status="new")
    session.add(order)
    session.flush()
    queue.enqueue(receipt, order.id)  # ARC218
    session.commit()


def close(session: Session, order_id: int, notify: bool) -> None:
    order = session.get(Order, order_id)
    order.status = "closed"
    if notify:
        queue.enqueue(receipt, order.id)  # ARC218
    session.commit()


def place_first(session: Session) -> None:
    order = Order(status="new")
    session.add(order)
    session.commit()
    queue.enqueue(receipt, order.id)
    session.commit()


def note_the_job(session: Session, order_id: int) -> None:
    order = session.get(Order, order_id)
    order.status = "queued"
    job = queue.enqueue(receipt, order.id)
    order.job = job.id
    session.commit()


def note_the_mail(session: Session, order_id: int, smtp: smtplib.SMTP, text: str) -> None:
    order = session.get(Order, order_id)
    order.status = "told"
    smtp.sendmail("shop", "customer", text)
    session.commit()


def only_read(session: Session, order_id: int) -> None:
    order = session.get(Order, order_id)
    seen = set()
    seen.add(order.id)
    queue.enqueue(receipt, order.id)
    session.commit()


class Orders:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, order: Order) -> None:
        self.session.add(order)


class UnitOfWork:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.orders = Orders(session)

    def commit(self) -> None:
        self.session.commit()


def place_in_unit(unit: UnitOfWork, smtp: smtplib.SMTP) -> None:
    order = Order(status="new")
    unit.orders.add(order)
    queue.enqueue(receipt, order.id)  # ARC218
    smtp.sendmail("shop", "customer", "Thank you")  # ARC218
    unit.commit()


def place_in_unit_first(unit: UnitOfWork) -> None:
    order = Order(status="new")
    unit.orders.add(order)
    unit.commit()
    queue.enqueue(receipt, order.id)
""",
            },
            title="a session that is committed further down",
        ),
    )
    valid = (
        Case(
            {
                **_SHOP,
                "shop/atomic.py": "import functools\nfrom contextlib import contextmanager\n\n"
                "from django.db import transaction\n\nfrom shop.models import Order\n\n\n"
                "@contextmanager\n"
                "def marked(pk):\n"
                "    with transaction.atomic():\n"
                "        Order.objects.filter(pk=pk).update(paid=True)\n"
                "    yield\n\n\n"
                "def noted(function):\n"
                "    @functools.wraps(function)\n"
                "    def run(*args):\n"
                "        with transaction.atomic():\n"
                "            Order.objects.filter(pk=1).update(paid=True)\n"
                "        return function(*args)\n\n"
                "    return run\n",
                "shop/views.py": "from shop.atomic import marked, noted\nfrom shop.models import Order\n"
                "from shop.tasks import receipt\n\n\n"
                "def pay(request, pk):\n"
                "    with marked(pk):\n"
                "        order = Order.objects.create(paid=True)\n"
                "        receipt.delay(order.pk)\n\n\n"
                "@noted\n"
                "def repay(request):\n"
                "    order = Order.objects.create(paid=True)\n"
                "    receipt.delay(order.pk)\n",
            },
            title="a transaction that has ended before the project's context manager yields",
        ),
        Case(
            {
                **_SHOP,
                "shop/views.py": _VIEWS + "def show(pk):\n"
                "    with transaction.atomic():\n"
                "        order = Order.objects.get(pk=pk)\n"
                "        order.paid = True\n"
                "        receipt.delay(order.pk)\n",
            },
            title="Django: an attribute that nobody saves",
        ),
        Case(
            {
                **_SHOP,
                "shop/views.py": "from functools import partial\n\n"
                "from django.db import transaction\n\n"
                "from shop.models import Order\n"
                "from shop.tasks import receipt\n\n\n"
                "def pay(request):\n"
                "    with transaction.atomic():\n"
                "        order = Order.objects.create(paid=True)\n"
                "        transaction.on_commit(partial(receipt.delay, order.pk))\n"
                "        transaction.on_commit(lambda: receipt.delay(order.pk))\n"
                "    receipt.delay(order.pk)\n",
            },
            title="after the commit",
        ),
        Case(
            {
                **_SHOP,
                "shop/views.py": _VIEWS + "def remind(request):\n"
                "    with transaction.atomic():\n"
                "        for order in Order.objects.select_for_update().filter(paid=False):\n"
                "            receipt.delay(order.pk)\n",
            },
            title="nothing is changed",
        ),
        Case(
            {
                **_SHOP,
                "shop/views.py": "from shop.models import Order\n"
                "from shop.tasks import receipt\n\n\n"
                "def pay(request):\n"
                "    order = Order.objects.create(paid=True)\n"
                "    receipt.delay(order.pk)\n",
            },
            title="no transaction",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what is sent while a transaction is open."""
        if file.role:
            return
        for early in (*early_effects(function), *sent_before_commit(function)):
            hops = early.found.hops[1:]
            in_django = not hops and early.how in _DJANGO
            yield file.diagnostic(
                self,
                early.found.hops[0],
                related=file.chain(hops),
                call=describe(early.row[0], function.scope),
                chain=f" via {' -> '.join(h.label for h in hops)}" if hops else "",
                how=early.how if early.how.startswith("a ") else f"`{early.how}`",
                advice=_advice(early),
                fix=after_commit(file, file.locate(early.found.hops[0])) if in_django else None,
            )


def _advice(early: Early) -> str:
    if early.how in _DJANGO:
        return "hand it to `transaction.on_commit`"
    if early.how == SESSION:
        return "send it after `commit()`"
    return "send it after the `with` block"
