"""Files that the system makes up, such as those of ``/proc``: reading one asks no disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Expr, Param, Scope, Store
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.evaluate import Evaluator
    from archlint.project.evaluation.frames import Frame

#: What takes the path of a file as its first argument.
PATHS = frozenset(("open", "pathlib.Path", "pathlib.PosixPath"))
_PLACES = ("/proc/", "/sys/", "/dev/null", "/dev/urandom")
#: Names, parameters and attributes followed from a path to the text it starts with.
_STEPS = 5


def names_virtual(row: list[Any], frame: Frame, evaluator: Evaluator) -> bool:
    """Whether the first argument of a call names a file that lives on no disk."""
    path = row[Call.ARGS][0] if row[Call.ARGS] else None
    if path is None:
        return False
    value = evaluator.eval(path, frame, row[Call.BLOCK], row[Call.ORDER])
    if any(m.name == "os.devnull" for m in members(value)):
        return True
    text = _start(path, frame, evaluator, _STEPS)
    if text or path[0] != "n":
        return _is_place(text)
    return any(fact[:1] == "=" and _is_place(fact[1:]) for m in members(value) for fact in m.facts)


def _is_place(text: str) -> bool:
    return text.startswith(_PLACES) or f"{text}/" in _PLACES


def _start(expr: Expr, frame: Frame, evaluator: Evaluator, steps: int) -> str:
    """The text that a path starts with, as far as it is written down; empty when it is not."""
    if expr is None or steps == 0:
        return ""
    tag = expr[0]
    if tag == "k":
        return expr[1] if isinstance(expr[1], str) else ""
    if tag == "j":
        return _start(expr[1][0], frame, evaluator, steps - 1) if expr[1] else ""
    if tag == "b":
        return _start(expr[2], frame, evaluator, steps - 1)
    if tag == "n":
        return _start_of_name(expr[1], frame, evaluator, steps)
    if tag == "a" and expr[1] == ["n", "self"]:
        return _start_of_own(expr[2], frame, evaluator, steps)
    return ""


def _start_of_name(name: str, frame: Frame, evaluator: Evaluator, steps: int) -> str:
    here: Frame | None = frame
    while here is not None:
        given = _given(name, here.scope)
        if given:
            return _start(given[0], here, evaluator, steps - 1) if len(given) == 1 else ""
        here = here.outer
    return ""


def _given(name: str, scope: Scope) -> list[Expr]:
    """What a scope gives a name: its values, or the default of a parameter."""
    defaults = [p[Param.DEFAULT] for p in scope.params if p[Param.NAME] == name]
    return [*defaults, *(row[Bind.EXPR] for row in scope.binds.get(name, ()))]


def _start_of_own(attr: str, frame: Frame, evaluator: Evaluator, steps: int) -> str:
    """The text behind ``self.path``, as the constructor of the class stores it."""
    owner = frame.outer
    if owner is None or owner.scope.kind != "class":
        return ""
    scopes = evaluator.world.summary(frame.path).scopes
    made = next((s for s in scopes if s.parent == owner.scope.index and s.name == "__init__"), None)
    if made is None:
        return ""
    mine = ["n", "self"]
    given = [row[Store.EXPR] for row in made.stores if row[Store.VALUE] == mine and row[Store.ATTR] == attr]
    inside = evaluator.frame(frame.path, made.index, (), frame.fuel)
    return _start(given[0], inside, evaluator, steps - 1) if len(given) == 1 else ""
