"""What the three checks of identifiers share: every text and every column of an output, and how to search them."""
