"""What has been found out about a value before it is used: compared, matched, looked up, approved.

A *subject* is a name with the fields taken from it: ``("body", "sort")`` for ``body.sort``,
``body["sort"]`` and ``body.get("sort")``. A condition clears a subject where it holds: inside the branch,
or after a branch that leaves when it does not hold.

Two kinds of attack differ in what clears them. A piece of a statement or command is clean only when the
text itself was compared. An address, a path or a page is judged by parts of it (its host, the folder it
leads to), so that any test that looks at it counts, but those that only look at its end or whether it exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from archlint.knowledge import untrusted as known
from archlint.model.flow import conjuncts
from archlint.model.summary import AWAITED, STATEMENT, Bind, Block, Call, Expr, Param, Scope, Store, Test
from archlint.project.evaluation.frames import Frame, called_word, visible_bindings
from archlint.project.taint.composed import BY_HOST
from archlint.project.taint.origins import END, ITEM, Path
from archlint.project.taint.shallow import SHALLOW, asks_for_scheme, is_web_scheme
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.taint.flow import Flow

Subject = tuple[str, ...]

_LEAVES = frozenset(("return", "raise", "continue", "break"))
_ABORTS = re.compile(r"(?i)^(?:abort|exit|_exit|fail|raise_\w+|\w*error|deny|forbid\w*|redirect_\w+)$")
_CLEANS = re.compile(known.CLEANS)
#: Questions about a text that only certain texts pass.
_SHAPES = frozenset(("isdigit", "isalnum", "isidentifier", "isnumeric", "isdecimal", "isalpha", "isxdigit"))
_MATCHES = frozenset(("match", "fullmatch", "search", "findall", "finditer"))
#: Classes that a value from a request may be of.
_TEXTS = frozenset((
    "str", "bytes", "Path", "PurePath", "object", "list", "dict", "Mapping", "Sequence", "tuple",
    "UploadFile",
))  # fmt: skip
_WHOLE = frozenset(("strip", "lower", "upper", "casefold", "lstrip", "rstrip", "title", "encode", "decode"))
_CASTS = frozenset(
    ("int", "float", "UUID", "Decimal", "ip_address", "ip_network", "fromisoformat", "strptime")
)


class Conditions:
    """Questions about conditions in one project, for one kind of attack.

    The functions that conditions call are read by conditions one level ``below``, which end somewhere.
    """

    def __init__(self, flow: Flow, *, by_parts: bool, depth: int = 2) -> None:
        self.flow = flow
        self.by_parts = by_parts
        self.below = Conditions(flow, by_parts=by_parts, depth=depth - 1) if depth else None
        self._cleared: dict[tuple[Any, ...], list[tuple[Subject, int, int, int]]] = flow.world.answers()

    def hold(self, expr: Expr, frame: Frame, block: int, order: int, path: Path = ()) -> bool:
        """Whether the value under a path of an expression is known to be clean at a place."""
        subject = subject_of(expr, frame.scope)
        if not subject:
            return False
        subject = (*subject, *(p for p in path))
        around = frozenset(frame.scope.ancestors(block))
        for cleared, where, since, until in self.cleared(frame):
            if where not in around or not since <= order <= until or not _covers(cleared, subject):
                continue
            if not _is_rebound(frame.scope, subject[0], since, order, around):
                return True
        return False

    def chosen(self, expr: Expr, frame: Frame, path: Path) -> list[Expr]:
        """The alternatives of an expression that its own condition does not clear."""
        kept = list(expr[1:])
        for row in frame.scope.tests:
            if row[Test.CHOICE] != expr:
                continue
            for value, truth in ((expr[1], True), (expr[2], False)):
                subject = subject_of(value, frame.scope)
                found = self.clears(row[Test.TEST], truth, frame, row[Test.BLOCK], row[Test.ORDER])
                if value in kept and subject and any(_covers(c, (*subject, *path)) for c in found):
                    kept.remove(value)
        return kept

    # -- what a scope clears ----------------------------------------------------------------------

    def cleared(self, frame: Frame) -> list[tuple[Subject, int, int, int]]:
        """The subjects that conditions of a scope clear: in which block, after which order, until which."""
        found = self._cleared.get(frame.key)
        if found is None:
            found = self._cleared[frame.key] = list(self._find_cleared(frame))
        return found

    def _find_cleared(self, frame: Frame) -> Iterator[tuple[Subject, int, int, int]]:
        scope = frame.scope
        for index, row in enumerate(scope.blocks):
            kind, test = row[Block.KIND], row[Block.EXPR]
            if kind not in ("if", "else", "while") or test is None:
                continue
            parent, start, last = row[Block.PARENT], row[Block.ORDER], row[Block.LAST]
            for subject in self.clears(test, kind != "else", frame, parent, start):
                yield subject, index, start, last
            if kind == "while":
                continue
            for subject in self.clears(test, kind == "else", frame, parent, start):
                if self._leaves(frame, index) or _replaces(scope, index, subject):
                    yield subject, parent, last, END
        for row in scope.tests:
            if row[Test.CHOICE] is None:
                for subject in self.clears(row[Test.TEST], True, frame, row[Test.BLOCK], row[Test.ORDER]):
                    yield subject, row[Test.BLOCK], row[Test.ORDER], END
        yield from self._approvals(frame)

    def _leaves(self, frame: Frame, index: int) -> bool:
        scope = frame.scope
        if scope.blocks[index][Block.EXIT] in _LEAVES:
            return True
        return any(
            row[Call.BLOCK] == index
            and row[Call.FLAGS] & (STATEMENT | AWAITED)
            and _ABORTS.search(called_word(row[Call.FUNC], frame))
            for row in scope.calls
        )

    def _approvals(self, frame: Frame) -> Iterator[tuple[Subject, int, int, int]]:
        """Calls whose result is not used, or that fail: ``validate_name(name)``, ``int(name)``."""
        scope = frame.scope
        for index, row in enumerate(scope.calls):
            word = called_word(row[Call.FUNC], frame)
            if row[Call.FLAGS] & (STATEMENT | AWAITED):
                given = [*row[Call.ARGS], *(v for _, v in row[Call.KEYWORDS])]
                for value in given:
                    for subject in self._looked_at(value, frame):
                        if _CLEANS.search(word) or self._refuses(index, value, frame):
                            yield subject, row[Call.BLOCK], row[Call.ORDER], END
            fails = self._fails_for(row, word, frame)
            if fails:
                around = scope.ancestors(row[Call.BLOCK])
                tried = next((b for b in around if scope.blocks[b][Block.KIND] == "try"), None)
                where = row[Call.BLOCK] if tried is None else scope.blocks[tried][Block.PARENT]
                for subject in fails:
                    yield subject, where, row[Call.ORDER], END

    def _fails_for(self, row: list[Any], word: str, frame: Frame) -> set[Subject]:
        """What must be clean, or else the call raises: ``int(name)``, ``path.relative_to(folder)``."""
        if word in _CASTS and row[Call.ARGS]:
            cast_of = subject_of(row[Call.ARGS][0], frame.scope)
            return {cast_of} if cast_of else set()
        callee = row[Call.FUNC]
        if word == "relative_to" and self.flow.kind == "path" and callee is not None and callee[0] == "a":
            return self._looked_at(callee[1], frame)
        return set()

    def _refuses(self, index: int, value: Expr, frame: Frame) -> bool:
        """Whether the project function that is called leaves by an exception unless the argument is clean."""
        row = frame.scope.calls[index]
        if self.below is None:
            return False
        for callee, scope in self._functions(index, frame):
            if not any(b[Block.EXIT] == "raise" for b in scope.blocks):
                continue
            inner = self.flow.frame_of(callee, scope)
            for param in scope.params:
                given = self.flow.argument(callee, scope, row, param[Param.NAME])
                if given is not None and given[0] == value:
                    return self.below.hold(["n", param[Param.NAME]], inner, 0, END)
        return False

    # -- what a test clears -----------------------------------------------------------------------

    def clears(self, test: Expr, truth: bool, frame: Frame, block: int, order: int) -> set[Subject]:
        """The subjects that are clean where a test comes out so."""
        if test is None:
            return set()
        tag = test[0]
        if tag == "m":
            return self._compared(test, truth, frame, block, order)
        if tag == "o":
            return self._either(test, truth, frame, block, order)
        if tag == "c":
            return self._called(test[1], truth, frame)
        if tag == "n" and not truth:
            bound = self._bound(test, frame, block, order)
            return {(str(test[1]),)} | (self.clears(bound, truth, frame, block, order) if bound else set())
        if tag == "n":
            bound = self._bound(test, frame, block, order)
            return self.clears(bound, truth, frame, block, order) if bound else set()
        if tag in ("a", "s"):
            subject = subject_of(test, frame.scope)
            if subject:
                return set() if truth else {subject}
            return self._looked_at(test, frame) if self.by_parts else set()
        return set()

    def _bound(self, test: Expr, frame: Frame, block: int, order: int) -> Expr:
        """The one test that a name stands for."""
        rows, covered = visible_bindings(frame.scope, test[1], block, order)
        if len(rows) != 1 or not covered or rows[0][Bind.EXPR] is None:
            return None
        bound = rows[0][Bind.EXPR]
        return bound if bound[0] in ("m", "c", "w") else None

    def _either(self, test: Expr, truth: bool, frame: Frame, block: int, order: int) -> set[Subject]:
        parts = [self.clears(part, truth, frame, block, order) for part in test[1:]]
        if not truth:
            return set().union(*parts)
        return set.intersection(*parts) if parts else set()

    def _compared(self, test: Expr, truth: bool, frame: Frame, block: int, order: int) -> set[Subject]:
        _, operator, left, right = test
        if operator == "and":
            parts = conjuncts(test)
            if truth:
                return set().union(*(self.clears(p, True, frame, block, order) for p in parts))
            return self._not_both(parts, frame, block, order)
        if operator == "not":
            return self.clears(left, not truth, frame, block, order)
        if operator in ("is", "is not"):
            if right == ["k", None] and truth == (operator == "is"):
                return {s for s in [subject_of(left, frame.scope)] if s}
            return set()
        if operator not in ("in", "not in", "==", "!="):
            return self._looked_at(left, frame) if self.by_parts and operator in ("<", "<=") else set()
        if operator in ("in", "not in") and left is not None and left[0] in ("k", "n") and self.by_parts:
            found = self._looked_at(right, frame)
            if found and left[0] == "k":
                return found if left[1] not in (".", "") else set()
            if found and right[0] == "a" and right[2] == "parents":
                return found
        if truth != (operator in ("in", "==")):
            return self._looked_at(left, frame) if self.by_parts and not _is_plain(left) else set()
        if self.flow.kind in BY_HOST and is_web_scheme(left, right):
            return set()
        found = self._looked_at(left, frame)
        if operator == "==":
            found |= self._looked_at(right, frame) if left is not None and left[0] == "k" else set()
        if not found or self._is_open(right, frame, block, order, inside=operator == "in"):
            return set()
        return found

    def _not_both(self, parts: list[Expr], frame: Frame, block: int, order: int) -> set[Subject]:
        """``if name and name not in KNOWN: raise``: afterwards it is nothing, or known."""
        found: set[Subject] = set()
        for part in parts:
            others = [p for p in parts if p is not part]
            for subject in self.clears(part, False, frame, block, order):
                if all(_is_presence(p, subject, frame.scope) for p in others):
                    found.add(subject)
        return found

    def _is_open(self, expr: Expr, frame: Frame, block: int, order: int, *, inside: bool) -> bool:
        """Whether the other side of a comparison is the client's, too."""
        if expr is None or expr[0] in ("k", "t", "l", "e"):
            return False
        plain = self.flow.unconditional
        return bool(plain.origins(expr, frame, block, order, (), 1)) or (
            inside and bool(plain.origins(expr, frame, block, order, (ITEM,), 1))
        )

    def _called(self, index: int, truth: bool, frame: Frame) -> set[Subject]:
        row = frame.scope.calls[index]
        callee = row[Call.FUNC]
        word = called_word(callee, frame)
        given = [*row[Call.ARGS], *(v for _, v in row[Call.KEYWORDS])]
        found: set[Subject] = set()
        if word == "isinstance" and len(row[Call.ARGS]) == 2:
            return self._of_class(row, truth, frame)
        if callee is not None and callee[0] == "a":
            if word in _SHAPES and truth:
                return {s for s in [subject_of(callee[1], frame.scope)] if s}
            is_any_host = truth and self.flow.kind in BY_HOST and asks_for_scheme(row)
            if self.by_parts and word not in SHALLOW and not is_any_host:
                found |= self._looked_at(callee[1], frame)
        if word in _MATCHES or word in ("any", "all") or _CLEANS.search(word):
            if word in ("any", "all"):
                given = [g[2] if g is not None and g[0] == "p" else g for g in given] + _iterated(
                    given, frame.scope
                )
            for value in given:
                found |= self._looked_at(value, frame)
            if self.by_parts and _CLEANS.search(word) and self._is_shallow(index, frame):
                return set()
            return found
        for value in given:
            if truth and self._approves(index, value, frame):
                found |= self._looked_at(value, frame)
        if (
            self.by_parts
            and word not in SHALLOW
            and word in ("commonpath", "commonprefix", "is_relative_to", "compare_digest")
        ):
            for value in given:
                found |= self._looked_at(value, frame)
        return found

    def _of_class(self, row: list[Any], truth: bool, frame: Frame) -> set[Subject]:
        """A client's text is a text: what is of another class, or is no text, is not the client's."""
        value, classes = row[Call.ARGS]
        listed = classes[1] if classes is not None and classes[0] == "t" else [classes]
        names = {called_word(cls, frame) for cls in listed}
        subject = subject_of(value, frame.scope)
        if not subject or "" in names:
            return set()
        is_other = names.isdisjoint(_TEXTS) if truth else "str" in names
        return {subject} if is_other else set()

    def _functions(self, index: int, frame: Frame) -> Iterator[tuple[Any, Scope]]:
        for callee in members(self.flow.world.evaluator.callee(index, frame)):
            scope = self.flow.world.function(callee.name) if callee.kind == "func" else None
            if scope is not None:
                yield callee, scope

    def _is_shallow(self, index: int, frame: Frame) -> bool:
        """Whether a project function that judges a name looks at its end only."""
        looks = {"rsplit", "split", "lower", "splitext", "endswith", "strip", "upper", "suffix", "Path"}
        return any(
            scope.calls and {last_word(row[Call.FUNC]) for row in scope.calls} <= looks
            for _, scope in self._functions(index, frame)
        )

    def _approves(self, index: int, value: Expr, frame: Frame) -> bool:
        """Whether a project function is true only of what is clean."""
        row = frame.scope.calls[index]
        if self.below is None:
            return False
        for callee, scope in self._functions(index, frame):
            inner = self.flow.frame_of(callee, scope)
            for param in scope.params:
                given = self.flow.argument(callee, scope, row, param[Param.NAME])
                if given is None or given[0] != value:
                    continue
                subject = (param[Param.NAME],)
                answers = [r for r in scope.returns if r[0] not in (["k", False], ["k", None])]
                return bool(answers) and all(
                    any(_covers(c, subject) for c in self.below.clears(expr, True, inner, block, order))
                    or self.below.hold(["n", param[Param.NAME]], inner, block, order)
                    for expr, block, order, _ in answers
                )
        return False

    def _looked_at(self, expr: Expr, frame: Frame) -> set[Subject]:
        """The subjects that a test of an expression is about."""
        if expr is None:
            return set()
        whole = subject_of(expr, frame.scope)
        if not self.by_parts:
            return {whole} if whole else set()
        if expr[0] == "s" and expr[2] is not None and expr[2][0] in ("k", "sl") and not whole:
            return set()
        found: set[Subject] = set()
        pending, steps = [expr], 0
        while pending and steps < 40:
            here = pending.pop()
            steps += 1
            if not isinstance(here, list) or not here:
                continue
            if (subject := subject_of(here, frame.scope)) and subject not in found:
                found.add(subject)
                pending += [r[Bind.EXPR] for r in frame.scope.binds.get(subject[0], ())]
            if not self._is_field(here, frame):
                pending += _made_of(here, frame.scope)
        return found

    def _is_field(self, expr: Expr, frame: Frame) -> bool:
        """Whether an expression is one of several values that stand side by side.

        ``request.method`` says nothing about ``request.POST``, nor does ``await request.json()`` about
        ``request.query``, but ``urlparse(url).netloc`` does about its address.
        """
        if expr[0] == "s":
            return expr[2] is not None and expr[2][0] == "k" and isinstance(expr[2][1], str)
        if expr[0] == "c":
            callee = frame.scope.calls[expr[1]][Call.FUNC]
            is_method = callee is not None and callee[0] == "a"
            return _read_by_key(expr, frame.scope) is not None or (
                is_method and self.flow.is_request(callee[1], frame)
            )
        return expr[0] == "a" and self.flow.has_fields(expr[1], frame)


