from letters.admin import desk, officials, recipients, suggested

__all__ = ["desk", "officials", "recipients", "suggested"]
