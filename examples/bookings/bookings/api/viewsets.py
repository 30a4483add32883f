"""The resources of the API."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import generics, permissions, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.api.serializers import (
    BookingBriefSerializer,
    BookingSerializer,
    GuestSerializer,
    InvoiceSerializer,
    PartnerSerializer,
    PasswordSerializer,
    RoomSerializer,
    SignUpSerializer,
    VenueSerializer,
)
from bookings.models import Booking, Invoice, PartnerLogin, Room, Venue
from bookings.services import accounts


class VenueViewSet(viewsets.ReadOnlyModelViewSet):
    """Houses."""

    queryset = Venue.objects.order_by("name")  # expect: ARC203
    serializer_class = VenueSerializer


class RoomViewSet(viewsets.ReadOnlyModelViewSet):
    """Rooms, with all they have."""

    queryset = Room.objects.open().with_amenities().order_by("name")
    serializer_class = RoomSerializer


class BookingViewSet(viewsets.ReadOnlyModelViewSet):
    """The caller's bookings."""

    serializer_class = BookingSerializer

    def get_queryset(self) -> QuerySet[Booking]:
        """Load everything that the serializer shows."""
        bookings = Booking.objects.filter(guest__user=self.request.user).order_by("start")
        return bookings.select_related("guest", "room__venue").prefetch_related("room__amenities")

    @action(detail=False)
    def upcoming(self, request: Request) -> Response:
        """What is planned, in short."""
        bookings = Booking.objects.confirmed().filter(guest__user=request.user).select_related("room")
        return Response(BookingBriefSerializer(bookings[:10], many=True).data)

    @action(detail=False)
    def past(self, request: Request) -> Response:
        """What is over, in short."""
        bookings = Booking.objects.filter(guest__user=request.user).order_by("-end")
        return Response(BookingBriefSerializer(bookings[:10], many=True).data)  # expect: ARC203


class InvoiceListView(generics.ListAPIView):
    """The caller's invoices."""

    serializer_class = InvoiceSerializer

    def get_queryset(self) -> QuerySet[Invoice]:
        """Nobody else's."""
        return Invoice.objects.filter(booking__guest__user=self.request.user).order_by("due")


class SignUpView(APIView):
    """Accounts of guests."""

    permission_classes = [permissions.AllowAny]

    def post(self, request: Request) -> Response:
        """Open an account."""
        form = SignUpSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        guest = accounts.sign_up(form.validated_data)
        return Response(GuestSerializer(guest).data, status=status.HTTP_201_CREATED)


class PartnerView(generics.CreateAPIView):
    """Accounts of agencies."""

    permission_classes = [permissions.IsAdminUser]
    queryset = PartnerLogin.objects.all()
    serializer_class = PartnerSerializer


class PartnerPasswordView(APIView):
    """New passwords of agencies."""

    permission_classes = [permissions.IsAdminUser]

    def put(self, request: Request, agency: str) -> Response:
        """Overwrite an agency's password."""
        form = PasswordSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        partner = generics.get_object_or_404(PartnerLogin, agency=agency)
        accounts.set_partner_password(partner, form.validated_data["password"])
        return Response(status=status.HTTP_204_NO_CONTENT)
