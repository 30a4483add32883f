"""Which expressions name passwords and secrets, followed through the variables that hold them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.knowledge.accounts import OTHER_WORDS, PASSWORD_WORDS
from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.identifiers import name_words

#: Words that say: about a password, or made of one already.
_ABOUT = frozenset(
    ("hash", "hashed", "digest", "salt", "field", "name", "validator", "prefix", "hasher", "form")
)
#: Methods that hand on what they are called on.
_PASSES = frozenset(
    ("encode", "decode", "strip", "lower", "format", "get_secret_value", "join", "get", "hexdigest", "digest")
)
_HOPS = 3


def is_password_name(name: str) -> bool:
    """Whether a name says: the password of somebody, as typed."""
    found = name_words(name)
    return bool(found & PASSWORD_WORDS) and not found & (OTHER_WORDS | _ABOUT)


def names_in(expr: Expr, scope: Scope, hops: int = _HOPS) -> Iterator[str]:
    """The names of the values that make up an expression: what is called is not followed."""
    if expr is None:
        return
    tag = expr[0]
    if tag == "n":
        yield expr[1]
        for row in scope.binds.get(expr[1], ()) if hops > 0 else ():
            if row[Bind.EXPR] is not None and row[Bind.EXPR][0] != "n":
                yield from names_in(row[Bind.EXPR], scope, hops - 1)
    elif tag == "a":
        yield expr[2]
    elif tag == "s":
        key = expr[2]
        if key is not None and key[0] == "k" and isinstance(key[1], str):
            yield key[1]
        else:
            yield from names_in(expr[1], scope, hops)
    elif tag == "c":
        yield from _of_call(scope.calls[expr[1]], scope, hops)
    elif tag in ("b", "m"):
        for part in expr[2:4]:
            yield from names_in(part, scope, hops)
    elif tag == "o":
        for part in expr[1:]:
            yield from names_in(part, scope, hops)
    elif tag in ("j", "t", "l"):
        for part in expr[1]:
            yield from names_in(part, scope, hops)
    elif tag in ("w", "*"):
        yield from names_in(expr[1], scope, hops)


def _of_call(row: list[Expr], scope: Scope, hops: int) -> Iterator[str]:
    func, args = row[Call.FUNC], row[Call.ARGS]
    if func is None:
        return
    if func[0] == "n" and func[1] in ("str", "bytes", "bytearray", "repr"):
        for arg in args:
            yield from names_in(arg, scope, hops)
    elif func[0] == "a" and func[2] in _PASSES:
        if func[2] == "get":
            if args and args[0] is not None and args[0][0] == "k" and isinstance(args[0][1], str):
                yield args[0][1]
            return
        yield from names_in(func[1], scope, hops)
        for arg in args:
            yield from names_in(arg, scope, hops)


#: Attributes of requests that hold headers and cookies.
_HEADER_BAGS = frozenset(("headers", "META", "environ", "cookies", "COOKIES"))


def header_of(expr: Expr, scope: Scope, hops: int = 2) -> str:
    """The header or cookie of a request that a value is, by name; empty when it is none."""
    if expr is None:
        return ""
    if expr[0] == "n" and hops > 0:
        rows = scope.binds.get(expr[1], ())
        return next((h for r in rows if (h := header_of(r[Bind.EXPR], scope, hops - 1))), "")
    if expr[0] == "o":
        return next((h for e in expr[1:] if (h := header_of(e, scope, hops))), "")
    if expr[0] == "s":
        key, holder = expr[2], expr[1]
    elif expr[0] == "c":
        row = scope.calls[expr[1]]
        func = row[Call.FUNC]
        if func is None or func[0] != "a":
            return ""
        if func[2] in ("removeprefix", "replace", "strip", "split", "encode", "decode", "partition"):
            return header_of(func[1], scope, hops)
        if func[2] != "get" or not row[Call.ARGS]:
            return ""
        key, holder = row[Call.ARGS][0], func[1]
    else:
        return ""
    if holder is None or holder[0] != "a" or holder[2] not in _HEADER_BAGS:
        return header_of(holder, scope, hops) if expr[0] == "s" else ""
    return str(key[1]) if key is not None and key[0] == "k" and isinstance(key[1], str) else "?"
