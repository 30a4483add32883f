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
* Relations to one row, where a row of the class it leads to is at hand in the function: the session is
  asked first, and finds it.
* Reads below a test that names the relation or looks into the state of the row.
* Rows that were constructed, not queried, and rows whose loader options cannot be read.
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
from archlint.project.chains import frame_at, shown_below
from archlint.project.effects import Hop
from archlint.project.preloaded import is_preloaded, runs_in_greenlet

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.evaluate import Frame
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.world import World


class LazyLoadUnderAsyncSession(Rule):
    """See the module."""

    impact = Impact.HIGH
    answers = ("anti-pattern 5", "area B", "checklist 8", "checklist 16")
    message = (
        "`{relation}` is lazy and the row came from an AsyncSession: {reader} raises MissingGreenlet{chain}; "
        "load it with the query (`selectinload`/`joinedload`) or with `await row.awaitable_attrs.{attribute}`"
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the first read of each lazy relation of an async row."""
        if file.role == "test":
            return
        world, frame = file.world, function.frame
        seen: set[str] = set()
        for site in function.sites:
            relation = _relation(site)
            if not relation or relation in seen or _inside_another(site, function.sites):
                continue
            seen.add(relation)
            if _is_prepared(world, frame, site) or shown_below(world, site, _fails):
                continue
            yield file.diagnostic(
                self, site, related=file.chain(site.effect.hops), relation=relation,
                reader=f"`{site.label}{'()' if site.kind == 'call' else ''}`", attribute=relation.rpartition(".")[2],
                chain=f" via {' -> '.join(h.label for h in site.effect.hops)}" if site.effect.hops else "",
            )  # fmt: skip

    @on(FunctionEvent)
    def response(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report handlers whose response model reads lazy relations of async rows."""
        world, frame = file.world, function.frame
        if file.role == "test" or not function.scope.decorators:
            return
        served = world.serializers.served_by_handler(frame)
        for walk in served.walks if served is not None else ():
            model, _, attribute = walk.relation.rpartition(".")
            if not walk.is_async or _is_prepared_for(world, frame, 0, 1 << 60, walk.relation):
                continue
            place = file.hop_location(Hop(*walk.place, 0, walk.place[1], 1, ""))
            yield file.diagnostic(
                self, function, related=(Related(place, f"`{walk.schema}.{walk.field}` reads it"),),
                relation=walk.relation, reader=f"the response model `{walk.schema}`", chain="", attribute=attribute,
            )  # fmt: skip
            return


def _relation(site: Site) -> str:
    """The relation that a site reads on an async row, as ``Model.relation``."""
    letters = site.effect.letters
    if "S" not in letters:
        return ""
    return site.effect.leaf if "L" in letters else site.effect.subject if "V" in letters else ""


def _fails(world: World, site: Site, frame: Frame) -> bool:
    return bool(_relation(site))


def _inside_another(site: Site, sites: tuple[Site, ...]) -> bool:
    """Whether the row itself was reached over a relation that fails first."""
    return site.kind == "read" and any(
        other.kind == "read" and _relation(other) and (other.line, other.column) == (site.line, site.column)
        and (other.end_line, other.end_column) < (site.end_line, site.end_column)
        for other in sites
    )  # fmt: skip


def _is_prepared(world: World, frame: Frame, site: Site) -> bool:
    """Whether the relation may be loaded when the site is reached, here or along the chain."""
    relation = _relation(site)
    if _is_prepared_for(world, frame, site.block, site.order, relation):
        return True
    for hop in site.effect.hops:
        inner = frame_at(world, hop)
        if inner is None:
            continue
        for below in world.effects.sites(inner):
            if (below.line, below.column) == (hop.line, hop.column):
                return _is_prepared_for(world, inner, below.block, below.order, relation)
        if runs_in_greenlet(world, inner):
            return True
    return False


def _is_prepared_for(world: World, frame: Frame, block: int, order: int, relation: str) -> bool:
    name, _, attribute = relation.rpartition(".")
    return any(
        is_preloaded(world, frame, block, order, model, attribute) for model in world.orm.models_named(name) or ("",)
    )
