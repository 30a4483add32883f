"""Templates of Django and Jinja: what a page reads of the rows it is given."""
