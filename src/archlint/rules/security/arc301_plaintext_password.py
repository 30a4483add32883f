"""A password from a request is stored, or compared with a stored one, in plain text.

## What it does

Follows a submitted password from the request to the database and reports where it arrives as it
came:

* **stored**: in a column of an account (constructor keyword, `**data.model_dump()`, attribute,
  `setattr`, `insert().values()`, `update()`, `create()`, a MongoDB document, an `INSERT` or
  `UPDATE` statement);
* **compared**: with the stored one (`==`, `!=`, `compare_digest`), or in a query
  (`filter_by(password=…)`, `where(User.password == …)`, `find_one({"password": …})`, a `SELECT`
  statement).

Requests are read from FastAPI and Starlette (body models, forms, `Form()`, `request.json()`),
Flask, Django and Django REST framework (`request.POST`, `request.data`, `cleaned_data`,
`validated_data`), aiohttp, GraphQL mutations and others. The way may lead through services,
repositories, data classes, dictionaries and generic base classes in other files; the related places
name the calls. Serializers and model forms that list `password` and save it themselves are reported
at their class.

## Why is this bad?

Databases leak: by injection, a stolen backup, a log of statements, a curious colleague. A table of
plain passwords opens every account at once, and with them the mailboxes and shops where people use
the same password. The damage cannot be undone by changing the code afterwards. A comparison by `==`
says that plain text (or something as good as it) is stored; it also tells by its duration how much
of a guess was right.

## How to fix

Store what a slow, salted hash makes of the password (argon2id, bcrypt, scrypt), and let the same
library check it:

```python
from pwdlib import PasswordHash

passwords = PasswordHash.recommended()


def register(data, session):
    user = User(email=data.email, hashed_password=passwords.hash(data.password))
    session.add(user)


def login(data, user):
    if not passwords.verify(data.password, user.hashed_password):
        raise PermissionError
```

Django has this built in: `user.set_password(password)`, `User.objects.create_user(...)`,
`authenticate(...)`. Passwords that are stored in plain text already must be hashed by a migration,
not at the next login.

`--fix --unsafe-fixes` hands a password that a keyword argument stores to the project's own function for it, and a
comparison by `==`, `!=` or `compare_digest` to its own check, if there is exactly one that takes the two alone.
From then on nobody can log in whose stored password is no hash: migrate first. Elsewhere no fix is offered, since
which library hashes, and with which parameters, is for the project to decide.

## Not reported

* Whatever is hashed or encrypted on the way, told by what is called (bcrypt, argon2, passlib,
  pwdlib, werkzeug, Django, hashlib, …), also through project functions, property and hybrid
  setters, `@validates`, event listeners and signals, `save()` of the model, pydantic, marshmallow
  and serializer validators, and column types such as `PasswordType`. Whether the hash is strong
  enough is another question: `weak-password-hash`.
* Credentials for other systems, which have to be readable: rows with a host, port or URL,
  connection, server, mailbox and integration models, and names such as `smtp_password`. A row
  counts as an account only by its class name (`User`, `Customer`, …) or columns such as `username`
  and `email`. Of classes that are no rows only fields for a hash count (`hashed_password`).
* Two submitted fields compared with each other, comparisons with constants and with `None`, one
  hash with another.
* Tests and migrations; values that a program makes itself, and those of a command line.
* A password behind a call that cannot be resolved: no origin, no finding. Known misses are a
  function that is called only through a container or a registry, a password that travels as an item
  of an untyped list, a query object that is kept in an attribute, `dict` comprehensions over the
  submitted data, and a rule's own names: a field `secret` or `pin` is not taken for a password.

On 18 mature projects (4.5 million lines), which name passwords in thousands of places, nothing is
reported.

Compared with: ruff and bandit have no such check.

## References

* OWASP Password Storage Cheat Sheet:
  <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>
* CWE-256, plaintext storage of a password: <https://cwe.mitre.org/data/definitions/256.html>
* CWE-916, password hash with insufficient effort: <https://cwe.mitre.org/data/definitions/916.html>
* Django, password management: <https://docs.djangoproject.com/en/stable/topics/auth/passwords/>
* FastAPI, OAuth2 with hashed passwords:
  <https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/>
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Fix, Impact, Location
from archlint.core.rule import Case, ClassEvent, FunctionEvent, Rule, on
from archlint.project.remedies.secrecy import checked, hashed
from archlint.project.taint.sinks import label_of, related

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Class, Function
    from archlint.project.security.passwords import Use

#: Without one of these, a file writes no password itself, though what it calls may.
_WORDS = (
    "pass", "Pass", "pwd", "**", "setattr", "values(", "model_validate", "sqlmodel_update",
    "update(", "insert",
)  # fmt: skip

#: Models and handlers of several cases.
_MODELS = """\
class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password: Mapped[str]
"""
_USERS = f"""\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


{_MODELS}"""
_COLUMNS = """\
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)
    email = Column(String)
    password = Column(String)
"""
_REGISTERS = f"""\
from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

router = APIRouter()


{_MODELS}

class UserCreate(BaseModel):
    email: str
    password: str


@router.post("/users")
def register(data: UserCreate, session: Session) -> None:
    session.add(User(email=data.email, password=data.password))  # ARC301
    session.commit()
"""

_LOGIN = f"""\
from hmac import compare_digest

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

