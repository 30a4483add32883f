"""An editor's project forgets what a change has touched, and finds what a fresh look finds."""

from __future__ import annotations

import ast
import random
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import pytest

from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import Selectors
from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options
from archlint.engine.registry import Registry
from archlint.project.ledger import Answers, Ledger, concluded, settle
from archlint.project.live import LiveWorld
from archlint.project.project import Project
from archlint.project.world import World
from harness import Example, examples, write

EXAMPLES = Path(__file__).parents[2] / "examples"
ALL = Options(selectors=Selectors("the test", select=("ALL",)), cache=False, isolated=True)
#: Cases of several files: what is found in one of them rests on the others.
SEVERAL = [e for e in examples() if sum(name.endswith(".py") for name in e.case.files) > 1]


def findings(linter: Linter, root: Path, texts: dict[str, str]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for name, text in texts.items():
        found += linter.check_content(Target(str(root / name), name), text).diagnostics
    return found


def opened(options: Options, root: Path, texts: dict[str, str], registry: Registry | None = None) -> Linter:
    overlay = {str(root / name): text.encode() for name, text in texts.items()}
    return Linter(options, registry=registry, overlay=overlay)


@pytest.mark.parametrize("example", SEVERAL, ids=[e.label for e in SEVERAL])
def test_each_file_of_a_case_may_be_written_last(example: Example, tree: Path):
    texts = {name: text for name, text in example.case.files.items() if name.endswith(".py")}
    write(tree, example.case.files)
    options = Options(
        overrides=example.case.settings,
        selectors=Selectors("the test", select=(example.rule.code,)),
        cache=False,
    )
    registry = Registry.of(example.rule)
    with closing(opened(options, tree, texts, registry)) as linter:
        expected = findings(linter, tree, texts)
    with closing(opened(attrs.evolve(options, live=True), tree, texts, registry)) as live:
        # Two of the files will do: there are many cases.
        for name in random.Random(example.label).sample(sorted(texts), 2):
            for now in ("", texts[name]):
                live.replace(str(tree / name), now.encode())
                found = findings(live, tree, {**texts, name: now})
            assert found == expected, f"after {name} was written"


@pytest.mark.parametrize("sample", ["shop", "bookings"])
@pytest.mark.parametrize("seed", range(3))
def test_random_edits(sample: str, seed: int, tree: Path):
    shutil.copytree(EXAMPLES / sample, tree, dirs_exist_ok=True)
    dice = random.Random(seed)
    texts = {str(p.relative_to(tree)): p.read_text() for p in sorted(tree.rglob("*.py"))}
    with closing(opened(attrs.evolve(ALL, live=True), tree, texts)) as live:
        findings(live, tree, texts)
        for _ in range(6):
            name = dice.choice(sorted(texts))
            texts[name] = edited(texts, name, dice)
            live.replace(str(tree / name), texts[name].encode())
            with closing(opened(ALL, tree, texts)) as fresh:
                assert findings(live, tree, texts) == findings(fresh, tree, texts), f"after an edit of {name}"


def edited(texts: dict[str, str], name: str, dice: random.Random) -> str:
    """A text with a line more or less, a function turned asynchronous or back, or another file's text."""
    for _ in range(20):
        lines = texts[name].splitlines(keepends=True) or ["\n"]
        at = dice.randrange(len(lines))
        match dice.randrange(4):
            case 0:
                lines.insert(at, "# a remark\n")
            case 1:
                del lines[at]
            case 2:
                line = lines[at]
                turned = line.replace("async ", "") if "async " in line else line.replace("def", "async def")
                lines[at] = turned
            case _:
                lines = texts[dice.choice(sorted(texts))].splitlines(keepends=True)
        text = "".join(lines)
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        return text
    return texts[name]


def test_what_a_change_does_not_touch_is_kept(tree: Path):
    write(tree, {"a.py": "class A: ...\n", "b.py": "from a import A\nx = A()\n", "c.py": "y = 1\n"})
    world = LiveWorld(tree)
    a = world.evaluator.module_global("b.py", "x")
    frame = world.evaluator.frame("b.py", 0)
    world.replace("c.py", b"y = 2\n")
    assert world.evaluator.frame("b.py", 0) is frame
    assert world.evaluator.module_global("b.py", "x") == a
    world.replace("a.py", b"def A(): return 'text'\n")
    assert world.evaluator.module_global("b.py", "x") != a


def test_a_change_that_others_do_not_see_touches_nothing(tree: Path):
    write(tree, {"a.py": "class A: ...\n", "b.py": "from a import A\nx = A()\n"})
    world = LiveWorld(tree)
    frame = world.evaluator.frame("a.py", 0)
    world.replace("a.py", b"class A: ...  # a remark\n")
    assert world.evaluator.frame("a.py", 0) is frame


def test_all_answers_are_kept_by_the_ledger(tree: Path):
    """A plain table, or an attribute set late, would go on giving what rested on the old text of a file."""
    shutil.copytree(EXAMPLES / "shop", tree, dirs_exist_ok=True)
    texts = {str(p.relative_to(tree)): p.read_text() for p in sorted(tree.rglob("*.py"))}
    project = Project(tree, live=True)
    before = attributes(project.world)
    with closing(Linter(ALL, project=lambda *_: project)) as live:
        findings(live, tree, texts)
    after = attributes(project.world)
    late = {
        key[1:] for key, value in before.items() if after[key] is not value and type(value) not in (int, bool)
    }
    plain = {key[1:] for key, value in after.items() if type(value) in (dict, set, list) and value}
    assert late == set()
    assert plain - CONSTANTS == set()


#: Tables of the knowledge layer.
CONSTANTS = {("Sinks", "table")}
#: What these keep rests on no file, or is put right by `World.replace` itself.
KEPT_OTHERWISE = (
    "archlint.project.world", "archlint.project.live", "archlint.project.shelf",
    "archlint.project.mentions", "archlint.project.modules", "archlint.project.words",
    "archlint.project.importing", "archlint.project.library", "archlint.project.ledger",
    "archlint.project.cache", "archlint.project.evaluation.memo", "archlint.project.waiting",
    "archlint.project.evaluation.expressions",
)  # fmt: skip


def attributes(world: World) -> dict[tuple[int, str, str], Any]:
    """The attributes of the objects that a world is made of, without what stands in their tables."""
    found: dict[tuple[int, str, str], Any] = {}
    seen: set[int] = set()
    pending: list[Any] = [*vars(world).values(), *world._flows.values(), *world._sinks.values()]
    while pending:
        part = pending.pop()
        module = type(part).__module__
        if id(part) in seen or not module.startswith("archlint.project") or not hasattr(part, "__dict__"):
            continue
        seen.add(id(part))
        pending += vars(part).values()
        if module not in KEPT_OTHERWISE:
            found |= {(id(part), type(part).__name__, name): value for name, value in vars(part).items()}
    return found


# -- the ledger ---------------------------------------------------------------------------------------


def square(ledger: Ledger, table: Answers, number: int) -> int:
    if number not in table:
        ledger.read(f"number {number}")
        table[number] = number * number
    return int(table[number])


def test_an_answer_ends_with_what_it_rests_on():
    ledger = Ledger()
    squares, sums = Answers(ledger), Answers(ledger)
    if "2+3" not in sums:
        sums["2+3"] = square(ledger, squares, 2) + square(ledger, squares, 3)
    square(ledger, squares, 4)
    ledger.forget(["number 3"])
    assert 2 in squares
    assert 4 in squares
    assert 3 not in squares
    assert "2+3" not in sums


def test_an_answer_rests_on_the_files_that_its_key_names():
    ledger = Ledger()
    table = Answers(ledger)
    key = ("app/main.py:3", (1, "x"))
    if key not in table:
        table[key] = "known"
    ledger.forget(["app/other.py"])
    assert table.get(key) == "known"
    ledger.forget(["app/main.py"])
    assert table.get(key) is None


def test_an_answer_that_was_begun_and_never_stored_belongs_to_the_one_around_it():
    ledger = Ledger()
    outer, inner = Answers(ledger), Answers(ledger)
    if "outer" not in outer:
        if "inner" not in inner:
            ledger.read("a file")
        outer["outer"] = 1
    ledger.forget(["a file"])
    assert "outer" not in outer


def test_an_answer_that_nobody_asked_for_ends_with_every_change():
    ledger = Ledger()
    table = Answers(ledger)
    table["key"] = 1
    assert "key" in table
    ledger.forget([])
    assert "key" not in table


def test_an_unfinished_answer_rests_on_what_is_read_meanwhile():
    ledger = Ledger()
    table = Answers(ledger)

    def compute() -> int:
        ledger.read("a file")
        return 1

    assert table.get("key") is None
    assert settle(table, "key", 0, compute) == 1
    ledger.forget(["another file"])
    assert table.get("key") == 1
    ledger.forget(["a file"])
    assert table.get("key") is None


def test_a_property_is_concluded_once():
    class World:
        def answers(self) -> dict[Any, Any]:
            return {}

    class Thing:
        world = World()
        asked = 0

        @concluded
        def answer(self) -> int:
            """What it is."""
            self.asked += 1
            return self.asked

    thing = Thing()
    assert (thing.answer, thing.answer, thing.asked) == (1, 1, 1)


def test_the_tree_of_a_changed_text_is_handed_on_once(tree: Path):
    write(tree, {"a.py": "x = 1\n"})
    project = Project(tree, live=True)
    project.world.evaluator.frame("a.py", 0)
    project.replace(tree / "a.py", b"x = 2\n")
    first = project.open(tree / "a.py", b"x = 2\n", display="a.py")
    other = project.open(tree / "a.py", b"x = 2\n", display="a.py")
    assert ast.unparse(first.tree) == ast.unparse(other.tree) == "x = 2"
    project.replace(tree / "a.py", b"x = 3\n")
    assert ast.unparse(project.open(tree / "a.py", b"x = 4\n", display="a.py").tree) == "x = 4"
