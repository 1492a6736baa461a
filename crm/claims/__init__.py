"""Who was first at a firm: first reports (首报首谈), equal filings to be judged (重复研判).

Knows leads by their number only; `leads` says who may file, read and rule.
"""
