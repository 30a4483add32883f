"""What filling schemas and serializers from rows loads."""
