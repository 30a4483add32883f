"""The HTTP side, one router per resource."""
