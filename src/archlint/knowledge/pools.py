"""Clients and engines that hold connections for many calls, and the settings that tie one to a single caller."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Clients of services. Making one costs a TLS context and a connection that nobody uses again.
CLIENTS: frozenset[str] = frozenset((
    "httpx.AsyncClient", "httpx.Client", "aiohttp.ClientSession", "requests.Session", "requests.session",
    "urllib3.PoolManager", "boto3.client", "boto3.resource", "boto3.Session.client", "boto3.Session.resource",
    "boto3.session.Session.client", "boto3.session.Session.resource", "openai.OpenAI", "openai.AsyncOpenAI",
    "openai.AzureOpenAI", "openai.AsyncAzureOpenAI", "anthropic.Anthropic", "anthropic.AsyncAnthropic",
    "google.genai.Client", "cohere.Client", "cohere.AsyncClient", "groq.Groq", "groq.AsyncGroq", "mistralai.Mistral",
    "google.cloud.storage.Client", "google.cloud.pubsub_v1.PublisherClient", "google.cloud.bigquery.Client",
    "azure.storage.blob.BlobServiceClient", "azure.storage.blob.aio.BlobServiceClient",
    "elasticsearch.Elasticsearch", "elasticsearch.AsyncElasticsearch", "opensearchpy.OpenSearch",
    "opensearchpy.AsyncOpenSearch", "qdrant_client.QdrantClient", "qdrant_client.AsyncQdrantClient",
))

#: Engines and pools of databases: each holds connections of its own until it is disposed of.
ENGINES: frozenset[str] = frozenset((
    "sqlalchemy.create_engine", "sqlalchemy.engine.create_engine", "sqlmodel.create_engine",
    "sqlalchemy.engine_from_config", "sqlalchemy.ext.asyncio.create_async_engine",
    "sqlalchemy.ext.asyncio.async_engine_from_config",
    "pymongo.MongoClient", "pymongo.AsyncMongoClient", "motor.motor_asyncio.AsyncIOMotorClient",
    "motor.motor_tornado.MotorClient",
    "redis.Redis", "redis.StrictRedis", "redis.from_url", "redis.Redis.from_url", "redis.ConnectionPool",
    "redis.ConnectionPool.from_url", "redis.asyncio.Redis", "redis.asyncio.StrictRedis", "redis.asyncio.from_url",
    "redis.asyncio.Redis.from_url", "redis.asyncio.ConnectionPool", "redis.asyncio.ConnectionPool.from_url",
    "redis.cluster.RedisCluster", "redis.asyncio.cluster.RedisCluster", "redis.StrictRedis.from_url",
    "asyncpg.create_pool", "aiomysql.create_pool", "aiopg.create_pool", "aiopg.sa.create_engine",
    "psycopg_pool.ConnectionPool", "psycopg_pool.AsyncConnectionPool", "psycopg2.pool.SimpleConnectionPool",
    "psycopg2.pool.ThreadedConnectionPool", "mysql.connector.pooling.MySQLConnectionPool",
    "oracledb.create_pool", "oracledb.create_pool_async", "neo4j.GraphDatabase.driver",
    "neo4j.AsyncGraphDatabase.driver", "cassandra.cluster.Cluster",
))

#: Last words of the names above: a call of another name is no candidate.
WORDS: frozenset[str] = frozenset(name.rpartition(".")[2] for name in (*CLIENTS, *ENGINES))

#: Settings that every caller may share, whatever they say.
NEUTRAL: frozenset[str] = frozenset((
    "timeout", "limits", "follow_redirects", "http1", "http2", "max_redirects", "trust_env", "default_encoding",
    "raise_for_status", "json_serialize", "max_retries", "retries", "retry", "config", "region_name", "use_ssl",
    "read_timeout", "connect_timeout", "num_pools", "maxsize", "max_connections", "decode_responses", "echo",
    "pool_size", "max_overflow", "pool_pre_ping", "pool_recycle", "pool_timeout", "future", "encoding", "verify",
    "socket_timeout", "socket_connect_timeout", "health_check_interval", "isolation_level", "min_size", "max_size",
    "event_hooks", "trace_configs", "loop", "json_serializer", "json_deserializer", "auto_decompress",
))

#: Settings that say where connections come from: the client itself then holds none worth keeping.
BORROWED: frozenset[str] = frozenset((
    "transport", "mounts", "app", "connector", "http_client", "connection_pool", "poolclass", "creator", "pool",
))

#: Objects of frameworks that are global by name and another one for every request.
PER_REQUEST: frozenset[str] = frozenset((
    "flask.request", "flask.session", "flask.g", "flask_login.current_user", "quart.request", "quart.session",
    "quart.g", "flask.Request", "flask.sessions.SessionMixin", "flask.ctx.AppContextGlobals", "flask_login.UserMixin",
    "quart.Request",
))

#: Bases of classes that hold the configuration of the process.
SETTINGS: frozenset[str] = frozenset((
    "pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.env_settings.BaseSettings",
    "starlette.config.Config", "dynaconf.Dynaconf",
))
