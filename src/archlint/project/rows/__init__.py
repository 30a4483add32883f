"""Models, their relations and the rows that queries give."""
