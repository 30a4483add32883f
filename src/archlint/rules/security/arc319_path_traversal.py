"""A client names a file of the server.

## What it does

Follows what a client sends (path, query, form, body, header, cookie, the name of an uploaded file,
WebSocket message) to where it decides which file is opened, sent, written, moved or deleted: `open()`,
`pathlib.Path`, `os`, `shutil`, `aiofiles`, `FileResponse`, `send_file()`, `FileStorage.save()`,
`zipfile`, `tarfile`, `pandas.read_csv()`; also the names in an archive that a client sends, and one that is
unpacked as it is. FastAPI, Starlette, Flask, Quart, Django, Django REST
framework, aiohttp and Tornado are known. The way may lead through `os.path.join()`, `/`, f-strings,
dependencies, services in other files, threads and background tasks; the related places name the calls.

A single segment of the path counts, though most frameworks keep slashes out of it: `..` is a segment, too, and so
is a whole path with backslashes where the server runs on Windows.

## Why is this bad?

`../../etc/passwd` is a name like any other, and `os.path.join("uploads", "/etc/passwd")` is
`/etc/passwd`. A client reads the secrets of the server, or writes a file where the server will run it.

## How to fix

Keep nothing of the name but its last part, or better, store under a name of your own:

```python
target = UPLOADS / Path(file.filename).name
target = UPLOADS / f"{uuid4()}.png"
```

Where folders are allowed, look where the path leads in the end:

```python
target = (UPLOADS / name).resolve()
if not target.is_relative_to(UPLOADS):
    raise HTTPException(404)
```

Flask has `send_from_directory()` and `safe_join()`, Werkzeug `secure_filename()`.

## Not reported

* Numbers, UUIDs, dates, enumerations, `Literal` and patterns, by annotation, model, form or route.
* Names through `basename()`, `Path(name).name`, `.stem`, `secure_filename()`, `safe_join()`,
  `send_from_directory()`, or a function whose name says that it cleans or checks.
* Paths that any condition looks at before they are used: `is_relative_to()`, `startswith()`,
  `".." in name`, a regular expression, `in ALLOWED`. That it looks at the right thing is not judged;
  a test of the suffix, or whether the file exists, does not count.
* Names of files from Django, which cuts them itself, and Django's storages, which refuse to leave
  their folder.
* Content of an upload that a parser reads, temporary files, tests, scripts and migrations.

On 18 published backends this rule has three alarms: a name from the path of a route joined to the folder of uploads,
and a folder from a body.

Compared with: ruff and bandit follow no values; S202 and B202 look at `extractall()` alone, S108 and B108 at names of
temporary folders.

## References

- [OWASP: path traversal](https://owasp.org/www-community/attacks/Path_Traversal)
- [CWE-22](https://cwe.mitre.org/data/definitions/22.html)
- [Werkzeug: secure_filename](https://werkzeug.palletsprojects.com/en/stable/utils/#werkzeug.utils.secure_filename)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge import injection as known
from archlint.model.summary import Call
from archlint.project.called import Called, calls
from archlint.project.remedies.untrusted import own_name
from archlint.project.taint.sinks import arrivals, report

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function


_EXTRACTING = frozenset(("extractall",))
_UNPACKED = '`{}()` writes wherever the paths in a client\'s archive lead; give it `filter="data"`'

_FILES = """\
import os
import shutil
from pathlib import Path

import aiofiles
from fastapi import FastAPI, Form, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel

app = FastAPI()
UPLOADS = Path("uploads")


class Document(BaseModel):
    name: str
    text: str


@app.get("/files/{name:path}")
def read(name: str):
    return FileResponse(f"static/{name}")  # ARC319


@app.post("/files")
async def upload(file: UploadFile, folder: str = Form("")):
    target = UPLOADS / folder / "in"
    target.mkdir(parents=True, exist_ok=True)  # ARC319
    async with aiofiles.open(f"uploads/{file.filename}", "wb") as out:  # ARC319
        await out.write(await file.read())
    with open(os.path.join("uploads", file.filename), "wb") as out:  # ARC319
        shutil.copyfileobj(file.file, out)
    return {}


@app.put("/documents")
def write(document: Document):
    (UPLOADS / document.name).write_text(document.text)  # ARC319


@app.delete("/documents")
def delete(name: str):
    os.remove(os.path.join("uploads", name))  # ARC319
