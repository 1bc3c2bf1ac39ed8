"""Source -> Document -> Passage: load, clean and split, with character offsets kept."""
