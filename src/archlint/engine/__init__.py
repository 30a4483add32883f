"""From files to findings: which rules, which files, in which processes, hidden or shown."""
