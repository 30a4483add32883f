"""Calls that put a job on a queue, and calls that wait for its result."""

from __future__ import annotations

#: What puts a job on a queue: the number of leading arguments that are not the job's.
ENQUEUES: dict[str, int] = {
    "celery.app.task.Task.delay": 0,
    "celery.app.task.Task.s": 0,
    "celery.app.task.Task.si": 0,
    "celery.app.task.Task.signature": 9,
    "celery.app.task.Task.apply_async": 9,
    "celery.canvas.Signature.delay": 0,
    "celery.canvas.Signature.apply_async": 9,
    "celery.canvas.group.delay": 0,
    "celery.canvas.group.apply_async": 9,
    "celery.Task.delay_on_commit": 0,
    "celery.Celery.send_task": 9,
    "rq.Queue.enqueue": 1,
    "rq.Queue.enqueue_in": 2,
    "rq.Queue.enqueue_at": 2,
    "rq.Queue.enqueue_call": 9,
    "rq.decorators.JobFunction.delay": 0,
    "rq.decorators.JobFunction.enqueue": 0,
    "django_rq.enqueue": 1,
    "dramatiq.Actor.send": 0,
    "dramatiq.Actor.send_with_options": 9,
    "dramatiq.Actor.message": 0,
    "arq.ArqRedis.enqueue_job": 1,
    "huey.api.TaskWrapper.schedule": 9,
    "taskiq.AsyncTaskiqDecoratedTask.kiq": 0,
    "procrastinate.tasks.Task.defer": 0,
    "procrastinate.tasks.Task.defer_async": 0,
    "saq.Queue.enqueue": 1,
}
#: Keywords of these calls that hold the job's arguments as a list or dict; ``apply_async`` takes them first.
ARGUMENTS = frozenset(("args", "kwargs"))
#: Calls that take the job's arguments, and its keyword arguments, as their first two.
TAKES_LISTS = frozenset(
    (
        "celery.app.task.Task.apply_async",
        "celery.app.task.Task.signature",
        "celery.canvas.Signature.apply_async",
        "celery.canvas.group.apply_async",
    )
)

#: Calls that wait until a job is done.
WAITS = frozenset(
    (
        "celery.result.AsyncResult.get",
        "celery.result.AsyncResult.wait",
        "celery.result.AsyncResult.collect",
        "celery.result.GroupResult.get",
        "celery.result.GroupResult.join",
        "celery.result.GroupResult.join_native",
        "dramatiq.Message.get_result",
        "rq.job.Job.latest_result",
        "huey.api.Result.get",
    )
)
#: Those that wait only if they are told to, with the keyword that tells them.
WAITS_IF_TOLD = {
    "dramatiq.Message.get_result": "block",
    "rq.job.Job.latest_result": "timeout",
    "huey.api.Result.get": "blocking",
}
#: What tells whether a job is done, without waiting.
ASKS_STATE = frozenset(("ready", "successful", "failed", "state", "status", "is_finished", "get_status"))
