"""How often a place of a function is reached: always, under conditions, or for one choice out of many.

What blocks is told of the callers of a function, which see nothing of the conditions inside it. So the
conditions on the way count: ``r`` stands for one, ``R`` for two or more, ``O`` for one of many ways to go.
"""

from __future__ import annotations

from collections.abc import Mapping

from archlint.model.branches import Branches
from archlint.model.flow import conjuncts, left_before
from archlint.model.summary import Bind, Block, Call, Expr, Scope, Summary
from archlint.project.guards import decides
from archlint.project.words import last_word

_CONDITIONS = frozenset(("if", "else", "except", "case"))
_NOT_INSTALLED = (["n", "ImportError"], ["n", "ModuleNotFoundError"])
#: Methods that ask what kind of thing a text names: ``path.startswith("s3://")``.
_KINDS_OF_TEXT = frozenset(("startswith", "endswith"))


def rarity(branches: Branches, block: int, letters: frozenset[str], busy: frozenset[int]) -> frozenset[str]:
    """The letters of an effect that goes up through a block; ``busy`` blocks wait, or hold one that does."""
    if block == 0:
        return letters
    scope = branches.scope
    around = scope.ancestors(block)
    turns = sum(_conditions(scope, b) for b in around if _is_turn(branches, b, busy))
    if "F" in letters:
        # A file that is read when something failed is read for the exception, not by every call.
        turns += any(scope.blocks[b][Block.KIND] == "except" for b in around)
    if not turns:
        return letters
    letters = letters - {"r"} | {"R" if turns > 1 or letters & {"r", "R"} else "r"}
    return letters | {"O"} if _is_one_of_many(branches, around, "F" in letters, busy) else letters


def is_for_developers(scope: Scope, block: int, order: int, summary: Summary) -> bool:
    """Whether a place needs both an optional dependency and a switch in the environment: traces, profiles."""
    is_optional = any(
        row[Block.KIND] == "except"
        and row[Block.EXPR] in _NOT_INSTALLED
        and row[Block.EXIT] in ("return", "raise")
        and row[Block.LAST] <= order
        for row in scope.blocks
    )
    if not is_optional:
        return False
    renamed = summary.renamed
    left = (scope.blocks[index][Block.EXPR] for index in left_before(scope, scope.ancestors(block), order))
    return any(
        test is not None and test[:2] == ["m", "not"] and _is_switch(test[2], scope, renamed) for test in left
    )


def _is_switch(expr: Expr, scope: Scope, renamed: Mapping[str, str]) -> bool:
    """Whether a value may come from an environment variable: ``os.getenv("TRACES")``."""
    if expr is None:
        return False
    if expr[0] == "n":
        values = (row[Bind.EXPR] for row in scope.binds.get(expr[1], ()))
        return any(v is not None and v[0] != "n" and _is_switch(v, scope, renamed) for v in values)
    if expr[0] == "o":
        return any(
            part is not None and part[0] == "c" and _is_switch(part, scope, renamed) for part in expr[1:]
        )
    if expr[0] != "c":
        return False
    func = scope.calls[expr[1]][Call.FUNC]
    word = last_word(func)
    owner = last_word(func[1]) if word == "get" and func[0] == "a" else word
    return renamed.get(owner, owner) in ("getenv", "environ")


def _conditions(scope: Scope, block: int) -> int:
    """How many conditions a branch has; that something is there at all is none beside others."""
    row = scope.blocks[block]
    parts = conjuncts(row[Block.EXPR]) if row[Block.KIND] == "if" else []
    return max(sum(1 for part in parts if part is None or part[:2] != ["m", "is not"]), 1)


def _is_turn(branches: Branches, block: int, busy: frozenset[int]) -> bool:
    """Whether a block is a condition that may fail: no call decides it, the other way does not wait too."""
    scope = branches.scope
    kind, test = scope.blocks[block][Block.KIND], scope.blocks[block][Block.EXPR]
    if kind not in _CONDITIONS or (kind in ("if", "else") and decides(scope, test)):
        return False
    return kind == "except" or not busy.issuperset(branches.ways(block))


def _is_one_of_many(branches: Branches, around: list[int], is_file: bool, busy: frozenset[int]) -> bool:
    """Whether a block stands for one choice, and most of the others do not wait."""
    scope = branches.scope
    for block in around:
        kind, test = scope.blocks[block][Block.KIND], scope.blocks[block][Block.EXPR]
        if kind == "if":
            chosen = any(_chooses(part, scope, is_file) for part in conjuncts(test))
        elif kind == "else":
            chosen = test is not None and test[0] == "m" and test[1] == "!=" and _is_choice(test[2], test[3])
        else:
            chosen = kind == "case"
        if chosen:
            ways = branches.ways(block)
            waiting = sum(way in busy for way in ways)
            if waiting * 2 <= len(ways):
                return True
    return False


def _chooses(test: Expr, scope: Scope, is_file: bool) -> bool:
    """Whether a test picks one of the things that a name may stand for."""
    if test is None:
        return False
    if test[0] == "o":
        return all(_chooses(part, scope, is_file) for part in test[1:])
    if test[0] == "m" and test[1] == "==":
        return _is_choice(test[2], test[3])
    if test[0] == "m" and test[1] == "in":
        options = test[3]
        return options is not None and options[0] in ("t", "l", "e") and all(map(_is_text, options[1]))
    if test[0] == "c":
        row = scope.calls[test[1]]
        func, args = row[Call.FUNC], row[Call.ARGS]
        if func == ["n", "isinstance"]:
            # A file is opened for those who pass a path; others pass its content.
            return is_file
        return func is not None and func[0] == "a" and func[2] in _KINDS_OF_TEXT and all(map(_is_text, args))
    return False


def _is_choice(left: Expr, right: Expr) -> bool:
    """Whether a variable is compared with a text, or the member of an enumeration.

    An attribute that is compared is a property of the data at hand: all kinds of it are met.
    """
    return any(
        (_is_text(one) or _is_member(one)) and other is not None and other[0] in ("n", "c", "s")
        for one, other in ((left, right), (right, left))
    )


def _is_member(expr: Expr) -> bool:
    """``System.VAULT`` or ``System.VAULT.value``."""
    if expr is not None and expr[0] == "a" and expr[2] == "value":
        expr = expr[1]
    return expr is not None and expr[0] == "a" and str(expr[2]).isupper()


def _is_text(expr: Expr) -> bool:
    return expr is not None and expr[0] == "k" and isinstance(expr[1], str) and bool(expr[1])
