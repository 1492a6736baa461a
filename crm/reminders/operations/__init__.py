"""Letters put out, and the settings of people and of the house."""
