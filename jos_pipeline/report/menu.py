"""The pages that every page of the report leads to, by their names. What stands on them is ``pages`` and ``texts``."""

from jos_pipeline.report.model import Link

HOME = "index"
MISSING = Link("Wat ontbreekt", "ontbreekt")
DEFINITIONS = Link("Definities", "definities")
PROMISE = Link("Kleine aantallen", "kleine-aantallen")
DICTIONARY = Link("Voor analisten", "woordenboek")
ACCESSIBILITY = Link("Toegankelijkheid", "toegankelijkheid")
MENU = (Link("Overzicht", HOME), MISSING, DEFINITIONS, PROMISE, DICTIONARY, ACCESSIBILITY)
