"""One module per format: the content of a file -> Draft. None of them knows about paths or settings."""