router = APIRouter()


{_MODELS}

class Login(BaseModel):
    email: str
    password: str


@router.post("/login")
def login(data: Login, session: Session) -> None:
    user = session.scalar(select(User).where(User.email == data.email))
    if user is None or data.password != user.password:  # ARC301
        raise HTTPException(401)


@router.post("/check")
def check(data: Login, session: Session) -> bool:
    user = session.scalars(select(User).where(User.email == data.email)).one()
    return compare_digest(user.password, data.password)  # ARC301
"""


class PlaintextPassword(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    answers = ("area D", "anti-pattern 8", "dimension 3", "checklist 30", "checklist 41")
    message = "Password from `{source}` is {verb} `{column}` without hashing; {advice}"
    invalid = (
        Case(
            """\
from fastapi import FastAPI
from passlib.context import CryptContext
from pydantic import BaseModel

from accounts import store

app = FastAPI()
context = CryptContext(schemes=["argon2"])


class UserIn(BaseModel):
    username: str
    password: str


class UserInDB(BaseModel):
    username: str
    hashed_password: str
    salt: str = ""

    def change(self, password: str) -> None:
        self.hashed_password = self.salt + password  # ARC301


@app.post("/users")
def create(user: UserIn) -> str:
    row = UserInDB(username=user.username, hashed_password=user.password)  # ARC301
    store(row)
    row.change(user.password)
    store(UserInDB(username=user.username, hashed_password=context.hash(user.password)))
    return row.username
""",
            title="a field for a hash, in a model that is no row",
        ),
        Case(
            {
                "app/models.py": _USERS,
                "app/schemas.py": """\
from pydantic import BaseModel, EmailStr


class UserBase(BaseModel):
    email: EmailStr


class UserCreate(UserBase):
    password: str


class UserUpdate(BaseModel):
    email: str | None = None
    password: str | None = None


class Login(BaseModel):
    email: str
    password: str
""",
                "app/repo.py": """\
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from .models import User


class UserRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def by_email(self, email: str) -> User | None:
        result = await self.session.execute(select(User).where(User.email == email))
        return result.scalar_one_or_none()

    async def add(self, email: str, password: str) -> User:
        user = User(email=email, password=password)  # ARC301
        self.session.add(user)
        await self.session.commit()
        return user

    async def change(self, user: User, values: dict) -> User:
        for field, value in values.items():
            if hasattr(user, field) and value is not None:
                setattr(user, field, value)  # ARC301
        await self.session.commit()
        return user
""",
                "app/service.py": """\
from .repo import UserRepository
from .schemas import Login, UserCreate, UserUpdate


class UserService:
    def __init__(self, users: UserRepository) -> None:
        self.users = users

    async def register(self, data: UserCreate):
        return await self.users.add(data.email, data.password)

    async def update(self, user_id: int, data: UserUpdate):
        user = await self.users.by_email(data.email)
        return await self.users.change(user, data.model_dump(exclude_unset=True))

    async def login(self, data: Login):
        user = await self.users.by_email(data.email)
        if user is None or user.password != data.password:  # ARC301
            raise ValueError("bad credentials")
        return user
""",
                "app/api.py": """\
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from .db import get_session
from .repo import UserRepository
from .schemas import Login, UserCreate, UserUpdate
from .service import UserService

router = APIRouter(prefix="/users")


def get_service(session: Annotated[AsyncSession, Depends(get_session)]) -> UserService:
    return UserService(UserRepository(session))


@router.post("/")
async def register(data: UserCreate, service: Annotated[UserService, Depends(get_service)]):
    return await service.register(data)


@router.patch("/{user_id}")
async def update(user_id: int, data: UserUpdate, service: UserService = Depends(get_service)):
    return await service.update(user_id, data)


@router.post("/login")
async def login(data: Login, service: UserService = Depends(get_service)):
    return await service.login(data)
""",
                "app/db.py": """\
async def get_session():
    yield None
""",
            },
            title="FastAPI: handler, service and repository",
        ),
        Case(
            {
                "users.py": _LOGIN,
                "security.py": """from werkzeug.security import check_password_hash


def matches(hashed: str, plain: str) -> bool:
    return check_password_hash(hashed, plain)
""",
            },
            title="the project has a function that checks",
            fixed=_LOGIN.replace("BaseModel\n", "BaseModel\nfrom security import matches\n", 1)
            .replace("data.password != user.password", "not matches(user.password, data.password)")
            .replace("compare_digest(user.password, data.password)", "matches(user.password, data.password)"),
        ),
        Case(
            {
                "users.py": _LOGIN,
                "security.py": """from passlib.context import CryptContext
from werkzeug.security import check_password_hash

context = CryptContext(schemes=["argon2"])


def matches(hashed: str, plain: str) -> bool:
    return check_password_hash(hashed, plain)


def fits(hashed: str, plain: str) -> bool:
    return context.verify(plain, hashed)
""",
            },
            title="two functions that check: no fix says which",
            fixed=_LOGIN,
        ),
        Case(
            {
                "users.py": _REGISTERS,
                "security.py": """from passlib.context import CryptContext

context = CryptContext(schemes=["argon2"])


def hash_password(password: str) -> str:
    return context.hash(password)
