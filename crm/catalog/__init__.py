"""Districts, parks, clusters, chains, nodes, models, dictionaries and settings."""
