"""Words that tell accounts of people, and their passwords, from everything else that is called a password."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Words of a field or column that holds a password.
PASSWORD_WORDS: frozenset[str] = frozenset((
    "password", "passwd", "pwd", "passphrase", "passcode", "pw", "pass", "passwort",
))

#: Words that say: what a hash function made of it.
HASHED_WORDS: frozenset[str] = frozenset((
    "hash", "hashed", "hashes", "encrypted", "crypted", "enc", "digest", "salted", "salt", "cipher",
))

#: Words of a second copy, which is compared and never stored.
COPY_WORDS: frozenset[str] = frozenset(("confirm", "confirmation", "old", "repeat", "repeated"))

#: Words that make a password something else: a setting, a link, or a credential for another system.
OTHER_WORDS: frozenset[str] = frozenset((
    "smtp", "imap", "mail", "mailer", "db", "database", "sql", "postgres", "mysql", "redis", "mongo", "broker", "amqp",
    "rabbitmq", "mqtt", "ftp", "sftp", "ssh", "ldap", "bind", "proxy", "host", "server", "api", "service", "remote",
    "wifi", "wlan", "key", "keystore", "truststore", "cert", "pfx", "ssl", "tls", "vault", "token", "reset", "expires",
    "expired", "expiry", "changed", "policy", "strength", "min", "max", "length", "required", "enabled", "hint", "id",
    "url", "link", "share", "room", "meeting", "zip", "archive", "pdf", "file", "client", "app", "application",
    "registry", "git", "basic", "http", "upstream", "source", "target", "connection", "node", "cluster", "snmp",
    "router", "device", "camera", "bank",
))

#: Parts of the name of a class, table or collection that holds accounts of people, whatever its columns.
ACCOUNT_NAMES: tuple[str, ...] = (
    "user", "account", "member", "customer", "admin", "person", "people", "employee", "student", "teacher", "patient",
    "doctor", "staff", "buyer", "seller", "subscriber", "usr", "guest", "login", "organizer", "organiser", "instructor",
    "tutor", "trainer", "courier", "driver", "rider", "player", "candidate", "applicant", "participant", "volunteer",
    "voter", "donor", "borrower", "merchant",
)

#: Parts of the name of a class that holds credentials for another system, or settings.
OTHER_NAMES: tuple[str, ...] = (
    "connection", "server", "smtp", "imap", "mail", "database", "datasource", "broker", "proxy", "integration", "credential",
    "secret", "config", "setting", "remote", "endpoint", "repository", "registry", "device", "webhook", "backend",
    "provider", "service", "feed", "source", "host", "cluster", "ftp", "mqtt", "ldap", "ssh", "snmp", "wifi", "vpn", "aws",
    "cloud", "redis", "social", "authorization", "token", "apikey", "gateway", "external", "thirdparty", "vendor",
)

#: Columns that only accounts have, and columns that only other systems' credentials have.
ACCOUNT_COLUMNS: frozenset[str] = frozenset((
    "username", "user_name", "email", "login", "nickname", "nick", "is_active", "is_superuser", "is_admin", "is_staff",
    "last_login", "email_address", "phone", "phone_number", "first_name", "last_name", "full_name", "date_joined",
    "disabled", "is_verified", "mail",
))
OTHER_COLUMNS: frozenset[str] = frozenset((
    "host", "hostname", "port", "server", "uri", "dsn", "endpoint", "base_url", "driver", "broker", "schema", "ip",
    "smtp_host", "smtp_port", "host_name", "connection_string", "database", "db_name", "conn_type", "provider",
    "api_url", "server_url", "protocol", "domain_name", "mailbox", "imap_host", "remote_url", "iban", "bic",
))

#: Methods of a model that a library calls before the row is written.
ROW_HOOKS: frozenset[str] = frozenset((
    "save", "asave", "save_base", "__setattr__", "full_clean", "clean", "clean_fields", "validate", "pre_save",
    "before_save", "insert", "before_insert", "pre_insert", "before_create", "set", "model_post_init", "__post_init__",
    "__attrs_post_init__",
))
