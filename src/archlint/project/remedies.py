"""Recipes that several rules share: above all, a call moved off the event loop.

They are made from the syntax tree of the file, cheaply; what they do to the text is worked out
by ``archlint.fixes`` when somebody asks for it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Location, Recipe

if TYPE_CHECKING:
    from archlint.project.blocking import Stall
    from archlint.project.file import File

_FUNCTIONS: tuple[type[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda], ...] = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
)
#: Libraries with event loops of their own, on which asyncio's threads are of no use.
_OTHER_LOOPS = ("import trio", "from trio", "import curio")
_SLEEP = "time.sleep"


def off_the_loop(stall: Stall, file: File) -> Fix | None:
    """The call of a stall, awaited: ``asyncio.sleep`` for a sleep, a thread for anything else."""
    location = file.locate(stall.site)
    node = awaitable_call(file, location)
    if node is None or file.mentions(_OTHER_LOOPS) or _is_lazy(stall, node, file):
        return None
    if stall.site.effect.leaf == _SLEEP and not stall.site.effect.hops:
        if len(node.args) != 1 or node.keywords:
            return None
        recipe = Recipe.of("call", location, "asyncio", callee="$0.sleep", **{"await": "yes"})
        return Fix("Sleep with `await asyncio.sleep`", Applicability.SAFE, recipes=(recipe,))
    recipe = Recipe.of("thread", location, "asyncio", runner="$0.to_thread", **{"await": "yes"})
    return Fix("Run it with `await asyncio.to_thread`", Applicability.UNSAFE, recipes=(recipe,))


def _is_lazy(stall: Stall, node: ast.Call, file: File) -> bool:
    """Whether the work is done while the result is iterated: a thread would only start it."""
    callee = stall.site.callee
    if callee is not None and callee.kind in ("func", "method"):
        scope = file.world.function(callee.name)
        return scope is not None and scope.is_generator
    outer = file.index.parent(node)
    return isinstance(outer, ast.For | ast.AsyncFor | ast.comprehension) and outer.iter is node


def awaitable_call(file: File, location: Location) -> ast.Call | None:
    """The call at a place, if ``await`` may stand before it and its value is used up there and then."""
    node = call_at(file, location)
    if node is None:
        return None
    owner = file.index.enclosing(node, _FUNCTIONS)
    if not isinstance(owner, ast.AsyncFunctionDef):
        return None
    inner: ast.AST | None = node
    while inner is not None and inner is not owner:
        outer = file.index.parent(inner)
        if isinstance(outer, ast.GeneratorExp | ast.Await | ast.withitem | ast.YieldFrom):
            return None
        if isinstance(outer, ast.AsyncFunctionDef) and inner not in outer.body:
            # Defaults and decorators run before there is a loop to wait on.
            return None
        inner = outer
    return node


def call_at(file: File, location: Location) -> ast.Call | None:
    """The call that stands at exactly a place."""
    for node in file.index.nodes(ast.Call):
        if node.lineno == location.line and file.locate(node) == location:
            return node
    return None
