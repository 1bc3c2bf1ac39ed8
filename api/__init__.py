"""Thin adapters over answer.service.ChatService: each translates in, asks, and translates out."""
