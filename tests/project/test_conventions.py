"""What arrives by convention: ``reveal(x)`` in a sample is followed by ``#: type facts``."""

from __future__ import annotations

from pathlib import Path

import pytest

from project.revealing import revealed

MODELS = """
    from django.contrib.auth.models import AbstractUser
    from django.db import models

    class User(AbstractUser):
        team = models.ForeignKey("Team", on_delete=models.CASCADE)

    class Team(models.Model):
        name = models.CharField()

    class Order(models.Model):
        user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="orders")
    """

REQUESTS = {
    "models.py": MODELS,
    "urls.py": """
        from django.urls import path
        import views
        urlpatterns = [path("f/", views.function)]
        """,
    "views.py": """
        from django.utils.deprecation import MiddlewareMixin
        from django.views import View
        from rest_framework.decorators import api_view
        from rest_framework.permissions import BasePermission
        from rest_framework.views import APIView

        def function(request):
            reveal(request)  #: django.http.HttpRequest
            reveal(request.user)  #: User ? row
            reveal(request.user.team)  #: Team ? row

        def helper(request):
            reveal(request)  #: None

        @api_view()
        def rest(request):
            reveal(request)  #: rest_framework.request.Request

        class Page(View):
            def get(self, request):
                reveal(request)  #: django.http.HttpRequest
                reveal(self.request)  #: django.http.HttpRequest

            def _helper(self, request):
                reveal(request)  #: django.http.HttpRequest

        class Api(APIView):
            def post(self, request):
                reveal(request)  #: rest_framework.request.Request

        class Middle(MiddlewareMixin):
            def process_request(self, request):
                reveal(request)  #: django.http.HttpRequest

        class Allowed(BasePermission):
            def has_permission(self, request, view):
                reveal(request)  #: rest_framework.request.Request
        """,
}

VIEWS = {
    "models.py": MODELS,
    "views.py": """
        from django.views.generic import DetailView, ListView, UpdateView
        from django.views.generic.detail import SingleObjectMixin
        from rest_framework import generics, viewsets
        from models import Order, Team

        class Detail(DetailView):
            model = Order

            def get_context_data(self, **kwargs):
                reveal(self.object)  #: Order row
                reveal(self.get_object())  #: Order row
                reveal(self.get_queryset())  #: django.db.models.QuerySet

        class Shown(DetailView):
            queryset = Order.objects.select_related("user")

            def post(self, request):
                reveal(self.get_object())  #: Order +user row

        class Limited(ListView):
            model = Order

            def get_queryset(self):
                base = super().get_queryset()
                return base.select_related("user")

            def get(self, request):
                for order in self.get_queryset():
                    reveal(order)  #: Order +user row

        class Chosen(UpdateView):
            def get_object(self):
                return Team.objects.get(pk=1)

            def form_valid(self, form):
                reveal(self.object)  #: Team row

        class Rest(generics.RetrieveAPIView):
            queryset = Team.objects.all()

            def get(self, request):
                reveal(self.get_object())  #: Team row

        class Set(viewsets.ModelViewSet):
            queryset = Order.objects

            def list(self, request):
                rows = self.filter_queryset(self.get_queryset())
                for row in self.paginate_queryset(rows):
                    reveal(row)  #: Order row

        class Unknown(generics.RetrieveAPIView):
            def get(self, request):
                reveal(self.get_object())  #: None
        """,
}

SERIALIZERS = {
    "models.py": MODELS,
    "serializers.py": """
        from django import forms
        import django_filters
        from rest_framework import serializers
        from models import Order, Team

        class OrderSerializer(serializers.ModelSerializer):
            total = serializers.SerializerMethodField()
            named = serializers.SerializerMethodField(method_name="compute")

            class Meta:
                model = Order

            def get_total(self, obj):
                reveal(obj)  #: Order ? row

            def compute(self, order):
                reveal(order)  #: Order ? row

            def get_other(self, obj):
                reveal(obj)  #: None

            def update(self, instance, validated_data):
                reveal(instance)  #: Order ? row
                reveal(super().update(instance, validated_data))  #: None

            def to_representation(self, order):
                reveal(order)  #: Order ? row
                reveal(self.instance)  #: Order ? row

        class Short(OrderSerializer):
            class Meta(OrderSerializer.Meta):
                fields = ("total",)

            def get_total(self, row):
                reveal(row)  #: Order ? row

        class TeamForm(forms.ModelForm):
            class Meta:
                model = Team

            def clean(self):
                reveal(self.instance)  #: Team ? row

        def use(data):
            reveal(TeamForm(data).save())  #: Team

        class TeamFilter(django_filters.FilterSet):
            class Meta:
                model = Team

            def filter_name(self, queryset, name, value):
                reveal(queryset.first())  #: Team row
        """,
}

