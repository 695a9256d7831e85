"""收件: one screen from the secrecy gate to the printed slip."""
