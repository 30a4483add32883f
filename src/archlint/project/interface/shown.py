"""What serializers of REST framework, schemas of marshmallow and django-ninja, and forms show and take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.exposure import ACCOUNT, PRIVILEGED, PRIVILEGED_OF_ACCOUNTS, SENSITIVE
from archlint.model.summary import Bind, Call, Expr
from archlint.project.limits import FUEL
from archlint.project.types import members
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.classes import ClassInfo
    from archlint.project.world import World

_MODEL_SERIALIZER = "rest_framework.serializers.ModelSerializer"
_ACCOUNTS = frozenset(
    ("django.contrib.auth.models.AbstractBaseUser", "django.contrib.auth.models.AbstractUser")
)
_MODEL_SCHEMA = "ninja.ModelSchema"
_MODEL_FORM = "django.forms.ModelForm"
_PEOPLE = frozenset(
    ("django.contrib.auth.models.AbstractUser", "django.contrib.auth.models.PermissionsMixin")
)
#: Columns that these bring along.
_GRANTS = frozenset(("is_superuser", "is_staff", "groups", "user_permissions"))
_MARSHMALLOW = "marshmallow.Schema"
_AUTO_SCHEMA = "marshmallow_sqlalchemy.SQLAlchemyAutoSchema"
_DUMPS = ("dump", "dumps")
_RESPONDS = frozenset(("response", "marshal_with", "output"))
_MOST_FILES = 200


class Shown:
    """Questions about what serializers show."""

    def __init__(self, world: World) -> None:
        self.world = world

    # -- Django REST framework --------------------------------------------------------------------

    def by_serializer(self, key: str) -> Iterator[str]:
        """The secrets of an account that a model serializer gives."""
        classes = self.world.classes
        if _MODEL_SERIALIZER not in classes.library_bases(key) or classes.method(key, "to_representation"):
            return
        model, meta = self._modelled(key)
        for name in sorted(SENSITIVE) if model else ():
            is_shown = self.is_column(model, name) and self._is_listed(key, meta, name)
            if is_shown and not self._is_hidden(key, meta, name):
                yield name

    def _modelled(self, key: str) -> tuple[str, str]:
        """The model that a class is made after, and its ``Meta``; empty where they are not known."""
        meta = self.world.classes.find(key, "Meta")
        model = self.world.serializers.rest.fields.model(key, of_library=True)
        if meta is None or model is None or meta[1][Bind.EXPR] is None or meta[1][Bind.EXPR][0] != "cl":
            return "", ""
        return model.name, f"{meta[0].path}:{meta[1][Bind.EXPR][1]}"

    def is_column(self, model: str, name: str) -> bool:
        """Whether the table of an account has such a column."""
        if name == "password" and not _ACCOUNTS.isdisjoint(self.world.classes.library_bases(model)):
            return True
        return self._is_of_people(model) and self.world.classes.find(model, name) is not None

    def _is_of_people(self, model: str) -> bool:
        classes = self.world.classes
        is_of_django = not _ACCOUNTS.isdisjoint(classes.library_bases(model))
        return is_of_django or any(classes.find(model, word) is not None for word in ACCOUNT)

    def _is_listed(self, key: str, meta: str, name: str) -> bool:
        classes = self.world.classes
        fields = classes.find(meta, "fields")
        if fields is not None and fields[1][Bind.EXPR] != ["k", "__all__"]:
            return name in (self.world.serializers.rest.fields.listed(key) or ())
        excluded = classes.find(meta, "exclude")
        if excluded is None:
            return fields is not None
        texts = _texts(excluded[1][Bind.EXPR])
        return texts is not None and name not in texts

    def _is_hidden(self, key: str, meta: str, name: str) -> bool:
        """Whether a field is declared for writing only; also when that cannot be read."""
        classes = self.world.classes
        declared = classes.find(key, name)
        if declared is not None:
            expr = declared[1][Bind.EXPR]
            if expr is None or expr[0] != "c":
                return True
            given = dict(declared[0].scope.calls[expr[1]][Call.KEYWORDS])
            return given.get("write_only") == ["k", True] or not last_word(
                declared[0].scope.calls[expr[1]][Call.FUNC]
            ).endswith("CharField")
        for word in ("extra_kwargs", "write_only_fields"):
            found = classes.find(meta, word)
            if found is not None and _hides(found[1][Bind.EXPR], name):
                return True
        return False

    def open_to_clients(self, key: str) -> tuple[str, list[str]]:
        """The model of a form or serializer with all fields, and its columns that grant rights."""
        classes = self.world.classes
        bases = classes.library_bases(key)
        if _MODEL_SERIALIZER not in bases and _MODEL_FORM not in bases:
            return "", []
        model, inner = self._modelled(key)
        if not model:
            return "", []
        fields = classes.find(inner, "fields")
        if fields is None or fields[1][Bind.EXPR] != ["k", "__all__"] or classes.method(key, "__init__"):
            return "", []
        closed = self._closed(inner)
        if closed is None:
            return "", []
        granting = [
            name
            for name in sorted((PRIVILEGED | PRIVILEGED_OF_ACCOUNTS) - closed)
            if classes.find(key, name) is None and self.grants(model, name)
        ]
        return model, granting

    def open_to_oneself(self, key: str) -> tuple[str, list[str]]:
        """The model of a serializer, and the columns it names and takes that grant rights."""
        model, inner = self._modelled(key)
        listed = self.world.serializers.rest.fields.listed(key) if model else None
        closed = self._closed(inner) if listed is not None else None
        if listed is None or closed is None or not self.holds_logins(model):
            return "", []
        named = (PRIVILEGED | PRIVILEGED_OF_ACCOUNTS) & (listed - closed)
        classes = self.world.classes
        return model, [n for n in sorted(named) if classes.find(key, n) is None and self.grants(model, n)]

    def _closed(self, meta: str) -> set[str] | None:
        """The fields that options of a ``Meta`` leave out or make read-only; None when unknown."""
        closed: set[str] = set()
        for word in ("read_only_fields", "extra_kwargs", "exclude"):
            found = self.world.classes.find(meta, word)
            if found is not None:
                listed = _texts(found[1][Bind.EXPR])
                if listed is None:
                    listed = _closed_by_options(found[1][Bind.EXPR])
                if listed is None:
                    return None
                closed.update(listed)
        return closed

    def holds_logins(self, model: str) -> bool:
        """Whether the rows of a model are people who log in with a password."""
        return self._is_of_people(model) and any(self.is_column(model, name) for name in SENSITIVE)

    def grants(self, model: str, name: str) -> bool:
        """Whether a model has a column of this name, which grants rights, by itself or from Django."""
        classes = self.world.classes
        if name in PRIVILEGED_OF_ACCOUNTS and not self.holds_logins(model):
            return False
        inherited = name in _GRANTS and not _PEOPLE.isdisjoint(classes.library_bases(model))
        return inherited or classes.find(model, name) is not None

    # -- django-ninja -----------------------------------------------------------------------------

    def by_model_schema(self, key: str) -> list[str]:
        """The secrets of an account that a schema takes over from its model."""
        return [name for name in sorted(SENSITIVE) if self._is_taken(key, name, self.is_column)]

    def granting_by_model(self, key: str) -> frozenset[str]:
        """The fields that grant rights which a schema takes over from its model."""
        return frozenset(name for name in PRIVILEGED if self._is_taken(key, name, self.grants))

    def _is_taken(self, key: str, name: str, is_column: Callable[[str, str], bool]) -> bool:
        if _MODEL_SCHEMA not in self.world.classes.library_bases(key):
            return False
        model, meta = self._modelled(key)
        return bool(model) and is_column(model, name) and self._is_listed(key, meta, name)

    # -- marshmallow ------------------------------------------------------------------------------

    def by_marshmallow(self, key: str) -> Iterator[tuple[str, int]]:
        """The secrets of an account that a schema gives, with their lines."""
        if _MARSHMALLOW not in self.world.classes.library_bases(key):
            return
        info = self.world.classes.info(key)
        if info is None:
            return
        found = [(name, info.scope.line) for name in self._by_model(key)]
        if any(self.world.classes.find(key, word) for word in ACCOUNT):
            found += [(name, line) for name, line in _plain(info) if name in SENSITIVE]
        if found and self._is_dumped(key):
            yield from found

    def _by_model(self, key: str) -> Iterator[str]:
        """The secrets of an account that a schema takes over from its model without naming them."""
        classes = self.world.classes
        if _AUTO_SCHEMA not in classes.library_bases(key):
            return
        meta, model = classes.find(key, "Meta"), self.world.serializers.rest.fields.model(key)
        if meta is None or model is None or meta[1][Bind.EXPR] is None or meta[1][Bind.EXPR][0] != "cl":
            return
        if not any(classes.find(model.name, word) for word in ACCOUNT):
            return
        inner = f"{meta[0].path}:{meta[1][Bind.EXPR][1]}"
        hidden: set[str] = set()
        for word in ("exclude", "load_only", "fields"):
            found = classes.find(inner, word)
            if found is not None:
                texts = _texts(found[1][Bind.EXPR])
                if texts is None or word == "fields":
                    return
                hidden.update(texts)
        for name in sorted(SENSITIVE - hidden):
            if classes.find(key, name) is None and classes.find(model.name, name) is not None:
                yield name

    def _is_dumped(self, key: str) -> bool:
        """Whether some code fills answers by a schema."""
        files = sorted(
            {path for word in (*_DUMPS, *_RESPONDS) for path in self.world.words.files(CALLS, word)}
        )
        for path in files[:_MOST_FILES]:
            for scope in self.world.summary(path).scopes:
                frame = None
                for row in scope.calls:
                    word, func = last_word(row[Call.FUNC]), row[Call.FUNC]
                    if word not in _RESPONDS and (word not in _DUMPS or func[0] != "a"):
                        continue
                    frame = frame or self.world.evaluator.frame(path, scope.index, (), FUEL)
                    exprs = [func[1]] if word in _DUMPS else row[Call.ARGS]
                    for expr in exprs:
                        value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
                        if any(m.name == key for m in members(value)):
                            return True
        return False


def _plain(info: ClassInfo) -> Iterator[tuple[str, int]]:
    """The fields of a class body that are not for loading only."""
    for name, rows in info.scope.binds.items():
        expr = rows[-1][Bind.EXPR]
        if expr is None or expr[0] != "c":
            continue
        if dict(info.scope.calls[expr[1]][Call.KEYWORDS]).get("load_only") != ["k", True]:
            yield name, rows[-1][Bind.LINE]


def _texts(expr: Expr) -> list[str] | None:
    if expr is None or expr[0] not in ("l", "t", "e"):
        return None
    return [str(item[1]) if item is not None and item[0] == "k" else "" for item in expr[1]]


def _closed_by_options(expr: Expr) -> list[str] | None:
    """The fields that ``extra_kwargs`` may make read-only; None when it cannot be read."""
    if expr is None or expr[0] != "d" or any(key is None or key[0] != "k" for key, _ in expr[1]):
        return None
    return [str(key[1]) for key, options in expr[1] if _may_close(options)]


def _may_close(options: Expr) -> bool:
    """Whether the options of a field say ``read_only``; also when they cannot be read."""
    if options is None or options[0] != "d":
        return True
    return any(
        key is None or key[0] != "k" or (key[1] == "read_only" and value != ["k", False])
        for key, value in options[1]
    )


def _hides(expr: Expr, name: str) -> bool:
    """Whether ``extra_kwargs`` or ``write_only_fields`` hide a field; also when they cannot be read."""
    texts = _texts(expr)
    if texts is not None:
        return name in texts
    if expr is None or expr[0] != "d":
        return True
    for key, value in expr[1]:
        if key is None or value is None or key[0] != "k":
            return True
        if key[1] == name:
            return value[0] != "d" or [["k", "write_only"], ["k", True]] in value[1]
    return False
