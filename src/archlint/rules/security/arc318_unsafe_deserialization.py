"""Data of a stranger is made into objects of any class.

## What it does

Follows data from outside to what makes objects of any class from it: `pickle`, `dill`, `cloudpickle`,
`shelve`, `marshal`, `jsonpickle`, `joblib`, `torch.load()`, `pandas.read_pickle()`, and PyYAML without a
safe loader. Outside is whatever a client sends (body, form, query, header, cookie, uploaded file,
WebSocket message of FastAPI, Starlette, Flask, Django, Django REST framework, aiohttp and Tornado) and what other
machines answer (requests, httpx, aiohttp, urllib, sockets). The way may lead through `base64`, `zlib`,
`io.BytesIO` and functions in other files; the related places name the calls.

It also reports a Celery application, or settings for one, that accept `pickle`: whoever can write to the
broker runs code in every worker.

## Why is this bad?

A pickle is a program: loading it runs what it says, before any check of the result. PyYAML's full loaders
make objects of the classes that the text names.

## How to fix

Send values, not objects: JSON, checked by a model; `yaml.safe_load()`; `safetensors` or
`torch.load(…, weights_only=True)` for weights. Where pickles have to travel between your own programs,
sign them (`hmac`, `itsdangerous`) and check the signature before loading.

## Not reported

* Pickles from the program's own files, caches and database.
* Data whose signature is checked before: any condition that looks at it counts, as well as functions named
  `verify…`, `check…`, `loads` of `itsdangerous` and `signing`.
* `yaml.safe_load()`, `SafeLoader`, `CSafeLoader`, `BaseLoader`, loaders that the project defines;
  `torch.load(weights_only=True)`; `numpy.load()` without `allow_pickle=True`.
* Tests, scripts and migrations.

Compared with S301, S302 and S506 of ruff, which report every call: this rule needs a way from outside, and
then follows it. On six published backends they have 4 alarms outside tests and scripts, this rule none: all
four load files or caches of the program itself. bandit's B301 and B506 have 3 alarms on four backends, of the same
kind: values of its own store, entries of its own cache, examples that it ships.

## References

- [OWASP: deserialization](https://cheatsheetseries.owasp.org/cheatsheets/Deserialization_Cheat_Sheet.html)
- [CWE-502](https://cwe.mitre.org/data/definitions/502.html)
- [Celery: security of serializers](https://docs.celeryq.dev/en/stable/userguide/security.html#serializers)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge import injection as known
from archlint.model.summary import Call
from archlint.project.evaluation.frames import Frame, called_word
from archlint.project.remedies.untrusted import plain_values
from archlint.project.taint.sinks import arrivals, report

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function

#: The parts of a request that an attacker can choose for somebody else, or for the program.
_PARTS = frozenset(("query", "path", "form", "body", "header", "cookie", "upload", "message", "network"))

_LOADS = """\
import base64
import io
import pickle

import joblib
import yaml
from fastapi import Cookie, FastAPI, Request, UploadFile, WebSocket

app = FastAPI()


@app.post("/load")
async def load(request: Request, file: UploadFile, state: str = Cookie("")):
    first = pickle.loads(await request.body())  # ARC318
    second = pickle.loads(base64.b64decode(state))  # ARC318
    third = yaml.load(await file.read(), Loader=yaml.Loader)  # ARC318
    model = joblib.load(file.file)  # ARC318
    fourth = pickle.load(io.BytesIO(await file.read()))  # ARC318
    return [first, second, third, fourth, model]


@app.websocket("/state")
async def state(socket: WebSocket):
    while True:
        data = await socket.receive_bytes()
        pickle.loads(data)  # ARC318
"""


class UnsafeDeserialization(Rule):
    """Data of a stranger is made into objects of any class."""

    impact = Impact.HIGH
    fixes = ("safe",)
    message = (
        "`{source}` is deserialised by `{sink}()`, which runs what the data says; use JSON, or a safe loader"
    )
    answers = ("area D", "checklist 44")
    mentions = (
        "pickle", "yaml", "marshal", "dill", "joblib", "torch", "numpy", "shelve", "celery",
        "CELERY", "accept_content", "Pickle",
    )  # fmt: skip

    invalid = (
        Case(
            _LOADS,
            title="FastAPI: body, cookie, upload, WebSocket",
            fixed=_LOADS.replace(
                "yaml.load(await file.read(), Loader=yaml.Loader)", "yaml.safe_load(await file.read())"
            ),
        ),
        Case(
            {
                "views.py": """\
