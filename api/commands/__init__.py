"""One module per command of the terminal."""
