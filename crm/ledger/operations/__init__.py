"""What people do with money: report, review, confirm, return, correct, reverse; enter published figures."""
