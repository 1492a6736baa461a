"""What counts, when and why: pure, after section 3 of the field's rules."""
