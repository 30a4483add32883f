"""A lazy relation that is read on a row of an AsyncSession: the read fails.

## What it does

Finds reads of lazy relations on rows that came out of an SQLAlchemy `AsyncSession`: by a query, by
`get`, or over another relation, in the function itself, below project functions and properties it
calls, and where a pydantic schema with `from_attributes` (or a FastAPI response model) reads the
relation as one of its fields.

## Why is this bad?

Reading an unloaded relation starts a query of its own. Under an `AsyncSession` a plain attribute read
cannot wait for one, so SQLAlchemy raises `MissingGreenlet`. The mistake is easy to overlook: while the
related row happens to be in the session, from an earlier query of the same request or of a test's
fixture, nothing fails.

## How to fix

Load the relation with the query:

```python
order = await session.scalar(select(Order).options(selectinload(Order.items)).where(Order.id == order_id))
```

or load it when it is needed, with the `AsyncAttrs` mixin or by name:

```python
items = await order.awaitable_attrs.items
await session.refresh(order, ["items"])
```

The finding stands on the first read of a relation in a function, on the call that leads to it, or on the
`def` of a handler whose response model reads it.

## Not reported

* Relations that a loader option of the query has loaded, that are loaded by default (`lazy="selectin"`),
  or that never load (`write_only`, `raise`, `dynamic`).
* Relations that the function loads or sets before: `awaitable_attrs`, `refresh(row, [...])`, a query whose
  loader options name the relation, an assignment, also inside project functions called before.
* Reads inside functions that are handed to `run_sync`.
* Relations to one row, where the function works with a row of the class it leads to: the session is asked first,
  and finds it. A parameter that is not used (the current user, for the right to call) is no such row.
* Reads below a test that names the relation or looks into the state of the row.
* Rows that were constructed, not queried, and rows whose loader options cannot be read.
* Reads more than three calls below, where one of the calls stands under a condition or in a loop.
* Tests.
* Known miss: a repository whose method takes `options` from its callers.
* Backends in use have few of these, since the first request shows them. In three backends with async
  sessions (some 350,000 lines) all reads that looked like one were prepared in one of the ways above.

## References

* [SQLAlchemy: preventing implicit IO when using AsyncSession](https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#preventing-implicit-io-when-using-asyncsession)
* [SQLAlchemy: MissingGreenlet](https://docs.sqlalchemy.org/en/20/errors.html#error-xd2s)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import Call, Read
from archlint.project.chains import frame_at, is_optional, shown_below
from archlint.project.remedies.eager import eager
from archlint.project.rows.preloaded import is_preloaded, runs_in_greenlet

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.effects.base import Hop
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.world import World

#: Calls on the way to a read, beyond which every one of them has to be made.
_FAR = 3
_MODELS = """\
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, WriteOnlyMapped, mapped_column, relationship


