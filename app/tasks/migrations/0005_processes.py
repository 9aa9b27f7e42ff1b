

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0004_lease'),
    ]

    operations = [
        migrations.CreateModel(
            name='Process',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('role', models.CharField(choices=[('worker', 'worker'), ('beat', 'beat')], max_length=10, verbose_name='role')),
                ('queues', models.CharField(blank=True, max_length=100, verbose_name='queues')),
                ('release', models.CharField(blank=True, max_length=100, verbose_name='release')),
                ('started', models.DateTimeField(verbose_name='started')),
                ('seen', models.DateTimeField(verbose_name='last seen')),
            ],
            options={
                'verbose_name': 'process',
                'verbose_name_plural': 'processes',
                'ordering': ['name'],
            },
        ),
        migrations.AlterModelOptions(
            name='job',
            options={'ordering': ['-pk'], 'permissions': [('retry_job', 'Can retry jobs'), ('cancel_job', 'Can cancel jobs'), ('watch_flower', 'Can watch Flower')], 'verbose_name': 'job', 'verbose_name_plural': 'jobs'},
        ),
    ]
