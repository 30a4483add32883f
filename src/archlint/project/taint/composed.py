"""Text made of pieces: joined, filled in, cut; what of it comes from a client."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Call, Expr
from archlint.project.evaluation.frames import Frame
from archlint.project.taint.engine import Taint
from archlint.project.taint.origins import ITEM, NONE, Origins

if TYPE_CHECKING:
    from archlint.project.world import World

#: Kinds for which the beginning of a text decides.
BY_HOST = frozenset(("url", "redirect"))
#: What a home-made ``replace`` takes out, by kind.
_SPECIAL = {
    "sql": "'\"`;]", "path": "./\\", "command": "'\"`;|&$ ", "html": "<>&\"'", "url": "/:@",
    "redirect": "/:\\",
}  # fmt: skip
#: An address whose host is not decided yet.
_NO_HOST = re.compile(r"^(?:[^:/?#]*:)?(?://[^/?#\0]*)?$")
_WHOLE_HOST = re.compile(r"://(?:[\w-]+(?:\.[\w-]+)+|localhost|[\w-]+:\d+|[\w.-]+:\d+)$")
_UNKNOWN = "\0"


class Composed(Taint):
    """Questions about texts that are put together, for one kind of attack."""

    def __init__(self, world: World, kind: str = "", *, believes: bool = False) -> None:
        self.kind = kind
        super().__init__(world, believes=believes)

    def joined(self, parts: list[Expr], frame: Frame, block: int, order: int, depth: int) -> Origins:
        """Where the pieces of one text come from, as far as they matter."""
        if self.kind not in BY_HOST:
            return self.any_of(parts, frame, block, order, (), depth)
        before = ""
        for part in parts:
            text = self.text_of(part, frame, block, order)
            if text is not None:
                before += text
                continue
            if not _NO_HOST.match(before) or _WHOLE_HOST.search(before):
                return NONE
            found = self.origins(part, frame, block, order, (), depth)
            if found:
                return found
            before += _UNKNOWN
        return NONE

    def text_of(self, expr: Expr, frame: Frame, block: int, order: int) -> str | None:
        """The text that an expression is, written here or bound to a name; None when it is not fixed."""
        if expr is None:
            return None
        if expr[0] == "k":
            return expr[1] if isinstance(expr[1], str) else str(expr[1])
        if expr[0] not in ("n", "a"):
            return None
        value = self.eval(expr, frame, block, order)
        if value is None or value.kind != "inst" or value.name != "str" or not value.facts:
            return None
        return value.facts[0][1:] if value.facts[0][:1] == "=" else None

    def filled(self, expr: Expr, frame: Frame, block: int, order: int, depth: int) -> Origins:
        """``"… %s" % value``, ``% (a, b)``, ``% {"name": value}``."""
        given = expr[3]
        values = [given]
        if given is not None and given[0] in ("t", "l"):
            values = given[1]
        elif given is not None and given[0] == "d":
            values = [v for _, v in given[1]]
        text = self.text_of(expr[2], frame, block, order)
        if text is None:
            return self.any_of([expr[2], *values], frame, block, order, (), depth)
        return self.joined(_pieces(text, re.compile(r"%(?:\([^)]*\))?[-#0 +]*[\d.]*[sdrifxa]"), values),
                           frame, block, order, depth)  # fmt: skip

    def joined_path(
        self, name: str, args: list[Expr], frame: Frame, block: int, order: int, depth: int
    ) -> Origins:
        """``os.path.join(folder, name)`` and its like."""
        values = [a[1] if a is not None and a[0] == "*" else a for a in args]
        if self.kind in BY_HOST and "path" in name:
            return self.joined(values, frame, block, order, depth)
        return self.any_of(values, frame, block, order, (), depth)

    def formatted_text(self, base: Expr, row: list[Any], frame: Frame, depth: int) -> Origins:
        """``"… {}".format(value)``, also of a template that is not written here."""
        block, order = row[Call.BLOCK], row[Call.ORDER]
        values = [*row[Call.ARGS], *(v for _, v in row[Call.KEYWORDS])]
        values = [v[1] if v is not None and v[0] == "*" else v for v in values]
        text = self.text_of(base, frame, block, order)
        if text is None:
            return self.any_of([base, *values], frame, block, order, (), depth)
        names = {k: v for k, v in row[Call.KEYWORDS] if k is not None}
        if self.kind not in BY_HOST:
            return self.any_of(values, frame, block, order, (), depth)
        pieces: list[Expr] = []
        position = 0
        for i, chunk in enumerate(re.split(r"\{([^{}]*)\}", text)):
            if i % 2 == 0:
                pieces.append(["k", chunk])
                continue
            key = re.split(r"[!:.\[]", chunk)[0]
            if key.isdigit() or not key:
                at = int(key) if key else position
                position += 1
                pieces.append(row[Call.ARGS][at] if at < len(row[Call.ARGS]) else None)
            else:
                pieces.append(names.get(key))
        return self.joined(pieces, frame, block, order, depth)

    def joined_text(
        self, base: Expr, args: list[Expr], frame: Frame, block: int, order: int, depth: int
    ) -> Origins:
        """``", ".join(values)``."""
        found = self.any_of([base], frame, block, order, (), depth)
        if not args:
            return found
        given = args[0]
        if self.kind in BY_HOST and given is not None and given[0] in ("l", "t"):
            return self.joined(given[1], frame, block, order, depth)
        return found | self.origins(given, frame, block, order, (ITEM,), depth)

    def takes_out(self, args: list[Expr]) -> bool:
        """Whether ``replace`` takes out what would be dangerous."""
        text = args[0][1] if args and args[0] is not None and args[0][0] == "k" else ""
        return isinstance(text, str) and any(c in _SPECIAL.get(self.kind, "") for c in text)


def summands(expr: Expr) -> list[Expr]:
    """The pieces of ``a + b + c`` in order."""
    found: list[Expr] = []
    while expr is not None and expr[0] == "b" and expr[1] == "+":
        found.append(expr[3])
        expr = expr[2]
    return [expr, *reversed(found)]


def _pieces(text: str, mark: re.Pattern[str], values: list[Expr]) -> list[Expr]:
    """A text with places, and the values that go there, in order."""
    found: list[Expr] = []
    rest = list(values)
    last = 0
    for match in mark.finditer(text):
        found.append(["k", text[last : match.start()]])
        found.append(rest.pop(0) if rest else None)
        last = match.end()
    return [*found, ["k", text[last:]], *rest]
