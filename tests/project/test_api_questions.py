"""What rules about the interface ask: data layers, work on the database, writes, whole tables, raw bodies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from textwrap import dedent

from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.project import Project

MODELS = """
    from datetime import datetime
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "user"
        id: Mapped[int] = mapped_column(primary_key=True)
        made: Mapped[datetime]
"""
CRUD = """
    from sqlalchemy import select
    from sqlalchemy.orm import Session
    from models import User

    def find(session: Session, pk: int):
        return session.get(User, pk)

    def everyone(session: Session):
        found = session.scalars(select(User).order_by(User.id))
        return found.all()

    def add(session: Session):
        user = User()
        session.add(user)
        return user
"""
API = """
    from fastapi import APIRouter, Depends, Request
    from sqlalchemy.orm import Session
    import crud
    from db import get_session
    from models import User
    router = APIRouter()

    @router.get("/users")
    def users(session: Session = Depends(get_session)):
        return crud.everyone(session)

    @router.post("/users")
    async def create(request: Request, session: Session = Depends(get_session)):
        data = await request.json()
        session.add(User(**data))
        crud.add(session)
"""


@contextmanager
def opened(root: Path, **files: str) -> Iterator[File]:
    """The last of these files, in a project of all of them."""
    for name, text in files.items():
        (root / f"{name}.py").write_text(dedent(text), encoding="utf-8")
    path = root / f"{name}.py"
    with closing(Project(root)) as project:
        yield project.open(path, path.read_bytes(), display=path.name)


def function(file: File, name: str) -> Function:
    return next(f for f in file.functions if f.name == name)


def test_a_module_of_queries_that_handlers_call_is_a_layer(tmp_path: Path):
    with opened(tmp_path, models=MODELS, crud=CRUD, api=API) as file:
        layers = file.world.api.layers
        (access, *_) = file.world.api.accesses.of(function(file, "create").frame)

        assert layers.is_layer("crud.py")
        assert not layers.is_layer("api.py")
        assert layers.answers_requests("api.py")
        place = layers.of_model(access.models[0])
        assert place is not None
        assert place.name == "everyone"


def test_a_module_that_no_handler_calls_is_none(tmp_path: Path):
    with opened(tmp_path, models=MODELS, crud=CRUD, api=API.replace("crud.", "other.")) as file:
        assert not file.world.api.layers.is_layer("crud.py")


def test_work_on_the_database_is_told_from_work_below(tmp_path: Path):
    with opened(tmp_path, models=MODELS, crud=CRUD, api=API) as file:
        accesses = file.world.api.accesses

        assert accesses.of(function(file, "users").frame) == ()
        assert [a.label for a in accesses.of(function(file, "create").frame)] == ["session.add"]


def test_whole_tables_are_followed_through_functions(tmp_path: Path):
    with opened(tmp_path, models=MODELS, crud=CRUD, api=API) as file:
        listing = file.world.api.listing
        model = listing.unbounded(function(file, "users").frame)

        assert file.world.api.schemas.name_of(model) == "User"
        assert listing.grows(model)


def test_a_limit_anywhere_bounds_the_list(tmp_path: Path):
    bounded = CRUD.replace("order_by(User.id)", "limit(5)")
    with opened(tmp_path, models=MODELS, crud=bounded, api=API) as file:
        assert file.world.api.listing.unbounded(function(file, "users").frame) == ""


def test_writes_know_the_calls_between(tmp_path: Path):
    with opened(tmp_path, models=MODELS, crud=CRUD, api=API) as file:
        writes = file.world.api.writes
        frame = function(file, "create").frame

        assert [w.functions for w in writes.of(frame, 2)] == [(), ("add",)]
        assert [w.functions for w in writes.of(frame, 0)] == [()]
        assert writes.of(function(file, "users").frame, 2) == ()


def test_raw_bodies_and_what_is_filled_with_them(tmp_path: Path):
    with opened(tmp_path, models=MODELS, crud=CRUD, api=API) as file:
        bodies = file.world.api.raw_bodies
        create = function(file, "create")
        raw = bodies.of(create)

        assert raw is not None
        assert raw.names == {"data"}
        assert not bodies.is_checked(create, raw)
        ((_, model),) = bodies.models(create.frame, raw)
        assert file.world.api.schemas.name_of(model) == "User"