def subject_of(expr: Expr, scope: Scope) -> Subject:
    """The name and fields that an expression is; empty when it is anything else."""
    if expr is None:
        return ()
    tag = expr[0]
    if tag == "n":
        return (str(expr[1]),)
    if tag == "a":
        base = subject_of(expr[1], scope)
        return (*base, str(expr[2])) if base else ()
    if tag == "s" and expr[2] is not None and expr[2][0] == "k":
        base = subject_of(expr[1], scope)
        key = expr[2][1]
        return (*base, str(key) if isinstance(key, str) else f"#{key}") if base else ()
    if tag == "w":
        return subject_of(expr[1], scope)
    if tag == "c":
        row = scope.calls[expr[1]]
        callee, args = row[Call.FUNC], row[Call.ARGS]
        if callee is None:
            return ()
        key = _read_by_key(expr, scope)
        if key is not None:
            base = subject_of(callee[1], scope)
            return (*base, key) if base else ()
        if callee[0] == "a" and callee[2] in _WHOLE:
            return subject_of(callee[1], scope)
        if callee == ["n", "str"] and len(args) == 1:
            return subject_of(args[0], scope)
    return ()


def _read_by_key(expr: Expr, scope: Scope) -> str | None:
    """The key of ``data.get("key")``; None when a call is anything else."""
    callee, args = scope.calls[expr[1]][Call.FUNC], scope.calls[expr[1]][Call.ARGS]
    if callee is None or callee[0] != "a" or callee[2] not in ("get", "pop"):
        return None
    return str(args[0][1]) if args and args[0] is not None and args[0][0] == "k" else None


