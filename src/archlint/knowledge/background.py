"""Who calls what a framework calls: classes that serve requests, and parameters that tell of them."""

from __future__ import annotations

#: Base classes whose methods run while a client waits; classes of views are known by their framework.
SERVING: frozenset[str] = frozenset(
    (
        "django.forms.BaseForm",
        "django.forms.forms.BaseForm",
        "django.forms.Form",
        "django.forms.ModelForm",
        "django.contrib.admin.BaseModelAdmin",
        "rest_framework.serializers.BaseSerializer",
        "graphene.Mutation",
        "graphene.ObjectType",
        "graphene.types.ObjectType",
        "graphene.types.mutation.Mutation",
        "graphene.relay.ClientIDMutation",
        "graphene_django.DjangoObjectType",
        "flask_appbuilder.BaseView",
        "flask_appbuilder.api.BaseApi",
        "flask_wtf.FlaskForm",
        "wtforms.Form",
        "wtforms.form.BaseForm",
    )
)

#: Under these names, among the first three parameters, frameworks hand over the request and GraphQL's context.
CONTEXTS: frozenset[str] = frozenset(("request", "info"))

#: What Django hands to the receivers of the signals of its models, however they are connected.
SIGNAL = ("sender", "instance")

#: Classes whose methods run because somebody typed a command.
COMMANDS: frozenset[str] = frozenset(
    ("django.core.management.base.BaseCommand", "django.core.management.BaseCommand")
)

#: Packages whose classes make up rows for tests and demonstrations.
FACTORIES = ("factory.", "polyfactory.", "model_bakery.")

#: Functions that a worker rests in before it looks for work again.
RESTS: frozenset[str] = frozenset(("sleep", "wait", "wait_for", "sleep_until"))
