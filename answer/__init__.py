"""Question + Retrieved -> Answer: evidence first, then wording, then proof."""
