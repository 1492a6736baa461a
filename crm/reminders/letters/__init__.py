"""A letter as its reader gets it: what it holds, in his words, as HTML and as plain text."""
