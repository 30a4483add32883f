"""A foreign key that rows are looked up by, without an index.

## What it does

Reports foreign keys of SQLAlchemy and SQLModel models that no index serves, if a query of the project filters,
joins or sorts by the column, or the database looks for the rows itself because of `ondelete`.

## Why is this bad?

PostgreSQL and SQLite make no index for a foreign key. Each such query reads the whole table, and so does each
delete of a row that the key may point to, once for every deleted row and while holding its lock.

## How to fix

```python
owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
```

This needs a migration; on a large table of PostgreSQL build the index with `postgresql_concurrently=True`.

## Not reported

* Columns that lead a primary key, a unique constraint or an index, declared in the class, in its module or by a
  migration; names are compared as written.
* Keys that nothing looks rows up by; of tables that people fill by hand (roles, settings, tables without a moment or
  a key in them) those that only deletes elsewhere ask. Projects whose only driver is one of MySQL, which indexes foreign keys itself.
* Django, Tortoise and peewee, which index foreign keys by default. Tables in Core's `Table(...)`.
* Known misses: lookups through relationships only; conditions built in functions of other names.

## References

* [PostgreSQL: foreign keys](https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK)
* [SQLite: suggested indexes for foreign keys](https://www.sqlite.org/foreignkeys.html#fk_indexes)
* [SQLAlchemy: indexes](https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Applicability, Diagnostic, Fix, Impact, Recipe
from archlint.core.rule import Case, ClassEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Class
from archlint.project.rows.columns import Column, keyword
from archlint.project.tables.foreign_keys import ForeignKey

_BASE = (
    "from sqlalchemy import Column, ForeignKey, Index, Integer, UniqueConstraint\n"
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n"
    "    pass\n\n\n"
)


class MissingFkIndex(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "The foreign key `{model}.{column}` has no index, and {used}; add `index=True`"
    answers = ("area B", "dimension 2", "checklist 11", "principle 5")
    mentions = ("ForeignKey", "foreign_key")
    invalid = (
        Case(
            {
                "models.py": _BASE + "class Item(Base):\n"
                '    __tablename__ = "items"\n'
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                '    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))  # ARC213\n',
                "crud.py": "from sqlalchemy import select\n\n"
                "from models import Item\n\n\n"
                "def of_owner(session, key):\n"
                "    return session.scalars(select(Item).where(Item.owner_id == key)).all()\n",
            },
            fixed=(
                "from sqlalchemy import Column, ForeignKey, Index, Integer, UniqueConstraint\n"
                "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
                "\n"
                "\n"
                "class Base(DeclarativeBase):\n"
                "    pass\n"
                "\n"
                "\n"
                "class Item(Base):\n"
                '    __tablename__ = "items"\n'
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                '    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)  # ARC213\n'
            ),
            title="filtered in another file",
        ),
        Case(
            {
                "models.py": "from sqlmodel import Field, SQLModel\n\n\n"
                "class Item(SQLModel, table=True):\n"
                "    id: int = Field(primary_key=True)\n"
                '    owner_id: int = Field(foreign_key="user.id")  # ARC213\n',
                "api.py": "from sqlmodel import func, select\n\n"
                "from models import Item\n\n\n"
                "def count(session, user):\n"
                "    statement = select(func.count()).select_from(Item).where(Item.owner_id == user.id)\n"
                "    return session.exec(statement).one()\n",
            },
            title="SQLModel",
        ),
        Case(
            _BASE + "class Item(Base):\n"
            '    __tablename__ = "items"\n'
            "    id = Column(Integer, primary_key=True)\n"
            '    owner_id = Column(Integer, ForeignKey("users.id", ondelete="CASCADE"))  # ARC213\n\n\n'
            "class Link(Base):\n"
            '    __tablename__ = "links"\n'
            '    item_id = Column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)\n'
            '    tag_id = Column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)  # ARC213\n',
            fixed=(
                "from sqlalchemy import Column, ForeignKey, Index, Integer, UniqueConstraint\n"
                "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
                "\n"
                "\n"
                "class Base(DeclarativeBase):\n"
                "    pass\n"
                "\n"
                "\n"
                "class Item(Base):\n"
                '    __tablename__ = "items"\n'
                "    id = Column(Integer, primary_key=True)\n"
                '    owner_id = Column(Integer, ForeignKey("users.id", ondelete="CASCADE"), index=True)  # ARC213\n'
                "\n"
                "\n"
                "class Link(Base):\n"
                '    __tablename__ = "links"\n'
                '    item_id = Column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)\n'
                '    tag_id = Column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True)  # ARC213\n'
            ),
            title="the database looks for the rows; second column of a composite key",
        ),
        Case(
            {
                "models.py": _BASE + "class Item(Base):\n"
                '    __tablename__ = "items"\n'
                "    id = Column(Integer, primary_key=True)\n"
                '    owner_id = Column(ForeignKey("users.id"))  # ARC213\n',
                "crud.py": "from sqlalchemy.orm import Session\n\n"
                "from models import Item\n\n\n"
                "def of_owner(session: Session, key):\n"
                "    return session.query(Item).filter_by(owner_id=key).all()\n",
            },
            title="filter_by",
        ),
        Case(
            {
                "models.py": _BASE + "class Item(Base):\n"
                '    __tablename__ = "items"\n'
                "    id = Column(Integer, primary_key=True)\n"
                '    owner_id = Column(ForeignKey("users.id"))  # ARC213\n',
                "crud.py": "def of_owner(session, model, key):\n"
                '    return session.query(model).filter(getattr(model, "owner_id") == key).all()\n',
            },
            title="column named by a text",
            missed=True,
            why="which model is meant is known only when it runs",
        ),
        Case(
            """\