""",
            },
            title="the project has a function for it",
            fixed=_REGISTERS.replace(
                "BaseModel\n", "BaseModel\nfrom security import hash_password\n", 1
            ).replace("=data.password", "=hash_password(data.password)"),
        ),
        Case(
            {
                "main.py": """\
from fastapi import Depends, FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")


class UserBase(SQLModel):
    username: str


class User(UserBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    hashed_password: str
    password: str


class UserCreate(UserBase):
    password: str


app = FastAPI()


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/users")
def create_user(user: UserCreate, session: Session = Depends(get_session)):
    db_user = User.model_validate(user)  # ARC301
    session.add(db_user)
    session.commit()
    return db_user


@app.post("/users2")
def create_user2(user: UserCreate, session: Session = Depends(get_session)):
    db_user = User(username=user.username, hashed_password=user.password)  # ARC301
    session.add(db_user)


@app.post("/login")
def login(user: UserCreate, session: Session = Depends(get_session)):
    query = select(User).where(User.username == user.username)
    found = session.exec(query.where(User.password == user.password)).first()  # ARC301
    if not found:
        raise HTTPException(401)


@app.patch("/users/{user_id}")
def update_user(user_id: int, user: UserCreate, session: Session = Depends(get_session)):
    db_user = session.get(User, user_id)
    data = user.model_dump(exclude_unset=True)
    db_user.sqlmodel_update(data)  # ARC301
    session.add(db_user)


@app.put("/users/{user_id}")
def replace_user(user_id: int, user: UserCreate, session: Session = Depends(get_session)):
    db_user = session.get(User, user_id)
    extra = {}
    if user.password:
        extra["hashed_password"] = user.password
    db_user.sqlmodel_update({"username": user.username}, update=extra)  # ARC301
    session.add(User.model_validate(user, update={"hashed_password": user.password}))  # ARC301
""",
            },
            title="SQLModel",
        ),
        Case(
            {
                "sql_app/crud.py": """\
from sqlalchemy.orm import Session

from . import models, schemas


def get_user(db: Session, user_id: int):
    return db.query(models.User).filter(models.User.id == user_id).first()


def create_user(db: Session, user: schemas.UserCreate):
    fake_hashed_password = user.password + "notreallyhashed"
    db_user = models.User(email=user.email, hashed_password=fake_hashed_password)  # ARC301
    db.add(db_user)
    db.commit()
    db.refresh(db_user)
    return db_user
""",
                "sql_app/models.py": """\
from sqlalchemy import Boolean, Column, Integer, String

from .database import Base


class User(Base):
    __tablename__ = "users"

    id = Column(Integer, primary_key=True, index=True)
    email = Column(String, unique=True, index=True)
    hashed_password = Column(String)
""",
                "sql_app/database.py": """\
from sqlalchemy import create_engine
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(autocommit=False, autoflush=False, bind=engine)
Base = declarative_base()
""",
                "sql_app/schemas.py": """\
from pydantic import BaseModel


class UserCreate(BaseModel):
    email: str
    password: str
""",
                "sql_app/main.py": """\
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from . import crud, models, schemas
from .database import SessionLocal

app = FastAPI()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.post("/users/")
def create_user(user: schemas.UserCreate, db: Session = Depends(get_db)):
    return crud.create_user(db=db, user=user)
""",
            },
            title="a suffix is no hash",
        ),
        Case(
            {
                "app/base.py": """\
from typing import Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.models import Base

ModelType = TypeVar("ModelType", bound=Base)
CreateType = TypeVar("CreateType", bound=BaseModel)


class CRUDBase(Generic[ModelType, CreateType]):
    def __init__(self, model: type[ModelType]):
        self.model = model

    def create(self, db: Session, *, obj_in: CreateType) -> ModelType:
        db_obj = self.model(**obj_in.model_dump())
        db.add(db_obj)
        db.commit()
        return db_obj
""",
                "app/models.py": _COLUMNS,
                "app/crud_user.py": """\
from pydantic import BaseModel

from app.base import CRUDBase
from app.models import User


class UserCreate(BaseModel):
    email: str
    password: str


class CRUDUser(CRUDBase[User, UserCreate]):
    pass


user = CRUDUser(User)
""",
                "app/api.py": """\
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from app import crud_user
from app.crud_user import UserCreate

router = APIRouter()


@router.post("/")
def create(user_in: UserCreate, db: Session):
    return crud_user.user.create(db, obj_in=user_in)  # ARC301
""",
            },
            title="a generic repository: the caller's line says which model",
        ),
        Case(
            {
                "app/security.py": """\
import hmac


def verify(plain: str, stored: str) -> bool:
    return plain == stored  # ARC301


def verify2(plain: str, stored: str) -> bool:
    return hmac.compare_digest(plain, stored)  # ARC301


def noop_hash(password: str) -> str:
    return password
""",
                "app/models.py": _COLUMNS,
                "app/api.py": """\
from fastapi import APIRouter, Depends, Form
from fastapi.security import OAuth2PasswordRequestForm
from sqlalchemy.orm import Session

from app.models import User
from app.security import noop_hash, verify, verify2

router = APIRouter()


@router.post("/token")
def token(db: Session, form: OAuth2PasswordRequestForm = Depends()):
    user = db.query(User).filter(User.email == form.username).first()
    if not verify(form.password, user.password):
        raise ValueError
    verify2(form.password, user.password)


@router.post("/new")
def new(db: Session, email: str = Form(...), password: str = Form(...)):
    user = User(email=email, password=noop_hash(password))  # ARC301
    db.add(user)
""",
            },
            title="helpers that only sound safe",
        ),
        Case(
            {
                "app.py": """\
from flask import Blueprint, Flask, abort, jsonify, redirect, render_template, request, session
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

app = Flask(__name__)
db = SQLAlchemy(app)
auth = Blueprint("auth", __name__)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80), unique=True)
    password = db.Column(db.String(120))

    def check_password(self, password):
        return self.password == password  # ARC301

    def set_password(self, password):
        self.password = password  # ARC301


