"""The complaints room."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0012_authorities_in_complaints"),
        ("customers", "0012_calls_of_cases"),
        ("service", "0010_order_number_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CompensationKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name_zh", models.CharField(max_length=40, verbose_name="name in Chinese")),
                ("name_en", models.CharField(blank=True, max_length=40, verbose_name="name in English")),
                (
                    "unit",
                    models.CharField(
                        choices=[("yuan", "yuan"), ("times", "times"), ("months", "months")],
                        default="yuan",
                        max_length=6,
                        verbose_name="unit",
                    ),
                ),
                ("is_cash", models.BooleanField(default=False, verbose_name="paid out")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="ConductRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("words_zh", models.CharField(max_length=120, verbose_name="rule in Chinese")),
                ("words_en", models.CharField(blank=True, max_length=120, verbose_name="rule in English")),
                ("is_active", models.BooleanField(default=True, verbose_name="in force")),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Phrase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=40, unique=True, verbose_name="phrase")),
                ("instead", models.CharField(blank=True, max_length=120, verbose_name="say instead")),
                ("is_active", models.BooleanField(default=True, verbose_name="in force")),
            ],
            options={
                "ordering": ["words"],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=80, unique=True, verbose_name="code")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name in Chinese")),
                ("name_en", models.CharField(blank=True, max_length=80, verbose_name="name in English")),
                ("is_unknown", models.BooleanField(default=False, verbose_name="not in the list of codes")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="ProblemClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("letter", models.CharField(max_length=4, unique=True, verbose_name="letter")),
                (
                    "kind",
                    models.CharField(
                        choices=[("quality", "Quality of car or repair"), ("service", "Service"), ("other", "Other")],
                        default="other",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("name_zh", models.CharField(max_length=60, verbose_name="name in Chinese")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="name in English")),
            ],
            options={
                "ordering": ["letter"],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(blank=True, max_length=32, verbose_name="number")),
                ("nonce", models.CharField(blank=True, max_length=32)),
                (
                    "nature",
                    models.CharField(
                        choices=[("complaint", "Complaint"), ("enquiry", "Enquiry"), ("suggestion", "Suggestion")],
                        default="complaint",
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("answering", "To answer"),
                            ("investigating", "Being investigated"),
                            ("proposing", "Options being drawn up"),
                            ("deciding", "To be decided"),
                            ("carrying_out", "Being carried out"),
                            ("calling", "Closing call owed"),
                            ("closed", "Closed"),
                            ("merged", "Part of another case"),
                        ],
                        default="received",
                        max_length=14,
                        verbose_name="status",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("ordinary", "Ordinary"), ("serious", "Serious"), ("major", "Major")],
                        default="ordinary",
                        max_length=8,
                        verbose_name="severity",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="complainant")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("brand", models.CharField(blank=True, max_length=40, verbose_name="brand")),
                ("series", models.CharField(blank=True, max_length=60, verbose_name="series")),
                ("model_name", models.CharField(blank=True, max_length=80, verbose_name="model")),
                ("words", models.TextField(max_length=4000, verbose_name="in the customer's words")),
                ("demand", models.TextField(blank=True, max_length=2000, verbose_name="what the customer asks for")),
                ("topic", models.CharField(blank=True, max_length=20, verbose_name="topic")),
                (
                    "sentiment",
                    models.SmallIntegerField(
                        blank=True,
                        choices=[(-1, "Negative"), (0, "Neutral"), (1, "Positive")],
                        null=True,
                        verbose_name="tone",
                    ),
                ),
                ("happened_on", models.DateField(blank=True, null=True, verbose_name="happened on")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("received_on", models.DateField(verbose_name="received on")),
                ("handovers", models.PositiveSmallIntegerField(default=0, verbose_name="handed over")),
                ("grounds_ok", models.BooleanField(blank=True, null=True, verbose_name="grounds sufficient")),
                ("grounds_reason", models.CharField(blank=True, max_length=1000, verbose_name="why")),
                ("demand_ok", models.BooleanField(blank=True, null=True, verbose_name="demand reasonable")),
                ("demand_reason", models.CharField(blank=True, max_length=1000, verbose_name="why")),
                ("judged_at", models.DateTimeField(blank=True, null=True, verbose_name="judged")),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("service", "Service"),
                            ("workshop", "Workshop"),
                            ("body_shop", "Body and paint shop"),
                            ("parts", "Parts department"),
                            ("sales", "Sales"),
                            ("insurance", "Insurance and claims"),
                            ("care", "Customer care"),
                            ("finance", "Finance"),
                            ("management", "Management"),
                        ],
                        max_length=12,
                        verbose_name="responsible department",
                    ),
                ),
                (
                    "agreed_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="agreed with the customer until"),
                ),
                ("agreed_words", models.CharField(blank=True, max_length=200, verbose_name="how it was agreed")),
                ("reply", models.TextField(blank=True, max_length=2000, verbose_name="answer")),
                ("replied_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                (
                    "reaction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Accepted"),
                            ("not_accepted", "Not accepted"),
                            ("no_answer", "No reaction"),
                        ],
                        max_length=12,
                        verbose_name="the customer's reaction",
                    ),
                ),
                (
                    "reaction_words",
                    models.CharField(blank=True, max_length=1000, verbose_name="in the customer's words"),
                ),
                (
                    "route",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("quality", "Repair quality"),
                            ("attitude", "Service attitude"),
                            ("process", "Process, price or time"),
                            ("product", "The car itself"),
                        ],
                        max_length=10,
                        verbose_name="route",
                    ),
                ),
                ("findings", models.TextField(blank=True, max_length=4000, verbose_name="findings")),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("skill", "Skill or training"),
                            ("attitude", "Attitude or words"),
                            ("method", "Process or method"),
                            ("parts", "Part or material"),
                            ("equipment", "Tool or equipment"),
                            ("information", "Information or agreement"),
                            ("product", "Design or manufacture of the car"),
                            ("customer", "Use or expectation of the customer"),
                            ("outside", "Somebody outside of the house"),
                        ],
                        max_length=12,
                        verbose_name="root cause",
                    ),
                ),
                (
                    "whys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=400),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="five whys",
                    ),
                ),
                ("investigated_at", models.DateTimeField(blank=True, null=True, verbose_name="investigated")),
                ("is_on_spot", models.BooleanField(default=False, verbose_name="settled on the spot")),
                ("instruction", models.CharField(blank=True, max_length=1000, verbose_name="instruction")),
                ("instruction_due", models.DateTimeField(blank=True, null=True, verbose_name="to be carried out by")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="customer told")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted by the customer")),
                ("accepted_by", models.CharField(blank=True, max_length=80, verbose_name="accepted by")),
                ("carried_out_at", models.DateTimeField(blank=True, null=True, verbose_name="carried out")),
                ("cost", models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="cost")),
                ("call_pending", models.BooleanField(default=False, help_text="a closing call is still to be planned")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "Settled, customer satisfied"),
                            ("average", "Settled, customer so-so"),
                            ("not_established", "Not established"),
                            ("answered", "Answered"),
                            ("adopted", "Suggestion adopted"),
                            ("not_adopted", "Suggestion not adopted"),
                            ("withdrawn", "Complaint withdrawn"),
                            ("unreachable", "Customer cannot be reached"),
                            ("no_agreement", "No agreement"),
                            ("court", "Goes to court"),
                        ],
                        max_length=16,
                        verbose_name="result",
                    ),
                ),
                ("result_words", models.CharField(blank=True, max_length=1000, verbose_name="remark")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                ("check_due_on", models.DateField(blank=True, null=True, verbose_name="check after closing")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked after closing")),
                (
                    "check_reaction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Accepted"),
                            ("not_accepted", "Not accepted"),
                            ("no_answer", "No reaction"),
                        ],
                        max_length=12,
                        verbose_name="result of the check",
                    ),
                ),
                ("check_words", models.CharField(blank=True, max_length=1000, verbose_name="remark of the check")),
                ("reopened", models.PositiveSmallIntegerField(default=0, verbose_name="reopened")),
                ("is_locked", models.BooleanField(default=False, verbose_name="archived")),
                ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                ("source_id", models.CharField(blank=True, max_length=64)),
                ("source_status", models.CharField(blank=True, max_length=40, verbose_name="status in the source")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="customers.call",
                        verbose_name="follow-up call",
                    ),
                ),
                (
                    "closing_call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.call",
                        verbose_name="closing call",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="keeper",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="service.order",
                        verbose_name="repair order",
                    ),
                ),
                (
                    "repeat_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeats",
                        to="complaints.complaint",
                        verbose_name="repeats",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible person",
                    ),
                ),
                (
                    "rework",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.order",
                        verbose_name="free rework",
                    ),
                ),
                (
                    "rework_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.job",
                        verbose_name="job to be redone",
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="complaints.complaint",
                        verbose_name="part of",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="core.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="customers.vehicle",
                        verbose_name="car",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.problem",
                        verbose_name="main problem",
                    ),
                ),
                (
                    "problems",
                    models.ManyToManyField(
                        blank=True, related_name="complaints", to="complaints.problem", verbose_name="problems"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("counter", "Counter"),
                            ("web", "QR code"),
                            ("rest", "Another system"),
                            ("call", "Follow-up call"),
                            ("order", "Repair order"),
                            ("message", "Text message or WeChat"),
                            ("regulator", "Regulator"),
                            ("oem", "Manufacturer's hotline"),
                            ("press", "Press or social media"),
                            ("load", "Loaded"),
                        ],
                        default="phone",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("no_answer", "No answer"),
                            ("wrong_number", "Wrong number"),
                            ("refused", "Refuses to talk"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1)),
                ("words", models.TextField(max_length=1000, verbose_name="what is offered")),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        help_text="Never shown to the customer.",
                        max_digits=12,
                        verbose_name="cost to the house",
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=400, verbose_name="internal remark")),
                ("is_best", models.BooleanField(default=False, verbose_name="recommended")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="seen by the manager")),
                ("seen_words", models.CharField(blank=True, max_length=400, verbose_name="the manager's remark")),
                ("is_preferred", models.BooleanField(default=False, verbose_name="preferred by the customer")),
                ("is_chosen", models.BooleanField(default=False, verbose_name="chosen")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="options", to="complaints.complaint"
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Compensation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="how much")),
                ("worth", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="worth in yuan")),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.compensationkind",
                        verbose_name="kind",
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="compensations",
                        to="complaints.option",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=4000, verbose_name="text")),
                ("made_at", models.DateTimeField(verbose_name="drawn up")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="signed")),
                ("signed_name", models.CharField(blank=True, max_length=80, verbose_name="signed by")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="complaints.option"
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="OutsideCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "body",
                    models.CharField(
                        choices=[
                            ("12315", "12315 market regulation"),
                            ("12345", "12345 city hotline"),
                            ("association", "Consumer association"),
                            ("oem", "Manufacturer's hotline"),
                            ("chezhiwang", "12365auto.com"),
                            ("douyin", "Douyin"),
                            ("xiaohongshu", "Xiaohongshu"),
                            ("weibo", "Weibo"),
                            ("press", "Newspaper, radio or television"),
                            ("other", "Another platform"),
                        ],
                        max_length=12,
                        verbose_name="where",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number there")),
                (
                    "level",
                    models.CharField(
                        choices=[("ordinary", "Ordinary"), ("escalated", "Escalated"), ("major", "Major")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="link")),
                ("came_at", models.DateTimeField(verbose_name="came")),
                ("contact", models.CharField(blank=True, max_length=80, verbose_name="person there")),
                ("remark", models.CharField(blank=True, max_length=1000, verbose_name="remark")),
                ("statement", models.TextField(blank=True, max_length=2000, verbose_name="statement")),
                (
                    "statement_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Draft"),
                            ("asked", "Waits for approval"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                        ],
                        max_length=10,
                        verbose_name="state of the statement",
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                (
                    "appeal",
                    models.CharField(
                        blank=True,
                        choices=[("asked", "Appealed"), ("granted", "Appeal granted"), ("refused", "Appeal refused")],
                        max_length=8,
                        verbose_name="appeal",
                    ),
                ),
                ("appeal_words", models.CharField(blank=True, max_length=1000, verbose_name="grounds of the appeal")),
                ("appealed_at", models.DateTimeField(blank=True, null=True, verbose_name="appealed")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed there")),
                ("result_words", models.CharField(blank=True, max_length=1000, verbose_name="how it ended there")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outside", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ["came_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "due",
                    models.CharField(
                        choices=[
                            ("received", "Judgement"),
                            ("answering", "Answering"),
                            ("investigating", "Investigation"),
                            ("proposing", "Options"),
                            ("deciding", "Decision"),
                            ("carrying_out", "Carrying out"),
                            ("calling", "Closing call"),
                            ("agreed", "Agreed with the customer"),
                            ("legal_answer", "Warranty law: answer"),
                            ("legal_end", "Warranty law: settlement"),
                            ("regulator_answer", "Regulator: acceptance"),
                            ("regulator_end", "Regulator: mediation"),
                            ("oem_contact", "Manufacturer: first contact"),
                            ("oem_end", "Manufacturer: closing"),
                            ("press_answer", "Press: statement"),
                        ],
                        max_length=20,
                        verbose_name="what for",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="since")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("first_due_at", models.DateTimeField(verbose_name="first due")),
                ("warn_at", models.DateTimeField(verbose_name="warned from")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("store_minutes", "minutes of the store's opening hours"),
                            ("working_days", "official working days"),
                            ("hours", "hours round the clock"),
                        ],
                        max_length=14,
                        verbose_name="unit",
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="how long")),
                (
                    "is_provisional",
                    models.BooleanField(
                        default=False,
                        help_text="The official holidays of that year are not loaded yet.",
                        verbose_name="provisional",
                    ),
                ),
                ("paused_at", models.DateTimeField(blank=True, null=True, verbose_name="paused since")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "spent_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Of the store's opening hours, pauses left out.",
                        null=True,
                        verbose_name="minutes spent",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="complaints.complaint"
                    ),
                ),
                (
                    "outside",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="complaints.outsidecase",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("customer", "Waiting for the customer"),
                            ("car", "Waiting for the car to come in"),
                            ("manufacturer", "Waiting for the manufacturer"),
                            ("expert", "Waiting for an expert's opinion"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                ("started_at", models.DateTimeField(verbose_name="since")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ["started_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("own", "Own cases"),
                            ("peer", "Another dealership"),
                            ("oem", "Manufacturer"),
                            ("press", "Press or platform"),
                        ],
                        max_length=6,
                        verbose_name="source",
                    ),
                ),
                ("source_words", models.CharField(blank=True, max_length=200, verbose_name="where it comes from")),
                ("brand", models.CharField(blank=True, max_length=40, verbose_name="brand")),
                ("series", models.CharField(blank=True, max_length=60, verbose_name="series")),
                (
                    "since_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="model years from"),
                ),
                (
                    "until_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="model years until"),
                ),
                ("words", models.TextField(max_length=2000, verbose_name="what is known")),
                ("advice", models.TextField(blank=True, max_length=2000, verbose_name="what to do at reception")),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulletins",
                        to="core.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("complaints", models.ManyToManyField(blank=True, related_name="bulletins", to="complaints.complaint")),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulletins",
                        to="complaints.problem",
                        verbose_name="fault",
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="problem",
            name="problem_class",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="problems",
                to="complaints.problemclass",
                verbose_name="class",
            ),
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=400, verbose_name="what was promised")),
                ("made_at", models.DateTimeField(verbose_name="promised")),
                ("due_at", models.DateTimeField(verbose_name="until")),
                ("is_kept", models.BooleanField(blank=True, null=True, verbose_name="kept")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("remark", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="promised by",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="promises", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(blank=True, help_text="Empty: every nature.", max_length=10, verbose_name="for"),
                ),
                ("title", models.CharField(max_length=60, verbose_name="title")),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["title", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("title",),
                        name="reply_template_once",
                        violation_error_message="An answer with this title is already there.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "due",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("received", "Judgement"),
                            ("answering", "Answering"),
                            ("investigating", "Investigation"),
                            ("proposing", "Options"),
                            ("deciding", "Decision"),
                            ("carrying_out", "Carrying out"),
                            ("calling", "Closing call"),
                            ("agreed", "Agreed with the customer"),
                            ("legal_answer", "Warranty law: answer"),
                            ("legal_end", "Warranty law: settlement"),
                            ("regulator_answer", "Regulator: acceptance"),
                            ("regulator_end", "Regulator: mediation"),
                            ("oem_contact", "Manufacturer: first contact"),
                            ("oem_end", "Manufacturer: closing"),
                            ("press_answer", "Press: statement"),
                        ],
                        help_text="Empty: every clock.",
                        max_length=20,
                        verbose_name="what for",
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="percent of the time")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("advisor", "Service advisor"),
                            ("greeter", "Greeter"),
                            ("technician", "Technician"),
                            ("inspector", "Quality inspector"),
                            ("controller", "Workshop controller"),
                            ("parts_clerk", "Parts clerk"),
                            ("warranty_clerk", "Warranty clerk"),
                            ("accident_specialist", "Accident specialist"),
                            ("care_agent", "Customer-care agent"),
                            ("care_manager", "Customer-care manager"),
                            ("cashier", "Cashier"),
                            ("guard", "Gate guard"),
                            ("finance_manager", "Finance manager"),
                            ("trainer", "Trainer"),
                            ("service_manager", "Service manager"),
                            ("general_manager", "General manager"),
                            ("group_manager", "Group manager"),
                            ("monitor", "Read-only monitor"),
                            ("integration", "Integration"),
                        ],
                        help_text="Empty: the keeper.",
                        max_length=24,
                        verbose_name="who is told",
                    ),
                ),
            ],
            options={
                "ordering": ["level", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("due", "level"),
                        name="step_once",
                        violation_error_message="There is already a step of this level.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "due",
                    models.CharField(
                        choices=[
                            ("received", "Judgement"),
                            ("answering", "Answering"),
                            ("investigating", "Investigation"),
                            ("proposing", "Options"),
                            ("deciding", "Decision"),
                            ("carrying_out", "Carrying out"),
                            ("calling", "Closing call"),
                            ("agreed", "Agreed with the customer"),
                            ("legal_answer", "Warranty law: answer"),
                            ("legal_end", "Warranty law: settlement"),
                            ("regulator_answer", "Regulator: acceptance"),
                            ("regulator_end", "Regulator: mediation"),
                            ("oem_contact", "Manufacturer: first contact"),
                            ("oem_end", "Manufacturer: closing"),
                            ("press_answer", "Press: statement"),
                        ],
                        max_length=20,
                        verbose_name="what for",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True, help_text="Empty: every severity.", max_length=10, verbose_name="severity"
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="how long")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("store_minutes", "minutes of the store's opening hours"),
                            ("working_days", "official working days"),
                            ("hours", "hours round the clock"),
                        ],
                        max_length=14,
                        verbose_name="unit",
                    ),
                ),
                ("since", models.DateField(verbose_name="in force since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="in force until")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.company",
                        verbose_name="company",
                    ),
                ),
            ],
            options={
                "ordering": ["due", "since", "id"],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("by_name", models.CharField(blank=True, max_length=80, verbose_name="by")),
                ("is_customer", models.BooleanField(default=False, verbose_name="by the customer")),
                ("is_shown", models.BooleanField(default=False, verbose_name="shown to the customer")),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="said", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("counter", "Counter"),
                            ("web", "QR code"),
                            ("rest", "Another system"),
                            ("call", "Follow-up call"),
                            ("order", "Repair order"),
                            ("message", "Text message or WeChat"),
                            ("regulator", "Regulator"),
                            ("oem", "Manufacturer's hotline"),
                            ("press", "Press or social media"),
                            ("load", "Loaded"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("by_name", models.CharField(blank=True, max_length=80, verbose_name="taken by")),
                ("remark", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="channels", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["way", "complaint"], name="channel_by_way")],
            },
        ),
        migrations.CreateModel(
            name="Accountability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("direct", "Directly responsible"), ("head", "Head of the department")],
                        default="direct",
                        max_length=8,
                        verbose_name="part",
                    ),
                ),
                ("rule", models.CharField(max_length=200, verbose_name="rule cited")),
                ("words", models.CharField(max_length=1000, verbose_name="what happened")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("talk", "Talk"),
                            ("training", "Training"),
                            ("criticism", "Written criticism"),
                            ("warning", "Warning"),
                        ],
                        max_length=10,
                        verbose_name="measure",
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(default=0, verbose_name="points of the score")),
                ("heard", models.CharField(blank=True, max_length=1000, verbose_name="what the employee says")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accountabilities",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="employee",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accountabilities",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["proposed_at", "id"],
                "indexes": [models.Index(fields=["employee", "-proposed_at", "-id"], name="accountability_of_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["proposed", "approved"])),
                        fields=("complaint", "employee", "part"),
                        name="accountability_once",
                        violation_error_message="This person already answers for this case.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rule", ""), _negated=True),
                        name="accountability_rule",
                        violation_error_message="Name the rule that was broken.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConductCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_kept", models.BooleanField(verbose_name="kept")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conduct", to="complaints.complaint"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.conductrule"
                    ),
                ),
            ],
            options={
                "ordering": ["rule__position", "id"],
                "constraints": [models.UniqueConstraint(fields=("complaint", "rule"), name="conduct_check_once")],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=1000, verbose_name="what is changed")),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("service", "Service"),
                            ("workshop", "Workshop"),
                            ("body_shop", "Body and paint shop"),
                            ("parts", "Parts department"),
                            ("sales", "Sales"),
                            ("insurance", "Insurance and claims"),
                            ("care", "Customer care"),
                            ("finance", "Finance"),
                            ("management", "Management"),
                        ],
                        max_length=12,
                        verbose_name="department",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("done", "Done, effect to be checked"),
                            ("effective", "Effective"),
                            ("dropped", "Called off"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ("done_words", models.CharField(blank=True, max_length=1000, verbose_name="what was done")),
                ("check_on", models.DateField(blank=True, null=True, verbose_name="effect checked on")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked")),
                ("check_words", models.CharField(blank=True, max_length=1000, verbose_name="what the check found")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="complaints.complaint",
                        verbose_name="case",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="core.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
                "indexes": [
                    models.Index(fields=["store", "due_on", "id"], name="correction_by_due"),
                    models.Index(fields=["due_on", "id"], name="correction_due"),
                    models.Index(fields=["complaint", "id"], name="correction_of_complaint"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("due_at", models.DateTimeField(verbose_name="was due")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="complaints.clock"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="told",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clock", "level"),
                        name="escalation_once",
                        violation_error_message="This step was taken already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="its first day", verbose_name="month")),
                ("figures", models.JSONField(help_text="as they were when it was signed", verbose_name="figures")),
                ("measures", models.TextField(max_length=2000, verbose_name="improvement measures")),
                ("signed_at", models.DateTimeField(verbose_name="signed")),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "ordering": ["-month", "-id"],
                "indexes": [models.Index(fields=["store", "-month", "-id"], name="month_sheet_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store", "month"),
                        name="month_sheet_once",
                        violation_error_message="The sheet of this month is signed already.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_chosen", True), ("removed_at__isnull", True)),
                fields=("complaint",),
                name="option_one_chosen",
                violation_error_message="One option is chosen already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gte", 0)),
                name="option_cost",
                violation_error_message="A cost is not negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="compensation",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0), ("worth__gte", 0)),
                name="compensation_amounts",
                violation_error_message="How much is more than nothing, and its worth is not negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True)),
                fields=("complaint",),
                name="agreement_one_standing",
                violation_error_message="There is an agreement already; cancel it first.",
            ),
        ),
        migrations.AddIndex(
            model_name="outsidecase",
            index=models.Index(fields=["body", "number"], name="outside_by_number"),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["complaint", "id"], name="clock_of_complaint"),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("paused_at__isnull", True)),
                fields=["warn_at", "id"],
                name="clock_next",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("complaint", "due", "outside"),
                name="clock_once",
                nulls_distinct=False,
                violation_error_message="This clock already runs.",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("ended_at__gte", models.F("started_at")), _connector="OR"
                ),
                name="clock_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("complaint",),
                name="pause_once",
                violation_error_message="The clocks of this case stand still already.",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["store", "-received_at", "-id"], name="complaint_by_time"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["-received_at", "-id"], name="complaint_newest"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["store", "status", "-received_at", "-id"], name="complaint_by_status"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["store", "received_on"], name="complaint_by_day"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["customer", "-received_at"], name="complaint_of_customer"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["vehicle", "-received_at"], name="complaint_of_vehicle"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["phone", "-received_at"], name="complaint_of_phone"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["keeper", "status", "-received_at", "-id"], name="complaint_of_keeper"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("call_pending", True)), fields=["store", "id"], name="complaint_call_pending"
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("checked_at", None), ("status", "closed")),
                fields=["check_due_on", "id"],
                name="complaint_to_check",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("words"), function="bigrams"), name="complaint_words_bigrams"
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True), fields=("number",), name="complaint_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("nonce", ""), _negated=True), fields=("nonce",), name="complaint_nonce_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", ""), _negated=True),
                fields=("store", "origin", "source_id"),
                name="complaint_source_once",
                violation_error_message="This case of the source is already there.",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "closed"), _negated=True),
                    models.Q(("closed_at__isnull", False), ("result__gt", "")),
                    _connector="OR",
                ),
                name="complaint_closed_has_result",
                violation_error_message="A closed case needs its result.",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result__in", ["satisfied", "average"]), _negated=True),
                    ("closing_call__isnull", False),
                    models.Q(("origin", ""), _negated=True),
                    _connector="OR",
                ),
                name="complaint_closed_by_call",
                violation_error_message="A settled complaint closes only with the answer of the closing call.",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("same_as__isnull", True), models.Q(("same_as", models.F("id")), _negated=True), _connector="OR"
                ),
                name="complaint_not_part_of_itself",
                violation_error_message="A case is not part of itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gte", 0)),
                name="complaint_cost",
                violation_error_message="A cost is not negative.",
            ),
        ),
        migrations.AddIndex(
            model_name="bulletin",
            index=models.Index(fields=["company", "-published_at", "-id"], name="bulletin_newest"),
        ),
        migrations.AddIndex(
            model_name="bulletin",
            index=models.Index(
                condition=models.Q(("ended_on", None)), fields=["company", "brand", "series"], name="bulletin_of_cars"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("brand", ""), _negated=True), models.Q(("series", ""), _negated=True), _connector="OR"
                ),
                name="bulletin_names_cars",
                violation_error_message="Say which cars it is about: a brand or a series.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since_year", None),
                    ("until_year", None),
                    ("until_year__gte", models.F("since_year")),
                    _connector="OR",
                ),
                name="bulletin_years",
                violation_error_message="The last model year is before the first.",
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(fields=["problem_class", "code"], name="problem_of_class"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["complaint", "id"], name="promise_of_complaint"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["due_at", "id"], name="promise_by_due"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("is_kept__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("is_kept__isnull", False)),
                    _connector="OR",
                ),
                name="promise_ended_is_known",
                violation_error_message="Say whether the promise was kept.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                fields=("company", "due", "severity", "since"),
                name="target_once",
                nulls_distinct=False,
                violation_error_message="There is already a target from this day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="target_amount_positive",
                violation_error_message="A target is more than nothing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                name="target_forward",
                violation_error_message="A target must end after it starts.",
            ),
        ),
        migrations.AddIndex(
            model_name="word",
            index=models.Index(fields=["complaint", "at", "id"], name="word_of_complaint"),
        ),
    ]