"""


class PathTraversal(Rule):
    """A client names a file of the server."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "`{source}` decides which file `{sink}()` reaches; keep it in its folder with `Path(name).name`, or `resolve()` and `is_relative_to()`"
    answers = ("area D", "checklist 44")
    mentions = (
        "open", "File", "path", "Path", "os", "shutil", "save", "file", "_text", "_bytes", "unlink",
        "mkdir", "rmdir", "touch", "rename", "replace", "iterdir", "numpy", "read_csv",
    )  # fmt: skip

    invalid = (
        Case(
            _FILES,
            title="FastAPI",
            fixed=_FILES.replace("{file.filename}", "{Path(file.filename).name}").replace(
                ", file.filename", ", Path(file.filename).name"
            ),
        ),
        Case(
            {
                "api.py": """\
from fastapi import APIRouter, Depends, UploadFile

from service import Store, get_store

router = APIRouter()


@router.post("/upload")
async def upload(file: UploadFile, store: Store = Depends(get_store)):
    return await store.keep(file.filename, await file.read())
""",
                "service.py": """\
from disk import write


class Store:
    def __init__(self, folder: str):
        self.folder = folder

    async def keep(self, name: str, content: bytes):
        return write(f"{self.folder}/{name}", content)


def get_store() -> Store:
    return Store("uploads")
""",
                "disk.py": """\
def write(path, content):
    with open(path, "wb") as out:  # ARC319
        return out.write(content)
""",
            },
            title="two functions further, in other files",
        ),
        Case(
            """\
import os

from flask import Flask, request, send_file

app = Flask(__name__)


def allowed_file(name):
    return "." in name and name.rsplit(".", 1)[1].lower() in {"png", "jpg"}


@app.route("/download")
def download():
    return send_file(os.path.join("files", request.args["name"]))  # ARC319


@app.route("/report/<path:name>")
def report(name):
    with open("reports/" + name) as source:  # ARC319
        return source.read()


@app.post("/upload")
def upload():
    file = request.files["file"]
    if file and allowed_file(file.filename):
        file.save(os.path.join("uploads", file.filename))  # ARC319
    return "ok"
""",
            title="Flask",
        ),
        Case(
            {
                "urls.py": """\
from django.urls import path, re_path

import views

urlpatterns = [
    path("files/<path:name>", views.show),
    path("pages/<slug:name>", views.page),
    re_path(r"^logs/(?P<name>.+)$", views.log),
]
""",
                "views.py": """\
import os

from django.http import FileResponse, HttpResponse
from rest_framework.views import APIView


def show(request, name):
    return FileResponse(open(os.path.join("media", name), "rb"))  # ARC319


def page(request, name):
    with open(f"pages/{name}.html") as page:
        return HttpResponse(page.read())


def log(request, name):
    with open("logs/" + name) as log:  # ARC319
        return HttpResponse(log.read(), content_type="text/plain")


class Export(APIView):
    def post(self, request):
        with open("exports/%s.csv" % request.data["name"], "w") as out:  # ARC319
            out.write("a,b")
""",
            },
            title="Django and Django REST framework",
        ),
        Case(
            """\
import tornado.web
from aiohttp import web
from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import Route


async def download(request: web.Request):
    return web.FileResponse("files/" + request.query["name"])  # ARC319


async def upload(request: web.Request):
    data = await request.post()
    field = data["file"]
    with open(f"uploads/{field.filename}", "wb") as out:  # ARC319
        out.write(field.file.read())
    return web.Response()


app = web.Application()
app.add_routes([web.get("/download", download), web.post("/upload", upload)])


async def show(request):
    return FileResponse(f"files/{request.path_params['name']}")  # ARC319


starlette = Starlette(routes=[Route("/files/{name:path}", show)])


class Log(tornado.web.RequestHandler):
    def get(self):
        with open(self.get_argument("name")) as log:  # ARC319
            self.finish(log.read())
""",
            title="aiohttp, Starlette, Tornado",
        ),
        Case(
            """\
import io
import os
import zipfile

from django.http import HttpResponse


def restore(request):
    archive = zipfile.ZipFile(request.FILES["archive"])
    for name in archive.namelist():
        with open(os.path.join("/srv/pages", name), "wb") as out:  # ARC319
            out.write(archive.read(name))
    with zipfile.ZipFile(io.BytesIO(request.body)) as second:
        for name in second.namelist():
            with open(f"/srv/pages/{name}", "wb") as out:  # ARC319
                out.write(second.read(name))
    with zipfile.ZipFile(request.FILES["third"]) as third:
        for info in third.infolist():
            with open(f"/srv/pages/{info.filename}", "wb") as out:  # ARC319
                out.write(third.read(info))
        for info in third.infolist():
            with open(f"/srv/pages/{info.file_size}", "wb") as out:
                out.write(third.read(info))
    return HttpResponse()
""",
            title="names in an archive",
        ),
        Case(
            """\
import io
import tarfile

from aiohttp import web


async def restore(request: web.Request):
    data = await request.read()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall("/srv/backup")  # ARC319
    return web.Response()
""",
            title="an archive unpacked as it is",
        ),
        Case(
            """\
import os

from django.http import FileResponse, HttpRequest


def cover(request: HttpRequest, pk: int):
    name = request.GET.get("size", "small") + ".jpg"
    return FileResponse(open(os.path.join("/srv/covers", str(pk), name), "rb"))  # ARC319
""",
            title="a parameter that is called like a property of an upload",
        ),
    )
    valid = (
        Case(
            """\
import os
import re
from pathlib import Path
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException, UploadFile
from fastapi.responses import FileResponse

app = FastAPI()
UPLOADS = Path("uploads").resolve()


def inside(name: str) -> Path:
    target = (UPLOADS / name).resolve()
    if not target.is_relative_to(UPLOADS):
        raise HTTPException(404)
    return target


@app.get("/files/{key}")
def read(key: UUID, number: int, name: str, other: str, third: str):
    open(f"files/{key}/{number}")
    open(inside(name))
    if ".." in other or other.startswith("/"):
        raise HTTPException(404)
    open(f"files/{other}")
    if not re.fullmatch(r"[a-z]+", third):
        raise HTTPException(404)
    return FileResponse(f"files/{third}.txt")


@app.post("/files")
def upload(file: UploadFile):
    with open(os.path.join("uploads", os.path.basename(file.filename)), "wb") as out:
        out.write(file.file.read())
    (UPLOADS / Path(file.filename).name).write_bytes(b"")
    (UPLOADS / f"{uuid4()}{Path(file.filename).suffix}").write_bytes(b"")
    ending = file.filename.split(".")[-1]
    name, extension = file.filename.rsplit(".", 1)
    (UPLOADS / f"{uuid4()}.{ending}.{extension}").write_bytes(b"")
    within = (UPLOADS / file.filename).resolve()
    if UPLOADS not in within.parents:
        raise HTTPException(400)
    within.write_bytes(b"")
    path = os.path.realpath(os.path.join("uploads", file.filename))
    if os.path.commonpath([path, "/uploads"]) != "/uploads":
        raise HTTPException(400)
    with open(path, "wb") as out:
        out.write(b"")
""",
            title="the last part, where it leads, other types",
        ),
        Case(
            """\
import io

import pandas
from flask import Flask, request, send_from_directory
from werkzeug.utils import safe_join, secure_filename

app = Flask(__name__)
FILES = {"a": "files/a.txt", "b": "files/b.txt"}


@app.post("/upload")
def upload():
    file = request.files["file"]
    file.save("uploads/" + secure_filename(file.filename))
    table = pandas.read_csv(io.BytesIO(request.get_data()))
    return str(len(table))


@app.get("/files/<int:number>/<name>")
def show(number, name):
    open(f"files/{number}.txt")
    open(FILES[name])
    open(safe_join("files", name))
    return send_from_directory("files", name)
""",
            title="helpers of Flask, names looked up, content",
        ),
        Case(
            """\
from django.core.files.storage import default_storage
from django.http import HttpResponse


def upload(request):
    file = request.FILES["file"]
    with open("uploads/" + file.name, "wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    default_storage.save(request.POST["name"], file)
    return HttpResponse("ok")


def load(settings):
    with open(settings["path"]) as source:
        return source.read()
""",
            title="Django cuts names; no client",
        ),
        Case(
            """\
from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse

app = FastAPI()
BASE = Path("/srv/files").resolve()


@app.get("/a/{name}")
def first(name: str):
    try:
        path = (BASE / name).resolve()
        path.relative_to(BASE)
    except ValueError:
        raise HTTPException(404)
    return FileResponse(path)


@app.get("/b/{name}")
def second(name: str):
    path = (BASE / name).resolve()
    path.relative_to(BASE)
    return FileResponse(path)
""",
            title="below a folder, or an exception",
        ),
        Case(
            """\
import os
import zipfile

from django.http import HttpResponse


def restore(request):
    for name in zipfile.ZipFile("/srv/backup.zip").namelist():
        open(os.path.join("/srv/pages", name), "wb").close()
    archive = zipfile.ZipFile(request.FILES["archive"])
    for name in archive.namelist():
        open(os.path.join("/srv/pages", os.path.basename(name)), "wb").close()
    return HttpResponse()
""",
            title="an archive of the program, names cut",
        ),
        Case(
            """\
import io
import tarfile

from aiohttp import web


async def restore(request: web.Request):
    with tarfile.open(fileobj=io.BytesIO(await request.read())) as archive:
        archive.extractall("/srv/backup", filter="data")
    with tarfile.open("/srv/own.tar") as own:
        own.extractall("/srv/backup")
    return web.Response()
""",
            title="an archive unpacked with a filter",
        ),
        Case(
            """\
import os
import zipfile


class Backup:
    def restore(self, path, wanted):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name in archive.namelist() and name == wanted:
                    path = os.path.join("/srv/pages", name)
                    open(path, "wb").close()
""",
            title="an archive that is compared with what is in it",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the files that a client names."""
        if file.role in ("test", "migration", "script"):
            return
        world = file.world
        seen: set[int] = set()
        for table in (known.PATH, known.PATH_TARGETS):
            for found in arrivals(function, file.world.sinks(table), world.flow("path")):
                if found.sink.call not in seen:
                    seen.add(found.sink.call)
                    fix = own_name(file, file.span(found.sink.row))
                    yield report(self, file, found, fix)
        for called in calls(file, _EXTRACTING):
            if called.scope is function.scope and _leaves_folder(called):
                yield file.diagnostic(self, called.hop, message=_UNPACKED.format(called.label))


def _leaves_folder(called: Called) -> bool:
    """Whether a client's archive is unpacked with whatever paths it holds."""
    return (
        "tarfile.TarFile.extractall" in called.names()
        and not called.has("filter", 4)
        and called.world.flow("path").archives.is_sent(called.row[Call.FUNC][1], called.frame)
    )