class LoginForm(FlaskForm):
    username = StringField()
    password = PasswordField()


@app.route("/register", methods=["GET", "POST"])
def register():
    if request.method == "POST":
        username = request.form["username"]
        password = request.form["password"]
        confirm = request.form["confirm"]
        if password != confirm:
            return "differ"
        user = User(username=username, password=password)  # ARC301
        db.session.add(user)
        db.session.commit()
        return redirect("/")
    return render_template("register.html")


@auth.post("/login")
def login():
    data = request.get_json()
    user = User.query.filter_by(username=data["username"], password=data["password"]).first()  # ARC301
    if user is None:
        abort(401)
    return jsonify(ok=True)


@app.post("/login2")
def login2():
    data = request.json
    user = User.query.filter_by(username=data.get("username")).first()
    if user and user.check_password(data.get("password")):
        session["user"] = user.id
    return ""


@app.post("/wtf")
def wtf():
    form = LoginForm()
    if form.validate_on_submit():
        user = User.query.filter_by(username=form.username.data).first()
        if user and user.password == form.password.data:  # ARC301
            return "ok"
        u = User(username=form.username.data)
        u.password = form.password.data.strip()  # ARC301
    return "no"


@app.put("/pw")
def change():
    user = User.query.get(1)
    user.set_password(request.form.get("new_password", ""))
    db.session.commit()


@app.put("/bulk")
def bulk():
    data = request.get_json()
    user = User(**data)  # ARC301
    db.session.add(user)
    User.query.filter_by(id=1).update(dict(password=data["password"]))  # ARC301
    db.session.commit()
""",
            },
            title="Flask-SQLAlchemy and Flask-WTF",
        ),
        Case(
            {
                "shop/models.py": """\
from django.contrib.auth.models import AbstractUser
from django.db import models


class Customer(models.Model):
    email = models.EmailField()
    password = models.CharField(max_length=128)


class Staff(AbstractUser):
    phone = models.CharField(max_length=20)
""",
                "shop/forms.py": """\
from django import forms

from .models import Customer


class SignupForm(forms.Form):
    email = forms.EmailField()
    password = forms.CharField()
""",
                "shop/views.py": """\
from django.contrib.auth.models import User
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views import View
import json

from .forms import SignupForm
from .models import Customer, Staff


def signup(request):
    if request.method == "POST":
        Customer.objects.create(email=request.POST["email"], password=request.POST["password"])  # ARC301
        return redirect("home")
    return render(request, "signup.html")


def login(request):
    email = request.POST.get("email")
    password = request.POST.get("password")
    try:
        customer = Customer.objects.get(email=email, password=password)  # ARC301
    except Customer.DoesNotExist:
        return redirect("login")
    request.session["customer"] = customer.id
    return redirect("home")


def login2(request):
    customer = Customer.objects.filter(email=request.POST["email"]).first()
    if customer is not None and customer.password == request.POST["password"]:  # ARC301
        return redirect("home")


class Signup(View):
    def post(self, request):
        form = SignupForm(request.POST)
        if form.is_valid():
            customer = Customer(email=form.cleaned_data["email"])
            customer.password = form.cleaned_data["password"]  # ARC301
            customer.save()
        data = json.loads(request.body)
        return JsonResponse({})


class Change(View):
    def post(self, request, pk):
        Customer.objects.filter(pk=pk).update(password=self.request.POST.get("password"))  # ARC301
        user = User.objects.get(pk=pk)
        user.password = request.POST["password"]  # ARC301
        user.save()
        Staff.objects.create(username="x", password=request.POST["password"])  # ARC301
""",
            },
            title="Django views and forms",
        ),
        Case(
            {
                "api/models.py": """\
from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    bio = models.TextField()
""",
                "api/serializers.py": """\
from rest_framework import serializers

from .models import User


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "email", "password"]

    def create(self, validated_data):
        return User.objects.create(**validated_data)  # ARC301


class PasswordSerializer(serializers.Serializer):
    password = serializers.CharField()

    def update(self, instance: User, validated_data):
        instance.password = validated_data["password"]  # ARC301
        instance.save()
        return instance
""",
                "api/views.py": """\
from rest_framework import generics, viewsets
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import User
from .serializers import PasswordSerializer, UserSerializer


class Register(APIView):
    def post(self, request):
        user = User(username=request.data["username"], password=request.data["password"])  # ARC301
        user.save()
        return Response({})


@api_view(["POST"])
def set_password(request):
    serializer = PasswordSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    user = request.user
    person = User.objects.get(pk=1)
    person.password = serializer.validated_data["password"]  # ARC301
    person.save()
    return Response()
