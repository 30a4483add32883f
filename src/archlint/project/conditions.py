"""The conditions that a place stands under, as words: whether somebody switches it on."""

from __future__ import annotations

from archlint.model.summary import Block, Call, Expr, Scope
from archlint.project.identifiers import name_words

#: Blocks that run only sometimes.
BRANCHES = frozenset(("if", "else", "while", "case"))


def words_of(expr: Expr, scope: Scope) -> frozenset[str]:
    """The words of the names and texts in an expression, lower case."""
    found: set[str] = set()
    pending = [expr]
    while pending:
        here = pending.pop()
        if not isinstance(here, list) or not here:
            continue
        tag = here[0]
        if tag == "n":
            found |= name_words(str(here[1]))
        elif tag == "a":
            found |= name_words(str(here[2]))
            pending.append(here[1])
        elif tag == "k":
            if isinstance(here[1], str):
                found |= name_words(here[1])
        elif tag == "c" and isinstance(here[1], int):
            row = scope.calls[here[1]]
            pending += [row[Call.FUNC], *row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS])]
        else:
            pending += [part for part in here[1:] if isinstance(part, list)]
            pending += [
                p for part in here[1:] if isinstance(part, list) and part and isinstance(part[0], list)
                for p in part
            ]  # fmt: skip
    return frozenset(found)


def is_conditional(scope: Scope, block: int) -> bool:
    """Whether a place runs only under a condition of its scope."""
    return any(scope.blocks[b][Block.KIND] in BRANCHES for b in scope.ancestors(block))


def condition_words(scope: Scope, block: int) -> frozenset[str]:
    """The words of all conditions around a place."""
    found: set[str] = set()
    for ancestor in scope.ancestors(block):
        row = scope.blocks[ancestor]
        if row[Block.KIND] in BRANCHES:
            found |= words_of(row[Block.EXPR], scope)
    return frozenset(found)


def is_main(scope: Scope, block: int) -> bool:
    """Whether a place runs only when its file is started by hand, and under no other condition."""
    around = [b for b in scope.ancestors(block) if scope.blocks[b][Block.KIND] in BRANCHES]
    return len(around) == 1 and words_of(scope.blocks[around[0]][Block.EXPR], scope) == {"name", "main"}
