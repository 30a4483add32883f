"""Ways of a password through a program that the examples of ARC301 do not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.core.rule import Case
from archlint.rules.security.arc301_plaintext_password import PlaintextPassword
from harness import marked, reported, run

FLOWS = (
    Case(
        {
            "app/__init__.py": """\
from flask import Flask, request
from flask.views import MethodView
from flask_restful import Resource, reqparse
from .models import User, db


def create_app():
    app = Flask(__name__)
    db.init_app(app)

    @app.route("/register", methods=["POST"])
    def register():
        payload = request.get_json(force=True)
        user = User(username=payload["username"], password=payload["password"])  # ARC301
        db.session.add(user)
        db.session.commit()
        return {"ok": True}

    return app


class UserView(MethodView):
    def post(self):
        data = request.get_json()
        new = User(  # ARC301
            username=data["username"],
            password=data.get("password"),
        )
        db.session.add(new)


class Register(Resource):
    def __init__(self):
        self.parser = reqparse.RequestParser()

    def post(self):
        parser = reqparse.RequestParser()
        parser.add_argument("username")
        parser.add_argument("password")
        args = parser.parse_args()
        user = User(username=args["username"], password=args["password"])  # ARC301
        user.save_to_db()
""",
            "app/models.py": """\
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80))
    password = db.Column(db.String(80))

    def save_to_db(self):
        db.session.add(self)
        db.session.commit()
""",
        },
        title="Flask: application factory, method views, parsed arguments",
    ),
    Case(
        {
            "app.py": """\
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


class UserModel(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80))
    password = db.Column(db.String(80))

    def __init__(self, username, password):
        self.username = username
        self.password = password  # ARC301

    @classmethod
    def find(cls, username):
        return cls.query.filter_by(username=username).first()


def authenticate(username, password):
    user = UserModel.find(username)
    if user and user.password == password:  # ARC301
        return user


@app.post("/reg")
def register():
    data = request.get_json()
    user = UserModel(data["username"], data["password"])
    db.session.add(user)


@app.post("/login")
def login():
    data = request.get_json()
    return authenticate(data["username"], data["password"])
""",
        },
        title="Flask: the model's own __init__",
    ),
    Case(
        {
            "users/models.py": """\
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **extra):
        user = self.model(email=self.normalize_email(email), password=password, **extra)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    email = models.EmailField(unique=True)
    objects = UserManager()
""",
            "users/views.py": """\
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import User


class Register(APIView):
    def post(self, request):
        user = User.objects.create_user(request.data["email"], password=request.data["password"])  # ARC301
        return Response({"id": user.pk})
""",
        },
        title="a manager without set_password",
    ),
    Case(
        {
            "users/views.py": """\
from django.contrib.auth.models import User
from django.views.generic import FormView
from rest_framework import generics

from .forms import SignupForm


class Signup(FormView):
    form_class = SignupForm

    def form_valid(self, form):
        User.objects.create(username="x", password=form.cleaned_data["password"])  # ARC301
        return super().form_valid(form)


class Create(generics.CreateAPIView):
    def perform_create(self, serializer):
        User.objects.create(username="x", password=serializer.validated_data["password"])  # ARC301
""",
            "users/forms.py": """\
from django import forms


class SignupForm(forms.Form):
    username = forms.CharField()
    password = forms.CharField()
""",
        },
        title="generic views",
    ),
    Case(
        {
            "a.py": """\
from beanie import Document
from fastapi import APIRouter
from mongoengine import Document as MDocument, StringField
from peewee import CharField, Model
from pydantic import BaseModel
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
import databases

metadata = MetaData()
users = Table("users", metadata, Column("id", Integer), Column("email", String), Column("password", String))
database = databases.Database("sqlite://")


class User(Document):
    email: str
    password: str


class Member(MDocument):
    email = StringField()
    password = StringField()


class Person(Model):
    email = CharField()
    password = CharField()


class Body(BaseModel):
    email: str
    password: str


class Wrapper(BaseModel):
    user: Body


router = APIRouter()


@router.post("/1")
async def beanie_create(body: Body):
    await User(email=body.email, password=body.password).insert()  # ARC301
    user = await User.find_one(User.email == body.email)
    if user and user.password == body.password:  # ARC301
        return user


@router.post("/2")
def mongoengine_create(body: Body):
    Member(email=body.email, password=body.password).save()  # ARC301
    return Member.objects(email=body.email, password=body.password).first()  # ARC301


@router.post("/3")
def peewee_create(body: Body):
    Person.create(email=body.email, password=body.password)  # ARC301
    Person.insert(email=body.email, password=body.password).execute()  # ARC301
    Person.update(password=body.password).where(Person.email == body.email).execute()  # ARC301
    return Person.get(Person.email == body.email, Person.password == body.password)  # ARC301


