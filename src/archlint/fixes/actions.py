"""What a recipe can do to a text: one function for each action, by the name that recipes use.

============  ===========================================================  =======================
action        effect on the node at the recipe's location                    values
============  ===========================================================  =======================
replace       the expression becomes other code                              code
wrap          the expression becomes code around itself, ``{self}``          code
call          the call gets another callee; ``{arguments}`` stay as they are callee, await
thread        ``f(a)`` becomes ``await runner(f, a)``                        runner, await
bare          ``f()`` becomes ``f``
keyword       the call gets keyword arguments, or other values for them,     name, code
              each on a line of ``name`` and ``code``
without       the call loses a keyword argument                              name
option        a call is appended: ``query`` becomes ``query.options(x)``,    code
              ``query.options(a)`` becomes ``query.options(a, x)``
item          the dictionary gets one more item                              code
append        a statement becomes the last one of the block's body           code
before        a line of code is put in front of the statement                code
after         lines of code are put behind the statement, whose expression   code, target
              gets a name first if there is a ``target``
statement     a simple statement becomes another one                         code
dedent        the last statement of a block is moved behind the block
finally       ``try`` around the statement, ``finally`` around what follows
guard         ``try`` around what follows the statement, ``finally`` around  code
              the code that closes what it opened
constant      a line of code is put behind the module's imports              code
def           ``async def`` becomes ``def``
parameter     the function gets a parameter, behind one that has a name      code, after
returns       the function gets a type for what it returns                   code
move          the lines go ``before`` a line or ``behind`` one, which may     before, behind,
              be a definition and is then ``apart`` by blank lines           apart, kind
============  ===========================================================  =======================

An action returns the edits, or ``None`` when the text is not what the rule saw.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Callable, Iterator, Sequence

import libcst as cst

from archlint.core.diagnostic import Edit, Location, Recipe
from archlint.fixes.blocks import dedent, guard, to_finally
from archlint.fixes.document import Document
from archlint.fixes.moves import move
from archlint.fixes.patches import indent

Action = Callable[[Document, Recipe], "list[Edit] | None"]

_TIGHT = (cst.Attribute, cst.Subscript, cst.Call, cst.Await, cst.UnaryOperation, cst.BinaryOperation)
_ATOMS = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.SimpleString, cst.FormattedString, cst.Integer,
    cst.Float, cst.List, cst.Dict, cst.Set, cst.ListComp, cst.DictComp, cst.SetComp,
)  # fmt: skip


def replace(document: Document, recipe: Recipe) -> list[Edit] | None:
    """Other code for an expression."""
    node = document.expression(recipe.location)
    return None if node is None else _expression(document, node, recipe.value("code"))


def wrap(document: Document, recipe: Recipe) -> list[Edit] | None:
    """Code around an expression."""
    node = document.expression(recipe.location)
    if node is None:
        return None
    before, _, after = recipe.value("code").partition("{self}")
    return _expression(document, node, before + _inner(document, node, before, after) + after)


def call(document: Document, recipe: Recipe) -> list[Edit] | None:
    """Another callee for a call."""
    node = document.call(recipe.location)
    if node is None:
        return None
    new = node.with_changes(func=cst.parse_expression(recipe.value("callee")))
    return _expression(document, node, _awaited(document.code_after(node, new), recipe))


def thread(document: Document, recipe: Recipe) -> list[Edit] | None:
    """The call, made in a thread: its callee becomes the first argument."""
    node = document.call(recipe.location)
    if node is None:
        return None
    first = cst.Arg(node.func)
    if node.args:
        first = first.with_changes(comma=cst.Comma(whitespace_after=_silent(_between(node))))
    new = node.with_changes(
        func=cst.parse_expression(recipe.value("runner")),
        args=(first, *node.args),
    )
    return _expression(document, node, _awaited(document.code_after(node, new), recipe))


def bare(document: Document, recipe: Recipe) -> list[Edit] | None:
    """The callee instead of the call."""
    node = document.call(recipe.location)
    if node is None or node.args:
        return None
    return _expression(document, node, document.code(node.func))


def keyword(document: Document, recipe: Recipe) -> list[Edit] | None:
    """Keyword arguments for a call: the lines of ``name`` and ``code``."""
    node = document.call(recipe.location)
    if node is None or any(arg.star == "**" for arg in node.args):
        # Nobody sees what such a dictionary holds already.
        return None
    wanted = dict(zip(recipe.value("name").split("\n"), recipe.value("code").split("\n"), strict=True))
    args = list(node.args)
    for index, arg in enumerate(args):
        code = wanted.pop(arg.keyword.value, None) if arg.keyword is not None else None
        if code is not None:
            args[index] = arg.with_changes(value=cst.parse_expression(code))
    for name, code in wanted.items():
        args = _with_argument(node, args, name, code)
    return _expression(document, node, document.code_after(node, node.with_changes(args=args)))


def _with_argument(node: cst.Call, args: list[cst.Arg], name: str, code: str) -> list[cst.Arg]:
    """The arguments of a call and one more, in the manner of the others."""
    new = cst.Arg(cst.parse_expression(code))
    if name:
        equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        new = new.with_changes(keyword=cst.Name(name), equal=equal)
    if not args:
        return [new]
    last, comma, between = args[-1], args[-1].comma, _separator(node, args)
    if not isinstance(comma, cst.Comma):
        new = new.with_changes(whitespace_after_arg=last.whitespace_after_arg)
        last = last.with_changes(whitespace_after_arg=cst.SimpleWhitespace(""))
    elif _remark(comma.whitespace_after) and isinstance(between, cst.ParenthesizedWhitespace):
        # What is said about the last argument stays with it.
        new = new.with_changes(comma=cst.Comma(whitespace_after=_silent(comma.whitespace_after)))
        between = cst.ensure_type(comma.whitespace_after, cst.ParenthesizedWhitespace).with_changes(
            indent=between.indent, last_line=between.last_line
        )
    else:
        new = new.with_changes(comma=comma)
    return [*args[:-1], last.with_changes(comma=cst.Comma(whitespace_after=between)), new]


def _separator(node: cst.Call, args: list[cst.Arg]) -> cst.BaseParenthesizableWhitespace:
    """The space between the arguments of a call, without the comments in it."""
    if len(args) > 1 and isinstance(args[-2].comma, cst.Comma):
        return _silent(args[-2].comma.whitespace_after)
    return _silent(_between(node))


def _silent(space: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return space
    return space.with_changes(
        first_line=cst.TrailingWhitespace(newline=space.first_line.newline), empty_lines=()
    )


def _remark(space: cst.BaseParenthesizableWhitespace) -> bool:
    return isinstance(space, cst.ParenthesizedWhitespace) and bool(
        space.first_line.comment or any(line.comment for line in space.empty_lines)
    )


def without(document: Document, recipe: Recipe) -> list[Edit] | None:
    """The call without one of its keyword arguments."""
    node = document.call(recipe.location)
    if node is None:
        return None
    kept = [arg for arg in node.args if arg.keyword is None or arg.keyword.value != recipe.value("name")]
    if len(kept) == len(node.args):
        return None
    if kept and node.args[-1] is not kept[-1]:
        last = node.args[-1]
        kept[-1] = kept[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    changed = node.with_changes(args=kept)
    return _expression(document, node, document.code_after(node, changed))


def option(document: Document, recipe: Recipe) -> list[Edit] | None:
    """A call appended to an expression; or its arguments to those of a last call that says the same."""
    node = document.expression(recipe.location)
    if node is None:
        return None
    code = recipe.value("code")
    if isinstance(node, cst.Call) and (more := _said_already(node, code)):
        args = list(node.args)
        for arg in more:
            args = _with_argument(node, args, "", cst.Module(()).code_for_node(arg.value))
        return _expression(document, node, document.code_after(node, node.with_changes(args=args)))
    end = document.location(node)
    if not isinstance(node, _ATOMS):
        return _expression(document, node, f"({document.code(node)}).{code}")
    # The last character belongs to the edit: two that follow the same call wait for one another, and join.
    last = document.code(node)[-1]
    place = Location(end.path, end.end_line, end.end_column - 1, end.end_line, end.end_column)
    return [Edit(place, f"{last}.{code}")]


def _said_already(node: cst.Call, code: str) -> Sequence[cst.Arg]:
    """The arguments of a call that is to follow one of the same name, if those may stand there as well."""
    new = cst.parse_expression(f"_.{code}")
    if not isinstance(new, cst.Call) or not isinstance(new.func, cst.Attribute):
        return ()
    is_same = isinstance(node.func, cst.Attribute) and node.func.attr.value == new.func.attr.value
    if not is_same or not isinstance(new.func.value, cst.Name) or not node.args:
        return ()
    # Without arguments, or with None, Django's methods mean something else.
    plain = all(not arg.star and arg.keyword is None and not _is_none(arg.value) for arg in node.args)
    return new.args if plain else ()


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def item(document: Document, recipe: Recipe) -> list[Edit] | None:
    """One more item of a dictionary, laid out like the last one."""
    node = document.expression(recipe.location)
    last = node.elements[-1] if isinstance(node, cst.Dict) and node.elements else None
    if not isinstance(last, cst.DictElement):
        return None
    key, end = document.location(last.key), document.location(last.value)
    line, column, code = end.end_line, end.end_column, recipe.value("code")
    if key.line == recipe.location.line:
        return [Edit(Location(end.path, line, column, line, column), f", {code}")]
    lines = document.lines
    text = lines[line - 1].rstrip("\r\n")
    code = f"{document.newline}{indent(lines, key)}{code}"
    if text[column:].startswith(","):
        # What is said behind the last item stays with it.
        return [Edit(Location(end.path, line, len(text), line, len(text)), f"{code},")]
    return [Edit(Location(end.path, line, column, line, column), f",{code}")]


def append(document: Document, recipe: Recipe) -> list[Edit] | None:
    """A statement at the end of a body."""
    node: cst.CSTNode | None = document.starting(recipe.location)
    while node is not None and not isinstance(getattr(node, "body", None), cst.IndentedBlock):
        node = document.parents.get(node)
    body = getattr(node, "body", None)
    if not isinstance(body, cst.IndentedBlock) or not body.body:
        return None
    first, last = document.location(body.body[0]), document.location(body.body[-1])
    newline = document.newline
    lines = document.lines
    line = lines[last.end_line - 1] if last.end_line <= len(lines) else ""
    rest = line[last.end_column :].strip()
    if rest and not rest.startswith("#"):
        return None
    end = len(line.rstrip("\r\n"))
    at = Location(document.path, last.end_line, end, last.end_line, end)
    return [Edit(at, f"{newline}{indent(lines, first)}{recipe.value('code')}")]


def before(document: Document, recipe: Recipe) -> list[Edit] | None:
    """A line of code in front of a statement and what is said about it."""
    node = document.statement(recipe.location)
    if node is None:
        return None
    at = document.location(node)
    lines, line = document.lines, at.line
    while line > 1 and lines[line - 2].startswith(f"{indent(lines, at)}#"):
        line -= 1
    text = f"{indent(lines, at)}{recipe.value('code')}{document.newline}"
    return [Edit(Location(at.path, line, 0, line, 0), text)]


def after(document: Document, recipe: Recipe) -> list[Edit] | None:
    """Lines of code behind a statement, and a name for its value."""
    node = document.statement(recipe.location)
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return None
    at = document.location(node)
    lines = document.lines
    end = len(lines[at.end_line - 1].rstrip("\r\n"))
    newline = document.newline
    text = "".join(f"{newline}{indent(lines, at)}{line}" for line in recipe.value("code").split("\n"))
    edits = [Edit(Location(at.path, at.end_line, end, at.end_line, end), text)]
    if target := recipe.value("target"):
        if not isinstance(node.body[0], cst.Expr):
            return None
        edits.append(Edit(Location(at.path, at.line, at.column, at.line, at.column), f"{target} = "))
    return edits


def statement(document: Document, recipe: Recipe) -> list[Edit] | None:
    """Another statement for a simple one."""
    node = document.statement(recipe.location)
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return None
    return [Edit(document.location(node.body[0]), recipe.value("code"))]


def constant(document: Document, recipe: Recipe) -> list[Edit] | None:
    """A line of code behind the imports at the head of the module."""
    head = [node for node in _head(document.tree) if _imports(node)]
    if not head:
        return None
    line = (head[-1].end_lineno or head[-1].lineno) + 1
    newline = document.newline
    return [Edit(Location(document.path, line, 0, line, 0), f"{newline}{recipe.value('code')}{newline}")]


def _head(module: ast.Module) -> Iterator[ast.stmt]:
    """The statements of a module up to the first that is neither its docstring nor about imports."""
    for node in module.body:
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr) and not (
            isinstance(node, ast.If | ast.Try) and _imports(node)
        ):
            return
        yield node


def _imports(node: ast.stmt) -> bool:
    return any(isinstance(part, ast.Import | ast.ImportFrom) for part in ast.walk(node))


def to_def(document: Document, recipe: Recipe) -> list[Edit] | None:
    """A plain function instead of a coroutine function."""
    node = document.statement(recipe.location)
    if not isinstance(node, cst.FunctionDef) or node.asynchronous is None:
        return None
    at = document.location(node.asynchronous)
    return [Edit(Location(at.path, at.line, at.column, at.line, at.column + len("async ")), "")]


def parameter(document: Document, recipe: Recipe) -> list[Edit] | None:
    """One more parameter: the first one, or the one behind another."""
    node = document.statement(recipe.location)
    if not isinstance(node, cst.FunctionDef):
        return None
    code, given = recipe.value("code"), (*node.params.posonly_params, *node.params.params)
    for param in given if recipe.value("after") else ():
        if param.name.value == recipe.value("after"):
            annotation = param.annotation.annotation if param.annotation is not None else None
            end = document.location(param.default or annotation or param.name)
            at = Location(end.path, end.end_line, end.end_column, end.end_line, end.end_column)
            return [Edit(at, f", {code}")]
    if recipe.value("after"):
        return None
    name, lines = document.location(node.name), document.lines
    line, column = name.end_line, name.end_column
    text = lines[line - 1]
    if text[column : column + 1] != "(":
        return None
    point = Location(name.path, line, column + 1, line, column + 1)
    if not text[column + 1 :].strip():
        newline = document.newline
        return [Edit(point, f"{newline}{indent(lines, Location('', line + 1, 0, 0, 0))}{code},")]
    if text[column + 1] == ")":
        return [Edit(point, code)]
    return [Edit(point, f"{code}, ")]


def returns(document: Document, recipe: Recipe) -> list[Edit] | None:
    """A type for what the function returns, behind its parameters."""
    node = document.statement(recipe.location)
    if not isinstance(node, cst.FunctionDef) or node.returns is not None:
        return None
    lines, name = document.lines, document.location(node.name)
    rest = [lines[name.end_line - 1][name.end_column :], *lines[name.end_line :]]
    depth = 0
    for token in tokenize.generate_tokens(iter(rest).__next__):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.string, 0)
        if depth == 0:
            line, column = token.end
            column += name.end_column if line == 1 else 0
            line += name.end_line - 1
            return [Edit(Location(document.path, line, column, line, column), f" -> {recipe.value('code')}")]
    return None


ACTIONS: dict[str, Action] = {
    "replace": replace,
    "wrap": wrap,
    "call": call,
    "thread": thread,
    "bare": bare,
    "keyword": keyword,
    "without": without,
    "option": option,
    "item": item,
    "append": append,
    "before": before,
    "after": after,
    "statement": statement,
    "constant": constant,
    "dedent": dedent,
    "finally": to_finally,
    "guard": guard,
    "def": to_def,
    "parameter": parameter,
    "returns": returns,
    "move": move,
}


def _awaited(code: str, recipe: Recipe) -> str:
    return f"await {code}" if recipe.value("await") else code


def _between(node: cst.Call) -> cst.BaseParenthesizableWhitespace:
    """The space between two arguments: that before the first one when each has a line of its own."""
    space = node.whitespace_before_args
    if isinstance(space, cst.ParenthesizedWhitespace):
        return space
    return cst.SimpleWhitespace(" ")


def _inner(document: Document, node: cst.BaseExpression, before: str, after: str) -> str:
    """An expression inside other code, in parentheses where that code would tear it apart."""
    code = document.code(node)
    stands_alone = before.endswith(("(", ", ")) and after.startswith((")", ","))
    return code if stands_alone or isinstance(node, _ATOMS) else f"({code})"


def _expression(document: Document, node: cst.BaseExpression, code: str) -> list[Edit] | None:
    """The edit that puts code in the place of an expression, in parentheses where it needs them."""
    try:
        new = cst.parse_expression(code)
    except cst.ParserSyntaxError:
        return None
    lpar = getattr(node, "lpar", ())
    if not lpar and not isinstance(new, _ATOMS) and not getattr(new, "lpar", ()):
        parent = document.parents.get(node)
        if isinstance(parent, _TIGHT) and (not isinstance(new, cst.Await) or _binds_tighter(parent, node)):
            code = f"({code})"
    return [Edit(document.location(node), code)]


def _binds_tighter(parent: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether an ``await`` in this place would take in less than it should."""
    if isinstance(parent, cst.Attribute | cst.Subscript):
        return parent.value is node
    if isinstance(parent, cst.Call):
        return parent.func is node
    if isinstance(parent, cst.BinaryOperation):
        return isinstance(parent.operator, cst.Power)
    return isinstance(parent, cst.Await)
