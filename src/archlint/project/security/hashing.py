"""Which functions hash a password, told by what they call; names count only where nothing else is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.hashing import HASHING
from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.roles import role_of
from archlint.project.types import Type, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.world import World

_HASH_WORD = re.compile(
    r"(?i)(hash|crypt|pbkdf|argon|scrypt|digest|derive|set_password|make_password|encode_password)"
)
_VERIFY_WORD = re.compile(r"(?i)(verify|check|compare|valid)")
#: Words by which files that hash passwords are found.
_HASHERS = (
    "argon2", "bcrypt", "check_password", "check_password_hash", "generate_password_hash", "make_password",
    "passlib", "pbkdf2", "pwdlib", "scrypt",
)  # fmt: skip


def looks_like_hashing(word: str) -> bool:
    """Whether the name of an unknown function says that it hashes: enough for silence, no finding."""
    return bool(_HASH_WORD.search(word)) and not _VERIFY_WORD.search(word)


class Hashing:
    """Questions about hashing functions of one project."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._hashes: dict[tuple[str, int], bool] = world.answers()
        self._helpers: dict[str, tuple[str, Scope] | None] = world.answers()

    def hashes(self, func: str, depth: int = 4) -> bool:
        """Whether a project function hashes or encrypts something, itself or below."""
        key = (func, depth)
        if key not in self._hashes:
            self._hashes[key] = self._find_hashes(func, depth)
        return self._hashes[key]

    def _find_hashes(self, func: str, depth: int) -> bool:
        scope = self.world.function(func)
        if scope is None:
            return False
        path = func.rpartition(":")[0]
        evaluator = self.world.evaluator
        frame = evaluator.frame(path, scope.index)
        for index, row in enumerate(scope.calls):
            callees = members(evaluator.callee(index, frame))
            for callee in callees:
                if callee.kind == "func":
                    if depth > 0 and self.hashes(callee.name, depth - 1):
                        return True
                elif self.is_hashing(callee):
                    return True
            word = last_word(row[Call.FUNC])
            if not callees and looks_like_hashing(word):
                return True
        return False

    def is_hashing(self, callee: Type) -> bool:
        """Whether a library function hashes or encrypts its argument."""
        names = [callee.name]
        if callee.args and callee.args[0] is not None:
            method = callee.name.rpartition(".")[2]
            lineage = self.world.classes.library_bases(callee.args[0].name)
            names += [f"{base}.{method}" for base in sorted(lineage)]
        for name in names:
            kind = HASHING.get(name, "").partition(" ")[0]
            if kind in ("password", "derive", "encrypt", "fast", "keyed", "setter"):
                return True
            if name.startswith("passlib.hash.") and name.endswith((".hash", ".encrypt")):
                return True
        word = callee.name.rpartition(".")[2]
        return callee.kind == "lib" and bool(_HASH_WORD.search(word)) and not _VERIFY_WORD.search(word)

    def helper(self, kind: str) -> str:
        """The project's own function that hashes (``password``) or checks (``verify``) a password."""
        found = self._helper(kind)
        return found[1].name if found is not None else ""

    def function_of_password(self) -> str:
        """That which hashes, as ``path:name``, if it takes a password alone and anybody can call it."""
        found = self._helper("password")
        if found is None or found[1].parent != 0 or found[1].is_async:
            return ""
        path, scope = found
        if not scope.params or any(param[Param.DEFAULT] is None for param in scope.params[1:]):
            return ""
        return f"{path}:{scope.name}"

    def function_of_check(self) -> tuple[str, bool] | None:
        """That which checks, as ``path:name``, and whether it takes the stored hash first.

        It has to be the only one, to take the two alone, and to answer as its library does.
        """
        checks = [self._check(path, scope) for path, scope in self._find_helpers("verify")]
        return checks[0] if len(checks) == 1 else None

    def _check(self, path: str, scope: Scope) -> tuple[str, bool] | None:
        names = [param[Param.NAME] for param in scope.params if param[Param.KIND] in "/."]
        if scope.parent != 0 or scope.is_async or len(names) != 2 or len(scope.params) != 2:
            return None
        frame = self.world.evaluator.frame(path, scope.index)
        for index, row in enumerate(scope.calls):
            given = [_text_of(expr, scope) for expr in row[Call.ARGS]]
            for callee in members(self.world.evaluator.callee(index, frame)):
                kind, *places = HASHING.get(callee.name, "").split()
                # A library that raises where others answer False decides by more than what is returned.
                if kind != "verify" or callee.name.startswith("argon2."):
                    continue
                is_answer = any(expr == ["c", index] for expr, *_ in scope.returns)
                if is_answer and len(scope.returns) == 1 and places in (["0", "1"], ["1", "0"]):
                    secret, stored = (
                        given[int(place)] if int(place) < len(given) else "" for place in places
                    )
                    if {secret, stored} == set(names):
                        return f"{path}:{scope.name}", stored == names[0]
        return None

    def _helper(self, kind: str) -> tuple[str, Scope] | None:
        if kind not in self._helpers:
            self._helpers[kind] = next(self._find_helpers(kind), None)
        return self._helpers[kind]

    def _find_helpers(self, kind: str) -> Iterator[tuple[str, Scope]]:
        paths: set[str] = set()
        for word in _HASHERS:
            paths.update(self.world.mentioning(word))
        for path in sorted(paths):
            for scope in self.world.summary(path).scopes:
                if self._may_be_helper(path, scope) and self._calls_hashing(path, scope, kind):
                    yield path, scope

    def _may_be_helper(self, path: str, scope: Scope) -> bool:
        """Whether anybody may call a function: no special method, no test, no handler of requests."""
        if scope.kind != "function" or scope.name.startswith("__") or role_of(path) == "test":
            return False
        return self.world.frameworks.route(path, scope) is None

    def _calls_hashing(self, path: str, scope: Scope, kind: str) -> bool:
        """Whether a function hashes, and answers with the hash, or checks a password."""
        evaluator = self.world.evaluator
        frame = evaluator.frame(path, scope.index)
        returned = [expr for expr, *_ in scope.returns]
        for index, row in enumerate(scope.calls):
            if row[Call.ARGS] and (kind == "verify" or ["c", index] in returned):
                callees = members(evaluator.callee(index, frame))
                if any(HASHING.get(callee.name, "").partition(" ")[0] == kind for callee in callees):
                    return True
        return False


def _text_of(expr: Expr, scope: Scope) -> str:
    """The name that an argument is, as it is or encoded."""
    if expr is not None and expr[0] == "c":
        func = scope.calls[expr[1]][Call.FUNC]
        expr = func[1] if func is not None and func[0] == "a" and func[2] == "encode" else None
    return str(expr[1]) if expr is not None and expr[0] == "n" else ""