""",
            },
            title="Django REST framework",
        ),
        Case(
            {
                "accounts/models.py": """\
from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    pass
""",
                "accounts/serializers.py": """\
from django import forms
from rest_framework import serializers

from .models import User


class UserSerializer(serializers.ModelSerializer):  # ARC301
    class Meta:
        model = User
        fields = ["id", "username", "password"]
        extra_kwargs = {"password": {"write_only": True}}


class ReadSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username"]


class SafeSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "password"]

    def create(self, validated_data):
        return User.objects.create_user(**validated_data)


class UserForm(forms.ModelForm):  # ARC301
    class Meta:
        model = User
        fields = ["username", "password"]
""",
                "accounts/views.py": """\
from rest_framework import generics, viewsets

from .models import User
from .serializers import ReadSerializer, SafeSerializer, UserForm, UserSerializer


class UserViewSet(viewsets.ModelViewSet):
    queryset = User.objects.all()
    serializer_class = UserSerializer


class Safe(generics.CreateAPIView):
    serializer_class = SafeSerializer


class Read(viewsets.ModelViewSet):
    serializer_class = ReadSerializer


def signup(request):
    form = UserForm(request.POST)
    if form.is_valid():
        form.save()
""",
            },
            title="serializers and model forms that save the password themselves",
        ),
        Case(
            {
                "app.py": """\
from fastapi import FastAPI
from pydantic import BaseModel, SecretStr
from tortoise import fields
from tortoise.models import Model


class Account(Model):
    login = fields.CharField(50)
    password_hash = fields.CharField(200)


class Member(Model):
    login = fields.CharField(50)
    password = fields.CharField(200)


class AccountIn(BaseModel):
    login: str
    password: SecretStr


app = FastAPI()


@app.post("/a")
async def create(account: AccountIn):
    plain = account.password.get_secret_value()
    return await Account.create(login=account.login, password_hash=plain)  # ARC301


@app.post("/m")
async def member(account: AccountIn):
    return await Member.create(**account.dict())  # ARC301


@app.post("/l")
async def login(account: AccountIn):
    member = await Member.get_or_none(login=account.login)
    if member.password == account.password.get_secret_value():  # ARC301
        return 1
    plain = account.password.get_secret_value()
    return await Member.filter(login=account.login, password=plain).exists()  # ARC301
""",
            },
            title="Tortoise, SecretStr",
        ),
        Case(
            {
                "app.py": """\
from aiohttp import web
from fastapi import APIRouter
from flask import request
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel
from pymongo import MongoClient

client = AsyncIOMotorClient("mongodb://localhost")
db = client.shop
users_collection = db["users"]
router = APIRouter()


class NewUser(BaseModel):
    email: str
    password: str


@router.post("/")
async def create(user: NewUser):
    await users_collection.insert_one({"email": user.email, "password": user.password})  # ARC301
    await db.users.insert_one(user.model_dump())  # ARC301
    email, password = user.email, user.password
    await client["shop"]["users"].update_one({"email": email}, {"$set": {"password": password}})  # ARC301
    found = await db["users"].find_one({"email": user.email, "password": user.password})  # ARC301
    doc = await db.users.find_one({"email": user.email})
    if doc["password"] == user.password:  # ARC301
        return doc


async def aio(request: web.Request):
    data = await request.post()
    body = await request.json()
    await request.app["db"].users.insert_one({"password": data["password"]})  # ARC301
    await db.users.insert_one({"email": body["email"], "password": body["password"]})  # ARC301
""",
            },
            title="MongoDB, aiohttp",
        ),
        Case(
            {
                "app.py": """\
import sqlite3

from flask import Flask, request

app = Flask(__name__)


@app.post("/r")
def register():
    username, password = request.form["username"], request.form["password"]
    conn = sqlite3.connect("x.db")
    conn.execute("INSERT INTO users (username, password) VALUES (?, ?)", (username, password))  # ARC301
    cur = conn.cursor()
    cur.execute("SELECT * FROM users WHERE username = ? AND password = ?", (username, password))  # ARC301
    cur.execute("UPDATE users SET password = ? WHERE username = ?", (password, username))  # ARC301
""",
            },
            title="statements given as text",
        ),
        Case(
            {
                "app.py": """\
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80))
    password = db.Column(db.String(80))


@app.post("/users")
def register():
    values = {key: value for key, value in request.form.items() if value}
    db.session.add(User(**values))  # ARC301
    return "ok"
""",
            },
            title="a comprehension over the submitted fields",
            missed=True,
            why="a comprehension may drop or replace fields; it would take a reading of its conditions",
        ),
        Case(
            {
                "models.py": _USERS,
                "commands.py": """\
from models import User


def register(session, payload):
    session.add(User(password=payload["password"]))  # ARC301


COMMANDS = {"register": register}
""",
                "api.py": """\
from fastapi import APIRouter, Request

from commands import COMMANDS

router = APIRouter()


@router.post("/commands/{name}")
async def command(name: str, request: Request, session):
    COMMANDS[name](session, await request.json())
""",
            },
            title="a registry of functions",
            missed=True,
            why="no call names the function; it would take the values of dictionaries of functions",
        ),
        Case(
            {
                "models.py": """\
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import generate_password_hash

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    nick = db.Column(db.String(80))
    password = db.Column(db.String(120))
    _pin = db.Column("pin", db.String(120))

    @property
    def pin(self):
        raise AttributeError("write only")

    @pin.setter
    def pin(self, raw):
        self._pin = generate_password_hash(raw)
