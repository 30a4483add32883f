"""Static values, and the settings of frameworks."""
