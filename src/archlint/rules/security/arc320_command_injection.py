"""Text of a client is run as a command, as code or as a template.

## What it does

Follows what a client sends (path, query, form, body, header, cookie, file name, WebSocket message) to an
interpreter:

* a **shell**: `subprocess` with `shell=True`, `os.system()`, `os.popen()`, `create_subprocess_shell()`,
  `["sh", "-c", …]`, commands over SSH; and the **program** itself, the first word of a list;
* **Python**: `eval()`, `exec()`, `compile()`;
* the source of a **template**: `render_template_string()`, `Template(…)`, `Environment.from_string()`.

FastAPI, Starlette, Flask, Quart, Django, Django REST framework, aiohttp and Tornado are known. The way
may lead through functions in other files, background tasks and queues; the related places name the calls.

## Why is this bad?

Whoever writes a part of a command, of code or of a template runs programs on the server: `; curl … | sh`,
`__import__("os")`, `{{ config.__class__… }}`. Nothing else that can go wrong with input is worse.

## How to fix

Give the program a list, so that no shell reads it, and write its name yourself:

```python
subprocess.run(["convert", "--", source, target], check=True)
```

Read values with `json.loads()` or `ast.literal_eval()`, choose functions from a dictionary, and pass
text to a template as a variable: `render_template("hello.html", name=name)`.

## Not reported

* Arguments of a list whose program is fixed: what the program makes of them is its own affair.
* Text that `shlex.quote()` has quoted; numbers, UUIDs, enumerations, `Literal`, patterns.
* Values that were compared before: `in ALLOWED`, a regular expression, a function that checks.
* Commands from settings, from the database, from operators; the shape `shell=True` alone; tests,
  scripts and migrations.
* Templates that are parsed and dropped, to see whether they are well-formed.
* Modules that are imported by a name, and `getattr()` with one.

Compared with S602 to S609, S307 and S102 of ruff, which report every `shell=True`, `eval()` and partial
path: this rule needs a client. On six published backends they have 99 alarms outside tests and scripts (67 of them in
the command line of one project), this rule none: the commands come from operators, settings and constants.
bandit's B102, B602, B603 and B605 have 56 alarms on four backends, B607 another 30; all that use a shell run
constants. Of two `exec()`, one loads what the operator installs,
the other compiles a function whose parameters are named after the fields of a stored flow: text that comes back from
rows is not followed here. On 16 backends it had one, a template for mails that
staff writes, and that was only parsed; that shape is silent since.

## References

- [OWASP: OS command injection](https://cheatsheetseries.owasp.org/cheatsheets/OS_Command_Injection_Defense_Cheat_Sheet.html)
- [CWE-78](https://cwe.mitre.org/data/definitions/78.html), [CWE-94](https://cwe.mitre.org/data/definitions/94.html)
- [subprocess: security considerations](https://docs.python.org/3/library/subprocess.html#security-considerations)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge import injection as known
from archlint.model.summary import STATEMENT, Bind, Call, Expr
from archlint.project.evaluation.frames import visible_bindings
from archlint.project.taint.sinks import Arrival, Sink, arrival, arrivals, report

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File
    from archlint.project.function import Function


class CommandInjection(Rule):
    """Text of a client is run as a command, as code or as a template."""

    impact = Impact.HIGH
    message = "`{source}` is run as {what} by `{sink}()`; {advice}"
    answers = ("area D", "checklist 44")
    mentions = (
        "subprocess", "os.", "eval", "exec", "Template", "from_string", "template", "popen",
        "system", "Popen", "_process", "getoutput", "spawn", "compile", "asyncssh", "fabric",
    )  # fmt: skip

    invalid = (
        Case(
            """\
import asyncio
import os
import subprocess

from fastapi import FastAPI, UploadFile
from jinja2 import Environment, Template
from pydantic import BaseModel

app = FastAPI()


class Job(BaseModel):
    command: str
    formula: str


