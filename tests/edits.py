"""Edits of a project as people make them, drawn at random."""

from __future__ import annotations

import ast
import random
from pathlib import Path

#: Lines that one file may get from another one: what is asked about words then has another answer.
_LINES = (
    "import requests\n",
    "from sqlalchemy.ext.asyncio import AsyncSession\n",
    "ATOMIC_REQUESTS = True\n",
    "def helper(session): return session.commit()\n",
)


def edit(root: Path, dice: random.Random) -> str:
    """Change one file of a tree, add one, take one away or give it another name; say what was done."""
    files = sorted(path for path in root.rglob("*.py") if ".archlint_cache" not in path.parts)
    path = dice.choice(files)
    name = path.relative_to(root)
    match dice.randrange(12):
        case 0:
            path.unlink()
            return f"{name} is gone"
        case 1:
            new = dice.choice(files).parent / dice.choice(("__init__.py", "another.py", path.name))
            new.write_bytes(path.read_bytes())
            return f"{new.relative_to(root)} is a copy of {name}"
        case 2:
            new = path.with_name(f"{path.stem}_too.py")
            path.rename(new)
            return f"{name} is called {new.name}"
        case 3:
            other = dice.choice(files)
            one, two = path.read_bytes(), other.read_bytes()
            path.write_bytes(two)
            other.write_bytes(one)
            return f"{name} and {other.relative_to(root)} are exchanged"
        case 4:
            (root / "requirements.txt").write_text(f"sqlalchemy=={dice.randrange(1, 3)}.4\n")
            return "other requirements"
        case 5:
            path.write_text(path.read_text() + dice.choice(("\n(\n", "\n# the end\n", "")))
            return f"the end of {name}"
        case _:
            path.write_text(edited(path.read_text(), dice))
            return f"lines of {name}"


def edited(text: str, dice: random.Random) -> str:
    """A text with a line more or less, a function turned asynchronous or back, a name changed."""
    for _ in range(20):
        lines = text.splitlines(keepends=True) or ["\n"]
        at = dice.randrange(len(lines))
        line = lines[at]
        match dice.randrange(6):
            case 0:
                lines.insert(at, "# a remark\n")
            case 1:
                del lines[at]
            case 2:
                turned = line.replace("async ", "") if "async " in line else line.replace("def", "async def")
                lines[at] = turned
            case 3:
                lines[at] = line.replace(".", ".a", 1)
            case 4:
                lines.insert(0, dice.choice(_LINES))
            case _:
                other = dice.randrange(len(lines))
                lines[at], lines[other] = lines[other], line
        new = "".join(lines)
        if new == text:
            continue
        try:
            ast.parse(new)
        except (SyntaxError, ValueError):
            continue
        return new
    return text
