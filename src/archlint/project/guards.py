"""Which parameter decides whether a place of a function is reached at all.

A *guard* is ``"name"`` when the place is reached only if that parameter is given something true,
``"!name"`` when it is reached only if the parameter is left out, and ``"!!name"`` when a flag that
is on by default must be switched off. Only parameters with a constant default and flags (``: bool``)
count, so that a call shows which way it goes. Several guards, separated by spaces, must all hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.model.flow import conjuncts, has_call, left_before
from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope, Store, Test

_NOTHING = (None, False, 0, "")
#: Comparisons with True, False and None: whether they say that it is so.
_SAYS = {"is": True, "==": True, "is not": False, "!=": False}


def guard_of(scope: Scope, block: int, order: int, call: int = -1) -> str:
    """The guards of a place, or of a call inside a condition; empty when no parameter decides alone."""
    every = {p[Param.NAME] for p in scope.params if is_nothing(p[Param.DEFAULT]) or _is_flag(p)}
    flags = _on_by_default(scope)
    every |= flags
    if not every:
        return ""
    found: dict[str, None] = {}
    for guard in (*_guards(scope, block, order, call, every), *_instead(scope, call, every)):
        # A flag that is on by default matters where it is switched off.
        found[f"!{guard}" if guard[:1] == "!" and guard[1:] in flags else guard] = None
    return " ".join(found)


def needed_at(scope: Scope, block: int) -> str:
    """The parameters that all callers give and that must be true: some pass on what they were not given."""
    given = {p[Param.NAME] for p in scope.params if p[Param.DEFAULT] is None and not _is_flag(p)}
    tests = (
        part
        for b in scope.ancestors(block)
        if scope.blocks[b][Block.KIND] == "if"
        for part in conjuncts(scope.blocks[b][Block.EXPR])
    )
    names = (part[1] for part in tests if part is not None and part[0] == "n")
    return " ".join(dict.fromkeys(n for n in names if n in given and n not in scope.binds))


def _instead(scope: Scope, call: int, every: set[str]) -> Iterator[str]:
    """The guard of what is made in place of a parameter: ``model = model or load(name)``."""
    if call < 0:
        return
    values = [row[Bind.EXPR] for rows in scope.binds.values() for row in rows]
    for expr in (*values, *(row[Store.EXPR] for row in scope.stores)):
        if expr is None or expr[0] != "o" or len(expr) != 3 or expr[2] != ["c", call]:
            continue
        given, func, args = expr[1], scope.calls[call][Call.FUNC], scope.calls[call][Call.ARGS]
        # `model and load(model)` reads the same here, but asks the parameter.
        asks = given in args or (func is not None and func[0] == "a" and func[1] == given)
        is_choice = any(test[Test.CHOICE] == expr for test in scope.tests)
        if given is not None and given[0] == "n" and given[1] in every and not asks and not is_choice:
            yield f"!{given[1]}"


def decides(scope: Scope, test: Expr) -> bool:
    """Whether a parameter that a call may leave out decides a test: then the call tells the way."""
    optional = {p[Param.NAME] for p in scope.params if is_nothing(p[Param.DEFAULT])}
    return bool(optional) and any(_tested(part, optional) for part in conjuncts(test))


def either(one: str, other: str, told: str) -> str:
    """The guard of what happens both with a flag and without it; otherwise that of the one that is told."""
    left, right = set(one.split()), set(other.split())
    for part in left - right:
        name = part.lstrip("!")
        if right - left in ({name}, {f"!{name}"}, {f"!!{name}"}) and left - right == {part}:
            return " ".join(p for p in one.split() if p in right)
    return told


def all_of(*guards: str) -> str:
    """Several guards as one."""
    return " ".join(dict.fromkeys(part for guard in guards for part in guard.split()))


def _is_flag(param: list[Any]) -> bool:
    """Whether every caller must say yes or no."""
    return param[Param.DEFAULT] is None and param[Param.ANNOTATION] == ["n", "bool"]


def _guards(scope: Scope, block: int, order: int, call: int, every: set[str]) -> Iterator[str]:

    def optional_at(row: list[Any]) -> set[str]:
        # A parameter that has another value by then says nothing of the call any more.
        return {
            n for n in every if all(bind[Bind.ORDER] >= row[Block.ORDER] for bind in scope.binds.get(n, ()))
        }

    around = scope.ancestors(block)
    for row in scope.blocks if call >= 0 else ():
        if row[Block.PARENT] == block and row[Block.KIND] == "if":
            yield from _tested_before(row[Block.EXPR], call, optional_at(row), scope)
    for ancestor in around:
        row = scope.blocks[ancestor]
        kind = row[Block.KIND]
        if kind in ("if", "for", "comp", "while"):
            for part in conjuncts(row[Block.EXPR]):
                found = _tested(_as_given(part, scope), optional_at(row))
                if found:
                    yield found
        elif kind == "else":
            found = _tested(row[Block.EXPR], optional_at(row))
            if found:
                yield _otherwise(found)
    for index in left_before(scope, around, order):
        row = scope.blocks[index]
        found = _tested(row[Block.EXPR], optional_at(row))
        if found:
            yield _otherwise(found)


def _tested_before(test: Expr, call: int, optional: set[str], scope: Scope) -> list[str]:
    """The guards of a call that stands in a condition, behind ``and``."""
    found: list[str] = []
    for part in conjuncts(test):
        if has_call(part, call, scope):
            return found
        guard = _tested(part, optional)
        found += [guard] if guard else []
    return []


def _as_given(test: Expr, scope: Scope) -> Expr:
    """A test of what the same function has kept of a parameter, as a test of the parameter.

    ``self.path = Path(path) if path else None`` and then ``if self.path:``.
    """
    if test is None or test[0] != "a" or test[1] != ["n", "self"]:
        return test
    given = [
        row[Store.EXPR] for row in scope.stores if row[Store.VALUE] == test[1] and row[Store.ATTR] == test[2]
    ]
    if len(given) != 1 or given[0] is None:
        return test
    expr = given[0]
    if expr[0] == "o" and len(expr) == 3 and is_nothing(expr[2]) and expr[1] is not None:
        expr = expr[1]
        if expr[0] == "c" and len(scope.calls[expr[1]][Call.ARGS]) == 1:
            expr = scope.calls[expr[1]][Call.ARGS][0]
    return expr if expr is not None and expr[0] == "n" else test


def _otherwise(guard: str) -> str:
    return guard[1:] if guard[0] == "!" else f"!{guard}"


def is_nothing(expr: Expr) -> bool:
    """Whether an expression is a false constant."""
    if expr is None:
        return False
    if expr[0] == "k":
        return any(expr[1] is nothing for nothing in _NOTHING) or expr[1] == ""
    return expr[0] in ("l", "t", "d", "e") and not expr[1]


def _tested(test: Expr, optional: set[str]) -> str:
    if test is not None and test[0] == "o" and len(test) == 3 and is_nothing(test[2]):
        test = test[1]
    if test is None:
        return ""
    if test[0] == "n":
        return test[1] if test[1] in optional else ""
    if test[0] != "m" or test[2] is None or test[2][0] != "n" or test[2][1] not in optional:
        return ""
    name, operator, other = str(test[2][1]), test[1], test[3]
    if operator == "not":
        return f"!{name}"
    says = _SAYS.get(operator)
    if says is None or other not in (["k", None], ["k", False], ["k", True]):
        return ""
    return name if says == (other == ["k", True]) else f"!{name}"


def is_open(guard: str, callee: Scope, bound: bool, row: list[Any]) -> bool:
    """Whether a call can reach what stands behind the guards of its callee."""
    return all(_is_open(part, callee, bound, row) for part in guard.split())


def _is_open(guard: str, callee: Scope, bound: bool, row: list[Any]) -> bool:
    given, expr = passed(guard.lstrip("!"), callee, bound, row)
    if not given and any(k is None for k, _ in row[Call.KEYWORDS]):
        return True
    if any(e is not None and e[0] == "*" for e in row[Call.ARGS]):
        return True
    if guard.startswith("!!"):
        return given and (expr is None or expr[0] != "k" or not expr[1])
    if given and expr is None:
        return True
    absent = is_nothing(expr) if given else guard not in _on_by_default(callee)
    if guard[0] != "!" or absent:
        return absent == (guard[0] == "!")
    # A value in place of None is a value; one in place of False may be false too.
    default = next((p[Param.DEFAULT] for p in callee.params if p[Param.NAME] == guard[1:]), None)
    return default != ["k", None] and not (expr is not None and expr[0] == "k")


def _on_by_default(scope: Scope) -> set[str]:
    """The flags that are on unless a call switches them off."""
    return {p[Param.NAME] for p in scope.params if p[Param.DEFAULT] == ["k", True]}


def is_usual(guard: str, scope: Scope) -> bool:
    """Whether a function that is called without saying more passes its guards."""
    return set(guard.split()) <= _on_by_default(scope)


def is_usual_branch(scope: Scope, block: int) -> bool:
    """Whether a block is entered unless a call switches off what is on by default: ``if commit:``."""
    row = scope.blocks[block]
    names = [part[1] for part in conjuncts(row[Block.EXPR]) if part is not None and part[0] == "n"]
    is_if = row[Block.KIND] == "if" and len(names) == len(conjuncts(row[Block.EXPR]))
    return is_if and set(names) <= _on_by_default(scope) - scope.binds.keys()


def handed_on(guard: str, callee: Scope, bound: bool, row: list[Any], scope: Scope) -> str:
    """The guards seen from the caller, where it passes parameters of its own on."""
    return all_of(*(_handed_on(part, callee, bound, row, scope) for part in guard.split()))


def _handed_on(guard: str, callee: Scope, bound: bool, row: list[Any], scope: Scope) -> str:
    _, expr = passed(guard.lstrip("!"), callee, bound, row)
    if expr is None or expr[0] != "n" or expr[1] in scope.binds:
        return ""
    on = expr[1] in _on_by_default(scope)
    if on or guard.startswith("!!"):
        return f"{'!!' if guard[0] == '!' else ''}{expr[1]}" if on else ""
    if not any(
        p[Param.NAME] == expr[1] and (is_nothing(p[Param.DEFAULT]) or _is_flag(p)) for p in scope.params
    ):
        return ""
    return f"!{expr[1]}" if guard[0] == "!" else str(expr[1])


def passed(name: str, callee: Scope, bound: bool, row: list[Any]) -> tuple[bool, Expr]:
    """Whether a call gives a parameter a value, and the expression it gives."""
    for key, expr in row[Call.KEYWORDS]:
        if key == name:
            return True, expr
    names = [p[Param.NAME] for p in callee.params if p[Param.KIND] in "/."][1 if bound else 0 :]
    position = names.index(name) if name in names else -1
    args = row[Call.ARGS]
    return (True, args[position]) if 0 <= position < len(args) else (False, None)


def switches(scope: Scope, block: int, order: int) -> frozenset[str]:
    """The parameters that must all be true for a place to be reached: ``if commit:`` around it."""
    names = {p[Param.NAME] for p in scope.params if p[Param.NAME] not in scope.binds}
    around = scope.ancestors(block)
    found: set[str] = set()
    denied = [*left_before(scope, around, order)]
    for index in around:
        kind, test = scope.blocks[index][Block.KIND], scope.blocks[index][Block.EXPR]
        if kind == "if":
            found.update(part[1] for part in conjuncts(test) if part is not None and part[0] == "n")
        elif kind == "else":
            denied.append(index)
    for index in denied:
        found.update(_denied(scope.blocks[index][Block.EXPR]))
    return frozenset(names & found)


def _denied(test: Expr) -> list[str]:
    """The name that is true where ``not name`` is not."""
    inner = test[2] if test is not None and test[0] == "m" and test[1] == "not" else None
    return [inner[1]] if inner is not None and inner[0] == "n" else []


def switched_on(
    wanted: frozenset[str], callee: Scope, bound: bool, row: list[Any], scope: Scope
) -> frozenset[str] | None:
    """The switches as the caller sees them; None when the call leaves one of them off."""
    found = set()
    defaults = {p[Param.NAME]: p[Param.DEFAULT] for p in callee.params}
    names = {p[Param.NAME] for p in scope.params if p[Param.NAME] not in scope.binds}
    for name in sorted(wanted):
        given, expr = passed(name, callee, bound, row)
        if given and expr is not None and expr[0] == "n" and expr[1] in names:
            found.add(str(expr[1]))
        elif is_nothing(expr if given else defaults.get(name)):
            return None
    return frozenset(found)


def is_off(scope: Scope, wanted: frozenset[str]) -> bool:
    """Whether any of these switches is off when a function is called without it."""
    return any(p[Param.NAME] in wanted and is_nothing(p[Param.DEFAULT]) for p in scope.params)
