"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from bookings import views

urlpatterns = [
    path("bookings/", views.MyBookingsView.as_view(), name="my-bookings"),
    path("arrivals/", views.show_arrivals, name="arrivals"),
    path("rooms/<int:room_id>/alternatives/", views.list_alternatives, name="room-alternatives"),
    path("rooms/<int:room_id>/calendar/", views.show_calendar, name="room-calendar"),
    path("rooms/<int:room_id>/status/", views.show_room_status, name="room-status"),
    path("rooms/<int:room_id>/price/", views.show_room_price, name="room-price"),
    path("rooms/<int:room_id>/price/<str:currency>/", views.show_foreign_price, name="room-foreign-price"),
    path("debtors/", views.show_debtors, name="debtors"),
    path("plans/<int:venue_id>.pdf", views.show_house_plan, name="house-plan"),
    path("plans/<path:name>", views.show_plan, name="plan"),
    path("city/", views.choose_city, name="choose-city"),
    path("city/forget/", views.forget_city, name="forget-city"),
    path("holidays/", views.show_holidays, name="holidays"),
]
