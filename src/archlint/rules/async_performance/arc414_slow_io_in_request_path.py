"""The caller waits for a mail that he does not need to wait for.

## What it does

Reports mails, messages and documents (Django's `send_mail`, `smtplib`, Flask-Mail, fastapi-mail, SendGrid, Twilio,
Slack, WeasyPrint and others) whose result nobody uses, sent in a route handler or dependency, or in a function that
one of these calls, through up to four calls and across files.

This rule is off by default: for a page that sends one mail a day it does not matter.

## Why is this bad?

The other side takes seconds at times, and now and then does not answer at all. The request waits for it, holds a
worker and often a database connection, and fails with it: an order that has been stored answers with an error
because the mail server is busy, and the caller orders again.

## How to fix

Answer first, send later:

```python
@router.post("/signup")
async def signup(data: Signup, background: BackgroundTasks) -> None:
    user = await store(data)
    background.add_task(send_welcome, user.email)       # instead of send_welcome(user.email)
```

What must not get lost belongs into a queue (Celery, RQ, Dramatiq, arq), enqueued after the transaction.

## Not reported

* Results that are used: a PDF that is the answer, a status that is checked.
* Tasks of queues and functions that are handed to one, to a thread or to `BackgroundTasks`.
* Functions that try whether mails arrive (`send_test_mail`).
* Projects with a mail backend that queues (django-celery-email, django-post-office).
* Administration, command lines, scripts, tests, and functions that no handler leads to.
* No other linter has this check.

## References

* [FastAPI: background tasks](https://fastapi.tiangolo.com/tutorial/background-tasks/)
* [Celery: first steps](https://docs.celeryq.dev/en/stable/getting-started/first-steps-with-celery.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge.outbound import DELIVERIES, QUEUED_MAIL
from archlint.model.summary import AWAITED, STATEMENT, Call
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.identifiers import name_words
from archlint.project.remedies.later import after_answer
from archlint.project.types import members
from archlint.project.uses import node_of
from archlint.project.words import may_call

#: Functions that try the way out of a mail: the caller wants to see it go.
_TRIES = frozenset(("test", "check", "verify", "ping", "try"))
_WORDS = frozenset(name.rpartition(".")[2] for name in DELIVERIES)


class SlowIoInRequestPath(Rule):
    """See the module."""

    impact = Impact.LOW
    fixes = ("unsafe",)
    default = False
    message = (
        "`{call}()` sends {what} while the request waits{entry}; send it in a background task or from a queue"
    )
    answers = ("area E", "dimension 4", "checklist 49", "checklist 50")

    invalid = (
        Case(
            {
                "mails.py": "from django.core.mail import EmailMessage, send_mail\n\n\n"
                "def welcome(user):\n"
                '    send_mail("Welcome", "Hello", None, [user.email])  # ARC414\n'
                '    message = EmailMessage("Welcome", "Hello", to=[user.email])\n'
                "    message.send()  # ARC414\n",
                "views.py": "from rest_framework.views import APIView\n\nfrom mails import welcome\n\n\n"
                "class Signup(APIView):\n"
                "    def post(self, request):\n"
                "        welcome(request.user)\n",
            },
            title="Django's mails, below a view",
        ),
        Case(
            "import smtplib\n\nimport aiosmtplib\nfrom fastapi import FastAPI\nfrom twilio.rest import Client\n\n"
            "app = FastAPI()\ntwilio = Client()\n\n\n"
            '@app.post("/orders")\n'
            "def order(message: str):\n"
            '    with smtplib.SMTP("mail") as smtp:\n'
            "        smtp.send_message(message)  # ARC414\n"
            '    twilio.messages.create(to="+1", body=message)  # ARC414\n\n\n'
            '@app.post("/notes")\n'
            "async def note(message: str):\n"
            "    await aiosmtplib.send(message)  # ARC414\n",
            title="smtplib, Twilio and aiosmtplib in handlers",
            fixed="""\
import smtplib

import aiosmtplib
from fastapi import BackgroundTasks, FastAPI
from twilio.rest import Client

app = FastAPI()
twilio = Client()


