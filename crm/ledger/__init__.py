"""Money: receipts reported, reviewed, confirmed, reversed; the published figures of earlier years."""
