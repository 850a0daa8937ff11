"""What can be read off a date as a wall clock shows it, part by part."""

NUMBER_PARTS = {"year", "month", "day", "hour", "minute", "second", "microsecond", "millisecond"}
TEXT_PARTS = {"weekday", "zone_name"}
