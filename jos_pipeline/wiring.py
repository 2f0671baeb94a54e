"""Resources as the settings describe them, for whoever needs one without all definitions. Part of the front door."""

from jos_pipeline.region import Region
from jos_pipeline.settings import Settings
from resources.dagster_resources import HeartbeatResource, InboxResource, NotifierResource, SiteResource


def inbox_resource(settings: Settings) -> InboxResource:
    """Where suppliers leave their files."""
    return InboxResource(
        url=settings.inbox_url,
        stable_seconds=settings.stabiel_seconden,
        sftp_key_file=str(settings.sftp_sleutel_bestand or ""),
        sftp_known_hosts=str(settings.sftp_known_hosts or ""),
    )


def notifier_resource(settings: Settings, region: Region) -> NotifierResource:
    """Whoever is told of problems."""
    return NotifierResource(
        region=region.naam,
        log_book=str(settings.log_book),
        addresses_file="" if settings.meldingen_bestand is None else str(settings.meldingen_bestand),
        handbook=settings.handleiding,
        repeat_days=settings.meldingen_herhaal_dagen,
        hours=settings.meldingen_uren,
    )


def heartbeat_resource(settings: Settings) -> HeartbeatResource:
    return HeartbeatResource(file=str(settings.heartbeat_file), log_book=str(settings.log_book))


def site_resource(settings: Settings) -> SiteResource:
    """Where reports lie, and where they are read."""
    return SiteResource(directory=str(settings.site_path), address=settings.site_adres)
