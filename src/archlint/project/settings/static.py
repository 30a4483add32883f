"""What a static value is: a constant, a collection of values, or what only the environment knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from archlint.knowledge import settings as known
from archlint.model.summary import Bind
from archlint.project.identifiers import name_words


class Unset:
    """What only the environment knows."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


class Value(NamedTuple):
    """A value, the place of the text that fixes it, and the variable of the environment that may replace it.

    ``value`` is a constant, a tuple of values (of a list, tuple or set), a dict from text to values,
    or ``UNSET`` when the environment alone decides. Members that are unknown are None.
    """

    value: Any
    path: str = ""
    line: int = 0
    variable: str = ""

    @property
    def is_set(self) -> bool:
        """Whether the program text says a value, be it a default."""
        return self.value is not UNSET

    @property
    def constants(self) -> tuple[Any, ...]:
        """The constants in a collection; of a single constant, itself."""
        items = self.value if isinstance(self.value, tuple) else (self,)
        return tuple(i.value for i in items if i is not None and not isinstance(i.value, tuple | dict))


def is_other_environment(name: str) -> bool:
    """Whether the name of a module or class says: development, tests, an example."""
    return not known.OTHER_ENVIRONMENTS.isdisjoint(name_words(name))


def same(values: Iterable[Value | None]) -> Value | None:
    """The value on which all ways agree."""
    found = list(values)
    if not found or any(v is None for v in found):
        return None
    first = found[0]
    assert first is not None
    if all(v is not None and _plain(v) == _plain(first) for v in found):
        return first
    return None


def _plain(value: Value | None) -> Any:
    if value is None:
        return UNSET
    if isinstance(value.value, tuple):
        return ("items", tuple(_plain(v) for v in value.value))
    if isinstance(value.value, dict):
        return ("mapping", tuple((k, _plain(v)) for k, v in value.value.items()))
    return (type(value.value).__name__, value.value)


def is_blank(value: Value) -> bool:
    """Whether a value gives way to what stands behind ``or``."""
    return not value.is_set or (value.value in (None, "", ()) and bool(value.variable))


def compared(operator: str, sides: list[Value | None]) -> Value | None:
    """What a comparison with a default of the environment comes to: ``os.getenv("DEBUG", "1") == "1"``."""
    if len(sides) != 2 or any(side is None or not side.is_set for side in sides):
        return None
    left, right = (side for side in sides if side is not None)
    variable = left.variable or right.variable
    if operator in ("is", "is not") and any(right.value is one for one in (None, True, False)):
        is_same = left.value is right.value
    elif isinstance(left.value, tuple | dict) or isinstance(right.value, dict):
        return None
    elif operator in ("in", "not in") and isinstance(right.value, tuple):
        is_same = left.value in right.constants
    elif operator in ("==", "!=") and not isinstance(right.value, tuple):
        is_same = left.value == right.value
    else:
        return None
    return left._replace(value=is_same == (operator in ("in", "==", "is")), variable=variable)


def stem(path: str) -> str:
    """The name of a file without its folder and ending."""
    return path.rpartition("/")[2].removesuffix(".py")


_SWITCHES = dict.fromkeys(("true", "1", "yes", "on", "t", "y"), True) | dict.fromkeys(
    ("false", "0", "no", "off", "f", "n", ""), False
)


def switch(found: Value | None) -> Value | None:
    """What a reader of switches makes of a text: ``strtobool("yes")``."""
    if found is None or not isinstance(found.value, str):
        return found
    value = _SWITCHES.get(found.value.strip().lower())
    return None if value is None else found._replace(value=value)


def converted(name: str, found: Value | None) -> Value | None:
    """What a constructor of the standard library makes of a value."""
    if found is None or not found.is_set:
        return found
    value = found.value
    if name.endswith("CommaSeparatedStrings") and isinstance(value, str):
        parts = tuple(found._replace(value=p.strip()) for p in value.split(","))
        return found._replace(value=parts)
    if name.rpartition(".")[2] in ("strtobool", "str2bool", "loads", "literal_eval"):
        return switch(found)
    if name == "str" and isinstance(value, bool | int):
        return found._replace(value=str(value))
    if name == "bool":
        return found._replace(value=bool(value))
    if name in ("list", "tuple", "set", "frozenset") and not isinstance(value, tuple):
        return None
    if name == "int" and not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        return None
    if name == "int":
        return found._replace(value=int(value))
    return found


#: Harmless methods of texts.
TEXT_METHODS: dict[str, Callable[[str], str] | None] = {
    "split": None, "strip": str.strip, "lower": str.lower, "upper": str.upper, "encode": None, "decode": None,
    "get_secret_value": None, "rstrip": str.rstrip, "lstrip": str.lstrip, "title": str.title,
}  # fmt: skip


def changed(text: Value, method: str, argument: Value | None) -> Value | None:
    """What a method makes of a text: ``"a,b".split(",")``."""
    if not isinstance(text.value, str):
        return text if not text.is_set else None
    if method == "split":
        separator = argument.value if argument is not None else ""
        if not (separator is None or isinstance(separator, str)) or separator == "":
            return None
        return text._replace(value=tuple(text._replace(value=part) for part in text.value.split(separator)))
    change = TEXT_METHODS[method]
    return text if change is None else text._replace(value=change(text.value))


def imports_of(rows: list[list[Any]]) -> list[list[Any]]:
    """The imports among the bindings of a name, where the others only stand in for a missing module."""
    found = [r for r in rows if r[Bind.EXPR] is not None and r[Bind.EXPR][0] == "im"]
    return found if all(r in found or r[Bind.EXPR] == ["k", None] for r in rows) else []
