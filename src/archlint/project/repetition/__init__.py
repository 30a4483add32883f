"""Which loops run over data, of how many items, and what is kept from one pass to the next."""
