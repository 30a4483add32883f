"""What GraphQL libraries call once per object: object types, lists and the fields that page through them."""

from __future__ import annotations

#: Bases of object types whose ``resolve_...`` methods get the object that the type stands for.
OBJECT_TYPES = (
    "graphene.ObjectType",
    "graphene.types.ObjectType",
    "graphene.types.objecttype.ObjectType",
    "graphene_django.DjangoObjectType",
    "graphene_sqlalchemy.SQLAlchemyObjectType",
    "graphene_sqlalchemy.types.SQLAlchemyObjectType",
    "graphene_django_optimizer.OptimizedDjangoObjectType",
)

#: Bases of what answers one object after it has changed it.
MUTATIONS = (
    "graphene.Mutation",
    "graphene.types.mutation.Mutation",
    "graphene.relay.ClientIDMutation",
    "graphene.ClientIDMutation",
)

#: Fields whose first argument is the type of the items of one list.
LISTS = (
    "graphene.List",
    "graphene.types.List",
    "graphene.types.structures.List",
    "graphene_django.DjangoListField",
    "graphene_django.fields.DjangoListField",
)

#: Fields that page through items: no answer of theirs is walked as a whole.
PAGES = (
    "graphene.ConnectionField",
    "graphene.relay.ConnectionField",
    "graphene.relay.connection.ConnectionField",
    "graphene_django.DjangoConnectionField",
    "graphene_django.fields.DjangoConnectionField",
    "graphene_django.filter.DjangoFilterConnectionField",
    "graphene_django.filter.fields.DjangoFilterConnectionField",
    "graphene_sqlalchemy.SQLAlchemyConnectionField",
)

#: Bases of classes whose ``Meta.node`` is the type of the items of a page.
CONNECTIONS = ("graphene.Connection", "graphene.relay.Connection", "graphene.relay.connection.Connection")

#: What wraps a type without making a list of it.
WRAPPERS = ("NonNull",)

#: Decorators of methods that resolve a field of the class around them.
FIELDS = (
    "strawberry.field",
    "strawberry.federation.field",
    "strawberry.django.field",
    "strawberry_django.field",
)

#: Decorators, by their last word, that tell an optimizer what a resolver reads.
HINTS = ("resolver_hints",)

#: Words in the text of files that declare types.
LIBRARIES = ("graphene", "strawberry")

#: Libraries that read the query and load for each list what its fields will ask for, without being told.
OPTIMIZERS = ("query_optimizer", "graphene_django_query_optimizer")
