"""marshmallow and what joins it to Flask and SQLAlchemy: schemas that fill answers and read bodies."""

from __future__ import annotations

FUNCTIONS: dict[str, str] = {}

CLASSES: dict[str, dict[str, str]] = {
    "marshmallow.Schema": {
        "<bases>": "",
        "dump": "",
        "dumps": "-> str",
        "load": "",
        "loads": "",
        "validate": "-> dict",
    },
    "marshmallow_sqlalchemy.SQLAlchemySchema": {"<bases>": "marshmallow.Schema"},
    "marshmallow_sqlalchemy.SQLAlchemyAutoSchema": {"<bases>": "marshmallow_sqlalchemy.SQLAlchemySchema"},
    "flask_marshmallow.Schema": {"<bases>": "marshmallow.Schema", "jsonify": "-> flask.Response"},
    "flask_marshmallow.sqla.SQLAlchemySchema": {
        "<bases>": "marshmallow_sqlalchemy.SQLAlchemySchema flask_marshmallow.Schema",
    },
    "flask_marshmallow.sqla.SQLAlchemyAutoSchema": {
        "<bases>": "marshmallow_sqlalchemy.SQLAlchemyAutoSchema flask_marshmallow.Schema",
    },
    "flask_marshmallow.Marshmallow": {
        "<bases>": "",
        "@Schema": "type[flask_marshmallow.Schema]",
        "@SQLAlchemySchema": "type[flask_marshmallow.sqla.SQLAlchemySchema]",
        "@SQLAlchemyAutoSchema": "type[flask_marshmallow.sqla.SQLAlchemyAutoSchema]",
        **{
            f"@{field}": f"type[marshmallow.fields.{field}]"
            for field in ("Nested", "List", "Pluck", "Method", "Function", "String", "Str", "Integer", "Int", "DateTime")
        },
        "init_app": "",
    },
}

ALIASES: dict[str, str] = {
    "marshmallow.schema.Schema": "marshmallow.Schema",
    "marshmallow_sqlalchemy.schema.SQLAlchemySchema": "marshmallow_sqlalchemy.SQLAlchemySchema",
    "marshmallow_sqlalchemy.schema.SQLAlchemyAutoSchema": "marshmallow_sqlalchemy.SQLAlchemyAutoSchema",
}