@router.post("/4")
async def core(body: Body, conn):
    await database.execute(users.insert().values(email=body.email, password=body.password))  # ARC301
    await database.execute(insert(users).values(**body.model_dump()))  # ARC301
    query = users.insert().values(email=body.email, password=body.password)  # ARC301
    await database.execute(query)
    row = await database.fetch_one(users.select().where(users.c.password == body.password))  # ARC301


@router.post("/5")
async def nested(wrapper: Wrapper):
    data = wrapper.user
    u = User(**data.dict())  # ARC301


@router.post("/6")
async def raw(body: Body, conn):
    insert = "INSERT INTO users (email, password) VALUES ($1, $2)"
    await conn.execute(insert, body.email, body.password)  # ARC301
    await conn.execute(f"INSERT INTO users (email, password) VALUES ('a@b.c', '{body.password}')")  # ARC301
    named = "INSERT INTO users (email, password) VALUES (:e, :pw)"
    await conn.execute(named, {"e": body.email, "pw": body.password})  # ARC301
    await conn.fetchrow(f"SELECT 1 FROM users WHERE id = 1 AND password = '{body.password}'")  # ARC301
""",
        },
        title="documents, Peewee, tables, statements",
    ),
    Case(
        {
            "a.py": """\
import strawberry
import graphene
from litestar import post
from sqlalchemy.orm import DeclarativeBase, Mapped
from dataclasses import dataclass


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "a"
    email: Mapped[str]
    password_hash: Mapped[str]


@strawberry.input
class RegisterInput:
    email: str
    password: str


@dataclass
class Register:
    email: str
    password: str


@strawberry.type
class Mutation:
    @strawberry.mutation
    def register(self, email: str, password: str) -> int:
        a = Account(email=email, password_hash=password)  # ARC301
        return 1

    @strawberry.mutation
    def register2(self, input: RegisterInput) -> int:
        a = Account(email=input.email, password_hash=input.password)  # ARC301
        return 1


class CreateUser(graphene.Mutation):
    def mutate(self, info, email, password):
        a = Account(email=email, password_hash=password)  # ARC301
        return CreateUser()


@post("/users")
async def create(data: Register) -> None:
    a = Account(email=data.email, password_hash=data.password)  # ARC301
""",
        },
        title="GraphQL and Litestar",
    ),
    Case(
        {
            "domain/commands.py": """\
from dataclasses import dataclass


@dataclass(frozen=True)
class RegisterUser:
    email: str
    password: str
""",
            "domain/handlers.py": """\
from domain.commands import RegisterUser
from domain.models import User
from domain.uow import UnitOfWork


class RegisterHandler:
    def __init__(self, uow: UnitOfWork):
        self.uow = uow

    def __call__(self, command: RegisterUser):
        return self.handle(command)

    def handle(self, command: RegisterUser):
        with self.uow:
            self.uow.session.add(User(email=command.email, password=command.password))  # ARC301
            self.uow.commit()
""",
            "domain/uow.py": """\
