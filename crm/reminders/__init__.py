"""The letters: who is due when, what each says; `crm.notices` puts them out and sends them."""
