"""What a call gives: of the project, of a library, of something whose type is not known."""

from __future__ import annotations

from typing import Any

from archlint.knowledge import sources as known
from archlint.knowledge import untrusted
from archlint.model.summary import Bind, Call, Expr, Param, Store
from archlint.project.effects import describe
from archlint.project.evaluation.frames import Frame
from archlint.project.limits import FUEL
from archlint.project.taint.callers import Upwards
from archlint.project.taint.hooks import implementations
from archlint.project.taint.origins import ITEM, NONE, Origin, Origins, Path
from archlint.project.types import Type, is_project, members


class Calls(Upwards):
    """Questions about calls."""

    def call(self, index: int, frame: Frame, path: Path, depth: int) -> Origins:
        """Where a part of what a call gives comes from."""
        row = frame.scope.calls[index]
        callee = row[Call.FUNC]
        block, order = row[Call.BLOCK], row[Call.ORDER]
        found: list[Origins] = []
        if path and path[0][:1] != "#":
            stored = self.statements.source(row, frame)
            if stored:
                return frozenset((Origin("row", stored, path[:1]),))
        kinds = members(self.world.evaluator.callee(index, frame))
        if len(kinds) > 1 and self._is_hashing(kinds):
            return NONE
        for member in kinds:
            if member.kind == "func":
                receiver = callee[1] if callee is not None and callee[0] == "a" else None
                is_own = receiver == ["n", "self"]
                found += [
                    self.result(func, receiver, row, frame, block, order, path, depth)
                    for func in (member, *(implementations(member, self.world) if is_own else ()))
                ]
            elif member.kind == "class":
                found.append(self._constructed(member, row, frame, path, depth))
            elif member.kind == "lib":
                found.append(self.library(member, row, frame, path, depth))
        if not kinds:
            found.append(self.unknown(row, frame, path, depth))
        return NONE.union(*found)

    def _is_hashing(self, callees: tuple[Type, ...]) -> bool:
        """Whether one of several implementations hashes: the others stand in for it in tests."""
        hashing = self.world.passwords.accounts.hashing
        return any(callee.kind == "func" and hashing.hashes(callee.name) for callee in callees)

    def library(self, func: Type, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """What calling a library function gives."""
        block, order = row[Call.BLOCK], row[Call.ORDER]
        callee, args = row[Call.FUNC], row[Call.ARGS]
        if func.args and callee is not None and callee[0] == "a":
            cls, _, method = func.name.rpartition(".")
            lineage = self.lineage(func.args[0].name) if func.args[0] is not None else [cls]
            names = {f"{name}.{method}" for name in (*lineage, cls)}
            if any(untrusted.METHODS.get(name) in untrusted.BAGS for name in names):
                return self.request_of(describe(["a", callee[1], method, None], frame.scope), None, path)
            if method in known.BUILDERS and args:
                return self.any_of(args[:1], frame, block, order, path, depth)
            return self.method(callee, row, frame, path, depth)
        position = known.PASSES.get(func.name)
        if position is not None:
            if func.name == "dict" and path:
                found = self.keyword(row, frame, path, depth)
                if found is not None:
                    return found
            return self.any_of(args[position : position + 1], frame, block, order, path, depth)
        if func.name == "getattr" and len(args) > 1 and args[1] is not None and args[1][0] == "k":
            return self.attribute(["a", args[0], str(args[1][1]), None], frame, block, order, path, depth)
        if callee is not None and callee[0] == "a" and callee[2] in known.RECEIVER_PASSES:
            return self.unknown(row, frame, path, depth)
        return NONE

    def unknown(self, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """A call of something whose type is not known: only what its name can say."""
        callee = row[Call.FUNC]
        if callee is None or callee[0] != "a":
            return NONE
        block, order = row[Call.BLOCK], row[Call.ORDER]
        value = self.eval(callee[1], frame, block, order)
        if untrusted.WORDS.get(callee[2]) in untrusted.BAGS and self.is_untyped_request(
            callee[1], value, frame
        ):
            return self.request_of(describe(callee, frame.scope), None, path)
        args = row[Call.ARGS]
        if args and args[0] is not None and args[0][0] == "k" and self._is_getter(callee[2], value):
            return self.request_of(describe(callee, frame.scope), None, (str(args[0][1]), *path))
        if callee[2] in ("load", "loads") and row[Call.ARGS] and self._is_schema(value):
            for member in members(value):
                if path and is_project(member.name) and not self.keeps(member.name, path[0]):
                    return NONE
            return self.any_of(row[Call.ARGS][:1], frame, block, order, path, depth)
        return self.method(callee, row, frame, path, depth)

    def _is_getter(self, method: str, value: Type | None) -> bool:
        return any(f"{n}.{method}" in untrusted.GETTERS for m in members(value) for n in self.lineage(m.name))

    def _is_schema(self, value: Type | None) -> bool:
        return any(
            name.startswith(("marshmallow.", "flask_marshmallow."))
            for m in members(value)
            for name in self.lineage(m.name)
        )

    def method(self, callee: Expr, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """A method that gives its receiver back, or one field of it."""
        block, order = row[Call.BLOCK], row[Call.ORDER]
        base, method, args = callee[1], callee[2], row[Call.ARGS]
        key = args[0][1] if args and args[0] is not None and args[0][0] == "k" else None
        if method in known.KEY_METHODS and isinstance(key, str):
            found = self.field(base, key, frame, block, order, path, depth)
            return found | self.any_of(args[1:2], frame, block, order, path, depth)
        if method in known.RECEIVER_PASSES:
            if path:
                update = next((v for k, v in row[Call.KEYWORDS] if k == "update"), None)
                if update is not None:
                    found = self.origins(update, frame, block, order, path, depth)
                    if found or has_key(update, path[0]) or update[0] != "d":
                        return found
                if not includes(row, path[0]):
                    return NONE
            return self.origins(base, frame, block, order, path, depth)
        if method == "items" and path[:1] == (ITEM,) and path[1:2] == ("#1",):
            return self.origins(base, frame, block, order, (ITEM, *path[2:]), depth)
        return NONE

    def keyword(self, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins | None:
        """The field that a keyword of a call, or a mapping unpacked into it, gives; None when none does."""
        block, order = row[Call.BLOCK], row[Call.ORDER]
        for key, value in row[Call.KEYWORDS]:
            if key == path[0]:
                return self.origins(value, frame, block, order, path[1:], depth)
        for key, value in row[Call.KEYWORDS]:
            if key is None:
                found = self.origins(value, frame, block, order, path, depth)
                if found:
                    return found
        return None

    def _constructed(self, cls: Type, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """A field of an object of the project's own class."""
        if not path or self.is_row(cls.name) or not self.keeps(cls.name, path[0]):
            return NONE
        found = self.keyword(row, frame, path, depth)
        if found is not None:
            return found
        block, order = row[Call.BLOCK], row[Call.ORDER]
        init = self.world.classes.method(cls.name, "__init__")
        if init is None:
            fields = self._fields(cls.name)
            if path[0] in fields and fields.index(path[0]) < len(row[Call.ARGS]):
                value = row[Call.ARGS][fields.index(path[0])]
                return self.origins(value, frame, block, order, path[1:], depth)
            return NONE
        if depth <= 0:
            return NONE
        func = Type("func", f"{init[0]}:{init[1].index}", (Type("inst", cls.name, cls.args),))
        inner = self.world.evaluator.frame(init[0], init[1].index, (), FUEL - 1)
        first = ["n", init[1].params[0][Param.NAME]] if init[1].params else None
        results: list[Origins] = []
        for store in init[1].stores:
            if store[Store.VALUE] == first and store[Store.ATTR] == path[0]:
                symbolic = self.origins(
                    store[Store.EXPR], inner, store[Store.BLOCK], store[Store.ORDER] - 1, path[1:], depth - 1
                )
                results.append(self.substitute(symbolic, func, None, row, frame, block, order, depth))
        return NONE.union(*results)

    def _fields(self, key: str) -> list[str]:
        """Annotated names of a class body, bases first: the order of a dataclass's arguments."""
        found: list[str] = []
        for base in reversed(self.world.classes.mro(key)):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            for name, rows in info.scope.binds.items() if info is not None else ():
                if rows[0][Bind.ANNOTATION] is not None and name not in found:
                    found.append(name)
        return found


def has_key(expr: Expr, key: str) -> bool:
    """Whether a mapping display writes a key itself."""
    return expr is not None and expr[0] == "d" and any(k == ["k", key] for k, _ in expr[1])


def includes(row: list[Any], field: str) -> bool:
    """Whether ``model_dump(include=…, exclude=…)`` certainly keeps a field."""
    for key, value in row[Call.KEYWORDS]:
        if key not in ("include", "exclude"):
            continue
        if value is None or value[0] not in ("e", "l", "t", "d"):
            return bool(value == ["k", None])
        listed = [k for k, _ in value[1]] if value[0] == "d" else value[1]
        if (["k", field] in listed) != (key == "include"):
            return False
    return True
