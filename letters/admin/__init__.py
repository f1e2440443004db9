from letters.admin import desk, suggested

__all__ = ["desk", "suggested"]
