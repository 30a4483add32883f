"""Which classes are models of an ORM, and which model a name means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.knowledge.relations import FOLLOWED, MODEL_BASES, MODEL_KEYWORDS
from archlint.model.summary import Bind, Call, Scope
from archlint.project.identifiers import word_list
from archlint.project.ledger import concluded
from archlint.project.rows.relations import CONSTRUCTORS
from archlint.project.types import Type, is_project
from archlint.project.words import BASES, CALLS, DEFINES, IMPORTS, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

DJANGO_MODEL = "django.db.models.Model"

_USER_BASES = ("AbstractUser", "AbstractBaseUser")
_USER_BASE = "django.contrib.auth.models.AbstractBaseUser"
#: Last words of bases that most models have; those of other bases are found by their relations.
_MODEL_WORDS = ("Model", "Base", "SQLModel", "DeclarativeBase", *_USER_BASES)
_BASES = {base: orm for base, orm in MODEL_BASES.items() if orm in FOLLOWED}
_ASYNC_NAMES = (
    "AsyncSession",
    "async_sessionmaker",
    "async_scoped_session",
    "create_async_engine",
    "AsyncEngine",
)


class Models:
    """Questions about model classes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._orms: dict[str, str] = world.answers()

    def orm_of(self, key: str) -> str:
        """The ORM a class is mapped by, or ``""``."""
        if not is_project(key):
            return "django" if DJANGO_MODEL in self.world.evaluator.library.mro(key) else ""
        return self.world.evaluator.memo(self._orms, key, ("orm", key), lambda: self._find_orm(key), "")

    def _find_orm(self, key: str) -> str:
        bases = self.world.classes.library_bases(key)
        base = next((base for base in _BASES if base in bases), "")
        keyword = MODEL_KEYWORDS.get(base, "")
        if keyword:
            return _BASES[base] if self._has_keyword(key, keyword) else ""
        if not base and bases and self._has_table_name(key):
            return "sqlalchemy"
        return _BASES.get(base, "")

    def is_model(self, key: str) -> bool:
        """Whether instances of this class are database rows."""
        return bool(self.orm_of(key))

    def _has_keyword(self, key: str, keyword: str) -> bool:
        """Whether a class, or one it derives from, says ``class Model(Base, keyword=True)``."""
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is not None and any(k == keyword and e == ["k", True] for k, e in info.scope.bases):
                return True
        return False

    def _has_table_name(self, key: str) -> bool:
        info = self.world.classes.info(key)
        if info is None or "__tablename__" not in info.scope.binds:
            return False
        made = (rows[-1][Bind.EXPR] for rows in info.scope.binds.values())
        return any(expr is not None and expr[0] == "c" for expr in made)

    @concluded
    def has_async_sessions(self) -> bool:
        """Whether any file of the project imports an asynchronous session or engine."""
        files = self.world.words.files
        if any(files(IMPORTS, name) for name in _ASYNC_NAMES):
            return True
        # `import sqlalchemy.ext.asyncio` binds no name of its own: only the text tells.
        return bool(files(IMPORTS, "sqlalchemy") and self.world.mentioning("sqlalchemy.ext.asyncio"))

    def tables(self, scope: Scope) -> frozenset[str]:
        """The names that the table of a class may have: the declared one, else those that libraries give."""
        rows = scope.binds.get("__tablename__", ())
        given = rows[-1][Bind.EXPR] if rows else None
        if rows:
            return frozenset((str(given[1]),)) if given is not None and given[0] == "k" else frozenset()
        return frozenset((scope.name.lower(), "_".join(word_list(scope.name))))

    # -- by name ----------------------------------------------------------------------------------

    def files(self) -> list[str]:
        """The files that declare models, migrations left out."""
        words = self.world.words
        found = set(words.files(DEFINES, "__tablename__"))
        for word in CONSTRUCTORS:
            found.update(words.files(CALLS, word))
        for word in _MODEL_WORDS:
            found.update(words.files(BASES, word))
        return sorted(p for p in found if "/migrations/" not in p and "/versions/" not in p)

    def classes(self) -> list[tuple[str, Scope]]:
        """Every class of those files, with its path."""
        return [
            (path, scope)
            for path in self.files()
            for scope in self.world.summary(path).scopes
            if scope.kind == "class"
        ]

    def called(self, name: str) -> list[str]:
        """Classes of the project with this simple name, in modules that declare relations or tables."""
        return self._by_name.get(name, [])

    @concluded
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, scope in self.classes():
            if scope.bases and self.world.summary(path).scopes[scope.parent].kind == "module":
                found.setdefault(scope.name, []).append(f"{path}:{scope.index}")
        return found

    def seen_from(self, name: str, frame: Frame) -> str:
        """The class a simple name means in a module: its own global, else the only model called so."""
        value = self.world.evaluator.module_global(frame.path, name, 2)
        if value is not None and value.kind == "class":
            return value.name
        # A model without fields of its own may stand in a module that declares none.
        candidates = self.called(name) or self._defined(name)
        return candidates[0] if len(candidates) == 1 else ""

    def _defined(self, name: str) -> list[str]:
        """The models of this name, in any module."""
        return [
            f"{path}:{scope.index}"
            for path in self.world.words.files(DEFINES, name)
            for scope in self.world.summary(path).scopes
            if scope.kind == "class" and scope.name == name and self.is_model(f"{path}:{scope.index}")
        ]

    def looked_up(self, row: list[Any]) -> Type | None:
        """The model that ``get_model("app", "Model")`` names, when one class of the project has the name."""
        texts = [e[1] for e in row[Call.ARGS] if e is not None and e[0] == "k" and isinstance(e[1], str)]
        if last_word(row[Call.FUNC]) != "get_model" or not texts or len(texts) != len(row[Call.ARGS]):
            return None
        name = texts[-1].rpartition(".")[2]
        found = self._defined(name)
        return Type("class", found[0]) if len(found) == 1 else None

    def user_model(self) -> str:
        """The project's ``AUTH_USER_MODEL``, when one class of that name derives from Django's user."""
        candidates = [
            key
            for name in ("User", "CustomUser", "Account")
            for key in self.called(name)
            if _USER_BASE in self.world.classes.library_bases(key)
        ]
        if not candidates:
            # Under any other name: the one class that derives from Django's directly.
            candidates = [
                key
                for path in sorted({p for base in _USER_BASES for p in self.world.words.files(BASES, base)})
                for key in self._users_in(path)
            ]
        return candidates[0] if len(candidates) == 1 else ""

    def _users_in(self, path: str) -> Iterator[str]:
        """The classes of a module that derive from a user of Django directly."""
        summary = self.world.summary(path)
        for scope in summary.scopes:
            words = [last_word(expr) for _, expr in scope.bases] if scope.kind == "class" else []
            if any(summary.renamed.get(word, word) in _USER_BASES for word in words):
                yield f"{path}:{scope.index}"
