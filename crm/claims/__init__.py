"""Who was first at a firm: equal filings to be judged (重复研判). Knows leads by their number only."""
