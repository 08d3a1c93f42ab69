"""What people reach with a browser: the chat, the desk, the API. The only layer that knows FastAPI."""