from flask import Flask, request

from service import restore

app = Flask(__name__)


@app.post("/restore")
def restore_state():
    return restore(request.get_data())
""",
                "service.py": """\
import zlib

from codec import decode


def restore(data):
    return decode(zlib.decompress(data))
""",
                "codec.py": """\
import jsonpickle


def decode(text):
    return jsonpickle.decode(text)  # ARC318
""",
            },
            title="Flask; two functions further, in other files",
        ),
        Case(
            """\
import pickle

import yaml
from django.http import HttpResponse
from rest_framework.views import APIView


def restore(request):
    cart = pickle.loads(request.COOKIES["cart"].encode())  # ARC318
    return HttpResponse(str(cart))


class Config(APIView):
    def post(self, request):
        return HttpResponse(str(yaml.load(request.FILES["config"].read(), yaml.UnsafeLoader)))  # ARC318
""",
            title="Django and Django REST framework",
        ),
        Case(
            """\
import marshal
import pickle

import requests
from aiohttp import web


async def restore(request: web.Request):
    return web.json_response(marshal.loads(await request.read()))  # ARC318


app = web.Application()
app.router.add_post("/restore", restore)


def download(address):
    return pickle.loads(requests.get(address, timeout=5).content)  # ARC318
""",
            title="aiohttp; the answer of another machine",
        ),
        Case(
            {
                "settings.py": """\
CELERY_ACCEPT_CONTENT = ["json", "pickle"]  # ARC318
CELERY_TASK_SERIALIZER = "json"
""",
                "worker.py": """\
from celery import Celery

app = Celery("worker")
app.conf.update(  # ARC318
    accept_content=["pickle"],
    task_serializer="pickle",
)
""",
            },
            title="Celery",
        ),
        Case(
            """\
import pickle

import zmq
from aiokafka import AIOKafkaConsumer
from confluent_kafka import Consumer
from kafka import KafkaConsumer


def serve():
    socket = zmq.Context().socket(zmq.REP)
    while True:
        pickle.loads(socket.recv())()  # ARC318


def consume():
    for record in KafkaConsumer("jobs"):
        pickle.loads(record.value)()  # ARC318


def poll(consumer: Consumer):
    message = consumer.poll(1.0)
    return pickle.loads(message.value())  # ARC318


async def follow(consumer: AIOKafkaConsumer):
    async for record in consumer:
        pickle.loads(record.value)()  # ARC318
""",
            title="messages of a queue",
        ),
        Case(
            {
                "bundles.py": """\
import io
import pickle
import tarfile
import zipfile

import yaml


def devices(upload):
    with zipfile.ZipFile(upload) as bundle:
        manifest = yaml.load(bundle.read("manifest.yml"), Loader=yaml.Loader)  # ARC318
        states = []
        for name in manifest["devices"]:
            with bundle.open(f"{name}.state") as handle:
                states.append(pickle.load(handle))  # ARC318
    return states


def snapshot(raw):
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        return pickle.loads(tar.extractfile("snapshot.pkl").read())  # ARC318


def shipped(path="models.zip"):
    with zipfile.ZipFile(path) as bundle:
        return pickle.loads(bundle.read("model.pkl"))
""",
                "views.py": """\
from django.http import JsonResponse

from bundles import devices, shipped, snapshot


def import_devices(request):
    return JsonResponse({"devices": len(devices(request.FILES["bundle"])), "model": shipped().name})


def import_snapshot(request):
    return JsonResponse({"keys": sorted(snapshot(request.FILES["snapshot"].read()))})
""",
                "urls.py": """\
from django.urls import path

import views

urlpatterns = [path("devices/", views.import_devices), path("snapshot/", views.import_snapshot)]
""",
            },
            title="files in an archive that was uploaded",
        ),
    )
    valid = (
        Case(
            """\
import hashlib
import hmac
import json
import pickle

