"""The HTTP service: FastAPI over the one ChatService. ``app.create_app`` puts it together, ``server.serve`` runs it."""
