"""What runs once per item of a loop, here or further down."""
