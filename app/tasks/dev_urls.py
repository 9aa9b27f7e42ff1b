"""Pages for development only: the mails that embedded mode catches instead of sending them."""

from django.urls import path

from tasks import dev_views

app_name = "dev"
urlpatterns = [
    path("mail/", dev_views.mail_list, name="mail_list"),
    path("mail/delete/", dev_views.mail_delete_all, name="mail_delete_all"),
    path("mail/<str:name>/", dev_views.mail, name="mail"),
    path("mail/<str:name>/html/", dev_views.mail_html, name="mail_html"),
    path("mail/<str:name>/attachments/<int:number>/", dev_views.mail_attachment, name="mail_attachment"),
]
