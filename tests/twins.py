"""Twins of cases: the same program written another way, which must be judged the same way.

A transformation takes the files of a case and gives other files, or ``None`` where it does not
apply. The marks (``# ARC401``) travel with their lines, so a twin says itself what is expected.
"""

from __future__ import annotations

import ast
import builtins
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath

import attrs

Files = dict[str, str]
Transform = Callable[[Files], Files | None]


@attrs.frozen(order=True)
class Cut:
    """Replace the characters from ``column`` to ``end`` of one line."""

    line: int
    column: int
    end: int
    text: str


def python(files: Mapping[str, str]) -> dict[str, str]:
    """The Python files of a case."""
    return {name: text for name, text in files.items() if name.endswith(".py")}


def cut(text: str, cuts: list[Cut]) -> str:
    lines = text.split("\n")
    for each in sorted(set(cuts), reverse=True):
        line = lines[each.line - 1]
        lines[each.line - 1] = line[: each.column] + each.text + line[each.end :]
    return "\n".join(lines)


def each_file(transform: Callable[[str, str, Files], str]) -> Transform:
    """A transformation of single files; it applies where it changes at least one."""

    def whole(files: Files) -> Files | None:
        changed = dict(files)
        for name, text in python(files).items():
            if not text.isascii():
                # Columns of the syntax tree count bytes.
                continue
            changed[name] = transform(name, text, files)
            ast.parse(changed[name])
        return None if changed == files else changed

    return whole


# -- imports ---------------------------------------------------------------------------------------


@attrs.frozen
class _Import:
    """An import of one line, at any depth, and the rest of that line."""

    node: ast.Import | ast.ImportFrom
    indent: int
    end: int


def _imports(tree: ast.Module) -> Iterator[_Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and node.lineno == node.end_lineno:
            assert node.end_col_offset is not None
            yield _Import(node, node.col_offset, node.end_col_offset)


def _loads(tree: ast.Module, name: str) -> list[ast.Name] | None:
    """Every use of a name, or ``None`` when it is not only an import that is read."""
    uses = []
    bindings = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name:
            if not isinstance(node.ctx, ast.Load):
                return None
            uses.append(node)
        elif isinstance(node, ast.alias):
            bindings += (node.asname or node.name.split(".")[0]) == name
        elif _binds(node, name):
            return None
    return uses if bindings == 1 and not _in_text_annotation(tree, name) else None


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.arg):
        return node.arg == name
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == name
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return node.name == name
    return isinstance(node, ast.Global | ast.Nonlocal) and name in node.names


def _in_text_annotation(tree: ast.Module, name: str) -> bool:
    """Whether a string annotation (or ``__all__``) mentions the name."""
    texts: list[str] = []
    for node in ast.walk(tree):
        annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
        if annotation is not None:
            texts += _strings(annotation)
        if isinstance(node, ast.Subscript | ast.Assign):
            texts += _strings(node)
    return any(re.search(rf"\b{re.escape(name)}\b", text) for text in texts)


