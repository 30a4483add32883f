"""Browsers driven by Playwright: each step waits for another process, in a coroutine or on the thread."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

FUNCTIONS: dict[str, str] = {
    "playwright.async_api.async_playwright": "-> playwright.async_api.PlaywrightContextManager",
    "playwright.sync_api.sync_playwright": "-> playwright.sync_api.PlaywrightContextManager",
}

CLASSES: dict[str, dict[str, str]] = {
    "playwright.async_api.PlaywrightContextManager": {
        "<aenter>": "-> playwright.async_api.Playwright", "start": "A -> playwright.async_api.Playwright",
    },
    "playwright.async_api.Playwright": {
        "@chromium": "playwright.async_api.BrowserType", "@firefox": "playwright.async_api.BrowserType",
        "@webkit": "playwright.async_api.BrowserType", "stop": "A",
    },
    "playwright.async_api.BrowserType": {
        "launch": "A -> playwright.async_api.Browser", "connect": "A -> playwright.async_api.Browser",
        "connect_over_cdp": "A -> playwright.async_api.Browser",
        "launch_persistent_context": "A -> playwright.async_api.BrowserContext",
    },
    "playwright.async_api.Browser": {
        "new_page": "A -> playwright.async_api.Page",
        "new_context": "A -> playwright.async_api.BrowserContext", "close": "A",
    },
    "playwright.async_api.BrowserContext": {
        "new_page": "A -> playwright.async_api.Page", "close": "A", "add_cookies": "A",
        "cookies": "A -> list[dict]", "storage_state": "A -> dict[str, ?]",
        "@pages": "list[playwright.async_api.Page]",
    },
    "playwright.async_api.Page": {
        "goto": "A -> ?", "reload": "A -> ?", "go_back": "A -> ?", "go_forward": "A -> ?", "set_content": "A",
        "content": "A -> str", "title": "A -> str", "pdf": "A -> bytes", "close": "A",
        "wait_for_selector": "A -> ?", "wait_for_load_state": "A", "wait_for_timeout": "A",
        "wait_for_url": "A", "wait_for_function": "A -> ?", "query_selector": "A -> ?",
        "query_selector_all": "A -> list[?]", "set_viewport_size": "A", "add_init_script": "A",
        "bring_to_front": "A", "click": "A", "dblclick": "A", "fill": "A", "type": "A", "press": "A",
        "hover": "A", "check": "A", "uncheck": "A", "focus": "A", "evaluate": "A -> ?",
        "screenshot": "A -> bytes", "inner_text": "A -> str", "inner_html": "A -> str",
        "text_content": "A -> str | None", "get_attribute": "A -> str | None",
        "select_option": "A -> list[str]", "set_input_files": "A", "is_visible": "A -> bool",
        "locator": "-> playwright.async_api.Locator", "get_by_role": "-> playwright.async_api.Locator",
        "get_by_text": "-> playwright.async_api.Locator", "get_by_label": "-> playwright.async_api.Locator",
        "get_by_placeholder": "-> playwright.async_api.Locator",
        "get_by_test_id": "-> playwright.async_api.Locator", "@mouse": "playwright.async_api.Mouse",
        "@keyboard": "playwright.async_api.Keyboard", "@url": "str",
        "@context": "playwright.async_api.BrowserContext",
    },
    "playwright.async_api.Locator": {
        "click": "A", "dblclick": "A", "fill": "A", "type": "A", "press": "A", "hover": "A", "check": "A",
        "uncheck": "A", "focus": "A", "evaluate": "A -> ?", "screenshot": "A -> bytes",
        "inner_text": "A -> str", "inner_html": "A -> str", "text_content": "A -> str | None",
        "get_attribute": "A -> str | None", "select_option": "A -> list[str]", "set_input_files": "A",
        "is_visible": "A -> bool", "count": "A -> int", "all": "A -> list[playwright.async_api.Locator]",
        "wait_for": "A", "scroll_into_view_if_needed": "A", "locator": "-> $self", "filter": "-> $self",
        "nth": "-> $self", "@first": "$self", "@last": "$self",
    },
    "playwright.async_api.Mouse": {
        "click": "A", "dblclick": "A", "move": "A", "down": "A", "up": "A", "wheel": "A",
    },
    "playwright.async_api.Keyboard": {
        "type": "A", "press": "A", "down": "A", "up": "A", "insert_text": "A",
    },
    "playwright.sync_api.PlaywrightContextManager": {
        "<enter>": "B -> playwright.sync_api.Playwright", "start": "B -> playwright.sync_api.Playwright",
    },
    "playwright.sync_api.Playwright": {
        "@chromium": "playwright.sync_api.BrowserType", "@firefox": "playwright.sync_api.BrowserType",
        "@webkit": "playwright.sync_api.BrowserType", "stop": "B",
    },
    "playwright.sync_api.BrowserType": {
        "launch": "B -> playwright.sync_api.Browser", "connect": "B -> playwright.sync_api.Browser",
        "connect_over_cdp": "B -> playwright.sync_api.Browser",
        "launch_persistent_context": "B -> playwright.sync_api.BrowserContext",
    },
    "playwright.sync_api.Browser": {
        "new_page": "B -> playwright.sync_api.Page", "new_context": "B -> playwright.sync_api.BrowserContext",
        "close": "B",
    },
    "playwright.sync_api.BrowserContext": {
        "new_page": "B -> playwright.sync_api.Page", "close": "B", "add_cookies": "B",
        "cookies": "B -> list[dict]", "storage_state": "B -> dict[str, ?]",
        "@pages": "list[playwright.sync_api.Page]",
    },
    "playwright.sync_api.Page": {
        "goto": "B -> ?", "reload": "B -> ?", "go_back": "B -> ?", "go_forward": "B -> ?", "set_content": "B",
        "content": "B -> str", "title": "B -> str", "pdf": "B -> bytes", "close": "B",
        "wait_for_selector": "B -> ?", "wait_for_load_state": "B", "wait_for_timeout": "B",
        "wait_for_url": "B", "wait_for_function": "B -> ?", "query_selector": "B -> ?",
        "query_selector_all": "B -> list[?]", "set_viewport_size": "B", "add_init_script": "B",
        "bring_to_front": "B", "click": "B", "dblclick": "B", "fill": "B", "type": "B", "press": "B",
        "hover": "B", "check": "B", "uncheck": "B", "focus": "B", "evaluate": "B -> ?",
        "screenshot": "B -> bytes", "inner_text": "B -> str", "inner_html": "B -> str",
        "text_content": "B -> str | None", "get_attribute": "B -> str | None",
        "select_option": "B -> list[str]", "set_input_files": "B", "is_visible": "B -> bool",
        "locator": "-> playwright.sync_api.Locator", "get_by_role": "-> playwright.sync_api.Locator",
        "get_by_text": "-> playwright.sync_api.Locator", "get_by_label": "-> playwright.sync_api.Locator",
        "get_by_placeholder": "-> playwright.sync_api.Locator",
        "get_by_test_id": "-> playwright.sync_api.Locator", "@mouse": "playwright.sync_api.Mouse",
        "@keyboard": "playwright.sync_api.Keyboard", "@url": "str",
        "@context": "playwright.sync_api.BrowserContext",
    },
    "playwright.sync_api.Locator": {
        "click": "B", "dblclick": "B", "fill": "B", "type": "B", "press": "B", "hover": "B", "check": "B",
        "uncheck": "B", "focus": "B", "evaluate": "B -> ?", "screenshot": "B -> bytes",
        "inner_text": "B -> str", "inner_html": "B -> str", "text_content": "B -> str | None",
        "get_attribute": "B -> str | None", "select_option": "B -> list[str]", "set_input_files": "B",
        "is_visible": "B -> bool", "count": "B -> int", "all": "B -> list[playwright.sync_api.Locator]",
        "wait_for": "B", "scroll_into_view_if_needed": "B", "locator": "-> $self", "filter": "-> $self",
        "nth": "-> $self", "@first": "$self", "@last": "$self",
    },
    "playwright.sync_api.Mouse": {
        "click": "B", "dblclick": "B", "move": "B", "down": "B", "up": "B", "wheel": "B",
    },
    "playwright.sync_api.Keyboard": {
        "type": "B", "press": "B", "down": "B", "up": "B", "insert_text": "B",
    },
}

ALIASES: dict[str, str] = {
    "patchright.async_api": "playwright.async_api", "patchright.sync_api": "playwright.sync_api",
}
