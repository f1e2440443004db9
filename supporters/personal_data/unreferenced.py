def nothing_refers_to(model, *but):
    """Filters for rows that no other model's key points to, but those of these models.

    Walks the relations, so that the apps above need not be known here.
    """
    return {
        f"{relation.name}__isnull": True
        for relation in model._meta.related_objects
        if relation.related_model._meta.label not in but
    }
