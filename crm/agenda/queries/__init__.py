"""What waits with whom: for one reader (`one`), or for all people at once (`many`), of the same matters.

To add a kind, say a first report about to lapse: its member in `rules.Kind` where it is to be told, its words
in `labels`, and one line in the `reasons` of the matter whose rows it is about (`matters.LEADS`): the
condition under which a row waits for this reason, and the day the reason counts from. Pages, counters,
letters and the tests that go over all kinds follow by themselves.

To add a matter, say problems of projects: a `Source` with its `Door` in `rules`, and a `Matter` in
`matters.MATTERS`. Its rows are selected with the columns that `matters.columns` names, owner and unit among
them; whoever reads lines for many people gets its scope from the line's `Ground`.
"""
