from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from shelf.models import Item


def constant(request):
    return HttpResponse("constant")


def page(request):
    return render(request, "shelf/page.html", {"items": Item.objects.order_by("-created")[:12]})


urlpatterns = [path("constant", constant), path("page", page)]
