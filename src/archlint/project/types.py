"""The values that evaluation deals in: what an expression is, as far as it can be known.

A type is a small immutable tuple. ``None`` stands for "unknown" everywhere: a rule that gets
it stays silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

#: More alternatives than this are not worth following.
MAX_UNION = 6
#: Type arguments nested deeper than this are forgotten.
MAX_NESTING = 4


class Type(NamedTuple):
    """What an expression evaluates to.

    kind      name                                   args
    ========  =====================================  =============================
    inst      class of the instance                  type arguments
    class     class object                           type arguments (``list[int]``)
    func      project function ``path:index``        (receiver,) when bound
    lib       library thing, not yet called          (receiver,) for a bound method
    module    project file
    coro      awaitable                              (result,)
    union                                            members
    const     constant string or number as text
    ========  =====================================  =============================

    A project class or function is named ``path:scope index``; library things by their
    qualified name. ``facts`` say where a model instance or a query comes from; see ``orm``.
    """

    kind: str
    name: str
    args: tuple[Type | None, ...] = ()
    facts: tuple[str, ...] = ()


#: The fact of a function that was given to ``contextmanager``: its call is entered.
ENTERED = "entered"
#: The fact of an awaitable that may as well be the value itself, or nothing.
PERHAPS = "perhaps"
#: What is called with arguments and gives the last of its type arguments.
CALLABLE = "collections.abc.Callable"
#: A generic class with what it is written with, as an object.
GENERIC_ALIAS = "types.GenericAlias"
#: What reads attributes of its argument: their paths are its facts, ``=customer.name``.
ATTRGETTER = "operator.attrgetter"
#: Builtin classes, by bare name.
BUILTIN_CLASSES = frozenset(
    [
        "str",
        "int",
        "float",
        "bool",
        "bytes",
        "list",
        "dict",
        "set",
        "frozenset",
        "tuple",
        "object",
        "type",
        "Exception",
        "property",
    ]
)
#: Builtin collections whose one type argument is their item.
COLLECTIONS = frozenset(("list", "set", "frozenset", "tuple", "collections.deque"))

NONE = Type("inst", "None")
STR = Type("inst", "str")
BOOL = Type("inst", "bool")
INT = Type("inst", "int")
BYTES = Type("inst", "bytes")


def inst(name: str, *args: Type | None) -> Type:
    """An instance of a class."""
    return Type("inst", name, args)


def coro(result: Type | None) -> Type:
    """What calling a coroutine function gives."""
    return Type("coro", "", (result,))


def members(value: Type | None) -> tuple[Type, ...]:
    """The alternatives of a value; empty when unknown."""
    if value is None:
        return ()
    if value.kind == "union":
        return tuple(m for m in value.args if m is not None)
    return (value,)


def union(values: Iterable[Type | None]) -> Type | None:
    """One value that may be any of these; unknown alternatives are left out."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    first = known[0]
    if len(known) == 1 or all(value == first for value in known):
        return first
    found: dict[Type, Type] = {}
    for value in known:
        for member in members(value):
            key = _without_facts(member)
            other = found.get(key)
            found[key] = member if other is None or other == member else _merged(other, member)
    if not found:
        return None
    kept = list(found.values())
    if len(kept) > 1 and NONE in found:
        # Optional values are followed as their value: the None path ends in an error, not in a query.
        kept = [m for m in kept if m != NONE]
    if len(kept) == 1:
        return kept[0]
    return Type("union", "", tuple(kept[:MAX_UNION]))


def _without_facts(value: Type) -> Type:
    """The value as far as it decides whether two alternatives are the same thing, loaded differently."""
    facts = value.facts if value.facts and value.facts[0][:1] == "=" else ()
    if not value.args:
        return value if value.facts == facts else value._replace(facts=facts)
    return value._replace(
        args=tuple(None if a is None else _without_facts(a) for a in value.args), facts=facts
    )


def _merged(left: Type, right: Type) -> Type:
    """Two alternatives that differ in facts only: what one path has loaded, the code knows how to load.

    That all rows lead to the same one, ``~owner``, holds only where both say so.
    """
    lone = {fact for fact in {*left.facts} ^ {*right.facts} if fact[0] == "~"}
    facts = tuple(sorted({*left.facts, *right.facts} - lone))
    args = tuple(
        a if a is None or b is None or a == b else _merged(a, b)
        for a, b in zip(left.args, right.args, strict=True)
    )
    return left._replace(args=args, facts=facts)


def shallow(value: Type | None, depth: int = MAX_NESTING) -> Type | None:
    """The value with deep type arguments forgotten, so that recursion cannot grow it for ever."""
    if value is None or not value.args:
        return value
    if depth == 0:
        # What an awaitable gives may be unknown, but it gives something.
        return value._replace(args=(None,) if value.kind == "coro" else ())
    return value._replace(args=tuple(shallow(a, depth - 1) for a in value.args))


def is_project(name: str) -> bool:
    """Whether a class or function name is the project's own (``path:index``)."""
    return ":" in name


def better(declared: Type | None, value: Type | None) -> Type | None:
    """The more telling of a declared and an inferred type."""
    if declared is None:
        return value
    if value is None:
        return declared
    if declared == NONE:
        return value
    if value == NONE or (value.kind == "lib" and declared.kind == "inst" and is_project(declared.name)):
        # Something of a library where an object of the project belongs says that there is none yet.
        return declared
    if value.kind in ("inst", "union") and declared.kind == "inst":
        if value.kind == "inst" and (value.name == declared.name and not value.args and declared.args):
            return declared._replace(facts=value.facts)
        if value.kind == "inst" and value.name in BUILTIN_CLASSES and declared.name not in BUILTIN_CLASSES:
            return declared
    return value
