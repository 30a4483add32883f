"""Findings that ruff reports as well, by the rules of both: what ``defer-to-ruff`` leaves out.

For each code of ruff stands how a finding of ours is known to be one of ruff's, too. The first word
is the way to look at the code in the reported place:

* ``call``: the innermost call there is of one of these functions, as the file's imports name them;
  ``*`` stands for any characters. After the word may stand a keyword that the call must have.
* ``text``: the reported text matches this pattern.
* ``assigned``, ``keyword``, ``default``: the place is a literal that is given to a name which this
  pattern finds, by an assignment, by a keyword of a call, or as the default of a parameter.
* ``decorator``: the place is a function with a decorator, in a file that imports this library.

Where ruff looks at more than that (types of values, mostly), the code is not listed: what is shown
twice is better than what nobody shows.
"""

from __future__ import annotations

_NAMES = r"(?i)(?:^|_)(?:pas+wo?r?d|pass(?:phrase)?|pwd|token|secrete?)(?:$|_)"
_SQL = r"(?is)\b(?:select\s.+?\sfrom\s|delete\s+from\s|(?:insert|replace)\s+into\s|update\s.+?\sset\s)"

SAME: dict[str, dict[str, tuple[str, ...]]] = {
    "ARC111": {
        "FAST003": ("decorator", "fastapi"),
    },
    "ARC302": {
        "S105": ("assigned", _NAMES),
        "S106": ("keyword", _NAMES),
        "S107": ("default", _NAMES),
    },
    "ARC303": {
        "S324": ("call", "hashlib.md4", "hashlib.md5", "hashlib.sha", "hashlib.sha1", "hashlib.new", "crypt.crypt"),
    },
    "ARC305": {
        "S608": ("text", _SQL),
        "S610": ("call", "*.extra"),
        "S611": ("call", "django.db.models.expressions.RawSQL"),
    },
    "ARC311": {
        "S201": ("call debug=True", "*.run"),
    },
    "ARC317": {
        "S323": ("call", "ssl._create_unverified_context"),
        "S501": ("call verify=False", "requests.*", "httpx.*"),
    },
    "ARC318": {
        "S301": (
            *("call", "pickle.load", "pickle.loads", "pickle.Unpickler", "cPickle.*", "dill.load", "dill.loads"),
            *("shelve.open", "shelve.DbfilenameShelf", "jsonpickle.decode", "pandas.read_pickle"),
        ),
        "S302": ("call", "marshal.load", "marshal.loads"),
        "S506": ("call", "yaml.load"),
    },
    "ARC320": {
        "S102": ("call", "exec"),
        "S307": ("call", "eval"),
        "S602": ("call shell=True", "subprocess.*"),
        "S605": ("call", "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    },
    "ARC321": {
        "S310": ("call", "urllib.request.urlopen", "urllib.request.urlretrieve"),
    },
    "ARC323": {
        "S308": ("call", "django.utils.safestring.mark_safe", "django.utils.html.mark_safe"),
        "S704": ("call", "markupsafe.Markup", "flask.Markup"),
    },
    "ARC325": {
        "S311": (
            *("call", "random.Random", "random.choice", "random.choices", "random.randbytes", "random.randint"),
            *("random.random", "random.randrange", "random.triangular", "random.uniform"),
        ),
    },
    "ARC401": {
        "ASYNC210": (
            *("call", "httpx.delete", "httpx.get", "httpx.head", "httpx.options", "httpx.patch", "httpx.post"),
            *("httpx.put", "httpx.request", "httpx.stream", "requests.delete", "requests.get", "requests.head"),
            *("requests.options", "requests.patch", "requests.post", "requests.put", "requests.request"),
            "urllib.request.urlopen",
        ),
        "ASYNC220": ("call", "subprocess.Popen", "os.popen"),
        "ASYNC221": (
            *("call", "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output"),
            *("subprocess.getoutput", "subprocess.getstatusoutput", "os.system"),
        ),
        "ASYNC222": ("call", "os.wait", "os.wait3", "os.wait4", "os.waitid", "os.waitpid"),
        "ASYNC230": ("call", "open", "io.open", "io.open_code"),
        "ASYNC250": ("call", "input"),
        "ASYNC251": ("call", "time.sleep"),
    },
    "ARC405": {
        "RUF006": ("call", "asyncio.create_task", "asyncio.ensure_future"),
    },
}
