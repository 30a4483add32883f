"""What columns hold, and which of their arguments are evaluated when."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Types, of Python and of SQLAlchemy, by their last word, whose values are counted up and down.
NUMBERS: frozenset[str] = frozenset(
    (
        "int",
        "float",
        "Decimal",
        "Integer",
        "BigInteger",
        "SmallInteger",
        "Float",
        "Double",
        "Numeric",
        "INTEGER",
        "BIGINT",
        "SMALLINT",
        "FLOAT",
        "DOUBLE",
        "REAL",
        "NUMERIC",
        "DECIMAL",
    )
)

#: Types of SQLAlchemy, by their last word, that hold any text.
TEXTS: frozenset[str] = frozenset(("String", "Text", "Unicode", "UnicodeText", "VARCHAR", "TEXT", "NVARCHAR"))
#: Column constructors for any text.
FREE_TEXTS: frozenset[str] = frozenset(
    ("django.db.models.CharField", "django.db.models.TextField", "tortoise.fields.CharField",
     "tortoise.fields.TextField", "peewee.CharField", "peewee.TextField")
)  # fmt: skip
#: Words of columns into which people type what they like.
TYPED_WORDS: frozenset[str] = frozenset(
    ("name", "title", "subject", "comment", "note", "notes", "text", "message", "bio", "about", "address", "city",
     "nickname", "description", "remark", "remarks", "caption", "headline", "summary", "reason", "feedback")
)  # fmt: skip

#: Keywords of column constructors that take a value or a function that makes one for each row.
DEFAULTS: frozenset[str] = frozenset(
    ("default", "onupdate", "insert_default", "db_default", "validation_default")
)

#: Calls that give another value each time: in a default they are meant for each row.
FRESH: frozenset[str] = frozenset(
    (
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.monotonic",
        "time.localtime",
        "time.gmtime",
        "uuid.uuid1",
        "uuid.uuid4",
        "uuid.uuid6",
        "uuid.uuid7",
        "uuid6.uuid7",
        "secrets.token_hex",
        "secrets.token_urlsafe",
        "secrets.token_bytes",
        "secrets.randbelow",
        "secrets.choice",
        "random.random",
        "random.randint",
        "random.choice",
        "random.randrange",
        "random.getrandbits",
        "os.urandom",
        "django.utils.timezone.now",
        "django.utils.timezone.localtime",
        "django.utils.timezone.localdate",
        "django.utils.crypto.get_random_string",
        "pendulum.now",
        "pendulum.today",
        "arrow.utcnow",
        "arrow.now",
        "shortuuid.uuid",
        "shortuuid.random",
        "nanoid.generate",
        "bson.ObjectId",
        "bson.objectid.ObjectId",
        "ulid.ULID",
        "ulid.new",
        "cuid.cuid",
        "cuid2.Cuid",
    )
)
