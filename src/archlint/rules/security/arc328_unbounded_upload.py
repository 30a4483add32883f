"""A whole uploaded file is read into memory, however large it is.

## What it does

Reports `read()` without a size on an uploaded file: `UploadFile` of FastAPI and Starlette (also
`file.file.read()`), `FileStorage` of Flask and Quart, `UploadedFile` of Django and Django REST framework,
and the parts of a multipart body of aiohttp, where nothing in sight limits the size. FastAPI itself reads a file
that a handler takes as `bytes` (`image: bytes = File()`); nothing that the handler does comes before that.

## Why is this bad?

The client decides how much memory the server takes. A few uploads of some gigabytes at once, and the
process, with all requests in it, is killed. FastAPI and Starlette have no limit of their own; files are
not part of Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.

## How to fix

Look at the size first, and read in pieces:

```python
if file.size is None or file.size > MAX_SIZE:
    raise HTTPException(413)
while chunk := await file.read(1 << 20):
    await out.write(chunk)
```

A limit for the whole application is `MAX_CONTENT_LENGTH` in Flask, or a limit in the server before it
(`client_max_body_size` of nginx).

## Not reported

* `read(n)`, `chunks()`, `shutil.copyfileobj()`.
* Functions in which a condition looks at a size (`file.size`, `content_length`, `len(data)`), or that hand
  the file to a function that says it checks or limits, and functions whose callers do.
* Projects that mention `MAX_CONTENT_LENGTH`, `FILE_UPLOAD_MAX…`, `DATA_UPLOAD_MAX…` or, in a file with a
  middleware, `content-length`. Limits in the configuration of a proxy are not read.
* `request.body()` and `request.get_data()`: what frameworks themselves do with every JSON body; aiohttp's
  `request.read()` and `request.post()`, which stop at one megabyte.
* Tests, scripts and migrations; values whose type is not known.

Compared with: ruff and bandit have no such check.

## References

- [OWASP: file upload](https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html)
- [CWE-770](https://cwe.mitre.org/data/definitions/770.html)
- [FastAPI: UploadFile](https://fastapi.tiangolo.com/tutorial/request-files/#file-parameters-with-uploadfile)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, RouteEvent, Rule, on
from archlint.model.flow import mentions
from archlint.model.summary import ANNOTATION, Block, Call, Expr, Scope, Test
from archlint.project.effects import Hop, describe
from archlint.project.evaluation.frames import called_word
from archlint.project.roles import role_of
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.routes.entry import Body
    from archlint.project.world import World

#: Uploaded files, and the attribute under which they keep the file itself.
_UPLOADS = {
    "fastapi.UploadFile": "file",
    "werkzeug.datastructures.FileStorage": "stream",
    "django.core.files.uploadedfile.UploadedFile": "file",
    "aiohttp.BodyPartReader": "",
}
#: Names that a limit for the whole project has, by the package of the upload.
_LIMITS = {
    "werkzeug": ("MAX_CONTENT_LENGTH",),
    "django": ("FILE_UPLOAD_MAX", "DATA_UPLOAD_MAX"),
    "aiohttp": ("client_max_size",),
}
#: The header that a middleware with a limit looks at.
_HEADERS = ("content-length", "Content-Length", "CONTENT_LENGTH", "max_content_length")
_SIZE = re.compile(r"(?i)(?:^|_)(?:size|length|len|bytes|too_large)(?:_|$)")
#: Names of what was read.
_CONTENT = re.compile(r"(?i)content|data|bytes|file|body|buf|raw|chunk|image|audio|blob|payload|text")
_CHECKS = re.compile(r"(?i)check|valid|limit|size|verif|ensure|bounded|guard|restrict|allow")


_BYTES = "`{name}: bytes` makes FastAPI read an upload of any size into memory; take an `UploadFile`, and look at its size"


class UnboundedUpload(Rule):
    """A file of any size in memory."""

    impact = Impact.MEDIUM
    message = "`{call}()` reads an upload of any size into memory; limit its size, or read it in pieces"
    answers = ("area D", "area E", "checklist 43", "checklist 44")
    mentions = ("read", "bytes")

    invalid = (
        Case(
            """\
from fastapi import FastAPI, File, UploadFile
from starlette.requests import Request

app = FastAPI()


@app.post("/files")
async def upload(file: UploadFile = File(...)):
    data = await file.read()  # ARC328
    return {"size": len(data)}


@app.post("/many")
async def many(files: list[UploadFile]):
    return [len(await file.read()) for file in files]  # ARC328


@app.post("/sync")
def sync(file: UploadFile):
    return {"text": file.file.read().decode()}  # ARC328
""",
            title="FastAPI and Starlette",
        ),
        Case(
            """\
from typing import Annotated

from fastapi import FastAPI, File, Form, UploadFile

app = FastAPI()