""",
                "app.py": """\
from flask import Flask, request

from models import User, db

app = Flask(__name__)


@app.post("/users")
def register():
    user = User(nick=request.json["nick"])
    user.password = request.json["password"]  # ARC301
    db.session.add(user)
    db.session.commit()
    return {}
""",
            },
            title="a setter hashes into another column",
        ),
        Case(
            """\
from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import generate_password_hash

app = Flask(__name__)
db = SQLAlchemy(app)


class Stored:
    @classmethod
    def create(cls, commit=True, **columns):
        row = cls(**columns)
        db.session.add(row)
        if commit:
            db.session.commit()
        return row


class Employee(Stored, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    login = db.Column(db.String(50))
    password = db.Column(db.String(200))


@app.post("/employees")
def employ():
    data = request.get_json()
    Employee.create(login=data["login"], password=data["password"])  # ARC301
    return jsonify({}), 201


@app.post("/colleagues")
def employ_safely():
    data = request.get_json()
    Employee.create(login=data["login"], password=generate_password_hash(data["password"]))
    return jsonify({}), 201
""",
            title="Flask-SQLAlchemy: a class method of a mixin that makes the row",
        ),
        Case(
            """\
import json

from django.db import models
from django.http import JsonResponse


class Driver(models.Model):
    plate = models.CharField(max_length=20)
    password = models.CharField(max_length=80)


def sign_in(request):
    data = json.loads(request.body)
    driver = Driver.objects.filter(plate=data["plate"]).first()
    if driver is None or driver.password != data["password"]:  # ARC301
        return JsonResponse({"error": "wrong"}, status=401)
    return JsonResponse({"id": driver.pk})


def sign_up(request):
    data = json.loads(request.body)
    driver = Driver(plate=data["plate"])
    driver.password = data["password"]  # ARC301
    driver.save()
    return JsonResponse({"id": driver.pk})
""",
            title="people are called by what they do",
        ),
    )
    valid = (
        Case(
            {
                "app/models.py": """\
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    hashed_password: Mapped[str] = mapped_column(String(255))


class MailServer(Base):
    __tablename__ = "mail_servers"
    id: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str]
    username: Mapped[str]
    password: Mapped[str]


class DatabaseConnection(Base):
    __tablename__ = "dbs"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    password: Mapped[str]
""",
                "app/security.py": """\
from passlib.context import CryptContext

ctx = CryptContext(schemes=["bcrypt"])


def protect(raw: str) -> str:
    return ctx.hash(raw)


def matches(raw: str, stored: str) -> bool:
    return ctx.verify(raw, stored)
""",
                "app/schemas.py": """\
from pydantic import BaseModel, field_validator

from app.security import protect


class UserCreate(BaseModel):
    email: str
    password: str


class Hashing(BaseModel):
    email: str
    hashed_password: str

    @field_validator("hashed_password")
    @classmethod
    def hash_it(cls, value):
        return protect(value)


class ServerIn(BaseModel):
    host: str
    username: str
    password: str


class Change(BaseModel):
    password: str
    password_confirm: str
""",
                "app/api.py": """\
from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DatabaseConnection, MailServer, User
from app.schemas import Change, Hashing, ServerIn, UserCreate
from app.security import matches, protect

router = APIRouter()


@router.post("/")
def create(user_in: UserCreate, db: Session):
    user = User(email=user_in.email, hashed_password=protect(user_in.password))
    db.add(user)
    data = user_in.model_dump()
    password = data.pop("password")
    other = User(**data, hashed_password=protect(password))
    db.add(other)
    third = User(**user_in.model_dump(exclude={"password"}), hashed_password=protect(user_in.password))
    db.add(third)


@router.post("/s")
def server(data: ServerIn, db: Session):
    db.add(MailServer(**data.model_dump()))
    db.add(DatabaseConnection(username=data.username, password=data.password))


@router.post("/h")
def hashing(data: Hashing, db: Session):
    db.add(User(**data.model_dump()))


@router.post("/u")
def update(user_in: UserCreate, db: Session):
    user = db.scalars(select(User)).first()
    update_data = user_in.model_dump(exclude_unset=True)
    if update_data.get("password"):
        update_data["hashed_password"] = protect(update_data["password"])
        del update_data["password"]
    for field, value in update_data.items():
        setattr(user, field, value)
    user_in.password = protect(user_in.password)
    user.hashed_password = user_in.password


@router.post("/c")
def change(data: Change, db: Session):
    if data.password != data.password_confirm:
        raise ValueError
    user = db.get(User, 1)
    if not matches(data.password, user.hashed_password):
        raise ValueError
    new_hash = protect(data.password)
    if user.hashed_password == new_hash:
        raise ValueError
    if user.hashed_password == "":
        return None
    if user.hashed_password is None or data.password == "":
        return None
""",
            },
            title="hashed by helpers and validators; other systems' credentials",
        ),
        Case(
            {
                "app.py": """\
from fastapi import APIRouter
from passlib.context import CryptContext
from pydantic import BaseModel
from sqlmodel import Field, Session, SQLModel

context = CryptContext(schemes=["argon2"])
router = APIRouter()


