"""Benchmarks at the size of a large city: built once, measured through the WSGI application (`make bench`)."""