@app.post("/images")
def image(image: bytes = File(...), name: str = Form()):  # ARC328
    return store(image, name)


@app.post("/many")
def many(images: Annotated[list[bytes], File()]):  # ARC328
    return [store(image, "") for image in images]


@app.post("/kept")
async def kept(file: UploadFile):
    data = await file.read()  # ARC328
    return store(data, file.size if file.size is not None else 0)


def store(data, name): ...
""",
            title="FastAPI: as bytes; a size that is noted",
        ),
        Case(
            {
                "api.py": """\
from fastapi import APIRouter, UploadFile

from images import store

router = APIRouter()


@router.post("/images")
async def image(file: UploadFile):
    return await store(file)
""",
                "images.py": """\
from pathlib import Path

from fastapi import UploadFile


async def store(file: UploadFile):
    content = await file.read()  # ARC328
    Path("image.png").write_bytes(content)
""",
            },
            title="in a helper",
        ),
        Case(
            """\
import csv

from flask import Flask, request

app = Flask(__name__)


@app.post("/import")
def load():
    file = request.files["file"]
    rows = csv.reader(file.read().decode().splitlines())  # ARC328
    return {"rows": len(list(rows)), "more": request.files["more"].stream.read().decode()}  # ARC328
""",
            title="Flask",
        ),
        Case(
            {
                "urls.py": """\
from django.urls import path

import views

urlpatterns = [path("load", views.load), path("api/load", views.Load.as_view())]
""",
                "views.py": """\
from django.http import JsonResponse
from rest_framework.views import APIView


def load(request):
    text = request.FILES["file"].read().decode()  # ARC328
    return JsonResponse({"text": text})


class Load(APIView):
    def post(self, request):
        file = request.FILES["file"]
        return JsonResponse({"text": file.read().decode()})  # ARC328
""",
            },
            title="Django and Django REST framework",
        ),
        Case(
            """\
import aiohttp
from aiohttp import web


async def load(request: web.Request):
    reader = await request.multipart()
    part: aiohttp.BodyPartReader = await reader.next()
    return web.json_response({"size": str(await part.read())})  # ARC328


async def keep(request: web.Request):
    reader = await request.multipart()
    field = await reader.next()
    while field is not None:
        store(field.name, await field.read())  # ARC328
        field = await reader.next()
    return web.Response()


def store(name, content): ...


app = web.Application()
app.router.add_post("/load", load)
app.router.add_post("/keep", keep)
""",
            title="aiohttp",
        ),
        Case(
            """\
from ninja import File, NinjaAPI
from ninja.files import UploadedFile

api = NinjaAPI()


@api.post("/poster")
def poster(request, file: UploadedFile = File(...)):
    return {"size": len(file.read())}  # ARC328
""",
            title="django-ninja",
        ),
    )
    valid = (
        Case(
            """\
import shutil

from fastapi import FastAPI, HTTPException, UploadFile

app = FastAPI()
MAX_SIZE = 1 << 20


def check_upload(file: UploadFile):
    if file.content_type != "image/png" or file.size > MAX_SIZE:
        raise HTTPException(413)


async def parse(file: UploadFile):
    return (await file.read()).decode()


@app.post("/a")
async def a(file: UploadFile):
    while chunk := await file.read(1 << 16):
        print(chunk)


@app.post("/b")
async def b(file: UploadFile):
    if file.size > MAX_SIZE:
        raise HTTPException(413)
    return await parse(file)


@app.post("/c")
async def c(file: UploadFile):
    check_upload(file)
    return (await file.read()).decode()


@app.post("/d")
def d(file: UploadFile):
    with open("copy", "wb") as out:
        shutil.copyfileobj(file.file, out)


@app.post("/e")
async def e(file: UploadFile):
    data = await file.read()
    if len(data) > MAX_SIZE:
        raise HTTPException(413)
""",
            title="in pieces, after a look at the size",
        ),
        Case(
            """\
from flask import Flask, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16 * 1024 * 1024


@app.post("/import")
def load():
    return request.files["file"].read().decode()
""",
            title="a limit for the application",
        ),
        Case(
            """\
from django.http import HttpResponse


def load(request):
    with open("out", "wb") as out:
        for chunk in request.FILES["file"].chunks():
            out.write(chunk)
    with open("settings.json") as settings:
        return HttpResponse(settings.read())
