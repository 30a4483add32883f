"""A serializer that loads a relation of every row by a query of its own.

## What it does

Finds lists of rows that are given to a serializer whose fields read relations the query has not loaded:

* FastAPI and Django Ninja handlers whose response model (`response_model=list[OrderRead]`, a return
  annotation, a page of such) has a field named like a lazy relation of the model, in nested schemas too;
* pydantic schemas that are filled from rows: `OrderRead.model_validate(row)` or `from_orm` per row of a
  loop, `TypeAdapter(list[OrderRead]).validate_python(rows)`, `Page(items=rows)`, also in project functions
  and in generic repositories whose schema is a type argument;
* list views and view sets of Django REST framework, and `OrderSerializer(rows, many=True)`: nested
  serializers, `source="customer.name"`, related fields, `SerializerMethodField` methods and model
  properties that load a relation or query.

## Why is this bad?

The serializer reads one attribute after the other, and each unloaded relation of each row is a query of
its own: a page of 100 orders with a customer and items costs 201 queries. None of them stands in the code
of the handler, and in development, with three rows, nobody notices.

## How to fix

Load what the serializer reads together with the rows. SQLAlchemy:

```python
rows = session.scalars(select(Order).options(joinedload(Order.customer), selectinload(Order.items))).all()
```

Django:

```python
class OrderViewSet(viewsets.ModelViewSet):
    queryset = Order.objects.select_related("customer").prefetch_related("items")
```

A method field that counts or sums is computed for all rows at once with `annotate`. A field that a list
does not need is left out of its schema.

The finding stands where the rows meet the serializer, because the query to be changed is there: on the
call that validates or serialises; for a response model, on the `def` of the handler; for a list view, on
its `queryset` or its `get_queryset`, or on the class when it inherits them. One finding names all fields
that cost a query; the fields themselves are given as related places.

## Not reported

* Single objects: one more query for one row is no list (under an `AsyncSession`, ARC223 reports them).
* Primary keys and hyperlinks of relations to one row: the key stands in the row itself. Keys of many
  related rows do cost a query per row.
* Serializers that decide about their fields when they are used: `get_fields`, a `to_representation` that
  does not call `super()`, an `__init__` that removes fields by names that are computed. Schemas with a
  validator that replaces the whole object first.
* Query sets with options that cannot be read (`select_related(*fields)`), and views whose query set
  depends on more than a chain of query set methods.
* Method fields that look first whether somebody has loaded the value (`hasattr(obj, "order_count")`).
* Tests, scripts and migrations.
* Known misses: what `to_representation` methods read beside the fields, fields of serializer classes that
  are made at run time, marshmallow schemas.

## References

* [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
* [Django REST framework: performance of generic views](https://www.django-rest-framework.org/api-guide/generic-views/#avoiding-n1-queries)
* [Pydantic: arbitrary class instances](https://docs.pydantic.dev/latest/concepts/models/#arbitrary-class-instances)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ClassEvent, FunctionEvent, Rule, on
from archlint.project.chains import contexts, shown_below
from archlint.project.effects import Hop
from archlint.project.iteration import repeated_in

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.evaluate import Frame
    from archlint.project.file import Anchor, File
    from archlint.project.function import Class, Function
    from archlint.project.rest import Walk
    from archlint.project.world import World

#: Fields and relations that a message spells out.
_NAMED = 3


class LazyLoadInSerializer(Rule):
    """See the module."""

    impact = Impact.HIGH
    answers = ("anti-pattern 5", "area B", "area E", "checklist 16")
    message = "Serialising {fields} runs {queries} once per row{chain}; {advice}"

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report calls that serialise many rows, and handlers whose response model does."""
        if file.role:
            return
        world, frame = file.world, function.frame
        reported = set()
        # Where each pass of a loop fetches its own row, that query is the finding (ARC201).
        fetched = {s[:4] for s in function.sites if "Q" in s.effect.letters}
        for site in function.sites:
            if "P" not in site.effect.letters and site[:4] in fetched:
                continue
            if _serves_many(world, site, frame) and not shown_below(world, site, _serves_many):
                reported.add(site[:4])
                yield self._call(file, site, frame)
        for owner, inner in contexts(world, frame):
            for site in world.effects.sites(inner):
                if _serves_many(world, site, inner) and not site.effect.hops and site[:4] not in reported:
                    reported.add(site[:4])
                    yield self._call(file, site, inner, f" in `{owner}`")
        if function.scope.decorators:
            served = world.serializers.served_by_handler(frame)
            if served is not None and served.many:
                yield from self._report(file, function, served.walks)

    def _call(self, file: File, site: Site, frame: Frame, where: str = "") -> Diagnostic:
        """A call that serialises rows, with all fields when it does so itself."""
        hops = site.effect.hops
        if not hops and site.callee is not None:
            served = file.world.serializers.served_by_call(site.callee, frame.scope.calls[site.call], frame)
            if served is not None:
                return self._finding(file, site, served.walks, where)
        return file.diagnostic(
            self, site, related=file.chain(hops), fields=f"`{site.effect.leaf}`",
            queries=f"the lazy load of `{site.effect.subject}`",
            chain=f" via {' -> '.join(h.label for h in hops)}", advice="load it with the query (`selectinload`/`joinedload`)",
        )  # fmt: skip

    @on(ClassEvent)
    def view(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report list views whose query set does not load what their serializer reads."""
        if file.role:
            return
        served = file.world.serializers.served_by_view(cls.key)
        if served is not None:
            yield from self._report(file, _query_set(cls, file), served.walks)

    def _report(self, file: File, anchor: Anchor, walks: tuple[Walk, ...]) -> Iterator[Diagnostic]:
        kept = tuple(w for w in walks if not w.is_async)
        if kept:
            yield self._finding(file, anchor, kept)

    def _finding(self, file: File, anchor: Anchor, walks: tuple[Walk, ...], where: str = "") -> Diagnostic:
        related = [
            Related(file.hop_location(Hop(*w.place, 0, w.place[1], 1, "")), f"`{w.schema}.{w.field}`") for w in walks
        ]
        return file.diagnostic(
            self, anchor, related=related, fields=_listed([f"`{w.schema}.{w.field}`" for w in walks]),
            queries=_queries(walks), chain=where, advice=_advice(walks),
        )  # fmt: skip


def _serves_many(world: World, site: Site, frame: Frame) -> bool:
    """Whether a site serialises many rows that a synchronous query has answered."""
    letters = site.effect.letters
    if "V" not in letters or "S" in letters:
        return False
    return "P" in letters or repeated_in(world, frame, site.block) is not None


def _listed(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    if len(unique) <= _NAMED:
        return " and ".join([", ".join(unique[:-1]), unique[-1]] if len(unique) > 1 else unique)
    return f"{', '.join(unique[:_NAMED])} and {len(unique) - _NAMED} more"


def _queries(walks: tuple[Walk, ...]) -> str:
    lazy = [f"`{w.relation}`" for w in walks if w.style != "query"]
    queried = [f"`{w.relation}`" for w in walks if w.style == "query"]
    parts = []
    if lazy:
        parts.append(f"the lazy load of {_listed(lazy)}")
    if queried:
        parts.append(f"a query on {_listed(queried)}")
    return " and ".join(parts)


def _advice(walks: tuple[Walk, ...]) -> str:
    """The loader options that are missing."""
    related = list(dict.fromkeys(w for w in walks if w.style != "query"))
    if not related:
        return "compute it for all rows at once (`annotate`, or one query before)"
    if related[0].style != "django":
        return "load with the query: " + _listed([f"`selectinload({w.relation})`" for w in related])
    single = [f'"{"__".join(w.path)}"' for w in related if w.path and not w.many]
    several = [f'"{"__".join(w.path)}"' for w in related if w.path and w.many]
    parts = [f"`{method}({', '.join(dict.fromkeys(names))})`"
             for method, names in (("select_related", single), ("prefetch_related", several)) if names]  # fmt: skip
    return f"add {' and '.join(parts)} to the query set" if parts else "load it with the query set, or `annotate` it"


def _query_set(cls: Class, file: File) -> Anchor:
    """Where a view says which rows it lists."""
    for node in file.index.nodes(ast.ClassDef):
        if (node.lineno, node.col_offset) != (cls.scope.line, cls.scope.column):
            continue
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name == "get_queryset":
                return item
        for item in node.body:
            if isinstance(item, ast.Assign) and [t.id for t in item.targets if isinstance(t, ast.Name)] == ["queryset"]:
                return item.value
    return cls
