"""Every fix of every rule, on every case: what it must never break, and what it must bring about."""

from __future__ import annotations

import ast
import io
import itertools
import os
import random
import re
import sys
import tokenize
from collections import Counter
from contextlib import closing
from pathlib import Path

import attrs
import pytest

from archlint import RECURSION_LIMIT
from archlint.core.diagnostic import Diagnostic, Location, Recipe
from archlint.core.settings import Selectors
from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options
from archlint.fixes import document as document_module
from archlint.fixes.actions import ACTIONS
from archlint.fixes.document import Document
from archlint.fixes.patches import Taken, applied, overlap, spans
from archlint.fixes.repair import Repair, repair
from archlint.fixes.repair import write as write_out
from archlint.fixes.resolve import Resolver
from harness import Example, examples, marked, run, write

EXAMPLES = [example for example in examples() if example.kind == "invalid"]
FIXED = [example for example in EXAMPLES if example.case.fixed is not None]


def mended(example: Example, root: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Repair:
    monkeypatch.chdir(root)
    write(root, files)
    found = run(example.rule, root, example.case, files)
    targets = [Target(str(root / name), name) for name in files if name.endswith(".py")]
    chosen = Selectors("the test", select=(example.rule.code,))
    options = attrs.evolve(Options(overrides=example.case.settings, cache=False), selectors=chosen)
    return repair(targets, found, options, lambda diagnostic: diagnostic.fix is not None)


def shown(example: Example) -> str:
    """The file whose mended text a case shows."""
    return next(iter(marked(example.case.files, example.rule.code)))


def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sorted(token.string for token in tokens if token.type == tokenize.COMMENT)


def fixable(found: list[Diagnostic]) -> list[Diagnostic]:
    return [diagnostic for diagnostic in found if diagnostic.fix]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.label for example in EXAMPLES])
