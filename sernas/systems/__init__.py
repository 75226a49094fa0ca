"""The systems that are compared, a card each: what is known of one before it is built."""
