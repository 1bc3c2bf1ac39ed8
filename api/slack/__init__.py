"""Slack in, Slack out: an adapter over the same answering path as the HTTP service."""