def _made_of(expr: Expr, scope: Scope) -> list[Expr]:
    """The values that an expression is made of, as far as a test of it looks at where they lead."""
    if expr[0] == "n":
        return []
    if expr[0] == "a":
        return [expr[1]] if expr[2] not in SHALLOW else []
    if expr[0] != "c":
        return [part for part in expr if isinstance(part, list)]
    row = scope.calls[expr[1]]
    func = row[Call.FUNC]
    if last_word(func) in SHALLOW:
        return []
    receiver = func[1] if func is not None and func[0] == "a" else None
    return [receiver, *row[Call.ARGS], *(v for _, v in row[Call.KEYWORDS])]


def _covers(cleared: Subject, subject: Subject) -> bool:
    """Whether a clean subject is the one asked about, or what that is taken from."""
    return cleared == subject or (len(cleared) < len(subject) and subject[: len(cleared)] == cleared)


def _is_rebound(scope: Scope, name: str, since: int, order: int, around: frozenset[int]) -> bool:
    """Whether a name has got another value between a condition and its use, on the way to it."""
    return any(
        since < row[Bind.ORDER] <= order
        and row[Bind.BLOCK] in around
        and not _is_about(row[Bind.EXPR], name, scope)
        for row in scope.binds.get(name, ())
    )


