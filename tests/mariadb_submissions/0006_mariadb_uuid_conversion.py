from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("submissions", "0005_CreateTeamModel"),)
    operations = ()
