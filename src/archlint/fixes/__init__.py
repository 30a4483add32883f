"""Fixes: recipes become edits, edits become text, and nothing is kept that was not checked again.

``resolve`` turns what rules describe into edits, with libcst; ``patches`` applies edits to
texts; ``repair`` runs whole rounds of linting and mending. This is the only layer that
knows libcst, which is slow to import: nothing here is loaded unless a fix is wanted.
"""
