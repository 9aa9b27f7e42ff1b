"""Classes of Django that are generic for the type checker and plain at run time, under one name for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.forms import ModelForm
from django.forms.models import BaseInlineFormSet

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyTabularInline = admin.TabularInline[Any, Any]
    AnyModelForm = ModelForm[Any]
    AnyInlineFormSet = BaseInlineFormSet[Any, Any, Any]
    AnyUserCreationForm = AdminUserCreationForm[Any]
    AnyUserChangeForm = UserChangeForm[Any]
    AnyUserAdmin = UserAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin
    AnyTabularInline = admin.TabularInline
    AnyModelForm = ModelForm
    AnyInlineFormSet = BaseInlineFormSet
    AnyUserCreationForm = AdminUserCreationForm
    AnyUserChangeForm = UserChangeForm
    AnyUserAdmin = UserAdmin
