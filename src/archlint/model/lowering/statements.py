"""Statements of a tree: bindings, blocks, functions, classes and imports."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from archlint.model.lowering.expressions import LONGEST_STRING, OPERATORS, Expressions
from archlint.model.lowering.narrowing import Told, told, told_by_pattern
from archlint.model.summary import DECORATOR, STATEMENT, Expr, Summary

_ENDS = frozenset(("return", "raise", "break"))


class Statements(Expressions):
    """Lowers statements."""

    def module(self, tree: ast.Module) -> Summary:
        self.summary.scopes.append(self.scope)
        self.body(tree.body)
        self.close_block(0)
        self.scope.end_line = max((n.end_lineno or n.lineno for n in tree.body[-1:]), default=1)
        return self.summary

    def nested(
        self,
        kind: str,
        body: Iterable[ast.stmt],
        line: int,
        expr: Expr = None,
        facts: Iterable[Told] = (),
    ) -> None:
        outer = self.open_block(kind, line, expr)
        inner = self.block
        self.narrow(facts, inner)
        self.body(body)
        self.close_block(inner)
        self.block = outer

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
        op = OPERATORS.get(type(node.op), "?")
        if type(node.target) is ast.Name:
            self.bind(node.target.id, ["b", op, ["n", node.target.id], value], node.lineno)
        elif type(node.target) is ast.Attribute:
            self.store(node.target, ["b", op, self.expr(node.target), value], None)
        else:
            self.expr(node.target)

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
        tests: list[tuple[int, ast.expr]] = []
        while True:
            test = self.test(node.test)
            taken = len(blocks)
            tests.append((taken, node.test))
            self.nested("if", node.body, node.lineno, test, told(node.test, True))
            if not node.orelse:
                break
            self.open_block("else", node.orelse[0].lineno, test)
            self.narrow(told(node.test, False), self.block)
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
        self.passed(tests, halves)

    def passed(self, tests: list[tuple[int, ast.expr]], halves: list[tuple[int, int]]) -> None:
        """Note what is known behind branches that leave: their conditions do not hold there."""
        blocks = self.scope.blocks
        for taken, test in tests:
            if not blocks[taken][6]:
                break
            self.narrow(told(test, False), self.block)
        if len(tests) == len(halves) == 1 and blocks[halves[0][1]][6]:
            self.narrow(told(tests[0][1], True), self.block)

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
        self.narrow(told(node.test, True), inner)
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
                    self.bind(name, subject if part is case.pattern else None, case.pattern.lineno)
            self.narrow(told_by_pattern(node.subject, case.pattern), inner)
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
        self.narrow(told(node.test, True), self.block)

    def type_alias(self, node: Any) -> None:
        self.bind(node.name.id, None, node.lineno, self.annotation(node.value))


def _constants_of(pattern: ast.pattern) -> list[Expr]:
    """The texts and numbers that a pattern consists of; empty when it may match anything else."""
    if type(pattern) is ast.MatchOr:
        found = [_constants_of(p) for p in pattern.patterns]
        return [value for values in found for value in values] if all(found) else []
    value = pattern.value if type(pattern) is ast.MatchValue else None
    if type(value) is ast.Constant and isinstance(value.value, str | int):
        return [["k", value.value if isinstance(value.value, int) else value.value[:LONGEST_STRING]]]
    return []


_STATEMENTS: dict[type[ast.AST], Callable[[Statements, Any], None]] = {
    ast.FunctionDef: Statements.function,
    ast.AsyncFunctionDef: Statements.function,
    ast.ClassDef: Statements.klass,
    ast.Assign: Statements.assign,
    ast.AnnAssign: Statements.ann_assign,
    ast.AugAssign: Statements.aug_assign,
    ast.Expr: Statements.expression,
    ast.Return: Statements.returns,
    ast.Raise: Statements.raises,
    ast.If: Statements.branch,
    ast.For: Statements.loop,
    ast.AsyncFor: Statements.loop,
    ast.While: Statements.while_loop,
    ast.With: Statements.with_block,
    ast.AsyncWith: Statements.with_block,
    ast.Try: Statements.try_block,
    ast.TryStar: Statements.try_block,
    ast.Match: Statements.match,
    ast.Import: Statements.imports,
    ast.ImportFrom: Statements.import_from,
    ast.Global: Statements.globals,
    ast.Delete: Statements.delete,
    ast.Assert: Statements.assertion,
    ast.Break: lambda self, _node: self.leave("break"),
    ast.Continue: lambda self, _node: self.leave("continue"),
}
if hasattr(ast, "TypeAlias"):
    _STATEMENTS[ast.TypeAlias] = Statements.type_alias
