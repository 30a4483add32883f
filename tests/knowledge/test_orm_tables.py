"""What the tables of ORMs, drivers and frameworks mean, checked where a slip would change findings."""

from __future__ import annotations

import pytest

from archlint.knowledge import django, drivers, hashing, orms, relations, shapes, sqlalchemy, web

CLASSES = {**sqlalchemy.CLASSES, **django.CLASSES, **orms.CLASSES, **drivers.CLASSES, **web.CLASSES}
ALIASES = {**sqlalchemy.ALIASES, **django.ALIASES, **orms.ALIASES, **drivers.ALIASES, **web.ALIASES}


def member(cls: str, name: str) -> str | None:
    """The signature of a member, looked for in the bases as well."""
    cls = ALIASES.get(cls, cls)
    found = CLASSES.get(cls, {})
    if name in found:
        return found[name]
    inherited = (member(base, name) for base in found.get("<bases>", "").split())
    return next((text for text in inherited if text is not None), None)


def effects(cls: str, name: str) -> set[str]:
    """The effect letters of a member that must exist."""
    text = member(cls, name)
    assert text is not None, f"{cls}.{name} is unknown"
    return set(text.partition("->")[0].strip()) if "->" in text or not name.startswith("@") else set()


def result(cls: str, name: str) -> str:
    """The result type of a member that must exist."""
    text = member(cls, name)
    assert text is not None, f"{cls}.{name} is unknown"
    return text.rpartition("->")[2].strip()


QUERY = "sqlalchemy.orm.Query"
QUERY_SET = "django.db.models.QuerySet"
MANAGER = "django.db.models.Manager"


@pytest.mark.parametrize(
    ("cls", "name"),
    [
        (QUERY, "filter"),
        (QUERY, "options"),
        ("sqlalchemy.Select", "where"),
        (QUERY_SET, "filter"),
        (QUERY_SET, "select_related"),
        (MANAGER, "filter"),
        ("tortoise.models.Model", "filter"),
        ("tortoise.queryset.QuerySet", "prefetch_related"),
        ("peewee.ModelSelect", "where"),
        ("mongoengine.QuerySet", "order_by"),
        ("sqlalchemy.orm.Session", "query"),
        ("sqlalchemy.orm.Session", "add"),
        ("sqlalchemy.orm.Session", "add_all"),
        ("sqlalchemy.orm.Session", "delete"),
        ("sqlalchemy.ext.asyncio.AsyncSession", "add"),
        ("sqlalchemy.engine.Result", "scalars"),
        ("sqlalchemy.engine.ScalarResult", "all"),
        ("asyncpg.Pool", "acquire"),
        ("flask.Request", "get_json"),
        ("pydantic.BaseModel", "model_validate"),
    ],
)
def test_building_costs_nothing(cls: str, name: str) -> None:
    assert effects(cls, name) == set()


@pytest.mark.parametrize(
    ("cls", "name"),
    [
        (QUERY, "all"),
        (QUERY, "<iter>"),
        (QUERY, "count"),
        (QUERY_SET, "get"),
        (QUERY_SET, "<iter>"),
        (QUERY_SET, "<len>"),
        (QUERY_SET, "<bool>"),
        (MANAGER, "first"),
        ("sqlalchemy.orm.Session", "execute"),
        ("sqlalchemy.orm.scoped_session", "execute"),
        ("sqlmodel.Session", "exec"),
        ("flask_sqlalchemy.BaseQuery", "first_or_404"),
        ("peewee.Model", "get_or_none"),
        ("mongoengine.QuerySet", "<iter>"),
        ("psycopg2.extensions.cursor", "execute"),
        ("psycopg2.extras.RealDictCursor", "execute"),
        ("pyodbc.Cursor", "execute"),
        ("django.db.backends.utils.CursorWrapper", "execute"),
        ("graphene.relay.Node", "get_node_from_global_id"),
        ("haystack.models.SearchResult", "@object"),
    ],
)
def test_sync_evaluation_queries_and_blocks(cls: str, name: str) -> None:
    assert {"B", "Q"} <= effects(cls, name)
    assert "W" not in effects(cls, name)


@pytest.mark.parametrize(
    ("cls", "name"),
    [
        ("sqlalchemy.ext.asyncio.AsyncSession", "execute"),
        ("sqlmodel.ext.asyncio.session.AsyncSession", "exec"),
        ("sqlmodel.ext.asyncio.session.AsyncSession", "get"),
        ("sqlalchemy.ext.asyncio.async_scoped_session", "scalars"),
        (QUERY_SET, "aget"),
        (MANAGER, "acreate"),
        ("tortoise.models.Model", "create"),
        ("asyncpg.Pool", "fetch"),
        ("psycopg.AsyncCursor", "execute"),
        ("databases.Database", "fetch_all"),
        ("beanie.Document", "get"),
        ("ormar.QuerySet", "get"),
    ],
)
def test_async_evaluation_queries_without_blocking(cls: str, name: str) -> None:
    assert {"A", "Q"} <= effects(cls, name)
    assert "B" not in effects(cls, name)


