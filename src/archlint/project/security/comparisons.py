"""What a comparison by ``==`` compares: a secret of the program, something a client sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.summary import Bind, Block, Call, Compare, Expr, Param, Store
from archlint.project.called import Called
from archlint.project.effects import describe
from archlint.project.identifiers import name_words, word_list
from archlint.project.security.accounts import is_hashed_name
from archlint.project.security.credentials import header_of, is_password_name
from archlint.project.security.secrets import is_code_name, is_secret_name
from archlint.project.types import NONE, Type, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World

_HMAC = frozenset(("hmac.new", "hmac.HMAC", "hmac.digest", "django.utils.crypto.salted_hmac"))
_WRAPPERS = frozenset(
    ("hexdigest", "digest", "decode", "encode", "get_secret_value", "lower", "strip", "upper")
)
_ENCODERS = frozenset(("b64encode", "urlsafe_b64encode", "hexlify", "str", "bytes"))
#: What a function answers when there is nothing to sign.
_NOTHING = (None, ["k", None], ["k", ""], ["k", b""])
#: Names and calls that a secret is followed through.
_HOPS = 8
#: Words of headers by which a client proves that it may.
_PROOFS = frozenset(("key", "apikey", "token", "secret", "auth", "authorization", "signature"))
#: Applications that keep their settings under ``config``.
_APPLICATIONS = frozenset(("flask.Flask", "flask.current_app", "quart.Quart", "quart.current_app"))


class Secrets:
    """Which expressions are secrets, at one place of a scope."""

    def __init__(self, world: World, frame: Frame, place: tuple[int, int]) -> None:
        self.world = world
        self.frame = frame
        self.scope = frame.scope
        self.place = place

    def kind(self, expr: Expr, hops: int = _HOPS) -> str:
        """``strong`` for a secret of the program, ``kept`` for one that an enclosing function was given.

        ``weak`` is what is only called one; empty anything else.
        """
        if expr is None or hops <= 0:
            return ""
        tag = expr[0]
        if tag == "c":
            return self._of_call(expr, hops)
        if tag == "j" or (tag == "b" and expr[1] == "+"):
            return self._strongest(expr[1] if tag == "j" else expr[2:4], hops)
        if tag == "n" and expr[1] in self.scope.binds:
            found = {self.kind(r[Bind.EXPR], hops - 1) for r in self.scope.binds[expr[1]]}
            if found == {""} and is_secret_name(str(expr[1])):
                return "weak"
            return found.pop() if len(found) == 1 else ""
        if tag == "s" and expr[2] is not None and expr[2][0] == "sl":
            return self.kind(expr[1], hops - 1)  # `signature[:16]`
        name = last_word(expr) if tag in ("n", "a") else ""
        if (
            tag == "s"
            and expr[2] is not None
            and expr[2][0] == "k"
            and last_word(expr[1]) in ("config", "environ")
        ):
            name = str(expr[2][1])
        if not name or not is_secret_name(name):
            return "weak" if name and (is_code_name(name) or self._is_of_codes(expr)) else ""
        if tag == "n" and self._is_captured(name):
            return "kept"
        value = self.world.values.of(expr, self.frame, *self.place)
        if tag == "a" and (value is None or not value.is_set):
            return "strong" if self.is_setting(expr[1]) else "weak"
        if tag == "s" and value is None and self._is_config(expr[1]):
            return "strong"
        return "strong" if value is not None and value.variable else ""

    def _is_of_codes(self, expr: Expr) -> bool:
        """Whether an expression is the ``code`` of a ``LoginCode``."""
        if expr[0] != "a" or expr[2] != "code":
            return False
        owners = members(self.world.evaluator.eval(expr[1], self.frame, *self.place))
        infos = (self.world.classes.info(owner.name) for owner in owners if owner.kind == "inst")
        return any(info is not None and is_code_name(info.name) for info in infos)

    def _is_captured(self, name: str) -> bool:
        """Whether a name is a parameter of the function around this one: ``def router_for(password): …``."""
        outer = self.frame.outer
        own = any(row[Param.NAME] == name for row in self.scope.params)
        return not own and outer is not None and any(row[Param.NAME] == name for row in outer.scope.params)

    def _is_config(self, expr: Expr) -> bool:
        """Whether a mapping is the configuration of a Flask application: ``current_app.config``."""
        if expr is None or expr[0] != "a" or expr[2] != "config":
            return False
        owners = members(self.world.evaluator.eval(expr[1], self.frame, *self.place))
        return any(owner.name in _APPLICATIONS for owner in owners)

    def _of_call(self, expr: Expr, hops: int) -> str:
        row = self.scope.calls[expr[1]]
        func = row[Call.FUNC]
        called = Called(self.world, self.frame, expr[1])
        if not _HMAC.isdisjoint(called.names()):
            return "strong"
        if func is not None and func[0] == "a" and func[2] in _WRAPPERS:
            return self.kind(func[1], hops - 1)
        if row[Call.ARGS] and (
            called.word in _ENCODERS or any(n.startswith("hashlib.") for n in called.names())
        ):
            return self.kind(row[Call.ARGS][0], hops - 1)
        value = called.world.values.of(expr, self.frame, *self.place)
        if value is not None and value.variable and is_secret_name(value.variable):
            return "strong"
        return "strong" if any(self._makes_hmac(c, hops - 1) for c in called.callees) else ""

    def _strongest(self, parts: list[Expr], hops: int) -> str:
        """Of a text put together: ``f"Bearer {token}"``."""
        kinds = {self.kind(part, hops - 1) for part in parts if part is not None and part[0] != "k"}
        return next((kind for kind in ("strong", "kept", "weak") if kind in kinds), "")

    def _makes_hmac(self, callee: Type, hops: int) -> bool:
        """Whether a function of the project returns a signature, or a secret of the program."""
        scope = self.world.function(callee.name) if callee.kind == "func" else None
        answers = [row for row in scope.returns if row[0] not in _NOTHING] if scope is not None else []
        if scope is None or not answers or hops <= 0:
            return False
        frame = self.world.evaluator.frame(callee.name.rpartition(":")[0], scope.index)
        return all(
            Secrets(self.world, frame, (block, order)).kind(expr, hops) == "strong"
            for expr, block, order, _ in answers
        )

    def is_setting(self, expr: Expr) -> bool:
        """Whether the attributes of an object are settings: of Django, of a settings class, of a module."""
        for value in members(self.world.evaluator.eval(expr, self.frame, *self.place)):
            if value.name == "django.conf.settings" or value.kind == "module":
                return True
            if (
                value.kind in ("inst", "class")
                and ":" in value.name
                and self.world.values.is_settings_class(value.name)
            ):
                return True
        return False


class Sides:
    """The two sides of one comparison."""

    def __init__(self, function: Function, row: list[Expr]) -> None:
        self.function = function
        self.world = function.file.world
        self.frame = function.frame
        self.scope = function.scope
        self.row = row
        self.place = (row[Compare.BLOCK], row[Compare.ORDER])
        self.secrets = Secrets(self.world, self.frame, self.place)

    def secret(self) -> str:
        """How the code calls the secret that is compared with something sent; empty for other comparisons."""
        left, right = self.row[Compare.LEFT], self.row[Compare.RIGHT]
        if self._is_column(left) or self._is_column(right):
            return ""
        kinds = (self._kind(left), self._kind(right))
        for mine, theirs, expr, other in ((*kinds, left, right), (*kinds[::-1], right, left)):
            if theirs or not mine:
                continue
            if mine == "strong" and self._may_be_sent(other):
                return self._label(expr)
            if mine == "kept" and self._is_sent(other):
                return self._label(expr)
            if mine == "weak" and self._is_sent(other) and not self._is_harmless(expr, other):
                return self._label(expr)
        return next((self._label(e) for e, o in ((left, right), (right, left)) if self._opens(e, o)), "")

    def _opens(self, expr: Expr, other: Expr) -> bool:
        """Whether a header that proves something must hold a setting: ``settings.METRICS_KEY``."""
        if expr is None or expr[0] != "a" or word_list(expr[2])[-1:] != ["key"]:
            return False
        header = header_of(other, self.scope)
        if not header or _PROOFS.isdisjoint(name_words(header)):
            return False
        value = self.world.values.of(expr, self.frame, *self.place)
        is_open = value is None or not value.is_set or bool(value.variable)
        return is_open and self.secrets.is_setting(expr[1])

    def _kind(self, expr: Expr) -> str:
        """What kind of secret a side is; what is only called one and was sent is none."""
        kind = self.secrets.kind(expr)
        return "" if kind in ("kept", "weak") and self._is_sent(expr) else kind

    def _is_harmless(self, expr: Expr, sent: Expr) -> bool:
        """Whether the time tells nothing of a stored secret, or another rule reports it.

        A password that is compared as it was stored has a worse defect: it is not hashed.
        """
        if is_password_name(last_word(expr)) or is_hashed_name(last_word(sent)) or self._is_replaced_by(sent):
            return True
        return bool(expr[0] == "a") and self._is_found_by(expr[1], sent)

    def _is_replaced_by(self, sent: Expr) -> bool:
        """Whether the comparison only asks if something is new: ``if new != row.secret: set(new)``."""
        test = ["m", "!=", self.row[Compare.LEFT], self.row[Compare.RIGHT]]
        scope = self.scope
        inside = {
            i
            for i, block in enumerate(scope.blocks)
            if block[Block.KIND] == "if" and block[Block.EXPR] == test
        }
        stored = [(s[Store.BLOCK], s[Store.EXPR]) for s in scope.stores]
        given = [
            (c[Call.BLOCK], v)
            for c in scope.calls
            for v in (*c[Call.ARGS], *(e for _, e in c[Call.KEYWORDS]))
        ]
        return any(
            value == sent and inside.intersection(scope.ancestors(block)) for block, value in stored + given
        )

    def _is_found_by(self, row: Expr, sent: Expr) -> bool:
        """Whether a row was looked up by the very value: then who sent it knew it."""
        made = [
            s[Store.EXPR] for s in self.scope.stores if row == ["a", s[Store.VALUE], s[Store.ATTR], row[-1]]
        ]
        pending, seen = [(expr, _HOPS) for expr in made or [row]], set[str]()
        while pending:
            expr, hops = pending.pop()
            while expr is not None and expr[0] in ("w", "i", "ai"):
                expr = expr[1]
            if expr is None or hops == 0:
                continue
            if expr[0] == "n" and expr[1] not in seen:
                seen.add(expr[1])
                pending += [(bind[Bind.EXPR], hops - 1) for bind in self.scope.binds.get(expr[1], ())]
            elif expr[0] == "a":
                pending.append((expr[1], hops - 1))
            elif expr[0] == "c":
                if self._is_given(expr[1], sent):
                    return True
                call = self.scope.calls[expr[1]]
                given = (call[Call.FUNC], *call[Call.ARGS], *(value for _, value in call[Call.KEYWORDS]))
                pending += [(value, hops - 1) for value in given]
        return False

    def _is_given(self, index: int, value: Expr) -> bool:
        row = self.scope.calls[index]
        return value in row[Call.ARGS] or any(given == value for _, given in row[Call.KEYWORDS])

    def _label(self, expr: Expr) -> str:
        """How the code calls a secret; of a text put together, the part that is one."""
        parts = expr[1] if expr[0] == "j" else expr[2:4] if expr[0] == "b" else []
        inner = next((p for p in parts if p is not None and p[0] != "k" and self.secrets.kind(p)), expr)
        return describe(inner, self.scope)

    def types(self) -> tuple[frozenset[str], frozenset[str]]:
        """The types that each side may have, by name; empty where nothing is known."""
        evaluator = self.world.evaluator
        left, right = (
            frozenset(
                member.name if member.kind == "inst" or member == NONE else "?"
                for member in members(evaluator.eval(side, self.frame, *self.place))
            )
            for side in (self.row[Compare.LEFT], self.row[Compare.RIGHT])
        )
        return left, right

    # -- the other side -----------------------------------------------------------------------

    def _may_be_sent(self, expr: Expr) -> bool:
        """Whether a value may come from outside: it is no constant and nothing the program knows."""
        if expr is None or expr[0] not in ("n", "a", "s", "c", "o"):
            return False
        value = self.world.values.of(expr, self.frame, *self.place)
        if value is not None:
            return False
        for found in members(self.world.evaluator.eval(expr, self.frame, *self.place)):
            if found.kind != "inst" or found.name not in ("str", "bytes"):
                return False
        return expr[0] != "n" or self._is_local(expr[1])

    def _is_local(self, name: str) -> bool:
        return name in self.scope.binds or any(p[Param.NAME] == name for p in self.scope.params)

    def _is_sent(self, expr: Expr) -> bool:
        if header_of(expr, self.scope) and self.world.taint.is_web_file(self.frame.path):
            return True
        found = self.world.taint.sources(expr, self.frame, *self.place)
        return any(source.origin.kind == "request" for source in found)

    def _is_column(self, expr: Expr) -> bool:
        """Whether a side is a column of a model: the comparison is a condition of a query."""
        if expr is None or expr[0] != "a":
            return False
        owners = members(self.world.evaluator.eval(expr[1], self.frame, *self.place))
        return last_word(expr[1]) in ("c", "columns") or any(
            o.kind == "class" or (o.kind == "lib" and o.name[:1].isupper()) for o in owners
        )
