from django.db import migrations, models
from django.db.models import F, Sum


def count_pieces_back_on_sale(apps, schema_editor):
    RefundLine = apps.get_model("ecommerce", "RefundLine")
    OrderLine = apps.get_model("ecommerce", "OrderLine")
    back = RefundLine.objects.filter(restock=True).values_list("line").annotate(pieces=Sum("quantity")).order_by()
    for line_id, pieces in back.iterator():
        line = OrderLine.objects.filter(pk=line_id)
        # One that had failed may have been asked for again.
        if not line.filter(quantity__gte=pieces).update(restocked_quantity=pieces):
            line.update(restocked_quantity=F("quantity"))


class Migration(migrations.Migration):
    dependencies = [
        ("ecommerce", "0007_session_given_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="restocked_quantity",
            field=models.PositiveIntegerField(
                db_default=0, default=0, editable=False, verbose_name="pieces back on sale"
            ),
        ),
        migrations.RunPython(count_pieces_back_on_sale, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(restocked_quantity__lte=models.F("quantity")),
                name="orderline_restocked_up_to_quantity",
            ),
        ),
    ]
