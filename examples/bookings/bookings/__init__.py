"""Rooms to let: venues, bookings, invoices."""
