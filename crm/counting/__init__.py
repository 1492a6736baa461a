"""The one source of counted figures: rule sets, booking months, decisions with their reason, day sums."""
