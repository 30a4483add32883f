"""What clients may send and what they are shown: schemas, bodies, pages."""
