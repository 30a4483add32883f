"""Expressions of a tree as nested lists, their calls and reads noted in the scope."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from archlint.model.lowering.narrowing import Told, told
from archlint.model.lowering.scopes import Scopes
from archlint.model.summary import ANNOTATION, AWAITED, EMPTY, INDEXED, Expr

#: Expressions nested deeper than this are lowered to "unknown": no human wrote them.
MAX_DEPTH = 120
#: Longer chains of comparisons are cut: each link nests one level deeper.
MAX_COMPARISONS = 16
LONGEST_STRING = 400
_BIGGEST_INT = 1 << 62

#: Tags of what the program text fixes: comparing with it is no comparison of two values.
_FIXED = frozenset(("k", "l", "t", "e", "d"))

OPERATORS: dict[type[ast.AST], str] = {
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


class Expressions(Scopes):
    """Lowers expressions, parameters and the targets of assignments."""

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
            return ["k", value[:LONGEST_STRING]]
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
        if value is not None and value[0] == "c" and type(node.slice) is not ast.Slice:
            self.scope.calls[value[1]][9] |= INDEXED
        return ["s", value, self.plain(node.slice)]

    def slice(self, node: ast.Slice) -> Expr:
        bounds = [self.plain(part) if part is not None else None for part in (node.lower, node.upper)]
        if node.step is not None:
            self.plain(node.step)
        return ["sl", *bounds]

    def bool_op(self, node: ast.BoolOp) -> Expr:
        return ["o", *self.operands(node)]

    def operands(self, node: ast.BoolOp) -> list[Expr]:
        """The values of ``and`` or ``or``: each is reached only past those before it."""
        found = []
        facts: list[tuple[int, Told]] = []
        for value in node.values:
            found.append(self.plain(value))
            facts += [(self.order, fact) for fact in told(value, type(node.op) is ast.And)]
        for start, fact in facts:
            if start < self.order:
                self.narrow((fact,), self.block, start)
        return found

    def test(self, node: ast.expr) -> Expr:
        """A condition of a branch, in which ``and`` is told from ``or``."""
        if type(node) is not ast.BoolOp or type(node.op) is not ast.And:
            return self.expr(node)
        found, *rest = self.operands(node)
        for value in rest:
            found = ["m", "and", found, value]
        return found

    def if_exp(self, node: ast.IfExp) -> Expr:
        flags, self.flags = self.flags, self.flags & ANNOTATION
        test = self.test(node.test)
        self.flags = flags
        start = self.order
        body = self.expr(node.body)
        self.narrow(told(node.test, True), self.block, start)
        start = self.order
        choice = ["o", body, self.expr(node.orelse)]
        self.narrow(told(node.test, False), self.block, start)
        if test is not None:
            self.scope.tests.append([test, self.block, self.order, choice])
        return choice

    def bin_op(self, node: ast.BinOp) -> Expr:
        left = self.plain(node.left)
        return ["b", OPERATORS.get(type(node.op), "?"), left, self.plain(node.right)]

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
                self.equality(node, OPERATORS[type(op)], left, right)
            left = ["m", OPERATORS.get(type(op), "?"), left, right]
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
                self.narrow(told(condition, True), self.block)
        if kind == "dict":
            value: Expr = ["t", [self.plain(node.key), self.plain(node.value)]]
        else:
            value = self.plain(node.elt)
        inner = self.block
        while self.block != outer:
            self.close_block(self.block)
            self.block = self.scope.blocks[self.block][1]
        return ["p", kind, value, inner]

    def holds(self, test: Expr, block: int) -> None:
        """Note a condition that holds in a block from here on."""
        if test is not None:
            self.order += 1
            self.scope.tests.append([test, block, self.order, None])

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


def _parse_annotation(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_EXPRESSIONS: dict[type[Any], Callable[[Expressions, Any], Expr]] = {
    ast.Name: Expressions.name,
    ast.Constant: Expressions.constant,
    ast.Attribute: Expressions.attribute,
    ast.Call: Expressions.call,
    ast.Await: Expressions.awaited,
    ast.Subscript: Expressions.subscript,
    ast.Slice: Expressions.slice,
    ast.BoolOp: Expressions.bool_op,
    ast.IfExp: Expressions.if_exp,
    ast.BinOp: Expressions.bin_op,
    ast.UnaryOp: Expressions.unary,
    ast.Compare: Expressions.compare,
    ast.List: lambda self, node: self.elements("l", node),
    ast.Tuple: lambda self, node: self.elements("t", node),
    ast.Set: lambda self, node: self.elements("e", node),
    ast.Dict: Expressions.dictionary,
    ast.Starred: Expressions.starred,
    ast.JoinedStr: Expressions.joined,
    ast.FormattedValue: lambda self, node: self.plain(node.value),
    ast.ListComp: lambda self, node: self.comprehension("list", node),
    ast.SetComp: lambda self, node: self.comprehension("set", node),
    ast.GeneratorExp: lambda self, node: self.comprehension("gen", node),
    ast.DictComp: lambda self, node: self.comprehension("dict", node),
    ast.Lambda: Expressions.lambda_,
    ast.NamedExpr: Expressions.named,
    ast.Yield: Expressions.yielded,
    ast.YieldFrom: Expressions.yielded,
}
if hasattr(ast, "TemplateStr"):
    _EXPRESSIONS[ast.TemplateStr] = Expressions.joined
