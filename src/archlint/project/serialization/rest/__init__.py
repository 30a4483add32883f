"""Django REST framework: what serializers read of rows, and the rows that views give them."""
