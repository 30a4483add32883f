"""Text of a client is sent as HTML.

## What it does

Follows what a client sends (path, query, form, body, WebSocket message) to where it becomes HTML unescaped:
`HTMLResponse`, `HttpResponse`, `make_response()` and `Response` of Flask, a string that a view of Flask
returns, or a route with `response_class=HTMLResponse`, `web.Response(content_type="text/html")`, `self.write()`
of Tornado, and what tells a template not to escape: `mark_safe()`, `Markup()`, and in the templates themselves (Django,
Jinja) `{{ name|safe }}` and `{% autoescape off %}`. The way may lead through f-strings, `format()`, lists and functions in
other files; the related places name the calls. Text that people have typed into a row (`member.name`) counts where the
program puts it between tags itself. Also reports that the template engine of a web application is told
not to escape at all: `Jinja2Templates(…, autoescape=False)`, `aiohttp_jinja2.setup(…, autoescape=False)`,
`app.jinja_env.autoescape = False`.

## Why is this bad?

`<script>` in a link runs in the browser of whoever follows it, as this site: it reads what they read, and
does what they may do.

## How to fix

Render a template that escapes, or escape the value:

```python
response = HTMLResponse(f"<h1>Hello {html.escape(name)}</h1>")
title = format_html("<b>{}</b>", name)
title = Markup("<b>{}</b>").format(name)
```

## Not reported

* Text through `escape()`, `bleach.clean()`, `nh3.clean()`, `format_html()`, templates, or a function whose
  name says that it escapes, cleans or checks.
* Numbers, UUIDs, dates, enumerations, `Literal` and patterns; values that a condition looks at before.
* Responses whose content type is another: by keyword, by a tuple with headers, or set on the response
  afterwards; JSON; `Response` of Starlette without `media_type="text/html"`.
* Headers and cookies, which another site cannot set; whole stored pages (`mark_safe(note.html)`), which may have been
  cleaned when they were saved, and columns that are no text people type.
* Templates that show attributes, rows or what other templates bind as they are; those that lie neither in `templates` nor
  in `jinja2` beside the module or above it. Engines of one's own (`jinja2.Environment`),
  which often make mail, prompts or code: S701 of ruff reports all of them.

Compared with S308 and S704 of ruff, which report every `mark_safe()` and `Markup()` of a text that is put
together: this rule needs a client, and also looks at responses. On three published backends these have 77 alarms,
this rule none: translations, markup from code, settings and escaped values. bandit's B704 has 7 on four backends, all of
numbers, values that are escaped the line before, and HTML that has been cleaned. On 16 backends this
rule had one, a page whose title, image and script are made of the query.

## References

- [OWASP: cross-site scripting](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
- [CWE-79](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, FunctionEvent, ModuleEvent, Rule, on
from archlint.knowledge import injection as known
from archlint.knowledge.settings import FLASK_APPLICATIONS
from archlint.knowledge.templates import RENDERERS
from archlint.model.summary import Bind, Call, Expr, Scope, Store
from archlint.project.called import calls
from archlint.project.evaluation.frames import called_word
from archlint.project.remedies.untrusted import escaped
from archlint.project.taint.conditions import subject_of
from archlint.project.taint.pieces import pieces_of
from archlint.project.taint.sinks import Sink, arrival, arrivals, label_of, related, report
from archlint.project.taint.stored import typed_text
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File
    from archlint.project.function import Function

_ENGINES_WORDS = frozenset(name.rpartition(".")[2] for name in known.PAGE_ENGINES)
_RENDERS = frozenset(name.rpartition(".")[2] for name in RENDERERS)
_SHOWN = "`{}` is shown by `{}` as it is; let the template escape it"
_UNESCAPED = "Templates of `{}` do not escape what they show; leave `autoescape` on, and mark what is HTML"
#: The parts of a request that a link, or a form of another site, can set.
_PARTS = frozenset(("query", "path", "form", "body", "message"))

_PAGES = """\
from fastapi import FastAPI, Form, Response
from fastapi.responses import HTMLResponse

app = FastAPI()


@app.get("/hello/{name}")
def hello(name: str):
    return HTMLResponse(f"<h1>Hello {name}</h1>")  # ARC323


@app.post("/comment")
def comment(text: str = Form()):
    parts = ["<ul>"]
    parts.append("<li>" + text + "</li>")
    return HTMLResponse(content="".join(parts))  # ARC323


@app.get("/page")
def page(title: str):
    return Response("<title>%s</title>" % title, media_type="text/html")  # ARC323