def _is_about(expr: Expr, name: str, scope: Scope) -> bool:
    """Whether a new value is made of the old one alone: ``name = name.strip()``."""
    return subject_of(expr, scope)[:1] == (name,)


def _replaces(scope: Scope, index: int, subject: Subject) -> bool:
    """Whether a branch, or branches in it, give a subject another value."""
    if len(subject) == 1:
        return any(index in scope.ancestors(row[Bind.BLOCK]) for row in scope.binds.get(subject[0], ()))
    return any(
        index in scope.ancestors(row[Store.BLOCK]) and row[Store.ATTR].strip("[]") == subject[-1]
        for row in scope.stores
    )


def _is_plain(expr: Expr) -> bool:
    return expr is not None and expr[0] in ("n", "a", "s", "k")


def _is_presence(test: Expr, subject: Subject, scope: Scope) -> bool:
    """Whether a test only asks if there is a value."""
    if test is not None and test[0] == "m" and test[1] == "is not" and test[3] == ["k", None]:
        test = test[2]
    return subject_of(test, scope) == subject


def _iterated(values: Iterable[Expr], scope: Scope) -> list[Expr]:
    """What the comprehensions among some values iterate over."""
    found: list[Expr] = []
    for value in values:
        block = value[3] if value is not None and value[0] == "p" else -1
        while block >= 0 and scope.blocks[block][Block.KIND] in ("comp", "acomp"):
            found.append(scope.blocks[block][Block.EXPR])
            block = scope.blocks[block][Block.PARENT]
    return found


@cache
def is_cleaning_name(name: str) -> bool:
    """Whether a function says by its name that what it gives is clean."""
    return _CLEANS.search(name) is not None
