"""Follow-ups and problems (困难问题) of leads and projects."""
