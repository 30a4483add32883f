"""Where a form leads to when it is done."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

_START = "/bookings/"


def next_page(request: HttpRequest) -> str:
    """The page that the form names, or the first one."""
    return request.POST.get("next", _START)


def next_page_here(request: HttpRequest) -> str:
    """The same, if it is one of ours."""
    page = request.POST.get("next", _START)
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}) else _START