"""


class Xss(Rule):
    """Text of a client is sent as HTML."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "`{source}` is sent as HTML by `{sink}()`; escape it, or render a template that does"
    answers = ("area D", "checklist 38")
    mentions = (
        "HTML", "HttpResponse", "make_response", "mark_safe", "Markup", "Response", "html",
        "SafeString", "route", "autoescape", "SafeText", "tornado", "Jinja2Templates",
        "aiohttp_jinja2", "render", "TemplateResponse",
    )  # fmt: skip

    invalid = (
        Case(
            {
                "shop/views.py": """\
from django.shortcuts import render


def search(request):
    query = request.GET.get("q", "")
    return render(request, "shop/search.html", {"query": query, "title": "Search"})  # ARC323


def message(request):
    context = {}
    context["text"] = request.POST["text"]
    return render(request, "shop/message.html", context)  # ARC323
""",
                "shop/templates/shop/search.html": (
                    "<h1>{{ title|safe }}</h1>\n{% if query %}{{ query|default:'-'|safe }}{% endif %}\n"
                ),
                "shop/templates/shop/message.html": "{% include 'shop/_text.html' with body=text %}\n",
                "shop/templates/shop/_text.html": "{% autoescape off %}{{ body }}{% endautoescape %}\n",
                "app.py": """\
from flask import Flask, render_template, request

app = Flask(__name__)


@app.get("/hello")
def hello():
    return render_template("hello.html", name=request.args["name"])  # ARC323
""",
                "templates/hello.html": "Hello {{ name | safe }}\n",
            },
            title="templates of Django and Jinja that show a value as it is",
        ),
        Case(
            _PAGES,
            title="FastAPI",
            fixed=_PAGES.replace("from fastapi", "import html\n\nfrom fastapi", 1)
            .replace("{name}<", "{html.escape(name)}<")
            .replace("% title", "% html.escape(title)"),
        ),
        Case(
            {
                "views.py": """\
from flask import Flask, Response, make_response, request
from markupsafe import Markup

from page import render

app = Flask(__name__)


@app.route("/hello")
def hello():
    name = request.args.get("name", "world")
    return f"<h1>Hello {name}!</h1>"  # ARC323


@app.route("/search")
def search():
    return make_response("<p>No result for " + request.args["q"] + "</p>")  # ARC323


@app.route("/raw")
def raw():
    return Response(request.args["text"])  # ARC323


@app.route("/note/<text>")
def note(text):
    return render(text)


@app.route("/bold")
def bold():
    return {"html": Markup("<b>%s</b>" % request.values["text"])}  # ARC323
""",
                "page.py": """\
from wrap import wrapped


def render(text):
    return wrapped(f"<p>{text}</p>")
""",
                "wrap.py": """\
from flask import make_response


def wrapped(content):
    return make_response(f"<html>{content}</html>", 200)  # ARC323
""",
            },
            title="Flask; two functions further, in other files",
        ),
        Case(
            """\
from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.views import View
from rest_framework.views import APIView


def hello(request):
    return HttpResponse("<h1>Hello " + request.GET["name"] + "</h1>")  # ARC323


class Comment(View):
    def post(self, request):
        html = mark_safe("<p>{}</p>".format(request.POST["text"]))  # ARC323
        return self.render(html)


class Preview(APIView):
    def post(self, request):
        return HttpResponse(request.data["html"])  # ARC323
""",
            title="Django and Django REST framework",
            fixed="""\
from django.http import HttpResponse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views import View
from rest_framework.views import APIView


def hello(request):
    return HttpResponse("<h1>Hello " + escape(request.GET["name"]) + "</h1>")  # ARC323


class Comment(View):
    def post(self, request):
        html = mark_safe("<p>{}</p>".format(request.POST["text"]))  # ARC323
        return self.render(html)


class Preview(APIView):
    def post(self, request):
        return HttpResponse(request.data["html"])  # ARC323
""",
        ),
        Case(
            """\
import tornado.web
from aiohttp import web
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route


async def hello(request: web.Request):
    name = request.match_info["name"]
    return web.Response(text=f"<h1>{name}</h1>", content_type="text/html")  # ARC323


app = web.Application()
app.router.add_get("/{name}", hello)


async def page(request):
    return HTMLResponse("<title>{}</title>".format(request.query_params["title"]))  # ARC323


starlette = Starlette(routes=[Route("/", page)])


class Hello(tornado.web.RequestHandler):
    def get(self):
        self.write("<h1>" + self.get_argument("name") + "</h1>")  # ARC323
""",
            title="aiohttp, Starlette, Tornado",
        ),
        Case(
            {
                "app.py": """\
import aiohttp_jinja2
from aiohttp import web
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

app = FastAPI()
templates = Jinja2Templates(directory="templates", autoescape=False)  # ARC323


@app.get("/search", response_class=HTMLResponse)
def search(q: str):
    return f"<h1>Results for {q}</h1>"  # ARC323


def make():
    made = web.Application()
    aiohttp_jinja2.setup(made, autoescape=False)  # ARC323
    return made
""",
                "shop.py": """\
from flask import Flask

app = Flask(__name__)
app.jinja_env.autoescape = False  # ARC323
""",
            },
            title="a route that declares HTML; engines that do not escape",
        ),
        Case(
            {
                "members/models.py": """\
from django.db import models


class Member(models.Model):
    name = models.CharField(max_length=120)
    slug = models.SlugField()
    level = models.CharField(max_length=8, choices=[("a", "A"), ("b", "B")])
    about_html = models.TextField()
""",
                "members/admin.py": """\
from django.contrib import admin
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from members.models import Member


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ["card", "link", "row", "safe", "page", "grade"]

    def card(self, obj):
        return mark_safe(f"<p>{obj.name}</p>")  # ARC323

    def link(self, obj):
        return format_html("<a href='/%s/'>%s</a>" % (obj.slug, obj.name))  # ARC323

    def row(self, obj):
        title = obj.name
        return mark_safe("<td>{}</td>".format(title))  # ARC323

    def safe(self, obj):
        return format_html("<b>{}</b>", obj.name) + mark_safe("<i>" + escape(obj.name) + "</i>")

    def page(self, obj):
        return mark_safe(obj.about_html)

    def grade(self, obj):
        return mark_safe(f"<a href='/{obj.slug}/'>{obj.level}</a>")
""",
            },
            title="names from rows between the tags of the program",
        ),
        Case(
            """\
from flask import Flask, make_response
from flask_sqlalchemy import SQLAlchemy
from markupsafe import escape

app = Flask(__name__)
db = SQLAlchemy(app)


class Ticket(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    subject = db.Column(db.String(200))


@app.route("/tickets/<int:ticket_id>")
def ticket(ticket_id):
    row = db.session.get(Ticket, ticket_id)
    return make_response("<h1>" + row.subject + "</h1>")  # ARC323


@app.route("/tickets/<int:ticket_id>/plain")
def plain(ticket_id):
    row = db.session.get(Ticket, ticket_id)
    return make_response("<h1>" + str(escape(row.subject)) + "</h1>")
""",
            title="a title from a row of SQLAlchemy",
        ),
    )
    valid = (
        Case(
            {
                "app.py": """\
from flask import Flask, render_template, request

app = Flask(__name__)


@app.get("/hello/<int:number>")
def hello(number):
    query = request.args.get("q", "")
    return render_template("hello.html", query=query, number=number, page=load("hello"))


def load(name):
    return open(f"pages/{name}.html").read()
""",
                "templates/hello.html": """\
{{ query }} {{ number|safe }} {{ page|safe }} {{ query|escape|safe }} {{ query|markdown|safe }}
{% for query in page %}{{ query|safe }}{% endfor %}{# {{ query|safe }} #}
{% autoescape true %}{{ query }}{% endautoescape %}{{ query.text|safe }} {{ "query|safe" }}
""",
            },
            title="templates that escape, that show numbers and texts of the program as they are",
        ),
        Case(
            """\
import html
import json

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from fastapi.templating import Jinja2Templates
from markupsafe import Markup, escape

app = FastAPI()
templates = Jinja2Templates("templates")


@app.get("/hello/{name}")
def hello(name: str, number: int, kind: str, request: Request):
    if number == 1:
        return HTMLResponse(f"<h1>{html.escape(name)} {number}</h1>")
    if number == 2:
        return PlainTextResponse(f"<h1>{name}</h1>")
    if number == 3:
        return Response(name)
    if number == 4:
        return JSONResponse({"name": name})
    if number == 5:
        return HTMLResponse(Markup("<b>{}</b>").format(escape(name)))
    if kind not in ("a", "b"):
        kind = "a"
    if number == 6:
        return HTMLResponse("<p>" + kind + "</p>")
    return templates.TemplateResponse(request, "hello.html", {"name": name})
""",
            title="escaped, plain, JSON, templates",
        ),
        Case(
            """\
from flask import Flask, Response, jsonify, make_response, render_template, request
from markupsafe import Markup, escape

app = Flask(__name__)


@app.route("/a")
def a():
    return f"<h1>{escape(request.args['name'])}</h1>"


@app.route("/b")
def b():
    return request.get_json()


@app.route("/c")
def c():
    return jsonify(name=request.args["name"])


@app.route("/d")
def d():
    return Response(request.args["text"], mimetype="text/plain")


@app.route("/e")
def e():
    response = make_response(request.args["text"])
    response.headers["Content-Type"] = "text/plain"
    return response


@app.route("/f")
def f():
    return request.args["text"], 200, {"Content-Type": "text/plain"}


@app.route("/g")
def g():
    return render_template("g.html", name=Markup("<b>%s</b>") % request.args["name"])


@app.route("/h/<int:number>")
def h(number):
    return f"<p>{number}</p>"
""",
            title="Flask: escaped, JSON, other content types",
        ),
        Case(
            """\
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from models import Page


def show(request, slug):
    page = Page.objects.get(slug=request.GET["slug"])
    if request.GET.get("raw"):
        return HttpResponse(request.GET["raw"], content_type="text/plain")
    if request.GET.get("json"):
        return JsonResponse({"q": request.GET["q"]})
    title = mark_safe("<b>" + escape(request.GET["title"]) + "</b>")
    other = format_html("<b>{}</b>", request.GET["other"])
    return render(request, "page.html", {"title": title, "other": other, "body": mark_safe(page.body)})
""",
            title="Django's own ways",
        ),
        Case(
            """\
import jinja2
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.templating import Jinja2Templates

app = FastAPI()
templates = Jinja2Templates(directory="templates")
mail = jinja2.Environment(autoescape=False)


@app.get("/search", response_class=JSONResponse)
def search(q: str):
    return f"<h1>Results for {q}</h1>"
""",
            title="a route that declares JSON; an engine for mail",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function sends as HTML, or says to be safe."""
        if file.role in ("test", "migration", "script"):
            return
        flow = file.world.flow("html")
        reported = set()
        for table in (known.HTML, known.UNTYPED_RESPONSES):
            for found in arrivals(function, file.world.sinks(table), flow, _PARTS):
                if _is_html(found.sink, function.scope, stated=table is known.UNTYPED_RESPONSES):
                    reported.add(found.sink.call)
                    fix = escaped(file, file.span(found.sink.row), found.source)
                    yield report(self, file, found, fix)
        yield from self._returned(function, file)
        yield from self._stored(function, file, reported)
        yield from self._rendered(function, file)

    def _rendered(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report values that a template is told to show as they are."""
        if _RENDERS.isdisjoint(function.called_words):
            return
        frame = function.frame
        for index, row in enumerate(function.scope.calls):
            if called_word(row[Call.FUNC], frame) not in _RENDERS:
                continue
            for value, (path, line) in file.world.serializers.templates.unescaped(index, frame):
                sink = Sink(index, row, "", value, "")
                found = arrival(sink, value, frame, file.world.flow("html"), _PARTS)
                if found is not None:
                    place = file.line_location(line, path)
                    yield file.diagnostic(
                        self,
                        file.span(row),
                        related=(*related(found.source.hops, file), Related(place, "shown as it is")),
                        message=_SHOWN.format(label_of(found.source), path.rpartition("/")[2]),
                    )
                    break

    def _stored(self, function: Function, file: File, reported: set[int]) -> Iterator[Diagnostic]:
        """Report columns that people type into, between tags."""
        sinks = file.world.sinks(known.HTML)
        if sinks.words.isdisjoint(function.called_words):
            return
        for sink in sinks.of(function.frame):
            if sink.call in reported or not _is_html(sink, function.scope, stated=False):
                continue
            column = typed_text(sink, function.frame, file.world)
            if column:
                yield file.diagnostic(
                    self, file.span(sink.row), source=column, sink=sink.name.rpartition(".")[2]
                )

    @on(ModuleEvent)
    def check_templates(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report engines for pages that are told not to escape."""
        if file.role in ("test", "migration", "script"):
            return
        for called in calls(file, _ENGINES_WORDS):
            escapes = called.value("autoescape")
            if (
                escapes is not None
                and escapes.value is False
                and not known.PAGE_ENGINES.isdisjoint(called.names())
            ):
                yield file.diagnostic(self, called.hop, message=_UNESCAPED.format(called.label))
        for scope in file.summary.scopes:
            for row in scope.stores:
                owner = row[Store.VALUE]
                if (
                    row[Store.ATTR] == "autoescape"
                    and row[Store.EXPR] == ["k", False]
                    and _is_flask(owner, scope, file)
                ):
                    place = file.place(
                        row[Store.LINE], row[Store.COLUMN], row[Store.END_LINE], row[Store.END_COLUMN]
                    )
                    yield file.diagnostic(self, place, message=_UNESCAPED.format("jinja_env"))

    def _returned(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report a string that the framework sends as HTML: of a view of Flask, of a route that declares it."""
        scope, frame = function.scope, function.frame
        route = file.world.frameworks.routes.decorated.route(file.name, scope)
        if route is None or not (route.framework in ("flask", "quart") or _answers_html(function)):
            return
        flow = file.world.flow("html")
        for expr, block, order, line in scope.returns:
            value = expr
            if expr is not None and expr[0] == "t":
                if len(expr[1]) > 2 or (len(expr[1]) == 2 and _is_headers(expr[1][1])):
                    continue
                value = expr[1][0] if expr[1] else None
            if value is None or not _is_text(value, frame, block, order, file):
                continue
            sources = [s for s in flow.sources(value, frame, block, order - 1) if s.origin.part in _PARTS]
            node = next((n for n in file.index.nodes(ast.Return) if n.lineno == line), None)
            if sources and node is not None:
                first = min(sources, key=lambda s: (len(s.hops), s.origin))
                yield file.diagnostic(
                    self,
                    node,
                    related=related(first.hops, file),
                    fix=escaped(file, file.locate(node), first),
                    source=label_of(first),
                    sink=function.name,
                )


def _is_flask(owner: Expr, scope: Scope, file: File) -> bool:
    """``app.jinja_env`` of a Flask application."""
    if owner is None or owner[0] != "a" or owner[2] != "jinja_env":
        return False
    frame = file.world.evaluator.frame(file.name, scope.index)
    kinds = members(file.world.evaluator.eval(owner[1], frame, 0, 1 << 60))
    return any(m.name in FLASK_APPLICATIONS for m in kinds)


def _answers_html(function: Function) -> bool:
    """``@app.get("/", response_class=HTMLResponse)``."""
    outer, renamed = function.file.summary.scopes[function.scope.parent], function.file.renamed
    for decorator in function.scope.decorators:
        if decorator is not None and decorator[0] == "c":
            given = dict(outer.calls[decorator[1]][Call.KEYWORDS]).get("response_class")
            word = last_word(given)
            if renamed.get(word, word) == "HTMLResponse":
                return True
    return False


def _is_headers(expr: Expr) -> bool:
    return expr is not None and expr[0] in ("d", "n")


def _is_text(value: Expr, frame: Frame, block: int, order: int, file: File) -> bool:
    """Whether a view returns text, as far as that can be told, and not what becomes JSON."""
    kinds = members(file.world.evaluator.eval(value, frame, block, order))
    if any(m.kind == "inst" and m.name == "str" for m in kinds):
        return True
    return any(p.text for p in pieces_of(value, frame, block, order))


def _is_html(sink: Sink, scope: Scope, *, stated: bool) -> bool:
    """Whether a response is HTML, by its content type; with ``stated`` only if that says so."""
    row = sink.row
    if sink.name.rpartition(".")[2] == "make_response":
        if (sink.value[0] == "t" and len(sink.value[1]) > 1) or len(row[Call.ARGS]) > 2:
            return False
        if sink.value[0] not in ("j", "b", "n", "s", "c", "k"):
            return False
    types = [v for k, v in row[Call.KEYWORDS] if k in known.CONTENT_TYPES]
    if any(k in (None, "headers") for k, _ in row[Call.KEYWORDS]) and not types:
        return False
    if types and not all(_says_html(t) for t in types):
        return False
    if stated and not types:
        return False
    return not _is_retyped(sink, scope)


def _says_html(expr: Expr) -> bool:
    return expr is not None and expr[0] == "k" and "html" in str(expr[1])


def _is_retyped(sink: Sink, scope: Scope) -> bool:
    """Whether a response gets another content type after it was made."""
    names = {
        name
        for name, rows in scope.binds.items()
        for row in rows
        if row[Bind.EXPR] is not None and row[Bind.EXPR][-1] == sink.call and row[Bind.EXPR][0] == "c"
    }
    return any(
        row[Store.ATTR] in ("mimetype", "content_type", "[Content-Type]", "[content-type]")
        and subject_of(row[Store.VALUE], scope)[:1] in {(n,) for n in names}
        for row in scope.stores
    )
