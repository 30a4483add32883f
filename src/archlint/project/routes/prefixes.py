"""Places that a function comes to for certain paths only: ``if request.path.startswith("/internal/")``."""

from __future__ import annotations

from archlint.model.flow import conjuncts
from archlint.model.summary import Block, Call, Expr, Scope
from archlint.project.words import last_word

#: Attributes of requests that are their path.
_PATHS = frozenset(("path", "path_info"))


def prefixes_at(scope: Scope, block: int, order: int) -> tuple[str, ...]:
    """The beginnings of the paths for which a place is reached; empty when there may be others."""
    around = scope.ancestors(block)
    for index in around:
        if scope.blocks[index][Block.KIND] == "if":
            for test in conjuncts(scope.blocks[index][Block.EXPR]):
                if found := _asked(test, scope):
                    return found
    for row in scope.blocks:
        test = row[Block.EXPR]
        leaves = row[Block.KIND] == "if" and row[Block.EXIT] == "return" and row[Block.PARENT] in around
        is_not = leaves and row[Block.LAST] < order and test is not None and test[:2] == ["m", "not"]
        if is_not and (found := _asked(test[2], scope)):
            return found
    return ()


def _asked(test: Expr, scope: Scope) -> tuple[str, ...]:
    """What ``request.path.startswith(…)`` asks for."""
    row = scope.calls[test[1]] if test is not None and test[0] == "c" else None
    func = row[Call.FUNC] if row is not None else None
    if row is None or func is None or func[0] != "a" or func[2] != "startswith" or not row[Call.ARGS]:
        return ()
    given = row[Call.ARGS][0]
    texts = given[1] if given is not None and given[0] == "t" else [given]
    if last_word(func[1]) not in _PATHS or not all(t is not None and t[0] == "k" for t in texts):
        return ()
    return tuple(str(text[1]) for text in texts)
