"""Follow-ups on companies, leads and projects."""
