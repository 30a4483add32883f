"""Clients of language models and of the tools around them: synchronous ones wait seconds for an answer.

A streamed answer of a synchronous client is waited for while it is iterated, too.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

FUNCTIONS: dict[str, str] = {
    # module-level calls
    "openai.chat.completions.create": "B", "openai.completions.create": "B",
    "openai.embeddings.create": "B", "openai.images.generate": "B", "openai.moderations.create": "B",
    "openai.audio.transcriptions.create": "B", "openai.audio.speech.create": "B",
    "openai.responses.create": "B", "openai.files.create": "B", "openai.models.list": "B",
    "openai.ChatCompletion.create": "B", "openai.Completion.create": "B", "openai.Embedding.create": "B",
    "openai.Moderation.create": "B", "openai.Image.create": "B", "openai.Audio.transcribe": "B",
    "openai.ChatCompletion.acreate": "A", "openai.Completion.acreate": "A", "openai.Embedding.acreate": "A",
    "openai.Moderation.acreate": "A", "openai.Image.acreate": "A", "openai.Audio.atranscribe": "A",
    "litellm.completion": "B", "litellm.embedding": "B", "litellm.text_completion": "B",
    "litellm.image_generation": "B", "litellm.moderation": "B", "litellm.transcription": "B",
    "litellm.speech": "B", "litellm.rerank": "B", "litellm.responses": "B",
    "litellm.completion_with_retries": "B", "litellm.batch_completion": "B",
    "litellm.acompletion": "A", "litellm.aembedding": "A", "litellm.atext_completion": "A",
    "litellm.aimage_generation": "A", "litellm.amoderation": "A", "litellm.atranscription": "A",
    "litellm.aspeech": "A", "litellm.arerank": "A", "litellm.aresponses": "A",
    "litellm.acompletion_with_retries": "A",
    "ollama.chat": "B", "ollama.generate": "B", "ollama.embed": "B", "ollama.embeddings": "B",
    "ollama.pull": "B", "ollama.list": "B", "ollama.show": "B", "ollama.create": "B", "ollama.delete": "B",
    "replicate.run": "B", "replicate.stream": "B",
    "replicate.async_run": "A", "replicate.async_stream": "A",
    "google.generativeai.embed_content": "B", "google.generativeai.generate_text": "B",
    "google.generativeai.upload_file": "B", "google.generativeai.list_models": "B",
    "google.generativeai.get_file": "B", "google.generativeai.delete_file": "B",
    "google.generativeai.embed_content_async": "A",
    "google.generativeai.configure": "",
    "huggingface_hub.hf_hub_download": "B", "huggingface_hub.snapshot_download": "B",
    "huggingface_hub.upload_file": "B", "huggingface_hub.upload_folder": "B",
    "huggingface_hub.list_models": "B", "huggingface_hub.model_info": "B", "huggingface_hub.login": "B",
    "huggingface_hub.create_repo": "B",
    "fal_client.run": "B", "fal_client.submit": "B", "fal_client.subscribe": "B",
    "fal_client.upload_file": "B",
    "fal_client.run_async": "A", "fal_client.submit_async": "A", "fal_client.subscribe_async": "A",
    "fal_client.upload_file_async": "A",
    "voyageai.get_embedding": "B", "voyageai.get_embeddings": "B",
    "instructor.patch": "-> $arg0", "instructor.from_openai": "-> $arg0",
    "instructor.from_anthropic": "-> $arg0", "instructor.from_mistral": "-> $arg0",
    "instructor.from_groq": "-> $arg0", "instructor.from_litellm": "-> $arg0",
    "langchain.chat_models.init_chat_model": "-> langchain_core.language_models.BaseChatModel",
}

CLASSES: dict[str, dict[str, str]] = {
    # openai
    "openai.OpenAI": {
        "<enter>": "-> $self", "with_options": "-> $self", "copy": "-> $self",
        "<init>": "", "close": "",
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self",
        "@chat": "-> openai.resources.Chat",
        "@beta": "-> openai.resources.Beta",
        "@audio": "-> openai.resources.Audio",
        "@fine_tuning": "-> openai.resources.FineTuning",
        "@responses": "-> openai.resources.Responses", "@conversations": "-> openai.resources.Responses",
        "@completions": "-> openai.resources.Completions", "@embeddings": "-> openai.resources.Completions",
        "@moderations": "-> openai.resources.Completions", "@images": "-> openai.resources.Completions",
        "@files": "-> openai.resources.Completions", "@models": "-> openai.resources.Completions",
        "@batches": "-> openai.resources.Completions", "@uploads": "-> openai.resources.Completions",
        "@videos": "-> openai.resources.Completions", "@containers": "-> openai.resources.Completions",
        "@vector_stores": "-> openai.resources.VectorStores",
    },
    "openai.resources.Chat": {
        "@completions": "-> openai.resources.Completions",
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self",
    },
    "openai.resources.Completions": {
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self", "@messages": "-> $self",
        "@items": "-> $self",
        "create": "B", "parse": "B", "stream": "B", "retrieve": "B", "list": "B", "delete": "B",
        "update": "B", "cancel": "B", "content": "B", "retrieve_content": "B", "wait_for_processing": "B",
        "edit": "B", "generate": "B", "create_variation": "B",
        "create_and_poll": "B", "upload_and_poll": "B", "upload": "B", "poll": "B", "search": "B",
        "create_and_run": "B", "complete": "B", "download_content": "B", "modify": "B",
    },
    "openai.resources.Responses": {
        "<bases>": "openai.resources.Completions",
        "@input_items": "-> openai.resources.Completions", "@items": "-> openai.resources.Completions",
    },
    "openai.resources.Audio": {
        "@transcriptions": "-> openai.resources.Completions",
        "@translations": "-> openai.resources.Completions", "@speech": "-> openai.resources.Completions",
    },
    "openai.resources.FineTuning": {
        "@jobs": "-> openai.resources.Completions", "@checkpoints": "-> openai.resources.Completions",
    },
    "openai.resources.VectorStores": {
        "<bases>": "openai.resources.Completions",
        "@files": "-> openai.resources.Completions", "@file_batches": "-> openai.resources.Completions",
    },
    "openai.resources.Beta": {
        "@chat": "-> openai.resources.Chat",
        "@assistants": "-> openai.resources.Completions",
        "@threads": "-> openai.resources.Threads",
        "@vector_stores": "-> openai.resources.VectorStores",
    },
    "openai.resources.Threads": {
        "<bases>": "openai.resources.Completions",
        "@runs": "-> openai.resources.Runs",
        "@messages": "-> openai.resources.Completions",
    },
    "openai.resources.Runs": {
        "<bases>": "openai.resources.Completions",
        "create_and_stream": "B", "submit_tool_outputs": "B", "submit_tool_outputs_and_poll": "B",
        "submit_tool_outputs_stream": "B",
        "@steps": "-> openai.resources.Completions",
    },
    "openai.AsyncOpenAI": {
        "<aenter>": "-> $self", "with_options": "-> $self", "copy": "-> $self",
        "<init>": "",
        "close": "A",
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self",
        "@chat": "-> openai.resources.AsyncChat",
        "@beta": "-> openai.resources.AsyncBeta",
        "@audio": "-> openai.resources.AsyncAudio",
        "@fine_tuning": "-> openai.resources.AsyncFineTuning",
        "@responses": "-> openai.resources.AsyncResponses",
        "@conversations": "-> openai.resources.AsyncResponses",
        "@completions": "-> openai.resources.AsyncCompletions",
        "@embeddings": "-> openai.resources.AsyncCompletions",
        "@moderations": "-> openai.resources.AsyncCompletions",
        "@images": "-> openai.resources.AsyncCompletions", "@files": "-> openai.resources.AsyncCompletions",
        "@models": "-> openai.resources.AsyncCompletions",
        "@batches": "-> openai.resources.AsyncCompletions",
        "@uploads": "-> openai.resources.AsyncCompletions",
        "@videos": "-> openai.resources.AsyncCompletions",
        "@containers": "-> openai.resources.AsyncCompletions",
        "@vector_stores": "-> openai.resources.AsyncVectorStores",
    },
    "openai.resources.AsyncChat": {
        "@completions": "-> openai.resources.AsyncCompletions",
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self",
    },
    "openai.resources.AsyncCompletions": {
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self", "@messages": "-> $self",
        "@items": "-> $self",
        "create": "A", "parse": "A", "retrieve": "A", "delete": "A", "update": "A", "cancel": "A",
        "content": "A", "retrieve_content": "A", "wait_for_processing": "A", "edit": "A", "generate": "A",
        "create_variation": "A",
        "create_and_poll": "A", "upload_and_poll": "A", "upload": "A", "poll": "A", "search": "A",
        "create_and_run": "A", "complete": "A", "download_content": "A", "modify": "A",
        # awaitable, and an async iterator
        "list": "A",
        # an async context manager
        "stream": "",
    },
    "openai.resources.AsyncResponses": {
        "<bases>": "openai.resources.AsyncCompletions",
        "@input_items": "-> openai.resources.AsyncCompletions",
        "@items": "-> openai.resources.AsyncCompletions",
    },
    "openai.resources.AsyncAudio": {
        "@transcriptions": "-> openai.resources.AsyncCompletions",
        "@translations": "-> openai.resources.AsyncCompletions",
        "@speech": "-> openai.resources.AsyncCompletions",
    },
    "openai.resources.AsyncFineTuning": {
        "@jobs": "-> openai.resources.AsyncCompletions",
        "@checkpoints": "-> openai.resources.AsyncCompletions",
    },
    "openai.resources.AsyncVectorStores": {
        "<bases>": "openai.resources.AsyncCompletions",
        "@files": "-> openai.resources.AsyncCompletions",
        "@file_batches": "-> openai.resources.AsyncCompletions",
    },
    "openai.resources.AsyncBeta": {
        "@chat": "-> openai.resources.AsyncChat",
        "@assistants": "-> openai.resources.AsyncCompletions",
        "@threads": "-> openai.resources.AsyncThreads",
        "@vector_stores": "-> openai.resources.AsyncVectorStores",
    },
    "openai.resources.AsyncThreads": {
        "<bases>": "openai.resources.AsyncCompletions",
        "@runs": "-> openai.resources.AsyncRuns",
        "@messages": "-> openai.resources.AsyncCompletions",
    },
    "openai.resources.AsyncRuns": {
        "<bases>": "openai.resources.AsyncCompletions",
        "submit_tool_outputs": "A", "submit_tool_outputs_and_poll": "A",
        "create_and_stream": "", "submit_tool_outputs_stream": "",
        "@steps": "-> openai.resources.AsyncCompletions",
    },
    "openai.AzureOpenAI": {
        "<bases>": "openai.OpenAI",
    },
    "openai.AsyncAzureOpenAI": {
        "<bases>": "openai.AsyncOpenAI",
    },
    "cerebras.cloud.sdk.Cerebras": {
        "<bases>": "openai.OpenAI",
    },
    "cerebras.cloud.sdk.AsyncCerebras": {
        "<bases>": "openai.AsyncOpenAI",
    },
    # traces, memories and sandboxes of agents
    "langsmith.Client": {
        "read_run": "B", "list_runs": "-> langsmith.Pages", "read_dataset": "B", "create_dataset": "B",
        "has_dataset": "B -> bool", "create_example": "B", "create_examples": "B",
        "list_datasets": "-> langsmith.Pages", "list_examples": "-> langsmith.Pages", "read_example": "B",
        "update_example": "B", "delete_example": "B", "read_project": "B", "create_project": "B",
        "list_projects": "-> langsmith.Pages", "create_feedback": "B", "list_feedback": "-> langsmith.Pages",
        "pull_prompt": "B", "push_prompt": "B", "share_run": "B -> str",
    },
    "langsmith.Pages": {"<iter>": "B -> ?"},
    "mem0.Memory": {
        "add": "B -> dict[str, ?]", "search": "B -> dict[str, ?]", "get": "B", "get_all": "B -> dict[str, ?]",
        "update": "B", "delete": "B", "delete_all": "B", "history": "B", "reset": "B",
    },
    "mem0.MemoryClient": {
        "<bases>": "mem0.Memory", "<init>": "B",
    },
    "mem0.AsyncMemory": {
        "add": "A -> dict[str, ?]", "search": "A -> dict[str, ?]", "get": "A", "get_all": "A -> dict[str, ?]",
        "update": "A", "delete": "A", "delete_all": "A", "history": "A", "reset": "A",
    },
    "mem0.AsyncMemoryClient": {
        "<bases>": "mem0.AsyncMemory",
    },
    "e2b.Sandbox": {
        "<init>": "B", "create": "B -> $cls", "connect": "B -> $cls", "kill": "B -> bool", "set_timeout": "B",
        "run_code": "B", "<enter>": "-> $self", "@commands": "e2b.Commands", "@files": "e2b.Files",
    },
    "e2b.Commands": {"run": "B", "list": "B -> list", "kill": "B -> bool"},
    "e2b.Files": {
        "read": "B -> str", "write": "B", "list": "B -> list", "remove": "B", "rename": "B", "exists": "B -> bool",
        "make_dir": "B -> bool",
    },
    "e2b.AsyncSandbox": {
        "create": "A -> $cls", "connect": "A -> $cls", "kill": "A -> bool", "set_timeout": "A", "run_code": "A",
        "<aenter>": "-> $self", "@commands": "e2b.AsyncCommands", "@files": "e2b.AsyncFiles",
    },
    "e2b.AsyncCommands": {"run": "A", "list": "A -> list", "kill": "A -> bool"},
    "e2b.AsyncFiles": {
        "read": "A -> str", "write": "A", "list": "A -> list", "remove": "A", "rename": "A", "exists": "A -> bool",
        "make_dir": "A -> bool",
    },
    "groq.Groq": {
        "<bases>": "openai.OpenAI",
    },
    "groq.AsyncGroq": {
        "<bases>": "openai.AsyncOpenAI",
    },
    "together.Together": {
        "<bases>": "openai.OpenAI",
    },
    "together.AsyncTogether": {
        "<bases>": "openai.AsyncOpenAI",
    },
    # anthropic
    "anthropic.Anthropic": {
        "<enter>": "-> $self", "with_options": "-> $self", "copy": "-> $self",
        "<init>": "", "close": "",
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self", "@beta": "-> $self",
        "@messages": "-> anthropic.resources.Messages", "@completions": "-> anthropic.resources.Messages",
        "@models": "-> anthropic.resources.Messages", "@files": "-> anthropic.resources.Messages",
    },
    "anthropic.resources.Messages": {
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self", "@batches": "-> $self",
        "create": "B", "parse": "B", "count_tokens": "B", "retrieve": "B", "list": "B", "delete": "B",
        "cancel": "B", "results": "B", "upload": "B", "download": "B", "retrieve_metadata": "B",
        "stream": "-> anthropic.MessageStreamManager",
    },
    "anthropic.MessageStreamManager": {
        "<enter>": "B",
    },
    "anthropic.AsyncAnthropic": {
        "<aenter>": "-> $self", "with_options": "-> $self", "copy": "-> $self",
        "<init>": "",
        "close": "A",
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self", "@beta": "-> $self",
        "@messages": "-> anthropic.resources.AsyncMessages",
        "@completions": "-> anthropic.resources.AsyncMessages",
        "@models": "-> anthropic.resources.AsyncMessages", "@files": "-> anthropic.resources.AsyncMessages",
    },
    "anthropic.resources.AsyncMessages": {
        "@with_raw_response": "-> $self", "@with_streaming_response": "-> $self", "@batches": "-> $self",
        "create": "A", "parse": "A", "count_tokens": "A", "retrieve": "A", "delete": "A", "cancel": "A",
        "results": "A", "upload": "A", "download": "A", "retrieve_metadata": "A",
        # awaitable or an async iterator; an async context manager
        "list": "A",
        "stream": "",
    },
    "anthropic.AnthropicBedrock": {
        "<bases>": "anthropic.Anthropic",
    },
    "anthropic.AnthropicVertex": {
        "<bases>": "anthropic.Anthropic",
    },
    "anthropic.AsyncAnthropicBedrock": {
        "<bases>": "anthropic.AsyncAnthropic",
    },
    "anthropic.AsyncAnthropicVertex": {
        "<bases>": "anthropic.AsyncAnthropic",
    },
    # others
    "mistralai.Mistral": {
        "<enter>": "-> $self", "<aenter>": "-> $self",
        "@chat": "-> mistralai.Chat", "@fim": "-> mistralai.Chat", "@agents": "-> mistralai.Chat",
        "@embeddings": "-> mistralai.Chat", "@classifiers": "-> mistralai.Chat",
        "@ocr": "-> mistralai.Chat", "@files": "-> mistralai.Chat", "@models": "-> mistralai.Chat",
        "@batch": "-> mistralai.Chat", "@beta": "-> mistralai.Chat", "@conversations": "-> mistralai.Chat",
        "@libraries": "-> mistralai.Chat",
    },
    "mistralai.Chat": {
        "@jobs": "-> $self", "@agents": "-> $self", "@conversations": "-> $self", "@libraries": "-> $self",
        "@documents": "-> $self",
        "complete": "B", "stream": "B", "parse": "B", "parse_stream": "B", "create": "B", "moderate": "B",
        "moderate_chat": "B", "classify": "B", "classify_chat": "B", "process": "B", "upload": "B",
        "retrieve": "B", "list": "B", "delete": "B",
        "download": "B", "get_signed_url": "B", "start": "B", "append": "B", "update": "B", "get": "B",
        "cancel": "B",
        "complete_async": "A", "stream_async": "A", "parse_async": "A", "parse_stream_async": "A",
        "create_async": "A", "moderate_async": "A", "moderate_chat_async": "A", "classify_async": "A",
        "classify_chat_async": "A", "process_async": "A", "upload_async": "A", "retrieve_async": "A",
        "list_async": "A", "delete_async": "A", "download_async": "A", "get_signed_url_async": "A",
        "start_async": "A", "append_async": "A", "update_async": "A", "get_async": "A", "cancel_async": "A",
    },
    "mistralai.client.MistralClient": {
        "chat": "B", "chat_stream": "B", "embeddings": "B", "list_models": "B", "completion": "B",
    },
    "mistralai.async_client.MistralAsyncClient": {
        "chat": "A", "embeddings": "A", "list_models": "A", "completion": "A", "close": "A",
        "chat_stream": "",
    },
    "cohere.Client": {
        "<enter>": "-> $self",
        "<init>": "",
        "chat": "B", "chat_stream": "B", "generate": "B", "generate_stream": "B", "embed": "B",
        "embed_stream": "B", "rerank": "B", "classify": "B", "summarize": "B", "tokenize": "B",
        "detokenize": "B", "check_api_key": "B", "parse": "B",
        "@v2": "-> cohere.Client",
    },
    "cohere.AsyncClient": {
        "<aenter>": "-> $self",
        "<init>": "",
        "chat": "A", "generate": "A", "embed": "A", "rerank": "A", "classify": "A", "summarize": "A",
        "tokenize": "A", "detokenize": "A", "check_api_key": "A", "parse": "A",
        "chat_stream": "A", "generate_stream": "A",
        "@v2": "-> cohere.AsyncClient",
    },
    "cohere.ClientV2": {
        "<bases>": "cohere.Client",
    },
    "cohere.AsyncClientV2": {
        "<bases>": "cohere.AsyncClient",
    },
    "google.genai.Client": {
        "<enter>": "-> $self",
        "<init>": "", "close": "",
        "@models": "-> google.genai.models.Models", "@files": "-> google.genai.models.Models",
        "@caches": "-> google.genai.models.Models", "@batches": "-> google.genai.models.Models",
        "@tunings": "-> google.genai.models.Models", "@operations": "-> google.genai.models.Models",
        "@file_search_stores": "-> google.genai.models.Models",
        "@auth_tokens": "-> google.genai.models.Models", "@interactions": "-> google.genai.models.Models",
        "@chats": "-> google.genai.chats.Chats",
        "@aio": "-> google.genai.client.AsyncClient",
    },
    "google.genai.models.Models": {
        "generate_content": "B", "generate_content_stream": "B", "embed_content": "B",
        "generate_images": "B", "edit_image": "B", "upscale_image": "B", "generate_videos": "B",
        "count_tokens": "B",
        "compute_tokens": "B", "get": "B", "update": "B", "delete": "B", "list": "B", "upload": "B",
        "download": "B", "create": "B", "tune": "B", "cancel": "B", "recontext_image": "B",
        "segment_image": "B",
    },
    "google.genai.chats.Chats": {
        "create": "-> google.genai.chats.Chat",
    },
    "google.genai.chats.Chat": {
        "send_message": "B", "send_message_stream": "B",
        "get_history": "",
    },
    "google.genai.client.AsyncClient": {
        "<aenter>": "-> $self",
        "aclose": "A",
        "@models": "-> google.genai.models.AsyncModels", "@files": "-> google.genai.models.AsyncModels",
        "@caches": "-> google.genai.models.AsyncModels", "@batches": "-> google.genai.models.AsyncModels",
        "@tunings": "-> google.genai.models.AsyncModels",
        "@operations": "-> google.genai.models.AsyncModels",
        "@file_search_stores": "-> google.genai.models.AsyncModels",
        "@auth_tokens": "-> google.genai.models.AsyncModels",
        "@interactions": "-> google.genai.models.AsyncModels",
        "@chats": "-> google.genai.chats.AsyncChats",
    },
    "google.genai.models.AsyncModels": {
        "generate_content": "A", "generate_content_stream": "A", "embed_content": "A",
        "generate_images": "A", "edit_image": "A", "upscale_image": "A", "generate_videos": "A",
        "count_tokens": "A",
        "compute_tokens": "A", "get": "A", "update": "A", "delete": "A", "list": "A", "upload": "A",
        "download": "A", "create": "A", "tune": "A", "cancel": "A", "recontext_image": "A",
        "segment_image": "A",
    },
    "google.genai.chats.AsyncChats": {
        "create": "-> google.genai.chats.AsyncChat",
    },
    "google.genai.chats.AsyncChat": {
        "send_message": "A", "send_message_stream": "A",
        "get_history": "",
    },
    "google.generativeai.GenerativeModel": {
        "<init>": "",
        "generate_content": "B", "count_tokens": "B",
        "generate_content_async": "A", "count_tokens_async": "A",
        "start_chat": "-> google.generativeai.ChatSession",
    },
    "google.generativeai.ChatSession": {
        "send_message": "B",
        "send_message_async": "A",
    },
    "vertexai.generative_models.GenerativeModel": {
        "<bases>": "google.generativeai.GenerativeModel",
    },
    "vertexai.language_models.TextEmbeddingModel": {
        "from_pretrained": "B", "get_embeddings": "B",
        "get_embeddings_async": "A",
    },
    "litellm.Router": {
        "<init>": "",
        "completion": "B", "embedding": "B", "text_completion": "B", "image_generation": "B",
        "acompletion": "A", "aembedding": "A", "atext_completion": "A", "aimage_generation": "A",
        "atranscription": "A", "aspeech": "A", "arerank": "A", "aresponses": "A",
    },
    "ollama.Client": {
        "<init>": "",
        "chat": "B", "generate": "B", "embed": "B", "embeddings": "B", "pull": "B", "push": "B",
        "list": "B", "show": "B", "create": "B", "delete": "B", "copy": "B", "ps": "B", "web_search": "B",
        "web_fetch": "B",
    },
    "ollama.AsyncClient": {
        "<init>": "",
        "chat": "A", "generate": "A", "embed": "A", "embeddings": "A", "pull": "A", "push": "A",
        "list": "A", "show": "A", "create": "A", "delete": "A", "copy": "A", "ps": "A", "web_search": "A",
        "web_fetch": "A",
    },
    "replicate.Client": {
        "run": "B", "stream": "B",
        "async_run": "A", "async_stream": "A",
    },
    "huggingface_hub.InferenceClient": {
        "<init>": "",
        "chat_completion": "B", "text_generation": "B", "feature_extraction": "B",
        "sentence_similarity": "B", "text_to_image": "B", "text_classification": "B", "summarization": "B",
        "automatic_speech_recognition": "B", "image_classification": "B", "question_answering": "B",
        "translation": "B", "zero_shot_classification": "B", "post": "B",
        "@chat": "-> openai.resources.Chat",
    },
    "huggingface_hub.AsyncInferenceClient": {
        "<init>": "",
        "chat_completion": "A", "text_generation": "A", "feature_extraction": "A",
        "sentence_similarity": "A", "text_to_image": "A", "text_classification": "A", "summarization": "A",
        "automatic_speech_recognition": "A", "image_classification": "A", "question_answering": "A",
        "translation": "A", "zero_shot_classification": "A", "post": "A",
        "@chat": "-> openai.resources.AsyncChat",
    },
    "huggingface_hub.HfApi": {
        "upload_file": "B", "upload_folder": "B", "list_models": "B", "model_info": "B", "create_repo": "B",
        "delete_repo": "B", "list_repo_files": "B", "whoami": "B", "snapshot_download": "B",
        "hf_hub_download": "B",
    },
    "voyageai.Client": {
        "embed": "B", "rerank": "B", "multimodal_embed": "B", "contextualized_embed": "B",
    },
    "voyageai.AsyncClient": {
        "embed": "A", "rerank": "A", "multimodal_embed": "A", "contextualized_embed": "A",
    },
    "elevenlabs.client.ElevenLabs": {
        "generate": "B",
    },
    "tritonclient.http.InferenceServerClient": {
        "infer": "B", "is_server_live": "B", "is_server_ready": "B", "is_model_ready": "B",
        "get_model_metadata": "B", "load_model": "B", "unload_model": "B",
    },
    # web search and crawling for models
    "exa_py.Exa": {
        "<init>": "",
        "request": "B", "search": "B", "stream_search": "B", "search_and_contents": "B",
        "get_contents": "B", "find_similar": "B", "find_similar_and_contents": "B", "answer": "B",
        "stream_answer": "B",
    },
    "exa_py.AsyncExa": {
        "<init>": "",
        "<aenter>": "-> $self",
        "search": "A", "stream_search": "A", "search_and_contents": "A", "get_contents": "A",
        "find_similar": "A", "find_similar_and_contents": "A", "answer": "A", "stream_answer": "A",
        "aclose": "A",
    },
    "tavily.TavilyClient": {
        "<enter>": "-> $self",
        "<init>": "", "close": "",
        "search": "B", "extract": "B", "crawl": "B", "map": "B", "get_search_context": "B",
        "qna_search": "B", "get_company_info": "B", "research": "B", "get_research": "B",
    },
    "tavily.AsyncTavilyClient": {
        "<aenter>": "-> $self",
        "<init>": "",
        "search": "A", "extract": "A", "crawl": "A", "map": "A", "get_search_context": "A",
        "qna_search": "A", "get_company_info": "A", "research": "A", "get_research": "A", "close": "A",
    },
    "firecrawl.Firecrawl": {
        "<init>": "",
        "scrape": "B", "crawl": "B", "start_crawl": "B", "map": "B", "search": "B", "extract": "B",
        "start_extract": "B", "batch_scrape": "B", "start_batch_scrape": "B", "scrape_url": "B",
        "crawl_url": "B", "map_url": "B",
        "async_crawl_url": "B", "check_crawl_status": "B", "batch_scrape_urls": "B",
        "async_batch_scrape_urls": "B", "check_batch_scrape_status": "B", "get_crawl_status": "B",
        "cancel_crawl": "B", "get_extract_status": "B", "get_batch_scrape_status": "B", "agent": "B",
        "start_agent": "B", "get_agent_status": "B", "wait_crawl": "B", "deep_research": "B",
    },
    "firecrawl.AsyncFirecrawl": {
        "<init>": "",
        "scrape": "A", "crawl": "A", "start_crawl": "A", "map": "A", "search": "A", "extract": "A",
        "start_extract": "A", "batch_scrape": "A", "start_batch_scrape": "A", "scrape_url": "A",
        "crawl_url": "A", "map_url": "A",
        "async_crawl_url": "A", "check_crawl_status": "A", "batch_scrape_urls": "A",
        "async_batch_scrape_urls": "A", "check_batch_scrape_status": "A", "get_crawl_status": "A",
        "cancel_crawl": "A", "get_extract_status": "A", "get_batch_scrape_status": "A", "agent": "A",
        "start_agent": "A", "get_agent_status": "A", "wait_crawl": "A", "deep_research": "A",
    },
    "duckduckgo_search.DDGS": {
        "<enter>": "-> $self",
        "text": "B", "images": "B", "videos": "B", "news": "B", "chat": "B", "answers": "B", "maps": "B",
        "suggestions": "B", "translate": "B",
    },
    "serpapi.GoogleSearch": {
        "get_dict": "B", "get_json": "B", "get_raw_json": "B", "get_html": "B",
    },
    # langchain
    "langchain_core.language_models.BaseChatModel": {
        "invoke": "B", "stream": "B", "batch": "B", "predict": "B", "predict_messages": "B",
        "generate": "B", "generate_prompt": "B", "<call>": "B",
        "ainvoke": "A", "astream": "A", "abatch": "A", "apredict": "A", "apredict_messages": "A",
        "agenerate": "A", "agenerate_prompt": "A", "astream_events": "A",
        "bind": "-> $self", "bind_tools": "-> $self", "with_structured_output": "-> $self",
        "with_retry": "-> $self", "with_fallbacks": "-> $self", "with_config": "-> $self",
        "__or__": "-> langchain_core.runnables.RunnableSequence",
        "__ror__": "-> langchain_core.runnables.RunnableSequence",
    },
    # a chain with a model in it
    "langchain_core.runnables.RunnableSequence": {
        "invoke": "B", "stream": "B", "batch": "B", "transform": "B",
        "ainvoke": "A", "astream": "A", "abatch": "A", "atransform": "A", "astream_events": "A",
        "bind": "-> $self", "with_retry": "-> $self", "with_fallbacks": "-> $self", "with_config": "-> $self",
        "with_types": "-> $self", "__or__": "-> $self", "__ror__": "-> $self",
    },
    "langchain_openai.ChatOpenAI": {
        "<bases>": "langchain_core.language_models.BaseChatModel",
    },
    "langchain_openai.AzureChatOpenAI": {
        "<bases>": "langchain_core.language_models.BaseChatModel",
    },
    "langchain_anthropic.ChatAnthropic": {
        "<bases>": "langchain_core.language_models.BaseChatModel",
    },
    "langchain_google_genai.ChatGoogleGenerativeAI": {
        "<bases>": "langchain_core.language_models.BaseChatModel",
    },
    "langchain_google_vertexai.ChatVertexAI": {
        "<bases>": "langchain_core.language_models.BaseChatModel",
    },
    "langchain_groq.ChatGroq": {
        "<bases>": "langchain_core.language_models.BaseChatModel",
    },
    "langchain_mistralai.ChatMistralAI": {
        "<bases>": "langchain_core.language_models.BaseChatModel",
    },
    "langchain_ollama.ChatOllama": {
        "<bases>": "langchain_core.language_models.BaseChatModel",
    },
    "langchain_aws.ChatBedrock": {
        "<bases>": "langchain_core.language_models.BaseChatModel",
    },
    "langchain_core.embeddings.Embeddings": {
        "embed_documents": "B", "embed_query": "B",
        "aembed_documents": "A", "aembed_query": "A",
    },
    "langchain_openai.OpenAIEmbeddings": {
        "<bases>": "langchain_core.embeddings.Embeddings",
    },
    "langchain_openai.AzureOpenAIEmbeddings": {
        "<bases>": "langchain_core.embeddings.Embeddings",
    },
    "langchain_google_genai.GoogleGenerativeAIEmbeddings": {
        "<bases>": "langchain_core.embeddings.Embeddings",
    },
    "langchain_huggingface.HuggingFaceEmbeddings": {
        "<bases>": "langchain_core.embeddings.Embeddings",
        "<init>": "BC",
    },
    "langchain_core.vectorstores.VectorStore": {
        "add_documents": "B", "add_texts": "B", "similarity_search": "B",
        "similarity_search_with_score": "B", "similarity_search_by_vector": "B", "delete": "B",
        "search": "B",
        "similarity_search_with_relevance_scores": "B", "max_marginal_relevance_search": "B",
        "from_documents": "B -> $self", "from_texts": "B -> $self", "from_embeddings": "B -> $self",
        "load_local": "BF -> $self", "from_existing_index": "B -> $self", "add_embeddings": "B",
        "aadd_documents": "A", "aadd_texts": "A", "asimilarity_search": "A",
        "asimilarity_search_with_score": "A", "asimilarity_search_by_vector": "A", "adelete": "A",
        "asearch": "A",
        "asimilarity_search_with_relevance_scores": "A", "amax_marginal_relevance_search": "A",
        "afrom_documents": "A", "afrom_texts": "A",
        "as_retriever": "-> langchain_core.retrievers.BaseRetriever",
    },
    "langchain_core.retrievers.BaseRetriever": {
        "invoke": "B", "get_relevant_documents": "B", "batch": "B",
        "ainvoke": "A", "aget_relevant_documents": "A", "abatch": "A",
    },
    "langchain_chroma.Chroma": {
        "<bases>": "langchain_core.vectorstores.VectorStore",
    },
    "langchain_postgres.PGVector": {
        "<bases>": "langchain_core.vectorstores.VectorStore",
    },
    "langchain_pinecone.PineconeVectorStore": {
        "<bases>": "langchain_core.vectorstores.VectorStore",
    },
    "langchain_qdrant.QdrantVectorStore": {
        "<bases>": "langchain_core.vectorstores.VectorStore",
    },
    "langchain_community.vectorstores.FAISS": {
        "<bases>": "langchain_core.vectorstores.VectorStore",
        "save_local": "BF", "load_local": "BF",
    },
    "langchain_core.document_loaders.BaseLoader": {
        "load": "B", "load_and_split": "B",
        "aload": "A",
    },
    "langchain_community.document_loaders.PyPDFLoader": {
        "<bases>": "langchain_core.document_loaders.BaseLoader",
        "load": "BC", "load_and_split": "BC",
    },
    "langchain_community.document_loaders.TextLoader": {
        "<bases>": "langchain_core.document_loaders.BaseLoader",
    },
    "langchain_community.document_loaders.WebBaseLoader": {
        "<bases>": "langchain_core.document_loaders.BaseLoader",
    },
    "langchain_community.document_loaders.UnstructuredFileLoader": {
        "<bases>": "langchain_core.document_loaders.BaseLoader",
        "load": "BC", "load_and_split": "BC",
    },
    "langchain_community.document_loaders.CSVLoader": {
        "<bases>": "langchain_core.document_loaders.BaseLoader",
    },
    "langchain_community.document_loaders.DirectoryLoader": {
        "<bases>": "langchain_core.document_loaders.BaseLoader",
    },
    "langchain.chains.LLMChain": {
        "invoke": "B", "run": "B", "predict": "B", "apply": "B", "generate": "B", "<call>": "B",
        "ainvoke": "A", "arun": "A", "apredict": "A", "aapply": "A", "agenerate": "A", "acall": "A",
        "from_llm": "-> $self", "from_chain_type": "-> $self",
    },
    "langchain.chains.RetrievalQA": {"<bases>": "langchain.chains.LLMChain"},
    "langchain.chains.ConversationalRetrievalChain": {"<bases>": "langchain.chains.LLMChain"},
    "langchain.chains.ConversationChain": {"<bases>": "langchain.chains.LLMChain"},
    # agents and graphs
    "langgraph.graph.StateGraph": {"compile": "-> langgraph.graph.state.CompiledStateGraph"},
    "langgraph.graph.MessageGraph": {"compile": "-> langgraph.graph.state.CompiledStateGraph"},
    "langgraph.graph.state.CompiledStateGraph": {
        "invoke": "B", "stream": "B", "batch": "B", "ainvoke": "A", "astream": "A", "abatch": "A",
        "astream_events": "A", "with_config": "-> $self",
    },
    "crewai.Crew": {
        "kickoff": "B", "kickoff_for_each": "B", "train": "B", "kickoff_async": "A",
        "kickoff_for_each_async": "A",
    },
    # llama_index
    "llama_index.core.VectorStoreIndex": {
        "from_documents": "BC -> $self", "insert": "BC", "insert_nodes": "BC", "refresh_ref_docs": "BC",
        "from_vector_store": "B -> $self",
        "as_query_engine": "-> llama_index.core.base.base_query_engine.BaseQueryEngine",
        "as_retriever": "-> llama_index.core.base.base_retriever.BaseRetriever",
        "as_chat_engine": "-> llama_index.core.chat_engine.types.BaseChatEngine",
    },
    "llama_index.core.base.base_query_engine.BaseQueryEngine": {
        "query": "B",
        "aquery": "A",
    },
    "llama_index.core.base.base_retriever.BaseRetriever": {
        "retrieve": "B",
        "aretrieve": "A",
    },
    "llama_index.core.chat_engine.types.BaseChatEngine": {
        "chat": "B", "stream_chat": "B",
        "achat": "A", "astream_chat": "A",
    },
    "llama_index.core.llms.LLM": {
        "complete": "B", "chat": "B", "stream_complete": "B", "stream_chat": "B", "predict": "B",
        "structured_predict": "B",
        "acomplete": "A", "achat": "A", "astream_complete": "A", "astream_chat": "A", "apredict": "A",
        "astructured_predict": "A",
    },
    "llama_index.llms.openai.OpenAI": {
        "<bases>": "llama_index.core.llms.LLM",
    },
    "llama_index.llms.anthropic.Anthropic": {
        "<bases>": "llama_index.core.llms.LLM",
    },
    "llama_index.core.embeddings.BaseEmbedding": {
        "get_text_embedding": "B", "get_query_embedding": "B", "get_text_embedding_batch": "B",
        "aget_text_embedding": "A", "aget_query_embedding": "A", "aget_text_embedding_batch": "A",
    },
    "llama_index.embeddings.openai.OpenAIEmbedding": {
        "<bases>": "llama_index.core.embeddings.BaseEmbedding",
    },
    "llama_index.core.SimpleDirectoryReader": {
        "load_data": "BC",
        "aload_data": "A",
    },
    # tracing of models: sent from a thread of its own
    "langfuse.Langfuse": {
        "<init>": "", "trace": "", "span": "", "generation": "", "score": "", "start_span": "",
        "update_current_trace": "", "shutdown": "",
        "flush": "B", "auth_check": "B", "get_prompt": "B", "create_prompt": "B", "get_dataset": "B",
    },
}

ALIASES: dict[str, str] = {
    "e2b_code_interpreter.Sandbox": "e2b.Sandbox", "e2b_code_interpreter.AsyncSandbox": "e2b.AsyncSandbox",
    # tracing of models: sent from a thread of its own
    "openai._client.OpenAI": "openai.OpenAI", "openai.Client": "openai.OpenAI",
    "openai._client.AsyncOpenAI": "openai.AsyncOpenAI", "openai.AsyncClient": "openai.AsyncOpenAI",
    "openai.lib.azure.AzureOpenAI": "openai.AzureOpenAI",
    "openai.lib.azure.AsyncAzureOpenAI": "openai.AsyncAzureOpenAI",
    "langfuse.openai.OpenAI": "openai.OpenAI",
    "langfuse.openai.AsyncOpenAI": "openai.AsyncOpenAI",
    "langfuse.openai.AzureOpenAI": "openai.AzureOpenAI",
    "langfuse.openai.AsyncAzureOpenAI": "openai.AsyncAzureOpenAI",
    "anthropic.Client": "anthropic.Anthropic",
    "anthropic.AsyncClient": "anthropic.AsyncAnthropic",
    "groq.Client": "groq.Groq",
    "groq.AsyncClient": "groq.AsyncGroq",
    "mistralai.client.Mistral": "mistralai.Mistral",
    "exa_py.api.Exa": "exa_py.Exa",
    "exa_py.api.AsyncExa": "exa_py.AsyncExa",
    "tavily.Client": "tavily.TavilyClient",
    "firecrawl.FirecrawlApp": "firecrawl.Firecrawl",
    "firecrawl.firecrawl.FirecrawlApp": "firecrawl.Firecrawl",
    "firecrawl.V1FirecrawlApp": "firecrawl.Firecrawl",
    "firecrawl.AsyncFirecrawlApp": "firecrawl.AsyncFirecrawl",
    "firecrawl.AsyncV1FirecrawlApp": "firecrawl.AsyncFirecrawl",
    "ddgs.DDGS": "duckduckgo_search.DDGS",
    "elevenlabs.ElevenLabs": "elevenlabs.client.ElevenLabs",
    "litellm.router.Router": "litellm.Router",
    "huggingface_hub.file_download.hf_hub_download": "huggingface_hub.hf_hub_download",
    "langchain.chat_models.base.BaseChatModel": "langchain_core.language_models.BaseChatModel",
    "langchain_core.language_models.chat_models.BaseChatModel": "langchain_core.language_models.BaseChatModel",
    "langchain.chat_models.ChatOpenAI": "langchain_core.language_models.BaseChatModel",
    "langchain_community.chat_models.ChatOpenAI": "langchain_core.language_models.BaseChatModel",
    "langchain_core.language_models.BaseLLM": "langchain_core.language_models.BaseChatModel",
    "langchain_openai.OpenAI": "langchain_core.language_models.BaseChatModel",
    "langchain_xai.ChatXAI": "langchain_core.language_models.BaseChatModel",
    "langchain_aws.ChatBedrockConverse": "langchain_core.language_models.BaseChatModel",
    "langchain.embeddings.OpenAIEmbeddings": "langchain_openai.OpenAIEmbeddings",
    "langchain.embeddings.openai.OpenAIEmbeddings": "langchain_openai.OpenAIEmbeddings",
    "langchain_community.embeddings.OpenAIEmbeddings": "langchain_openai.OpenAIEmbeddings",
    "langchain_community.embeddings.HuggingFaceEmbeddings": "langchain_huggingface.HuggingFaceEmbeddings",
    "langchain.embeddings.HuggingFaceEmbeddings": "langchain_huggingface.HuggingFaceEmbeddings",
    "langchain.embeddings.base.Embeddings": "langchain_core.embeddings.Embeddings",
    "langchain_core.embeddings.embeddings.Embeddings": "langchain_core.embeddings.Embeddings",
    "langchain.vectorstores.FAISS": "langchain_community.vectorstores.FAISS",
    "langchain_community.vectorstores.Chroma": "langchain_chroma.Chroma",
    "langchain.vectorstores.Chroma": "langchain_chroma.Chroma",
    "langchain_core.vectorstores.base.VectorStore": "langchain_core.vectorstores.VectorStore",
    "langchain.vectorstores.base.VectorStore": "langchain_core.vectorstores.VectorStore",
    "langchain_community.vectorstores.Qdrant": "langchain_core.vectorstores.VectorStore",
    "langchain_community.vectorstores.Pinecone": "langchain_core.vectorstores.VectorStore",
    "langchain_community.vectorstores.PGVector": "langchain_core.vectorstores.VectorStore",
    "langchain.document_loaders": "langchain_community.document_loaders",
    "langchain_core.document_loaders.base.BaseLoader": "langchain_core.document_loaders.BaseLoader",
    "langchain.schema.BaseRetriever": "langchain_core.retrievers.BaseRetriever",
    "llama_index.VectorStoreIndex": "llama_index.core.VectorStoreIndex",
    "llama_index.core.indices.VectorStoreIndex": "llama_index.core.VectorStoreIndex",
    "llama_index.SimpleDirectoryReader": "llama_index.core.SimpleDirectoryReader",
}