def test_fixes_hold(example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = dict(example.case.files)
    outcome = mended(example, tree, files, monkeypatch)
    assert not outcome.refused
    assert not fixable(outcome.remaining), "every offered fix can be made"
    if example.case.fixed is not None:
        first = shown(example)
        assert outcome.texts.get(first, files[first]) == example.case.fixed
    for path in outcome.changed:
        ast.parse(outcome.texts[path])
        assert comments(outcome.texts[path]) == comments(files[path]), "comments survive"
    assert bool(outcome.changed) == bool(outcome.fixed)
    if outcome.changed:
        after = {**files, **outcome.texts}
        again = mended(example, tree, after, monkeypatch)
        assert not again.changed, "what is mended needs no mending"
        assert len(again.remaining) == len(outcome.remaining)


@pytest.mark.parametrize("example", FIXED, ids=[example.label for example in FIXED])
def test_line_ends_survive(example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {name: text.replace("\n", "\r\n") for name, text in example.case.files.items()}
    outcome = mended(example, tree, files, monkeypatch)
    first = shown(example)
    expected = (example.case.fixed or "").replace("\n", "\r\n")
    assert outcome.texts.get(first, files[first]) == expected


def tabbed(text: str) -> str:
    """A text with a tab for each level of indentation."""
    return re.sub(r"^(?:    )+", lambda found: "\t" * (len(found[0]) // 4), text, flags=re.MULTILINE)


@pytest.mark.parametrize("example", FIXED, ids=[example.label for example in FIXED])
def test_tabs_survive(example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {name: tabbed(text) for name, text in example.case.files.items()}
    outcome = mended(example, tree, files, monkeypatch)
    first = shown(example)
    assert outcome.texts.get(first, files[first]) == tabbed(example.case.fixed or "")


@pytest.mark.parametrize("example", FIXED, ids=[example.label for example in FIXED])
def test_no_rule_finds_more(example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one rule mends troubles no other one, in any file."""
    outcome = mended(example, tree, dict(example.case.files), monkeypatch)
    before = Counter(d.code for d in everything(tree, example))
    write(tree, outcome.texts)
    after = Counter(d.code for d in everything(tree, example))
    assert not after - before
    assert before[example.rule.code] - after[example.rule.code] >= len(outcome.fixed)
    assert bool(outcome.fixed) == (example.case.fixed != example.case.files[shown(example)])


def everything(tree: Path, example: Example) -> list[Diagnostic]:
    """What this rule and all that are on by default find in the files of a case."""
    case, chosen = example.case, Selectors("the test", None, (example.rule.code,))
    with closing(Linter(Options(overrides=case.settings, cache=False, selectors=chosen))) as linter:
        targets = [Target(str(tree / name), name) for name in case.files if name.endswith(".py")]
        return [diagnostic for target in targets for diagnostic in linter.check(target).diagnostics]


@pytest.mark.parametrize("example", FIXED, ids=[example.label for example in FIXED])
def test_the_edits_of_a_fix_do_not_meet(
    example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    write(tree, example.case.files)
    resolver = Resolver(example.case.files.get)
    for diagnostic in fixable(run(example.rule, tree, example.case)):
        assert diagnostic.fix is not None
        edits = resolver.edits(diagnostic.fix)
        assert edits
        for one, other in itertools.combinations(edits, 2):
            if one.location.path == other.location.path:
                places = spans(example.case.files[one.location.path], (one, other))
                assert not overlap(*places)


@pytest.mark.parametrize("example", FIXED, ids=[example.label for example in FIXED])
def test_it_does_not_matter_how_a_text_is_cut(
    example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    write(tree, example.case.files)
    found = fixable(run(example.rule, tree, example.case))
    edits = []
    for least in (0, 1_000_000):
        monkeypatch.setattr(document_module, "_LINES", least)
        resolver = Resolver(example.case.files.get)
        edits.append([resolver.edits(diagnostic.fix) for diagnostic in found if diagnostic.fix])
    assert edits[0] == edits[1]


@pytest.mark.parametrize(
    "deep",
    [
        f"x = 1{' + 1' * 5000}\n",
        f"x = a{'.b()' * 5000}\n",
        "if x:\n    pass\n" + "elif y:\n    pass\n" * 5000,
    ],
    ids=["operators", "calls", "branches"],
)
def test_what_is_nested_deeply_is_left_alone(deep: str) -> None:
    """The parser fails on it, or takes minutes: what stands apart from it is mended all the same."""
    text = deep + "y = 1\n" * 60 + "f(1)\n"
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(RECURSION_LIMIT)
    try:
        assert done("keyword", text, "f(1)", name="b", code="2") == text.replace("f(1)", "f(1, b=2)")
        assert done("before", text, deep[:3], code="z = 1") is None
    finally:
        sys.setrecursionlimit(limit)


@pytest.mark.parametrize("example", FIXED, ids=[example.label for example in FIXED])
def test_marks_of_the_byte_order_survive(
    example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = dict(example.case.files)
    first = shown(example)
    files[first] = "\ufeff" + files[first]
    outcome = mended(example, tree, files, monkeypatch)
    write_out(outcome)
    assert (tree / first).read_bytes().decode() == f"\ufeff{example.case.fixed}"


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.label for example in EXAMPLES])
def test_rules_say_how_sure_their_fixes_are(
    example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    write(tree, example.case.files)
    found = fixable(run(example.rule, tree, example.case))
    assert {d.fix.applicability.value for d in found if d.fix} <= set(example.rule.fixes)


def test_rules_with_fixes_show_one() -> None:
    shown = {example.rule.code for example in FIXED}
    promised = {example.rule.code for example in EXAMPLES if example.rule.fixes}
    assert shown == promised


def done(action: str, text: str, at: str, **values: str) -> str | None:
    """A text after an action at the first place of some code; ``None`` where it refuses."""
    document = Document("app.py", text)
    start = text.index(at)
    before, whole = text[:start].split("\n"), text[: start + len(at)].split("\n")
    place = Location("app.py", len(before), len(before[-1]), len(whole), len(whole[-1]))
    edits = ACTIONS[action](document, Recipe.of(action, place, **values))
    return None if edits is None else applied(text, edits)


@pytest.mark.parametrize(
    ("action", "text", "at", "values", "expected"),
    [
        (
            "after",
            "def f():\n    start(  # now\n        1\n    )  # so\n",
            "start",
            {"code": "a()\nb()", "target": "x"},
            "def f():\n    x = start(  # now\n        1\n    )  # so\n    a()\n    b()\n",
        ),
        ("after", "start()", "start", {"code": "a()"}, "start()\na()"),
        ("after", "if f: start()\n", "start", {"code": "a()"}, None),
        ("after", "x = start()\n", "x", {"code": "a()", "target": "y"}, None),
        ("after", "a(); start()\n", "a", {"code": "b()"}, None),
        (
            "statement",
            "for a in b:\n    continue  # on\n",
            "continue",
            {"code": "raise"},
            "for a in b:\n    raise  # on\n",
        ),
        ("statement", "a(); b()\n", "a", {"code": "c()"}, None),
        (
            "before",
            "if f:\n    a()\n# else\n    # why\n    b()\n",
            "b",
            {"code": "c()"},
            "if f:\n    a()\n# else\n    c()\n    # why\n    b()\n",
        ),
        (
            "constant",
            '"""Text."""\nimport a\n\nif T:\n    import b\n\nc = 1\nimport d\n',
            "c",
            {"code": "K = 1"},
            '"""Text."""\nimport a\n\nif T:\n    import b\n\nK = 1\n\nc = 1\nimport d\n',
        ),
        ("constant", "c = 1\n", "c", {"code": "K = 1"}, None),
        (
            "dedent",
            "for a in b:\n    c()\n    # why\n    d(\n        1,\n    )\ne()\n",
            "d",
            {},
            "for a in b:\n    c()\n    # why\nd(\n    1,\n)\ne()\n",
        ),
        ("dedent", "for a in b:\n\tc()\n\td()\n", "d", {}, "for a in b:\n\tc()\nd()\n"),
        ("dedent", "for a in b:\n    d()\n", "d", {}, None),
        ("dedent", "for a in b:\n    d()\n    c()\n", "d", {}, None),
        ("dedent", 'for a in b:\n    c()\n    d("""\n    x""")\n', "d", {}, None),
        (
            "finally",
            "def f():\n  a = 1\n  # now\n  yield a  # use\n\n  # done\n  a.close()\n  # end\n",
            "yield",
            {},
            (
                "def f():\n  a = 1\n  # now\n  try:\n    yield a  # use\n\n  finally:\n"
                "    # done\n    a.close()\n  # end\n"
            ),
        ),
        ("finally", "def f():\n    yield 1\n", "yield", {}, None),
        ("parameter", "def f(): ...\n", "def", {"code": "a"}, "def f(a): ...\n"),
        ("parameter", "async def f(*, b): ...\n", "async", {"code": "a"}, "async def f(a, *, b): ...\n"),
        (
            "parameter",
            "@g\ndef f(\n    b,  # b\n): ...\n",
            "def",
            {"code": "a"},
            "@g\ndef f(\n    a,\n    b,  # b\n): ...\n",
        ),
        (
            "parameter",
            "def f(s: S, b): ...\n",
            "def",
            {"code": "a", "after": "s"},
            "def f(s: S, a, b): ...\n",
        ),
        ("parameter", "def f(b): ...\n", "def", {"code": "a", "after": "s"}, None),
        (
            "keyword",
            "f(\n    1,  # one\n    b=2\n)\n",
            "f(\n    1,  # one\n    b=2\n)",
            {"name": "b\nc", "code": "3\n4"},
            "f(\n    1,  # one\n    b=3,\n    c=4\n)\n",
        ),
        (
            "keyword",
            "f(\n    1,  # one\n    b=2,  # two\n)\n",
            "f(\n    1,  # one\n    b=2,  # two\n)",
            {"name": "c", "code": "4"},
            "f(\n    1,  # one\n    b=2,  # two\n    c=4,\n)\n",
        ),
        (
            "keyword",
            "f(  # so\n    1, b=2\n)\n",
            "f(  # so\n    1, b=2\n)",
            {"name": "c", "code": "4"},
            "f(  # so\n    1, b=2, c=4\n)\n",
        ),
        (
            "keyword",
            "f(  # so\n    1\n)\n",
            "f(  # so\n    1\n)",
            {"name": "c", "code": "4"},
            "f(  # so\n    1,\n    c=4\n)\n",
        ),
        ("keyword", "f(**b)\n", "f(**b)", {"name": "b", "code": "3"}, None),
        (
            "thread",
            "f(  # why\n    1, b=2\n)\n",
            "f(  # why\n    1, b=2\n)",
            {"runner": "run", "await": "yes"},
            "await run(  # why\n    f,\n    1, b=2\n)\n",
        ),
        ("finally", 'def f():\n    yield 1\n    a("""\n""")\n', "yield", {}, None),
        ("item", "a = {1: 2}\n", "{1: 2}", {"code": "3: 4"}, "a = {1: 2, 3: 4}\n"),
        (
            "item",
            "a = {\n    1: 2,  # two\n}\n",
            "{\n    1: 2,  # two\n}",
            {"code": "3: 4"},
            "a = {\n    1: 2,  # two\n    3: 4,\n}\n",
        ),
        ("item", "a = {**b}\n", "{**b}", {"code": "3: 4"}, None),
        (
            "guard",
            (
                "def f():\n    # open\n    a = g()\n\n    # use\n    a.b()\n    a.close()  # done\n"
                "    return 1\n"
            ),
            "a = g()",
            {"code": "a.close()"},
            (
                "def f():\n    # open\n    a = g()\n\n    try:\n        # use\n        a.b()\n    finally:\n"
                "        a.close()  # done\n    return 1\n"
            ),
        ),
        ("guard", "def f():\n    a = g()\n", "a = g()", {"code": "a.close()"}, None),
        (
            "guard",
            "def f():\n    a = g()\n    return a.b()",
            "a = g()",
            {"code": "a.close()"},
            "def f():\n    a = g()\n    try:\n        return a.b()\n    finally:\n        a.close()\n",
        ),
        ("returns", "def f(a=(1,)): ...\n", "def", {"code": "A"}, "def f(a=(1,)) -> A: ...\n"),
        (
            "returns",
            "@g\nasync def f(\n    a,  # )\n):\n    pass\n",
            "async",
            {"code": "A"},
            "@g\nasync def f(\n    a,  # )\n) -> A:\n    pass\n",
        ),
        ("returns", "def f() -> A: ...\n", "def", {"code": "A"}, None),
        (
            "move",
            "a()\n\n\n# why\n@b\ndef c(): ...\n",
            "@b\ndef c(): ...",
            {"before": "1", "kind": "definition"},
            "# why\n@b\ndef c(): ...\na()\n",
        ),
        ("move", "a()\nb()", "a()", {"behind": "2", "kind": "statement"}, "b()\na()\n"),
        ("move", "a(); b()\n", "a()", {"behind": "1", "kind": "statement"}, None),
        ("move", "[\n    a,\n    b\n]\n", "b", {"before": "2", "kind": "item"}, None),
    ],
)
def test_actions(action: str, text: str, at: str, values: dict[str, str], expected: str | None) -> None:
    assert done(action, text, at, **values) == expected


MODELS = """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    customer: Mapped[Customer] = relationship()
"""
REPOSITORY = """\
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Order


class Orders:
    def __init__(self, session: Session) -> None:
        self.session = session

    def everything(self):
        return self.session.scalars(select(Order)).all()
"""
REPORT = """\
from shop.repository import Orders


def names(orders: Orders) -> list[str]:
    return [order.customer.name for order in orders.everything()]
"""
SHOP = {
    "shop/__init__.py": "",
    "shop/models.py": MODELS,
    "shop/repository.py": REPOSITORY,
    "shop/report.py": REPORT,
}


def fixed_shop(
    tree: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], named: tuple[str, ...], cwd: Path
) -> Repair:
    """A repair of some files of a project, seen from a directory."""
    write(tree, files)
    monkeypatch.chdir(cwd)
    targets = [Target(str(tree / name), os.path.relpath(tree / name, cwd)) for name in named]
    options = Options(cache=False, selectors=Selectors("the test", select=("ARC202",)))
    with closing(Linter(options)) as linter:
        found = [diagnostic for target in targets for diagnostic in linter.check(target).diagnostics]
    assert [diagnostic.code for diagnostic in found] == ["ARC202"]
    return repair(targets, found, options, lambda diagnostic: diagnostic.fix is not None)


@pytest.mark.parametrize("named", [("shop/report.py",), ("shop/report.py", "shop/repository.py")])
@pytest.mark.parametrize("inside", ["", "shop"])
def test_fix_of_another_file(
    tree: Path, monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...], inside: str
) -> None:
    (tree / "shop").mkdir()
    outcome = fixed_shop(tree, monkeypatch, SHOP, named, tree / inside)
    other = os.path.relpath("shop/repository.py", inside or ".")
    assert outcome.changed == [other]
    assert outcome.texts[other] == REPOSITORY.replace(
        "import Session", "import Session, selectinload"
    ).replace("select(Order)", "select(Order).options(selectinload(Order.customer))")
    (fixed,) = outcome.fixed
    assert fixed.fix is not None
    assert fixed.fix.message == f"Load `Order.customer` with the query in {other}:12"
    write_out(outcome)
    assert "selectinload" in (tree / "shop/repository.py").read_text(encoding="utf-8")


def test_no_fix_where_the_query_is_not_certain(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    either = REPOSITORY + "        return self.session.scalars(select(Order).where(Order.id > 1)).all()\n"
    either = either.replace("        return self", "        if self.session.new:\n            return self", 1)
    outcome = fixed_shop(tree, monkeypatch, {**SHOP, "shop/repository.py": either}, ("shop/report.py",), tree)
    assert not outcome.changed


def test_a_fix_of_a_file_that_cannot_be_read_is_not_made(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tree, SHOP)
    content = b"# coding: latin-1\n# \xe9\n" + REPOSITORY.encode()
    (tree / "shop/repository.py").write_bytes(content)
    monkeypatch.chdir(tree)
    target = Target(str(tree / "shop/report.py"), "shop/report.py")
    options = Options(cache=False, selectors=Selectors("the test", select=("ARC202",)))
    with closing(Linter(options)) as linter:
        found = linter.check(target).diagnostics
    outcome = repair([target], found, options, lambda diagnostic: diagnostic.fix is not None)
    assert outcome.refused == {"shop/repository.py": "it is not UTF-8"}
    assert not outcome.fixed
    assert outcome.remaining == list(found)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("changed", "it has changed in the meantime"),
        ("protected", "it is not writable"),
        ("gone", "No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(
    tree: Path, monkeypatch: pytest.MonkeyPatch, trouble: str, reason: str
) -> None:
    outcome = fixed_shop(tree, monkeypatch, SHOP, ("shop/report.py",), tree)
    assert len(outcome.fixed) == 1
    path = tree / "shop/repository.py"
    if trouble == "changed":
        path.write_text(REPOSITORY + "# more\n", encoding="utf-8")
    elif trouble == "protected":
        monkeypatch.setattr(os, "access", lambda *_: False)
    else:
        path.unlink()
    before = path.read_bytes() if path.exists() else b""
    write_out(outcome)
    assert outcome.refused == {"shop/repository.py": reason}
    assert outcome.lost
    assert not outcome.fixed, "what was not written is not fixed, wherever it was found"
    assert (path.read_bytes() if path.exists() else b"") == before
    assert sorted(p.name for p in path.parent.iterdir() if p.name.startswith(".")) == [], (
        "nothing is left behind"
    )


def test_spans_that_are_taken() -> None:
    dice = random.Random(7)
    for _ in range(300):
        taken, spans_taken = Taken(), list[tuple[int, int]]()
        for _ in range(12):
            start = dice.randrange(30)
            span = (start, start + dice.choice((0, 0, 1, 3, 6)))
            meets = any(overlap(span, other) for other in spans_taken)
            assert taken.meets(span) is meets
            if not meets:
                taken.add(span)
                spans_taken.append(span)
