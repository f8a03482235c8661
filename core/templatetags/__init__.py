"""Words and marks the pages share."""
