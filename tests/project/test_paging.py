"""Whether the route table says of lists that they come in pages, for every framework."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

from archlint.project.project import Project

SQLALCHEMY = """
    from datetime import datetime
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase): ...

    class Alert(Base):
        __tablename__ = "alert"
        id: Mapped[int] = mapped_column(primary_key=True)
        made: Mapped[datetime]
"""
DJANGO = """
    from django.db import models

    class Alert(models.Model):
        made = models.DateTimeField()
"""
SERIALIZER = """
    from rest_framework import serializers
    from models import Alert

    class AlertSerializer(serializers.ModelSerializer):
        class Meta:
            model = Alert
            fields = ("id",)
"""


def paginated(tree: Path, files: dict[str, str]) -> dict[str, bool | None]:
    """The name of each handler to what the table says."""
    for name, text in files.items():
        (tree / name).write_text(dedent(text))
    with closing(Project(tree)) as project:
        return {entry.name: entry.paginated for entry in project.world.route_table.all()}


def test_fastapi(tree: Path) -> None:
    app = """
        from typing import Annotated
        from fastapi import Depends, FastAPI, Query
        from fastapi_pagination import Page, Params, paginate
        from pydantic import BaseModel
        from sqlalchemy import select
        from sqlalchemy.orm import Session
        from models import Alert

        app = FastAPI()

        class Window(BaseModel):
            offset: int = 0
            limit: int = 20

        class Part(BaseModel):
            items: list[int]
            next_cursor: str

        class Pager:
            def __init__(self, page: int = 1, per_page: int = 20): ...

        @app.get("/whole")
        def whole(session: Session):
            return session.scalars(select(Alert)).all()

        @app.get("/limit")
        def by_limit(session: Session, limit: int = 20):
            return session.scalars(select(Alert).limit(limit)).all()

        @app.get("/model")
        def by_model(session: Session, window: Annotated[Window, Query()]):
            return session.scalars(select(Alert)).all()

        @app.get("/depends")
        def by_dependency(session: Session, pager: Pager = Depends()):
            return session.scalars(select(Alert)).all()

        @app.get("/library")
        def by_library(session: Session) -> Page[int]:
            return paginate(session.scalars(select(Alert)).all())

        @app.get("/params")
        def by_params(session: Session, params: Params = Depends()):
            return session.scalars(select(Alert)).all()

        @app.get("/response", response_model=Part)
        def by_response(session: Session):
            return Part.of(session.scalars(select(Alert)).all())

        @app.get("/one/{key}")
        def one(session: Session, key: int):
            return session.get(Alert, key)

        @app.post("/alerts")
        def create(limit: int): ...
    """
    assert paginated(tree, {"models.py": SQLALCHEMY, "app.py": app}) == {
        "whole": False,
        "by_limit": True,
        "by_model": True,
        "by_dependency": True,
        "by_library": True,
        "by_params": True,
        "by_response": True,
        "one": None,
        "create": None,
    }


def test_flask(tree: Path) -> None:
    app = """
        from flask import Flask, jsonify, request
        from flask_sqlalchemy import SQLAlchemy

        app = Flask(__name__)
        db = SQLAlchemy(app)

        class Alert(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            made = db.Column(db.DateTime)

        @app.get("/whole")
        def whole():
            return jsonify([a.id for a in Alert.query.all()])

        @app.get("/pages")
        def pages():
            return jsonify([a.id for a in Alert.query.paginate().items])

        @app.get("/window")
        def window():
            start = int(request.args["offset"])
            return jsonify([a.id for a in Alert.query.offset(start)])

        @app.get("/filter")
        def filtered():
            return jsonify([a.id for a in Alert.query.filter_by(kind=request.args.get("kind"))])
    """
    assert paginated(tree, {"app.py": app}) == {
        "whole": False, "pages": True, "window": True, "filtered": False,
    }  # fmt: skip


def test_aiohttp_and_starlette(tree: Path) -> None:
    app = """
        from aiohttp import web
        from sqlalchemy import select
        from sqlalchemy.ext.asyncio import AsyncSession
        from starlette.applications import Starlette
        from starlette.responses import JSONResponse
        from starlette.routing import Route
        from models import Alert

        async def whole(request):
            async with AsyncSession() as session:
                return web.json_response([a.id for a in await session.scalars(select(Alert))])

        async def part(request: web.Request):
            limit = int(request.query.get("limit", 20))
            async with AsyncSession() as session:
                return web.json_response([a.id for a in await session.scalars(select(Alert).limit(limit))])

        async def star(request):
            async with AsyncSession() as session:
                rows = await session.scalars(select(Alert).offset(int(request.query_params["skip"])))
            return JSONResponse([a.id for a in rows])

        app = web.Application()
        app.router.add_get("/whole", whole)
        app.add_routes([web.get("/part", part)])
        other = Starlette(routes=[Route("/star", star)])
    """
    found = paginated(tree, {"models.py": SQLALCHEMY, "app.py": app})
    assert found == {"whole": False, "part": True, "star": True}


REST_VIEWS = """
    from rest_framework import generics, pagination, viewsets
    from rest_framework.response import Response
    from models import Alert
    from serializers import AlertSerializer

    class Plain(generics.ListAPIView):
        queryset = Alert.objects.all()
        serializer_class = AlertSerializer

    class Own(generics.ListAPIView):
        queryset = Alert.objects.all()
        serializer_class = AlertSerializer
        pagination_class = pagination.CursorPagination

    class Off(generics.ListAPIView):
        queryset = Alert.objects.all()
        serializer_class = AlertSerializer
        pagination_class = None

    class One(generics.RetrieveAPIView):
        queryset = Alert.objects.all()
        serializer_class = AlertSerializer

    class Set(viewsets.ModelViewSet):
        queryset = Alert.objects.all()
        serializer_class = AlertSerializer

        def list(self, request, *args, **kwargs):
            return Response(self.get_serializer(self.filter_queryset(self.get_queryset()), many=True).data)
"""
REST_URLS = """
    from django.urls import include, path
    from rest_framework.routers import SimpleRouter
    import views

    router = SimpleRouter()
    router.register("set", views.Set)
    urlpatterns = [
        path("plain/", views.Plain.as_view()), path("own/", views.Own.as_view()),
        path("off/", views.Off.as_view()),
        path("one/<int:pk>/", views.One.as_view()), path("", include(router.urls)),
    ]
"""


@pytest.mark.parametrize(
    ("settings", "by_default"),
    [
        ("", False),
        (
            '"DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination", "PAGE_SIZE": 20',
            True,
        ),
        ('"DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination"', False),
        ('"DEFAULT_PAGINATION_CLASS": None', False),
        ('"DEFAULT_PAGINATION_CLASS": chosen()', None),
    ],
)
def test_rest_framework(tree: Path, settings: str, by_default: bool | None) -> None:
    found = paginated(
        tree,
        {
            "settings.py": f'ROOT_URLCONF = "urls"\nREST_FRAMEWORK = {{{settings}}}\n',
            "models.py": DJANGO,
            "serializers.py": SERIALIZER,
            "views.py": REST_VIEWS,
            "urls.py": REST_URLS,
        },
    )
    assert (found["Plain"], found["Own"], found["Off"], found["One"]) == (by_default, True, False, None)
    assert (found["Set.list"], found["Set.retrieve"]) == (False, None)


def test_django(tree: Path) -> None:
    views = """
        from django.core.paginator import Paginator
        from django.http import JsonResponse
        from django.views.generic import DetailView, ListView
        from models import Alert

        class Whole(ListView):
            model = Alert

        class Pages(ListView):
            model = Alert
            paginate_by = 20

        class Chosen(ListView):
            model = Alert

            def get_paginate_by(self, queryset):
                return 20

        class One(DetailView):
            model = Alert

        def paged(request):
            return JsonResponse({"ids": [a.id for a in Paginator(Alert.objects.all(), 20).page(1)]})

        def listed(request):
            found = []
            for alert in Alert.objects.all():
                found.append({"id": alert.id})
            return JsonResponse({"alerts": found})

        def columns(request):
            return JsonResponse(list(Alert.objects.values("id")), safe=False)

        def window(request):
            first = int(request.GET.get("offset", 0))
            return JsonResponse({"ids": [a.id for a in Alert.objects.all()[first:]]})
    """
    urls = """
        from django.urls import path
        import views

        urlpatterns = [
            path("whole/", views.Whole.as_view()), path("pages/", views.Pages.as_view()),
            path("chosen/", views.Chosen.as_view()), path("one/<int:pk>/", views.One.as_view()),
            path("paged/", views.paged), path("listed/", views.listed), path("columns/", views.columns),
            path("window/", views.window),
        ]
    """
    files = {
        "settings.py": 'ROOT_URLCONF = "urls"\n',
        "models.py": DJANGO,
        "views.py": views,
        "urls.py": urls,
    }
    assert paginated(tree, files) == {
        "Whole": False, "Pages": True, "Chosen": True, "One": None,
        "paged": True, "listed": False, "columns": False, "window": True,
    }  # fmt: skip
