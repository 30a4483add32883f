"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from bookings import views

urlpatterns = [
    path("bookings/", views.MyBookingsView.as_view(), name="my-bookings"),
    path("rooms/<int:room_id>/alternatives/", views.list_alternatives, name="room-alternatives"),
    path("rooms/<int:room_id>/calendar/", views.show_calendar, name="room-calendar"),
    path("rooms/<int:room_id>/status/", views.show_room_status, name="room-status"),
    path("rooms/<int:room_id>/price/", views.show_room_price, name="room-price"),
    path("rooms/<int:room_id>/price/<str:currency>/", views.show_foreign_price, name="room-foreign-price"),
    path("debtors/", views.show_debtors, name="debtors"),
    path("holidays/", views.show_holidays, name="holidays"),
]