def test_every_async_method_of_a_query_set_has_its_sync_twin() -> None:
    """``aget`` does what ``get`` does, awaited."""
    for cls in (QUERY_SET, MANAGER):
        twins = [name for name in CLASSES[cls] if name[0] == "a" and name[1:] in CLASSES[cls]]
        assert len(twins) >= 18
        for name in twins:
            assert effects(cls, name) == effects(cls, name[1:]) - {"B"} | {"A"}, name
            assert result(cls, name) == result(cls, name[1:]), name


def test_a_manager_does_what_its_query_set_does() -> None:
    """Builders of a manager answer query sets; evaluation is the same."""
    for name, text in CLASSES[MANAGER].items():
        if name in CLASSES[QUERY_SET]:
            twin = CLASSES[QUERY_SET][name]
            assert text in {twin, twin.replace("$self", f"{QUERY_SET}[$t]")}, name
    assert "<iter>" not in CLASSES[MANAGER]
    assert "delete" not in CLASSES[MANAGER]


@pytest.mark.parametrize(
    ("cls", "name"),
    [
        (QUERY_SET, "bulk_create"),
        ("sqlalchemy.orm.Session", "bulk_save_objects"),
        ("dbapi.Cursor", "executemany"),
        ("pymysql.cursors.DictCursor", "executemany"),
        ("asyncpg.Connection", "executemany"),
        ("peewee.Model", "bulk_create"),
    ],
)
def test_bulk_calls_write_many(cls: str, name: str) -> None:
    assert {"Q", "W", "M"} <= effects(cls, name)


@pytest.mark.parametrize(
    ("cls", "name"),
    [
        ("django.db.models.Model", "save"),
        (QUERY_SET, "update"),
        (QUERY, "delete"),
        ("tortoise.models.Model", "save"),
        ("peewee.Model", "delete_instance"),
        ("sqlalchemy.orm.Session", "commit"),
    ],
)
def test_one_write_is_not_bulk(cls: str, name: str) -> None:
    """Called per item, these are a write per item."""
    assert {"Q", "W"} <= effects(cls, name)
    assert "M" not in effects(cls, name)


def test_rows_come_out_of_queries() -> None:
    assert result("sqlalchemy.orm.Session", "query") == "sqlalchemy.orm.Query[$0]"
    assert result(QUERY, "all") == "list[$t]"
    assert result("sqlalchemy.orm.Session", "get") == "$0 | None"
    assert result("sqlalchemy.orm.Session", "execute") == "sqlalchemy.engine.Result[$arg0.t]"
    assert result("sqlalchemy.engine.Result", "scalars") == "sqlalchemy.engine.ScalarResult[$t]"
    assert result("flask_sqlalchemy.SQLAlchemy.Model", "@query") == "flask_sqlalchemy.BaseQuery[$cls]"
    assert result("flask_sqlalchemy.Pagination", "@items") == "list[$t]"
    assert result("django.contrib.auth.models.User", "@objects").startswith(
        "django.contrib.auth.models.UserManager"
    )
    assert result("pydantic.BaseModel", "from_orm") == "$cls"


def test_chosen_columns_are_no_entities() -> None:
    """What chooses columns answers a query whose rows are unknown, so they have no relations."""
    assert result(QUERY, "with_entities") == QUERY
    assert result(QUERY_SET, "values").startswith("django.db.models.query.ValuesQuerySet")
    assert "$t" not in result(QUERY_SET, "values_list")


def test_session_factories_answer_what_they_were_given() -> None:
    """``sessionmaker(class_=AsyncSession)()`` is an asynchronous session."""
    assert result("sqlalchemy.orm.sessionmaker", "<call>") == "$t"
    for name, text in shapes.PARAMETERS.items():
        assert name in CLASSES
        assert text.partition("=")[2] in {"", *CLASSES}


def test_tortoise_queries_when_it_is_awaited() -> None:
    assert effects("tortoise.queryset.QuerySet", "<await>") == {"Q"}
    assert result("tortoise.models.Model", "get") == "tortoise.queryset.QuerySetSingle[$cls]"


def test_slices() -> None:
    """Django's slice is lazy, SQLAlchemy's is not."""
    assert shapes.SLICES[QUERY_SET] == "-> $self"
    assert shapes.SLICES[QUERY].startswith("BQ")
    assert set(shapes.SLICES) <= set(CLASSES)


