"""Addresses of the API."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from bookings.api import viewsets

router = DefaultRouter()
router.register("venues", viewsets.VenueViewSet, basename="venue")
router.register("rooms", viewsets.RoomViewSet, basename="room")
router.register("bookings", viewsets.BookingViewSet, basename="booking")

urlpatterns = [
    path("", include(router.urls)),
    path("invoices/", viewsets.InvoiceListView.as_view(), name="invoices"),
    path("guests/", viewsets.SignUpView.as_view(), name="sign-up"),
    path("partners/", viewsets.PartnerView.as_view(), name="partners"),
    path("partners/<str:agency>/password/", viewsets.PartnerPasswordView.as_view(), name="partner-password"),
]
