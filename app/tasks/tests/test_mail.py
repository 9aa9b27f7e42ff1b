from __future__ import annotations

from django.core.mail import send_mail

from tasks.models import Job


def test_a_mail_is_a_job_until_it_has_left(outbox):
    send_mail("Your order", "Thank you – €24.00", "shop@example.com", ["alice@example.com"])
    job = Job.objects.get()
    assert (job.kind, job.queue, job.state) == ("mail.send", "io", Job.State.QUEUED)
    (message,) = outbox()
    assert message["Subject"] == "Your order"
    assert message["To"] == "alice@example.com"
    assert message.get_body().get_content().strip() == "Thank you – €24.00"
    job.refresh_from_db()
    assert job.state == Job.State.DONE
