"""Pages and small endpoints outside the API."""

from __future__ import annotations

import httpx
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import ListView

from bookings.models import Booking, Room
from bookings.pages import next_page, next_page_here
from bookings.services import availability, calendars, invoicing, plans


class MyBookingsView(LoginRequiredMixin, ListView):
    """The caller's bookings."""

    paginate_by = 25
    template_name = "bookings/mine.html"

    def get_queryset(self) -> QuerySet[Booking]:
        """Nobody else's."""
        return Booking.objects.with_details().filter(guest__user=self.request.user)


@login_required
@require_GET
def show_arrivals(request: HttpRequest) -> HttpResponse:
    """Who comes today, for the desk."""
    today = timezone.localdate()
    bookings = Booking.objects.confirmed().filter(start=today).select_related("room")
    return render(request, "bookings/arrivals.html", {"bookings": bookings, "day": today})  # expect: ARC203


@login_required
@require_GET
def list_alternatives(request: HttpRequest, room_id: int) -> JsonResponse:
    """Rooms that could take a booking instead."""
    room = get_object_or_404(Room, pk=room_id)
    start = parse_date(request.GET.get("start", ""))
    end = parse_date(request.GET.get("end", ""))
    if start is None or end is None:
        return JsonResponse({"detail": "start and end are needed"}, status=400)
    rooms = availability.alternatives(room, start, end)
    return JsonResponse({"rooms": [{"id": other.pk, "name": other.name} for other in rooms]})


@login_required
@require_GET
def show_calendar(request: HttpRequest, room_id: int) -> JsonResponse:
    """One room's bookings of a month."""
    room = get_object_or_404(Room, pk=room_id)
    start = parse_date(request.GET.get("start", ""))
    end = parse_date(request.GET.get("end", ""))
    if start is None or end is None:
        return JsonResponse({"detail": "start and end are needed"}, status=400)
    return JsonResponse({"events": calendars.room_events(room, start, end)})


@login_required
@require_GET
async def show_room_status(request: HttpRequest, room_id: int) -> JsonResponse:
    """Whether a room is in use, for the screen beside its door."""
    room = await Room.objects.filter(pk=room_id).afirst()
    if room is None:
        raise Http404("no such room")
    bookings = [booking.pk async for booking in Booking.objects.confirmed().filter(room=room)[:5]]
    return JsonResponse({"room": room.name, "bookings": bookings})


@login_required
@require_GET
async def show_room_price(request: HttpRequest, room_id: int) -> JsonResponse:
    """What a room costs per day, for the same screen."""
    room = Room.objects.get(pk=room_id)  # expect: ARC208
    return JsonResponse({"room": room.name, "price": str(room.price_per_day)})


@login_required
@require_GET
async def show_foreign_price(request: HttpRequest, room_id: int, currency: str) -> JsonResponse:
    """The same in another currency."""
    room = await Room.objects.aget(pk=room_id)
    rate = invoicing.exchange_rate(currency)  # expect: ARC402
    return JsonResponse({"room": room.name, "price": str(room.price_per_day * rate)})


@login_required
@require_GET
async def show_debtors(request: HttpRequest) -> JsonResponse:
    """Who has not paid, for the screen at the desk."""
    guests = await sync_to_async(invoicing.regulars)()
    rate = await sync_to_async(invoicing.exchange_rate)("USD")
    return JsonResponse({"guests": [guest.pk for guest in guests], "rate": str(rate)})


@login_required
@require_GET
async def show_holidays(request: HttpRequest) -> JsonResponse:
    """Days on which nothing can be booked."""
    async with httpx.AsyncClient(timeout=5) as client:  # expect: ARC407
        response = await client.get(f"{settings.CALENDAR_URL}/holidays")
    response.raise_for_status()
    return JsonResponse({"days": response.json()})


@login_required
@require_GET
def show_house_plan(request: HttpRequest, venue_id: int) -> FileResponse:
    """The floor plan of a house."""
    return FileResponse(plans.of_house(venue_id))


@login_required
@require_GET
def show_plan(request: HttpRequest, name: str) -> FileResponse:
    """A floor plan by its name."""
    return FileResponse(plans.called(name))


@login_required
@require_POST
def choose_city(request: HttpRequest) -> HttpResponse:
    """Remember where the caller looks for rooms."""
    request.session["city"] = request.POST.get("city", "")
    return redirect(next_page(request))  # expect: ARC322


@login_required
@require_POST
def forget_city(request: HttpRequest) -> HttpResponse:
    """Look for rooms everywhere again."""
    request.session.pop("city", None)
    return redirect(next_page_here(request))
