"""Text generators behind one small protocol."""
