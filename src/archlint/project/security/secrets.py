"""Which names name secrets, and which texts look like one."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

from archlint.knowledge import secrets as known
from archlint.knowledge.security import GUESSABLE_PAIRS
from archlint.project.identifiers import word_list
from archlint.project.mentions import mentions

_PIECE = re.compile(r"[-_./ :,+]+")
_WORDY = re.compile(r"[A-Za-z]*[0-9]{0,4}$")
_URL = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\s:@?]*:(?P<password>[^/\s@]+)@(?P<host>[^/\s:?,]+)")
#: ``fastapi.security.OAuth2PasswordBearer``: where something is defined.
_DOTTED = re.compile(r"[a-z_]+(?:\.[A-Za-z_]\w*)+$")
_HEX = re.compile(r"[0-9a-fA-F]{24,}$")
#: A class of characters, or a group, of a regular expression.
_REGEX = re.compile(r"\[\^?\\?\w-\w|\(\?[:P=!<]|\\[dws][+*{]")
_TEMPLATE = re.compile(r"[{}<>$%\s]")
_SHAPES = {kind: re.compile(pattern) for kind, pattern in known.TOKEN_SHAPES.items()}
#: What every recognisable key holds, so that most texts are never matched.
_MARKS = (
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat",
    "k_live",
    "dop_v1_",
    "shpat_",
    "xox",
    "hooks.slack",
    "SG.",
    "AIza",
    "sk-",
    "hf_",
    "npm_",
    "pypi-",
    ":AA",
    "BEGIN",
)
#: What stands between two quotes of a file, mostly: names, and what may have been generated.
_QUOTED = re.compile(rb"""["']([^"'\n]{3,60})(?=["'])""")
_UNBROKEN = re.compile(rb"""["']([^"'\s{}<>$%]{8,400})(?=["'])""")
_DIGIT, _LETTER = re.compile(r"[0-9]"), re.compile(r"[A-Za-z]")
_LOGIN = re.compile(rb"://[^/@]{0,300}@")
_SIGNING_WORDS = {
    frozenset(name.strip("_").encode().split(b"_")) for name in (*known.SIGNING_NAMES, *known.SIGNING_ENDINGS)
}
#: Sets of words, one of which stands in full in every file that names a signing key.
_SIGNING_PIECES = tuple(
    sorted(sorted(words) for words in _SIGNING_WORDS if not any(less < words for less in _SIGNING_WORDS))
)
_DIGITS = b"0123456789"
_LOCAL = ("localhost", "127.", "0.0.0.0", "::1", "example.", "host.docker")  # noqa: S104


def may_hold_secret(content: bytes, words: bytes) -> bool:
    """Whether it pays to look at the literals of a file: told from its text and its vocabulary alone."""
    if mentions(content, words, _MARKS) or _LOGIN.search(content):
        return True
    low = words.lower()
    if any(all(piece in low for piece in pieces) for pieces in _SIGNING_PIECES):
        return True
    unbroken = {text.decode("latin-1") for text in _UNBROKEN.findall(content)}
    return any(looks_random(text) for text in unbroken) and _names_secret(content, words)


def _names_secret(content: bytes, words: bytes) -> bool:
    """Whether an identifier or a key of a file names a secret."""
    identifiers = (word.lstrip(_DIGITS) for word in words.split())
    names = {*(name for name in identifiers if len(name) > 1), *_QUOTED.findall(content)}
    return any(is_secret_name(name.decode("latin-1")) for name in names)


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether a name says: the secret itself."""
    if is_signing_name(name):
        return True
    if len(name) > 60 or " " in name:
        return False
    found = word_list(name)
    about = known.ABOUT_WORDS.intersection(found)
    if found and found[-1] in known.OWNED_WORDS:
        about -= known.OWNER_WORDS  # `EMAIL_HOST_PASSWORD`
    if about:
        return False
    joined = " ".join(found)
    return any(w in found if " " not in w else w in joined for w in known.SECRET_WORDS)


@lru_cache(maxsize=4096)
def is_signing_name(name: str) -> bool:
    """Whether a name says: key that signs or encrypts."""
    flat = "_".join(word_list(name))
    return flat in known.SIGNING_NAMES or flat.endswith(known.SIGNING_ENDINGS)


@lru_cache(maxsize=4096)
def is_code_name(name: str) -> bool:
    """Whether a name says: a code that proves who somebody is, such as ``reset_code``."""
    found = word_list(name)
    return found[-1:] == ["code"] and " ".join(found[-2:]) in GUESSABLE_PAIRS


def is_placeholder(text: str) -> bool:
    """Whether a text stands for a secret that somebody has to fill in."""
    low = text.lower()
    if low.startswith("django-insecure-"):
        low = low.removeprefix("django-insecure-")
    if len(set(low)) <= 3:
        return True
    is_long = len(low) >= 32 and looks_random(low)
    for mark in known.PLACEHOLDERS:
        if mark in low and (not is_long or not mark.isalnum() or len(mark) > 4):
            return True
    return False


def looks_random(text: str) -> bool:
    """Whether a text looks generated: letters and digits mixed, not made of words."""
    # What rules out the most comes first: hardly a text of a program has digits.
    if not _DIGIT.search(text) or not _LETTER.search(text):
        return False
    if (
        not 8 <= len(text) <= 400
        or _TEMPLATE.search(text)
        or _REGEX.search(text)
        or text.startswith(("/", "./", "$", "@", "#", "\\", "."))
    ):
        return False
    if (
        not text.isascii()
        or "://" in text
        or text.endswith((".py", ".json", ".pem", ".key", ".txt", ".yaml", ".html"))
    ):
        return False
    if _DOTTED.match(text) or (all(_WORDY.match(p) for p in _PIECE.split(text)) and not _HEX.match(text)):
        return False
    return entropy(text) >= (3.0 if len(text) >= 12 else 2.5)


def entropy(text: str) -> float:
    """Bits of information for each character, as far as their frequency tells."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


def token_in(text: str) -> tuple[str, str]:
    """A recognisable key in a text, and of what make it is; empty when there is none."""
    if len(text) < 20 or not any(m in text for m in _MARKS):
        return "", ""
    for kind, pattern in _SHAPES.items():
        found = pattern.search(text)
        if found and not any(
            m in found[0].lower() for m in ("example", "xxxx", "your", "1234567890", "abcdef", "00000", "...")
        ):
            return found[0], kind
    return "", ""


def password_of_url(text: str) -> str:
    """The password in a URL, if it is one worth hiding; empty otherwise."""
    found = _URL.match(text)
    if found is None:
        return ""
    password, host = found["password"], found["host"]
    if _TEMPLATE.search(password) or _TEMPLATE.search(host) or is_placeholder(password):
        return ""
    if password.lower() in known.USUAL_PASSWORDS or is_placeholder(host) or host.startswith(_LOCAL):
        return ""
    user = text.partition("://")[2].partition(":")[0]
    if password == user or len(password) < 6:
        return ""
    # Two words beside a host without a domain are what a compose file starts with.
    return password if looks_random(password) or ("." in host and not password.isalpha()) else ""
