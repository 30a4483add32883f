"""What is done with tables: queries, writes, transactions, layers, keys, migrations."""
