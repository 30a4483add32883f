"""A handler that wants a JSON body and a form in one request.

## What it does

Applies FastAPI's rules to the signature of a handler and of all it depends on, across files. Reports handlers that
read a model (or a dictionary) from a JSON body and, beside it, a file or a form field. A model declared with `Form()`
that has another parameter of the form beside it is reported as well.

## Why is this bad?

A request has one body with one content type. As soon as one parameter is a `Form` or `File`, FastAPI reads the
whole body as a form; the model then arrives as text, and every request is answered with 422. `Form()` takes a model
apart into form fields only where the model is the single parameter; beside a file FastAPI looks for one field with the
name of the parameter. Both are seen when the first client tries.

## How to fix

Make everything that the form holds fields of one model, the file among them, or send the file in a request of its own:

```python
class DocumentIn(BaseModel):
    title: str
    file: UploadFile


@router.post("/documents")
async def upload(document: Annotated[DocumentIn, Form(media_type="multipart/form-data")]) -> DocumentOut: ...
```

## Not reported

* Scalars marked `Body()`: FastAPI takes them from the form. A model with `Form()` alone.
* Models that read text themselves: `Json` parameters, a validator that runs before, `__get_validators__`.
* Models given with `Depends()`: their fields come from the query string.
* Types that are not known.

## References

* [FastAPI: request forms and files](https://fastapi.tiangolo.com/tutorial/request-forms-and-files/)
* [FastAPI: form models](https://fastapi.tiangolo.com/tutorial/request-form-models/)
* Compared with: Sonar S8389 looks at the signature of one handler; this rule follows aliases and dependencies.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.types import Type, is_project, members

_EARLY = frozenset(("pydantic.model_validator", "pydantic.root_validator", "pydantic.v1.root_validator"))
_HEAD = (
    "from typing import Annotated\nfrom fastapi import Body, Depends, FastAPI, File, Form, UploadFile\n"
    "from pydantic import BaseModel, model_validator\n\n\nclass Meta(BaseModel):\n    name: str\n\n\napp = FastAPI()\n\n\n"
)


class JsonBodyWithUpload(Rule):
    """Two bodies."""

    impact = Impact.HIGH
    message = (
        "`{handler}` reads the model `{model}` and, from a form, `{field}`, which no request can carry; "
        "make them fields of one model that is declared with `Form()`"
    )
    answers = ("area C", "area D", "dimension 1", "checklist 28")

    invalid = (
        Case(
            _HEAD + "@app.post('/x')\nasync def add(meta: Meta, file: UploadFile): ...  # ARC121\n",
            title="upload",
        ),
        Case(
            _HEAD
            + "@app.post('/x')\ndef add(meta: Annotated[Meta, Body()], data: bytes = File()): ...  # ARC121\n",
            title="marked",
        ),
        Case(
            {
                "main.py": "from fastapi import FastAPI\nfrom models import Meta\nfrom deps import Upload\n\napp = FastAPI()\n\n\n"
                "@app.post('/x')\ndef add(meta: Meta, upload: Upload): ...  # ARC121\n",
                "deps.py": "from typing import Annotated\nfrom fastapi import Depends, UploadFile\n\n\n"
                "def checked(file: UploadFile): ...\n\n\nUpload = Annotated[UploadFile, Depends(checked)]\n",
                "models.py": "from pydantic import BaseModel\n\n\nclass Base(BaseModel):\n    pass\n\n\n"
                "class Meta(Base):\n    name: str\n",
            },
            title="the file comes from a dependency of another module",
        ),
        Case(
            _HEAD + "@app.put('/x')\ndef put(values: dict, title: str = Form()): ...  # ARC121\n",
            title="a dictionary and a form field",
        ),
        Case(
            _HEAD
            + "@app.post('/x')\ndef a(meta: Annotated[Meta, Form()], file: UploadFile): ...  # ARC121\n",
            title="a form model that is not alone",
        ),
    )
    valid = (
        Case(
            _HEAD + "class Upload(Meta):\n    file: UploadFile\n\n\n"
            "@app.post('/x')\ndef a(upload: Annotated[Upload, Form()]): ...\n",
            title="a form model with the file in it",
        ),
        Case(
            _HEAD + "@app.post('/x')\ndef a(file: UploadFile, meta: Meta = Depends()): ...\n",
            title="from the query string",
        ),
        Case(
            _HEAD
            + "class Text(BaseModel):\n    name: str\n\n    @model_validator(mode='before')\n    @classmethod\n"
            "    def parse(cls, value): ...\n\n\n@app.post('/x')\ndef a(file: UploadFile, meta: Text = Body()): ...\n",
            title="a model that reads text",
        ),
        Case(
            _HEAD
            + "@app.post('/x')\ndef a(file: UploadFile, name: Annotated[str, Body()], count: int = Form()): ...\n",
            title="scalars",
        ),
        Case(_HEAD + "@app.post('/x')\ndef a(one: Meta, two: Meta): ...\n", title="JSON alone"),
        Case(
            "from ninja import File, NinjaAPI, Schema\nfrom ninja.files import UploadedFile\n\napi = NinjaAPI()\n\n\n"
            "class Meta(Schema):\n    name: str\n\n\n"
            "@api.post('/x')\ndef a(request, meta: Meta, file: UploadedFile = File(...)): ...\n",
            title="django-ninja reads models from the fields of a form",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Look for a model, and for a form beside it, among what a handler reads."""
        entries = file.world.route_table.of(file.name, function.scope)
        if file.role or not entries or entries[0].framework == "django-ninja":
            return  # django-ninja reads JSON from the fields of a form
        bodies = entries[0].bodies
        for model in (b for b in bodies if b.kind in ("json", "form") and _is_object(b.type, file)):
            form = next((b for b in bodies if b.kind in ("form", "file") and b.name != model.name), None)
            if form is not None:
                yield file.diagnostic(
                    self, function, handler=function.name, model=model.name, field=form.name
                )
                return


def _is_object(declared: Type | None, file: File) -> bool:
    """Whether a type can only be read from JSON: a model that does not take text, or a dictionary."""
    kinds = members(declared)
    return bool(kinds) and all(
        m.name == "dict" or (file.world.route_table.facts.is_model(m) and not _reads_text(m, file))
        for m in kinds
    )


def _reads_text(model: Type, file: File) -> bool:
    evaluator, classes = file.world.evaluator, file.world.classes
    for base in classes.mro(model.name) if is_project(model.name) else ():
        info = classes.info(base.name) if is_project(base.name) else None
        if info is None:
            continue
        if {"__get_validators__", "__get_pydantic_core_schema__"} & info.methods.keys():
            return True
        scopes = file.world.summary(info.path).scopes
        for index in info.methods.values():
            names = {evaluator.decorator_name(info.path, scopes[index], d) for d in scopes[index].decorators}
            if names & _EARLY:
                return True
    return False
