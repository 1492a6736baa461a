"""What a meeting is taken away as: a workbook, and minutes as a document."""
