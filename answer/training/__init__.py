"""Training, measuring and exporting the extractive reader.

Nothing in the running product imports this package: it needs torch and transformers, which serving does
not. The order of a release is train -> evaluate -> export; see `answer/models/reader/README.md`.
"""
