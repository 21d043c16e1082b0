"""A quién le toca una bonificación, cuánto cuesta y cómo se asigna sin repetirla."""
