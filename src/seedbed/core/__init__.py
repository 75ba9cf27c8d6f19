"""The vocabulary that every other room speaks; it knows none of them."""
