"""Work for the processor on the event loop stops every other request of the worker.

## What it does

Reports calls that are known to keep the processor busy for long (password hashing, data frames, images,
PDF and Office files, archives, training and inference) in the body of an `async def`, or below the
project functions it calls; then the chain is told. Only a list of known calls counts, never plain loops.

## Why is this bad?

A coroutine gives way only where it awaits. While bcrypt computes for 250 ms, or pandas parses a file for
three seconds, the loop does nothing else: one login per request slot, and the health check waits too.

## How to fix

Libraries that release the interpreter lock (bcrypt, argon2, numpy, pandas readers, Pillow, torch) gain from
a thread:

```python
hashed = await asyncio.to_thread(bcrypt.hashpw, password, bcrypt.gensalt())
```

Pure Python work needs another process, or a worker behind a queue:

```python
loop = asyncio.get_running_loop()
result = await loop.run_in_executor(process_pool, parse, document)
```

## Not reported

* Calls handed to threads or processes, and all else that ARC401 and ARC402 leave alone.
* Calls that wait as well (reading a file or the network): they are ARC401 or ARC402, one finding per call.
* Start-up code and scripts: models may be loaded before the first request.
* Parsing, sorting, JSON, regular expressions and other work whose cost depends on the data alone.
* Known misses: loops written in Python, receivers of unknown type, serialising values of unknown size.

## References

* [asyncio: running blocking code](https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code)
* [concurrent.futures](https://docs.python.org/3/library/concurrent.futures.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.asynchrony.blocking import advice
from archlint.project.asynchrony.causes import causes
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies import cause_off_the_loop


class CpuBoundInAsync(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "CPU-heavy `{call}` runs on the event loop in `async def {function}`{chain}; {advice}"
    answers = ("anti-pattern 2", "area A", "area E", "dimension 4", "checklist 8", "checklist 53")
    invalid = (
        Case(
            "import hashlib\n\n\n"
            "class Secret:\n"
            "    def __init__(self, text):\n"
            "        self.text = text\n"
            "        self.known = None\n\n"
            "    def key(self):\n"
            "        if self.known is not None:\n"
            "            return self.known\n"
            "        found = hashlib.scrypt(self.text, salt=b'salt', n=16384, r=8, p=1)\n"
            "        self.known = found\n"
            "        return found\n\n\n"
            "async def unlock(text):\n"
            "    return Secret(text).key()  # ARC403\n",
            title="kept by an object that is made anew",
        ),
        Case(
            "import bcrypt\nfrom fastapi import FastAPI\n\n"
            "app = FastAPI()\n\n\n"
            '@app.post("/login")\n'
            "async def login(password: str, stored: bytes):\n"
            "    return bcrypt.checkpw(password.encode(), stored)  # ARC403\n",
            title="password check in a handler",
        ),
        Case(
            {
                "security.py": "from passlib.context import CryptContext\n\n"
                'pwd_context = CryptContext(schemes=["bcrypt"])\n\n\n'
                "def hash_password(password):\n"
                "    return pwd_context.hash(password)\n",
                "users.py": "from security import hash_password\n\n\n"
                "async def create_user(session, name, password):\n"
                "    session.add((name, hash_password(password)))  # ARC403\n"
                "    await session.commit()\n",
            },
            title="hashing behind a helper of another file",
        ),
        Case(
            {
                "repositories.py": "from fastapi import Request\n"
                "from passlib.context import CryptContext\n\n"
                'hasher = CryptContext(schemes=["bcrypt"])\n\n\n'
                "class Repository:\n"
                "    def __init__(self, connection):\n"
                "        self.connection = connection\n\n\n"
                "class Accounts(Repository):\n"
                "    def is_right(self, password: str, stored: str) -> bool:\n"
                "        return hasher.verify(password, stored)\n\n\n"
                "def repository(kind: type[Repository]):\n"
                "    def make(request: Request) -> Repository:\n"
                "        return kind(request.app.state.connection)\n\n"
                "    return make\n",
                "api.py": "from fastapi import APIRouter, Depends\n\n"
                "from repositories import Accounts, repository\n\n"
                "router = APIRouter()\n\n\n"
                '@router.post("/login")\n'
                "async def login(password: str, stored: str, accounts: Accounts = Depends(repository(Accounts))):\n"
                "    return accounts.is_right(password, stored)  # ARC403\n",
            },
            title="a dependency that is declared for a base class only",
        ),
        Case(
            "import io\n\nfrom PIL import Image\n\n\n"
            "async def thumbnail(data: bytes):\n"
            "    image = Image.open(io.BytesIO(data))\n"
            "    return image.resize((64, 64))  # ARC403\n",
            title="image",
            fixed="import asyncio\n"
            "import io\n\n"
            "from PIL import Image\n\n\n"
            "async def thumbnail(data: bytes):\n"
            "    image = Image.open(io.BytesIO(data))\n"
            "    return await asyncio.to_thread(image.resize, (64, 64))  # ARC403\n",
        ),
        Case(
            "from sklearn.ensemble import RandomForestClassifier\n\n"
            "model = RandomForestClassifier()\n\n\n"
            "async def predict(rows):\n"
            "    return model.predict(rows)  # ARC403\n",
            title="inference",
        ),
        Case(
            "async def score(rows):\n"
            "    total = 0\n"
            "    for row in rows:  # ARC403\n"
            "        for other in rows:\n"
            "            total += row * other\n"
            "    return total\n",
            title="loops in Python",
            missed=True,
            why="how long a loop takes depends on its data alone",
        ),
    )
    valid = (
        Case(
            "import enum\n\nimport boto3\n\n\n"
            "class System(enum.Enum):\n"
            '    VAULT = "vault"\n'
            '    KMS = "kms"\n'
            '    LOCAL = "local"\n\n\n'
            "def open_secrets(system):\n"
            "    if system == System.VAULT.value:\n"
            '        return {"kind": "vault"}\n'
            "    elif system == System.KMS.value:\n"
            '        return boto3.client("kms")\n'
            "    elif system == System.LOCAL.value:\n"
            "        return {}\n"
            "    raise ValueError(system)\n\n\n"
            "async def update(settings):\n"
            '    return open_secrets("vault")\n',
            title="one choice of several",
        ),
        Case(
            "import asyncio\nimport bcrypt\n\n\n"
            "async def login(password: bytes, stored: bytes):\n"
            "    return await asyncio.to_thread(bcrypt.checkpw, password, stored)\n",
            title="in a thread",
        ),
        Case(
            "import bcrypt\n\n\n"
            "def login(password: bytes, stored: bytes):\n"
            "    return bcrypt.checkpw(password, stored)\n",
            title="plain handler",
        ),
        Case(
            "import hashlib\nimport json\n\n\n"
            "async def etag(body):\n"
            "    return hashlib.sha256(json.dumps(body).encode()).hexdigest()\n",
            title="cheap work",
        ),
        Case(
            "import bcrypt\n\n\n"
            "async def lifespan(app):\n"
            '    app.dummy = bcrypt.hashpw(b"x", bcrypt.gensalt())\n'
            "    yield\n",
            title="start-up",
        ),
        Case(
            "import asyncio\nimport bcrypt\nfrom concurrent.futures import ProcessPoolExecutor\n\n"
            "pool = ProcessPoolExecutor()\n\n\n"
            "async def login(password: bytes, stored: bytes):\n"
            "    loop = asyncio.get_running_loop()\n"
            "    return await loop.run_in_executor(pool, bcrypt.checkpw, password, stored)\n",
            title="in a process",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report heavy calls of coroutine functions, direct or below project functions."""
        for cause in causes(function, "heavy"):
            stall = cause.stall
            hops = stall.site.effect.hops
            yield file.diagnostic(
                self,
                stall.site,
                related=cause.related(file),
                fix=cause_off_the_loop(cause, file),
                impact=stall.impact,
                call=stall.call,
                function=function.name,
                chain=f" ({' -> '.join(stall.chain)}){cause.more}" if hops else "",
                advice=advice(stall, function),
            )
