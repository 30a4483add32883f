"""Templates as trees of what they read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archlint.project.serialization.templates.markup import Alias, Choice, Included, Loop, Shown, parse


def test_loops_values_and_conditions() -> None:
    text = """\
{# {{ a.comment }}
   of two lines #}
{% for row in page.object_list|dictsort:"name" %}
  {{ row.name|upper }} {% if row.is_open and flag.on %}{{ row.note }}{% elif row.b %}x{% endif %}
{% empty %}{{ never.there }}
{% endfor %}"""

    choice = Choice(
        (("row", "is_open"), ("flag", "on")), [Shown(("row", "note"), 4), Shown(("row", "b"), 4)], 4
    )
    assert parse(text) == (
        Loop(("row",), ("page", "object_list"), [Shown(("row", "name"), 4), choice], 3, 1),
    )


def test_names_that_a_template_gives() -> None:
    assert parse(
        '{% with a=b.c %}{% with d.e as f %}{% set g = h.i() %}{% include "x.html" with j=k.l only %}'
    ) == (
        Alias("a", ("b", "c"), 1),
        Alias("f", ("d", "e"), 1),
        Alias("g", ("h", "i"), 1),
        Included("x.html", (("j", ("k", "l")),), 1),
    )


def test_what_is_no_path() -> None:
    assert parse("{{ a.b(c.d) }}{{ e.f() }}{{ 'g.h' }}{{ x|i.j }}{{ k['l'] }}{% url 'm' n=o.p %}") == (
        Shown(("c", "d"), 1),
        Shown(("e", "f"), 1),
        Shown(("x",), 1, whole=True),
        Shown(("o", "p"), 1),
    )


def test_loops_whose_rows_are_cut_or_computed_walk_nothing() -> None:
    texts = ("rows|slice:':3'", "rows[:3]", "range(3)", "rows.filter(x=1)", "rows|custom")

    assert [parse(f"{{% for a in {text} %}}{{% endfor %}}")[0][1] for text in texts] == [()] * len(texts)


def test_what_is_shown_as_it_is() -> None:
    text = (
        "{{ a|safe }}{{ b | upper | safe }}{{ c|escape|safe }}{{ d|custom|safe }}{{ e }}"
        "{% autoescape off %}{{ f }}{{ g.h }}"
        "{% autoescape on %}{{ i }}{% endautoescape %}{% endautoescape %}{{ j }}"
    )

    shown = [node for node in parse(text) if isinstance(node, Shown)]
    assert ["".join(node.path) for node in shown if node.raw] == ["a", "b", "f", "gh"]


def test_blocks_set_aside() -> None:
    for tag in ("cache 60 x", "comment", "verbatim", "raw", "macro f(a)"):
        assert parse(f"{{% {tag} %}}{{{{ a.b }}}}{{% for %}}{{% end{tag.split()[0]} %}}") == ()


def test_a_template_that_does_not_close_its_blocks_reads_nothing() -> None:
    for text in ("{% for a in b %}", "{% endfor %}", "{% if a %}{% endfor %}{% endif %}", "{% if a %}" * 100):
        assert parse(text + "{{ c.d }}") == ()
    assert parse(f"{{{{ a.b }}}}{' ' * 1_000_000}") == ()


@given(st.text(alphabet="{}%#ab.|()=' \nforendi"))
def test_every_text_is_read(text: str) -> None:
    assert isinstance(parse(text), tuple)


@given(
    st.lists(
        st.sampled_from(
            (
                "{% for a in b.c %}",
                "{% endfor %}",
                "{% if a.b %}",
                "{% else %}",
                "{% endif %}",
                "{{ a.b }}",
                "\n",
            )
        )
    )
)
def test_lines_are_those_of_the_text(parts: list[str]) -> None:
    text = "".join(parts)

    shown = [node for node in parse(text) if isinstance(node, Shown)]
    assert all("{{ a.b }}" in text.split("\n")[node.line - 1] for node in shown)
