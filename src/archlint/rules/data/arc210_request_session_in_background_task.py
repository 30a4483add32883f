"""The session of a request handed to work that outlives the request.

## What it does

Reports handlers and dependencies (FastAPI, Starlette, Litestar) that pass an injected session, be it in a dictionary,
or a method of an object which works on one and is injected itself or made with it, to `BackgroundTasks`, to
`asyncio.create_task` without waiting for the task, to a thread, an executor or a Celery task.

## Why is this bad?

The dependency closes its session when the request ends. Work that goes on then uses a session that another thread
is closing, or silently opens a new transaction on it that nobody ends: the connection is lost to the pool. When
background tasks of the response run depends on the version of FastAPI:

* before 0.106 dependencies are closed after the background tasks,
* from 0.106 to 0.117 before them: the session is closed when the task starts,
* since 0.118 after them again; the connection is then held for as long as the task runs.

## How to fix

Pass keys, and open a session inside the task:

```python
async def send_receipt(order_id: int) -> None:
    async with session_factory() as session:
        order = await session.get(Order, order_id)

background_tasks.add_task(send_receipt, order.id)
```

## Not reported

* Tasks that the handler awaits or gathers; sessions opened in the handler itself.
* `scoped_session`, Flask-SQLAlchemy's `db.session`; tests.
* Functions that start background work with a session which no handler or dependency lends them directly.
* Known misses: rows of the session that are passed on (their lazy attributes need it).

## References

* [FastAPI: dependencies with yield and background tasks](https://fastapi.tiangolo.com/advanced/advanced-dependencies/)
* [SQLAlchemy: when do I construct a session?](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#when-do-i-construct-a-session-when-do-i-commit-it-and-when-do-i-close-it)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.asynchrony.after_request import Handed, handed_over
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.settings.requirements import version_of

_DATABASE = (
    "from typing import Annotated\n\n"
    "from fastapi import Depends\n"
    "from sqlalchemy import create_engine\n"
    "from sqlalchemy.orm import Session, sessionmaker\n\n"
    'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\n\n\n'
    "def get_db():\n"
    "    with SessionLocal() as db:\n"
    "        yield db\n\n\n"
    "SessionDep = Annotated[Session, Depends(get_db)]\n"
)
_OPEN_AFTER, _CLOSED_SINCE = (0, 118), (0, 106)


class RequestSessionInBackgroundTask(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "`{session}` belongs to the request, and `{starter}` {when}; open a new session inside the task"
    answers = ("anti-pattern 6", "area B", "area I", "dimension 4", "checklist 49")
    invalid = (
        Case(
            {
                "database.py": _DATABASE,
                "api.py": "from fastapi import APIRouter, BackgroundTasks, Depends\n\n"
                "from database import get_db\n\n"
                "router = APIRouter()\n\n\n"
                "def log(db, text):\n"
                "    db.add(text)\n\n\n"
                '@router.post("/orders")\n'
                "def create(tasks: BackgroundTasks, db=Depends(get_db)):\n"
                '    tasks.add_task(log, db, "created")  # ARC210\n',
                "requirements.txt": "fastapi==0.110.0\n",
            },
            title="FastAPI background task",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "notices.py": "from fastapi import BackgroundTasks\n"
                "from sqlalchemy.orm import Session\n\n\n"
                "def log(db, text):\n"
                "    db.add(text)\n\n\n"
                "def announce(tasks: BackgroundTasks, db: Session, text: str):\n"
                "    tasks.add_task(log, db, text)  # ARC210\n",
                "api.py": "from fastapi import APIRouter, BackgroundTasks, Depends\n\n"
                "from database import get_db\n"
                "from notices import announce\n\n"
                "router = APIRouter()\n\n\n"
                '@router.post("/orders")\n'
                "def create(tasks: BackgroundTasks, db=Depends(get_db)):\n"
                '    announce(tasks, db, "created")\n',
            },
            title="FastAPI: a function that the handler lends its session",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "api.py": "import asyncio\n"
                "import threading\n\n"
                "from fastapi import APIRouter\n\n"
                "from database import SessionDep\n\n"
                "router = APIRouter()\n\n\n"
                "async def log(db, text):\n"
                "    db.add(text)\n\n\n"
                '@router.post("/orders")\n'
                "async def create(db: SessionDep):\n"
                '    asyncio.create_task(log(db, "created"))  # ARC210\n\n\n'
                '@router.post("/items")\n'
                "def create_item(db: SessionDep):\n"
                "    threading.Thread(target=print, args=(db,)).start()  # ARC210\n",
            },
            title="task and thread, session injected by an alias",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "tasks.py": "import asyncio\n\n\n"
                "class Tasks:\n"
                "    def __init__(self):\n"
                "        self.running = set()\n\n"
                "    def spawn(self, coroutine):\n"
                "        task = asyncio.create_task(coroutine)\n"
                "        self.running.add(task)\n"
                "        task.add_done_callback(self.running.discard)\n"
                "        return task\n\n\n"
                "tasks = Tasks()\n",
                "api.py": "from fastapi import APIRouter\n\n"
                "from database import SessionDep\n"
                "from tasks import tasks\n\n"
                "router = APIRouter()\n\n\n"
                "async def log(db, text):\n"
                "    db.add(text)\n\n\n"
                '@router.post("/orders")\n'
                "async def create(db: SessionDep):\n"
                '    tasks.spawn(log(db, "created"))  # ARC210\n\n\n'
                '@router.post("/items")\n'
                "async def create_item(db: SessionDep):\n"
                '    await tasks.spawn(log(db, "created"))\n',
            },
            title="a task that a helper of the project starts",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "api.py": "from fastapi import APIRouter, BackgroundTasks\n\n"
                "from database import SessionDep\n\n"
                "router = APIRouter()\n\n\n"
                '@router.post("/orders")\n'
                "def create(db: SessionDep, background: BackgroundTasks):\n"
                "    def write():\n"
                '        db.add("created")\n\n'
                "    background.add_task(write)  # ARC210\n\n\n"
                '@router.post("/items")\n'
                "def create_item(db: SessionDep, background: BackgroundTasks):\n"
                '    background.add_task(lambda: db.add("created"))  # ARC210\n',
                "requirements.txt": "fastapi==0.110.0\n",
            },
            title="functions inside the handler that use its session",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "service.py": "from database import SessionDep\n\n\n"
                "class Orders:\n"
                "    def __init__(self, session: SessionDep):\n"
                "        self.session = session\n\n"
                "    def notify(self, key):\n"
                "        self.session.commit()\n",
                "api.py": "from fastapi import BackgroundTasks, Depends, FastAPI\n\n"
                "from service import Orders\n\n"
                "app = FastAPI()\n\n\n"
                '@app.post("/orders")\n'
                "def create(tasks: BackgroundTasks, orders: Orders = Depends()):\n"
                "    tasks.add_task(orders.notify, 1)  # ARC210\n",
            },
            title="method of an injected service",
        ),
        Case(
            {
                "tasks.py": "from celery import shared_task\n\n\n"
                "@shared_task\n"
                "def log(db, text):\n"
                "    db.add(text)\n",
                "database.py": _DATABASE,
                "api.py": "from fastapi import APIRouter, Depends\n\n"
                "import tasks\n"
                "from database import get_db\n\n"
                "router = APIRouter()\n\n\n"
                '@router.post("/orders")\n'
                "def create(db=Depends(get_db)):\n"
                '    tasks.log.delay(db, "created")  # ARC210\n',
            },
            title="Celery",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "api.py": "from fastapi import APIRouter, BackgroundTasks\n\n"
                "from database import SessionDep\n\n"
                "router = APIRouter()\n\n\n"
                "def log(context):\n"
                '    context["db"].commit()\n\n\n'
                '@router.post("/orders")\n'
                "def create(tasks: BackgroundTasks, db: SessionDep):\n"
                '    tasks.add_task(log, {"db": db})  # ARC210\n',
            },
            title="session inside a dictionary",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "mail.py": "class Mailer:\n"
                "    def __init__(self, db):\n        self.db = db\n\n"
                "    def send(self, key):\n        self.db.commit()\n\n\n"
                "class Printer:\n"
                "    def __init__(self, db):\n        self.name = db.info\n\n"
                "    def send(self, key):\n        return self.name\n",
                "api.py": "from fastapi import APIRouter, BackgroundTasks\n\n"
                "from database import SessionDep\nfrom mail import Mailer, Printer\n\n"
                "router = APIRouter()\n\n\n"
                '@router.post("/orders")\n'
                "def create(tasks: BackgroundTasks, db: SessionDep):\n"
                "    mailer = Mailer(db)\n"
                "    printer = Printer(db)\n"
                "    tasks.add_task(printer.send, 1)\n"
                "    tasks.add_task(mailer.send, 1)  # ARC210\n",
            },
            title="an object that the handler makes with its session",
        ),
    )
    valid = (
        Case(
            {
                "database.py": _DATABASE,
                "worker.py": "from concurrent.futures import ThreadPoolExecutor\n"
                "from sqlalchemy.orm import Session\n"
                "from database import SessionLocal\n\n"
                "pool = ThreadPoolExecutor()\n\n\n"
                "def log(db, text):\n"
                "    db.add(text)\n\n\n"
                "def announce(db: Session, text: str):\n"
                "    pool.submit(log, db, text)\n\n\n"
                "def work():\n"
                "    with SessionLocal() as db:\n"
                '        announce(db, "started")\n',
            },
            title="a session that no request has",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "api.py": "from fastapi import APIRouter, BackgroundTasks\n\n"
                "from database import SessionDep, SessionLocal\n\n"
                "router = APIRouter()\n\n\n"
                "def log(key):\n"
                "    with SessionLocal() as db:\n"
                "        db.add(key)\n\n\n"
                '@router.post("/orders")\n'
                "def create(tasks: BackgroundTasks, db: SessionDep):\n"
                "    db.commit()\n"
                "    tasks.add_task(log, 1)\n",
            },
            title="own session inside the task",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "api.py": "import asyncio\n\n"
                "from fastapi import APIRouter\n\n"
                "from database import SessionDep\n\n"
                "router = APIRouter()\n\n\n"
                "async def load(db):\n"
                "    return db.info\n\n\n"
                '@router.get("/orders")\n'
                "async def show(db: SessionDep):\n"
                "    task = asyncio.create_task(load(db))\n"
                "    return await task\n",
            },
            title="the handler waits",
        ),
        Case(
            {
                "database.py": _DATABASE,
                "jobs.py": "import threading\n\n"
                "from database import SessionLocal\n\n\n"
                "def start(db):\n"
                "    threading.Thread(target=print, args=(db,)).start()\n\n\n"
                "def run():\n"
                "    db = SessionLocal()\n"
                "    threading.Thread(target=print, args=(db,)).start()\n",
            },
            title="no request",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report sessions of the request that background work is given."""
        if file.role == "test" or not function.scope.params:
            return
        for handed in handed_over(file.world, function.frame):
            row = handed.row
            place = file.span(row)
            yield file.diagnostic(
                self,
                place,
                impact=_impact(file, handed),
                session=handed.session,
                starter=".".join(handed.starter.split(".")[-2:]),
                when=_when(file, handed),
            )


def _is_kept_open(file: File, handed: Handed) -> bool:
    """Whether the locked version of FastAPI closes dependencies after background tasks."""
    version = version_of(file.world, "fastapi")
    return handed.how == "response" and version is not None and not _CLOSED_SINCE <= version < _OPEN_AFTER


def _impact(file: File, handed: Handed) -> Impact:
    return Impact.MEDIUM if _is_kept_open(file, handed) else Impact.HIGH


def _when(file: File, handed: Handed) -> str:
    if handed.how != "response":
        return "goes on when that has ended and closed it"
    version = version_of(file.world, "fastapi")
    if version is None:
        return "runs after the response: with FastAPI 0.106 to 0.117 it is closed by then"
    told = f"FastAPI {version[0]}.{version[1]}"
    if _is_kept_open(file, handed):
        return f"holds its connection until the task ends ({told})"
    return f"starts when it is closed already ({told})"
