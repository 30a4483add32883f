"""An online shop: catalogue, orders, payments."""
