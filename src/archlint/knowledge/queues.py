"""Message brokers and job queues: handing a job over, and waiting for its outcome.

The first is ``E``: cheap, and not a query. The second blocks.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

FUNCTIONS: dict[str, str] = {
    # celery
    "celery.chain": "-> celery.canvas.Signature", "celery.group": "-> celery.canvas.Signature",
    "celery.chord": "-> celery.canvas.Signature", "celery.signature": "-> celery.canvas.Signature",
    "celery.subtask": "-> celery.canvas.Signature",
    "celery.execute.send_task": "E",
    # rabbitmq, kafka, others
    "aio_pika.connect_robust": "A -> aio_pika.abc.AbstractRobustConnection",
    "aio_pika.connect": "A -> aio_pika.abc.AbstractRobustConnection",
    "aiormq.connect": "A",
    "arq.create_pool": "A -> arq.ArqRedis",
    "nats.connect": "A -> nats.aio.client.Client",
    "rq.get_current_job": "-> rq.job.Job",
    "django_rq.enqueue": "E -> rq.job.Job", "django_rq.get_queue": "-> rq.Queue",
}

CLASSES: dict[str, dict[str, str]] = {
    # rabbitmq, kafka, others
    "celery.Celery": {
        "task": "",
        "send_task": "E -> celery.result.AsyncResult",
        "AsyncResult": "-> celery.result.AsyncResult",
        "@control": "-> celery.app.control.Control",
        "config_from_object": "", "autodiscover_tasks": "", "finalize": "",
    },
    "celery.app.control.Control": {
        "inspect": "B", "ping": "B", "revoke": "B", "terminate": "B", "purge": "B", "broadcast": "B",
        "rate_limit": "B", "shutdown": "B",
    },
    "celery.app.task.Task": {
        "delay": "E -> celery.result.AsyncResult", "apply_async": "E -> celery.result.AsyncResult",
        # runs the task here and now
        "apply": "-> celery.result.EagerResult",
        "s": "-> celery.canvas.Signature", "si": "-> celery.canvas.Signature",
        "signature": "-> celery.canvas.Signature", "subtask": "-> celery.canvas.Signature",
        "retry": "", "update_state": "", "replace": "",
        "AsyncResult": "-> celery.result.AsyncResult",
    },
    "celery.canvas.Signature": {
        "delay": "E -> celery.result.AsyncResult", "apply_async": "E -> celery.result.AsyncResult",
        "<call>": "E -> celery.result.AsyncResult",
        "set": "-> $self", "clone": "-> $self", "on_error": "-> $self", "link": "-> $self",
        "link_error": "-> $self",
    },
    "celery.result.AsyncResult": {
        "get": "B", "wait": "B", "collect": "B", "forget": "B",
        "ready": "B -> bool", "successful": "B -> bool", "failed": "B -> bool",
        "maybe_throw": "-> ?",
        "@id": "-> str", "@task_id": "-> str",
        "@state": "B -> str", "@status": "B -> str", "@traceback": "B -> str",
        "@result": "B", "@info": "B",
        "revoke": "",
    },
    "celery.result.EagerResult": {
        "get": "", "wait": "", "ready": "", "successful": "", "failed": "",
    },
    "celery.result.GroupResult": {
        "get": "B", "join": "B", "join_native": "B", "ready": "B", "successful": "B", "failed": "B",
        "completed_count": "B", "waiting": "B",
        "revoke": "",
    },
    # rq, dramatiq, arq, huey and kin
    "rq.Queue": {
        "enqueue": "E -> rq.job.Job", "enqueue_call": "E -> rq.job.Job", "enqueue_at": "E -> rq.job.Job",
        "enqueue_in": "E -> rq.job.Job", "enqueue_job": "E -> rq.job.Job",
        "enqueue_many": "E -> rq.job.Job",
        "fetch_job": "B -> rq.job.Job",
        "empty": "B", "delete": "B", "get_jobs": "B", "get_job_ids": "B", "is_empty": "B", "remove": "B",
        "<len>": "B",
        "@count": "B", "@jobs": "B", "@job_ids": "B",
        "@name": "-> str",
    },
    "rq.job.Job": {
        "fetch": "B -> rq.job.Job",
        "fetch_many": "B -> list[rq.job.Job]",
        "get_status": "B", "refresh": "B", "save": "B", "save_meta": "B", "cancel": "B", "requeue": "B",
        "delete": "B", "exists": "B", "return_value": "B", "latest_result": "B", "results": "B",
        "@result": "B", "@is_finished": "B", "@is_failed": "B", "@is_started": "B", "@is_queued": "B",
        "@id": "-> str",
        "@meta": "-> dict",
        "create": "",
    },
    # what `@job` makes of a function
    "rq.decorators.JobFunction": {
        "delay": "E -> rq.job.Job", "enqueue": "E -> rq.job.Job",
    },
    "dramatiq.Actor": {
        "send": "E -> dramatiq.Message", "send_with_options": "E -> dramatiq.Message",
        "message": "-> dramatiq.Message", "message_with_options": "-> dramatiq.Message",
    },
    "dramatiq.Message": {
        "get_result": "B",
        "@message_id": "-> str",
    },
    "dramatiq.group": {
        "run": "E",
        "get_results": "B", "wait": "B",
    },
    "arq.ArqRedis": {
        "<bases>": "redis.asyncio.Redis",
        "enqueue_job": "AE -> arq.jobs.Job",
        "all_job_results": "A", "queued_jobs": "A",
    },
    "arq.jobs.Job": {
        "result": "A", "info": "A", "result_info": "A", "status": "A", "abort": "A",
    },
    "huey.Huey": {
        "task": "", "periodic_task": "", "context_task": "",
        "enqueue": "E -> huey.api.Result",
    },
    "huey.api.Result": {
        "get": "B",
        "reschedule": "E",
    },
    "huey.api.TaskWrapper": {
        "<call>": "E -> huey.api.Result", "schedule": "E -> huey.api.Result",
        "call_local": "", "s": "",
    },
    "procrastinate.tasks.Task": {
        "defer": "E",
        "defer_async": "AE",
        "configure": "",
    },
    "taskiq.AsyncTaskiqDecoratedTask": {
        "kiq": "AE -> taskiq.AsyncTaskiqTask",
    },
    "taskiq.AsyncBroker": {
        "task": "",
    },
    "procrastinate.App": {
        "task": "", "periodic": "",
    },
    "taskiq.AsyncTaskiqTask": {
        "wait_result": "A", "is_ready": "A", "get_result": "A",
    },
    "saq.Queue": {
        "enqueue": "AE",
        "apply": "A", "map": "A", "connect": "A", "disconnect": "A",
    },
    "django_rq.queues.DjangoRQ": {
        "<bases>": "rq.Queue",
    },
    # rabbitmq
    "pika.BlockingConnection": {
        "<enter>": "-> $self",
        "<init>": "B", "process_data_events": "B", "sleep": "B", "close": "B",
        "channel": "B -> pika.adapters.blocking_connection.BlockingChannel",
        "add_callback_threadsafe": "", "call_later": "",
        "@is_open": "-> bool", "@is_closed": "-> bool",
    },
    "pika.adapters.blocking_connection.BlockingChannel": {
        "<enter>": "-> $self",
        "basic_consume": "B", "basic_cancel": "B", "start_consuming": "B", "consume": "B", "cancel": "B",
        "basic_ack": "B", "basic_nack": "B", "basic_get": "B", "basic_publish": "B", "basic_qos": "B",
        "basic_recover": "B",
        "basic_reject": "B", "confirm_delivery": "B", "exchange_declare": "B", "exchange_delete": "B",
        "exchange_bind": "B", "exchange_unbind": "B", "queue_declare": "B", "queue_delete": "B",
        "queue_purge": "B", "queue_bind": "B", "queue_unbind": "B", "tx_select": "B", "tx_commit": "B",
        "tx_rollback": "B", "close": "B", "flow": "B",
        "stop_consuming": "",
        "@is_open": "-> bool", "@is_closed": "-> bool",
    },
    "kombu.Connection": {
        "<enter>": "-> $self",
        "connect": "B", "ensure_connection": "B", "drain_events": "B",
        "Producer": "-> kombu.Producer",
        "release": "", "close": "",
    },
    "kombu.Producer": {
        "<enter>": "-> $self",
        "publish": "B",
    },
    "aio_pika.abc.AbstractConnection": {
        "<aenter>": "-> $self",
        "connect": "A", "close": "A", "ready": "A",
        # awaitable, and an async context manager
        "channel": "A -> aio_pika.abc.AbstractChannel",
        "@is_closed": "-> bool",
    },
    "aio_pika.abc.AbstractRobustConnection": {
        "<bases>": "aio_pika.abc.AbstractConnection",
    },
    "aio_pika.abc.AbstractChannel": {
        "<aenter>": "-> $self",
        "declare_exchange": "A -> aio_pika.abc.AbstractExchange",
        "get_exchange": "A -> aio_pika.abc.AbstractExchange",
        "declare_queue": "A -> aio_pika.abc.AbstractQueue", "get_queue": "A -> aio_pika.abc.AbstractQueue",
        "set_qos": "A", "queue_delete": "A", "exchange_delete": "A", "flow": "A", "close": "A",
        "@default_exchange": "-> aio_pika.abc.AbstractExchange",
    },
    "aio_pika.abc.AbstractExchange": {
        "declare": "A", "bind": "A", "unbind": "A", "publish": "A", "delete": "A",
    },
    "aio_pika.abc.AbstractQueue": {
        "declare": "A", "bind": "A", "unbind": "A", "consume": "A", "cancel": "A", "purge": "A",
        "delete": "A",
        "get": "A -> aio_pika.abc.AbstractIncomingMessage",
        "iterator": "-> aio_pika.abc.AbstractQueueIterator",
    },
    "aio_pika.abc.AbstractQueueIterator": {
        "<aenter>": "-> $self",
        "<aiter>": "-> aio_pika.abc.AbstractIncomingMessage",
    },
    "aio_pika.abc.AbstractIncomingMessage": {
        "process": "-> contextlib.AbstractAsyncContextManager",
        "ack": "A", "reject": "A", "nack": "A",
        "@body": "-> bytes",
    },
    # kafka
    "kafka.KafkaProducer": {
        "<enter>": "-> $self",
        "<init>": "B", "flush": "B", "close": "B", "partitions_for": "B",
        "send": "E -> kafka.producer.future.FutureRecordMetadata",
        "metrics": "", "bootstrap_connected": "",
    },
    "kafka.producer.future.FutureRecordMetadata": {
        "get": "B",
        "add_callback": "-> $self", "add_errback": "-> $self",
    },
    "kafka.KafkaConsumer": {
        "<init>": "B", "<iter>": "B -> kafka.consumer.fetcher.ConsumerRecord", "poll": "B", "commit": "B",
        "committed": "B", "topics": "B",
        "partitions_for_topic": "B", "position": "B", "offsets_for_times": "B", "beginning_offsets": "B",
        "end_offsets": "B", "close": "B",
        "assign": "", "subscribe": "", "unsubscribe": "", "pause": "", "resume": "", "seek": "",
        "assignment": "", "commit_async": "",
    },
    "kafka.consumer.fetcher.ConsumerRecord": {"@value": "-> bytes", "@key": "-> bytes"},
    "kafka.KafkaAdminClient": {
        "<init>": "B", "create_topics": "B", "delete_topics": "B", "list_topics": "B",
        "describe_topics": "B", "describe_configs": "B", "create_partitions": "B",
        "list_consumer_groups": "B", "close": "B",
    },
    "confluent_kafka.Producer": {
        "produce": "E",
        "flush": "B", "list_topics": "B", "init_transactions": "B", "commit_transaction": "B",
        "abort_transaction": "B",
        "poll": "",
    },
    "confluent_kafka.Message": {"value": "-> bytes", "key": "-> bytes", "topic": "-> str", "error": ""},
    "confluent_kafka.Consumer": {
        "poll": "B -> confluent_kafka.Message", "consume": "B -> list[confluent_kafka.Message]", "commit": "B", "committed": "B", "list_topics": "B", "close": "B",
        "offsets_for_times": "B",
        "subscribe": "", "unsubscribe": "", "assign": "", "pause": "", "resume": "", "store_offsets": "",
        "seek": "",
    },
    "confluent_kafka.admin.AdminClient": {
        "list_topics": "B",
        "create_topics": "", "delete_topics": "",
    },
    "aiokafka.AIOKafkaProducer": {
        "<aenter>": "-> $self",
        "start": "A", "flush": "A", "stop": "A", "partitions_for": "A", "begin_transaction": "A",
        "commit_transaction": "A", "abort_transaction": "A",
        "send": "AE", "send_and_wait": "AE", "send_batch": "AE",
        "create_batch": "",
    },
    "aiokafka.AIOKafkaConsumer": {
        "<aenter>": "-> $self",
        "start": "A", "stop": "A", "commit": "A", "committed": "A", "topics": "A", "position": "A",
        "seek_to_beginning": "A", "seek_to_end": "A", "seek_to_committed": "A", "offsets_for_times": "A",
        "beginning_offsets": "A", "end_offsets": "A", "getone": "A", "getmany": "A",
        "assign": "", "subscribe": "", "unsubscribe": "", "seek": "", "pause": "", "resume": "",
        "assignment": "", "<aiter>": "",
    },
    "faust.Topic": {
        "send": "AE",
    },
    # others
    "nats.aio.client.Client": {
        "publish": "AE",
        "connect": "A", "request": "A", "subscribe": "A", "drain": "A", "close": "A", "flush": "A",
        "jetstream": "-> nats.js.JetStreamContext",
    },
    "nats.js.JetStreamContext": {
        "publish": "AE",
        "subscribe": "A", "pull_subscribe": "A", "add_stream": "A", "stream_info": "A",
        "delete_stream": "A",
    },
    "paho.mqtt.client.Client": {
        "connect": "B", "reconnect": "B", "loop_forever": "B",
        "publish": "", "subscribe": "", "loop_start": "", "loop_stop": "", "disconnect": "",
        "connect_async": "", "username_pw_set": "",
    },
    "aiomqtt.Client": {
        "<aenter>": "-> $self",
        "publish": "A", "subscribe": "A", "unsubscribe": "A",
    },
    "stomp.Connection": {
        "connect": "B", "send": "B", "subscribe": "B", "disconnect": "B",
    },
    "zmq.Context": {
        "socket": "-> zmq.Socket",
        "term": "",
    },
    "zmq.Socket": {
        "recv": "B -> bytes", "recv_string": "B -> str", "recv_json": "B", "recv_pyobj": "B",
        "recv_multipart": "B -> list[bytes]", "poll": "B",
        "send": "", "send_string": "", "send_json": "", "send_pyobj": "", "send_multipart": "", "bind": "",
        "connect": "", "setsockopt": "", "setsockopt_string": "", "close": "",
    },
    "zmq.asyncio.Context": {
        "socket": "-> zmq.asyncio.Socket",
        "term": "",
    },
    "zmq.asyncio.Socket": {
        "recv": "A", "recv_string": "A", "recv_json": "A", "recv_pyobj": "A", "recv_multipart": "A",
        "poll": "A", "send": "A", "send_string": "A", "send_json": "A", "send_pyobj": "A",
        "send_multipart": "A",
        "bind": "", "connect": "", "setsockopt": "", "setsockopt_string": "", "close": "",
    },
}

ALIASES: dict[str, str] = {
    # others
    "celery.app.base.Celery": "celery.Celery", "celery.app.Celery": "celery.Celery",
    "celery.Task": "celery.app.task.Task",
    "celery.Signature": "celery.canvas.Signature",
    "rq.queue.Queue": "rq.Queue",
    "rq.Job": "rq.job.Job",
    "dramatiq.actor.Actor": "dramatiq.Actor",
    "dramatiq.message.Message": "dramatiq.Message",
    "arq.connections.ArqRedis": "arq.ArqRedis",
    "arq.connections.create_pool": "arq.create_pool",
    "huey.RedisHuey": "huey.Huey", "huey.SqliteHuey": "huey.Huey", "huey.MemoryHuey": "huey.Huey",
    "huey.FileHuey": "huey.Huey", "huey.PriorityRedisHuey": "huey.Huey", "huey.RedisExpireHuey": "huey.Huey",
    "procrastinate.AsyncApp": "procrastinate.App", "procrastinate.app.App": "procrastinate.App",
    "taskiq.InMemoryBroker": "taskiq.AsyncBroker", "taskiq_redis.ListQueueBroker": "taskiq.AsyncBroker",
    "taskiq_redis.RedisStreamBroker": "taskiq.AsyncBroker", "taskiq_aio_pika.AioPikaBroker": "taskiq.AsyncBroker",
    "pika.adapters.blocking_connection.BlockingConnection": "pika.BlockingConnection",
    "pika.channel.Channel": "pika.adapters.blocking_connection.BlockingChannel",
    "aio_pika.RobustConnection": "aio_pika.abc.AbstractRobustConnection",
    "aio_pika.Connection": "aio_pika.abc.AbstractConnection",
    "aio_pika.Channel": "aio_pika.abc.AbstractChannel",
    "aio_pika.RobustChannel": "aio_pika.abc.AbstractChannel",
    "aio_pika.abc.AbstractRobustChannel": "aio_pika.abc.AbstractChannel",
    "aio_pika.Exchange": "aio_pika.abc.AbstractExchange",
    "aio_pika.RobustExchange": "aio_pika.abc.AbstractExchange",
    "aio_pika.abc.AbstractRobustExchange": "aio_pika.abc.AbstractExchange",
    "aio_pika.Queue": "aio_pika.abc.AbstractQueue", "aio_pika.RobustQueue": "aio_pika.abc.AbstractQueue",
    "aio_pika.abc.AbstractRobustQueue": "aio_pika.abc.AbstractQueue",
    "aio_pika.IncomingMessage": "aio_pika.abc.AbstractIncomingMessage",
    "kafka.producer.KafkaProducer": "kafka.KafkaProducer",
    "kafka.consumer.KafkaConsumer": "kafka.KafkaConsumer",
    "kafka.admin.KafkaAdminClient": "kafka.KafkaAdminClient",
    "confluent_kafka.SerializingProducer": "confluent_kafka.Producer",
    "confluent_kafka.DeserializingConsumer": "confluent_kafka.Consumer",
    "nats.NATS": "nats.aio.client.Client", "nats.aio.client.NATS": "nats.aio.client.Client",
}