class UserCreate(SQLModel):
    email: str
    password: str


class User(UserCreate, table=True):
    id: int | None = Field(default=None, primary_key=True)

    def protect(self) -> None:
        self.password = context.hash(self.password)


def save(session: Session, user: User) -> None:
    user.password = context.hash(user.password)
    session.add(user)


def build(data: UserCreate) -> User:
    return User(**data.model_dump())


@router.post("/1")
def later(data: UserCreate, session: Session):
    user = User.model_validate(data)
    user.password = context.hash(data.password)
    session.add(user)


@router.post("/2")
def method(data: UserCreate, session: Session):
    user = User(**data.model_dump())
    user.protect()
    session.add(user)


@router.post("/3")
def handed_over(data: UserCreate, session: Session):
    user = User(email=data.email, password=data.password)
    save(session, user)
    save(session, User(email=data.email, password=data.password))


@router.post("/update")
def updated(data: UserCreate, session: Session):
    session.add(User.model_validate(data, update={"password": context.hash(data.password)}))
    extra = {}
    if data.password:
        extra["password"] = context.hash(data.password)
    session.add(User.model_validate(data, update=extra))


@router.post("/4")
def built(data: UserCreate, session: Session):
    user = build(data)
    user.password = context.hash(user.password)
    session.add(user)
""",
            },
            title="the row gets its hash before it is written",
        ),
        Case(
            {
                "app.py": """\
import hashlib

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import validates
from sqlalchemy_utils import PasswordType
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String)
    _password = db.Column("password", db.String)

    @hybrid_property
    def password(self):
        return self._password

    @password.setter
    def password(self, plain):
        self._password = generate_password_hash(plain)

    def check(self, plain):
        return check_password_hash(self._password, plain)


class Member(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String)
    password = db.Column(PasswordType(schemes=["pbkdf2_sha512"]))


class Customer(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String)
    password = db.Column(db.String)

    @validates("password")
    def _hash(self, key, value):
        return hash_it(value)


class Person(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String)
    password = db.Column(db.String)


class Account(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String)
    password = db.Column(db.String)

    def __init__(self, username, password):
        self.username = username
        self.password = hash_it(password)


@event.listens_for(Person, "before_insert")
def hash_person(mapper, connection, person):
    person.password = generate_password_hash(person.password)


def hash_it(value):
    return inner(value)


def inner(value):
    return hashlib.sha256(value.encode()).hexdigest()


@app.post("/")
def register():
    form = request.form
    db.session.add(User(username=form["username"], password=form["password"]))
    db.session.add(Member(username=form["username"], password=form["password"]))
    db.session.add(Customer(username=form["username"], password=form["password"]))
    db.session.add(Person(username=form["username"], password=form["password"]))
    db.session.add(Account(form["username"], form["password"]))
    user = User.query.filter_by(username=form["username"]).first()
    user.password = form["password"]
    if user.check(form["password"]):
        return "x"
    if Member.query.first().password == form["password"]:
        return "y"
""",
            },
            title="setters, validators, events and column types hash",
        ),
        Case(
            {
                "accounts/models.py": """\
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    pass


class Client(models.Model):
    email = models.EmailField()
    password = models.CharField(max_length=200)

    def save(self, *args, **kwargs):
        if not self.pk:
            self.password = make_password(self.password)
        super().save(*args, **kwargs)


class Mailbox(models.Model):
    username = models.CharField(max_length=20)
    password = models.CharField(max_length=20)
""",
                "accounts/views.py": """\
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.hashers import check_password, make_password
from rest_framework import serializers
from rest_framework.views import APIView

from .models import Client, Mailbox, User


def signup(request):
    password = request.POST["password"]
    user = User.objects.create_user(username=request.POST["username"], password=password)
    user2 = get_user_model()(username="x")
    user2.set_password(password)
    user2.save()
    User.objects.create(username="u", password=make_password(password))
    Client.objects.create(email="a", password=password)
    Mailbox.objects.create(username="a", password=password)
    user = authenticate(request, username="x", password=password)
    if check_password(password, user.password):
        return None


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username", "password"]

    def create(self, validated_data):
        password = validated_data.pop("password")
        user = User(**validated_data)
        user.set_password(password)
        user.save()
        return user

    def update(self, instance, validated_data):
        for attr, value in validated_data.items():
            if attr == "password":
                instance.set_password(value)
            else:
                setattr(instance, attr, value)
        instance.save()
        return instance


