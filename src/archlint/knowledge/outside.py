"""Calls that the world outside the database notices, and the transactions they may stand in."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Last words of calls that send something, as a first and cheap test.
WORDS: frozenset[str] = frozenset(
    (
        "delay",
        "apply_async",
        "send_task",
        "enqueue",
        "enqueue_call",
        "enqueue_at",
        "enqueue_in",
        "enqueue_job",
        "send",
        "send_with_options",
        "defer",
        "defer_async",
        "kiq",
        "schedule",
        "publish",
        "produce",
        "send_and_wait",
        "send_mail",
        "send_mass_mail",
        "mail_admins",
        "mail_managers",
        "email_user",
        "sendmail",
        "send_message",
        "send_messages",
        "post",
        "put",
        "patch",
        "delete",
    )
)

#: Functions and methods that send mail.
MAIL: frozenset[str] = frozenset(
    (
        "django.core.mail.send_mail",
        "django.core.mail.send_mass_mail",
        "django.core.mail.mail_admins",
        "django.core.mail.mail_managers",
        "django.core.mail.EmailMessage.send",
        "django.core.mail.EmailMultiAlternatives.send",
        "django.core.mail.backends.base.BaseEmailBackend.send_messages",
        "smtplib.SMTP.sendmail",
        "smtplib.SMTP.send_message",
        "smtplib.SMTP_SSL.sendmail",
        "smtplib.SMTP_SSL.send_message",
        "flask_mail.Mail.send",
        "aiosmtplib.send",
    )
)

#: Chains and groups of tasks: the classes of their tasks decide when they are sent.
UNSURE: tuple[str, ...] = (
    "celery.canvas.",
    "celery.chain",
    "celery.group",
    "celery.chord",
    "celery.Signature",
)

#: Clients whose writing methods change something elsewhere.
HTTP: tuple[str, ...] = ("requests.", "httpx.", "aiohttp.", "urllib3.")
HTTP_WRITES: frozenset[str] = frozenset(("post", "put", "patch", "delete"))

#: Decorators and context managers that hold a transaction.
ATOMIC: frozenset[str] = frozenset(("django.db.transaction.atomic", "django.db.transaction.Atomic"))
NOT_ATOMIC: frozenset[str] = frozenset(("django.db.transaction.non_atomic_requests",))
#: Classes of transactions that their `with` block commits.
TRANSACTIONS: frozenset[str] = frozenset(
    (
        "django.db.transaction.Atomic",
        "sqlalchemy.orm.SessionTransaction",
        "sqlalchemy.engine.Transaction",
        "sqlalchemy.ext.asyncio.AsyncSessionTransaction",
        "sqlalchemy.ext.asyncio.AsyncTransaction",
        "tortoise.transactions.TransactionContext",
        "peewee.Transaction",
    )
)
#: Makers of sessions and connections whose `begin()` commits at the end of its block.
BEGIN: frozenset[str] = frozenset(
    (
        "sqlalchemy.orm.sessionmaker",
        "sqlalchemy.ext.asyncio.async_sessionmaker",
        "sqlalchemy.engine.Engine",
        "sqlalchemy.ext.asyncio.AsyncEngine",
    )
)

#: Methods of sessions that note a change, or send the noted ones.
NOTED: frozenset[str] = frozenset(("add", "add_all", "delete", "merge", "flush"))