class Base(AsyncAttrs, DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    orders: WriteOnlyMapped[list["Order"]] = relationship()


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    customer: Mapped[Customer] = relationship()
    items: Mapped[list["Item"]] = relationship(back_populates="order")
    notes: Mapped[list["Note"]] = relationship(lazy="selectin")

    @property
    def total(self) -> int:
        return sum(item.price for item in self.items)


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[int]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(back_populates="items")


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
"""
_HEAD = """\
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import joinedload, selectinload

from models import Customer, Item, Order

router = APIRouter()
Maker = async_sessionmaker(create_async_engine("postgresql+asyncpg://db"), expire_on_commit=False)


async def get_db():
    async with Maker() as session:
        yield session


class ItemRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int


class OrderRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    items: list[ItemRead]


"""


def _app(body: str) -> dict[str, str]:
    return {"models.py": _MODELS, "app.py": _HEAD + body}


class LazyLoadUnderAsyncSession(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    answers = ("anti-pattern 5", "area B", "dimension 2", "dimension 4", "checklist 8", "checklist 16")
    message = (
        "`{relation}` is lazy and the row came from an AsyncSession: {reader} raises MissingGreenlet{chain}; "
        "load it with the query (`selectinload`/`joinedload`) or with `await row.awaitable_attrs.{attribute}`"
    )

    invalid = (
        Case(
            _app(
                "async def customer_of(db: AsyncSession, order_id: int, me: Customer):\n"
                "    order = await db.get(Order, order_id)\n"
                "    return order.customer.id  # ARC223\n"
            ),
            title="who calls is no row that the session was asked for",
        ),
        Case(
            _app(
                "async def items(db: AsyncSession, order_id: int):\n"
                "    order = await db.get(Order, order_id)\n"
                "    return order.items  # ARC223\n\n\n"
                "async def prices(db: AsyncSession, order_id: int):\n"
                "    result = await db.execute(select(Order).where(Order.id == order_id))\n"
                "    order = result.scalar_one_or_none()\n"
                "    return [item.price for item in order.items]  # ARC223\n\n\n"
                "async def owners(db: AsyncSession):\n"
                "    for order in (await db.scalars(select(Order))).unique().all():\n"
                "        print(order.customer.id)  # ARC223\n\n\n"
                "async def streamed(db: AsyncSession):\n"
                "    async for order in await db.stream_scalars(select(Order)):\n"
                "        print(order.items)  # ARC223\n"
            ),
            fixed=(
                "from fastapi import APIRouter, Depends\n"
                "from pydantic import BaseModel, ConfigDict\n"
                "from sqlalchemy import inspect, select\n"
                "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine\n"
                "from sqlalchemy.orm import joinedload, selectinload\n"
                "\n"
                "from models import Customer, Item, Order\n"
                "\n"
                "router = APIRouter()\n"
                'Maker = async_sessionmaker(create_async_engine("postgresql+asyncpg://db"), expire_on_commit=False)\n'
                "\n"
                "\n"
                "async def get_db():\n"
                "    async with Maker() as session:\n"
                "        yield session\n"
                "\n"
                "\n"
                "class ItemRead(BaseModel):\n"
                "    model_config = ConfigDict(from_attributes=True)\n"
                "    id: int\n"
                "\n"
                "\n"
                "class OrderRead(BaseModel):\n"
                "    model_config = ConfigDict(from_attributes=True)\n"
                "    id: int\n"
                "    items: list[ItemRead]\n"
                "\n"
                "\n"
                "async def items(db: AsyncSession, order_id: int):\n"
                "    order = await db.get(Order, order_id, options=[joinedload(Order.items)])\n"
                "    return order.items  # ARC223\n"
                "\n"
                "\n"
                "async def prices(db: AsyncSession, order_id: int):\n"
                "    result = await db.execute(select(Order).where(Order.id == order_id).options(selectinload(Order.items)))\n"
                "    order = result.scalar_one_or_none()\n"
                "    return [item.price for item in order.items]  # ARC223\n"
                "\n"
                "\n"
                "async def owners(db: AsyncSession):\n"
                "    for order in (await db.scalars(select(Order).options(selectinload(Order.customer)))).unique().all():\n"
                "        print(order.customer.id)  # ARC223\n"
                "\n"
                "\n"
                "async def streamed(db: AsyncSession):\n"
                "    async for order in await db.stream_scalars(select(Order).options(selectinload(Order.items))):\n"
                "        print(order.items)  # ARC223\n"
            ),
            title="rows by get, execute, scalars and stream",
        ),
        Case(
            _app(
                "async def joined(db: AsyncSession):\n"
                "    order = await db.scalar(select(Order).join(Order.customer))\n"
                "    return order.customer.id  # ARC223\n\n\n"
                "async def half(db: AsyncSession):\n"
                "    order = await db.scalar(select(Order).options(selectinload(Order.items)))\n"
                "    print(order.items)\n"
                "    return order.customer  # ARC223\n\n\n"
                "async def refreshed(db: AsyncSession, order_id: int):\n"
                "    order = await db.get(Order, order_id)\n"
                "    await db.refresh(order)\n"
                "    return order.items  # ARC223\n"
            ),
            title="a join, another relation's option, a refresh without names load nothing",
        ),
        Case(
            {
                "models.py": _MODELS,
                "repository.py": "from sqlalchemy import select\n"
                "from sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from models import Order\n\n\n"
                "class Orders:\n"
                "    def __init__(self, session: AsyncSession) -> None:\n        self.session = session\n\n"
                "    async def by_id(self, order_id: int) -> Order | None:\n"
                "        result = await self.session.execute(select(Order).where(Order.id == order_id))\n"
                "        return result.scalars().first()\n",
                "service.py": "from sqlalchemy.ext.asyncio import AsyncSession\n\nfrom models import Order\n"
                "from repository import Orders\n\n\n"
                "def weight(order: Order) -> int:\n"
                "    return len(order.items)\n\n\n"
                "async def parcel(session: AsyncSession, order_id: int):\n"
                "    order = await Orders(session).by_id(order_id)\n"
                "    return weight(order)  # ARC223\n\n\n"
                "async def invoice(session: AsyncSession, order_id: int):\n"
                "    order = await Orders(session).by_id(order_id)\n"
                "    return order.total  # ARC223\n",
            },
            title="repository, helper and property",
        ),
        Case(
            _app(
                '@router.get("/orders/{order_id}", response_model=OrderRead)\n'
                "async def order(order_id: int, db: AsyncSession = Depends(get_db)):  # ARC223\n"
                "    return await db.get(Order, order_id)\n\n\n"
                "async def listed(db: AsyncSession):\n"
                "    rows = (await db.scalars(select(Order))).all()\n"
                "    return [OrderRead.model_validate(row) for row in rows]  # ARC223\n"
            ),
            title="response model and schema",
        ),
        Case(
            _app(
                "class Repository:\n"
                "    def __init__(self, db: AsyncSession) -> None:\n        self.db = db\n\n"
                "    async def get(self, order_id: int, options=()):\n"
                "        return await self.db.get(Order, order_id, options=options)\n\n"
                "    async def need(self, order_id: int, options=()):\n"
                "        order = await self.get(order_id, options)\n"
                "        assert order is not None\n"
                "        return order\n\n"
                "    async def find(self, order_id: int, *loads):\n"
                "        found = await self.db.execute(select(Order).filter_by(id=order_id).options(*loads))\n"
                "        return found.scalar_one()\n\n\n"
                "async def items(db: AsyncSession):\n"
                "    order = await Repository(db).get(1)\n"
                "    return order.items  # ARC223\n\n\n"
                "async def customer(db: AsyncSession):\n"
                "    order = await Repository(db).need(1, options=[selectinload(Order.items)])\n"
                "    print(order.items)\n"
                "    return order.customer.id  # ARC223\n\n\n"
                "async def found(db: AsyncSession):\n"
                "    order = await Repository(db).find(1, selectinload(Order.items))\n"
                "    print(order.items)\n"
                "    return order.customer.id  # ARC223\n"
            ),
            title="options from the caller",
        ),
    )
    valid = (
        Case(
            {
                "models.py": _MODELS,
                "app.py": _HEAD
                + """\

def show(order: Order):
    return [item.name for item in order.items]


def check(names, order: Order):
    if names:
        show(order)


def validate(names, order: Order):
    check(names, order)


def take(names, order: Order):
    validate(names, order)


async def load(db: AsyncSession, names):
    order = await db.get(Order, 1)
    take(names, order)
""",
            },
            title="far away, on a way that not every call takes",
        ),
        Case(
            _app(
                "async def loaded(db: AsyncSession, order_id: int):\n"
                "    options = [selectinload(Order.items), joinedload(Order.customer)]\n"
                "    order = await db.get(Order, order_id, options=options)\n"
                "    print(order.items, order.customer, order.notes)\n\n\n"
                "async def awaited(db: AsyncSession, order_id: int):\n"
                "    order = await db.get(Order, order_id)\n"
                "    await order.awaitable_attrs.items\n"
                "    return order.total\n\n\n"
                "async def named(db: AsyncSession, order_id: int):\n"
                "    order = await db.get(Order, order_id)\n"
                '    await db.refresh(order, attribute_names=["items"])\n'
                "    return order.items\n\n\n"
                "async def preload(db: AsyncSession, order: Order):\n"
                "    query = select(Order).filter_by(id=order.id)\n"
                "    await db.execute(query.options(selectinload(Order.items)))\n\n\n"
                "async def prepared(db: AsyncSession, order_id: int):\n"
                "    order = await db.get(Order, order_id)\n"
                "    await preload(db, order)\n"
                "    return order.items\n"
            ),
            title="loaded with the row, or before it is read",
        ),
        Case(
            _app(
                "async def preload(db: AsyncSession, order: Order):\n"
                "    await db.execute(select(Order).where(Order.id == order.id).options(selectinload(Order.items)))\n"
                "    return OrderRead.model_validate(order)\n\n\n"
                "async def read(db: AsyncSession, order: Order):\n"
                "    return await preload(db, order)\n\n\n"
                "class Repository:\n"
                "    def __init__(self, db: AsyncSession) -> None:\n        self.db = db\n\n"
                "    async def get(self, order_id: int, options=()):\n"
                "        return await self.db.get(Order, order_id, options=options)\n\n\n"
                "async def shown(db: AsyncSession):\n"
                "    order = await Repository(db).get(1)\n"
                "    return await read(db, order)\n\n\n"
                "async def handed(db: AsyncSession, more):\n"
                "    options = [joinedload(Order.customer)]\n"
                "    options.append(selectinload(Order.items))\n"
                "    order = await Repository(db).get(1, options)\n"
                "    other = await Repository(db).get(2, options=more())\n"
                "    third = await Repository(db).get(3, **more())\n"
                "    return order.items, order.customer, other.items, third.items\n"
            ),
            title="options from the caller that load it, or cannot be read; loaded further down",
        ),
        Case(
            _app(
                "async def inside(db: AsyncSession, order_id: int):\n"
                "    order = await db.get(Order, order_id)\n"
                "    return await db.run_sync(lambda session: order.items)\n\n\n"
                "async def made(db: AsyncSession):\n"
                "    order = Order(customer_id=1)\n"
                "    order.items.append(Item(price=3))\n"
                "    db.add(order)\n"
                "    await db.flush()\n"
                "    return order.items\n\n\n"
                "async def assigned(db: AsyncSession, order_id: int, customer: Customer):\n"
                "    order = await db.get(Order, order_id)\n"
                "    order.customer = customer\n"
                "    return order.customer\n\n\n"
                "async def at_hand(db: AsyncSession, customer: Customer):\n"
                "    order = await db.scalar(select(Order).where(Order.customer_id == customer.id))\n"
                "    return order.customer\n\n\n"
                "async def looked(db: AsyncSession, order_id: int):\n"
                "    order = await db.get(Order, order_id)\n"
                '    if "items" not in inspect(order).unloaded:\n'
                "        return order.items\n"
            ),
            title="run_sync, new rows, assigned relations, the session's own rows, tests of the state",
        ),
        Case(
            {
                "models.py": _MODELS,
                "app.py": "from sqlalchemy.orm import Session\n\nfrom models import Customer, Order\n\n\n"
                "def items(session: Session, order_id: int):\n"
                "    return session.get(Order, order_id).items\n\n\n"
                "def orders(customer: Customer):\n    return customer.orders.select()\n",
            },
            title="a synchronous session; a write-only relation",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the first read of each lazy relation of an async row."""
        if file.role == "test" or not file.world.models.has_async_sessions:
            return
        world, frame = file.world, function.frame
        seen: set[str] = set()
        for site in function.sites:
            relation = _relation(site)
            if not relation or relation in seen or _inside_another(site, function.sites):
                continue
            seen.add(relation)
            if _is_prepared(world, frame, site) or shown_below(world, site, _fails) or _is_rare(world, site):
                continue
            yield file.diagnostic(
                self,
                site,
                related=file.chain(site.effect.hops),
                fix=eager(file, site, relation),
                relation=relation,
                reader=f"`{site.label}{'()' if site.kind == 'call' else ''}`",
                attribute=relation.rpartition(".")[2],
                chain=f" via {' -> '.join(h.label for h in site.effect.hops)}" if site.effect.hops else "",
            )

    @on(FunctionEvent)
    def response(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report handlers whose response model reads lazy relations of async rows."""
        if file.role == "test" or not function.scope.decorators:
            return
        world, frame = file.world, function.frame
        served = world.serializers.served_by_handler(frame)
        for walk in served.walks if served is not None else ():
            attribute = walk.relation.rpartition(".")[2]
            if not walk.is_async or _is_prepared_for(world, frame, 0, 1 << 60, walk.relation):
                continue
            place = file.line_location(walk.place[1], walk.place[0])
            yield file.diagnostic(
                self,
                function,
                related=(Related(place, f"`{walk.schema}.{walk.field}` reads it"),),
                relation=walk.relation,
                reader=f"the response model `{walk.schema}`",
                chain="",
                attribute=attribute,
            )
            return


def _relation(site: Site) -> str:
    """The relation that a site reads on an async row, as ``Model.relation``."""
    letters = site.effect.letters
    if "S" not in letters:
        return ""
    return site.effect.leaf if "L" in letters else site.effect.subject if "V" in letters else ""


def _fails(_world: World, site: Site, _frame: Frame) -> bool:
    return bool(_relation(site))


def _is_rare(world: World, site: Site) -> bool:
    """Whether the read is far away, on a way that not every call takes."""
    hops = site.effect.hops
    return len(hops) > _FAR and any(is_optional(world, hop) for hop in hops)


def _inside_another(site: Site, sites: tuple[Site, ...]) -> bool:
    """Whether the row itself was reached over a relation that fails first."""
    return site.kind == "read" and any(
        other.kind == "read"
        and _relation(other)
        and (other.line, other.column) == (site.line, site.column)
        and (other.end_line, other.end_column) < (site.end_line, site.end_column)
        for other in sites
    )


def _is_prepared(world: World, frame: Frame, site: Site) -> bool:
    """Whether the relation may be loaded when the site is reached, here or along the chain."""
    relation = _relation(site)
    if _is_prepared_for(world, frame, site.block, site.order, relation):
        return True
    for hop in site.effect.hops:
        inner = frame_at(world, hop)
        if inner is None:
            continue
        if runs_in_greenlet(world, inner) or any(
            _is_prepared_for(world, inner, block, order, relation) for block, order in _places(inner, hop)
        ):
            return True
    return False


def _places(frame: Frame, hop: Hop) -> Iterator[tuple[int, int]]:
    """Where in a function a hop of a chain stands: the block, and the order."""
    for row in frame.scope.calls:
        if (row[Call.LINE], row[Call.COLUMN]) == (hop.line, hop.column):
            yield row[Call.BLOCK], row[Call.ORDER]
    for row in frame.scope.reads:
        if (row[Read.LINE], row[Read.COLUMN]) == (hop.line, hop.column):
            yield row[Read.BLOCK], row[Read.ORDER]


def _is_prepared_for(world: World, frame: Frame, block: int, order: int, relation: str) -> bool:
    name, _, attribute = relation.rpartition(".")
    return any(
        is_preloaded(world, frame, block, order, model, attribute)
        for model in world.models.called(name) or ("",)
    )
