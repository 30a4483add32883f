"""What the business does, without HTTP."""
