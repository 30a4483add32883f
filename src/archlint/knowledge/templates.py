"""Calls that render a template file, and the words of the two template languages."""

from __future__ import annotations

from typing import NamedTuple

# fmt: off  (packed by hand: one line per group of alike entries)


class Renderer(NamedTuple):
    """Where a call says which template it renders and with what."""

    template: int  # position of the template's name; a text in another of the first places is taken too
    context: int  # position of the dict of names; -1 where each keyword is a name
    name: str = "template_name"  # keyword of the template's name
    values: str = "context"  # keyword of the dict


_JINJA = Renderer(0, 1, "name")

RENDERERS: dict[str, Renderer] = {
    "django.shortcuts.render": Renderer(1, 2),
    "django.template.loader.render_to_string": Renderer(0, 1),
    "django.template.response.TemplateResponse": Renderer(1, 2, "template"),
    "django.template.response.SimpleTemplateResponse": Renderer(0, 1, "template"),
    "flask.render_template": Renderer(0, -1, "template_name_or_list"),
    "quart.render_template": Renderer(0, -1, "template_name_or_list"),
    "starlette.templating.Jinja2Templates.TemplateResponse": _JINJA,
    "fastapi.templating.Jinja2Templates.TemplateResponse": _JINJA,
    "aiohttp_jinja2.render_template": Renderer(0, 2, "template_name"),
    "aiohttp_jinja2.render_string": Renderer(0, 2, "template_name"),
}

#: Classes that render a template by themselves.
VIEWS: tuple[str, ...] = ("django.views.generic.",)

#: Directories that hold templates, beside the modules of an application or above them.
DIRECTORIES: tuple[str, ...] = ("templates", "jinja2")
#: How the files of templates end.
SUFFIXES: tuple[str, ...] = (".html", ".htm", ".jinja", ".jinja2", ".j2")

#: Words of expressions that are no names.
OPERATORS: frozenset[str] = frozenset((
    "and", "or", "not", "in", "is", "if", "else", "as", "with", "only", "by", "from", "import", "True", "False", "None",
    "true", "false", "none",
))
#: Names that the languages fill.
LOOP_NAMES: frozenset[str] = frozenset(("forloop", "loop", "self", "super", "block"))
#: Filters that leave all rows of a loop in.
KEEPS_ROWS: frozenset[str] = frozenset(("dictsort", "dictsortreversed", "sort", "reverse", "list", "safeseq", "unique"))
#: Filters that tell a template not to escape, and those that leave the tags of a text what they are.
SAFE: frozenset[str] = frozenset(("safe", "safeseq"))
LEAVES_RAW: frozenset[str] = SAFE | {
    "upper", "lower", "title", "capitalize", "capfirst", "trim", "default", "d", "truncatechars", "truncatewords",
    "truncate", "join",
}
#: Blocks whose content is kept between requests, is no template, or runs where it is called.
SET_ASIDE: frozenset[str] = frozenset(("cache", "comment", "verbatim", "raw", "macro"))
#: Ends of paths that ask a collection for its rows, or for how many there are.
ASKS: frozenset[str] = frozenset(("all", "iterator", "count", "exists", "first", "last"))