@app.post("/orders")
def order(background_tasks: BackgroundTasks, message: str):
    with smtplib.SMTP("mail") as smtp:
        smtp.send_message(message)  # ARC414
    background_tasks.add_task(twilio.messages.create, to="+1", body=message)  # ARC414


@app.post("/notes")
async def note(background_tasks: BackgroundTasks, message: str):
    background_tasks.add_task(aiosmtplib.send, message)  # ARC414
""",
        ),
        Case(
            "from flask import Flask\nfrom flask_mail import Mail\nfrom weasyprint import HTML\n\n"
            "app = Flask(__name__)\nmail = Mail(app)\n\n\n"
            '@app.post("/invoices/<key>")\n'
            "def invoice(key):\n"
            '    HTML(string="<p>").write_pdf(f"/srv/{key}.pdf")  # ARC414\n'
            '    mail.send_message("Invoice", recipients=[key])  # ARC414\n'
            "    return key\n",
            title="Flask-Mail, and a PDF that is put aside",
        ),
    )
    valid = (
        Case(
            {
                "tasks.py": "from celery import shared_task\nfrom django.core.mail import send_mail\n\n\n"
                "@shared_task\ndef welcome(email):\n"
                '    send_mail("Welcome", "Hello", None, [email])\n',
                "views.py": "from rest_framework.views import APIView\n\nfrom tasks import welcome\n\n\n"
                "class Signup(APIView):\n"
                "    def post(self, request):\n"
                "        welcome.delay(request.user.email)\n",
            },
            title="from a queue",
        ),
        Case(
            "from django.core.mail import send_mail\nfrom fastapi import BackgroundTasks, FastAPI\n"
            "from weasyprint import HTML\n\n"
            "app = FastAPI()\n\n\n"
            "def welcome(email):\n"
            '    send_mail("Welcome", "Hello", None, [email])\n\n\n'
            '@app.post("/signup")\n'
            "async def signup(email: str, background: BackgroundTasks):\n"
            "    background.add_task(welcome, email)\n"
            '    return HTML(string="<p>").write_pdf()\n',
            title="in the background; the answer itself",
        ),
        Case(
            "from django.core.mail import send_mail\n\n\n"
            "def remind():\n"
            '    send_mail("Reminder", "Hello", None, ["a@example.org"])\n\n\n'
            "def main():\n    remind()\n\n\n"
            "def send_test_mail(request):\n"
            '    send_mail("Test", "Hello", None, [request.user.email])\n',
            title="no request leads there",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report deliveries that a request waits for."""
        if file.role in ("test", "script", "migration") or name_words(function.name) & _TRIES:
            return
        world, scope = file.world, function.scope
        for index, row in enumerate(scope.calls):
            if not may_call(row[Call.FUNC], _WORDS, function.frame):
                continue
            names = {_name(m, file) for m in members(world.evaluator.callee(index, function.frame))}
            if len(names) != 1 or not names <= DELIVERIES.keys() or not _is_unused(file, row):
                continue
            served = world.reach.served(file.name, scope)
            if served is None or served.kind == "task" or any(world.mentioning(word) for word in QUEUED_MAIL):
                continue
            yield file.diagnostic(
                self,
                place := file.span(row),
                fix=after_answer(file, function, place) if served.scope is scope else None,
                call=describe(row[Call.FUNC], scope),
                what=DELIVERIES[names.pop()],
                entry="" if served.scope is scope else f", as `{served.scope.qualname}` leads here",
            )


def _name(callee: Any, file: File) -> str:
    """The name of a library's call, under which the class that has the method knows it."""
    if callee.kind != "lib":
        return ""
    cls, _, method = callee.name.rpartition(".")
    bases = [f"{base}.{method}" for base in file.world.evaluator.library.mro(cls)]
    return next((name for name in bases if name in DELIVERIES), callee.name)


def _is_unused(file: File, row: list[Any]) -> bool:
    """Whether nobody looks at what a call gives."""
    if row[Call.FLAGS] & STATEMENT:
        return True
    if not row[Call.FLAGS] & AWAITED:
        return False
    node = node_of(file.index, row)
    parent = file.index.parent(node) if node is not None else None
    return parent is not None and isinstance(file.index.parent(parent), ast.Expr)