class Other(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username", "password"]

    def validate_password(self, value):
        return make_password(value)

    def create(self, validated_data):
        return User.objects.create(**validated_data)


class Third(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username", "password"]

    def create(self, validated_data):
        validated_data["password"] = make_password(validated_data["password"])
        return User.objects.create(**validated_data)


class Fourth(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username", "password"]

    def create(self, validated_data):
        return User.objects.create_user(**validated_data)

    def create2(self, validated_data):
        user = User.objects.create(username=validated_data["username"])
        user.set_password(validated_data["password"])
        return user
""",
            },
            title="Django's own ways",
        ),
        Case(
            {
                "app.py": """\
import smtplib

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


class Connection(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    login = db.Column(db.String)
    password = db.Column(db.String)


class UserMailbox(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    imap_host = db.Column(db.String)
    username = db.Column(db.String)
    password = db.Column(db.String)


class ShareLink(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    slug = db.Column(db.String)
    password = db.Column(db.String)


@app.post("/connections")
def connect():
    data = request.get_json()
    db.session.add(Connection(login=data["login"], password=data["password"]))
    db.session.add(UserMailbox(imap_host=data["host"], username=data["login"], password=data["password"]))
    db.session.add(ShareLink(slug=data["slug"], password=data["password"]))
    with smtplib.SMTP(data["host"]) as smtp:
        smtp.login(data["login"], data["password"])
    if data["password"] != data["password_repeated"]:
        return "differ"
    return "ok"
""",
            },
            title="credentials for other systems, links",
        ),
        Case(
            {
                "app/models.py": _USERS,
                "app/hashing.py": """\
from functools import lru_cache
from typing import Protocol

import bcrypt

from app.settings import settings


class Hasher(Protocol):
    def hash(self, password: str) -> str: ...


class FakeHasher:
    def hash(self, password: str) -> str:
        return password


class BcryptHasher:
    def hash(self, password: str) -> str:
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


@lru_cache(maxsize=1)
def get_hasher() -> Hasher:
    if settings.testing:
        return FakeHasher()
    return BcryptHasher()


def hash_it(password: str) -> str:
    return get_hasher().hash(password)
""",
                "app/settings.py": """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    testing: bool = False


settings = Settings()
""",
                "app/api.py": """\
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.hashing import hash_it
from app.models import User

app = FastAPI()


class UserIn(BaseModel):
    email: str
    password: str


def get_db() -> Session: ...


@app.post("/users")
def create(user: UserIn, db: Session = Depends(get_db)):
    db.add(User(email=user.email, password=hash_it(user.password)))
""",
            },
            title="a hasher for tests among the implementations",
        ),
        Case(
            {
                "app/models.py": _USERS,
                "app/api.py": """\
from argon2 import PasswordHasher
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.models import User

app = FastAPI()
hasher = PasswordHasher()


class UserIn(BaseModel):
    email: str
    password: str


class Signup(BaseModel):
    user: UserIn


def get_db() -> Session: ...


@app.post("/users")
def create(data: Signup, db: Session = Depends(get_db)):
    data.user.password = hasher.hash(data.user.password)
    db.add(User(email=data.user.email, password=data.user.password))
""",
            },
            title="a nested field that was replaced by its hash",
        ),
        Case(
            """\
from django.contrib.auth.models import User
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet


class Members(ModelViewSet):
    def create(self, request, group_pk):
        user = User.objects.get(**request.data)
        return Response({"id": user.pk})
""",
            title="a row looked up by whatever was sent",
        ),
        Case(
            """\
from django.db import models
from django.http import JsonResponse
from django.urls import path


class PayoutAccount(models.Model):
    iban = models.CharField(max_length=34)
    bank_password = models.CharField(max_length=120)


def change(request, pk):
    account = PayoutAccount.objects.get(pk=pk)
    account.bank_password = request.POST["bank_password"]
    account.save()
    return JsonResponse({"iban": account.iban})


urlpatterns = [path("payouts/<int:pk>/", change)]
""",
            title="the password of an account at a bank",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function writes into rows, or compares with one."""
        if file.role in ("test", "migration"):
            return
        passwords = file.world.passwords
        if not file.mentions(_WORDS):
            uses = passwords.stored_below(function)
        else:
            uses = chain(passwords.stored(function), passwords.compared(function))
        for use in uses:
            yield self._report(use, file)

    @on(ClassEvent)
    def check_class(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report serializers and model forms that save a password as it came."""
        if file.role in ("test", "migration") or "Meta" not in cls.scope.binds:
            return
        owner = file.world.passwords.serialized(cls.key)
        if owner:
            yield file.diagnostic(
                self,
                cls,
                source=f"{cls.name}.password",
                verb="stored in",
                column=f"{file.world.passwords.accounts.title(owner)}.password",
                advice="override `create()` and call `set_password()`, or `make_password()`",
            )

    def _report(self, use: Use, file: File) -> Diagnostic:
        source = use.sources[0]
        hashing = file.world.passwords.accounts.hashing
        stored = use.verb == "stored"
        helper = hashing.helper("password" if stored else "verify")
        place = file.place(use.line, use.column, use.end_line, use.end_column)
        return file.diagnostic(
            self,
            place,
            related=related(source.hops, file),
            fix=_fix(use, place, file),
            source=label_of(source),
            verb="stored in" if stored else "compared with",
            column=f"{use.owner}.{use.column_name}",
            advice=_advice(use.verb, helper),
        )


def _fix(use: Use, place: Location, file: File) -> Fix | None:
    """The project's own function, where there is one alone that hashes or checks."""
    hashing = file.world.passwords.accounts.hashing
    if use.verb == "stored":
        return hashed(file, place, use.column_name, hashing.function_of_password())
    check = hashing.function_of_check()
    if check is None or use.stored_first is None:
        return None
    return checked(file, place, check[0], stored_first=use.stored_first, swapped=check[1])


def _advice(verb: str, helper: str) -> str:
    if verb == "stored":
        return f"hash it first with `{helper}()`" if helper else "hash it first, with argon2 or bcrypt"
    if helper:
        return f"store a hash and check it with `{helper}()`"
    return "store a hash and check the password against it, with argon2 or bcrypt"
