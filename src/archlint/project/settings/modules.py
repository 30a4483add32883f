"""Which files and classes hold the settings of Django and Flask, and what they set.

A settings module of Django is told by what it binds, or by importing everything of one. Development
and test variants are told by their names. What a base module or class sets is only final when no
production variant of it sets it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import settings as known
from archlint.model.summary import ANNOTATION, Bind, Block, Call, Expr, Scope, Store
from archlint.project.identifiers import name_words
from archlint.project.ledger import concluded
from archlint.project.settings.static import Value, is_other_environment, same, stem
from archlint.project.settings.values import DEPTH
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_END = 1 << 60


class Setting(NamedTuple):
    """One setting of a framework, where a file sets it."""

    framework: str  # "django" or "flask"
    name: str
    value: Value
    line: int
    holder: str  # name of the module, class or application object


class Settings:
    """Questions about the settings of one project."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._found: dict[str, tuple[Setting, ...]] = world.answers()

    def of(self, path: str) -> tuple[Setting, ...]:
        """The settings that a file gives to Django or Flask for production, as far as their values are known.

        One setting is there once: what is set under a condition, or replaced by a production variant of
        the module or class, is not there at all.
        """
        if path not in self._found:
            found = [] if self.is_other(path) else list(self._find(path))
            self._found[path] = tuple(sorted(found, key=lambda s: (s.line, s.name)))
        return self._found[path]

    def value(self, path: str, name: str, holder: str = "") -> Value | None:
        """What one setting is in a file (or a class of it); None when it is not set there, or unknown."""
        for setting in self.of(path):
            if setting.name == name and holder in ("", setting.holder):
                return setting.value
        return None

    def _find(self, path: str) -> Iterator[Setting]:
        summary = self.world.summary(path)
        module = summary.scopes[0]
        if self.is_django(path):
            # A local module that may replace a constant is not needed for what the environment may say.
            is_final = not self.has_unknown_stars(path)
            yield from (s for s in self._bound("django", module, path) if is_final or s.value.variable)
            return
        if not self._uses_flask():
            return
        if len(known.FLASK_NAMES.intersection(module.binds)) >= 2 and self.world.mentioning("config.from_"):
            yield from self._bound("flask", module, path)
        for scope in summary.scopes:
            if scope.kind == "class" and self._is_flask_class(scope, path):
                yield from self._bound("flask", scope, path)
            elif scope.kind in ("module", "function"):
                yield from self._configured(scope, path)

    def _uses_flask(self) -> bool:
        return bool(self.world.mentioning("flask") or self.world.mentioning("quart"))

    def _bound(self, framework: str, scope: Scope, path: str) -> Iterator[Setting]:
        holder = scope.name or stem(path)
        if scope.kind == "class" and is_other_environment(holder):
            return
        frame = self.world.evaluator.frame(path, scope.index)
        for name, rows in scope.binds.items():
            row, instead = (rows[-1], "") if name.isupper() else (None, "")
            if row is not None and any(r[Bind.BLOCK] for r in rows):
                row, instead = self._without_environment(name, rows, frame)
            if row is None or row[Bind.EXPR] is None:
                continue
            replaced = (
                self.replaced_in(path, name)
                if scope.kind == "module"
                else self._replaced_below(f"{path}:{scope.index}", name)
            )
            if replaced:
                continue
            place = (row[Bind.BLOCK], row[Bind.ORDER] - 1, row[Bind.LINE])
            value = self.world.values.of(row[Bind.EXPR], frame, *place)
            if value is not None:
                value = value._replace(variable=value.variable or instead)
                yield Setting(framework, name, value, row[Bind.LINE], holder)

    def _without_environment(
        self, name: str, rows: list[list[Any]], frame: Frame
    ) -> tuple[list[Any] | None, str]:
        """What binds a setting where a variable of its kind says nothing, and that variable.

        ``if hosts := env.list("HOSTS"): ALLOWED_HOSTS = hosts`` with an ``else``, but not ``if PRODUCTION:``.
        """
        found, variable = None, ""
        for row in rows:
            tests = [frame.scope.blocks[b] for b in frame.scope.ancestors(row[Bind.BLOCK])[:-1]]
            asked = [self._asked(test, frame) for test in tests]
            if not asked or not all(asked):
                return None, ""
            if all(test[Block.KIND] == "else" for test in tests):
                found, variable = row, asked[0]
        is_of_kind = bool(name_words(variable) & name_words(name) - {"allow", "allowed"})
        return (found, variable) if is_of_kind else (None, "")

    def _asked(self, test: list[Any], frame: Frame) -> str:
        """The variable that a condition asks for and that gives nothing without the environment."""
        if test[Block.KIND] not in ("if", "else"):
            return ""
        place = (test[Block.PARENT], test[Block.ORDER])
        found = self.world.values.silent.of(test[Block.EXPR], frame, *place)
        return found.variable if found is not None and not found.value else ""

    # -- Flask --------------------------------------------------------------------------------

    def _is_flask_class(self, scope: Scope, path: str) -> bool:
        if not known.FLASK_NAMES.intersection(scope.binds):
            return False
        if self.world.values.is_settings_class(f"{path}:{scope.index}"):
            return False
        return bool(self.world.mentioning("config.from_object"))

    def _replaced_below(self, key: str, name: str) -> bool:
        for below in self.world.classes.subclasses(key):
            info = self.world.classes.info(below)
            if info is not None and name in info.scope.binds and not is_other_environment(info.name):
                return True
        return False

    def _configured(self, scope: Scope, path: str) -> Iterator[Setting]:
        """``app.config["X"] = …``, ``app.config.update(X=…)``, ``app.secret_key = …``."""
        frame: Frame | None = None
        for row in scope.stores:
            name = row[Store.ATTR]
            if name[:1] == "[" and name[1:-1].isupper():
                name, is_item = name[1:-1], True
            elif name in known.FLASK_ATTRIBUTES:
                name, is_item = known.FLASK_ATTRIBUTES[name], False
            else:
                continue
            if self._is_conditional(scope, row[Store.BLOCK]):
                continue
            frame = frame or self.world.evaluator.frame(path, scope.index)
            place = (row[Store.BLOCK], row[Store.ORDER] - 1)
            if not self._is_config(row[Store.VALUE], frame, *place, is_item=is_item):
                continue
            value = self.world.values.of(row[Store.EXPR], frame, *place, row[Store.LINE])
            if value is not None and not self._is_overridden(scope, row[Store.ORDER]):
                yield Setting("flask", name, value, row[Store.LINE], "config")
        for row in scope.calls:
            if last_word(row[Call.FUNC]) not in ("update", "from_mapping") or row[Call.FLAGS] & ANNOTATION:
                continue
            if not any(k is not None and k.isupper() for k, _ in row[Call.KEYWORDS]):
                continue
            if self._is_conditional(scope, row[Call.BLOCK]) or row[Call.FUNC][0] != "a":
                continue
            frame = frame or self.world.evaluator.frame(path, scope.index)
            place = (row[Call.BLOCK], row[Call.ORDER])
            if not self._is_config(row[Call.FUNC][1], frame, *place, is_item=True):
                continue
            for name, expr in row[Call.KEYWORDS]:
                value = self.world.values.of(expr, frame, *place, row[Call.LINE])
                if name is not None and value is not None and not self._is_overridden(scope, row[Call.ORDER]):
                    yield Setting("flask", name, value, row[Call.LINE], "config")

    def _is_overridden(self, scope: Scope, order: int) -> bool:
        """Whether a later line of the function reads a whole configuration from elsewhere."""
        return any(
            row[Call.ORDER] > order
            and last_word(row[Call.FUNC]) in known.FLASK_LOADERS
            and not row[Call.KEYWORDS]
            and row[Call.FUNC][0] == "a"
            and last_word(row[Call.FUNC][1]) == "config"
            for row in scope.calls
        )

    def _is_conditional(self, scope: Scope, block: int) -> bool:
        return any(
            scope.blocks[b][Block.KIND] in ("if", "else", "except", "case") for b in scope.ancestors(block)
        )

    def _is_config(self, expr: Expr, frame: Frame, block: int, order: int, *, is_item: bool) -> bool:
        if is_item and expr is not None and expr[0] == "a" and expr[2] == "config":
            expr, is_item = expr[1], False
        for value in members(self.world.evaluator.eval(expr, frame, block, order)):
            if value.kind not in ("inst", "lib"):
                continue
            names = self.world.classes.library_bases(value.name) | {value.name}
            if not is_item and names & known.FLASK_APPLICATIONS:
                return True
            if is_item and names & known.FLASK_CONFIGS:
                return True
        return False

    # -- Django -------------------------------------------------------------------------------

    def is_django(self, path: str) -> bool:
        """Whether a file is a settings module of Django, one that imports all of one, or a part of one."""
        return self._is_django(path, 4) or path in self._parts

    def _is_django(self, path: str, depth: int) -> bool:
        summary = self.world.summary(path)
        names = known.DJANGO_NAMES.intersection(summary.scopes[0].binds)
        if "INSTALLED_APPS" in names or "ROOT_URLCONF" in names or len(names) >= 3:
            return True
        if depth <= 0 or not any(n.isupper() for n in summary.scopes[0].binds):
            return False
        for module in summary.stars:
            target = self.world.modules.find(module, path)
            if target is not None and not target.endswith("/") and self._is_django(target, depth - 1):
                return True
        return False

    @concluded
    def _parts(self) -> frozenset[str]:
        """The files that are imported as a whole beside a settings module: ``from .security import *``."""
        found: set[str] = set()
        for path in self.world.mentioning("import *"):
            targets = [self.world.modules.find(module, path) for module in self.world.summary(path).stars]
            files = [t for t in targets if t is not None and not t.endswith("/")]
            if not self.is_other(path) and any(self._is_django(file, 4) for file in (path, *files)):
                found.update(files)
        return frozenset(found)

    @concluded
    def django_modules(self) -> tuple[str, ...]:
        """The settings modules of Django that production may run with, sorted."""
        candidates = set(self.world.mentioning("INSTALLED_APPS")) | set(self.world.mentioning("ROOT_URLCONF"))
        return tuple(p for p in sorted(candidates) if self.is_django(p) and not self.is_other(p))

    def is_other(self, path: str) -> bool:
        """Whether a file is for development, tests or examples, by its name or the folder of settings."""
        from archlint.project.roles import role_of

        if role_of(path) == "test":
            return True
        folder, _, _ = path.rpartition("/")
        inner = folder.rpartition("/")[2]
        return is_other_environment(stem(path)) or (
            (inner in known.OTHER_ENVIRONMENTS or inner.startswith("test")) and "settings" in path
        )

    def replaced_in(self, path: str, name: str) -> tuple[str, ...]:
        """Production settings modules that import everything of a file and bind a name anew."""
        found = []
        for other in self.world.mentioning("import *"):
            summary = self.world.summary(other)
            if other == path or name not in summary.scopes[0].binds or self.is_other(other):
                continue
            if any(self.world.modules.find(m, other) == path for m in summary.stars):
                found.append(other)
        return tuple(found)

    def has_unknown_stars(self, path: str) -> bool:
        """Whether a file takes settings from outside the project, or runs a file of them."""
        summary = self.world.summary(path)
        if any(row[Call.FUNC] in (["n", "exec"], ["n", "execfile"]) for row in summary.scopes[0].calls):
            return True
        return any(self.world.modules.find(m, path) is None for m in summary.stars)

    def django_value(self, name: str, depth: int = DEPTH) -> Value | None:
        """A setting of Django, if the project's production settings agree on it."""
        found = []
        for path in self.django_modules:
            if self.has_unknown_stars(path) or self.replaced_in(path, name):
                continue
            if name in self.world.summary(path).scopes[0].binds:
                found.append(self.world.values.module_value(path, name, depth))
        return same(found)
