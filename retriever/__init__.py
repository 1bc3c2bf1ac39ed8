"""Passage -> index -> Retrieved: embeddings, BM25, hybrid search and index generations on disk."""
