"""A path that names an action, or mixes styles of writing.

## What it does

Looks at the part of the path that a registration writes itself. Reported are segments that begin with a verb for
which HTTP has a method (`/getUsers`, `/create-order`, `/users/{id}/delete`), and paths that mix `camelCase`, `snake_case` and
`kebab-case`.

## Why is this bad?

The method says already what is done, and clients, caches and permissions work by method and resource. Where verbs
stand in paths, every resource has its own words for the same four things, and each has to be looked up.

## How to fix

```python
@router.post("/orders")  # was: POST /create-order
def place_order(order: OrderIn) -> OrderOut: ...


@router.delete("/orders/{order_id}")  # was: POST /orders/{order_id}/delete
def cancel_order(order_id: int) -> None: ...
```

## Not reported

This rule is off by default, for it is a matter of taste, and paths that clients use cannot be changed lightly.

* Actions that are no resource: login, logout, refresh, search, verify, and all verbs but get, fetch, list, create,
  add, insert, update, edit, modify, delete and remove.
* Segments after a colon (`/orders/{id}:cancel`), single words such as `/list`, pages of Django and Flask that are
  no API (paths without `api` in them, for frameworks that also serve pages).

## References

* [Microsoft REST API guidelines: URL structure](https://github.com/microsoft/api-guidelines/blob/vNext/graph/GuidelinesGraph.md)
* [Google AIP-131 to AIP-136: standard and custom methods](https://google.aip.dev/131)
* Compared with: flake8-fastapi-route-case looks at the case of FastAPI paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.project.file import File
from archlint.project.identifiers import word_list
from archlint.project.routes.entry import RouteEntry
from archlint.project.routes.patterns import pattern

_VERBS = frozenset(
    ("get", "fetch", "list", "create", "add", "insert", "update", "edit", "modify", "delete", "remove")
)
_PAGES = frozenset(("django", "flask", "drf"))
_HEAD = "from fastapi import APIRouter, FastAPI\n\n\napp = FastAPI()\n\n\n"


class NonrestPathName(Rule):
    """A verb where a noun belongs."""

    impact = Impact.LOW
    default = False
    message = "Path `{path}` {why}; {instead}"
    answers = ("area C", "dimension 1", "checklist 21")

    invalid = (
        Case(_HEAD + "@app.get('/getUsers')  # ARC112\ndef users(): ...\n", title="a verb in camel case"),
        Case(
            _HEAD + "@app.post('/orders/create-order')  # ARC112\ndef create(): ...\n",
            title="a verb in kebab case",
        ),
        Case(
            _HEAD + "@app.get('/user-groups/{key}/last_login')  # ARC112\ndef last(key: int): ...\n",
            title="two styles in one path",
        ),
        Case(
            "from flask import Blueprint, Flask\n\napp = Flask(__name__)\napi = Blueprint('api', __name__)\n"
            "app.register_blueprint(api, url_prefix='/api')\n\n\n@api.get('/fetch_orders')  # ARC112\ndef orders(): ...\n",
            title="Flask",
        ),
        Case(
            {
                "site/__init__.py": "",
                "site/settings.py": 'ROOT_URLCONF = "site.urls"\n',
                "site/urls.py": "from django.urls import path\nfrom site import views\n\n"
                'urlpatterns = [\n    path("api/delete-user/", views.remove),  # ARC112\n]\n',
                "site/views.py": "def remove(request): ...\n",
            },
            title="Django",
        ),
        Case(
            "from aiohttp import web\n\nroutes = web.RouteTableDef()\n\n\n@routes.post('/updateProfile')  # ARC112\n"
            "async def update(request): ...\n",
            title="aiohttp",
        ),
    )
    valid = (
        Case(
            _HEAD + "@app.get('/users')\ndef users(): ...\n\n\n@app.post('/login')\ndef login(): ...\n\n\n"
            "@app.post('/orders/{key}:cancel')\ndef cancel(key: int): ...\n\n\n@app.post('/token/refresh')\n"
            "def refresh(): ...\n\n\n@app.post('/datasets/get_or_create')\ndef take(): ...\n",
            title="nouns and actions",
        ),
        Case(
            _HEAD + "@app.get('/user-groups/{group_id}/open-orders')\ndef orders(group_id: int): ...\n\n\n"
            "@app.get('/addresses')\ndef addresses(): ...\n\n\n@app.get('/listings/getaways')\ndef away(): ...\n",
            title="one style; parameters are Python names; words that begin alike",
        ),
        Case(
            "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/edit-profile')\ndef edit(): ...\n",
            title="a page",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: object, file: File) -> Iterator[Diagnostic]:
        """Look at the own path of everything registered in a file."""
        if file.role:
            return
        seen = set()
        for entry in file.registrations:
            if entry.place in seen or entry.tail is None:
                continue
            seen.add(entry.place)
            if entry.framework in _PAGES and "api" not in entry.tail.lower().split("/"):
                continue
            found = _fault(entry)
            if found is not None:
                why, instead = found
                yield file.diagnostic(self, entry.place, path=entry.shown, why=why, instead=instead)


def _fault(entry: RouteEntry) -> tuple[str, str] | None:
    """What is wrong with a path, and what to do about it."""
    taken = pattern(entry.tail or "", entry.framework)
    if taken is None:
        return None
    texts = [
        text for segment in taken.segments for text, matches in segment if not matches and ":" not in text
    ]
    for text in texts[-1:]:
        words = word_list(text)
        if len(words) > 1 and words[0] in _VERBS and words[1] != "or":
            return f"says `{words[0]}`, which the method says already", "name the resource"
    styles = {style for style in map(_style, texts) if style}
    if len(styles) > 1:
        return f"mixes {' and '.join(sorted(styles))}", "write all of it alike"
    return None


def _style(text: str) -> str:
    if "." in text:
        return ""
    if "-" in text:
        return "kebab-case" if "_" not in text else ""
    if "_" in text.strip("_"):
        return "snake_case"
    return "camelCase" if re.search(r"[a-z][A-Z]", text) else ""
