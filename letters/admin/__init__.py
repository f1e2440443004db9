from letters.admin import desk, officials, suggested

__all__ = ["desk", "officials", "suggested"]
