"""The event loop, coroutines and tasks: what makes them wait, and what outlives them."""
