"""Text of a client on its way to where it acts: what it becomes part of, and what makes it harmless.

The questions are those of ``Taint``. Their answers differ: a text with the client's words in it is the
client's, a number or one of a few allowed values is nobody's, and a value is followed to functions that are
called later or elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.knowledge import untrusted as known
from archlint.model.summary import Block, Call, Expr, Param, Read, Scope, Store, Test
from archlint.project.effects import describe
from archlint.project.evaluation.frames import Frame, visible_bindings
from archlint.project.taint.archives import Archives
from archlint.project.taint.arguments import ParsedArguments
from archlint.project.taint.callers import Caller
from archlint.project.taint.composed import BY_HOST, Composed, summands
from archlint.project.taint.conditions import Conditions, is_cleaning_name
from archlint.project.taint.declarations import Declarations
from archlint.project.taint.handed import Handed
from archlint.project.taint.origins import DEPTH, END, ITEM, KEY, NONE, Origin, Origins, Path, Source
from archlint.project.taint.pieces import is_trimming, leads_nowhere
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.world import World

#: Kinds of attack that are judged by where the text leads, not by what it is.
_BY_PARTS = frozenset(("path", "url", "redirect", "html", "data"))
#: Classes of requests.
_REQUESTS = frozenset(
    name.rpartition(".")[0] for name in known.ATTRIBUTES if "equest" in name or "Connection" in name
)


class Flow(Composed):
    """Questions about the text of clients, for one kind of attack."""

    def __init__(self, world: World, kind: str = "", *, believes: bool = False) -> None:
        super().__init__(world, kind, believes=believes)
        self.declarations = Declarations(self)
        self._parsed = ParsedArguments(self)
        self.handed = Handed(self)
        self.archives = Archives(world)
        self.conditions = None if believes else Conditions(self, by_parts=kind in _BY_PARTS)

    def _believer(self) -> Flow:
        return Flow(self.world, self.kind, believes=True)

    @property
    def unconditional(self) -> Flow:
        """The same questions, with no condition believed to hold."""
        assert isinstance(self._believing, Flow)
        return self._believing

    # -- expressions ------------------------------------------------------------------------------

    def origins(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path = (), depth: int = DEPTH
    ) -> Origins:
        """Where the client's text under an access path of an expression comes from."""
        if expr is None or len(path) > 6:
            return NONE
        tag = expr[0]
        if tag in ("n", "a", "s", "c"):
            if not path and self._is_harmless(expr, frame, block, order):
                return NONE
            if self.conditions is not None and self.conditions.hold(expr, frame, block, order, path):
                return NONE
        if tag == "o" and self.conditions is not None:
            return self.any_of(self.conditions.chosen(expr, frame, path), frame, block, order, path, depth)
        if tag == "a":
            return self.attribute(expr, frame, block, order, path, depth)
        if tag == "j":
            return NONE if path else self.joined(expr[1], frame, block, order, depth)
        if tag == "b":
            return self._operated(expr, frame, block, order, path, depth)
        if tag == "s":
            return self._taken(expr, frame, block, order, path, depth)
        if tag == "d" and path and path[0] in (ITEM, KEY):
            return self._any_value(expr, frame, block, order, path, depth)
        return self._of_container(expr, frame, block, order, path, depth)

    def _of_container(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        tag = expr[0]
        if tag in ("en", "aen"):
            return self.origins(expr[1], frame, block, order, path, depth)
        if tag in ("l", "t", "e") and not path:
            return self.any_of(
                [e[1] if e is not None and e[0] == "*" else e for e in expr[1]],
                frame,
                block,
                order,
                (),
                depth,
            )
        if tag == "p" and not path and expr[1] != "dict":
            return super().origins(expr, frame, block, order, (ITEM,), depth)
        return super().origins(expr, frame, block, order, path, depth)

    def _is_harmless(self, expr: Expr, frame: Frame, block: int, order: int) -> bool:
        """Whether a value is certainly a number, a date, a member of an enumeration or the like."""
        if expr[0] == "n":
            rows, covered = visible_bindings(frame.scope, expr[1], block, order)
            if len(rows) + (not covered) > 1:
                return False
        elif expr[0] == "c":
            callee = self.world.evaluator.callee(expr[1], frame)
            for member in members(callee):
                scope = self.world.function(member.name) if member.kind == "func" else None
                if scope is not None and scope.returns_annotation is None:
                    return False
        value = self.eval(expr, frame, block, order)
        kinds = members(value)
        return bool(kinds) and all(self.declarations.is_harmless(m) for m in kinds)

    def _operated(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        operator = expr[1]
        if operator == "+" and not path:
            return self.joined(summands(expr), frame, block, order, depth)
        if operator == "+":
            return self.any_of(expr[2:4], frame, block, order, path, depth)
        if operator == "%" and not path:
            return self.filled(expr, frame, block, order, depth)
        if operator == "/" and not path:
            return self.any_of(expr[2:4], frame, block, order, path, depth)
        if operator == "*" and not path:
            return self.origins(expr[2], frame, block, order, path, depth)
        return super().origins(expr, frame, block, order, path, depth) if operator == "|" else NONE

    def _taken(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        index = expr[2]
        if index is None or index[0] not in ("k", "sl") or index[1:] == [-1]:
            # A key that is not written down: any of the values, whoever chose the key.
            return self.origins(expr[1], frame, block, order, (ITEM, *path), depth)
        if index[0] == "k" and isinstance(index[1], int) and not isinstance(index[1], bool):
            return self.origins(expr[1], frame, block, order, (f"#{index[1]}", *path), depth)
        return super().origins(expr, frame, block, order, path, depth)

    def _any_value(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        if path[0] == KEY:
            return self.any_of([k for k, _ in expr[1]], frame, block, order, path[1:], depth)
        values = [v for k, v in expr[1] if k is not None]
        spread = [v for k, v in expr[1] if k is None]
        return self.any_of(values, frame, block, order, path[1:], depth) | self.any_of(
            spread, frame, block, order, path, depth
        )

    # -- names ----------------------------------------------------------------------------------------

    def find_name(self, name: str, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        """The bindings of a name, and what has been put into it since."""
        found = super().find_name(name, frame, block, order, path, depth)
        if path[:1] in ((ITEM,), (KEY,)) or not path or path[0][:1] == "#":
            found |= self._put_in(name, frame, order, path, depth)
        return found

    def _put_in(self, name: str, frame: Frame, order: int, path: Path, depth: int) -> Origins:
        """What ``name.append(x)``, ``name.extend(xs)`` and ``name[key] = x`` have put into a container."""
        found: list[Origins] = []
        rest = path[1:]
        for row in frame.scope.calls:
            callee = row[Call.FUNC]
            if row[Call.ORDER] >= order or callee is None or callee[0] != "a" or callee[1] != ["n", name]:
                continue
            args, here = row[Call.ARGS], (frame, row[Call.BLOCK], row[Call.ORDER])
            if callee[2] in ("append", "add", "appendleft", "insert", "write") and args:
                found.append(self.origins(args[-1], *here, rest, depth))
            elif callee[2] in ("extend", "update") and args:
                found.append(self.origins(args[0], *here, path or (ITEM,), depth))
        for row in frame.scope.stores:
            if row[Store.VALUE] == ["n", name] and row[Store.ATTR][:1] == "[" and row[Store.ORDER] <= order:
                at = (frame, row[Store.BLOCK], row[Store.ORDER] - 1)
                if path[:1] != (KEY,):
                    found.append(self.origins(row[Store.EXPR], *at, rest, depth))
        return NONE.union(*found)

    # -- validators --------------------------------------------------------------------------------------

    def passes_on(self, path: str, scope: Scope, field: str) -> bool:
        """Whether a validator takes any text: it neither changes the field nor refuses some."""
        refuses = any(row[Block.EXIT] == "raise" for row in scope.blocks) or any(
            row[Test.CHOICE] is None for row in scope.tests
        )
        if refuses and self._is_about(scope, field):
            return False
        return super().passes_on(path, scope, field)

    @staticmethod
    def _is_about(scope: Scope, field: str) -> bool:
        """Whether a validator looks at a field: it is named for it, or reads it."""
        if scope.name in (f"validate_{field}", f"clean_{field}") or scope.decorators:
            return True
        return any(row[Read.ATTR] == field for row in scope.reads) or any(
            ["k", field] in row[Call.ARGS] for row in scope.calls
        )

    # -- entries ----------------------------------------------------------------------------------------

    def bag(self, base: Expr, attr: str, value: Type | None, frame: Frame) -> str | None:
        """How the code calls a part of a request that an attribute is."""
        return (
            describe(["a", base, attr, None], frame.scope) if self._part(base, attr, value, frame) else None
        )

    def has_fields(self, expr: Expr, frame: Frame) -> bool:
        """Whether a value is a request, or an object of the project: its attributes stand side by side."""
        value = self.eval(expr, frame, 0, END)
        is_own = any(m.kind == "inst" and is_project(m.name) for m in members(value))
        return is_own or self.is_request(expr, frame)

    def is_request(self, expr: Expr, frame: Frame) -> bool:
        """Whether a value is a request, by its type or by how a view is given it."""
        value = self.eval(expr, frame, 0, END)
        if self.is_untyped_request(expr, value, frame):
            return True
        return any(_REQUESTS.intersection(self.lineage(m.name)) for m in members(value) if m.kind == "inst")

    def _part(self, base: Expr, attr: str, value: Type | None, frame: Frame) -> str:
        for member in members(value):
            names = self.lineage(member.name) if member.kind == "inst" else [member.name]
            for name in names:
                found = known.ATTRIBUTES.get(f"{name}.{attr}")
                if not found and self.kind == "data":
                    found = known.NETWORK.get(f"{name}.{attr}")
                if found:
                    return found
        if attr in known.WORDS and self.is_untyped_request(base, value, frame):
            return known.WORDS[attr]
        return ""

    def attribute(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        """Where an attribute comes from."""
        base, attr = expr[1], expr[2]
        value = self.eval(base, frame, block, order)
        part = self._part(base, attr, value, frame)
        if part:
            return self.entered(describe(["a", base, attr, None], frame.scope), part, path)
        if attr == "kwargs" and path and self.declarations.is_open_in_view(value, path[0]):
            return self.entered(describe(["a", base, attr, None], frame.scope), "path", path)
        form = self.declarations.of_form(expr, value, path, frame)
        if form is not None:
            return form
        if self.row_of(value, attr) is not None:
            return NONE
        if attr in ("parent", "anchor") and self.kind == "path" and not path:
            return self.origins(base, frame, block, order, path, depth)
        for member in members(value):
            if member.kind == "inst" and is_project(member.name):
                method = self.world.classes.method(member.name, attr)
                if method is not None:
                    func = Type("func", f"{method[0]}:{method[1].index}", (member,))
                    return self.result(func, base, None, frame, block, order, path, depth)
        return self.origins(base, frame, block, order, (attr, *path), depth)

    def entered(self, name: str, part: str, path: Path) -> Origins:
        """Data of a request."""
        if part == "address":
            # Only what stands behind the question mark can lead elsewhere.
            if self.kind in BY_HOST and path[:1] != ("query",):
                return NONE
            part = "query" if path[:1] == ("query",) else part
        if part in ("upload", "form") and path:
            if path[-1] in ("filename", "raw_filename"):
                part = "filename"
            elif part == "upload" and path[-1] in ("name", "size", "content_type", "mimetype", "charset"):
                return NONE
        if path and path[-1] in ("content_type", "size", "mimetype") and part not in ("query", "path"):
            return NONE
        return frozenset((Origin("request", name, path, part),))

    # -- calls ------------------------------------------------------------------------------------------

    def call(self, index: int, frame: Frame, path: Path, depth: int) -> Origins:
        """Where a part of what a call gives comes from."""
        row = frame.scope.calls[index]
        handed = self.handed.forward(index, row, frame)
        if handed is not None:
            func, given = handed
            return self.result(func, None, given, frame, row[Call.BLOCK], row[Call.ORDER], path, depth)
        return super().call(index, frame, path, depth)

    def result(
        self, func: Type, receiver: Expr, row: list[Any] | None, frame: Frame, block: int, order: int,
        path: Path, depth: int,
    ) -> Origins:  # fmt: skip
        """What calling a project function gives, unless it says that it cleans."""
        scope = self.world.function(func.name)
        if scope is None or is_cleaning_name(scope.name):
            return NONE
        return super().result(func, receiver, row, frame, block, order, path, depth)

    def library(self, func: Type, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """What calling a library function gives."""
        block, order, args = row[Call.BLOCK], row[Call.ORDER], row[Call.ARGS]
        callee = row[Call.FUNC]
        cls, _, method = func.name.rpartition(".")
        is_method = bool(
            callee is not None and callee[0] == "a" and (func.args or method in known.TEXT_METHODS)
        )
        part = self._part_of_method(func, method, cls)
        if part:
            is_converted = method == "parse_args" and bool(path) and self.declarations.is_converted(path[0])
            return NONE if is_converted else self.entered(f"{describe(callee, frame.scope)}()", part, path)
        named = known.ARCHIVE_NAMES.get(func.name) if self.kind == "path" else None
        if named is not None and path == ((ITEM, named) if named else (ITEM,)):
            return self.archives.names(callee, frame, path)
        opened = self.archives.opened(func.name, row) if self.kind == "data" and not path else ()
        if opened:
            return self.any_of(opened, frame, block, order, path, depth)
        if func.args and is_method:
            return self.method(callee, row, frame, path, depth)
        if func.name == "dict" and path:
            found = self.keyword(row, frame, path, depth)
            if found is not None:
                return found
        if func.name in known.JOINS and not path:
            return self.joined_path(func.name, args, frame, block, order, depth)
        passed = self._passed_on(func.name, args, path)
        if passed is not None:
            return self.any_of(passed, frame, block, order, path, depth)
        if func.name == "getattr" and len(args) > 1 and args[1] is not None and args[1][0] == "k":
            return self.attribute(["a", args[0], str(args[1][1]), None], frame, block, order, path, depth)
        if is_method:
            return self.method(callee, row, frame, path, depth)
        return NONE

    def _passed_on(self, name: str, args: list[Expr], path: Path) -> list[Expr] | None:
        """The arguments that a library function makes its result of; None when it is none of those known."""
        if name in known.SAME:
            position = known.SAME[name]
            return args[position : position + 1]
        if name in ("map", "filter"):
            return args[1:2] if path[:1] == (ITEM,) else None
        if path:
            return None
        if name in known.TEXTS and (self.kind == "data" or name[:3] != "io."):
            position = known.TEXTS[name]
            return args[position : position + 1]
        if name in known.REPLACES and is_trimming(args):
            position = known.REPLACES[name]
            return args[position : position + 1]
        if name in known.PATHS:
            return args[:1]
        return args[:2] if name in known.ADDRESS_MAKERS else None

    def _part_of_method(self, func: Type, method: str, cls: str) -> str:
        names = [cls]
        if func.args and func.args[0] is not None:
            names += self.lineage(func.args[0].name)
        for name in names:
            found = known.METHODS.get(f"{name}.{method}") or known.GETTERS.get(f"{name}.{method}")
            if not found and self.kind == "data":
                found = known.NETWORK_METHODS.get(f"{name}.{method}")
            if found:
                return found
        return ""

    def unknown(self, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """A call of something whose type is not known: only what its name can say."""
        callee = row[Call.FUNC]
        if callee is None or callee[0] != "a":
            return NONE
        value = self.eval(callee[1], frame, row[Call.BLOCK], row[Call.ORDER])
        if callee[2] in known.WORDS and self.is_untyped_request(callee[1], value, frame):
            return self.entered(f"{describe(callee, frame.scope)}()", known.WORDS[callee[2]], path)
        for member in members(value):
            for name in self.lineage(member.name):
                part = known.GETTERS.get(f"{name}.{callee[2]}")
                if part:
                    return self.entered(f"{describe(callee, frame.scope)}()", part, path)
        return self.method(callee, row, frame, path, depth)

    def method(self, callee: Expr, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """A method that makes another text of its receiver, or takes something from it."""
        block, order, args = row[Call.BLOCK], row[Call.ORDER], row[Call.ARGS]
        base, name = callee[1], callee[2]
        if name in known.FILL_METHODS:
            return NONE if path else self.formatted_text(base, row, frame, depth)
        if name == "join":
            return NONE if path else self.joined_text(base, args, frame, block, order, depth)
        if name == "replace":
            return (
                NONE
                if path or self.takes_out(args)
                else self.any_of([base, *args[1:2]], frame, block, order, (), depth)
            )
        if name in ("items", "values", "keys", "getlist", "getall", "get_all", "get", "pop", "setdefault"):
            found = self._member_of(base, name, args, frame, block, order, path, depth)
            if found is not None:
                return found
        if name in known.SAME_METHODS:
            return self.origins(base, frame, block, order, path, depth)
        return self._text_method(callee, row, frame, path, depth)

    def _text_method(self, callee: Expr, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """A method that cuts or changes the text of its receiver."""
        block, order, args = row[Call.BLOCK], row[Call.ORDER], row[Call.ARGS]
        base, name = callee[1], callee[2]
        if name in known.SPLIT_METHODS:
            if self.kind == "path" and leads_nowhere(args, path):
                return NONE
            return self.origins(base, frame, block, order, (), depth)
        if name in known.TEXT_METHODS and not path:
            return self.origins(base, frame, block, order, (), depth)
        if name in known.PATH_METHODS and not path:
            return self.any_of([base, *args], frame, block, order, (), depth)
        return super().method(callee, row, frame, path, depth)

    def _member_of(
        self, base: Expr, name: str, args: list[Expr], frame: Frame, block: int, order: int,
        path: Path, depth: int,
    ) -> Origins | None:  # fmt: skip
        """What a method of a mapping takes from it; None when the method says no more than another's."""
        written = args[0][1] if args and args[0] is not None and args[0][0] == "k" else None
        if name == "items" and path[:1] == (ITEM,) and path[1:2] in (("#0",), ("#1",)):
            wanted = KEY if path[1] == "#0" else ITEM
            return self.origins(base, frame, block, order, (wanted, *path[2:]), depth)
        if name == "keys" and path[:1] == (ITEM,):
            return self.origins(base, frame, block, order, (KEY, *path[1:]), depth)
        if name in ("values", "getlist", "getall", "get_all") and path[:1] == (ITEM,):
            key = ITEM if written is None else str(written)
            return self.origins(base, frame, block, order, (key, *path[1:]), depth)
        if name in ("get", "pop", "setdefault") and args and written is None:
            found = self.origins(base, frame, block, order, (ITEM, *path), depth)
            return found | self.any_of(args[1:2], frame, block, order, path, depth)
        return None

    # -- parameters ---------------------------------------------------------------------------------------

    def part_of(self, row: list[Any], fields: Path, path: str, scope: Scope) -> str:
        """The part of a request that a framework fills a parameter from; empty when none."""
        found = self.declarations.part_of(row, fields, path, scope)
        return found or self._parsed.part_of(row, fields, path, scope)

    def find_callers(self, path: str, scope: Scope) -> Iterator[Caller]:
        """The calls of a function, and those that hand it to something that calls it."""
        yield from super().find_callers(path, scope)
        yield from self.handed.callers(path, scope)

    def of_parameter(
        self, origin: Origin, path: str, scope: Scope, depth: int, guard: str = ""
    ) -> tuple[Source, ...]:
        """Where the client's text that a parameter brings comes from."""
        owner = self.owner_of(origin.name, path, scope)
        row = next((p for p in owner.params if p[Param.NAME] == origin.name), None)
        if row is None:
            return ()
        if self._is_receiver(row, path, owner):
            return self._kept_by_constructor(origin.path, path, owner, depth)
        injected = self.declarations.dependency(row, path, owner)
        if injected is not None:
            inner = self.world.function(injected.name)
            if inner is None or depth <= 0:
                return ()
            symbolic = self.returned(injected, origin.path, DEPTH - 1)
            return self.resolved(symbolic, injected.name.rpartition(":")[0], inner, depth - 1)
        if self.declarations.is_certainly_harmless(row, origin.path, path, owner):
            return ()
        return super().of_parameter(origin, path, scope, depth, guard)

    def _is_receiver(self, row: list[Any], path: str, scope: Scope) -> bool:
        if scope.parent < 0 or not scope.params or scope.params[0] is not row:
            return False
        owner = self.world.summary(path).scopes[scope.parent]
        return owner.kind == "class" and self.world.evaluator.method_kind(path, scope) not in (
            "static",
            "class",
        )

    def _kept_by_constructor(self, fields: Path, path: str, scope: Scope, depth: int) -> tuple[Source, ...]:
        """``self.name`` in a method: what the callers of the class gave its constructor."""
        if not fields or depth <= 0:
            return ()
        init = self.world.classes.method(f"{path}:{scope.parent}", "__init__")
        if init is None or not init[1].params or init[1] is scope:
            return ()
        frame = self.world.evaluator.frame(init[0], init[1].index)
        first = init[1].params[0][Param.NAME]
        symbolic = [
            self.origins(s[Store.EXPR], frame, s[Store.BLOCK], s[Store.ORDER] - 1, fields[1:])
            for s in init[1].stores
            if s[Store.VALUE] == ["n", first] and s[Store.ATTR] == fields[0]
        ]
        return self.resolved(NONE.union(*symbolic), init[0], init[1], depth - 1)