@app.get("/ping")
async def ping(host: str, tool: str):
    os.system("ping -c 1 " + host)  # ARC320
    subprocess.run(f"ping -c 1 {host}", shell=True)  # ARC320
    subprocess.check_output([tool, "--version"])  # ARC320
    subprocess.run(["sh", "-c", f"ping {host}"])  # ARC320
    process = await asyncio.create_subprocess_shell(f"ping {host}")  # ARC320
    return await process.wait()


@app.post("/jobs")
def jobs(job: Job, file: UploadFile):
    exec(job.command)  # ARC320
    subprocess.Popen("convert %s out.png" % file.filename, shell=True)  # ARC320
    page = Template("<p>" + job.command + "</p>").render()  # ARC320
    page += Environment().from_string(job.command).render()  # ARC320
    return {"result": eval(job.formula), "page": page}  # ARC320
""",
            title="FastAPI: shell, Python, templates",
        ),
        Case(
            {
                "api.py": """\
from flask import Blueprint, render_template_string, request

from service import convert

api = Blueprint("api", __name__)


@api.post("/convert")
def start():
    convert(request.form["name"], request.form.get("size", "100"))
    return render_template_string(f"<p>{request.form['name']}</p>")  # ARC320
""",
                "service.py": """\
from shell import run


def convert(name, size):
    return run(["convert", "-resize", size, name])
""",
                "shell.py": """\
import subprocess


def run(words):
    return subprocess.check_output(" ".join(words), shell=True)  # ARC320
""",
            },
            title="two functions further, in other files; Flask",
        ),
        Case(
            {
                "views.py": """\
from django.http import HttpResponse
from django.template import Context, Template
from rest_framework.views import APIView

from tasks import archive


def hello(request):
    return HttpResponse(Template("Hello " + request.GET["name"]).render(Context()))  # ARC320


class Archive(APIView):
    def post(self, request):
        archive.delay(request.data["folder"])
        return HttpResponse(str(eval(request.data["when"])))  # ARC320
""",
                "tasks.py": """\
import os

from celery import shared_task


@shared_task
def archive(folder):
    os.system(f"tar czf /backup/{folder}.tgz {folder}")  # ARC320
""",
            },
            title="Django, Django REST framework, a queue",
        ),
        Case(
            """\
import asyncio
import subprocess

import tornado.web
from aiohttp import web
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def whois(request: web.Request):
    data = await request.json()
    process = await asyncio.create_subprocess_exec("bash", "-c", f"whois {data['domain']}")  # ARC320
    return web.json_response({"status": await process.wait()})


app = web.Application()
app.router.add_post("/whois", whois)


async def calculate(request):
    return PlainTextResponse(str(eval(request.query_params["formula"])))  # ARC320


starlette = Starlette(routes=[Route("/calculate", calculate)])


class Log(tornado.web.RequestHandler):
    def get(self):
        self.write(subprocess.getoutput("tail " + self.get_argument("file")))  # ARC320
""",
            title="aiohttp, Starlette, Tornado",
        ),
        Case(
            """\
import re
import subprocess

from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.post("/lookup")
def lookup():
    domain = re.sub(r"^https?://", "", request.form["domain"])
    return subprocess.check_output(f"dig {domain}", shell=True)  # ARC320


@app.errorhandler(404)
def missing(error):
    return render_template_string("<h1>%s</h1>" % request.url), 404  # ARC320
""",
            title="a beginning cut off; the address of the request in a template",
        ),
    )
    valid = (
        Case(
            """\
import ast
import asyncio
import re
import shlex
import subprocess
from typing import Literal

from fastapi import FastAPI, HTTPException
from jinja2 import Template

app = FastAPI()
TOOLS = {"png": "optipng", "jpg": "jpegoptim"}


@app.get("/ping")
async def ping(host: str, count: int, kind: Literal["a", "b"], name: str, formula: str, tool: str):
    subprocess.run(["ping", "-c", str(count), host])
    subprocess.run(f"ping -c {count} {kind} {shlex.quote(host)}", shell=True)
    subprocess.run(f"{TOOLS[tool]} x.png", shell=True)
    if not re.fullmatch(r"[a-z0-9.]+", name):
        raise HTTPException(400)
    subprocess.run("ping " + name, shell=True)
    await asyncio.create_subprocess_exec("ping", host)
    page = Template("Hello {{ name }}").render(name=host)
    return ast.literal_eval(formula), page
