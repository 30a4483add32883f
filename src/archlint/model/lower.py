"""From a syntax tree to the module's summary, in one pass.

Relative imports are made absolute by the caller (``package`` names the package of the file).
Nothing here knows of other files or of any library.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from archlint.model.summary import ANNOTATION, AWAITED, DECORATOR, EMPTY, STATEMENT, Expr, Scope, Summary

#: Expressions nested deeper than this are lowered to "unknown": no human wrote them.
MAX_DEPTH = 120
#: Longer chains of comparisons are cut: each link nests one level deeper.
MAX_COMPARISONS = 16
_LONGEST_STRING = 400
_BIGGEST_INT = 1 << 62

#: Tags of what the program text fixes: comparing with it is no comparison of two values.
_FIXED = frozenset(("k", "l", "t", "e", "d"))

_ENDS = frozenset(("return", "raise", "break"))
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.MatMult: "@",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


def lower(tree: ast.Module, package: str = "") -> Summary:
    """The summary of a parsed module."""
    return _Lowering(package).module(tree)


class _Lowering:
    """State of one pass: the scope, the block and the running order number."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.summary = Summary()
        self.scope: Scope = Scope(0, "module", "", "", -1, 1, 0)
        self.block = 0
        self.order = 0
        self.depth = 0
        self.flags = 0
        self.imported: set[str] = set()
        self.global_names: list[set[str]] = [set()]

    # -- scopes -----------------------------------------------------------------------------

    def module(self, tree: ast.Module) -> Summary:
        self.summary.scopes.append(self.scope)
        self.body(tree.body)
        self.close_block(0)
        self.scope.end_line = max((n.end_lineno or n.lineno for n in tree.body[-1:]), default=1)
        return self.summary

    def open_scope(self, kind: str, name: str, line: int, column: int) -> tuple[Any, ...]:
        outer = (self.scope, self.block, self.order, self.flags, self.depth)
        parent = self.scope
        infix = ".<locals>." if parent.kind in ("function", "lambda") else "."
        qualname = f"{parent.qualname}{infix}{name}" if parent.kind != "module" else name
        scope = Scope(len(self.summary.scopes), kind, name, qualname, parent.index, line, column)
        self.summary.scopes.append(scope)
        self.scope, self.block, self.order, self.flags, self.depth = scope, 0, 0, 0, 0
        self.global_names.append(set())
        return outer

    def close_scope(self, outer: tuple[Any, ...]) -> None:
        self.close_block(0)
        self.scope.finish()
        self.global_names.pop()
        self.scope, self.block, self.order, self.flags, self.depth = outer

    def open_block(self, kind: str, line: int, expr: Expr = None) -> int:
        blocks = self.scope.blocks
        self.order += 1
        blocks.append([kind, self.block, line, expr, self.order, 0, ""])
        outer, self.block = self.block, len(blocks) - 1
        return outer

    def close_block(self, block: int) -> None:
        self.order += 1
        self.scope.blocks[block][5] = self.order

    def nested(self, kind: str, body: Iterable[ast.stmt], line: int, expr: Expr = None) -> None:
        outer = self.open_block(kind, line, expr)
        inner = self.block
        self.body(body)
        self.close_block(inner)
        self.block = outer

    def bind(self, name: str, expr: Expr, line: int, annotation: Expr = None) -> None:
        self.order += 1
        if name in self.global_names[-1] and self.scope.kind != "module":
            # An assignment to a global, made elsewhere: evaluated in its own scope, seen from the module.
            expr = ["gs", self.scope.index, expr, self.block, self.order]
            self.summary.scopes[0].binds.setdefault(name, []).append([0, 0, expr, annotation, line])
            return
        self.scope.binds.setdefault(name, []).append([self.block, self.order, expr, annotation, line])

    # -- statements ---------------------------------------------------------------------------

    def body(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            handler = _STATEMENTS.get(type(statement))
            if handler is not None:
                handler(self, statement)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators = self.decorators(node)
        params = self.params(node.args)
        returns = self.annotation(node.returns)
        outer = self.open_scope("function", node.name, node.lineno, node.col_offset)
        scope = self.scope
        scope.is_async = type(node) is ast.AsyncFunctionDef
        scope.decorators, scope.params, scope.returns_annotation = decorators, params, returns
        scope.end_line = node.end_lineno or node.lineno
        self.body(node.body)
        scope.is_generator = bool(scope.yields)
        self.close_scope(outer)
        self.bind(node.name, ["f", scope.index], node.lineno)

    def klass(self, node: ast.ClassDef) -> None:
        decorators = self.decorators(node)
        bases = [[None, self.expr(base)] for base in node.bases]
        bases += [[k.arg, self.expr(k.value)] for k in node.keywords]
        if names := [["n", p.name] for p in getattr(node, "type_params", ())]:
            # `class Repository[T]` means what `class Repository(Generic[T])` means.
            bases.append([None, ["s", ["im", "typing", "Generic"], ["t", names]]])
        outer = self.open_scope("class", node.name, node.lineno, node.col_offset)
        scope = self.scope
        scope.decorators, scope.bases = decorators, bases
        scope.end_line = node.end_lineno or node.lineno
        self.body(node.body)
        self.close_scope(outer)
        self.bind(node.name, ["cl", scope.index], node.lineno)

    def decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[Expr]:
        saved, self.flags = self.flags, DECORATOR
        found = [self.expr(d) for d in node.decorator_list]
        self.flags = saved
        return found

    def params(self, args: ast.arguments) -> list[list[Any]]:
        found: list[list[Any]] = []
        positional = args.posonlyargs + args.args
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults)) + list(
            args.defaults
        )
        for i, (arg, default) in enumerate(zip(positional, defaults, strict=True)):
            kind = "/" if i < len(args.posonlyargs) else "."
            found.append([arg.arg, kind, self.annotation(arg.annotation), self.default(default)])
        if args.vararg:
            found.append([args.vararg.arg, "*", self.annotation(args.vararg.annotation), None])
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            found.append([arg.arg, "k", self.annotation(arg.annotation), self.default(default)])
        if args.kwarg:
            found.append([args.kwarg.arg, "**", self.annotation(args.kwarg.annotation), None])
        return found

    def default(self, node: ast.expr | None) -> Expr:
        if node is None:
            return None
        saved, self.flags = self.flags, ANNOTATION
        found = self.expr(node)
        self.flags = saved
        return found

    def annotation(self, node: ast.expr | None) -> Expr:
        """Annotations are expressions; a string is parsed as what it stands for."""
        if node is None:
            return None
        saved, self.flags = self.flags, ANNOTATION
        found = self.type_expr(node)
        self.flags = saved
        return found

    def type_expr(self, node: ast.expr) -> Expr:
        if type(node) is ast.Constant and isinstance(node.value, str):
            parsed = _parse_annotation(node.value)
            return None if parsed is None else self.type_expr(parsed)
        if type(node) is ast.Subscript:
            head = self.type_expr(node.value)
            index = node.slice
            if head is not None and head[0] in ("n", "a") and head[1 if head[0] == "n" else 2] == "Literal":
                return ["s", head, self.expr(index)]
            if type(index) is ast.Tuple:
                return ["s", head, ["t", [self.type_expr(e) for e in index.elts]]]
            return ["s", head, self.type_expr(index)]
        if type(node) is ast.BinOp and type(node.op) is ast.BitOr:
            return ["b", "|", self.type_expr(node.left), self.type_expr(node.right)]
        if type(node) is ast.List:
            return ["l", [self.type_expr(e) for e in node.elts]]
        return self.expr(node)

    def assign(self, node: ast.Assign) -> None:
        value = self.expr(node.value)
        for target in node.targets:
            self.target(target, value, None, node.value)

    def ann_assign(self, node: ast.AnnAssign) -> None:
        annotation = self.annotation(node.annotation)
        value = self.expr(node.value) if node.value is not None else None
        self.target(node.target, value, annotation, node.value)

    def aug_assign(self, node: ast.AugAssign) -> None:
        value = self.expr(node.value)
        op = _OPERATORS.get(type(node.op), "?")
        if type(node.target) is ast.Name:
            self.bind(node.target.id, ["b", op, ["n", node.target.id], value], node.lineno)
        elif type(node.target) is ast.Attribute:
            self.store(node.target, ["b", op, self.expr(node.target), value], None)
        else:
            self.expr(node.target)

    def target(self, node: ast.expr, value: Expr, annotation: Expr, source: ast.expr | None = None) -> None:
        kind = type(node)
        if kind is ast.Name:
            self.bind(node.id, value, node.lineno, annotation)  # type: ignore[attr-defined]
        elif kind is ast.Attribute:
            self.store(node, value, annotation)  # type: ignore[arg-type]
        elif kind in (ast.Tuple, ast.List):
            for i, element in enumerate(node.elts):  # type: ignore[attr-defined]
                if type(element) is ast.Starred:
                    self.target(element.value, ["l", [["i", value]]], None)
                elif value is not None and value[0] in ("t", "l") and i < len(value[1]):
                    self.target(element, value[1][i], None)
                else:
                    self.target(element, ["s", value, ["k", i]], None)
        elif kind is ast.Starred:
            self.target(node.value, None, None)  # type: ignore[attr-defined]
        elif kind is ast.Subscript:
            self.store(node, value, annotation)  # type: ignore[arg-type]
        else:
            self.expr(node)

    def store(self, node: ast.Attribute | ast.Subscript, value: Expr, annotation: Expr) -> None:
        receiver = self.expr(node.value)
        if type(node) is ast.Attribute:
            attr = node.attr
        else:
            index = self.plain(node.slice)  # type: ignore[union-attr]
            is_text = index is not None and index[0] == "k" and isinstance(index[1], str)
            attr = f"[{index[1] if is_text else ''}]"
        self.order += 1
        end_line, end_column = node.end_lineno, node.end_col_offset
        self.scope.stores.append(
            [
                receiver,
                attr,
                value,
                annotation,
                node.lineno,
                node.col_offset,
                end_line,
                end_column,
                self.block,
                self.order,
            ]
        )

    def expression(self, node: ast.Expr) -> None:
        value = node.value
        if type(value) is ast.Constant:
            return
        saved, self.flags = self.flags, STATEMENT
        self.expr(value)
        self.flags = saved

    def returns(self, node: ast.Return) -> None:
        value = self.expr(node.value) if node.value is not None else ["k", None]
        self.order += 1
        self.scope.returns.append([value, self.block, self.order, node.lineno])
        self.leave("return")

    def leave(self, kind: str) -> None:
        self.scope.blocks[self.block][6] = kind

    def raises(self, node: ast.Raise) -> None:
        if node.exc is not None:
            self.expr(node.exc)
        if node.cause is not None:
            self.expr(node.cause)
        self.leave("raise")

    def branch(self, node: ast.If) -> None:
        # An elif chain is a list, not a tower: a thousand branches must not recurse.
        outer = self.block
        blocks = self.scope.blocks
        halves: list[tuple[int, int]] = []
        while True:
            test = self.test(node.test)
            taken = len(blocks)
            self.nested("if", node.body, node.lineno, test)
            if not node.orelse:
                break
            self.open_block("else", node.orelse[0].lineno, test)
            halves.append((taken, self.block))
            if len(node.orelse) == 1 and type(node.orelse[0]) is ast.If:
                node = node.orelse[0]
                continue
            self.body(node.orelse)
            break
        for taken, other in reversed(halves):
            if blocks[taken][6] in _ENDS and blocks[other][6] in _ENDS:
                # Both ways leave, so whoever comes here leaves.
                blocks[blocks[other][1]][6] = blocks[other][6]
        while self.block != outer:
            self.close_block(self.block)
            self.block = self.scope.blocks[self.block][1]

    def loop(self, node: ast.For | ast.AsyncFor) -> None:
        iterable = self.expr(node.iter)
        is_async = type(node) is ast.AsyncFor
        outer = self.open_block("afor" if is_async else "for", node.lineno, iterable)
        inner = self.block
        self.target(node.target, ["ai" if is_async else "i", iterable], None)
        self.body(node.body)
        self.close_block(inner)
        self.block = outer
        if node.orelse:
            self.nested("forelse", node.orelse, node.orelse[0].lineno)

    def while_loop(self, node: ast.While) -> None:
        outer = self.open_block("while", node.lineno)
        inner = self.block
        self.scope.blocks[inner][3] = self.expr(node.test)
        self.body(node.body)
        self.close_block(inner)
        self.block = outer
        if node.orelse:
            self.nested("forelse", node.orelse, node.orelse[0].lineno)

    def with_block(self, node: ast.With | ast.AsyncWith) -> None:
        is_async = type(node) is ast.AsyncWith
        for item in node.items:
            context = self.expr(item.context_expr)
            self.order += 1
            e = item.context_expr
            self.scope.withs.append(
                [
                    context,
                    is_async,
                    e.lineno,
                    e.col_offset,
                    e.end_lineno,
                    e.end_col_offset,
                    self.block,
                    self.order,
                ]
            )
            if item.optional_vars is not None:
                self.target(item.optional_vars, ["aen" if is_async else "en", context], None)
        outer = self.open_block("with", node.lineno)
        inner = self.block
        self.body(node.body)
        self.close_block(inner)
        self.block = outer
        # `with` adds no path of its own: what always leaves it leaves the block around it.
        self.scope.blocks[outer][6] = self.scope.blocks[inner][6] or self.scope.blocks[outer][6]

    def try_block(self, node: ast.Try) -> None:
        self.nested("try", node.body, node.lineno)
        for handler in node.handlers:
            kind = self.expr(handler.type) if handler.type is not None else None
            outer = self.open_block("except", handler.lineno, kind)
            inner = self.block
            if handler.name:
                self.bind(handler.name, ["ex", kind], handler.lineno)
            self.body(handler.body)
            self.close_block(inner)
            self.block = outer
        if node.orelse:
            self.nested("tryelse", node.orelse, node.orelse[0].lineno)
        if node.finalbody:
            self.nested("finally", node.finalbody, node.finalbody[0].lineno)

    def match(self, node: ast.Match) -> None:
        subject = self.expr(node.subject)
        for case in node.cases:
            outer = self.open_block("case", case.pattern.lineno)
            inner = self.block
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if name:
                    self.bind(name, None, case.pattern.lineno)
            values = _constants_of(case.pattern)
            if values and subject is not None:
                self.holds(["m", "in", subject, ["t", values]], inner)
            if case.guard is not None:
                self.expr(case.guard)
            self.body(case.body)
            self.close_block(inner)
            self.block = outer

    def imports(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else name
            self.imported.add(name)
            self.bind(name, ["im", target, None], node.lineno)

    def import_from(self, node: ast.ImportFrom) -> None:
        module = self.absolute(node.module or "", node.level)
        for alias in node.names:
            if alias.name == "*":
                self.summary.stars.append(module)
                continue
            name = alias.asname or alias.name
            self.imported.add(name)
            self.bind(name, ["im", module, alias.name], node.lineno)

    def absolute(self, module: str, level: int) -> str:
        if not level:
            return module
        parts = self.package.split(".") if self.package else []
        base = parts[: len(parts) - (level - 1)] if level - 1 <= len(parts) else []
        return ".".join([*base, module] if module else base)

    def globals(self, node: ast.Global) -> None:
        self.global_names[-1].update(node.names)

    def delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if type(target) is ast.Subscript:
                self.store(target, None, None)
            else:
                self.expr(target)

    def assertion(self, node: ast.Assert) -> None:
        self.holds(self.test(node.test), self.block)

    def holds(self, test: Expr, block: int) -> None:
        """Note a condition that holds in a block from here on."""
        if test is not None:
            self.order += 1
            self.scope.tests.append([test, block, self.order, None])

    def type_alias(self, node: Any) -> None:
        self.bind(node.name.id, None, node.lineno, self.annotation(node.value))

    # -- expressions ----------------------------------------------------------------------------

    def expr(self, node: ast.AST | None) -> Expr:
        handler = _EXPRESSIONS.get(type(node))
        if handler is None:
            return None
        self.depth += 1
        try:
            return handler(self, node) if self.depth < MAX_DEPTH else None
        finally:
            self.depth -= 1

    def name(self, node: ast.Name) -> Expr:
        return ["n", node.id]

    def constant(self, node: ast.Constant) -> Expr:
        value = node.value
        if isinstance(value, str):
            return ["k", value[:_LONGEST_STRING]]
        if isinstance(value, bool | float) or value is None:
            return ["k", value]
        if isinstance(value, int):
            return ["k", value if abs(value) < _BIGGEST_INT else 0]
        return ["k", ""] if isinstance(value, bytes) else None

    def attribute(self, node: ast.Attribute) -> Expr:
        flags, self.flags = self.flags, self.flags & ANNOTATION
        value = self.expr(node.value)
        self.flags = flags
        if value is not None and value[0] == "n" and value[1] in self.imported:
            return ["a", value, node.attr, None]
        self.order += 1
        reads = self.scope.reads
        reads.append(
            [
                value,
                node.attr,
                node.lineno,
                node.col_offset,
                node.end_lineno,
                node.end_col_offset,
                self.block,
                self.order,
            ]
        )
        return ["a", value, node.attr, len(reads) - 1]

    def call(self, node: ast.Call) -> Expr:
        flags, self.flags = self.flags, self.flags & ANNOTATION
        func = node.func
        if type(func) is ast.Attribute:
            callee: Expr = ["a", self.expr(func.value), func.attr, None]
        else:
            callee = self.expr(func)
        args = [self.expr(a) for a in node.args] if node.args else EMPTY
        keywords = [[k.arg, self.expr(k.value)] for k in node.keywords] if node.keywords else EMPTY
        self.flags = flags
        self.order += 1
        calls = self.scope.calls
        line, end_line = node.lineno, node.end_lineno
        calls.append(
            [
                callee,
                args,
                keywords,
                line,
                node.col_offset,
                line if line == end_line else end_line,  # one number object instead of two
                node.end_col_offset,
                self.block,
                self.order,
                flags,
            ]
        )
        return ["c", len(calls) - 1]

    def awaited(self, node: ast.Await) -> Expr:
        flags, self.flags = self.flags, (self.flags & ANNOTATION) | AWAITED
        value = self.expr(node.value)
        self.flags = flags
        return ["w", value]

    def plain(self, node: ast.expr) -> Expr:
        """An operand: neither awaited nor a statement of its own."""
        flags, self.flags = self.flags, self.flags & ANNOTATION
        value = self.expr(node)
        self.flags = flags
        return value

    def subscript(self, node: ast.Subscript) -> Expr:
        value = self.plain(node.value)
        return ["s", value, self.plain(node.slice)]

    def slice(self, node: ast.Slice) -> Expr:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.plain(part)
        return ["sl"]

    def bool_op(self, node: ast.BoolOp) -> Expr:
        return ["o", *[self.plain(v) for v in node.values]]

    def test(self, node: ast.expr) -> Expr:
        """A condition of a branch, in which ``and`` is told from ``or``."""
        if type(node) is not ast.BoolOp or type(node.op) is not ast.And:
            return self.expr(node)
        found, *rest = [self.plain(v) for v in node.values]
        for value in rest:
            found = ["m", "and", found, value]
        return found

    def if_exp(self, node: ast.IfExp) -> Expr:
        flags, self.flags = self.flags, self.flags & ANNOTATION
        test = self.test(node.test)
        self.flags = flags
        choice = ["o", self.expr(node.body), self.expr(node.orelse)]
        if test is not None:
            self.scope.tests.append([test, self.block, self.order, choice])
        return choice

    def bin_op(self, node: ast.BinOp) -> Expr:
        left = self.plain(node.left)
        return ["b", _OPERATORS.get(type(node.op), "?"), left, self.plain(node.right)]

    def unary(self, node: ast.UnaryOp) -> Expr:
        value = self.plain(node.operand)
        if type(node.op) is ast.Not:
            return ["m", "not", value, None]
        return value

    def compare(self, node: ast.Compare) -> Expr:
        left = self.plain(node.left)
        for op, comparator in zip(node.ops[:MAX_COMPARISONS], node.comparators, strict=False):
            right = self.plain(comparator)
            if type(op) in (ast.Eq, ast.NotEq):
                self.equality(node, _OPERATORS[type(op)], left, right)
            left = ["m", _OPERATORS.get(type(op), "?"), left, right]
        return left

    def equality(self, node: ast.Compare, operator: str, left: Expr, right: Expr) -> None:
        if left is None or right is None or left[0] in _FIXED or right[0] in _FIXED:
            return
        self.order += 1
        spot = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        self.scope.compares.append([operator, left, right, *spot, self.block, self.order])

    def elements(self, tag: str, node: Any) -> Expr:
        return [tag, [self.plain(e) for e in node.elts]]

    def dictionary(self, node: ast.Dict) -> Expr:
        pairs = zip(node.keys, node.values, strict=True)
        return ["d", [[None if k is None else self.plain(k), self.plain(v)] for k, v in pairs]]

    def starred(self, node: ast.Starred) -> Expr:
        return ["*", self.plain(node.value)]

    def joined(self, node: Any) -> Expr:
        parts = []
        for value in node.values:
            inner = getattr(value, "value", None)
            parts.append(self.plain(inner) if isinstance(inner, ast.expr) else self.plain(value))
        return ["j", parts]

    def comprehension(self, kind: str, node: Any) -> Expr:
        outer = self.block
        for generator in node.generators:
            iterable = self.plain(generator.iter)
            is_async = bool(generator.is_async)
            self.open_block("acomp" if is_async else "comp", node.lineno, iterable)
            self.target(generator.target, ["ai" if is_async else "i", iterable], None)
            for condition in generator.ifs:
                test = self.plain(condition) if type(condition) is not ast.BoolOp else self.test(condition)
                self.holds(test, self.block)
        if kind == "dict":
            value: Expr = ["t", [self.plain(node.key), self.plain(node.value)]]
        else:
            value = self.plain(node.elt)
        inner = self.block
        while self.block != outer:
            self.close_block(self.block)
            self.block = self.scope.blocks[self.block][1]
        return ["p", kind, value, inner]

    def lambda_(self, node: ast.Lambda) -> Expr:
        params = self.params(node.args)
        outer = self.open_scope("lambda", "<lambda>", node.lineno, node.col_offset)
        scope = self.scope
        scope.params = params
        scope.end_line = node.end_lineno or node.lineno
        value = self.expr(node.body)
        self.order += 1
        scope.returns.append([value, 0, self.order, node.lineno])
        self.close_scope(outer)
        return ["f", scope.index]

    def named(self, node: ast.NamedExpr) -> Expr:
        value = self.plain(node.value)
        self.bind(node.target.id, value, node.lineno)
        return value

    def yielded(self, node: ast.Yield | ast.YieldFrom) -> Expr:
        value = self.plain(node.value) if node.value is not None else ["k", None]
        self.order += 1
        self.scope.yields.append([value, self.block, self.order, type(node) is ast.YieldFrom])
        return ["y", value]


def _constants_of(pattern: ast.pattern) -> list[Expr]:
    """The texts and numbers that a pattern consists of; empty when it may match anything else."""
    if type(pattern) is ast.MatchOr:
        found = [_constants_of(p) for p in pattern.patterns]
        return [value for values in found for value in values] if all(found) else []
    value = pattern.value if type(pattern) is ast.MatchValue else None
    if type(value) is ast.Constant and isinstance(value.value, str | int):
        return [["k", value.value if isinstance(value.value, int) else value.value[:_LONGEST_STRING]]]
    return []


def _parse_annotation(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_STATEMENTS: dict[type[ast.AST], Callable[[_Lowering, Any], None]] = {
    ast.FunctionDef: _Lowering.function,
    ast.AsyncFunctionDef: _Lowering.function,
    ast.ClassDef: _Lowering.klass,
    ast.Assign: _Lowering.assign,
    ast.AnnAssign: _Lowering.ann_assign,
    ast.AugAssign: _Lowering.aug_assign,
    ast.Expr: _Lowering.expression,
    ast.Return: _Lowering.returns,
    ast.Raise: _Lowering.raises,
    ast.If: _Lowering.branch,
    ast.For: _Lowering.loop,
    ast.AsyncFor: _Lowering.loop,
    ast.While: _Lowering.while_loop,
    ast.With: _Lowering.with_block,
    ast.AsyncWith: _Lowering.with_block,
    ast.Try: _Lowering.try_block,
    ast.TryStar: _Lowering.try_block,
    ast.Match: _Lowering.match,
    ast.Import: _Lowering.imports,
    ast.ImportFrom: _Lowering.import_from,
    ast.Global: _Lowering.globals,
    ast.Delete: _Lowering.delete,
    ast.Assert: _Lowering.assertion,
    ast.Break: lambda self, _node: self.leave("break"),
    ast.Continue: lambda self, _node: self.leave("continue"),
}
if hasattr(ast, "TypeAlias"):
    _STATEMENTS[ast.TypeAlias] = _Lowering.type_alias

_EXPRESSIONS: dict[type[Any], Callable[[_Lowering, Any], Expr]] = {
    ast.Name: _Lowering.name,
    ast.Constant: _Lowering.constant,
    ast.Attribute: _Lowering.attribute,
    ast.Call: _Lowering.call,
    ast.Await: _Lowering.awaited,
    ast.Subscript: _Lowering.subscript,
    ast.Slice: _Lowering.slice,
    ast.BoolOp: _Lowering.bool_op,
    ast.IfExp: _Lowering.if_exp,
    ast.BinOp: _Lowering.bin_op,
    ast.UnaryOp: _Lowering.unary,
    ast.Compare: _Lowering.compare,
    ast.List: lambda self, node: self.elements("l", node),
    ast.Tuple: lambda self, node: self.elements("t", node),
    ast.Set: lambda self, node: self.elements("e", node),
    ast.Dict: _Lowering.dictionary,
    ast.Starred: _Lowering.starred,
    ast.JoinedStr: _Lowering.joined,
    ast.FormattedValue: lambda self, node: self.plain(node.value),
    ast.ListComp: lambda self, node: self.comprehension("list", node),
    ast.SetComp: lambda self, node: self.comprehension("set", node),
    ast.GeneratorExp: lambda self, node: self.comprehension("gen", node),
    ast.DictComp: lambda self, node: self.comprehension("dict", node),
    ast.Lambda: _Lowering.lambda_,
    ast.NamedExpr: _Lowering.named,
    ast.Yield: _Lowering.yielded,
    ast.YieldFrom: _Lowering.yielded,
}
if hasattr(ast, "TemplateStr"):
    _EXPRESSIONS[ast.TemplateStr] = _Lowering.joined
