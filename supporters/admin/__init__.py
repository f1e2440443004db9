from supporters.admin import erasure_requests, following, records

__all__ = ["erasure_requests", "following", "records"]
