"""The investment attraction CRM of a city's investment-promotion bureau."""