""",
            title="lists, quotes, numbers, a pattern, a variable of a template",
        ),
        Case(
            """\
import subprocess

from flask import Flask, render_template_string, request

app = Flask(__name__)
COMMANDS = ("status", "restart")


@app.post("/service")
def service():
    command = request.form["command"]
    if command in COMMANDS:
        subprocess.run(f"systemctl {command} app", shell=True)
    number = int(request.form["number"])
    subprocess.run(f"kill {number}", shell=True)
    return render_template_string("<p>{{ name }}</p>", name=request.form["name"])
""",
            title="allowed commands",
        ),
        Case(
            """\
import os
import subprocess


class Engine:
    def eval(self, text):
        return text


def backup(settings, name):
    os.system("tar czf " + settings["target"])
    subprocess.run(settings["command"], shell=True)
    return Engine().eval(name)


backup({"target": "x", "command": "ls"}, "y")
""",
            title="settings; a method of the project",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function has another interpreter run."""
        if file.role in ("test", "migration", "script"):
            return
        flow = file.world.flow("command")
        for found in arrivals(function, file.world.sinks(known.COMMAND), flow):
            if found.sink.row[Call.FLAGS] & STATEMENT and found.sink.name in _PARSERS:
                # What is parsed and dropped does not run.
                continue
            yield self._report(file, found)
        for table in (known.PROGRAMS, known.ARGUMENTS):
            for sink in file.world.sinks(table).of(function.frame):
                for value in _commands(sink, function.frame):
                    arrived = arrival(sink, value, function.frame, flow)
                    if arrived is not None:
                        yield self._report(file, arrived)
                        break

    def _report(self, file: File, found: Arrival) -> Diagnostic:
        what = known.INTERPRETERS.get(found.sink.name, "a command")
        return report(self, file, found, what=what, advice=_ADVICE[what])


#: What only makes something that may be run.
_PARSERS = frozenset(n for n, what in known.INTERPRETERS.items() if what == "a template") - {
    "flask.render_template_string", "quart.render_template_string",
} | {"compile"}  # fmt: skip
_ADVICE = {
    "a command": "give a fixed program a list of arguments, without a shell",
    "Python": "choose from known functions, or parse a value",
    "a template": "pass it to a fixed template as a variable",
}
_SHELLS = frozenset(("sh", "bash", "zsh", "/bin/sh", "/bin/bash", "cmd", "cmd.exe", "powershell", "ssh"))


def _commands(sink: Sink, frame: Frame) -> list[Expr]:
    """The arguments of a call that starts a program which are read as commands."""
    row, value = sink.row, sink.value
    if sink.name in known.PROGRAMS:
        shell = next((v for k, v in row[Call.KEYWORDS] if k == "shell"), None)
        if shell is not None and shell != ["k", False]:
            return [value]
        words = _words_of(value, frame, row[Call.BLOCK], row[Call.ORDER])
        if words is None:
            # Without a shell, text is the program as a whole.
            return [value] if value[0] == "j" else []
    else:
        words = list(row[Call.ARGS])
    if not words:
        return []
    first = words[0]
    if first is not None and first[0] == "k" and first[1] in _SHELLS:
        return words[2:3] if len(words) > 2 and words[1] is not None and words[1][0] == "k" else words[1:]
    return [first]


def _words_of(value: Expr, frame: Frame, block: int, order: int, depth: int = 4) -> list[Expr] | None:
    """The words of a command that is written as a list, here or at its name; None when it is not."""
    if value is not None and value[0] == "n" and depth:
        rows, _ = visible_bindings(frame.scope, value[1], block, order)
        row = rows[0] if rows else None
        if row is None:
            return None
        return _words_of(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER] - 1, depth - 1)
    if value is not None and value[0] == "b" and value[1] == "+" and depth:
        return _words_of(value[2], frame, block, order, depth - 1)
    return list(value[1]) if value is not None and value[0] in ("l", "t") else None
