"""The tables of the funnel as workbooks."""