def test_relations_are_complete() -> None:
    """A relation says what it reads as; its default loading is a value that its ORM knows."""
    for name, relation in relations.RELATIONS.items():
        assert {"orm", "side", "reads"} <= set(relation), name
        assert relation["side"] in {"one", "many", "?"}, name
        assert relation["reads"] in {"instance", "list", "manager", "query", "awaitable"}, name
        values = relations.LAZY_VALUES.get(relation["orm"])
        if values and "lazy_default" in relation:
            assert relation["lazy_default"] in values, name


def test_lazy_values() -> None:
    lazy = relations.LAZY_VALUES["sqlalchemy"]
    assert lazy["select"] == lazy["True"] == "access"
    assert lazy["joined"] == lazy["selectin"] == lazy["subquery"] == lazy["False"] == "parent"
    assert lazy["immediate"] == "each", "one query per parent is no batch"
    assert lazy["dynamic"] == "query"


def test_django_reverse_accessors() -> None:
    foreign_key = relations.RELATIONS["django.db.models.ForeignKey"]
    assert (foreign_key["reverse_default"], foreign_key["reverse_side"]) == ("{model}_set", "many")
    one_to_one = relations.RELATIONS["django.db.models.OneToOneField"]
    assert (one_to_one["reverse_default"], one_to_one["reverse_reads"]) == ("{model}", "instance")


@pytest.mark.parametrize("orm", sorted(relations.PREFETCH_DEFEATS))
def test_prefetch_either_serves_or_is_defeated(orm: str) -> None:
    keeps = relations.PREFETCH_KEEPS[orm]
    assert not keeps & relations.PREFETCH_DEFEATS[orm]
    assert not keeps & relations.PREFETCH_NEEDS_ORDER.get(orm, frozenset())


def test_prefetch_in_django() -> None:
    """Measured on 4.2 and 5.2: counting and testing use the rows, choosing and ``iterator`` do not."""
    assert {"all", "count", "exists", "contains", "<len>", "<iter>"} <= relations.PREFETCH_KEEPS["django"]
    defeats = relations.PREFETCH_DEFEATS["django"]
    assert {"filter", "order_by", "get", "last", "values_list", "iterator"} <= defeats
    assert "first" in relations.PREFETCH_NEEDS_ORDER["django"]
    builders = {name for name, text in CLASSES[QUERY_SET].items() if text == "-> $self" and name[0].isalpha()}
    assert builders - {"all", "none"} <= defeats


def test_writes_agree_with_the_effects() -> None:
    """A method listed as a write carries the letter, wherever its class is described."""
    checked = 0
    for cls, names in relations.WRITES.items():
        for name in names:
            if cls in CLASSES and "<await>" not in CLASSES[cls] and member(cls, name) is not None:
                if "->" in (text := str(member(cls, name))) and text.lstrip().startswith("->"):
                    continue  # a query object: the write happens when it runs
                assert "W" in effects(cls, name), f"{cls}.{name}"
                checked += 1
    assert checked > 40
    for cls, names in relations.WRITES_LATER.items():
        assert not names & relations.WRITES[cls]


def test_models_are_described() -> None:
    for name in (
        "sqlalchemy.orm.DeclarativeBase",
        "django.db.models.Model",
        "tortoise.models.Model",
        "peewee.Model",
    ):
        assert name in relations.MODEL_BASES
        assert name in CLASSES
    assert relations.MODEL_KEYWORDS == {"sqlmodel.SQLModel": "table"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bcrypt.hashpw", "password 0"),
        ("argon2.PasswordHasher.verify", "verify 1 0"),
        ("passlib.context.CryptContext.verify", "verify 0 1"),
        ("werkzeug.security.check_password_hash", "verify 1 0"),
        ("hashlib.pbkdf2_hmac", "derive 1"),
        ("hashlib.sha256", "fast 0"),
        ("base64.b64encode", "encode 0"),
        ("cryptography.fernet.Fernet.encrypt", "encrypt 0"),
        ("hmac.compare_digest", "compare 0 1"),
    ],
)
def test_hashing(name: str, kind: str) -> None:
    assert hashing.HASHING[name] == kind


def test_fast_schemes_are_no_password_hashes() -> None:
    assert hashing.PASSLIB_SCHEMES["bcrypt"] == "password"
    assert {hashing.PASSLIB_SCHEMES[name] for name in ("hex_md5", "md5_crypt", "ldap_salted_sha1")} == {
        "fast"
    }
    assert hashing.PASSLIB_SCHEMES["plaintext"] == "encode"