def _strings(tree: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def _used_elsewhere(name: str, path: str, files: Files) -> bool:
    """Whether another file may reach the name through this one."""
    stem = PurePosixPath(path).stem
    module = PurePosixPath(path).parent.name if stem == "__init__" else stem
    for other, text in python(files).items():
        if other == path:
            continue
        attributes, imported = _reaches(text)
        if name in attributes:
            return True
        for source in (module, ""):
            if (source, name) in imported or (source, "*") in imported:
                return True
    return False


@cache
def _reaches(text: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """The attributes a file reads, and the names it imports with the last part of their module."""
    nodes = list(ast.walk(ast.parse(text)))
    return (
        frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        frozenset(
            ((node.module or "").split(".")[-1], alias.name)
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        ),
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _from_import(alias: Callable[[str, str], str]) -> Callable[[str, str, Files], str]:
    """``import x`` and ``x.y`` become ``from x import y as <alias>``."""

    def transform(path: str, text: str, files: Files) -> str:
        tree = ast.parse(text)
        cuts: list[Cut] = []
        given: set[str] = set()
        for found in _imports(tree):
            if isinstance(found.node, ast.Import) and len(found.node.names) == 1:
                names, more = _as_from(found, tree, path, files, alias)
                if not names & given:
                    given |= names
                    cuts += more
        return cut(text, cuts)

    return transform


def _as_from(
    found: _Import, tree: ast.Module, path: str, files: Files, alias: Callable[[str, str], str]
) -> tuple[set[str], list[Cut]]:
    """The new names and the changes, or nothing where it does not apply."""
    nothing: tuple[set[str], list[Cut]] = (set(), [])
    (imported,) = found.node.names
    module = imported.name
    uses = _loads(tree, module)
    if imported.asname or "." in module or not uses or _used_elsewhere(module, path, files):
        return nothing
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    reads = [parents[use] for use in uses]
    if not all(isinstance(read, ast.Attribute) and isinstance(read.ctx, ast.Load) for read in reads):
        return nothing
    taken = _words(ast.unparse(tree).replace(f"{module}.", ""))
    cuts, names = [], {}
    for read in reads:
        assert isinstance(read, ast.Attribute)
        new = alias(module, read.attr)
        if (new == read.attr and _rebound(tree, new)) or read.lineno != read.end_lineno:
            return nothing
        if new != read.attr and new in taken:
            return nothing
        names[read.attr] = new
        cuts.append(Cut(read.lineno, read.col_offset, read.end_col_offset or 0, new))
    listed = ", ".join(n if n == new else f"{n} as {new}" for n, new in names.items())
    line = f"from {module} import {listed}"
    return set(names.values()), [*cuts, Cut(found.node.lineno, found.indent, found.end, line)]


def _rebound(tree: ast.Module, name: str) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name:
            return True
        if isinstance(node, ast.alias) and (node.asname or node.name.split(".")[0]) == name:
            return True
        if _binds(node, name):
            return True
    return False


def _module_import(path: str, text: str, files: Files) -> str:
    """``from x import y`` and ``y`` become ``import x`` and ``x.y``."""
    tree = ast.parse(text)
    cuts: list[Cut] = []
    for found in _imports(tree):
        node = found.node
        if not isinstance(node, ast.ImportFrom) or node.level or node.module in {None, "__future__"}:
            continue
        assert node.module is not None
        if any(alias.asname or alias.name == "*" for alias in node.names):
            continue
        uses = {alias.name: _loads(tree, alias.name) for alias in node.names}
        root = node.module.split(".")[0]
        if _shadowed(tree, root) or any(_used_elsewhere(name, path, files) for name in uses):
            continue
        if any(not loads for loads in uses.values()):
            continue
        submodules = [f"{node.module}.{name}" for name in uses if _is_module(f"{node.module}.{name}", files)]
        imports = submodules if len(submodules) == len(uses) else [node.module, *submodules]
        cuts.append(Cut(node.lineno, found.indent, found.end, "import " + ", ".join(imports)))
        for name, loads in uses.items():
            for use in loads or ():
                end = use.end_col_offset or 0
                cuts.append(Cut(use.lineno, use.col_offset, end, f"{node.module}.{name}"))
    return cut(text, cuts)


def _shadowed(tree: ast.Module, root: str) -> bool:
    """Whether something but an import of that package has the name of the package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == root:
            return True
        if isinstance(node, ast.ImportFrom) and any((a.asname or a.name) == root for a in node.names):
            return True
        if isinstance(node, ast.Import) and any(a.asname == root for a in node.names):
            return True
        if _binds(node, root):
            return True
    return False


def _is_module(dotted: str, files: Files) -> bool:
    path = dotted.replace(".", "/")
    return f"{path}.py" in files or any(name.startswith(f"{path}/") for name in files)


def _aliased(path: str, text: str, files: Files) -> str:
    """``import x`` becomes ``import x as x_``, ``from x import y`` ``from x import y as y_``."""
    tree = ast.parse(text)
    cuts: list[Cut] = []
    for found in _imports(tree):
        if isinstance(found.node, ast.ImportFrom) and found.node.module == "__future__":
            continue
        for alias in found.node.names:
            uses = _loads(tree, alias.name)
            new = f"{alias.name}_"
            if alias.asname or "." in alias.name or not uses or _rebound(tree, new):
                continue
            if _used_elsewhere(alias.name, path, files):
                continue
            cuts += [Cut(use.lineno, use.col_offset, use.end_col_offset or 0, new) for use in uses]
            end = alias.end_col_offset
            assert end is not None
            cuts.append(Cut(alias.lineno, alias.col_offset, end, f"{alias.name} as {new}"))
    return cut(text, cuts)


# -- comments and layout -----------------------------------------------------------------------------


def silenced(files: Files, code: str, lines: Mapping[str, set[int]]) -> Files | None:
    """A suppression at the end of every reported line."""
    changed = dict(files)
    for name, numbers in lines.items():
        rows = files[name].split("\n")
        for number in numbers:
            rows[number - 1] += f"  # noqa: {code}"
        changed[name] = "\n".join(rows)
        if not _same_tree(files[name], changed[name]):
            return None
    return changed


def _same_tree(before: str, after: str) -> bool:
    try:
        return ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
    except SyntaxError:
        return False


def crlf(files: Files) -> Files | None:
    """Line ends of another system."""
    return {name: re.sub(r"\r?\n", "\r\n", text) for name, text in files.items()}


def tabs(files: Files) -> Files | None:
    """Tabs instead of four spaces, where that leaves the program alone."""
    changed = dict(files)
    for name, text in python(files).items():
        indented = re.sub(r"(?m)^(?: {4})+", lambda found: "\t" * (len(found[0]) // 4), text)
        if _same_tree(text, indented):
            changed[name] = indented
    return None if changed == files else changed


def synchronous(files: Files) -> Files | None:
    """Without ``async`` and ``await``."""
    return each_file(lambda _path, text, _files: _without_async(text))(files)


def _without_async(text: str) -> str:
    cuts = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and token.string in {"async", "await"}:
            line, column = token.start
            rest = token.line[token.end[1] :]
            gap = len(rest) - len(rest.lstrip(" "))
            cuts.append(Cut(line, column, token.end[1] + gap, ""))
    return cut(text, cuts)


# -- other modules -----------------------------------------------------------------------------------

_ELSEWHERE = "shared_helpers"


def reexported_helpers(files: Files) -> Files | None:
    """The helper functions of the first file inside a package that re-exports them."""
    changed = moved_helpers(files)
    if changed is None:
        return None
    helpers = changed.pop(f"{_ELSEWHERE}.py")
    names = re.findall(r"(?m)^(?:async )?def (\w+)", helpers)
    changed[f"{_ELSEWHERE}/work.py"] = helpers
    changed[f"{_ELSEWHERE}/__init__.py"] = f"from .work import {', '.join(names)}\n"
    return changed


def moved_helpers(files: Files) -> Files | None:
    """The helper functions of one file, the first that has any, in a module of their own."""
    if f"{_ELSEWHERE}.py" in files:
        return None
    moved = (_without_helpers(path, files) for path in python(files))
    return next(filter(None, moved), None)


def _without_helpers(path: str, files: Files) -> Files | None:
    text = files[path]
    tree = ast.parse(text)
    moved = _movable(tree, path, files)
    if not moved or not text.isascii():
        return None
    lines = text.split("\n")
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    taken = [_span(lines, node) for node in (*imports, *moved)]
    for node in moved:
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        lines[first:last] = [f"from {_ELSEWHERE} import {node.name}", *[""] * (last - first - 1)]
    helpers = "\n".join([*taken[: len(imports)], "", "", "\n\n\n".join(taken[len(imports) :]), ""])
    # The interpreter needs `from __future__` first; everything else may follow.
    return {**files, path: "\n".join(lines), f"{_ELSEWHERE}.py": helpers}


def _span(lines: list[str], node: ast.stmt) -> str:
    return "\n".join(lines[node.lineno - 1 : node.end_lineno])


def _movable(tree: ast.Module, path: str, files: Files) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions that others call and that need nothing of their module but imports and one another."""
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    if any(isinstance(n, ast.ImportFrom) and n.level for n in tree.body):
        return []
    candidates = [
        node
        for node in functions
        if not node.decorator_list
        and sum(other.name == node.name for other in functions) == 1
        and not _used_elsewhere(node.name, path, files)
        and _called(tree, node)
    ]
    own = _module_names(tree)
    while True:
        names = {node.name for node in candidates}
        kept = [n for n in candidates if not ((_read(n) & own) - names - {n.name})]
        if len(kept) == len(candidates):
            return kept
        candidates = kept


def _called(tree: ast.Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    inside = set(ast.walk(function))
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == function.name
        and node not in inside
        for node in ast.walk(tree)
    )


def _module_names(tree: ast.Module) -> set[str]:
    """Names that the module itself defines, not by importing them at its top level."""
    found = set()
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.alias):
                found.add(node.asname or node.name.split(".")[0])
            elif isinstance(node, ast.Global):
                found.update(node.names)
    top = {
        target.id
        for statement in tree.body
        for target in ast.walk(statement)
        if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store)
    }
    return found | top


def _read(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names a function may take from its module."""
    own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    own |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    read = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    texts = {word for text in _strings(function) for word in _words(text)}
    uses_global = any(isinstance(node, ast.Global) for node in ast.walk(function))
    return (read - own) | texts | ({"global"} if uses_global else set())


_PACKAGE = "outer"


def packaged(files: Files) -> Files | None:
    """Everything in a package, with relative imports between its modules."""
    if any(name.startswith(("src/", f"{_PACKAGE}/")) for name in files):
        return None
    modules = {_dotted(name) for name in python(files)}
    modules |= {name.rpartition(".")[0] for name in modules}
    modules = {name for name in modules if name}
    roots = {name.split(".")[0] for name in modules}
    changed: Files = {f"{_PACKAGE}/__init__.py": ""}
    for name, text in files.items():
        if not name.endswith(".py"):
            # Templates belong to their application, requirements and settings to the project.
            changed[f"{_PACKAGE}/{name}" if name.endswith(".html") else name] = text
            continue
        if not text.isascii() or any(
            string.split(".")[0] in roots and "." in string for string in _texts(text)
        ):
            return None
        rewritten = _relative(name, text, modules, roots)
        if rewritten is None:
            return None
        changed[f"{_PACKAGE}/{name}"] = rewritten
    return changed


def _texts(text: str) -> list[str]:
    return [string for string in _strings(ast.parse(text)) if re.fullmatch(r"[\w.]+", string)]


def _dotted(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _relative(path: str, text: str, modules: set[str], roots: set[str]) -> str | None:
    dots = "." * len(PurePosixPath(path).parts)
    tree = ast.parse(text)
    cuts: list[Cut] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] in roots:
            if node.module not in modules:
                return None
            assert node.module is not None
            start = node.col_offset + len("from ")
            cuts.append(Cut(node.lineno, start, start + len(node.module), dots + node.module))
        elif isinstance(node, ast.Import) and any(a.name.split(".")[0] in roots for a in node.names):
            line = _relative_import(node, dots, modules)
            if line is None:
                return None
            cuts.append(Cut(node.lineno, node.col_offset, node.end_col_offset or 0, line))
    return cut(text, cuts)


def _relative_import(node: ast.Import, dots: str, modules: set[str]) -> str | None:
    if len(node.names) != 1 or node.names[0].name not in modules:
        return None
    (alias,) = node.names
    package, _, last = alias.name.rpartition(".")
    if package and not alias.asname:
        return None
    return f"from {dots}{package} import {last}" + (f" as {alias.asname}" if alias.asname else "")


# -- imports elsewhere in the file -------------------------------------------------------------------


def _top_imports(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    return [
        node
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
        and not any(alias.name == "*" for alias in node.names)
        and node.lineno == node.end_lineno
    ]


def _optional_imports(_path: str, text: str, _files: Files) -> str:
    """Every import of the module in a ``try`` that survives its absence."""
    lines = text.split("\n")
    for node in reversed(_top_imports(ast.parse(text))):
        line = lines[node.lineno - 1]
        if node.col_offset or line[node.end_col_offset :].lstrip().startswith(";"):
            continue
        names = [alias.asname or alias.name.split(".")[0] for alias in node.names]
        missing = " = ".join([*names, "None"])
        lines[node.lineno - 1 : node.lineno] = [
            "try:",
            f"    {line}",
            "except ImportError:",
            f"    {missing}",
        ]
    return "\n".join(lines)


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _local_imports(path: str, text: str, files: Files) -> str:
    """Imports moved into the functions that use them."""
    tree = ast.parse(text)
    lines = text.split("\n")
    inserted: list[tuple[int, str]] = []
    for node in _top_imports(tree):
        users = _users(tree, node)
        names = [alias.asname or alias.name.split(".")[0] for alias in node.names]
        if not users or any(_used_elsewhere(name, path, files) for name in names):
            continue
        moved = lines[node.lineno - 1]
        lines[node.lineno - 1] = ""
        for function in users:
            first = function.body[0]
            line = min([first.lineno, *(n.lineno for n in getattr(first, "decorator_list", ()))])
            inserted.append((line, " " * first.col_offset + moved))
    for line, moved in sorted(inserted, reverse=True):
        lines.insert(line - 1, moved)
    return "\n".join(lines)


def _users(tree: ast.Module, node: ast.Import | ast.ImportFrom) -> list[_Function]:
    """The outermost functions whose bodies use an import, if nothing else does."""
    loads: list[ast.Name] = []
    for alias in node.names:
        found = _loads(tree, alias.asname or alias.name.split(".")[0])
        if not found:
            return []
        loads += found
    users, inside = [], set()
    for function in _outermost(tree.body):
        if function.body[0].lineno == function.lineno:
            continue
        names = {n for statement in function.body for n in ast.walk(statement) if isinstance(n, ast.Name)}
        if names & set(loads):
            users.append(function)
            inside |= names
    return users if set(loads) <= inside else []


def _outermost(body: list[ast.stmt]) -> Iterator[_Function]:
    for statement in body:
        if isinstance(statement, _Function):
            yield statement
        elif isinstance(statement, ast.ClassDef):
            yield from _outermost(statement.body)


# -- annotations and names -----------------------------------------------------------------------------


def _text_annotations(_path: str, text: str, _files: Files) -> str:
    """Annotations of parameters as strings."""
    cuts = []
    for node in ast.walk(ast.parse(text)):
        annotation = node.annotation if isinstance(node, ast.arg) else None
        if annotation is None or _strings(annotation) or annotation.lineno != annotation.end_lineno:
            continue
        end = annotation.end_col_offset
        assert end is not None
        source = text.split("\n")[annotation.lineno - 1][annotation.col_offset : end]
        if "'" not in source and '"' not in source:
            cuts.append(Cut(annotation.lineno, annotation.col_offset, end, f'"{source}"'))
    return cut(text, cuts)


def _future_annotations(_path: str, text: str, _files: Files) -> str:
    tree = ast.parse(text)
    if ast.get_docstring(tree) is not None or "__future__" in text or not tree.body:
        return text
    return f"from __future__ import annotations\n{text}"


def _renamed(_path: str, text: str, files: Files) -> str:
    """Parameters and variables of functions under names that say nothing."""
    tree = ast.parse(text)
    cuts: list[Cut] = []
    for number, name in enumerate(sorted(_private_names(tree, files))):
        new = f"v{number}_"
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id == name:
                cuts.append(Cut(node.lineno, node.col_offset, node.end_col_offset or 0, new))
            elif isinstance(node, ast.arg) and node.arg == name:
                cuts.append(Cut(node.lineno, node.col_offset, node.col_offset + len(name), new))
    return cut(text, cuts)


def _private_names(tree: ast.Module, files: Files) -> set[str]:
    """Names that exist inside functions alone and that nothing else spells."""
    inside: set[str] = set()
    spelled = {"self", "cls"}
    for node in ast.walk(tree):
        spelled |= _spelled(node)
        if isinstance(node, _Function):
            inside |= _own_names(node)
    for statement in tree.body:
        if not isinstance(statement, _Function | ast.ClassDef):
            spelled |= {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
    for other in python(files).values():
        spelled |= {n.arg or "" for n in ast.walk(ast.parse(other)) if isinstance(n, ast.keyword)}
    return {name for name in inside - spelled if not hasattr(builtins, name)}


def _spelled(node: ast.AST) -> set[str]:
    """Names that a node gives to or takes from others, or that cannot be found in its text."""
    if isinstance(node, _Function):
        # A framework may call a decorated function by the names of its parameters.
        arguments = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
        return {node.name, *(arguments if node.decorator_list else ())}
    if isinstance(node, ast.ClassDef):
        fields = {n.id for s in node.body if not isinstance(s, _Function) for n in _stores(s)}
        return {node.name, *fields}
    if isinstance(node, ast.alias):
        return {node.asname or node.name.split(".")[0]}
    if isinstance(node, ast.Global | ast.Nonlocal):
        return set(node.names)
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar | ast.MatchMapping):
        return {getattr(node, "name", None) or getattr(node, "rest", None) or ""}
    if isinstance(node, ast.JoinedStr | ast.Lambda):
        # Columns inside f-strings are not those of the text.
        return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _words(node.value)
    return set()


def _own_names(function: _Function) -> set[str]:
    arguments = {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    return arguments | {n.id for statement in function.body for n in _stores(statement)}


def _stores(tree: ast.AST) -> list[ast.Name]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


def _short_name(_module: str, name: str) -> str:
    return name


def _long_name(module: str, name: str) -> str:
    return f"{module}_{name}_"


#: The twins that must be judged as the case they are made from.
SAME: dict[str, Transform] = {
    "from-import": each_file(_from_import(_short_name)),
    "from-import-as": each_file(_from_import(_long_name)),
    "module-import": each_file(_module_import),
    "aliased": each_file(_aliased),
    "optional-imports": each_file(_optional_imports),
    "local-imports": each_file(_local_imports),
    "moved-helpers": moved_helpers,
    "reexported-helpers": reexported_helpers,
    "packaged": packaged,
    "text-annotations": each_file(_text_annotations),
    "future-annotations": each_file(_future_annotations),
    "renamed": each_file(_renamed),
    "crlf": crlf,
    "tabs": tabs,
}
