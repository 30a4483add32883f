"""What is told of a call that does several things, and what applications keep among their settings."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from textwrap import dedent

from archlint.project.project import Project

_SESSION = """
    from contextlib import contextmanager
    from sqlalchemy import create_engine, text
    from sqlalchemy.orm import Session, sessionmaker

    factory = sessionmaker(bind=create_engine("postgresql://db"))

    @contextmanager
    def opened():
        session = factory()
        try:
            yield session
        finally:
            session.close()

    def count(session: Session):
        return session.scalar(text("select 1"))

    def rows():
        with opened() as session:
            return count(session)

    async def handler():
        return rows()
    """

_TORNADO = """
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session
    from tornado import web

    class Handler(web.RequestHandler):
        def show(self):
            return {show}

    def start():
        session = Session(create_engine("sqlite://"))
        {start}
    """


def _leaves(root: Path, source: str, function: str) -> list[str]:
    """The library calls that the effects of a function end in."""
    path = root / "app.py"
    path.write_text(dedent(source), encoding="utf-8")
    with closing(Project(root)) as project:
        file = project.open(path, path.read_bytes(), display=path.name)
        found = next(f for f in file.functions if f.name == function)
        return [site.effect.leaf for site in found.sites]


def test_a_query_is_told_rather_than_the_end_of_its_session(tmp_path: Path) -> None:
    assert _leaves(tmp_path, _SESSION, "handler") == ["sqlalchemy.orm.Session.scalar"]


def test_settings_of_an_application(tmp_path: Path) -> None:
    ways = (
        "web.Application([], db=session)",
        'web.Application([], **{"db": session})',
        'settings = {"name": "hub", "db": session}; web.Application([], **settings)',
        "settings = dict(db=session); web.Application([], **settings)",
        'web.Application([]).settings["db"] = session',
    )
    for start in ways:
        source = _TORNADO.format(show='self.settings["db"].commit()', start=start)
        assert _leaves(tmp_path, source, "show") == ["sqlalchemy.orm.Session.commit"], start


def test_other_settings_stay_unknown(tmp_path: Path) -> None:
    source = _TORNADO.format(show='self.settings["cache"].commit()', start="web.Application([], db=session)")
    assert _leaves(tmp_path, source, "show") == []
