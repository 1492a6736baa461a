"""What the funnel counts by, the bridge between two days, cohorts, stays: arithmetic alone."""
