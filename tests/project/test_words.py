"""Which words files use, and in which way."""

from __future__ import annotations

from pathlib import Path

from archlint.project.live import LiveWorld
from archlint.project.world import World
from harness import write

FILES = {
    "shop/a.py": "from till import pay as settle\nsettle()\n",
    "shop/b.py": "def f():\n    from till import pay as p\n    p()\n",
    "shop/c.py": "from till import pay\npay()\n",
    "beside.py": "from till import pay as later\nlater()\n",
}


def test_names_that_imports_give_are_known_of_every_file(tree: Path):
    write(tree, FILES)
    world = World(tree / "shop")
    spellings = {path: set(world.calls.spellings(path, "pay")) for path in ("a.py", "b.py", "c.py")}
    assert spellings == {"a.py": {"pay", "settle"}, "b.py": {"pay", "p"}, "c.py": {"pay"}}
    # A file outside of the project is in no index.
    assert world.calls.spellings("../beside.py", "pay") == {"pay", "later"}


def test_a_name_that_is_typed_is_known_from_then_on(tree: Path):
    write(tree, FILES)
    world = LiveWorld(tree)
    assert world.calls.spellings("shop/c.py", "pay") == {"pay"}
    world.replace("shop/c.py", b"from till import pay as now\nnow()\n")
    assert world.calls.spellings("shop/c.py", "pay") == {"pay", "now"}
    world.replace("shop/c.py", b"from till import pay\npay()\n")
    assert world.calls.spellings("shop/c.py", "pay") == {"pay"}
