"""What recipes make of texts, where the cases of the rules are too few."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.core.rule import Case
from archlint.engine.registry import installed
from archlint.project.remedies.untrusted import bound
from harness import run


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ('f"SELECT 1 FROM t WHERE a = {a}"', ('"SELECT 1 FROM t WHERE a = :a"', ["a"])),
        (
            """f"DELETE FROM t WHERE a = '{x.a}' AND b > {b}" """,
            ('"DELETE FROM t WHERE a = :x_a AND b > :b"', ["x.a", "b"]),
        ),
        ('f"INSERT INTO t VALUES ({a}, {b})"', ('"INSERT INTO t VALUES (:a, :b)"', ["a", "b"])),
        (
            'f"SELECT 1 FROM t WHERE a BETWEEN {a} AND {b}"',
            ('"SELECT 1 FROM t WHERE a BETWEEN :a AND :b"', ["a", "b"]),
        ),
        ('f"SELECT 1 FROM t WHERE a IN ({a})"', None),
        ('f"SELECT id, {a} FROM t"', None),
        ('f"SELECT 1 FROM t ORDER BY a, {b}"', None),
        ('f"SELECT 1 FROM t WHERE a = 1 AND {b}"', None),
        ('f"SELECT 1 FROM {t} WHERE a = {a}"', None),
        ("f\"SELECT 1 FROM t WHERE a LIKE '%{a}%'\"", None),
        ('f"SELECT 1 FROM t WHERE a = {a:>3}"', None),
        ('f"SELECT 1 FROM t WHERE a = {a()}"', None),
        ("f\"SELECT '{{}}' FROM t WHERE a = {a}\"", None),
        ('rf"SELECT 1 FROM t WHERE a = {a}"', None),
        ('f"SELECT 1"', None),
    ],
)
def test_values_become_parameters(literal: str, expected: tuple[str, list[str]] | None) -> None:
    assert bound(literal.strip()) == expected


SQLALCHEMY = """\
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class House(Base):
    __tablename__ = "house"

    id: Mapped[int] = mapped_column(primary_key=True)
    rooms: Mapped[list["Room"]] = relationship(back_populates="house")


class Room(Base):
    __tablename__ = "room"

    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"), index=True)
    house: Mapped[House] = relationship(back_populates="rooms")


def one(session: Session):
    return [room.house.id for room in session.scalars(select(Room))]


def many(session: Session):
    return [house.rooms[0] for house in session.scalars(select(House))]
"""
DJANGO = """\
from django.db import models


class House(models.Model):
    name = models.CharField(max_length=20)


class Room(models.Model):
    house = models.ForeignKey(House, on_delete=models.CASCADE)


def one():
    return [room.house.name for room in Room.objects.all()]
"""


@pytest.mark.parametrize(
    ("text", "loaders"), [(SQLALCHEMY, ["`joinedload`", "`selectinload`"]), (DJANGO, ["`select_related`"])]
)
def test_the_advice_is_that_of_the_orm(text: str, loaders: list[str], tree: Path) -> None:
    found = run(installed().load("ARC202"), tree, Case(text))
    assert [d.message.partition("with the query ")[2] for d in found] == [f"({name})" for name in loaders]
