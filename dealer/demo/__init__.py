"""The demo dealership: an invented group with its people, cars, prices and eighteen months of history.

Data and recipes for one command, `manage.py load_demo`; nothing else imports this package. Every person, number plate,
telephone number and VIN is made up from a seed. `calendar` holds facts, with their source.
"""
