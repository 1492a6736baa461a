"""The pages of firms, chains and head firms."""
