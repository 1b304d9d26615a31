"""Exchange: projects of other programs come in, and what cxtext knows goes out to them.

Nothing here knows the study file of cxtext. Every format has a package of its own with frozen classes that are
faithful to its standard, a reader and a writer; both return a report of what was kept, changed and dropped.
"""