""",
            title="pieces; other files",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the uploads that a function reads as a whole."""
        if file.role in ("test", "migration", "script"):
            return
        frame = function.frame
        for row in function.scope.calls:
            callee = row[Call.FUNC]
            if row[Call.FLAGS] & ANNOTATION or callee is None or callee[0] != "a" or callee[2] != "read":
                continue
            if row[Call.KEYWORDS] or row[Call.ARGS]:
                continue
            package = _package_of(callee[1], frame, row, file)
            if not package or _is_limited(function, callee[1], package, file):
                continue
            hop = Hop(
                file.name, row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN], ""
            )
            yield file.diagnostic(self, hop, call=describe(callee, function.scope))

    @on(RouteEvent)
    def check_bytes(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the uploads that FastAPI reads for a handler."""
        if file.role in ("test", "migration", "script") or _is_limited_everywhere("fastapi", file.world):
            return
        entries = file.world.route_table.of(file.name, function.scope)
        names = {
            body.name for entry in entries for body in entry.bodies if body.kind == "file" and _is_bytes(body)
        }
        node = file.node_of(function) if names else None
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if node else ():
            if argument.arg in names:
                yield file.diagnostic(self, argument, message=_BYTES, name=argument.arg)


def _is_bytes(body: Body) -> bool:
    """Whether an upload is taken as its content, alone or in a list."""
    kinds = [m for m in members(body.type) if m.name != "None"]
    kinds = [i for m in kinds for i in (members(m.args[0]) if m.name == "list" and m.args else (m,))]
    return bool(kinds) and all(m.name == "bytes" for m in kinds)


def _package_of(expr: Expr, frame: Frame, row: list[Any], file: File) -> str:
    """The package of the uploaded file that a value is, or is inside of; empty for anything else."""
    evaluator = file.world.evaluator
    for inner, kept in ((expr, ""), (expr[1] if expr is not None and expr[0] == "a" else None, "inside")):
        for member in members(evaluator.eval(inner, frame, row[Call.BLOCK], row[Call.ORDER])):
            if member.kind != "inst":
                continue
            for name in evaluator.library.mro(member.name):
                if name in _UPLOADS and (not kept or _UPLOADS[name] == expr[2]):
                    return name.partition(".")[0]
    return ""


def _is_limited(function: Function, upload: Expr, package: str, file: File) -> bool:
    """Whether something in sight limits the size."""
    if _is_limited_everywhere(package, file.world):
        return True
    if _looks_at_size(function.frame, _root(upload)):
        return True
    for caller in file.world.taint.callers(file.name, function.scope):
        frame = file.world.evaluator.frame(caller.path, caller.scope)
        given = [_root(value) for value in caller.row[Call.ARGS]]
        if any(_looks_at_size(frame, name) for name in given or [""]):
            return True
    return False


def _root(expr: Expr) -> str:
    """The name that an expression begins with."""
    while expr is not None and expr[0] in ("a", "s", "w"):
        expr = expr[1]
    return str(expr[1]) if expr is not None and expr[0] == "n" else ""


def _is_limited_everywhere(package: str, world: World) -> bool:
    """Whether the project sets a limit for all its requests."""
    words = _LIMITS.get(package, ())
    if any(role_of(name) != "test" for word in words for name in world.mentioning(word)):
        return True
    middlewares = {name for word in ("iddleware", "before_request") for name in world.mentioning(word)}
    return any(
        name in middlewares and role_of(name) != "test"
        for word in _HEADERS
        for name in world.mentioning(word)
    )


def _looks_at_size(frame: Frame, name: str) -> bool:
    """Whether a function tests a size, or hands an upload to something that checks."""
    scope = frame.scope
    tests = [row[Block.EXPR] for row in scope.blocks if row[Block.KIND] in ("if", "while")]
    tests += [row[Test.TEST] for row in scope.tests]
    if any(_names_size(test, scope) for test in tests):
        return True
    return any(
        _CHECKS.search(called_word(row[Call.FUNC], frame))
        and any(mentions(v, {name}, scope) for v in (*row[Call.ARGS], *(v for _, v in row[Call.KEYWORDS])))
        for row in scope.calls
    )


def _asks_for_any(test: list[Any]) -> bool:
    """``size is not None``: whether there is a size at all."""
    return test[0] == "m" and test[1] in ("is", "is not") and test[3] == ["k", None]


def _names_size(test: Expr, scope: Scope) -> bool:
    """Whether a condition is about a size."""
    names = {name for name in scope.binds if _SIZE.search(name)}
    if mentions(test, names, scope) and not (test is not None and _asks_for_any(test)):
        return True
    pending = [test]
    while pending:
        here = pending.pop()
        if not isinstance(here, list) or not here or _asks_for_any(here):
            continue
        if here[0] == "a" and _SIZE.search(str(here[2])):
            return True
        if here[0] == "c" and len(here) == 2 and isinstance(here[1], int):
            row = scope.calls[here[1]]
            if row[Call.FUNC] == ["n", "len"] and row[Call.ARGS]:
                if _CONTENT.search(describe(row[Call.ARGS][0], scope)):
                    return True
                continue
            pending += [row[Call.FUNC], *row[Call.ARGS]]
            continue
        pending += [part for part in here if isinstance(part, list)]
    return False