import yaml
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


class PlainLoader(yaml.SafeLoader):
    pass


@app.post("/load")
async def load(request: Request):
    body = await request.body()
    first = yaml.safe_load(body)
    second = [yaml.load(body, Loader=yaml.SafeLoader), yaml.load(body, Loader=PlainLoader)]
    third = json.loads(body)
    expected = hmac.new(b"key", body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers["signature"]):
        raise HTTPException(400)
    if expected != hashlib.sha256(body).hexdigest():
        raise HTTPException(400)
    return [first, second, third, pickle.loads(body)]
""",
            title="safe loaders, signatures",
        ),
        Case(
            """\
import pickle
from pathlib import Path

import redis

CACHE = Path("cache.pickle")


def load():
    return pickle.loads(CACHE.read_bytes())


def cached(key):
    value = redis.Redis().get(key)
    return pickle.loads(value) if value else None


def read(path):
    with open(path, "rb") as source:
        return pickle.load(source)
""",
            title="files and caches of its own",
        ),
        Case(
            """\
import numpy
from celery import Celery
from flask import Flask, request

app = Flask(__name__)
worker = Celery("worker")
worker.conf.update(accept_content=["json"], task_serializer="json")
CELERY_ACCEPT_CONTENT = ["json"]


@app.post("/array")
def array():
    return str(numpy.load(request.files["file"].stream).shape)
""",
            title="plain arrays, JSON in queues",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function makes of data from outside."""
        if file.role in ("test", "migration", "script"):
            return
        world = file.world
        for found in arrivals(function, file.world.sinks(known.DATA), world.flow("data"), _PARTS):
            if not _is_safe(found.sink.name, found.sink.row, function.frame):
                place = file.span(found.sink.row)
                yield report(self, file, found, plain_values(file, place, found.sink.name))

    @on(ast.Assign)
    def check_setting(self, node: ast.Assign, file: File) -> Iterator[Diagnostic]:
        """Report settings for Celery that accept pickles."""
        target = node.targets[0]
        is_setting = isinstance(target, ast.Name) and target.id in (
            "CELERY_ACCEPT_CONTENT",
            "CELERY_RESULT_ACCEPT_CONTENT",
        )
        is_attribute = (
            isinstance(target, ast.Attribute)
            and target.attr == "accept_content"
            and ast.unparse(target).endswith(".conf.accept_content")
        )
        if file.role == "test" or not (is_setting or is_attribute) or not _accepts_pickle(node.value):
            return
        yield file.diagnostic(self, node, message=_CELERY)

    @on(ast.Call)
    def check_update(self, node: ast.Call, file: File) -> Iterator[Diagnostic]:
        """Report Celery applications that are told to accept pickles."""
        if file.role == "test" or not isinstance(node.func, ast.Attribute) or node.func.attr != "update":
            return
        owner = node.func.value
        if not isinstance(owner, ast.Attribute) or owner.attr != "conf" or not file.mentions(("celery",)):
            return
        if any(k.arg == "accept_content" and _accepts_pickle(k.value) for k in node.keywords):
            yield file.diagnostic(self, node, message=_CELERY)


_CELERY = "Celery accepts pickles, which run code in the worker; accept JSON alone"


def _accepts_pickle(node: ast.expr) -> bool:
    return isinstance(node, ast.List | ast.Tuple | ast.Set) and any(
        isinstance(e, ast.Constant) and e.value in ("pickle", "application/x-python-serialize")
        for e in node.elts
    )


def _is_safe(name: str, row: list[Any], frame: Frame) -> bool:
    """Whether the call is told to make plain values only."""
    given = {k: v for k, v in row[Call.KEYWORDS] if k is not None}
    if name in ("yaml.load", "yaml.load_all"):
        loader = given.get("Loader", row[Call.ARGS][1] if len(row[Call.ARGS]) > 1 else None)
        # A loader of the project is taken for a safe one: what it derives from is often chosen at run time.
        return loader is not None and called_word(loader, frame) not in known.UNSAFE_LOADERS
    if name == "torch.load":
        return given.get("weights_only") == ["k", True]
    if name == "numpy.load":
        return given.get("allow_pickle") != ["k", True]
    return False