class UnitOfWork:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        pass
""",
            "domain/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    email: Mapped[str]
    password: Mapped[str]
""",
            "web.py": """\
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from domain.commands import RegisterUser
from domain.handlers import RegisterHandler
from domain.uow import UnitOfWork

router = APIRouter()


class Body(BaseModel):
    email: str
    password: str


@router.post("/")
def register(body: Body):
    handler = RegisterHandler(UnitOfWork())
    handler.handle(RegisterUser(email=body.email, password=body.password))
""",
        },
        title="a command object",
    ),
    Case(
        {
            "app/ports.py": """\
from typing import Protocol


class Users(Protocol):
    async def create(self, email: str, password: str): ...
""",
            "app/adapters.py": """\
from app.models import User


class SqlUsers:
    def __init__(self, session):
        self.session = session

    async def create_account(self, email: str, password: str):
        user = User()
        user.email = email
        user.password = password  # ARC301
        self.session.add(user)
""",
            "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    email: Mapped[str]
    password: Mapped[str]
""",
            "app/web.py": """\
from fastapi import APIRouter, Depends, Request
from app.models import User

router = APIRouter()


@router.post("/")
async def register(request: Request):
    form = await request.form()
    users = request.app.state.users
    await users.create_account(form["email"], form["password"])


@router.post("/2")
async def register2(request: Request):
    data = await request.json()
    email, password = data["email"], data["password"]
    user = User(email=email, password=password)  # ARC301
    values = {"email": email, "password": password}
    user2 = User(**values)  # ARC301
    users = [User(email=u["email"], password=u["password"]) for u in data["users"]]  # ARC301
""",
        },
        title="an untyped service, lists of users",
    ),
    Case(
        {
            "app.py": """\
import sqlite3

from flask import Flask, request

app = Flask(__name__)


def get_db():
    conn = sqlite3.connect("x.db")
    conn.row_factory = sqlite3.Row
    return conn


@app.post("/r")
def login():
    db = get_db()
    user = db.execute("SELECT * FROM users WHERE username = ?", (request.form["username"],)).fetchone()
    if user and user["password"] == request.form["password"]:  # ARC301
        return "ok"
    cur = db.cursor()
    cur.execute("SELECT password FROM accounts WHERE name = ?", (request.form["username"],))
    row = cur.fetchone()
    if row["password"] != request.form["password"]:  # ARC301
        return "no"
""",
        },
        title="rows of statements",
    ),
)
SILENT = (
    Case(
        {
            "app/models.py": """\
from sqlalchemy import String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.hashing import Hasher


class Base(DeclarativeBase):
    pass


class HashedText(TypeDecorator):
    impl = String

    def process_bind_param(self, value, dialect):
        return Hasher().hash(value)


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password: Mapped[str]
    smtp_password: Mapped[str]

    def change_password(self, password: str) -> None:
        self.password = Hasher().hash(password)


class Member(Base):
    __tablename__ = "members"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password: Mapped[str] = mapped_column(HashedText)
""",
            "app/hashing.py": """\
import argon2


class Hasher:
    def __init__(self) -> None:
        self.inner = argon2.PasswordHasher()

    def hash(self, value: str) -> str:
        return self.inner.hash(value)

    def matches(self, value: str, stored: str) -> bool:
        return self.inner.verify(stored, value)
""",
            "app/service.py": """\
from app.hashing import Hasher
from app.models import Member, User
from app.schemas import UserCreate


class Users:
    def __init__(self, session, hasher: Hasher):
        self.session = session
        self.hasher = hasher

    def add(self, email: str, password: str) -> User:
        user = User(email=email, password=password)
        self.session.add(user)
        return user

    def register(self, data: UserCreate) -> User:
        return self.add(data.email, self.hasher.hash(data.password))

    def register_dict(self, data: UserCreate) -> User:
        values = data.model_dump()
        values["password"] = self.hasher.hash(values["password"])
        return User(**values)

    def register_update(self, data: UserCreate) -> User:
        values = data.model_dump()
        values.update(password=self.hasher.hash(data.password))
        return User(**values)

    def register_copy(self, data: UserCreate) -> User:
        data = data.model_copy(update={"password": self.hasher.hash(data.password)})
        return User(**data.model_dump())

    def register_merge(self, data: UserCreate) -> User:
        return User(**{**data.model_dump(), "password": self.hasher.hash(data.password)})

    def register_in_place(self, data: UserCreate) -> User:
        self.protect(data)
        return User(**data.model_dump())

    def protect(self, data: UserCreate) -> None:
        data.password = self.hasher.hash(data.password)

    def mail_settings(self, user: User, password: str) -> None:
        user.smtp_password = password

    def member(self, data: UserCreate) -> Member:
        return Member(email=data.email, password=data.password)

    def change(self, user: User, data: UserCreate) -> None:
        user.change_password(data.password)

    def same(self, user: User, other: User) -> bool:
        return user.password == other.password
""",
            "app/schemas.py": """\
from pydantic import BaseModel


class UserCreate(BaseModel):
    email: str
    password: str
""",
            "app/api.py": """\
from fastapi import APIRouter, Body, Depends

from app.hashing import Hasher
from app.models import User
from app.schemas import UserCreate
from app.service import Users
from app.settings import settings

router = APIRouter()


def users() -> Users:
    return Users(None, Hasher())


@router.post("/")
def register(data: UserCreate, service: Users = Depends(users)):
    service.register(data)
    service.register_dict(data)
    service.register_update(data)
    service.register_copy(data)
    service.register_merge(data)
    service.member(data)


@router.post("/in-place")
def in_place(data: UserCreate, service: Users = Depends(users)):
    service.register_in_place(data)


@router.post("/smtp")
def smtp(service: Users = Depends(users), password: str = Body()):
    service.mail_settings(User(), password)


@router.post("/setup")
def setup():
    User(email="admin", password=settings.first_password)
""",
            "app/settings.py": """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    first_password: str = ""


settings = Settings()
""",
        },
        title="hashed on one of many ways",
    ),
)


@pytest.mark.parametrize("case", FLOWS, ids=[case.title for case in FLOWS])
def test_flow(case: Case, tree: Path) -> None:
    expected = marked(case.files, "ARC301")
    assert expected
    assert reported(run(PlaintextPassword(), tree, case)) == expected


@pytest.mark.parametrize("case", SILENT, ids=[case.title for case in SILENT])
def test_silence(case: Case, tree: Path) -> None:
    assert reported(run(PlaintextPassword(), tree, case)) == {}
