"""What runs beside the application: services, supervisor, translations. Imports nothing of the house."""