ADMIN = {
    "models.py": MODELS,
    "admin.py": """
        from django.contrib import admin
        from models import Order, Team, User

        @admin.register(Order)
        class OrderAdmin(admin.ModelAdmin):
            list_display = ("id", "owner", "described")
            actions = ["close"]

            def owner(self, obj):
                reveal(obj)  #: Order row

            @admin.display(description="x")
            def described(self, order):
                reveal(order)  #: Order row

            def helper(self, order):
                reveal(order)  #: None

            def close(self, request, queryset):
                reveal(request)  #: django.http.HttpRequest
                reveal(queryset.first())  #: Order row

            def save_model(self, request, obj, form, change):
                reveal(obj)  #: Order ? row

        class TeamAdmin(admin.ModelAdmin):
            list_select_related = ("owner", "parent__owner")

            def label(self, obj):
                reveal(obj)  #: Team +owner +parent.owner row
            label.short_description = "Label"

        admin.site.register(Team, TeamAdmin)

        class Limited(admin.ModelAdmin):
            list_display = ["team_name"]

            def get_queryset(self, request):
                return super().get_queryset(request).select_related("team")

            def team_name(self, obj):
                reveal(obj)  #: User +team row

        admin.site.register(User, Limited)

        class OrderInline(admin.TabularInline):
            model = Order
            readonly_fields = ["shown"]

            def shown(self, obj):
                reveal(obj)  #: Order row

            def has_add_permission(self, request, obj):
                reveal(obj)  #: None
        """,
}

TASKS = {
    "models.py": MODELS,
    "tasks.py": """
        from celery import shared_task
        from django.db.models.signals import post_save
        from django.dispatch import receiver
        from graphene_django import DjangoObjectType
        from models import Order, Team

        @shared_task(bind=True)
        def bound(self, key):
            reveal(self)  #: celery.app.task.Task

        @shared_task
        def unbound(self):
            reveal(self)  #: None

        @receiver(post_save, sender=Order)
        def saved(sender, instance, created, **kwargs):
            reveal(instance)  #: Order
            reveal(sender.objects.first())  #: Order row

        @receiver(post_save)
        def any_saved(sender, instance, **kwargs):
            reveal(instance)  #: None

        class TeamType(DjangoObjectType):
            class Meta:
                model = Team

            def resolve_name(self, info):
                reveal(self)  #: Team row

            @staticmethod
            def resolve_other(root, info):
                reveal(root)  #: Team row

            def helper(self):
                reveal(self)  #: TeamType
        """,
}

AIOHTTP = {
    "app.py": """
        from aiohttp import web
        from sqlalchemy import event
        from sqlalchemy.orm import DeclarativeBase
        routes = web.RouteTableDef()

        class Base(DeclarativeBase):
            pass

        class Item(Base):
            __tablename__ = "item"

        @routes.get("/")
        async def index(request):
            reveal(request)  #: aiohttp.web.Request

        class Page(web.View):
            async def get(self):
                reveal(self.request)  #: aiohttp.web.Request

        @event.listens_for(Item, "after_insert")
        def inserted(mapper, connection, target):
            reveal(target)  #: Item
        """,
}


@pytest.mark.parametrize(
    "files", [REQUESTS, VIEWS, SERIALIZERS, ADMIN, TASKS, AIOHTTP],
    ids=["requests", "views", "serializers", "admin", "tasks", "aiohttp"],
)  # fmt: skip
def test_conventions(files: dict[str, str], tmp_path: Path) -> None:
    found, expected = revealed(files, tmp_path)

    assert found == expected


ITERATORS = {
    "app.py": """
        class Own:
            def __aiter__(self):
                return self

            async def __anext__(self) -> int:
                return 1

            def __iter__(self):
                return self

            def __next__(self) -> str:
                return ""

        async def use(own: Own):
            async for number in own:
                reveal(number)  #: int
            for text in own:
                reveal(text)  #: str
        """,
}


def test_iterators_that_answer_themselves(tmp_path: Path) -> None:
    found, expected = revealed(ITERATORS, tmp_path)

    assert found == expected
