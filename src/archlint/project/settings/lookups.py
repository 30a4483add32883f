"""Look-ups of settings by name, in the environment and by readers of libraries: what they give by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.knowledge import settings as known
from archlint.model.summary import Call, Expr
from archlint.project.settings.static import UNSET, Value, switch
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.settings.values import Values


def looked_up(values: Values, row: list[Any], name: str, frame: Frame, depth: int) -> Value | None:
    """A look-up by name: its default, and the variable that may replace it; ``name`` is a known reader's."""
    key = values.at(row[Call.ARGS][0], row, frame, depth) if row[Call.ARGS] else None
    variable = str(key.value) if key is not None and key.is_set else "?"
    expr = _default(row, known.ENVIRONMENT_READERS.get(name, ("default", "1")))
    if expr is not None:
        found = values.at(expr, row, frame, depth)
        found = switch(found) if _is_switch(row) else found
        return None if found is None else found._replace(variable=variable)
    declared = _schemed(values, row, variable, frame, depth) if not name else None
    if declared is not None:
        return declared._replace(variable=variable)
    absent = values.absent if name in known.NOTHING_FROM else UNSET
    return Value(absent, frame.path, row[Call.LINE], variable)


def scheme(values: Values, row: list[Any], frame: Frame, depth: int) -> Value:
    """The defaults that a reader is made with, by variable: ``Env(DEBUG=(bool, False))``."""
    found = {
        key: values.at(expr[1][1], row, frame, depth)
        for key, expr in row[Call.KEYWORDS]
        if key is not None and expr is not None and expr[0] == "t" and len(expr[1]) == 2
    }
    return Value(found, frame.path, row[Call.LINE])


def is_reader(values: Values, row: list[Any], frame: Frame, block: int, order: int) -> bool:
    """Whether an object is asked that reads the environment, or a method of it."""
    for target in _targets(row):
        for value in members(values.world.evaluator.eval(target, frame, block, order)):
            if value.kind in ("inst", "lib") and value.name in known.ENVIRONMENT_OBJECTS:
                return True
    return False


def _targets(row: list[Any]) -> list[Expr]:
    func = row[Call.FUNC]
    if func is None:
        return []
    return [func, func[1]] if func[0] == "a" else [func]


def _default(row: list[Any], places: tuple[str, ...]) -> Expr:
    args, given = row[Call.ARGS], dict(row[Call.KEYWORDS])
    for place in places:
        if not place.isdigit():
            expr = given.get(place)
        else:
            expr = args[int(place)] if int(place) < len(args) else None
        if expr is not None:
            return expr
    return None


def _is_switch(row: list[Any]) -> bool:
    """Whether a look-up makes a switch of the text: ``env.bool("X")``, ``config("X", cast=bool)``."""
    func = row[Call.FUNC]
    return ("cast", ["n", "bool"]) in map(tuple, row[Call.KEYWORDS]) or (
        func is not None and func[0] == "a" and func[2] == "bool"
    )


def _schemed(values: Values, row: list[Any], variable: str, frame: Frame, depth: int) -> Value | None:
    """The default that the reader was made with."""
    for target in _targets(row):
        reader = values.at(target, row, frame, depth)
        if reader is not None and isinstance(reader.value, dict):
            found = reader.value.get(variable)
            return found if isinstance(found, Value) else None
    return None