from sqlmodel import Field, Session, SQLModel, select


class Depot(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class TruckBase(SQLModel):
    plate: str
    depot_id: int | None = Field(default=None, foreign_key="depot.id")  # ARC213


class Truck(TruckBase, table=True):
    id: int | None = Field(default=None, primary_key=True)


class TruckRead(TruckBase):
    id: int


def trucks_of(db: Session, depot_id: int):
    return db.exec(select(Truck).where(Truck.depot_id == depot_id)).all()
""",
            title="SQLModel: a key declared in a base without a table",
        ),
        Case(
            "from sqlalchemy import Column, ForeignKey, Uuid\nfrom sqlmodel import Field, SQLModel\n\n\n"
            "class User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n\n\n"
            "class Item(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
            "    owner_id: int = Field(  # ARC213\n"
            '        sa_column=Column(Uuid(), ForeignKey("user.id", ondelete="CASCADE")),\n'
            "    )\n\n\n"
            "def add(session, item: Item):\n    session.add(Item())\n",
            title="SQLModel, with a column of SQLAlchemy: the index belongs to that one",
            fixed="from sqlalchemy import Column, ForeignKey, Uuid\nfrom sqlmodel import Field, SQLModel\n\n\n"
            "class User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n\n\n"
            "class Item(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
            "    owner_id: int = Field(  # ARC213\n"
            '        sa_column=Column(Uuid(), ForeignKey("user.id", ondelete="CASCADE"), index=True),\n'
            "    )\n\n\n"
            "def add(session, item: Item):\n    session.add(Item())\n",
        ),
    )
    valid = (
        Case(
            {
                "models.py": """\
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    run_id = Column(ForeignKey("runs.id"), index=True)
""",
                "first_models.py": """\
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    run_id = Column(ForeignKey("runs.id"))
""",
                "store.py": """\
from sqlalchemy.orm import Session

from models import Tag


def tags(session: Session, run_id: int):
    return session.query(Tag).filter_by(run_id=run_id).all()
""",
            },
            title="another model of the same name is asked",
        ),
        Case(
            _BASE + "class Role(Base):\n"
            '    __tablename__ = "roles"\n'
            "    id: Mapped[int] = mapped_column(primary_key=True)\n"
            '    made_by: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))\n',
            title="a small table that people fill by hand",
        ),
        Case(
            {
                "models.py": _BASE + "class Item(Base):\n"
                '    __tablename__ = "items"\n'
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                '    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)\n'
                '    box_id: Mapped[int] = mapped_column(ForeignKey("boxes.id"))\n'
                '    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), unique=True)\n'
                '    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))\n'
                '    __table_args__ = (Index("ix_items_box", "box_id", "id"), UniqueConstraint("shelf_id", "id"))\n',
                "crud.py": "from sqlalchemy import select\n\n"
                "from models import Item\n\n\n"
                "def found(a, b, c, d):\n"
                "    return select(Item).where(\n"
                "        Item.owner_id == a, Item.box_id == b, Item.place_id == c, Item.shelf_id == d\n"
                "    )\n",
            },
            title="indexed",
        ),
        Case(
            {
                "models.py": _BASE + "class Item(Base):\n"
                '    __tablename__ = "items"\n'
                "    id = Column(Integer, primary_key=True)\n"
                '    owner_id = Column(ForeignKey("users.id", ondelete="CASCADE"))\n'
                '    box_id = Column(ForeignKey("boxes.id", ondelete="CASCADE"))\n'
                '    place_id = Column(ForeignKey("places.id", ondelete="CASCADE"))\n',
                "alembic/versions/0001_first.py": "from alembic import op\n\n\n"
                "def upgrade():\n"
                '    op.create_index("ix_items_owner", "items", ["owner_id"])\n'
                '    with op.batch_alter_table("items") as batch_op:\n'
                '        batch_op.create_index("ix_items_box", ["box_id"])\n'
                '    op.execute("CREATE INDEX CONCURRENTLY ix_items_place ON items (place_id)")\n',
            },
            title="index made by a migration",
        ),
        Case(
            _BASE + "class Item(Base):\n"
            '    __tablename__ = "items"\n'
            "    id = Column(Integer, primary_key=True)\n"
            '    owner_id = Column(ForeignKey("users.id"))\n',
            title="nothing looks rows up by it",
        ),
        Case(
            {
                "requirements.txt": "sqlalchemy\npymysql==1.1.0\n",
                "models.py": _BASE + "class Item(Base):\n"
                '    __tablename__ = "items"\n'
                "    id = Column(Integer, primary_key=True)\n"
                '    owner_id = Column(ForeignKey("users.id", ondelete="CASCADE"))\n',
            },
            title="MySQL",
        ),
    )

    @on(ClassEvent)
    def check(self, node: Class, file: File) -> Iterator[Diagnostic]:
        """Report foreign keys of models that are used and have no index."""
        if file.role in ("test", "migration"):
            return
        for found in file.world.foreign_keys.unindexed(file.name, node.scope):
            row = found.column.row
            place = file.span(row) if found.column.path == file.name else file.line_location(node.scope.line)
            fix = _fix(file, found.column) if found.column.path == file.name else None
            yield file.diagnostic(
                self, place, fix=fix, model=node.scope.name, column=found.column.name, used=_used(file, found)
            )


def _fix(file: File, column: Column) -> Fix | None:
    """``index=True`` for a column; ``Field`` of SQLModel takes none beside an ``sa_column`` of its own."""
    row, given = column.row, keyword(column.row, "sa_column")
    if given is not None and given[0] != "c":
        return None
    at = file.span(column.owner.calls[given[1]] if given is not None else row)
    recipe = Recipe.of("keyword", at, name="index", code="True")
    return Fix("Add an index; it takes a migration, too", Applicability.UNSAFE, recipes=(recipe,))


def _used(file: File, found: ForeignKey) -> str:
    path, _, line = found.used.rpartition(":")
    if path:
        return f"a query looks rows up by it ({file.display_of(path)}:{line})"
    return f"`ON DELETE {found.used}` looks for its rows on each delete"
